"""What a decision teaches: the three questions every answer asks, and RecordLearning for what ends otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.commands.base import TEXT_LIMIT, CaseCommand, Work, asks, handles
from core.commands.causes import cause_in_use
from core.events.base import Event
from core.events.learning import LearningRecorded
from core.model.learning import Cause, Learning
from core.permissions import Permission
from core.rules.findings import Finding
from core.rules.s9_oversight import Learned, LearningFacts, learning_asked
from core.store.facts import CaseRows


def asks_learned() -> Any:
    """Whether something can be learned; asked whatever was found."""
    return asks(
        "What this teaches the council",
        help="Asked whatever was found. It is for the record and not part of the answer.",
        widget="choice",
        default=None,
    )


def asks_lesson() -> Any:
    """What can be learned, or why nothing can."""
    return asks(
        "What can be learned, or why nothing can",
        help="Without names: it is read together with what other complaints teach.",
        widget="area",
        default="",
        max_length=TEXT_LIMIT,
    )


def asks_cause() -> Any:
    """What lay behind it."""
    return asks(
        "What caused it",
        help="Why it went wrong, whatever it was about.",
        widget="choice",
        options="causes",
        default=None,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Taught:
    """What a decision says of learning, and what it lacks; `keep` writes it down."""

    learned: Learned | None
    lesson: str
    cause: Cause | None
    findings: tuple[Finding, ...]

    def keep(self, case: CaseRows, work: Work, *, stage: int, on: date) -> tuple[Event, ...]:
        """Keep it beside the decision; nothing while nobody answered the question [lgsco:9.1]."""
        if self.learned is None:
            return ()
        cause = self.cause
        work.session.add(
            Learning(
                complaint_id=case.id,
                stage_number=stage,
                something=self.learned is Learned.SOMETHING,
                lesson=self.lesson,
                cause_id=cause.id if cause else None,
                learned_on=on,
                recorded_by=work.actor.id or None,
            )
        )
        return (
            LearningRecorded(
                complaint_id=case.id,
                stage=stage,
                learned=self.learned.value,
                cause=cause.title if cause else "",
                lesson=self.lesson,
            ),
        )


def taught(command: Any, work: Work, *, on: date) -> Taught:
    """What a command says of learning; BadInput when its cause was not in use on that day."""
    cause = cause_in_use(work, command.cause_id, on=on)
    facts = LearningFacts(learned=command.learned, lesson=command.lesson, cause_named=cause is not None)
    return Taught(learned=command.learned, lesson=command.lesson, cause=cause, findings=learning_asked(facts))


class RecordLearning(CaseCommand):
    """Say what a complaint teaches where no answer asked: one that was withdrawn, refused, imported or sent on."""

    needs = Permission.HANDLE
    clauses = ("lgsco:9.1", "lgsco:9.2")
    title = "Record what it teaches"
    gist = "Every answer asks this by itself. Here it is said of a complaint that ended otherwise, or said again."

    learned: Learned = asks("What this teaches the council", widget="choice")
    lesson: str = asks_lesson()
    cause_id: int | None = asks_cause()


@handles(RecordLearning)
def record_learning(command: RecordLearning, work: Work) -> Sequence[Event]:
    """Look beyond the one complaint, however it ended [lgsco:9.1]."""
    case = work.open_case(command)
    said = taught(command, work, on=work.today)
    work.weigh(command, said.findings, case=case)
    return said.keep(case, work, stage=case.current.number, on=work.today)
