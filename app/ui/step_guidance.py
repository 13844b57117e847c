"""What helps with a step, in one line beside its form; nothing where the shelf holds nothing for it."""

from __future__ import annotations

from collections.abc import Sequence

from app.ui import places
from app.ui.plain import one_line
from core.desk import Desk
from core.permissions import Permission
from core.queries.guidance import StepGuidance, step_guidance

_MOST = 3


def line(here: Desk, step: str) -> str:
    """The guidance for a step, each a link to its page or its file; "" where there is none."""
    found = here.ask(step_guidance).get(step, ()) if here.may(Permission.CODE) else ()
    return told(found)


def told(found: Sequence[StepGuidance]) -> str:
    """These entries of the shelf in one line."""
    if not found:
        return ""
    more = f" More on [the shelf]({places.address(places.GUIDANCE, {})})." if len(found) > _MOST else ""
    return f"Guidance: {'; '.join(map(_one, found[:_MOST]))}.{more}"


def _one(entry: StepGuidance) -> str:
    title = one_line(entry.title)
    of = f" for {one_line(entry.service)}" if entry.service else ""
    return f"{link(title, entry.address)}{of}{copy(entry.id) if entry.has_file else ''}"


def link(title: str, address: str) -> str:
    """A title that is plain already, as a link to its page on the web where there is one, which opens in a new tab."""
    to = places.outside(address)
    return f"[{title}]({to}) (opens in a new tab)" if to else title


def copy(number: int) -> str:
    """A link to the council's own copy of an entry."""
    return f" ([our copy]({places.own_route(f'{places.GUIDES}{number}')}))"
