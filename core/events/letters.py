"""What can happen to a letter on a complaint, and to the wording that letters share."""

from __future__ import annotations

from datetime import date

from core.events.base import Event, PersonalText
from core.words import day_words


class LetterPrepared(Event):
    """A letter was begun from what the case knows."""

    tag = "letter.prepared"
    clauses = ("lgsco:5.8",)

    letter_id: int
    title: str

    def sentence(self) -> str:
        return f"Began a letter: {self.title}."


class LetterSaved(Event):
    """The words of a draft were saved; the draft holds them."""

    tag = "letter.saved"
    clauses = ("lgsco:5.8",)

    letter_id: int
    title: str
    to_write: int

    def sentence(self) -> str:
        left = "Nothing is left to write." if self.to_write == 0 else f"Parts still to write: {self.to_write}."
        return f"Saved the letter: {self.title}. {left}"


class LetterSent(Event):
    """A letter went out; the digest is of the very words."""

    tag = "letter.sent"
    clauses = ("lgsco:5.8",)

    letter_id: int
    title: str
    sent_on: date
    by: str
    sha256: str
    lacking: tuple[str, ...] = ()
    addressee: PersonalText
    enclosed: str = ""

    def sentence(self) -> str:
        lacks = f" It lacks: {', '.join(self.lacking)}." if self.lacking else ""
        lacks += f" With it: “{self.enclosed}”." if self.enclosed else ""
        to = self.addressee.partition("\n")[0] or "the individual"
        return f"Sent a letter ({self.title}) to {to} by {self.by} on {day_words(self.sent_on)}.{lacks}"


class LetterDropped(Event):
    """A draft was thrown away."""

    tag = "letter.dropped"
    clauses = ("lgsco:5.8",)

    letter_id: int
    title: str
    why: PersonalText

    def sentence(self) -> str:
        return f"Threw the draft of a letter away: {self.title}. {self.why}".rstrip()


class TemplateAdopted(Event):
    """The council's own Word template came into use for its letters, or the one that comes along came back."""

    tag = "letter_template.adopted"

    name: PersonalText
    sha256: str
    own: bool

    def sentence(self) -> str:
        if not self.own:
            return "Went back to the letter template that comes along."
        return f"Letters are made in the council’s own template “{self.name}” from now on."


class WordingPublished(Event):
    """The council's own wording of something its letters share came into force."""

    tag = "wording.published"
    clauses = ("lgsco:3.7",)

    title: str
    in_force_from: date
    approved_by: str
    own: bool

    def sentence(self) -> str:
        what = "Published the council's own wording" if self.own else "Went back to the wording that comes with this"
        return f"{what} of “{self.title}”, from {day_words(self.in_force_from)}, approved by {self.approved_by}."
