"""The Accounts page: joiners, movers and leavers, one-time links that are shown once, and who is kept out."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from core.commands.accounts import MoveColleague
from core.permissions import GRANTS, Permission, Role
from core.queries.accounts import AccountLine, colleagues
from core.queries.cases import case_view
from tests.pages.conftest import Open
from tests.pages.council import STAFF, WHO, Council
from tests.pages.shown import button, field, words

ADMINISTRATOR = Role.ADMINISTRATOR


def line(council: Council, name: str) -> AccountLine:
    """A colleague as the Accounts page knows them."""
    return next(one for one in council.desk(ADMINISTRATOR).ask(colleagues) if one.name == name)


def account(council: Council, role: Role, name: str = "dee@example.org") -> None:
    """Give a colleague an account."""
    council.take(ADMINISTRATOR, "GiveAccount", colleague_id=WHO[role], sign_in_name=name)


def one(open_page: Open, colleague: int, **query: str) -> AppTest:
    """The page of one colleague, as the administrator opens it."""
    return open_page("accounts", ADMINISTRATOR, who_is=str(colleague), **query)


def test_everybody_is_listed_in_words(council: Council, open_page: Open) -> None:
    """Name, role, services, how they get in, and what they have in hand; each row opens one colleague."""
    account(council, Role.HANDLER)
    said = words(open_page("accounts", ADMINISTRATOR))
    assert f"{len(STAFF)} colleagues, 0 of them can sign in" in said
    assert "**Dee Handler**" in said
    assert "handler · all services" in said
    assert "dee@example.org · no password yet: make a one-time link" in said
    assert "no account · cannot sign in" in said
    assert "never signed in" in said
    assert "10 stages in hand" in said


def test_the_list_is_filtered_by_its_address(council: Council, open_page: Open) -> None:
    """A name, a role or a service; words that nobody fits say what to do."""
    said = words(open_page("accounts", ADMINISTRATOR, name="review"))
    assert "Ann Reviewer" in said
    assert "Max Manager" not in said.replace("Max Manager,", "")
    assert "Nobody fits these words" in words(open_page("accounts", ADMINISTRATOR, name="zeppelin"))


def test_a_colleague_joins_and_is_on_every_list_at_once(council: Council, open_page: Open) -> None:
    """The form goes on to the new colleague, and the demo's own switch knows them in the same moment."""
    at = open_page("accounts", ADMINISTRATOR)
    button(at, "Add a colleague").click().run()
    field(at, "text_input", "Name").set_value("Nia Newcomer")
    field(at, "text_input", "Sign-in name").set_value("nia@example.org")
    field(at, "selectbox", "Role").set_value("handler")
    field(at, "multiselect", "Only these services").set_value([2, 4]).run()
    _send(at, "Add a colleague")
    assert "Nia Newcomer joined as handler, for Highways, Housing benefit." in words(at)
    assert at.query_params["who_is"] == str(line(council, "Nia Newcomer").id)
    assert "Nia Newcomer, handler" in at.selectbox(key="who").options
    assert line(council, "Nia Newcomer").service_ids == (4, 2)


def test_several_choices_are_kept_as_a_draft(council: Council, open_page: Open) -> None:
    """What was ticked among services is there again in a new tab."""
    first = open_page("accounts", ADMINISTRATOR, step="AddColleague")
    field(first, "multiselect", "Only these services").set_value([1, 3]).run()
    again = open_page("accounts", ADMINISTRATOR, step="AddColleague")
    assert field(again, "multiselect", "Only these services").value == [1, 3]
    assert council.desk(ADMINISTRATOR).kept("AddColleague:")["services"] == [1, 3]


def test_a_colleague_is_moved_from_what_holds_now(council: Council, open_page: Open) -> None:
    """The form does not ask who, begins with the present role and services, and comes back to the same colleague."""
    dee = WHO[Role.HANDLER]
    council.desk(ADMINISTRATOR).do(MoveColleague(colleague_id=dee, role=Role.HANDLER, services=(2,)))
    at = one(open_page, dee, step="MoveColleague")
    assert not [each for each in at.selectbox if each.label.startswith("Colleague")]
    assert field(at, "selectbox", "Role").value == "handler"
    assert field(at, "multiselect", "Only these services").value == [2]
    field(at, "selectbox", "Role").set_value("reviewer")
    field(at, "multiselect", "Only these services").set_value([]).run()
    _send(at, "Move a colleague")
    assert "Dee Handler moved from handler to reviewer, for every service." in words(at)
    assert "**Role:** reviewer, all services" in words(at)


