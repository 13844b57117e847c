"""The feedback survey: its questions, the answers to choose from, and its limits. Read once from its file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from core.code.monitoring import Kept
from core.code.reading_files import CatalogueBroken, read_tables, shaped
from core.code.shapes import STRICT, Count, Name, Words

_FILE = "survey.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyLimits:
    """From how many answers on figures are shown, how long a link works, and how to complain, said on the survey."""

    __pydantic_config__ = STRICT

    key: Name
    fewest: Count
    service_from: Count
    link_days: Count
    months: Count
    how_to_complain: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """Answers from the best to the worst, each a key that is counted and its words; `good` are those that are."""

    __pydantic_config__ = STRICT

    key: Name
    answers: tuple[tuple[Kept, Words], ...]
    good: tuple[Kept, ...]

    def __post_init__(self) -> None:
        keys = [key for key, _words in self.answers]
        if not keys or len(set(keys)) != len(keys) or not set(self.good) <= set(keys):
            raise ValueError("its answers need keys of their own, and `good` names some of them")


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyQuestion:
    """One question with the scale it is answered by."""

    __pydantic_config__ = STRICT

    key: Kept
    title: Words
    scale: Name


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """The questions in their order, the scales by key, and the limits."""

    questions: Mapping[str, SurveyQuestion]
    scales: Mapping[str, Scale]
    limits: SurveyLimits

    def answers_to(self, question: str) -> dict[str, str]:
        """The answers of a question by key, the best first."""
        return dict(self._scale(question).answers)

    def good(self, question: str) -> frozenset[str]:
        """The answers to a question that count as content."""
        return frozenset(self._scale(question).good)

    def _scale(self, question: str) -> Scale:
        return self.scales[self.questions[question].scale]


def load_survey(folder: Path) -> Survey:
    """The survey; raises CatalogueBroken for anything that does not fit."""
    tables = read_tables(folder, _FILE, tables=("limits", "scale", "question"))
    if not isinstance(tables["limits"], Mapping):
        raise CatalogueBroken(f"{_FILE}: `limits` is one table. Write it under [limits].")
    keyed = [{"key": "limits", **tables["limits"]}]
    limits = shaped(keyed, file=_FILE, table="limits", shape=SurveyLimits)["limits"]
    scales = shaped(tables["scale"], file=_FILE, table="scale", shape=Scale)
    questions = shaped(tables["question"], file=_FILE, table="question", shape=SurveyQuestion)
    for question in questions.values():
        if question.scale not in scales:
            raise CatalogueBroken(f"{_FILE}: “{question.key}” is answered by “{question.scale}”, which is no scale.")
    return Survey(questions=MappingProxyType(questions), scales=MappingProxyType(scales), limits=limits)


SURVEY = load_survey(Path(__file__).parent)
HANDLING = "handling"
"""The question about how the complaint was dealt with, whatever came out of it: the one that figures are told by."""
