"""Single sign-on against a certified provider: who comes in, as whom, and what happens when the provider lies."""

from __future__ import annotations

import json
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
import sqlalchemy as sa

from core import entrance
from core.channels.secrets import token_hash
from core.commands.access import LinkSignOn
from core.commands.accounts import RecordLeaver
from core.desk import Desk
from core.errors import NotPermitted
from core.model.access import Account
from core.model.people import Colleague
from core.permissions import SYSTEM, Role
from tests.pages.council import WHO
from tests.sso.conftest import Provider, Traveller
from tests.web.live import Live, said

NO_ACCOUNT = "The sign-in service knows you, but you have no account here."
FAILED = "Single sign-on did not succeed."
GROUPS = {"managers": "complaints manager", "handlers": "handler"}
LIES = (
    "audience", "second audience", "another party", "issuer", "expired", "nonce", "no nonce", "no subject",
    "another key", "an unknown key", "unsigned", "signed with the secret", "tampered", "no token", "swapped subject",
    "nameless user-info",
)  # fmt: skip


def link_for(live: Live, role: Role) -> str:
    """The token of a new one-time link for the colleague with a role."""
    return entrance.make_link(live.desk(Role.ADMINISTRATOR), WHO[role]).rpartition("/")[2]


def link(live: Live, traveller: Traveller) -> None:
    """Tie the reviewer's account to a person at the provider, as their one-time link would."""
    who = {"issuer": traveller.provider.address, "subject": "asha"}
    Desk(live.office, SYSTEM).do(LinkSignOn(colleague_id=WHO[Role.REVIEWER], **who))


def role_here(live: Live, traveller: Traveller) -> Role:
    """The role in which this browser is signed in."""
    here = entrance.visit(live.office, token_hash(traveller.client.cookies["complaints"]), active=False)
    assert here is not None
    return here.actor.role


# ------------------------------------------------------------------------------------------------------- who comes in


def test_a_one_time_link_ties_an_account_to_a_person_and_the_deep_link_is_kept(
    signs_on: Live, traveller: Traveller
) -> None:
    """By issuer and subject; from then on the person comes in without a password, on to where they wanted."""
    start = f"/sso/start?link={link_for(signs_on, Role.REVIEWER)}"
    assert traveller.signs_on("asha", start).status_code == 303
    assert traveller.inside
    with signs_on.office.database.reading() as connection:
        statement = sa.select(Account.issuer, Account.subject).where(Account.colleague_id == WHO[Role.REVIEWER])
        assert tuple(connection.execute(statement).one()) == (traveller.provider.address, "asha")
    again = Traveller(traveller.provider)
    led = again.opens("/case?ref=C-2026-000001").headers["location"]
    assert "Use the council&#x27;s account" in again.opens(led).text
    answer = again.signs_on("asha", f"/sso/start?{led.partition('?')[2]}")
    assert (answer.status_code, answer.headers["location"]) == (303, "/case?ref=C-2026-000001")
    assert role_here(signs_on, again) is Role.REVIEWER
    assert "single sign-on" in signs_on.ledger("session.opened")[-1]


def test_the_request_to_the_provider_is_tied_to_this_browser_and_this_moment(traveller: Traveller) -> None:
    """State, nonce and PKCE are fresh each time; the cookie that holds them is for these two routes and ten minutes."""
    first, second = (parse_qs(urlsplit(traveller.leaves()).query) for _ in range(2))
    for name in ("state", "nonce", "code_challenge"):
        assert len(first[name][0]) >= 20
        assert first[name] != second[name]
    assert first["code_challenge_method"] == ["S256"]
    assert first["redirect_uri"] == ["http://console.test/sso/callback"]
    assert set(first["scope"][0].split()) == {"openid", "profile", "email"}
    cookie = [value for name, value in traveller.opens("/sso/start").headers.multi_items() if name == "set-cookie"]
    assert [each.partition("=")[0] for each in cookie] == ["complaints-sso"]
    assert {part.strip().casefold() for part in cookie[0].split(";")} >= {"httponly", "samesite=lax", "max-age=600"}


def test_behind_tls_its_cookie_is_for_this_host_alone(signs_on: Live, provider: Provider) -> None:
    signs_on.set(**provider.settings(https=True, base_url="https://console.test"))
    cookie = Traveller(provider).opens("/sso/start").headers["set-cookie"]
    assert cookie.startswith("__Host-complaints-sso=")
    assert "secure" in cookie


def test_an_e_mail_address_alone_links_nobody(signs_on: Live, traveller: Traveller) -> None:
    """The provider gives everybody the handler's own address; nobody becomes the handler by it."""
    for person in ("asha", "dee"):
        answer = traveller.signs_on(person)
        assert answer.status_code == 403
        assert NO_ACCOUNT in said(answer)
        assert not traveller.inside
    assert signs_on.ledger("account.linked") == []


