"""Another route than the Code: the whole complaint or some of its points, its own clocks, and the way back."""

from __future__ import annotations

import pytest

from core.commands.adjusting import FlagRisk
from core.commands.correcting import Fact
from core.commands.fairness import DeclareConflict
from core.commands.recording import AddPoint
from core.commands.routing import RecordRouteStep
from core.commands.stage_one import Assign, RespondStageOne
from core.errors import BadInput, CalendarEnds, LetterIncomplete, StepNotOpen
from core.queries.cases import case_view
from core.queries.departures import departure_counts
from core.queries.duties_check import duties_check
from core.queries.escalations import escalations
from core.queries.evidence import confidence
from core.queries.gap_report import counted_cases, gap_report
from core.queries.people import case_people
from core.queries.queue import QueueFilter, queue
from core.queries.routes import case_route, routed_cases
from core.rules.facts import Standing
from core.rules.parties import ConflictKind
from core.rules.steps import Position
from tests.builders import ACKNOWLEDGED, ANSWERED, RECEIVED, SEVEN_PARTS, THE_OMBUDSMAN, Story, answers, day
from tests.commands.refusals import reason_asked, refused
from tests.conftest import Desks

CHILD = "children_statutory"
BOTH = "Local Government and Social Care Ombudsman, 0300 061 0614; Housing Ombudsman, 0300 111 3000"


def mixed(story: Story, *texts: str) -> str:
    """A complaint of several points, acknowledged."""
    reference = story.acknowledged()
    for text in texts or ("You lost my file.", "The damp in my flat."):
        story.desks.handler.do(AddPoint(reference=reference, text=text, raised_on=ACKNOWLEDGED))
    return reference


def duty(story: Story, reference: str, kind: str) -> dict[str, object]:
    return dict(story.duties(reference)[kind])


# ------------------------------------------------------------------------------------------------- the whole complaint


def test_using_5_a_child_care_complaint_is_routed_at_intake_and_counted_apart(story: Story, desks: Desks) -> None:
    """Recorded, in no figure of the Code, in a section of its own; told what and when [lgsco:using.5]."""
    reference = story.record()
    before = desks.manager.ask(gap_report)
    story.route(reference, CHILD, RECEIVED)
    case = story.case(reference)
    assert (case["position"], case["scheme"], case["is_open"]) == (Position.ROUTED.value, CHILD, False)
    assert case["received_on"] == RECEIVED
    report = desks.manager.ask(gap_report)
    assert (before.complaints, report.complaints, report.apart) == (1, 0, {CHILD: 1})
    assert report.paragraph() == "0 complaints, 0 still open. Counted apart, Children's social care: 1 complaint."
    assert all(clock.total == 0 for clock in report.clocks.values())
    (row,) = desks.handler.ask(routed_cases).rows
    assert (row.reference, row.scheme, row.told_on) == (reference, CHILD, RECEIVED)
    sentence = story.desks.handler.ask(case_view, reference).history[0].sentence
    assert sentence.startswith(
        "Goes by another route: Children's social care: statutory representations. Received Mon 7"
    )
    assert story.verified() == len(story.tags())


def test_using_5_its_code_duties_are_void_and_never_late(story: Story, desks: Desks) -> None:
    """Routed long after an acknowledgement was due: no clock of the Code ran [lgsco:using.5]."""
    reference = story.record()
    story.route(reference, "adult_statutory", day("2026-10-01"))
    own = {kind: row["standing"] for kind, row in story.duties(reference).items() if not kind.startswith("route:")}
    assert own == {"acknowledge_stage_one": "void", "respond_stage_one": "void"}
    for standing in Standing:
        assert desks.manager.ask(counted_cases, kind="acknowledge_stage_one", standing=standing) == ()
    assert desks.manager.ask(escalations).red_count == 0


def test_using_5_the_routes_clocks_stand_in_the_one_queue_with_their_own_law(story: Story, desks: Desks) -> None:
    """The route's next date, from the day of receipt, in the hands of whoever has the complaint [lgsco:using.5]."""
    reference = story.acknowledged()
    story.assign(reference)
    story.route(reference, "adult_statutory", ACKNOWLEDGED)
    (row,) = desks.handler.ask(queue, QueueFilter(owner_id=desks.handler.actor.id)).rows
    assert (row.reference, row.act_by, row.clause) == (reference, day("2026-09-10"), "law:SI 2009/309")
    assert row.title == "Adult social care and NHS: acknowledge, and offer to talk about how it will be handled"
    story.route_step(reference, "acknowledged", ACKNOWLEDGED)
    (row,) = desks.handler.ask(queue, QueueFilter(owner_id=desks.handler.actor.id)).rows
    assert (row.kind, row.act_by) == ("route:adult_respond", day("2027-03-07"))
    assert duty(story, reference, "route:adult_acknowledge")["standing"] == "late"
    story.route_step(reference, "answered", day("2026-09-30"))
    assert desks.handler.ask(queue, QueueFilter()).rows == ()
    assert desks.system.ask(duties_check).differing == ()


