"""How the command line answers: in lines or as JSON, with a sentence and an exit code when it refuses."""

from __future__ import annotations

import functools
import inspect
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Annotated, Any

import typer
from pydantic_core import to_jsonable_python

from core.errors import ComplaintsError

REFUSED = 1

_JSON = Annotated[bool, typer.Option("--json", help="Answer in JSON, for another program to read.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a command says: `lines` for a person, `data` for a program; both tell the same."""

    data: Any
    lines: Iterable[str] = ()


def everywhere(context: typer.Context, *, as_json: _JSON = False) -> None:
    """The complaints console's own commands. Each one explains itself with --help."""
    context.obj = as_json


def command(app: typer.Typer, name: str) -> Callable[[Callable[..., Answer]], Callable[..., None]]:
    """Make a function a command of its own: with `--json`, and with refusals as sentences and exit code 1."""

    def make(function: Callable[..., Answer]) -> Callable[..., None]:
        @functools.wraps(function)
        def run(context: typer.Context, *, as_json: bool, **given: Any) -> None:
            wanted = as_json or bool(context.obj)
            try:
                _say(function(**given), as_json=wanted)
            except ComplaintsError as refusal:
                _refuse(refusal, as_json=wanted)
                raise typer.Exit(REFUSED) from refusal

        signature = inspect.signature(function, eval_str=True)
        added = (
            inspect.Parameter("context", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context),
            *signature.parameters.values(),
            inspect.Parameter("as_json", inspect.Parameter.KEYWORD_ONLY, default=False, annotation=_JSON),
        )
        del run.__wrapped__  # what typer reads is the signature below
        run.__signature__ = signature.replace(parameters=added, return_annotation=None)  # type: ignore[attr-defined]
        run.__annotations__ = {parameter.name: parameter.annotation for parameter in added}
        app.command(name)(run)
        return run

    return make


def tell(sentence: str) -> None:
    """Say something on the way, beside the answer."""
    typer.echo(sentence, err=True)


def _say(answer: Answer, *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(to_jsonable_python(answer.data), ensure_ascii=False, indent=2))
        return
    for line in answer.lines:
        typer.echo(line)


def _refuse(refusal: ComplaintsError, *, as_json: bool) -> None:
    typer.echo(str(refusal), err=True)
    if as_json:
        typer.echo(json.dumps({"refused": str(refusal), "why": type(refusal).__name__}, ensure_ascii=False, indent=2))
