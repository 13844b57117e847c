"""A council that lives by the dice and the second opinion that judges it: a few weeks, and proof that it can object."""

from __future__ import annotations

from datetime import date

import pytest

from bench import oracle
from bench.prove_records import bank_holidays
from bench.prove_simulation import simulate

CLOSED = frozenset(bank_holidays()[0])
FEW_WEEKS = 45


def test_a_few_weeks_of_a_council_are_what_the_second_opinion_says() -> None:
    """Every duty's date and standing, the ledger, the figures, and no officer twice [lgsco:6.2–6.20]."""
    lived = simulate(seeds=range(1, 2), days=FEW_WEEKS, limit=60)
    assert lived.faults == []
    assert lived.complaints > 0
    assert {"acknowledge_stage_one", "respond_stage_one"} <= set(lived.kinds)


def test_a_seed_is_one_council_for_good() -> None:
    """Whatever a seed shows can be looked at again."""
    first, again = (simulate(seeds=range(4, 5), days=20, limit=60) for _time in range(2))
    assert first.counts["commands"] > 0
    assert (first.counts, first.kinds, first.refusals) == (again.counts, again.kinds, again.refusals)


def test_a_rule_that_counted_a_day_too_many_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(oracle.ANSWER, 1, oracle.ANSWER[1] + 1)
    lived = simulate(seeds=range(1, 2), days=10, limit=60)
    assert lived.differing > 0
    assert "seed 1" in lived.faults[0]


@pytest.mark.parametrize(
    ("start", "n", "due"),
    [
        ("2026-09-07", 5, "2026-09-14"),
        ("2026-09-14", 10, "2026-09-28"),
        ("2026-03-26", 5, "2026-04-02"),
        ("2026-03-30", 20, "2026-04-29"),
        ("2026-12-24", 1, "2026-12-29"),
    ],
)
def test_the_walk_counts_the_worked_dates(start: str, n: int, due: str) -> None:
    """The dates the requirements work out, Easter and Christmas among them [lgsco:6.2, 6.3, 6.15]."""
    assert oracle.nth_working_day(date.fromisoformat(start), n, CLOSED) == date.fromisoformat(due)
