"""What the pages behind one-time links share: who may try how often, and a page that runs no script and tells nobody.

Nobody signs in here. The address holds the secret, so no answer of these pages names it to another site.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from html import escape
from typing import TypeVar

from anyio import CapacityLimiter, to_thread
from limits import RateLimitItemPerMinute
from starlette.datastructures import FormData
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from app.ui.desk import office
from app.web import cookies, logs
from app.web.forms import STYLE, problem_box, whole
from app.web.intake import rates
from app.web.metrics import ANSWERS
from core.errors import ComplaintsError, LinkOver, NotFound

T = TypeVar("T")
_AT_ONCE = 2  # each may hold one file of the largest size there is
_WORDS = 256 * 1024  # bytes of one answer in words, however it is written down
_FIELDS = 20
_DRAINED = 4  # times the most that is taken: read and thrown away, so that a browser hears the answer
TOO_MANY = "Too many tries came from here within a minute. Wait a minute, then try again. What you typed is below."
_GUESSED = "Too many links that are not known here were tried from this address. Wait a minute, then try again."
_STYLED = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
POLICY = (
    f"default-src 'none'; style-src 'sha256-{_STYLED}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


@cache
def _limiter() -> CapacityLimiter:
    """Threads of their own, so that whoever answers a link keeps nobody from their session."""
    return CapacityLimiter(_AT_ONCE)


async def in_thread(work: partial[T]) -> T:
    """Do something with the records or a file, in a thread kept for links."""
    return await to_thread.run_sync(work, limiter=_limiter())


def may_send(token: str) -> bool:
    """Whether a link may be tried once more within this minute."""
    limit = RateLimitItemPerMinute(office().settings.intake_wrong_keys)
    return rates().hit(limit, "link", hashlib.sha256(token.encode("utf-8", "replace")).hexdigest())


async def behind(request: Request, ask: Callable[[], T]) -> T | Response:
    """What stands behind a link, or the page that says why there is nothing any more: 404, 410 or 429."""
    wrong = RateLimitItemPerMinute(office().settings.intake_wrong_keys)
    address = request.client.host if request.client else ""
    if not rates().test(wrong, "guessed links", address):
        return said(_GUESSED, title="Please wait", status=429)
    try:
        return await in_thread(partial(ask))
    except NotFound as unknown:
        rates().hit(wrong, "guessed links", address)
        return said(str(unknown), title="No such link", status=404)
    except LinkOver as over:
        return said(str(over), title="This link works no longer", status=410)
    except ComplaintsError as away:
        logs.log.warning("a link could not be opened", kind=type(away).__name__)
        return said("Nothing can be recorded at the moment. Try again later.", title="Please come back", status=503)


def said(sentence: str, *, title: str, status: int) -> Response:
    """A page with one sentence and nothing to fill in."""
    if status != 200:  # noqa: PLR2004 - HTTP's own number
        ANSWERS.labels(str(status)).inc()
    return plain_page(title, f"<p>{escape(sentence)}</p>", status=status)


def plain_page(title: str, body: str, *, status: int = 200) -> Response:
    """A page of ours under the strictest policy: no script and no picture.

    Like every page it tells no other site its address. A stricter policy would have browsers keep silent to us too
    about where a form came from.
    """
    answer = HTMLResponse(whole(title, body), status_code=status)
    answer.headers["content-security-policy"] = POLICY
    return answer


def form_page(request: Request, title: str, body: str, *, token: str, problem: str = "", status: int = 200) -> Response:
    """A page with a form whose inputs are `body`, bound to this browser and to this link."""
    nonce = cookies.form_nonce(request)
    seal = f'<input type="hidden" name="seal" value="{cookies.seal_of(nonce, token)}">'
    shown = body.replace("<!--seal-->", seal, 1)
    answer = plain_page(title, f"{problem_box(problem) if problem else ''}{shown}", status=status)
    cookies.give_nonce(answer, nonce)
    return answer


@dataclass(slots=True)
class Sent:
    """What came with a form; `too_large` when more came than is taken, `broken` when it could not be read to its end.

    The words are there all the same, if they came before the files.
    """

    form: FormData
    too_large: bool = False
    broken: bool = False


async def sent(request: Request, *, most: int, files: int) -> Sent:
    """Read a form of at most so many bytes and files."""
    found = Sent(form=FormData())

    async def taken():  # type: ignore[no-untyped-def]  # noqa: ANN202 - starlette's own stream
        size = 0
        async for chunk in request.stream():
            if size < most:
                yield chunk[: most - size]
            size += len(chunk)
            if size > most * _DRAINED:
                break
        if size > most:
            found.too_large = True
            raise MultiPartException("More came than is taken.")  # so that the parser closes what it had begun

    parser = MultiPartParser(request.headers, taken(), max_files=files, max_fields=_FIELDS, max_part_size=_WORDS)
    try:
        found.form = await parser.parse()
    except (MultiPartException, ValueError, KeyError):
        found.broken = True
        found.form = FormData([(name, value) for name, value in parser.items if isinstance(value, str)])
    return found
