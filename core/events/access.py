"""Events about people and access: sign-ins and refusals, accounts and roles, evidence, and who may see a case."""

from __future__ import annotations

from core.events.base import Event, PersonalText
from core.permissions import REFUSAL, Permission
from core.words import counted


class SignedIn(Event):
    """A colleague signed in."""

    tag = "session.opened"

    colleague: str
    how: str
    address: PersonalText

    def sentence(self) -> str:
        return f"{self.colleague} signed in with {self.how}."


class SignedOut(Event):
    """Sessions of a colleague ended."""

    tag = "session.ended"

    colleague: str
    sessions: int
    why: str

    def sentence(self) -> str:
        return f"{counted(self.sessions, 'session')} of {self.colleague} ended: {self.why}."


class SignInRefused(Event):
    """A sign-in was refused."""

    tag = "session.refused"

    why: str
    name: PersonalText
    address: PersonalText

    def sentence(self) -> str:
        return f"Refused a sign-in as “{self.name}”: {self.why}."


class StepRefused(Event):
    """A signed-in colleague asked for something their role does not grant."""

    tag = "step.refused"

    what: str
    permission: Permission

    def sentence(self) -> str:
        return f"Refused “{self.what}”. {REFUSAL[self.permission]}"


class ColleagueJoined(Event):
    """A colleague was entered with a role."""

    tag = "colleague.joined"
    clauses = ("lgsco:4.1",)

    colleague: str
    colleague_id: int
    role: str
    services: tuple[str, ...] = ()

    def sentence(self) -> str:
        return f"{self.colleague} joined as {self.role}, {_reach(self.services)}."


class ColleagueMoved(Event):
    """A colleague's role, or the services they see, changed."""

    tag = "colleague.moved"
    clauses = ("lgsco:4.1",)

    colleague: str
    colleague_id: int
    before: str
    role: str
    services: tuple[str, ...] = ()

    def sentence(self) -> str:
        moved = f"stays {self.role}" if self.before == self.role else f"moved from {self.before} to {self.role}"
        return f"{self.colleague} {moved}, {_reach(self.services)}."


class ColleagueLeft(Event):
    """A colleague left; what they had in hand went to someone else."""

    tag = "colleague.left"
    clauses = ("lgsco:4.1", "lgsco:6.14")

    colleague: str
    colleague_id: int
    handed_to: str
    handed: int
    unassigned: int

    def sentence(self) -> str:
        told = [f"{self.colleague} left."]
        if self.handed:
            told.append(f"{counted(self.handed, 'stage')} handed to {self.handed_to}.")
        if self.unassigned:
            told.append(f"{counted(self.unassigned, 'stage')} without anyone now: they need someone.")
        return " ".join(told)


class StageLeft(Event):
    """A stage lost its handler and nobody could take it over yet."""

    tag = "stage.left"
    clauses = ("lgsco:4.1",)

    stage: int
    before: str

    def sentence(self) -> str:
        return f"Nobody has stage {self.stage} now: {self.before} left. It needs someone."


class ColleagueReturned(Event):
    """A colleague who had left is back."""

    tag = "colleague.returned"

    colleague: str
    colleague_id: int

    def sentence(self) -> str:
        return f"{self.colleague} is back. They need a new link to sign in."


class ServiceAdded(Event):
    """A service of the council was entered."""

    tag = "service.added"
    clauses = ("lgsco:4.1",)

    service: str

    def sentence(self) -> str:
        return f"Added the service “{self.service}”."


class LinkMade(Event):
    """A one-time link to choose a password was made."""

    tag = "link.made"

    colleague: str
    forgets_second_factor: bool

    def sentence(self) -> str:
        also = ", and their second factor was taken off" if self.forgets_second_factor else ""
        return f"Made a one-time link for {self.colleague}{also}."


class PasswordChosen(Event):
    """A colleague chose a password."""

    tag = "password.chosen"

    colleague: str
    by_link: bool

    def sentence(self) -> str:
        return f"{self.colleague} chose a password{' by a one-time link' if self.by_link else ''}."


class SecondFactorChanged(Event):
    """A colleague's second factor was put on or taken off."""

    tag = "factor.changed"

    colleague: str
    on: bool

    def sentence(self) -> str:
        return f"{self.colleague} {'put a second factor on' if self.on else 'took the second factor off'}."


class SignOnLinked(Event):
    """An account was linked to a person at the identity provider."""

    tag = "account.linked"

    colleague: str
    issuer: str
    subject: PersonalText

    def sentence(self) -> str:
        return f"{self.colleague} was linked to single sign-on at {self.issuer}."


class FeedChanged(Event):
    """A colleague's calendar feed was opened or closed."""

    tag = "feed.changed"

    colleague: str
    on: bool

    def sentence(self) -> str:
        return f"{self.colleague} {'made a calendar address' if self.on else 'closed the calendar address'}."


class CaseOpened(Event):
    """Somebody opened a case."""

    tag = "case.opened"

    reference: str

    def sentence(self) -> str:
        return f"Opened {self.reference}."


class Exported(Event):
    """Records were taken out as a file."""

    tag = "records.exported"

    what: str
    rows: int

    def sentence(self) -> str:
        return f"Exported {self.what}: {counted(self.rows, 'row')}."


class FileAdded(Event):
    """A file of evidence was added to a case."""

    tag = "file.added"
    clauses = ("lgsco:5.8",)

    name: PersonalText
    sha256: str
    size: int
    held: bool

    def sentence(self) -> str:
        return f"Added the file “{self.name}”{', which is held back' if self.held else ''}."


class FileReleased(Event):
    """A file that was held back was let through."""

    tag = "file.released"
    clauses = ("lgsco:5.8",)

    name: PersonalText
    why: PersonalText

    def sentence(self) -> str:
        return f"Released the file “{self.name}”: {self.why}"


class FileOpened(Event):
    """Somebody opened a file of evidence."""

    tag = "file.opened"

    name: PersonalText

    def sentence(self) -> str:
        return f"Opened the file “{self.name}”."


class LetterOpened(Event):
    """Somebody made a letter into a file, or opened the one it went out as."""

    tag = "letter.opened"

    letter_id: int
    form: str

    def sentence(self) -> str:
        return f"Opened letter {self.letter_id} as {self.form}."


class ConfidenceKept(Event):
    """A complaint was made confidential, or the people named on it changed."""

    tag = "confidence.kept"
    clauses = ("lgsco:5.8",)

    named: tuple[str, ...]
    reason: PersonalText

    def sentence(self) -> str:
        return f"Confidential: seen only by {', '.join(self.named)}. {self.reason}"


class ConfidenceLifted(Event):
    """A complaint is no longer confidential."""

    tag = "confidence.lifted"
    clauses = ("lgsco:5.8",)

    reason: PersonalText

    def sentence(self) -> str:
        return f"No longer confidential. {self.reason}"


def _reach(services: tuple[str, ...]) -> str:
    return f"for {', '.join(services)}" if services else "for every service"


LOOKED_AT = frozenset({CaseOpened.tag, FileOpened.tag, LetterOpened.tag, "bundle.opened"})
"""Entries that say somebody looked: kept in the ledger, left out of a case's own history unless asked for."""
