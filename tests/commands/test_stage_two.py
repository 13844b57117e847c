"""Stage 2: asked for without a reason, considered by someone new, and ended by a letter with seven parts."""

from __future__ import annotations

import pytest

from core.code.catalogue import LETTERS
from core.commands.stage_one import RespondStageOne
from core.commands.stage_two import OpenStageTwo
from core.errors import BadInput, LetterIncomplete, ReasonNeeded, StepNotOpen
from core.model.complaints import Channel
from core.rules.facts import Standing
from core.rules.steps import Position
from tests.builders import ANSWERED, FINAL_DUE, LEARNING, REQUESTED, SEVEN_PARTS, Story, answers, day
from tests.commands.refusals import reason_asked, refused

# Asking for it


def test_asking_is_enough(story: Story) -> None:
    """Nobody has to say why [lgsco:6.13]; reading R16."""
    required = {name for name, info in OpenStageTwo.model_fields.items() if info.is_required()}
    assert required == {"reference", "requested_on", "channel"}
    reference = story.at_stage_two()
    assert story.stage(reference, 2)["request_words"] == ""
    assert story.departures(reference) == []


def test_there_is_no_last_day_to_ask(story: Story) -> None:
    """T15: seven months later it is taken, and its own clock starts then [lgsco:6.11]; reading R15."""
    reference = story.answered()
    story.open_two(reference, day("2027-04-28"))
    assert story.departures(reference) == []
    assert story.case(reference)["act_by"] == day("2027-05-06")


def test_T17_stage_two_before_an_answer_needs_a_reason_and_stage_one_is_late(story: Story) -> None:
    """T17: the original points go to stage 2, and stage 1 counts as late [lgsco:6.11]; reading R17."""
    reference = story.acknowledged()
    with reason_asked(story, "lgsco:6.11"):
        story.open_two(reference, day("2026-09-21"))
    story.open_two(reference, day("2026-09-21"), good_reason="They no longer want to wait.")
    assert story.duties(reference)["respond_stage_one"]["standing"] == Standing.LATE
    assert story.case(reference)["position"] == Position.TWO_AWAITING_ACKNOWLEDGEMENT.value


def test_a_request_dated_before_the_answer_says_so(story: Story) -> None:
    """The sentence names both dates, since the answer is there [lgsco:6.11]."""
    reference = story.answered()
    with reason_asked(story, "lgsco:6.11"):
        story.open_two(reference, REQUESTED, requested_on=day("2026-09-23"))
    with pytest.raises(ReasonNeeded, match="asked for on Wed 23 September 2026, before stage 1 was answered"):
        story.open_two(reference, REQUESTED, requested_on=day("2026-09-23"))


def test_a_request_lies_between_receipt_and_today(story: Story) -> None:
    reference = story.answered()
    for wrong, sentence in ((day("2026-09-04"), "before the complaint was received"), (day("2026-09-29"), "not come")):
        with refused(story, BadInput, match=sentence):
            story.open_two(reference, REQUESTED, requested_on=wrong)


# Acknowledging it


@pytest.mark.parametrize("missing", [("understanding",), ("outcomes_sought",), ("understanding", "outcomes_sought")])
def test_the_acknowledgement_sets_out_issues_and_outcomes_or_asks(story: Story, missing: tuple[str, ...]) -> None:
    """What is outstanding and what is sought, or a question [lgsco:6.12]."""
    reference = story.at_stage_two()
    with reason_asked(story, "lgsco:6.12"):
        story.acknowledge_two(reference, **dict.fromkeys(missing, ""))
    story.acknowledge_two(reference, **dict.fromkeys(missing, ""), clarification_asked=True)
    assert story.departures(reference) == []
    assert story.case(reference)["position"] == Position.TWO_CONSIDERED.value


def test_a_late_acknowledgement_of_stage_two_buys_no_time_either(story: Story) -> None:
    """T6 at stage 2 [lgsco:6.12, 6.15]; reading R6."""
    reference = story.at_stage_two()
    with reason_asked(story, "lgsco:6.12"):
        story.acknowledge_two(reference, day("2026-10-12"))
    story.acknowledge_two(reference, day("2026-10-12"), good_reason="Post was held up.")
    duty = story.duties(reference)["respond_stage_two"]
    assert (duty["due_on"], duty["literal_due_on"]) == (FINAL_DUE, day("2026-11-09"))


