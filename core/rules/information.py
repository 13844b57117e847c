"""Information asked of a colleague or of somebody else: owed to us, for our complaint, and never a date of the Code's.

Waiting for it stops no clock: the answer to the individual is due when it was due before anybody was asked.
"""

from __future__ import annotations

from functools import partial

from core.rules.facts import CaseFacts, InformationFacts, StageNumber, Standing
from core.rules.standards import OURS, Owed, Reckoning
from core.rules.working_days import WorkingDays

INFORMATION = "information"
TITLES = {INFORMATION: "Answer a question about a complaint"}
"""What such a duty asks for, as a button or a row says it."""

OF_A_COLLEAGUE, OF_SOMEBODY_ELSE = "lgsco:4.2", OURS


def clause_of(asked: InformationFacts) -> str:
    """A colleague of any seniority helps whoever answers; what a contractor owes stands in its contract [lgsco:4.2]."""
    return OF_A_COLLEAGUE if asked.colleague_id is not None else OF_SOMEBODY_ELSE


def standing_of(asked: InformationFacts, case: CaseFacts) -> Standing:
    """How a question stands: in time on the day it was due; nothing is owed once it is withdrawn or the complaint ends.

    What was late by then stays late.
    """
    if asked.answered_on is not None:
        return Standing.IN_TIME if asked.answered_on <= asked.due_on else Standing.LATE
    over = min((day for day in (asked.withdrawn_on, case.ended_on) if day is not None), default=None)
    if over is None:
        return Standing.OPEN
    return Standing.VOID if over <= asked.due_on else Standing.LATE


def begun(case: CaseFacts) -> tuple[Reckoning, ...]:
    """What was asked of others for this case, by a day that was set with them [lgsco:4.2]."""
    return tuple(partial(_owed, each, case) for each in case.information)


def _owed(asked: InformationFacts, case: CaseFacts, _calendar: WorkingDays) -> Owed:
    return Owed(
        kind=INFORMATION,
        stage=stage_of(asked, case),
        cite=clause_of(asked),
        start_on=asked.asked_on,
        due_on=asked.due_on,
        met_on=asked.answered_on,
        standing=standing_of(asked, case),
        number=asked.number,
        owner_id=asked.colleague_id,
    )


def link_over(*, answered: bool, withdrawn: bool, ended: bool, run_out: bool) -> str:
    """Why a link to answer by works no longer, for whoever opened it; "" while it works."""
    if answered:
        return "An answer has been sent already. If it was yours, it has arrived and there is nothing left to do."
    if withdrawn:
        return "The question has been taken back. No answer is needed any more."
    if ended:
        return "A newer link has taken the place of this one. Use the newer one, or ask whoever sent it."
    return "This link has run out. Ask whoever sent it for a new one." if run_out else ""


def stage_of(asked: InformationFacts, case: CaseFacts) -> StageNumber:
    """The stage the complaint was at when it was settled; the one it is at now while it is open."""
    over = asked.answered_on or asked.withdrawn_on
    early = case.two is None or (over is not None and over < case.two.received_on)
    return StageNumber.ONE if early else StageNumber.TWO
