"""What a report says, gathered from the record on one day: figures, small numbers held back, and published words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from core.channels.assessment_document import USUAL, Chosen, assessment_document
from core.code.catalogue import SCHEMES, clause
from core.code.figures import FIGURES
from core.code.monitoring import LIMITS
from core.code.reports import REPORTS, Holds, ReportKind, SectionText
from core.commands.reporting import check_goes_with
from core.desk import Desk
from core.letters.documents import printable
from core.letters.reports import Block, Chart, Counted, Items, Report, Section, Table, Words, paragraphs
from core.queries.figures import Figure, figures
from core.queries.ombudsman_figures import FigureLine, letter_reported
from core.queries.report_tables import ReportTables, report_tables
from core.queries.reports import figure_words, narratives
from core.queries.self_assessment import SignatureView, frozen_text
from core.queries.signed_assessments import signed_assessments
from core.rules.periods import Period
from core.rules.report_rows import Lines
from core.rules.showing import HELD
from core.rules.suppression import Shown, words
from core.words import letter_day, month_words

UNSIGNED = "Draft: no signed self-assessment goes with this report, so it is not for publication."
NOTHING_WRITTEN = "Nothing was written for this part."
_GOES_WITH = "The self-assessment that goes with this report"
_FOLLOWED = "Do we follow the Code?"
_CODE = SCHEMES["lgsco"]
_STAGES = (("one", "Stage 1"), ("two", "Stage 2"))
_WITH_NUMBERS = ("count", "share")
"""Kinds whose words say the numbers; of how many a mean or a sum is, is not told."""
_OUTSIDE = ("ombudsman_decided", "ombudsman_investigated", "ombudsman_upheld", "remedied_before")
_NOTE = (
    f"Numbers from 1 to {LIMITS.fewest - 1} read “fewer than {LIMITS.fewest}”, and “not shown” stands where one of "
    "them could be worked out, here or from another report, so that nobody can be picked out."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """Everything that a report is put together from."""

    span: Period
    now: Mapping[str, Figure]
    tables: ReportTables
    written: Mapping[str, str]
    assessed: tuple[Block, ...]
    letter: tuple[FigureLine, ...]


def gathered(desk: Desk, kind: ReportKind, span: Period, *, self_assessment: int | None = None) -> Report:
    """A report on a period as the record has it today, from one consistent view of it [lgsco:8.1].

    Nothing of any one complaint comes into it: figures of the whole council with small numbers held back as the
    Member's dashboard holds them back, and words that were written for publication. `self_assessment` is the number of
    the signed text that a yearly report takes in; BadInput for one that does not go with it.
    """
    with desk.one_view():
        found = Gathered(
            span=span,
            now=desk.ask(figures, span),
            tables=desk.ask(report_tables, span),
            written=desk.ask(narratives, kind, span.start),
            assessed=_assessed(desk, kind, span, self_assessment) if self_assessment is not None else (),
            letter=desk.ask(letter_reported, span.start.year) if kind is ReportKind.YEARLY else (),
        )
    council = desk.office.settings.council
    yearly = kind is ReportKind.YEARLY
    return Report(
        kind=kind,
        title=REPORTS.of(kind).title,
        council=council,
        span=span.words,
        starts_on=span.start,
        ends_on=span.end,
        made_on=desk.office.today(desk.office.now()),
        draft=UNSIGNED if yearly and not found.assessed else "",
        sections=tuple(_section(text, found) for text in REPORTS.sections_of(kind)),
        figures=tuple(_counted(key, found) for key in _wanted(kind) if key in found.now),
    )


def _wanted(kind: ReportKind) -> Iterable[str]:
    return dict.fromkeys(key for text in REPORTS.sections_of(kind) for key in text.figures)


def _counted(key: str, found: Gathered) -> Counted:
    text, figure = FIGURES[key], found.now[key]
    return Counted(
        id=key,
        name=text.name,
        numerator=figure.numerator,
        denominator=figure.denominator,
        words=figure_words(text, figure),
        told=found.tables.told[key],
        as_is=key in found.tables.whole and text.kind in _WITH_NUMBERS,
    )


def _section(text: SectionText, found: Gathered) -> Section:
    blocks: list[Block] = []
    for box in text.box:
        said = paragraphs(found.written.get(box.key, "")) or (NOTHING_WRITTEN,)
        blocks.append(Words(title=box.title, paragraphs=said))
    if text.figures:
        blocks.append(_figures(text, found))
    for held in text.holds:
        blocks += _HELD[held](found)
    return Section(key=text.key, title=text.title, clause=_CODE.number(text.clause), blocks=tuple(blocks))


def _figures(text: SectionText, found: Gathered) -> Table:
    told, before = found.tables.told, found.tables.before
    rows = tuple((FIGURES[key].name, told[key], before[key]) for key in text.figures if key in told)
    columns = ("What is counted", found.span.words, f"Before: {found.span.before().words}")
    note = "" if {*text.figures} <= found.tables.whole else _NOTE
    return Table(title=f"{text.title}: figures", columns=columns, rows=rows, note=note)


def _months(found: Gathered) -> list[Block]:
    """How many came each month."""
    title = "Complaints received, month by month"
    if found.tables.months is None:
        return [_not_shown(title, "too few were received in some months")]
    labels = tuple(month_words(month) for month, _count in found.tables.months)
    return [_bars(title, labels, tuple(count for _month, count in found.tables.months))]


def _not_shown(title: str, why: str) -> Words:
    return Words(title=title, paragraphs=(f"Not shown: {why}, so that a small number could be worked out.",))


def _bars(title: str, labels: Sequence[str], values: Sequence[int]) -> Chart:
    told = ", ".join(f"{label} {value:,}" for label, value in zip(labels, values, strict=True)) or "nothing to show"
    return Chart(title=title, labels=tuple(labels), values=tuple(values), alt=f"Bar chart. {title}: {told}.")


def _timeliness(found: Gathered) -> list[Block]:
    """How answers came at both stages: in time, within an extension, late; never merged."""
    blocks: list[Block] = []
    for end, stage in _STAGES:
        named = (("in_target", "In time"), ("in_extension", "Within an extension"), ("late", "Late"))
        title = f"{stage} answers by how they came"
        if not {f"{name}_{end}" for name, _label in named} <= found.tables.whole:
            blocks.append(_not_shown(title, "too few came in one of the three ways"))
            continue
        values = [found.now[f"{name}_{end}"].numerator or 0 for name, _label in named]
        blocks.append(_bars(title, [label for _name, label in named], values))
    return blocks


def _counts(title: str, what: str, counts: Lines | None, *, empty: str) -> list[Block]:
    if counts is None:
        return [_not_shown(title, "too few were counted in all, or in a quarter")]
    rows = tuple((printable(name), f"{count:,}") for name, count in counts)
    if not rows:
        return [Words(title=title, paragraphs=(empty,))]
    note = f"Whatever counts fewer than {LIMITS.fewest}, or would tell such a count, is put together."
    return [Table(title=title, columns=(what, "Complaints"), rows=rows, note=note)]


def _services(found: Gathered) -> list[Block]:
    return _counts("By service", "Service", found.tables.services, empty="No complaint was received.")


def _categories(found: Gathered) -> list[Block]:
    return _counts("By category", "Category", found.tables.categories, empty="No complaint was received.")


def _refusals(found: Gathered) -> list[Block]:
    return _counts("By reason", "Reason", found.tables.refusals, empty="No complaint was refused.")


def _findings(found: Gathered) -> list[Block]:
    """The clauses not kept, with how often."""
    title = "Findings by clause"
    rows = tuple((*_cited(each.clause), _times(each.missed), _times(each.departed)) for each in found.tables.breached)
    if not rows and {"breaches", "departures"} <= found.tables.whole and not found.now["breaches"].numerator:
        return [Words(title=title, paragraphs=("No clause was found not to have been kept.",))]
    if not rows:
        return [_not_shown(title, "so few dates of so many clauses were missed")]
    columns = ("Clause", "What it asks", "Dates missed", "Departed from with a recorded reason")
    return [Table(title=title, columns=columns, rows=rows, note=_NOTE)]


def _cited(key: str) -> tuple[str, str]:
    return (_CODE.number(key), clause(key).title) if key else ("–", "A date that others set, such as the Ombudsman")


def _times(shown: Shown) -> str:
    return words(shown, fewest=LIMITS.fewest)


def _improvements(found: Gathered) -> list[Block]:
    """Only what is completed, in the words written for publication."""
    items = tuple(
        printable(
            f"{each.service + ': ' if each.service else ''}You said: {each.you_said} We did: {each.we_did} "
            f"({letter_day(each.done_on)})"
        )
        for each in found.tables.made
    )
    if not items:
        return [Words(title="Completed", paragraphs=("No improvement was completed in this time.",))]
    return [Items(title="Completed", listed=items)]


def _publications(found: Gathered) -> list[Block]:
    items = tuple(
        printable(
            " ".join(
                filter(
                    None, (f"{each.title} ({each.kind}, {letter_day(each.published_on)}).", each.concerns, each.address)
                )
            )
        )
        for each in found.tables.publications
    )
    if not items:
        return [Words(title="Publications", paragraphs=("The Ombudsman published nothing else about our work.",))]
    return [Items(title="Publications", listed=items)]


def _themes(found: Gathered) -> list[Block]:
    rows = tuple(
        (printable(each.title), each.service or "the whole council", each.risk) for each in found.tables.patterns
    )
    if not rows:
        return [Words(title="Themes", paragraphs=("No theme is being worked on.",))]
    note = f"Each was seen in at least {LIMITS.fewest} complaints."
    return [Table(title="Themes", columns=("Theme", "Service", "Risk"), rows=rows, note=note)]


def _letter(found: Gathered) -> list[Block]:
    """The annual letter's figures, each beside our own."""
    title = "The figures of the annual letter"
    if not found.letter:
        return [Words(title=title, paragraphs=(f"No annual letter is entered for {found.span.words}.",))]
    ours = _ours_told(found)
    rows = tuple(
        (each.title, _written(each, each.theirs), _written(each, each.ours) if ours else HELD) for each in found.letter
    )
    note = "A figure that the letter leaves out, or that our records do not hold, is shown as not known."
    return [
        Table(title=title, columns=("Figure", "The letter", "Our records"), rows=rows, note=note if ours else _NOTE)
    ]


