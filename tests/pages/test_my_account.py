"""My account, and the screens in real use: sessions, second factor, calendar address, and a session that has ended."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app.ui import desk as ui_desk
from app.ui import serving
from core import entrance
from core.channels.secrets import token_hash
from core.commands.accounts import GiveAccount
from core.desk import Desk, Office
from core.permissions import SYSTEM, Role
from core.queries.accounts import own_account
from core.settings import Settings
from tests.pages.conftest import HOME, Open
from tests.pages.council import WHO, Council
from tests.pages.shown import button, field, words

Enter = Callable[..., AppTest]
SIGNED_OUT = "You have been signed out."


@pytest.fixture
def live(council: Council, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """The same council at real work, served as it must be, with accounts for everybody."""
    settings = Settings(_env_file=None, mode="live", data_dir=Path(council.office.settings.data_dir))
    opened = Office(settings, clock=council.clock)
    for number in WHO.values():
        Desk(opened, SYSTEM).do(GiveAccount(colleague_id=number, sign_in_name=f"{number}@example.org"))
    monkeypatch.setattr(serving, "behind_the_gate", lambda: True)
    monkeypatch.setattr(ui_desk, "_ONE_RUN", -1.0)
    ui_desk.use(opened)
    yield opened
    opened.close()


@pytest.fixture
def enter(live: Office, monkeypatch: pytest.MonkeyPatch) -> Enter:
    """Sign somebody in, and open a page at their screen."""

    def entered(role: Role, page: str = "", *, how: str = entrance.SIGN_ON, **query: str) -> AppTest:
        token = entrance.open_session(live, WHO[role], how=how, address="192.0.2.7")
        monkeypatch.setattr(ui_desk, "session_at_this_screen", lambda: token_hash(token))
        at = AppTest.from_file(str(HOME), default_timeout=20).run()
        if page:
            at.switch_page(f"pages/{page}.py")
            for name, value in query.items():
                at.query_params[name] = value
            at.run()
        assert not at.exception, at.exception
        return at

    return entered


def test_what_the_gate_has_looked_up_holds_for_one_run(live: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message that begins a run was looked up for it; a run that begins later looks again."""
    session_id = token_hash(entrance.open_session(live, WHO[Role.HANDLER], how=entrance.SIGN_ON, address="192.0.2.7"))
    monkeypatch.setattr(ui_desk, "session_at_this_screen", lambda: session_id)
    found = entrance.visit(live, session_id, active=False)
    entrance.sign_out(live, session_id)
    monkeypatch.setattr(ui_desk, "_ONE_RUN", 60.0)
    ui_desk.note_visit(session_id, found)
    assert ui_desk.visit() is found
    monkeypatch.setattr(ui_desk, "_ONE_RUN", -1.0)
    with pytest.raises(ui_desk.SignedOut):
        ui_desk.visit()


def test_the_demo_says_that_nobody_signs_in(council: Council, open_page: Open) -> None:
    """No link leads to a route that is not there."""
    said = words(open_page("my_account"))
    assert "In the sample council nobody signs in" in said
    assert "/account/" not in said


def test_what_protects_the_account_and_where_to_change_it(enter: Enter) -> None:
    """In words, with plain links to the pages outside the screens."""
    said = words(enter(Role.HANDLER, "my_account"))
    assert f"**Sign-in name:** {WHO[Role.HANDLER]}@example.org" in said
    assert "nothing of your own yet" in said
    assert "This one:** single sign-on, from 192.0.2.7, since Tue 24 November 2026 09:00" in said
    assert "End my other sessions" not in said


def test_with_a_password_it_can_be_changed(live: Office, enter: Enter) -> None:
    """The two routes are plain links."""
    link = entrance.make_link(Desk(live, SYSTEM), WHO[Role.HANDLER])
    entrance.accept(live, link.rsplit("/", 1)[1], password="green bottles on the wall", address="")
    said = words(enter(Role.HANDLER, "my_account"))
    assert "You get in by:** password" in said
    assert "[Change your password](/account/password)" in said
    assert "[Put a second factor on](/account/second-factor)" in said


