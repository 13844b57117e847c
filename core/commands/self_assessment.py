"""The self-assessment: OpenAssessment, AnswerClause, FreezeAssessment, SignAssessment and RecordLargeChange."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import date
from typing import Literal

from sqlalchemy import func
from sqlmodel import col, select

from core.code.catalogue import CLAUSES
from core.code.self_assessment import FORM
from core.commands.base import TEXT_LIMIT, Command, Work, asks, handles
from core.errors import BadInput, ChangedMeanwhile, NotFound, NotPermitted, StepNotOpen
from core.events.base import Event
from core.events.self_assessment import (
    AssessmentFrozen,
    AssessmentOpened,
    AssessmentSigned,
    ClauseAnswered,
    LargeChangeRecorded,
)
from core.model.organisation import PolicyVersion
from core.model.people import Colleague, Service
from core.model.self_assessment import (
    AssessmentAnswer,
    AssessmentScope,
    AssessmentSignOff,
    AssessmentText,
    LargeChangeRow,
    SelfAssessment,
)
from core.permissions import Permission, Role
from core.rules.s8_reporting import (
    AnswerFacts,
    Follows,
    LargeChange,
    SignOff,
    WhyAssessed,
    answer_complete,
    next_to_sign,
)
from core.store.facts import ident
from core.words import day_words

_CONTENTS_LIMIT = 2_000_000


class OpenAssessment(Command):
    """Begin a self-assessment over a period: the year's own, or one that a large change calls for."""

    needs = Permission.SIGN
    clauses = ("lgsco:8.1a", "lgsco:8.3")
    title = "Open a self-assessment"
    gist = "What it shows beside each clause is counted over its period."

    why: WhyAssessed = asks("Why it is made", widget="choice")
    starts_on: date = asks("First day of its period", widget="date")
    ends_on: date = asks("Last day of its period", widget="date")
    owner_id: int = asks("Who answers for it", widget="choice", options="colleagues")
    source: str | None = asks(
        "Records to judge by",
        help="Leave this empty to judge by what is handled here. Choose an import to judge last year’s spreadsheet.",
        widget="choice", options="sources", default=None, max_length=120,
    )  # fmt: skip
    about: str = asks("What changed, or anything to know", widget="area", default="", max_length=TEXT_LIMIT)
    scheme: Literal["lgsco", "hos"] = asks("Which Code", widget="choice", options="codes", default="lgsco")


@handles(OpenAssessment)
def open_assessment(command: OpenAssessment, work: Work) -> Sequence[Event]:
    """One is open at a time under each Code for each reason; opening it answers what was owed [lgsco:8.3]."""
    if command.starts_on >= command.ends_on:
        said = "The last day of the period comes before its first. Check both."
        raise BadInput(said, {"ends_on": "This must come after the first day."})
    unfinished = select(SelfAssessment).where(
        SelfAssessment.scheme == command.scheme,
        SelfAssessment.why == command.why.value,
        col(SelfAssessment.closed_on).is_(None),
    )
    if held := work.session.exec(unfinished).first():
        raise StepNotOpen(
            f"The self-assessment over {day_words(held.starts_on)} to {day_words(held.ends_on)} is still open. "
            "Answer in that one, or have it signed by the governing body first."
        )
    owner = work.session.get(Colleague, command.owner_id)
    if owner is None or not owner.active:
        raise BadInput(
            "Nobody here is known by that number. Choose from the list.", {"owner_id": "Choose a colleague."}
        )
    made = SelfAssessment(
        **{name: getattr(command, name) for name in ("scheme", "starts_on", "ends_on", "about", "owner_id")},
        why=command.why.value,
        source=command.source or None,
        policies_known=work.session.exec(select(func.count()).select_from(PolicyVersion)).one(),
        opened_on=work.today,
        opened_by=work.actor.id or None,
    )
    work.session.add(made)
    work.session.flush()
    for change in work.session.exec(select(LargeChangeRow).where(col(LargeChangeRow.assessment_id).is_(None))):
        change.assessment_id = made.id
    told = {name: getattr(command, name) for name in ("scheme", "starts_on", "ends_on")}
    return [AssessmentOpened(number=ident(made.id), reason_kind=made.why, owner=owner.name, **told)]


class RecordLargeChange(Command):
    """Write down a restructure, a merger or changed procedures, after which a new self-assessment is owed."""

    needs = Permission.SIGN
    clauses = ("lgsco:8.3",)
    title = "Record a large change"
    gist = (
        "A significant restructure, a merger or changed procedures. A new self-assessment is owed until it is opened."
    )

    kind: LargeChange = asks("What it was", widget="choice")
    changed_on: date = asks("When", widget="date", starts="today")
    what: str = asks("What changed", widget="area", min_length=1, max_length=TEXT_LIMIT)


@handles(RecordLargeChange)
def record_large_change(command: RecordLargeChange, work: Work) -> Sequence[Event]:
    """After a large change the council assesses itself again [lgsco:8.3]."""
    work.not_future(command.changed_on, "changed_on")
    work.session.add(
        LargeChangeRow(
            kind=command.kind.value,
            what=command.what,
            changed_on=command.changed_on,
            recorded_on=work.today,
            recorded_by=work.actor.id or None,
        )
    )
    return [LargeChangeRecorded(kind=command.kind.value, changed_on=command.changed_on, what=command.what)]


