"""Certificates of erasure as files, for whoever decides how long records are kept.

They name records by their reference and nobody they were about, so taking one out is no export of a case.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.ui.desk import office
from app.web import places
from app.web.downloads import SEALED, desk_of, plainly
from core.channels.certificate import certificate_page
from core.channels.files import disposition
from core.queries.retention import erasure_certificate

_NAME = "erasure-certificate"


@plainly
def certificate(request: Request) -> Response:
    """One certificate as a page to save."""
    number = request.path_params["number"]
    content = desk_of(request).ask(erasure_certificate, number)
    page = certificate_page(content, council=office().settings.council)
    headers = {"Content-Disposition": disposition(f"{_NAME}-{number}.html"), "Content-Security-Policy": SEALED}
    return Response(page, media_type="text/html; charset=utf-8", headers=headers)


ROUTES = [Route(f"{places.EXPORTS}{_NAME}/{{number:int}}", certificate)]
