"""The Audit page: entries as sentences, filtered by the address, paged, and the chain proved."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from streamlit.testing.v1 import AppTest

from app.ui import audit_filter
from core.events.base import known_tags
from core.permissions import GRANTS, Permission, Role
from core.queries.audit import AuditFilter, audit
from tests.pages.conftest import Open
from tests.pages.council import Council
from tests.pages.shown import button, words
from tests.store.tampering import hands_in


def rows(at: AppTest) -> list[str]:
    """The rows of the table of entries."""
    found = [each.value for each in at.markdown if each.value.startswith("| When |")]
    return found[0].splitlines()[2:] if found else []


def test_entries_are_sentences_newest_first_with_a_link_to_the_case(council: Council, open_page: Open) -> None:
    """When, who, which kind in words, what, and on which complaint."""
    council.take(Role.HANDLER, "AddNote", reference="C-2026-000001", text="They rang.")
    at = open_page("audit", Role.SENIOR_LEAD)
    first = rows(at)[0]
    assert "Tue 24 November 2026 09:00 | Dee Handler | " in first
    assert "[C-2026-000001](/case?ref=C-2026-000001&who=5)" in first
    assert "Note&#58; They rang&#46;" in first


def test_every_kind_of_entry_has_words_of_its_own() -> None:
    """The list of kinds names each event there is, in words and not by its tag."""
    assert set(audit_filter.KINDS) == set(known_tags())
    assert all(" " in said and "." not in said for said in audit_filter.KINDS.values())


def test_the_filters_stand_in_the_address(council: Council, open_page: Open) -> None:
    """Who, kind, complaint and days each narrow the list; choosing one writes it into the address."""
    lead = Role.SENIOR_LEAD
    assert all("Max Manager" in row for row in rows(open_page("audit", lead, by="max")))
    assert all("C-2026-000005" in row for row in rows(open_page("audit", lead, kind="stage_two.opened")))
    assert all("C-2026-000005" in row for row in rows(open_page("audit", lead, ref="c-2026-000005")))
    assert rows(open_page("audit", lead, **{"from": "2026-11-25"})) == []
    assert "No entry fits" in words(open_page("audit", lead, until="2001-01-01"))
    at = open_page("audit", lead)
    at.text_input(key="filter/audit/ref").set_value("C-2026-000001").run()
    assert at.query_params["ref"] == "C-2026-000001"
    assert rows(at)
    assert all("C-2026-000001" in row for row in rows(at))


def test_older_entries_are_on_the_next_page(council: Council, open_page: Open) -> None:
    """Pages follow one another without a gap; a damaged address is refused in words."""
    for number in range(25):
        council.record(matter=f"Another one, {number}")
    first = rows(open_page("audit", Role.SENIOR_LEAD, until="2026-11-24"))
    page = council.desk(Role.SENIOR_LEAD).ask(audit, AuditFilter())
    second = open_page("audit", Role.SENIOR_LEAD, until="2026-11-24", before=str(page.before))
    assert len(first) == len(page.rows)
    assert page.before is not None
    assert rows(second)
    assert not set(first) & set(rows(second))
    assert "Back to the newest" in words(second)
    for said in ("²", "-1", "nonsense", "9" * 30):
        assert len(open_page("audit", Role.SENIOR_LEAD, before=said).error) == 1


@pytest.mark.parametrize("query", [{"from": "tomorrow"}, {"until": "9999-12-31"}, {"kind": "no.such"}])
def test_a_broken_address_is_a_sentence(council: Council, open_page: Open, query: dict[str, str]) -> None:
    """What an address cannot mean is refused in words, never shown as a failure."""
    at = open_page("audit", Role.SENIOR_LEAD, **query)
    assert len(at.error) == 1
    assert not rows(at)


def test_the_chain_is_proved_in_words(council: Council, open_page: Open) -> None:
    """A sound chain says how many entries were read; an altered one says at which entry it breaks."""
    at = open_page("audit", Role.SENIOR_LEAD)
    button(at, "Prove the whole chain").click().run()
    assert "The chain holds" in words(at)
    with hands_in(council.office) as connection:
        connection.execute(sa.text("UPDATE ledger_entry SET actor = 'Nobody' WHERE n = 7"))
    button(at, "Prove the whole chain").click().run()
    assert len(at.error) == 1
    assert "The chain holds" not in words(at)


@pytest.mark.parametrize("role", [role for role in Role if Permission.AUDIT not in GRANTS[role]])
def test_nobody_else_reads_the_audit(council: Council, open_page: Open, role: Role) -> None:
    """Anybody else reads whom to ask, and no entry."""
    at = open_page("audit", role)
    assert "Only the senior lead reads the audit" in words(at)
    assert rows(at) == []
