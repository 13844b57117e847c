"""Reports: WriteNarrative, MakeSnapshot, ExplainDifference and AddPublication."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import StrEnum

from sqlmodel import col, select

from core.code.figures import FIGURES
from core.code.reports import REPORTS, ReportKind
from core.commands.base import TEXT_LIMIT, Command, Work, asks, handles
from core.errors import BadInput
from core.events.base import Event
from core.events.reports import DifferenceExplained, NarrativeKept, OmbudsmanPublicationAdded, SnapshotMade
from core.letters.reports import Report, digest, thawed
from core.model.people import Person
from core.model.reports import OmbudsmanPublication, ReportDifference, ReportNarrative, ReportSnapshot
from core.model.self_assessment import AssessmentSignOff, AssessmentText, SelfAssessment
from core.permissions import Permission
from core.rules.periods import Period
from core.rules.publishing import finds_somebody
from core.rules.s8_reporting import SignOff, next_to_sign
from core.store.facts import ident
from core.words import day_words

_CONTENT_LIMIT = 2_000_000


class PublicationKind(StrEnum):
    """What the Ombudsman publishes besides the yearly letter."""

    PUBLIC_REPORT = "public report about this council"
    FOCUS = "focus report"
    GUIDANCE = "guidance"
    OTHER = "another publication"


def span_of(kind: ReportKind, day: date) -> Period:
    """The year or the quarter that a day lies in."""
    return Period.year_with(day) if REPORTS.of(kind).span == "year" else Period.quarter_with(day)


class WriteNarrative(Command):
    """Write the council's own words for one place of a report to come."""

    needs = Permission.REPORT
    clauses = ("lgsco:8.1", "lgsco:9.7")
    title = "Write for a report"
    gist = (
        "It waits for the report and can be written again until the report is made. It is published: name nobody, "
        "and give no small number of people."
    )

    kind: ReportKind = asks("For which report", widget="choice")
    day: date = asks("Any day of its year or quarter", widget="date")
    box: str = asks("Which place", widget="choice", options="boxes", max_length=60)
    text: str = asks("What it says", widget="area", min_length=1, max_length=TEXT_LIMIT)


@handles(WriteNarrative)
def write_narrative(command: WriteNarrative, work: Work) -> Sequence[Event]:
    """Keep what a report will say in the council's words, naming nobody who complained [lgsco:8.1]."""
    box = REPORTS.boxes_of(command.kind).get(command.box)
    if box is None:
        named = " or ".join(f"“{each.title}”" for each in REPORTS.boxes_of(command.kind).values())
        raise BadInput(f"The {command.kind.value} has another place: choose {named}.", {"box": "Choose another place."})
    names_nobody(work, command.text, field="text", title=box.title)
    span = span_of(command.kind, command.day)
    row = work.session.exec(
        select(ReportNarrative).where(
            col(ReportNarrative.kind) == command.kind.value,
            col(ReportNarrative.starts_on) == span.start,
            col(ReportNarrative.box) == command.box,
        )
    ).first()
    if row is None:
        row = ReportNarrative(
            kind=command.kind.value, starts_on=span.start, box=command.box, text="", written_on=work.today
        )
        work.session.add(row)
    row.text, row.written_by, row.written_on = command.text, work.actor.id or None, work.today
    return [
        NarrativeKept(kind=command.kind.value, starts_on=span.start, box=box.title, words=command.text),
    ]


def names_nobody(work: Work, text: str, *, field: str, title: str) -> None:
    """Refuse words for publication that name an individual or hold a way to find one [lgsco:9.3]."""
    if found := _finds(work, text):
        raise BadInput(
            f"“{title}” is published and holds {found}. Say it so that nobody can be known by it.",
            {field: f"This holds {found}."},
        )


def _finds(work: Work, text: str) -> str:
    """What in a text leads to somebody, in words; "" for nothing."""
    said = _in_one_line(text)
    everybody = work.session.exec(select(col(Person.name)).distinct()).all()
    # A surname alone may be a street or a colour; somebody's whole name is nothing else.
    named = next((name for name in everybody if " " in name.strip() and _in_one_line(name) in said), None)
    return "the name of somebody who complained" if named else finds_somebody(text, names=())


