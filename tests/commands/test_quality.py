"""The month's sample, checks by somebody else, and feedback that is heard."""

from __future__ import annotations

from dataclasses import replace

from core.code.quality import CHECKLIST
from core.commands.quality import AcknowledgeFeedback, DrawSample, RecordCheck
from core.desk import Desk
from core.errors import BadInput, StepNotOpen
from core.permissions import Role
from core.queries.quality import own_feedback, quality_figures, quality_samples
from core.rules.quality import Mark
from tests.builders import ANSWERED, Story, day
from tests.commands.refusals import refused
from tests.conftest import Desks
from tests.quality import AFTER_IT, MONTH, all_met, checked, sampled, sampled_month


def test_E8_the_sample_is_of_a_month_that_is_over_and_is_drawn_once(story: Story, desks: Desks) -> None:
    answered = story.answered()
    early = DrawSample(month=ANSWERED, size=2)
    with refused(story, BadInput, "September 2026 is not over yet"):
        desks.quality.do(early)
    with refused(story, BadInput, "No complaint was answered in August 2026"):
        desks.quality.do(DrawSample(month=day("2026-08-12"), size=2))
    hidden = story.answered()
    story.keep_confidential(hidden)
    story.on(AFTER_IT)
    desks.quality.do(DrawSample(month=ANSWERED, size=5, seed=7))
    (sample,) = desks.quality.ask(quality_samples)
    assert [each.reference for each in sample.cases] == [answered]
    assert (sample.month, sample.size, sample.seed, sample.answered, sample.strata) == (MONTH, 5, 7, 1, 1)
    with refused(story, BadInput, "is drawn already"):
        desks.quality.do(DrawSample(month=ANSWERED, size=2))


def test_E8_the_handler_cannot_check_their_own_work(story: Story, desks: Desks) -> None:
    """Not even with the role for it, nor after the complaint was given to somebody else [lgsco:9.4]."""
    number = sampled(story)
    moved = Desk(story.office, replace(desks.handler.actor, role=Role.QUALITY))
    (sample,) = moved.ask(quality_samples)
    assert [each.own for each in sample.cases] == [True]
    assert [each.own for each in desks.quality.ask(quality_samples)[0].cases] == [False]
    with refused(story, StepNotOpen, "You had this complaint in your own hands"):
        moved.do(RecordCheck(sampled_id=number, marks=all_met()))


def test_E8_each_item_gets_a_mark_and_what_is_not_met_words(story: Story, desks: Desks) -> None:
    number = sampled(story)
    with refused(story, BadInput, "Nothing is said yet on: Plain English"):
        marks = tuple(each for each in all_met() if each.item != "plain")
        desks.quality.do(RecordCheck(sampled_id=number, marks=marks))
    with refused(story, BadInput, "Say in words what was missing on: The way on is told"):
        desks.quality.do(RecordCheck(sampled_id=number, marks=all_met(next_step=(Mark.NOT_MET, " "))))
    with refused(story, BadInput, "nothing was checked"):
        none = {key: (Mark.NOT_APPLICABLE, "") for key in CHECKLIST}
        desks.quality.do(RecordCheck(sampled_id=number, marks=all_met(**none)))
    with refused(story, BadInput, "not on a sample"):
        desks.quality.do(RecordCheck(sampled_id=number + 1, marks=all_met()))
    desks.quality.do(RecordCheck(sampled_id=number, marks=all_met()))
    with refused(story, StepNotOpen, "checked already"):
        desks.quality.do(RecordCheck(sampled_id=number, marks=all_met()))


def test_E9_what_a_check_found_reaches_the_handler_who_says_so(story: Story, desks: Desks) -> None:
    """And nobody else: feedback on another's work can neither be read nor acknowledged [lgsco:9.8]."""
    number = checked(story, plain=(Mark.NOT_MET, "The second page is in the contract's words."))
    (told,) = desks.handler.ask(own_feedback)
    assert told.not_met == (("Plain English and a human tone", "The second page is in the contract's words."),)
    assert (told.passed, told.words, told.checked_by, told.acknowledged_on) == (
        False, "Kind and clear.", "Quinn Quality", None,
    )  # fmt: skip
    assert desks.other_handler.ask(own_feedback) == ()
    with refused(story, BadInput, "not feedback on your own work"):
        desks.other_handler.do(AcknowledgeFeedback(check_id=number))
    done = desks.handler.do(AcknowledgeFeedback(check_id=number, reply="Fair."))
    assert done.sentences == ("Read what the check for September 2026 found. Fair.",)
    (told,) = desks.handler.ask(own_feedback)
    assert (told.acknowledged_on, told.reply) == (AFTER_IT, "Fair.")
    with refused(story, StepNotOpen, "acknowledged this already"):
        desks.handler.do(AcknowledgeFeedback(check_id=number))


def test_KPI_28_passed_over_checked_as_a_whole_and_by_item(story: Story, desks: Desks) -> None:
    story.answered()
    story.answered()
    sampled_month(story)
    desks.quality.do(DrawSample(month=MONTH, size=3, seed=1))
    one, two, _three = (row["id"] for row in story.rows("sampled_case"))
    desks.quality.do(RecordCheck(sampled_id=one, marks=all_met(remedy=(Mark.NOT_APPLICABLE, ""))))
    desks.quality.do(RecordCheck(sampled_id=two, marks=all_met(plain=(Mark.NOT_MET, "Jargon."))))
    found = desks.member.ask(quality_figures)
    assert (found.sampled, found.checked, found.passed, found.acknowledged) == (3, 2, 1, 0)
    counts = {each.title: (each.met, each.not_met) for each in found.items}
    assert counts["The remedy fits the harm"] == (1, 0)
    assert counts["Plain English and a human tone"] == (1, 1)
    assert set(counts.values()) == {(2, 0), (1, 0), (1, 1)}
    assert desks.member.ask(quality_figures, first_month=day("2026-10-01")).sampled == 0
