"""The Posts and training page, the Guidance page, and guidance beside a step's form."""

from __future__ import annotations

from datetime import date

import pytest

from app.ui.plain import one_line
from core.code.conduct import Post
from core.code.guidance import GuidanceKind
from core.commands.improving import ProposeImprovement
from core.permissions import Role
from core.rules.s9_oversight import Risk
from tests.pages.conftest import Open
from tests.pages.council import WHO, Council
from tests.pages.shown import button, field, offered, words

HOSTILE = "Rounds [click](https://bad.example) $x$ *loud*"
BESIDE = "Guidance: [Apologising well](https://guides.example/sorry) (opens in a new tab)."


def _sends(at: object, label: str) -> None:
    found = [each for each in at.button if each.label == label and "form/" in str(each.key)]  # type: ignore[attr-defined]
    assert len(found) == 1
    found[0].click().run()


def test_9_5_an_appointment_is_made_on_the_page_and_everybody_sees_it(council: Council, open_page: Open) -> None:
    """Until then the page says plainly that nobody holds the post [lgsco:9.5]."""
    assert not {"Appoint somebody", "Record training"} & set(offered(open_page("people_and_training", Role.HANDLER)))
    at = open_page("people_and_training", Role.MANAGER, step="AppointTo")
    field(at, "selectbox", "To which post").set_value(Post.MEMBER.value)
    field(at, "text_input", "Or somebody else, or a committee, by name").set_value("Cllr *Sample*")
    field(at, "text_input", "Who appointed them").set_value("Council, minute 7")
    at.run()
    _sends(at, "Appoint somebody")
    said = words(open_page("people_and_training", Role.MEMBER))
    assert "Cllr *Sample*, from Tue 24 November 2026, by Council, minute 7." in said.replace("**", "")
    assert "Nobody holds: senior lead, complaints officer, link officer, contact for enquiries." in said


def test_9_8_the_objective_is_acknowledged_on_the_page(council: Council, open_page: Open) -> None:
    at = open_page("people_and_training", Role.HANDLER, step="AcknowledgeObjective")
    assert "You: :red-badge[not recorded]" in words(at)
    _sends(at, "Acknowledge the objective")
    assert "Tick that you have read the three parts" in words(at)
    field(at, "checkbox", "I have read the three parts and work by them").set_value(True).run()
    _sends(at, "Acknowledge the objective")
    assert "You: :green-badge[in date] until Wed 24 November 2027" in words(at)
    listed = words(open_page("people_and_training", Role.MANAGER, show="training"))
    assert "Acknowledged by 11.1 % (1 of 9) of colleagues." in listed
    assert "No training is recorded yet" in listed
    assert "Acknowledge the objective" not in offered(open_page("people_and_training", Role.MEMBER))


def test_4_3_workload_leads_to_the_lists_it_counts(council: Council, open_page: Open) -> None:
    """Each number is a link to that person's part of the queue; whoever may not see it reads that [lgsco:4.3]."""
    said = words(open_page("people_and_training", Role.MANAGER, show="workload"))
    who = WHO[Role.HANDLER]
    assert "| Dee Handler, handler |" in said
    assert f"/my-cases?whose={who}&due=late&who={WHO[Role.MANAGER]}" in said
    assert "**not assigned**" in said
    shown = open_page("my_cases", Role.MANAGER, whose=str(who))
    assert field(shown, "selectbox", "Whose").value == str(who)
    assert "does not show you" in words(open_page("people_and_training", Role.HANDLER, show="workload"))
    card = words(open_page("people_and_training", Role.MEMBER, show="contractors"))
    assert "No complaint names a contractor" in card


def test_E13_guidance_stands_beside_the_form_it_helps_with(council: Council, open_page: Open) -> None:
    reference = "C-2026-000001"
    assert "Guidance:" not in words(open_page("case", Role.HANDLER, ref=reference, step="OfferRemedy"))
    council.take(
        Role.MANAGER, "ShelveGuidance", guidance_title="Apologising well", publisher="Sample Association",
        kind=GuidanceKind.GUIDE, address="https://guides.example/sorry", steps=("OfferRemedy",),
    )  # fmt: skip
    assert BESIDE in words(open_page("case", Role.HANDLER, ref=reference, step="OfferRemedy"))
    assert "Guidance:" not in words(open_page("case", Role.HANDLER, ref=reference, step="Extend"))


def test_E20_a_focus_report_stands_on_the_shelf_with_its_questions(council: Council, open_page: Open) -> None:
    """Whatever is written into it is shown as it is; an improvement is planned for a question [lgsco:9.4]."""
    at = open_page("guidance", Role.MANAGER, step="ShelveGuidance")
    field(at, "text_input", "Its title").set_value(HOSTILE)
    field(at, "text_input", "Who publishes it").set_value("Sample Ombudsman")
    field(at, "selectbox", "What it is").set_value(GuidanceKind.FOCUS_REPORT.value)
    field(at, "multiselect", "Which steps it helps with").set_value(["OfferRemedy"])
    field(at, "text_area", "The questions it asks").set_value("1. Who checks the rounds?")
    at.run()
    _sends(at, "Put guidance on the shelf")
    shelf = open_page("guidance", Role.HANDLER)
    said = words(shelf)
    assert [each for each in shelf.markdown if f"**{one_line(HOSTILE)}**" in each.value]
    assert not [each for each in shelf.markdown if "bad.example)" in each.value]
    assert "1. Who checks the rounds?" in said
    assert "[Plan an improvement](/learning?step=ProposeImprovement" in said
    assert "Plan an improvement" not in words(open_page("guidance", Role.MEMBER))
    plan = open_page("learning", Role.HANDLER, step="ProposeImprovement")
    assert field(plan, "selectbox", "For which question of a focus report").options == [
        f"{HOSTILE}, 1. Who checks the rounds?"
    ]
    desk = council.desk(Role.HANDLER)
    form = {"what": "Check.", "owner_id": 1, "due_on": date(2027, 3, 1), "risk": Risk.LOW, "question_id": 1}
    desk.do(desk.form(ProposeImprovement, form))
    assert "Improvement 1 was planned for it." in words(open_page("guidance", Role.HANDLER))


def test_E13_the_suggested_guides_come_in_one_step(council: Council, open_page: Open) -> None:
    at = open_page("guidance", Role.MANAGER)
    button(at, "Put the suggested guides on the shelf").click().run()
    _sends(at, "Put the suggested guides on the shelf")
    at = open_page("guidance", Role.MANAGER)
    assert "Put the suggested guides on the shelf" not in offered(at)
    assert "Guides" in [each.value for each in at.subheader]
    assert "Add the file" in offered(at)


@pytest.mark.parametrize("page", ["guidance", "people_and_training"])
def test_an_address_that_asks_for_a_step_one_may_not_take_opens_none(
    council: Council, open_page: Open, page: str
) -> None:
    at = open_page(page, Role.HANDLER, step="ShelveGuidance" if page == "guidance" else "AppointTo")
    assert not [each for each in at.button if "form/" in str(each.key)]
