"""The feedback survey: how it is given to people, what they said to it, and which month it counts in."""

from __future__ import annotations

from datetime import date
from enum import StrEnum


class SurveyWay(StrEnum):
    """How somebody gets the survey."""

    LINK = "by a link"
    PAPER = "on paper"
    PHONE = "by phone"


class SurveyReply(StrEnum):
    """What became of a survey that was offered."""

    OFFERED = "offered, no answer yet"
    ANSWERED = "they answered"
    DECLINED = "they do not want to be asked"


def month_of(day: date) -> date:
    """The first day of the month that an offer and its answer are counted in."""
    return day.replace(day=1)
