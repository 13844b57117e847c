"""Joiners, movers and leavers: who comes in, as what, and what becomes of what they had in hand."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from core.commands.access import (
    ChoosePassword,
    EndOwnSessions,
    LinkSignOn,
    OpenSession,
    SetFeed,
    SetSecondFactor,
    SignOut,
)
from core.commands.accounts import (
    AddColleague,
    AddService,
    EndSessions,
    GiveAccount,
    MakeLink,
    MoveColleague,
    RecordLeaver,
    RecordReturn,
)
from core.commands.stage_one import RespondStageOne
from core.desk import Desk, Done
from core.errors import BadInput, NotFound, NotPermitted
from core.permissions import Role
from core.queries.accounts import colleagues
from core.queries.cases import case_view
from core.queries.escalations import escalations
from core.queries.lists import lists
from core.queries.queue import QueueFilter, queue
from tests.builders import Story
from tests.commands.refusals import refused
from tests.conftest import Desks
from tests.people import hashed, joined, link_of, name_of, session_of, with_account

FRESH = "e" * 64


def account_of(story: Story, desk: Desk) -> Any:
    (row,) = story.rows("account", colleague_id=desk.actor.id)
    return row


def leaves(story: Story, leaver: Desk, successor: Desk | None = None) -> Done:
    to = successor.actor.id if successor else None
    command = RecordLeaver(colleague_id=leaver.actor.id, successor_id=to)
    return story.desks.administrator.do(command)  # type: ignore[attr-defined,no-any-return]


def open_sessions(story: Story, desk: Desk) -> int:
    return sum(row["ended_at"] is None for row in story.rows("login_session", colleague_id=desk.actor.id))


# ------------------------------------------------------------------------------------------------------------- joiners


def test_a_joiner_gets_a_name_a_role_and_services(story: Story, desks: Desks) -> None:
    """Names and sign-in names are kept without needless spaces, the latter without regard to case [lgsco:4.1]."""
    adding = AddColleague(name="Nia  New", sign_in_name=" Nia@Sample.example ", role=Role.HANDLER, services=(3, 1))
    done = desks.administrator.do(adding)
    assert done.sentences == ("Nia New joined as handler, for Parking, Waste and recycling.",)
    (line,) = [each for each in desks.administrator.ask(colleagues) if each.name == "Nia New"]
    assert (line.role, line.services, line.sign_in_name) == (
        Role.HANDLER, ("Parking", "Waste and recycling"), "nia@sample.example",
    )  # fmt: skip
    assert (line.active, line.has_account, line.has_password, line.sessions) == (True, True, False, 0)


def test_a_name_is_given_once(story: Story, desks: Desks) -> None:
    with refused(story, BadInput, match="Hana Handler is on the list already") as caught:
        desks.administrator.do(AddColleague(name="Hana  Handler", sign_in_name="hana", role=Role.HANDLER))
    assert caught.value.fields == {"name": "This name is taken."}  # type: ignore[attr-defined]


def test_a_sign_in_name_is_given_once_however_it_is_written(story: Story, desks: Desks) -> None:
    with_account(desks.handler, password=False)
    taken = name_of(desks.handler).upper()
    with refused(story, BadInput, match="That sign-in name is taken"):
        desks.administrator.do(AddColleague(name="Nia New", sign_in_name=f" {taken}", role=Role.HANDLER))
    with refused(story, BadInput, match="That sign-in name is taken"):
        desks.administrator.do(GiveAccount(colleague_id=desks.manager.actor.id, sign_in_name=taken))


def test_a_service_that_does_not_exist_is_refused(story: Story, desks: Desks) -> None:
    with refused(story, BadInput, match="One of these services does not exist"):
        desks.administrator.do(
            AddColleague(name="Nia New", sign_in_name="nia", role=Role.HANDLER, services=(1, 99))
        )  # fmt: skip


def test_a_colleague_has_one_account(story: Story, desks: Desks) -> None:
    with_account(desks.handler, password=False)
    with refused(story, BadInput, match="Hana Handler has an account already"):
        desks.administrator.do(GiveAccount(colleague_id=desks.handler.actor.id, sign_in_name="another"))
    with refused(story, NotFound, match="not on the list"):
        desks.administrator.do(GiveAccount(colleague_id=999, sign_in_name="another"))


# -------------------------------------------------------------------------------------------------------------- movers


def test_a_mover_gets_another_role_and_other_services(story: Story, desks: Desks) -> None:
    who = joined(story.office, "Nia New", Role.HANDLER, services=(1, 2)).actor.id
    moved = desks.administrator.do(MoveColleague(colleague_id=who, role=Role.REVIEWER, services=(2, 3)))
    assert moved.sentences == ("Nia New moved from handler to reviewer, for Housing repairs, Parking.",)
    assert {row["service_id"] for row in story.rows("colleague_service", colleague_id=who)} == {2, 3}
    stays = desks.administrator.do(MoveColleague(colleague_id=who, role=Role.REVIEWER))
    assert stays.sentences == ("Nia New stays reviewer, for every service.",)
    assert not story.rows("colleague_service", colleague_id=who)


@pytest.mark.parametrize("how", ["moves", "leaves"])
def test_the_last_administrator_stays(story: Story, desks: Desks, how: str) -> None:
    """Or nobody could manage accounts; a second one, or one who has left, makes the difference."""
    who = desks.administrator.actor.id
    going = (
        MoveColleague(colleague_id=who, role=Role.HANDLER) if how == "moves" else RecordLeaver(colleague_id=who)
    )  # fmt: skip
    with refused(story, BadInput, match="Ada Administrator is the last administrator"):
        desks.administrator.do(going)
    second = joined(story.office, "Abe Administrator", Role.ADMINISTRATOR)
    second.do(RecordLeaver(colleague_id=second.actor.id))
    with refused(story, BadInput, match="Ada Administrator is the last administrator"):
        desks.administrator.do(going)
    desks.administrator.do(RecordReturn(colleague_id=second.actor.id))
    assert desks.administrator.do(going).sentences


# ------------------------------------------------------------------------------------------------------------- leavers


def test_a_leavers_access_ends_at_once(story: Story, desks: Desks) -> None:
    """Every session, the password and the second factor, in one step with the hand-over."""
    with_account(desks.handler, second_factor=True)
    session_of(desks.handler)
    session_of(desks.handler)
    done = leaves(story, desks.handler, desks.other_handler)
    assert done.sentences == ("Hana Handler left.", "2 sessions of Hana Handler ended: left.")
    assert open_sessions(story, desks.handler) == 0
    account = account_of(story, desks.handler)
    assert account["password_hash"] is account["totp_secret"] is None
    assert not next(each for each in desks.administrator.ask(colleagues) if each.name == "Hana Handler").active


def test_stage_one_is_handed_to_the_successor_and_no_clock_starts_again(story: Story, desks: Desks) -> None:
    """Every open stage at once; what is answered stays with whoever answered it [lgsco:4.1]."""
    first, second, done_with = story.acknowledged(), story.acknowledged(), story.answered()
    for reference in (first, second):
        story.assign(reference)
    before = {each: story.duties(each)["respond_stage_one"]["due_on"] for each in (first, second)}
    told = leaves(story, desks.handler, desks.other_handler)
    assert told.sentences[0] == "Hana Handler left. 2 stages handed to Hugo Handler."
    for reference in (first, second):
        assert story.stage(reference, 1)["handler_id"] == desks.other_handler.actor.id
        duty = story.duties(reference)["respond_stage_one"]
        assert (duty["owner_id"], duty["due_on"]) == (desks.other_handler.actor.id, before[reference])
        assert story.tags(reference)[-1] == "stage.assigned"
    assert story.stage(done_with, 1)["handler_id"] == desks.handler.actor.id
    assert story.verified() == len(story.tags())


@pytest.mark.parametrize("how", ["handled", "answered"])
def test_stage_two_never_goes_in_passing_to_whoever_considered_stage_one(story: Story, desks: Desks, how: str) -> None:
    """It is left without anyone, and every list shows it as such [lgsco:6.14]."""
    reference = story.acknowledged()
    successor = desks.other_reviewer
    if how == "handled":
        story.assign(reference, to=successor)
        story.free(reference, successor)
        story.respond(reference)
    else:
        successor.do(story.on(story.clock.now.date()).ready(RespondStageOne, reference))
    story.open_two(reference)
    story.acknowledge_two(reference)
    story.assign_two(reference)
    told = leaves(story, desks.reviewer, successor)
    assert told.sentences[:2] == (
        "Rita Reviewer left. 1 stage without anyone now: they need someone.",
        "Nobody has stage 2 now: Rita Reviewer left. It needs someone.",
    )
    assert story.stage(reference, 2)["handler_id"] is None
    assert story.duties(reference)["respond_stage_two"]["owner_id"] is None
    assert [row.reference for row in desks.manager.ask(escalations).needs_someone] == [reference]
    assert [row.reference for row in desks.manager.ask(queue, QueueFilter(unassigned=True)).rows] == [reference]
    assert "lgsco:6.14" not in [clause for clause, _reason in story.departures(reference)]


def test_stage_two_goes_to_a_reviewer_who_is_new(story: Story, desks: Desks) -> None:
    reference = story.considered_at_stage_two()
    told = leaves(story, desks.reviewer, desks.other_reviewer)
    assert told.sentences[0] == "Rita Reviewer left. 1 stage handed to Remy Reviewer."
    assert story.stage(reference, 2)["handler_id"] == desks.other_reviewer.actor.id


def test_a_successor_is_given_only_what_their_role_may_consider(story: Story, desks: Desks) -> None:
    """A handler takes stage 1 over and leaves stage 2 without anyone [lgsco:6.14]."""
    one, two = story.acknowledged(), story.considered_at_stage_two()
    story.assign(one, to=desks.reviewer)
    told = leaves(story, desks.reviewer, desks.other_handler)
    assert told.sentences[0] == (
        "Rita Reviewer left. 1 stage handed to Hugo Handler. 1 stage without anyone now: they need someone."
    )
    assert story.stage(one, 1)["handler_id"] == desks.other_handler.actor.id
    assert story.stage(two, 2)["handler_id"] is None


def test_without_a_successor_everything_is_left_without_anyone(story: Story, desks: Desks) -> None:
    reference = story.acknowledged()
    story.assign(reference)
    assert leaves(story, desks.handler).sentences[0] == (
        "Hana Handler left. 1 stage without anyone now: they need someone."
    )
    assert story.stage(reference, 1)["handler_id"] is story.stage(reference, 1)["assigned_on"] is None


def test_a_confidential_complaint_names_the_successor_and_is_not_told_of_to_the_administrator(
    story: Story, desks: Desks
) -> None:
    """Even when it is all there was to hand over: only numbers reach whoever manages accounts [lgsco:5.8]."""
    reference = story.acknowledged()
    story.assign(reference)
    story.keep_confidential(reference)
    told = leaves(story, desks.handler, desks.other_handler)
    assert told.sentences == ("Hana Handler left. 1 stage handed to Hugo Handler.",)
    assert desks.other_handler.ask(case_view, reference).confidential
    assert story.tags(reference)[-2:] == ["stage.assigned", "confidence.kept"]
    assert story.verified() == len(story.tags())


def test_a_handover_needs_somebody_else_who_is_here(story: Story, desks: Desks) -> None:
    with refused(story, BadInput, match="Nobody hands over to themselves"):
        leaves(story, desks.handler, desks.handler)
    with refused(story, NotFound, match="not on the list"):
        desks.administrator.do(RecordLeaver(colleague_id=desks.handler.actor.id, successor_id=999))
    leaves(story, desks.other_handler)
    with refused(story, BadInput, match="Hugo Handler has left. Choose someone else"):
        leaves(story, desks.handler, desks.other_handler)
    with refused(story, BadInput, match="Hugo Handler has left already"):
        leaves(story, desks.other_handler)


# ----------------------------------------------------------------------------------------------------------- returning


def test_whoever_returns_has_no_password_and_no_second_factor(story: Story, desks: Desks) -> None:
    with_account(desks.handler, second_factor=True)
    leaves(story, desks.handler)
    with refused(story, BadInput, match="Hana Handler has left. Let them return first"):
        link_of(desks.handler)
    done = desks.administrator.do(RecordReturn(colleague_id=desks.handler.actor.id))
    assert done.sentences == ("Hana Handler is back. They need a new link to sign in.",)
    account = account_of(story, desks.handler)
    assert (account["password_hash"], account["totp_secret"]) == (None, None)
    assert link_of(desks.handler)
    with refused(story, BadInput, match="Hana Handler has not left"):
        desks.administrator.do(RecordReturn(colleague_id=desks.handler.actor.id))


def test_a_link_of_before_works_no_more_when_somebody_returns(story: Story, desks: Desks) -> None:
    with_account(desks.handler, password=False)
    link_id = link_of(desks.handler)
    leaves(story, desks.handler)
    desks.administrator.do(RecordReturn(colleague_id=desks.handler.actor.id))
    with refused(story, NotPermitted, match="has been used or has run out"):
        desks.handler.do(ChoosePassword(password_hash=hashed(), link_id=link_id))


def test_a_closed_account_opens_no_session(story: Story, desks: Desks) -> None:
    with_account(desks.handler)
    leaves(story, desks.handler)
    with refused(story, NotPermitted, match="This account is closed"):
        session_of(desks.handler)


# ------------------------------------------------------------------------------------------------- links and sessions


def test_a_new_link_replaces_the_earlier_one(story: Story, desks: Desks) -> None:
    with_account(desks.handler, password=False)
    earlier, later = link_of(desks.handler), link_of(desks.handler)
    with refused(story, NotPermitted, match="has been used or has run out"):
        desks.handler.do(ChoosePassword(password_hash=hashed(), link_id=earlier))
    desks.handler.do(ChoosePassword(password_hash=hashed(), link_id=later))
    with refused(story, NotPermitted, match="has been used or has run out"):
        desks.handler.do(ChoosePassword(password_hash=hashed(), link_id=later))


def test_a_link_is_one_persons(story: Story, desks: Desks) -> None:
    for desk in (desks.handler, desks.manager):
        with_account(desk, password=False)
    link_id = link_of(desks.handler)
    with refused(story, NotPermitted, match="somebody else's"):
        desks.manager.do(ChoosePassword(password_hash=hashed(), link_id=link_id))
    linking = LinkSignOn(
        colleague_id=desks.manager.actor.id, issuer="https://id.example", subject="42", link_id=link_id
    )  # fmt: skip
    with refused(story, NotPermitted, match="somebody else's"):
        desks.system.do(linking)


def test_a_link_can_forget_a_lost_second_factor(story: Story, desks: Desks) -> None:
    """And says so only when there was one."""
    with_account(desks.handler, second_factor=True)
    ends_at = story.clock.now + timedelta(hours=1)
    ids = {"colleague_id": desks.handler.actor.id, "ends_at": ends_at, "forget_second_factor": True}
    done = desks.administrator.do(MakeLink(link_id="1" * 64, **ids))
    assert done.sentences == (
        "Made a one-time link for Hana Handler, and their second factor was taken off.",
        "Hana Handler took the second factor off.",
    )
    assert account_of(story, desks.handler)["totp_secret"] is None
    again = desks.administrator.do(MakeLink(link_id="2" * 64, **ids))
    assert again.sentences == ("Made a one-time link for Hana Handler.",)


def test_a_link_needs_an_account(story: Story, desks: Desks) -> None:
    with refused(story, NotFound, match="There is no such account"):
        link_of(desks.handler)


def test_an_administrator_ends_every_session_of_one_colleague(story: Story, desks: Desks) -> None:
    for desk in (desks.handler, desks.manager):
        with_account(desk)
        session_of(desk)
    session_of(desks.handler)
    done = desks.administrator.do(EndSessions(colleague_id=desks.handler.actor.id))
    assert done.sentences == ("2 sessions of Hana Handler ended: ended by an administrator.",)
    assert (open_sessions(story, desks.handler), open_sessions(story, desks.manager)) == (0, 1)
    with refused(story, NotFound, match="not on the list"):
        desks.administrator.do(EndSessions(colleague_id=999))


def test_one_ends_ones_own_sessions_and_nobody_elses(story: Story, desks: Desks) -> None:
    for desk in (desks.handler, desks.manager):
        with_account(desk)
    here, there, theirs = session_of(desks.handler), session_of(desks.handler), session_of(desks.manager)
    for session_id in (theirs, FRESH):
        with refused(story, NotFound, match="no such session of yours"):
            desks.handler.do(SignOut(session_id=session_id))
    desks.handler.do(EndOwnSessions(keep=here))
    ended = {row["id"] for row in story.rows("login_session") if row["ended_at"] is not None}
    assert ended == {there}
    desks.handler.do(SignOut(session_id=here))
    assert open_sessions(story, desks.handler) == 0


def test_a_new_password_ends_the_sessions_of_before(story: Story, desks: Desks) -> None:
    with_account(desks.handler)
    here = session_of(desks.handler)
    session_of(desks.handler)
    done = desks.handler.do(ChoosePassword(password_hash="h" * 90, keep=here))
    assert done.sentences == (
        "Hana Handler chose a password.", "1 session of Hana Handler ended: a new password was chosen.",
    )  # fmt: skip
    assert open_sessions(story, desks.handler) == 1


def test_there_must_be_something_to_take_off_or_close(story: Story, desks: Desks) -> None:
    with_account(desks.handler)
    with refused(story, BadInput, match="no second factor to take off"):
        desks.handler.do(SetSecondFactor())
    with refused(story, BadInput, match="no calendar address to close"):
        desks.handler.do(SetFeed())
    desks.handler.do(SetFeed(token_hash="1" * 64))
    desks.handler.do(SetFeed(token_hash="2" * 64))
    assert [row["token_hash"] for row in story.rows("calendar_feed")] == ["2" * 64]
    desks.handler.do(SetFeed())
    assert not story.rows("calendar_feed")


def test_a_person_at_the_provider_is_linked_to_one_account(story: Story, desks: Desks) -> None:
    """By issuer and subject; the same subject at another issuer is another person."""
    for desk in (desks.handler, desks.manager):
        with_account(desk)
    theirs = {"issuer": "https://id.example", "subject": "42"}
    desks.system.do(LinkSignOn(colleague_id=desks.handler.actor.id, **theirs))
    desks.system.do(LinkSignOn(colleague_id=desks.handler.actor.id, **theirs))
    with refused(story, NotPermitted, match="linked to another account"):
        desks.system.do(LinkSignOn(colleague_id=desks.manager.actor.id, **theirs))
    desks.system.do(LinkSignOn(colleague_id=desks.manager.actor.id, **(theirs | {"issuer": "https://other.example"})))


def test_a_code_of_the_second_factor_opens_one_session(story: Story, desks: Desks) -> None:
    """Two at the same moment: the account's row is held, and the second one is told to wait for the next code."""
    with_account(desks.handler, second_factor=True)
    given = {"colleague_id": desks.handler.actor.id, "how": "password", "totp_step": 7}
    ends_at = story.clock.now + timedelta(hours=1)
    desks.system.do(OpenSession(session_id="1" * 64, ends_at=ends_at, **given))
    for step in (7, 6):
        with refused(story, NotPermitted, match="That code has been used"):
            desks.system.do(OpenSession(session_id="2" * 64, ends_at=ends_at, **(given | {"totp_step": step})))


# ------------------------------------------------------------------------------------------------------------ services


def test_a_service_is_entered_once_and_can_be_chosen_at_once(story: Story, desks: Desks) -> None:
    """A new installation begins without any [lgsco:4.1]."""
    done = desks.administrator.do(AddService(name="  Bereavement   services "))
    assert done.sentences == ("Added the service “Bereavement services”.",)
    assert "Bereavement services" in [each.name for each in desks.handler.ask(lists).services]
    with refused(story, BadInput, "on the list already"):
        desks.administrator.do(AddService(name="bereavement SERVICES"))
