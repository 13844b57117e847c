"""The way in, from a typed password to the row that a session is: who comes in, for how long, and what ends it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pyotp
import pytest

from core.channels import secrets
from core.commands.accounts import EndSessions, MoveColleague, RecordLeaver, RecordReturn
from core.desk import Desk, Office
from core.entrance import (
    TOO_MANY,
    WRONG,
    Claims,
    Visit,
    accept,
    change_password,
    first_administrator,
    invited,
    make_link,
    put_second_factor_on,
    sign_in,
    sign_in_by_claims,
    sign_in_vouched,
    sign_out,
    take_second_factor_off,
    visit,
    waits_for_the_first,
)
from core.errors import BadInput, ComplaintsError, NotPermitted, NotReady
from core.permissions import Permission, Role
from core.settings import Settings
from tests.builders import Story, dump
from tests.conftest import START, Desks, OfficeClock
from tests.people import ADDRESS, PASSWORD, TOTP_SECRET, name_of, with_account

ANOTHER = "eleven soft pillows by the sea"
ELSEWHERE = "198.51.100.9"
ISSUER = "https://id.sample.example"
Enter = Callable[..., str]
Made = Callable[..., Office]


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """The office's way in, with the clock that stands beside it."""

    office: Office
    clock: OfficeClock

    def enter(self, desk: Desk, *, password: str = PASSWORD, code: str = "", address: str = ADDRESS) -> str:
        """The id of a session opened by a colleague's sign-in name and a password."""
        token = sign_in(self.office, name=name_of(desk), password=password, code=code, address=address)
        return secrets.token_hash(token)

    def seen(self, session_id: str, *, active: bool = True) -> Visit | None:
        """What the session is worth now."""
        return visit(self.office, session_id, active=active)

    def later(self, **how_long: float) -> Door:
        """The same door, some time later."""
        self.clock.now += timedelta(**how_long)
        return self

    def here(self, session_id: str) -> Visit:
        """The live session."""
        found = self.seen(session_id)
        assert found is not None
        return found


@pytest.fixture
def door(office: Office, office_clock: OfficeClock) -> Door:
    return Door(office=office, clock=office_clock)


@pytest.fixture
def made(office: Office) -> Iterator[Made]:
    """The same installation under other settings."""
    offices: list[Office] = []

    def under(**given: Any) -> Office:
        values = {**office.settings.model_dump(), **given}
        offices.append(Office(Settings(_env_file=None, **values), clock=office.clock))
        return offices[-1]

    yield under
    for each in offices:
        each.close()


def code_at(moment: datetime) -> str:
    return str(pyotp.TOTP(TOTP_SECRET).at(int(moment.timestamp())))


def refusal(act: Callable[[], object]) -> str:
    """The sentence with which somebody is not let in."""
    with pytest.raises(NotPermitted) as caught:
        act()
    return str(caught.value)


def token_in(address: str) -> str:
    return address.rsplit("/", 1)[1]


# ------------------------------------------------------------------------------------------------------------ passwords


def test_the_right_password_opens_a_session(door: Door, desks: Desks, story: Story) -> None:
    """The browser gets a token, the database its hash, the ledger a sentence."""
    with_account(desks.handler)
    token = sign_in(door.office, name=name_of(desks.handler), password=PASSWORD, code="", address=ADDRESS)
    here = door.here(secrets.token_hash(token))
    assert (here.actor, here.how, here.second_factor) == (desks.handler.actor, "password", False)
    assert door.seen(token) is None, "the token itself is no session's id"
    assert story.tags()[-1] == "session.opened"
    assert story.verified() == len(story.tags())


def test_a_sign_in_name_is_read_without_regard_to_case_and_outer_spaces(door: Door, desks: Desks) -> None:
    with_account(desks.handler)
    assert sign_in(door.office, name=f" {name_of(desks.handler).upper()} ", password=PASSWORD, code="", address="")


