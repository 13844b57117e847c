"""Another route than the Code: the band of a case, what each route asks beside a form, and the rows of the list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

import streamlit as st

from app.ui import badge, forms, keys, places, tables
from app.ui.desk import desk
from app.ui.opened import Opened
from app.ui.plain import one_line, plain
from core.code.catalogue import ROUTES, SCHEMES, RouteClock, Scheme
from core.errors import ComplaintsError
from core.queries.cases import CaseView
from core.queries.routes import CaseRoute, RoutedCase, RouteView, route_clocks
from core.rules.duties import Nearness
from core.rules.routes import Reached
from core.words import counted, day_words

STEPS = frozenset({"RouteElsewhere", "RerouteComplaint"})
"""The steps whose form says of the chosen route what it asks."""
_LONGEST = 90
_NOT_YET = "not yet"


# ------------------------------------------------------------------------------------------------------ the case's band


def band(route: CaseRoute | None) -> None:
    """What law it goes by, who was told what, its clocks in both readings, what comes next, its points elsewhere."""
    if route is None:
        return
    parts = []
    if route.current is not None:
        parts += _current(route.current)
    parts += _halves(route)
    parts += [_earlier(each) for each in route.earlier]
    if parts:
        with st.container(key="route-clocks"):
            st.markdown("\n\n".join([*parts, f"[All that go by another route]({places.address(places.ROUTES, {})})"]))


def _current(view: RouteView) -> list[str]:
    scheme = SCHEMES[view.scheme]
    head = "Under the other Code" if scheme.stays else "Another route"
    told = [
        ("Why", plain(view.why)),
        ("What they were told", plain(view.told)),
        ("Who takes it on", one_line(view.taken_by)),
        ("Reference or address there", one_line(view.link)),
    ]
    return [
        f"### {head}: {scheme.title}",
        f"{scheme.force} Told on **{day_words(view.told_on)}**; decided by {one_line(view.decided_by)}.",
        *(f"**{title}**  \n{text}" for title, text in told if text),
        *_next(view, scheme),
        *([_clock_table(view.clocks, view.soon)] if view.clocks else []),
        *_taken(view),
    ]


def _next(view: RouteView, scheme: Scheme) -> Iterator[str]:
    """The date to act by, or the step that is next recorded."""
    if scheme.stays:
        yield "It goes through the same two stages by the same clocks. Its figures are kept apart."
        return
    soonest = min((each for each in view.clocks if each.clock.key in view.soon), key=_by_date, default=None)
    if soonest is not None and soonest.act_by is not None:
        near = badge.due(view.soon[soonest.clock.key])
        yield f"**Next: {soonest.clock.title.lower()}** by **{day_words(soonest.act_by)}** {near}"
    elif view.still:
        yield f"**Next to record: {view.still[0].title.lower()}.** No clock of this route is open."


def _by_date(each: Reached) -> date:
    return each.act_by or date.max


def _clock_table(clocks: Iterable[Reached], soon: Mapping[str, Nearness]) -> str:
    rows = ["| Its clocks | By | The other reading | How it stands |", "| --- | --- | --- | --- |"]
    for each in clocks:
        note = f"  {each.clock.note}" if each.clock.note else ""
        rows.append(f"| {each.clock.title}{note} | {_by(each)} | {_other(each)} | {_stands(each, soon)} |")
    return "\n".join(rows)


def _by(each: Reached) -> str:
    if each.put_off_to is not None and each.due_on is not None:
        return f"**{day_words(each.put_off_to)}**, put off from {day_words(each.due_on)}"
    return f"**{day_words(each.due_on)}**" if each.due_on is not None else _NOT_YET


def _other(each: Reached) -> str:
    """The date by the other reading, and which of the two is to be acted by."""
    other = each.clock.other_reading
    if other is None:
        return "–"
    if each.other_on is None:
        return f"{other.why} {_NOT_YET.capitalize()}."
    if each.act_by == each.other_on and each.other_on != each.due_on:
        return f"{other.why} **{day_words(each.other_on)}: act by this one.**"
    return f"{other.why} {day_words(each.other_on)}."


def _stands(each: Reached, soon: Mapping[str, Nearness]) -> str:
    if each.clock.key in soon:
        return badge.due(soon[each.clock.key])
    if each.standing is not None:
        met = f", {day_words(each.met_on)}" if each.met_on is not None else ""
        return f"{badge.settled(each.standing)}{met}"
    if each.due_on is None or each.clock.met_by:
        return "–"
    return "the latest, if it is put off in time" if each.clock.extends else "a limit, not a duty of ours"


def _taken(view: RouteView) -> Iterator[str]:
    lines = [
        f"- {one_line(step.title)}: **{day_words(step.on)}**"
        f"{f', until {day_words(step.until)}' if step.until is not None else ''}"
        f"{f'. {one_line(step.note)}' if step.note else ''}"
        for step in view.steps
    ]
    if lines:
        yield "\n".join(["**What happened there**", "", *lines])


def _halves(route: CaseRoute) -> Iterator[str]:
    """The points under another scheme with the complaint they went on as, and the complaint this is the half of."""
    lines = []
    for point in route.points:
        short = SCHEMES[point.scheme].short
        where = f"goes on as {_case_link(point.reference)}" if point.reference else "is answered here"
        lines.append(f"- Point {point.number} {where}, {short}: {one_line(point.text, longest=_LONGEST)}")
    if lines:
        yield "\n".join(["### Points by another route", "", *lines])
    if route.came_from:
        yield f"The other half of {_case_link(route.came_from)}, which leads and keeps the other points."


def _case_link(reference: str) -> str:
    """A link to a complaint; what this person may not see has no reference and is named without one."""
    shown = one_line(reference)
    return f"[{shown}]({places.address(places.CASE, {'ref': reference})})" if reference[:2] == "C-" else shown


def _earlier(view: RouteView) -> str:
    until = f" to {day_words(view.ended_on)}" if view.ended_on is not None else ""
    steps = "; ".join(f"{one_line(step.title)} {day_words(step.on)}" for step in view.steps)
    happened = f" {steps}." if steps else ""
    return f"**Before:** {SCHEMES[view.scheme].title}, {day_words(view.told_on)}{until}.{happened}"


# ------------------------------------------------------------------------------------------------------ beside a form


@forms.by_itself
def form(opened: Opened, case: CaseView) -> None:
    """The form of a step onto a route; what the chosen route asks follows from the choice."""
    left, right = st.columns([3, 2], gap="large")
    with left:
        typed = forms.body(opened)
    chosen = str(typed.get("route") or "")
    with right:
        if chosen in SCHEMES and SCHEMES[chosen].apart and len(case.points) > 1 and not typed.get("points"):
            st.warning(
                "**It may not wait for the answer to the wider complaint.** Choose the points it is about: they go on "
                "by themselves, and the rest stays here."
            )
        asks(chosen, case.received_on, issue_on=case.issue_on, aware_on=case.aware_on)


def listed(case: CaseView, route: CaseRoute | None) -> dict[str, Mapping[Any, str]]:
    """The short lists of the forms about routes: where it can go, its points, and the steps of the route it goes by."""
    steps = SCHEMES[case.scheme].steps
    return {
        "routes": {key: each.title for key, each in SCHEMES.items() if key != case.scheme or _mixed(route)},
        "case_points": {point.number: f"{point.number}. {point.text[:_LONGEST]}" for point in case.points},
        "route_steps": {step.key: step.title for step in steps},
    }


def _mixed(route: CaseRoute | None) -> bool:
    """Whether a point stays here under another scheme, and can go back to the complaint's own."""
    return route is not None and any(not point.reference for point in route.points)


