"""Signing in and out, one-time links, passwords and second factors, and forms that only this console can have shown."""

from __future__ import annotations

from typing import Any

import pyotp
import pytest

from app.web import cookies, forms, sign_in
from core import entrance
from core.commands.accounts import RecordLeaver
from core.desk import Desk
from core.permissions import SYSTEM, Role
from tests.pages.council import WHO
from tests.web.live import Live, Visitor, hidden_in, name_of, password_of, said

SECRETS = ("complaints=", "password", "seven green")
FORMS = ("/sign-in", "/sign-out", "/account/password", "/account/second-factor", "/welcome/{token}")


def test_a_right_name_and_password_come_in_and_the_ledger_knows(live: Live) -> None:
    visitor = Visitor()
    answer = visitor.signs_in(name=f"  {name_of(Role.HANDLER).upper()} ")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert visitor.inside
    assert "Dee Handler" in live.ledger("session.opened")[-1]


@pytest.mark.parametrize(
    "typed",
    [
        {"password": "wrong"}, {"password": ""}, {"name": "nobody@council.example"}, {"name": ""}, {"name": "a\x00b"},
        {"password": password_of(Role.HANDLER).upper()}, {"password": password_of(Role.HANDLER) + "x"},
        {"name": "' OR 1=1 --"}, {"name": "<b>x</b>" * 200}, {"password": "x" * 5000},
    ],
)  # fmt: skip
def test_whatever_is_wrong_is_said_in_the_same_sentence(visitor: Visitor, typed: dict[str, str]) -> None:
    answer = visitor.signs_in(**typed)
    assert answer.status_code == 401
    assert said(answer) == f"There is a problem. {entrance.WRONG}"
    assert "<b>" not in answer.text
    assert not typed.get("password") or typed["password"] not in answer.text
    assert not visitor.inside


def test_every_sign_in_is_in_the_ledger_good_or_bad(live: Live) -> None:
    """With what was wrong for whoever reads the audit, which the person at the door is not told."""
    before = len(live.ledger("session.opened")), len(live.ledger("session.refused"))
    visitor = Visitor()
    visitor.signs_in(password="wrong")
    visitor.signs_in(name="nobody@council.example")
    visitor.signs_in()
    assert (len(live.ledger("session.opened")), len(live.ledger("session.refused"))) == (before[0] + 1, before[1] + 2)
    assert "wrong name or password" in live.ledger("session.refused")[-1]


def test_a_closed_account_reads_the_same_sentence(live: Live) -> None:
    live.desk(Role.ADMINISTRATOR).do(RecordLeaver(colleague_id=WHO[Role.HANDLER], successor_id=None))
    answer = Visitor().signs_in()
    assert (answer.status_code, said(answer)) == (401, f"There is a problem. {entrance.WRONG}")


def test_the_eleventh_wrong_password_from_one_place_is_not_even_looked_at(live: Live) -> None:
    """Nor is the right one then; from another place and for another colleague the door stays open."""
    visitor = Visitor()
    for _ in range(10):
        assert visitor.signs_in(password="wrong").status_code == 401
    answer = visitor.signs_in()
    assert (answer.status_code, said(answer)) == (429, f"There is a problem. {entrance.TOO_MANY}")
    assert visitor.signs_in(Role.MANAGER).status_code == 303
    assert Visitor(address="198.51.100.9").signs_in().status_code == 303
    live.later(minutes=16)
    assert visitor.signs_in().status_code == 303


def test_one_place_that_tries_many_names_is_stopped(live: Live) -> None:
    live.set(tries_per_address=3)
    visitor = Visitor()
    for number in range(3):
        assert visitor.signs_in(name=f"guess{number}").status_code == 401
    assert visitor.signs_in(Role.MANAGER).status_code == 429
    assert Visitor(address="198.51.100.9").signs_in(Role.MANAGER).status_code == 303


# ------------------------------------------------------------------------------------------------- forms and their seal