def test_whatever_was_wrong_one_and_the_same_sentence_says_so(door: Door, desks: Desks, story: Story) -> None:
    """Nobody learns which names exist, which accounts are closed, and who has a second factor."""
    with_account(desks.handler)
    with_account(desks.other_handler)
    with_account(desks.reviewer, password=False)
    with_account(desks.manager, second_factor=True)
    desks.administrator.do(RecordLeaver(colleague_id=desks.other_handler.actor.id))
    names = {
        "wrong password": (name_of(desks.handler), ANOTHER, ""),
        "no password typed": (name_of(desks.handler), "", ""),
        "unknown": ("nobody@sample.example", PASSWORD, ""),
        "closed": (name_of(desks.other_handler), PASSWORD, ""),
        "no password chosen": (name_of(desks.reviewer), PASSWORD, ""),
        "no code": (name_of(desks.manager), PASSWORD, ""),
        "wrong code": (name_of(desks.manager), PASSWORD, "000000"),
        "right code, wrong password": (name_of(desks.manager), ANOTHER, code_at(START)),
    }
    for each, (name, password, code) in names.items():
        with pytest.raises(NotPermitted) as caught:
            sign_in(door.office, name=name, password=password, code=code, address=each)
        assert str(caught.value) == WRONG, each
    assert story.tags().count("session.refused") == len(names) == len(story.rows("sign_in_failure"))
    assert not story.rows("login_session")


@pytest.mark.parametrize(
    "typed", ["", "\x00", "hana\x00", "\ud800", "a" * 5_000, "'; DROP TABLE account; --", "%", "𝒽𝒶𝓃𝒶"]
)
def test_whatever_is_typed_is_only_wrong(door: Door, typed: str) -> None:
    """Signs no database can hold, and more of them than any name has, are a wrong name and never a mistake of ours."""
    for name, password, code in ((typed, PASSWORD, ""), ("nobody", typed, ""), ("nobody", PASSWORD, typed)):
        assert refusal(lambda: sign_in(door.office, name=name, password=password, code=code, address=ADDRESS)) == WRONG  # noqa: B023


@pytest.mark.parametrize("typed", ["\ud800", "１２３４５６", "12 34 5", "x" * 5_000, "\x00"])
def test_whatever_is_typed_as_a_code_is_only_wrong(door: Door, desks: Desks, typed: str) -> None:
    with_account(desks.handler, second_factor=True)
    assert refusal(lambda: door.enter(desks.handler, code=typed)) == WRONG


# ------------------------------------------------------------------------------------------------------------- throttle


def wrong(office: Office, name: str, address: str, *, times: int = 1) -> None:
    for _ in range(times):
        with pytest.raises(NotPermitted) as caught:
            sign_in(office, name=name, password="not it, not at all", code="", address=address)
        assert str(caught.value) == WRONG


def tried(office: Office, desk: Desk, address: str) -> str:
    """What becomes of the right password: "in", or the sentence."""
    try:
        sign_in(office, name=name_of(desk), password=PASSWORD, code="", address=address)
    except NotPermitted as error:
        return str(error)
    return "in"


def test_too_many_wrong_ones_of_a_name_from_one_address_are_stopped_there(
    door: Door, desks: Desks, made: Made, story: Story
) -> None:
    """Elsewhere the same person still comes in, and when the window has passed, here as well."""
    office = made(tries_per_person=3)
    for desk in (desks.handler, desks.manager):
        with_account(desk)
    wrong(office, name_of(desks.handler), ADDRESS, times=2)
    assert tried(office, desks.handler, ADDRESS) == "in"
    wrong(office, name_of(desks.handler).upper(), ADDRESS)
    before = len(story.tags())
    assert tried(office, desks.handler, ADDRESS) == TOO_MANY
    assert len(story.tags()) == before, "nothing is checked any more, and nothing grows"
    assert tried(office, desks.handler, ELSEWHERE) == "in"
    assert tried(office, desks.manager, ADDRESS) == "in"
    door.later(minutes=office.settings.tries_window_minutes, seconds=1)
    assert tried(office, desks.handler, ADDRESS) == "in"


