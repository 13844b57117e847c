"""The console's own scripts, from its own address: the headers let a browser run no other."""

from __future__ import annotations

from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.web import places

_PROBLEMS = (Path(__file__).parent / "problems.js").read_text(encoding="utf-8")
_PAGES = "".join((Path(__file__).parent / name).read_text(encoding="utf-8") for name in ("history.js", "links.js"))


def problems(_request: Request) -> Response:
    """The script that takes the focus to why a form was refused; the same for everybody, and nothing of anybody."""
    return Response(_PROBLEMS, media_type="text/javascript")


def pages(_request: Request) -> Response:
    """What opens the rows of a list in place and makes one act one step back; the same for everybody."""
    return Response(_PAGES, media_type="text/javascript")


ROUTES = [Route(places.PROBLEMS_SCRIPT, problems), Route(places.PAGES_SCRIPT, pages)]
