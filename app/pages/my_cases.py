"""My cases: the queue by next duty. Its filter stands in the address, so every view is a link."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from app.ui import bulk, filters, keys, places, tables
from app.ui.desk import guard, short_lists
from core.desk import Desk
from core.permissions import Permission
from core.queries.queue import QueuePage, queue
from core.words import day_words


def page() -> None:
    """Filters, count, rows, and the way to the next ones."""
    here = guard(Permission.READ, title="My cases")
    st.title("My cases", anchor=False)
    said = st.query_params.to_dict()
    _filters(said)
    asked = filters.asked(said)
    found = here.ask(queue, filters.filter_of(said, here), after=said.get("after", ""))
    selecting = _count(here, found, asked)
    if not found.rows:
        st.info("Nothing here. Widen the filters above, or find a closed complaint with the search box.")
    elif selecting:
        bulk.choose(found.rows, back=asked)
    rows = "" if selecting else tables.queue_text(found, back=asked)
    tables.rows("queue", "\n\n".join(filter(None, (rows, _further(found, asked, first=not said.get("after"))))))


def _filters(said: Mapping[str, str]) -> None:
    services = {str(each.id): each.name for each in short_lists().services}
    with st.container(key="filters", horizontal=True, vertical_alignment="bottom"):
        _choice(said, "whose", "Whose", {**filters.WHOSE, **_one_colleague(said)}, everything=None)
        _choice(said, "due", "When", {**filters.DUE, **_one_week(said)}, everything="Any date")
        _choice(said, "service", "Service", services, everything="All services")
        key = keys.filter_key("queue", "text")
        st.session_state[key] = said.get("text", "")
        st.text_input("Words, name or postcode", key=key, on_change=_set, args=("text",))
    _more_filters(said)


def _more_filters(said: Mapping[str, str]) -> None:
    """Those used now and then, drawn once they are opened; they stand open where the address says any of them."""
    used = sum(bool(said.get(name)) for name in filters.NOW_AND_THEN)
    key = keys.filter_key("queue", "more")
    if key not in st.session_state:
        st.session_state[key] = bool(used)
    more = st.expander(f"More filters: {used} in use" if used else "More filters", key=key, on_change="rerun")
    if not more.open:
        return
    with more, st.container(key="filters-more", horizontal=True, vertical_alignment="bottom"):
        _choice(said, "stage", "Stage", filters.STAGES, everything="Both stages")
        _choice(said, "kind", "Next step", filters.KINDS, everything="Any step")
        _choice(said, "steps", "Of each case", filters.STEPS, everything="What comes next")
        _choice(said, "rule", "Asked by", filters.RULES, everything="All of them")


def _one_colleague(said: Mapping[str, str]) -> dict[str, str]:
    """The colleague whose cases the address asks for, beside the usual choices."""
    asked = said.get("whose", "")
    return {str(each.id): f"Of {each.name}" for each in short_lists().colleagues if str(each.id) == asked}


def _one_week(said: Mapping[str, str]) -> dict[str, str]:
    """The week that the address asks for, beside the usual choices."""
    asked = filters.week_of(said.get("due"))
    return {asked.isoformat(): f"Week of {day_words(asked)}"} if asked else {}


def _choice(said: Mapping[str, str], name: str, label: str, options: dict[str, str], *, everything: str | None) -> None:
    """One filter; the address decides what it shows."""
    reads = {**({"": everything} if everything else {}), **options}
    key = keys.filter_key("queue", name)
    held = said.get(name, "")
    st.session_state[key] = held if held in reads else next(iter(reads))
    told: dict[str, Any] = {"key": key, "on_change": _set, "args": (name,)}
    st.selectbox(label, list(reads), format_func=reads.get, **told)


def _set(name: str) -> None:
    value = str(st.session_state[keys.filter_key("queue", name)]).strip()
    st.query_params.pop("after", None)
    if value:
        st.query_params[name] = value
    else:
        st.query_params.pop(name, None)


def _count(here: Desk, found: QueuePage, asked: dict[str, str]) -> bool:
    """The count, the export of exactly these rows, and whether several are being chosen."""
    noun = "duty" if found.count == 1 and not found.more else "duties"
    export = f"[Export these as CSV]({places.own_route('/export/queue.csv', asked)})"
    told = f"**{found.count_words} open {noun}**: who is vulnerable or at risk, then the nearest date · {export}"
    if not here.may(Permission.ASSIGN):
        st.markdown(told)
        return False
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(told)
        return st.toggle("Select several", key=keys.PICK)


def _further(found: QueuePage, asked: dict[str, str], *, first: bool) -> str:
    """The ways on from these rows, as links."""
    after = {**asked, "after": found.after}
    links = [
        ("Next page", places.MY_CASES, after if found.after else None),
        ("Back to the first page", places.MY_CASES, None if first else asked),
        ("What goes by another route than the Code", places.ROUTES, {}),
    ]
    return " · ".join(f"[{label}]({places.address(page, query)})" for label, page, query in links if query is not None)


page()
