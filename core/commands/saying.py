"""What is wrong with the fields of a form, said field by field."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from core.commands.base import Command


def said(kind: type[Command], error: ValidationError) -> tuple[str, dict[str, str]]:
    """What is wrong with the fields typed, field by field."""
    fields: dict[str, str] = {}
    for problem in error.errors():
        name = str(problem["loc"][0]) if problem["loc"] else ""
        info = kind.model_fields.get(name)
        title = (info.title if info else None) or name
        fields[name] = _plain_problem(title, problem)
    return " ".join(fields.values()), fields


def _plain_problem(title: str, problem: Any) -> str:
    context = problem.get("ctx") or {}
    if problem["type"] in {"missing", "string_too_short", "date_type", "none_required"}:
        return f"“{title}” is not filled in yet."
    if problem["type"] == "string_too_long":
        return (
            f"“{title}” is longer than {context.get('max_length'):,} characters. Shorten it, or add the rest as a note."
        )
    if problem["type"] == "nul":
        return f"“{title}” holds a character that cannot be kept (NUL). Paste it again as plain text."
    if problem["type"] == "extra_forbidden":
        return f"“{title}” is not part of this step."
    return f"“{title}” cannot be used: check what was given."
