"""Commands on the calendar: days add, holidays import."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from core.channels.bank_holidays import read_govuk
from core.cli.answers import Answer, command
from core.cli.opening import at_the_desk, contents
from core.commands.organising import ChangeCalendar
from core.errors import BadInput
from core.queries.calendar import CalendarNews, MovedDuty, calendar_news, counted_from, moved_by
from core.rules.working_days import Why
from core.words import counted, day_words

COLUMNS = ("start", "n")


def a_day(written: str) -> date:
    """A day as it is typed: 2026-04-02."""
    try:
        return date.fromisoformat(written)
    except ValueError as error:
        raise typer.BadParameter(f"{written} is not a date. Write it as year-month-day, such as 2026-04-02.") from error


def add_to(app: typer.Typer) -> None:
    """Give the command line these commands."""
    days, holidays = typer.Typer(no_args_is_help=True), typer.Typer(no_args_is_help=True)
    app.add_typer(days, name="days", help="Working days.")
    app.add_typer(holidays, name="holidays", help="Bank holidays.")
    command(days, "add")(add)
    command(holidays, "import")(import_holidays)


# ---------------------------------------------------------------------------------------------------------- days add


def add(
    start: Annotated[date | None, typer.Argument(parser=a_day, show_default=False, metavar="[START]")] = None,
    n: Annotated[int | None, typer.Argument(show_default=False, metavar="[N]")] = None,
    *,
    file: Annotated[
        Path | None,
        typer.Option("--csv", show_default=False, help="A file with the columns start,n; answers due,skipped."),
    ] = None,
) -> Answer:
    """Count N working days after START, by the calendar that is held here; the day itself is day 0."""
    if file is not None:
        if start is not None:
            raise typer.BadParameter("Give START and N, or --csv, not both.")
        asked = list(_asked(contents(file)))
        with at_the_desk() as desk:
            found = desk.ask(counted_from, asked)
        return Answer(data=[_told(why) for why in found], lines=_as_csv(found))
    if start is None or n is None:
        raise typer.BadParameter("Give START and N, such as 2026-04-02 10, or --csv FILE.")
    with at_the_desk() as desk:
        (why,) = desk.ask(counted_from, [(start, n)])
    return Answer(data=_told(why), lines=[day_words(why.due), *why.sentences("Start")])


def _asked(data: bytes) -> Iterator[tuple[date, int]]:
    """What a file asks for; BadInput names the row that cannot be used."""
    try:
        reader = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""))
        if not set(COLUMNS) <= set(reader.fieldnames or ()):
            raise BadInput("The file needs a first row with the columns start and n. Add it and try again.")
        for row in reader:
            yield _row(row["start"], row["n"], line=reader.line_num)
    except (UnicodeDecodeError, csv.Error) as error:
        raise BadInput("The file is not readable as CSV. Save it as CSV in UTF-8 and try again.") from error


def _row(start: str | None, n: str | None, *, line: int) -> tuple[date, int]:
    try:
        return date.fromisoformat((start or "").strip()), int(n or "")
    except ValueError as error:
        raise BadInput(
            f"Line {line} says “{start or ''},{n or ''}”. Write a day such as 2026-04-02 and a whole number."
        ) from error


def _told(why: Why) -> dict[str, object]:
    skipped = [{"day": day, "name": name} for day, name in why.skipped]
    return {"start": why.start, "n": why.n, "due": why.due, "skipped": skipped, "why": why.words("Start")}


def _as_csv(found: tuple[Why, ...]) -> Iterator[str]:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("due", "skipped"))
    for why in found:
        writer.writerow((why.due.isoformat(), "; ".join(f"{day.isoformat()} {name}" for day, name in why.skipped)))
    yield from text.getvalue().splitlines()


# ---------------------------------------------------------------------------------------------------- holidays import


def import_holidays(
    file: Annotated[Path, typer.Argument(show_default=False, metavar="FILE")],
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Move the dates without asking.")] = False,
    withdraw: Annotated[bool, typer.Option("--withdraw", help="Take back days that the list no longer shows.")] = False,
) -> Answer:
    """Add the bank holidays of GOV.UK's file. The open duties that would move are shown first."""
    listed, source = read_govuk(contents(file)), f"GOV.UK, imported from {file.name[:200]}"
    with at_the_desk() as desk:
        news = desk.ask(calendar_news, listed, source=source, withdraw=withdraw)
        if not news.rows:
            lines = ["Every day of this list is known already. Nothing was changed.", *_still_here(news)]
            return Answer(data={"changed": [], "moved": [], "unlisted": _days(news.unlisted)}, lines=lines)
        moved = desk.ask(moved_by, news.rows)
        for line in _ahead(news, moved):
            typer.echo(line, err=True)
        if not yes and not typer.confirm("Change the calendar?", err=True):
            raise BadInput("Nothing was changed. Say --yes to change the calendar without being asked.")
        done = desk.do(ChangeCalendar(source=source, rows=news.rows))
    data = {"changed": _days((row[0], row[1]) for row in news.rows), "moved": moved, "unlisted": _days(news.unlisted)}
    return Answer(data=data, lines=done.sentences)


def _days(days: Iterator[tuple[date, str]] | tuple[tuple[date, str], ...]) -> list[dict[str, object]]:
    return [{"day": day, "name": name} for day, name in days]


def _ahead(news: CalendarNews, moved: tuple[MovedDuty, ...]) -> Iterator[str]:
    for day, name, _layer, withdrawn in news.rows:
        yield f"{'Taken back' if withdrawn else 'New'}: {day_words(day)}, {name}"
    yield from _still_here(news)
    yield f"{counted(len(moved), 'open duty', 'open duties')} would move." if moved else "No open duty would move."
    for duty in moved:
        said = f"  {duty.reference}  {duty.title}: {day_words(duty.was)} becomes {day_words(duty.becomes)}"
        kept = duty.act_by_was == duty.act_by
        yield f"{said}; the date already told, {day_words(duty.act_by)}, is kept" if kept else said


def _still_here(news: CalendarNews) -> Iterator[str]:
    for day, name in news.unlisted:
        yield f"Not in this list, kept here: {day_words(day)}, {name}. To take it back, say --withdraw."
