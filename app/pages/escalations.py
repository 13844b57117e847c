"""Escalations: stage 2 at a glance, and cases that have taken too long in all."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from app.ui import badge, places, questions, refused, sending, tables
from app.ui.desk import guard
from app.ui.plain import one_line
from core.desk import Desk
from core.permissions import Permission
from core.queries.escalations import Escalated, Escalations, LongCase, escalations
from core.words import counted, day_words


def page() -> None:
    """Four short lists and a strip, each saying what to do when it is empty."""
    here = guard(Permission.READ, title="Escalations")
    st.title("Escalations", anchor=False)
    with here.one_view():
        _lists(here)


def _lists(here: Desk) -> None:
    found = here.ask(escalations)
    _counts(found)
    _rows("To acknowledge", "acknowledge", found, "to_acknowledge", "Every request for stage 2 is acknowledged.")
    _rows("Needs someone new", "someone", found, "needs_someone", "Every stage 2 has someone to consider it.")
    _rows("Due in the next 7 days", "soon", found, "due_soon", "No final response is due this week.")
    _rows("Late", "late", found, "late", "Nothing at stage 2 is late.")
    _long(found)
    questions.overview(here)
    sending.stuck(here)
    refused.overview(here)


def _counts(found: Escalations) -> None:
    lists = (
        (found.counts["to_acknowledge"], "to acknowledge", "acknowledge"),
        (found.counts["needs_someone"], "needing someone new", "someone"),
        (found.counts["due_soon"], "due in the next 7 days", "soon"),
        (found.counts["late"], "late", "late"),
        (found.red_count + found.amber_count, f"open for {found.amber_weeks} weeks or more", "long"),
    )
    st.markdown(" · ".join(f"[**{count}** {words}](#{anchor})" for count, words, anchor in lists))
    st.markdown(
        f"Stage 2 goes to somebody who did not consider stage 1 ({places.clause_links(['lgsco:6.14'])}). "
        "Each row names stage 1’s handler, so that a conflict is seen first. "
        "Asking is enough to go to stage 2: refusing takes reasons and the Ombudsman’s details."
    )


def _rows(title: str, key: str, found: Escalations, name: str, empty: str) -> None:
    rows: Sequence[Escalated] = getattr(found, name)
    count = found.counts[name]
    st.subheader(f"{title}: {count}", anchor=key)
    if not rows:
        st.markdown(empty)
        return
    if len(rows) < count:
        st.markdown(f"The nearest {len(rows)} are shown.")
    tables.links(key, [tables.link(each.reference, _cells(each)) for each in rows])


def _cells(row: Escalated) -> tuple[str, ...]:
    first = one_line(row.stage_one_handler, empty="nobody")
    second = one_line(row.stage_two_handler, empty="nobody yet")
    return (
        f"{one_line(row.matter, longest=90, empty='No matter given')} · "
        f"{one_line(row.individual, longest=40, empty='name not given')}",
        f"Stage 1 {first} · stage 2 {second}",
        f"Asked {day_words(row.requested_on)} · by {day_words(row.act_by)}",
        badge.due(row.soon),
    )


def _long(found: Escalations) -> None:
    """The strip: complaints open for many weeks in all, whichever stage they are at."""
    st.subheader("Open for a long time, whichever stage", anchor="long")
    red = counted(found.red_count, "complaint")
    amber = counted(found.amber_count, "complaint")
    st.markdown(
        f"**{red}** open for {found.red_weeks} weeks or more, "
        f"**{amber}** for {found.amber_weeks} weeks or more. The longest are shown."
    )
    if longest := (*found.red, *found.amber):
        lines = [(each.reference, _long_cells(each, past=each.weeks >= found.red_weeks)) for each in longest]
        tables.links("long", [tables.link(*line) for line in lines])


def _long_cells(row: LongCase, *, past: bool) -> tuple[str, ...]:
    return (
        f"{one_line(row.matter, longest=90, empty='No matter given')} · "
        f"{one_line(row.individual, longest=40, empty='name not given')}",
        row.position,
        f"Received {day_words(row.received_on)}",
        badge.badge(counted(row.weeks, "week"), "red" if past else "orange"),
    )


page()
