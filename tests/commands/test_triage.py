"""Request or complaint: raised from a request, passed on, decided; where clocks start, and whose doing it is."""

from __future__ import annotations

import ast
from typing import Any

from core.commands.correcting import Fact
from core.commands.importing import ImportBatch
from core.commands.triage import Decision, TriageComplaint
from core.errors import BadInput, StepNotOpen
from core.model.complaints import Channel
from core.model.requests import LinkKind, OfferReply, RequestOutcome, Respondent
from core.queries.cases import case_view
from core.queries.queue import QueueFilter, queue_export
from core.queries.requests import request_view
from core.queries.searching import search
from core.queries.triage import taken_in
from core.rules.steps import Position
from core.settings import ROOT
from tests.builders import ACKNOWLEDGED, RECEIVED, Story, day
from tests.commands.refusals import reason_asked, refused
from tests.commands.test_faults import past_complaint
from tests.requests import ASKED, UNHAPPY, ask, raise_from, row_of, take

LATER = day("2026-09-14")


# -------------------------------------------------------------------------------------------- raised from a request


def test_T31_a_complaint_raised_from_a_request_counts_from_the_day_it_was_said(story: Story) -> None:
    """T31: received is the day dissatisfaction was expressed, and the clock starts then [lgsco:1.7]; reading R31."""
    reference = ask(story, day("2026-08-10"))
    raised = str(raise_from(story, reference, LATER, expressed_on=day("2026-09-07")).reference)
    case = story.case(raised)
    assert (case["received_on"], case["logged_on"], case["act_by"]) == (day("2026-09-07"), LATER, LATER)
    assert story.stage(raised, 1)["received_on"] == day("2026-09-07")


def test_1_7_raising_links_both_and_leaves_the_request_running(story: Story) -> None:
    """Work on the request does not stop, and both say where the other is [lgsco:1.7]."""
    reference = ask(story)
    before = row_of(story, reference)
    raised = str(raise_from(story, reference, LATER).reference)
    after = row_of(story, reference)
    unchanged = set(before) - {"version"}
    assert {name: after[name] for name in unchanged} == {name: before[name] for name in unchanged}
    (link,) = story.rows("request_link")
    assert (link["kind"], link["complaint_id"]) == (LinkKind.RAISED.value, story.case(raised)["id"])
    view = story.desks.handler.ask(request_view, reference)
    assert [each.reference for each in view.complaints] == [raised]
    seen = story.desks.handler.ask(taken_in, raised)
    assert seen is not None
    assert [(each.reference, each.raised) for each in seen.requests] == [(reference, True)]
    assert story.tags(raised) == ["complaint.recorded", "complaint.raised"]
    assert "The request goes on." in story.desks.handler.ask(case_view, raised).history[0].sentence


def test_the_complaint_takes_over_who_and_which_service_and_keeps_its_own_words(story: Story) -> None:
    reference = ask(story)
    raised = str(raise_from(story, reference, LATER, words="Still not cut.").reference)
    view = story.desks.handler.ask(case_view, raised)
    assert (view.words, view.matter, view.service) == ("Still not cut.", "Overgrown hedge", "Waste and recycling")
    assert view.individual["email"] == "ruth@sample.example"
    assert story.case(raised)["person_id"] != row_of(story, reference)["person_id"]
    assert row_of(story, reference)["words"] == "Please cut back the hedge on Sample Lane."


def test_a_complaint_can_be_raised_after_the_request_was_closed(story: Story) -> None:
    """Unhappy with the answer, however late it comes [lgsco:1.7]."""
    reference = ask(story)
    take(story, "CloseServiceRequest", reference, ASKED, closed_on=ASKED, outcome=RequestOutcome.DONE)
    assert raise_from(story, reference, LATER).reference


def test_nobody_who_asked_can_be_unhappy_before_they_asked(story: Story) -> None:
    reference = ask(story)
    with refused(story, BadInput, match="before the request was received"):
        raise_from(story, reference, LATER, expressed_on=day("2026-09-04"))
    with refused(story, BadInput, match="has not come yet"):
        raise_from(story, reference, LATER, expressed_on=day("2026-09-15"))


def test_an_anonymous_request_gives_an_anonymous_complaint(story: Story) -> None:
    """Considered all the same, and owed no acknowledgement [lgsco:1.5]."""
    raised = raise_from(story, ask(story, individual="", contact_email=""), LATER).reference
    assert story.case(str(raised))["position"] == Position.ONE_CONSIDERED.value


def test_the_same_click_twice_raises_one_complaint(story: Story) -> None:
    reference = ask(story)
    for _click in range(2):
        raise_from(story, reference, LATER, command_id="11111111-1111-4111-8111-111111111111")
    assert len(story.rows("complaint")) == len(story.rows("request_link")) == 1


