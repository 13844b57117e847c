"""What is offered to put things right, as a letter says it: what, how much, and by when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from core.words import day_words, pounds


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """One remedy in words: what it is, the money in pence, the day, who sees to it, and whether it is done already."""

    what: str
    pence: int | None
    due_on: date | None
    owner: str
    done: bool


def offered_words(promises: Iterable[Promise]) -> str:
    """Each thing that is offered, with its sum and its day; "" where nothing is [lgsco:7.3]."""
    return "\n\n".join(f"{number}. {_offered(each)}" for number, each in enumerate(promises, start=1))


def _offered(promise: Promise) -> str:
    money = f" We offer you {pounds(promise.pence)}." if promise.pence is not None else ""
    if promise.done:
        return f"{_sentence(promise.what)}{money} This has been done."
    by = f" We will do this by {day_words(promise.due_on)}." if promise.due_on is not None else ""
    return f"{_sentence(promise.what)}{money}{by}"


def left_to_do(promises: Iterable[Promise]) -> str:
    """What is still to be done, each with who sees to it and the day; "" where nothing is [lgsco:6.18]."""
    left = [each for each in promises if not each.done]
    return "\n\n".join(f"{number}. {_left(each)}" for number, each in enumerate(left, start=1))


def _left(promise: Promise) -> str:
    who = promise.owner or "We"
    by = f" by {day_words(promise.due_on)}" if promise.due_on is not None else ""
    return f"{_sentence(promise.what)} {who} will see to it{by}."


def _sentence(text: str) -> str:
    said = text.strip()
    return said if said.endswith((".", "!", "?")) else f"{said}."
