"""Single sign-on: OpenID Connect by Authlib on our own two routes, ending in the same session as a password.

State, nonce, PKCE, signature, issuer, audience and expiry are checked; the provider's user-info must speak of the very
same person. Only issuer and subject say who somebody is.
"""

from __future__ import annotations

import re
from functools import partial
from typing import Any

from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.starlette_client import OAuth
from starlette.middleware import Middleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.ui.desk import office
from app.web import cookies, places
from app.web.asking import in_thread
from app.web.forms import Form, page
from app.web.headers import Asgi, Receive, Scope, Send
from app.web.logs import log
from app.web.metrics import SIGN_INS
from app.web.sign_in import enter
from core import entrance
from core.entrance import Claims
from core.errors import NotPermitted

_FAILED = "Single sign-on did not succeed. Try once more; if it stays, tell the administrator."
_NEXT, _LINK = "next", "link"
_MINUTES = 10
_KIND = re.compile(r"[A-Za-z_]{1,40}")
_kept: dict[str, Any] = {}


class WayThrough:
    """Keeps state, nonce and PKCE's secret in a signed cookie of a few minutes, on these two routes and no other.

    Streamlit brings such a cookie too: signed with a key of each process, good for two weeks, and never Secure here.
    """

    def __init__(self, app: Asgi) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        keeping = SessionMiddleware(
            self.app,
            secret_key=cookies.sign_on_key(),
            session_cookie=cookies.sign_on_name(),
            max_age=_MINUTES * 60,
            same_site="lax",  # the provider's answer comes from another site
            https_only=office().settings.https,
        )
        # A scope of its own: Streamlit's session in the outer one stays empty, and so sets no cookie.
        await keeping(dict(scope), receive, send)


def provider() -> Any:
    """The identity provider from the settings, its addresses read once; NotPermitted when none is set up."""
    settings = office().settings
    if not settings.single_sign_on or settings.sso_client_secret is None:
        raise NotPermitted("Single sign-on is not set up here. Sign in with your password.")
    known = f"{settings.sso_metadata_url} {settings.sso_client_id}"
    if known not in _kept:
        registered = OAuth()
        registered.register(
            "provider",
            client_id=settings.sso_client_id,
            client_secret=settings.sso_client_secret.get_secret_value(),
            server_metadata_url=settings.sso_metadata_url,
            client_kwargs={"scope": "openid profile email", "code_challenge_method": "S256"},
        )
        _kept[known] = registered.provider
    return _kept[known]


async def start(request: Request) -> Response:
    """Send the browser to the identity provider, keeping where it wanted to go."""
    try:
        there = provider()
        request.session[_NEXT] = places.local(request.query_params.get("next", "/"))
        request.session[_LINK] = request.query_params.get("link", "")[:200]
        back = f"{office().settings.base_url.rstrip('/')}{places.SIGN_ON_BACK}"
        answer: Response = await there.authorize_redirect(request, back)
    except NotPermitted as refusal:
        return _said(request, str(refusal), 404)
    except Exception as fault:  # the provider is away or answers nonsense
        return _failed(request, fault)
    return answer


async def callback(request: Request) -> Response:
    """Take the provider's answer, check all of it, and open a session for the person it speaks of."""
    next_, link = request.session.pop(_NEXT, "/"), request.session.pop(_LINK, "")
    try:
        there = provider()
        claims = await _checked(there, request)
        address = request.client.host if request.client else ""
        token = await in_thread(partial(entrance.sign_in_by_claims, office(), claims, address=address, link=link))
    except NotPermitted as refusal:
        SIGN_INS.labels("refused").inc()
        return _said(request, str(refusal), 403)
    except Exception as fault:  # a lie, a replay or a fault: in every case nobody comes in
        SIGN_INS.labels("refused").inc()
        return _failed(request, fault)
    finally:
        request.session.clear()
    SIGN_INS.labels("let in").inc()
    return await enter(request, token, places.local(next_))


async def _checked(there: Any, request: Request) -> Claims:
    """The claims of a token that is meant for us, and that the provider's user-info agrees with."""
    token = await there.authorize_access_token(request)
    told = token.get("userinfo") or {}
    metadata = await there.load_server_metadata()
    audience = told.get("aud")
    meant = [audience] if isinstance(audience, str) else list(audience or ())
    if there.client_id not in meant or (len(meant) > 1 and told.get("azp") != there.client_id):
        raise OAuthError(error="wrong_audience")
    if not told.get("sub") or told.get("iss") != metadata.get("issuer"):
        raise OAuthError(error="wrong_issuer")
    more = await there.userinfo(token=token) if metadata.get("userinfo_endpoint") else {}
    if more and more.get("sub") != told["sub"]:
        raise OAuthError(error="swapped_subject")
    merged = {**told, **more}
    groups = merged.get(office().settings.sso_groups_claim) or ()
    listed = [groups] if isinstance(groups, str) else groups
    return Claims(
        issuer=str(told["iss"]),
        subject=str(told["sub"]),
        name=str(merged.get("name") or ""),
        sign_in_name=str(merged.get("preferred_username") or ""),
        groups=tuple(str(each) for each in listed),
    )


def _failed(request: Request, fault: Exception) -> Response:
    # What comes with the provider's answer may be anybody's words: only what reads like a kind of refusal is kept.
    kind = str(fault.error) if isinstance(fault, OAuthError) else type(fault).__name__
    log.warning("single sign-on refused", why=kind if _KIND.fullmatch(kind) else "not told")
    return _said(request, _FAILED, 400)


def _said(request: Request, sentence: str, status: int) -> Response:
    form = Form(title="Sign in", action="", after=f'<p><a href="{places.SIGN_IN}">Back to signing in</a></p>')
    return page(request, form, problem=sentence, status=status)


_KEEPING = [Middleware(WayThrough)]
ROUTES = [
    Route(places.SIGN_ON_START, start, methods=["GET"], middleware=_KEEPING),
    Route(places.SIGN_ON_BACK, callback, methods=["GET"], middleware=_KEEPING),
]