def test_a_leaver_hands_over_in_the_same_step(council: Council, open_page: Open) -> None:
    """The account is closed, the stages go to the successor, the leaver stands below; then they return."""
    dee = WHO[Role.HANDLER]
    at = one(open_page, dee, step="RecordLeaver")
    field(at, "selectbox", "Who takes over").set_value(WHO[Role.MANAGER]).run()
    _send(at, "A colleague leaves")
    said = words(at)
    assert "Dee Handler left. 10 stages handed to Max Manager." in said
    assert "has left: nothing lets them in" in said
    assert council.desk(Role.MANAGER).ask(case_view, "C-2026-000001").current.handler == "Max Manager"
    assert "1 who left" in words(open_page("accounts", ADMINISTRATOR))
    again = one(open_page, dee, step="RecordReturn")
    _send(again, "A colleague returns")
    assert "Dee Handler is back" in words(again)


def test_a_long_notice_is_cut_short(council: Council, open_page: Open) -> None:
    """A leaver with many cases: the first sentences and a count, for each is in its case's history."""
    for _each in range(8):
        council.assign(council.record())
    at = one(open_page, WHO[Role.HANDLER], step="RecordLeaver")
    _send(at, "A colleague leaves")
    assert len(at.success[0].value.splitlines()) == 13
    assert "more of this kind" in words(at)


def test_a_refused_step_keeps_what_was_typed(council: Council, open_page: Open) -> None:
    """A taken sign-in name is said beside its field."""
    account(council, Role.HANDLER)
    at = one(open_page, WHO[Role.REVIEWER], step="GiveAccount")
    field(at, "text_input", "Sign-in name").set_value("DEE@example.org ").run()
    _send(at, "Give an account")
    assert "This sign-in name is taken." in words(at)
    assert field(at, "text_input", "Sign-in name").value == "DEE@example.org "


def test_a_one_time_link_is_shown_once_and_kept_nowhere(council: Council, open_page: Open) -> None:
    """The next click, a new tab, the address, the session and every table know nothing of it."""
    account(council, Role.HANDLER)
    at = one(open_page, WHO[Role.HANDLER])
    button(at, "Make a one-time link").click().run()
    link = at.code[0].value
    token = link.rsplit("/", 1)[1]
    assert link.startswith(council.office.settings.base_url + "/welcome/")
    assert "shown once" in words(at)
    assert token not in str(at.query_params)
    assert token not in repr(at.session_state)
    with council.office.database.reading() as connection:
        assert all(token not in row for row in connection.connection.driver_connection.iterdump())
    at.run()
    assert not at.code
    assert not one(open_page, WHO[Role.HANDLER]).code


def test_only_somebody_with_an_account_is_given_a_link(council: Council, open_page: Open) -> None:
    """Without an account there is the step to give one, and no link."""
    at = one(open_page, WHO[Role.HANDLER])
    assert "Make a one-time link" not in [each.label for each in at.button]
    assert "Give an account" in [each.label for each in at.button]


def test_a_step_that_does_not_fit_a_colleague_is_not_offered(council: Council, open_page: Open) -> None:
    """An address that asks for another step, or for nobody, opens no form."""
    assert not [each for each in one(open_page, 1, step="RecordReturn").button if each.key.startswith("form/")]
    assert not [each for each in one(open_page, 1, step="ImportBatch").button if each.key.startswith("form/")]
    assert "There is no such colleague" in words(one(open_page, 999))


@pytest.mark.parametrize("role", [role for role in Role if Permission.ACCOUNTS not in GRANTS[role]])
def test_nobody_else_sees_a_colleague_or_a_step(council: Council, open_page: Open, role: Role) -> None:
    """The page of a colleague, opened by an address, shows the refusal and no more."""
    at = open_page("accounts", role, who_is="1", step="RecordLeaver")
    said = words(at)
    assert "Only an administrator manages accounts" in said
    assert "Gets in by" not in said
    assert not [each for each in at.button if each.key and each.key.startswith(("form/", "step/", "account/"))]


def test_names_and_sign_in_names_are_shown_as_they_were_written(council: Council, open_page: Open) -> None:
    """Markdown, HTML and colours in what an administrator typed do nothing, in the list, on the page and in notices."""
    hostile = "![x](https://example.org/p.png) <b>Nia</b> $x$ :red[a]"
    at = open_page("accounts", ADMINISTRATOR, step="AddColleague")
    field(at, "text_input", "Name").set_value(hostile)
    field(at, "text_input", "Sign-in name").set_value("[a](https://example.org)@x")
    field(at, "selectbox", "Role").set_value("recorder").run()
    _send(at, "Add a colleague")
    button(at, "Make a one-time link").click().run()
    everybody = open_page("accounts", ADMINISTRATOR)
    shown = [str(each) for page in (at, everybody) for each in (*page.markdown, *page.subheader, *page.success)]
    shown += [str(each.proto) for each in everybody.get("page_link")]
    assert any("Nia" in each for each in shown)
    for active in ("![", "<b>", "$x$", ":red[", "[a]("):
        assert not [each for each in shown if active in each]


def _send(at: AppTest, label: str) -> None:
    """Press the button that carries the open form out."""
    found = [each for each in at.button if each.label == label and (each.key or "").startswith("form/")]
    found[-1].click()
    at.run()
    assert not at.exception, at.exception