def test_too_many_wrong_ones_from_one_address_stop_the_address(door: Door, desks: Desks, made: Made) -> None:
    """Whichever names are tried, those that do not exist among them."""
    office = made(tries_per_address=3)
    with_account(desks.handler)
    for name in ("a", "b", "c"):
        wrong(office, name, ADDRESS)
    assert tried(office, desks.handler, ADDRESS) == TOO_MANY
    assert tried(office, desks.handler, ELSEWHERE) == "in"
    door.later(minutes=office.settings.tries_window_minutes, seconds=1)
    assert tried(office, desks.handler, ADDRESS) == "in"


def test_too_many_wrong_ones_of_a_name_from_anywhere_stop_the_name(door: Door, desks: Desks, made: Made) -> None:
    office = made(tries_per_account=3)
    with_account(desks.handler)
    for number in range(3):
        wrong(office, name_of(desks.handler), f"192.0.2.{number}")
    assert tried(office, desks.handler, ELSEWHERE) == TOO_MANY
    door.later(minutes=office.settings.tries_window_minutes, seconds=1)
    assert tried(office, desks.handler, ELSEWHERE) == "in"


def test_wrong_codes_of_the_second_factor_are_counted_too(desks: Desks, made: Made) -> None:
    office = made(tries_per_person=3)
    with_account(desks.handler, second_factor=True)
    for code in ("000000", "", "999999"):
        given = {"password": PASSWORD, "code": code, "address": ADDRESS}
        assert refusal(lambda: sign_in(office, name=name_of(desks.handler), **given)) == WRONG  # noqa: B023
    given = {"password": PASSWORD, "code": code_at(START), "address": ADDRESS}
    assert refusal(lambda: sign_in(office, name=name_of(desks.handler), **given)) == TOO_MANY


def test_wrong_ones_are_forgotten_after_a_day(door: Door, story: Story) -> None:
    wrong(door.office, "a", ADDRESS, times=2)
    wrong(door.later(hours=25).office, "b", ADDRESS)
    assert len(story.rows("sign_in_failure")) == 1


# -------------------------------------------------------------------------------------------------------- second factor


