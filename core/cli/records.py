"""Commands on the record itself: ledger verify, ledger anchor, duties rebuild, letters check."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from core.cli.answers import Answer, command
from core.cli.opening import at_the_desk, contents
from core.commands.organising import RebuildDuties
from core.desk import Desk
from core.errors import BadInput, LedgerBroken, NotReady
from core.queries.duties_check import duties_check
from core.queries.letters_check import letters_check
from core.store import ledger
from core.store.ledger import Anchor
from core.words import counted


def add_to(app: typer.Typer) -> None:
    """Give the command line these commands."""
    ledger_app, duties, letters = (typer.Typer(no_args_is_help=True) for _ in range(3))
    app.add_typer(ledger_app, name="ledger", help="The history that cannot be rewritten.")
    app.add_typer(duties, name="duties", help="What is owed.")
    app.add_typer(letters, name="letters", help="Letters as they went out.")
    command(letters, "check")(check_letters)
    command(ledger_app, "verify")(verify)
    command(ledger_app, "anchor")(anchor)
    command(duties, "rebuild")(rebuild)


def verify(
    *,
    anchor: Annotated[
        Path | None,
        typer.Option(help="A file of anchors kept outside, one a line.", metavar="FILE", show_default=False),
    ] = None,
) -> Answer:
    """Prove the whole history, or name the entry that was altered, removed or cut off."""
    kept = _anchors(anchor) if anchor is not None else []
    with at_the_desk() as desk:
        key = _key(desk)
        with desk.office.database.reading() as connection:
            entries = ledger.verify(connection, key=key, anchors=kept)
    against = f" against {counted(len(kept), 'anchor')}" if kept else ""
    lines = [f"The history is whole: {counted(entries, 'entry', 'entries')} proved{against}."]
    return Answer(data={"entries": entries, "anchors": len(kept)}, lines=lines)


def anchor() -> Answer:
    """Print the chain's end as one line, to be kept outside: it proves later that nothing was cut off."""
    with at_the_desk() as desk, desk.office.database.reading() as connection:
        now = ledger.anchor(connection, at=desk.office.now())
    return Answer(data=now, lines=[now.line()])


def rebuild() -> Answer:
    """Check every stored duty against the facts, and put right those that differ."""
    checked, changed, after = 0, 0, 0
    with at_the_desk() as desk:
        while True:
            part = desk.ask(duties_check, after=after)
            checked, changed = checked + part.checked, changed + len(part.differing)
            if part.differing:
                desk.do(RebuildDuties(references=part.differing))
            if part.after is None:
                break
            after = part.after
    of = counted(checked, "complaint")
    said = (
        f"Put right {changed:,} of {of}."
        if changed
        else f"Nothing to change: the duties of {of} are what they should be."
    )
    return Answer(data={"checked": checked, "changed": changed}, lines=[said])


def _key(desk: Desk) -> bytes:
    """The ledger's key; a missing one is not made anew, since no other key proves this history."""
    settings = desk.office.settings
    if settings.ledger_key is None and not settings.key_file.exists():
        raise NotReady(f"The ledger's key is not in {settings.data_dir}. Put it back, or set COMPLAINTS_LEDGER_KEY.")
    return desk.office.key


def _anchors(file: Path) -> list[Anchor]:
    try:
        lines = contents(file).decode("ascii").splitlines()
    except UnicodeDecodeError as error:
        raise BadInput(f"{file} holds no anchors. An anchor is one line of letters and digits.") from error
    kept = [Anchor.read(line) for line in lines if line.strip()]
    if not kept:
        raise BadInput(f"{file} holds no anchor. Give a file with what `complaints ledger anchor` printed.")
    return kept


def check_letters() -> Answer:
    """Read every letter that went out: does it hold what its clauses require, in the words that were sent?"""
    with at_the_desk() as desk:
        found = desk.ask(letters_check)
    lines = [f"{counted(found.checked, 'letter')} went out and were read."]
    lines += [f"{each.reference}: “{each.title}” leaves out {', '.join(each.lacking)}." for each in found.lacking]
    lines += [f"{each.reference}: the words of “{each.title}” are not those that were sent." for each in found.altered]
    told = {"checked": found.checked, "lacking": len(found.lacking), "altered": len(found.altered)}
    if found.altered:
        raise LedgerBroken(" ".join(lines))
    return Answer(data=told, lines=tuple(lines))
