"""Letters that go by e-mail: QueueLetter, WithdrawLetter, RetryLetter, and NoteDelivery by the console itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from pydantic import Field
from sqlmodel import col, select

from core.channels.outgoing import is_address
from core.code.catalogue import LETTERS
from core.commands.base import COMMANDS, TEXT_LIMIT, CaseCommand, Command, LetterStep, Work, handles
from core.commands.letters_going_out import draft_on
from core.commands.mail_on_its_way import queued
from core.commands.people import may_go_out
from core.errors import BadInput, NotFound
from core.events.base import Event
from core.events.outbox import LetterAccepted, LetterFailed, LetterQueued, LetterRetried, LetterWithdrawn
from core.model.letters import HowSent, Letter
from core.model.outbox import MailChannel, Outbox, OutboxState
from core.permissions import Permission
from core.rules.s6_stages import local_day
from core.store.facts import CaseRows, ident
from core.store.written_to import mail_address

_STEP_LIMIT = 1_000_000  # characters of a step with all its words


class QueueLetter(CaseCommand):
    """Give a letter to go by e-mail, with the step that is recorded on the day the mail server takes it.

    `step` and `step_values` are that step's name and its values as JSON; the digests are of the files that go along.
    """

    needs = Permission.HANDLE
    clauses = ("lgsco:5.8", "lgsco:3.6")
    title = "Send by e-mail"
    gist = "It goes within a minute, and counts as sent on the day the mail server takes it."

    letter_id: int
    channel: MailChannel
    address: str = Field(max_length=254)
    subject: str = Field(min_length=1, max_length=200)
    message_id: str = Field(min_length=1, max_length=250)
    step: str = Field(max_length=40)
    step_values: str = Field(max_length=_STEP_LIMIT)
    dated_on: date
    pdf_sha256: str = Field(max_length=64)
    word_sha256: str = Field(max_length=64)


@handles(QueueLetter)
def queue_letter(command: QueueLetter, work: Work) -> Sequence[Event]:
    """Keep a letter with its step until the mail server has it; nothing is recorded as sent before [lgsco:5.8].

    Raises StepNotOpen while whoever is written to may not be told, BadInput when the address is not theirs.
    """
    case = work.open_case(command)
    letter = draft_on(case, command.letter_id, work)
    step = step_of(command.step, command.step_values)
    if (step.reference, step.letter_id) != (command.reference, command.letter_id):
        raise BadInput("That step is not this letter's. Open the letter and send it from there.")
    _may_be_told(command, case, work)
    letter.how = HowSent.EMAIL
    kept = command.model_dump(exclude={"command_id", "good_reason", "reference", "seen_version"})
    work.session.add(Outbox(**kept, next_try_at=work.now, queued_at=work.now, queued_by=work.actor.id or None))
    title = LETTERS[letter.kind].title
    told: dict[str, Any] = {
        "letter_id": command.letter_id,
        "title": title,
        "channel": command.channel.value,
        "step": command.step,
    }
    return [LetterQueued(complaint_id=case.id, address=command.address, **told)]


def step_of(name: str, values: str) -> LetterStep:
    """The step that a letter goes out with, from how it is kept; RuntimeError when it is none."""
    kind = COMMANDS.get(name)
    if kind is None or not issubclass(kind, LetterStep):
        raise RuntimeError(f"No letter goes out with {name}.")
    return kind.model_validate_json(values)


def _may_be_told(command: QueueLetter, case: CaseRows, work: Work) -> None:
    """Refuse an address that is not that of whoever is written to, and to tell them what they may not be told yet."""
    findings = may_go_out(case, work, on=work.today)
    if findings:
        raise BadInput(
            f"{' '.join(finding.sentence for finding in findings)} It does not go by e-mail before that is on record."
        )
    known = mail_address(work.session.connection(), case.id)
    if known.address != command.address or not is_address(command.address):
        raise BadInput("The e-mail address on the case is another one now. Look at it, then send the letter again.")


class WithdrawLetter(CaseCommand):
    """Take a queued letter back before it has gone; it is a draft again."""

    needs = Permission.HANDLE
    clauses = ("lgsco:5.8",)
    title = "Take it back"
    gist = "It is a draft again: change it, or send it another way."

    letter_id: int


@handles(WithdrawLetter)
def withdraw_letter(command: WithdrawLetter, work: Work) -> Sequence[Event]:
    """Take a letter out of the outbox while nobody is handing it to the mail server [lgsco:5.8]."""
    case = work.open_case(command)
    letter, row = _resting(command.letter_id, case, work)
    work.session.delete(row)
    told: dict[str, Any] = {"letter_id": ident(letter.id), "title": LETTERS[letter.kind].title, "tries": row.tries}
    return [LetterWithdrawn(complaint_id=case.id, **told)]


class RetryLetter(CaseCommand):
    """Try again at once to send a queued letter, also one that was given up."""

    needs = Permission.HANDLE
    clauses = ("lgsco:5.8",)
    title = "Try again now"
    gist = "It is tried within a minute."

    letter_id: int


@handles(RetryLetter)
def retry_letter(command: RetryLetter, work: Work) -> Sequence[Event]:
    """Make a queued letter due now, with all its tries before it again [lgsco:5.8]."""
    case = work.open_case(command)
    letter, row = _resting(command.letter_id, case, work)
    row.state, row.tries, row.next_try_at = OutboxState.WAITING, 0, work.now
    row.last_problem, row.lease_until, row.leased_by = "", None, ""
    return [LetterRetried(complaint_id=case.id, letter_id=ident(letter.id), title=LETTERS[letter.kind].title)]


def _resting(letter_id: int, case: CaseRows, work: Work) -> tuple[Letter, Outbox]:
    """A queued letter of this complaint that nobody works on just now; BadInput for any other."""
    letter = work.session.get(Letter, letter_id)
    if letter is None or letter.complaint_id != case.id:
        raise BadInput(f"That letter is not on {case.complaint.reference}. Open it from its case.")
    row = queued(letter, work)
    if row is None:
        raise BadInput("This letter is not queued to go by e-mail. Open it again.")
    if row.sent_at is not None:
        raise BadInput("The mail server has this letter already. Open it again to see how it stands.")
    if row.state == OutboxState.SENDING and row.lease_until is not None and row.lease_until > work.now:
        raise BadInput("This letter is being handed to the mail server just now. Look again in a few minutes.")
    return letter, row


class NoteDelivery(Command):
    """Note that a queued letter will not go by itself, or that it went and its step could not be recorded."""

    needs = Permission.DELIVER
    clauses = ("lgsco:5.8",)
    title = "Note what became of an e-mail"
    gist = "The console itself does this."

    outbox_id: int
    why: str = Field(min_length=1, max_length=TEXT_LIMIT)


@handles(NoteDelivery)
def note_delivery(command: NoteDelivery, work: Work) -> Sequence[Event]:
    """Put what stood in the way on the case, in words, and try no more [lgsco:5.8]."""
    statement = select(Outbox).where(col(Outbox.id) == command.outbox_id).with_for_update()
    row = work.session.exec(statement).first()
    if row is None or row.state == OutboxState.SENT:
        raise NotFound("That letter is not on its way any more.")
    letter = work.session.get_one(Letter, row.letter_id)
    row.last_problem, row.lease_until = command.why, None
    told: dict[str, Any] = {"letter_id": row.letter_id, "title": LETTERS[letter.kind].title, "why": command.why}
    if row.sent_at is not None:
        return [LetterAccepted(complaint_id=letter.complaint_id, accepted_on=local_day(row.sent_at), **told)]
    row.state = OutboxState.FAILED
    return [LetterFailed(complaint_id=letter.complaint_id, **told)]
