"""The filter of the search and the address of its page, each read from the other: a search is a link."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from core.errors import BadInput
from core.queries.base import LAST_ID
from core.queries.facets import Facets
from core.rules.facts import Outcome

NAMES = ("text", "service", "stage", "outcome", "state", "since", "until", "person")
"""What the address may say about a search."""

STAGES = {"": "Both stages", "1": "Stage 1", "2": "Stage 2"}
STATES = {"": "Open and closed", "open": "Open", "closed": "Closed"}
FOUND_AS = {"": "Any outcome", **{each.value: each.replace("_", " ").capitalize() for each in Outcome}}
_CASE = re.compile(r"C-[0-9]{4}-[0-9]{6}")
_A_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def asked(params: Mapping[str, str]) -> dict[str, str]:
    """The search's part of an address, without what says nothing."""
    return {name: params[name] for name in NAMES if params.get(name)}


def facets_of(params: Mapping[str, str]) -> Facets:
    """What an address narrows the search by; BadInput when it names something that does not exist."""
    service, person = params.get("service", ""), params.get("person", "")
    known = all(params.get(name, "") in reads for name, reads in _READS.items())
    if service and not (service.isascii() and service.isdigit() and len(service) < len(str(LAST_ID))):
        known = False
    if not known or (person and not _CASE.fullmatch(person)):
        raise BadInput("The search does not know what this address asks for. Choose from the lists instead.")
    outcome, stage, state = (params.get(name, "") for name in ("outcome", "stage", "state"))
    return Facets(
        service_id=int(service) if service else None,
        stage=int(stage) if stage else None,
        outcome=Outcome(outcome) if outcome else None,
        is_open=state == "open" if state else None,
        since=_day(params.get("since", "")),
        until=_day(params.get("until", "")),
        person_of=person,
    )


_READS: dict[str, dict[str, str]] = {"stage": STAGES, "outcome": FOUND_AS, "state": STATES}


def _day(text: str) -> date | None:
    try:
        if text and not _A_DAY.fullmatch(text):
            raise ValueError
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise BadInput("The address names a day that does not exist. Choose one from the calendar instead.") from None
