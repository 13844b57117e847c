"""Letters that come back: RecordBounce and CloseBounce."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from core.code.catalogue import LETTERS
from core.commands.base import CaseCommand, Work, asks, handles
from core.errors import BadInput
from core.events.base import Event
from core.events.outbox import BounceClosed, LetterBounced
from core.model.letters import Letter
from core.model.outbox import Bounce
from core.permissions import Permission
from core.store.facts import CaseRows, ident


class RecordBounce(CaseCommand):
    """Record that a letter that went out came back."""

    needs = Permission.HANDLE
    clauses = ("lgsco:5.8", "lgsco:3.6")
    title = "Record that it came back"
    gist = "An e-mail that could not be delivered, or an envelope returned. The case then says what to do."

    letter_id: int
    came_back_on: date = asks("When it came back", widget="date", starts="today")
    why: str = asks(
        "What was said with it (optional)", help="Such as “no such mailbox” or “gone away”.", default="", max_length=500
    )


@handles(RecordBounce)
def record_bounce(command: RecordBounce, work: Work) -> Sequence[Event]:
    """Mark a letter as come back, so that somebody reaches the individual another way [lgsco:5.8]."""
    case = work.open_case(command)
    letter = _sent(command.letter_id, case, work)
    if letter.sent_on is None:
        raise BadInput("This letter has not gone out yet. Throw it away, or take it back, instead.")
    work.not_future(command.came_back_on, "came_back_on")
    work.not_before(command.came_back_on, letter.sent_on, "came_back_on", what="the letter was sent")
    if work.session.get(Bounce, ident(letter.id)) is not None:
        raise BadInput("That this letter came back is on record already.")
    told: dict[str, Any] = {"letter_id": ident(letter.id), "came_back_on": command.came_back_on, "why": command.why}
    work.session.add(Bounce(**told))
    return [LetterBounced(complaint_id=case.id, title=LETTERS[letter.kind].title, **told)]


class CloseBounce(CaseCommand):
    """Say what was done about a letter that came back."""

    needs = Permission.HANDLE
    clauses = ("lgsco:5.8",)
    title = "Say what was done about it"
    gist = "Once the individual has what the letter says, another way."

    letter_id: int
    what_was_done: str = asks("What was done", help="Such as “rang them, and posted it”.", min_length=1, max_length=500)


@handles(CloseBounce)
def close_bounce(command: CloseBounce, work: Work) -> Sequence[Event]:
    """Keep how the individual was reached after all [lgsco:5.8]."""
    case = work.open_case(command)
    letter = _sent(command.letter_id, case, work)
    bounce = work.session.get(Bounce, ident(letter.id))
    if bounce is None or bounce.settled:
        raise BadInput("Nothing is left to do about this letter. Open it again.")
    bounce.settled = command.what_was_done
    told: dict[str, Any] = {
        "letter_id": ident(letter.id),
        "title": LETTERS[letter.kind].title,
        "note": command.what_was_done,
    }
    return [BounceClosed(complaint_id=case.id, **told)]


def _sent(letter_id: int, case: CaseRows, work: Work) -> Letter:
    letter = work.session.get(Letter, letter_id)
    if letter is None or letter.complaint_id != case.id:
        raise BadInput(f"That letter is not on {case.complaint.reference}. Open it from its case.")
    return letter
