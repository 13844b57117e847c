"""What the council tells everybody: completed improvements as CSV and as a page, for whoever is signed in.

It holds nothing of any complaint, so taking it out is no export that the ledger has to know of.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.ui.desk import office
from app.web import places
from app.web.downloads import SEALED, desk_of, plainly
from core.channels.files import disposition
from core.channels.published import as_csv, as_html
from core.queries.learning import you_said_we_did
from core.words import letter_day

_NAME = "you-said-we-did"


@plainly
def you_said(request: Request) -> Response:
    """The improvements that are made, in the words written for publication."""
    desk = desk_of(request)
    told = [(each.service, each.you_said, each.we_did, letter_day(each.done_on)) for each in desk.ask(you_said_we_did)]
    form = request.path_params["form"]
    page = form == "html"
    content = as_html(told, council=office().settings.council) if page else as_csv(told)
    headers = {
        "Content-Disposition": disposition(f"{_NAME}.{'html' if page else 'csv'}"),
        "Content-Security-Policy": SEALED,
    }
    kind = "text/html" if page else "text/csv"
    return Response(content, media_type=f"{kind}; charset=utf-8", headers=headers)


ROUTES = [Route(f"{places.EXPORTS}{_NAME}.{{form:str}}", you_said)]
