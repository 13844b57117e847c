"""Questions answered by link: one page with the question and a form, for people who have no account here."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from html import escape

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.ui.desk import office
from app.web import cookies, places
from app.web.by_link import TOO_MANY, behind, form_page, in_thread, may_send, said, sent
from app.web.forms import EXPIRED
from app.web.metrics import ANSWERS
from core import answering
from core.answering import LONGEST_NAME, Shown
from core.code.information import INFORMATION
from core.commands.base import TEXT_LIMIT
from core.commands.information_links import SentFile
from core.errors import BadInput, ComplaintsError
from core.evidence import MEGABYTE
from core.words import counted, day_words

_TITLE = "A question about a complaint"
_THANKS = "Thank you. Your answer has arrived. This link works no longer; you can close this page."
_FILES_AGAIN = "Choose your files again: a browser does not keep them."


async def answer(request: Request) -> Response:
    """Show a question to whoever holds its link, and take the answer once [lgsco:4.2]."""
    token = request.path_params["token"]
    found = await behind(request, partial(answering.shown, office(), token))
    if isinstance(found, Response):
        return found
    if request.method != "POST":
        return _page(request, found, {"by": found.name})
    came = await sent(request, most=(_together() + 1) * MEGABYTE, files=INFORMATION.most_files)
    typed = {name: _text(came.form, name) for name in ("by", "words")}
    try:
        if not may_send(token):
            return _page(request, found, typed, problem=TOO_MANY, status=429)
        if not cookies.from_our_form(request, _text(came.form, "seal"), token):
            return _page(request, found, typed, problem=EXPIRED, status=403)
        if came.too_large or came.broken:
            return _page(request, found, typed, problem=_too_much(), status=413)
        return await _taken(request, found, typed, came.form)
    finally:
        await came.form.close()


async def _taken(request: Request, found: Shown, typed: Mapping[str, str], form: FormData) -> Response:
    token = request.path_params["token"]
    try:
        files = tuple([await _file(each) for each in form.getlist("files") if _is_file(each)])
        told = {"by": typed["by"], "words": typed["words"], "files": files}
        await in_thread(partial(answering.answer, office(), token, **told))
    except BadInput as wrong:
        return _page(request, found, typed, problem=str(wrong), wrong=wrong.fields, status=400)
    except ComplaintsError as refusal:
        if isinstance(again := await behind(request, partial(answering.shown, office(), token)), Response):
            return again
        return _page(request, found, typed, problem=str(refusal), status=503)
    ANSWERS.labels("arrived").inc()
    return said(_THANKS, title="Your answer has arrived", status=200)


def _is_file(each: object) -> bool:
    """Whether a file was chosen: a browser sends an empty one with no name where none was."""
    return isinstance(each, UploadFile) and bool(each.filename or each.size)


async def _file(each: UploadFile | str) -> SentFile:
    if isinstance(each, str):
        raise BadInput("This is no file. Choose it again.", {"files": "Choose the file again."})
    content = await each.read()
    try:
        return await in_thread(partial(answering.take_file, office(), name=each.filename or "", content=content))
    except BadInput as refusal:
        raise BadInput(str(refusal), {"files": str(refusal)}) from refusal


def _together() -> int:
    """Megabytes of all files of one answer."""
    return min(INFORMATION.together_megabytes, INFORMATION.most_files * office().settings.file_megabytes)


def _most() -> str:
    each = office().settings.file_megabytes
    return f"At most {counted(INFORMATION.most_files, 'file')} of {each} MB each, {_together()} MB together."


def _too_much() -> str:
    return f"These are too many files, or they are too large. {_most()} Send fewer, or smaller ones."


def _page(
    request: Request,
    found: Shown,
    typed: Mapping[str, str],
    *,
    problem: str = "",
    wrong: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    """The question and the form, with the words typed so far; what went wrong stands above and beside its field."""
    if status != 200:  # noqa: PLR2004 - HTTP's own number
        ANSWERS.labels(str(status)).inc()
    told = f"{problem} {_FILES_AGAIN}" if problem else ""
    body = f"{_question(found)}{_form(request.url.path, typed, wrong or {})}"
    token = request.path_params["token"]
    return form_page(request, _TITLE, body, token=token, problem=told, status=status)


def _question(found: Shown) -> str:
    """Who asks what, and by when; nothing else of the complaint."""
    asks = f"<p>{escape(found.asker)} asks you, for {escape(office().settings.council)}:</p>"
    with_it = (
        f'<p>These documents go with it; they come to you in another way:</p><p class="asked">'
        f"{escape(found.documents)}</p>"
        if found.documents
        else ""
    )
    by = f"<p>Please answer by <strong>{day_words(found.due_on)}</strong>. An answer after that day is welcome too.</p>"
    return f'{asks}<p class="asked">{escape(found.what)}</p>{with_it}{by}'


def _form(action: str, typed: Mapping[str, str], wrong: Mapping[str, str]) -> str:
    by, words = escape(typed.get("by", "")), escape(typed.get("words", ""))
    return (
        f'<form method="post" action="{escape(action)}" enctype="multipart/form-data" novalidate><!--seal-->'
        f"{_label('by', 'Your name', '', wrong)}"
        f'<input id="by" name="by" value="{by}" maxlength="{LONGEST_NAME}" autocomplete="name" {_told("by", wrong)}>'
        f"{_label('words', 'Your answer', 'You can send it once, so write all of it.', wrong)}"
        f'<textarea id="words" name="words" rows="12" maxlength="{TEXT_LIMIT}" {_told("words", wrong)}>'
        f"{words}</textarea>"
        f"{_label('files', 'Files that belong to it, if there are any', _most(), wrong)}"
        f'<input id="files" name="files" type="file" multiple {_told("files", wrong)}>'
        '<p class="hint">Your name, your answer and the files become part of the record of the complaint. The person '
        "who complained may ask to see it.</p><button>Send the answer</button></form>"
    )


def _label(name: str, label: str, hint: str, wrong: Mapping[str, str]) -> str:
    told = f'<p class="hint" id="{name}-hint">{escape(hint)}</p>' if hint else ""
    bad = f'<p id="{name}-wrong"><strong>{escape(wrong[name])}</strong></p>' if name in wrong else ""
    return f'<label for="{name}">{escape(label)}</label>{told}{bad}'


def _told(name: str, wrong: Mapping[str, str]) -> str:
    """How a field is tied to its hint and to what is wrong with it, for screen readers."""
    ids = ([] if name == "by" else [f"{name}-hint"]) + ([f"{name}-wrong"] if name in wrong else [])
    described = f'aria-describedby="{" ".join(ids)}"' if ids else ""
    return f'{described} aria-invalid="true"' if name in wrong else described


def _text(form: FormData, name: str) -> str:
    value = form.get(name, "")
    return value.replace("\x00", "").replace("\r\n", "\n") if isinstance(value, str) else ""


ROUTES = [Route(places.ANSWERED, answer, methods=["GET", "POST"])]
