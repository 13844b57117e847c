"""One complaint as its page shows it: clocks with their why, the history, the Code on it, and the next steps."""

from __future__ import annotations

import dataclasses
from itertools import pairwise

import pytest

from core.commands.base import COMMANDS
from core.commands.correcting import Fact
from core.commands.recording import AddPoint
from core.errors import BadInput, NotFound, NotPermitted
from core.queries.cases import CaseView, Clock, case_view
from core.rules.compliance import ClauseLine, How
from core.rules.facts import Standing
from core.rules.steps import STEPS, Position, steps_from
from tests.builders import (
    ACKNOWLEDGED,
    ANSWER_DUE,
    ANSWERED,
    EXTENDED_TO,
    EXTENSION_LIMIT,
    FINAL,
    FINAL_DUE,
    FINAL_LIMIT,
    RECEIVED,
    Story,
    answers,
    day,
)
from tests.conftest import Desks

ALWAYS = ("AddNote", "CorrectFact")


def seen(desks: Desks, reference: str) -> CaseView:
    """The complaint as a handler opens it."""
    return desks.handler.ask(case_view, reference)


def clocks(view: CaseView) -> dict[tuple[int, str], Clock]:
    """Its clocks by stage and title."""
    return {(clock.stage, clock.title): clock for clock in view.clocks}


def code(view: CaseView) -> dict[str, ClauseLine]:
    """The lines of the Code on it by clause number."""
    found = {line.clause.partition(":")[2]: line for line in view.code}
    assert len(found) == len(view.code)
    return found


# -------------------------------------------------------------------------------------------------------- the record


def test_the_view_holds_what_was_recorded(story: Story, desks: Desks) -> None:
    """The words as they were said, who said them, when it came and how [lgsco:5.8]."""
    service = story.rows("service", name="Parking")[0]["id"]
    words = "Zweimal!\n  <b>Twice</b> =1+1"
    reference = story.record(
        words=words, service_id=service, postcode="zz1 1aa", issue_on=day("2026-08-01"), outcomes_sought="An apology"
    )
    view = seen(desks, reference)
    assert (view.reference, view.words, view.service, view.outcomes_sought) == (
        reference, words, "Parking", "An apology",
    )  # fmt: skip
    assert (view.received_on, view.logged_on, view.channel, view.issue_on) == (
        RECEIVED, RECEIVED, "phone", day("2026-08-01"),
    )  # fmt: skip
    assert view.individual == {
        "name": "Sam Sample", "email": "sam@sample.example", "phone": "", "address": "", "postcode": "ZZ1 1AA",
    }  # fmt: skip
    assert view.version == story.case(reference)["version"] and view.scheme == "lgsco" and view.policy
    assert [(point.number, point.text, point.answers) for point in view.points] == [(1, "Missed bin collections", {})]


def test_a_view_cannot_be_changed(story: Story, desks: Desks) -> None:
    """Nothing that leaves the core is a row of the database."""
    view = seen(desks, story.acknowledged())
    for part in (view, view.current, view.clocks[0], view.history[0], view.code[0], view.points[0]):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(part, dataclasses.fields(part)[0].name, None)


def test_a_reference_is_found_however_it_is_typed(story: Story, desks: Desks) -> None:
    reference = story.record()
    assert seen(desks, f"  {reference.lower()} ").reference == reference


@pytest.mark.parametrize("reference", ["C-2026-999999", "", "nothing", "C-2026-000001'--", "☃", "C" * 10_000])
def test_an_unknown_reference_is_a_sentence(reference: str, story: Story, desks: Desks) -> None:
    """It names what was asked for and what to do instead."""
    story.record()
    with pytest.raises(NotFound) as refused:
        seen(desks, reference)
    assert str(refused.value) == (
        f"There is no complaint {reference}. Check the reference, or search by name or postcode."
    )


@pytest.mark.parametrize("reference", ["\x00", "C-2026-000001\x00", "\ud800"])
def test_a_reference_no_database_could_be_asked_for_is_a_sentence(reference: str, desks: Desks) -> None:
    with pytest.raises(BadInput, match="plain text"):
        seen(desks, reference)


def test_only_those_who_open_cases_see_one(story: Story, desks: Desks) -> None:
    """A Member has figures and no case [lgsco:9.5]; whoever only records does not read on."""
    reference = story.record()
    for desk in desks.of_every_role():
        if desk.actor.name in {"Robin Recorder", "Mel Member", "Ada Administrator"}:
            with pytest.raises(NotPermitted, match="does not open cases"):
                desk.ask(case_view, reference)
        elif desk is desks.assessor:  # to whom nothing was referred
            with pytest.raises(NotFound):
                desk.ask(case_view, reference)
        else:
            assert desk.ask(case_view, reference).reference == reference


