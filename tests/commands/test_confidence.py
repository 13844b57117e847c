"""Who is named on a confidential complaint: those chosen, those who consider it, and never nobody."""

from __future__ import annotations

from typing import Any

import pytest

from core.commands.accounts import AddColleague, MoveColleague, RecordLeaver
from core.commands.confidence import KeepConfidential, LiftConfidence
from core.commands.recording import RecordComplaint
from core.commands.stage_one import Assign
from core.errors import BadInput, NotFound, NotPermitted
from core.model.complaints import Channel
from core.permissions import Role
from core.queries.cases import case_view
from core.queries.evidence import confidence
from tests.builders import RECEIVED, Story
from tests.commands.refusals import refused
from tests.conftest import Desks

WHY = "The individual's neighbour works here."


def named_on(story: Story, reference: str) -> set[int]:
    return {row["colleague_id"] for row in story.rows("named_person", complaint_id=story.case(reference)["id"])}


def ids(*desks: Any) -> set[int]:
    return {desk.actor.id for desk in desks}


def recorded_confidential(desk: Any, **given: Any) -> RecordComplaint:
    values = {"words": "Bins", "matter": "Bins", "received_on": RECEIVED, "channel": Channel.PHONE}
    return RecordComplaint(**values, contact_phone="1", confidential=True, **given)


def test_only_the_people_named_see_it_and_whoever_kept_it_is_one_of_them(story: Story, desks: Desks) -> None:
    """The history says who, and why [lgsco:5.8]."""
    reference = story.record()
    done = story.keep_confidential(reference, desks.quality)
    assert done.sentences == (f"Confidential: seen only by Quinn Quality, Rita Reviewer. {WHY}",)
    assert named_on(story, reference) == ids(desks.quality, desks.reviewer)
    assert desks.quality.ask(case_view, reference).confidential
    for desk in (desks.handler, desks.other_reviewer, desks.manager, desks.senior_lead, desks.link_officer):
        with pytest.raises(NotFound):
            desk.ask(case_view, reference)


def test_those_who_consider_it_are_always_among_them(story: Story, desks: Desks) -> None:
    reference = story.considered_at_stage_two()
    story.keep_confidential(reference, by=desks.other_reviewer)
    assert named_on(story, reference) == ids(desks.handler, desks.reviewer, desks.other_reviewer)


def test_naming_others_again_replaces_the_list(story: Story, desks: Desks) -> None:
    reference = story.record()
    story.keep_confidential(reference, desks.quality, desks.manager)
    story.keep_confidential(reference, desks.senior_lead)
    assert named_on(story, reference) == ids(desks.reviewer, desks.senior_lead)
    assert len(story.rows("confidential_case")) == 1
    with refused(story, NotFound):
        story.keep_confidential(reference, by=desks.manager)


@pytest.mark.parametrize("who", ["member", "recorder", "administrator"])
def test_whoever_opens_no_cases_cannot_be_named(story: Story, desks: Desks, who: str) -> None:
    """The Member sees figures and never a case [lgsco:9.6]."""
    reference = story.record()
    with refused(story, BadInput, match="opens no cases. Name somebody else"):
        story.keep_confidential(reference, getattr(desks, who))


def test_a_colleague_nobody_knows_cannot_be_named(story: Story, desks: Desks) -> None:
    reference = story.record()
    with refused(story, BadInput, match="not on the list"):
        desks.reviewer.do(KeepConfidential(reference=reference, named=(999,), reason=WHY))


def test_it_asks_for_a_reason(desks: Desks) -> None:
    for kind in (KeepConfidential, LiftConfidence):
        with pytest.raises(BadInput, match="“Why” is not filled in yet"):
            desks.reviewer.form(kind, {"reference": "C-2026-000001", "reason": " "})


def test_lifting_it_shows_it_to_everybody_again_and_keeps_the_history(story: Story, desks: Desks) -> None:
    reference = story.record()
    story.keep_confidential(reference, desks.quality)
    with refused(story, NotFound):
        story.lift(reference, by=desks.handler)
    done = story.lift(reference)
    assert done.sentences == ("No longer confidential. The neighbour has left.",)
    view = desks.handler.ask(case_view, reference)
    assert not view.confidential
    assert [line.tag for line in view.history[:2]] == ["confidence.lifted", "confidence.kept"]
    assert desks.handler.ask(confidence, reference) is None
    assert not story.rows("named_person")
    assert story.verified() == len(story.tags())


def test_what_is_not_confidential_cannot_be_lifted(story: Story) -> None:
    reference = story.record()
    with refused(story, BadInput, match=f"{reference} is not confidential"):
        story.lift(reference)


def test_the_step_to_lift_is_offered_only_where_there_is_something_to_lift(story: Story, desks: Desks) -> None:
    reference = story.record()
    assert "LiftConfidence" not in desks.reviewer.ask(case_view, reference).next_steps
    story.keep_confidential(reference)
    assert "LiftConfidence" in desks.reviewer.ask(case_view, reference).next_steps


