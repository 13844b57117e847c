"""The queue's filter and the address of the page, each read from the other: a view is a link."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta

from core.desk import Desk
from core.errors import BadInput
from core.queries.queue import QueueFilter
from core.rules.duties import TITLES

NAMES = ("whose", "service", "stage", "due", "rule", "kind", "steps", "text")
"""What the address may say about the queue."""

WHOSE = {"me": "My cases", "all": "Everyone's", "nobody": "Not assigned"}
STAGES = {"1": "Stage 1", "2": "Stage 2"}
DUE = {"late": "Overdue", "today": "Due today", "week": "Due in the next 7 days"}
RULES = {"code": "The Code or the law", "ours": "Our own standards"}
KINDS = dict(TITLES)
STEPS = {"all": "Every step owed"}
NOW_AND_THEN = ("stage", "kind", "steps", "rule")
"""The filters beside the usual ones, by their names in the address."""
_WEEK = timedelta(weeks=1)
_DIGITS = 10
_A_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DAY = timedelta(days=1)


def asked(params: Mapping[str, str]) -> dict[str, str]:
    """The filter's part of an address, without what says nothing."""
    return {name: params[name] for name in NAMES if params.get(name)}


def filter_of(params: Mapping[str, str], desk: Desk) -> QueueFilter:
    """The filter an address asks for; without a word about whose, this person's own cases.

    Raises BadInput when the address names something that does not exist.
    """
    today = desk.office.today(desk.office.now())
    monday = week_of(params.get("due"))
    due = None if monday else _one_of(params.get("due"), DUE, "due")
    owner = _person(params.get("whose"))
    whose = "" if owner is not None else _one_of(params.get("whose"), WHOSE, "whose") or "me"
    stage = _one_of(params.get("stage"), STAGES, "stage")
    rule = _one_of(params.get("rule"), RULES, "rule")
    begins = max(monday, today) if monday else {"today": today, "week": today + _DAY}.get(due or "")
    ends = monday + _WEEK - _DAY if monday else {"today": today, "week": today + _WEEK}.get(due or "")
    return QueueFilter(
        owner_id=desk.actor.id if whose == "me" else owner,
        unassigned=whose == "nobody",
        service_id=_number(params.get("service")),
        stage=int(stage) if stage else None,
        overdue=due == "late",
        due_from=begins,
        due_until=ends,
        kind=_one_of(params.get("kind"), KINDS, "kind"),
        ours=rule == "ours" if rule else None,
        every=bool(_one_of(params.get("steps"), STEPS, "steps")),
        text=params.get("text", ""),
    )


def week_of(value: str | None) -> date | None:
    """The first day of the week that an address asks for, of which what is late already is left out; None without."""
    if not value or not _A_DAY.fullmatch(value):
        return None
    try:
        first = date.fromisoformat(value)
        first + _WEEK
    except (ValueError, OverflowError) as error:
        raise BadInput("The address asks for a week there is not. Choose from the lists instead.") from error
    return first


def _one_of(value: str | None, known: Mapping[str, str], name: str) -> str | None:
    if value and value not in known:
        raise BadInput(f"The address asks for {name} in a way the queue does not know. Choose from the lists instead.")
    return value or None


def _person(value: str | None) -> int | None:
    """The colleague whose cases an address asks for; None when it names none by number."""
    named = bool(value) and str(value).isascii() and str(value).isdigit() and len(str(value)) < _DIGITS
    return int(str(value)) if named else None


def _number(value: str | None) -> int | None:
    if value and not (value.isascii() and value.isdigit() and len(value) < _DIGITS):
        raise BadInput("The address names a service that does not exist. Choose one from the list instead.")
    return int(value) if value else None
