"""Letters that come back: on the case with what to do, until somebody says what was done."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.commands.bounces import CloseBounce, RecordBounce
from core.errors import BadInput
from core.queries.outbox import letters_on_their_way
from tests.builders import RECEIVED, Story


def test_a_letter_that_came_back_stays_to_be_settled_until_it_is(story: Story) -> None:
    reference = story.record()
    letter_id = story.sent_letter(reference)
    told = {"reference": reference, "letter_id": letter_id}
    assert story.desks.handler.ask(letters_on_their_way, reference) == {}
    story.on(RECEIVED + timedelta(days=2))
    done = story.desks.handler.do(RecordBounce(**told, came_back_on=RECEIVED, why="Gone away"))
    assert done.sentences == ("A letter came back on Mon 7 September 2026: Update. Gone away",)
    back = story.desks.quality.ask(letters_on_their_way, reference)[letter_id]
    assert (back.came_back_on, back.why_back, back.to_settle) == (RECEIVED, "Gone away", True)
    assert (back.resting, back.accepted, back.went_on) == (False, False, None)
    story.desks.handler.do(CloseBounce(**told, what_was_done="Rang them."))
    settled = story.desks.handler.ask(letters_on_their_way, reference)[letter_id]
    assert not settled.to_settle and settled.settled == "Rang them."
    assert story.tags(reference)[-2:] == ["letter.bounced", "bounce.closed"]
    with pytest.raises(BadInput, match="Nothing is left to do"):
        story.desks.handler.do(CloseBounce(**told, what_was_done="Again."))


def test_only_what_went_comes_back_once_and_not_before_it_went(story: Story) -> None:
    reference, other = story.record(), story.record()
    draft, sent = story.draft(reference), story.sent_letter(reference)
    told = {"reference": reference, "came_back_on": RECEIVED}
    with pytest.raises(BadInput, match="has not gone out yet"):
        story.desks.handler.do(RecordBounce(**told, letter_id=draft))
    with pytest.raises(BadInput, match="is not on"):
        story.desks.handler.do(RecordBounce(letter_id=sent, reference=other, came_back_on=RECEIVED))
    for day in (RECEIVED - timedelta(days=1), RECEIVED + timedelta(days=1)):
        with pytest.raises(BadInput):
            story.desks.handler.do(RecordBounce(reference=reference, letter_id=sent, came_back_on=day))
    story.desks.handler.do(RecordBounce(**told, letter_id=sent))
    with pytest.raises(BadInput, match="on record already"):
        story.desks.handler.do(RecordBounce(**told, letter_id=sent))