@pytest.mark.parametrize(("seconds", "fits"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_a_code_works_one_step_early_or_late(door: Door, desks: Desks, seconds: int, fits: bool) -> None:
    with_account(desks.handler, second_factor=True)
    code = code_at(START + timedelta(seconds=seconds))
    if fits:
        assert door.here(door.enter(desks.handler, code=f"{code[:3]} {code[3:]}")).second_factor
    else:
        assert refusal(lambda: door.enter(desks.handler, code=code)) == WRONG


def test_a_code_works_once(door: Door, desks: Desks) -> None:
    """Nor does an earlier one work once a later one has been used."""
    with_account(desks.handler, second_factor=True)
    early, code = code_at(START - timedelta(seconds=30)), code_at(START)
    assert door.enter(desks.handler, code=code)
    assert refusal(lambda: door.enter(desks.handler, code=code)) == WRONG
    assert refusal(lambda: door.enter(desks.handler, code=early)) == WRONG
    assert door.later(seconds=30).enter(desks.handler, code=code_at(door.clock.now))


def test_a_second_factor_is_put_on_with_its_first_right_code(door: Door, desks: Desks, story: Story) -> None:
    with_account(desks.handler)
    here = door.here(door.enter(desks.handler))
    with pytest.raises(BadInput, match="That code is not right"):
        put_second_factor_on(door.office, here, secret=TOTP_SECRET, code="000000")
    put_second_factor_on(door.office, here, secret=TOTP_SECRET, code=code_at(START))
    assert door.here(here.session_id).second_factor
    assert refusal(lambda: door.enter(desks.handler, code=code_at(START))) == WRONG, "the first code is used up"
    door.later(seconds=30)
    assert door.enter(desks.handler, code=code_at(door.clock.now))
    assert TOTP_SECRET not in repr(dump(door.office))


def test_taking_the_second_factor_off_asks_for_the_password(door: Door, desks: Desks) -> None:
    with_account(desks.handler, second_factor=True)
    here = door.here(door.enter(desks.handler, code=code_at(START)))
    assert "stays on" in refusal(lambda: take_second_factor_off(door.office, here, password=ANOTHER, address=ADDRESS))
    take_second_factor_off(door.office, here, password=PASSWORD, address=ADDRESS)
    assert door.enter(desks.handler)


def test_a_second_factor_sealed_with_another_key_is_said_and_not_passed_over(
    door: Door, desks: Desks, made: Made
) -> None:
    """A copy of the database under another key lets nobody in by password alone."""
    with_account(desks.handler, second_factor=True)
    elsewhere = made(ledger_key="6b" * 32)
    with pytest.raises(NotReady, match="kept under another key"):
        sign_in(elsewhere, name=name_of(desks.handler), password=PASSWORD, code=code_at(START), address=ADDRESS)


def test_where_a_second_factor_is_required_nothing_but_the_own_account_is_open_without(
    door: Door, desks: Desks, made: Made
) -> None:
    """It holds for the session that is open, and is over as soon as the factor stands."""
    strict = made(second_factor_required=True)
    with_account(desks.manager)
    here = visit(strict, door.enter(desks.manager), active=True)
    assert here is not None
    assert [each for each in Permission if here.actor.may(each)] == [Permission.OWN]
    put_second_factor_on(strict, here, secret=TOTP_SECRET, code=code_at(START))
    again = visit(strict, here.session_id, active=True)
    assert again is not None
    assert again.actor == desks.manager.actor
    vouched = visit(strict, secrets.token_hash(vouch(strict, desks.manager)), active=True)
    assert vouched is not None
    assert vouched.actor.limited_to is None


# ------------------------------------------------------------------------------------------------------------- sessions


def test_a_session_ends_when_nobody_uses_it(door: Door, desks: Desks) -> None:
    """Only what a person does keeps it; a page that refreshes itself does not."""
    with_account(desks.handler)
    session_id = door.enter(desks.handler)
    assert door.later(minutes=29).seen(session_id)
    assert door.later(minutes=29).seen(session_id, active=False)
    assert door.later(minutes=1).seen(session_id) is None
    assert door.later(minutes=-2).seen(session_id), "at 28 minutes it lived"


def test_use_is_noted_once_a_minute_and_no_more(door: Door, desks: Desks, story: Story) -> None:
    """A page asks at every click; writing each time would cost more than the page."""
    with_account(desks.handler)
    session_id = door.enter(desks.handler)
    for seconds, noted in ((30, 0), (29, 0), (1, 60), (59, 60), (1, 120)):
        door.later(seconds=seconds).seen(session_id)
        (row,) = story.rows("login_session")
        assert row["seen_at"] - row["opened_at"] == timedelta(seconds=noted)


def test_a_session_ends_after_twelve_hours_however_much_it_is_used(door: Door, desks: Desks) -> None:
    with_account(desks.handler)
    session_id = door.enter(desks.handler)
    for _ in range(12 * 3 - 1):
        assert door.later(minutes=20).seen(session_id)
    assert door.later(minutes=19, seconds=59).seen(session_id)
    assert door.later(seconds=1).seen(session_id) is None


def test_signing_out_ends_the_session_once_for_all(door: Door, desks: Desks, story: Story) -> None:
    with_account(desks.handler)
    here, there = door.enter(desks.handler), door.enter(desks.handler)
    sign_out(door.office, here)
    assert door.seen(here) is None
    assert door.seen(there)
    before = len(story.tags())
    sign_out(door.office, here)
    sign_out(door.office, "0" * 64)
    assert len(story.tags()) == before


def test_a_leavers_sessions_are_over_at_the_next_click_and_stay_so(door: Door, desks: Desks) -> None:
    with_account(desks.handler)
    session_id = door.enter(desks.handler)
    desks.administrator.do(RecordLeaver(colleague_id=desks.handler.actor.id))
    assert door.seen(session_id) is None
    desks.administrator.do(RecordReturn(colleague_id=desks.handler.actor.id))
    assert door.seen(session_id) is None


def test_ending_all_sessions_holds_from_the_next_click(door: Door, desks: Desks) -> None:
    with_account(desks.handler)
    every = [door.enter(desks.handler) for _ in range(2)]
    desks.administrator.do(EndSessions(colleague_id=desks.handler.actor.id))
    assert [door.seen(each) for each in every] == [None, None]


def test_a_new_role_and_new_services_hold_from_the_next_click(door: Door, desks: Desks) -> None:
    with_account(desks.handler)
    session_id = door.enter(desks.handler)
    who = desks.handler.actor.id
    desks.administrator.do(MoveColleague(colleague_id=who, role=Role.REVIEWER, services=(1, 3)))
    actor = door.here(session_id).actor
    assert (actor.role, actor.services) == (Role.REVIEWER, frozenset({1, 3}))


def test_what_was_never_given_opens_nothing(door: Door, desks: Desks) -> None:
    """Neither a made-up id nor what lies in the database beside a session."""
    with_account(desks.handler)
    session_id = door.enter(desks.handler)
    for guess in ("", "0" * 64, session_id.upper(), session_id[:-1], f"{session_id} ", f"%{session_id[1:]}"):
        assert door.seen(guess) is None


# --------------------------------------------------------------------------------------------------- one-time links


def test_a_link_works_once(door: Door, desks: Desks) -> None:
    """It chooses the password and opens the first session."""
    with_account(desks.handler, password=False)
    token = token_in(make_link(desks.administrator, desks.handler.actor.id))
    assert invited(door.office, token).name == "Hana Handler"
    opened = accept(door.office, token, password=ANOTHER, address=ADDRESS)
    assert door.here(secrets.token_hash(opened)).actor == desks.handler.actor
    assert door.enter(desks.handler, password=ANOTHER)
    for again in (
        lambda: invited(door.office, token),
        lambda: accept(door.office, token, password=ANOTHER, address=""),
    ):
        assert "has been used or has run out" in refusal(again)


def test_a_link_runs_out(door: Door, desks: Desks) -> None:
    with_account(desks.handler, password=False)
    token = token_in(make_link(desks.administrator, desks.handler.actor.id))
    assert invited(door.later(hours=door.office.settings.link_hours, seconds=-1).office, token)
    door.later(seconds=1)
    assert "has run out" in refusal(lambda: accept(door.office, token, password=ANOTHER, address=ADDRESS))


def test_a_later_link_replaces_it_and_a_leaver_has_none(door: Door, desks: Desks) -> None:
    with_account(desks.handler, password=False)
    earlier, later = (token_in(make_link(desks.administrator, desks.handler.actor.id)) for _ in range(2))
    assert "has been used" in refusal(lambda: invited(door.office, earlier))
    assert invited(door.office, later)
    desks.administrator.do(RecordLeaver(colleague_id=desks.handler.actor.id))
    assert "has been used" in refusal(lambda: invited(door.office, later))


def test_a_link_made_up_is_nobodys(door: Door) -> None:
    for token in ("", "x" * 43, "../welcome", "\x00", "\ud800"):
        assert "has been used or has run out" in refusal(lambda: invited(door.office, token))  # noqa: B023


def test_a_password_that_cannot_be_taken_leaves_the_link_as_it_was(door: Door, desks: Desks) -> None:
    with_account(desks.handler, password=False)
    token = token_in(make_link(desks.administrator, desks.handler.actor.id))
    with pytest.raises(BadInput, match="at least 12 characters"):
        accept(door.office, token, password="too short", address=ADDRESS)
    assert accept(door.office, token, password=ANOTHER, address=ADDRESS)


def test_a_link_does_not_pass_a_second_factor_by(door: Door, desks: Desks) -> None:
    with_account(desks.handler, second_factor=True)
    token = token_in(make_link(desks.administrator, desks.handler.actor.id))
    assert "Sign in with it and a code" in refusal(
        lambda: accept(door.office, token, password=ANOTHER, address=ADDRESS)
    )
    assert refusal(lambda: door.enter(desks.handler, password=ANOTHER)) == WRONG
    assert door.enter(desks.handler, password=ANOTHER, code=code_at(START))


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("", "at least 12"),
        ("elevenchars", "at least 12"),
        ("x" * 257, "at most 256"),
        ("passwordpassword", "among the first"),
        ("Liverpool LIVERPOOL".replace(" ", ""), "among the first"),
        ("123456789123", "among the first"),
        ("aaaaaaaaaaaaaaaa", "among the first"),
        ("abababababababab", "among the first"),
        ("HanaHandler12", "your own names"),
        ("handler.hana-1", "your own names"),
    ],
)
def test_common_passwords_and_own_names_are_refused(password: str, sentence: str) -> None:
    """And nothing else: no sign, digit or capital is asked for."""
    with pytest.raises(BadInput, match=sentence):
        secrets.check_new_password(password, about=("Hana Handler",))