def _ours_told(found: Gathered) -> bool:
    """Whether our own counts of the letter's year may stand in full: none is small, and no two tell a small one."""
    counts = sorted(each.ours for each in found.letter if each.ours is not None and each.kind != "percent")
    counts += [found.now[key].numerator or 0 for key in _OUTSIDE]
    apart = (abs(one - other) for one, other in combinations(counts, 2))
    small = range(1, LIMITS.fewest)
    return {*_OUTSIDE} <= found.tables.whole and not any(each in small for each in (*counts, *apart))


def _written(line: FigureLine, value: Decimal | int | None) -> str:
    if value is None:
        return "not known"
    return f"{value:,}%" if line.kind == "percent" else f"{value:,}"


def _assessment(found: Gathered) -> list[Block]:
    return list(found.assessed) or [Words(title=_GOES_WITH, paragraphs=(UNSIGNED,))]


def _assessed(desk: Desk, kind: ReportKind, span: Period, text_id: int) -> tuple[Block, ...]:
    """A signed text as a part of the report: what it is and who signed it by their role, and its ten rows."""
    text = next((each for each in desk.ask(signed_assessments) if each.text_id == text_id), None)
    covers = Period(text.starts_on, text.ends_on) if text is not None else None
    check_goes_with(kind, span, covers, signed=text is not None)
    frozen = desk.ask(frozen_text, text_id)
    document = assessment_document(frozen.contents, signatures=(), signed=True, chosen=Chosen(columns=USUAL))
    rows = [tuple(map(printable, row)) for row in document.rows]
    told = (f"{text.name}." if text is not None else "", *map(_signed, frozen.text.signatures))
    return (
        Words(title=_GOES_WITH, paragraphs=tuple(filter(None, told))),
        Table(title="Its answers", columns=("Code section", _FOLLOWED), rows=tuple((row[0], row[2]) for row in rows)),
        *(
            Words(title=name, paragraphs=tuple(filter(None, (action, f"{_FOLLOWED} {follow}.", *said.splitlines()))))
            for name, action, follow, said in rows
        ),
    )


def _signed(signature: SignatureView) -> str:
    """One signature as it is published: the role or the committee, and no colleague's name."""
    who = signature.committee or signature.step.value
    minute = f", minute {signature.minute}" if signature.minute else ""
    response = f" The response: {signature.response}" if signature.response else ""
    return printable(f"Signed by {who} on {letter_day(signature.signed_on)}{minute}.{response}")


_HELD: Mapping[Holds, Callable[[Gathered], list[Block]]] = {
    "months": _months,
    "timeliness": _timeliness,
    "services": _services,
    "categories": _categories,
    "refusals": _refusals,
    "findings": _findings,
    "improvements": _improvements,
    "publications": _publications,
    "themes": _themes,
    "assessment": _assessment,
    "letter": _letter,
}
