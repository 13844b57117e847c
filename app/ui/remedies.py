"""Remedies: the band of a case with the steps for them, and the rows of the list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import streamlit as st

from app.ui import authority, badge, places, step_buttons, tables
from app.ui.plain import one_line
from core.code.remedies import REMEDIES
from core.commands.base import COMMANDS
from core.desk import Desk
from core.queries.authority import SumLine
from core.queries.cases import CaseView
from core.queries.evidence import case_files
from core.queries.remedies import CaseRemedies, RemedyLine
from core.rules.s7_remedies import RemedyState, is_complete
from core.rules.steps import REMEDY_STEPS
from core.words import counted, day_words, pounds

_LONGEST = 300
_A_NAME = 60
_BEFORE_AN_OFFER = ("OfferRemedy", "AskAgreement", "AnswerAgreement")
_COLOURS = {
    RemedyState.OFFERED: "gray",
    RemedyState.AGREED: "blue",
    RemedyState.DONE: "green",
    RemedyState.UNDELIVERABLE: "red",
    RemedyState.REPLACED: "orange",
}


# ----------------------------------------------------------------------------------------------------- the case's band


def left_to_do(case: CaseView, shown: CaseRemedies) -> str:
    """That an answered case is not complete yet, for its head; "" where nothing is left or an answer is owed."""
    left = len(shown.still_open)
    if case.is_open or is_complete(answer_owed=False, open_remedies=left):
        return ""
    return f" · **not complete: {counted(left, 'remedy', 'remedies')} still to be done**"


def band(here: Desk, case: CaseView, shown: CaseRemedies, sums: Sequence[SumLine]) -> None:
    """What was offered and how each stands, and the steps about them."""
    left = len(shown.still_open)
    head = f"### Remedies: {len(shown.lines)}, {left} still to be done" if shown.lines else "### Remedies: none"
    said = [*(line for each in shown.lines for line in _told(each)), *map(authority.told, sums)]
    empty = "Nothing is offered yet. When something went wrong, begin with “Offer a remedy”."
    open_now = [name for name in _named(shown, sums) if name in case.next_steps and here.may(COMMANDS[name].needs)]
    guide = REMEDIES.guide
    helps = (
        f"Clauses {places.clause_links(['lgsco:7.2', 'lgsco:7.3', 'lgsco:7.5'])}. "
        f"The Ombudsman: [{guide.title}]({guide.web}), as read on {day_words(guide.checked)}."
    )
    st.markdown("\n".join([head, "", *(said or [empty]), *(["", helps] if open_now else [])]))
    if open_now:
        step_buttons.menu("Steps of putting it right", open_now)


def _named(shown: CaseRemedies, sums: Sequence[SumLine]) -> list[str]:
    """The steps that have something to be about."""
    lists = {**listed(shown), **authority.listed(sums)}
    needs = {name: "remedies" for name in REMEDY_STEPS}
    needs |= {"RecordPayment": "remedies_of_money", "AnswerAgreement": "sums_asked"}
    first = ("OfferRemedy",) if lists["sums_asked"] else ("OfferRemedy", "AskAgreement")
    return [name for name in REMEDY_STEPS if name in first or (name != "AskAgreement" and lists[needs[name]])]


def _told(line: RemedyLine) -> Iterable[str]:
    about = f" for point {line.point}" if line.point is not None else ""
    yield (
        f"- **{line.number}. {line.kind}**{_more(line)}, {line.moment}{about}, {day_words(line.offered_on)} "
        f"{stands(line)} · {one_line(line.owner, longest=_A_NAME, empty='nobody')}: "
        f"{one_line(line.what, longest=_LONGEST)}"
    )
    details = (
        ("Impact", line.impact),
        ("Worse or lighter", line.circumstances),
        ("Guidance looked at", line.guidance_note or ("yes" if line.guidance else "")),
        ("What shows that it was done", line.evidence),
        ("Why it cannot be done", line.why_not),
        ("Offered instead", line.alternative),
    )
    yield from (f"    - {title}: {one_line(text, longest=_LONGEST)}" for title, text in details if text)


def _more(line: RemedyLine) -> str:
    """What money is for and how much of it is paid, or who signs an apology."""
    if line.offered_pence is None:
        return f", signed by: {line.signatory.lower()}" if line.signatory else ""
    return f" ({line.sub_kind.lower()}), {pounds(line.offered_pence)} offered, {pounds(line.paid_pence)} paid"


def stands(line: RemedyLine) -> str:
    """How a remedy stands, in words, with its day and what the individual said."""
    state = badge.badge(line.state.value, _COLOURS[line.state])
    if line.over_on is not None:
        return f"{state} {day_words(line.over_on)}"
    said = " · they do not agree" if line.agreed is False else ""
    if line.due_on is None or line.soon is None:
        return f"{state} · no day named{said}"
    return f"{state} · by {day_words(line.due_on)} {badge.due(line.soon)}{said}"


def listed(shown: CaseRemedies) -> dict[str, Mapping[Any, str]]:
    """The short lists of the forms about remedies."""
    return {
        "remedy_kinds": {key: f"{kind.title}. {kind.help}" for key, kind in REMEDIES.kinds.items()},
        "remedy_money": {key: each.title for key, each in REMEDIES.money.items()},
        "remedy_signatories": {key: each.title for key, each in REMEDIES.signatories.items()},
        "remedies": _shortly(shown.still_open),
        "remedies_of_money": _shortly(line for line in shown.still_open if line.of_money),
    }


def files(here: Desk, reference: str, name: str) -> dict[str, Mapping[Any, str]]:
    """The files that may show that a remedy was done; asked for by that form alone."""
    if name != "CompleteRemedy":
        return {}
    return {"case_files": {file.id: file.name for file in here.ask(case_files, reference)}}


def _shortly(lines: Iterable[RemedyLine]) -> dict[int, str]:
    return {line.id: f"{line.number}. {' '.join(line.what.split())[:_A_NAME]}" for line in lines}


def starts(shown: CaseRemedies, name: str) -> dict[str, Any]:
    """What a form begins with: the only remedy there is to choose."""
    if name not in REMEDY_STEPS or name in _BEFORE_AN_OFFER:
        return {}
    listed_for = "remedies_of_money" if name == "RecordPayment" else "remedies"
    only = list(listed(shown)[listed_for])
    return {"remedy_id": only[0]} if len(only) == 1 else {}


# ------------------------------------------------------------------------------------------------------------ the list


def next_step(line: RemedyLine) -> str:
    """What is to be done about a remedy next, in words; "" once it is over."""
    if not line.is_open:
        return ""
    if line.due_on is None:
        return "agree a day, or complete it"
    if line.offered_pence is not None and line.paid_pence < line.offered_pence:
        return "pay, and record the payment"
    return "do it, and record what shows it"


def rows(lines: Iterable[RemedyLine], *, back: str) -> None:
    """One remedy a line, each a link to its case."""
    tables.links("remedies", [tables.link(line.reference, _cells(line)) for line in lines], back=back)


def _cells(line: RemedyLine) -> tuple[str, ...]:
    step = next_step(line)
    return (
        f"{line.kind}{_more(line)}: {one_line(line.what, longest=_A_NAME)}",
        f"{one_line(line.owner, longest=_A_NAME, empty='nobody')} · "
        f"{one_line(line.service, longest=_A_NAME, empty='no service')}",
        f"next: {step}" if step else line.moment,
        stands(line),
    )
