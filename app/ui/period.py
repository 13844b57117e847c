"""The period and the service that figures are shown for, chosen on the page and kept in its address."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

import streamlit as st

from app.ui import keys
from app.ui.desk import short_lists
from app.ui.plain import one_line
from core.errors import BadInput
from core.queries.base import LAST_ID
from core.rules.periods import Period

_WRITTEN = re.compile(r"([0-9]{4})(?:-q([1-4]))?")
_QUARTERS, _YEARS = 9, 4


def choices(today: date) -> dict[str, str]:
    """The last two years of quarters and a few years, the newest first, each by its name in the address."""
    found: dict[str, str] = {}
    quarter, year = Period.quarter_with(today), Period.year_with(today)
    for _ in range(_QUARTERS):
        found[_name(quarter)] = quarter.words + (" (under way)" if quarter.end >= today else "")
        quarter = quarter.before()
    for _ in range(_YEARS):
        found[str(year.start.year)] = f"Year {year.words}" + (" (under way)" if year.end >= today else "")
        year = year.before()
    return found


def usual(today: date) -> str:
    """The quarter that is shown unasked: the last that is over."""
    return _name(Period.quarter_with(today).before())


def chosen(params: Mapping[str, str], today: date) -> Period:
    """The period an address asks for; BadInput for one there is not."""
    return _period(params.get("period") or usual(today))


def _period(name: str) -> Period:
    found = _WRITTEN.fullmatch(name)
    if found is None:
        raise BadInput("There is no such period. Choose one from the list above.")
    year = int(found[1])
    return Period.financial_year(year) if found[2] is None else Period.quarter(year, int(found[2]))


def service(params: Mapping[str, str]) -> int | None:
    """The service an address asks for, None for the whole council; BadInput for one there cannot be."""
    text = params.get("service", "")
    if text and not (text.isascii() and text.isdigit() and int(text) <= LAST_ID):
        raise BadInput("There is no such service. Choose one from the list above.")
    return int(text) if text else None


def pick(page: str, today: date, *, everything: bool = True) -> None:
    """Both lists, as the address has them; without everything, the whole council and what is over alone."""
    services = {"": "The whole council", **{str(each.id): each.name for each in short_lists().services}}
    with st.container(key="filters", horizontal=True, vertical_alignment="bottom"):
        reads = {name: said for name, said in choices(today).items() if everything or _period(name).end < today}
        _choice(page, "period", "Period", reads, usual(today))
        if everything:
            _choice(page, "service", "Service", services, "")


def _choice(page: str, name: str, label: str, reads: dict[str, str], first: str) -> None:
    key = keys.filter_key(page, name)
    held = st.query_params.get(name, "")
    st.session_state[key] = held if held in reads else first
    st.selectbox(label, list(reads), format_func=reads.get, key=key, on_change=_set, args=(page, name))


def _set(page: str, name: str) -> None:
    value = str(st.session_state[keys.filter_key(page, name)])
    st.query_params.pop(name, None)
    if value:
        st.query_params[name] = value


def _name(quarter: Period) -> str:
    year = Period.year_with(quarter.start).start
    number = next(n for n in range(1, 5) if Period.quarter(year.year, n) == quarter)  # house: the quarters of a year
    return f"{year.year}-q{number}"


def words(period: Period, service_name: str) -> str:
    """What is being looked at: "July to September 2026, Parking"."""
    return f"{period.words}, {one_line(service_name, empty='the whole council')}"
