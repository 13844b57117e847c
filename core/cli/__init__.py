"""The command line `complaints`: the same commands and questions as the pages, through the same desk."""

from __future__ import annotations

import typer

from core.cli import (
    accounts,
    calendar,
    cases,
    clients,
    council,
    databases,
    figures,
    history,
    incoming,
    moving,
    protecting,
    publishing,
    records,
    reference,
    retention,
    themes,
    ticking,
)
from core.cli.answers import everywhere

app = typer.Typer(
    name="complaints", no_args_is_help=True, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False
)
app.callback()(everywhere)
_AREAS = (
    *(council, accounts, clients, history, calendar, cases, records, incoming),
    *(ticking, themes, figures, publishing, moving, databases, protecting, retention, reference),
)
for _area in _AREAS:
    _area.add_to(app)


def main() -> None:
    """Run the command line."""
    app()


__all__ = ["app", "main"]
