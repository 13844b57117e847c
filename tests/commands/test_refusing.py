"""Turning a complaint away at its start: the reason, what was weighed, who was told what, and how it counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from core.code.refusals import BLANKET_ALERT, DEFAULT_REASONS
from core.commands.correcting import Fact
from core.commands.ending import Reopen
from core.commands.refusal_reasons import AddRefusalReason, WithdrawRefusalReason
from core.commands.refusing import RefuseComplaint
from core.errors import BadInput, NotPermitted, StepNotOpen
from core.permissions import SYSTEM, Actor, Role
from core.queries.cases import case_view
from core.queries.gap_report import gap_report
from core.queries.lists import lists
from core.queries.refusals import case_refusals, refusal_reasons, refusals_by_category, refused_cases
from core.rules.compliance import How
from core.rules.facts import Standing
from core.rules.steps import Position
from tests.builders import ACKNOWLEDGED, ANSWER_DUE, RECEIVED, Story, day
from tests.commands.refusals import reason_asked, refused
from tests.conftest import Desks

LATE_ISSUE = day("2025-09-06")
NEWCOMERS = {
    "reason": "A by-law decides it",
    "other_route": "The magistrates.",
    "equality_note": "People without a lawyer are told where advice is free.",
}

# ---------------------------------------------------------------------------------------------------------- refusing


def test_a_refusal_keeps_all_it_rests_on_and_ends_the_complaint(story: Story, desks: Desks) -> None:
    """Reason, evidence, own circumstances, other route and the Ombudsman [lgsco:2.1, 2.3, 2.4, 2.5]."""
    reference = story.record()
    done = story.turn_away(reference, RECEIVED, other_route="The county court, by its own form.")
    assert story.tags(reference) == ["complaint.recorded", "complaint.refused"]
    assert done.sentences == (
        "Refused the complaint (“Court proceedings about it have begun”); the individual was told on "
        "Mon 7 September 2026 with the Ombudsman's details. Reasons: The matter is before a court.",
    )
    case = story.case(reference)
    assert (case["position"], case["ending"], case["ended_on"], case["is_open"], case["act_by"]) == (
        "Refused", "refused", RECEIVED, False, None,
    )  # fmt: skip
    (kept,) = desks.handler.ask(case_refusals, reference).refusals
    assert (kept.stage, kept.ground, kept.decided_by) == (1, DEFAULT_REASONS["court_begun"].title, "Rita Reviewer")
    assert (kept.reasons, kept.evidence) == ("The matter is before a court.", "The claim form, filed in August.")
    assert kept.circumstances == "The individual has a solicitor and a hearing date."
    assert kept.other_route == "The county court, by its own form."
    lines = {line.clause: line.how for line in desks.handler.ask(case_view, reference).code}
    assert {lines[f"lgsco:2.{number}"] for number in (1, 3, 4, 5)} == {How.MET}
    assert story.verified() == len(story.tags())


def test_the_lists_own_route_stands_in_for_one_that_was_not_written_out(story: Story, desks: Desks) -> None:
    """Nobody is refused without being told where else to go [lgsco:2.3]."""
    reference = story.record()
    story.turn_away(reference)
    (kept,) = desks.handler.ask(case_refusals, reference).refusals
    assert kept.other_route == DEFAULT_REASONS["court_begun"].other_route


@pytest.mark.parametrize(
    ("lacking", "clause"),
    [({"evidence": " "}, "lgsco:2.1"), ({"circumstances": ""}, "lgsco:2.5")],
    ids=["evidence", "circumstances"],
)
def test_2_1_a_reason_alone_is_not_enough(story: Story, lacking: dict[str, Any], clause: str) -> None:
    """A blanket rule, or a reason nobody looked into, is a departure with a reason of its own [lgsco:2.1, 2.5]."""
    reference = story.record()
    with reason_asked(story, clause):
        story.turn_away(reference, **lacking)
    story.turn_away(reference, **lacking, good_reason="They asked us not to look further.")
    assert story.departures(reference) == [(clause, "They asked us not to look further.")]


@pytest.mark.parametrize("lacking", [{"reasons": ""}, {"ombudsman_told": False}], ids=["reasons", "Ombudsman"])
def test_2_4_reasons_in_words_and_the_ombudsman_cannot_be_left_out(story: Story, lacking: dict[str, Any]) -> None:
    """They are told why, and that the Ombudsman can look at it; no reason gets past that [lgsco:2.4]."""
    reference = story.record()
    for reason in (None, "It is obvious."):
        with refused(story, StepNotOpen):
            story.turn_away(reference, **lacking, good_reason=reason)


def test_a_handler_alone_refuses_nothing(story: Story, desks: Desks) -> None:
    """Taking a complaint is anybody's; turning it away is not [lgsco:2.1]."""
    reference = story.record()
    command = story.ready(RefuseComplaint, reference)
    with refused(story, NotPermitted, match="Only a reviewer or the complaints manager refuses"):
        desks.handler.do(command)


