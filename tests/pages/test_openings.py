"""Every opening of a case is kept in the ledger: once as it comes onto the screen, and again when it comes back."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from core.permissions import Role
from core.queries.audit import AuditFilter, audit
from tests.pages.conftest import Open
from tests.pages.council import Council
from tests.pages.shown import button, words

CASE = "C-2026-000001"


def openings(council: Council, reference: str = CASE) -> int:
    """How often the ledger says that the case was opened."""
    chosen = AuditFilter(tag="case.opened", reference=reference)
    return len(council.desk(Role.SENIOR_LEAD).ask(audit, chosen).rows)


def show(at: AppTest, page: str, **query: str) -> None:
    """Go to another page in the same tab."""
    at.switch_page(f"pages/{page}.py")
    for name, value in query.items():
        at.query_params[name] = value
    at.run()


def test_an_opening_is_kept_once_and_not_at_every_rerun(council: Council, open_page: Open) -> None:
    """Reruns, a step's form and its end belong to the same opening; it is in the ledger, not in the case's history."""
    at = open_page("case", ref=CASE)
    assert openings(council) == 1
    at.run()
    button(at, "Add a note").click().run()
    at.run()
    assert openings(council) == 1
    assert "Opened C-2026-000001" not in words(at)


def test_coming_back_is_another_opening(council: Council, open_page: Open) -> None:
    """From another page, from another case, in another tab, or as somebody else."""
    at = open_page("case", ref=CASE)
    show(at, "my_cases")
    show(at, "case", ref=CASE)
    assert openings(council) == 2
    show(at, "case", ref="C-2026-000002")
    assert openings(council, "C-2026-000002") == 1
    show(at, "case", ref=CASE)
    assert openings(council) == 3
    open_page("case", ref=CASE.lower())
    open_page("case", Role.SENIOR_LEAD, ref=CASE)
    assert openings(council) == 5


def test_what_does_not_open_is_no_opening(council: Council, open_page: Open) -> None:
    """Nobody's reference, or a role that opens no cases."""
    open_page("case", ref="C-1999-000001")
    open_page("case", ref="C" * 300)
    open_page("case", Role.ADMINISTRATOR, ref=CASE)
    assert openings(council) == 0
