"""What was put together about a case and for whom, and who opened it."""

from __future__ import annotations

from core.events.base import Event, PersonalText
from core.words import counted


class BundleMade(Event):
    """Everything on a case was put together for somebody."""

    tag = "bundle.made"
    clauses = ("lgsco:5.8",)

    made_for: str
    documents: int
    size: int
    sha256: str
    officers_anonymous: bool
    with_notes: bool
    name: PersonalText
    why: PersonalText

    def sentence(self) -> str:
        who = f" ({self.name})" if self.name else ""
        without = ", without officers’ names" if self.officers_anonymous else ""
        notes = "with" if self.with_notes else "without"
        return (
            f"Made a bundle for {self.made_for}{who} with {counted(self.documents, 'document')}, {notes} colleagues’ "
            f"notes{without}. Why: {self.why}"
        )


class BundleOpened(Event):
    """Somebody saved a bundle."""

    tag = "bundle.opened"

    bundle_id: int

    def sentence(self) -> str:
        return f"Saved bundle {self.bundle_id}."