def test_a_refusal_is_told_after_receipt_and_not_before_the_acknowledgement(story: Story) -> None:
    reference = story.acknowledged()
    with refused(story, BadInput, match="before it was acknowledged"):
        story.turn_away(reference, ACKNOWLEDGED, told_on=day("2026-09-10"))
    with refused(story, BadInput, match="not come yet"):
        story.turn_away(reference, ACKNOWLEDGED, told_on=day("2026-09-15"))
    other = story.record(ACKNOWLEDGED)
    with refused(story, BadInput, match="before the complaint was received"):
        story.turn_away(other, ACKNOWLEDGED, told_on=RECEIVED)


# --------------------------------------------------------------------------------------------------- how it is counted


def test_a_refusal_is_never_an_acknowledgement_or_an_answer(story: Story, desks: Desks) -> None:
    """T28: an outcome of its own, with its own date; the figures count it as neither [lgsco:2.4]; reading R28."""
    before = desks.manager.ask(gap_report)
    reference = story.record()
    story.turn_away(reference, ACKNOWLEDGED)
    duties = story.duties(reference)
    assert {kind: duty["standing"] for kind, duty in duties.items()} == {
        "acknowledge_stage_one": "void", "respond_stage_one": "void", "tell_refusal": "in_time",
    }  # fmt: skip
    assert (duties["tell_refusal"]["clause"], duties["tell_refusal"]["met_on"]) == ("lgsco:2.4", ACKNOWLEDGED)
    after = desks.manager.ask(gap_report)
    assert after.complaints == before.complaints + 1
    for kind, counts in after.clocks.items():
        assert counts.judged == before.clocks[kind].judged, kind


def test_a_refusal_told_late_says_why(story: Story) -> None:
    """T28: after the time for an acknowledgement [lgsco:2.4]; reading R28."""
    reference = story.record()
    with reason_asked(story, "lgsco:2.4"):
        story.turn_away(reference, day("2026-09-15"))
    story.turn_away(reference, day("2026-09-15"), good_reason="The claim form took a week to find.")
    assert story.duties(reference)["tell_refusal"]["standing"] == Standing.LATE
    assert story.departures(reference) == [("lgsco:2.4", "The claim form took a week to find.")]


def test_one_already_acknowledged_is_refused_by_the_day_of_its_answer(story: Story, desks: Desks) -> None:
    """T28: what was acknowledged stays so; its clock shows what it is counted from [lgsco:2.4, 6.3]."""
    reference = story.acknowledged()
    story.turn_away(reference, ANSWER_DUE)
    standings = {kind: duty["standing"] for kind, duty in story.duties(reference).items()}
    assert standings == {
        "acknowledge_stage_one": "in_time", "respond_stage_one": "void", "tell_refusal": "in_time",
    }  # fmt: skip
    clocks = {clock.title: clock for clock in desks.handler.ask(case_view, reference).clocks}
    assert clocks["Tell them of the refusal"].started == "Acknowledged"
    unacknowledged = story.record(ANSWER_DUE)
    story.turn_away(unacknowledged, ANSWER_DUE)
    clocks = {clock.title: clock for clock in desks.handler.ask(case_view, unacknowledged).clocks}
    assert clocks["Tell them of the refusal"].started == "Received"