@pytest.mark.parametrize(
    "password", ["twelve chars", "correct horse battery", "пароль для Ханы", "x" * 250 + "yzab", "  spaces  stay  "]
)
def test_twelve_characters_that_are_not_common_are_enough(password: str) -> None:
    assert secrets.check_new_password(password, about=("Hana Handler",)) == password


def test_a_password_fits_however_its_accents_are_typed() -> None:
    """Two keyboards may spell one letter in two ways; a password is kept and compared composed."""
    composed, apart = "caf\u00e9 by the river", "cafe\u0301 by the river"
    kept = secrets.hash_password(secrets.check_new_password(apart))
    assert secrets.password_fits(composed, kept)
    assert secrets.password_fits(apart, kept)
    assert not secrets.password_fits(composed.upper(), kept)


def test_changing_the_password_ends_the_other_sessions(door: Door, desks: Desks) -> None:
    with_account(desks.handler)
    here, there = door.enter(desks.handler), door.enter(desks.handler)
    visiting = door.here(here)
    assert "Nothing was changed" in refusal(
        lambda: change_password(door.office, visiting, old=ANOTHER, new=ANOTHER, address=ADDRESS)
    )
    with pytest.raises(BadInput, match="own names"):
        change_password(door.office, visiting, old=PASSWORD, new="hana handler hana", address=ADDRESS)
    assert door.seen(there)
    change_password(door.office, visiting, old=PASSWORD, new=ANOTHER, address=ADDRESS)
    assert door.seen(here)
    assert door.seen(there) is None
    assert refusal(lambda: door.enter(desks.handler)) == WRONG
    assert door.enter(desks.handler, password=ANOTHER)


