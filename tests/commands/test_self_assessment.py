"""The self-assessment: one at a time, each answer a version of its own, frozen texts, and who signs them."""

from __future__ import annotations

import pytest

from core.commands.self_assessment import FreezeAssessment, RecordLargeChange
from core.commands.standards import AdoptStandards
from core.errors import BadInput, ChangedMeanwhile, NotFound, NotPermitted, StepNotOpen
from core.queries.self_assessment import answers_given, assessment_owed, assessment_view, assessments, frozen_text
from core.rules.s8_reporting import Follows, LargeChange, SignOff, WhyAssessed
from tests.assessing import YEAR, answer, answered, contents, freeze, frozen, opened, sign
from tests.builders import Story, day
from tests.commands.refusals import refused
from tests.conftest import Desks

LATER = (day("2026-04-01"), day("2026-09-01"))


def test_8_1a_one_assessment_for_a_reason_is_open_at_a_time_under_each_code(story: Story, desks: Desks) -> None:
    number = opened(story)
    with refused(story, StepNotOpen, "over Tue 1 April 2025 to Tue 31 March 2026 is still open"):
        opened(story)
    with refused(story, BadInput, "comes before its first"):
        opened(story, period=(YEAR[1], YEAR[0]))
    with refused(story, BadInput, "Nobody here"):
        opened(story, scheme="hos", owner_id=999)
    other = opened(story, scheme="hos")
    lines = desks.member.ask(assessments)
    assert [(line.id, line.scheme, line.owner, line.rows_answered) for line in lines] == [
        (other, "hos", "Mona Manager", 0),
        (number, "lgsco", "Mona Manager", 0),
    ]


def test_A_2_a_no_without_action_owner_and_date_is_refused(story: Story, desks: Desks) -> None:
    """Each sentence stands by its field; with all of them the answer is kept [lgsco:8.1a]."""
    number = opened(story)
    with refused(story, BadInput) as caught:
        answer(story, number, "lgsco:6.2", follows=Follows.NO)
    assert set(caught.value.fields) == {"commentary", "action", "owner_id", "due_on"}  # type: ignore[attr-defined]
    given = {"commentary": "One inbox.", "action": "A shared inbox.", "owner_id": 1, "due_on": day("2027-01-11")}
    answer(story, number, "lgsco:6.2", follows=Follows.NO, service_ids=(2, 1, 2), **given)
    held = desks.member.ask(assessment_view, number).answers["lgsco:6.2"]
    assert (held.follows, held.owner, held.services) == (
        Follows.NO, "Robin Recorder", ("Housing repairs", "Waste and recycling"),
    )  # fmt: skip
    with refused(story, BadInput, "Choose services"):
        answer(story, number, "1", service_ids=(99,))
    with refused(story, BadInput, "no such row or clause"):
        answer(story, number, "10")


def test_A_1_two_officers_at_once_never_overwrite_each_other(story: Story, desks: Desks) -> None:
    """The second reads what the first wrote, and may then follow it with an answer of their own [lgsco:8.1a]."""
    number = opened(story)
    answer(story, number, "2", by=desks.quality, commentary="Reviewed in May.")
    with refused(story, ChangedMeanwhile, "Quinn Quality answered this meanwhile with “yes”: “Reviewed in May.”"):
        answer(story, number, "2", by=desks.link_officer, answered_version=0, commentary="Looked at it.")
    with refused(story, BadInput, "no answer yet"):
        answer(story, number, "3", answered_version=4)
    answer(story, number, "2", by=desks.link_officer, commentary="Both of us looked.")
    versions = desks.manager.ask(answers_given, number, "2")
    assert [(each.version, each.answered_by, each.commentary) for each in versions] == [
        (2, "Lena Link", "Both of us looked."),
        (1, "Quinn Quality", "Reviewed in May."),
    ]