# ------------------------------------------------------------------------------------------------------------ clocks


def test_each_clock_says_what_it_counts_from_and_why(story: Story, desks: Desks) -> None:
    """The start, the day it leads to and every day left out, in sentences [lgsco:6.2]."""
    reference = story.record(day("2026-08-27"))
    clock = clocks(seen(desks, reference))[1, "Acknowledge"]
    assert (clock.due_on, clock.act_by, clock.standing, clock.clause) == (
        day("2026-09-04"), day("2026-09-04"), Standing.OPEN, "lgsco:6.2",
    )  # fmt: skip
    assert clock.soon is not None and clock.soon.words == "5 working days left"
    told = clock.why.sentences(clock.started)
    assert told[0] == "Received Thu 27 August 2026 (day 0)."
    assert "Mon 31 August 2026" in told[2] and "bank holiday" in told[2].lower()
    assert told[-1].endswith("Fri 4 September 2026.") and clock.why.due == clock.due_on


def test_the_answer_counts_from_the_acknowledgement_and_can_be_extended_until_a_day(story: Story, desks: Desks) -> None:
    """While it is open the view names the last day an extension may reach [lgsco:6.3, 6.4]."""
    reference = story.record()
    expected = clocks(seen(desks, reference))[1, "Respond at stage 1"]
    assert (expected.started, expected.extend_until) == ("Acknowledgement due", None)
    story.acknowledge(reference)
    clock = clocks(seen(desks, reference))[1, "Respond at stage 1"]
    assert (clock.started, clock.due_on, clock.promised_on) == ("Acknowledged", ANSWER_DUE, ANSWER_DUE)
    assert clock.extend_until == EXTENSION_LIMIT
    story.extend(reference)
    clock = clocks(seen(desks, reference))[1, "Respond at stage 1"]
    assert (clock.due_on, clock.act_by, clock.extend_until) == (ANSWER_DUE, EXTENDED_TO, EXTENSION_LIMIT)


def test_a_late_acknowledgement_buys_no_time_and_the_other_reading_is_shown(story: Story, desks: Desks) -> None:
    """The answer counts from the day the acknowledgement was due [lgsco:6.3]; reading R6."""
    reference = story.record()
    story.acknowledge(reference, on=day("2026-09-16"), good_reason="The inbox was not watched.")
    found = clocks(seen(desks, reference))
    assert (found[1, "Acknowledge"].standing_words, found[1, "Acknowledge"].met_on) == ("late", day("2026-09-16"))
    answer = found[1, "Respond at stage 1"]
    assert answer.started == "Acknowledgement due (a late one buys no time)"
    assert (answer.due_on, answer.literal_due_on) == (ANSWER_DUE, day("2026-09-30"))


def test_a_clock_that_has_stopped_says_how_and_is_no_longer_near_or_late(story: Story, desks: Desks) -> None:
    """In time, within an extension, late and no longer owed are four different words; reading R12."""
    in_time, extended, void = story.answered(), story.acknowledged(), story.record()
    story.withdraw(void)
    story.extend(extended)
    story.assign(extended)
    story.respond(extended, on=day("2026-10-05"))
    for reference, words, met in (
        (in_time, "in time", ANSWERED),
        (extended, "within the extension told", day("2026-10-05")),
        (void, "no longer owed", None),
    ):
        clock = clocks(seen(desks, reference))[1, "Respond at stage 1"]
        assert (clock.standing_words, clock.met_on, clock.soon, clock.extend_until) == (words, met, None, None)


def test_stage_two_has_clocks_of_its_own(story: Story, desks: Desks) -> None:
    """Acknowledged and answered within their own periods, counted from the request [lgsco:6.12, 6.15]."""
    reference = story.considered_at_stage_two()
    found = clocks(seen(desks, reference))
    asked, final = found[2, "Acknowledge stage 2"], found[2, "Send the final response"]
    assert (asked.started, asked.clause, asked.standing) == ("Stage 2 asked for", "lgsco:6.12", Standing.IN_TIME)
    assert (final.started, final.clause, final.due_on, final.extend_until) == (
        "Acknowledged", "lgsco:6.15", FINAL_DUE, FINAL_LIMIT,
    )  # fmt: skip
    assert list(found) == [
        (1, "Acknowledge"), (1, "Respond at stage 1"), (2, "Acknowledge stage 2"), (2, "Send the final response"),
    ]  # fmt: skip


