"""Where everything is: the page files, their addresses, and the clause numbers that link to The Code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from urllib.parse import urlencode

from app.ui.desk import desk

HOME = "pages/overview.py"
INTAKE = "pages/intake.py"
MY_CASES = "pages/my_cases.py"
CASE = "pages/case.py"
ESCALATIONS = "pages/escalations.py"
THE_CODE = "pages/the_code.py"
FOUND = "pages/found.py"
BRING_IN = "pages/bring_in.py"

ADDRESS = {
    INTAKE: "intake",
    MY_CASES: "my-cases",
    CASE: "case",
    ESCALATIONS: "escalations",
    THE_CODE: "the-code",
    FOUND: "search",
    BRING_IN: "import",
}


def address(page: str, query: Mapping[str, str]) -> str:
    """The address of a page as the same person sees it in a new window."""
    return f"/{ADDRESS.get(page, '')}?{urlencode({**query, 'who': str(desk().actor.id)})}"


def number(clause: str) -> str:
    """A clause's number as it is printed: "lgsco:6.4" is 6.4."""
    return clause.partition(":")[2]


def clause_links(clauses: Iterable[str]) -> str:
    """Clause numbers as links to The Code, which open beside the page so that a half-filled form stays."""
    found = [f"[{number(each)}]({address(THE_CODE, {'clause': number(each)})})" for each in clauses]
    return ", ".join(found)
