"""What the sample council learns: what its answers teach, improvements, themes, and a month's quality checks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, time, timedelta
from functools import cache
from random import Random
from typing import Any
from uuid import UUID

from core.code.causes import DEFAULT_CAUSES
from core.code.quality import CHECKLIST
from core.commands.base import Command
from core.commands.improving import CompleteImprovement, ProposeImprovement, StartImprovement
from core.commands.quality import DrawSample, ItemMark, RecordCheck
from core.commands.themes import FindThemes
from core.demo.courses import back
from core.demo.story import Act, Council, Story
from core.demo.texts import read
from core.desk import Desk
from core.errors import BadInput
from core.queries.learning import improvements
from core.queries.quality import quality_samples
from core.rules.facts import Outcome
from core.rules.quality import Mark
from core.rules.s6_stages import LONDON
from core.rules.s9_oversight import Learned, Risk

_SIZE = 6  # complaints of the sample
_FAULT = (Outcome.UPHELD, Outcome.PARTIALLY_UPHELD)


@cache
def _told() -> Mapping[str, Any]:
    return read("learning.toml")


def taught(story: Story, outcome: Outcome) -> dict[str, Any]:
    """What an answer says it teaches: mostly something where fault was found, and why nothing otherwise."""
    lots = story.lessons
    if outcome in _FAULT and lots.random() * 100 < _told()["often"]:
        chosen = lots.choice(_told()["lesson"])
        cause_id = story.cast.cause_ids[DEFAULT_CAUSES[chosen["cause"]].title]
        return {"learned": Learned.SOMETHING, "lesson": lots.choice(chosen["words"]), "cause_id": cause_id}
    return {"learned": Learned.NOTHING, "lesson": lots.choice(_told()["nothing"])}


def improving(council: Council, *, seed: str) -> Sequence[Act]:
    """Improvements planned one after the other in the last months: one made, one under way, one that is late."""
    random, acts = Random(f"{seed} improvements"), []  # noqa: S311 - a story, not a secret
    cast = council.cast

    def act(days: int, kind: type[Command], /, *, of: str = "", **values: Any) -> None:
        day = back(council.calendar, council.today, days)
        at = datetime.combine(day, time(10, random.randrange(60)), tzinfo=LONDON)
        command_id = str(UUID(int=random.getrandbits(128), version=4))
        finds = _numbered(of) if of else None
        acts.append(Act(at=at, who=cast.manager, kind=kind, command_id=command_id, values=values, finds=finds))

    for number, told in enumerate(_told()["improvement"]):
        planned = 60 - 5 * number
        due_on = back(council.calendar, council.today, 4) + (timedelta(weeks=6) if told["begun"] else timedelta())
        known: dict[str, Any] = {
            "cause_id": cast.cause_ids[DEFAULT_CAUSES[told["cause"]].title],
            "risk": Risk(told["risk"]),
        }
        owner = cast.colleague_ids[cast.manager]
        act(planned, ProposeImprovement, what=told["what"], owner_id=owner, due_on=due_on, **known)
        if told["begun"]:
            on = back(council.calendar, council.today, planned - 10)
            act(planned - 10, StartImprovement, of=told["what"], started_on=on, before=told["before"])
        if "after" in told:
            words = {name: told[name] for name in ("after", "you_said", "we_did")}
            done_on = back(council.calendar, council.today, 10)
            act(10, CompleteImprovement, of=told["what"], done_on=done_on, **words)
    return acts


def _numbered(what: str) -> Callable[[Desk, str], dict[str, Any]]:
    """Finds the number that an improvement got when it was planned."""
    return lambda desk, _reference: {
        "improvement_id": next(one.id for one in desk.ask(improvements) if one.what == what)
    }


def look_back(manager: Desk, reviewer: Desk, *, seed: str) -> None:
    """What is done last: themes are looked for, and the last month that is over is sampled and partly checked."""
    random = Random(f"{seed} quality")  # noqa: S311 - a story, not a secret

    def named() -> dict[str, Any]:
        return {"command_id": str(UUID(int=random.getrandbits(128), version=4))}

    manager.do(FindThemes(**named()))
    today = reviewer.office.today(reviewer.office.now())
    month = today.replace(day=1) - timedelta(days=1)
    try:
        reviewer.do(DrawSample(month=month, size=_SIZE, seed=random.randint(1, 999), **named()))
    except BadInput:
        return  # a small council may have answered nothing in that month
    words = _told()["quality"]
    for number, case in enumerate(reviewer.ask(quality_samples)[0].to_check[: _SIZE // 2]):
        failed = words["failed"] if number == 0 else ""
        marks = tuple(
            ItemMark(item=key, mark=Mark.NOT_MET, words=words["lacking"])
            if key == failed
            else ItemMark(item=key, mark=Mark.MET)
            for key in CHECKLIST
        )
        reviewer.do(RecordCheck(sampled_id=case.id, marks=marks, words=random.choice(words["well"]), **named()))
