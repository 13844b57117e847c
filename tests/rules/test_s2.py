"""Section 2: twelve months from the later of the issue and its discovery, and discretion after that."""

from __future__ import annotations

from datetime import date

import pytest

from core.code.policy import CODE_POLICY, Policy
from core.rules.s2_exclusions import accept_until, accepted_in_time, limit_applied_with_discretion

SHORTER = Policy(
    name="A shorter limit",
    resolution="Cabinet, 3 March 2026, minute 12",
    in_force_from=date(2026, 4, 1),
    periods={"accept_within": 6},
)


@pytest.mark.parametrize(
    ("issue", "aware", "until"),
    [
        (date(2025, 3, 10), None, date(2026, 3, 10)),
        (None, date(2025, 3, 10), date(2026, 3, 10)),
        (date(2025, 3, 10), date(2025, 5, 1), date(2026, 5, 1)),
        (date(2025, 5, 1), date(2025, 3, 10), date(2026, 5, 1)),
        (date(2024, 2, 29), None, date(2025, 2, 28)),
        (date(2025, 2, 28), None, date(2026, 2, 28)),
    ],
    ids=["issue alone", "awareness alone", "awareness later", "issue later", "leap day", "end of February"],
)
def test_the_last_day_is_the_anniversary_of_the_later_of_both(
    issue: date | None, aware: date | None, until: date
) -> None:
    """Twelve calendar months, the anniversary included [lgsco:2.2]; reading R19."""
    assert accept_until(issue_on=issue, aware_on=aware, policy=CODE_POLICY) == until
    assert accepted_in_time(until, issue_on=issue, aware_on=aware, policy=CODE_POLICY) == ()
    day_after = date.fromordinal(until.toordinal() + 1)
    (finding,) = accepted_in_time(day_after, issue_on=issue, aware_on=aware, policy=CODE_POLICY)
    assert (finding.clause, finding.force) == ("lgsco:2.2", "should")


def test_nothing_is_refused_on_a_guess() -> None:
    """Without either date there is no limit [lgsco:2.2]."""
    assert accept_until(issue_on=None, aware_on=None, policy=CODE_POLICY) is None
    assert accepted_in_time(date(2026, 9, 7), issue_on=None, aware_on=None, policy=CODE_POLICY) == ()


def test_the_finding_names_the_last_day_and_what_to_record() -> None:
    """Discretion is considered either way [lgsco:2.2]."""
    (finding,) = accepted_in_time(date(2026, 9, 7), issue_on=date(2025, 3, 10), aware_on=None, policy=CODE_POLICY)
    assert finding.sentence == (
        "The time limit ran out on Tue 10 March 2026. Record why discretion lets it in, "
        "or why the limit is applied in this individual's circumstances."
    )


def test_a_councils_own_limit_is_the_one_that_counts() -> None:
    """The period comes from the policy, never from the code [lgsco:2.2]."""
    assert accept_until(issue_on=date(2026, 3, 10), aware_on=None, policy=SHORTER) == date(2026, 9, 10)


@pytest.mark.parametrize(
    ("issue", "received", "discretion", "force", "said"),
    [
        (
            None,
            date(2026, 9, 7),
            "Nothing kept them.",
            "structure",
            "Neither the day it happened nor the day they became aware of it is recorded, so the time limit cannot be "
            "the reason. Correct that fact first, or choose another reason.",
        ),
        (
            date(2025, 9, 7),
            date(2026, 9, 7),
            "Nothing kept them.",
            "structure",
            "It came within its time limit, which ran until Mon 7 September 2026. Choose another reason.",
        ),
        (
            date(2025, 9, 6),
            date(2026, 9, 7),
            " ",
            "should",
            "The time limit ran out on Sun 6 September 2026. Record why discretion does not let it in.",
        ),
    ],
    ids=["no date known", "the anniversary itself", "no note"],
)
def test_the_time_limit_is_no_reason_without_a_date_in_time_or_without_a_note(
    issue: date | None, received: date, discretion: str, force: str, said: str
) -> None:
    """T19: only a late complaint can be too late, and discretion comes first [lgsco:2.2]; reading R19."""
    (finding,) = limit_applied_with_discretion(
        received, issue_on=issue, aware_on=None, discretion=discretion, policy=CODE_POLICY
    )
    assert (finding.clause, finding.force, finding.sentence) == ("lgsco:2.2", force, said)


def test_T19_whoever_learned_of_it_later_is_not_turned_away_for_the_day_it_happened() -> None:
    """The limit runs from the later of the two days [lgsco:2.2]."""
    learned = {"issue_on": date(2024, 1, 8), "aware_on": date(2025, 9, 7)}
    (finding,) = limit_applied_with_discretion(
        date(2026, 9, 7), **learned, discretion="Nothing kept them.", policy=CODE_POLICY
    )
    assert (
        finding.sentence
        == "It came within its time limit, which ran until Mon 7 September 2026. Choose another reason."
    )


def test_the_time_limit_is_a_reason_once_discretion_was_considered() -> None:
    """T19: the day after the anniversary, with its note [lgsco:2.2]."""
    late = {"issue_on": date(2025, 9, 6), "aware_on": None, "policy": CODE_POLICY}
    assert limit_applied_with_discretion(date(2026, 9, 7), discretion="Nothing kept them.", **late) == ()  # type: ignore[arg-type]
