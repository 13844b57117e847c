"""Events about what comes in from outside: the forms that may send complaints, and what they were told."""

from __future__ import annotations

from datetime import date

from core.events.base import Event, PersonalText
from core.words import counted, day_words


class IntakeClientAdded(Event):
    """A form outside was given a key."""

    tag = "intake_client.added"

    client: str

    def sentence(self) -> str:
        return f"The web form “{self.client}” may send complaints in from now on."


class IntakeClientRevoked(Event):
    """A form's key was taken back."""

    tag = "intake_client.revoked"

    client: str
    why: PersonalText

    def sentence(self) -> str:
        return f"The web form “{self.client}” may send no complaints in any more. {self.why}"


class FormReceived(Event):
    """A complaint came through a web form, which was told its dates.

    `sent_sha256` is the digest of what was sent, so that a second try can be told from other words. Days are working
    days; `acknowledge_by` is None where nobody can be reached.
    """

    tag = "form.received"
    clauses = ("lgsco:3.2", "lgsco:6.2", "lgsco:6.3")

    client: str
    sent_sha256: str
    acknowledge_by: date | None
    acknowledge_days: int
    acknowledge_clause: str
    answer_by: date
    answer_days: int
    answer_clause: str

    def sentence(self) -> str:
        acknowledged = "no acknowledgement, since nobody can be reached"
        if self.acknowledge_by is not None:
            acknowledged = f"an acknowledgement by {day_words(self.acknowledge_by)}"
        answer = f"an answer by {day_words(self.answer_by)}"
        return f"Came through the web form “{self.client}”, which was told: {acknowledged}, and {answer}."


class MailArrived(Event):
    """An e-mail came out of the complaints mailbox and was kept."""

    tag = "mail.arrived"
    clauses = ("lgsco:3.2", "lgsco:5.8")

    sha256: str
    readable: bool
    sender: PersonalText
    subject: PersonalText

    def sentence(self) -> str:
        unread = "" if self.readable else " It could not be read, and is kept as it came."
        return f"An e-mail arrived from {self.sender or 'somebody unnamed'}: “{self.subject}”.{unread}"


class MailDismissed(Event):
    """Somebody decided that an e-mail is no complaint."""

    tag = "mail.dismissed"
    clauses = ("lgsco:1.6",)

    sender: PersonalText
    subject: PersonalText
    why: PersonalText

    def sentence(self) -> str:
        return f"No complaint: the e-mail “{self.subject}” from {self.sender or 'somebody unnamed'}. {self.why}"


class MailReopened(Event):
    """An e-mail that had been put aside waits again."""

    tag = "mail.reopened"
    clauses = ("lgsco:3.2",)

    sender: PersonalText
    subject: PersonalText

    def sentence(self) -> str:
        return f"Waits on Intake again: the e-mail “{self.subject}” from {self.sender or 'somebody unnamed'}."


class LeftoversRemoved(Event):
    """Files that no record refers to were removed, and what the list of e-mails said of those long settled."""

    tag = "leftovers.removed"

    files: int
    mails: int

    def sentence(self) -> str:
        mails = f" Sender and subject of {counted(self.mails, 'settled e-mail')} were taken off the list."
        return f"Removed {counted(self.files, 'file')} that no record refers to.{mails if self.mails else ''}"