def asks(chosen: str, received_on: date | None, *, issue_on: date | None = None, aware_on: date | None = None) -> None:
    """Whom a route is for, its force, and its clocks for this day of receipt; before one is chosen, all of them."""
    scheme = SCHEMES.get(chosen)
    if scheme is None:
        every = [f"- **{each.short}.** {each.applies} {each.force}" for each in SCHEMES.values() if _listed(each)]
        st.markdown("\n".join(["Choose a route to see its clocks for this day of receipt.", "", *every]))
        return
    lines = [f"**{scheme.title}.** {scheme.applies}", f"Its force: {scheme.force}"]
    lines += [f"- {said}" for said in scheme.differences]
    if chosen not in ROUTES:
        lines.append("It stays in the two stages, by the same clocks; its figures are kept apart.")
    with st.container(key="route-clocks-ahead"):
        st.markdown("\n\n".join([*lines, *_asked_clocks(scheme, received_on, issue_on, aware_on)]))


def _listed(scheme: Scheme) -> bool:
    return scheme.key != "lgsco"


def _asked_clocks(
    scheme: Scheme, received_on: date | None, issue_on: date | None, aware_on: date | None
) -> Iterator[str]:
    if not scheme.clocks:
        return
    if received_on is None:
        yield "\n".join(["**Its clocks**", "", *(f"- {_period(each)}" for each in scheme.clocks)])
        return
    try:
        clocks = desk().ask(route_clocks, scheme.key, received_on, issue_on=issue_on, aware_on=aware_on)
    except ComplaintsError as refusal:
        yield f"**Its clocks cannot be counted.** {plain(refusal)}"
        return
    rows = [f"| {_period(each.clock)} | {_by(each)} | {_other(each)} |" for each in clocks]
    yield "\n".join(["| Its clocks | By | The other reading |", "| --- | --- | --- |", *rows])


