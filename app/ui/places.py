"""Where everything is: the page files, their addresses, and the clause numbers that link to The Code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache, cached_property, lru_cache
from typing import Literal
from urllib.parse import quote_plus, urlencode

import streamlit as st
from streamlit.util import calc_hash

from app.ui.desk import said_in_addresses
from core.code.catalogue import SCHEMES
from core.rules.guidance import safe_address
from core.rules.request_steps import names_request

HOME = "pages/overview.py"
INTAKE = "pages/intake.py"
MY_CASES = "pages/my_cases.py"
CASE = "pages/case.py"
ESCALATIONS = "pages/escalations.py"
REQUESTS = "pages/service_requests.py"
THE_CODE = "pages/the_code.py"
FOUND = "pages/found.py"
EQUALITY = "pages/equality.py"
FEEDBACK = "pages/feedback.py"
SUBJECT_ACCESS = "pages/subject_access.py"
BRING_IN = "pages/bring_in.py"
ACCOUNTS = "pages/accounts.py"
AUDIT = "pages/audit.py"
WEB_FORMS = "pages/web_forms.py"
MY_ACCOUNT = "pages/my_account.py"
LETTER = "pages/letter.py"
LETTERS = "pages/letters.py"
WORDING = "pages/wording.py"
ROUTES = "pages/other_routes.py"
LEARNING = "pages/learning.py"
QUALITY = "pages/quality.py"
REMEDIES = "pages/remedies.py"
OMBUDSMAN = "pages/ombudsman.py"
RECTIFICATION = "pages/rectification.py"
DASHBOARD = "pages/dashboard.py"
PERFORMANCE = "pages/performance.py"
BEHIND = "pages/behind.py"
POLICY = "pages/policy.py"
WHAT_IF = "pages/what_if.py"
SELF_ASSESSMENT = "pages/self_assessment.py"
REPORTS = "pages/reports.py"
PEOPLE = "pages/people_and_training.py"
GUIDANCE = "pages/guidance.py"
RETENTION = "pages/retention.py"
GUIDES = "/guides/"
POLICIES = "/policies/"
BEHAVIOUR = "/behaviour-policies/"

ADDRESS = {
    INTAKE: "intake",
    MY_CASES: "my-cases",
    CASE: "case",
    ESCALATIONS: "escalations",
    REQUESTS: "service-requests",
    THE_CODE: "the-code",
    FOUND: "search",
    EQUALITY: "equality",
    FEEDBACK: "feedback",
    SUBJECT_ACCESS: "subject-access",
    BRING_IN: "import",
    ACCOUNTS: "accounts",
    AUDIT: "audit",
    WEB_FORMS: "web-forms",
    MY_ACCOUNT: "my-account",
    LETTER: "letter",
    LETTERS: "letters",
    WORDING: "letter-wording",
    ROUTES: "other-routes",
    LEARNING: "learning",
    QUALITY: "quality",
    REMEDIES: "remedies",
    OMBUDSMAN: "ombudsman",
    RECTIFICATION: "correct-or-erase",
    DASHBOARD: "dashboard",
    PERFORMANCE: "performance",
    BEHIND: "behind",
    POLICY: "policy",
    WHAT_IF: "what-if",
    SELF_ASSESSMENT: "self-assessment",
    REPORTS: "reports",
    PEOPLE: "posts-and-training",
    GUIDANCE: "guidance",
    RETENTION: "retention",
}


class _Page(st.Page):
    """A page that works its own hash out once, and is copied with it: each run asks for it a hundred times."""

    @cached_property
    def _script_hash(self) -> str:  # type: ignore[override]
        return calc_hash(self._url_path)

    def __copy__(self) -> _Page:
        other = object.__new__(_Page)
        other.__dict__.update(self.__dict__, _script_hash=self._script_hash)
        return other


@cache
def page(file: str, *, title: str | None = None, visible: bool = True) -> st.Page:
    """A page as links and the menu name it. Made once: making one, or a link by its file, looks it up on the disk."""
    shown: Literal["visible", "hidden"] = "visible" if visible else "hidden"
    return _Page(file, title=title, url_path=ADDRESS.get(file), default=file == HOME, visibility=shown)


def address(page: str, query: Mapping[str, str]) -> str:
    """The address of a page as the same person sees it in a new window."""
    return f"/{ADDRESS.get(page, '')}?{urlencode({**query, **said_in_addresses()})}"


def record(reference: str) -> str:
    """The address of a complaint or a service request, by its reference."""
    return address(REQUESTS if names_request(reference) else CASE, {"ref": reference})


def addresses(page: str, references: Iterable[str], query: Mapping[str, str]) -> list[str]:
    """The address of a page for each of these references; what all of them say besides is put together once."""
    besides = urlencode({**query, **said_in_addresses()})
    end = f"&{besides}" if besides else ""
    return [f"/{ADDRESS[page]}?ref={quote_plus(reference)}{end}" for reference in references]


def own_route(path: str, query: Mapping[str, str] | None = None) -> str:
    """The address of something outside the pages, such as a file: in the demo it says who asks."""
    told = {**(query or {}), **said_in_addresses()}
    return f"{path}?{urlencode(told)}" if told else path


def outside(address: str) -> str:
    """The address of a page on the web as a link may hold it: by https and without signs of Markdown; "" for others."""
    return address if safe_address(address) else ""


def number(clause: str, scheme: str = "lgsco") -> str:
    """A clause's number as its Code prints it: "lgsco:6.4" is 6.4. What a route's law asks has the law's own name."""
    return SCHEMES[scheme].number(clause)


def clause_links(clauses: Iterable[str], scheme: str = "lgsco") -> str:
    """Clause numbers as links to The Code, which open beside the page so that a half-filled form stays.

    They read as in the scheme's own Code, and lead to the clause of ours.
    """
    return _clause_links(tuple(clauses), scheme, urlencode(said_in_addresses()))


@lru_cache(maxsize=2_000)
def _clause_links(clauses: tuple[str, ...], scheme: str, who: str) -> str:
    """The links of these clauses: the pages name the same few sets of them over and over."""
    return ", ".join(_clause_link(clause, scheme, who) for clause in clauses)


def _clause_link(clause: str, scheme: str, who: str) -> str:
    to = "&".join(filter(None, (urlencode({"clause": number(clause)}), who)))
    return f"[{number(clause, scheme)}](/{ADDRESS[THE_CODE]}?{to})"
