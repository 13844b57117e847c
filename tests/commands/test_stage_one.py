"""Stage 1: acknowledge, assign, extend and answer, with what each asks for when a clause is not met."""

from __future__ import annotations

import pytest

from core.commands.base import COMMANDS
from core.commands.recording import AddPoint
from core.commands.stage_one import Acknowledge, Assign, Extend, PointAnswer, RespondStageOne
from core.errors import BadInput
from core.rules.facts import Outcome, Standing
from core.rules.steps import Position
from tests.builders import (
    ANSWER_DUE,
    EXTENDED_TO,
    EXTENDED_TWO_TO,
    EXTENSION_LIMIT,
    FINAL_DUE,
    FINAL_LIMIT,
    RECEIVED,
    Story,
    answers,
    day,
)
from tests.commands.refusals import reason_asked, refused

# Acknowledge


def test_the_answer_is_promised_with_the_acknowledgement(story: Story) -> None:
    """The response clock starts at the acknowledgement [lgsco:6.3]."""
    reference = story.record()
    (event,) = story.acknowledge(reference, day("2026-09-09")).events
    assert event.promised_on == day("2026-09-23")
    assert story.stage(reference, 1)["promised_on"] == day("2026-09-23")
    assert story.duties(reference)["respond_stage_one"]["start_on"] == day("2026-09-09")


def test_a_late_acknowledgement_asks_why_and_buys_no_time(story: Story) -> None:
    """V6: late by a week; the target stays, the literal date is kept beside it [lgsco:6.2, 6.3]; reading R6."""
    reference = story.record()
    with reason_asked(story, "lgsco:6.2"):
        story.acknowledge(reference, day("2026-09-21"))
    done = story.acknowledge(reference, day("2026-09-21"), good_reason="The inbox was not watched.")
    assert [event.tag for event in done.events] == ["stage.acknowledged", "code.departed"]
    assert story.departures(reference) == [("lgsco:6.2", "The inbox was not watched.")]
    duties = story.duties(reference)
    assert duties["acknowledge_stage_one"]["standing"] == Standing.LATE
    assert duties["respond_stage_one"]["due_on"] == day("2026-09-28")
    assert duties["respond_stage_one"]["literal_due_on"] == day("2026-10-05")


def test_the_last_lawful_day_needs_no_reason(story: Story) -> None:
    """On the day is in time [lgsco:6.2]."""
    reference = story.record()
    story.acknowledge(reference, day("2026-09-14"))
    assert story.duties(reference)["acknowledge_stage_one"]["standing"] == Standing.IN_TIME


def test_a_reason_given_where_none_is_needed_is_no_departure(story: Story) -> None:
    reference = story.record()
    story.acknowledge(reference, good_reason="Just in case.")
    assert story.departures(reference) == []


def test_an_acknowledgement_lies_between_receipt_and_today(story: Story) -> None:
    reference = story.record()
    for wrong, sentence in ((day("2026-09-04"), "before the complaint was received"), (day("2026-09-08"), "not come")):
        with refused(story, BadInput, match=sentence) as caught:
            story.on(RECEIVED).desks.handler.do(
                Acknowledge(reference=reference, acknowledged_on=wrong, understanding="Bins")
            )
        assert isinstance(caught.value, BadInput)
        assert set(caught.value.fields) == {"acknowledged_on"}


def test_an_acknowledgement_says_what_we_understood(story: Story) -> None:
    """An automatic receipt is none: it understands nothing [lgsco:6.2]; reading R5."""
    reference = story.record()
    with refused(story, BadInput, match="not filled in yet") as caught:
        story.desks.handler.form(
            Acknowledge, {"reference": reference, "acknowledged_on": RECEIVED, "understanding": "  "}
        )
    assert isinstance(caught.value, BadInput)
    assert set(caught.value.fields) == {"understanding"}


def test_one_letter_may_acknowledge_and_answer(story: Story) -> None:
    """T8: an answer on the third day is both [lgsco:6.2, 6.6]; reading R8."""
    reference = story.record()
    story.hear(reference, story.desks.handler)
    story.respond(reference, day("2026-09-10"))
    duties = story.duties(reference)
    assert [duties[kind]["standing"] for kind in ("acknowledge_stage_one", "respond_stage_one")] == ["in_time"] * 2
    assert duties["acknowledge_stage_one"]["met_on"] == day("2026-09-10")


