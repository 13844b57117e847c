"""The shape of a worked example: facts given, dates and verdicts expected. The meaning of each name stands at the top
of worked_examples.toml.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field, Strict, StringConstraints

from core.code.shapes import STRICT, ClauseKey, Day, ReadingKey, Switch, Words

Verdict = Literal["in_time", "extended", "late", "open", "void"]
Moment = Annotated[datetime, Strict()]
Fact = date | datetime | bool | str | tuple["GivenExtension", ...] | tuple[date, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenExtension:
    """One extension: the new date, the day the individual was told, and whether good reason is recorded."""

    __pydantic_config__ = STRICT

    to: Day
    told: Day
    good_reason: Switch = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """The facts an example starts from; None where nothing is said. Times of day are in UTC."""

    __pydantic_config__ = STRICT

    received: Day | None = None
    received_at: Moment | None = None
    logged: Day | None = None
    receipt_sent: Day | None = None
    acknowledged: Day | None = None
    acknowledgement_possible: Switch | None = None
    promised: Day | None = None
    extensions: tuple[GivenExtension, ...] | None = None
    responded: Day | None = None
    withdrawn: Day | None = None
    refused: Day | None = None
    reopened: Day | None = None
    stage_two_requested: Day | None = None
    stage_two_acknowledged: Day | None = None
    stage_two_extensions: tuple[GivenExtension, ...] | None = None
    stage_two_responded: Day | None = None
    issue: Day | None = None
    aware: Day | None = None
    point_related: Switch | None = None
    point_delays: Switch | None = None
    point_raised: Day | None = None
    late_acknowledgement_buys_time: Switch | None = None
    closure_days_skip: Switch | None = None
    weekend_receipt_lenient: Switch | None = None
    closure_days: tuple[Day, ...] | None = None
    added_holiday: Day | None = None
    added_on: Day | None = None
    holidays_published_to: Day | None = None
    delivered: Day | None = None
    clarification_asked: Day | None = None
    clarification_answered: Day | None = None
    transferred: Day | None = None
    reached_team: Day | None = None
    service_request_made: Day | None = None
    actions_open_until: Day | None = None

    def __post_init__(self) -> None:
        if (self.received is None) == (self.received_at is None):
            raise ValueError("it needs either `received` or `received_at`, and not both")
        if self.received_at is not None and self.received_at.utcoffset() is None:
            raise ValueError("`received_at` is a moment in universal time; end it with Z")

    def stated(self) -> dict[str, Fact]:
        """Only the facts that are given, by name."""
        return {each.name: getattr(self, each.name) for each in fields(self) if getattr(self, each.name) is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Expect:
    """What must come out; None where the example says nothing."""

    __pydantic_config__ = STRICT

    received_on: Day | None = None
    acknowledge_by: Day | None = None
    acknowledgement_met: Verdict | None = None
    respond_by: Day | None = None
    literal_respond_by: Day | None = None
    act_by: Day | None = None
    extend_to_at_most: Day | None = None
    literal_extend_to_at_most: Day | None = None
    within_limit: Switch | None = None
    met: Verdict | None = None
    refuse_by: Day | None = None
    refusal_met: Verdict | None = None
    stage_two_acknowledge_by: Day | None = None
    stage_two_acknowledgement_met: Verdict | None = None
    stage_two_respond_by: Day | None = None
    stage_two_literal_respond_by: Day | None = None
    stage_two_extend_to_at_most: Day | None = None
    stage_two_met: Verdict | None = None
    accept_until: Day | None = None
    in_time: Switch | None = None
    joins_stage_one: Switch | None = None
    whole_case_amber: Day | None = None
    whole_case_red: Day | None = None
    calendar_ends: Switch | None = None

    def __post_init__(self) -> None:
        if not self.stated():
            raise ValueError("it expects nothing, so it could not fail")

    def stated(self) -> dict[str, date | bool | str]:
        """Only what is expected, by name: dates, verdict words, or true and false."""
        return {each.name: getattr(self, each.name) for each in fields(self) if getattr(self, each.name) is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkedExample:
    """A sentence over data: given these facts, the clauses and readings named come out like this."""

    __pydantic_config__ = STRICT

    id: Annotated[str, StringConstraints(pattern=r"^[VT][1-9]\d?[a-z]?(-[a-z]+)*$")]
    title: Words
    clauses: Annotated[tuple[ClauseKey, ...], Field(min_length=1)]
    given: Given
    expect: Expect
    readings: tuple[ReadingKey, ...] = ()
