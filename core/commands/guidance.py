"""The guidance shelf: ShelveGuidance, ShelveSuggestions, ReviewGuidance, WithdrawGuidance and AttachGuidance."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from pydantic import Field
from sqlmodel import col, select

from core.code.guidance import SUGGESTED, GuidanceKind, SuggestedGuidance
from core.commands.base import COMMANDS, TEXT_LIMIT, Command, Work, asks, handles
from core.errors import BadInput, StepNotOpen
from core.events.base import Event
from core.events.guidance import (
    GuidanceFileAttached,
    GuidanceReviewed,
    GuidanceShelved,
    GuidanceWithdrawn,
    QuestionFollowed,
)
from core.model.guidance import Guidance, GuidanceFile, GuidanceQuestion, GuidanceStep
from core.model.learning import Improvement
from core.model.people import Service
from core.permissions import Permission
from core.rules.guidance import questions_in, review_by, safe_address
from core.store.facts import ident
from core.words import day_words

_ADDRESS_HELP = "A page on the web, beginning with https. It opens in a new tab."


class ShelveGuidance(Command):
    """Put guidance on the shelf: a guide, a focus report, a policy or a training."""

    needs = Permission.POLICY
    clauses = ("lgsco:4.3", "lgsco:7.5", "lgsco:9.4")
    title = "Put guidance on the shelf"
    gist = "It is named beside the form of each step it helps with. A file of your own can be added afterwards."

    guidance_title: str = asks("Its title", min_length=1, max_length=200)
    publisher: str = asks("Who publishes it", min_length=1, max_length=200)
    kind: GuidanceKind = asks("What it is", widget="choice")
    edition: str = asks(
        "Its version", help="As its publisher calls it, or a month and year.", default="", max_length=60
    )
    address: str = asks("Where it is found", help=_ADDRESS_HELP, default="", max_length=500)
    steps: tuple[str, ...] = asks("Which steps it helps with", widget="several", options="steps", default=())
    service_id: int | None = asks("For one service only", widget="choice", options="services", default=None)
    next_look: date | None = asks(
        "To be looked at again by", help="Left empty, in a year.", widget="date", default=None
    )
    questions: str = asks(
        "The questions it asks",
        help="Of a focus report: one a line. An improvement can be planned for each.",
        widget="area",
        default="",
        max_length=TEXT_LIMIT,
    )


@handles(ShelveGuidance)
def shelve_guidance(command: ShelveGuidance, work: Work) -> Sequence[Event]:
    """Keep guidance where the work is done, with the day by which it is looked at again [lgsco:4.3]."""
    _address(command.address)
    _next_look(command.next_look, work)
    if command.service_id is not None and work.session.get(Service, command.service_id) is None:
        raise BadInput(
            "That service is not on the list. Choose one from it.", {"service_id": "Choose one from the list."}
        )
    if unknown := [step for step in command.steps if step not in COMMANDS]:
        raise BadInput(f"There is no step “{unknown[0]}”. Choose from the list.", {"steps": "Choose from the list."})
    questions = questions_in(command.questions)
    if questions and command.kind is not GuidanceKind.FOCUS_REPORT:
        raise BadInput(
            "Questions for scrutiny belong to a focus report. Choose that, or leave the questions out.",
            {"questions": "Only for a focus report."},
        )
    row = Guidance(
        **command.model_dump(include={"publisher", "edition", "address", "service_id"}),
        title=command.guidance_title,
        kind=command.kind.value,
        shelved_on=work.today,
        shelved_by=work.actor.id or None,
        review_by=command.next_look or review_by(work.today),
    )
    same = select(Guidance).where(col(Guidance.title) == row.title, col(Guidance.withdrawn_on).is_(None))
    if any(each.edition == row.edition and each.service_id == row.service_id for each in work.session.exec(same)):
        raise StepNotOpen(f"“{row.title}” stands on the shelf in this version already. Look at it there.")
    _keep([(row, command.steps)], work)
    work.session.add_all(
        GuidanceQuestion(guidance_id=ident(row.id), number=number, question=text)
        for number, text in enumerate(questions, start=1)
    )
    return [_shelved(row, questions=len(questions))]


def _keep(entries: Sequence[tuple[Guidance, Iterable[str]]], work: Work) -> None:
    """Keep entries, each with the steps it helps with."""
    work.session.add_all(row for row, _steps in entries)
    work.session.flush()
    work.session.add_all(
        GuidanceStep(guidance_id=ident(row.id), step=step) for row, steps in entries for step in dict.fromkeys(steps)
    )


def _shelved(row: Guidance, *, questions: int = 0) -> Event:
    return GuidanceShelved(title=row.title, publisher=row.publisher, questions=questions, review_by=row.review_by)


def _address(address: str) -> None:
    """Refuse an address that is no page by https."""
    if address and not safe_address(address):
        raise BadInput(
            "That address cannot be linked to. Give one that begins with https:// and holds no spaces or brackets, or "
            "leave it out.",
            {"address": "It has to begin with https:// and hold no spaces or brackets."},
        )


def _next_look(day: date | None, work: Work) -> None:
    """Refuse a next look that is not ahead."""
    if day is not None and day <= work.today:
        raise BadInput(
            f"{day_words(day)} is not ahead. Give the day by which somebody looks at it again.",
            {"next_look": "Give a day that is still to come."},
        )


class ShelveSuggestions(Command):
    """Put the guides that most councils work by on the shelf, those that are not there yet."""

    needs = Permission.POLICY
    clauses = ("lgsco:4.3", "lgsco:7.5")
    title = "Put the suggested guides on the shelf"
    gist = (
        "Titles and publishers come along, an address only where it is known for sure. Change nothing, or withdraw any."
    )


@handles(ShelveSuggestions)
def shelve_suggestions(command: ShelveSuggestions, work: Work) -> Sequence[Event]:
    """Begin the shelf with what the Ombudsman and others publish; what was withdrawn once stays off it [lgsco:7.5]."""
    there = set(work.session.exec(select(col(Guidance.suggested))))
    titles = set(work.session.exec(select(col(Guidance.title))))
    fresh = [one for one in SUGGESTED.values() if one.key not in there and one.title not in titles]
    if not fresh:
        raise StepNotOpen("All of the suggested guides are on the shelf, or were on it. Nothing was added.")
    entries = [_suggested(one, work) for one in fresh]
    _keep([(row, one.steps) for row, one in zip(entries, fresh, strict=True)], work)
    return [_shelved(row) for row in entries]


def _suggested(one: SuggestedGuidance, work: Work) -> Guidance:
    return Guidance(
        title=one.title,
        publisher=one.publisher,
        kind=one.kind.value,
        address=one.address,
        suggested=one.key,
        shelved_on=work.today,
        shelved_by=work.actor.id or None,
        review_by=review_by(work.today),
    )


class ReviewGuidance(Command):
    """Look at guidance again, and say whether it still holds."""

    needs = Permission.POLICY
    clauses = ("lgsco:4.3",)
    title = "Look at guidance again"
    gist = "What is newer goes here. What no longer holds is withdrawn instead."

    guidance_id: int = asks("Which entry", widget="choice", options="guidance")
    found: str = asks("What was found", widget="area", min_length=1, max_length=TEXT_LIMIT)
    edition: str = asks("Its version now", help="Left empty, it stays.", default="", max_length=60)
    address: str = asks(
        "Where it is found now", help=f"{_ADDRESS_HELP} Left empty, it stays.", default="", max_length=500
    )
    next_look: date | None = asks(
        "To be looked at again by", help="Left empty, in a year.", widget="date", default=None
    )


@handles(ReviewGuidance)
def review_guidance(command: ReviewGuidance, work: Work) -> Sequence[Event]:
    """Keep when guidance was looked at, what was found, and by when it is looked at next [lgsco:4.3]."""
    row = _on_the_shelf(command.guidance_id, work)
    _address(command.address)
    _next_look(command.next_look, work)
    row.edition, row.address = command.edition or row.edition, command.address or row.address
    row.reviewed_on, row.found = work.today, command.found
    row.review_by = command.next_look or review_by(work.today)
    return [GuidanceReviewed(title=row.title, found=command.found, review_by=row.review_by)]


class WithdrawGuidance(Command):
    """Take guidance off the shelf. It stays on record."""

    needs = Permission.POLICY
    clauses = ("lgsco:4.3",)
    title = "Withdraw guidance"
    gist = "It is named beside no form any more, and stays at the end of the shelf with the reason."

    guidance_id: int = asks("Which entry", widget="choice", options="guidance")
    why: str = asks("Why", widget="area", min_length=1, max_length=TEXT_LIMIT)


@handles(WithdrawGuidance)
def withdraw_guidance(command: WithdrawGuidance, work: Work) -> Sequence[Event]:
    """Keep what was on the shelf, and why it went [lgsco:4.3]."""
    row = _on_the_shelf(command.guidance_id, work)
    row.withdrawn_on, row.why_withdrawn = work.today, command.why
    return [GuidanceWithdrawn(title=row.title, why=command.why)]


class AttachGuidance(Command):
    """Add the council's own copy to an entry. Its bytes are in the file store already, under their digest."""

    needs = Permission.POLICY
    clauses = ("lgsco:4.3",)
    title = "Add a file"
    gist = "A newer file takes the place of the one before."

    guidance_id: int
    name: str = Field(min_length=1, max_length=200)
    media_type: str = Field(max_length=120)
    size: int = Field(ge=1)
    sha256: str = Field(min_length=64, max_length=64)
    why_held: str = Field(default="", max_length=300)