# ------------------------------------------------------------------------------------------------------- passed on


def passed_on(story: Story, **fields: Any) -> str:
    return story.record(RECEIVED, matter="", passed_on=True, **fields)


def test_3_2_five_answers_make_a_complaint_whose_clock_runs_at_once(story: Story) -> None:
    """Any member of staff, in a minute, and the first hearing starts the clock [lgsco:3.2]."""
    reference = story.record(day("2026-09-07"), today=day("2026-09-10"), matter="", passed_on=True)
    case = story.case(reference)
    assert (case["received_on"], case["act_by"]) == (day("2026-09-07"), day("2026-09-14"))
    assert case["matter"] == "The bins in our close were missed four times this summer."
    seen = story.desks.handler.ask(taken_in, reference)
    assert seen is not None
    assert seen.awaits_triage


def test_1_6_the_decision_is_kept_with_who_and_why(story: Story) -> None:
    """And deciding again keeps the earlier one in the history [lgsco:1.6]."""
    reference = passed_on(story)
    for desk, why in ((story.desks.handler, "They are unhappy."), (story.desks.manager, "Unhappy with the rounds.")):
        done = desk.do(TriageComplaint(reference=reference, decision=Decision.COMPLAINT, why=why))
        assert done.sentences == (f"Decided that this is a complaint. Why: {why}",)
    seen = story.desks.handler.ask(taken_in, reference)
    assert seen is not None
    assert (seen.awaits_triage, seen.decided_by, seen.why) == (False, "Mona Manager", "Unhappy with the rounds.")
    assert story.case(reference)["act_by"] == day("2026-09-14")


def test_a_complaint_recorded_in_full_is_decided_by_whoever_records_it(story: Story) -> None:
    """Who decided that it is a complaint, and why [lgsco:1.6]."""
    reference = story.record(why="They are fed up with us.")
    seen = story.desks.handler.ask(taken_in, reference)
    assert seen is not None
    assert (seen.awaits_triage, seen.decided_by, seen.why) == (False, "Robin Recorder", "They are fed up with us.")
    assert story.desks.handler.ask(case_view, reference).history[0].sentence.endswith("They are fed up with us.")


def test_it_goes_on_as_a_request_only_when_the_individual_agrees(story: Story) -> None:
    """Otherwise a reason is asked; it stays counted as received [lgsco:1.7]; T18."""
    reference = passed_on(story)
    command = TriageComplaint(reference=reference, decision=Decision.REQUEST, why="They only want a bin.")
    with reason_asked(story, "lgsco:1.7"):
        story.desks.handler.do(command)
    done = story.desks.handler.do(command.model_copy(update={"agreed": True}))
    (request,) = story.rows("service_request")
    assert done.sentences[0] == (
        f"Decided that this is a service request and goes on as {request['reference']}. Why: They only want a bin."
    )
    case = story.case(reference)
    assert (case["position"], case["ended_on"]) == (Position.WITHDRAWN.value, RECEIVED)
    assert (request["words"], request["received_on"]) == (case["words"], case["received_on"])
    view = story.desks.handler.ask(request_view, str(request["reference"]))
    assert [(each.reference, each.raised) for each in view.complaints] == [(reference, False)]
    assert {line.tag for line in view.history} == {"complaint.triaged", "request.recorded"}
    assert story.verified() == len(story.tags())


def test_a_confidential_complaint_does_not_become_a_request_everybody_sees(story: Story) -> None:
    reference = passed_on(story)
    story.keep_confidential(reference)
    with refused(story, BadInput, match="Lift confidentiality first"):
        story.desks.reviewer.do(
            TriageComplaint(reference=reference, decision=Decision.REQUEST, agreed=True, why="A bin.")
        )


def test_an_old_record_says_nothing_of_how_it_was_taken_in_until_somebody_does(story: Story) -> None:
    """An answered one is decided no more; whose doing it was can still be put right [lgsco:1.6]."""
    story.desks.manager.do(ImportBatch(source="old system", complaints=(past_complaint(),)))
    reference = str(story.rows("complaint")[0]["reference"])
    assert story.desks.handler.ask(taken_in, reference) is None
    with refused(story, StepNotOpen):
        story.desks.handler.do(TriageComplaint(reference=reference, decision=Decision.COMPLAINT, why="Unhappy."))
    story.correct(reference, Fact.RESPONDENT, "a contractor")
    seen = story.desks.handler.ask(taken_in, reference)
    assert seen is not None
    assert seen.about_others


# -------------------------------------------------------------------------------------- words and dates that stay


