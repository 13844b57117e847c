"""Fair consideration: what an answer asks for first, what is asked and met about, and how a complaint is judged."""

from __future__ import annotations

from typing import Any

import pytest

from core.commands.assessing import AssessComplaint
from core.commands.considering import AskClarification, RecordClarification, RecordMeeting, RecordPosition
from core.commands.evidence import AddFile
from core.commands.fairness import DeclareConflict
from core.commands.stage_one import RespondStageOne
from core.commands.weighing import NoteEvidence, WeighEvidence
from core.desk import Desk, Done
from core.errors import BadInput, ReasonNeeded, StepNotOpen
from core.queries.considering import considering
from core.queries.people import case_people
from core.queries.queue import QueueFilter, queue
from core.rules.considering import Complexity, HandlerFit, ReachedBy, Weighed
from core.rules.parties import ConflictKind
from tests.builders import ANSWERED, EXTENDED_TO, FINAL, RECEIVED, Story, day
from tests.commands.refusals import reason_asked, refused
from tests.conftest import Desks
from tests.people import file_on

WHY = "The individual is abroad and asked us not to wait."


def asked_why(story: Story, answer: Any) -> str:
    """The sentence with which an answer asks for a reason, every finding under 5.4."""
    with pytest.raises(ReasonNeeded) as caught:
        answer()
    assert {finding.clause for finding in caught.value.findings} == {"lgsco:5.4"}  # type: ignore[attr-defined]
    return str(caught.value)


def weigh(desk: Desk, reference: str, *items: int, **fields: Any) -> Done:
    given = {"considered": Weighed.YES, "weight": "It fits the log of that day."}
    return desk.do(WeighEvidence(reference=reference, items=items, **(given | fields)))


def waiting(story: Story) -> str:
    """A complaint being considered by a handler who has not declared anything, with nobody heard."""
    reference = story.record()
    story.assign(reference)
    story.on(RECEIVED)
    return reference


# ---------------------------------------------------------------------------------------------------------- the gates


def test_5_4b_an_answer_by_someone_who_has_not_declared_asks_why(story: Story, desks: Desks) -> None:
    """Declared at assignment, the answer goes out; handed on, the new holder declares as well [lgsco:5.4]."""
    reference = waiting(story)
    desks.handler.do(story.ready(RecordPosition, reference))
    assert asked_why(story, lambda: story.respond(reference, RECEIVED)) == (
        "Hana Handler has not declared yet whether there is a conflict of interest. "
        "Declare it, or record why the answer goes out without."
    )
    story.free(reference, desks.handler)
    story.assign(reference, to=desks.other_handler)
    assert "Hugo Handler has not declared" in asked_why(story, lambda: story.respond(reference, RECEIVED))
    story.free(reference, desks.other_handler)
    story.respond(reference, RECEIVED)
    assert story.departures(reference) == []


def test_5_4b_the_final_response_asks_the_same_of_the_reviewer(story: Story, desks: Desks) -> None:
    """At stage 2 somebody new considers it, and so declares anew [lgsco:5.4]."""
    reference = story.considered_at_stage_two()
    story.assign_two(reference, to=desks.other_reviewer)
    assert "Remy Reviewer has not declared" in asked_why(story, lambda: story.respond_final(reference))
    story.respond_final(reference, good_reason=WHY)
    assert story.departures(reference) == [("lgsco:5.4", WHY)]


def test_5_4c_an_answer_without_the_individuals_position_asks_why(story: Story, desks: Desks) -> None:
    """Heard, or with nothing to add, they had their chance; a reason is kept where they had none [lgsco:5.4]."""
    reference = waiting(story)
    story.free(reference, desks.handler)
    with reason_asked(story, "lgsco:5.4"):
        story.respond(reference, RECEIVED)
    with refused(story, BadInput, match="or tick that they had nothing to add"):
        desks.handler.do(RecordPosition(reference=reference, obtained_on=RECEIVED, reached_by=ReachedBy.PHONE))
    with refused(story, BadInput, match="before the complaint was received"):
        desks.handler.do(
            RecordPosition(
                reference=reference, obtained_on=day("2026-09-04"), reached_by=ReachedBy.PHONE, nothing_to_add=True
            )
        )
    done = desks.handler.do(
        RecordPosition(reference=reference, obtained_on=RECEIVED, reached_by=ReachedBy.PHONE, nothing_to_add=True)
    )
    assert done.sentences == (
        "Heard the individual for stage 1 on Mon 7 September 2026, by phone. They had nothing to add.",
    )
    story.respond(reference, RECEIVED)
    assert story.departures(reference) == []