# Someone new


def test_whoever_handled_stage_one_is_not_new(story: Story) -> None:
    """A different person considers stage 2 [lgsco:6.14]."""
    reference = story.record()
    story.acknowledge(reference)
    story.assign(reference, to=story.desks.reviewer)
    story.free(reference, story.desks.reviewer)
    story.respond(reference)
    story.open_two(reference)
    with reason_asked(story, "lgsco:6.14"):
        story.assign_two(reference, to=story.desks.reviewer)
    story.assign_two(reference, to=story.desks.reviewer, good_reason="A team of one this month.")
    assert story.departures(reference) == [("lgsco:6.14", "A team of one this month.")]


def test_whoever_answered_stage_one_is_not_new(story: Story) -> None:
    """Answering counts as considering, whoever had it [lgsco:6.14]."""
    reference = story.acknowledged()
    story.assign(reference)
    story.free(reference, story.desks.reviewer)
    story.on(ANSWERED).desks.reviewer.do(
        RespondStageOne(reference=reference, sent_on=ANSWERED, answers=answers(), escalation_told=True, **LEARNING)
    )
    story.open_two(reference)
    with reason_asked(story, "lgsco:6.14"):
        story.assign_two(reference, to=story.desks.reviewer)
    story.assign_two(reference, to=story.desks.other_reviewer)
    assert story.departures(reference) == []


def test_the_final_response_comes_from_someone_new_too(story: Story) -> None:
    """Signing it counts as considering it [lgsco:6.14]."""
    reference = story.acknowledged()
    story.free(reference, story.desks.reviewer)
    story.on(ANSWERED).desks.reviewer.do(
        RespondStageOne(reference=reference, sent_on=ANSWERED, answers=answers(), escalation_told=True, **LEARNING)
    )
    story.open_two(reference)
    story.acknowledge_two(reference)
    with reason_asked(story, "lgsco:6.14"):
        story.respond_final(reference)


def test_stage_two_goes_to_a_reviewer(story: Story) -> None:
    reference = story.at_stage_two()
    with refused(story, BadInput, match="cannot consider stage 2"):
        story.assign_two(reference, to=story.desks.other_handler)


# The final response

PARTS = [
    ("understanding", "6.18b"),
    ("decision", "6.18c"),
    ("reasons", "6.18d"),
    ("remedy", "6.18e"),
    ("outstanding_actions", "6.18f"),
    ("ombudsman", "6.18g"),
]


@pytest.mark.parametrize(("part", "clause"), PARTS)
@pytest.mark.parametrize("nothing", ["", "  "], ids=["empty", "blank"])
def test_each_part_of_the_final_response_is_owed(story: Story, part: str, clause: str, nothing: str) -> None:
    """Seven parts, and no reason gets past a missing one [lgsco:6.18]."""
    reference = story.considered_at_stage_two()
    for reason in (None, "We are in a hurry."):
        with refused(story, LetterIncomplete, match=clause.replace(".", r"\.")) as caught:
            story.respond_final(reference, **{part: nothing}, good_reason=reason)
    assert isinstance(caught.value, LetterIncomplete)
    assert [(key, held) for key, held, _title in caught.value.missing] == [(part, f"lgsco:{clause}")]


def test_all_that_is_missing_is_named_at_once(story: Story) -> None:
    reference = story.considered_at_stage_two()
    with refused(story, LetterIncomplete, match="Ombudsman") as caught:
        story.respond_final(reference, **{part: "" for part, _clause in PARTS})
    assert isinstance(caught.value, LetterIncomplete)
    assert [held for _key, held, _title in caught.value.missing] == [f"lgsco:{clause}" for _part, clause in PARTS]


def test_the_letter_says_which_stage_it_is(story: Story) -> None:
    """6.18a is the letter's own: it cannot be left out [lgsco:6.18]."""
    owed = {content.clause for content in LETTERS["final_response"].contents}
    assert owed == {f"lgsco:6.18{letter}" for letter in "abcdefg"}
    story.finished()


