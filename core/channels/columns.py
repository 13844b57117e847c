"""Which column of somebody's spreadsheet means what: a guess with its reasons, which a person confirms.

The fields a complaints history may have stand in `columns.toml`, with the clauses each lets us measure. Guessing
compares headings with known words and checks that the values have the right shape; the same file always gives the same
guess. Only a confirmed `Mapping` may be read with.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from core.channels.sheet_dates import ORDER_WORDS, DateOrder, detect_order, looks_like_date
from core.channels.sheet_text import Cell
from core.errors import BadInput

SAMPLE_ROWS = 5_000  # rows whose dates are looked at to tell day-month from month-day
SHAPE_VALUES = 300  # values of a column whose shape is looked at
ENOUGH = 0.62  # a heading less alike than this is left for the person to choose
SHAPED = 0.6  # share of a date column's values that must be written like dates, when its heading is only alike
SHAPED_IF_NAMED = 0.3  # the same, when the heading is exactly a known one: the rest are slips to report
REPEATS = 5  # neighbouring rows of one reference before a file is taken to have several rows each


class Target(BaseModel):
    """One field of a complaints history: what it is called, what it is for, and the clauses it lets us measure."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str
    title: str
    help: str
    kind: Literal["date", "text"]
    clauses: tuple[str, ...]
    stage: int | None = None
    longest: int = 100
    words: tuple[str, ...]
    alone: tuple[str, ...] = ()


def _targets() -> dict[str, Target]:
    """The fields as `columns.toml` lists them; a malformed entry stops the import of this module."""
    table = tomllib.loads(Path(__file__).with_name("columns.toml").read_text(encoding="utf-8"))
    return {key: Target.model_validate({"key": key, **entry}) for key, entry in table.items()}


TARGETS = _targets()

# Clauses of which a list can say something, with the fields that takes.
_NEEDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("lgsco:2.2", ("received_on", "happened_on")),
    ("lgsco:2.4", ("refusal_reason",)),
    ("lgsco:5.5", ("extended_to", "extension_told_on")),
    ("lgsco:5.6", ("adjustments",)),
    ("lgsco:6.2", ("received_on", "acknowledged_on")),
    ("lgsco:6.3", ("acknowledged_on", "responded_on")),
    ("lgsco:6.4", ("extended_to", "extension_told_on", "extension_reason")),
    ("lgsco:6.12", ("stage_two_requested_on", "stage_two_acknowledged_on")),
    ("lgsco:6.14", ("handler", "stage_two_handler")),
    ("lgsco:6.15", ("stage_two_acknowledged_on", "stage_two_responded_on")),
    ("lgsco:6.16", ("stage_two_extended_to", "stage_two_extension_told_on")),
    ("lgsco:7.1", ("remedy",)),
    ("lgsco:8.1", ("service", "category", "outcome")),
    ("lgsco:9.1", ("learning",)),
)
# Clauses about what a letter said: no list of dates can answer them.
_IN_LETTERS: tuple[tuple[str, str], ...] = (
    ("lgsco:6.5", "whether the Ombudsman's details were given with an extension"),
    ("lgsco:6.7", "whether every point was addressed with reasons"),
    ("lgsco:6.8", "whether the answer said how to ask for stage 2"),
    ("lgsco:6.17", "whether the Ombudsman's details were given with a stage 2 extension"),
    ("lgsco:6.18", "what the final response told the individual"),
)


