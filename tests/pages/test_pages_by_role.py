"""Every page for every role: shown to those who may, a sentence to everybody else."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app.ui import desk as ui_desk
from core.permissions import GRANTS, REFUSAL, Permission, Role
from tests.pages.conftest import HOME, Open
from tests.pages.council import WHO, Council
from tests.pages.shown import words

PAGES = {
    "intake": Permission.RECORD,
    "my_cases": Permission.READ,
    "case": Permission.READ,
    "escalations": Permission.READ,
    "found": Permission.READ,
    "service_requests": Permission.READ,
    "other_routes": Permission.READ,
    "remedies": Permission.READ,
    "ombudsman": Permission.OUTSIDE,
    "rectification": Permission.READ,
    "the_code": Permission.CODE,
    "performance": Permission.PERFORMANCE,
    "dashboard": Permission.FIGURES,
    "behind": Permission.READ,
    "policy": Permission.CODE,
    "what_if": Permission.FIGURES,
    "equality": Permission.FIGURES,
    "learning": Permission.LEARN,
    "self_assessment": Permission.FIGURES,
    "quality": Permission.READ,
    "feedback": Permission.FIGURES,
    "subject_access": Permission.DISCLOSE,
    "reports": Permission.FIGURES,
    "guidance": Permission.CODE,
    "people_and_training": Permission.CODE,
    "bring_in": Permission.CALENDAR,
    "accounts": Permission.ACCOUNTS,
    "web_forms": Permission.ACCOUNTS,
    "retention": Permission.RETAIN,
    "audit": Permission.AUDIT,
    "my_account": Permission.OWN,
}
QUERY = {"case": {"ref": "C-2026-000001"}, "found": {"text": "bins"}}


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("page", PAGES)
def test_a_page_shows_itself_or_a_sentence(council: Council, open_page: Open, page: str, role: Role) -> None:
    """A person without the permission reads why and what to do; nothing of the page is shown."""
    at = open_page(page, role, **QUERY.get(page, {}))
    needs = PAGES[page]
    refused = [each.value for each in at.info if each.value == REFUSAL[needs]]
    if needs in GRANTS[role]:
        assert not refused
        if (page, role) == ("case", Role.ASSESSOR):  # to whom this one was not referred
            assert "There is no complaint C-2026-000001" in words(at)
            return
        assert len(at.title) == 1
    else:
        assert refused == [REFUSAL[needs]]
        assert not [
            each for each in (*at.button, *at.menu_button) if each.key and each.key.startswith(("form/", "step/"))
        ]
        assert "Missed bin collections" not in words(at)


@pytest.mark.parametrize("role", list(Role))
def test_home_greets_everyone_and_shows_cases_only_to_readers(council: Council, open_page: Open, role: Role) -> None:
    """A Member or recorder sees what they can do instead, and no case."""
    at = open_page("overview", role)
    assert at.title[0].value.startswith("Good morning, ")
    said = words(at)
    if Permission.READ in GRANTS[role]:
        assert "overdue" in said
    else:
        assert "Your role does not open cases" in said
        assert "C-2026-" not in said
        assert ("Add colleagues" in said) == (role is Role.ADMINISTRATOR)
        assert ("Record a complaint" in said) == (role is Role.RECORDER)
        assert "Look after your own account" in said


def test_home_counts_the_whole_council_for_the_manager(council: Council, open_page: Open) -> None:
    """The manager sees everyone's duties and what is not assigned; a handler sees their own."""
    assert "**2** not assigned" in words(open_page("overview", Role.MANAGER))
    assert "**12** open in all" in words(open_page("overview", Role.MANAGER))
    assert "**10** open in all" in words(open_page("overview", Role.HANDLER))


