"""What leaves the console as a file: exports, evidence and letters. Each asks the desk, and each is kept
in the ledger; nothing goes by way of Streamlit's own downloads, which ask nobody who they are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import wraps
from io import SEEK_END, BufferedReader

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from app.ui import register_filter, remedy_filter, search_filter
from app.ui.desk import actor_of, office, person_from
from app.ui.filters import filter_of
from app.web import places
from app.web.metrics import REFUSED
from core.channels.file_stores import file_store
from core.channels.files import disposition
from core.channels.safe_export import to_csv
from core.channels.word_letters import standard_template
from core.code.catalogue import SCHEMES
from core.commands.access import NoteExport
from core.commands.evidence import OpenFile
from core.desk import Desk
from core.entrance import Visit
from core.errors import BadInput, ComplaintsError, NotFound, NotPermitted
from core.letter_files import PDF, WORD, letter_file, letters_to_print
from core.queries.behaviour import behaviour_file
from core.queries.evidence import one_file
from core.queries.guidance import guidance_file
from core.queries.intake import one_arrived
from core.queries.policies import policy_file
from core.queries.queue import queue_export
from core.queries.register import register
from core.queries.remedies import remedies_list
from core.queries.searching import search_export
from core.yearly_letters import letter_source

EXPORTED = (
    "Reference", "Individual", "Matter", "Service", "Position", "Handler", "Received", "Next step", "By", "How near",
    "Clause", "Comes first",
)  # fmt: skip
REMEDIES_EXPORTED = (
    "Reference", "Number", "Kind", "What the money is for", "What", "Service", "Who sees to it", "When offered",
    "Offered on", "By", "State", "Over on", "Pounds offered", "Pounds paid",
)  # fmt: skip
DEPARTURES_EXPORTED = (
    "Which", "Complaint or policy", "Service", "Clause", "What was found", "Reason", "Given", "By", "On",
)  # fmt: skip
SEARCH_EXPORTED = ("Reference", "Individual", "Matter", "Service", "Position", "Received", "Next date")
_PART = 64 * 1024
SEALED = "sandbox; default-src 'none'"
_FORMS = defaultdict(str, pdf=PDF, docx=WORD)
_STATUS = {NotPermitted: 403, NotFound: 404}
Answering = Callable[[Request], Response]


def plainly(answering: Answering) -> Answering:
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


@plainly
def queue_csv(request: Request) -> Response:
    """The queue exactly as the page shows it, as CSV: the same filter from the address, the same person."""
    desk = desk_of(request)
    rows = desk.ask(queue_export, filter_of(request.query_params, desk))
    lines = [
        (
            row.reference, row.individual, row.matter, row.service, row.position, row.owner, row.received_on, row.title,
            row.act_by, row.soon.words, SCHEMES[row.scheme].number(row.clause),
            "vulnerable or at risk" if row.at_risk else "",
        )
        for row in rows
    ]  # fmt: skip
    desk.do(NoteExport(what="the queue", rows=len(lines)))
    held = {"Content-Disposition": disposition("queue.csv")}
    return Response(to_csv(lines, EXPORTED), media_type="text/csv; charset=utf-8", headers=held)


@plainly
def remedies_csv(request: Request) -> Response:
    """The remedies exactly as the page shows them, as CSV: the same filter from the address, the same person."""
    desk = desk_of(request)
    found = desk.ask(remedies_list, remedy_filter.filter_of(request.query_params, desk), limit=None)
    lines = [
        (
            row.reference, row.number, row.kind, row.sub_kind, row.what, row.service, row.owner, row.moment,
            row.offered_on, row.due_on, row.state.value, row.over_on, _in_pounds(row.offered_pence),
            _in_pounds(row.paid_pence if row.of_money else None),
        )
        for row in found.lines
    ]  # fmt: skip
    desk.do(NoteExport(what="the remedies", rows=len(lines)))
    held = {"Content-Disposition": disposition("remedies.csv")}
    return Response(to_csv(lines, REMEDIES_EXPORTED), media_type="text/csv; charset=utf-8", headers=held)


@plainly
def departures_csv(request: Request) -> Response:
    """The departures register exactly as the page shows it, as CSV: the same filter, the same person."""
    desk = desk_of(request)
    found = desk.ask(register, register_filter.filter_of(request.query_params), limit=None)
    lines = [
        (
            register_filter.KINDS[line.kind], line.reference or line.policy, line.service,
            SCHEMES[line.scheme].number(line.clause), line.finding, line.reason,
            "afterwards" if line.afterwards else "", line.recorded_by, line.on,
        )
        for line in found.lines
    ]  # fmt: skip
    desk.do(NoteExport(what="the departures register", rows=len(lines)))
    held = {"Content-Disposition": disposition("departures.csv")}
    return Response(to_csv(lines, DEPARTURES_EXPORTED), media_type="text/csv; charset=utf-8", headers=held)


@plainly
def search_csv(request: Request) -> Response:
    """What the search found exactly as the page shows it, as CSV: the same words and choices, the same person."""
    desk = desk_of(request)
    facets = search_filter.facets_of(request.query_params)
    found = desk.ask(search_export, request.query_params.get("text", ""), facets=facets)
    lines = [
        (row.reference, row.individual, row.matter, row.service, row.position, row.received_on, row.act_by)
        for row in found
    ]
    desk.do(NoteExport(what="what a search found", rows=len(lines)))
    held = {"Content-Disposition": disposition("search.csv")}
    return Response(to_csv(lines, SEARCH_EXPORTED), media_type="text/csv; charset=utf-8", headers=held)


def _in_pounds(pence: int | None) -> str:
    """A sum for a spreadsheet: 12345 pence are "123.45"; "" where there is no money."""
    return f"{pence // 100}.{pence % 100:02d}" if pence is not None else ""


@plainly
def case_file(request: Request) -> Response:
    """A file of evidence, for whoever may see its case; to be saved, never shown within the console."""
    desk = desk_of(request)
    number = request.path_params["number"]
    found = desk.ask(one_file, number)
    desk.do(OpenFile(file_id=number))
    return to_save(found.name, found.sha256)


@plainly
def arrived_file(request: Request) -> Response:
    """An e-mail that waits on Intake, as it came, for whoever may record it as a complaint."""
    desk = desk_of(request)
    found = desk.ask(one_arrived, request.path_params["number"])
    desk.do(NoteExport(what="an e-mail that arrived", rows=1))
    return to_save(found.name, found.sha256)


@plainly
def guide(request: Request) -> Response:
    """The council's own copy of guidance, for whoever is signed in: it holds nothing about any complaint."""
    found = desk_of(request).ask(guidance_file, request.path_params["number"])
    return to_save(found.name, found.sha256)


