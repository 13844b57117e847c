"""A refusal that a program reads: RFC 9457's problem details, with one clear sentence for each field."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from pydantic import BaseModel, Field
from starlette.responses import Response

MEDIA_TYPE = "application/problem+json"
KIND = "urn:complaints:intake:"


class FieldProblem(BaseModel):
    """What is wrong with one field."""

    pointer: str = Field(description="Where the field stands, as a JSON pointer; empty for the whole.")
    detail: str = Field(description="A sentence that may be shown beside the field.")


class Problem(BaseModel):
    """Why a request was refused. Nothing was recorded: keep the words and send them again."""

    type: str = Field(description=f"What kind of refusal it is, such as {KIND}fields.")
    title: str
    status: int
    detail: str = Field(description="A sentence that says what to do.")
    errors: list[FieldProblem] = Field(default_factory=list)


class Turned(Exception):
    """A request that is answered with a problem."""

    def __init__(
        self,
        status: int,
        kind: str,
        detail: str,
        *,
        fields: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.kind = kind
        self.headers = dict(headers or {})
        self.problem = Problem(
            type=f"{KIND}{kind}",
            title=HTTPStatus(status).phrase,
            status=status,
            detail=detail,
            errors=[FieldProblem(pointer=pointer, detail=said) for pointer, said in (fields or {}).items()],
        )

    def answer(self) -> Response:
        """The problem as an answer."""
        content = self.problem.model_dump_json()
        return Response(content, self.problem.status, headers=self.headers, media_type=MEDIA_TYPE)
