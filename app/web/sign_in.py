"""Coming in, going out, and looking after one's password and second factor."""

from __future__ import annotations

from functools import partial
from html import escape
from urllib.parse import quote, urlsplit

import segno
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.ui.desk import office
from app.web import cookies, places
from app.web.asking import in_thread
from app.web.forms import Field, Form, page, text, typed
from app.web.metrics import SIGN_INS
from core import entrance
from core.channels import secrets
from core.channels.secrets import token_hash
from core.entrance import Visit
from core.errors import BadInput, ComplaintsError, NotPermitted

ENDED = "You have been signed out. What you had typed is kept: sign in, and the form offers it again."
_NEW = (
    Field(
        name="password",
        label="New password",
        hint=f"At least {secrets.SHORTEST} characters. Several words in a row are good.",
        kind="password",
        fill="new-password",
    ),
    Field(name="again", label="The same once more", kind="password", fill="new-password"),
)


def _sign_in_form(next_: str, name: str = "") -> Form:
    settings = office().settings
    on = ""
    if settings.single_sign_on:
        address = f"{places.SIGN_ON_START}?next={quote(next_, safe='/')}"
        on = f'<p><a class="button second" href="{escape(address)}">Use {escape(settings.sso_name)}</a></p>'
    return Form(
        title="Sign in",
        action=places.SIGN_IN,
        button="Sign in",
        fields=(
            Field(name="name", label="Sign-in name", fill="username", value=name, first=True),
            Field(name="password", label="Password", kind="password", fill="current-password"),
            Field(
                name="code",
                label="Code",
                hint="Six digits from your authenticator app, if you use one.",
                fill="one-time-code",
                needed=False,
            ),
        ),
        hidden=(("next", next_),),
        after=f"{on}<p>No password yet, or forgotten? Ask the administrator for a one-time link.</p>",
    )


async def sign_in(request: Request) -> Response:
    """Show the form, or let somebody in whose name, password and code are right."""
    if request.method == "GET":
        ended = ENDED if "ended" in request.query_params else ""
        next_ = request.query_params.get("next") or (_came_from(request) if ended else "/")
        return page(request, _sign_in_form(places.local(next_)), done=ended)
    given, refusal = await typed(request)
    if given is None:
        return page(request, _sign_in_form("/"), problem=refusal, status=403)
    next_ = places.local(text(given, "next"))
    told = {name: text(given, name) for name in ("name", "password", "code")}
    try:
        token = await in_thread(partial(entrance.sign_in, office(), **told, address=_address(request)))
    except ComplaintsError as wrong:
        SIGN_INS.labels("refused").inc()
        status = 429 if str(wrong) == entrance.TOO_MANY else 401 if isinstance(wrong, NotPermitted) else 503
        return page(request, _sign_in_form(next_, told["name"]), problem=str(wrong), status=status)
    SIGN_INS.labels("let in").inc()
    return await enter(request, token, next_)


def _came_from(request: Request) -> str:
    """The page on which a session ended, as the browser says: signing in again leads back to its half-filled form."""
    parts = urlsplit(request.headers.get("referer", ""))
    elsewhere = parts.netloc != request.headers.get("host")
    if elsewhere or places.is_open(parts.path) or parts.path == places.SIGN_OUT:
        return "/"
    return parts.path + (f"?{parts.query}" if parts.query else "")


async def enter(request: Request, token: str, next_: str) -> Response:
    """Give the browser its new session and end the one it had: no session is carried over a sign-in."""
    earlier = request.cookies.get(cookies.session_name())
    if earlier:
        await in_thread(partial(entrance.sign_out, office(), token_hash(earlier)))
    answer = RedirectResponse(next_, status_code=303)
    cookies.give(answer, token)
    return answer


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


async def sign_out(request: Request) -> Response:
    """Ask once, then end the session at once, in every tab. A link alone ends nothing: anything may follow one."""
    form = Form(
        title="Sign out",
        action=places.SIGN_OUT,
        button="Sign out",
        before="<p>Every tab that uses this session is closed to you at once. Drafts are kept.</p>",
        after='<p><a href="/">Stay signed in</a></p>',
    )
    if request.method == "GET":
        return page(request, form)
    given, refusal = await typed(request)
    if given is None:
        return page(request, form, problem=refusal, status=403)
    here: Visit | None = request.state.visit
    if here is not None:
        await in_thread(partial(entrance.sign_out, office(), here.session_id))
    answer = RedirectResponse(f"{places.SIGN_IN}?ended=1", status_code=303)
    cookies.take_back(answer)
    return answer


async def welcome(request: Request) -> Response:
    """A one-time link: choose a password, or use single sign-on, and come in."""
    token = request.path_params["token"]
    try:
        guest = await in_thread(partial(entrance.invited, office(), token))
    except NotPermitted as gone:
        closed = Form(title="Welcome", action="", after=f'<p><a href="{places.SIGN_IN}">Sign in</a></p>')
        return page(request, closed, problem=str(gone), status=403)
    form = _welcome_form(token, guest.name)
    if request.method == "GET":
        return page(request, form)
    given, refusal = await typed(request)
    if given is None:
        return page(request, form, problem=refusal, status=403)
    try:
        password = _twice(text(given, "password"), text(given, "again"))
        accepted = partial(entrance.accept, office(), token, password=password, address=_address(request))
        session = await in_thread(accepted)
    except BadInput as wrong:
        return page(request, form, problem=str(wrong), status=400)
    except NotPermitted as kept:
        return page(request, _sign_in_form("/"), done=str(kept))
    return await enter(request, session, "/")


