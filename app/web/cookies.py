"""The three cookies: a session's token, the nonce that ties a form to the browser it was shown in, and the way through
single sign-on. And whether a request comes from one of the console's own pages.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import timedelta

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response

from app.ui.desk import office


def _https() -> bool:
    return office().settings.https


def session_name() -> str:
    """The session cookie's name; behind TLS one that browsers only take from this very host."""
    return "__Host-complaints" if _https() else "complaints"


def form_name() -> str:
    """The form cookie's name."""
    return "__Host-complaints-form" if _https() else "complaints-form"


def sign_on_name() -> str:
    """The name of the cookie that knows, for a few minutes, which browser went to the identity provider."""
    return "__Host-complaints-sso" if _https() else "complaints-sso"


def sign_on_key() -> str:
    """What that cookie is signed with: a key of its own, made from the installation's."""
    return hmac.new(office().key, b"single sign-on", hashlib.sha256).hexdigest()


def give(answer: Response, token: str) -> None:
    """Hand a session's token to the browser; scripts never see it, other sites never send it along."""
    longest = int(timedelta(hours=office().settings.session_hours).total_seconds())
    answer.set_cookie(session_name(), token, httponly=True, secure=_https(), samesite="lax", path="/", max_age=longest)


def take_back(answer: Response) -> None:
    """Take the session's token from the browser."""
    answer.delete_cookie(session_name(), path="/", secure=_https(), httponly=True, samesite="lax")


def without_ours(value: bytes) -> bytes:
    """A Cookie header without our cookies: pages need no sight of them."""
    names = (session_name().encode(), form_name().encode(), sign_on_name().encode())
    parts = (part.strip() for part in value.split(b";"))
    return b"; ".join(part for part in parts if part.partition(b"=")[0] not in names)


def form_nonce(request: Request) -> str:
    """The browser's nonce, or a new one to give it."""
    return request.cookies.get(form_name()) or secrets.token_urlsafe(24)


def give_nonce(answer: Response, nonce: str) -> None:
    """Tie the forms of this browser to it."""
    answer.set_cookie(form_name(), nonce, httponly=True, secure=_https(), samesite="strict", path="/")


def seal_of(nonce: str, about: str = "") -> str:
    """What a form carries: only this server makes it, for this browser's nonce and for what the form is about."""
    told = b"form:" + nonce.encode() + (b"\n" + about.encode("utf-8", "replace") if about else b"")
    return hmac.new(office().key, told, hashlib.sha256).hexdigest()


def from_our_form(request: Request, seal: str, about: str = "") -> bool:
    """Whether a form was shown by this console in this browser, and sent from one of its own pages."""
    nonce = request.cookies.get(form_name(), "")
    right = hmac.compare_digest(seal_of(nonce, about).encode(), seal.encode())
    return bool(nonce) and right and _same_site(request.headers)


def from_here(headers: Headers) -> bool:
    """Whether a request names the very place it came to as its origin, as browsers do for the console's own pages."""
    scheme = "https" if _https() else "http"
    host = headers.get("host", "")
    return bool(host) and headers.get("origin") == f"{scheme}://{host}"


def _same_site(headers: Headers) -> bool:
    """Browsers name the origin or say that there is none other; whoever says neither is no form of ours."""
    site = headers.get("sec-fetch-site")
    if site is not None and site != "same-origin":
        return False
    return from_here(headers) if "origin" in headers else site == "same-origin"