class AnswerClause(Command):
    """Answer one row or one clause: whether it is followed, the explanation, and what will be done."""

    needs = Permission.ANSWER
    clauses = ("lgsco:8.1a",)
    title = "Save this answer"
    gist = "Anything but yes says why; partly and no also say what will be done, by whom and by when."

    assessment_id: int
    item: str
    answered_version: int
    follows: Follows = asks("Do we follow it?", widget="choice")
    commentary: str = asks("Explanation and commentary", widget="area", default="", max_length=TEXT_LIMIT)
    service_ids: tuple[int, ...] = asks(
        "Services it is about",
        help="Leave this empty when the answer is about the whole council.",
        widget="several",
        options="services",
        default=(),
    )
    action: str = asks("What will be done", widget="area", default="", max_length=TEXT_LIMIT - 1)
    owner_id: int | None = asks("Who sees to it", widget="choice", options="colleagues", default=None)
    due_on: date | None = asks("By when", widget="date", default=None)


@handles(AnswerClause)
def answer_clause(command: AnswerClause, work: Work) -> Sequence[Event]:
    """Each answer is a version of its own, and nobody writes over what they have not seen [lgsco:8.1a]."""
    assessment = _still_open(command.assessment_id, work)
    if FORM.item(command.item) is None:
        raise BadInput("The self-assessment has no such row or clause. Open one from the list.")
    _compare(command, work)
    _check_answer(command, work)
    answer = AssessmentAnswer(
        assessment_id=ident(assessment.id),
        item=command.item,
        version=command.answered_version + 1,
        follows=command.follows.value,
        **{name: getattr(command, name) for name in ("commentary", "action", "owner_id", "due_on")},
        answered_at=work.now,
        answered_by=work.actor.id or None,
    )
    work.session.add(answer)
    work.session.flush()
    for service_id in dict.fromkeys(command.service_ids):
        work.session.add(AssessmentScope(answer_id=ident(answer.id), service_id=service_id))
    return [
        ClauseAnswered(
            number=ident(assessment.id), item=item_name(command.item), version=answer.version, follows=answer.follows,
            commentary=command.commentary, action=command.action,
        )
    ]  # fmt: skip


def item_name(key: str) -> str:
    """A row or clause as a sentence names it: "row 6, Stage 1", "clause 6.2"."""
    if key in FORM.rows:
        return f"row {FORM.rows[key].section}, {FORM.rows[key].title}"
    return f"clause {key.partition(':')[2]}"


def _still_open(assessment_id: int, work: Work) -> SelfAssessment:
    found = work.session.get(SelfAssessment, assessment_id)
    if found is None:
        raise NotFound("There is no such self-assessment. Open one from its page.")
    if found.closed_on is not None:
        raise StepNotOpen("The governing body has signed this self-assessment. Open a new one to answer anew.")
    return found


def _compare(command: AnswerClause, work: Work) -> None:
    """Refuse an answer to something that somebody answered meanwhile, with what they wrote."""
    of_item = select(AssessmentAnswer).where(
        AssessmentAnswer.assessment_id == command.assessment_id, AssessmentAnswer.item == command.item
    )
    newest = work.session.exec(of_item.order_by(col(AssessmentAnswer.version).desc())).first()
    if (newest.version if newest else 0) == command.answered_version:
        return
    if newest is None:
        raise BadInput("This has no answer yet that yours could follow. Open the row again.")
    who = work.session.get(Colleague, newest.answered_by) if newest.answered_by else None
    wrote = f": “{newest.commentary}”" if newest.commentary else "."
    raise ChangedMeanwhile(
        f"{who.name if who else 'The console'} answered this meanwhile with “{newest.follows}”{wrote} "
        "Nothing was saved; what you typed is kept. Read their answer, then save yours again if it should follow."
    )


def _check_answer(command: AnswerClause, work: Work) -> None:
    clause = CLAUSES.get(command.item)
    facts = AnswerFacts(
        follows=command.follows,
        commentary=command.commentary,
        action=command.action,
        has_owner=command.owner_id is not None,
        has_date=command.due_on is not None,
        force=clause.force if clause else "should",
    )
    wrong = {name: finding.sentence for name, finding in answer_complete(facts).items()}
    if command.owner_id is not None and work.session.get(Colleague, command.owner_id) is None:
        wrong["owner_id"] = "Choose a colleague from the list."
    if any(work.session.get(Service, each) is None for each in command.service_ids):
        wrong["service_ids"] = "Choose services from the list."
    if wrong:
        raise BadInput(" ".join(wrong.values()), wrong)


class FreezeAssessment(Command):
    """Keep the assessment as it stands, answers and evidence alike: this text is what is signed and published."""

    needs = Permission.SIGN
    clauses = ("lgsco:8.1a",)
    title = "Freeze this text"
    gist = "What is frozen never changes. Answers given later need a new frozen text, which is signed anew."

    assessment_id: int
    contents: str