def test_a_link_ties_one_person_to_one_account_once(signs_on: Live, traveller: Traveller) -> None:
    token = link_for(signs_on, Role.REVIEWER)
    assert traveller.signs_on("asha", f"/sso/start?link={token}").status_code == 303
    used = Traveller(traveller.provider).signs_on("mo", f"/sso/start?link={token}")
    assert (used.status_code, "used or has run out" in said(used)) == (403, True)
    other = Traveller(traveller.provider).signs_on("asha", f"/sso/start?link={link_for(signs_on, Role.MANAGER)}")
    assert other.status_code in {303, 403}
    if other.status_code == 303:  # the link is not needed: the person is known, and comes in as who they are
        assert "Ann Reviewer" in signs_on.ledger("session.opened")[-1]
    assert len(signs_on.ledger("account.linked")) == 1


def test_a_leaver_does_not_come_in(signs_on: Live, traveller: Traveller) -> None:
    link(signs_on, traveller)
    assert traveller.signs_on("asha").status_code == 303
    signs_on.desk(Role.ADMINISTRATOR).do(RecordLeaver(colleague_id=WHO[Role.REVIEWER], successor_id=None))
    assert not traveller.inside
    answer = traveller.signs_on("asha")
    assert (answer.status_code, "Your account here is closed" in said(answer)) == (403, True)


# -------------------------------------------------------------------------------------------------------------- groups


def test_a_group_gives_a_role_and_follows_every_change_at_the_next_sign_in(signs_on: Live, provider: Provider) -> None:
    signs_on.set(**provider.settings(sso_roles=GROUPS))
    first = Traveller(provider)
    assert first.signs_on("asha").status_code == 303
    assert role_here(signs_on, first) is Role.HANDLER
    assert "Asha Patel" in signs_on.ledger("colleague.joined")[-1]
    provider.tells(person="asha", groups="managers")
    second = Traveller(provider)
    assert second.signs_on("asha").status_code == 303
    assert role_here(signs_on, second) is Role.MANAGER
    moved = json.loads(signs_on.ledger("colleague.moved")[-1])
    assert (moved["before"], moved["role"]) == ("handler", "complaints manager")
    provider.tells(person="asha", groups="catering")
    third = Traveller(provider).signs_on("asha")
    assert (third.status_code, "in none of the groups" in said(third)) == (403, True)


def test_the_first_group_of_the_settings_decides(signs_on: Live, provider: Provider) -> None:
    signs_on.set(**provider.settings(sso_roles=GROUPS))
    traveller = Traveller(provider)
    assert traveller.signs_on("zed").status_code == 303
    assert role_here(signs_on, traveller) is Role.MANAGER


def test_a_namesake_does_not_get_the_account(signs_on: Live, provider: Provider) -> None:
    """A group lets a new person in, but not as somebody who is on the list already."""
    signs_on.set(**provider.settings(sso_roles=GROUPS))
    provider.tells(person="dee", groups="managers")
    traveller = Traveller(provider)
    answer = traveller.signs_on("dee")
    assert (answer.status_code, "Somebody with your name" in said(answer)) == (403, True)
    with signs_on.office.database.reading() as connection:
        names = connection.execute(sa.select(Colleague.name).where(Colleague.name == "Dee Handler")).scalars().all()
    assert len(names) == 1


def test_without_a_group_of_the_settings_nobody_new_comes_in(signs_on: Live, provider: Provider) -> None:
    signs_on.set(**provider.settings(sso_roles=GROUPS))
    answer = Traveller(provider).signs_on("mo")
    assert (answer.status_code, NO_ACCOUNT in said(answer)) == (403, True)


# ---------------------------------------------------------------------------------------------------------------- lies


def test_every_lie_is_told_to_the_console(provider: Provider) -> None:
    assert provider.tells() == ["truth", *LIES]


@pytest.mark.parametrize("lie", ["truth", *LIES])
def test_a_provider_that_lies_lets_nobody_in(signs_on: Live, traveller: Traveller, lie: str) -> None:
    """The same way with the true token, signed anew, is open: so what is refused is the lie and nothing else."""
    link(signs_on, traveller)
    sessions = len(signs_on.ledger("session.opened"))
    traveller.provider.tells(lie=lie)
    again = Traveller(traveller.provider)
    answer = again.signs_on("asha")
    if lie == "truth":
        assert answer.status_code == 303
        assert again.inside
        return
    assert answer.status_code == 400, lie
    assert FAILED in said(answer)
    assert not again.inside
    assert "complaints" not in again.client.cookies
    assert len(signs_on.ledger("session.opened")) == sessions


