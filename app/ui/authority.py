"""Limits of authority on the screen: what holds, and the sums that await a colleague's agreement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from app.ui import badge, page_steps, places, tables
from app.ui.plain import one_line
from core.desk import Desk
from core.queries.authority import LimitLine, Limits, SumLine, authority_limits
from core.words import counted, day_words, pounds

_SET = ("SetAuthority",)
_LONGEST, _A_NAME = 300, 60
_WAITS = badge.badge("awaiting agreement", "orange")


def told(line: SumLine) -> str:
    """A sum asked about, on its case."""
    asked = one_line(line.asked_by, longest=_A_NAME, empty="the console")
    head = f"- **{pounds(line.pence)} in all** {_stands(line)}: asked by {asked}, {day_words(line.asked_on)}"
    note = f" · {one_line(line.note, longest=_LONGEST)}" if line.note else ""
    return f"{head}: {one_line(line.why, longest=_LONGEST)}{note}"


def _stands(line: SumLine) -> str:
    if line.agreed is None or line.answered_on is None:
        return f"{_WAITS}{' · yours to agree' if line.mine else ''}"
    what = badge.badge("agreed", "green") if line.agreed else badge.badge("not agreed", "red")
    by = one_line(line.answered_by, longest=_A_NAME, empty="the console")
    return f"{what} by {by}, {day_words(line.answered_on)}"


def listed(sums: Sequence[SumLine]) -> dict[str, Mapping[Any, str]]:
    """The sums that still wait, for the form that answers one."""
    waiting = [line for line in sums if line.agreed is None]
    return {"sums_asked": {line.id: f"{pounds(line.pence)}, asked by {line.asked_by}" for line in waiting}}


def starts(sums: Sequence[SumLine], name: str) -> dict[str, Any]:
    """What the form that answers a sum begins with: the only one there is."""
    only = list(listed(sums)["sums_asked"])
    return {"asked_id": only[0]} if name == "AnswerAgreement" and len(only) == 1 else {}


def waiting(sums: Sequence[SumLine]) -> None:
    """The sums that await agreement, those first that whoever looks may agree to; nothing where none does."""
    if not sums:
        return
    mine = sum(line.mine for line in sums)
    st.subheader(f"Awaiting agreement: {counted(len(sums), 'sum')}, {mine} yours to agree", anchor=False)
    with st.container(key="rows-sums", gap=None):
        for line in sorted(sums, key=lambda each: not each.mine):
            parts = (
                f"{pounds(line.pence)} in all: {one_line(line.why, longest=_A_NAME)}",
                f"asked by {one_line(line.asked_by, longest=_A_NAME, empty='the console')}",
                "next: agree to it, or say why not" if line.mine else "next: somebody with the authority answers",
                f"{_WAITS} since {day_words(line.asked_on)}",
            )
            tables.link_row(line.reference, parts, back="")


def limits(here: Desk) -> None:
    """What limits hold, one's own first, and for the manager the step that sets one."""
    held = here.ask(authority_limits)
    page_steps.buttons(here, _SET)
    page_steps.form(here, _SET, page=places.REMEDIES, listed={})
    st.markdown(_own(held))
    if held.lines:
        with st.expander(f"Limits of authority: {len(held.lines)}"):
            st.markdown("\n".join(map(_limit, held.lines)))


def _own(held: Limits) -> str:
    clause = f"Clause {places.clause_links(['lgsco:4.2'])}."
    if not held.any_holds:
        return f"No limit of authority is set: whoever offers money decides alone. {clause}"
    if held.mine is None:
        return f"You have no limit of authority: you decide alone. {clause}"
    if held.mine == 0:
        return f"Money that you offer needs a colleague’s agreement. {clause}"
    return f"You may offer up to **{pounds(held.mine)}** on one complaint; above it a colleague agrees. {clause}"


def _limit(line: LimitLine) -> str:
    who = f"**{one_line(line.who, longest=_A_NAME)}**" if line.own else f"The role **{one_line(line.who)}**"
    what = pounds(line.pence) if line.pence is not None else "no limit of its own"
    since = "since" if line.holds else "planned from"
    return f"- {who}: {what}, {since} {day_words(line.in_force_from)}. {one_line(line.why, longest=_LONGEST)}"