def test_5_8_no_command_writes_words_once_they_are_recorded() -> None:
    """Nowhere in the commands is the field assigned, and no correction names it [lgsco:5.8]."""
    written = [
        f"{path.name}:{node.lineno}"
        for path in (ROOT / "core/commands").glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr == "words" and isinstance(node.ctx, ast.Store)
    ]
    assert written == []
    assert not any("words" in fact.value for fact in Fact)


def test_no_step_changes_the_words_of_a_request(story: Story) -> None:
    reference = ask(story, words=UNHAPPY)
    take(story, "OfferComplaint", reference, LATER, offered_on=LATER, reply=OfferReply.ACCEPTED)
    raise_from(story, reference, LATER)
    take(story, "AnswerServiceRequest", reference, LATER, answered_on=LATER, answer="Cut.")
    assert row_of(story, reference)["words"] == UNHAPPY


def test_the_first_day_of_receipt_stays_in_the_history_when_it_is_corrected(story: Story) -> None:
    """The old value is kept with the new one, who changed it and why [lgsco:5.8]."""
    reference = passed_on(story)
    story.correct(reference, Fact.RECEIVED, "2026-09-04")
    said = [line.sentence for line in story.desks.manager.ask(case_view, reference).history]
    assert any("from “2026-09-07” to “2026-09-04”" in sentence for sentence in said)


# ----------------------------------------------------------------------------------------- contractors, and groups


def test_T4_first_receipt_by_a_contractor_or_councillor_starts_the_clock(story: Story) -> None:
    """T4: whoever acts for the council, and not the day it reached the team [lgsco:3.2] [lgsco:6.21]."""
    for channel, who in ((Channel.CONTRACTOR, "Example Waste Ltd"), (Channel.COUNCILLOR, "Cllr Example")):
        reference = story.record(
            day("2026-09-07"), today=day("2026-09-11"), channel=channel, received_by=who, passed_on=True,
        )  # fmt: skip
        case = story.case(reference)
        assert (case["received_on"], case["logged_on"]) == (day("2026-09-07"), day("2026-09-11"))
        assert (case["received_by"], case["act_by"]) == (who, day("2026-09-14"))


def test_T27_a_transfer_between_services_or_to_a_contractor_restarts_no_clock(story: Story) -> None:
    """T27: another service, another handler, another body: every date stays as it was [lgsco:6.21]."""
    reference = story.record(service_id=1)
    story.acknowledge(reference)
    story.assign(reference)
    dates = ("start_on", "due_on", "act_by", "met_on", "promised_on")
    before = {kind: [duty[name] for name in dates] for kind, duty in story.duties(reference).items()}
    story.on(day("2026-09-18"))
    story.correct(reference, Fact.SERVICE, "Parking")
    story.correct(reference, Fact.RESPONDENT, "a contractor")
    story.correct(reference, Fact.RESPONDENT_NAME, "Example Parking Ltd")
    story.assign(reference, story.desks.other_handler)
    after = {kind: [duty[name] for name in dates] for kind, duty in story.duties(reference).items()}
    assert after == before
    assert story.stage(reference, 1)["received_on"] == RECEIVED


def test_a_contractors_doing_stays_in_the_same_two_stages(story: Story) -> None:
    """One reference, our clocks, no process of the contractor's before or between [lgsco:6.21] [lgsco:6.22]."""
    fields = {"respondent": Respondent.CONTRACTOR, "respondent_name": "Example Waste Ltd"}
    reference = story.record(**fields)
    story.acknowledge(reference)
    seen = story.desks.handler.ask(taken_in, reference)
    assert seen is not None
    assert (seen.about_others, seen.respondent, seen.respondent_name) == (True, "a contractor", "Example Waste Ltd")
    assert story.case(reference)["position"] == Position.ONE_CONSIDERED.value
    said = story.desks.handler.ask(case_view, reference).history[-1].sentence
    assert said.endswith("It is about a contractor, Example Waste Ltd.")
    assert story.clock.now.date() == ACKNOWLEDGED


def test_1_4_a_groups_complaint_is_one_complaint(story: Story) -> None:
    """Twelve people, one record, counted once, with the one who speaks for them [lgsco:1.4]."""
    reference = story.record(affected=12, lead_contact="Sam Sample")
    assert len(story.desks.handler.ask(queue_export, QueueFilter())) == 1
    assert len(story.desks.handler.ask(search, "bins").rows) == 1
    seen = story.desks.handler.ask(taken_in, reference)
    assert seen is not None
    assert (seen.affected, seen.lead_contact) == (12, "Sam Sample")
    assert story.desks.handler.ask(case_view, reference).history[0].sentence.endswith("It is about 12 people.")
