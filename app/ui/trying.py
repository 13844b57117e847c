"""A policy on trial: what is tried as the address has it, and what came of it in words and tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import streamlit as st

from app.ui import keys, tables
from app.ui.plain import one_line
from core.code.catalogue import PERIODS
from core.code.policy import SETTINGS, Policy
from core.errors import BadInput
from core.queries.policies import VersionView
from core.queries.what_if import CLOCKS, Changed, ChangedPage, Span, Tally, Trial, Tried, TriedClock
from core.rules.duties import TITLES
from core.rules.facts import Standing
from core.words import counted, day_words

PERIODS_TRIED = tuple(key for key in PERIODS if key != "accept_within")
_READINGS = {
    "late_acknowledgement_buys_time": "A late acknowledgement moves the date of the answer",
    "closure_days_skip": "Closure days do not count",
    "weekend_receipt_lenient": "Weekend receipts count from the next working day",
}
_MOST = 99
_STANDINGS = {
    Standing.IN_TIME: "in time",
    Standing.EXTENDED: "within an extension",
    Standing.LATE: "late",
    Standing.OPEN: "still open",
    Standing.VOID: "not owed",
    Standing.UNKNOWN: "not known",
}


def trial_of(params: Mapping[str, str]) -> Trial:
    """The policy an address asks to try; BadInput for a value that is no number of days."""
    periods = tuple((key, _number(params[key])) for key in PERIODS_TRIED if params.get(key))
    settings = tuple(name for name in params.get("readings", "").split(",") if name in SETTINGS)
    return Trial(periods=periods, settings=settings if "readings" in params else None)


def against_of(params: Mapping[str, str]) -> Trial | None:
    """What it is compared with: a version, or each complaint's own."""
    version = params.get("against", "")
    return Trial(policy_id=_number(version, most=None)) if version else None


def span_of(params: Mapping[str, str]) -> Span:
    """The time an address asks for."""
    return Span(since=_day(params.get("since", "")), until=_day(params.get("until", "")))


def clock_of(params: Mapping[str, str]) -> str:
    """The clock an address looks at; at first the answer at stage 1."""
    clock = params.get("clock", "respond_stage_one")
    if clock not in CLOCKS:
        raise BadInput("There is no such clock. Choose one of the list.")
    return clock


def _number(text: str, *, most: int | None = _MOST) -> int:
    known = text.isascii() and text.isdigit() and len(text) <= len(str(_MOST * _MOST))
    if not known or int(text) < 1 or (most is not None and int(text) > most):
        raise BadInput(f"“{text}” cannot be tried. Give a whole number from 1 to {_MOST}.")
    return int(text)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise BadInput("The address names a day that does not exist. Choose one from the calendar instead.") from None


def choosers(today: Policy, versions: Sequence[VersionView]) -> None:
    """What is tried. Each value begins with today's policy; the address keeps what differs."""
    with st.container(key="filters-periods", horizontal=True, vertical_alignment="bottom"):
        for key in PERIODS_TRIED:
            period = today.period(key)
            name = keys.filter_key("what_if", key)
            held = st.query_params.get(key, "")
            st.session_state[name] = _number(held) if held else period.value
            told: dict[str, Any] = {"key": name, "on_change": _set_period, "args": (key, period.value)}
            st.number_input(f"{PERIODS[key].title}, working days", min_value=1, max_value=_MOST, step=1, **told)
    chosen = trial_of(st.query_params).settings
    name = keys.filter_key("what_if", "readings")
    st.session_state[name] = [
        each for each in SETTINGS if (each in chosen if chosen is not None else getattr(today, each))
    ]
    st.multiselect("Decided otherwise than we read the Code", list(SETTINGS), format_func=_READINGS.get, key=name,
                   placeholder="None", on_change=_set_readings)  # fmt: skip
    with st.container(key="filters", horizontal=True, vertical_alignment="bottom"):
        own = {"": "Each complaint’s own version", **{str(each.id): _named(each) for each in versions}}
        _choice("against", "Compared with", own)
        _choice("clock", "Which clock", {key: TITLES[key] for key in CLOCKS}, first=clock_of(st.query_params))
        for each, label in (("since", "Received from"), ("until", "Received until")):
            name = keys.filter_key("what_if", each)
            st.session_state[name] = _day(st.query_params.get(each, ""))
            st.date_input(label, key=name, format="DD/MM/YYYY", on_change=_set, args=(each,))


def _named(version: VersionView) -> str:
    return f"{version.policy.name}, from {day_words(version.policy.in_force_from)}"


def _choice(name: str, label: str, reads: Mapping[str, str], *, first: str = "") -> None:
    key = keys.filter_key("what_if", name)
    held = st.query_params.get(name, first)
    st.session_state[key] = held if held in reads else first
    st.selectbox(label, list(reads), format_func=reads.get, key=key, on_change=_set, args=(name,))


def _set(name: str) -> None:
    value = st.session_state[keys.filter_key("what_if", name)]
    st.query_params.pop(name, None)
    if value:
        st.query_params[name] = str(value)


def _set_period(key: str, today: int) -> None:
    value = st.session_state[keys.filter_key("what_if", key)]
    st.query_params.pop(key, None)
    if value and value != today:
        st.query_params[key] = str(value)


def _set_readings() -> None:
    st.query_params["readings"] = ",".join(st.session_state[keys.filter_key("what_if", "readings")])


def told(clock: TriedClock) -> str:
    """What it comes to in one sentence: how many would have been late instead of how many."""
    before, after = clock.total.before, clock.total.after
    judged = max(before.judged, after.judged)
    if not judged:
        return f"**{clock.title}**: none can be judged in this time."
    same = " No complaint comes out differently." if not clock.total.changed else ""
    return (
        f"**{clock.title}**: {after.late:,} of {judged:,} would have been late instead of {before.late:,}; "
        f"{after.extended:,} within an extension instead of {before.extended:,}.{same}"
    )


def table(groups: Sequence[Tried], heading: str) -> dict[str, list[Any]]:
    """Both policies side by side, a row a group."""
    columns: dict[str, list[Any]] = {heading: [each.name for each in groups]}
    for title, kind in (("In time", "in_time"), ("Extended", "extended"), ("Late", "late")):
        columns[f"{title} before"] = [getattr(each.before, kind) for each in groups]
        columns[f"{title} after"] = [getattr(each.after, kind) for each in groups]
    columns["Different"] = [each.changed for each in groups]
    return columns


def left_out(tally: Tally) -> str:
    """What is not judged, in words."""
    parts = ((tally.open, "still open"), (tally.void, "not owed"), (tally.unknown, "not known"))
    said = ", ".join(f"{many:,} {words}" for many, words in parts if many)
    return f"Not judged: {said}." if said else ""


def changed(found: ChangedPage) -> None:
    """Each complaint that comes out differently, and why."""
    shown = f", the newest {len(found.lines)} shown" if len(found.lines) < found.count else ""
    st.subheader(f"{counted(found.count, 'complaint')} of those you see would differ{shown}", anchor=False)
    tables.links("what-if", [tables.link(line.reference, _parts(line)) for line in found.lines])


def _parts(line: Changed) -> tuple[str, ...]:
    done = f"done {day_words(line.done_on)}" if line.done_on else "not done"
    return (
        one_line(line.service),
        f"due {_by(line.due_before)}, on trial {_by(line.due_after)}",
        done,
        f"{_STANDINGS[line.before]}, on trial {_STANDINGS[line.after]}",
    )


def _by(day: date | None) -> str:
    return day_words(day) if day else "on no day that can be counted"
