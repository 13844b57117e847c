"""The guidance shelf: what stands on it, what is beside a step, and what focus reports lead to."""

from __future__ import annotations

from datetime import date

import pytest

from core.code.guidance import SUGGESTED, GuidanceKind
from core.commands.guidance import AttachGuidance, ReviewGuidance, ShelveSuggestions, WithdrawGuidance
from core.commands.improving import DropImprovement, ProposeImprovement
from core.errors import BadInput, NotFound, StepNotOpen
from core.evidence import add_guidance_file
from core.queries.guidance import guidance_file, guidance_shelf, step_guidance
from core.rules.guidance import ReviewStands
from core.rules.s9_oversight import Risk
from core.store.keeping import referred_to
from tests.builders import Story, day
from tests.commands.refusals import refused
from tests.conduct import focus_report, shelve
from tests.conftest import Desks

TODAY = day("2026-09-07")
A_PDF = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def test_E13_guidance_stands_beside_its_steps_until_it_is_withdrawn(story: Story, desks: Desks) -> None:
    """And stays on record afterwards, with the reason [lgsco:4.3]."""
    number = shelve(story, steps=("OfferRemedy", "AgreeRemedy", "OfferRemedy"), service_id=1)
    beside = desks.recorder.ask(step_guidance)
    assert set(beside) == {"AgreeRemedy", "OfferRemedy"}
    (line,) = beside["OfferRemedy"]
    assert (line.title, line.service, line.has_file) == ("Putting things right", "Waste and recycling", False)
    desks.manager.do(WithdrawGuidance(guidance_id=number, why="Replaced by the new one."))
    assert desks.recorder.ask(step_guidance) == {}
    shelf = desks.recorder.ask(guidance_shelf)
    assert (shelf.standing, [each.why_withdrawn for each in shelf.withdrawn]) == ((), ["Replaced by the new one."])
    review = ReviewGuidance(guidance_id=number, found="It holds.")
    for again in (WithdrawGuidance(guidance_id=number, why="Once more."), review):
        with refused(story, StepNotOpen, "was withdrawn on Mon 7 September 2026"):
            desks.manager.do(again)
    shelve(story)  # the same title again, now that the other is gone


def test_E13_what_cannot_stand_on_the_shelf_is_refused(story: Story) -> None:
    wrong: list[tuple[dict[str, object], str]] = [
        ({"address": "http://guides.example/right"}, "begins with https://"),
        ({"address": "https://guides.example/a)[b](javascript:x"}, "begins with https://"),
        ({"next_look": TODAY}, "is not ahead"),
        ({"steps": ("Juggle",)}, "There is no step “Juggle”"),
        ({"service_id": 99}, "not on the list"),
        ({"questions": "Who checks?"}, "belong to a focus report"),
    ]
    for fields, says in wrong:
        with refused(story, BadInput, says):
            shelve(story, **fields)


def test_E13_an_entry_is_looked_at_again_by_its_day(story: Story, desks: Desks) -> None:
    """Due soon, overdue, and in date once somebody has looked; the same one never stands there twice."""
    number = shelve(story, next_look=day("2026-10-20"))
    with refused(story, StepNotOpen, "in this version already"):
        shelve(story)
    story.on(day("2026-10-21"))
    (due,) = desks.manager.ask(guidance_shelf).to_review
    assert (due.id, due.stands) == (number, ReviewStands.OVERDUE)
    with refused(story, BadInput, "no such entry"):
        desks.manager.do(ReviewGuidance(guidance_id=number + 9, found="It holds."))
    with refused(story, BadInput, "begins with https://"):
        desks.manager.do(ReviewGuidance(guidance_id=number, found="It moved.", address="ftp://guides.example"))
    desks.manager.do(ReviewGuidance(guidance_id=number, found="It still holds.", edition="May 2026"))
    shelf = desks.manager.ask(guidance_shelf)
    (entry,) = shelf.standing
    assert shelf.to_review == ()
    assert (entry.edition, entry.address, entry.review_by, entry.reviewed_on, entry.found) == (
        "May 2026", "https://guides.example/right?chapter=2", day("2027-10-21"), day("2026-10-21"), "It still holds.",
    )  # fmt: skip


