"""The figures of an Ombudsman's yearly letter: read as typed, and checked to add up first [lgsco:8.1]."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from core.code.ombudsmen import Figure, YearlyLetter
from core.words import listed, rate, share

_NUMBER = re.compile(r"[0-9]{1,9}(\.[0-9]{1,2})?")
_HUNDRED = 100
Figures = Mapping[str, Decimal]


def read_figures(letter: YearlyLetter, typed: Mapping[str, str]) -> tuple[dict[str, Decimal], dict[str, str]]:
    """The figures as numbers, and a sentence for each that is missing or no number [lgsco:8.1]."""
    found: dict[str, Decimal] = {}
    wrong: dict[str, str] = {}
    known = letter.figures
    for key in typed:
        if key not in known:
            wrong[key] = f"The letter has no figure “{key}”. Use the names that the form shows."
    for key, figure in known.items():
        text = typed.get(key, "").strip().removesuffix("%").strip().replace(",", "")
        if not text:
            if figure.needed:
                wrong[key] = f"“{figure.title}” is not filled in yet. Copy it from the letter."
        elif not _NUMBER.fullmatch(text) or (figure.kind == "count" and "." in text):
            what = "a whole number" if figure.kind == "count" else "a number with two decimals at most"
            wrong[key] = f"“{figure.title}” must be {what}. Copy it from the letter."
        elif figure.kind == "percent" and Decimal(text) > _HUNDRED:
            wrong[key] = f"“{figure.title}” cannot be more than 100 per cent. Copy it from the letter again."
        else:
            found[key] = Decimal(text)
    return found, wrong


def not_adding_up(letter: YearlyLetter, figures: Figures) -> dict[str, str]:
    """A sentence for each figure that does not agree with those it is made of; what was not given is not judged.

    A percentage is counted again from its two counts and rounded half up to as many decimals as were given.
    """
    wrong: dict[str, str] = {}
    for key, sentence in _wrong(letter, figures):
        wrong.setdefault(key, sentence)
    return wrong


def _wrong(letter: YearlyLetter, figures: Figures) -> Iterator[tuple[str, str]]:
    known = letter.figures
    for each in letter.sum:
        if each.total in figures and all(part in figures for part in each.parts):
            added = sum(figures[part] for part in each.parts)
            if added != figures[each.total]:
                yield each.total, _does_not_sum([known[part] for part in each.parts], known[each.total], added, figures)
    for within in letter.within:
        if within.part in figures and figures[within.part] > figures.get(within.whole, figures[within.part]):
            part, whole = known[within.part], known[within.whole]
            yield (
                within.part,
                f"“{part.title}” is {figures[within.part]:,}, more than “{whole.title}” with "
                f"{figures[within.whole]:,}. Check both.",
            )
    for one in letter.share:
        if {one.figure, one.part, one.whole} <= figures.keys():
            given = figures[one.figure]
            counted = recounted(figures[one.part], figures[one.whole], per=one.per, like=given)
            if counted != given:
                yield one.figure, _does_not_follow(known, one.figure, one.part, one.whole, counted, figures)


def recounted(part: Decimal, whole: Decimal, *, per: int, like: Decimal) -> Decimal | None:
    """One out of another times `per`, rounded half up to the decimals of `like`; None out of nothing."""
    if not whole:
        return None
    return (part * per / whole).quantize(Decimal(1).scaleb(like.as_tuple().exponent), rounding=ROUND_HALF_UP)  # type: ignore[arg-type]


def _does_not_sum(parts: list[Figure], total: Figure, added: Decimal | int, figures: Figures) -> str:
    told = " + ".join(f"{figures[part.key]:,}" for part in parts)
    names = listed(f"“{part.title}”" for part in parts)
    return (
        f"“{total.title}” is {figures[total.key]:,}, but {names} add up to {told} = {added:,}. "
        "Check them against the letter."
    )


def _does_not_follow(
    known: Mapping[str, Figure], key: str, part: str, whole: str, counted: Decimal | None, figures: Figures
) -> str:
    said = "cannot be counted" if counted is None else f"comes to {counted:,}"
    return (
        f"“{known[key].title}” is given as {figures[key]:,}, but {figures[part]:,} out of {figures[whole]:,} {said}. "
        "Check them against the letter."
    )


# ------------------------------------------------------------------------------------------------------------ figures


@dataclass(frozen=True, slots=True, kw_only=True)
class Kpi:
    """One figure of the set 20 to 24 with what it is counted from; `whole` is None where a count stands by itself."""

    number: int
    title: str
    part: int | None
    whole: int | None = None
    per: int = _HUNDRED
    note: str = ""

    @property
    def words(self) -> str:
        """The figure as it is shown, with its numerator and denominator; "not known" where one is missing."""
        if self.part is None:
            return "not known"
        if self.whole is None:
            return f"{self.part:,}"
        if self.per == _HUNDRED:
            return share(self.part, self.whole)
        return rate(self.part, self.whole, per=self.per, of="people")


COHORT = (
    "Those the Ombudsman decided in a year are mostly not those answered at stage 1 in that year: the two lie months "
    "apart, so this compares the two totals and follows no complaint from one to the other."
)
"""What has to be said beside KPI 24."""


_DEALT, _UPHELD, _COMPLIED, _REMEDIED, _ESCALATED = range(20, 25)  # house: the numbers of figures, and no period


def kpis_of(figures: Mapping[str, int], *, similar: str = "", stage_one: int | None = None) -> tuple[Kpi, ...]:
    """KPI 20 to 24 from counts, of one letter or of several added up: counts are added, and no percentage averaged.

    `similar` says what similar authorities' average is; `stage_one` is how many answers went out at stage 1.
    """
    have = figures.get
    due, complied, late = have("due"), have("complied"), have("late")
    return (
        Kpi(number=_DEALT, title="Dealt with by the Ombudsman", part=have("dealt_with")),
        Kpi(number=_DEALT, title="Not for the Ombudsman", part=have("not_for_us"), whole=have("dealt_with")),
        Kpi(number=_DEALT, title="Assessed and closed", part=have("assessed_and_closed"), whole=have("dealt_with")),
        Kpi(number=_DEALT, title="Investigated", part=have("investigated"), whole=have("dealt_with")),
        Kpi(number=_UPHELD, title="Upheld of those investigated", part=have("upheld"), whole=have("investigated"),
            note=similar),
        Kpi(number=_UPHELD, title="Upheld for every 100,000 people", part=_both("upheld", "population", figures),
            whole=have("population"), per=100_000),
        Kpi(number=_COMPLIED, title="Recommendations complied with", part=_both("complied", "due", figures), whole=due),
        Kpi(number=_COMPLIED, title="Complied with on time", whole=due,
            part=None if complied is None or late is None or due is None else complied - late),
        Kpi(number=_REMEDIED, title="Satisfactory remedy offered before", part=_both("remedied", "upheld", figures),
            whole=have("upheld")),
        Kpi(number=_ESCALATED, title="Ombudsman decisions to stage 1 answers", note=COHORT, whole=stage_one,
            part=have("dealt_with") if stage_one is not None else None),
    )  # fmt: skip


def _both(part: str, whole: str, figures: Mapping[str, int]) -> int | None:
    """A part whose whole is known as well; None where one of them is not."""
    return figures.get(part) if whole in figures else None