# ------------------------------------------------------------------------------------------------------- the first one


def test_the_first_administrator_comes_in_by_a_link_and_no_default_password(door: Door, story: Story) -> None:
    """Asked again before the link is used, a new one replaces it; afterwards there is no such way any more."""
    assert waits_for_the_first(door.office)
    given = {"name": "Abe First", "sign_in_name": "Abe@sample.example"}
    lost, link = (token_in(first_administrator(door.office, **given)) for _ in range(2))
    assert waits_for_the_first(door.office)
    assert "has been used" in refusal(lambda: invited(door.office, lost))
    token = accept(door.office, link, password=ANOTHER, address=ADDRESS)
    assert door.here(secrets.token_hash(token)).actor.role is Role.ADMINISTRATOR
    assert not waits_for_the_first(door.office)
    assert "There is an administrator already" in refusal(lambda: first_administrator(door.office, **given))
    assert sum(row["name"] == "Abe First" for row in story.rows("colleague")) == 1


def test_nobody_else_becomes_the_first_administrator_by_their_sign_in_name(door: Door, desks: Desks) -> None:
    with_account(desks.handler)
    with pytest.raises(BadInput, match="Hana Handler is not an administrator"):
        first_administrator(door.office, name="Hana Handler", sign_in_name=name_of(desks.handler))
    with pytest.raises(BadInput, match="Hana Handler is on the list already"):
        first_administrator(door.office, name="Hana Handler", sign_in_name="another")
    with pytest.raises(BadInput):
        first_administrator(door.office, name=" ", sign_in_name="another")


# ------------------------------------------------------------------------------------------------------- single sign-on


def claims(subject: str = "42", **given: Any) -> Claims:
    return Claims(**{"issuer": ISSUER, "subject": subject, "name": "Nia New", **given})


def actor_of(door: Door, token: str) -> Any:
    return door.here(secrets.token_hash(token)).actor


