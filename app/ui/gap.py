"""The gap report on the page: one paragraph, one table, one chart, and every number open to the cases behind it."""

from __future__ import annotations

from typing import Any

import streamlit as st

from app.ui import places, tables
from app.ui.desk import desk
from app.ui.plain import one_line, plain
from core.code.catalogue import clause
from core.desk import Desk
from core.errors import BadInput
from core.permissions import Permission
from core.queries.gap_report import KINDS, Counts, GapReport, counted_cases, gap_report
from core.rules.duties import TITLES
from core.rules.facts import Standing

_WORDS = {
    Standing.IN_TIME: "in time",
    Standing.EXTENDED: "within an extension",
    Standing.LATE: "late",
    Standing.UNKNOWN: "not known",
    Standing.OPEN: "still open",
}
_COLOURS = ("#0b4f8a", "#5694ca", "#b58840", "#b1b4b6")
_CHARTED = (Standing.IN_TIME, Standing.EXTENDED, Standing.LATE, Standing.UNKNOWN)


@st.cache_data(ttl=60, show_spinner="Counting every duty…")
def _report(source: str, person: int, _desk: Desk) -> GapReport:
    return _desk.ask(gap_report, source=source)


def forget() -> None:
    """Count again at the next look: something was imported."""
    _report.clear()


def show(source: str) -> None:
    """How one import stands against the Code."""
    here = desk()
    found = _report(source, here.actor.id, here)
    st.header("How it stands against the Code")
    st.text(f"Records imported as “{source}”.")
    st.markdown(plain(found.paragraph()))
    _clocks(source, found)
    _cases(here, source)
    st.subheader("Month by month, by day of receipt")
    st.vega_lite_chart(_chart(found), width="stretch", alt=_chart_words(found))
    with st.expander("The same as a table"):
        st.dataframe(_lines(found, "months", "Month"), hide_index=True, alt="Answers at stage 1 by month of receipt")
    st.subheader("By service")
    st.dataframe(_lines(found, "services", "Service"), hide_index=True, alt="Both clocks of stage 1 by service")
    _silent(found)


def _clocks(source: str, found: GapReport) -> None:
    """One row a clock; each number is a link to its complaints."""
    lines = ["| Clock | " + " | ".join(words.capitalize() for words in _WORDS.values()) + " |"]
    lines.append("|---|" + "--:|" * len(_WORDS))
    for kind in KINDS:
        counts = found.clocks[kind]
        if counts.total:
            cells = [_number(source, kind, standing, counts) for standing in _WORDS]
            lines.append(f"| {TITLES[kind]} | {' | '.join(cells)} |")
    st.markdown("\n".join(lines))


def _number(source: str, kind: str, standing: Standing, counts: Counts) -> str:
    count = int(getattr(counts, standing.value))
    if not count:
        return "0"
    query = {"source": source, "kind": kind, "standing": standing.value}
    return f"[{count:,}]({places.address(places.BRING_IN, query)})"


def _cases(here: Desk, source: str) -> None:
    """The complaints behind the number that was opened."""
    kind, standing = st.query_params.get("kind", ""), st.query_params.get("standing", "")
    if not kind or not here.may(Permission.READ):
        return
    if kind not in KINDS or standing not in set(Standing):
        raise BadInput("That link is damaged. Open the number in the table again.")
    chosen = Standing(standing)
    rows = here.ask(counted_cases, kind=kind, standing=chosen, source=source)
    st.subheader(f"{TITLES[kind]}: {_WORDS.get(chosen, chosen.value)}")
    with st.container(key="rows-counted", gap=None):
        for reference, matter in rows:
            tables.link_row(reference, (one_line(matter, longest=120, empty="No matter given"),))
    st.markdown(f"The newest {len(rows)} are shown." if len(rows) == 100 else f"{len(rows)} in all.")


def _lines(found: GapReport, what: str, name: str) -> list[dict[str, Any]]:
    rows = []
    for line in getattr(found, what):
        acknowledged, answered = line.counts["acknowledge_stage_one"], line.counts["respond_stage_one"]
        rows.append(
            {
                name: line.name,
                "Acknowledged in time": acknowledged.in_time,
                "Acknowledged late": acknowledged.late,
                "Answered in time": answered.in_time,
                "Within an extension": answered.extended,
                "Answered late": answered.late,
                "Not known": answered.unknown,
                "Still open": answered.open,
            }
        )
    return rows


def _chart(found: GapReport) -> dict[str, Any]:
    """Answers at stage 1 by month, stacked; a plain Vega-Lite dict costs a tenth of building one with Altair."""
    values = [
        {"month": line.name, "how": _WORDS[standing], "complaints": getattr(line.counts["respond_stage_one"], standing)}
        for line in found.months
        for standing in _CHARTED
    ]
    order = [_WORDS[standing] for standing in _CHARTED]
    colour = {"field": "how", "type": "nominal", "sort": order, "title": "Answered"}
    return {
        "data": {"values": values},
        "mark": {"type": "bar"},
        "height": 260,
        "encoding": {
            "x": {"field": "month", "type": "ordinal", "title": "Month received", "axis": {"labelOverlap": True}},
            "y": {"field": "complaints", "type": "quantitative", "title": "Complaints", "stack": "zero"},
            "color": {**colour, "scale": {"domain": order, "range": list(_COLOURS)}},
        },
    }


def _chart_words(found: GapReport) -> str:
    counts = found.clocks["respond_stage_one"]
    return f"Answers at stage 1 in {len(found.months)} months: {counts.words()}."


def _silent(found: GapReport) -> None:
    if not found.not_covered:
        return
    st.subheader("What this file cannot speak to")
    for key, why in found.not_covered:
        st.markdown(f"- {places.clause_links([key])} {clause(key).title}: {plain(why)}")
