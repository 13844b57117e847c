"""The council's own policy: which of the Code's periods it sets differently, by which resolution, and from when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from core.code.catalogue import PERIODS, READINGS, STANDARDS, WATCH, Timescale, timescale
from core.code.shapes import Setting
from core.errors import BadInput, NotFound
from core.words import counted

SETTINGS: tuple[Setting, ...] = (
    "late_acknowledgement_buys_time",
    "closure_days_skip",
    "weekend_receipt_lenient",
)
WATCHED = ("whole_case_amber", "whole_case_red")
"""The flags on a whole complaint whose weeks a policy may set; nothing is late because of them (reading R33)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Departure:
    """Where a policy differs: from a period of the Code, with both values, or from a reading of ours.

    `difference` is the policy's value less the Code's, in `unit`; the three are None for a reading.
    """

    key: str
    clause: str
    sentence: str
    source: str
    reading: str | None = None
    unit: str | None = None
    code_value: int | None = None
    own_value: int | None = None
    difference: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """A complaints policy in force from a day: the Code's periods, with the council's own where it decided so.

    `periods` maps a period's key to the council's value, in the period's own unit. It has no number of stages: there
    are two [lgsco:6.20]. The three settings change a reading: R6, R22 and R2. `service_standards` says that the
    council keeps its own service standards as well, which the Code does not ask for.
    Raises BadInput for a period the Code does not have, a value that is not a whole number above zero, or a value
    that departs from the Code without naming the resolution that approved it.
    """

    name: str
    resolution: str = ""
    in_force_from: date
    periods: Mapping[str, int] = field(default_factory=dict, hash=False)
    late_acknowledgement_buys_time: bool = False
    closure_days_skip: bool = False
    weekend_receipt_lenient: bool = False
    service_standards: bool = False
    standard_periods: Mapping[str, int] = field(default_factory=dict, hash=False)
    watch: Mapping[str, int] = field(default_factory=dict, hash=False)
    _in_force: Mapping[str, Timescale] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        problems = {**_wrong_facts(self), **_wrong_periods(self.periods), **_wrong_beside(self)}
        if problems:
            raise BadInput(" ".join(problems.values()), fields=problems)
        for name in ("periods", "standard_periods", "watch"):
            object.__setattr__(self, name, dict(getattr(self, name)))
        object.__setattr__(self, "_in_force", {key: self._timescale(key) for key in PERIODS})
        departing = [departure.key for departure in self.departures() if departure.reading is None]
        if departing and not self.resolution.strip():
            raise BadInput(
                f"{self.name} departs from the Code ({', '.join(departing)}) and names no resolution. "
                "Give the decision that approved it: the body, the date and the minute.",
                fields={"resolution": "Give the body, the date and the minute."},
            )

    def period(self, key: str) -> Timescale:
        """The period as this policy has it; its clause is the Code's, its source whoever set the value.

        Raises NotFound for a period the Code does not have.
        """
        try:
            return self._in_force[key]
        except KeyError:
            raise NotFound(f"The Code has no period {key}. Choose one of: {', '.join(PERIODS)}.") from None

    def watch_weeks(self, key: str) -> int:
        """After how many weeks a whole complaint is flagged: the council's own number, or ours (reading R33)."""
        return self.watch.get(key, WATCH[key].value)

    def standard(self, key: str) -> int:
        """The period of one of the council's own service standards, in the standard's own unit."""
        return self.standard_periods.get(key, STANDARDS[key].value)

    def departures(self) -> tuple[Departure, ...]:
        """Each period that differs from the Code, then each reading this policy does not follow [lgsco:using.1]."""
        found = [self._from_code(key) for key in self.periods if self._differs(key)]
        return (*found, *(self._from_reading(setting) for setting in SETTINGS if getattr(self, setting)))

    def _code_timescale(self, key: str) -> Timescale:
        # Reading R36: a policy older than the Code is measured against its first values.
        return timescale(key, on=self.in_force_from, yardstick=True)

    def _timescale(self, key: str) -> Timescale:
        code = self._code_timescale(key)
        if key not in self.periods:
            return code
        return Timescale(
            key=key,
            title=code.title,
            value=self.periods[key],
            unit=code.unit,
            anchor=code.anchor,
            clause=code.clause,
            since=self.in_force_from,
            source=self.resolution.strip() or self.name,
        )

    def _differs(self, key: str) -> bool:
        return self.periods[key] != self._code_timescale(key).value

    def _from_code(self, key: str) -> Departure:
        code, own = self._code_timescale(key), self._in_force[key]
        one = code.unit.removesuffix("s").replace("_", " ")
        return Departure(
            key=key,
            clause=code.clause,
            sentence=f"{own.title}: {counted(own.value, one)} in {self.name}, {counted(code.value, one)} in the Code.",
            source=own.source,
            unit=code.unit,
            code_value=code.value,
            own_value=own.value,
            difference=own.value - code.value,
        )

    def _from_reading(self, setting: Setting) -> Departure:
        reading = next(reading for reading in READINGS.values() if reading.setting == setting)
        return Departure(
            key=setting,
            clause=reading.clauses[0],
            sentence=f"{reading.title} (reading {reading.key}): {self.name} decides otherwise.",
            source=self.resolution.strip() or self.name,
            reading=reading.key,
        )


def _wrong_facts(policy: Policy) -> dict[str, str]:
    """What is wrong with a policy's name, date and settings, by field."""
    wrong = {}
    if not policy.name.strip():
        wrong["name"] = "Name the policy."
    if not isinstance(policy.in_force_from, date) or isinstance(policy.in_force_from, datetime):
        wrong["in_force_from"] = "Give the day from which the policy applies."
    for setting in (*SETTINGS, "service_standards"):
        if not isinstance(getattr(policy, setting), bool):
            wrong[setting] = f"The setting {setting} is either true or false."
    return wrong


def _wrong_periods(periods: Mapping[str, object]) -> dict[str, str]:
    """What is wrong with the periods a policy sets, by key."""
    wrong = {}
    for key, value in periods.items():
        if key not in PERIODS:
            wrong[key] = (
                f"{key} is not a period of the Code, which has exactly two stages (lgsco:6.20). "
                f"Choose one of: {', '.join(PERIODS)}."
            )
        elif not isinstance(value, int) or isinstance(value, bool) or value <= 0:
            wrong[key] = f"{PERIODS[key].title} cannot take {value!r}. Give a whole number above zero."
    return wrong


def _wrong_beside(policy: Policy) -> dict[str, str]:
    """What is wrong with the periods of a policy's own standards, and with its weeks for the whole complaint."""
    wrong = {}
    for known, values in ((STANDARDS, policy.standard_periods), (dict.fromkeys(WATCHED), policy.watch)):
        for key, value in values.items():
            if key not in known:
                wrong[key] = f"{key} is not one of ours. Choose one of: {', '.join(known)}."
            elif not isinstance(value, int) or isinstance(value, bool) or value <= 0:
                wrong[key] = f"{key} cannot take {value!r}. Give a whole number above zero."
    amber, red = WATCHED
    if not wrong and policy.watch_weeks(amber) >= policy.watch_weeks(red):
        wrong[red] = "The second flag on a whole complaint comes after the first. Give it more weeks."
    return wrong


CODE_POLICY = Policy(name="The Code", in_force_from=max(period.values[-1].since for period in PERIODS.values()))
"""The Code itself, unchanged, as it now stands."""
