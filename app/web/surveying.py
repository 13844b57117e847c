"""The feedback survey by link: one page with a few questions and how to complain, for people who have no account."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from html import escape

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.ui.desk import office
from app.web import cookies, places
from app.web.by_link import TOO_MANY, behind, form_page, in_thread, may_send, said, sent
from app.web.forms import EXPIRED
from app.web.metrics import ANSWERS
from core import surveying
from core.code.survey import SURVEY, SurveyQuestion
from core.commands.survey import COMMENT
from core.errors import BadInput, ComplaintsError

_TITLE = "How did we deal with your complaint?"
_MOST = 512 * 1024  # bytes
_PARTS = {1: "our first answer (stage 1)", 2: "our final answer (stage 2)"}


async def survey(request: Request) -> Response:
    """Show the survey to whoever holds its link, and count one answer [lgsco:3.8]."""
    token = request.path_params["token"]
    stage = await behind(request, partial(surveying.stage_of, office(), token))
    if isinstance(stage, Response):
        return stage
    told = await in_thread(partial(surveying.how_to_complain, office()))
    if request.method != "POST":
        return _page(request, stage, told, {})
    came = await sent(request, most=_MOST, files=0)
    given = {name: value for name, value in came.form.items() if isinstance(value, str)}
    problem, status = _refused(request, token, given, broken=came.too_large or came.broken)
    if not problem:
        answers = {key: given[key] for key in SURVEY.questions if given.get(key)}
        comment = given.get("comment", "").replace("\x00", "").replace("\r\n", "\n")
        try:
            await in_thread(partial(surveying.answer, office(), token, answers=answers, comment=comment))
        except BadInput as wrong:
            problem, status = str(wrong), 400
        except ComplaintsError as refusal:
            if isinstance(again := await behind(request, partial(surveying.stage_of, office(), token)), Response):
                return again
            problem, status = str(refusal), 503
    if problem:
        ANSWERS.labels(str(status)).inc()
        return _page(request, stage, told, given, problem=problem, status=status)
    ANSWERS.labels("survey").inc()
    return said(
        "Thank you. Your answers are counted without your name. You can close this page.", title="Thank you", status=200
    )


def _refused(request: Request, token: str, given: Mapping[str, str], *, broken: bool) -> tuple[str, int]:
    """Why a form is not looked at further, if it is not."""
    if not may_send(token):
        return TOO_MANY, 429
    if not cookies.from_our_form(request, given.get("seal", ""), token):
        return EXPIRED, 403
    if broken or len(given.get("comment", "").replace("\r\n", "\n")) > COMMENT:
        return f"What you want to add is longer than {COMMENT:,} characters. Shorten it.", 413
    return "", 200


def _page(
    request: Request,
    stage: int,
    told: tuple[str, str],
    given: Mapping[str, str],
    *,
    problem: str = "",
    status: int = 200,
) -> Response:
    """The questions with what was chosen so far; how to complain stands below them and is never left out."""
    begin = (
        f"<p>{escape(office().settings.council)} would like to know how you found {_PARTS[stage]} and the way to it. "
        "You need not answer, and no question has to be answered. What you say is counted without your name. It "
        "changes nothing in your complaint.</p>"
    )
    asked = "".join(_question(question, given.get(key, "")) for key, question in SURVEY.questions.items())
    comment = escape(given.get("comment", ""))
    body = (
        f'{begin}<form method="post" action="{escape(request.url.path)}" enctype="multipart/form-data"><!--seal-->'
        f"{asked}"
        '<label for="comment">Is there anything you want to add?</label><p class="hint" id="comment-hint">Please leave '
        "out names and addresses: it is read without knowing who wrote it.</p>"
        f'<textarea id="comment" name="comment" rows="6" maxlength="{COMMENT}" aria-describedby="comment-hint">'
        f"{comment}</textarea><button>Send your answers</button></form>{_how_to_complain(told)}"
    )
    return form_page(request, _TITLE, body, token=request.path_params["token"], problem=problem, status=status)


def _question(question: SurveyQuestion, chosen: str) -> str:
    choices = "".join(
        f'<label class="choice"><input type="radio" name="{question.key}" value="{key}"'
        f"{' checked' if key == chosen else ''}>{escape(words)}</label>"
        for key, words in SURVEY.answers_to(question.key).items()
    )
    return f"<fieldset><legend>{escape(question.title)}</legend>{choices}</fieldset>"


def _how_to_complain(told: tuple[str, str]) -> str:
    how, contact = told
    reach = f'<p class="asked">{escape(contact)}</p>' if contact else ""
    return f"<h2>How to complain</h2><p>{escape(how)}</p>{reach}"


ROUTES = [Route(places.SURVEYED, survey, methods=["GET", "POST"])]