def test_a_refusal_taken_back_leaves_the_clocks_as_they_were(story: Story, desks: Desks) -> None:
    """Reopened, it owes what it owed from the first day; what was refused stays in its history [lgsco:2.1, 5.8]."""
    reference = story.record()
    owed = story.duties(reference)
    story.turn_away(reference, day("2026-09-10"))
    story.on(day("2026-09-11"))
    desks.handler.do(Reopen(reference=reference, reopened_on=day("2026-09-11"), why="The claim was struck out."))
    assert story.case(reference)["position"] == Position.ONE_AWAITING_ACKNOWLEDGEMENT.value
    again = story.duties(reference)
    assert {kind: duty["act_by"] for kind, duty in again.items()} == {k: d["act_by"] for k, d in owed.items()}
    assert len(desks.handler.ask(case_refusals, reference).refusals) == 1


def test_whoever_refused_it_at_the_start_is_not_new_at_stage_two(story: Story) -> None:
    """Stage 2 needs someone who has not decided on it before [lgsco:6.14]."""
    reference = story.record()
    story.turn_away(reference, RECEIVED)
    story.reopen(reference, RECEIVED)
    story.acknowledge(reference)
    story.respond(reference)
    story.open_two(reference)
    with reason_asked(story, "lgsco:6.14"):
        story.assign_two(reference)
    story.assign_two(reference, story.desks.other_reviewer)


# ------------------------------------------------------------------------------------------------- the time limit


def late_complaint(story: Story, **fields: Any) -> str:
    """A complaint received a day after its twelve months, let in with discretion."""
    return story.record(RECEIVED, issue_on=LATE_ISSUE, good_reason="They were in hospital.", **fields)


def test_2_2_accepting_a_late_complaint_keeps_the_discretion_on_the_case(story: Story, desks: Desks) -> None:
    """T19: taken all the same, and why is shown [lgsco:2.2]; reading R19."""
    (note,) = desks.handler.ask(case_refusals, late_complaint(story)).discretion
    assert (note.used, note.note) == (True, "They were in hospital.")
    assert (note.in_time_until, note.decided_on, note.decided_by) == (
        day("2026-09-06"), RECEIVED, "Robin Recorder",
    )  # fmt: skip
    assert desks.handler.ask(case_refusals, story.record()).discretion == ()


def test_a_date_corrected_past_the_limit_keeps_its_discretion_too(story: Story, desks: Desks) -> None:
    """T19: whichever step finds the limit passed [lgsco:2.2]."""
    reference = story.record(issue_on=day("2026-09-01"))
    story.correct(reference, Fact.ISSUE, LATE_ISSUE.isoformat(), good_reason="Their letter had lain here.")
    (note,) = desks.handler.ask(case_refusals, reference).discretion
    assert (note.used, note.note, note.decided_by) == (True, "Their letter had lain here.", "Mona Manager")


def test_T19_refusing_for_the_time_limit_needs_a_note_why_discretion_was_not_used(story: Story, desks: Desks) -> None:
    """T19: discretion is considered both ways, and kept both ways [lgsco:2.2]."""
    reference = late_complaint(story)
    with reason_asked(story, "lgsco:2.2"):
        story.turn_away(reference, reason="time_limit")
    story.turn_away(reference, reason="time_limit", discretion="They wrote about other things all that time.")
    newest, first = desks.handler.ask(case_refusals, reference).discretion
    assert (newest.used, newest.note) == (False, "They wrote about other things all that time.")
    assert first.used


@pytest.mark.parametrize(
    ("issue", "said"), [(None, "Correct that fact first"), ("2025-09-07", "ran until Mon 7 September 2026")]
)
def test_the_time_limit_cannot_be_the_reason_in_time_or_without_a_date(
    story: Story, issue: str | None, said: str
) -> None:
    """T19: the anniversary itself is in time, and nothing is refused on a guess [lgsco:2.2]."""
    reference = story.record(issue_on=day(issue) if issue else None)
    with refused(story, StepNotOpen, match=said):
        story.turn_away(reference, reason="time_limit", discretion="None.", good_reason="Whatever.")