def test_one_letter_too_late_for_the_acknowledgement_asks_why(story: Story) -> None:
    """The one letter is late for the clause whose day has passed [lgsco:6.2]; reading R8."""
    reference = story.record()
    story.hear(reference, story.desks.handler)
    with reason_asked(story, "lgsco:6.2"):
        story.respond(reference, day("2026-09-21"))
    with reason_asked(story, "lgsco:6.2", "lgsco:6.3"):
        story.respond(reference, day("2026-10-05"))
    story.respond(reference, day("2026-09-21"), good_reason="It was answered straight away once it was found.")
    duties = story.duties(reference)
    assert duties["acknowledge_stage_one"]["standing"] == Standing.LATE
    assert duties["respond_stage_one"]["standing"] == Standing.IN_TIME


# Assign


def test_handing_over_never_restarts_a_clock(story: Story) -> None:
    """Passing a complaint on changes no date [lgsco:6.21]; reading R27."""
    reference = story.acknowledged()
    story.assign(reference)
    before = {kind: duty["act_by"] for kind, duty in story.duties(reference).items()}
    done = story.on(day("2026-09-18")).assign(reference, to=story.desks.other_handler)
    assert done.sentences == ("Assigned stage 1 to Hugo Handler, taking over from Hana Handler.",)
    assert {kind: duty["act_by"] for kind, duty in story.duties(reference).items()} == before
    assert {duty["owner_id"] for duty in story.duties(reference).values()} == {story.desks.other_handler.actor.id}


def test_only_someone_who_may_consider_a_complaint_is_given_one(story: Story) -> None:
    """A Member, a recorder or someone unknown is never handed a case [lgsco:4.2, 9.6]."""
    reference = story.record()
    for desk in (story.desks.recorder, story.desks.member, story.desks.administrator):  # type: ignore[attr-defined]
        with refused(story, BadInput, match="cannot consider stage 1"):
            story.assign(reference, to=desk)
    story.assign(reference)
    with refused(story, BadInput, match="has this stage already"):
        story.assign(reference)
    with refused(story, BadInput, match="not on the list"):
        story.desks.manager.do(Assign(reference=reference, colleague_id=999))


# Extend


def test_an_extension_within_its_limit_moves_the_day_to_act_by(story: Story) -> None:
    """Decided, told in time, with the Ombudsman named [lgsco:6.4, 6.5]."""
    reference = story.acknowledged()
    story.extend(reference, to=EXTENSION_LIMIT, told=ANSWER_DUE)
    duty = story.duties(reference)["respond_stage_one"]
    assert (duty["due_on"], duty["act_by"]) == (ANSWER_DUE, EXTENSION_LIMIT)
    story.respond(reference, EXTENSION_LIMIT)
    assert story.duties(reference)["respond_stage_one"]["standing"] == Standing.EXTENDED


@pytest.mark.parametrize(
    ("stage", "clause", "within", "over"),
    [
        (1, "lgsco:6.4", EXTENSION_LIMIT, day("2026-10-13")),
        (2, "lgsco:6.16", FINAL_LIMIT, day("2026-12-01")),
    ],
    ids=["stage 1", "stage 2"],
)
def test_a_day_past_the_limit_needs_good_reason(
    story: Story, stage: int, clause: str, within: object, over: object
) -> None:
    """The limit is measured from the original date [lgsco:6.4, 6.16]; reading R11."""
    reference = story.acknowledged() if stage == 1 else story.considered_at_stage_two()
    told = ANSWER_DUE if stage == 1 else FINAL_DUE
    with reason_asked(story, clause):
        story.extend(reference, to=over, told=told)  # type: ignore[arg-type]
    story.extend(reference, to=over, told=told, good_reason="The survey comes on Monday.")  # type: ignore[arg-type]
    assert story.departures(reference) == [(clause, "The survey comes on Monday.")]
    assert story.case(reference)["act_by"] == over
    assert over != within


