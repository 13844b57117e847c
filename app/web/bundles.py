"""Bundles as files, for whoever may make them and sees what they are about; each saving is kept in the ledger."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.web import places
from app.web.downloads import desk_of, plainly, to_save
from core.bundles.disclosing import disclosure_file
from core.bundles.making import bundle_file


@plainly
def bundle(request: Request) -> Response:
    """A bundle of a case as it was made."""
    return to_save(*bundle_file(desk_of(request), request.path_params["number"]))


@plainly
def own_data(request: Request) -> Response:
    """The answer to a request for own data as it was made."""
    return to_save(*disclosure_file(desk_of(request), request.path_params["number"]))


ROUTES = [
    Route(f"{places.OWN_DATA}{{number:int}}", own_data),
    Route(f"{places.BUNDLES}{{number:int}}", bundle),
]