def _period(clock: RouteClock) -> str:
    """A clock with its length and what it runs from."""
    unit = clock.unit.removesuffix("s").replace("_", " ")
    first = ", that day counted" if clock.inclusive else ""
    return f"{clock.title}: {counted(clock.n, unit)} from “{clock.anchor.replace('_', ' ')}”{first}"


def on_intake(typed: Mapping[str, Any]) -> None:
    """Which route it seems to be for, and what that asks, beside the form that takes it in."""
    held = st.query_params.get("route", "")
    st.session_state[keys.ROUTE] = held if held in SCHEMES else ""
    reads = {"": "All routes", **{key: each.title for key, each in SCHEMES.items() if _listed(each)}}
    told: dict[str, Any] = {"key": keys.ROUTE, "on_change": _chosen_on_intake}
    st.subheader("Which way does it go?")
    st.selectbox("Route", list(reads), format_func=reads.get, **told)
    asks(held, typed.get("received_on"), issue_on=typed.get("issue_on"), aware_on=typed.get("aware_on"))


def _chosen_on_intake() -> None:
    chosen = str(st.session_state[keys.ROUTE])
    st.query_params.pop("route", None)
    if chosen:
        st.query_params["route"] = chosen


# ------------------------------------------------------------------------------------------------------------ the list


def rows(cases: Iterable[RoutedCase]) -> None:
    """Complaints by another route, as links."""
    tables.links("routes", [tables.link(case.reference, _cells(case)) for case in cases])


def _cells(case: RoutedCase) -> tuple[str, ...]:
    owed = f"{case.next_title} by {day_words(case.act_by)}" if case.act_by is not None else "No date is owed there"
    return (
        f"{one_line(case.matter, longest=_LONGEST, empty='No matter given')} · "
        f"{one_line(case.individual, longest=40, empty='name not given')}",
        f"{SCHEMES[case.scheme].short} · {one_line(case.taken_by, longest=30, empty='nobody named')}",
        f"Told {day_words(case.told_on)} · {owed}",
        badge.due(case.soon) if case.soon is not None else f"Received {day_words(case.received_on)}",
    )