@pytest.mark.parametrize("who", ["999", "0", "-1", "²", "1; drop", ""])
def test_an_unknown_person_in_the_address_becomes_the_usual_one(council: Council, who: str) -> None:
    """Nobody gains a role by writing an address: who is not on the list is the first handler."""
    at = AppTest.from_file(str(HOME), default_timeout=20)
    at.query_params["who"] = who
    at.run()
    assert at.selectbox(key="who").value == 1
    assert at.query_params["who"] == "1"


def test_the_switch_changes_who_asks(council: Council, open_page: Open) -> None:
    """Another person is chosen: the address follows, and the page is theirs."""
    at = open_page("overview")
    at.selectbox(key="who").set_value(WHO[Role.MEMBER]).run()
    assert at.query_params["who"] == str(WHO[Role.MEMBER])
    assert "Your role does not open cases" in words(at)


def test_real_work_needs_records_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, open_page: Open) -> None:
    """Nothing is made up in real use: without records the console says how to begin, and opens nothing."""
    monkeypatch.setenv("COMPLAINTS_MODE", "live")
    monkeypatch.setenv("COMPLAINTS_DATA_DIR", str(tmp_path))
    ui_desk.use(None)
    at = open_page("overview")
    assert "There are no records yet. Run `complaints setup`" in words(at)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("page", "sentence"),
    [
        ("overview", "Nothing is due in the next 7 days"),
        ("my_cases", "Nothing here"),
        ("escalations", "Every request for stage 2 is acknowledged"),
        ("case", "Choose a complaint"),
        ("found", "Type a reference"),
        ("service_requests", "No service request is here"),
        ("self_assessment", "Your role does not see figures"),
        ("learning", "No cause, category or group of words stands out"),
        ("quality", "No check has been made of your work"),
        ("ombudsman", "Nothing is with an Ombudsman"),
        ("rectification", "No request waits for an answer"),
        ("guidance", "The shelf is empty"),
        ("people_and_training", "Nobody holds: senior lead, Member responsible for complaints"),
    ],
)
def test_an_empty_council_is_told_what_to_do(quiet_council: Council, open_page: Open, page: str, sentence: str) -> None:
    """An empty page says what to do."""
    assert sentence in words(open_page(page))


def test_a_reference_nobody_has_is_a_sentence(council: Council, open_page: Open) -> None:
    """An unknown reference in the address is answered with the next step."""
    at = open_page("case", ref="C-1999-000001")
    assert "There is no complaint C-1999-000001" in words(at)


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"whose": "thieves"}, "does not know"),
        ({"service": "²"}, "does not exist"),
        ({"stage": "3"}, "does not know"),
        ({"after": "nonsense"}, "first page"),
    ],
)
def test_a_broken_address_of_the_queue_is_a_sentence(
    council: Council, open_page: Open, query: dict[str, str], sentence: str
) -> None:
    """What an address cannot mean is refused in words, never shown as a failure."""
    at = open_page("my_cases", **query)
    assert len(at.error) == 1
    assert sentence in words(at)


def test_the_code_shows_every_clause_and_each_one_opens(council: Council, open_page: Open) -> None:
    """All 73 clauses are listed; one opens with its value, readings and worked examples."""
    assert "**73** of 73 clauses" in words(open_page("the_code"))
    said = words(open_page("the_code", Role.MEMBER, clause="6.4"))
    assert "6.4 Extend stage 1 with reasons" in said
    assert "The value in force" in said
    assert "Worked examples" in said
    assert "Departed from with a recorded reason" in said
    assert "6.18 " in words(open_page("the_code", clause="6.18b"))
    said = words(open_page("the_code", Role.MEMBER, clause="6.2"))
    assert "core.rules.s6_stages.acknowledge_stage_one_by" in said
    assert "a complaint, opened from My cases" in said
    assert "What speaks to it in the self-assessment, row 6. Stage 1" in said


def test_the_code_is_searched_by_words(council: Council, open_page: Open) -> None:
    """Words narrow the list; words nothing has say what to do."""
    assert "6.14" in words(open_page("the_code", words="6.14"))
    assert "No clause has these words" in words(open_page("the_code", words="zeppelin"))