def test_t32_children_clocks_follow_the_steps_with_both_readings(story: Story, desks: Desks) -> None:
    """Each stage's clock begins with its own event; of two readings the earlier is owed [lgsco:using.5]."""
    reference = story.record()
    story.route(reference, CHILD, RECEIVED)
    assert set(story.duties(reference)) >= {"route:child_respond_one"}
    story.route_step(reference, "stage_one_extended", day("2026-09-21"), until=day("2026-10-05"))
    assert duty(story, reference, "route:child_respond_one")["act_by"] == day("2026-10-05")
    story.route_step(reference, "stage_one_answered", day("2026-09-24"))
    assert duty(story, reference, "route:child_respond_one")["standing"] == "extended"
    story.route_step(reference, "stage_two_requested", day("2026-10-01"))
    story.route_step(reference, "stage_two_agreed", day("2026-10-12"))
    two = duty(story, reference, "route:child_respond_two")
    assert (two["due_on"], two["literal_due_on"], two["act_by"]) == (
        day("2026-11-05"),
        day("2026-11-16"),
        day("2026-11-05"),
    )
    view = desks.handler.ask(case_route, reference)
    assert view is not None
    assert view.current is not None
    assert [step.title for step in view.current.steps][-1] == "Complaint agreed with the investigator"
    assert view.current.soon["child_respond_two"].words == "18 working days left"
    assert view.current.still[0].key == "acknowledged"


def test_a_step_recorded_again_puts_its_day_right(story: Story, desks: Desks) -> None:
    """The history keeps what stood before [lgsco:using.5]."""
    reference = story.record()
    story.route(reference, "adult_statutory", RECEIVED)
    story.route_step(reference, "acknowledged", day("2026-09-14"))
    assert duty(story, reference, "route:adult_acknowledge")["standing"] == "late"
    story.on(day("2026-09-15"))
    story.route_step(reference, "acknowledged", day("2026-09-10"), note="The letter is dated the 10th.")
    assert duty(story, reference, "route:adult_acknowledge")["standing"] == "in_time"
    assert desks.handler.ask(case_view, reference).history[0].sentence == (
        "On its route: acknowledged, and offered to talk on Thu 10 September 2026. "
        "Before, the record said Mon 14 September 2026. The letter is dated the 10th."
    )


@pytest.mark.parametrize(
    ("step", "fields", "said"),
    [
        ("sent_to_the_moon", {}, "no step of this route"),
        ("stage_two_answered", {}, "Record “Stage 2 asked for” first"),
        ("panel_met", {}, "Record “Review panel asked for” first"),
        ("stage_one_answered", {"until": "2026-10-01"}, "moves no date"),
        ("stage_one_extended", {"until": "2026-10-06"}, "no later day than Mon 5 October 2026"),
        ("stage_one_extended", {"until": "2026-09-13"}, "before it was agreed"),
        ("stage_one_answered", {"on": "2026-09-04"}, "before the complaint was received"),
        ("stage_one_answered", {"on": "2026-09-15"}, "has not come yet"),
    ],
)
def test_a_step_that_cannot_be_says_what_comes_first(
    story: Story, step: str, fields: dict[str, str], said: str
) -> None:
    reference = story.record()
    story.route(reference, CHILD, RECEIVED)
    story.on(ACKNOWLEDGED)
    given = {"on": ACKNOWLEDGED, **{name: day(text) for name, text in fields.items()}}
    with refused(story, BadInput, match=said):
        story.desks.handler.do(RecordRouteStep(reference=reference, step=step, **given))


def test_an_agreed_day_is_asked_for_where_the_law_sets_no_limit(story: Story) -> None:
    """Public health: a longer time is agreed until some day, within the published bank holidays."""
    reference = story.record()
    story.route(reference, "public_health", RECEIVED)
    with refused(story, BadInput, match="Give the later day"):
        story.route_step(reference, "longer_agreed", ACKNOWLEDGED)
    with refused(story, CalendarEnds):
        story.route_step(reference, "longer_agreed", ACKNOWLEDGED, until=day("2040-01-02"))
    story.route_step(reference, "longer_agreed", ACKNOWLEDGED, until=day("2027-06-30"))
    assert duty(story, reference, "route:health_respond")["act_by"] == day("2027-06-30")


