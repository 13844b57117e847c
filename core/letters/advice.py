"""Plain English as advice: what makes a letter hard to read, or hurts. It never holds a letter back.

The phrases are data (plain_english.toml). Reading age is the Flesch–Kincaid grade of American schools plus five years,
with syllables as a dictionary of hyphenation breaks words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import TypeAdapter
from pyphen import Pyphen

from core.code.reading_files import read_tables, shaped
from core.code.shapes import STRICT, Words
from core.letters.contents import GAP

Kind = Literal["sorry", "blame", "ombudsman", "wordy"]

_SENTENCE = re.compile(r"[.!?…]+(?:[\"'”’)]*)(?=\s+\S|\s*$)|\n\s*\n")
_WORD = re.compile(r"[^\W\d_][^\W_]*(?:['’-][^\W\d_]+)*")
_ENOUGH_WORDS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """Something better not written: how it reads, what to write instead, or why not."""

    __pydantic_config__ = STRICT

    say: Words
    kind: Kind
    instead: Words | None = None
    why: Words | None = None

    def __post_init__(self) -> None:
        if (self.instead is None) == (self.why is None):
            raise ValueError("give either what to write `instead` or `why` not")

    @property
    def pattern(self) -> re.Pattern[str]:
        """What finds it: whole words, in small or capital letters; * is any ending of a word."""
        return re.compile(r"\b" + re.escape(self.say).replace(r"\*", r"\w*") + r"(?!\w)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """One piece of advice: the words it is about, as they stand in the letter, and what is better."""

    kind: Kind | Literal["long"]
    words: str
    advice: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """What is said of a draft. `reading_age` is in years, None for too few words to tell."""

    reading_age: int | None
    hard: bool
    hints: tuple[Hint, ...]


def advice_on(parts: Mapping[str, str] | Iterable[str]) -> Advice:
    """Advice on a letter's words: its reading age, its long sentences, and phrases better not written [lgsco:6.18]."""
    texts = [text for text in (parts.values() if isinstance(parts, Mapping) else parts) if text.strip()]
    hints = [hint for text in texts for hint in (*_phrases(text), *_long(text))]
    age = _reading_age("\n\n".join(texts))
    limits = _limits()
    return Advice(reading_age=age, hard=age is not None and age > limits["reading_age"], hints=tuple(hints))


def _phrases(text: str) -> Iterable[Hint]:
    for phrase in phrases():
        found = phrase.pattern.search(text)
        if found is not None:
            better = phrase.why or f"Write: {phrase.instead}."
            yield Hint(kind=phrase.kind, words=found[0], advice=better)


def _long(text: str) -> Iterable[Hint]:
    for sentence in _sentences(text):
        count = len(_WORD.findall(sentence))
        if count > _limits()["long_sentence"]:
            yield Hint(kind="long", words=sentence, advice=f"{count} words in one sentence. Make two of it.")


def _sentences(text: str) -> list[str]:
    return [each.strip() for each in _SENTENCE.split(text) if each.strip()]


def _reading_age(text: str) -> int | None:
    """Years of age at which most people read a text with ease; None below some thirty words."""
    words = _WORD.findall(text.replace(GAP, ""))
    sentences = len(_sentences(text))
    if len(words) < _ENOUGH_WORDS or not sentences:
        return None
    syllables = sum(map(_syllables, words))
    grade = 0.39 * len(words) / sentences + 11.8 * syllables / len(words) - 15.59
    start = _limits()["school_age"]
    return max(start, round(grade) + start)


@cache
def _dictionary() -> Pyphen:
    return Pyphen(lang="en_GB")


@cache
def phrases() -> tuple[Phrase, ...]:
    """Every phrase that is looked for."""
    raw = _file()["phrase"]
    return tuple(shaped(raw, file=_FILE, table="phrase", shape=Phrase, name="say").values())


@cache
def _limits() -> Mapping[str, int]:
    held = _file()
    return TypeAdapter(dict[str, int]).validate_python({name: held[name] for name in _LIMITS})


_FILE = "plain_english.toml"
_LIMITS = ("long_sentence", "reading_age", "school_age")


@cache
def _file() -> Mapping[str, object]:
    return read_tables(Path(__file__).parent, _FILE, tables=("phrase", *_LIMITS))


def _syllables(word: str) -> int:
    return len(_dictionary().positions(word.lower())) + 1
