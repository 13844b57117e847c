"""Who may do what: every role with every command, decided by the desk alone."""

from __future__ import annotations

import pytest

from core.commands.base import COMMANDS, CaseCommand, Command
from core.commands.recording import AddNote, RecordComplaint
from core.errors import NotPermitted
from core.model.complaints import Channel
from core.permissions import GRANTS, REFUSAL, Permission, Role
from core.queries.base import QUERIES, Asking, query
from tests.builders import RECEIVED, Story
from tests.commands.refusals import refused
from tests.conftest import Desks

R, P = Role, Permission

# Written out once more: who may take each step.
MAY = {
    P.RECORD: {R.RECORDER, R.HANDLER, R.REVIEWER, R.MANAGER},
    P.HANDLE: {R.HANDLER, R.REVIEWER, R.MANAGER},
    P.ASSIGN: {R.MANAGER},
    P.ESCALATE: {R.HANDLER, R.REVIEWER, R.MANAGER},
    P.REVIEW: {R.REVIEWER, R.MANAGER},
    P.END: {R.HANDLER, R.REVIEWER, R.MANAGER},
    P.CORRECT: {R.MANAGER},
    P.IMPORT: {R.MANAGER},
    P.CALENDAR: {R.MANAGER, R.ADMINISTRATOR},
    P.READ: {R.HANDLER, R.REVIEWER, R.MANAGER, R.SENIOR_LEAD, R.QUALITY},
    P.FIGURES: {R.MANAGER, R.SENIOR_LEAD, R.MEMBER, R.QUALITY},
    P.LEDGER: {R.MANAGER, R.SENIOR_LEAD, R.ADMINISTRATOR},
    P.CODE: set(Role),
}


@pytest.mark.parametrize("permission", Permission)
@pytest.mark.parametrize("role", Role)
def test_each_role_holds_what_was_decided_for_it(role: Role, permission: Permission) -> None:
    assert (permission in GRANTS[role]) is (role in MAY[permission])


def test_a_member_sees_figures_and_never_a_case() -> None:
    """The Member Responsible for Complaints oversees and does not handle [lgsco:9.6]."""
    assert GRANTS[Role.MEMBER] == {P.FIGURES, P.CODE}


def test_every_permission_has_a_refusal_that_names_the_next_step() -> None:
    assert set(REFUSAL) == set(Permission)
    for sentence in REFUSAL.values():
        assert sentence.endswith(".")


def permitted_shape(kind: type[Command], story: Story, reference: str) -> Command:
    """A command of this kind with the fields it needs."""
    if issubclass(kind, CaseCommand):
        return story.ready(kind, reference)
    if kind is RecordComplaint:
        return RecordComplaint(words="x", matter="x", received_on=RECEIVED, channel=Channel.PHONE, contact_phone="1")
    return kind.model_construct()


def test_whoever_lacks_the_permission_is_told_so_and_leaves_no_trace(story: Story, desks: Desks) -> None:
    """Only the desk decides, before anything is read [lgsco:4.2]."""
    reference = story.record()
    for kind in COMMANDS.values():
        command = permitted_shape(kind, story, reference)
        for desk in desks.of_every_role():
            if desk.actor.role in MAY[kind.needs]:
                assert desk.may(kind.needs)
                continue
            assert not desk.may(kind.needs)
            with pytest.raises(NotPermitted) as caught:
                desk.do(command)
            assert str(caught.value) == REFUSAL[kind.needs]
    assert story.tags(reference) == ["complaint.recorded"]


def test_a_refusal_tells_nobody_whether_a_case_exists(story: Story, desks: Desks) -> None:
    story.record()
    for reference in ("C-2026-000001", "C-2026-999999"):
        with refused(story, NotPermitted, match="Only a handler"):
            desks.member.do(AddNote(reference=reference, text="Who is it?"))


def test_a_question_needs_its_permission_too(desks: Desks) -> None:
    @query(P.READ)
    def reference_count(asking: Asking) -> int:
        return 0

    QUERIES.pop("reference_count")
    assert desks.handler.ask(reference_count) == 0
    with pytest.raises(NotPermitted, match="does not open cases"):
        desks.member.ask(reference_count)


def test_a_question_without_a_permission_is_a_mistake_of_ours(desks: Desks) -> None:
    def anything(asking: Asking) -> int:
        raise AssertionError("never asked")

    with pytest.raises(RuntimeError, match="declares no permission"):
        desks.manager.ask(anything)