def test_a_route_without_clocks_owes_nothing_here(story: Story, desks: Desks) -> None:
    """A school's own procedure: recorded, told, linked, and in the list without a date."""
    reference = story.record()
    story.route(reference, "schools", RECEIVED)
    assert {row["standing"] for row in story.duties(reference).values()} == {"void"}
    (row,) = desks.handler.ask(routed_cases, scheme="schools").rows
    assert (row.act_by, row.next_title, row.taken_by) == (None, "", "The care complaints team")
    assert desks.handler.ask(routed_cases, scheme="hos").rows == ()
    assert desks.handler.ask(routed_cases).total == 1


# ------------------------------------------------------------------------------------------------------ and back again


def test_using_5_brought_back_it_keeps_its_day_of_receipt_and_the_codes_clock_counts_from_it(
    story: Story, desks: Desks
) -> None:
    """Requirement Using-5: re-routing keeps the original received date [lgsco:using.5]."""
    reference = story.record()
    story.route(reference, CHILD, RECEIVED)
    story.reroute(reference, "lgsco", day("2026-09-10"))
    case = story.case(reference)
    assert (case["position"], case["received_on"]) == (Position.ONE_AWAITING_ACKNOWLEDGEMENT.value, RECEIVED)
    assert (case["scheme"], case["ending"], case["ended_on"]) == ("lgsco", None, None)
    owed = story.duties(reference)
    assert set(owed) == {"acknowledge_stage_one", "respond_stage_one"}
    assert (owed["acknowledge_stage_one"]["due_on"], owed["acknowledge_stage_one"]["standing"]) == (
        day("2026-09-14"),
        "open",
    )
    view = desks.handler.ask(case_route, reference)
    assert view is not None
    assert (view.current, [route.scheme for route in view.earlier]) == (None, [CHILD])
    assert desks.manager.ask(gap_report).complaints == 1


def test_using_5_brought_back_late_it_is_late_at_once(story: Story) -> None:
    reference = story.record()
    story.route(reference, CHILD, RECEIVED)
    story.reroute(reference, "lgsco", day("2026-10-20"))
    story.acknowledge(reference, day("2026-10-20"), good_reason="It had gone by another route.")
    assert duty(story, reference, "acknowledge_stage_one")["standing"] == "late"


def test_one_route_may_give_way_to_another(story: Story, desks: Desks) -> None:
    """The first keeps its row and its steps; the second counts from receipt as well."""
    reference = story.record()
    story.route(reference, CHILD, RECEIVED)
    story.route_step(reference, "stage_one_answered", day("2026-09-08"))
    with refused(story, BadInput, match="by that already"):
        story.reroute(reference, CHILD, day("2026-09-09"))
    story.reroute(reference, "adult_statutory", day("2026-09-09"), taken_by="Adults")
    assert duty(story, reference, "route:adult_acknowledge")["due_on"] == day("2026-09-10")
    assert not any(kind.startswith("route:child") for kind in story.duties(reference))
    view = desks.handler.ask(case_route, reference)
    assert view is not None
    assert view.current is not None
    assert (view.current.scheme, view.earlier[0].steps[0].title) == ("adult_statutory", "Stage 1 answered")
    assert len(desks.handler.ask(routed_cases).rows) == 1


def test_a_route_taken_at_stage_two_leads_back_to_stage_two(story: Story, desks: Desks) -> None:
    reference = story.considered_at_stage_two()
    story.route(reference, "public_health", day("2026-10-06"))
    assert duty(story, reference, "route:health_respond")["owner_id"] == desks.reviewer.actor.id
    desks.manager.do(Assign(reference=reference, colleague_id=desks.other_reviewer.actor.id))
    assert duty(story, reference, "route:health_respond")["owner_id"] == desks.other_reviewer.actor.id
    story.reroute(reference, "lgsco", day("2026-10-07"))
    assert story.case(reference)["position"] == Position.TWO_CONSIDERED.value


