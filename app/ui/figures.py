"""Figures on the page: a table of each, open to its cases where the person may see cases, and control charts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from app.ui import drawn, places
from app.ui.plain import one_line, plain
from core.code.figures import FIGURES
from core.queries.by_category import Lines
from core.queries.dashboard import FOUND, Dashboard
from core.queries.figures import Figure, Period
from core.rules.control import Control, p_chart, xmr
from core.rules.showing import by_month, in_full, written
from core.rules.suppression import beside_totals, share_shown, words
from core.rules.together import OF_NOBODY
from core.words import month_words

_AVERAGE = "average"
_BLUE, _GREY, _RED = "#0b4f8a", "#6f777b", "#b10e1e"


def table(found: Dashboard, ids: Sequence[str], *, address: Mapping[str, str], opens: bool) -> str:
    """What each figure is in this period, in the one before and a year before, and how it is read."""
    now, *others = (
        written(each, fewest=found.fewest, quarters=found.quarters.get(span, ())) for span, each in _compared(found)
    )
    heads = ["Figure", *(each.words for each, _figures in _compared(found)), "How to read it"]
    lines = [f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"]
    for key in ids:
        text = FIGURES[key]
        shown = opened(key, found.figures[key], now[key], address) if opens else now[key]
        clause = places.clause_links([text.clause])
        lines.append(
            f"| {text.name} ({clause}) | {shown} | {' | '.join(each[key] for each in others)} | {text.how_to_read} |"
        )
    return "\n".join(lines)


def _compared(found: Dashboard) -> list[tuple[Period, Mapping[str, Figure]]]:
    """The period and those it stands beside."""
    a_year_ago = [] if found.last_year is None else [(found.last_year, found.year_ago)]
    return [(found.period, found.figures), (found.earlier, found.before), *a_year_ago]


def opened(key: str, figure: Figure, shown: str, address: Mapping[str, str]) -> str:
    """The number as a link to the cases it counts."""
    if key in OF_NOBODY:
        return shown
    part = "numerator" if FIGURES[key].kind in ("count", "share", "pence") else "denominator"
    if not (figure.denominator if part == "denominator" else figure.numerator):
        return shown
    query = {"figure": key, "part": part, **address}
    return f"[{shown}]({places.address(places.BEHIND, query)})"


def chart(found: Dashboard, key: str) -> None:
    """A figure month by month with its limits, what it says in words, and its numbers as a table below."""
    name = FIGURES[key].name
    said = drawn.once(found, f"said of {key}", lambda: _said(found, key))
    st.markdown(f"**{name}, month by month**\n\n{said}")
    values = drawn.once(found, f"values of {key}", lambda: _values(found, key))
    if values is None:
        return
    spec = _spec(name, share=FIGURES[key].kind == "share", limits=_AVERAGE in values.column_names)
    st.vega_lite_chart(values, spec, width="stretch", alt=f"{name}. {said}")
    with st.expander("The same as a table"):
        # A table of the page itself: it is read aloud cell by cell, and costs a tenth of a grid.
        st.markdown(drawn.once(found, f"table of {key}", lambda: _as_table(found, key)))


def _hidden(found: Dashboard, key: str) -> bool:
    return found.fewest is not None and not by_month(key, found.months, fewest=found.fewest)


def _said(found: Dashboard, key: str) -> str:
    if _hidden(found, key):
        return f"Not shown by month: some months have fewer than {found.fewest}, or would tell a number held back."
    control, write = _control(found, key)
    return control.words(write)


def _values(found: Dashboard, key: str) -> Any:
    """The points as a table of Arrow's, which needs no turning into one at each rerun; None where there are none."""
    import pyarrow

    control, _write = _control(found, key)
    if _hidden(found, key) or not control.points:
        return None
    limits = {} if control.early else {_AVERAGE: control.average}
    rows = [
        {
            "month": point.month.isoformat()[:7],
            "value": point.value,
            "lower": point.lower,
            "upper": point.upper,
            "how": "beyond what is usual" if point.beyond and not control.early else "as usual",
            **limits,
        }
        for point in control.points
    ]
    return pyarrow.Table.from_pylist(rows)