class Mapping(BaseModel):
    """Which column each field is read from, and how dates are read.

    While `ambiguous` holds, the order of dates is a proposal and nothing is read with it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    columns: dict[str, str]
    date_order: DateOrder
    ambiguous: bool = False
    date_note: str = ""
    group_rows: bool = False
    day_numbers: bool = False
    fingerprint: str = ""
    why: dict[str, str] = {}

    @field_validator("columns")
    @classmethod
    def _known_and_single(cls, columns: dict[str, str]) -> dict[str, str]:
        for key in columns:
            if key not in TARGETS:
                raise ValueError(f"“{key}” is no field of a complaints history")
        if len(set(columns.values())) < len(columns):
            raise ValueError("one column is used for two fields")
        return columns

    def with_column(self, key: str, column: str | None) -> Mapping:
        """The same mapping with one field read from another column, or from none; the column leaves its old field."""
        if key not in TARGETS:
            raise BadInput(f"“{key}” is no field of a complaints history. Choose one of those offered.")
        columns = {field: name for field, name in self.columns.items() if field != key and name != column}
        if column is not None:
            columns[key] = column
        why = {field: reason for field, reason in self.why.items() if self.columns.get(field) == columns.get(field)}
        return self.model_copy(update={"columns": columns, "why": why | ({key: "chosen by hand"} if column else {})})

    def with_date_order(self, order: DateOrder) -> Mapping:
        """The same mapping with the order of dates confirmed by a person."""
        if order not in ORDER_WORDS:
            raise BadInput("That is no order of dates. Choose one of those offered.")
        note = f"Dates are read {ORDER_WORDS[order]}, as confirmed."
        return self.model_copy(update={"date_order": order, "ambiguous": False, "date_note": note})

    def hindrances(self, header: Sequence[str]) -> tuple[str, ...]:
        """What still has to be settled before rows can be read, one sentence each; none when it is ready."""
        said = [
            f"The file has no column “{column}”, which “{TARGETS[key].title}” is read from. Choose another."
            for key, column in self.columns.items()
            if column not in header
        ]
        if not any(TARGETS[key].kind == "date" for key in self.columns):
            said.append("No column of dates is chosen. Choose at least the one with the date received.")
        if self.group_rows and "old_reference" not in self.columns:
            said.append("Rows of one complaint can only be put together by a reference. Choose its column.")
        if self.ambiguous:
            said.append(f"The order of day and month is not certain. {self.date_note}")
        return tuple(said)

    def fits(self, header: Sequence[str]) -> bool:
        """Whether this saved mapping was made for a file with the same headings."""
        return self.fingerprint == header_fingerprint(header)

    def to_json(self) -> str:
        """The mapping to save, readable again with `from_json`."""
        return self.model_dump_json()

    @classmethod
    def from_json(cls, text: str) -> Mapping:
        """A saved mapping; raises BadInput when it does not describe one."""
        try:
            return cls.model_validate_json(text)
        except ValidationError as error:
            raise BadInput("The saved mapping cannot be used. Map the columns again and save it.") from error


def header_fingerprint(header: Sequence[str]) -> str:
    """A short hash of the headings, the same when only case, signs or the order of columns differ."""
    names = "\n".join(sorted(" ".join(_tokens(name)) or name for name in header))
    return hashlib.sha256(names.encode()).hexdigest()[:16]


def clauses_not_covered(mapping: Mapping) -> tuple[tuple[str, str], ...]:
    """The clauses this file cannot speak to, each with the reason in a sentence."""
    found = []
    for clause, keys in _NEEDS:
        missing = [f"“{TARGETS[key].title}”" for key in keys if key not in mapping.columns]
        if missing:
            found.append((clause, f"The file has no column for {_listed(missing)}."))
    found += [(clause, f"Only the letters show {what}; a list cannot.") for clause, what in _IN_LETTERS]
    return tuple(sorted(found, key=lambda pair: tuple(int(part) for part in pair[0].split(":")[1].split("."))))


def guess(header: Sequence[str], sample: Sequence[Sequence[Cell]]) -> Mapping:
    """The most likely column for each field, from headings and the shape of values, each with a short why.

    `sample` is the first rows of the sheet (`Sheet.sample(SAMPLE_ROWS)`); the order of dates is told from all of it.
    """
    shapes = [_Shape.of([row[at] for row in sample]) for at in range(len(header))]
    offers = sorted(_offers(header, shapes), key=lambda offer: (-offer.score, offer.at, offer.key))
    columns: dict[str, str] = {}
    why: dict[str, str] = {}
    taken: set[int] = set()
    for offer in offers:
        if offer.key not in columns and offer.at not in taken:
            columns[offer.key], why[offer.key] = header[offer.at], offer.why
            taken.add(offer.at)
    ordered = {key: columns[key] for key in TARGETS if key in columns}
    dates = [header.index(column) for key, column in ordered.items() if TARGETS[key].kind == "date"]
    order = detect_order(row[at] for row in sample for at in dates)
    return Mapping(
        columns=ordered,
        date_order=order.order,
        ambiguous=order.ambiguous,
        date_note=order.note,
        group_rows=_several_rows_each(header, ordered, sample),
        fingerprint=header_fingerprint(header),
        why={key: why[key] for key in ordered},
    )


@dataclass(frozen=True, slots=True)
class _Offer:
    """One column offered for one field, with how alike they are."""

    key: str
    at: int
    score: float
    why: str


@dataclass(frozen=True, slots=True)
class _Shape:
    """What a column's values look like, as shares of those that are filled."""

    filled: int
    dates: float
    day_numbers: float
    addresses: float

    @classmethod
    def of(cls, cells: Sequence[Cell]) -> _Shape:
        values = [cell for cell in cells if not (cell is None or (isinstance(cell, str) and not cell.strip()))]
        values = values[:SHAPE_VALUES]
        many = len(values) or 1
        texts = [value.strip() for value in values if isinstance(value, str)]
        return cls(
            filled=len(values),
            dates=sum(looks_like_date(value) for value in values) / many,
            day_numbers=sum(bool(re.fullmatch(r"[2-7]\d{4}(\.\d+)?", text, re.ASCII)) for text in texts) / many,
            addresses=sum("@" in text.strip("@") for text in texts) / many,
        )


def _offers(header: Sequence[str], shapes: Sequence[_Shape]) -> Iterator[_Offer]:
    """Every field each column could serve."""
    for at, name in enumerate(header):
        tokens = _tokens(name)
        stage, rest = _stage_and_rest(tokens)
        for target in TARGETS.values():
            score = _likeness(target, tokens=tokens, stage=stage, rest=rest)
            if score >= ENOUGH and (reason := _shape_reason(target, shapes[at], score)) is not None:
                yield _Offer(target.key, at, score, f"the column is called “{name}”{reason}")