def test_another_law_lets_anybody_take_it_on_and_brought_back_it_asks_for_someone_new(
    story: Story, desks: Desks
) -> None:
    """Whoever answered stage 1 may have it on another route; in stage 2 only with a reason [lgsco:6.14]."""
    reference = story.acknowledged()
    desks.reviewer.do(story.on(ANSWERED).ready(RespondStageOne, reference))
    story.open_two(reference)
    story.route(reference, "public_health", day("2026-10-06"))
    story.assign(reference, to=desks.reviewer)
    story.reroute(reference, "adult_statutory", day("2026-10-07"))
    with reason_asked(story, "lgsco:6.14"):
        story.reroute(reference, "lgsco", day("2026-10-07"))
    story.reroute(reference, "lgsco", day("2026-10-07"), good_reason="Nobody else is here this month.")
    assert story.departures(reference)[-1] == ("lgsco:6.14", "Nobody else is here this month.")
    story.route(reference, "public_health", day("2026-10-07"))
    story.assign(reference, to=desks.other_reviewer)
    story.reroute(reference, "lgsco", day("2026-10-07"))
    assert [clause for clause, _reason in story.departures(reference)].count("lgsco:6.14") == 1


def test_an_unknown_route_and_what_goes_that_way_already_are_refused(story: Story) -> None:
    reference = story.record()
    for route, said in (("nowhere", "no such route"), ("lgsco", "by that already")):
        with refused(story, BadInput, match=said):
            story.route(reference, route, RECEIVED)
    for told, said in ((day("2026-09-04"), "before the complaint was received"), (day("2026-09-08"), "not come yet")):
        with refused(story, BadInput, match=said):
            story.route(reference, on=RECEIVED, told_on=told)


def test_whoever_has_a_conflict_sends_it_nowhere(story: Story, desks: Desks) -> None:
    """Deciding where it goes is deciding on it [lgsco:5.4]."""
    reference = story.acknowledged()
    desks.handler.do(DeclareConflict(reference=reference, kind=ConflictKind.ACTUAL, detail="My sister's."))
    with refused(story, StepNotOpen, match="conflict"):
        story.route(reference)


def test_what_is_told_goes_to_a_representative_only_with_authority(story: Story) -> None:
    reference = story.acknowledged()
    story.represent(reference)
    with reason_asked(story, "lgsco:3.6"):
        story.route(reference)
    story.route(reference, good_reason="They are in the room together.")


# ------------------------------------------------------------------------------------------------------- some points


def test_t32_a_mixed_complaint_is_split_by_point_with_one_lead_and_no_clock_restarts(
    story: Story, desks: Desks
) -> None:
    """Each scheme keeps its own clock, and the longest does not govern [lgsco:using.5]."""
    reference = story.record(category="Care", service_id=2)
    story.desks.handler.do(AddPoint(reference=reference, text="You lost my file.", raised_on=RECEIVED))
    story.acknowledge(reference)
    story.assign(reference)
    owed = {kind: row["due_on"] for kind, row in story.duties(reference).items()}
    done = story.route(reference, "data_protection", day("2026-09-15"), points=(2,))
    half = done.events[0].becomes  # type: ignore[attr-defined]
    assert {kind: row["due_on"] for kind, row in story.duties(reference).items()} == owed
    case = story.case(half)
    assert (case["received_on"], case["logged_on"], case["matter"]) == (RECEIVED, RECEIVED, "You lost my file.")
    assert (case["scheme"], case["position"], case["category"]) == ("data_protection", Position.ROUTED.value, "Care")
    own = duty(story, half, "route:data_acknowledge")
    assert (own["due_on"], own["act_by"], own["owner_id"]) == (
        day("2026-10-07"),
        day("2026-10-06"),
        desks.handler.actor.id,
    )
    lead = desks.handler.ask(case_view, reference)
    assert [point.number for point in lead.points] == [1]
    view, other = desks.handler.ask(case_route, reference), desks.handler.ask(case_route, half)
    assert view is not None
    assert other is not None
    assert [(point.number, point.scheme, point.reference) for point in view.points] == [(2, "data_protection", half)]
    assert (other.came_from, view.came_from) == (reference, "")
    assert lead.history[0].sentence.startswith(f"Point 2 goes by another route as {half}: Data protection complaint.")
    assert [line.tag for line in desks.handler.ask(case_view, half).history] == [
        "complaint.routed", "complaint.split", "complaint.recorded",
    ]  # fmt: skip
    assert len(story.rows("case_match")) == 1
    assert story.verified() == len(story.tags())
    assert desks.system.ask(duties_check).differing == ()


