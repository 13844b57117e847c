"""The published description of the web forms' address: made of the models that judge what is sent, nothing copied."""

from __future__ import annotations

from typing import Any

from pydantic.json_schema import models_json_schema

from app.web import places
from app.web.problems import KIND, MEDIA_TYPE, Problem
from core.web_intake import KEY, Recorded, WebComplaint

REFERENCES = "#/components/schemas/{model}"
_REFUSALS = {
    400: "The body is no JSON object, or the Idempotency-Key is missing or malformed.",
    401: "The form's key is missing, wrong, or was taken back.",
    405: "Only POST is taken.",
    409: "The Idempotency-Key was used for other words before.",
    413: "The request is too large.",
    415: "The request is not plain JSON.",
    422: "A field cannot be used; each has a sentence of its own.",
    429: "Too many in a minute. Send it again after Retry-After seconds.",
    500: "A fault of the console. Send it again with the same key.",
    503: "The console cannot record anything now. Send it again with the same key.",
}
_ABOUT = (
    "Records a complaint that somebody wrote into one of the council's own web forms. The form keeps the words until "
    "it has a 201. Whatever else comes back, or nothing at all, nothing is known to be recorded; the same request with "
    "the same Idempotency-Key may be sent again for as long as it takes."
)


def described(address: str) -> dict[str, Any]:
    """The whole description, for a console at this address."""
    _, shapes = models_json_schema(
        [(WebComplaint, "validation"), (Recorded, "serialization"), (Problem, "serialization")],
        ref_template=REFERENCES,
    )
    return {
        "openapi": "3.1.0",
        "info": {"title": "Complaints from web forms", "version": "1", "description": _ABOUT},
        "servers": [{"url": address.rstrip("/")}],
        "security": [{"form": []}],
        "paths": {places.INTAKE: {"post": _post()}},
        "components": {
            "schemas": shapes["$defs"],
            "securitySchemes": {"form": {"type": "http", "scheme": "bearer", "description": "The form's own key."}},
        },
    }


def _post() -> dict[str, Any]:
    key = {
        "name": "Idempotency-Key",
        "in": "header",
        "required": True,
        "description": "A new one for each complaint, the same one at each try.",
        "schema": {"type": "string", "pattern": f"^{KEY}$"},
    }
    return {
        "operationId": "sendComplaint",
        "summary": "Send one complaint",
        "description": _ABOUT,
        "parameters": [key],
        "requestBody": {"required": True, "content": {"application/json": {"schema": _of("WebComplaint")}}},
        "responses": {"201": _recorded(), **{str(status): _refused(status) for status in _REFUSALS}},
    }


def _recorded() -> dict[str, Any]:
    return {
        "description": "It is recorded, now or at an earlier try, under this reference and with these dates.",
        "headers": {
            "Idempotent-Replayed": {
                "description": "“true” when an earlier try had recorded it.",
                "schema": {"type": "string", "enum": ["true"]},
            }
        },
        "content": {"application/json": {"schema": _of("Recorded")}},
    }


def _refused(status: int) -> dict[str, Any]:
    told: dict[str, Any] = {
        "description": f"{_REFUSALS[status]} The type begins with {KIND}.",
        "content": {MEDIA_TYPE: {"schema": _of("Problem")}},
    }
    if status in (429, 503):
        told["headers"] = {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}}}
    return told


def _of(name: str) -> dict[str, str]:
    return {"$ref": REFERENCES.format(model=name)}
