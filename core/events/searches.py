"""Events of the searches that colleagues keep for themselves. What is looked for is no part of the record."""

from __future__ import annotations

from core.events.base import Event, PersonalText


class SearchSaved(Event):
    """A colleague kept a search."""

    tag = "search.saved"

    name: PersonalText

    def sentence(self) -> str:
        return f"Saved the search “{self.name}”."


class SearchRemoved(Event):
    """A colleague removed a search they had kept."""

    tag = "search.removed"

    name: PersonalText

    def sentence(self) -> str:
        return f"Removed the saved search “{self.name}”."
