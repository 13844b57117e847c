"""Checking quality: DrawSample, RecordCheck and AcknowledgeFeedback."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from secrets import randbelow

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import col, select

from core.code.quality import CHECKLIST
from core.commands.base import TEXT_LIMIT, Command, Work, asks, handles
from core.errors import BadInput, StepNotOpen
from core.events.base import Event
from core.events.quality import FeedbackAcknowledged, QualityChecked, SampleDrawn
from core.model.quality import QualityCheck, QualityItem, QualitySample, SampledCase
from core.permissions import Permission
from core.rules.quality import Mark, checked_by_somebody_else, draw, passes
from core.rules.working_days import months_after
from core.store.facts import ident
from core.store.quality import AnsweredStage, answered_in, hands_on
from core.store.scope import seen_among
from core.words import month_words

_SEEDS = 1_000_000
_MOST = 500  # complaints of a sample


class DrawSample(Command):
    """Draw the complaints that are checked for a month, by lot and of every kind."""

    needs = Permission.QUALITY
    clauses = ("lgsco:9.4",)
    title = "Draw a month’s sample"
    gist = (
        "By lot, in proportion to service, handler, outcome and whose doing it was, with at least one of each kind "
        "where there is room. The number it was drawn with is kept, so that anybody can draw it again."
    )

    month: date = asks("Any day of the month", widget="date")
    size: int = asks("How many complaints", widget="number", ge=1, le=_MOST)
    seed: int | None = asks(
        "The number for the draw",
        help="Leave it empty for a fresh one.",
        widget="number",
        default=None,
        ge=1,
        le=_SEEDS,
    )


@handles(DrawSample)
def draw_sample(command: DrawSample, work: Work) -> Sequence[Event]:
    """Draw a sample of each kind of answered complaint, with the number that draws it again [lgsco:9.4]."""
    first = command.month.replace(day=1)
    answered = _answered(first, work)
    strata: dict[tuple[str, ...], list[int]] = {}
    for each in answered.values():
        strata.setdefault(each.kind, []).append(each.complaint_id)
    seed = command.seed or randbelow(_SEEDS) + 1
    drawn = [answered[each] for each in draw(strata, size=command.size, seed=seed)]
    sample = QualitySample(
        month=first,
        size=command.size,
        seed=seed,
        answered=len(answered),
        strata=len(strata),
        drawn_on=work.today,
        drawn_by=work.actor.id or None,
    )
    work.session.add(sample)
    work.session.flush()
    number = ident(sample.id)
    work.session.add_all(
        SampledCase(
            sample_id=number, complaint_id=each.complaint_id, stage_number=each.number, handler_id=each.handler_id
        )
        for each in drawn
    )
    return [SampleDrawn(month=first, size=len(drawn), answered=len(answered), seed=seed)]


def _answered(first: date, work: Work) -> dict[int, AnsweredStage]:
    """What was answered in a month that is over and has no sample yet; BadInput for any other month."""
    name, until = month_words(first), months_after(first, 1)
    if until > work.today:
        raise BadInput(f"{name} is not over yet. Choose a month that is.", {"month": "Choose a month that is over."})
    if work.session.exec(select(QualitySample).where(col(QualitySample.month) == first)).first() is not None:
        raise BadInput(f"The sample of {name} is drawn already. Check what is on it.", {"month": "Drawn already."})
    answered = answered_in(work.session.connection(), first=first, until=until)
    if not answered:
        raise BadInput(
            f"No complaint was answered in {name}, so there is nothing to check. Choose another month.",
            {"month": "Nothing was answered in this month."},
        )
    return {each.complaint_id: each for each in answered}


class ItemMark(BaseModel):
    """What was found on one item of the checklist."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    item: str = Field(max_length=60)
    mark: Mark | None = None
    words: str = Field(default="", max_length=2_000)


class RecordCheck(Command):
    """Check one complaint of the sample, item by item. Never one's own."""

    needs = Permission.QUALITY
    clauses = ("lgsco:9.4",)
    title = "Record the check"
    gist = "Each item is met, not met or does not apply. What is not met says in words what was missing."

    sampled_id: int = asks("Which complaint of the sample", widget="choice", options="sampled")
    marks: tuple[ItemMark, ...] = asks("Each item", widget="checklist", default=())
    words: str = asks(
        "What the handler should know",
        help="What was done well belongs here too.",
        widget="area",
        default="",
        max_length=TEXT_LIMIT,
    )


