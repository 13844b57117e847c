"""What holds for a letter while it goes by e-mail: its words stay, and it is recorded once, on the day it was taken."""

from __future__ import annotations

from uuid import NAMESPACE_URL, uuid5

from sqlmodel import col, select

from core.commands.base import LetterStep, Work
from core.errors import BadInput
from core.model.letters import Letter
from core.model.outbox import Outbox, OutboxState
from core.rules.s6_stages import local_day
from core.words import day_words


def record_id(message_id: str) -> str:
    """The id of the one command that records a message: the same at every try, so that it is recorded once."""
    return str(uuid5(NAMESPACE_URL, f"mid:{message_id}"))


def queued(letter: Letter, work: Work) -> Outbox | None:
    """The letter's row in the outbox, held until this step is through; None for one that goes another way."""
    statement = select(Outbox).where(col(Outbox.letter_id) == letter.id).with_for_update()
    with work.session.no_autoflush:  # only read: the step that asks may not be through yet
        return work.session.exec(statement).first()


def not_on_its_way(letter: Letter, work: Work) -> None:
    """BadInput for a letter that somebody gave to go by e-mail."""
    row = queued(letter, work)
    if row is None:
        return
    if row.state in (OutboxState.ACCEPTED, OutboxState.SENT):
        raise BadInput("The mail server has this letter, so it stays as it is. Record it as sent, then begin another.")
    raise BadInput("This letter is queued to go by e-mail and stays as it is. Take it back first.")


def may_be_recorded(letter: Letter, command: LetterStep, work: Work) -> None:
    """BadInput for recording a letter that has not gone yet, or that went on another day than the one given.

    The day is the one on which the mail server took it (requirements T25). Only the message's own command is let
    through earlier: it is tried out before anything is sent.
    """
    row = queued(letter, work)
    if row is None or command.command_id == record_id(row.message_id):
        return
    if row.sent_at is None:
        raise BadInput("This letter is queued to go by e-mail. It is recorded when it has gone, or take it back first.")
    went = local_day(row.sent_at)
    if command.left_on != went:
        raise BadInput(
            f"The mail server took this letter on {day_words(went)}. Give that day.",
            {command.day_field(): f"It went on {day_words(went)}."},
        )


def went_by_mail(letter: Letter, work: Work) -> tuple[str, str] | None:
    """Close the outbox's row of a letter that is now on record; the digests of the files that went with it.

    None for a letter that went another way. What its step said stands on the case now and is emptied here.
    """
    row = queued(letter, work)
    if row is None:
        return None
    if row.sent_at is not None:
        row.state, row.step_values, row.last_problem, row.lease_until = OutboxState.SENT, "", "", None
    return row.pdf_sha256, row.word_sha256