@handles(AttachGuidance)
def attach_guidance(command: AttachGuidance, work: Work) -> Sequence[Event]:
    """Keep a checked copy of guidance; one that is not known to be clean is opened by nobody [lgsco:4.3]."""
    row = _on_the_shelf(command.guidance_id, work)
    work.session.add(
        GuidanceFile(
            **command.model_dump(include={"guidance_id", "name", "media_type", "size", "sha256", "why_held"}),
            added_by=work.actor.id or None,
            added_at=work.now,
        )
    )
    return [
        GuidanceFileAttached(title=row.title, name=command.name, sha256=command.sha256, held=bool(command.why_held))
    ]


def open_question(work: Work, question_id: int | None) -> GuidanceQuestion | None:
    """The question an improvement is planned for; BadInput for one that is none or has its improvement [lgsco:9.4]."""
    if question_id is None:
        return None
    row = work.session.get(GuidanceQuestion, question_id)
    if row is None:
        raise BadInput("There is no such question. Choose one from the list.", {"question_id": "Choose one."})
    planned = work.session.get(Improvement, row.improvement_id) if row.improvement_id is not None else None
    if planned is not None and planned.dropped_on is None:
        raise BadInput(
            f"Improvement {planned.id} was planned for this question already. Choose another question, or none.",
            {"question_id": "An improvement was planned for it already."},
        )
    return row


def follow_question(work: Work, row: GuidanceQuestion, improvement: Improvement) -> Event:
    """Keep which improvement a question for scrutiny led to [lgsco:9.4]."""
    row.improvement_id = ident(improvement.id)
    title = work.session.get_one(Guidance, row.guidance_id).title
    return QuestionFollowed(title=title, number=row.number, improvement=row.improvement_id)


def _on_the_shelf(guidance_id: int, work: Work) -> Guidance:
    """An entry that stands on the shelf; BadInput for one that does not, StepNotOpen for one taken off it."""
    row = work.session.get(Guidance, guidance_id)
    if row is None:
        raise BadInput("There is no such entry. Choose one from the list.", {"guidance_id": "Choose one."})
    if row.withdrawn_on is not None:
        raise StepNotOpen(f"“{row.title}” was withdrawn on {day_words(row.withdrawn_on)}. Put it on the shelf anew.")
    return row