def test_a_reopened_complaint_has_a_clock_from_that_day(story: Story, desks: Desks) -> None:
    """The first dates stay as they were; reading R20."""
    reference = story.answered()
    story.reopen(reference, on=day("2026-09-30"))
    view = seen(desks, reference)
    clock = clocks(view)[1, "Answer again after reopening"]
    assert (clock.started, clock.due_on, clock.standing) == ("Reopened", day("2026-10-14"), Standing.OPEN)
    assert clocks(view)[1, "Respond at stage 1"].standing is Standing.IN_TIME
    assert view.is_open and view.position == "Stage 1: reopened"


# ------------------------------------------------------------------------------------------------------------ history


def test_the_history_is_every_entry_newest_first_in_its_own_sentence(story: Story, desks: Desks) -> None:
    """Who did what and when, and nothing of any other complaint."""
    other = story.record(matter="Something else")
    reference = story.finished()
    view = seen(desks, reference)
    assert [line.tag for line in reversed(view.history)] == story.tags(reference)
    assert all(newer.n > older.n and newer.at >= older.at for newer, older in pairwise(view.history))
    first, last = view.history[-1], view.history[1]  # what it teaches comes after the answer
    assert (first.actor, first.sentence) == (
        "Robin Recorder",
        "Recorded “Missed bin collections” from Sam Sample, received Mon 7 September 2026.",
    )
    assert (last.actor, last.sentence) == (
        "Rita Reviewer", "Sent the final response on Mon 26 October 2026: upheld.",
    )  # fmt: skip
    assert "lgsco:6.18" in last.clauses and last.at.date() == FINAL
    assert [line.tag for line in seen(desks, other).history] == ["complaint.recorded"]


def test_a_correction_stands_in_the_history_with_both_values(story: Story, desks: Desks) -> None:
    reference = story.record()
    story.correct(reference, Fact.NAME, "Samuel Sample")
    assert seen(desks, reference).history[0].sentence == (
        "Corrected the individual's name from “Sam Sample” to “Samuel Sample”. Why: The letter says so."
    )


# --------------------------------------------------------------------------------------------------- the Code on it


def test_what_is_still_owed_is_open_with_its_day(story: Story, desks: Desks) -> None:
    """A new complaint: kept as it came, everything else still to do [lgsco:5.8]."""
    lines = code(seen(desks, story.record()))
    assert (lines["5.8"].how, lines["5.8"].proof) == (How.MET, "complaint.recorded")
    assert (lines["6.2"].how, lines["6.2"].due_on, lines["6.2"].proof) == (How.OPEN, ACKNOWLEDGED, "")
    assert (lines["6.3"].how, lines["6.3"].due_on) == (How.OPEN, ANSWER_DUE)
    assert lines["6.7"].how is lines["6.8"].how is How.OPEN
    assert not {"2.2", "6.4", "6.9", "6.11", "6.14", "6.18"} & set(lines)


def test_what_was_done_in_time_is_met_and_names_the_entry_that_proves_it(story: Story, desks: Desks) -> None:
    """From receipt to the final response, each clause with the tag of its proof; every tag is in the history."""
    view = seen(desks, story.finished())
    lines = code(view)
    assert {number: (line.how, line.proof) for number, line in lines.items()} == {
        "5.4": (How.MET, "position.recorded"),
        "5.8": (How.MET, "complaint.recorded"),
        "6.2": (How.MET, "stage.acknowledged"),
        "6.3": (How.MET, "stage.answered"),
        "6.7": (How.MET, "stage.answered"),
        "6.8": (How.MET, "stage.answered"),
        "6.11": (How.MET, "stage_two.opened"),
        "6.12": (How.MET, "stage.acknowledged"),
        "6.13": (How.MET, "stage.answered"),
        "6.14": (How.MET, "stage.assigned"),
        "6.15": (How.MET, "stage.answered"),
        "6.18": (How.MET, "stage.answered"),
    }
    assert {line.proof for line in lines.values()} <= {line.tag for line in view.history}
    assert list(lines) == sorted(lines, key=lambda number: tuple(map(int, number.split("."))))


def test_an_answer_within_a_told_extension_is_met_within_it(story: Story, desks: Desks) -> None:
    """Neither in time nor late [lgsco:6.4, 6.5]."""
    reference = story.acknowledged()
    story.extend(reference)
    story.assign(reference)
    story.respond(reference, on=EXTENDED_TO)
    lines = code(seen(desks, reference))
    assert lines["6.3"].how is How.EXTENDED
    assert (lines["6.4"].how, lines["6.4"].proof) == (How.MET, "stage.extended")
    assert (lines["6.5"].how, lines["6.5"].proof) == (How.MET, "stage.extended")


