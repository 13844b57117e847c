"""Events of cases that belong together no more."""

from __future__ import annotations

from core.events.base import Event, PersonalText


class CasesUnlinked(Event):
    """A link between two complaints was ended; the other is not named, for not everybody may see it."""

    tag = "cases.unlinked"
    clauses = ("lgsco:5.8",)

    kind: str
    why: PersonalText

    def sentence(self) -> str:
        return f"No longer linked to another case ({self.kind}). {self.why}".rstrip()