@handles(FreezeAssessment)
def freeze_assessment(command: FreezeAssessment, work: Work) -> Sequence[Event]:
    """Each of the ten rows is answered before a text is frozen, and it holds the newest answers [lgsco:8.1a]."""
    assessment = _still_open(command.assessment_id, work)
    held = _newest_versions(command.assessment_id, work)
    if missing := [row for key, row in FORM.rows.items() if key not in held]:
        named = ", ".join(f"{row.section} {row.title}" for row in missing)
        raise StepNotOpen(f"Answer each of the ten rows first. Still open: {named}.")
    if len(command.contents) > _CONTENTS_LIMIT:
        raise BadInput("The text is longer than can be kept. Shorten the longest commentaries.")
    if {key: each["version"] for key, each in json.loads(command.contents)["answers"].items()} != held:
        raise ChangedMeanwhile("Somebody answered meanwhile, so nothing was frozen. Look at the answers, then freeze.")
    count = select(func.count()).select_from(AssessmentText)
    number = work.session.exec(count.where(AssessmentText.assessment_id == command.assessment_id)).one() + 1
    digest = hashlib.sha256(command.contents.encode()).hexdigest()
    work.session.add(
        AssessmentText(
            assessment_id=command.assessment_id, number=number, contents=command.contents, sha256=digest,
            frozen_on=work.today, frozen_by=work.actor.id or None,
        )
    )  # fmt: skip
    return [AssessmentFrozen(number=ident(assessment.id), edition=number, sha256=digest)]


def _newest_versions(assessment_id: int, work: Work) -> dict[str, int]:
    found = (
        select(AssessmentAnswer.item, func.max(AssessmentAnswer.version))
        .where(AssessmentAnswer.assessment_id == assessment_id)
        .group_by(AssessmentAnswer.item)
    )
    return {row[0]: row[1] for row in work.session.exec(found)}


class SignAssessment(Command):
    """Sign the newest frozen text: whoever answers for it, then the senior lead, then the governing body."""

    needs = Permission.SIGN
    clauses = ("lgsco:8.2",)
    title = "Sign the frozen text"
    gist = (
        "Whoever answers for it signs first, the senior lead next. The governing body’s decision is recorded last, "
        "with its committee, minute and response, and closes the assessment."
    )

    assessment_id: int
    step: SignOff = asks("Who signs", widget="choice")
    signed_on: date = asks("When", widget="date", starts="today")
    committee: str = asks("Committee", default="", max_length=200)
    minute: str = asks("Minute", default="", max_length=200)
    response: str = asks("The governing body’s response", widget="area", default="", max_length=TEXT_LIMIT)


@handles(SignAssessment)
def sign_assessment(command: SignAssessment, work: Work) -> Sequence[Event]:
    """The report with its self-assessment goes through governance, one signature after the other [lgsco:8.2]."""
    assessment = _still_open(command.assessment_id, work)
    newest = (
        select(AssessmentText)
        .where(AssessmentText.assessment_id == command.assessment_id)
        .order_by(col(AssessmentText.number).desc())
    )
    frozen = work.session.exec(newest).first()
    if frozen is None:
        raise StepNotOpen("Nothing is frozen yet. Freeze the text first; that text is what is signed.")
    signed = work.session.exec(select(AssessmentSignOff.step).where(AssessmentSignOff.text_id == frozen.id)).all()
    expected = next_to_sign({SignOff(each) for each in signed})
    if command.step is not expected:
        raise StepNotOpen(f"Next to sign is {expected.value if expected else 'nobody'}.")
    work.not_future(command.signed_on, "signed_on")
    work.not_before(command.signed_on, frozen.frozen_on, "signed_on", what="the text was frozen")
    _may_sign(command, assessment, work)
    told = {name: getattr(command, name) for name in ("signed_on", "committee", "minute", "response")}
    row = AssessmentSignOff(text_id=ident(frozen.id), step=command.step.value, signed_by=work.actor.id or None, **told)
    work.session.add(row)
    if next_to_sign({SignOff(each) for each in signed} | {command.step}) is None:
        assessment.closed_on = work.today
    return [AssessmentSigned(number=ident(assessment.id), edition=frozen.number, step=command.step.value, **told)]


def _may_sign(command: SignAssessment, assessment: SelfAssessment, work: Work) -> None:
    """Whoever answers for it and the senior lead sign for themselves; the governing body has a committee and minute."""
    if command.step is SignOff.OWNER and work.actor.id != assessment.owner_id:
        owner = work.session.get_one(Colleague, assessment.owner_id)
        raise NotPermitted(f"{owner.name} answers for this self-assessment and signs it. Ask them to.")
    if command.step is SignOff.SENIOR_LEAD and work.actor.role is not Role.SENIOR_LEAD:
        raise NotPermitted("Only the senior lead signs here. Ask them to.")
    if command.step is SignOff.GOVERNING_BODY:
        titles = {"committee": "Name the committee.", "minute": "Give the minute.", "response": "Give its response."}
        wrong = {name: said for name, said in titles.items() if not getattr(command, name)}
        if wrong:
            raise BadInput(" ".join(wrong.values()), wrong)
