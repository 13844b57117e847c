"""The command settings: every setting with its default, as a file of settings to begin with."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import typer

from core.cli.answers import Answer, command
from core.settings import Settings

_OPENING = (
    "Settings of the complaints console. Take the # away where a value differs from the one shown.",
    "This file holds secrets: let only the console's own user read it.",
)


def add_to(app: typer.Typer) -> None:
    """Give the command line this command."""
    command(app, "settings")(settings)


def settings() -> Answer:
    """Print every setting with its meaning and default, as a file to begin with. Values in use are not shown."""
    lines = tuple(reference())
    return Answer(data={"settings": list(Settings.model_fields)}, lines=lines)


def reference() -> Iterator[str]:
    """Every setting in the order of the class: what it means, and its default behind a #; none where it is empty."""
    yield from (f"# {line}" for line in _OPENING)
    for name, field in Settings.model_fields.items():
        default = field.get_default(call_default_factory=True)
        yield ""
        yield f"# {field.description}"
        yield f"#COMPLAINTS_{name.upper()}={'' if name == 'data_dir' else _written(default)}"


def _written(value: Any) -> str:
    """A default as a file of settings has it."""
    if value in (None, "", {}):
        return ""
    return str(value).lower() if isinstance(value, bool) else f'"{value}"' if " " in str(value) else str(value)