def test_5_4c_each_stage_hears_the_individual_again(story: Story, desks: Desks) -> None:
    """What was said at stage 1 is no position at stage 2 [lgsco:5.4]."""
    reference = story.at_stage_two()
    story.free(reference, desks.reviewer)
    with reason_asked(story, "lgsco:5.4"):
        story.respond_final(reference, day("2026-10-02"))
    desks.reviewer.do(story.on(day("2026-10-02")).ready(RecordPosition, reference))
    story.respond_final(reference, day("2026-10-02"))
    assert [(row["stage_number"]) for row in story.rows("stated_position")] == [1, 2]


def test_5_4c_nobody_is_asked_of_an_anonymous_complaint(story: Story, desks: Desks) -> None:
    """Who left no way to reach them cannot be heard [lgsco:5.4]; reading R29."""
    reference = story.record(individual="", contact_email="", no_contact_details=True)
    story.free(reference, desks.handler)
    story.respond(reference, RECEIVED)
    assert story.departures(reference) == []


def test_5_4d_a_conflict_half_way_locks_the_answer_and_no_reason_opens_it(story: Story, desks: Desks) -> None:
    """E6: an actual or perceived conflict is dealt with by handing the complaint on [lgsco:5.4]."""
    reference = story.acknowledged()
    story.assign(reference)
    desks.handler.do(DeclareConflict(reference=reference, kind=ConflictKind.PERCEIVED, detail="My neighbour."))
    for reason in (None, "There is nobody else."):
        with refused(story, StepNotOpen, match="has declared a conflict of interest"):
            story.respond(reference, good_reason=reason)
    story.assign(reference, to=desks.other_handler)
    story.free(reference, desks.other_handler)
    desks.other_handler.do(story.on(ANSWERED).ready(RespondStageOne, reference))
    assert story.stage(reference, 1)["responded_by"] == desks.other_handler.actor.id


def test_5_4e_an_answer_with_evidence_not_weighed_names_it_and_asks_why(story: Story, desks: Desks) -> None:
    """A file and what somebody said count alike; considered or left aside, each is decided [lgsco:5.4]."""
    reference = story.acknowledged()
    file_on(story, reference, name="Photograph.jpg")
    story.note_evidence(reference)
    (photograph, call) = desks.handler.ask(considering, reference).evidence
    assert (photograph.file_id is None, call.file_id, call.source) == (False, None, "The depot")
    assert asked_why(story, lambda: story.respond(reference)) == (
        "2 pieces of evidence are not weighed yet: Photograph.jpg; What the crew said by phone. "
        "Weigh each, or record why the answer does not wait for it."
    )
    done = weigh(desks.handler, reference, photograph.id, considered=Weighed.NO, weight="It shows another street.")
    assert done.sentences == ("Evidence left aside: Photograph.jpg. It shows another street.",)
    assert "1 piece of evidence is not weighed yet" in asked_why(story, lambda: story.respond(reference))
    weigh(desks.handler, reference, call.id, source="The foreman")
    story.respond(reference)
    assert story.departures(reference) == []
    weighed = desks.handler.ask(considering, reference).evidence
    assert [(each.considered, each.source, each.weighed_by) for each in weighed] == [
        ("left aside", "", "Hana Handler"),
        ("considered", "The foreman", "Hana Handler"),
    ]


def test_5_4e_an_override_is_a_departure_with_its_reason(story: Story, desks: Desks) -> None:
    reference = story.acknowledged()
    story.note_evidence(reference)
    done = story.respond(reference, good_reason=WHY)
    assert story.departures(reference) == [("lgsco:5.4", WHY)]
    assert "1 piece of evidence is not weighed yet" in done.sentences[-1]


def test_5_4e_evidence_that_comes_between_the_stages_is_weighed_at_stage_two(story: Story, desks: Desks) -> None:
    """What was weighed at stage 1 stays so; only what is new is owed [lgsco:5.4]."""
    reference = story.acknowledged()
    first = story.note_evidence(reference)
    weigh(desks.handler, reference, first)
    story.respond(reference)
    file_on(story, reference, name="New letter.pdf")
    story.open_two(reference)
    story.acknowledge_two(reference)
    story.assign_two(reference)
    said = asked_why(story, lambda: story.respond_final(reference))
    assert "1 piece of evidence is not weighed yet: New letter.pdf." in said
    weigh(desks.reviewer, reference, *(row["id"] for row in story.rows("evidence_item")))
    story.on(FINAL).respond_final(reference)


def test_evidence_of_another_complaint_is_not_weighed_here(story: Story, desks: Desks) -> None:
    reference, other = story.acknowledged(), story.acknowledged()
    elsewhere = story.note_evidence(other)
    for items in ((elsewhere,), (story.note_evidence(reference), 999)):
        with refused(story, BadInput, match="is not evidence on C-2026-000001"):
            weigh(desks.handler, reference, *items)


