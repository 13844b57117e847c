"""Who runs complaints in the sample council: posts, training, the shared objective and the guidance shelf."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time
from functools import cache
from random import Random
from typing import Any
from uuid import UUID

from core.code.conduct import Post
from core.commands.base import Command
from core.commands.conduct import (
    AcknowledgeObjective,
    AppointTo,
    EndAppointment,
    RecordContractorObjective,
    RecordTraining,
)
from core.commands.guidance import ShelveSuggestions
from core.demo.courses import back
from core.demo.story import Act, Council
from core.demo.texts import colleagues, read
from core.desk import LONDON, Desk
from core.permissions import Role
from core.queries.conduct import posts_held

_SHELVED, _AGREED, _OBJECTIVE = 140, 120, 90  # working days before today


@cache
def told() -> Mapping[str, Any]:
    """What is laid out in conduct.toml."""
    return read("conduct.toml")


def resourcing(council: Council, *, seed: str) -> Sequence[Act]:
    """Appointments with one that ended, training that leaves gaps, and the objective that some have acknowledged."""
    random = Random(f"{seed} conduct")  # noqa: S311 - a story, not a secret
    acts = []
    for days, who, kind, values in [*_posts(council), *_training(council), *_objective(council)]:
        at = datetime.combine(_day(council, days), time(11, random.randrange(60)), tzinfo=LONDON)
        command_id = str(UUID(int=random.getrandbits(128), version=4))
        finds = _in_post if kind is EndAppointment else None
        acts.append(Act(at=at, who=who, kind=kind, command_id=command_id, values=values, finds=finds))
    return acts


_Told = Iterator[tuple[int, str, type[Command], dict[str, Any]]]


def _day(council: Council, days: int) -> date:
    return back(council.calendar, council.today, days)


def _first(role: str) -> str:
    return next(name for name, has in colleagues() if has is Role(role))


def _posts(council: Council) -> _Told:
    for one in told()["post"]:
        since = _day(council, one["days"])
        who = one.get("name") or _first(one["role"])
        holder = {"name": who} if "name" in one else {"colleague_id": council.cast.colleague_ids[who]}
        more = {name: one[name] for name in ("appointed_by", "contact", "holder_title", "committee") if name in one}
        yield (
            one["days"],
            council.cast.manager,
            AppointTo,
            {"post": Post(one["post"]), "since": since, **holder, **more},
        )
        if "until" in one:
            yield one["until"], council.cast.manager, EndAppointment, {"until": _day(council, one["until"])}


def _in_post(desk: Desk, _reference: str) -> dict[str, Any]:
    """The committee's appointment, which comes to its end."""
    member = next(each for each in desk.ask(posts_held) if each.post is Post.MEMBER)
    return {"appointment_id": member.holders[0].id}


def _training(council: Council) -> _Told:
    for one in told()["training"]:
        said = {"training": one["training"], "given_by": one["given_by"], "done_on": _day(council, one["days"])}
        for name, role in colleagues():
            if role.value in one["roles"]:
                who = council.cast.colleague_ids[name]
                yield one["days"] - 1, council.cast.manager, RecordTraining, {"colleague_id": who, **said}


def _objective(council: Council) -> _Told:
    yield _SHELVED, council.cast.manager, ShelveSuggestions, {}
    said = {"contractor": told()["contractor"], "signed_by": told()["signed_by"], "evidence": told()["agreement"]}
    agreed = {**said, "acknowledged_on": _day(council, _AGREED)}
    yield _AGREED, council.cast.manager, RecordContractorObjective, agreed
    for name, role in colleagues():
        if role in (Role.HANDLER, Role.MANAGER, Role.SENIOR_LEAD):
            yield _OBJECTIVE, name, AcknowledgeObjective, {"agreed": True}
