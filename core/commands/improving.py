"""Improvements: ProposeImprovement, StartImprovement, CompleteImprovement, DropImprovement and LinkToImprovement."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from sqlmodel import col, select

from core.commands.base import TEXT_LIMIT, Command, Work, asks, handles
from core.commands.causes import cause_in_use
from core.commands.guidance import follow_question, open_question
from core.errors import BadInput, StepNotOpen
from core.events.base import Event
from core.events.learning import (
    ImprovementCompleted,
    ImprovementDropped,
    ImprovementLinked,
    ImprovementProposed,
    ImprovementStarted,
)
from core.model.complaints import Complaint
from core.model.learning import Improvement, ImprovementCase, Theme
from core.model.people import Colleague, Person, Service
from core.permissions import Permission
from core.rules.publishing import finds_somebody
from core.rules.s9_oversight import ImprovementFacts, ImprovementState, Risk, improvement_state
from core.store.facts import ident
from core.store.scope import seen_among

_BEHIND_LIMIT = 4_000  # characters of a list of references


def _asks_behind() -> str:
    field: str = asks(
        "The complaints it was learned from",
        help="Their references, with commas or spaces between them.",
        widget="area",
        default="",
        max_length=_BEHIND_LIMIT,
    )
    return field


class ProposeImprovement(Command):
    """Plan something that the council will do better for what complaints taught."""

    needs = Permission.LEARN
    clauses = ("lgsco:9.1", "lgsco:9.2", "lgsco:9.4")
    title = "Plan an improvement"
    gist = (
        "What will be better, who sees to it and by when. It counts as made only once it is completed, with evidence."
    )

    what: str = asks("What will be done better", widget="area", min_length=1, max_length=TEXT_LIMIT)
    owner_id: int = asks("Who sees to it", widget="choice", options="colleagues")
    due_on: date = asks("By when", widget="date")
    risk: Risk = asks("How much harm if nothing changes", widget="choice")
    service_id: int | None = asks("In which service", widget="choice", options="services", default=None)
    cause_id: int | None = asks("For which cause", widget="choice", options="causes", default=None)
    theme_id: int | None = asks("For which theme", widget="choice", options="themes", default=None)
    policy_to_revise: str = asks("Which policy has to change", default="", max_length=200)
    question_id: int | None = asks(
        "For which question of a focus report", widget="choice", options="questions", default=None
    )
    behind: str = _asks_behind()


@handles(ProposeImprovement)
def propose_improvement(command: ProposeImprovement, work: Work) -> Sequence[Event]:
    """Keep what is to be better with its owner, its day and the complaints behind it [lgsco:9.2]."""
    owner = work.session.get(Colleague, command.owner_id)
    if owner is None or not owner.active:
        raise BadInput(
            "That colleague is not here any more. Choose somebody else.", {"owner_id": "Choose somebody else."}
        )
    if command.due_on < work.today:
        raise BadInput(
            "An improvement is planned ahead. Give a day that is still to come.", {"due_on": "Give a later day."}
        )
    _known(command, work)
    row = Improvement(
        **command.model_dump(include={"what", "owner_id", "due_on", "service_id", "theme_id", "policy_to_revise"}),
        cause_id=command.cause_id,
        risk=command.risk.value,
        proposed_on=work.today,
        proposed_by=work.actor.id or None,
    )
    behind = _complaints(command.behind, work)
    question = open_question(work, command.question_id)
    work.session.add(row)
    work.session.flush()
    planned = ImprovementProposed(
        number=ident(row.id), owner=owner.name, due_on=command.due_on, risk=command.risk.value, what=command.what
    )
    asked = [follow_question(work, question, row)] if question is not None else []
    return [planned, *asked, *_link(row, behind, work)]


def _known(command: ProposeImprovement, work: Work) -> None:
    """Refuse a service, a cause or a theme that is none."""
    cause_in_use(work, command.cause_id, on=work.today)
    if command.service_id is not None and work.session.get(Service, command.service_id) is None:
        raise BadInput(
            "That service is not on the list. Choose one from it.", {"service_id": "Choose one from the list."}
        )
    theme = work.session.get(Theme, command.theme_id) if command.theme_id is not None else None
    if command.theme_id is not None and (theme is None or theme.decision != "accepted"):
        raise BadInput(
            "Improvements are planned for a theme that was accepted. Accept it first, or leave the theme open.",
            {"theme_id": "Choose an accepted theme."},
        )


class LinkToImprovement(Command):
    """Name more complaints that an improvement was learned from."""

    needs = Permission.LEARN
    clauses = ("lgsco:9.2",)
    title = "Name complaints behind it"
    gist = "What was learned from a complaint stays with it: its history says which improvement it led to."

    improvement_id: int = asks("Which improvement", widget="choice", options="improvements")
    behind: str = _asks_behind()


@handles(LinkToImprovement)
def link_to_improvement(command: LinkToImprovement, work: Work) -> Sequence[Event]:
    """Join an improvement to the complaints it was learned from [lgsco:9.2]."""
    row = _improvement(command.improvement_id, work)
    linked = _link(row, _complaints(command.behind, work), work)
    if not linked:
        raise BadInput(
            "Name at least one complaint that is not linked yet, by its reference.", {"behind": "Give a reference."}
        )
    return linked


def _complaints(written: str, work: Work) -> list[int]:
    """The complaints of a list of references; BadInput naming the first one that this person does not see."""
    wanted = list(dict.fromkeys(re.split(r"[\s,;]+", written.upper().strip()))) if written.strip() else []
    wanted = [reference for reference in wanted if reference]
    found = dict(
        work.session.exec(
            select(col(Complaint.reference), col(Complaint.id)).where(col(Complaint.reference).in_(wanted))
        ).all()
    )
    ids = {reference: ident(number) for reference, number in found.items()}
    seen = seen_among(work.session.connection(), work.actor, list(ids.values()))
    missing = next((each for each in wanted if ids.get(each) not in seen), None)
    if missing is not None:
        raise BadInput(
            f"There is no complaint {missing}. Check the reference, or leave it out.",
            {"behind": f"There is no complaint {missing}."},
        )
    return [ids[reference] for reference in wanted]


def _link(row: Improvement, complaint_ids: Sequence[int], work: Work) -> list[Event]:
    """Link those not linked yet, with an entry in the history of each."""
    held = select(col(ImprovementCase.complaint_id)).where(col(ImprovementCase.improvement_id) == row.id)
    fresh = [each for each in complaint_ids if each not in set(work.session.exec(held))]
    number, by = ident(row.id), work.actor.id or None
    work.session.add_all(
        ImprovementCase(improvement_id=number, complaint_id=each, linked_on=work.today, linked_by=by) for each in fresh
    )
    return [ImprovementLinked(complaint_id=each, number=number) for each in fresh]


class StartImprovement(Command):
    """Begin an improvement, and write down how things stand before it."""

    needs = Permission.LEARN
    clauses = ("lgsco:9.4",)
    title = "Begin an improvement"
    gist = "Without how it was before, nobody can show later that it became better."

    improvement_id: int = asks("Which improvement", widget="choice", options="improvements")
    started_on: date = asks("When work on it began", widget="date", starts="today")
    before: str = asks(
        "How it stands before",
        help="A count, a time, a sample: what will show the difference.",
        widget="area",
        min_length=1,
        max_length=TEXT_LIMIT,
    )


@handles(StartImprovement)
def start_improvement(command: StartImprovement, work: Work) -> Sequence[Event]:
    """Write down how it was before anything changed [lgsco:9.4]."""
    row = _improvement(command.improvement_id, work, ImprovementState.PROPOSED)
    work.not_future(command.started_on, "started_on")
    row.started_on, row.before = command.started_on, command.before
    return [ImprovementStarted(number=ident(row.id), started_on=command.started_on, before=command.before)]


class CompleteImprovement(Command):
    """Record that an improvement is made, and what shows that it helped."""

    needs = Permission.LEARN
    clauses = ("lgsco:8.1", "lgsco:9.3")
    title = "Complete an improvement"
    gist = "Only what is completed counts as made. The two last answers are published, so nobody is named in them."

    improvement_id: int = asks("Which improvement", widget="choice", options="improvements")
    done_on: date = asks("When it was made", widget="date", starts="today")
    after: str = asks(
        "How it stands after",
        help="The same count, time or sample as before.",
        widget="area",
        min_length=1,
        max_length=TEXT_LIMIT,
    )
    you_said: str = asks(
        "You said", help="Published. What people told us, without names.", widget="area", min_length=1, max_length=1_000
    )
    we_did: str = asks(
        "We did", help="Published. What is better now, without names.", widget="area", min_length=1, max_length=1_000
    )


@handles(CompleteImprovement)
def complete_improvement(command: CompleteImprovement, work: Work) -> Sequence[Event]:
    """Count an improvement as made only with evidence from before and after [lgsco:8.1]."""
    row = _improvement(command.improvement_id, work, ImprovementState.STARTED)
    work.not_future(command.done_on, "done_on")
    work.not_before(command.done_on, row.started_on or command.done_on, "done_on", what="work on it began")
    _tells_nobody(row, command, work)
    said = command.model_dump(include={"done_on", "after", "you_said", "we_did"})
    for name, value in said.items():
        setattr(row, name, value)
    return [ImprovementCompleted(number=ident(row.id), **said)]


def _tells_nobody(row: Improvement, command: CompleteImprovement, work: Work) -> None:
    """Refuse words for publication that would tell who complained."""
    behind = (
        select(col(Person.name))
        .join(Complaint, col(Complaint.person_id) == col(Person.id))
        .join(ImprovementCase, col(ImprovementCase.complaint_id) == col(Complaint.id))
        .where(col(ImprovementCase.improvement_id) == row.id, col(Person.name) != "")
    )
    names = list(work.session.exec(behind))
    for name in ("you_said", "we_did"):
        found = finds_somebody(getattr(command, name), names=names)
        if found:
            title = CompleteImprovement.model_fields[name].title
            raise BadInput(
                f"“{title}” is published and holds {found}. Say it so that nobody can be known by it.",
                {name: f"This holds {found}."},
            )


class DropImprovement(Command):
    """Give up an improvement, and say why."""

    needs = Permission.LEARN
    clauses = ("lgsco:9.4",)
    title = "Drop an improvement"
    gist = "It stays on the list as dropped, with the reason."

    improvement_id: int = asks("Which improvement", widget="choice", options="improvements")
    why: str = asks("Why it will not be made", widget="area", min_length=1, max_length=TEXT_LIMIT)


@handles(DropImprovement)
def drop_improvement(command: DropImprovement, work: Work) -> Sequence[Event]:
    """Keep what was given up, with its reason [lgsco:9.4]."""
    row = _improvement(command.improvement_id, work, ImprovementState.PROPOSED, ImprovementState.STARTED)
    row.dropped_on, row.dropped_why = work.today, command.why
    return [ImprovementDropped(number=ident(row.id), why=command.why)]


def _improvement(improvement_id: int, work: Work, *states: ImprovementState) -> Improvement:
    """An improvement that stands at one of these; BadInput for none, StepNotOpen for one that stands elsewhere."""
    row = work.session.get(Improvement, improvement_id)
    if row is None:
        raise BadInput("There is no such improvement. Choose one from the list.", {"improvement_id": "Choose one."})
    facts = ImprovementFacts(
        due_on=row.due_on, started_on=row.started_on, done_on=row.done_on, dropped_on=row.dropped_on
    )
    stands = improvement_state(facts)
    if states and stands not in states:
        needed = " or ".join(state.value for state in states)
        hint = " Begin it first." if stands is ImprovementState.PROPOSED else ""
        raise StepNotOpen(f"Improvement {row.id} is {stands.value}; this is for one that is {needed}.{hint}")
    return row