def test_every_gate_is_one_finding_of_one_reason(story: Story) -> None:
    """An answer that lacks all three says all three at once [lgsco:5.4]."""
    reference = waiting(story)
    story.note_evidence(reference)
    with reason_asked(story, "lgsco:5.4", "lgsco:5.4", "lgsco:5.4"):
        story.respond(reference, RECEIVED)


def test_the_page_is_told_beforehand_exactly_what_the_answer_would_say(story: Story, desks: Desks) -> None:
    """So that no officer meets a gate by surprise [lgsco:5.4]."""
    reference = waiting(story)
    story.note_evidence(reference)
    shown = desks.handler.ask(considering, reference)
    assert shown.yours_to_declare
    assert " ".join(check.lacking for check in shown.checks) == asked_why(
        story, lambda: story.respond(reference, RECEIVED)
    )
    assert [check.step for check in shown.checks] == ["DeclareConflict", "RecordPosition", "WeighEvidence"]
    assert not desks.other_handler.ask(considering, reference).yours_to_declare
    story.hear(reference, desks.handler)
    weigh(desks.handler, reference, shown.evidence[0].id)
    shown = desks.handler.ask(considering, reference)
    assert not shown.yours_to_declare
    assert {check.lacking for check in shown.checks} == {""}
    story.respond(reference, RECEIVED)
    assert desks.handler.ask(considering, reference).checks == ()


# ------------------------------------------------------------------------------------------------- what is unclear


@pytest.mark.parametrize("stage", [1, 2])
def test_T13_no_pause(story: Story, desks: Desks, stage: int) -> None:
    """5.4a: a question, open or answered, moves no date; more time is an extension [lgsco:5.4a]; reading R13."""
    reference = story.acknowledged() if stage == 1 else story.considered_at_stage_two()
    before = story.duties(reference)
    today = story.clock.now.date()
    done = desks.handler.do(
        AskClarification(reference=reference, question="Which bin?", asked_on=today, reached_by=ReachedBy.EMAIL)
    )
    assert done.sentences[0].endswith("by e-mail: Which bin? The clock goes on.")
    assert story.duties(reference) == before
    (asked,) = desks.handler.ask(considering, reference).asked
    then = ANSWERED if stage == 1 else FINAL
    story.on(then).desks.handler.do(
        RecordClarification(reference=reference, clarification_id=asked.id, answered_on=then, answer="The brown one.")
    )
    after = story.duties(reference)
    assert {kind: (duty["due_on"], duty["act_by"]) for kind, duty in after.items()} == {
        kind: (duty["due_on"], duty["act_by"]) for kind, duty in before.items()
    }
    (kept,) = desks.handler.ask(considering, reference).clarifications
    assert (kept.question, kept.answer, kept.answered_on) == ("Which bin?", "The brown one.", then)
    if stage == 1:
        story.extend(reference)
        assert story.case(reference)["act_by"] == EXTENDED_TO


def test_5_4a_a_question_is_answered_once_and_on_its_own_complaint(story: Story, desks: Desks) -> None:
    reference, other = story.acknowledged(), story.acknowledged()
    number = story.ask(reference)
    answer = {"clarification_id": number, "answered_on": story.clock.now.date(), "answer": "The brown one."}
    with refused(story, BadInput, match="No such question is open on C-2026-000002"):
        desks.handler.do(RecordClarification(reference=other, **answer))
    with refused(story, BadInput, match="before the question was asked"):
        desks.handler.do(RecordClarification(reference=reference, **(answer | {"answered_on": RECEIVED})))
    desks.handler.do(RecordClarification(reference=reference, **answer))
    with refused(story, BadInput, match="No such question is open on C-2026-000001"):
        desks.handler.do(RecordClarification(reference=reference, **answer))


def test_5_4a_a_reply_is_kept_also_after_the_answer_went_out(story: Story, desks: Desks) -> None:
    """Nobody waited for it, and it is not lost [lgsco:5.8]."""
    reference = story.acknowledged()
    number = story.ask(reference)
    story.respond(reference)
    desks.handler.do(
        RecordClarification(reference=reference, clarification_id=number, answered_on=ANSWERED, answer="Both of them.")
    )
    assert desks.handler.ask(considering, reference).asked == ()


# --------------------------------------------------------------------------------------------------------- meetings


def test_3_6_a_meeting_keeps_who_accompanied_or_represented_the_individual(story: Story, desks: Desks) -> None:
    """They may bring somebody or be represented; the adjustments made are kept [lgsco:3.6]."""
    reference = story.acknowledged()
    day_of = story.clock.now.date()
    desks.handler.do(
        RecordMeeting(
            reference=reference, held_on=day_of, place="The town hall", attended="Sam Sample, Hana Handler",
            accompanied="Fern Friend, who spoke for them", adjustments="A hearing loop", notes="They showed a diary.",
        )
    )  # fmt: skip
    (met,) = desks.quality.ask(considering, reference).meetings
    assert (met.accompanied, met.adjustments) == ("Fern Friend, who spoke for them", "A hearing loop")
    with refused(story, BadInput, match="before the complaint was received"):
        desks.handler.do(
            RecordMeeting(reference=reference, held_on=day("2026-09-01"), place="Here", attended="Sam Sample")
        )
    alone = desks.handler.do(
        RecordMeeting(reference=reference, held_on=day_of, place="By video call", attended="Sam Sample.")
    )
    assert alone.sentences == (
        "Met on Mon 14 September 2026, By video call. Present: Sam Sample. With the individual: nobody.",
    )