def _likeness(target: Target, *, tokens: tuple[str, ...], stage: int | None, rest: tuple[str, ...]) -> float:
    """How alike a heading and a field's known words are, from 0 to 1."""
    if stage is not None and target.key == "stage":
        return 0.0
    if stage is not None and target.stage not in (stage, None):
        return 0.0
    if target.stage == 2 and stage is None:
        return _best(target.alone, tokens)
    if stage is not None and target.stage is None:
        return _best(target.words, tokens) if _best(target.words, tokens) > 0.9 else 0.0
    return max(_best(target.words, rest), _best(target.alone, tokens))


def _best(phrases: tuple[str, ...], tokens: tuple[str, ...]) -> float:
    """The likeness of the best phrase: the whole heading, or a telling part of it; earlier phrases count for more."""
    best = 0.0
    for place, phrase in enumerate(phrases):
        words = _tokens(phrase)
        if words == tokens:
            best = max(best, 1 - 0.005 * place)
        elif (
            words
            and len(words) < len(tokens)
            and set(words) <= set(tokens)
            and (len(words) > 1 or words[0] in _TELLING)
        ):
            best = max(best, 0.5 + 0.3 * len(words) / len(tokens) - 0.002 * place)
    return best


def _shape_reason(target: Target, shape: _Shape, score: float) -> str | None:
    """Why the values fit the field, to be shown; None when they do not."""
    if target.kind == "date":
        if not shape.filled:
            return ", and holds no values to check"
        if shape.dates >= (SHAPED_IF_NAMED if score > 0.8 else SHAPED):
            return f", and {round(100 * shape.dates)} % of its values are dates"
        return ", and its values look like day numbers" if shape.day_numbers >= SHAPED else None
    if shape.filled and (shape.dates > 0.8 or (target.key == "email" and shape.addresses < 0.5)):
        return None
    return ""


def _several_rows_each(header: Sequence[str], columns: dict[str, str], sample: Sequence[Sequence[Cell]]) -> bool:
    """Whether the file has a row per finding: a reference repeats in the next row, on the same dates, else unlike."""
    if "old_reference" not in columns:
        return False
    key = header.index(columns["old_reference"])
    dates = [header.index(column) for field, column in columns.items() if TARGETS[field].kind == "date"]
    pairs = [(one, two) for one, two in zip(sample, sample[1:], strict=False) if one[key] and one[key] == two[key]]
    unlike = [(one, two) for one, two in pairs if list(one) != list(two)]
    together = [1 for one, two in unlike if all(one[at] == two[at] for at in dates)]
    return len(unlike) >= max(REPEATS, 0.1 * len(sample)) and len(together) >= 0.9 * len(unlike)


_SAME = {
    **dict.fromkeys(("acked", "ackd", "acknowledge", "acknowledged", "acknowledgement", "acknowledgment"), "ack"),
    **dict.fromkeys(("recd", "rcvd", "receive", "rec"), "received"),
    **dict.fromkeys(("resp", "respond", "responded", "reply", "replied", "responses"), "response"),
    **dict.fromkeys(("ref", "refno", "refs"), "reference"),
    **dict.fromkeys(("no", "num", "nr"), "number"),
    **{
        "dt": "date",
        "ext": "extension",
        "esc": "escalated",
        "tgt": "target",
        "desc": "description",
        "tel": "telephone",
    },
}
_DROPPED = frozenset(("of", "the", "a", "was", "is", "for"))
_TELLING = frozenset(
    "ack received postcode email ward directorate department service telephone mobile category outcome escalated "
    "remedy withdrawn complainant reference channel closed response due extension adjustments learning".split()
)
_STAGE = re.compile(r"\b(?:stage|stg|st|s) ?(1|2|one|two)\b|\b(first|second|1st|2nd) stage\b")


@cache
def _tokens(name: str) -> tuple[str, ...]:
    """A heading's words in one spelling: accents, case, signs and run-together capitals evened out."""
    plain = unicodedata.normalize("NFKD", name[:200])
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    plain = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", plain).lower().replace("’", "").replace("'", "")
    plain = re.sub(r"[^\w#]+|_+", " ", plain).strip()
    plain = _STAGE.sub(lambda found: f"stage {_stage_number(found)}", plain)
    return tuple(_SAME.get(word, word) for word in plain.split() if word not in _DROPPED)


def _stage_number(found: re.Match[str]) -> int:
    return 1 if (found[1] or found[2]) in ("1", "one", "first", "1st") else 2


def _stage_and_rest(tokens: tuple[str, ...]) -> tuple[int | None, tuple[str, ...]]:
    """The stage a heading names, if any, and its other words."""
    for at in range(len(tokens) - 1):
        if tokens[at] == "stage" and tokens[at + 1] in ("1", "2"):
            return int(tokens[at + 1]), tokens[:at] + tokens[at + 2 :]
    return None, tokens


def _listed(parts: Sequence[str]) -> str:
    """Several things in a sentence: a, b and c."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