def test_late_without_a_reason_is_not_met_and_with_one_is_departed(story: Story, desks: Desks) -> None:
    """The two are never one: a departure names its reason and the entry that holds it [lgsco:6.2]."""
    explained = story.record()
    story.acknowledge(explained, on=day("2026-09-16"), good_reason="The inbox was not watched.")
    view = seen(desks, explained)
    assert code(view)["6.2"].how is How.DEPARTED
    assert [(each["clause"], each["reason"]) for each in view.departures] == [
        ("lgsco:6.2", "The inbox was not watched."),
    ]  # fmt: skip
    assert "code.departed" in [line.tag for line in view.history]
    unexplained = story.record(day("2026-09-01"), today=day("2026-09-16"))
    story.open_two(unexplained, on=day("2026-09-17"), good_reason="They asked for it at once.")
    lines = code(seen(desks, unexplained))
    assert (lines["6.2"].how, lines["6.2"].proof) == (How.UNEXPLAINED, "")


def test_a_time_limit_is_a_line_only_when_a_date_is_known(story: Story, desks: Desks) -> None:
    """Twelve months from the issue; discretion for a late one is a departure with its reason [lgsco:2.2]."""
    in_time = story.record(issue_on=day("2026-01-05"))
    late = story.record(issue_on=day("2024-01-05"), good_reason="They were in hospital.")
    assert code(seen(desks, in_time))["2.2"].how is How.MET
    assert code(seen(desks, late))["2.2"].how is How.DEPARTED


def test_further_points_and_their_findings_are_shown_stage_by_stage(story: Story, desks: Desks) -> None:
    """Each point with what was found on it, and the clause on new points [lgsco:6.9]."""
    reference = story.acknowledged()
    desks.handler.do(AddPoint(reference=reference, text="The food bin too", raised_on=ACKNOWLEDGED))
    story.assign(reference)
    assert "6.9" in code(seen(desks, reference))
    story.respond(reference, answers=answers(1, 2))
    view = seen(desks, reference)
    assert [(point.number, point.text) for point in view.points] == [
        (1, "Missed bin collections"), (2, "The food bin too"),
    ]  # fmt: skip
    assert all(point.answers == {1: ("upheld", "We missed it.")} for point in view.points)
    assert (view.current.outcome, view.current.responded_by, view.current.handler) == (
        "upheld", "Hana Handler", "Hana Handler",
    )  # fmt: skip
    assert [response["remedy"] for response in view.current.responses] == ["An apology"]


def test_a_refused_stage_two_names_its_reasons_and_the_ombudsman(story: Story, desks: Desks) -> None:
    """Valid reasons clearly set out, and the right to go on [lgsco:5.7, 2.4]."""
    reference = story.answered()
    story.refuse(reference)
    lines = code(seen(desks, reference))
    assert (lines["5.7"].how, lines["5.7"].proof) == (How.MET, "stage_two.refused")
    assert lines["2.4"].how is How.MET


# --------------------------------------------------------------------------------------------------------- next steps


@pytest.mark.parametrize("position", list(Position), ids=lambda position: position.name)
def test_the_next_steps_are_those_the_position_permits(position: Position, story: Story, desks: Desks) -> None:
    """The likeliest first; a note and a correction always [lgsco:6.11]."""
    reference = story.reach(position)
    view = seen(desks, reference)
    assert view.position == position.value
    own = STEPS[position]
    assert view.next_steps[: len(own)] == own
    assert {*own, *ALWAYS} <= set(view.next_steps) <= set(steps_from(position))
    assert len(set(view.next_steps)) == len(view.next_steps)


def test_a_role_takes_only_the_steps_it_may(story: Story, desks: Desks) -> None:
    """The steps are the same for everyone; which of them a button is drawn for follows from what each one needs."""
    reference = story.reach(Position.TWO_CONSIDERED)
    steps = {*STEPS[Position.TWO_CONSIDERED], *ALWAYS}
    offered = {
        desk.actor.name: [
            step
            for step in desk.ask(case_view, reference).next_steps
            if step in steps and desk.may(COMMANDS[step].needs)
        ]
        for desk in (desks.handler, desks.reviewer, desks.manager, desks.senior_lead, desks.quality)
    }
    assert offered == {
        "Hana Handler": ["Extend", "SplitPoint", "RouteElsewhere", "Withdraw", "AddNote"],
        "Rita Reviewer": ["RespondFinal", "Extend", "SplitPoint", "RouteElsewhere", "Withdraw", "AddNote"],
        "Mona Manager": [
            "RespondFinal", "Extend", "AssignStageTwo", "SplitPoint", "RouteElsewhere", "Withdraw", "AddNote",
            "CorrectFact",
        ],
        "Sol Senior": [],
        "Quinn Quality": [],
    }  # fmt: skip