@pytest.mark.parametrize("who", ["recorder", "senior_lead", "member", "quality", "administrator", "link_officer"])
def test_who_may_see_a_case_is_decided_by_those_who_consider_cases(story: Story, desks: Desks, who: str) -> None:
    reference = story.record()
    with refused(story, NotPermitted, match="decides who may see a case"):
        story.keep_confidential(reference, by=getattr(desks, who))


def test_giving_it_to_somebody_shows_it_to_them(story: Story, desks: Desks) -> None:
    """The new handler is named with the assignment, once [lgsco:4.1]."""
    reference = story.acknowledged()
    story.keep_confidential(reference, by=desks.manager)
    done = story.assign(reference)
    assert [event.tag for event in done.events] == ["stage.assigned", "confidence.kept"]
    assert done.sentences[1] == f"Confidential: seen only by Hana Handler, Mona Manager. {WHY}"
    assert desks.handler.ask(case_view, reference).confidential
    story.respond(reference)
    story.open_two(reference)
    story.assign_two(reference)
    assert named_on(story, reference) == ids(desks.manager, desks.handler, desks.reviewer)
    story.assign_two(reference, to=desks.other_reviewer)
    back = story.assign_two(reference)
    assert [event.tag for event in back.events] == ["stage.assigned"], "named already"


def test_a_recorder_keeps_a_complaint_confidential_for_the_managers(story: Story, desks: Desks) -> None:
    """The recorder reads the reference once, also when the form comes twice, and opens no case [lgsco:3.2]."""
    command = recorded_confidential(desks.recorder)
    done = desks.recorder.do(command)
    again = desks.recorder.do(command)
    assert done.reference == again.reference
    assert [event.tag for event in done.events] == ["complaint.recorded", "confidence.kept"]
    assert done.sentences == again.sentences
    assert named_on(story, str(done.reference)) == ids(desks.manager)
    assert desks.manager.ask(case_view, str(done.reference)).confidential
    with pytest.raises(NotFound):
        desks.reviewer.ask(case_view, str(done.reference))


def test_a_recorder_who_opens_cases_is_named_as_well(story: Story, desks: Desks) -> None:
    reference = str(desks.handler.do(recorded_confidential(desks.handler)).reference)
    assert named_on(story, reference) == ids(desks.manager, desks.handler)


def test_a_complaint_nobody_could_see_is_not_recorded(story: Story, desks: Desks) -> None:
    desks.system.do(MoveColleague(colleague_id=desks.manager.actor.id, role=Role.QUALITY))
    with refused(story, BadInput, match="there is no complaints manager yet"):
        desks.recorder.do(recorded_confidential(desks.recorder))
    assert desks.handler.do(recorded_confidential(desks.handler)).reference


def test_a_handler_who_moved_away_from_cases_stands_in_nobodys_way(story: Story, desks: Desks) -> None:
    """Neither keeping it confidential nor giving it to somebody fails because of what they are now [lgsco:4.1]."""
    reference = story.acknowledged()
    story.assign(reference)
    story.keep_confidential(reference, desks.manager, desks.quality)
    for desk in (desks.handler, desks.quality):
        desks.system.do(MoveColleague(colleague_id=desk.actor.id, role=Role.MEMBER))
    given = desks.manager.do(Assign(reference=reference, colleague_id=desks.other_handler.actor.id))
    assert "Hugo Handler" in given.sentences[1]
    other = story.acknowledged()
    desks.system.do(MoveColleague(colleague_id=desks.handler.actor.id, role=Role.HANDLER))
    story.assign(other)
    desks.system.do(MoveColleague(colleague_id=desks.handler.actor.id, role=Role.MEMBER))
    story.keep_confidential(other, desks.manager)
    assert named_on(story, other) == ids(desks.manager, desks.reviewer)


@pytest.mark.parametrize("how", ["leaves", "moves"])
def test_a_confidential_complaint_is_never_left_without_a_reader(story: Story, desks: Desks, how: str) -> None:
    """When the last person named goes, the managers see it; whoever manages accounts still does not [lgsco:5.8]."""
    reference = story.record()
    story.keep_confidential(reference)
    who = desks.reviewer.actor.id
    going = RecordLeaver(colleague_id=who) if how == "leaves" else MoveColleague(colleague_id=who, role=Role.MEMBER)
    done = desks.administrator.do(going)
    assert [event.tag for event in done.events if event.complaint_id is not None] == []
    assert WHY not in " ".join(done.sentences)
    assert desks.manager.ask(case_view, reference).history[0].tag == "confidence.kept"
    assert story.verified() == len(story.tags())


def test_without_a_manager_it_waits_for_the_next_one(story: Story, desks: Desks) -> None:
    reference = story.record()
    story.keep_confidential(reference)
    desks.system.do(MoveColleague(colleague_id=desks.manager.actor.id, role=Role.QUALITY))
    desks.system.do(RecordLeaver(colleague_id=desks.reviewer.actor.id))
    assert named_on(story, reference) == set()
    joining = AddColleague(name="Mia Manager", sign_in_name="mia", role=Role.MANAGER)
    joined: Any = desks.system.do(joining).events[0]
    assert named_on(story, reference) == {joined.colleague_id}