def test_the_other_sessions_end_and_this_one_stays(live: Office, enter: Enter) -> None:
    """A computer left signed in somewhere else."""
    enter(Role.HANDLER)
    at = enter(Role.HANDLER, "my_account")
    button(at, "End my other sessions").click().run()
    assert "1 session of Dee Handler ended" in words(at)
    assert "This one:**" in words(at)
    assert len(Desk(live, ui_desk.desk().actor).ask(own_account).sessions) == 1


def test_a_calendar_address_is_shown_once_and_can_be_closed(council: Council, open_page: Open) -> None:
    """Only its hash is kept; another one replaces it."""
    at = open_page("my_account")
    button(at, "Make an address").click().run()
    address = at.code[0].value
    token = address.removesuffix(".ics").rsplit("/", 1)[1]
    assert address == f"http://127.0.0.1:8501/calendar/{token}.ics"
    assert entrance.feed_of(council.office, token_hash(token)).id == WHO[Role.HANDLER]
    assert token not in repr(at.session_state) + str(at.query_params)
    at.run()
    assert not at.code
    button(at, "Close the address").click().run()
    assert "closed the calendar address" in words(at)
    assert "Make an address" in [each.label for each in at.button]


@pytest.mark.parametrize("role", [Role.MEMBER, Role.RECORDER, Role.ADMINISTRATOR])
def test_who_opens_no_case_is_offered_no_calendar(council: Council, open_page: Open, role: Role) -> None:
    """Their calendar would be empty."""
    assert "calendar" not in words(open_page("my_account", role))


def test_reminders_are_changed_here_and_an_address_outside_is_told(council: Council, open_page: Open) -> None:
    """What was typed stays; nothing goes out of the organisation."""
    told = {"smtp_host": "127.0.0.1", "smtp_sender": "complaints@sampleton.example"}
    council.office.settings = council.office.settings.model_copy(update=told)
    at = open_page("my_account")
    button(at, "Change my reminders").click().run()
    field(at, "text_input", "At this address").set_value("dee@elsewhere.example").run()
    button(at, "Save my reminders").click().run()
    assert "addresses of sampleton.example alone" in words(at)
    assert field(at, "text_input", "At this address").value == "dee@elsewhere.example"
    field(at, "text_input", "At this address").set_value("dee@sampleton.example").run()
    button(at, "Save my reminders").click().run()
    assert "They go to **dee@sampleton.example**" in words(at)


def test_a_session_that_has_ended_leads_back_to_the_same_page(live: Office, enter: Enter) -> None:
    """A sentence and the way to sign in; nothing of the page is shown."""
    at = enter(Role.HANDLER, "case", ref="C-2026-000001")
    entrance.sign_out(live, ui_desk.session_at_this_screen())
    at.run()
    said = words(at)
    assert SIGNED_OUT in said
    assert "[Sign in again](/sign-in?next=" in said
    assert "ref%3DC-2026-000001" in said
    assert "Missed bin collections" not in said


def test_without_a_second_factor_there_is_one_thing_to_do(live: Office, enter: Enter) -> None:
    """Where the organisation asks for one, whoever came in by password sees a sentence and a link, on every page."""
    ui_desk.use(Office(live.settings.model_copy(update={"second_factor_required": True}), clock=live.clock))
    for at in (enter(Role.MANAGER, how=entrance.PASSWORD), enter(Role.MANAGER, "my_account", how=entrance.PASSWORD)):
        said = words(at)
        assert "[put yours on](/account/second-factor)" in said
        assert not at.title
        assert "Find a complaint or request" not in [each.label for each in at.text_input]
    assert "Good morning" in words(enter(Role.MANAGER, how=entrance.SIGN_ON))


def test_outside_the_gate_nothing_is_shown(live: Office, enter: Enter, monkeypatch: pytest.MonkeyPatch) -> None:
    """`streamlit run app/Home.py` says how to start the console, and shows no case."""
    monkeypatch.setattr(serving, "behind_the_gate", lambda: False)
    said = words(enter(Role.HANDLER))
    assert "This is not the way to open the console" in said
    assert "overdue" not in said


@pytest.mark.parametrize("role", list(Role))
def test_the_live_menu_and_home_fit_the_role(enter: Enter, role: Role) -> None:
    """Everybody is greeted by name, with a way out, and without the demo's switch."""
    at = enter(role)
    said = words(at)
    assert "Good morning" in said
    assert "made-up data" not in said
    assert not [each for each in at.selectbox if each.label == "Who am I"]
