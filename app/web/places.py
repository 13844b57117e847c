"""Addresses and names the gate, the routes and the pages share."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.routing import compile_path

SIGN_IN = "/sign-in"
SIGN_OUT = "/sign-out"
WELCOME = "/welcome/"
SIGN_ON = "/sso/"
SIGN_ON_START = f"{SIGN_ON}start"
SIGN_ON_BACK = f"{SIGN_ON}callback"
ACCOUNT = "/account/"
PASSWORD = f"{ACCOUNT}password"
SECOND_FACTOR = f"{ACCOUNT}second-factor"
HEALTH = "/healthz"
METRICS = "/ops/metrics"
CALENDAR = "/calendar/"
FILES = "/files/"
EXPORTS = "/export/"
LETTERS = "/letters/"
ARRIVED = "/arrived/"
YEARLY = "/yearly-letters/"
ASSESSMENTS = "/export/self-assessment/"
REPORTS = "/report/"
BUNDLES = "/bundles/"
OWN_DATA = f"{BUNDLES}own-data/"
GUIDES = "/guides/"
POLICIES = "/policies/"
BEHAVIOUR = "/behaviour-policies/"
SCRIPTS = "/scripts/"
PROBLEMS_SCRIPT = f"{SCRIPTS}problems.js"
PAGES_SCRIPT = f"{SCRIPTS}pages.js"

INTAKE = "/intake/v1/complaints"
INTAKE_SCHEMA = "/intake/v1/openapi.json"

ANSWERED = "/answer/{token}"
SURVEYED = "/survey/{token}"

WELCOMED = f"{WELCOME}{{token}}"
FEED = f"{CALENDAR}{{token}}.ics"

OPEN = (
    SIGN_IN,
    WELCOMED,
    SIGN_ON_START,
    SIGN_ON_BACK,
    HEALTH,
    METRICS,
    FEED,
    ANSWERED,
    SURVEYED,
    INTAKE,
    INTAKE_SCHEMA,
)
"""The routes for which nobody needs a session. Each decides for itself, and shows nothing personal to a stranger."""

ONLY_WITH_ACCOUNTS = (SIGN_IN, SIGN_OUT, WELCOME, SIGN_ON, ACCOUNT)
"""Where the sample council has nothing: it asks nobody who they are."""

SESSION_HEADER = "x-complaints-session"
"""Set by the gate alone, on the one request that opens a page's socket; what a client sends by this name is dropped."""

OURS = "x-complaints-"
"""Start of every header that only the gate may set."""

REMOTE_USER, PROXY_SECRET = "x-remote-user", "x-complaints-proxy-secret"  # noqa: S105 - names of headers

_BY_THE_PAGE_ITSELF = ("/_stcore/", "/static/", "/media/", "/component/", SCRIPTS)
_OPENED = tuple(compile_path(each)[0] for each in OPEN)


def is_open(path: str) -> bool:
    """Whether an address is one of the open routes; nothing beside or below them is."""
    return any(each.fullmatch(path) for each in _OPENED)


def is_a_persons_doing(method: str, path: str) -> bool:
    """Whether a request comes from something a person did; pages fetch their parts and ask for signs of life alone."""
    return method not in {"GET", "HEAD"} or not path.startswith(_BY_THE_PAGE_ITSELF)


def local(path: str) -> str:
    """An address within the console to go on to, or its first page where it leads anywhere else."""
    if not path.startswith("/") or path.startswith("//") or "\\" in path:
        return "/"
    if any(ord(sign) < ord(" ") or sign == "\x7f" for sign in path):
        return "/"
    try:
        parts = urlsplit(path)
    except ValueError:
        return "/"
    return path if not parts.scheme and not parts.netloc else "/"
