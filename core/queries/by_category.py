"""What was found at stage 1, category by category: beside the same by service, so that what goes wrong is seen too."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from core.model.complaints import Complaint
from core.queries.base import Asking
from core.queries.figure_rows import SOURCES, joined, of_scheme
from core.queries.figures import CHOICES
from core.rules.periods import Period

_C = Complaint.__table__  # type: ignore[attr-defined]
CATEGORY = sa.case((sa.func.trim(_C.c.category) == "", "No category named"), else_=sa.func.trim(_C.c.category))
"""A complaint's category as it is listed."""
OTHERS = "Other categories"
_NAMED = 20  # house: rows of a table that is still read
_SCHEME = "lgsco"

Lines = tuple[tuple[str, tuple[int, ...]], ...]


def found_by_category(
    asking: Asking, period: Period, ids: Sequence[str], *, service_id: int | None = None, fewest: int | None = None
) -> Lines:
    """How many answers each figure named in `ids` counts, by category, in the order of their names.

    The figures are shares of the answers of one stage. The largest categories are named and the rest put together at
    the end; with `fewest`, a category with fewer answers than that is not named either, because somebody wrote its
    name for one complaint, and it may say whose [lgsco:9.7].
    """
    source = SOURCES["answers"]
    choices = [CHOICES[key][0].facets for key in ids]
    stage, outcome = source.facets["stage"], source.facets["outcome"]
    statement = (
        sa.select(CATEGORY, outcome, sa.func.count())
        .select_from(joined(source, to_complaint=True))
        .where(*source.where(period, asking.today), *of_scheme(source, _SCHEME), stage.in_(choices[0]["stage"]))
        .where(*([] if service_id is None else [_C.c.service_id == service_id]))
        .group_by(CATEGORY, outcome)
    )
    counts: dict[str, list[int]] = defaultdict(lambda: [0] * len(ids))
    for name, found, count in asking.connection.execute(statement):
        for at, facets in enumerate(choices):
            counts[name][at] += count if found in facets["outcome"] else 0
    return _largest({name: tuple(line) for name, line in counts.items()}, fewest or 1)


def _largest(counts: Mapping[str, tuple[int, ...]], fewest: int) -> Lines:
    """The largest by name, and all others as one line."""
    largest = sorted(counts, key=lambda name: (-sum(counts[name]), name))[:_NAMED]
    named = sorted(name for name in largest if sum(counts[name]) >= fewest)
    others = [line for name, line in counts.items() if name not in named]
    rest = ((OTHERS, tuple(map(sum, zip(*others, strict=True)))),) if others else ()
    return (*((name, counts[name]) for name in named), *rest)
