"""Commands on what comes in by itself, for a timer of the server's: the mailbox, and the files nobody needed."""

from __future__ import annotations

import typer

from core import leftovers, mail_polling
from core.cli.answers import Answer, command
from core.cli.opening import at_the_desk
from core.words import counted


def add_to(app: typer.Typer) -> None:
    """Give the command line these commands."""
    mail = typer.Typer(no_args_is_help=True)
    app.add_typer(mail, name="mail", help="The complaints mailbox.")
    command(mail, "poll")(poll)
    files = typer.Typer(no_args_is_help=True)
    app.add_typer(files, name="files", help="Files of evidence, and what was never recorded.")
    command(files, "tidy")(tidy)


def poll() -> Answer:
    """Look into the complaints mailbox once, and keep what is new. The console does so by itself while it runs."""
    with at_the_desk() as desk:
        done = mail_polling.poll(desk.office)
    lines = [f"Kept {counted(done.kept, 'new message')}; {done.known:,} had been kept before."]
    if done.too_large:
        lines.append(f"{counted(done.too_large, 'message')} too large to keep: still in the mailbox, and on Intake.")
    return Answer(data={"kept": done.kept, "known": done.known, "too_large": done.too_large}, lines=lines)


def tidy() -> Answer:
    """Remove files that no record refers to and that have lain longer than COMPLAINTS_LEFTOVER_DAYS."""
    with at_the_desk() as desk:
        gone = leftovers.remove_leftovers(desk.office)
    return Answer(data={"removed": gone}, lines=[f"Removed {counted(gone, 'file')} that no record refers to."])