def test_A_1_it_is_frozen_when_the_ten_rows_are_answered_and_stays_as_it_was(story: Story, desks: Desks) -> None:
    number = opened(story)
    with refused(story, StepNotOpen, "Answer each of the ten rows first. Still open: 1 Requests and complaints, 2 "):
        freeze(story, number)
    for row in ("1", "2", "3", "4", "5", "6-1", "6-2", "7", "8", "9"):
        answer(story, number, row)
    told = contents(desks.manager, number)
    answer(story, number, "9", commentary="Someone wrote meanwhile.")
    with refused(story, ChangedMeanwhile, "nothing was frozen"):
        desks.manager.do(FreezeAssessment(assessment_id=number, contents=told))
    freeze(story, number)
    (text,) = desks.member.ask(assessment_view, number).texts
    before = desks.member.ask(frozen_text, text.id)
    answer(story, number, "9", follows=Follows.NONE, commentary="And again.")
    assert desks.member.ask(frozen_text, text.id) == before
    with pytest.raises(NotFound):
        desks.member.ask(frozen_text, 99)


def test_A_1_it_is_signed_by_its_owner_then_the_senior_lead_then_the_governing_body(story: Story, desks: Desks) -> None:
    """One after the other, under the newest frozen text; the last signature closes it [lgsco:8.2]."""
    number = answered(story)
    with refused(story, StepNotOpen, "Nothing is frozen yet"):
        sign(story, number, SignOff.OWNER)
    freeze(story, number)
    with refused(story, StepNotOpen, "Next to sign is whoever answers for it"):
        sign(story, number, SignOff.SENIOR_LEAD)
    with refused(story, NotPermitted, "Mona Manager answers for this"):
        sign(story, number, SignOff.OWNER, by=desks.senior_lead)
    sign(story, number, SignOff.OWNER)
    with refused(story, NotPermitted, "Only the senior lead"):
        sign(story, number, SignOff.SENIOR_LEAD, by=desks.manager)
    sign(story, number, SignOff.SENIOR_LEAD)
    with refused(story, BadInput, "Give its response."):
        sign(story, number, SignOff.GOVERNING_BODY, response=" ")
    sign(story, number, SignOff.GOVERNING_BODY)
    with refused(story, StepNotOpen, "has signed this self-assessment"):
        answer(story, number, "1")
    view = desks.member.ask(assessment_view, number)
    assert view.line.closed_on == story.clock.now.date()
    assert [each.committee for each in view.texts[0].signatures] == ["", "", "Scrutiny Committee"]
    assert view.texts[0].next is None


def test_A_1_an_answer_after_a_signature_needs_a_new_text_that_is_signed_anew(story: Story, desks: Desks) -> None:
    number = frozen(story)
    sign(story, number, SignOff.OWNER)
    answer(story, number, "1", commentary="More.")
    freeze(story, number)
    newest, older = desks.manager.ask(assessment_view, number).texts
    assert (newest.next, older.next) == (SignOff.OWNER, SignOff.SENIOR_LEAD)


def test_8_3_a_large_change_or_a_new_policy_owes_an_assessment_until_one_is_opened(story: Story, desks: Desks) -> None:
    """And so does a year that is over [lgsco:8.3]."""
    owed = [each.why for each in desks.manager.ask(assessment_owed)]
    assert owed == [WhyAssessed.YEARLY]
    number = opened(story)
    assert desks.manager.ask(assessment_owed) == ()
    told = {"kind": LargeChange.MERGER, "changed_on": day("2026-09-01"), "what": "Two districts became one."}
    desks.senior_lead.do(RecordLargeChange(**told))
    resolved = "The cabinet, minute 4 of 1 September"
    desks.manager.do(AdoptStandards(kept=True, in_force_from=day("2026-10-01"), resolution=resolved))
    sentences = [each.sentence for each in desks.manager.ask(assessment_owed)]
    assert sentences == [
        "Since a merger on Tue 1 September 2026 no self-assessment was opened.",
        "The complaints policy has 1 version more than when it was last assessed.",
    ]
    answer(story, number, "7", commentary="Since last year.")
    opened(story, period=LATER, why=WhyAssessed.MERGER)
    assert desks.manager.ask(assessment_owed) == ()
    view = desks.manager.ask(assessment_view, number + 1)
    assert view.answers == {}
    assert view.earlier_answers["7"].commentary == "Since last year."