def sealed(visitor: Visitor, **changed: str) -> dict[str, str]:
    """A sign-in form filled in rightly, with something changed."""
    told = {"name": name_of(Role.HANDLER), "password": password_of(Role.HANDLER)}
    return {**visitor.hidden("/sign-in"), **told, **changed}


def refused(answer: Any) -> bool:
    """Whether a form was refused with its sentence and nothing was done."""
    cookies_set = [value for name, value in answer.headers.multi_items() if name == "set-cookie"]
    return (
        answer.status_code == 403
        and said(answer) == f"There is a problem. {forms.EXPIRED}"
        and not [each for each in cookies_set if each.startswith(("complaints=", "__Host-complaints="))]
    )


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"}, {"origin": "null"}, {"origin": "http://console.test.evil.example"},
        {"origin": "https://console.test"}, {"origin": "http://console.test:81"}, {"origin": ""}, {"origin": "http://["},
        {"origin": "http://console.test", "sec-fetch-site": "cross-site"},
        {"origin": "http://console.test", "sec-fetch-site": "same-site"},
        {"origin": "http://console.test", "sec-fetch-site": "none"}, {}, {"sec-fetch-site": "cross-site"},
    ],
)  # fmt: skip
def test_a_form_sent_from_anywhere_else_does_nothing(visitor: Visitor, headers: dict[str, str]) -> None:
    assert refused(visitor.client.post("/sign-in", data=sealed(visitor), headers=headers))
    assert not visitor.inside


@pytest.mark.parametrize("headers", [{"origin": "http://console.test"}, {"sec-fetch-site": "same-origin"}])
def test_a_form_sent_from_here_is_taken(visitor: Visitor, headers: dict[str, str]) -> None:
    assert visitor.client.post("/sign-in", data=sealed(visitor), headers=headers).status_code == 303


@pytest.mark.parametrize("seal", ["", "0" * 64, "é", "x" * 2000])
def test_a_form_without_its_seal_does_nothing(visitor: Visitor, seal: str) -> None:
    here = {"origin": visitor.base}
    assert refused(visitor.client.post("/sign-in", data=sealed(visitor, seal=seal), headers=here))
    told = sealed(visitor)
    del told["seal"]
    assert refused(visitor.client.post("/sign-in", data=told, headers=here))
    assert refused(visitor.client.post("/sign-in", headers=here))
    assert visitor.client.post("/sign-in", files={"seal": ("x", b"x")}, headers=here).status_code == 400


def test_a_seal_is_good_in_its_own_browser_alone(live: Live) -> None:
    mine, theirs = Visitor(), Visitor()
    theirs.opens("/sign-in")
    here = {"origin": mine.base}
    assert refused(theirs.client.post("/sign-in", data=sealed(mine), headers=here))
    told = sealed(mine)
    mine.client.cookies.clear()
    assert refused(mine.client.post("/sign-in", data=told, headers=here))
    assert cookies.seal_of("a") != cookies.seal_of("b")


@pytest.mark.parametrize("path", FORMS)
def test_every_form_refuses_what_it_did_not_show(live: Live, path: str) -> None:
    link = entrance.make_link(Desk(live.office, SYSTEM), WHO[Role.REVIEWER])
    there = path.format(token=link.rpartition("/")[2])
    visitor = Visitor()
    visitor.signs_in()
    typed = {"seal": "0" * 64, "old": password_of(Role.HANDLER), "password": "a new long password", "again": "a"}
    answer = visitor.client.post(there, data=typed, headers={"origin": visitor.base})
    assert refused(answer)
    assert visitor.inside
    assert Visitor().signs_in(Role.REVIEWER).status_code == 303


@pytest.mark.parametrize("size", [9_000, 3_000_000])
def test_a_form_too_large_is_refused_before_it_is_kept(visitor: Visitor, size: int) -> None:
    answer = visitor.client.post("/sign-in", data={"name": "x" * size}, headers={"origin": visitor.base})
    assert answer.status_code == 400
    assert answer.headers["x-content-type-options"] == "nosniff"
    many = visitor.client.post("/sign-in", data={f"a{n}": "1" for n in range(50)}, headers={"origin": visitor.base})
    assert many.status_code == 400


