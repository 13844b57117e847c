"""The pages about the policy: adopting it, the register, explaining, the check of the text, and what if."""

from __future__ import annotations

from datetime import timedelta

from core.commands.policies import AdoptPolicy
from core.evidence import add_policy_file
from core.model.complaints import Channel
from core.permissions import Role
from core.queries.register import RegisterFilter, register
from tests.commands.test_guidance import A_PDF
from tests.pages.conftest import Open
from tests.pages.council import Council
from tests.pages.shown import button, field, offered, words
from tests.pages.test_corresponding import HOSTILE, send


def test_using_1_a_policy_is_adopted_from_the_page_and_asks_why_it_is_longer(council: Council, open_page: Open) -> None:
    """Nothing typed is lost on the way; the departure then stands in the policy and in the register."""
    at = open_page("policy", Role.MANAGER)
    assert "In force: The Code" in words(at) and "Nowhere. A period of your own" in words(at)
    button(at, "Adopt a policy").click().run()
    field(at, "text_input", "Name of the policy").set_value(HOSTILE).run()
    field(at, "text_input", "Which body approved it").set_value("Cabinet").run()
    field(at, "text_input", "The day and minute of the decision").set_value("20 November, minute 9").run()
    field(at, "number_input", "Answer stage 1 within, in working days").set_value(15).run()
    send(at, "Adopt a policy")
    assert "15 working days in" in words(at)
    field(at, "text_area", "Good reason for departing").set_value("One team serves two councils.").run()
    send(at, "Go on with this reason")
    said = words(at)
    assert f"In force: {HOSTILE}" in said and "Reason: One team serves two councils." in said
    assert not any("![x]" in each.value for each in at.markdown)
    at = open_page("policy", Role.HANDLER, show="departures", clause="lgsco:6.3")
    assert "The policy’s own: 1" in words(at)
    assert not [each for each in at.button if each.label == "Adopt a policy"]


def test_using_2_what_was_late_is_explained_from_the_register(council: Council, open_page: Open) -> None:
    reference = council.record(days_ago=40)
    council.assign(reference, days_ago=39)
    council.acknowledge(reference, days_ago=38)
    council.take(Role.HANDLER, "OpenStageTwo", reference=reference, requested_on=council.today, channel=Channel.PHONE,
                 good_reason="They asked.")  # fmt: skip
    lines = council.desk(Role.HANDLER).ask(register, RegisterFilter(kind="unexplained")).lines
    line = next(each for each in lines if each.reference == reference)
    at = open_page("policy", Role.HANDLER, show="departures")
    assert f"Explain {reference}" in words(at)
    at = open_page("policy", Role.HANDLER, show="departures", step="ExplainBreach", duty=str(line.duty_id))
    assert "what was late stays late" in words(at)
    field(at, "text_area", "Why it was late").set_value(HOSTILE).run()
    send(at, "Explain what was late")
    said = words(at)
    assert "given afterwards" in said and HOSTILE[:20] in said
    assert f"Explain {reference}" not in said
    gone = open_page("policy", Role.HANDLER, show="departures", step="ExplainBreach", duty=str(line.duty_id))
    assert "This has its explanation" in words(gone)


def test_3_4_and_3_5_the_check_says_what_is_missing_in_the_text(council: Council, open_page: Open) -> None:
    today = council.today
    usual = {"name": "Our policy", "approved_by": "Cabinet", "minute": "9", "words": HOSTILE, "in_force_from": today}
    council.desk(Role.MANAGER).do(AdoptPolicy(**usual))
    at = open_page("policy", Role.MANAGER, show="check")
    assert "Publish the policy, and adopt it with its web address." in words(at)
    button(at, "Check the policy’s text").click().run()
    field(at, "selectbox", "What the policy has to say").set_value("ombudsman").run()
    field(at, "text_input", "Where it says so, or what is missing").set_value("Page 3").run()
    at.checkbox[0].set_value(True).run()
    send(at, "Check the policy’s text")
    assert "What the Ombudsman does and how to reach them" in words(at) and "Page 3" in words(at)


