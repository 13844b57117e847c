"""The small frozen facts that rules read: just what the clauses of sections 2, 5 and 6 need, and no row of a table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum, StrEnum


class StageNumber(IntEnum):
    """Exactly two stages: there is no third and nothing before the first [lgsco:6.20]."""

    ONE = 1
    TWO = 2


class Standing(StrEnum):
    """How a duty stands; kept in time, within a notified extension and late are never merged (reading R12)."""

    OPEN = "open"
    IN_TIME = "in_time"
    EXTENDED = "extended"
    LATE = "late"
    UNKNOWN = "unknown"
    VOID = "void"


class Ending(StrEnum):
    """Why a complaint has ended."""

    FINAL_RESPONSE = "final_response"
    WITHDRAWN = "withdrawn"
    ESCALATION_REFUSED = "escalation_refused"
    REFUSED = "refused"
    ROUTED = "routed"


class Outcome(StrEnum):
    """What was found on a point, or on the complaint as a whole."""

    UPHELD = "upheld"
    PARTIALLY_UPHELD = "partially_upheld"
    NOT_UPHELD = "not_upheld"
    RESOLVED = "resolved"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionFacts:
    """One extension: the new date, when the individual was told, and whether the limit was passed with good reason."""

    new_date: date
    told_on: date | None
    good_reason: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StageFacts:
    """One stage's dates. `received_on` is the complaint's receipt at stage 1 and the request's receipt at stage 2.

    `receipt_recorded`, `acknowledgement_recorded` and `response_recorded` are False when the source of these facts has
    no such dates at all, so that nothing is claimed about them; `received_on` is then the earliest date there is.
    """

    number: StageNumber
    received_on: date
    logged_on: date | None = None
    acknowledged_on: date | None = None
    responded_on: date | None = None
    extensions: tuple[ExtensionFacts, ...] = ()
    promised_on: date | None = None
    acknowledgement_possible: bool = True
    receipt_recorded: bool = True
    acknowledgement_recorded: bool = True
    response_recorded: bool = True


class ReviewKind(StrEnum):
    """What is looked at again: an adjustment that was agreed, or a restriction of contact."""

    ADJUSTMENT = "review_adjustment"
    RESTRICTION = "review_restriction"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewFacts:
    """One review: the day it was set, the day it is due, and the day it was held or what it was about ended.

    `number` tells the reviews of one kind on one complaint apart.
    """

    kind: ReviewKind
    number: int
    set_on: date
    due_on: date
    reviewed_on: date | None = None
    dropped_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """One step of a route elsewhere: its day, and the later day agreed with it where there is one."""

    on: date
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteFacts:
    """The route a complaint goes by: its scheme's key, the dates its clocks run from, and the steps taken there."""

    scheme: str
    received_on: date
    issue_or_awareness: date | None = None
    steps: Mapping[str, Taken]


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocation:
    """A stage given to somebody on a day, and the day they had it no longer."""

    stage: StageNumber
    on: date
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InTouch:
    """A day on which the individual heard from us, and whether that told them who has the complaint."""

    on: date
    introduces: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message that waits, or waited, for our reply; `number` tells those of one complaint apart."""

    number: int
    received_on: date
    answered_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """On a day it was agreed to be in touch every so many weeks."""

    on: date
    weeks: int


class AskedKind(StrEnum):
    """What somebody outside the two stages asks about a complaint, or its own handling or a hold on it asks for."""

    ENQUIRY = "answer_enquiry"
    DRAFT = "comment_on_draft"
    RECOMMENDATION = "comply_recommendation"
    HANDLING = "answer_handling"
    ASSESSMENT = "assess_handling"
    HOLD = "review_hold"
    RECTIFICATION = "answer_rectification"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One such thing: when it was asked, by when, and when it was met or what it was about was over.

    `due_on` is None for one whose period is the council's own. `cite` says who asks; `number` tells those of one kind
    apart.
    """

    kind: AskedKind
    number: int
    set_on: date
    due_on: date | None = None
    met_on: date | None = None
    dropped_on: date | None = None
    cite: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WithOmbudsman:
    """A time in which a complaint is with an Ombudsman; `until` is None while it is there still."""

    number: int
    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InformationFacts:
    """One question to a colleague, or to somebody else without a `colleague_id`, and the day its answer is due by.

    `number` tells the questions of one complaint apart. It is open until it is answered or withdrawn.
    """

    number: int
    asked_on: date
    due_on: date
    answered_on: date | None = None
    withdrawn_on: date | None = None
    colleague_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StandardsFacts:
    """What the council's own service standards look at.

    `professional` says that a professional representative is written to: the standards are then not owed. `told_on` is
    the day stage 1 was last answered by word of mouth, `confirmed_on` that of the letter that followed. `periods` are
    the policy's own, by standard, where it sets any.
    """

    allocations: tuple[Allocation, ...] = ()
    in_touch: tuple[InTouch, ...] = ()
    messages: tuple[Message, ...] = ()
    agreed: tuple[Agreed, ...] = ()
    professional: bool = False
    told_on: date | None = None
    confirmed_on: date | None = None
    periods: Mapping[str, int] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class RemedyFacts:
    """One remedy: when it was offered, by when it is owed, and when it was done or had to be given up.

    `number` tells those of one complaint apart; `owner_id` is the colleague who sees to it.
    """

    number: int
    offered_on: date
    due_on: date | None = None
    done_on: date | None = None
    dropped_on: date | None = None
    owner_id: int | None = None

    @property
    def over_on(self) -> date | None:
        """The day from which nothing of it is left to do."""
        return self.done_on or self.dropped_on


@dataclass(frozen=True, slots=True, kw_only=True)
class RemediesFacts:
    """The remedies of a complaint, and the days on which the individual heard from us."""

    each: tuple[RemedyFacts, ...]
    heard_on: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFacts:
    """One complaint's dates: its one or two stages, its reviews, when and how it ended, its route elsewhere, and what
    was asked of others for it.

    `standards` is None where nothing of them is looked at, as for a complaint from an old record; `remedies` is None
    where none was offered. `asked` is what an Ombudsman or an assessor asks, and `with_ombudsman` when it is with one.
    """

    one: StageFacts
    two: StageFacts | None = None
    ending: Ending | None = None
    ended_on: date | None = None
    reopened_on: date | None = None
    answered_again_on: date | None = None
    reviews: tuple[ReviewFacts, ...] = ()
    route: RouteFacts | None = None
    standards: StandardsFacts | None = None
    remedies: RemediesFacts | None = None
    information: tuple[InformationFacts, ...] = ()
    asked: tuple[Asked, ...] = ()
    with_ombudsman: tuple[WithOmbudsman, ...] = ()
