"""Reports as they were made, how far each has come, and what differs now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from core.code.figures import FIGURES, FigureText
from core.code.monitoring import LIMITS
from core.code.reports import ReportKind
from core.errors import NotFound
from core.letters.reports import Report, digest, thawed
from core.model.people import Colleague
from core.model.reports import (
    GoverningResponse,
    MemberReport,
    ReportDifference,
    ReportNarrative,
    ReportPublication,
    ReportReceipt,
    ReportSnapshot,
)
from core.permissions import Permission
from core.queries.base import Asking, query
from core.queries.figures import Figure, figures, quarters_of
from core.rules.periods import Period
from core.rules.reports import Difference, GovernanceFacts, Publication, differences, lacking
from core.rules.showing import written
from core.words import pounds, share

_N = ReportNarrative.__table__  # type: ignore[attr-defined]
_R = ReportSnapshot.__table__  # type: ignore[attr-defined]
_D = ReportDifference.__table__  # type: ignore[attr-defined]
_G = ReportReceipt.__table__  # type: ignore[attr-defined]
_A = GoverningResponse.__table__  # type: ignore[attr-defined]
_P = ReportPublication.__table__  # type: ignore[attr-defined]
_M = MemberReport.__table__  # type: ignore[attr-defined]
_W = Colleague.__table__  # type: ignore[attr-defined]


def figure_words(text: FigureText, figure: Figure) -> str:
    """A figure as a report says it: a share with both its numbers, a time in working days, money in pounds."""
    if text.kind == "share":
        return share(figure.numerator or 0, figure.denominator or 0)
    if text.kind == "pence":
        return pounds(figure.numerator or 0)
    if text.kind == "count":
        return f"{figure.numerator or 0:,}"
    if figure.value is None:
        return "n/a (0 answers)"
    return f"{figure.value} working days ({figure.denominator or 0:,} answers)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Who received a report, and when."""

    receiver: str
    received_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """What the governing body said to it."""

    body: str
    met_on: date
    minute: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """Where and when it appeared; without the response only for the reason given."""

    address: str
    published_on: date
    with_response: bool
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportLine:
    """One report with its way so far. `missing` says in sentences what it still lacks [lgsco:8.2]."""

    id: int
    kind: ReportKind
    period: Period
    unsigned: bool
    sha256: str
    pdf_sha256: str
    word_sha256: str
    html_sha256: str
    made_by: str
    made_at: datetime
    receipts: tuple[Receipt, ...]
    responses: tuple[Response, ...]
    published: tuple[Published, ...]
    missing: tuple[str, ...]

    @property
    def without_response(self) -> bool:
        """Whether it is published and the governing body's response is not."""
        return bool(self.published) and not any(each.with_response for each in self.published)

    @property
    def name(self) -> str:
        """What it is called in a list."""
        return f"{self.id}. {self.kind.named}, {self.period.words}"


@query(needs=Permission.FIGURES, kept=True)
def reports(asking: Asking) -> tuple[ReportLine, ...]:
    """Every report, the newest first, with what each still lacks [lgsco:8.2]."""
    receipts = _by_report(asking, _G, Receipt)
    responses = _by_report(asking, _A, Response)
    published = _by_report(asking, _P, Published)
    columns = [column for column in _R.c if column.name not in ("content", "made_by")]
    statement = (
        sa.select(*columns, sa.func.coalesce(_W.c.name, "The console").label("maker"))
        .select_from(_R.outerjoin(_W, _W.c.id == _R.c.made_by))
        .order_by(_R.c.id.desc())
    )
    found = asking.connection.execute(statement)
    return tuple(
        _line(row, receipts.get(row.id, []), responses.get(row.id, []), published.get(row.id, [])) for row in found
    )


