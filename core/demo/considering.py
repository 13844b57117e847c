"""How a story's complaint is considered: interests declared, the individual heard and asked, met, evidence weighed."""

from __future__ import annotations

from datetime import date
from typing import Any

from core.commands.assessing import AssessComplaint
from core.commands.considering import AskClarification, RecordClarification, RecordMeeting, RecordPosition
from core.commands.fairness import DeclareConflict
from core.commands.weighing import NoteEvidence, WeighEvidence
from core.demo.story import Story
from core.demo.texts import phrases
from core.desk import Desk
from core.queries.considering import considering
from core.rules.considering import Complexity, HandlerFit, ReachedBy, Weighed
from core.rules.parties import ConflictKind

_HEARD_BY = (ReachedBy.PHONE, ReachedBy.PHONE, ReachedBy.EMAIL, ReachedBy.LETTER)
_HEARD_AT_ONCE = 0.5


def take_up(story: Story, number: int, who: str) -> None:
    """What whoever has a stage does on the day it is taken up; half of them hear the individual at once."""
    _declare(story, who, story.day)
    if number == 1:
        _judge(story, who)
    if story.random.random() < _HEARD_AT_ONCE:
        _hear(story, number, who, story.day)


def consider(story: Story, number: int, who: str, day: date) -> None:
    """Everything that is still lacking before an answer on a day, but for what the story leaves out."""
    _declare(story, who, day)
    _hear(story, number, who, day)
    if number == 1 and story.course.met:
        _meet(story, who, day)
    if number == 1 and story.course.evidence:
        _weigh(story, who, day)


def _declare(story: Story, who: str, day: date) -> None:
    if who not in story.declared:
        story.declared.add(who)
        story.act(day, who, DeclareConflict, kind=ConflictKind.NONE)


def _hear(story: Story, number: int, who: str, day: date) -> None:
    if story.course.anonymous or story.course.unheard or number in story.heard:
        return
    story.heard.add(number)
    nothing = story.random.random() < 0.2
    story.act(
        day,
        who,
        RecordPosition,
        obtained_on=day,
        reached_by=story.random.choice(_HEARD_BY),
        nothing_to_add=nothing,
        said="" if nothing else story.writer.one_of("considering", "said"),
    )


def _judge(story: Story, who: str) -> None:
    """How it is judged first, where the story says so; one that comes first has somebody vulnerable behind it."""
    if not story.course.judged:
        return
    first = story.course.judged == "first"
    complexity = {"quick": Complexity.LOW, "complex": Complexity.HIGH}.get(story.course.judged, Complexity.MEDIUM)
    story.act(
        story.day,
        who,
        AssessComplaint,
        complexity=complexity,
        handler_fit=HandlerFit.RIGHT,
        quick=complexity is Complexity.LOW,
        vulnerable=first,
        why=story.writer.one_of("considering", "vulnerable") if first else "",
    )


def ask(story: Story, who: str) -> None:
    """Ask about what is unclear, on the day of the latest act; the reply comes a day or two later."""
    unclear, day = story.random.choice(phrases()["unclear"]), story.day
    question = story.writer.filled(unclear["question"])
    story.act(day, who, AskClarification, question=question, asked_on=day, reached_by=ReachedBy.PHONE)
    then = story.shift(day, story.some("next_entry"))
    story.act(then, who, RecordClarification, finds=_the_question, answered_on=then, answer=unclear["answer"])


def _meet(story: Story, who: str, day: date) -> None:
    story.act(day, who, RecordMeeting, held_on=day, **story.random.choice(phrases()["meetings"]))


def _weigh(story: Story, who: str, day: date) -> None:
    """Evidence without a file is noted and weighed; the sample council keeps no files."""
    noted = story.random.choice(phrases()["evidence"])
    story.act(day, who, NoteEvidence, what=noted["what"], source=noted["source"])
    story.act(day, who, WeighEvidence, finds=_not_weighed, considered=Weighed.YES, weight=noted["weight"])


def _the_question(desk: Desk, reference: str) -> dict[str, Any]:
    return {"clarification_id": desk.ask(considering, reference).asked[0].id}


def _not_weighed(desk: Desk, reference: str) -> dict[str, Any]:
    return {"items": tuple(each.id for each in desk.ask(considering, reference).evidence if each.undecided)}
