"""Which letter tells that an answer needs more time, and which that it is late."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from core.rules.facts import StageNumber
from core.rules.notices import notice_for
from core.rules.steps import Position

DUE = date(2026, 9, 28)


@pytest.mark.parametrize(("days", "in_time"), [(-1, True), (0, True), (1, False)])
@pytest.mark.parametrize(
    ("stage", "position", "extension"),
    [
        (StageNumber.ONE, Position.ONE_CONSIDERED, "extension_stage_one"),
        (StageNumber.TWO, Position.TWO_CONSIDERED, "extension_stage_two"),
    ],
)
def test_5_5_an_extension_is_told_by_the_day_of_the_answer_and_lateness_from_then_on(
    stage: StageNumber, position: Position, extension: str, days: int, in_time: bool
) -> None:
    today = DUE + timedelta(days=days)
    told = notice_for(stage=stage, position=position, act_by=DUE, today=today)
    assert told == (extension if in_time else "delay_notice")


@pytest.mark.parametrize(
    "position", [each for each in Position if each not in (Position.ONE_CONSIDERED, Position.TWO_CONSIDERED)]
)
def test_5_5_nothing_is_extended_twice_or_before_it_is_acknowledged_by_itself(position: Position) -> None:
    """A second extension is for an officer to think of [lgsco:5.5]."""
    assert notice_for(stage=StageNumber.ONE, position=position, act_by=DUE, today=DUE) == "delay_notice"
