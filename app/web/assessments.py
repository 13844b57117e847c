"""Frozen self-assessments as files, for whoever may see figures.

They hold answers and counts and no case, so taking one out is no export that the ledger has to know of.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.web import places
from app.web.downloads import SEALED, desk_of, plainly
from core.assessment_files import assessment_file
from core.channels.assessment_document import USUAL, Chosen
from core.channels.files import disposition


@plainly
def assessment(request: Request) -> Response:
    """One frozen text in the columns and of the length that the address names."""
    desk, asked = desk_of(request), request.query_params
    columns = tuple(filter(None, asked.get("columns", ",".join(USUAL)).split(",")))
    chosen = Chosen(columns=columns, every_clause=asked.get("long") == "1", partly_reads_no=asked.get("partly") == "no")
    name, media, content = assessment_file(desk, request.path_params["number"], request.path_params["form"], chosen)
    headers = {"Content-Disposition": disposition(name), "Content-Security-Policy": SEALED}
    return Response(content, media_type=media, headers=headers)


ROUTES = [Route(f"{places.ASSESSMENTS}{{number:int}}.{{form:str}}", assessment)]