def _line(row: Any, receipts: list[Receipt], responses: list[Response], published: list[Published]) -> ReportLine:
    facts = GovernanceFacts(
        yearly=row.kind == ReportKind.YEARLY,
        unsigned=row.unsigned,
        received=len(receipts),
        met_on=[each.met_on for each in responses],
        published=[Publication(published_on=each.published_on, with_response=each.with_response) for each in published],
    )
    kept = ("id", "unsigned", "sha256", "pdf_sha256", "word_sha256", "html_sha256", "made_at")
    return ReportLine(
        **{name: getattr(row, name) for name in kept},
        kind=ReportKind(row.kind),
        period=Period(row.starts_on, row.ends_on),
        made_by=row.maker,
        receipts=tuple(receipts),
        responses=tuple(responses),
        published=tuple(published),
        missing=lacking(facts),
    )


def _by_report(asking: Asking, table: sa.Table, kind: type[Any]) -> dict[int, list[Any]]:
    """The rows of one table by the report they are about, in the order they came."""
    names = list(kind.__dataclass_fields__)
    found: dict[int, list[Any]] = {}
    columns = [table.c[name] for name in names]
    for row in asking.connection.execute(sa.select(table.c.snapshot_id, *columns).order_by(table.c.id)).mappings():
        found.setdefault(row["snapshot_id"], []).append(kind(**{name: row[name] for name in names}))
    return found


@query(needs=Permission.FIGURES, kept=True)
def one_report(asking: Asking, number: int) -> Report:
    """A report in the words and numbers in which it was made, without what it does not tell [lgsco:8.1] [lgsco:9.6].

    Raises NotFound for none, and for one whose text is not the one that was made.
    """
    return _frozen(asking, number).to_read()


def _frozen(asking: Asking, number: int) -> Report:
    row = asking.connection.execute(sa.select(_R.c.content, _R.c.sha256).where(_R.c.id == number)).first()
    if row is None:
        raise NotFound("There is no such report. Choose one from the page Reports.")
    if digest(row.content) != row.sha256:
        raise NotFound("This report is not as it was made. Tell whoever runs the console, and make it again.")
    return thawed(row.content)


@query(needs=Permission.FIGURES, kept=True)
def report_differences(asking: Asking, number: int) -> tuple[Difference, ...]:
    """The figures of a report that would come out differently now, with the reasons given [lgsco:8.1].

    Whoever may open no case has them as they are told, and none that is told the same [lgsco:9.6].
    """
    report = _frozen(asking, number)
    period = Period(report.starts_on, report.ends_on)
    now = figures(asking, period)
    given = sa.select(_D.c.figure, _D.c.now, _D.c.reason).where(_D.c.snapshot_id == number).order_by(_D.c.id)
    found = differences(
        {each.id: each.words for each in report.figures},
        {key: figure_words(FIGURES[key], figure) for key, figure in now.items()},
        names={key: text.name for key, text in FIGURES.items()},
        reasons={(row.figure, row.now): row.reason for row in asking.connection.execute(given)},
    )
    if asking.actor.may(Permission.READ) or not found:
        return found
    told = written(now, fewest=LIMITS.fewest, quarters=quarters_of(asking, period))
    then = {each.id: each.told for each in report.figures}
    seen = (replace(each, then=then[each.figure], now=told[each.figure]) for each in found)
    return tuple(each for each in seen if each.then != each.now)


@query(needs=Permission.FIGURES)
def narratives(asking: Asking, kind: ReportKind, starts_on: date) -> Mapping[str, str]:
    """What is written for a report to come, by the place where it goes."""
    statement = sa.select(_N.c.box, _N.c.text).where(_N.c.kind == kind.value, _N.c.starts_on == starts_on)
    return {row.box: row.text for row in asking.connection.execute(statement)}


@dataclass(frozen=True, slots=True, kw_only=True)
class MembersReport:
    """What the Member reported."""

    id: int
    name: str
    sha256: str
    size: int
    about: str
    reported_on: date


@query(needs=Permission.FIGURES, kept=True)
def member_reports(asking: Asking) -> tuple[MembersReport, ...]:
    """The reports of the Member's findings, the newest first [lgsco:9.6]."""
    columns = [_M.c[name] for name in MembersReport.__dataclass_fields__]
    statement = sa.select(*columns).order_by(_M.c.reported_on.desc(), _M.c.id.desc())
    return tuple(MembersReport(**row) for row in asking.connection.execute(statement).mappings())