@pytest.mark.parametrize("stage", [1, 2])
def test_extensions_add_up_from_the_original_date(story: Story, stage: int) -> None:
    """T10: two that together stay within the limit are free; one more day is not [lgsco:6.4, 6.16]; reading R10."""
    reference = story.acknowledged() if stage == 1 else story.considered_at_stage_two()
    first, limit, told = (
        (EXTENDED_TO, EXTENSION_LIMIT, ANSWER_DUE) if stage == 1 else (EXTENDED_TWO_TO, FINAL_LIMIT, FINAL_DUE)
    )
    story.extend(reference, to=first, told=told)
    story.extend(reference, to=limit, told=first)
    assert story.departures(reference) == []
    over = day("2026-10-13") if stage == 1 else day("2026-12-01")
    with reason_asked(story, "lgsco:6.4" if stage == 1 else "lgsco:6.16"):
        story.extend(reference, to=over, told=limit)
    assert story.case(reference)["act_by"] == limit


def test_5_5_an_extension_told_too_late_rescues_nothing(story: Story) -> None:
    """T9: told the day after, it is recorded with its reason and the answer is late [lgsco:5.5]; reading R9."""
    reference = story.acknowledged()
    with reason_asked(story, "lgsco:5.5"):
        story.extend(reference, told=day("2026-09-29"))
    story.extend(reference, told=day("2026-09-29"), good_reason="We lost sight of it.")
    assert story.case(reference)["position"] == Position.ONE_EXTENDED.value
    assert story.case(reference)["act_by"] == ANSWER_DUE
    with reason_asked(story, "lgsco:6.3"):
        story.respond(reference, day("2026-09-30"))
    story.respond(reference, day("2026-09-30"), good_reason="The crew was away.")
    assert story.duties(reference)["respond_stage_one"]["standing"] == Standing.LATE


@pytest.mark.parametrize(("stage", "clause"), [(1, "lgsco:6.5"), (2, "lgsco:6.17")])
def test_an_extension_names_the_ombudsman(story: Story, stage: int, clause: str) -> None:
    """Whoever is told of an extension is told of the Ombudsman [lgsco:6.5, 6.17]."""
    reference = story.acknowledged() if stage == 1 else story.considered_at_stage_two()
    to, told = (EXTENDED_TO, ANSWER_DUE) if stage == 1 else (EXTENDED_TWO_TO, FINAL_DUE)
    with reason_asked(story, clause):
        story.extend(reference, to=to, told=told, ombudsman_told=False)
    story.extend(reference, to=to, told=told, ombudsman_told=False, good_reason="Sent the details the day after.")
    assert story.departures(reference) == [(clause, "Sent the details the day after.")]


def test_each_clause_an_extension_misses_is_a_departure_of_its_own(story: Story) -> None:
    reference = story.acknowledged()
    with reason_asked(story, "lgsco:6.4", "lgsco:5.5", "lgsco:6.5"):
        story.extend(reference, to=day("2026-10-13"), told=day("2026-09-29"), ombudsman_told=False)
    done = story.extend(
        reference, to=day("2026-10-13"), told=day("2026-09-29"), ombudsman_told=False, good_reason="A flood."
    )
    assert [event.tag for event in done.events] == ["stage.extended", *["code.departed"] * 3]
    assert story.departures(reference) == [
        ("lgsco:6.4", "A flood."),
        ("lgsco:5.5", "A flood."),
        ("lgsco:6.5", "A flood."),
    ]


def test_an_extension_moves_the_date_later_or_not_at_all(story: Story) -> None:
    reference = story.acknowledged()
    for to in (ANSWER_DUE, day("2026-09-25")):
        with refused(story, BadInput, match="must be later"):
            story.extend(reference, to=to)
    with refused(story, BadInput, match="before the stage began"):
        story.on(day("2026-09-15"))
        story.desks.handler.do(Extend(reference=reference, new_date=EXTENDED_TO, told_on=day("2026-09-04"), reason="x"))


def test_there_is_no_pause(story: Story) -> None:
    """Waiting for the individual is an extension or nothing [lgsco:5.4a]; reading R13."""
    assert not [name for name in COMMANDS if "Pause" in name or "Stop" in name]


# Answer


def test_an_answer_in_time_asks_for_nothing(story: Story) -> None:
    """On its last day [lgsco:6.3]."""
    reference = story.acknowledged()
    story.respond(reference, ANSWER_DUE)
    assert story.duties(reference)["respond_stage_one"]["standing"] == Standing.IN_TIME
    assert story.stage(reference, 1)["responded_by"] == story.desks.handler.actor.id
    assert story.case(reference)["is_open"] is False


