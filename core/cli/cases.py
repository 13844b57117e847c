"""Commands on complaints: case show, queue."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated

import typer

from core.cli.answers import Answer, command
from core.cli.opening import at_the_desk
from core.code.catalogue import SCHEMES, Scheme
from core.desk import LONDON
from core.errors import NotFound
from core.queries.cases import CaseView, Clock, case_view
from core.queries.lists import Choice, lists
from core.queries.queue import PAGE, QueueFilter, QueueRow, queue
from core.words import day_words


def add_to(app: typer.Typer) -> None:
    """Give the command line these commands."""
    case = typer.Typer(no_args_is_help=True)
    app.add_typer(case, name="case", help="One complaint.")
    command(case, "show")(show)
    command(app, "queue")(list_queue)


# --------------------------------------------------------------------------------------------------------- case show


def show(reference: Annotated[str, typer.Argument(show_default=False, metavar="REF")]) -> Answer:
    """Show one complaint: where it stands, its dates and why, its points and its history."""
    with at_the_desk() as desk:
        view = desk.ask(case_view, reference)
    return Answer(data=view, lines=_case(view))


def _case(view: CaseView) -> Iterator[str]:
    yield f"{view.reference}  {view.matter}"
    yield view.position
    who = view.individual["name"] or "someone not named"
    if view.scheme != "lgsco":
        yield SCHEMES[view.scheme].title
    yield f"From {who}, received {day_words(view.received_on)}. How it came: {view.channel}."
    yield f"Service: {view.service or 'none'}."
    for stage in view.stages:
        yield f"Stage {stage.number}: {stage.handler or 'nobody has it yet'}"
    yield ""
    for clock in view.clocks:
        yield from _clock(clock, SCHEMES[view.scheme])
    yield ""
    for point in view.points:
        found = "; ".join(f"stage {number}: {_plain(answer[0])}" for number, answer in sorted(point.answers.items()))
        yield f"Point {point.number}: {point.text} ({found or 'no finding yet'})"
    yield ""
    for line in view.history:
        yield f"{line.at.astimezone(LONDON):%Y-%m-%d %H:%M} {line.actor}: {line.sentence}"


def _clock(clock: Clock, scheme: Scheme) -> Iterator[str]:
    near = f" ({clock.soon.words})" if clock.soon else ""
    met = f", met {day_words(clock.met_on)}" if clock.met_on else ""
    clause = scheme.number(clock.clause)
    yield f"{clock.title} by {day_words(clock.act_by)} [{clause}]: {clock.standing_words}{met}{near}"
    yield f"  {clock.why.words(clock.started) if clock.why else f'{clock.started}.'}"


def _plain(outcome: str) -> str:
    return outcome.replace("_", " ")


# ------------------------------------------------------------------------------------------------------------- queue


def list_queue(
    *,
    overdue: Annotated[bool, typer.Option("--overdue", help="Only what is overdue.")] = False,
    service: Annotated[str | None, typer.Option(help="Only this service.", show_default=False)] = None,
    mine: Annotated[str | None, typer.Option(help="Only this colleague's.", metavar="NAME", show_default=False)] = None,
    limit: Annotated[int, typer.Option(help="How many to show.", min=1)] = PAGE,
) -> Answer:
    """List what is owed next on each open complaint, the nearest first."""
    with at_the_desk() as desk:
        known = desk.ask(lists)
        chosen = QueueFilter(
            overdue=overdue,
            service_id=None if service is None else _id_of(service, known.services, what="service"),
            owner_id=None if mine is None else _id_of(mine, known.colleagues, what="colleague"),
        )
        page = desk.ask(queue, chosen, limit=limit)
    more = f", of which {len(page.rows):,} are shown" if page.after else ""
    lines = [f"{page.count_words} owed{more}.", *map(_owed, page.rows)]
    return Answer(data={"count": page.count, "more": page.more, "rows": page.rows}, lines=lines)


def _id_of(name: str, among: Sequence[Choice], *, what: str) -> int:
    """The id of what is named; NotFound lists the names there are."""
    for choice in among:
        if choice.name.casefold() == name.strip().casefold():
            return choice.id
    names = "; ".join(choice.name for choice in among) or "none yet"
    raise NotFound(f"There is no {what} called “{name}”. There are: {names}.")


def _owed(row: QueueRow) -> str:
    clause = SCHEMES[row.scheme].number(row.clause)
    owner = row.owner or "nobody yet"
    when = f"{day_words(row.act_by)} · {row.soon.words}"
    first = " · vulnerable or at risk" if row.at_risk else ""
    return f"{row.reference}  {row.title} by {when}{first} · {clause} · {owner} · {row.matter}"