def _in_one_line(text: str) -> str:
    """A text whose words follow one another, however it was broken into lines and capitals."""
    return " ".join(text.casefold().split())


class MakeSnapshot(Command):
    """Freeze a report: what it counts and says now stays as it is, whatever changes on cases later."""

    needs = Permission.REPORT
    clauses = ("lgsco:8.1", "lgsco:9.7")
    title = "Make a report"
    gist = "Every figure, table and word is kept as it is today, with a PDF, a Word file and a web page made from it."

    kind: ReportKind = asks("Which report", widget="choice")
    day: date = asks("Any day of its year or quarter", widget="date")
    self_assessment: int | None = asks(
        "The signed self-assessment that goes with it",
        help="For the yearly report. It is printed in it row by row. Without it the report is a draft.",
        widget="choice",
        options="signed_assessments",
        default=None,
    )
    content: str = asks("The report", default="", max_length=_CONTENT_LIMIT)
    pdf_sha256: str = asks("The digest of its PDF", default="", max_length=64)
    word_sha256: str = asks("The digest of its Word file", default="", max_length=64)
    html_sha256: str = asks("The digest of its web page", default="", max_length=64)


@handles(MakeSnapshot)
def make_snapshot(command: MakeSnapshot, work: Work) -> Sequence[Event]:
    """Keep a report for good, with its digest in the history [lgsco:8.1]."""
    span = span_of(command.kind, command.day)
    report = thawed(command.content)
    digests = (command.pdf_sha256, command.word_sha256, command.html_sha256)
    told = (report.kind, report.starts_on, report.ends_on)
    if told != (command.kind, span.start, span.end) or not all(map(_is_digest, digests)):
        raise BadInput("The report and what was asked for do not fit together. Make it again on the page Reports.")
    check_over(span, work.today)
    _goes_with(command, span, report, work)
    row = ReportSnapshot(
        kind=command.kind.value,
        starts_on=span.start,
        ends_on=span.end,
        unsigned=bool(report.draft),
        content=command.content,
        sha256=digest(command.content),
        pdf_sha256=command.pdf_sha256,
        word_sha256=command.word_sha256,
        html_sha256=command.html_sha256,
        made_by=work.actor.id or None,
        made_at=work.now,
    )
    work.session.add(row)
    work.session.flush()
    made = SnapshotMade(
        number=ident(row.id), kind=row.kind, starts_on=row.starts_on, ends_on=row.ends_on, sha256=row.sha256
    )
    return [made]


def _goes_with(command: MakeSnapshot, span: Period, report: Report, work: Work) -> None:
    """A yearly report is no draft if and only if a signed self-assessment stands in it, and that names nobody."""
    taken = command.self_assessment is not None
    if bool(report.draft) is not (command.kind is ReportKind.YEARLY and not taken):
        raise BadInput("The report and its self-assessment do not fit together. Make it again on the page Reports.")
    if not taken:
        return
    text = work.session.get(AssessmentText, command.self_assessment)
    covers, steps = None, []
    if text is not None:
        made = work.session.get_one(SelfAssessment, text.assessment_id)
        covers = Period(made.starts_on, made.ends_on) if made.scheme == "lgsco" else None
        steps = list(work.session.exec(select(AssessmentSignOff.step).where(AssessmentSignOff.text_id == text.id)))
    check_goes_with(command.kind, span, covers, signed=next_to_sign({SignOff(each) for each in steps}) is None)
    said = " ".join(section.model_dump_json() for section in report.sections if section.key == "assessment")
    if found := _finds(work, said):
        raise BadInput(
            f"The self-assessment holds {found}, and the report is published. Answer that row without it, freeze the "
            "text and have it signed anew.",
            {"self_assessment": f"This holds {found}."},
        )


def check_goes_with(kind: ReportKind, span: Period, covers: Period | None, *, signed: bool) -> None:
    """Refuse to put a self-assessment into a report that it does not belong to; `covers` None stands for none."""
    why = ""
    if kind is not ReportKind.YEARLY:
        why = "A self-assessment goes with a yearly report. Leave it out here."
    elif covers is None or not signed:
        why = "There is no such signed self-assessment. Choose one from the list, once everybody has signed it."
    elif covers.end < span.start or covers.start > span.end:
        why = f"That self-assessment covers no day of {span.words}. Choose one that does."
    if why:
        raise BadInput(why, {"self_assessment": "Choose another one, or none."})


