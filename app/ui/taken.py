"""The step that a person took last with each form, so that a browser which never had the answer does not take it twice.

A server can end between a step and its answer. The browser then finds another one with the words still in its fields,
and its person would press the button again. What is kept of a step is its id in the ledger and the form's instance,
which the id follows from together with what was typed; not a word of that.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid5

from core.desk import Desk

_INSTANCE, _STEP = "instance", "step"


def command_id(instance: str, values: Mapping[str, Any]) -> str:
    """The id of the step that is taken with a form when these values stand in it."""
    return str(uuid5(UUID(instance), json.dumps(values, sort_keys=True, default=str, ensure_ascii=True)))


def drop(here: Desk, draft: str, *, instance: str, step: str) -> None:
    """Forget a draft whose step is taken, and keep which one that was, in place of the one before it."""
    here.drop(draft, noting=(_name(draft), {_INSTANCE: instance, _STEP: step}))


def last(here: Desk, draft: str) -> tuple[str, str]:
    """The instance and the id of the step taken last; two empty texts where none was."""
    kept = here.kept(_name(draft))
    return str(kept.get(_INSTANCE, "")), str(kept.get(_STEP, ""))


def _name(draft: str) -> str:
    return f"taken:{draft}"