def linked(door: Door, desks: Desks, desk: Desk, subject: str = "42") -> None:
    """A colleague's account is linked by a one-time link."""
    with_account(desk, password=False)
    link = token_in(make_link(desks.administrator, desk.actor.id))
    token = sign_in_by_claims(door.office, claims(subject), address=ADDRESS, link=link)
    assert actor_of(door, token) == desk.actor
    assert "has been used" in refusal(
        lambda: sign_in_by_claims(door.office, claims("another"), address=ADDRESS, link=link)
    )


def test_issuer_and_subject_alone_say_who_somebody_is(door: Door, desks: Desks, story: Story) -> None:
    """The same subject elsewhere is nobody here, and an e-mail address links nothing."""
    linked(door, desks, desks.handler)
    assert actor_of(door, sign_in_by_claims(door.office, claims(), address=ADDRESS)) == desks.handler.actor
    before = len(story.rows("colleague"))
    mine = {"name": desks.handler.actor.name, "sign_in_name": name_of(desks.handler)}
    for other in (
        claims(issuer="https://evil.example", **mine),
        claims("43", **mine),
        claims("42 ", **mine),
        claims(issuer=f"{ISSUER}/", **mine),
        claims(name_of(desks.handler), **mine),
    ):
        said = refusal(lambda: sign_in_by_claims(door.office, other, address=ADDRESS))  # noqa: B023
        assert said.startswith("The sign-in service knows you, but you have no account here.")
    assert len(story.rows("colleague")) == before


def test_a_linked_leaver_is_not_let_in(door: Door, desks: Desks) -> None:
    linked(door, desks, desks.handler)
    desks.administrator.do(RecordLeaver(colleague_id=desks.handler.actor.id))
    assert "Your account here is closed" in refusal(lambda: sign_in_by_claims(door.office, claims(), address=ADDRESS))


ROLES = {"complaints-lead": "senior lead", "complaints": "handler", "it": "administrator"}


def test_a_group_lets_a_new_person_in_with_its_role(door: Door, made: Made, story: Story) -> None:
    """The first group in the settings' order decides; the second time it is the same person."""
    office = made(sso_roles=ROLES)
    who = claims(groups=("staff", "complaints", "complaints-lead"))
    first = actor_of(door, sign_in_by_claims(office, who, address=ADDRESS))
    assert (first.name, first.role, first.services) == ("Nia New", Role.SENIOR_LEAD, frozenset())
    assert actor_of(door, sign_in_by_claims(office, who, address=ADDRESS)) == first
    assert [row["subject"] for row in story.rows("account")] == ["42"]


def test_a_group_that_maps_to_nothing_lets_nobody_in(door: Door, made: Made, story: Story) -> None:
    for office in (door.office, made(sso_roles=ROLES)):
        for groups in ((), ("staff",), ("Complaints",), ("handler",)):
            who = claims(groups=groups)
            assert "you have no account here" in refusal(lambda: sign_in_by_claims(office, who, address=ADDRESS))  # noqa: B023
    assert not story.rows("account")


def test_a_namesake_does_not_become_the_colleague(door: Door, made: Made, story: Story) -> None:
    office = made(sso_roles=ROLES)
    who = claims(name="Hana Handler", groups=("complaints",))
    assert "Somebody with your name has an account" in refusal(lambda: sign_in_by_claims(office, who, address=ADDRESS))
    assert not story.rows("account")


def test_the_groups_are_followed_at_every_sign_in(door: Door, desks: Desks, made: Made) -> None:
    """Another group is another role, services stay; in none any more, nobody comes in."""
    linked(door, desks, desks.handler)
    office = made(sso_roles=ROLES)
    who = desks.handler.actor.id
    desks.administrator.do(MoveColleague(colleague_id=who, role=Role.HANDLER, services=(2,)))
    same = actor_of(door, sign_in_by_claims(office, claims(groups=("complaints",)), address=ADDRESS))
    assert (same.id, same.role, same.services) == (who, Role.HANDLER, frozenset({2}))
    risen = actor_of(door, sign_in_by_claims(office, claims(groups=("complaints-lead",)), address=ADDRESS))
    assert (risen.id, risen.role, risen.services) == (who, Role.SENIOR_LEAD, frozenset({2}))
    out = refusal(lambda: sign_in_by_claims(office, claims(groups=("staff",)), address=ADDRESS))
    assert out.startswith("You are in none of the groups")