def test_a_form_sent_after_the_session_ended_leads_to_the_sign_in_page(live: Live) -> None:
    visitor = Visitor()
    visitor.signs_in()
    form = visitor.hidden("/account/password")
    live.later(minutes=31)
    answer = visitor.client.post("/account/password", data=form, headers={"origin": visitor.base})
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?ended=1")
    assert said(visitor.opens("/sign-in?ended=1")) == sign_in.ENDED


# ---------------------------------------------------------------------------------------------------------- signing out


def test_a_link_alone_signs_nobody_out(live: Live) -> None:
    visitor = Visitor()
    visitor.signs_in()
    assert "Sign out" in visitor.opens("/sign-out").text
    assert visitor.inside
    assert visitor.sends("/sign-out").headers["location"] == "/sign-in?ended=1"
    assert not visitor.inside
    assert "signed out" in live.ledger("session.ended")[-1]


# ------------------------------------------------------------------------------------------------------- one-time links


def link_for(live: Live, role: Role) -> str:
    """The address within the console of a new one-time link."""
    made = entrance.make_link(live.desk(Role.ADMINISTRATOR), WHO[role])
    assert made.startswith("http://console.test/welcome/")
    return made.removeprefix("http://console.test")


def test_a_one_time_link_lets_its_owner_choose_a_password_once(live: Live) -> None:
    there = link_for(live, Role.RECORDER)
    other, visitor = Visitor(), Visitor()
    other.signs_in(Role.RECORDER)
    assert "Rae Recorder, choose the password" in visitor.opens(there).text
    assert visitor.opens(there).status_code == 200  # a scanner that looks at a link does not use it up
    new = "entirely new words in a row"
    answer = visitor.sends(there, password=new, again=new)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert visitor.inside
    assert not other.inside
    used = Visitor().opens(there)
    assert (used.status_code, "used or has run out" in said(used)) == (403, True)
    assert Visitor().signs_in(Role.RECORDER).status_code == 401
    assert Visitor().signs_in(Role.RECORDER, password=new).status_code == 303


@pytest.mark.parametrize(
    ("password", "again", "why"),
    [
        ("short", "short", "at least 12"), ("a long enough one", "another long one", "not the same"),
        ("password1234", "password1234", "first that anybody would try"), ("aaaaaaaaaaaaaa", "aaaaaaaaaaaaaa", "first"),
        ("recorderrecorder", "recorderrecorder", ""), ("x" * 300, "x" * 300, "at most 256"),
    ],
)  # fmt: skip
def test_a_password_that_cannot_be_taken_is_said_and_the_link_still_works(
    live: Live, password: str, again: str, why: str
) -> None:
    there = link_for(live, Role.RECORDER)
    answer = Visitor().sends(there, password=password, again=again)
    assert answer.status_code == 400
    assert why in said(answer)
    assert password not in answer.text
    assert Visitor().opens(there).status_code == 200


def test_a_link_runs_out_and_a_newer_one_replaces_it(live: Live) -> None:
    first = link_for(live, Role.RECORDER)
    second = link_for(live, Role.RECORDER)
    assert Visitor().opens(first).status_code == 403
    live.later(hours=73)
    assert Visitor().opens(second).status_code == 403
    for guess in ("/welcome/x", "/welcome/%00", "/welcome/" + "x" * 3000):
        assert Visitor().opens(guess).status_code == 403


# ---------------------------------------------------------------------------------------------- password, second factor