def test_E18_E22_the_shelf_begins_with_what_is_known_and_nothing_comes_twice(story: Story, desks: Desks) -> None:
    """Among it the policy on unreasonable behaviour, beside the steps that restrict contact [lgsco:5.10]."""
    shelve(story, guidance_title=SUGGESTED["remedies"].title)
    assert desks.manager.ask(guidance_shelf).suggested == len(SUGGESTED) - 1
    done = desks.manager.do(ShelveSuggestions())
    assert len(done.sentences) == len(SUGGESTED) - 1
    beside = desks.handler.ask(step_guidance)
    assert [each.title for each in beside["RestrictContact"]] == ["Handling unreasonable behaviour"]
    shelf = desks.manager.ask(guidance_shelf)
    entry = next(each for each in shelf.standing if each.title == "Handling unreasonable behaviour")
    desks.manager.do(WithdrawGuidance(guidance_id=entry.id, why="We have a policy of our own."))
    with refused(story, StepNotOpen, "Nothing was added"):
        desks.manager.do(ShelveSuggestions())
    assert shelf.suggested == 0


def planned(question_id: int, owner: int) -> ProposeImprovement:
    """An improvement for a question of a focus report."""
    return ProposeImprovement(
        what="Count the missed collections each week.", owner_id=owner, due_on=date(2027, 1, 8), risk=Risk.LOW,
        question_id=question_id,
    )  # fmt: skip


def test_E20_each_question_of_a_focus_report_can_become_an_improvement(story: Story, desks: Desks) -> None:
    """Once, unless the improvement was dropped; which one it led to stands beside it [lgsco:9.4]."""
    question, owner = focus_report(story), desks.manager.actor.id
    (report,) = desks.member.ask(guidance_shelf).standing
    assert [each.question for each in report.questions] == [
        "How many collections were missed?", "Who checks the rounds?",
    ]  # fmt: skip
    done = desks.handler.do(planned(question, owner))
    assert "Planned improvement 1 for question 1 of “Lessons from missed collections”." in done.sentences
    with refused(story, BadInput, "Improvement 1 was planned for this question already"):
        desks.handler.do(planned(question, owner))
    with refused(story, BadInput, "no such question"):
        desks.handler.do(planned(question + 99, owner))
    (report,) = desks.member.ask(guidance_shelf).standing
    assert [each.improvement_id for each in report.questions] == [1, None]
    desks.handler.do(DropImprovement(improvement_id=1, why="Counted elsewhere."))
    desks.handler.do(planned(question, owner))
    (report,) = desks.member.ask(guidance_shelf).standing
    assert [each.improvement_id for each in report.questions] == [2, None]


def test_E13_the_councils_own_copy_is_checked_kept_and_opened(story: Story, desks: Desks) -> None:
    """A newer file takes the place of the older; one that is held back is opened by nobody [lgsco:4.3]."""
    number = shelve(story, kind=GuidanceKind.POLICY, steps=("RestrictContact",))
    with pytest.raises(NotFound, match="no such file"):
        desks.recorder.ask(guidance_file, number)
    with pytest.raises(BadInput):
        add_guidance_file(desks.manager, number, name="policy.exe", content=b"MZ")
    add_guidance_file(desks.manager, number, name="policy.pdf", content=A_PDF)
    kept = desks.recorder.ask(guidance_file, number)
    assert kept.name == "policy.pdf"
    assert desks.recorder.ask(step_guidance)["RestrictContact"][0].has_file
    with story.office.database.reading() as connection:
        assert referred_to(connection, {kept.sha256, "0" * 64}, since=story.clock.now) == {kept.sha256}
    held = {"name": "newer.pdf", "media_type": "application/pdf", "size": 9, "sha256": "e" * 64}
    desks.manager.do(AttachGuidance(guidance_id=number, **held, why_held="The scanner is away."))
    with pytest.raises(BadInput, match="is held back: The scanner is away"):
        desks.recorder.ask(guidance_file, number)
    assert not desks.recorder.ask(step_guidance)["RestrictContact"][0].has_file
    assert [each.why_held for each in desks.manager.ask(guidance_shelf).standing] == ["The scanner is away."]
