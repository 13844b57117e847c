"""Limits of authority: whose holds on which day, whom a sum is within, and whether a text names a sum."""

from __future__ import annotations

from datetime import date

import pytest

from core.rules.authority import Limit, covers, limit_of, names_sum

BEGAN, LATER, TODAY = date(2026, 1, 1), date(2026, 6, 1), date(2026, 9, 7)


def of_role(pence: int | None, since: date = BEGAN) -> Limit:
    return Limit(role="handler", colleague_id=None, pence=pence, in_force_from=since)


def of_one(pence: int | None, since: date = BEGAN, who: int = 7) -> Limit:
    return Limit(role=None, colleague_id=who, pence=pence, in_force_from=since)


@pytest.mark.parametrize(
    ("limits", "limit"),
    [
        ([], None),
        ([of_role(200_00)], 200_00),
        ([Limit(role="reviewer", colleague_id=None, pence=5, in_force_from=BEGAN)], None),
        ([of_one(900_00, who=8)], None),
        ([of_role(200_00), of_one(500_00)], 500_00),
        ([of_one(50_00), of_role(200_00)], 50_00),
        ([of_one(0), of_role(200_00)], 0),
        ([of_role(200_00), of_role(300_00, LATER)], 300_00),
        ([of_role(300_00, LATER), of_role(200_00)], 300_00),
        ([of_role(200_00), of_role(300_00, date(2026, 9, 8))], 200_00),
        ([of_role(200_00, TODAY)], 200_00),
        ([of_role(200_00), of_role(100_00)], 100_00),
        ([of_role(200_00), of_role(None, LATER)], None),
        ([of_role(200_00), of_one(500_00), of_one(None, LATER)], 200_00),
        ([of_one(500_00), of_one(None, LATER)], None),
    ],
)
def test_4_2_the_newest_limit_in_force_holds_and_a_colleagues_own_before_their_roles(
    limits: list[Limit], limit: int | None
) -> None:
    assert limit_of(limits, colleague_id=7, role="handler", on=TODAY) == limit


@pytest.mark.parametrize(
    ("limit", "pence", "alone"), [(None, 10**9, True), (200_00, 200_00, True), (200_00, 200_01, False), (0, 1, False)]
)
def test_4_2_a_sum_at_the_limit_is_within_it(limit: int | None, pence: int, alone: bool) -> None:
    assert covers(limit, pence) is alone


@pytest.mark.parametrize(
    ("text", "pence", "named"),
    [
        ("We offer you £900.00.", 900_00, True),
        ("We offer you £900.", 900_00, True),
        ("We offer you £ 1,250.50 in all", 1250_50, True),
        ("£1250.50", 1250_50, True),
        ("£1,250", 1250_00, True),
        ("£9,001", 900_00, False),
        ("£900.50", 900_00, False),
        ("£1900", 900_00, False),
        ("900 letters", 900_00, False),
        ("", 900_00, False),
    ],
)
def test_4_2_a_text_names_a_sum_however_it_is_written(text: str, pence: int, named: bool) -> None:
    assert names_sum(text, pence) is named