# ------------------------------------------------------------------------------------------------------ judged first


def assess(desk: Desk, reference: str, **fields: Any) -> Done:
    given = {"complexity": Complexity.LOW, "handler_fit": HandlerFit.RIGHT, "quick": True}
    return desk.do(AssessComplaint(reference=reference, **(given | fields)))


@pytest.mark.parametrize(
    "behind", [{"vulnerable": True, "at_risk": True}, {"vulnerable": True}, {"at_risk": True}], ids=str
)
def test_6_1_vulnerable_and_at_risk_goes_to_the_top_of_the_queue(
    story: Story, desks: Desks, behind: dict[str, bool]
) -> None:
    """Whoever is vulnerable or at risk comes before what is due sooner [lgsco:6.1]."""
    first, second = story.record(), story.record(day("2026-09-09"))
    with refused(story, BadInput, match="Say in a few words who is vulnerable"):
        assess(desks.handler, second, **behind)
    done = assess(desks.handler, second, **behind, why="Lives alone, and is unwell.")
    assert "so it comes first. Lives alone, and is unwell." in done.sentences[0]
    rows = desks.manager.ask(queue, QueueFilter()).rows
    assert [(row.reference, row.at_risk) for row in rows] == [(second, True), (first, False)]
    assert desks.handler.ask(case_people, second).risk == "Lives alone, and is unwell."


def test_6_1_complexity_speed_and_the_right_handler_are_kept_and_can_be_judged_again(
    story: Story, desks: Desks
) -> None:
    """Sorting changes no date, and the latest judgement stands [lgsco:6.1]."""
    reference = story.record()
    before = story.duties(reference)
    assess(desks.handler, reference)
    with refused(story, BadInput, match="or who should have it"):
        assess(desks.handler, reference, handler_fit=HandlerFit.WRONG)
    done = assess(
        desks.reviewer, reference, complexity=Complexity.HIGH, quick=False, handler_fit=HandlerFit.WRONG,
        why="It is about planning.",
    )  # fmt: skip
    assert done.sentences == (
        "Judged its complexity as high; it needs more work. The right handler: no, it needs someone else. "
        "It is about planning.",
    )
    judged = desks.handler.ask(considering, reference).assessment
    assert judged is not None
    assert (judged.complexity, judged.quick, judged.assessed_by) == ("high", False, "Rita Reviewer")
    assert story.duties(reference) == before
    assert not any(row.at_risk for row in desks.handler.ask(queue, QueueFilter()).rows)


# ------------------------------------------------------------------------------------------------------------- apart


def test_a_complaint_made_of_a_point_is_heard_and_weighed_by_itself(story: Story, desks: Desks) -> None:
    """A position on one matter is none on another; who comes first comes first on both [lgsco:6.9]."""
    reference = story.acknowledged()
    story.note_evidence(reference)
    story.ask(reference)
    assess(desks.handler, reference, vulnerable=True, why="Lives alone.")
    new = story.split(reference)
    shown = desks.handler.ask(considering, new)
    assert (shown.positions, shown.clarifications, shown.meetings, shown.evidence) == ((), (), (), ())
    assert [bool(check.lacking) for check in shown.checks] == [True, True, False]
    assert {row.reference for row in desks.handler.ask(queue, QueueFilter()).rows if row.at_risk} == {reference, new}


def test_a_file_added_twice_is_one_piece_of_evidence(story: Story, desks: Desks) -> None:
    reference = story.acknowledged()
    file_on(story, reference, name="a.pdf")
    with refused(story, BadInput, match="is on C-2026-000001 already"):
        row = story.rows("case_file")[0]
        desks.handler.do(
            AddFile(
                reference=reference, name="a.pdf", media_type="application/pdf", size=row["size"], sha256=row["sha256"]
            )
        )
    assert len(story.rows("evidence_item")) == 1


def test_notes_of_evidence_name_their_source(story: Story, desks: Desks) -> None:
    """What it is and whom it comes from are both asked for [lgsco:5.4]."""
    reference = story.acknowledged()
    with refused(story, BadInput, match="not filled in yet"):
        desks.handler.form(NoteEvidence, {"reference": reference, "what": "What the crew said", "source": " "})
