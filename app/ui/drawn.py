"""Texts that are made of an answer once, and shown at every rerun for as long as the same answer is given again.

An answer about the record is given again until something is recorded (Desk.ask), so a list of many rows need not be
put into words at every click. The text goes when the answer does, and outlives nothing that was erased.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar
from weakref import ref

T = TypeVar("T")

_MOST = 40
"""Texts of one answer at most, such as the same list reached by several addresses."""
_texts: dict[int, tuple[ref[object], dict[str, Any]]] = {}


def once(answer: object, name: str, draw: Callable[[], T]) -> T:
    """The text of this name that is made of an answer, or a chart of it: from nothing but the answer and the name."""
    held = _texts.get(id(answer))
    if held is None or held[0]() is not answer:
        number = id(answer)
        held = _texts[number] = (ref(answer, lambda gone: _forget(number, gone)), {})
    texts = held[1]
    if name not in texts:
        if len(texts) >= _MOST:
            texts.clear()
        texts[name] = draw()
    said: T = texts[name]
    return said


def _forget(number: int, gone: ref[object]) -> None:
    """Let the texts go with their answer, unless another has come into its place in memory."""
    held = _texts.get(number)
    if held is not None and held[0] is gone:
        del _texts[number]
