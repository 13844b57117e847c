"""What somebody outside asks of the council about a complaint: an Ombudsman's dates, and an independent assessor's.

None of it is a clock of the Code, and none reopens a stage: the two are over or go on as they were [lgsco:6.20].
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import partial
from types import MappingProxyType

from core.code.catalogue import STANDARDS
from core.rules.facts import Asked, AskedKind, CaseFacts, StageNumber, Standing
from core.rules.standards import OURS, Owed, Reckoning
from core.rules.working_days import WorkingDays

TITLES = {
    AskedKind.ENQUIRY.value: "Answer the Ombudsman’s enquiry",
    AskedKind.DRAFT.value: "Comment on the Ombudsman’s draft decision",
    AskedKind.RECOMMENDATION.value: "Comply with a recommendation",
    AskedKind.HANDLING.value: "Answer a complaint about our handling",
    AskedKind.ASSESSMENT.value: "Have our handling assessed independently",
    AskedKind.HOLD.value: "Review a hold on the record",
    AskedKind.RECTIFICATION.value: "Answer a request to correct or erase data",
}
"""What each of them asks for, as a row of the queue says it."""

OWN = frozenset({AskedKind.HANDLING.value, AskedKind.ASSESSMENT.value, AskedKind.HOLD.value})
"""The kinds that the council asks of itself; somebody else set the day of the others."""


class CommentGround(StrEnum):
    """Why a council writes back about a draft decision."""

    LAW = "error of law"
    FACT = "error of fact"
    CANNOT = "it cannot be delivered"
    TIME = "more time is needed"
    NONE = "no comment"


class RecommendationKind(StrEnum):
    """Whom a recommendation is for: the individual, or everybody who uses the service."""

    PERSONAL = "personal remedy"
    SERVICE = "service improvement"


class HandlingOutcome(StrEnum):
    """What an independent assessor found about how a complaint was handled."""

    UPHELD = "upheld"
    PARTLY = "upheld in part"
    NOT_UPHELD = "not upheld"


def begun(case: CaseFacts, *, periods: Mapping[str, int] = MappingProxyType({})) -> tuple[Reckoning, ...]:
    """What is asked of this case from outside, each still to be counted on a calendar.

    `periods` are those of our own that the policy has set otherwise.
    """
    return tuple(partial(_owed, each, case, periods) for each in case.asked)


def _owed(asked: Asked, case: CaseFacts, periods: Mapping[str, int], calendar: WorkingDays) -> Owed:
    """One date: met, dropped because what it was about is over, or open. It is owed after the last answer too."""
    kind = asked.kind.value
    days = periods.get(kind, STANDARDS[kind].value) if asked.due_on is None else 0
    due = calendar.after(asked.set_on, days) if asked.due_on is None else asked.due_on
    over = asked.met_on or asked.dropped_on
    if over is None:
        standing = Standing.OPEN
    elif over > due:
        standing = Standing.LATE
    else:
        standing = Standing.IN_TIME if asked.met_on is not None else Standing.VOID
    early = case.two is None or (over is not None and over < case.two.received_on)
    return Owed(
        kind=kind,
        stage=StageNumber.ONE if early else StageNumber.TWO,
        start_on=asked.set_on,
        days=days,
        due_on=due,
        met_on=asked.met_on,
        standing=standing,
        number=asked.number,
        cite=asked.cite or OURS,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class AtTheOmbudsman:
    """What is known of one complaint at an Ombudsman, as far as it decides what comes next."""

    linked: bool
    respond_by: date | None
    answered_on: date | None
    draft_on: date | None
    commented_on: date | None
    decided_on: date | None
    closed_on: date | None
    still_to_comply: int


_STEPS: tuple[tuple[str, Callable[[AtTheOmbudsman], bool]], ...] = (
    ("AnswerEnquiry", lambda at: at.respond_by is not None and at.answered_on is None and at.decided_on is None),
    ("CommentOnDraft", lambda at: at.draft_on is not None and at.commented_on is None and at.decided_on is None),
    ("AddRecommendation", lambda at: at.decided_on is not None and at.linked),
    ("RecordDraftDecision", lambda at: at.decided_on is None),
    ("RecordOmbudsmanDecision", lambda _at: True),
    ("LinkOmbudsmanCase", lambda at: not at.linked),
    ("CloseOmbudsmanCase", lambda at: at.decided_on is not None and not at.still_to_comply),
)


def steps_at(at: AtTheOmbudsman) -> tuple[str, ...]:
    """The steps that are open now, the likeliest first; a closed one has none."""
    if at.closed_on is not None:
        return ()
    return tuple(step for step, is_open in _STEPS if is_open(at))


def handling_steps(*, answered: bool, referred: bool, assessed: bool) -> tuple[str, ...]:
    """The one step open for a complaint about our handling: answer, then refer, then assess, and nothing after."""
    if assessed:
        return ()
    if referred:
        return ("RecordAssessment",)
    return ("ReferToAssessor",) if answered else ("AnswerHandlingComplaint",)
