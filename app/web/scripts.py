"""The console's own scripts, from its own address: the headers let a browser run no other."""

from __future__ import annotations

from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.web import places

_PROBLEMS = (Path(__file__).parent / "problems.js").read_text(encoding="utf-8")
_LINKS = (Path(__file__).parent / "links.js").read_text(encoding="utf-8")

_HISTORY = (Path(__file__).parent / "history.js").read_text(encoding="utf-8")


def problems(_request: Request) -> Response:
    """The script that takes the focus to why a form was refused; the same for everybody, and nothing of anybody."""
    return Response(_PROBLEMS, media_type="text/javascript")


def links(_request: Request) -> Response:
    """The script that opens the rows of a list in place; the same for everybody, and nothing of anybody."""
    return Response(_LINKS, media_type="text/javascript")


def history(_request: Request) -> Response:
    """The script that makes one act one step back; the same for everybody, and nothing of anybody."""
    return Response(_HISTORY, media_type="text/javascript")


ROUTES = [
    Route(places.PROBLEMS_SCRIPT, problems),
    Route(places.LINKS_SCRIPT, links),
    Route(places.HISTORY_SCRIPT, history),
]
