"""The filter of the list of remedies and the address of its page, each read from the other: a view is a link."""

from __future__ import annotations

from collections.abc import Mapping

from core.desk import Desk
from core.errors import BadInput
from core.queries.base import LAST_ID
from core.queries.remedies import RemedyFilter

NAMES = ("whose", "shown", "service")
WHOSE = {"me": "Mine", "all": "Everyone's"}
SHOWN = {"open": "Still to be done", "late": "Overdue", "every": "Those that are over too"}


def asked(params: Mapping[str, str]) -> dict[str, str]:
    """The filter's part of an address, without what says nothing."""
    return {name: params[name] for name in NAMES if params.get(name)}


def filter_of(params: Mapping[str, str], desk: Desk) -> RemedyFilter:
    """The filter an address asks for; without a word about whose, this person's own.

    Raises BadInput when the address names something that does not exist.
    """
    whose, shown = _one_of(params.get("whose"), WHOSE) or "me", _one_of(params.get("shown"), SHOWN)
    service = params.get("service", "")
    if service and not (service.isascii() and service.isdigit() and int(service) <= LAST_ID):
        raise BadInput("There is no such service. Choose one of the filter's own entries.")
    return RemedyFilter(
        owner_id=desk.actor.id if whose == "me" else None,
        overdue=shown == "late",
        over=shown == "every",
        service_id=int(service) if service else None,
    )


def _one_of(value: str | None, allowed: Mapping[str, str]) -> str | None:
    if value and value not in allowed:
        raise BadInput("There is no such view of the remedies. Choose one of the filter's own entries.")
    return value or None