def _as_table(found: Dashboard, key: str) -> str:
    control, write = _control(found, key)
    rows = [
        f"| {month_words(point.month)} | {written_one(key, found.months[point.month][key])} "
        f"| {plain(write(point.lower))} to {plain(write(point.upper))} |"
        for point in control.points
    ]
    return "\n".join(["| Month | Figure | Usual |", "|---|--:|--:|", *rows])


def findings(found: Dashboard) -> str:
    """What was found at stage 1, by service and by category."""
    now = written(found.figures, fewest=found.fewest, quarters=found.quarters.get(found.period, ()))
    if (found.services or found.categories) and not in_full(found.figures, now, *FOUND):
        return "What was found is not shown by service or category: the tables would tell a number held back above."
    choose = "What was found by service and by category is shown for a quarter: choose one above."
    told = [choose] if found.fewest is not None and found.period in found.quarters else []
    told += _findings("Service", found.services, found.fewest)
    told += _findings("Category", found.categories, found.fewest)
    return "\n\n".join(told)


def _findings(by: str, lines: Lines, fewest: int | None) -> list[str]:
    """What was found, line by line, with totals both ways and the share upheld."""
    if not lines:
        return []
    head = f"**What was found at stage 1, by {by.lower()}**"
    shown = beside_totals([line for _name, line in lines], fewest=fewest or 1)
    if shown is None:
        return [head, f"Not shown by {by.lower()}: too few were answered for that."]
    heads = [*(FIGURES[key].name.removeprefix("Stage 1 ").capitalize() for key in FOUND), "All", "Share upheld"]
    names = [*(one_line(name) for name, _line in lines), "All"]
    numbers = [*zip(shown.cells, shown.row_totals, strict=True), (shown.column_totals, shown.total or 0)]
    rows = [f"| {by} | {' | '.join(heads)} |", "|---|" + "--:|" * len(heads)]
    for name, (cells, total) in zip(names, numbers, strict=True):
        counts = " | ".join(words(each, fewest=fewest or 1) for each in (*cells, total))
        rows.append(f"| {name} | {counts} | {share_shown(cells[0], total)} |")
    return [head, "\n".join(rows)]


def _control(found: Dashboard, key: str) -> tuple[Control, Callable[[float], str]]:
    kind = FIGURES[key].kind
    months = {month: figures[key] for month, figures in found.months.items()}
    if kind == "share":
        pairs = {month: (each.numerator or 0, each.denominator or 0) for month, each in months.items()}
        return p_chart(pairs), lambda value: f"{100 * value:.1f} %"
    values = {month: float(each.value) for month, each in months.items() if each.value is not None}
    return xmr(values), lambda value: f"{value:.1f}" if kind == "mean" else f"{value:.0f}"


def written_one(key: str, figure: Figure) -> str:
    """One figure in full."""
    return written({key: figure}, fewest=None)[key]


def _spec(title: str, *, share: bool, limits: bool) -> dict[str, Any]:
    """A plain Vega-Lite dict: it costs a tenth of building one with Altair."""
    axis = {"title": title, "axis": {"format": ".0%"} if share else {}}
    x = {"field": "month", "type": "ordinal", "title": "Month", "axis": {"labelOverlap": True}}

    def line(field: str, dash: list[int]) -> dict[str, Any]:
        y = {"field": field, "type": "quantitative", **axis}
        return {"mark": {"type": "line", "color": _GREY, "strokeDash": dash}, "encoding": {"x": x, "y": y}}

    kinds = {"domain": ["as usual", "beyond what is usual"], "range": [_BLUE, _RED]}
    shape = {"field": "how", "type": "nominal", "title": None, "scale": {"domain": kinds["domain"]}}
    y = {"field": "value", "type": "quantitative", **axis}
    points = {"x": x, "y": y, "shape": shape, "color": {**shape, "scale": kinds}}
    usual = [line("lower", [4, 4]), line("upper", [4, 4]), line(_AVERAGE, [1, 0])] if limits else []
    curve = {"mark": {"type": "line", "color": _BLUE}, "encoding": {"x": x, "y": y}}
    marked = {"mark": {"type": "point", "filled": True, "size": 60}, "encoding": points}
    return {"height": 220, "layer": [*usual, curve, marked]}
