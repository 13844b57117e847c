"""The equality questions and their answers, and from how many people on a count is shown. Read once from their file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Annotated

from pydantic import StringConstraints

from core.code.reading_files import CatalogueBroken, read_tables, shaped
from core.code.shapes import STRICT, Count, Name, Words

_FILE = "monitoring.toml"
NO_ANSWER = "no_answer"
"""The key under which “prefer not to say” is counted: an answer like any other, to every question."""

Kept = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The small-number limit, from how many complaints on a service is named, and the words for no answer."""

    __pydantic_config__ = STRICT

    key: Name
    fewest: Count
    service_from: Count
    no_answer: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question with its answers, each a key that is counted and the words it is chosen by."""

    __pydantic_config__ = STRICT

    key: Name
    title: Words
    answers: tuple[tuple[Kept, Words], ...]

    def __post_init__(self) -> None:
        keys = [key for key, _words in self.answers]
        if not keys or len(set(keys)) != len(keys) or NO_ANSWER in keys:
            raise ValueError("its answers need keys of their own, and “no_answer” is added by itself")


def load_questions(folder: Path) -> tuple[Mapping[str, Question], Limits]:
    """The questions by key in their order, and the limits; raises CatalogueBroken for anything that does not fit."""
    tables = read_tables(folder, _FILE, tables=("limits", "question"))
    if not isinstance(tables["limits"], Mapping):
        raise CatalogueBroken(f"{_FILE}: `limits` is one table. Write it under [limits].")
    keyed = [{"key": "limits", **tables["limits"]}]
    limits = shaped(keyed, file=_FILE, table="limits", shape=Limits)["limits"]
    questions = shaped(tables["question"], file=_FILE, table="question", shape=Question)
    return MappingProxyType(questions), limits


QUESTIONS, LIMITS = load_questions(Path(__file__).parent)


def answers_to(question: str) -> dict[str, str]:
    """The answers of a question by key, with “prefer not to say” last [lgsco:3.1]."""
    return {**dict(QUESTIONS[question].answers), NO_ANSWER: LIMITS.no_answer}
