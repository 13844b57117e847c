"""The departures register, the versions of the policy and the check of its text."""

from __future__ import annotations

import pytest

from core.commands.breaches import ExplainBreach
from core.commands.policies import ReviewPolicy
from core.commands.standards import AdoptStandards
from core.errors import BadInput
from core.queries.policies import policy_check, policy_paper, policy_versions
from core.queries.register import RegisterFilter, register
from core.queries.reminders import managers_week
from tests.builders import Story, day
from tests.conftest import Desks
from tests.policies import LATER, TODAY, WHY, adopt, never_answered


def test_8_1c_policy_and_handling_stand_in_one_register(story: Story, desks: Desks) -> None:
    """One shape, each with clause, finding and reason; the filters and the counts agree with the lines."""
    desks.manager.do(adopt(in_force_from=TODAY, respond_stage_two=25, good_reason=WHY))
    duty = never_answered(story, service_id=1)
    found = desks.manager.ask(register, RegisterFilter())
    assert [(line.kind, line.clause, line.reason, bool(line.reference), line.service) for line in found.lines] == [
        ("unexplained", "lgsco:6.3", "", True, "Waste and recycling"),
        ("explained", "lgsco:6.11", "They asked, and were right to.", True, "Waste and recycling"),
        ("policy", "lgsco:6.15", WHY, False, ""),
    ]
    assert found.counts == {"unexplained": 1, "explained": 1, "policy": 1}
    assert (found.lines[0].duty_id, found.lines[2].recorded_by) == (duty["id"], "Cabinet, 1 September, 12")
    assert found.clauses == ("lgsco:6.11", "lgsco:6.15")
    for chosen, kinds in (
        (RegisterFilter(clause="lgsco:6.15"), ["policy"]),
        (RegisterFilter(service_id=1), ["unexplained", "explained"]),
        (RegisterFilter(service_id=2), []),
        (RegisterFilter(kind="unexplained"), ["unexplained"]),
        (RegisterFilter(until=TODAY), ["policy"]),
        (RegisterFilter(since=day("2026-10-01")), ["explained"]),
    ):
        assert [line.kind for line in desks.manager.ask(register, chosen).lines] == kinds
    with pytest.raises(BadInput, match="Choose one"):
        desks.manager.ask(register, RegisterFilter(kind="hidden"))


def test_using_2_late_without_a_word_is_on_the_weekly_list_until_it_is_explained(story: Story, desks: Desks) -> None:
    """Explained afterwards it moves on, marked with the day the reason was given, and is still said to be late."""
    duty = never_answered(story)
    weekly = [line for section in desks.manager.ask(managers_week) for line in section.lines]
    assert any("Respond at stage 1 (6.3), late by" in line for line in weekly)
    story.on(day("2026-10-05")).desks.manager.do(ExplainBreach(duty_id=duty["id"], reason=WHY))  # type: ignore[attr-defined]
    found = desks.manager.ask(register, RegisterFilter())
    assert "unexplained" not in [line.kind for line in found.lines]
    line = found.lines[0]
    assert (line.afterwards, line.on, line.reason) == (True, day("2026-10-05"), WHY)
    assert "was due by" in line.finding and "not done" in line.finding


def test_5_1_one_version_is_in_force_on_a_day_each_with_who_decided_it(story: Story, desks: Desks) -> None:
    desks.manager.do(adopt(respond_stage_one=15, acknowledge_stage_one=3, good_reason=WHY))
    desks.manager.do(AdoptStandards(kept=True, in_force_from=day("2026-09-09"), resolution="The same cabinet"))
    for today, current in ((TODAY, 1), (LATER, 2), (day("2026-09-09"), 3), (day("2026-12-01"), 3)):
        story.on(today)
        found = desks.member.ask(policy_versions)
        assert [each.id for each in found] == [3, 2, 1]
        assert [each.id for each in found if each.in_force] == [current]
    newest, adopted, code = found
    assert (code.until, adopted.until, newest.until) == (LATER, day("2026-09-09"), None)
    for version in (newest, adopted):
        assert {each.departure.key: each.reason for each in version.departures} == {
            "respond_stage_one": WHY,
            "acknowledge_stage_one": "",
        }
    assert code.departures == ()


def test_3_4_and_3_5_what_the_policy_does_not_say_is_a_gap_in_words(story: Story, desks: Desks) -> None:
    """Settings answer what they can; for the rest somebody reads the text, and a new text is read anew."""
    gaps = {each.item.key: each for each in desks.handler.ask(policy_check) if each.gap}
    assert "exclusions" not in gaps
    assert gaps["website"].where == "Publish the policy, and adopt it with its web address."
    assert gaps["ombudsman"].said is None
    told = {"words": "How to complain", "web_address": "https://council.example/complaints"}
    desks.manager.do(adopt(in_force_from=TODAY, complaint_definition="Any grumble.", **told))
    desks.manager.do(ReviewPolicy(item="ombudsman", said=False, where="Only a telephone number."))
    desks.manager.do(ReviewPolicy(item="code", said=True, where="Page 1."))
    found = {each.item.key: each for each in desks.handler.ask(policy_check)}
    assert {key for key in ("complaint", "request", "website", "text", "code") if found[key].gap} == {"request"}
    assert (found["ombudsman"].said, found["ombudsman"].where) == (False, "Only a telephone number.")
    assert (found["code"].by, found["code"].on, found["text"].by) == ("Mona Manager", TODAY, "The settings")
    desks.manager.do(adopt(in_force_from=LATER, words="A new text"))
    assert desks.handler.ask(policy_paper).words == "How to complain"
    story.on(LATER)
    assert desks.handler.ask(policy_paper).words == "A new text"
    assert next(each for each in desks.handler.ask(policy_check) if each.item.key == "code").said is None
