"""What was found at stage 1, category by category: beside the same by service, so that what goes wrong is seen too."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from core.model.complaints import Complaint
from core.queries.base import Asking
from core.queries.category_rows import CATEGORY, FOUND, FOUND_ROWS
from core.queries.figure_counts import between
from core.queries.figure_rows import of_scheme
from core.queries.figures import CHOICES
from core.queries.kept_months import categories, standing
from core.queries.slice_counts import SCHEME
from core.rules.periods import Period

_C = Complaint.__table__  # type: ignore[attr-defined]
__all__ = ["CATEGORY", "OTHERS", "Lines", "found_by_category"]

OTHERS = "Other categories"
_PLACES: tuple[Any, ...] = (sa.literal_column("1"), sa.literal_column("2"))
_NAMED = 20  # house: rows of a table that is still read

Lines = tuple[tuple[str, tuple[int, ...]], ...]


def found_by_category(
    asking: Asking, period: Period, ids: Sequence[str], *, service_id: int | None = None, fewest: int | None = None
) -> Lines:
    """How many answers each figure named in `ids` counts, by category, in the order of their names.

    The figures are shares of the answers of one stage. The largest categories are named and the rest put together at
    the end; with `fewest`, a category with fewer answers than that is not named either, because somebody wrote its
    name for one complaint, and it may say whose [lgsco:9.7].
    """
    choices = [CHOICES[key][0].facets for key in ids]
    counts: dict[str, list[int]] = defaultdict(lambda: [0] * len(ids))
    for (name, found), count in _answers(asking, period, service_id).items():
        for at, facets in enumerate(choices):
            counts[name][at] += count if found in facets["outcome"] else 0
    return _largest({name: tuple(line) for name, line in counts.items() if any(line)}, fewest or 1)


def _answers(asking: Asking, period: Period, service_id: int | None) -> Counter[tuple[str, str]]:
    """How many answers there are of each category and outcome: months that are kept, and the days between counted."""
    holding = standing(asking, period)
    added: Counter[tuple[str, str]] = Counter()
    for service, tally, times in categories(asking, holding):
        if service_id is None or service == service_id:
            for (source, values), count in tally.numbers.items():
                if source == FOUND:
                    added[values[0], values[1]] += times * count
    columns = [*FOUND_ROWS.facets.values()]
    chosen = [] if service_id is None else [_C.c.service_id == service_id]
    statement = sa.select(*columns, sa.func.count()).select_from(FOUND_ROWS.rows).where(*chosen).group_by(*_PLACES)
    for span in between(period, holding.months):
        where = [*FOUND_ROWS.where(span, asking.today), *of_scheme(FOUND_ROWS, SCHEME)]
        for row in asking.connection.execute(statement.where(*where)):
            added[row[0], row[1]] += int(row[2])
    return added


def _largest(counts: Mapping[str, tuple[int, ...]], fewest: int) -> Lines:
    """The largest by name, and all others as one line."""
    largest = sorted(counts, key=lambda name: (-sum(counts[name]), name))[:_NAMED]
    named = sorted(name for name in largest if sum(counts[name]) >= fewest)
    others = [line for name, line in counts.items() if name not in named]
    rest = ((OTHERS, tuple(map(sum, zip(*others, strict=True)))),) if others else ()
    return (*((name, counts[name]) for name in named), *rest)
