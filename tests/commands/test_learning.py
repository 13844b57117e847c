"""Learning at each decision, the council's causes, and improvements from plan to evidence."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from core.channels.published import as_csv, as_html
from core.commands.causes import AddCause, WithdrawCause
from core.commands.improving import (
    CompleteImprovement,
    DropImprovement,
    LinkToImprovement,
    StartImprovement,
)
from core.commands.learning import RecordLearning
from core.errors import BadInput, ReasonNeeded, StepNotOpen
from core.queries.learning import improvements, learning_figures, listed_causes, you_said_we_did
from core.queries.lists import lists
from core.rules.facts import Outcome
from core.rules.publishing import finds_somebody
from core.rules.s9_oversight import ImprovementState, Learned
from tests.builders import ANSWERED, FINAL, RECEIVED, Story, answers, day
from tests.commands.refusals import refused
from tests.conftest import Desks

COMPLETED = {
    "after": "No miss in four weeks.",
    "you_said": "Collections were missed.",
    "we_did": "We split the round in two.",
}


def complete(story: Story, number: int, **fields: Any) -> None:
    """An improvement is begun and completed today."""
    today = story.clock.now.date()
    begun = StartImprovement(improvement_id=number, started_on=today, before="Nine misses a week.")
    story.desks.handler.do(begun)
    story.desks.handler.do(CompleteImprovement(improvement_id=number, done_on=today, **(COMPLETED | fields)))


@pytest.mark.parametrize("outcome", [Outcome.UPHELD, Outcome.NOT_UPHELD, Outcome.RESOLVED])
def test_9_1_each_answer_is_asked_what_it_teaches_whatever_was_found(story: Story, outcome: Outcome) -> None:
    """It goes without only with a reason, which is kept as a departure [lgsco:9.1]."""
    reference = story.acknowledged()
    silent: dict[str, Any] = {"answers": answers(outcome=outcome), "learned": None, "lesson": ""}
    with pytest.raises(ReasonNeeded, match="whether something can be learned") as asked:
        story.respond(reference, **silent)
    assert [each.clause for each in asked.value.findings] == ["lgsco:9.1"]
    assert story.rows("learning") == []
    done = story.respond(reference, **silent, good_reason="The service meets on it on Friday.")
    assert [each.tag for each in done.events] == ["stage.answered", "code.departed"]
    assert [each["clause"] for each in story.rows("departure")] == ["lgsco:9.1"]


def test_9_1_the_final_response_is_asked_as_well_and_both_are_kept(story: Story) -> None:
    reference = story.acknowledged()
    story.assign(reference)
    story.respond(reference, **story.teaches("communication", "Nobody rang back."))
    story.open_two(reference)
    story.acknowledge_two(reference)
    story.assign_two(reference)
    with pytest.raises(ReasonNeeded, match="No cause is chosen"):
        story.respond_final(reference, learned=Learned.SOMETHING, lesson="The round is too long.")
    story.respond_final(reference, **story.teaches("delay"))
    kept = [(row["stage_number"], row["something"], row["lesson"], row["learned_on"]) for row in story.rows("learning")]
    assert [(stage, bool(taught), lesson) for stage, taught, lesson, _on in kept] == [
        (1, True, "Nobody rang back."),
        (2, True, "The round is too long for one crew."),
    ]
    assert [str(on) for *_rest, on in kept] == [str(ANSWERED), str(FINAL)]


def test_9_1_what_ended_otherwise_can_teach_too(story: Story) -> None:
    """Also an old record that was brought in, or a complaint that was withdrawn [lgsco:9.1]."""
    reference = story.acknowledged()
    story.withdraw(reference, on=day("2026-09-15"))
    done = story.desks.handler.do(RecordLearning(reference=reference, **story.teaches()))
    (event,) = done.events
    assert event.tag == "learning.recorded"
    assert "Cause: Delay." in event.sentence()


def test_9_2_the_list_of_causes_is_the_councils_own_and_apart_from_categories(story: Story, desks: Desks) -> None:
    """It begins with a list in common use; what was withdrawn stays with its days [lgsco:9.2]."""
    before = [each.name for each in desks.handler.ask(lists).causes]
    assert "Policy or procedure not followed" in before
    desks.manager.do(AddCause(cause="Roadworks", when="A road was shut.", in_force_from=RECEIVED))
    with pytest.raises(BadInput, match="on the list already"):
        desks.manager.do(AddCause(cause=" roadworks ", in_force_from=RECEIVED))
    with pytest.raises(BadInput, match="before it was decided"):
        desks.manager.do(AddCause(cause="Rain", in_force_from=RECEIVED - timedelta(days=1)))
    delay = story.cause("delay")
    desks.manager.do(WithdrawCause(**delay, why="Too wide."))
    assert [each.name for each in desks.handler.ask(lists).causes] == [*before[1:], "Roadworks"]
    last = desks.member.ask(listed_causes)[-1]
    assert (last.title, last.in_use, last.in_force_until) == ("Delay", False, RECEIVED - timedelta(days=1))
    with pytest.raises(BadInput, match="not on the list any more"):
        desks.manager.do(WithdrawCause(**delay, why="Again."))
    reference = story.acknowledged()
    with pytest.raises(BadInput, match="not in use on that day") as wrong:
        story.respond(reference, learned=Learned.SOMETHING, lesson="Slow.", **delay)
    assert set(wrong.value.fields) == {"cause_id"}


def test_8_1d_only_what_is_completed_with_evidence_counts_as_made(story: Story, desks: Desks) -> None:
    """How it was before is written down first; planned ones stand apart [lgsco:8.1]."""
    reference, other = story.answered(), story.record()
    number = story.improvement(reference, other.lower())
    second = story.improvement(what="Ring people back.", due_on=story.clock.now.date())
    today = story.clock.now.date()
    early = CompleteImprovement(improvement_id=number, done_on=today, **COMPLETED)
    with pytest.raises(StepNotOpen, match="is planned; this is for one that is under way. Begin it first"):
        desks.handler.do(early)
    assert desks.member.ask(you_said_we_did) == ()
    complete(story, number)
    made, planned = sorted(desks.handler.ask(improvements), key=lambda each: each.id)
    assert (made.state, made.before, made.after) == (
        ImprovementState.COMPLETED, "Nine misses a week.", "No miss in four weeks.",
    )  # fmt: skip
    assert made.behind == tuple(sorted((reference, other)))
    assert (planned.id, planned.state, planned.overdue) == (second, ImprovementState.PROPOSED, False)
    (told,) = desks.member.ask(you_said_we_did)
    assert (told.you_said, told.we_did) == (COMPLETED["you_said"], COMPLETED["we_did"])
    story.on(today + timedelta(days=1))
    overdue = [each.id for each in desks.handler.ask(improvements) if each.overdue]
    assert overdue == [second]
    desks.handler.do(DropImprovement(improvement_id=second, why="The contract ends."))
    with pytest.raises(StepNotOpen, match="is dropped"):
        desks.handler.do(StartImprovement(improvement_id=second, started_on=today, before="Ten a week."))


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Sam Sample's bins were missed.", "the name of somebody who complained"),
        ("the bins of SAM SAMPLE", "the name of somebody who complained"),
        ("Mrs Sample waited.", "the name of somebody who complained"),
        ("See C-2026-000001.", "a reference"),
        ("Write to them@elsewhere.example.", "an e-mail address"),
        ("Ring 01632 960 123.", "a telephone number"),
        ("Around zz1 1zz.", "a postcode"),
    ],
)
def test_9_3_words_for_publication_tell_of_nobody_who_complained(story: Story, words: str, found: str) -> None:
    """Refused before they are kept, so no export can hold them [lgsco:9.3]."""
    number = story.improvement(story.record())
    with pytest.raises(BadInput, match=f"is published and holds {found}"):
        complete(story, number, you_said=words)
    assert story.desks.member.ask(you_said_we_did) == ()
    assert finds_somebody("A sample of 14 streets, 07:30 to 09:45, in 2026-27.", names=["Sam Sample", " "]) == ""


def test_9_3_the_export_holds_the_words_for_publication_and_no_planted_name(story: Story, desks: Desks) -> None:
    """Neither as a table nor as a page, whatever else officers wrote of the improvement [lgsco:9.3]."""
    planted = "Zebulon Plantedname, 3 Sample Close"
    number = story.improvement(story.record(individual="Zebulon Plantedname"), what=f"Ring {planted} back.")
    complete(story, number, after=f"{planted} is content.", we_did="=We split <b>the round</b>.\nIn two.")
    story.improvement(what=f"Visit {planted}.")
    told = [(one.service, one.you_said, one.we_did, "24 September 2026") for one in desks.member.ask(you_said_we_did)]
    page, table = as_html(told, council="Sample & Co"), as_csv(told).decode("utf-8-sig")
    assert "Plantedname" not in page + table
    assert "Sample Close" not in page + table
    assert "<strong>We did:</strong> =We split &lt;b&gt;the round&lt;/b&gt;.<br>In two. <em>(24 September" in page
    assert "<title>You said, we did: Sample &amp; Co</title>" in page
    assert "\"'=We split <b>the round</b>." in table


def test_9_2_an_improvement_is_joined_to_the_complaints_behind_it_once(story: Story, desks: Desks) -> None:
    """Whoever may not see one of them can neither link it nor learn that it is there [lgsco:9.2]."""
    first, second = story.record(), story.record()
    number = story.improvement(first)
    linked = desks.handler.do(LinkToImprovement(improvement_id=number, behind=f"{first}; {second}"))
    assert [each.tag for each in linked.events] == ["improvement.linked"]
    with pytest.raises(BadInput, match="at least one complaint"):
        desks.handler.do(LinkToImprovement(improvement_id=number, behind=second))
    story.keep_confidential(second)
    hidden = LinkToImprovement(improvement_id=number, behind=second)
    with refused(story, BadInput, f"^There is no complaint {second}. Check the reference, or leave it out.$"):
        desks.other_handler.do(hidden)
    (view,) = desks.other_handler.ask(improvements)
    assert view.behind == (first,)


def test_KPI_25_learning_in_figures(story: Story, desks: Desks) -> None:
    """Planned, made and overdue; of the complaints upheld in whole or part, how many taught something [lgsco:9.1]."""
    upheld = story.acknowledged()
    story.respond(upheld, **story.teaches())
    story.respond(story.acknowledged())
    story.respond(story.acknowledged(), answers=answers(outcome=Outcome.NOT_UPHELD), **story.teaches())
    complete(story, story.improvement(upheld))
    story.improvement(due_on=ANSWERED)
    desks.handler.do(DropImprovement(improvement_id=story.improvement(), why="Not ours."))
    story.on(ANSWERED + timedelta(days=1))
    found = desks.member.ask(learning_figures)
    assert (found.identified, found.implemented, found.planned, found.dropped, found.overdue) == (3, 1, 1, 1, 1)
    assert (found.upheld, found.upheld_with_learning, found.not_upheld_with_learning) == (2, 1, 1)
    later = desks.member.ask(learning_figures, answered_from=ANSWERED + timedelta(days=1))
    assert (later.identified, later.upheld) == (0, 0)
    assert desks.member.ask(learning_figures, answered_until=ANSWERED) == found
