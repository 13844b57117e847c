"""Stage 2 of a story: it is asked for, refused or opened, given to someone new, and answered for good."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from core.code.catalogue import SCHEMES
from core.commands.ending import Reopen
from core.commands.recording import AddNote
from core.commands.stage_two import AcknowledgeStageTwo, AssignStageTwo, OpenStageTwo, RefuseEscalation, RespondFinal
from core.demo.considering import consider, take_up
from core.demo.learning import taught
from core.demo.refusing import said
from core.demo.story import Story
from core.model.complaints import Channel
from core.rules.facts import Outcome, StageNumber

_BY = (Channel.EMAIL, Channel.PHONE, Channel.WEB, Channel.LETTER)


def tell_stage_two(story: Story) -> None:
    """Everything from the request for stage 2 on; nothing when nobody asks."""
    course = story.course
    answered_on = story.owed(1) if course.unanswered else story.stages[1].responded_on
    if course.asked is None or answered_on is None:
        return
    asked_on = story.not_before_now(story.shift(answered_on, course.asked))
    if course.refused is not None:
        _refuse(story, asked_on, course.refused)
        if course.overturned is None:
            return
        asked_on = story.shift(story.day, course.overturned)
        story.act(asked_on, story.cast.manager, AddNote, text=story.writer.phrase("stage_two", "changed_mind"))
    _open(story, asked_on)
    reviewer = _begin(story, asked_on)
    if course.acknowledged_two is not None:
        take_up(story, 2, reviewer)
    for kind in course.extended_two:
        story.extend(2, kind, reviewer)
    if course.answered_two is None:
        return
    _answer(story, reviewer, story.not_before_now(story.shift(story.owed(2), course.answered_two)))
    if course.reopened_two is not None:
        _answer_again(story, reviewer, course.reopened_two)


# ------------------------------------------------------------------------------------------------------ asked for


def _refuse(story: Story, asked_on: date, steps: int) -> None:
    day = story.shift(asked_on, steps)
    blanket = story.course.no_circumstances
    story.act(
        day,
        story.random.choice(story.cast.reviewers),
        RefuseEscalation,
        requested_on=asked_on,
        circumstances="" if blanket else story.writer.one_of("refusals", "circumstances"),
        good_reason=story.reason("no_circumstances") if blanket else None,
        **said(story, "stage_two", told_on=day),
    )


def _open(story: Story, asked_on: date) -> None:
    story.act(
        asked_on,
        story.handler,
        OpenStageTwo,
        requested_on=asked_on,
        channel=story.random.choice(_BY),
        still_wrong=story.writer.one_of("stage_two", "still_wrong"),
        good_reason=story.reason("no_answer_yet") if story.course.unanswered else None,
    )
    story.remember(2, received_on=asked_on, logged_on=asked_on)


# ------------------------------------------------------------------------------------ given to someone, acknowledged


def _begin(story: Story, asked_on: date) -> str:
    """Assign and acknowledge stage 2, whichever comes first; who considers it."""
    course = story.course
    reviewer = story.handler if course.same_hands else story.random.choice(story.cast.reviewers)
    steps: list[tuple[int | None, Callable[[Story, str, date], None]]] = [
        (course.assigned_two, _assign),
        (course.acknowledged_two, _acknowledge),
    ]
    taken = [(after, take) for after, take in steps if after is not None]
    for after, take in sorted(taken, key=lambda step: step[0]):
        take(story, reviewer, story.not_before_now(story.shift(asked_on, after)))
    if not course.same_hands:
        return reviewer
    other = next(name for name in story.cast.reviewers if name != reviewer)
    _assign(story, other, story.shift(story.day, story.some("next_entry")))
    return other


def _assign(story: Story, reviewer: str, day: date) -> None:
    story.act(
        day,
        story.cast.manager,
        AssignStageTwo,
        colleague_id=story.cast.colleague_ids[reviewer],
        good_reason=story.reason("same_hands") if reviewer == story.handler else None,
    )


def _acknowledge(story: Story, reviewer: str, day: date) -> None:
    late = day > story.acknowledgement_owed(2)
    left_out = story.course.issues_left_out
    excuse = "issues_left_out" if left_out else "late_acknowledgement_two" if late else ""
    story.act(
        day,
        reviewer if story.course.assigned_two is not None else story.handler,
        AcknowledgeStageTwo,
        acknowledged_on=day,
        understanding="" if left_out else story.writer.one_of("stage_two", "outstanding"),
        outcomes_sought=story.writer.one_of("stage_two", "outcomes"),
        good_reason=story.reason(excuse) if excuse else None,
    )
    story.remember(2, acknowledged_on=day)


# -------------------------------------------------------------------------------------------------- answered for good


def _answer(story: Story, reviewer: str, day: date) -> None:
    consider(story, 2, reviewer, day)
    silent = story.course.no_efforts
    excuse = "no_efforts" if silent else "late_final" if day > story.owed(2) else ""
    _respond(story, reviewer, day, story.outcome(2), good_reason=story.reason(excuse) if excuse else None)
    story.remember(2, responded_on=day)


def _answer_again(story: Story, reviewer: str, steps: int) -> None:
    reopened_on = story.shift(story.day, steps)
    story.act(reopened_on, reviewer, Reopen, reopened_on=reopened_on, why=story.writer.one_of("entries", "reopened"))
    if story.course.again_two is None:
        return
    day = story.shift(reopened_on, story.course.again_two)
    late = day > story.answer_again_owed(StageNumber.TWO, reopened_on)
    _respond(story, reviewer, day, Outcome.UPHELD, good_reason=story.reason("late_again") if late else None)


def _respond(story: Story, reviewer: str, day: date, outcome: Outcome, *, good_reason: str | None) -> None:
    writer = story.writer
    fault = outcome is not Outcome.NOT_UPHELD
    because = writer.phrase("stage_two", "upheld" if fault else "not_upheld", because=writer.because(outcome))
    decisions = {Outcome.NOT_UPHELD: "decision_not_upheld", Outcome.PARTIALLY_UPHELD: "decision_partly"}
    story.act(
        day,
        reviewer,
        RespondFinal,
        sent_on=day,
        understanding=writer.one_of("letters", "understanding"),
        efforts_to_understand="" if story.course.no_efforts else writer.one_of("stage_two", "efforts"),
        answers=story.answers(outcome, because),
        decision=writer.phrase("stage_two", decisions.get(outcome, "decision_upheld")),
        reasons=writer.one_of("stage_two", "reasons"),
        remedy=writer.remedy(outcome),
        outstanding_actions=writer.one_of("letters", "all_done"),
        ombudsman=_signpost(),
        **taught(story, outcome),
        good_reason=good_reason,
    )


def _signpost() -> str:
    ombudsman = SCHEMES["lgsco"].ombudsman
    if ombudsman is None:
        raise RuntimeError("The catalogue names no Ombudsman for this scheme.")
    return f"You can take this to the {ombudsman.name}: {ombudsman.phone}, {ombudsman.web}, {ombudsman.post}."
