"""What may be the same: beside the form of Intake, and on a case's page with the two ways to decide."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from core.permissions import GRANTS, Permission, Role
from core.queries.duplicates import belonging
from tests.pages.conftest import Open
from tests.pages.council import Council
from tests.pages.shown import button, field, offered, words

CASE, TWIN = "C-2026-000003", "C-2026-000013"


@pytest.fixture
def twins(council: Council) -> Council:
    """A council with two complaints that are likely the same."""
    told = {"individual": "Sam Made-Up", "postcode": "ZZ1 1AA", "matter": "Potholes by the library", "service": 4}
    assert council.record(contact_email="sam@example.org", **told) == TWIN
    return council


def typing(at: AppTest) -> AppTest:
    """Type what both complaints hold."""
    field(at, "text_input", "Who is complaining").set_value("Sam Made-Up").run()
    field(at, "text_input", "Postcode").set_value("zz11aa").run()
    assert not at.exception, at.exception
    return at


@pytest.mark.usefixtures("twins")
def test_what_may_be_here_already_shows_while_typing(open_page: Open) -> None:
    """Each with why, as a link that leaves the form where it is [lgsco:6.9]."""
    at = open_page("intake")
    assert "Perhaps here already" not in words(at)
    said = words(typing(at))
    assert "Perhaps here already" in said
    assert f"[{CASE} Pothole by the library](/case?ref={CASE}&who=1)" in said
    assert "Same postcode and name." in said


@pytest.mark.usefixtures("twins")
def test_a_recorder_is_told_only_that_there_may_be_one(open_page: Open) -> None:
    said = words(typing(open_page("intake", Role.RECORDER, **{"as": "complaint"})))
    assert "A complaint from this person may be here already; the complaints team will see it." in said
    assert "library" not in said
    assert "C-2026" not in said


def test_two_cases_are_linked_on_the_page(twins: Council, open_page: Open) -> None:
    """Both pages show the link, and neither case is changed otherwise."""
    at = open_page("case", ref=CASE)
    assert "Perhaps the same" in words(at)
    button(at, f"Link {TWIN}").click().run()
    field(at, "selectbox", "How they belong together").select("same person").run()
    field(at, "text_area", "Why").set_value("The <b>same</b> hole.").run()
    button(at, "Link these cases").click().run()
    assert not at.exception, at.exception
    said = words(at)
    assert "Linked to another case: same person. The <b>same</b> hole." in said
    assert "match" not in at.query_params
    assert f"Link {TWIN}" not in offered(at)
    other = words(open_page("case", ref=TWIN))
    assert "Linked cases" in other
    assert CASE in other
    assert twins.desk(Role.HANDLER).ask(belonging, CASE).linked[0].kind == "same person"


def test_a_match_is_put_aside_for_a_reason(twins: Council, open_page: Open) -> None:
    at = open_page("case", ref=CASE)
    button(at, f"{TWIN} is not the same").click().run()
    button(at, "Not the same").click().run()
    assert "Not saved yet" in words(at)
    field(at, "text_area", "Why they are not the same").set_value("Another hole.").run()
    button(at, "Not the same").click().run()
    assert "Not the same as another case that looked alike. Another hole." in words(at)
    assert TWIN not in {each.reference for each in twins.desk(Role.HANDLER).ask(belonging, CASE).likely}


def test_a_case_that_is_not_listed_is_linked_by_its_reference(twins: Council, open_page: Open) -> None:
    at = open_page("case", ref=CASE)
    button(at, "Link another case").click().run()
    field(at, "text_input", "The other case").set_value("C-2026-000001").run()
    field(at, "selectbox", "How they belong together").select("related").run()
    button(at, "Link these cases").click().run()
    assert "Linked cases" in words(at)
    button(at, "End the link with C-2026-000001").click().run()
    field(at, "text_area", "Why the link ends").set_value("A slip.").run()
    button(at, "End the link").click().run()
    assert twins.desk(Role.HANDLER).ask(belonging, CASE).linked == ()


@pytest.mark.parametrize(
    "role", [role for role in Role if Permission.READ in GRANTS[role] and role is not Role.ASSESSOR]
)
@pytest.mark.usefixtures("twins")
def test_only_those_who_handle_are_offered_to_decide(open_page: Open, role: Role) -> None:
    at = open_page("case", role, ref=CASE)
    assert f"[{TWIN} Potholes by the library]" in words(at)
    assert (f"Link {TWIN}" in offered(at)) == (Permission.HANDLE in GRANTS[role])


@pytest.mark.parametrize("match", ["link x", "link C-1999-000001", "dismiss", "link " + "C" * 300, "x"])
@pytest.mark.usefixtures("twins")
def test_an_address_that_names_nothing_opens_no_page_of_errors(open_page: Open, match: str) -> None:
    assert "Pothole by the library" in words(open_page("case", ref=CASE, match=match))
