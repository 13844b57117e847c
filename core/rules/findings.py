"""What a rule says when a clause is not met: never an exception, so it runs over old records as over today's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One clause that is not met, in a sentence.

    `force` says what follows: *should* asks for a recorded reason, *must* and *structure* refuse outright.
    """

    clause: str
    sentence: str
    force: Literal["should", "must", "structure"] = "should"