def check_over(span: Period, today: date) -> None:
    """Refuse a report on a time that is not over."""
    if span.end >= today:
        raise BadInput(
            f"{span.words} is not over before {day_words(span.end)} is. Choose one that is.",
            {"day": "Choose a time that is over."},
        )


def _is_digest(text: str) -> bool:
    return len(text) == 64 and all(sign in "0123456789abcdef" for sign in text)


class ExplainDifference(Command):
    """Say why a figure now comes out differently from what a report says."""

    needs = Permission.REPORT
    clauses = ("lgsco:8.1",)
    title = "Explain a difference"
    gist = "The report stays as it was made. Why the figure is another one today stands beside it."

    snapshot_id: int = asks("Which report", widget="choice", options="reports")
    figure: str = asks("Which figure", widget="choice", options="differing", max_length=60)
    reason: str = asks("Why it is another one now", widget="area", min_length=1, max_length=TEXT_LIMIT)
    now: str = asks("What it is now", default="", max_length=200)


@handles(ExplainDifference)
def explain_difference(command: ExplainDifference, work: Work) -> Sequence[Event]:
    """Keep the reason for a figure that moved after its report was made [lgsco:8.1]."""
    snapshot = the_report(work, command.snapshot_id)
    if command.figure not in FIGURES or not command.now:
        raise BadInput("Choose a figure that differs, from the report's own list.", {"figure": "Choose one."})
    work.session.add(
        ReportDifference(
            snapshot_id=ident(snapshot.id),
            figure=command.figure,
            now=command.now,
            reason=command.reason,
            explained_by=work.actor.id or None,
            explained_on=work.today,
        )
    )
    name = FIGURES[command.figure].name
    return [DifferenceExplained(number=ident(snapshot.id), figure=name, now=command.now, reason=command.reason)]


def the_report(work: Work, snapshot_id: int) -> ReportSnapshot:
    """A report by its number; BadInput for none."""
    row = work.session.get(ReportSnapshot, snapshot_id)
    if row is None:
        raise BadInput("There is no such report. Choose one from the list.", {"snapshot_id": "Choose one."})
    return row


class AddPublication(Command):
    """List something the Ombudsman published that concerns the council's work."""

    needs = Permission.REPORT
    clauses = ("lgsco:8.1",)
    title = "List an Ombudsman publication"
    gist = (
        "It stands in the yearly report of the year in which it appeared. The annual letter has a section of its own."
    )

    name: str = asks("Its title", min_length=1, max_length=300)
    kind: PublicationKind = asks("What it is", widget="choice")
    published_on: date = asks("When it appeared", widget="date")
    address: str = asks("Its address on the web", default="", max_length=500)
    concerns: str = asks("What it means for the council", widget="area", default="", max_length=TEXT_LIMIT)


@handles(AddPublication)
def add_publication(command: AddPublication, work: Work) -> Sequence[Event]:
    """Keep what the Ombudsman published for the year's report [lgsco:8.1]."""
    work.not_future(command.published_on, "published_on")
    web_address(command.address, field="address")
    for field in ("name", "concerns"):
        names_nobody(work, getattr(command, field), field=field, title=AddPublication.model_fields[field].title or "")
    work.session.add(
        OmbudsmanPublication(
            title=command.name,
            kind=command.kind.value,
            published_on=command.published_on,
            address=command.address,
            concerns=command.concerns,
            added_by=work.actor.id or None,
        )
    )
    return [
        OmbudsmanPublicationAdded(title=command.name, kind=command.kind.value, published_on=command.published_on),
    ]


def web_address(address: str, *, field: str) -> None:
    """Refuse what is no address of a page on the web; "" stands for none."""
    if address and not (address.startswith(("https://", "http://")) and not any(map(str.isspace, address))):
        raise BadInput(
            "That is no address of a web page. Copy it whole, from https:// on.", {field: "Begin with https://."}
        )
