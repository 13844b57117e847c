"""Conflicts of interest: whoever is named never has it, and whoever declares one answers nothing."""

from __future__ import annotations

import pytest

from core.commands.accounts import RecordLeaver
from core.commands.fairness import DeclareConflict, NameOfficers
from core.commands.stage_one import RespondStageOne
from core.desk import Desk, Done
from core.errors import BadInput, StepNotOpen
from core.queries.people import case_people
from core.rules.parties import ConflictKind
from tests.builders import Story
from tests.commands.refusals import refused
from tests.conftest import Desks

WHY = "The individual is my neighbour."


def name(story: Story, reference: str, *named: Desk) -> Done:
    command = NameOfficers(reference=reference, officers_named=tuple(desk.actor.id for desk in named))
    return story.desks.reviewer.do(command)


def declare(desk: Desk, reference: str, kind: ConflictKind = ConflictKind.ACTUAL, detail: str = WHY) -> Done:
    return desk.do(DeclareConflict(reference=reference, kind=kind, detail=detail))


def test_5_4d_a_complaint_is_never_given_to_the_officer_it_names(story: Story, desks: Desks) -> None:
    """5.4d: at either stage, and by no reason [lgsco:5.4]."""
    reference = story.acknowledged()
    name(story, reference, desks.handler, desks.reviewer)
    with refused(story, StepNotOpen, match="Hana Handler is named in this complaint"):
        story.assign(reference, good_reason="There is nobody else.")
    story.assign(reference, to=desks.other_handler)
    desks.other_handler.do(story.ready(RespondStageOne, reference))
    story.open_two(reference)
    with refused(story, StepNotOpen, match="Rita Reviewer is named in this complaint"):
        story.assign_two(reference)
    story.assign_two(reference, to=desks.other_reviewer)


def test_5_4d_a_complaint_naming_its_handler_is_taken_from_them_at_once(story: Story, desks: Desks) -> None:
    """5.4d: it then needs someone, and every list says so [lgsco:5.4]."""
    reference = story.acknowledged()
    story.assign(reference)
    done = name(story, reference, desks.handler)
    assert done.sentences == (
        "Named in this complaint, and not to consider it: Hana Handler.",
        "Nobody has stage 1 now: Hana Handler is named in this complaint. It needs someone.",
    )
    assert story.stage(reference, 1)["handler_id"] is None
    assert story.duties(reference)["respond_stage_one"]["owner_id"] is None
    with refused(story, StepNotOpen, match="is named in this complaint"):
        story.respond(reference)


def test_an_answer_already_given_keeps_whoever_gave_it(story: Story, desks: Desks) -> None:
    reference = story.answered()
    name(story, reference, desks.handler)
    assert story.stage(reference, 1)["handler_id"] == desks.handler.actor.id


def test_naming_others_again_replaces_the_list(story: Story, desks: Desks) -> None:
    reference = story.acknowledged()
    name(story, reference, desks.handler, desks.member)
    name(story, reference, desks.member)
    assert list(desks.handler.ask(case_people, reference).officers_named.values()) == ["Mel Member"]
    story.assign(reference)
    done = name(story, reference)
    assert done.sentences == ("No colleague is named in this complaint.",)
    with refused(story, BadInput, match="not on the list"):
        desks.reviewer.do(NameOfficers(reference=reference, officers_named=(999,)))


@pytest.mark.parametrize("kind", [ConflictKind.ACTUAL, ConflictKind.PERCEIVED])
def test_5_4d_E6_a_conflict_declared_half_way_locks_the_answer_until_it_is_handed_on(
    story: Story, desks: Desks, kind: ConflictKind
) -> None:
    """5.4d and E6: whoever declares it answers nothing here; somebody else does [lgsco:5.4]."""
    reference = story.acknowledged()
    story.assign(reference)
    done = declare(desks.handler, reference, kind)
    assert done.sentences[0].startswith(f"Hana Handler declares a conflict of interest, {kind.value}, and answers")
    with refused(story, StepNotOpen, match="has declared a conflict of interest"):
        story.respond(reference, good_reason="It is only the last line.")
    story.assign(reference, to=desks.other_handler)
    with refused(story, StepNotOpen, match="has declared a conflict of interest"):
        story.assign(reference)
    desks.other_handler.do(story.ready(RespondStageOne, reference))
    assert [each.detail for each in desks.handler.ask(case_people, reference).conflicts] == [WHY]


def test_stage_two_is_neither_answered_nor_refused_by_somebody_with_a_conflict(story: Story, desks: Desks) -> None:
    """The final response and the refusal to escalate are answers too [lgsco:5.4]."""
    reference = story.answered()
    declare(desks.reviewer, reference)
    with refused(story, StepNotOpen, match="has declared a conflict"):
        story.refuse(reference)
    story.open_two(reference)
    with refused(story, StepNotOpen, match="has declared a conflict"):
        story.assign_two(reference)
    story.acknowledge_two(reference)
    with refused(story, StepNotOpen, match="has declared a conflict"):
        story.respond_final(reference)


def test_5_4b_declaring_none_is_kept_and_locks_nothing(story: Story, desks: Desks) -> None:
    """5.4b: the declaration at assignment [lgsco:5.4]."""
    reference = story.acknowledged()
    story.assign(reference)
    done = declare(desks.handler, reference, ConflictKind.NONE, "")
    assert done.sentences == ("Hana Handler declares no conflict of interest.",)
    assert desks.handler.ask(case_people, reference).conflicts == ()
    declare(desks.handler, reference, ConflictKind.NONE, "")
    story.respond(reference)


def test_a_conflict_once_declared_is_not_taken_back_by_whoever_has_it(story: Story, desks: Desks) -> None:
    reference = story.acknowledged()
    declare(desks.handler, reference, ConflictKind.NONE, "")
    declare(desks.handler, reference)
    with refused(story, BadInput, match="stays on the record"):
        declare(desks.handler, reference, ConflictKind.NONE, "")


def test_a_conflict_says_what_it_is_and_whose_it_is(story: Story, desks: Desks) -> None:
    reference = story.acknowledged()
    with refused(story, BadInput, match="Say what the conflict is"):
        declare(desks.handler, reference, ConflictKind.PERCEIVED, " ")
    with refused(story, BadInput, match="Only a colleague can have"):
        declare(desks.system, reference)


def test_a_leavers_complaint_goes_to_nobody_it_names(story: Story, desks: Desks) -> None:
    """5.4d: handing over asks the same, and leaves it without anyone rather [lgsco:5.4]."""
    named, conflicted, free = (story.acknowledged() for _ in range(3))
    for reference in (named, conflicted, free):
        story.assign(reference)
    name(story, named, desks.other_handler)
    declare(desks.other_handler, conflicted)
    leaving = RecordLeaver(colleague_id=desks.handler.actor.id, successor_id=desks.other_handler.actor.id)
    desks.administrator.do(leaving)
    handlers = [story.stage(reference, 1)["handler_id"] for reference in (named, conflicted, free)]
    assert handlers == [None, None, desks.other_handler.actor.id]
    assert story.verified() == len(story.tags())
