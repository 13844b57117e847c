"""What speaks to each row and clause of a self-assessment: figures, duties, departures, checks, documents, people.

Evidence only ever suggests an answer; a person gives it. Figures of timeliness and outcome come first, and mere numbers
of complaints last, for they are context and no measure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa

from core.code.figures import FIGURES
from core.code.quality import CHECKLIST
from core.code.self_assessment import FORM, AssessedClause, AssessedRow
from core.errors import BadInput
from core.model.complaints import Complaint, Departure
from core.model.duties import Duty
from core.permissions import Permission
from core.queries.assessment_documents import documents_told
from core.queries.base import Asking, query
from core.queries.figures import Figure, Period, figures
from core.queries.gap_report import GapReport, gap_report
from core.queries.quality import QualityFigures, quality_figures
from core.queries.self_assessment import AssessmentLine, one_assessment
from core.rules.duties import TITLES
from core.rules.facts import Standing
from core.rules.s8_reporting import Follows, suggested_answer
from core.words import counted, pounds, share

_C = Complaint.__table__  # type: ignore[attr-defined]
_D = Duty.__table__  # type: ignore[attr-defined]
_X = Departure.__table__  # type: ignore[attr-defined]
_KEPT = (Standing.IN_TIME.value, Standing.EXTENDED.value)
_NOT_CARRIED = "The imported records do not say anything about this clause. Answer it from what you know."
_FROM_IMPORT = {
    "lgsco:6.2": "acknowledge_stage_one",
    "lgsco:6.3": "respond_stage_one",
    "lgsco:6.4": "respond_stage_one",
    "lgsco:6.12": "acknowledge_stage_two",
    "lgsco:6.15": "respond_stage_two",
    "lgsco:6.16": "respond_stage_two",
}
Kind = Literal["figure", "duty", "departures", "quality", "document", "attested", "silent"]
Counts = Mapping[str, tuple[int, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseEvidence:
    """One thing that speaks to a row or a clause, in words.

    `key` names the figure, duty, clause, item or document. `kept` of `judged` is what a suggestion goes by, None for
    what is neither good nor bad by itself. `behind` is what `evidence_cases` or the figures' cases are asked for; ""
    where there are no cases behind it.
    """

    kind: Kind
    key: str
    title: str
    words: str
    kept: int | None = None
    judged: int | None = None
    behind: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """All that speaks to one row or clause, and the answer it suggests: None where it suggests none."""

    evidence: tuple[ClauseEvidence, ...]
    suggested: Follows | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """What was counted once for all rows and clauses."""

    figures: Mapping[str, Figure]
    duties: Counts
    departed: Mapping[str, int]
    quality: QualityFigures
    documents: Mapping[str, str]


@query(needs=Permission.FIGURES, kept=True)
def assessment_evidence(asking: Asking, assessment_id: int) -> Mapping[str, Spoken]:
    """What speaks to each row and clause over the assessment's period, as it stands now [lgsco:8.1a]."""
    line = one_assessment(asking, assessment_id)
    told = _from_import(asking, line) if line.source else _live(asking, line)
    return {key: Spoken(evidence=tuple(found), suggested=_suggested(found)) for key, found in told}


def _suggested(evidence: Sequence[ClauseEvidence]) -> Follows | None:
    judged = [(each.kept, each.judged) for each in evidence if each.kept is not None and each.judged is not None]
    return suggested_answer(sum(kept for kept, _ in judged), sum(of for _, of in judged))


def _live(asking: Asking, line: AssessmentLine) -> Iterator[tuple[str, list[ClauseEvidence]]]:
    found = _Found(
        figures=figures(asking, Period(line.starts_on, line.ends_on), scheme=line.scheme),
        duties=_duties(asking, line),
        departed=_departed(asking, line),
        quality=quality_figures(asking, first_month=line.starts_on, last_month=line.ends_on),
        documents=documents_told(asking, line.starts_on, line.ends_on),
    )
    for row in FORM.rows.values():
        yield row.key, _of_row(row, found)
        for clause in FORM.beneath(row.key):
            yield clause.key, _of_clause(clause, found)


