"""Web forms: a key that is shown once, and taken back with a reason."""

from __future__ import annotations

import pytest

from core import web_intake
from core.errors import NotPermitted
from core.permissions import Role
from core.queries.intake import intake_clients
from tests.pages.conftest import Open
from tests.pages.council import Council
from tests.pages.shown import button, field, words

ADMINISTRATOR = Role.ADMINISTRATOR


def test_a_key_is_shown_once_and_opens_the_way_in(council: Council, open_page: Open) -> None:
    """The next click knows nothing of it, and neither does the session."""
    at = open_page("web_forms", ADMINISTRATOR)
    assert "No web form has a key." in words(at)
    field(at, "text_input", "Which form").set_value("Council website").run()
    button(at, "Give it a key").click().run()
    key = at.code[1].value
    assert web_intake.client_of(council.office, key).name == "Council website"
    assert "shown once" in words(at)
    assert key not in repr(at.session_state)
    at.run()
    assert key not in "".join(each.value for each in at.code)
    assert "Council website" in words(at)


def test_a_name_that_is_taken_is_said_and_stays_typed(council: Council, open_page: Open) -> None:
    web_intake.add_client(council.desk(ADMINISTRATOR), "Council website")
    at = open_page("web_forms", ADMINISTRATOR)
    field(at, "text_input", "Which form").set_value(" council  WEBSITE").run()
    button(at, "Give it a key").click().run()
    assert "There is a form called “council WEBSITE” already" in at.error[0].value
    assert field(at, "text_input", "Which form").value == " council  WEBSITE"
    assert len(at.code) == 1


def test_a_key_is_taken_back_with_a_reason_and_opens_nothing_any_more(council: Council, open_page: Open) -> None:
    key = web_intake.add_client(council.desk(ADMINISTRATOR), "Council website")
    at = open_page("web_forms", ADMINISTRATOR)
    button(at, "Take back the key of Council website").click().run()
    field(at, "text_area", "Why").set_value("The site moved.").run()
    button(at, "Take the key back").click().run()
    said = words(at)
    assert "may send no complaints in any more. The site moved." in said
    assert "Forms whose key was taken back" in said
    with pytest.raises(NotPermitted, match="opens nothing"):
        web_intake.client_of(council.office, key)


@pytest.mark.parametrize("asked", ["99", "x", "", "1"])
def test_an_address_that_names_no_form_shows_the_list(council: Council, open_page: Open, asked: str) -> None:
    """Also one whose key has been taken back since."""
    at = open_page("web_forms", ADMINISTRATOR, form=asked)
    assert not at.exception
    assert council.desk(ADMINISTRATOR).ask(intake_clients) == ()
    assert "Take the key back" not in words(at)
