"""Refusals on the screen: why a case was refused, how discretion was used, and kinds of complaint always refused."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from app.ui import places, tables
from app.ui.plain import one_line, plain
from core.desk import Desk
from core.permissions import Permission
from core.queries.refusals import (
    CaseRefusals,
    DiscretionView,
    RefusalView,
    Refused,
    RefusedCase,
    RefusedKind,
    refusals_by_category,
    refused_cases,
)
from core.words import counted, day_words


def band(found: CaseRefusals) -> None:
    """Each refusal of this case with all it rests on, and the note on discretion; nothing where there is neither."""
    parts = [_discretion(each) for each in found.discretion] + [_refusal(each) for each in found.refusals]
    if parts:
        st.markdown("\n\n".join(parts))


def _refusal(refusal: RefusalView) -> str:
    what = "Why this complaint was refused" if refusal.stage == 1 else "Why stage 2 was refused"
    by = f" by {one_line(refusal.decided_by)}" if refusal.decided_by else ""
    told = [
        ("Reason in our policy", one_line(refusal.ground)),
        ("What they were told", plain(refusal.reasons)),
        ("What was looked at", plain(refusal.evidence)),
        ("Weighed in their own circumstances", plain(refusal.circumstances)),
        ("Where they were told they can go", plain(refusal.other_route)),
    ]
    head = f"### {what}\n\nTold on **{day_words(refusal.told_on)}**, with the Ombudsman’s details. Decided{by}."
    return "\n\n".join([head, *(f"**{title}**  \n{text}" for title, text in told if text)])


def _discretion(note: DiscretionView) -> str:
    used = "used: taken all the same" if note.used else "considered, and the limit applied"
    by = f" by {one_line(note.decided_by)}" if note.decided_by else ""
    return (
        f"### After the time limit\n\nIt could be taken until {day_words(note.in_time_until)} "
        f"({places.clause_links(['lgsco:2.2'])}). Discretion was {used}, on {day_words(note.decided_on)}{by}.\n\n"
        f"{plain(note.note)}"
    )


def overview(here: Desk) -> None:
    """The refusals of the last months for those who see figures, and what is refused every time said first."""
    if not here.may(Permission.FIGURES):
        return
    found = here.ask(refusals_by_category)
    if not found.kinds:
        st.markdown(f"### Refused complaints\n\nNo complaint received since {day_words(found.since)} was refused.")
        return
    head = ["### Refused complaints", ""]
    if found.every_time:
        st.markdown(head.pop(0))
        for kind in found.every_time:
            st.warning(_every_time(kind, found))
    lines = [f"- {_name(kind)}: {kind.refused} of {kind.decided} decided" for kind in found.kinds]
    st.markdown("\n".join([*head, f"Received since {day_words(found.since)}:", "", *lines]))
    _rows(here.ask(refused_cases))


def _rows(cases: Sequence[RefusedCase]) -> None:
    tables.links("refused", [tables.link(case.reference, _cells(case)) for case in cases])


def _every_time(kind: RefusedKind, found: Refused) -> str:
    return (
        f"**{_name(kind)}: every one of {counted(kind.decided, 'complaint')} was refused** since "
        f"{day_words(found.since)}. No kind of complaint is shut out as a whole "
        f"({places.clause_links(['lgsco:2.5'])}): read what was weighed in each of them."
    )


def _name(kind: RefusedKind) -> str:
    return f"{one_line(kind.what.capitalize())} “{one_line(kind.name)}”"


def _cells(case: RefusedCase) -> tuple[str, ...]:
    return (
        one_line(case.matter, longest=90, empty="No matter given"),
        one_line(case.category or case.service, longest=40, empty="no category"),
        one_line(case.ground, longest=60),
        f"Told {day_words(case.told_on)}",
    )
