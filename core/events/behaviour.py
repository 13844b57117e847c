"""Events of the policy on unreasonable behaviour: a version adopted, and its file kept."""

from __future__ import annotations

from datetime import date

from core.events.base import Event
from core.words import day_words


class BehaviourPolicyAdopted(Event):
    """A version of the policy on unreasonable behaviour was adopted."""

    tag = "behaviour_policy.adopted"
    clauses = ("lgsco:5.10",)

    name: str
    in_force_from: date
    approved_by: str
    web_address: str

    def sentence(self) -> str:
        at = f" It is published at {self.web_address}." if self.web_address else ""
        since = day_words(self.in_force_from)
        return f"Adopted “{self.name}” on unreasonable behaviour from {since}, by {self.approved_by}.{at}"


class BehaviourFileKept(Event):
    """A version of the policy on unreasonable behaviour was kept as a file."""

    tag = "behaviour_file.kept"
    clauses = ("lgsco:5.10",)

    policy: str
    name: str
    sha256: str
    held: bool

    def sentence(self) -> str:
        held = " It is held back until it is known to be clean." if self.held else ""
        return f"Kept “{self.policy}” as the file “{self.name}”.{held}"
