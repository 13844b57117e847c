"""Performance: how the work stands today, what falls due, and what needs the manager. Every number opens its list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from app.ui import extensions, figures, places
from app.ui.desk import guard
from app.ui.plain import one_line
from core.code.figures import FIGURES
from core.permissions import Permission
from core.queries.extensions import extension_reasons
from core.queries.figures import Figure, Period
from core.queries.figures import figures as counted_figures
from core.queries.performance import Forecast, PersonsWeeks, forecast
from core.queries.queue import QueueFilter, queue_counts
from core.words import day_words

NEEDS = (
    "over_twelve_weeks", "over_eight_weeks", "breaches_unexplained", "reviews_overdue", "late_one", "late_two",
    "remedy_actions_in_time", "improvements_overdue",
)  # fmt: skip
EXTENDED = ("extended", "extended_beyond", "extension_days_mean", "extension_details")


def page() -> None:
    """Today, the next weeks, this year so far, and its extensions."""
    here = guard(Permission.PERFORMANCE, title="Performance")
    st.title("Performance", anchor=False)
    today = here.office.today(here.office.now())
    year = Period.year_with(today)
    with here.one_view():
        counts, ahead = here.ask(queue_counts, QueueFilter()), here.ask(forecast)
        unassigned = here.ask(queue_counts, QueueFilter(unassigned=True)).total
        found, given = here.ask(counted_figures, year), here.ask(extension_reasons, year)
    st.header("Today", anchor=False)
    _today(counts.overdue, counts.today, counts.week, unassigned)
    st.header("What falls due", anchor=False)
    _ahead(ahead)
    st.header(f"What needs you, {year.words}", anchor=False)
    st.markdown("What is open or overdue is as of today; the others are counted over the financial year so far.")
    _lines(NEEDS, found, year)
    st.header(f"Extensions, {year.words}", anchor=False)
    _lines(EXTENDED, found, year)
    extensions.reasons(given)


def _today(late: int, today: int, week: int, unassigned: int) -> None:
    told = (
        (late, "overdue", {"whose": "all", "due": "late"}),
        (today, "due today", {"whose": "all", "due": "today"}),
        (week, "due in the next 7 days", {"whose": "all", "due": "week"}),
        (unassigned, "not assigned", {"whose": "nobody"}),
    )
    st.markdown(
        " · ".join(f"[**{n:,}** {words}]({places.address(places.MY_CASES, query)})" for n, words, query in told)
    )


def _ahead(ahead: Forecast) -> None:
    """By week and person; each number opens the steps it counts."""
    if not ahead.people:
        st.info("Nothing falls due in the next four weeks. What is recorded shows here at once.")
        return
    heads = ["Late already", *(f"Week of {day_words(monday)}" for monday in ahead.weeks)]
    lines = [f"| Who | {' | '.join(heads)} |", "|---|" + "--:|" * len(heads)]
    lines += [_person(each, ahead, str(each.id) if each.id else "nobody") for each in ahead.people]
    lines.append(_person(ahead.total, ahead, "all"))
    st.markdown("\n".join(lines))


def _person(each: PersonsWeeks, ahead: Forecast, whose: str) -> str:
    """One line of the table; what is nought opens nothing."""
    cells = [one_line(each.name)]
    for due, number in (("late", each.late), *zip(map(str, ahead.weeks), each.weeks, strict=True)):
        address = places.address(places.MY_CASES, {"whose": whose, "due": due, "steps": "all"})
        cells.append(f"[{number:,}]({address})" if number else "0")
    return f"| {' | '.join(cells)} |"


def _lines(keys: Sequence[str], found: Mapping[str, Figure], year: Period) -> None:
    query = {"period": str(year.start.year)}
    st.markdown("\n".join(_line(key, found[key], query) for key in keys))


def _line(key: str, figure: Figure, query: Mapping[str, str]) -> str:
    """One figure as a link to its cases."""
    text = FIGURES[key]
    shown = figures.opened(key, figure, figures.written_one(key, figure), query)
    return f"- {text.name} ({places.clause_links([text.clause])}): {shown}. {text.how_to_read}"


page()
