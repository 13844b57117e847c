"""The feedback survey is counted by months."""

from __future__ import annotations

from datetime import date

import pytest

from core.rules.survey import month_of


@pytest.mark.parametrize("day", [1, 15, 31])
def test_an_offer_counts_in_its_month(day: int) -> None:
    assert month_of(date(2026, 10, day)) == date(2026, 10, 1)
