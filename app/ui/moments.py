"""Moments as they are shown: the day in words and the time, as the clock on the wall in England says."""

from __future__ import annotations

from datetime import datetime

from core.desk import LONDON
from core.words import day_words


def moment(at: datetime) -> str:
    """A moment in words: "Tue 24 November 2026 09:03"."""
    here = at.astimezone(LONDON)
    return f"{day_words(here.date())} {here:%H:%M}"
