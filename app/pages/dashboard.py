"""Member dashboard: the council's complaints in figures, and no case. Whoever may open cases opens the numbers."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

import streamlit as st

from app.ui import drawn, figures, period, places
from app.ui.desk import guard, said_in_addresses, short_lists
from app.ui.plain import one_line, plain
from core.permissions import Permission
from core.queries.dashboard import Dashboard, dashboard
from core.rules.showing import headline, per_thousand, written
from core.rules.together import OF_NOBODY

VOLUME = ("received", "requests", "requests_unhappy", "requests_converted", "adjustments", "restrictions")
TIMES = (
    "acknowledged_in_time_one", "in_target_one", "in_extension_one", "late_one", "days_mean_one", "days_median_one",
    "acknowledged_in_time_two", "in_target_two", "in_extension_two", "late_two", "days_mean_two", "extended",
    "extended_beyond", "extension_days_mean", "extension_details",
    "over_eight_weeks", "over_twelve_weeks", "standards_kept",
)  # fmt: skip
OUTCOMES = (
    "upheld_one", "partially_upheld_one", "not_upheld_one", "resolved_one", "escalated",
    "upheld_two", "partially_upheld_two", "not_upheld_two", "resolved_two", "overturned",
    "ombudsman_decided", "ombudsman_investigated", "ombudsman_upheld", "recommendations_complied", "remedied_before",
)  # fmt: skip
LEARNING = (
    "learning_identified", "improvements_identified", "learning_implemented", "improvements_overdue", "quality_met",
    "remedies_offered", "pence_offered", "pence_paid", "remedy_actions_in_time", "first_offered_late",
    "refused", "refused_start", "refused_escalation", "breaches", "breaches_unexplained", "departures",
)  # fmt: skip
FEEDBACK = ("surveys_answered", *OF_NOBODY)


def page() -> None:
    """The top line in words, then volume, timeliness, outcomes and learning."""
    here = guard(Permission.FIGURES, title="Member dashboard")
    st.title("Member dashboard", anchor=False)
    today = here.office.today(here.office.now())
    period.pick("dashboard", today, everything=here.may(Permission.READ))
    asked, service = period.chosen(st.query_params, today), period.service(st.query_params)
    found = here.ask(dashboard, asked, service_id=service)
    names = {each.id: each.name for each in short_lists().services}
    than = found.earlier.words
    quarters = (found.quarters.get(asked, ()), found.quarters.get(found.earlier, ()))
    said = headline(found.figures, found.before, than=than, fewest=found.fewest, quarters=quarters)
    st.markdown(f"## {period.words(asked, names.get(service or 0, ''))}\n\n**{plain(said)}**")
    address = {name: st.query_params[name] for name in ("period", "service") if st.query_params.get(name)}
    opens = here.may(Permission.READ)
    about = urlencode({**address, **said_in_addresses()})
    whole = service is None
    volume = drawn.once(found, f"volume {about}", lambda: _volume(found, address, whole=whole, opens=opens))
    st.markdown(f"## Volume and access\n\n{volume}")
    figures.chart(found, "received")
    rows: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
        ("Timeliness", TIMES, ("in_target_one", "days_mean_one")),
        ("Outcomes and escalation", OUTCOMES, ("upheld_one",)),
        ("Learning, remedies and refusals", LEARNING, ("remedies_offered",)),
        ("Feedback", FEEDBACK, ()),
    )
    for title, ids, charted in rows:
        _row(found, title, ids, charted, address, opens=opens)
    if found.fewest is not None:
        st.markdown(
            f"Numbers from 1 to {found.fewest - 1} read “fewer than {found.fewest}”, and “not shown” stands where one "
            "of them could be worked out, so that nobody can be picked out."
        )


def _volume(found: Dashboard, address: Mapping[str, str], *, whole: bool, opens: bool) -> str:
    """How many came, for how many residents, and who was not heard of."""
    parts = []
    count = found.figures["received"].numerator or 0
    told = written(found.figures, fewest=found.fewest, quarters=found.quarters.get(found.period, ()))["received"]
    if whole and found.population and told == f"{count:,}":
        parts.append(f"That is {per_thousand(count, found.population)}.")
    parts.append(
        "More complaints are not worse: they may mean that people find it easy to complain, and few may mean that they "
        f"do not. Clause {places.clause_links(['lgsco:3.3'])}."
    )
    parts.append(figures.table(found, VOLUME, address=address, opens=opens))
    if whole and found.silent:
        names = ", ".join(one_line(name) for name in found.silent)
        parts.append(f"**Check access:** nobody has complained in a year about {names}.")
    return "\n\n".join(parts)


def _figures(found: Dashboard, ids: tuple[str, ...], address: Mapping[str, str], *, opens: bool) -> str:
    """The figures of one kind; among the outcomes also what was found where."""
    parts = [figures.table(found, ids, address=address, opens=opens)]
    if ids is OUTCOMES:
        parts.append(figures.findings(found))
    return "\n\n".join(parts)


def _row(
    found: Dashboard,
    title: str,
    ids: tuple[str, ...],
    charted: tuple[str, ...],
    address: Mapping[str, str],
    *,
    opens: bool,
) -> None:
    """One kind of figures in words, made once for each answer and address, and its charts."""
    about = urlencode({"from": ids[0], **address, **said_in_addresses()})
    text = drawn.once(found, about, lambda: _figures(found, ids, address, opens=opens))
    st.markdown(f"## {title}\n\n{text}")
    for key in charted:
        figures.chart(found, key)


page()