def test_5_5_a_late_answer_asks_why(story: Story) -> None:
    """A standard missed needs its reason [lgsco:5.5, 6.3]."""
    reference = story.acknowledged()
    with reason_asked(story, "lgsco:6.3"):
        story.respond(reference, day("2026-09-29"))
    story.respond(reference, day("2026-09-29"), good_reason="The officer was ill.")
    assert story.duties(reference)["respond_stage_one"]["standing"] == Standing.LATE
    assert story.departures(reference) == [("lgsco:6.3", "The officer was ill.")]


@pytest.mark.parametrize(
    ("given", "clauses"),
    [
        ({"answers": ()}, ("lgsco:6.7",)),
        ({"answers": answers()[:0], "escalation_told": False}, ("lgsco:6.7", "lgsco:6.8")),
        ({"escalation_told": False}, ("lgsco:6.8",)),
    ],
    ids=["no finding", "neither", "no way to stage 2"],
)
def test_an_answer_owes_findings_reasons_and_the_way_on(
    story: Story, given: dict[str, object], clauses: tuple[str, ...]
) -> None:
    """Each point answered with reasons, and how to ask for stage 2 [lgsco:6.7, 6.8]."""
    reference = story.acknowledged()
    with reason_asked(story, *clauses):
        story.respond(reference, **given)
    story.respond(reference, **given, good_reason="They asked for one line.")
    assert [clause for clause, _reason in story.departures(reference)] == list(clauses)


def test_a_finding_without_reasons_is_not_an_answer(story: Story) -> None:
    """Reasons are given for each decision [lgsco:6.7]."""
    reference = story.acknowledged()
    with reason_asked(story, "lgsco:6.7"):
        story.respond(reference, answers=(PointAnswer(number=1, outcome=Outcome.NOT_UPHELD, reasons=" "),))


def test_a_point_that_does_not_exist_cannot_be_answered(story: Story) -> None:
    reference = story.acknowledged()
    with refused(story, BadInput, match="no point 7"):
        story.respond(reference, answers=answers(1, 7))


def test_an_answer_goes_out_while_actions_are_still_open(story: Story) -> None:
    """T14: the clock stops when the answer is sent [lgsco:6.6]; reading R14."""
    reference = story.acknowledged()
    story.respond(reference, outstanding_actions="A new bin by 13 November 2026")
    assert story.duties(reference)["respond_stage_one"]["standing"] == Standing.IN_TIME


def test_5_9_what_puts_it_right_is_offered_at_either_stage(story: Story) -> None:
    """Nobody has to go to stage 2 for it: an offer at stage 1 ends the complaint [lgsco:5.9]."""
    reference = story.acknowledged()
    story.respond(reference, remedy="An apology and a new bin")
    assert story.case(reference)["is_open"] is False
    story.open_two(reference)
    story.acknowledge_two(reference)
    story.assign_two(reference)
    story.respond_final(reference, remedy="A refund as well")
    assert [row["remedy"] for row in story.rows("response")] == ["An apology and a new bin", "A refund as well"]


def test_an_answer_follows_its_acknowledgement(story: Story) -> None:
    reference = story.acknowledged()
    story.on(day("2026-09-14"))
    for wrong, sentence in ((day("2026-09-04"), "before the stage began"), (day("2026-09-11"), "was acknowledged")):
        with refused(story, BadInput, match=sentence):
            story.desks.handler.do(
                RespondStageOne(reference=reference, sent_on=wrong, answers=answers(), escalation_told=True)
            )


@pytest.mark.parametrize(
    ("outcomes", "whole"),
    [
        ((Outcome.UPHELD, Outcome.UPHELD), Outcome.UPHELD),
        ((Outcome.UPHELD, Outcome.NOT_UPHELD), Outcome.PARTIALLY_UPHELD),
        ((Outcome.NOT_UPHELD, Outcome.NOT_UPHELD), Outcome.NOT_UPHELD),
        ((Outcome.RESOLVED, Outcome.NOT_UPHELD), Outcome.RESOLVED),
    ],
)
def test_the_outcome_follows_from_the_points(story: Story, outcomes: tuple[Outcome, ...], whole: Outcome) -> None:
    reference = story.acknowledged()
    story.desks.handler.do(AddPoint(reference=reference, text="Two", raised_on=day("2026-09-14")))
    one, two = outcomes
    story.respond(reference, answers=(*answers(1, outcome=one), *answers(2, outcome=two)))
    assert story.stage(reference, 1)["outcome"] == whole.value
