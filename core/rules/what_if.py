"""The two stages' own clocks over many complaints at once, under any policy: what would have been late, and when due.

The same rules as in `core.rules.duties`, on arrays of days in place of one case: both must always agree. An answer owed
again after reopening, telling a refusal, other laws' clocks and our own standards are no part of it. Nothing is stored.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from core.code.policy import Policy
from core.rules.facts import StageNumber, Standing
from core.rules.s6_stages import ACKNOWLEDGE, EXTEND, RESPOND
from core.rules.working_days import Days, WorkingDays

Flags = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.int8]

STANDINGS = tuple(Standing)
"""What a code stands for."""
_MISSING = np.datetime64("NaT")
_CODE = {standing: np.int8(code) for code, standing in enumerate(STANDINGS)}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Extensions:
    """Extensions in the order they were given in; `at` is the place of each one's stage among the stages."""

    at: npt.NDArray[np.int64]
    new_date: Days
    told_on: Days
    good_reason: Flags


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StageDays:
    """The facts of many stages of one number, a place for each. A day that is not known is NaT.

    `refused` and `routed` say how the complaint ended; `overtaken` that stage 2 was asked for after a stage 1.
    """

    number: StageNumber
    received: Days
    logged: Days
    acknowledged: Days
    responded: Days
    ended: Days
    refused: Flags
    routed: Flags
    overtaken: Flags
    can_acknowledge: Flags
    receipt_known: Flags
    acknowledgement_known: Flags
    response_known: Flags
    extensions: Extensions


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Judged:
    """One clock of many stages: the Code's or the policy's date, and how it stands as a place in `STANDINGS`."""

    due: Days
    standing: Codes


def judge(stages: StageDays, *, policy: Policy, calendar: WorkingDays) -> Mapping[str, Judged]:
    """Both clocks of these stages under a policy, by the clock's key [lgsco:6.3].

    A date past the last published bank holidays is NaT and its standing unknown.
    """
    after = partial(calendar.bulk_after, outside="missing")
    acknowledge = policy.period(ACKNOWLEDGE[stages.number]).value
    acknowledged_by = after(stages.received, acknowledge, deemed_next=policy.weekend_receipt_lenient)
    anchor = stages.acknowledged
    if not policy.late_acknowledgement_buys_time:
        anchor = np.minimum(anchor, acknowledged_by)
    anchor = np.where(np.isnat(stages.acknowledged), acknowledged_by, anchor)
    answer = policy.period(RESPOND[stages.number]).value
    due = after(anchor, answer)
    extended = _extended(stages.extensions, due, after(due, policy.period(EXTEND[stages.number]).value))
    standing = _answered(stages, due, extended, earliest=after(stages.received, answer))
    return {
        ACKNOWLEDGE[stages.number]: _judged(stages, acknowledged_by, _acknowledged(stages, acknowledged_by)),
        RESPOND[stages.number]: _judged(stages, due, standing),
    }


def _judged(stages: StageDays, due: Days, standing: Codes) -> Judged:
    """Another law's clocks take the place of the Code's; what cannot be counted is not judged."""
    standing = np.where(np.isnat(due), _CODE[Standing.UNKNOWN], standing)
    return Judged(due=due, standing=np.where(stages.routed, _CODE[Standing.VOID], standing))


def _extended(given: Extensions, due: Days, limit: Days) -> Days:
    """The latest date that a properly told extension reached, never before the target; NaT without one."""
    current, latest = due.copy(), np.full_like(due, _MISSING)
    for turn in _turns(given.at):
        at, new = given.at[turn], given.new_date[turn]
        counts = (given.told_on[turn] <= current[at]) & ((new <= limit[at]) | given.good_reason[turn])
        at, new = at[counts], new[counts]
        latest[at] = np.fmax(latest[at], new)
        current[at] = np.maximum(current[at], new)
    return np.maximum(latest, due)  # a missing day stays missing


def _turns(at: npt.NDArray[np.int64]) -> list[npt.NDArray[np.int64]]:
    """The first extension of every stage, then every second one, and so on: one stage never twice in a turn."""
    order = np.argsort(at, kind="stable")
    begins = np.flatnonzero(np.diff(at[order], prepend=-1))
    rank = np.arange(len(order)) - np.repeat(begins, np.diff(begins, append=len(order)))
    return [order[rank == turn] for turn in range(int(rank.max(initial=-1)) + 1)]


def _answered(stages: StageDays, due: Days, extended: Days, *, earliest: Days) -> Codes:
    """How the answer stands; the first condition that holds decides, in the order of the rules of one case."""
    met, given = stages.responded, stages.extensions
    none, has_any = np.isnat(met), np.zeros(met.shape, dtype=bool)
    has_any[given.at] = True
    untold = np.full_like(met, _MISSING)
    for turn in _turns(given.at):
        open_end = turn[np.isnat(given.told_on[turn])]
        untold[given.at[open_end]] = np.fmax(untold[given.at[open_end]], given.new_date[open_end])
    bare = np.isnat(stages.acknowledged) & ~stages.acknowledgement_known
    until = np.where(np.isnat(extended), due, extended)
    return _first(
        (~stages.receipt_known | (none & ~stages.response_known), Standing.UNKNOWN),
        *_unmet(none, stages, until),
        (bare & (met <= earliest), Standing.IN_TIME),
        (bare & (met > due) & ~has_any, Standing.LATE),
        (bare, Standing.UNKNOWN),
        (met <= due, Standing.IN_TIME),
        (met <= extended, Standing.EXTENDED),
        (met <= untold, Standing.UNKNOWN),
    )


def _acknowledged(stages: StageDays, due: Days) -> Codes:
    """How the acknowledgement stands; an answer without one is both (R8), and both days count (R7)."""
    both = np.isnat(stages.acknowledged) & stages.acknowledgement_known
    met = np.where(both, stages.responded, stages.acknowledged)
    met = np.where(np.isnat(met), met, np.fmax(met, stages.logged))
    none = np.isnat(met)
    return _first(
        (~stages.can_acknowledge | (stages.refused & none), Standing.VOID),
        (~(stages.acknowledgement_known & stages.receipt_known), Standing.UNKNOWN),
        *_unmet(none, stages, due),
        (met <= due, Standing.IN_TIME),
    )


def _unmet(none: Flags, stages: StageDays, due: Days) -> tuple[tuple[Flags, Standing], ...]:
    """What was not done: late once stage 2 overtook it (R17), open, or settled by the end of the complaint."""
    return (
        (none & stages.overtaken, Standing.LATE),
        (none & np.isnat(stages.ended), Standing.OPEN),
        (none & (stages.ended <= due), Standing.VOID),
        (none, Standing.LATE),
    )


def _first(*conditions: tuple[Flags, Standing]) -> Codes:
    """For each place the standing of the first condition that holds there; late where none does."""
    holds, codes = [holds for holds, _then in conditions], [_CODE[then] for _holds, then in conditions]
    return np.select(holds, codes, default=_CODE[Standing.LATE])