def test_the_last_administrator_is_not_moved_away_by_a_group(door: Door, desks: Desks, made: Made) -> None:
    linked(door, desks, desks.administrator)
    office = made(sso_roles=ROLES)
    with pytest.raises(ComplaintsError, match="is the last administrator"):
        sign_in_by_claims(office, claims(groups=("complaints",)), address=ADDRESS)
    assert actor_of(door, sign_in_by_claims(office, claims(groups=("it",)), address=ADDRESS)).role is Role.ADMINISTRATOR


def vouch(office: Office, desk: Desk) -> str:
    return sign_in_vouched(office, sign_in_name=f" {name_of(desk).upper()}", address=ADDRESS)


def test_a_trusted_web_server_names_a_person_who_is_known_here(door: Door, desks: Desks) -> None:
    with_account(desks.handler, password=False)
    here = door.here(secrets.token_hash(vouch(door.office, desks.handler)))
    assert (here.actor, here.how) == (desks.handler.actor, "the council's web server")
    assert "You have no account here" in refusal(lambda: vouch(door.office, desks.manager))
    desks.administrator.do(RecordLeaver(colleague_id=desks.handler.actor.id))
    assert "You have no account here" in refusal(lambda: vouch(door.office, desks.handler))


# -------------------------------------------------------------------------------------------------------------- secrets


def test_no_secret_is_ever_kept_where_it_can_be_read(door: Door, desks: Desks, story: Story, made: Made) -> None:
    """No password, token, link or second factor stands in the database; none of their hashes in the ledger either.

    A password typed into the field for the name, as happens, is not kept at all.
    """
    known = [PASSWORD, ANOTHER, TOTP_SECRET]
    with_account(desks.handler, password=False)
    link = make_link(desks.administrator, desks.handler.actor.id)
    first = accept(door.office, token_in(link), password=PASSWORD, address=ADDRESS)
    here = door.here(secrets.token_hash(first))
    put_second_factor_on(door.office, here, secret=TOTP_SECRET, code=code_at(START))
    door.later(seconds=30)
    given = {"code": code_at(door.clock.now), "address": ADDRESS}
    second = sign_in(door.office, name=name_of(desks.handler), password=PASSWORD, **given)
    change_password(door.office, here, old=PASSWORD, new=ANOTHER, address=ADDRESS)
    mistyped = "a password, typed into the wrong field"
    assert refusal(lambda: sign_in(door.office, name=mistyped, password="", code="", address=ADDRESS)) == WRONG
    wrong(door.office, name_of(desks.handler), ADDRESS)
    linked(door, desks, desks.manager)
    third = vouch(door.office, desks.handler)
    sign_out(door.office, secrets.token_hash(third))
    tokens = [token_in(link), first, second, third, mistyped]
    everything = dump(door.office)
    assert [each for each in (*known, *tokens) if each in repr(everything)] == []
    (account,) = story.rows("account", colleague_id=desks.handler.actor.id)
    hashes = [secrets.token_hash(token) for token in tokens]
    hashes += [
        account["password_hash"],
        account["totp_secret"],
        *(row["name_hash"] for row in story.rows("sign_in_failure")),
    ]
    told = repr({name: everything[name] for name in ("ledger_entry", "ledger_personal")})
    assert all(hashes)
    assert [each for each in hashes if each in told] == []
    assert "argon2" not in told


def test_the_database_alone_opens_nothing(door: Door, desks: Desks, story: Story) -> None:
    """Whoever reads every table has no token: what lies there, sent as a cookie or a link, is hashed once more."""
    with_account(desks.handler, password=False)
    link = token_in(make_link(desks.administrator, desks.handler.actor.id))
    session_id = secrets.token_hash(vouch(door.office, desks.handler))
    (row,), (kept_link,) = story.rows("login_session"), story.rows("one_time_link")
    assert (row["id"], kept_link["id"]) == (session_id, secrets.token_hash(link))
    assert door.seen(secrets.token_hash(row["id"])) is None
    assert "has been used" in refusal(lambda: invited(door.office, kept_link["id"]))
