"""What holds today: the policy in force, and the clocks a complaint would start under it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from core.code.catalogue import WORKED_EXAMPLES
from core.code.policy import Policy
from core.errors import NotReady
from core.permissions import Permission
from core.queries.base import Asking, query
from core.rules.duties import Nearness, nearness
from core.rules.examples import Result, worked
from core.rules.findings import Finding
from core.rules.s2_exclusions import accept_until, accepted_in_time
from core.rules.s6_stages import acknowledge_stage_one_by, clock_starts
from core.rules.working_days import Why


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeClock:
    """What recording a complaint received on a day would start, and whether it is within its time limit.

    `late` is the finding on the time limit, and None while the complaint is within it or no date is known.
    """

    acknowledge_by: date
    clause: str
    soon: Nearness
    why: Why
    accept_until: date | None
    late: Finding | None


@query(needs=Permission.CODE, kept=True)
def policy_today(asking: Asking) -> Policy:
    """The policy in force today; NotReady before the first one is adopted."""
    begun = [(each.in_force_from, key) for key, each in asking.policies.items() if each.in_force_from <= asking.today]
    if not begun:
        raise NotReady("No complaints policy is in force. Run `complaints setup` first.")
    return asking.policies[max(begun)[1]]


@query(needs=Permission.RECORD, kept=True)
def intake_clock(
    asking: Asking, received_on: date, *, issue_on: date | None = None, aware_on: date | None = None
) -> IntakeClock:
    """When a complaint received on this day is acknowledged by, and whether it comes in time [lgsco:6.2].

    Raises CalendarEnds when a date lies outside the published bank holidays.
    """
    policy = policy_today(asking)
    calendar = asking.calendars.of(policy.closure_days_skip)
    period = policy.period("acknowledge_stage_one")
    due = acknowledge_stage_one_by(received_on, policy=policy, calendar=calendar)
    findings = accepted_in_time(received_on, issue_on=issue_on, aware_on=aware_on, policy=policy)
    return IntakeClock(
        acknowledge_by=due,
        clause=period.clause,
        soon=nearness(due, today=asking.today, calendar=asking.calendars.of(False)),
        why=calendar.why(clock_starts(received_on, policy=policy, calendar=calendar), period.value),
        accept_until=accept_until(issue_on=issue_on, aware_on=aware_on, policy=policy),
        late=findings[0] if findings else None,
    )


@query(needs=Permission.CODE)
def examples_worked(asking: Asking, clause: str) -> dict[str, Mapping[str, Result]]:
    """A clause's worked examples, counted now by the rules that judge complaints on the bank holidays held here."""
    calendar = asking.calendars.of(False)
    return {key: worked(each, calendar) for key, each in WORKED_EXAMPLES.items() if clause in each.clauses}
