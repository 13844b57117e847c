"""The page about correcting and erasing data: recorded, answered with the rights they have, and shown on the case."""

from __future__ import annotations

from core.permissions import Role
from core.rules.rectification import RightAsked, RightOutcome
from tests.pages.conftest import Open
from tests.pages.council import Council
from tests.pages.shown import button, field, words
from tests.pages.test_ombudsman import CASE, sent


def test_a_request_is_answered_in_place_and_stands_on_its_case(council: Council, open_page: Open) -> None:
    """A refusal without the rights they have is not taken, and nothing typed is lost."""
    council.take(
        Role.HANDLER, "RecordRectification", complaint=CASE, right=RightAsked.ERASURE, received_on=council.day(5),
        name="Ada *Sample*", what="All of it.",
    )  # fmt: skip
    at = open_page("rectification", Role.HANDLER)
    assert "Ada" in words(at) and "To answer: 1" in words(at)
    button(at, "Record the answer to it").click().run()
    field(at, "selectbox", "What came of it").set_value(RightOutcome.REFUSED.value)
    field(at, "text_area", "What was done, or why not").set_value("It is kept for six years.")
    at = sent(at, "Record the answer to it")
    assert "Tell them that they can complain to the Information Commissioner" in words(at)
    assert field(at, "text_area", "What was done, or why not").value == "It is kept for six years."
    ticks = [each for each in at.checkbox if each.label.startswith("They were told they can complain")]
    ticks[0].check().run()
    assert "Answered: refused" in words(sent(at, "Record the answer to it"))
    assert "Correcting or erasing personal data (no stage)" in words(open_page("case", ref=CASE))