def test_none_said_in_words_is_something(story: Story) -> None:
    """“None” is an answer; silence is not [lgsco:6.18]."""
    reference = story.considered_at_stage_two()
    story.respond_final(reference, remedy="None", outstanding_actions="None")
    (response,) = story.rows("response", stage_id=story.stage(reference, 2)["id"])
    assert {name: response[name] for name in ("remedy", "outstanding_actions")} == {
        "remedy": "None",
        "outstanding_actions": "None",
    }
    assert response["signposting"] == SEVEN_PARTS["ombudsman"]


def test_the_ombudsman_is_named_and_not_only_hinted_at(story: Story) -> None:
    """How to go to the Ombudsman is in the letter [lgsco:6.18g]."""
    reference = story.considered_at_stage_two()
    with refused(story, LetterIncomplete, match="Name the Ombudsman"):
        story.respond_final(reference, ombudsman="Write to the regulator.")


def test_efforts_to_understand_are_recorded_not_demanded_of_the_individual(story: Story) -> None:
    """We try to learn why; they never have to say [lgsco:6.13]."""
    reference = story.considered_at_stage_two()
    with reason_asked(story, "lgsco:6.13"):
        story.respond_final(reference, efforts_to_understand="")
    story.respond_final(reference, efforts_to_understand="", good_reason="The request was plain.")
    assert story.departures(reference) == [("lgsco:6.13", "The request was plain.")]


def test_a_late_final_response_asks_why(story: Story) -> None:
    """Twenty working days from the acknowledgement [lgsco:6.15]."""
    reference = story.considered_at_stage_two()
    with reason_asked(story, "lgsco:6.15"):
        story.respond_final(reference, day("2026-11-03"))
    story.respond_final(reference, FINAL_DUE)
    assert story.duties(reference)["respond_stage_two"]["standing"] == Standing.IN_TIME


def test_a_final_response_without_an_acknowledgement_is_both(story: Story) -> None:
    """One letter may do both at stage 2 as well [lgsco:6.12]; reading R8."""
    reference = story.at_stage_two()
    story.hear(reference, story.desks.reviewer)
    story.respond_final(reference, day("2026-10-02"))
    standings = {duty["standing"] for duty in story.duties(reference).values()}
    assert standings == {"in_time"}


# Refusing it


@pytest.mark.parametrize(
    ("lacking", "kind"),
    [
        ({"reasons": ""}, "structure"),
        ({"ombudsman_told": False}, "structure"),
        ({"circumstances": ""}, "lgsco:2.5"),
        ({"evidence": ""}, "lgsco:2.1"),
    ],
    ids=["reasons", "Ombudsman", "circumstances", "evidence"],
)
def test_5_7_refusing_is_harder_than_opening(story: Story, lacking: dict[str, object], kind: str) -> None:
    """Reasons and the Ombudsman cannot be left out; a blanket rule needs its own reason [lgsco:5.7, 2.4, 2.5]."""
    reference = story.answered()
    if kind != "structure":
        with reason_asked(story, kind):
            story.refuse(reference, **lacking)
        story.refuse(reference, **lacking, good_reason="Identical to the case before it.")
        assert story.departures(reference) == [(kind, "Identical to the case before it.")]
        return
    for reason in (None, "It is obvious."):
        with refused(story, StepNotOpen):
            story.refuse(reference, **lacking, good_reason=reason)


def test_a_refusal_ends_the_complaint_and_can_be_overtaken(story: Story) -> None:
    """Refused, and opened after all [lgsco:5.7, 6.11]."""
    reference = story.answered()
    story.refuse(reference)
    case = story.case(reference)
    assert (case["ending"], case["is_open"]) == ("escalation_refused", False)
    story.open_two(reference, day("2026-10-05"))
    case = story.case(reference)
    assert (case["ending"], case["ended_on"], case["is_open"]) == (None, None, True)


def test_a_refusal_is_told_after_it_was_asked(story: Story) -> None:
    reference = story.answered()
    with refused(story, BadInput, match="before the request arrived"):
        story.refuse(reference, requested_on=day("2026-09-28"), told_on=day("2026-09-25"))
    assert story.stage(reference, 1)["channel"] == Channel.PHONE.value