def _welcome_form(token: str, name: str) -> Form:
    settings = office().settings
    on = ""
    if settings.single_sign_on:
        address = f"{places.SIGN_ON_START}?link={quote(token)}"
        on = f'<p>Or <a class="button second" href="{escape(address)}">use {escape(settings.sso_name)}</a></p>'
    return Form(
        title="Welcome",
        action=f"{places.WELCOME}{quote(token)}",
        button="Keep this password and go in",
        before=f"<p>{escape(name)}, choose the password you will sign in with. This page works once.</p>",
        fields=_NEW,
        after=on,
    )


def _twice(first: str, second: str) -> str:
    if first != second:
        raise BadInput("The two passwords are not the same. Type the new one twice.")
    return first


async def password(request: Request) -> Response:
    """Choose another password; every other session ends."""
    present = Field(name="old", label="Present password", kind="password", fill="current-password", first=True)
    form = Form(
        title="Change your password",
        action=places.PASSWORD,
        button="Change it",
        fields=(present, *_NEW),
        after='<p><a href="/">Back to the console</a></p>',
    )
    if request.method == "GET":
        return page(request, form)
    given, refusal = await typed(request)
    if given is None:
        return page(request, form, problem=refusal, status=403)
    here: Visit = request.state.visit
    try:
        new = _twice(text(given, "password"), text(given, "again"))
        told = {"old": text(given, "old"), "new": new, "address": _address(request)}
        await in_thread(partial(entrance.change_password, office(), here, **told))
    except ComplaintsError as wrong:
        return page(request, form, problem=str(wrong), status=_status(wrong))
    return page(request, form, done="Your password is changed. Every other session of yours has ended.")


def _status(wrong: ComplaintsError) -> int:
    """What a refusal of a present password is answered with: 429 once there were too many."""
    return 429 if str(wrong) == entrance.TOO_MANY else 400


async def second_factor(request: Request) -> Response:
    """Put a second factor on by its first code, or take it off with the password."""
    here: Visit = request.state.visit
    if here.second_factor:
        return await _take_off(request, here)
    if request.method == "GET":
        return page(request, _factor_form(here, secrets.new_totp_secret()))
    given, refusal = await typed(request)
    if given is None:
        return page(request, _factor_form(here, secrets.new_totp_secret()), problem=refusal, status=403)
    try:
        secret = secrets.unseal(text(given, "kept"), key=office().key)
    except ComplaintsError as wrong:
        return page(request, _factor_form(here, secrets.new_totp_secret()), problem=str(wrong), status=400)
    try:
        code = text(given, "code")
        await in_thread(partial(entrance.put_second_factor_on, office(), here, secret=secret, code=code))
    except BadInput as wrong:
        return page(request, _factor_form(here, secret), problem=str(wrong), status=400)
    done = "From now on, signing in asks for a code as well."
    return page(request, Form(title="Second factor", action="", after='<p><a href="/">Go on</a></p>'), done=done)


def _factor_form(here: Visit, secret: str) -> Form:
    """The picture and the words of a new secret; the form carries it sealed, so nobody can put another in its place."""
    settings = office().settings
    address = secrets.totp_address(secret, name=here.actor.name, issuer=f"{settings.council} complaints")
    picture = segno.make(address, micro=False).svg_data_uri(scale=5, border=3)
    spaced = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
    return Form(
        title="Second factor",
        action=places.SECOND_FACTOR,
        button="Put it on",
        before=(
            "<p>Read this picture with an authenticator app on your phone, then type the six digits it shows.</p>"
            f'<img alt="Picture for an authenticator app; the words below say the same" src="{escape(picture)}">'
            f"<p>Without a camera, type this into the app: <code>{escape(spaced)}</code></p>"
        ),
        fields=(Field(name="code", label="Code", fill="one-time-code", first=True),),
        hidden=(("kept", secrets.seal(secret, key=office().key)),),
        after='<p><a href="/">Not now</a></p>',
    )


async def _take_off(request: Request, here: Visit) -> Response:
    form = Form(
        title="Second factor",
        action=places.SECOND_FACTOR,
        button="Take it off",
        before="<p>Your second factor is on. To change phones, take it off and put it on anew.</p>",
        fields=(Field(name="old", label="Present password", kind="password", fill="current-password", first=True),),
        after='<p><a href="/">Leave it on</a></p>',
    )
    if request.method == "GET":
        return page(request, form)
    given, refusal = await typed(request)
    if given is None:
        return page(request, form, problem=refusal, status=403)
    try:
        told = {"password": text(given, "old"), "address": _address(request)}
        await in_thread(partial(entrance.take_second_factor_off, office(), here, **told))
    except ComplaintsError as wrong:
        return page(request, form, problem=str(wrong), status=_status(wrong))
    return RedirectResponse(places.SECOND_FACTOR, status_code=303)


BOTH = ["GET", "POST"]
ROUTES = [
    Route(places.SIGN_IN, sign_in, methods=BOTH),
    Route(places.SIGN_OUT, sign_out, methods=BOTH),
    Route(places.WELCOMED, welcome, methods=BOTH),
    Route(places.PASSWORD, password, methods=BOTH),
    Route(places.SECOND_FACTOR, second_factor, methods=BOTH),
]
