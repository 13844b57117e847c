"""Old complaints with dates and findings of a seeded kind, and the figures told again from them in plain Python."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from random import Random
from statistics import median

from core.commands.importing import ImportBatch
from core.desk import Desk
from core.model.complaints import Channel
from core.rules.facts import Outcome
from core.rules.periods import Period
from core.rules.working_days import WorkingDays
from core.store.history import PastComplaint, PastPoint, PastStage
from tests.builders import day

FOUND = (Outcome.UPHELD.value, Outcome.PARTIALLY_UPHELD.value, Outcome.NOT_UPHELD.value, Outcome.RESOLVED.value)


def past(
    number: int, one: PastStage, *, two: PastStage | None = None, service_id: int | None = None,
    withdrawn_on: date | None = None,
) -> PastComplaint:  # fmt: skip
    """One old complaint about nothing in particular."""
    return PastComplaint(
        old_reference=f"OLD-{number}", digest=f"{number:064d}", row=number + 2, one=one, two=two,
        points=(PastPoint(text="The bins", outcome=one.outcome),), matter="Bins", words="The bins were missed.",
        channel=Channel.OTHER.value, service_id=service_id, withdrawn_on=withdrawn_on,
    )  # fmt: skip


def bring_in(desk: Desk, complaints: Sequence[PastComplaint]) -> None:
    """They are imported."""
    desk.do(ImportBatch(source="Old list", complaints=tuple(complaints)))


def some(random: Random, count: int, *, calendar: WorkingDays, today: date) -> Iterator[PastComplaint]:
    """Complaints of about two years: in time, extended, late, open, withdrawn, at stage 2."""
    for number in range(count):
        one = _stage(random, day("2025-01-06") + timedelta(days=random.randrange(560)), calendar, today, limit=10)
        two = None
        if one.responded_on is not None and random.random() < 0.4:
            asked = one.responded_on + timedelta(days=random.randrange(1, 30))
            two = _stage(random, asked, calendar, today, limit=20) if asked <= today else None
        withdrawn = one.responded_on is None and random.random() < 0.3
        yield past(
            number,
            one,
            two=two,
            service_id=random.choice((None, 1, 2, 3)),
            withdrawn_on=min(one.received_on + timedelta(days=3), today) if withdrawn else None,
        )


def _stage(random: Random, received: date, calendar: WorkingDays, today: date, *, limit: int) -> PastStage:
    acknowledged = calendar.after(received, random.randrange(1, 8))
    responded = calendar.after(acknowledged, random.randrange(1, 2 * limit + 6))
    extended = random.random() < 0.4
    told = calendar.after(acknowledged, random.randrange(1, limit + 3))
    answered = random.random() < 0.85 and responded <= today
    return PastStage(
        received_on=received,
        acknowledged_on=acknowledged if acknowledged <= today else None,
        responded_on=responded if answered else None,
        extended_to=calendar.after(acknowledged, random.randrange(limit, 2 * limit + 6)) if extended else None,
        extension_told_on=told if extended else None,
        outcome=random.choice(FOUND) if answered else None,
        handler_id=1,
    )


@dataclass(frozen=True, slots=True)
class Restated:
    """The figures of old complaints, told again without a database."""

    complaints: Sequence[PastComplaint]
    calendar: WorkingDays
    period: Period
    today: date

    def all(self) -> dict[str, tuple[int | None, int | None, Decimal | None]]:
        """Each figure's numerator, denominator and value."""
        told: dict[str, tuple[int | None, int | None, Decimal | None]] = {}
        received = sum(self._in(each.one.received_on) for each in self.complaints)
        told["received"] = (received, None, Decimal(received))
        ones = [each.one for each in self.complaints]
        twos = [(each.one, each.two) for each in self.complaints if each.two is not None]
        stages = {"one": (ones, 10), "two": ([two for _one, two in twos], 20)}
        for name, (listed, limit) in stages.items():
            self._one_stage(told, name, listed, limit)
        sent = [stage for stage in ones if self._in(stage.responded_on)]
        finals = [pair for pair in twos if self._in(pair[1].responded_on)]
        told["escalated"] = share(sum(self._in(two.received_on) for _one, two in twos), len(sent))
        over = sum(one.outcome == FOUND[2] and two.outcome in FOUND[:2] for one, two in finals)
        told["overturned"] = share(over, len(finals))
        answered = [*sent, *(two for _one, two in finals)]
        told["extended"] = share(sum(stage.extended_to is not None for stage in answered), len(answered))
        limits = [10] * len(sent) + [20] * len(finals)
        pairs = [(stage, limit) for stage, limit in zip(answered, limits, strict=True) if stage.extended_to is not None]
        longer = [max(self.calendar.between(self._first_due(*each), each[0].extended_to), 0) for each in pairs]
        mean = rounded(Decimal(sum(longer)) / len(longer)) if longer else None
        told["extension_days_mean"] = (sum(longer), len(longer), mean)
        return told

    def _one_stage(self, told: dict, name: str, listed: Sequence[PastStage], limit: int) -> None:
        due, in_time = 0, 0
        for each in self.complaints:
            stage = each.one if name == "one" else each.two
            if stage is None:
                continue
            by = self.calendar.after(stage.received_on, 5)
            met = stage.acknowledged_on or stage.responded_on
            void = met is None and each.withdrawn_on is not None and each.withdrawn_on <= by
            if not self._in(by) or void or (met is None and by >= self.today and each.withdrawn_on is None):
                continue
            due, in_time = due + 1, in_time + (met is not None and met <= by)
        told[f"acknowledged_in_time_{name}"] = share(in_time, due)
        sent = [stage for stage in listed if self._in(stage.responded_on)]
        stood = Counter(self._stood(stage, limit) for stage in sent)
        for key in ("in_target", "in_extension", "late"):
            told[f"{key}_{name}"] = share(stood[key], len(sent))
        for outcome in FOUND[:3]:
            told[f"{outcome}_{name}"] = share(sum(stage.outcome == outcome for stage in sent), len(sent))
        told[f"resolved_{name}"] = share(sum(stage.outcome not in FOUND[:3] for stage in sent), len(sent))
        days = [self.calendar.between(stage.received_on, stage.responded_on) for stage in sent]
        mean = rounded(Decimal(sum(days)) / len(days)) if days else None
        told[f"days_mean_{name}"] = (sum(days), len(days), mean)
        told[f"days_median_{name}"] = (None, len(days), rounded(Decimal(str(median(days)))) if days else None)

    def _first_due(self, stage: PastStage, limit: int) -> date:
        return self.calendar.after(min(stage.acknowledged_on, self.calendar.after(stage.received_on, 5)), limit)

    def _stood(self, stage: PastStage, limit: int) -> str:
        by = self._first_due(stage, limit)
        if stage.responded_on <= by:
            return "in_target"
        told = stage.extended_to is not None and stage.extension_told_on <= by
        if told and stage.responded_on <= stage.extended_to <= self.calendar.after(by, limit):
            return "in_extension"
        return "late"

    def _in(self, on: date | None) -> bool:
        return on is not None and self.period.start <= on <= self.period.end


def share(part: int, whole: int) -> tuple[int, int, Decimal | None]:
    """A share as a figure has it."""
    return part, whole, rounded(Decimal(100) * part / whole) if whole else None


def rounded(value: Decimal) -> Decimal:
    """One decimal, half up."""
    return value.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
