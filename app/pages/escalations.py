"""Escalations: stage 2 at a glance, and cases that have taken too long in all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import streamlit as st

from app.ui import badge, drawn, places, questions, refused, sending, tables
from app.ui.desk import guard, said_in_addresses
from app.ui.plain import one_line
from core.desk import Desk
from core.permissions import Permission
from core.queries.escalations import Escalated, Escalations, LongCase, escalations
from core.words import counted, day_words

_SHOWN = 25
_LONG = "Open for a long time, whichever stage"


def page() -> None:
    """Four short lists and a strip, each saying what to do when it is empty."""
    here = guard(Permission.READ, title="Escalations")
    st.title("Escalations", anchor=False)
    with here.one_view():
        _lists(here)


def _lists(here: Desk) -> None:
    found = here.ask(escalations)
    # One text, made once for each answer: each list by itself costs the page as much as a question to the records.
    tables.rows("stage-two", drawn.once(found, str(said_in_addresses()), lambda: _told(found)))
    questions.overview(here)
    sending.stuck(here)
    refused.overview(here)


def _told(found: Escalations) -> str:
    """Everything about stage 2, and the strip below it."""
    counts = found.counts
    heads = {
        "to_acknowledge": ("To acknowledge", "to acknowledge", "Every request for stage 2 is acknowledged."),
        "needs_someone": ("Needs someone new", "needing someone new", "Every stage 2 has someone to consider it."),
        "due_soon": ("Due in the next 7 days", "due in the next 7 days", "No final response is due this week."),
        "late": ("Late", "late", "Nothing at stage 2 is late."),
    }
    to = [(counts[name], words, f"{title}: {counts[name]}") for name, (title, words, _none) in heads.items()]
    to.append((found.red_count + found.amber_count, f"open for {found.amber_weeks} weeks or more", _LONG))
    parts = [" · ".join(f"[**{count}** {words}](#{_anchor(title)})" for count, words, title in to), _intro()]
    for name, (title, _words, none) in heads.items():
        parts += _section(f"{title}: {counts[name]}", getattr(found, name), counts[name], none)
    return "\n\n".join([*parts, *_long(found)])


def _anchor(title: str) -> str:
    """Where a link within the page finds a heading, as the library names it."""
    return "-".join("".join(sign if sign.isascii() and sign.isalnum() else " " for sign in title.lower()).split())


def _intro() -> str:
    return (
        f"Stage 2 goes to somebody who did not consider stage 1 ({places.clause_links(['lgsco:6.14'])}). "
        "Each row names stage 1’s handler, so that a conflict is seen first. "
        "Asking is enough to go to stage 2: refusing takes reasons and the Ombudsman’s details."
    )


def _section(title: str, rows: Sequence[Escalated], count: int, none: str) -> Iterator[str]:
    yield f"### {title}"
    if not rows:
        yield none
        return
    shown = rows[:_SHOWN]
    if len(shown) < count:
        every = places.address(places.MY_CASES, {"whose": "all", "stage": "2"})
        yield f"The nearest {len(shown)} are shown. My cases lists [all that is owed at stage 2]({every})."
    yield tables.listed(tables.link(each.reference, _cells(each)) for each in shown)


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


def _long(found: Escalations) -> Iterator[str]:
    """The strip: complaints open for many weeks in all, whichever stage they are at."""
    red = counted(found.red_count, "complaint")
    amber = counted(found.amber_count, "complaint")
    yield f"### {_LONG}"
    yield (
        f"**{red}** open for {found.red_weeks} weeks or more, "
        f"**{amber}** for {found.amber_weeks} weeks or more. The longest are shown."
    )
    longest = (*found.red, *found.amber)[:_SHOWN]
    lines = [(each.reference, _long_cells(each, past=each.weeks >= found.red_weeks)) for each in longest]
    yield tables.listed(tables.link(*line) for line in lines)


def _long_cells(row: LongCase, *, past: bool) -> tuple[str, ...]:
    return (
        f"{one_line(row.matter, longest=90, empty='No matter given')} · "
        f"{one_line(row.individual, longest=40, empty='name not given')}",
        row.position,
        f"Received {day_words(row.received_on)}",
        badge.badge(counted(row.weeks, "week"), "red" if past else "orange"),
    )


page()