def test_what_if_says_in_words_who_would_have_been_late(council: Council, open_page: Open) -> None:
    """The address holds the trial; a Member sees counts and no complaint, and a wrong value is a sentence."""
    reference = council.record(days_ago=20)
    council.assign(reference, days_ago=19)
    council.acknowledge(reference, days_ago=18)
    council.answer(reference, days_ago=6)
    since = str(council.today - timedelta(days=20))
    at = open_page("what_if", Role.MANAGER, respond_stage_one="2", since=since)
    said = words(at)
    assert "would have been late instead of" in said and reference in said
    assert "of those you see would differ" in said
    member = words(open_page("what_if", Role.MEMBER, respond_stage_one="2", since=since))
    assert "would have been late instead of" in member and reference not in member
    for wrong in ({"respond_stage_one": "0"}, {"clock": "stage_three"}, {"since": "tomorrow"}, {"against": "99999"}):
        at = open_page("what_if", Role.MANAGER, **wrong)
        assert len(at.error) == 1 and "Choose" in words(at) or "Give" in words(at)


def test_the_code_says_what_holds_by_whose_decision_and_leads_to_the_departures(
    council: Council, open_page: Open
) -> None:
    """A clause shows its value in each version, and a reading what our policy chose."""
    usual = {"name": "Our policy", "approved_by": "Cabinet", "minute": "9", "in_force_from": council.today}
    council.desk(Role.MANAGER).do(
        AdoptPolicy(respond_stage_one=15, weekend_receipt_lenient=True, good_reason="Two teams.", **usual)
    )
    said = words(open_page("the_code", Role.MANAGER, clause="6.3"))
    assert "15 working days in force. Our policy; source: Cabinet, 9." in said.replace("**", "")
    assert "From Mon 1 April 2024: 10 working days" in said and "Its departures in the register" in said
    assert "Ours **decides otherwise**" in words(open_page("the_code", Role.MEMBER, clause="6.2"))


def test_3_4_the_policy_as_a_file_stands_by_its_version_and_is_added_by_the_manager_alone(
    council: Council, open_page: Open
) -> None:
    at = open_page("policy", Role.MANAGER)
    assert "Which version it is" in [each.label for each in at.selectbox]
    add_policy_file(council.desk(Role.MANAGER), 1, name="our [policy].pdf", content=A_PDF)
    at = open_page("policy", Role.HANDLER)
    assert "/policies/1" in words(at) and "Save our" in words(at)
    assert "Which version it is" not in [each.label for each in at.selectbox]


def test_5_1_a_planned_version_is_withdrawn_from_the_page(council: Council, open_page: Open) -> None:
    """It is offered while there is one to come, and gone from the versions afterwards."""
    later = council.today + timedelta(days=7)
    usual = {"name": "Next year", "approved_by": "Cabinet", "minute": "9", "in_force_from": later}
    council.desk(Role.MANAGER).do(AdoptPolicy(**usual))
    at = open_page("policy", Role.MANAGER)
    button(at, "Withdraw a planned policy").click().run()
    field(at, "selectbox", "Which version").set_value(2)
    field(at, "text_area", "Why it is withdrawn").set_value("The wrong day.").run()
    send(at, "Withdraw a planned policy")
    assert "to come" not in words(at)
    assert "Withdraw a planned policy" not in [each.label for each in at.button]


def test_E22_the_policy_on_unreasonable_behaviour_is_adopted_from_the_page(council: Council, open_page: Open) -> None:
    """Empty, it says what to do; the words of an officer stay words; whoever decides nothing is offered nothing."""
    at = open_page("policy", Role.MANAGER, show="behaviour")
    assert "No policy on unreasonable behaviour is on record" in words(at)
    button(at, "Adopt a policy on unreasonable behaviour").click().run()
    field(at, "text_input", "Name of the policy").set_value(HOSTILE).run()
    field(at, "text_input", "Which body approved it, with day and minute").set_value("Cabinet, minute 4").run()
    field(at, "text_input", "Where it is published, as a web address").set_value(
        "https://sampleton.example/behaviour"
    ).run()
    send(at, "Adopt a policy on unreasonable behaviour")
    said = words(at)
    assert HOSTILE in said and "in force" in said and "Published at" in said
    assert not any("![x]" in each.value for each in at.markdown)
    assert "Adopt a policy on unreasonable behaviour" not in offered(
        open_page("policy", Role.HANDLER, show="behaviour")
    )
