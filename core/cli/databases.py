"""Commands on the database itself: database roles."""

from __future__ import annotations

from contextlib import closing
from typing import Annotated

import typer

from core.cli.answers import Answer, command
from core.cli.opening import settings
from core.store.engine import Database, Limits
from core.store.roles import give_rights, statements_for


def add_to(app: typer.Typer) -> None:
    """Give the command line these commands."""
    database = typer.Typer(no_args_is_help=True)
    app.add_typer(database, name="database", help="The database that holds the records.")
    command(database, "roles")(roles)


def roles(
    application: Annotated[str, typer.Argument(show_default=False, metavar="ROLE")],
    *,
    apply: Annotated[
        bool, typer.Option("--apply", help="Run them, with COMPLAINTS_DATABASE_URL as the owner.")
    ] = False,
) -> Answer:
    """Show what the owner of a PostgreSQL database runs, so that a role can do the console's work and no more."""
    chosen = settings()
    with closing(Database(chosen.url, limits=Limits.of(chosen))) as database:
        statements = statements_for(database, application)
        if apply:
            give_rights(database, application)
    lines = (
        [f"“{application}” can do the console's work, and nothing else."] if apply else [f"{s};" for s in statements]
    )
    return Answer(data={"role": application, "applied": apply, "statements": list(statements)}, lines=lines)