def test_what_refuses_a_lie_is_not_told_to_whoever_lies(signs_on: Live, traveller: Traveller) -> None:
    link(signs_on, traveller)
    said_of: set[str] = set()
    for lie in ("audience", "swapped subject", "another key"):
        traveller.provider.tells(lie=lie)
        said_of.add(said(Traveller(traveller.provider).signs_on("asha")))
    assert len(said_of) == 1


# ------------------------------------------------------------------------------------------ replays, stray callbacks


def twice(traveller: Traveller, back: str, kept: dict[str, str]) -> str:
    """Come back a second time with the same address."""
    return back


def with_the_cookie(traveller: Traveller, back: str, kept: dict[str, str]) -> str:
    """Come back a second time, with the cookie of before put back."""
    traveller.client.cookies.update(kept)
    return back


def another_state(traveller: Traveller, back: str, kept: dict[str, str]) -> str:
    """Come back with the state of another way there."""
    state = parse_qs(urlsplit(traveller.leaves()).query)["state"][0]
    return back.replace(parse_qs(urlsplit(back).query)["state"][0], state)


@pytest.mark.parametrize("how", [twice, with_the_cookie, another_state])
def test_an_answer_of_the_provider_works_once(
    signs_on: Live, traveller: Traveller, how: Callable[[Traveller, str, dict[str, str]], str]
) -> None:
    link(signs_on, traveller)
    again = Traveller(traveller.provider)
    traveller.provider.tells(person="asha")
    back = again.walks(again.leaves())
    kept = {name: value for name, value in again.client.cookies.items() if name == "complaints-sso"}
    assert again.opens(back).status_code == 303
    sessions = len(signs_on.ledger("session.opened"))
    again.client.cookies.delete("complaints")
    answer = again.opens(how(again, back, kept))
    assert (answer.status_code, FAILED in said(answer)) == (400, True)
    assert not again.inside
    assert len(signs_on.ledger("session.opened")) == sessions


def test_an_answer_is_good_in_the_browser_that_asked_alone(signs_on: Live, traveller: Traveller) -> None:
    """Somebody else's answer, slipped to a victim as a link, signs the victim in as nobody."""
    link(signs_on, traveller)
    attacker, victim = Traveller(traveller.provider), Traveller(traveller.provider)
    traveller.provider.tells(person="asha")
    back = attacker.walks(attacker.leaves())
    victim.leaves()
    answer = victim.opens(back)
    assert (answer.status_code, FAILED in said(answer)) == (400, True)
    assert not victim.inside


@pytest.mark.parametrize(
    "query",
    ["", "?code=x", "?state=x", "?code=x&state=y", "?error=access_denied", "?error=%3Cscript%3E&error_description=x",
     "?code=x&state=", "?state=%00&code=%00"],
)  # fmt: skip
def test_a_stray_callback_lets_nobody_in(traveller: Traveller, query: str) -> None:
    answer = traveller.opens(f"/sso/callback{query}")
    assert (answer.status_code, FAILED in said(answer)) == (400, True)
    assert "<script" not in answer.text
    assert not traveller.inside


def test_a_cookie_that_was_changed_or_is_old_is_no_cookie(signs_on: Live, traveller: Traveller) -> None:
    link(signs_on, traveller)
    again = Traveller(traveller.provider)
    traveller.provider.tells(person="asha")
    back = again.walks(again.leaves())
    (value,) = [value for name, value in again.client.cookies.items() if name == "complaints-sso"]
    again.client.cookies.delete("complaints-sso")
    again.client.cookies.set("complaints-sso", value[:-2] + ("aa" if value[-2:] != "aa" else "bb"))
    assert again.opens(back).status_code == 400


@pytest.mark.parametrize("elsewhere", ["https://evil.example", "//evil.example", "/\\evil.example"])
def test_the_way_back_leads_nowhere_else(signs_on: Live, traveller: Traveller, elsewhere: str) -> None:
    link(signs_on, traveller)
    answer = Traveller(traveller.provider).signs_on("asha", f"/sso/start?next={elsewhere}")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


def test_a_provider_that_is_away_is_a_sentence(signs_on: Live, provider: Provider) -> None:
    signs_on.set(**provider.settings(sso_metadata_url="http://127.0.0.1:9/none"))
    answer = Traveller(provider).opens("/sso/start")
    assert (answer.status_code, FAILED in said(answer)) == (400, True)


def test_without_a_provider_in_the_settings_there_is_no_such_way(live: Live, provider: Provider) -> None:
    traveller = Traveller(provider)
    for path in ("/sso/start", "/sso/callback?code=x&state=y"):
        answer = traveller.opens(path)
        assert "not set up here" in said(answer)
        assert answer.status_code in {403, 404}
    assert "sso" not in traveller.opens("/sign-in").text
    assert Desk(live.office, SYSTEM).actor.whole
    with pytest.raises(NotPermitted):
        entrance.invited(live.office, "x")
