"""Reads the TOML files of the Code and checks each entry's shape; whatever does not fit is named by file and entry."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

Entry = TypeVar("Entry")


class CatalogueBroken(RuntimeError):
    """The Code's data is malformed: a mistake of ours, so nothing starts until the named entry is mended."""


def read_tables(folder: Path, file: str, *, tables: Sequence[str]) -> dict[str, Any]:
    """The named top-level tables of one file, all of them present and no other.

    Raises CatalogueBroken when the file is missing, is not TOML, or holds another table.
    """
    try:
        content = tomllib.loads((folder / file).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise CatalogueBroken(f"{file} is missing from the Code's data. Put it back.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CatalogueBroken(f"{file} cannot be read as TOML: {error}.") from error
    for table in tables:
        if table not in content:
            raise CatalogueBroken(f"{file} has no `{table}` table. Put it back.")
    for table in content:
        if table not in tables:
            raise CatalogueBroken(f"{file} has a table `{table}` that nothing reads. Check its spelling.")
    return content


def shaped(raw: object, *, file: str, table: str, shape: type[Entry], name: str = "key") -> dict[str, Entry]:
    """The entries of one table, each checked against its shape, by the field called `name`, in the file's order.

    Raises CatalogueBroken naming the first entry that does not fit or stands twice.
    """
    if not isinstance(raw, list) or not raw:
        raise CatalogueBroken(f"{file}: `{table}` holds no entries. Write each one under [[{table}]].")
    adapter = TypeAdapter(shape)
    found: dict[str, Entry] = {}
    for place, fields in enumerate(raw, start=1):
        label = _label(fields, name=name) or f"entry {place} of [[{table}]]"
        try:
            entry = adapter.validate_python(fields)
        except ValidationError as error:
            raise CatalogueBroken(f"{file}, {label}: {_first_problem(error)}") from error
        if str(getattr(entry, name)) in found:
            raise CatalogueBroken(f"{file}, {label}: stands twice. Keep one of the two.")
        found[str(getattr(entry, name))] = entry
    return found


def _label(fields: object, *, name: str) -> str | None:
    value = fields.get(name) if isinstance(fields, Mapping) else None
    return str(value) if isinstance(value, str | int) and value else None


def _first_problem(error: ValidationError) -> str:
    """What is wrong with an entry, as a sentence: the first of pydantic's findings."""
    first = error.errors(include_url=False)[0]
    where = ".".join(str(step) for step in first["loc"])
    said = first["msg"].removeprefix("Value error, ").rstrip(".")
    if first["type"] == "missing":
        return f"`{where}` is missing. Add it."
    if first["type"] in ("unexpected_keyword_argument", "extra_forbidden"):
        return f"`{where}` is not a field of this entry. Check its spelling."
    if first["type"] == "value_error":
        return f"{said}."
    return f"`{where}` cannot be {first['input']!r}: {said[0].lower()}{said[1:]}."
