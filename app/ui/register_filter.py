"""The filter of the departures register and the address of its page, each read from the other: a view is a link."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from core.code.catalogue import cited
from core.errors import BadInput
from core.queries.base import LAST_ID
from core.queries.register import EXPLAINED, POLICY, UNEXPLAINED, RegisterFilter

NAMES = ("kind", "clause", "service", "since", "until")
KINDS = {
    "": "All of it",
    UNEXPLAINED: "Late, and nobody has said why",
    EXPLAINED: "Complaints, with a reason",
    POLICY: "The policy’s own",
}


def asked(params: Mapping[str, str]) -> dict[str, str]:
    """The filter's part of an address, without what says nothing."""
    return {name: params[name] for name in NAMES if params.get(name)}


def filter_of(params: Mapping[str, str]) -> RegisterFilter:
    """The filter an address asks for; BadInput when it names something that does not exist."""
    kind, clause, service = (params.get(name, "") for name in ("kind", "clause", "service"))
    wrong = kind not in KINDS or (clause and not cited(clause))
    if wrong or (service and not (service.isascii() and service.isdigit() and int(service) <= LAST_ID)):
        raise BadInput("The register does not know what this address asks for. Choose from the lists instead.")
    return RegisterFilter(
        kind=kind,
        clause=clause,
        service_id=int(service) if service else None,
        since=_day(params.get("since", "")),
        until=_day(params.get("until", "")),
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise BadInput("The address names a day that does not exist. Choose one from the calendar instead.") from None