@handles(RecordCheck)
def record_check(command: RecordCheck, work: Work) -> Sequence[Event]:
    """Check how a complaint was handled, by somebody who had no hand in it [lgsco:9.4]."""
    sampled = _sampled(command.sampled_id, work)
    sample = work.session.get_one(QualitySample, sampled.sample_id)
    hands = hands_on(work.session.connection(), [sampled.complaint_id])[sampled.complaint_id]
    for finding in checked_by_somebody_else(work.actor.id, hands):
        raise StepNotOpen(finding.sentence)
    if work.session.exec(select(QualityCheck).where(col(QualityCheck.sampled_id) == sampled.id)).first() is not None:
        raise StepNotOpen("This complaint is checked already. Open the Quality page again to see what was found.")
    marks = _marks(command.marks)
    passed = passes(each.mark for each in marks.values() if each.mark is not None)
    check = QualityCheck(
        sampled_id=ident(sampled.id),
        checked_on=work.today,
        checked_by=work.actor.id or None,
        passed=passed,
        words=command.words,
    )
    work.session.add(check)
    work.session.flush()
    work.session.add_all(
        QualityItem(check_id=ident(check.id), item=key, mark=str(each.mark), words=each.words)
        for key, each in marks.items()
    )
    failed = tuple(CHECKLIST[key].title for key, each in marks.items() if each.mark is Mark.NOT_MET)
    return [
        QualityChecked(
            complaint_id=sampled.complaint_id, month=sample.month, passed=passed, not_met=failed, words=command.words
        )
    ]


def _sampled(sampled_id: int, work: Work) -> SampledCase:
    """A complaint of a sample that this person sees; BadInput for any other."""
    found = work.session.get(SampledCase, sampled_id)
    if found is None or not seen_among(work.session.connection(), work.actor, [found.complaint_id]):
        raise BadInput("That complaint is not on a sample. Choose one from the list.", {"sampled_id": "Choose one."})
    return found


def _marks(given: Sequence[ItemMark]) -> dict[str, ItemMark]:
    """A mark for every item of the checklist, in its order; BadInput naming what is missing."""
    by_key = {each.item: each for each in given}
    unknown = [each.item for each in given if each.item not in CHECKLIST]
    if unknown or len(by_key) != len(given):
        raise BadInput("The checklist has changed meanwhile. Open the check again.")
    open_items = [item.title for key, item in CHECKLIST.items() if key not in by_key or by_key[key].mark is None]
    if open_items:
        raise BadInput(
            f"Nothing is said yet on: {'; '.join(open_items)}. Choose met, not met or does not apply for each.",
            {"marks": "Choose one for each item."},
        )
    silent = [CHECKLIST[key].title for key, each in by_key.items() if each.mark is Mark.NOT_MET and not each.words]
    if silent:
        raise BadInput(
            f"Say in words what was missing on: {'; '.join(silent)}.", {"marks": "What is not met needs a few words."}
        )
    if all(each.mark is Mark.NOT_APPLICABLE for each in by_key.values()):
        raise BadInput(
            "Nothing on the list applies to this complaint, so nothing was checked. Look at the items again.",
            {"marks": "At least one item has to apply."},
        )
    return {key: by_key[key] for key in CHECKLIST}


class AcknowledgeFeedback(Command):
    """Say that one has read what a check of one's own work found."""

    needs = Permission.HANDLE
    clauses = ("lgsco:9.8",)
    title = "I have read this"
    gist = "Feedback is heard once it is acknowledged. What you make of it can stand beside it."

    check_id: int = asks("Which check", widget="choice", options="feedback")
    reply: str = asks("What you make of it", widget="area", default="", max_length=TEXT_LIMIT)


@handles(AcknowledgeFeedback)
def acknowledge_feedback(command: AcknowledgeFeedback, work: Work) -> Sequence[Event]:
    """Let the colleague whose work was checked say that they heard it [lgsco:9.8]."""
    check = work.session.get(QualityCheck, command.check_id)
    sampled = work.session.get(SampledCase, check.sampled_id) if check is not None else None
    if check is None or sampled is None or not (work.actor.whole or sampled.handler_id == work.actor.id):
        raise BadInput("That is not feedback on your own work. Choose one from your list.", {"check_id": "Choose one."})
    if check.acknowledged_on is not None:
        raise StepNotOpen("You have acknowledged this already. There is nothing more to do.")
    check.acknowledged_on, check.reply = work.today, command.reply
    sample = work.session.get_one(QualitySample, sampled.sample_id)
    return [FeedbackAcknowledged(complaint_id=sampled.complaint_id, month=sample.month, reply=command.reply)]
