"""A worked example carried out: the facts it gives go through the very rules that judge a complaint.

So the examples shown beside a clause are proof, not prose: a test holds each against what it expects, and the page
that shows it counts it anew.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from datetime import date, timedelta
from functools import partial
from typing import Any, TypeVar, cast

from core.code.example_shapes import Expect, Given, GivenExtension, WorkedExample
from core.code.policy import CODE_POLICY, Policy
from core.errors import CalendarEnds
from core.rules.duties import TELL_REFUSAL, counts_of
from core.rules.facts import CaseFacts, Ending, ExtensionFacts, StageFacts, StageNumber
from core.rules.s2_exclusions import accept_until, accepted_in_time
from core.rules.s6_stages import (
    ACKNOWLEDGE,
    RESPOND,
    extend_to_at_most,
    extension_within_limit,
    literal_respond_by,
    local_day,
    new_points_join_stage_one,
    whole_case_flags,
)
from core.rules.working_days import Holiday, WorkingDays

Result = date | bool | str | None
T = TypeVar("T")

_OF_A_STAGE = ("acknowledge_by", "respond_by", "extend_to_at_most")
_DATES = frozenset({*_OF_A_STAGE, *(f"stage_two_{name}" for name in _OF_A_STAGE)})
_STAGE_ONE_ALONE = frozenset({"act_by", "literal_extend_to_at_most", "refuse_by", "refusal_met"})


def worked(example: WorkedExample, calendar: WorkingDays) -> Mapping[str, Result]:
    """What the rules make of an example, under the names its expectations use; None where there is nothing to say.

    `calendar` holds the published bank holidays; the example may add to it or cut it short. A date past its end is
    None, and `calendar_ends` is then true.
    """
    given = example.given
    # The shape of an example makes sure that it gives either a day or a moment.
    received_on = cast(date, given.received) if given.received_at is None else local_day(given.received_at)
    policy = _policy(given)
    issue, aware = given.issue, given.aware
    amber, red = whole_case_flags(received_on)
    results: dict[str, Result] = dict.fromkeys(field.name for field in fields(Expect))
    results |= {
        "received_on": received_on,
        "accept_until": accept_until(issue_on=issue, aware_on=aware, policy=policy),
        "in_time": not accepted_in_time(received_on, issue_on=issue, aware_on=aware, policy=policy),
        "joins_stage_one": _joins(given),
        "whole_case_amber": amber,
        "whole_case_red": red,
    }
    counted = _counted(_case(given, received_on), policy=policy, calendar=_calendar(given, policy, calendar))
    return results | counted | {"calendar_ends": any(counted[name] is None for name in counted if name in _DATES)}


def _policy(given: Given) -> Policy:
    return replace(
        CODE_POLICY,
        late_acknowledgement_buys_time=bool(given.late_acknowledgement_buys_time),
        closure_days_skip=bool(given.closure_days_skip),
        weekend_receipt_lenient=bool(given.weekend_receipt_lenient),
    )


def _calendar(given: Given, policy: Policy, published: WorkingDays) -> WorkingDays:
    """The published days with those the example adds, up to the day it says they are published to."""
    closures = (given.closure_days or ()) if policy.closure_days_skip else ()
    added = [Holiday(on=day, name="Council closed", kind="closure") for day in closures]
    if given.added_holiday is not None:
        added.append(Holiday(on=given.added_holiday, name="Bank holiday announced late"))
    last = given.holidays_published_to or published.last
    if not added and last == published.last:
        return published
    span = (published.first + timedelta(days=step) for step in range((last - published.first).days + 1))
    held = [Holiday(on=day, name=name) for day in span if (name := published.name_of(day))]
    return WorkingDays.of([*held, *added], first=published.first, last=last, version="worked example")


def _case(given: Given, received_on: date) -> CaseFacts:
    one = StageFacts(
        number=StageNumber.ONE,
        received_on=received_on,
        logged_on=given.logged,
        acknowledged_on=given.acknowledged,
        responded_on=given.responded,
        extensions=_extensions(given.extensions),
        promised_on=given.promised,
        acknowledgement_possible=given.acknowledgement_possible is not False,
    )
    two = None
    if given.stage_two_requested is not None:
        two = StageFacts(
            number=StageNumber.TWO,
            received_on=given.stage_two_requested,
            acknowledged_on=given.stage_two_acknowledged,
            responded_on=given.stage_two_responded,
            extensions=_extensions(given.stage_two_extensions),
            acknowledgement_possible=one.acknowledgement_possible,
        )
    ending = Ending.WITHDRAWN if given.withdrawn else Ending.REFUSED if given.refused else None
    return CaseFacts(
        one=one,
        two=two,
        ending=ending,
        ended_on=given.withdrawn or given.refused,
        reopened_on=given.reopened,
    )


def _extensions(given: tuple[GivenExtension, ...] | None) -> tuple[ExtensionFacts, ...]:
    return tuple(
        ExtensionFacts(new_date=each.to, told_on=each.told, good_reason=each.good_reason) for each in given or ()
    )


def _joins(given: Given) -> bool | None:
    if given.point_related is None:
        return None
    answered = given.responded is not None and (given.point_raised or given.responded) >= given.responded
    return not new_points_join_stage_one(
        related=given.point_related, answered=answered, delays=bool(given.point_delays)
    )


def _counted(case: CaseFacts, *, policy: Policy, calendar: WorkingDays) -> dict[str, Result]:
    """The dates and verdicts of both stages, by the names the examples use."""
    results = _stage(case.one, case, policy=policy, calendar=calendar)
    if case.one.extensions:
        last = case.one.extensions[-1].new_date
        results["within_limit"] = _unless_it_ends(
            lambda: not extension_within_limit(last, case.one, policy=policy, calendar=calendar)
        )
    if case.two is not None:
        two = _stage(case.two, case, policy=policy, calendar=calendar)
        results |= {f"stage_two_{name}": value for name, value in two.items() if name not in _STAGE_ONE_ALONE}
    return results


def _stage(stage: StageFacts, case: CaseFacts, *, policy: Policy, calendar: WorkingDays) -> dict[str, Result]:
    counting: dict[str, Any] = {"policy": policy, "calendar": calendar}
    literally: dict[str, Any] = {"policy": replace(policy, late_acknowledgement_buys_time=True), "calendar": calendar}
    known = (_unless_it_ends(partial(count, **counting)) for count in counts_of(case, policy=policy))
    duties = {duty.kind: duty for duty in known if duty is not None}
    acknowledge, respond = duties.get(ACKNOWLEDGE[stage.number]), duties.get(RESPOND[stage.number])
    refusal = duties.get(TELL_REFUSAL)
    return {
        "acknowledge_by": acknowledge.due_on if acknowledge else None,
        "acknowledgement_met": acknowledge.standing.value if acknowledge else None,
        "respond_by": respond.due_on if respond else None,
        "act_by": respond.act_by if respond else None,
        "met": respond.standing.value if respond else None,
        "refuse_by": refusal.act_by if refusal else None,
        "refusal_met": refusal.standing.value if refusal else None,
        "literal_respond_by": _unless_it_ends(partial(literal_respond_by, stage, **counting)),
        "extend_to_at_most": _unless_it_ends(partial(extend_to_at_most, stage, **counting)),
        "literal_extend_to_at_most": _unless_it_ends(partial(extend_to_at_most, stage, **literally)),
    }


def _unless_it_ends(count: Callable[[], T]) -> T | None:
    """What is counted, or None where the published bank holidays end first."""
    try:
        return count()
    except CalendarEnds:
        return None