def _of_row(row: AssessedRow, found: _Found) -> list[ClauseEvidence]:
    beneath = FORM.beneath(row.key)
    evidence = _figures(row.figures, found, volumes=False)
    evidence += _kept(dict.fromkeys(kind for each in beneath for kind in each.duties), found)
    departed = sum(found.departed.get(each.key, 0) for each in beneath)
    if any(each.departures for each in beneath):
        evidence.append(_departures(row.key, departed))
    return evidence + _figures(row.figures, found, volumes=True)


def _of_clause(clause: AssessedClause, found: _Found) -> list[ClauseEvidence]:
    evidence = _figures(clause.figures, found, volumes=False)
    evidence += _kept(clause.duties, found)
    if clause.departures:
        evidence.append(_departures(clause.key, found.departed.get(clause.key, 0)))
    evidence += _checks(clause.quality, found.quality)
    for key in clause.documents:
        title = FORM.documents[key].title
        evidence.append(ClauseEvidence(kind="document", key=key, title=title, words=found.documents[key]))
    evidence += _figures(clause.figures, found, volumes=True)
    if clause.attested:
        evidence.append(
            ClauseEvidence(kind="attested", key=clause.key, title="For a person to say", words=clause.attested)
        )
    return evidence


def _figures(ids: Iterable[str], found: _Found, *, volumes: bool) -> list[ClauseEvidence]:
    """Figures in words; those that only say how many stand apart, so that they can come last."""
    return [
        ClauseEvidence(
            kind="figure", key=each, title=FIGURES[each].name, words=figure_words(found.figures[each]), behind=each
        )
        for each in ids
        if (each in FORM.volumes) is volumes
    ]


def figure_words(figure: Figure) -> str:
    """A figure as it is read: "17", "81.0 % (17 of 21)", "£120.00"; n/a where nothing is counted."""
    number, of = figure.numerator or 0, figure.denominator or 0
    match FIGURES[figure.id].kind:
        case "share":
            return share(number, of)
        case "pence":
            return pounds(number)
        case "count":
            return f"{number:,}"
        case _:
            return f"{figure.value} working days, over {of:,}" if figure.value is not None else "n/a (0 counted)"


def _kept(kinds: Iterable[str], found: _Found) -> list[ClauseEvidence]:
    evidence = []
    for kind in kinds:
        kept, judged = found.duties.get(kind, (0, 0))
        words = f"{share(kept, judged)} kept in time or within an extension that was told."
        evidence.append(
            ClauseEvidence(
                kind="duty", key=kind, title=TITLES[kind], words=words, kept=kept, judged=judged, behind=kind
            )
        )
    return evidence


def _departures(key: str, number: int) -> ClauseEvidence:
    words = f"{counted(number, 'departure')}, each with the reason that was given."
    return ClauseEvidence(kind="departures", key=key, title="Departed from", words=words, behind=key if number else "")


def _checks(items: Iterable[str], quality: QualityFigures) -> list[ClauseEvidence]:
    by_title = {each.title: each for each in quality.items}
    evidence = []
    for key in items:
        item = by_title[CHECKLIST[key].title]
        judged = item.met + item.not_met
        words = f"{share(item.met, judged)} of the checks found it met."
        evidence.append(
            ClauseEvidence(kind="quality", key=key, title=item.title, words=words, kept=item.met, judged=judged)
        )  # fmt: skip
    return evidence


def _duties(asking: Asking, line: AssessmentLine) -> dict[str, tuple[int, int]]:
    """Of each kind due in the period, how many were kept, and of how many; what is overdue counts as not kept."""
    was_kept = _D.c.standing.in_(_KEPT)
    statement = (
        sa.select(_D.c.kind, sa.func.sum(sa.case((was_kept, 1), else_=0)), sa.func.count())
        .select_from(_D.join(_C, _C.c.id == _D.c.complaint_id))
        .where(*_due(line), sa.or_(was_kept, _missed(asking)))
        .group_by(_D.c.kind)
    )
    return {row[0]: (int(row[1]), row[2]) for row in asking.connection.execute(statement)}


