"""The departures register on the screen: its filters, and one row a departure."""

from __future__ import annotations

import streamlit as st

from app.ui import badge, places, register_filter, tables
from app.ui.desk import short_lists
from app.ui.kept_choices import choice, day
from app.ui.plain import one_line
from core.code.catalogue import cited
from core.commands.base import COMMANDS
from core.desk import Desk
from core.queries.register import EXPLAINED, POLICY, UNEXPLAINED, RegisterLine, RegisterPage
from core.words import counted, day_words

STEP = "ExplainBreach"
_LONGEST = 160
_TITLES = {
    UNEXPLAINED: "Late, and nobody has said why",
    EXPLAINED: "Complaints, with the reason",
    POLICY: "The policy’s own",
}


def show(here: Desk, found: RegisterPage, asked: dict[str, str]) -> None:
    """Each kind under its heading, what needs somebody first; the export of exactly these."""
    export = f"[Export these as CSV]({places.own_route('/export/departures.csv', asked)})"
    total = sum(found.counts.values())
    st.markdown(f"**{counted(total, 'entry', 'entries')}** · {export} · Clause {places.clause_links(['lgsco:8.1c'])}.")
    if not total:
        st.info("Nothing here. Choose “All of it” above, or another clause, service or time.")
    may_explain = here.may(COMMANDS[STEP].needs)
    for kind, count in found.counts.items():
        lines = [line for line in found.lines if line.kind == kind]
        if lines:
            more = f", the newest {len(lines)} shown" if len(lines) < count else ""
            st.subheader(f"{_TITLES[kind]}: {count:,}{more}", anchor=False)
            _rows(kind, lines, may_explain=may_explain)


def _rows(kind: str, lines: list[RegisterLine], *, may_explain: bool) -> None:
    if kind == POLICY:
        st.markdown("\n".join(f"- {_of_policy(line)}" for line in lines))
        return
    with st.container(key=f"rows-register-{kind}", gap=None):
        for line in lines:
            if kind == UNEXPLAINED and may_explain:
                label = f"**Explain {line.reference}** {tables.cells(*_parts(line))}"
                query = {"show": "departures", "step": STEP, "duty": str(line.duty_id)}
                st.page_link(places.page(places.POLICY), label=label, query_params=query, width="stretch")
            else:
                tables.link_row(line.reference, _parts(line))


def _parts(line: RegisterLine) -> tuple[str, ...]:
    """Where it belongs, what was found, and why."""
    given = badge.badge("given afterwards", "orange") if line.afterwards else ""
    why = f"{one_line(line.reason, longest=_LONGEST)} {given}" if line.reason else badge.badge("no reason yet", "red")
    return (
        f"{places.number(line.clause, line.scheme)} · {one_line(line.service, empty='no service')}",
        one_line(line.finding, longest=_LONGEST),
        why,
        f"{day_words(line.on)} · {one_line(line.recorded_by, empty='nobody')}",
    )


def _of_policy(line: RegisterLine) -> str:
    reason = f"Reason: {one_line(line.reason)}" if line.reason else "Nobody waits longer for it."
    return (
        f"{places.clause_links([line.clause])}: {one_line(line.finding)} {reason} "
        f"Decided by {one_line(line.recorded_by)}; recorded {day_words(line.on)}."
    )


def filters(found: RegisterPage) -> None:
    """What the register shows; the address keeps it."""
    services = {"": "All services", **{str(each.id): each.name for each in short_lists().services}}
    chosen = register_filter.filter_of(st.query_params)
    clauses = {"": "All clauses", **{each: places.number(each) for each in found.clauses if cited(each)}}
    with st.container(key="filters", horizontal=True, vertical_alignment="bottom"):
        choice("register", "kind", "Which", register_filter.KINDS)
        choice("register", "clause", "Clause", clauses)
        choice("register", "service", "Service", services)
        day("register", "since", "From", chosen.since)
        day("register", "until", "Until", chosen.until)
