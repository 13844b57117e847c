"""A small made-up council for page and browser tests, made only through commands, at any moment one likes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from core.channels.bank_holidays import from_package
from core.commands.base import COMMANDS
from core.commands.organising import ChangeCalendar, SetUpCouncil
from core.desk import Desk, Office
from core.model.complaints import Channel
from core.model.organisation import Layer
from core.permissions import SYSTEM, Actor, Role
from core.rules.considering import ReachedBy
from core.rules.parties import ConflictKind
from core.rules.s9_oversight import Learned
from core.settings import Settings
from core.store.schema import migrate

STAFF = (
    ("Dee Handler", Role.HANDLER),
    ("Ann Reviewer", Role.REVIEWER),
    ("Max Manager", Role.MANAGER),
    ("Rae Recorder", Role.RECORDER),
    ("Lou Lead", Role.SENIOR_LEAD),
    ("Mo Member", Role.MEMBER),
    ("Quin Quality", Role.QUALITY),
    ("Ada Administrator", Role.ADMINISTRATOR),
    ("Lena Link", Role.LINK_OFFICER),
    ("Ivo Independent", Role.ASSESSOR),
)
WHO = {role: number for number, (_name, role) in enumerate(STAFF, start=1)}
SERVICES = ("Waste and recycling", "Housing benefit", "Planning", "Highways")
MOMENT = datetime(2026, 11, 24, 9, tzinfo=UTC)


class Council:
    """The council with a clock that can be set."""

    def __init__(self, folder: Path, *, now: datetime = MOMENT) -> None:
        self.now = now
        there = (folder / "complaints.db").exists()
        self.office = Office(Settings(mode="demo", data_dir=folder), clock=self.clock)
        if not there:
            self._set_up()

    def _set_up(self) -> None:
        migrate(self.office.database)
        rows = tuple((day.on, day.name, Layer.BANK_HOLIDAY, False) for day in from_package(2000, 2028))
        console = Desk(self.office, SYSTEM)
        console.do(ChangeCalendar(source="Bank holidays as published", rows=rows))
        console.do(SetUpCouncil(council="Sample Borough Council", services=SERVICES, colleagues=STAFF))

    def clock(self) -> datetime:
        """The council's moment."""
        return self.now

    @property
    def today(self) -> date:
        """The council's day."""
        return self.office.today(self.now)

    def desk(self, role: Role) -> Desk:
        """The desk of the one colleague with this role."""
        number = WHO[role]
        return Desk(self.office, Actor(id=number, name=STAFF[number - 1][0], role=role))

    def take(self, role: Role, step: str, **values: object) -> str:
        """Carry a step out as this role; answers with the reference."""
        desk = self.desk(role)
        return str(desk.do(desk.form(COMMANDS[step], values)).reference)

    def at(self, days_ago: int, act: Callable[[], str]) -> str:
        """Do something as it was done some days ago."""
        kept, self.now = self.now, self.now - timedelta(days=days_ago)
        try:
            return act()
        finally:
            self.now = kept

    def day(self, days_ago: int) -> date:
        """The day some days before today."""
        return self.today - timedelta(days=days_ago)

    def record(self, *, days_ago: int = 0, service: int = 1, **values: object) -> str:
        """Record a complaint on the day it came."""
        told = {
            "individual": "Robin Example",
            "contact_email": "robin@example.org",
            "postcode": "ZZ1 1AA",
            "words": "Nobody has emptied our bins for three weeks. I have called twice.",
            "matter": "Missed bin collections",
            "channel": Channel.PHONE,
            "service_id": service,
            "received_on": self.day(days_ago),
            **values,
        }
        return self.at(days_ago, lambda: self.take(Role.HANDLER, "RecordComplaint", **told))

    def assign(self, reference: str, role: Role = Role.HANDLER, *, step: str = "Assign", days_ago: int = 0) -> str:
        """Give a stage to the colleague with a role."""
        return self.at(days_ago, lambda: self.take(Role.MANAGER, step, reference=reference, colleague_id=WHO[role]))

    def acknowledge(self, reference: str, *, days_ago: int = 0) -> str:
        """Acknowledge stage 1."""
        values = {"acknowledged_on": self.day(days_ago), "understanding": "The bins were missed."}
        self.at(days_ago, lambda: self.take(Role.HANDLER, "Acknowledge", reference=reference, **values))
        return self.hear(reference, days_ago=days_ago)

    def hear(self, reference: str, role: Role = Role.HANDLER, *, days_ago: int = 0) -> str:
        """Whoever considers it declares that they are free to, and the individual is heard."""
        heard = {"obtained_on": self.day(days_ago), "reached_by": ReachedBy.PHONE, "said": "They stood in the rain."}
        free = {"reference": reference, "kind": ConflictKind.NONE}
        self.at(days_ago, lambda: self.take(role, "DeclareConflict", **free))
        return self.at(days_ago, lambda: self.take(role, "RecordPosition", reference=reference, **heard))

    def answer(self, reference: str, *, days_ago: int = 0) -> str:
        """Answer stage 1 in full."""
        values = {
            "sent_on": self.day(days_ago),
            "answers": ({"number": 1, "outcome": "upheld", "reasons": "The crew missed the road."},),
            "remedy": "An apology.",
            "escalation_told": True,
            "learned": Learned.NOTHING,
            "lesson": "A crew was away on one day.",
        }
        return self.at(days_ago, lambda: self.take(Role.HANDLER, "RespondStageOne", reference=reference, **values))

    def escalate(self, reference: str, *, days_ago: int = 0) -> str:
        """Open stage 2."""
        values = {"requested_on": self.day(days_ago), "channel": Channel.EMAIL}
        return self.at(days_ago, lambda: self.take(Role.HANDLER, "OpenStageTwo", reference=reference, **values))


def busy_council(folder: Path, *, now: datetime = MOMENT, more: int = 6) -> Council:
    """A council with complaints at every position a page shows."""
    council = Council(folder, now=now)
    first = council.record(days_ago=14)
    council.assign(first, days_ago=13)
    council.acknowledge(first, days_ago=10)
    late = council.record(days_ago=12, matter="Housing benefit delay", individual="Zoë Sample", service=2)
    council.assign(late, days_ago=11)
    new = council.record(days_ago=3, matter="Pothole by the library", individual="Sam Made-Up", service=4)
    council.assign(new, days_ago=2)
    council.record(days_ago=1, matter="Planning notice not sent", individual="", service=3)
    second = council.record(days_ago=40, matter="Noise from a building site", individual="Kim Invented", service=3)
    council.assign(second, days_ago=39)
    council.acknowledge(second, days_ago=36)
    council.answer(second, days_ago=27)
    council.escalate(second, days_ago=3)
    old = council.record(days_ago=100, matter="Street lights out", individual="Pat Fictional", service=4)
    council.assign(old, days_ago=99)
    council.acknowledge(old, days_ago=97)
    for number in range(more):
        each = council.record(days_ago=2, matter=f"Green bin not delivered, request {number + 1}")
        council.assign(each, days_ago=1)
    return council
