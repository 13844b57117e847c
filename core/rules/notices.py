"""Which letter tells an individual that an answer needs more time, or that it is late."""

from __future__ import annotations

from datetime import date

from core.rules.duties import ANSWER_AGAIN
from core.rules.facts import StageNumber
from core.rules.s6_stages import RESPOND
from core.rules.steps import Position

DELAY_NOTICE = "delay_notice"
EXTENSION = {StageNumber.ONE: "extension_stage_one", StageNumber.TWO: "extension_stage_two"}
NOTICES = (DELAY_NOTICE, *EXTENSION.values())
"""The letters that tell when an answer comes."""

ANSWERS = (*RESPOND.values(), ANSWER_AGAIN)
"""The kinds of duty that are an answer to the individual."""

_CAN_STILL_BE_EXTENDED = (Position.ONE_CONSIDERED, Position.TWO_CONSIDERED)


def notice_for(*, stage: StageNumber, position: Position, act_by: date, today: date) -> str:
    """An extension while one can still be told in time and none was given yet; otherwise the notice [lgsco:5.5].

    A second extension is for an officer to think of, never for the console.
    """
    if position in _CAN_STILL_BE_EXTENDED and today <= act_by:
        return EXTENSION[stage]
    return DELAY_NOTICE