def _missed(asking: Asking) -> Any:
    """That a duty was met late, or is not met though its day has gone by."""
    overdue = sa.and_(_D.c.standing == Standing.OPEN.value, _D.c.act_by < asking.today)
    return sa.or_(_D.c.standing == Standing.LATE.value, overdue)


def _due(line: AssessmentLine) -> list[Any]:
    return [_D.c.due_on.between(line.starts_on, line.ends_on), _C.c.scheme == line.scheme]


def _departed(asking: Asking, line: AssessmentLine) -> dict[str, int]:
    statement = (
        sa.select(_X.c.clause, sa.func.count())
        .select_from(_X.join(_C, _C.c.id == _X.c.complaint_id))
        .where(*_recorded(line))
        .group_by(_X.c.clause)
    )
    return {_whole(row[0]): row[1] for row in asking.connection.execute(statement)}


def _recorded(line: AssessmentLine) -> list[Any]:
    return [_X.c.recorded_on.between(line.starts_on, line.ends_on), _C.c.scheme == line.scheme]


def _whole(clause: str) -> str:
    """The clause that a lettered part belongs to."""
    return clause if clause in FORM.clauses else clause.rstrip("abcdefgh")


def _from_import(asking: Asking, line: AssessmentLine) -> Iterator[tuple[str, list[ClauseEvidence]]]:
    """What an imported spreadsheet says: clocks for section 6, a paragraph for section 8, silence elsewhere."""
    report = gap_report(asking, source=line.source, scheme=line.scheme)
    silent = dict(report.not_covered)
    for row in FORM.rows.values():
        beneath = {each.key: _imported(each.key, report, silent) for each in FORM.beneath(row.key)}
        spoken = [each for found in beneath.values() for each in found if each.kind != "silent"]
        yield row.key, list(dict.fromkeys(spoken)) or [_silence(row.key)]
        yield from beneath.items()


def _imported(key: str, report: GapReport, silent: Mapping[str, str]) -> list[ClauseEvidence]:
    if key == "lgsco:8.1":
        return [ClauseEvidence(kind="duty", key=key, title="How the records stand", words=report.paragraph())]
    if key in silent:
        return [_silence(key, silent[key])]
    if (kind := _FROM_IMPORT.get(key)) is None:
        return [_silence(key)]
    counts = report.clocks[kind]
    kept = counts.in_time + counts.extended
    told = ClauseEvidence(
        kind="duty", key=kind, title=TITLES[kind], words=f"{counts.words()}.", kept=kept, judged=counts.judged
    )  # fmt: skip
    return [told] if counts.total else [_silence(key)]


def _silence(key: str, why: str = _NOT_CARRIED) -> ClauseEvidence:
    return ClauseEvidence(kind="silent", key=key, title="Not in these records", words=why)


@query(needs=Permission.READ)
def evidence_cases(
    asking: Asking, assessment_id: int, kind: Literal["departures", "missed"], key: str
) -> tuple[tuple[str, str], ...]:
    """The cases behind departures from a clause, or behind a kind of duty that was late: reference and what was said.

    As far as whoever asks sees them, a hundred at most. Raises BadInput for anything else.
    """
    line = one_assessment(asking, assessment_id)
    if kind == "departures":
        beneath = [each.key for each in FORM.beneath(key)] or [key]
        table, said = _X, _X.c.finding + " " + _X.c.reason
        where = [sa.or_(*(_X.c.clause.startswith(each, autoescape=True) for each in beneath)), *_recorded(line)]
    elif kind == "missed":
        table, said = _D, _C.c.matter
        where = [_D.c.kind == key, _missed(asking), *_due(line)]
    else:
        raise BadInput("That link is damaged. Open the number on the page of the self-assessment again.")
    statement = (
        sa.select(_C.c.reference, said, table.c.clause)
        .select_from(table.join(_C, _C.c.id == table.c.complaint_id))
        .where(*where, *asking.seen(_C.c.id, service_id=_C.c.service_id))
        .order_by(table.c.id.desc())
        .limit(100)
    )
    found = asking.connection.execute(statement)
    return tuple((row[0], row[1]) for row in found if kind == "missed" or _whole(row[2]) in beneath)
