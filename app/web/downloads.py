"""What leaves the console as a file: exports, evidence and the calendar feed. Each asks the desk, and each is kept
in the ledger; nothing goes by way of Streamlit's own downloads, which ask nobody who they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from functools import wraps
from io import BufferedReader

from icalendar import Alarm, Calendar, Event
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from app.ui.desk import actor_of, office, person_from
from app.ui.filters import filter_of
from app.web import places
from app.web.metrics import REFUSED
from core.channels.files import FileStore, disposition
from core.channels.safe_export import to_csv
from core.channels.secrets import token_hash
from core.commands.access import NoteExport
from core.commands.evidence import OpenFile
from core.desk import Desk
from core.entrance import Visit, feed_of
from core.errors import ComplaintsError, NotFound, NotPermitted
from core.queries.evidence import one_file
from core.queries.queue import QueueFilter, queue_export

EXPORTED = (
    "Reference", "Individual", "Matter", "Service", "Position", "Handler", "Received", "Next step", "By", "How near",
    "Clause", "Comes first",
)  # fmt: skip
_PART = 64 * 1024
_STATUS = {NotPermitted: 403, NotFound: 404}
Answering = Callable[[Request], Response]


def _plainly(answering: Answering) -> Answering:
    """A refusal as its sentence, whatever was asked for."""

    @wraps(answering)
    def answer(request: Request) -> Response:
        try:
            return answering(request)
        except ComplaintsError as refusal:
            REFUSED.labels("download").inc()
            return PlainTextResponse(str(refusal), status_code=_STATUS.get(type(refusal), 400))

    return answer


def desk_of(request: Request) -> Desk:
    """The desk of whoever asks: of their session, or in the demo of the person the address names."""
    here: Visit | None = getattr(request.state, "visit", None)
    if here is not None:
        return Desk(office(), here.actor)
    if office().settings.mode != "demo":
        raise NotPermitted("Sign in first.")
    who = request.query_params.get("who", "")
    if who != str(person_from(who)):
        raise NotPermitted("Say who you are: open the queue and export from there.")
    return Desk(office(), actor_of(int(who)))


@_plainly
def queue_csv(request: Request) -> Response:
    """The queue exactly as the page shows it, as CSV: the same filter from the address, the same person."""
    desk = desk_of(request)
    rows = desk.ask(queue_export, filter_of(request.query_params, desk))
    lines = [
        (
            row.reference, row.individual, row.matter, row.service, row.position, row.owner, row.received_on, row.title,
            row.act_by, row.soon.words, row.clause.partition(":")[2],
            "vulnerable or at risk" if row.at_risk else "",
        )
        for row in rows
    ]  # fmt: skip
    desk.do(NoteExport(what="the queue", rows=len(lines)))
    held = {"Content-Disposition": disposition("queue.csv")}
    return Response(to_csv(lines, EXPORTED), media_type="text/csv; charset=utf-8", headers=held)


@_plainly
def case_file(request: Request) -> Response:
    """A file of evidence, for whoever may see its case; to be saved, never shown within the console."""
    desk = desk_of(request)
    number = request.path_params["number"]
    found = desk.ask(one_file, number)
    desk.do(OpenFile(file_id=number))
    content = _parts(FileStore(office().settings.files).open(found.sha256))
    headers = {
        "Content-Disposition": disposition(found.name),
        "Content-Length": str(found.size),
        "Content-Security-Policy": "sandbox; default-src 'none'",
    }
    return StreamingResponse(content, media_type="application/octet-stream", headers=headers)


def _parts(file: BufferedReader) -> Iterator[bytes]:
    """A file's bytes, a part at a time."""
    with file:
        while part := file.read(_PART):
            yield part


@_plainly
def calendar(request: Request) -> Response:
    """A colleague's duties as a calendar: references, steps and dates, and no name or word of any complaint."""
    owner = feed_of(office(), token_hash(request.path_params["token"]))
    desk = Desk(office(), owner)
    made = Calendar()
    made.add("prodid", "-//The complaints console//EN")
    made.add("version", "2.0")
    made.add("x-wr-calname", "Complaints: my next steps")
    for row in desk.ask(queue_export, QueueFilter(owner_id=owner.id)):
        entry = Event()
        entry.add("uid", f"{row.reference}-{row.kind}@complaints")
        entry.add("dtstamp", office().now())
        entry.add("dtstart", row.act_by)
        entry.add("dtend", row.act_by + timedelta(days=1))
        entry.add("summary", f"{row.title}: {row.reference} ({row.clause.partition(':')[2]})")
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", f"{row.title}: {row.reference}")
        alarm.add("trigger", datetime.combine(row.act_by, time(9)) - datetime.combine(row.act_by, time()))
        entry.add_component(alarm)
        made.add_component(entry)
    return Response(made.to_ical(), media_type="text/calendar; charset=utf-8")


ROUTES = [
    Route(f"{places.EXPORTS}queue.csv", queue_csv),
    Route(f"{places.FILES}{{number:int}}", case_file),
    Route(places.FEED, calendar),
]
