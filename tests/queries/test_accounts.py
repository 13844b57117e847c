"""The accounts as their page shows them, and one's own."""

from __future__ import annotations

from datetime import timedelta

from core.commands.access import LinkSignOn, SetFeed, SetSecondFactor, SignOut
from core.commands.accounts import MoveColleague, RecordLeaver
from core.desk import Desk
from core.permissions import Role
from core.queries.accounts import AccountLine, colleagues, own_account
from tests.builders import Story
from tests.conftest import COLLEAGUES, Desks
from tests.people import ADDRESS, joined, name_of, session_of, with_account


def line_of(desks: Desks, desk: Desk) -> AccountLine:
    (line,) = [each for each in desks.administrator.ask(colleagues) if each.id == desk.actor.id]
    return line


def test_everybody_is_listed_by_name_and_leavers_last(story: Story, desks: Desks) -> None:
    desks.administrator.do(RecordLeaver(colleague_id=desks.handler.actor.id))
    found = desks.administrator.ask(colleagues)
    here = sorted(name for name, _role in COLLEAGUES if name != "Hana Handler")
    assert [each.name for each in found] == [*here, "Hana Handler"]
    assert [each.active for each in found] == [*(True for _ in here), False]
    assert {each.name: each.role for each in found} == dict(COLLEAGUES)


def test_a_line_says_how_somebody_gets_in_and_shows_no_secret(story: Story, desks: Desks) -> None:
    plain = line_of(desks, desks.handler)
    assert (plain.has_account, plain.sign_in_name, plain.has_password, plain.last_seen) == (False, "", False, None)
    with_account(desks.handler, second_factor=True)
    desks.system.do(LinkSignOn(colleague_id=desks.handler.actor.id, issuer="https://id.example", subject="42"))
    line = line_of(desks, desks.handler)
    assert (line.sign_in_name, line.has_account) == (name_of(desks.handler), True)
    assert (line.has_password, line.second_factor, line.single_sign_on) == (True, True, True)
    assert "argon2" not in repr(desks.administrator.ask(colleagues))


def test_services_are_named_in_order(story: Story, desks: Desks) -> None:
    nia = joined(story.office, "Nia New", Role.HANDLER, services=(1, 2))
    line = line_of(desks, nia)
    assert line.services == ("Housing repairs", "Waste and recycling")
    assert line.service_ids == (2, 1)
    desks.administrator.do(MoveColleague(colleague_id=nia.actor.id, role=Role.HANDLER))
    assert line_of(desks, nia).services == ()


def test_only_sessions_that_live_are_counted(story: Story, desks: Desks) -> None:
    """Neither one that was ended, nor one that idled away, nor one past its hours; when it was last used is kept."""
    with_account(desks.handler)
    session_of(desks.handler)
    desks.handler.do(SignOut(session_id=session_of(desks.handler)))
    session_of(desks.handler, hours=0)
    begun = story.clock.now
    assert (line_of(desks, desks.handler).sessions, line_of(desks, desks.handler).last_seen) == (1, begun)
    story.clock.now += timedelta(minutes=story.office.settings.idle_minutes)
    assert (line_of(desks, desks.handler).sessions, line_of(desks, desks.handler).last_seen) == (0, begun)


def test_what_somebody_has_in_hand_is_a_number_and_counts_open_stages(story: Story, desks: Desks) -> None:
    """Without confidential ones, here as in every other list: two numbers that differ would themselves tell."""
    first, second, third = story.acknowledged(), story.acknowledged(), story.at_stage_two()
    for reference in (first, second):
        story.assign(reference)
    assert line_of(desks, desks.handler).in_hand == 2, f"stage 1 of {third} is answered"
    story.keep_confidential(first)
    assert line_of(desks, desks.handler).in_hand == 1
    assert first not in repr(desks.administrator.ask(colleagues))


def test_ones_own_account_shows_what_protects_it_and_where_it_is_in_use(story: Story, desks: Desks) -> None:
    with_account(desks.handler)
    with_account(desks.manager)
    first = session_of(desks.handler)
    session_of(desks.manager)
    story.clock.now += timedelta(minutes=5)
    second = session_of(desks.handler)
    desks.handler.do(SetSecondFactor(sealed_secret="sealed"))
    desks.handler.do(SetFeed(token_hash="1" * 64))
    own = desks.handler.ask(own_account)
    assert (own.sign_in_name, own.has_password, own.second_factor) == (name_of(desks.handler), True, True)
    assert (own.single_sign_on, own.calendar_since) == (False, story.clock.now)
    assert [line.id for line in own.sessions] == [second, first]
    assert {(line.how, line.address) for line in own.sessions} == {("password", ADDRESS)}


def test_without_an_account_ones_own_is_empty(desks: Desks) -> None:
    own = desks.handler.ask(own_account)
    assert (own.sign_in_name, own.has_password, own.second_factor, own.single_sign_on) == ("", False, False, False)
    assert (own.calendar_since, own.sessions) == (None, ())
