"""E-mails out of the complaints mailbox: kept, and said to be no complaint; and what is left over of files."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pydantic import Field
from sqlmodel import select

from core.commands.access import HASH
from core.commands.base import TEXT_LIMIT, Command, Work, asks, handles
from core.errors import BadInput, NotFound
from core.events.base import Event
from core.events.intake import LeftoversRemoved, MailArrived, MailDismissed, MailReopened
from core.model.intake import ArrivedMail
from core.permissions import Permission
from core.store.erasing import forget_senders
from core.store.keeping import came_to_nothing, settled_before

SHOWN = 300


class KeepArrivedMail(Command):
    """Keep an e-mail from the mailbox for the complaints team; its bytes are on the disk already."""

    needs = Permission.RECORD
    clauses = ("lgsco:3.2", "lgsco:5.8")
    title = "Keep an e-mail that arrived"
    gist = "It waits on Intake until it is recorded, or somebody says that it is no complaint."

    identity: str = Field(min_length=HASH, max_length=HASH)
    sha256: str = Field(min_length=HASH, max_length=HASH)
    name: str = Field(min_length=1, max_length=200)
    sender: str = Field(default="", max_length=SHOWN)
    subject: str = Field(default="", max_length=SHOWN)
    problem: str = Field(default="", max_length=TEXT_LIMIT)


@handles(KeepArrivedMail)
def keep_arrived_mail(command: KeepArrivedMail, work: Work) -> Sequence[Event]:
    """Put an e-mail on the list of those that wait [lgsco:3.2]."""
    kept = {part: getattr(command, part) for part in ("identity", "sha256", "name", "sender", "subject", "problem")}
    work.session.add(ArrivedMail(**kept, arrived_at=work.now))
    return [
        MailArrived(sha256=command.sha256, readable=not command.problem, sender=command.sender, subject=command.subject)
    ]


class DismissMail(Command):
    """Say that an e-mail is no complaint, or has become something else. The original stays for a while."""

    needs = Permission.HANDLE
    clauses = ("lgsco:1.6",)
    title = "Not a complaint"
    gist = "An advertisement, an automatic answer, or a service request that has been recorded. Say which."

    mail_id: int
    why: str = asks("Why", widget="area", min_length=1, max_length=500)


@handles(DismissMail)
def dismiss_mail(command: DismissMail, work: Work) -> Sequence[Event]:
    """Take an e-mail off the list, with the reason [lgsco:1.6]."""
    mail = work.session.get(ArrivedMail, command.mail_id)
    if mail is None:
        raise NotFound("There is no such e-mail. Choose one from the list on Intake.")
    if mail.dismissed_at is not None:
        raise BadInput("Somebody has taken this e-mail off the list already. Nothing was changed.")
    mail.dismissed_at, mail.dismissed_by, mail.why = work.now, work.actor.id or None, command.why
    return [MailDismissed(sender=mail.sender, subject=mail.subject, why=command.why)]


class ReopenMail(Command):
    """Let an e-mail wait again that was put aside: it is a complaint after all."""

    needs = Permission.HANDLE
    clauses = ("lgsco:3.2",)
    title = "Put it back"
    gist = "It waits on Intake again, and its clock counts from the day it arrived."

    mail_id: int


@handles(ReopenMail)
def reopen_mail(command: ReopenMail, work: Work) -> Sequence[Event]:
    """Put an e-mail on the list again, so that nothing is lost by a slip [lgsco:3.2]."""
    mail = work.session.get(ArrivedMail, command.mail_id)
    if mail is None:
        raise NotFound("There is no such e-mail. Choose one from the list on Intake.")
    if mail.dismissed_at is None:
        raise BadInput("This e-mail waits on Intake already. Nothing was changed.")
    mail.dismissed_at, mail.dismissed_by, mail.why = None, None, ""
    return [MailReopened(sender=mail.sender, subject=mail.subject)]


class NoteLeftovers(Command):
    """Note that files were removed which no record refers to, and forget what settled e-mails said."""

    needs = Permission.LEDGER
    title = "Remove what is left over"
    gist = "Carried out by the console itself, once a day."

    files: int = Field(ge=0)
    before: datetime


@handles(NoteLeftovers)
def note_leftovers(command: NoteLeftovers, work: Work) -> Sequence[Event]:
    """Forget who wrote what was settled before a moment: the case has it, or nobody needs it."""
    forgotten = 0
    for mail in work.session.exec(select(ArrivedMail).where(settled_before(command.before))):
        mail.name, mail.sender, mail.subject, mail.problem, mail.why = "E-mail.eml", "", "", "", ""
        forgotten += 1
    connection = work.session.connection()
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA secure_delete = ON")
    forget_senders(connection, set(came_to_nothing(connection, command.before)))
    return [LeftoversRemoved(files=command.files, mails=forgotten)]
