"""Commands on accounts, for whoever runs the server: the first administrator, and a one-time link in an emergency."""

from __future__ import annotations

from typing import Annotated

import typer

from core import entrance
from core.cli.answers import Answer, command
from core.cli.opening import at_the_desk
from core.errors import NotFound
from core.store import sessions


def add_to(app: typer.Typer) -> None:
    """Give the command line these commands."""
    accounts = typer.Typer(no_args_is_help=True)
    app.add_typer(accounts, name="accounts", help="Who can sign in.")
    command(accounts, "first-administrator")(first_administrator)
    command(accounts, "link")(link)


def first_administrator(
    name: Annotated[str, typer.Argument(show_default=False, help="The person's name.")],
    sign_in_name: Annotated[str, typer.Argument(show_default=False, help="What they sign in with.")],
) -> Answer:
    """Enter the first administrator, and print the one-time link with which they choose a password."""
    with at_the_desk() as desk:
        address = entrance.first_administrator(desk.office, name=name, sign_in_name=sign_in_name)
    return Answer(data={"link": address}, lines=["Open this link once, and choose a password:", address])


def link(
    sign_in_name: Annotated[str, typer.Argument(show_default=False, help="What the person signs in with.")],
    *,
    forget_second_factor: Annotated[bool, typer.Option(help="Their phone is lost as well.")] = False,
) -> Answer:
    """Make a one-time link for an account, when no administrator can do it on the Accounts page."""
    with at_the_desk() as desk:
        with desk.office.database.reading() as connection:
            found = sessions.entry_named(connection, sign_in_name.strip().casefold())
        if found is None:
            raise NotFound(f"Nobody signs in as {sign_in_name}. Check the name on the Accounts page.")
        address = entrance.make_link(desk, found.colleague_id, forget_second_factor=forget_second_factor)
    return Answer(data={"link": address}, lines=[f"Open this link once, and choose a password, {found.name}:", address])