def test_stage_two_has_no_time_limit_to_refuse_it_for(story: Story) -> None:
    """There is no last day to ask [lgsco:6.11]; reading R15."""
    reference = story.answered()
    with refused(story, BadInput, match="no last day to ask for stage 2"):
        story.refuse(reference, **story.reason("time_limit"))


# ------------------------------------------------------------------------------------------------ the council's list


def test_a_new_installation_begins_with_the_list(story: Story, desks: Desks) -> None:
    """Each with another route and a word on whom it hits harder [lgsco:2.3]."""
    listed = desks.member.ask(refusal_reasons)
    assert [one.title for one in listed] == [one.title for one in DEFAULT_REASONS.values()]
    assert all(one.in_force and one.other_route and one.equality_note for one in listed)
    assert {one.policy for one in listed} == {"The Code"}
    assert [one.name for one in desks.manager.ask(lists).refusal_reasons] == [one.title for one in listed]
    assert sum(one.time_limit for one in listed) == 1
    assert "refusal_reasons.adopted" in story.tags()


def test_the_manager_adds_a_reason_from_a_day_on(story: Story, desks: Desks) -> None:
    """It can be chosen once it is in force, and not before [lgsco:2.3]."""
    begins = RECEIVED + timedelta(days=3)
    reference = story.record()
    done = desks.manager.do(AddRefusalReason(**NEWCOMERS, in_force_from=begins))
    assert done.sentences == (
        "Added “A by-law decides it” to the reasons to refuse, in force from Thu 10 September 2026.",
    )
    assert "A by-law decides it" not in [one.name for one in desks.manager.ask(lists).refusal_reasons]
    with refused(story, BadInput, match="was not in force on the day"):
        story.turn_away(reference, RECEIVED, reason="a_by_law_decides_it")
    story.on(begins)
    assert "A by-law decides it" in [one.name for one in desks.manager.ask(lists).refusal_reasons]
    story.turn_away(reference, begins, reason="a_by_law_decides_it")


def test_2_3_a_reason_withdrawn_cannot_be_chosen_and_stays_with_what_it_refused(story: Story, desks: Desks) -> None:
    """A reason not in the policy is no reason; the list keeps its history [lgsco:2.3]."""
    first, second = story.record(), story.record()
    story.turn_away(first, RECEIVED)
    story.on(RECEIVED + timedelta(days=1))
    desks.manager.do(WithdrawRefusalReason(**story.reason("court_begun"), why="A court is no reason here any more."))
    with refused(story, BadInput, match="Choose one from the policy's list"):
        story.turn_away(second, RECEIVED + timedelta(days=1))
    (kept,) = desks.handler.ask(case_refusals, first).refusals
    assert kept.ground == DEFAULT_REASONS["court_begun"].title
    last = desks.manager.ask(refusal_reasons)[-1]
    assert (last.title, last.in_force, last.in_force_until) == (kept.ground, False, RECEIVED)
    with refused(story, BadInput, match="not on the list any more"):
        desks.manager.do(WithdrawRefusalReason(**story.reason("court_begun"), why="Again."))


def test_the_same_reason_does_not_stand_twice_and_none_is_dated_back(story: Story, desks: Desks) -> None:
    """Otherwise an earlier refusal could be made to fit [lgsco:2.3]."""
    story.on(RECEIVED)
    with refused(story, BadInput, match="is not on the list"):
        desks.manager.do(WithdrawRefusalReason(reason_id=9999, why="Never there."))
    desks.manager.do(AddRefusalReason(**NEWCOMERS, in_force_from=RECEIVED))
    listed = DEFAULT_REASONS["court_begun"].title.upper()
    for given in (NEWCOMERS, {**NEWCOMERS, "reason": "a BY-LAW decides it!"}, {**NEWCOMERS, "reason": listed}):
        with refused(story, BadInput, match="is on the list already"):
            desks.manager.do(AddRefusalReason(**given, in_force_from=RECEIVED))
    with refused(story, BadInput, match="before it was decided"):
        desks.manager.do(AddRefusalReason(**{**NEWCOMERS, "reason": "Another"}, in_force_from=day("2026-09-06")))