@plainly
def policy(request: Request) -> Response:
    """A version of the council's policy as a file, for whoever is signed in: it is published anyway."""
    found = desk_of(request).ask(policy_file, request.path_params["number"])
    return to_save(found.name, found.sha256)


@plainly
def behaviour(request: Request) -> Response:
    """A version of the policy on unreasonable behaviour as a file, for whoever is signed in: it is published anyway."""
    found = desk_of(request).ask(behaviour_file, request.path_params["number"])
    return to_save(found.name, found.sha256)


def to_save(name: str, sha256: str) -> Response:
    """A kept file to be saved, which no browser shows within the console."""
    file = file_store(office().settings).open(sha256)
    size = file.seek(0, SEEK_END)
    file.seek(0)
    headers = {
        "Content-Disposition": disposition(name),
        "Content-Length": str(size),
        "Content-Security-Policy": SEALED,
    }
    return StreamingResponse(_parts(file), media_type="application/octet-stream", headers=headers)


def _parts(file: BufferedReader) -> Iterator[bytes]:
    """A file's bytes, a part at a time."""
    with file:
        while part := file.read(_PART):
            yield part


@plainly
def yearly_letter(request: Request) -> Response:
    """The file that a year's figures were read from, for whoever sees figures."""
    desk = desk_of(request)
    name, sha256 = letter_source(desk, request.path_params["body"], request.path_params["year"])
    desk.do(NoteExport(what="the file of a yearly letter", rows=1))
    return to_save(name, sha256)


@plainly
def template(request: Request) -> Response:
    """The letter template that comes along, for whoever is signed in: it holds nobody's words."""
    desk_of(request)
    headers = {"Content-Disposition": disposition("letter template.docx")}
    return Response(standard_template(), media_type="application/octet-stream", headers=headers)


@plainly
def printed(request: Request) -> Response:
    """Several letters as one PDF to print, for whoever sees all their cases."""
    named = request.query_params.get("letters", "").split(",")
    if not all(each.isascii() and each.isdigit() for each in named):
        raise BadInput("That link is damaged. Tick the letters again on the page of letters.")
    content = letters_to_print(desk_of(request), tuple(map(int, dict.fromkeys(named))))
    headers = {"Content-Disposition": disposition("letters.pdf"), "Content-Security-Policy": SEALED}
    return Response(content, media_type="application/octet-stream", headers=headers)


@plainly
def letter(request: Request) -> Response:
    """A letter as a file, for whoever may see its case."""
    name, content = letter_file(desk_of(request), request.path_params["number"], _FORMS[request.path_params["form"]])
    headers = {"Content-Disposition": disposition(name), "Content-Security-Policy": SEALED}
    return Response(content, media_type="application/octet-stream", headers=headers)


ROUTES = [
    Route(f"{places.EXPORTS}queue.csv", queue_csv),
    Route(f"{places.EXPORTS}remedies.csv", remedies_csv),
    Route(f"{places.EXPORTS}departures.csv", departures_csv),
    Route(f"{places.EXPORTS}search.csv", search_csv),
    Route(f"{places.FILES}{{number:int}}", case_file),
    Route(f"{places.LETTERS}template.docx", template),
    Route(f"{places.LETTERS}print.pdf", printed),
    Route(f"{places.LETTERS}{{number:int}}.{{form:str}}", letter),
    Route(f"{places.ARRIVED}{{number:int}}", arrived_file),
    Route(f"{places.YEARLY}{{body:str}}/{{year:int}}", yearly_letter),
    Route(f"{places.GUIDES}{{number:int}}", guide),
    Route(f"{places.POLICIES}{{number:int}}", policy),
    Route(f"{places.BEHAVIOUR}{{number:int}}", behaviour),
]
