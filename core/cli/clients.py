"""Commands on web forms, for whoever runs the server: which may send complaints in."""

from __future__ import annotations

from typing import Annotated

import typer

from core import web_intake
from core.cli.answers import Answer, command
from core.cli.opening import at_the_desk
from core.commands.web_forms import RevokeIntakeClient
from core.desk import LONDON
from core.errors import NotFound
from core.queries.intake import ClientLine, intake_clients

_NAME = Annotated[str, typer.Argument(show_default=False, help="The form, as it shows in each case's history.")]


def add_to(app: typer.Typer) -> None:
    """Give the command line these commands."""
    clients = typer.Typer(no_args_is_help=True)
    app.add_typer(clients, name="clients", help="Web forms that may send complaints in.")
    command(clients, "add")(add)
    command(clients, "list")(listed)
    command(clients, "revoke")(revoke)


def add(name: _NAME) -> Answer:
    """Let a web form send complaints in, and print its key, which is kept nowhere."""
    with at_the_desk() as desk:
        key = web_intake.add_client(desk, name)
    lines = ["Put this key into the secrets of the form's server. It is shown once:", key]
    return Answer(data={"name": name, "key": key}, lines=lines)


def listed() -> Answer:
    """List the web forms, and when each last used its key."""
    with at_the_desk() as desk:
        found = desk.ask(intake_clients)
    data = [
        {"name": one.name, "added_at": one.added_at, "used_at": one.used_at, "revoked_at": one.revoked_at}
        for one in found
    ]
    nobody = "No web form has a key yet. `complaints clients add NAME` gives one."
    return Answer(data=data, lines=[_line(one) for one in found] or [nobody])


def _line(one: ClientLine) -> str:
    if one.revoked_at is not None:
        return f"{one.name}: its key was taken back on {one.revoked_at.astimezone(LONDON):%Y-%m-%d %H:%M}."
    if one.used_at is None:
        return f"{one.name}: never used."
    return f"{one.name}: last used {one.used_at.astimezone(LONDON):%Y-%m-%d %H:%M}."


def revoke(
    name: _NAME, *, why: Annotated[str, typer.Option(help="Why, for the ledger.")] = "Taken back on the server."
) -> Answer:
    """Take a web form's key back; it opens nothing from the next request on."""
    with at_the_desk() as desk:
        found = [one for one in desk.ask(intake_clients) if one.name.casefold() == name.strip().casefold()]
        if not found:
            raise NotFound(f"There is no web form called {name}. `complaints clients list` names them.")
        done = desk.do(RevokeIntakeClient(client_id=found[0].id, why=why))
    return Answer(data={"revoked": found[0].name}, lines=done.sentences)