def test_a_reason_that_is_not_on_the_list_is_refused(story: Story) -> None:
    reference = story.record()
    with refused(story, BadInput, match="Choose one from the policy's list"):
        story.turn_away(reference, reason_id=4242)


# ----------------------------------------------------------------------------------------------- no blanket approach


def refuse_some(story: Story, many: int, **fields: Any) -> list[str]:
    """Some complaints, each refused on the day it came."""
    references = [story.record(**fields) for _ in range(many)]
    for reference in references:
        story.turn_away(reference)
    return references


def test_2_5_a_category_refused_every_time_is_pointed_out(story: Story, desks: Desks) -> None:
    """From as many cases on as the list says, and no longer once one of them is taken [lgsco:2.5]."""
    few = BLANKET_ALERT.cases - 1
    references = refuse_some(story, few, category="Parking fines", service_id=3)
    assert desks.manager.ask(refusals_by_category).every_time == ()
    references += refuse_some(story, 1, category=" Parking fines ", service_id=3)
    found = desks.manager.ask(refusals_by_category)
    assert [(kind.what, kind.name, kind.refused, kind.decided) for kind in found.every_time] == [
        ("category", "Parking fines", few + 1, few + 1),
        ("service", "Parking", few + 1, few + 1),
    ]
    waiting = story.record(category="Parking fines", service_id=3)
    assert len(desks.manager.ask(refusals_by_category).every_time) == 2, "one not decided on yet changes nothing"
    story.acknowledge(waiting)
    taken = desks.manager.ask(refusals_by_category)
    assert taken.every_time == ()
    assert {(kind.refused, kind.decided) for kind in taken.kinds} == {(few + 1, few + 2)}
    listed = desks.manager.ask(refused_cases)
    assert {case.reference for case in listed} == set(references)
    assert {case.ground for case in listed} == {DEFAULT_REASONS["court_begun"].title}


def test_old_refusals_and_those_taken_back_no_longer_count(story: Story, desks: Desks) -> None:
    """Only what was received in the last months is compared [lgsco:2.5]."""
    references = refuse_some(story, BLANKET_ALERT.cases, category="Parking fines")
    assert desks.manager.ask(refusals_by_category).every_time
    story.reopen(references[0], RECEIVED)
    assert not desks.manager.ask(refusals_by_category).every_time
    assert len(desks.manager.ask(refused_cases)) == BLANKET_ALERT.cases - 1
    story.on(day("2027-09-08"))
    assert desks.manager.ask(refusals_by_category).kinds == ()
    assert desks.manager.ask(refused_cases) == ()


def test_a_refused_case_kept_confidential_is_in_no_figure_of_the_unnamed(story: Story, desks: Desks) -> None:
    """Counts and lists leave it out alike; the people named see both [lgsco:5.8]."""
    references = refuse_some(story, BLANKET_ALERT.cases, category="Parking fines")
    for reference in references:
        story.keep_confidential(reference)
    assert desks.manager.ask(refusals_by_category).kinds == ()
    assert desks.manager.ask(refused_cases) == ()
    assert desks.manager.ask(case_refusals, references[0]).refusals == ()
    named = desks.reviewer.ask(refused_cases)
    assert {case.reference for case in named} == set(references)


def test_a_colleague_of_some_services_sees_the_refusals_of_these_alone(story: Story, desks: Desks) -> None:
    refuse_some(story, 2, category="Parking fines", service_id=3)
    actor: Actor = replace(desks.manager.actor, services=frozenset({1}), role=Role.MANAGER)
    narrow = type(desks.manager)(story.office, actor)
    assert narrow.ask(refusals_by_category).kinds == ()
    assert narrow.ask(refused_cases) == ()
    assert len(type(desks.manager)(story.office, SYSTEM).ask(refused_cases)) == 2


def test_a_refused_complaint_takes_no_other_step(story: Story) -> None:
    """Refused is no stage: it can be taken back, and nothing else [lgsco:5.2]."""
    reference = story.reach(Position.REFUSED)
    for step in (story.acknowledge, story.respond, story.open_two, story.withdraw):
        with refused(story, StepNotOpen, match="Refused"):
            step(reference)
