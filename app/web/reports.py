"""Reports as files, for whoever sees figures: as they were made, or their tables; and what the Member handed in.

They hold nothing of any one complaint, so taking one out is no export that the ledger has to know of.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.web import places
from app.web.downloads import SEALED, desk_of, plainly
from core.channels.files import disposition
from core.public_pages import public_zip
from core.report_files import members_file, report_file


def _to_save(name: str, content: bytes) -> Response:
    headers = {"Content-Disposition": disposition(name), "Content-Security-Policy": SEALED}
    return Response(content, media_type="application/octet-stream", headers=headers)


@plainly
def report(request: Request) -> Response:
    """A report as a file."""
    asked = request.path_params
    return _to_save(*report_file(desk_of(request), asked["number"], asked["form"]))


@plainly
def members(request: Request) -> Response:
    """A report of the Member's findings."""
    return _to_save(*members_file(desk_of(request), request.path_params["number"]))


@plainly
def public_pages(request: Request) -> Response:
    """The pages for the council's website, as one zip."""
    return _to_save("complaints pages.zip", public_zip(desk_of(request)))


ROUTES = [
    Route(f"{places.REPORTS}public-pages.zip", public_pages),
    Route(f"{places.REPORTS}member/{{number:int}}", members),
    Route(f"{places.REPORTS}{{number:int}}.{{form:str}}", report),
]
