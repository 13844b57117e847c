"""Every session-state key there is. Session state holds who sits here, notices, and what is typed but not yet sent."""

from __future__ import annotations

WHO = "who"
"""The id of the demo colleague at this screen; the address keeps it too, so that F5 keeps the person."""

BROUGHT = "brought"
"""What the fields of a browser hold whose session begins anew, by key: for its first run alone."""

WAITS_UNTIL = "waits_until"
"""Until when a session that begins anew waits for records that are away, by the clock that never goes back."""

HELD = "held"
"""Whether a run was broken off and the fields of its forms are to be put back into the next."""

UNKEPT = "unkept"
"""The forms whose words the records could not take yet."""

NOTICE = "notice"
"""Sentences to show once, after the next run."""

SEARCH = "search"
"""What is typed into the search box."""

SEARCH_GO = "search_go"
"""Set when a search was asked for, until the page of results opens."""

FORM = "form"
"""Start of every key of a form: form/person/step/complaint/field."""

PICK = "pick"
"""Start of the tick boxes of the queue: pick/reference."""

PICKED_FOR = "picked_for"
"""The colleague chosen for the picked complaints."""

FILTER = "filter"
"""Start of the widgets that set a list's filter in the address: filter/page/name."""

STEP = "step"
"""Start of the buttons that open a step of a case: step/name."""


CASE_SHOWN = "case_shown"
"""Who has which case on the screen, so that its opening is kept in the ledger once and not at every rerun."""

ACCOUNT = "account"
"""Start of the buttons and ticks of the Accounts page and of My account: account/name."""

EVIDENCE = "evidence"
"""Start of the widgets with which evidence is added to a case: evidence/complaint/name."""


AGAIN = "again"
"""Start of the buttons that ask again for what could not be had: again/part."""


def again_key(where: str) -> str:
    """The key of the button that asks again for a page or a part of it."""
    return f"{AGAIN}/{where}"


def form_key(*, person: int, step: str, reference: str) -> str:
    """The start of one form's keys."""
    return f"{FORM}/{person}/{step}/{reference}"


def filter_key(page: str, name: str) -> str:
    """The key of one filter of one page."""
    return f"{FILTER}/{page}/{name}"


def step_key(name: str) -> str:
    """The key of the button that opens one step of a case."""
    return f"{STEP}/{name}"


def pick_key(reference: str) -> str:
    """The key of one complaint's tick box in the queue."""
    return f"{PICK}/{reference}"


def account_key(name: str) -> str:
    """The key of one widget of the Accounts page or of My account."""
    return f"{ACCOUNT}/{name}"


def reads_key(widget: str) -> str:
    """How the entries of a choice read on this screen, beside the key of its widget."""
    return f"{widget}/reads"


def evidence_key(reference: str, name: str) -> str:
    """The key of one widget with which evidence is added to a case."""
    return f"{EVIDENCE}/{reference}/{name}"


TRIAGE = "triage"
"""What Intake takes in: something passed on, a complaint, or a service request; the address keeps it too."""

REQUEST = "request"
"""Start of the buttons that open a step of a service request: request/name."""


def request_key(name: str) -> str:
    """The key of one button of a service request."""
    return f"{REQUEST}/{name}"


ROUTE = "route"
"""The route that is read about on Intake; the address keeps it too."""

MAIL = "mail"
"""Start of the widgets with which an e-mail is dropped on Intake, and why the last one was not taken: mail/name."""


def mail_key(name: str) -> str:
    """The key of one part of the place for an e-mail."""
    return f"{MAIL}/{name}"


MATCH = "match"
"""Start of the buttons about a case that may be the same: match/complaint/other/name."""


def match_key(reference: str, name: str) -> str:
    """The key of one button about a case that may be the same."""
    return f"{MATCH}/{reference}/{name}"


IMPORT = "import"
"""Start of the Import page's widgets: import/name."""


def import_key(name: str) -> str:
    """The key of one widget of the Import page."""
    return f"{IMPORT}/{name}"


GUIDANCE = "guidance"
"""Start of the widgets with which a file is added to guidance: guidance/name."""


def guidance_key(name: str) -> str:
    """The key of one widget of the Guidance page."""
    return f"{GUIDANCE}/{name}"


POLICY = "policy"
"""Start of the widgets with which the policy is added as a file: policy/name."""


def policy_key(name: str) -> str:
    """The key of one widget of the page Policy and departures."""
    return f"{POLICY}/{name}"


LETTER = "letter"
"""Start of the buttons about letters: letter/name."""


def letter_key(name: str) -> str:
    """The key of one button about letters."""
    return f"{LETTER}/{name}"


WEB_FORM = "web_form"
"""Start of the widgets of the Web forms page: web_form/name."""


def web_form_key(name: str) -> str:
    """The key of one widget of the Web forms page."""
    return f"{WEB_FORM}/{name}"


QUESTION = "question"
"""Start of the buttons that make a link for a question on a case: question/complaint/number."""


def question_key(reference: str, number: int) -> str:
    """The key of the button that makes the link for one question."""
    return f"{QUESTION}/{reference}/{number}"


def answer_key(reference: str, number: int) -> str:
    """The key of the long answer to one question."""
    return f"{QUESTION}/{reference}/{number}/answer"


SURVEY = "survey"
"""Start of the button that makes a link to the survey on a case: survey/complaint."""


def survey_key(reference: str) -> str:
    """The key of the button that makes the link to a case's survey."""
    return f"{SURVEY}/{reference}"


OMBUDSMAN = "ombudsman"
"""Start of the widgets of the Ombudsman page: ombudsman/name."""


def ombudsman_key(name: str) -> str:
    """The key of one widget of the Ombudsman page."""
    return f"{OMBUDSMAN}/{name}"


RECTIFICATION = "rectification"
"""Start of the widgets of the page about correcting and erasing data: rectification/name."""


def rectification_key(name: str) -> str:
    """The key of one widget of that page."""
    return f"{RECTIFICATION}/{name}"


REPORT = "report"
"""Start of the widgets with which a report of the Member is handed in: report/name."""


def report_key(name: str) -> str:
    """The key of one widget of the Reports page."""
    return f"{REPORT}/{name}"