def test_t32_the_lead_is_answered_on_the_rest_and_a_new_point_gets_a_number_of_its_own(story: Story) -> None:
    """What went is no point here any more, and its number is not given again [lgsco:6.7]."""
    reference = mixed(story)
    story.route(reference, "data_protection", ACKNOWLEDGED, points=(2,))
    story.desks.handler.do(AddPoint(reference=reference, text="And the fence.", raised_on=ACKNOWLEDGED))
    assert story.points(reference) == [1, 2, 3, 4]
    for numbers, said in (((2,), "no point 2"), ((1, 2, 3, 4), "no point 2")):
        with refused(story, BadInput, match=said):
            story.respond(reference, answers=answers(*numbers))
    with refused(story, BadInput, match="Point 2 is not among"):
        story.route(reference, "schools", ANSWERED, points=(2,))
    story.respond(reference, answers=answers(1, 3, 4))
    assert story.departures(reference) == []


def test_the_first_point_may_go_and_the_matter_is_corrected_without_it(story: Story) -> None:
    reference = mixed(story, "You lost my file.")
    story.route(reference, "data_protection", ACKNOWLEDGED, points=(1,))
    story.correct(reference, Fact.MATTER, "A lost file")
    texts = {row["number"]: row["text"] for row in story.rows("point", complaint_id=story.case(reference)["id"])}
    assert texts == {1: "Missed bin collections", 2: "You lost my file."}


def test_a_half_brought_back_was_acknowledged_with_the_rest(story: Story) -> None:
    """It was acknowledged with the lead: back in the Code that still counts [lgsco:6.2]."""
    reference = story.record()
    story.desks.handler.do(AddPoint(reference=reference, text="You lost my file.", raised_on=RECEIVED))
    story.acknowledge(reference)
    half = story.route(reference, "data_protection", ACKNOWLEDGED, points=(2,)).events[0].becomes  # type: ignore[attr-defined]
    story.reroute(half, "lgsco", day("2026-09-16"))
    assert story.case(half)["position"] == Position.ONE_CONSIDERED.value
    assert duty(story, half, "acknowledge_stage_one")["standing"] == "in_time"
    late = mixed(story)
    story.on(day("2026-09-16"))
    story.desks.handler.do(AddPoint(reference=late, text="And the fence.", raised_on=day("2026-09-16")))
    other = story.route(late, "data_protection", day("2026-09-16"), points=(4,)).events[0].becomes  # type: ignore[attr-defined]
    assert story.case(other)["received_on"] == day("2026-09-16")
    story.reroute(other, "lgsco", day("2026-09-17"))
    assert story.case(other)["position"] == Position.ONE_AWAITING_ACKNOWLEDGEMENT.value


def test_the_half_is_as_confidential_and_treats_the_person_as_the_lead_does(story: Story, desks: Desks) -> None:
    """The same people see both; what was agreed holds there too [lgsco:5.6, 5.8]."""
    reference = mixed(story)
    story.assign(reference)
    story.adjust(reference)
    desks.handler.do(FlagRisk(reference=reference, reason="No heating."))
    story.keep_confidential(reference)
    half = story.route(reference, "data_protection", ACKNOWLEDGED, points=(2, 3)).events[0].becomes  # type: ignore[attr-defined]
    people = desks.handler.ask(case_people, half)
    assert (people.risk, [each.what for each in people.adjustments]) == ("No heating.", ["Letters in large print"])
    kept = desks.reviewer.ask(confidence, half)
    assert kept is not None
    assert story.case(half)["matter"] == "You lost my file.; The damp in my flat."
    assert desks.manager.ask(case_route, half) is None
    assert desks.manager.ask(routed_cases).rows == ()


def test_all_points_chosen_is_the_whole_complaint(story: Story) -> None:
    reference = mixed(story)
    story.route(reference, "schools", ACKNOWLEDGED, points=(3, 1, 2))
    assert story.case(reference)["position"] == Position.ROUTED.value
    assert len(story.rows("complaint")) == 1


# -------------------------------------------------------------------------------------------------- the landlord's Code


