"""Phrases that may show dissatisfaction, read once from their file: advice for whoever takes a request, and no more."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from pydantic import ConfigDict
from pydantic.dataclasses import dataclass

from core.code.reading_files import read_tables, shaped

_FILE = "dissatisfaction.toml"


@dataclass(frozen=True, slots=True, kw_only=True, config=ConfigDict(extra="forbid"))
class Phrase:
    """One phrase as it is looked for, and what it tends to mean."""

    say: str
    why: str

    def __post_init__(self) -> None:
        if not self.say or self.say != " ".join(self.say.lower().split()):
            raise ValueError("`say` is written in small letters with single spaces")
        if not self.why.endswith("."):
            raise ValueError("`why` is a sentence")


def load_phrases(folder: Path) -> Mapping[str, Phrase]:
    """The phrases of one folder's file by what they say; CatalogueBroken when an entry does not fit."""
    raw = read_tables(folder, _FILE, tables=("phrase",))
    return MappingProxyType(shaped(raw["phrase"], file=_FILE, table="phrase", shape=Phrase, name="say"))


PHRASES = load_phrases(Path(__file__).parent)