def test_a_changed_password_ends_every_other_session(live: Live) -> None:
    here, elsewhere = Visitor(), Visitor()
    here.signs_in()
    elsewhere.signs_in()
    new = "other words that nobody knows"
    wrong = here.sends("/account/password", old="wrong", password=new, again=new)
    assert (wrong.status_code, "Nothing was changed" in said(wrong)) == (400, True)
    done = here.sends("/account/password", old=password_of(Role.HANDLER), password=new, again=new)
    assert done.status_code == 200
    assert "Every other session" in said(done)
    assert here.inside
    assert not elsewhere.inside


def factor_on(live: Live, visitor: Visitor) -> pyotp.TOTP:
    """Put a second factor on as the page says; the app that now makes the codes."""
    shown = visitor.opens("/account/second-factor").text
    secret = shown.partition("<code>")[2].partition("</code>")[0].replace(" ", "")
    form = hidden_in(shown)
    app = pyotp.TOTP(secret)
    wrong = visitor.client.post(
        "/account/second-factor", data={**form, "code": "000000"}, headers={"origin": visitor.base}
    )
    assert wrong.status_code == 400
    assert secret[:4] in wrong.text  # the same secret again: the phone has it already
    told = {**form, "code": app.at(live.now)}
    answer = visitor.client.post("/account/second-factor", data=told, headers={"origin": visitor.base})
    assert said(answer) == "From now on, signing in asks for a code as well."
    return app


def test_a_second_factor_is_asked_for_and_each_code_works_once(live: Live) -> None:
    visitor = Visitor()
    visitor.signs_in()
    app = factor_on(live, visitor)
    live.later(minutes=1)
    code = app.at(live.now)
    assert Visitor().signs_in().status_code == 401
    assert Visitor().signs_in(code="123456" if code != "123456" else "654321").status_code == 401
    assert Visitor().signs_in(code=f"{code[:3]} {code[3:]}").status_code == 303
    assert Visitor().signs_in(code=code).status_code == 401
    kept = visitor.sends("/account/second-factor", old="wrong")
    assert (kept.status_code, "stays on" in said(kept)) == (400, True)
    assert visitor.sends("/account/second-factor", old=password_of(Role.HANDLER)).status_code == 303
    assert Visitor().signs_in().status_code == 303


def test_a_secret_that_this_console_did_not_make_is_not_taken(live: Live) -> None:
    visitor = Visitor()
    visitor.signs_in()
    told = {**visitor.hidden("/account/second-factor"), "kept": "gAAAAA", "code": "123456"}
    answer = visitor.client.post("/account/second-factor", data=told, headers={"origin": visitor.base})
    assert answer.status_code == 400
    assert live.ledger("factor.changed") == []


def test_nothing_secret_is_sent_back(live: Live) -> None:
    """What a page of ours says holds no password, no token and no hash, whatever was typed."""
    visitor = Visitor()
    for answer in (visitor.signs_in(password="open sesame please"), visitor.opens("/sign-in")):
        assert "open sesame" not in answer.text
        assert "argon2" not in answer.text
        assert "<script" not in answer.text


@pytest.mark.parametrize("path", ["/account/password", "/account/second-factor"])
def test_guessing_the_present_password_is_slowed_as_at_the_door(live: Live, path: str) -> None:
    """A screen left unlocked is no place to guess: after ten wrong ones not even the right one is looked at."""
    here = Visitor()
    here.signs_in()
    if path == "/account/second-factor":
        factor_on(live, here)
    new = "other words that nobody knows"
    before = len(live.ledger("session.refused"))
    for _each in range(10):
        assert here.sends(path, old="wrong", password=new, again=new).status_code == 400
    refusals = live.ledger("session.refused")[before:]
    assert len(refusals) == 10 and all("wrong present password" in each for each in refusals)
    right = here.sends(path, old=password_of(Role.HANDLER), password=new, again=new)
    assert (right.status_code, said(right)) == (429, f"There is a problem. {entrance.TOO_MANY}")
    assert Visitor().signs_in().status_code == 429  # one count for the door and the account pages
    assert here.inside
    live.later(minutes=16)
    done = here.sends(path, old=password_of(Role.HANDLER), password=new, again=new)
    assert done.status_code in (200, 303)
