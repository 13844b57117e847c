"""The command themes find: look for themes at once."""

from __future__ import annotations

import typer

from core.cli.answers import Answer, command
from core.cli.opening import at_the_desk
from core.theme_finding import find_now


def add_to(app: typer.Typer) -> None:
    """Give the command line this command."""
    themes = typer.Typer(no_args_is_help=True)
    app.add_typer(themes, name="themes", help="Themes among the complaints.")
    command(themes, "find")(find)


def find() -> Answer:
    """Count causes and categories service by service, and point out what has become more. The server does it weekly."""
    with at_the_desk() as desk:
        done = find_now(desk.office)
    (event,) = done.events
    return Answer(data=event.model_dump(mode="json"), lines=list(done.sentences))