def test_intro_6_a_landlord_complaint_stays_in_the_two_stages_and_is_counted_apart(story: Story, desks: Desks) -> None:
    """The same clocks, the Housing Ombudsman named, and figures of its own [lgsco:using.5]."""
    reference = story.acknowledged()
    owed = {kind: row["due_on"] for kind, row in story.duties(reference).items()}
    story.route(reference, "hos", ACKNOWLEDGED)
    assert (story.case(reference)["position"], story.case(reference)["scheme"]) == (
        Position.ONE_CONSIDERED.value,
        "hos",
    )
    assert {kind: row["due_on"] for kind, row in story.duties(reference).items()} == owed
    report = desks.manager.ask(gap_report)
    assert (report.complaints, report.apart) == (0, {"hos": 1})
    theirs = desks.manager.ask(gap_report, scheme="hos")
    assert (theirs.complaints, theirs.still_open) == (1, 1)
    view = desks.handler.ask(case_route, reference)
    assert view is not None
    assert view.signpost.startswith("Housing Ombudsman Service, PO Box 1484")
    story.respond(reference, day("2026-10-12"), good_reason="A surveyor was away.")
    assert desks.manager.ask(departure_counts) == {}
    assert desks.manager.ask(departure_counts, scheme="hos") == {"lgsco:6.3": 1}


def test_intro_6_the_final_response_names_the_ombudsman_of_its_own_code(story: Story) -> None:
    """Naming the other one sends somebody to the wrong door [lgsco:6.18]."""
    reference = story.considered_at_stage_two()
    story.route(reference, "hos", day("2026-10-06"))
    with refused(story, LetterIncomplete, match="Name the Housing Ombudsman Service"):
        story.respond_final(reference, ombudsman=THE_OMBUDSMAN)
    story.respond_final(reference, ombudsman="Housing Ombudsman Service, 0300 111 3000")


def test_intro_6_scheme_per_point_in_one_complaint_with_both_ombudsmen(story: Story, desks: Desks) -> None:
    """Both Codes share their clocks, so a mixed complaint is answered as one, each Ombudsman by its points."""
    reference = mixed(story)
    story.route(reference, "hos", ACKNOWLEDGED, points=(3,))
    assert story.case(reference)["scheme"] == "lgsco"
    assert len(story.rows("complaint")) == 1
    view = desks.handler.ask(case_route, reference)
    assert view is not None
    ours, theirs = view.signpost.splitlines()
    assert (ours[:14], theirs[:8]) == ("Points 1 and 2", "Point 3:")
    with refused(story, BadInput, match="under that Code already"):
        story.route(reference, "hos", ACKNOWLEDGED, points=(3,))
    story.assign(reference)
    story.respond(reference, answers=answers(1, 2, 3))
    story.open_two(reference)
    story.acknowledge_two(reference)
    story.assign_two(reference)
    parts = {**SEVEN_PARTS, "answers": answers(1, 2, 3)}
    with refused(story, LetterIncomplete, match="Name the Housing Ombudsman Service"):
        story.respond_final(reference, **parts)
    story.respond_final(reference, **{**parts, "ombudsman": BOTH})


def test_intro_6_a_point_goes_back_to_the_complaints_own_code(story: Story, desks: Desks) -> None:
    reference = mixed(story)
    story.route(reference, "hos", ACKNOWLEDGED, points=(3,))
    story.route(reference, "lgsco", ACKNOWLEDGED, points=(3,))
    view = desks.handler.ask(case_route, reference)
    assert view is not None
    assert view.points == ()
    with refused(story, BadInput, match="under that Code already"):
        story.route(reference, "lgsco", ACKNOWLEDGED, points=(3,))
    whole = story.acknowledged()
    story.route(whole, "hos", ACKNOWLEDGED)
    story.route(whole, "lgsco", ACKNOWLEDGED)
    assert story.case(whole)["scheme"] == "lgsco"
    assert desks.handler.ask(routed_cases).counts == {}


# ------------------------------------------------------------------------------------------------------- T27, and moves


def test_t27_moving_a_complaint_to_another_service_restarts_no_clock(story: Story) -> None:
    """Another service, another handler, another route and back: every date is the one from receipt [lgsco:6.21]."""
    reference = story.record(service_id=1)
    story.acknowledge(reference)
    owed = {kind: row["due_on"] for kind, row in story.duties(reference).items()}
    story.correct(reference, Fact.SERVICE, "Housing repairs")
    story.assign(reference)
    story.assign(reference, to=story.desks.other_handler)
    story.route(reference, CHILD, day("2026-09-15"))
    story.reroute(reference, "lgsco", day("2026-09-16"))
    assert {kind: row["due_on"] for kind, row in story.duties(reference).items()} == owed
    assert story.case(reference)["received_on"] == RECEIVED


def test_a_corrected_day_of_receipt_moves_the_routes_clocks(story: Story) -> None:
    reference = story.record()
    story.route(reference, "adult_statutory", RECEIVED)
    story.correct(reference, Fact.RECEIVED, "2026-09-04")
    assert duty(story, reference, "route:adult_acknowledge")["due_on"] == day("2026-09-09")
