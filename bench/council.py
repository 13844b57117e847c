"""A council that lives by the dice: colleagues who sign on, complaints that come in, and steps its console offers.

One seed is one council: the same complaints, steps, delays and failures every time. The mail server fails now and then,
and so does the identity provider; whoever it does not vouch for takes no step that day.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from bench.data import Clock, office_at, sqlite_url
from core.channels.secrets import token_hash
from core.commands.adjusting import AgreeAdjustment, EndAdjustment, ReviewAdjustment
from core.commands.base import COMMANDS, CaseCommand, Command
from core.commands.considering import RecordPosition
from core.commands.correcting import CorrectFact, Fact
from core.commands.information import RecordInformation, WithdrawInformationRequest
from core.commands.letters import LetterKind, WriteLetter
from core.commands.offering import OfferRemedy
from core.commands.organising import ChangeCalendar
from core.commands.recording import RecordComplaint
from core.commands.remedies import CompleteRemedy
from core.commands.restricting import LiftRestriction, RestrictContact, ReviewRestriction
from core.commands.stage_one import Acknowledge, Assign, Extend, RespondStageOne
from core.commands.stage_two import AcknowledgeStageTwo, AssignStageTwo, RespondFinal
from core.commands.undeliverable import DeclareUndeliverable
from core.desk import Desk, Done, Office
from core.entrance import Claims, sign_in_by_claims, visit
from core.errors import ComplaintsError, NotPermitted, ReasonNeeded
from core.installing import install
from core.model.complaints import Channel
from core.model.organisation import Layer
from core.outbox import queue_letter, send_due
from core.permissions import GRANTS, SYSTEM, Permission, Role
from core.queries.letters import letter_view
from core.rules.considering import ReachedBy
from core.rules.steps import STEPS, Position, steps_from
from tests.builders import Story
from tests.mail import Postbox, sends_by_smtp

BEGINS = date(2024, 4, 2)
COMPLAINTS_A_YEAR = 40
STAFF = (
    ("Rae Recorder", Role.RECORDER), ("Hana Handler", Role.HANDLER), ("Hugo Handler", Role.HANDLER),
    ("Rita Reviewer", Role.REVIEWER), ("Remy Reviewer", Role.REVIEWER), ("Mona Manager", Role.MANAGER),
    ("Milo Manager", Role.MANAGER), ("Quinn Quality", Role.QUALITY),
)  # fmt: skip
LIKELY = frozenset(
    {"Acknowledge", "Assign", "RespondStageOne", "Extend", "OpenStageTwo", "AcknowledgeStageTwo", "AssignStageTwo"}
    | {"RespondFinal", "RecordRouteStep", "RerouteComplaint", "CorrectFact"}
)
RARE = frozenset(
    {"Withdraw", "RefuseComplaint", "RouteElsewhere", "RefuseEscalation", "TriageComplaint", "KeepConfidential"}
)
TURN = 0.3  # how likely an open complaint is taken up on a working day
AWAY = 0.05  # how likely the identity provider does not answer somebody on a day
OUT_OF_ROLE = 0.04  # how likely a step is tried by somebody of any role
CORRECTED = {
    1: {"received_on": Fact.RECEIVED, "acknowledged_on": Fact.ACKNOWLEDGED_ONE, "responded_on": Fact.ANSWERED_ONE},
    2: {"received_on": Fact.REQUESTED_TWO, "acknowledged_on": Fact.ACKNOWLEDGED_TWO, "responded_on": Fact.ANSWERED_TWO},
}
WHY = "It could not be helped."
A_WEEK_LONG = {"session_hours": 7 * 24, "idle_minutes": 7 * 24 * 60}  # so that nobody has to sign on every day

_REVIEWED = {ReviewAdjustment: "adjustment", EndAdjustment: "adjustment"}
_REVIEWED |= {ReviewRestriction: "restriction", LiftRestriction: "restriction"}


@dataclass(slots=True)
class Told:
    """What a step came to, for whoever watches."""

    kind: str
    actor: int
    done: Done | None = None
    refusal: ComplaintsError | None = None


@dataclass(slots=True)
class Council:
    """One council, its day and its dice."""

    office: Office
    clock: Clock
    dice: random.Random
    box: Postbox
    story: Story
    counts: Counter[str] = field(default_factory=Counter)
    unreachable: set[str] = field(default_factory=set)
    _here: dict[str, Desk | None] = field(default_factory=dict)
    _sessions: dict[str, str] = field(default_factory=dict)
    _number: int = 0

    @classmethod
    def founded(cls, seed: int, folder: Path, box: Postbox) -> Council:
        """A council of its own, set up on the first day it lives by the Code."""
        clock = Clock(datetime(BEGINS.year, BEGINS.month, BEGINS.day, 8, tzinfo=UTC))
        office = office_at(sqlite_url(folder / "complaints.db"), folder, clock=clock)
        sends_by_smtp(office, box.port)
        roles = {str(role): role.value for role in Role}
        office.settings = office.settings.model_copy(update={"sso_roles": roles, **A_WEEK_LONG})
        install(office, council="Dice Borough Council", services=("Waste", "Housing", "Parking"))
        story = Story(office=office, clock=clock, desks=SimpleNamespace(system=Desk(office, SYSTEM)))  # type: ignore[arg-type]
        return cls(office, clock, random.Random(seed), box, story)

    # ------------------------------------------------------------------------------------------------------- people

    def begin_day(self, day: date) -> None:
        """A new day: nobody is here yet, and on a Monday everybody signs on anew."""
        self.clock.now = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
        self._here = {}
        if day.weekday() == 0:
            self._sessions = {}

    @property
    def today(self) -> date:
        """The day it is."""
        return self.clock.now.date()

    def here(self, name: str) -> Desk | None:
        """Somebody's desk while their session lives; None on a day the identity provider did not vouch for them."""
        if name not in self._here:
            came = visit(self.office, self._sessions[name], active=True) if name in self._sessions else None
            self._here[name] = Desk(self.office, came.actor) if came else self._signed_on(name, dict(STAFF)[name])
        return self._here[name]

    def _signed_on(self, name: str, role: Role) -> Desk | None:
        fate = self.dice.random()
        if fate < AWAY:
            self.counts["sign_ons_failed"] += 1
            return None
        groups = () if fate < 2 * AWAY else (str(role),)
        claims = Claims(issuer="https://idp.example", subject=name, name=name, groups=groups)
        try:
            token = sign_in_by_claims(self.office, claims, address="192.0.2.7")
        except NotPermitted:
            if groups:
                raise
            self.counts["sign_ons_failed"] += 1
            return None
        self._sessions[name] = token_hash(token)
        came = visit(self.office, self._sessions[name], active=True)
        if came is None or not groups:
            raise RuntimeError(f"{name} came in although nobody vouched for them.")
        self.counts["sign_ons"] += 1
        return Desk(self.office, came.actor)

    def somebody(self, *roles: Role) -> Desk | None:
        """Somebody of these roles who is here today, if anybody is."""
        names = [name for name, role in STAFF if role in roles]
        self.dice.shuffle(names)
        return next((desk for name in names if (desk := self.here(name)) is not None), None)

    def _granted(self, permission: Permission) -> Desk | None:
        if self.dice.random() < OUT_OF_ROLE:
            return self.somebody(*Role)
        return self.somebody(*(role for role in Role if permission in GRANTS[role]))

    def _seat(self) -> bool:
        """Put today's colleagues where a story takes its people from; False when too few are here."""
        handlers = [self.somebody(Role.HANDLER), self.somebody(Role.HANDLER)]
        reviewers = [self.somebody(Role.REVIEWER), self.somebody(Role.REVIEWER)]
        people = [self.somebody(Role.MANAGER), self.somebody(Role.QUALITY), self.somebody(Role.RECORDER)]
        if None in (*handlers, *reviewers, *people):
            return False
        manager, quality, recorder = people
        self.story.desks = SimpleNamespace(  # type: ignore[assignment]
            recorder=recorder, handler=handlers[0], other_handler=handlers[1], reviewer=reviewers[0],
            other_reviewer=reviewers[1], manager=manager, quality=quality, system=Desk(self.office, SYSTEM),
        )  # fmt: skip
        return True

    # -------------------------------------------------------------------------------------------------- what happens

    def take_in(self) -> None:
        """A complaint comes in, some days after it was made to somebody, and sometimes from nobody who says who."""
        desk = self.somebody(Role.RECORDER, Role.HANDLER, Role.MANAGER)
        if desk is None:
            return
        self._number += 1
        nameless = self.dice.random() < 0.05
        received_on = self.today - timedelta(days=self.dice.choice((0, 0, 1, 4)))
        command = RecordComplaint(
            individual="" if nameless else f"Sam Sample {self._number}", words=f"The bins were missed, {self._number}.",
            matter=f"Missed bins {self._number}", received_on=received_on,
            channel=self.dice.choice(list(Channel)), contact_email="" if nameless else "sam@sample.example",
            no_contact_details=nameless,
        )  # fmt: skip
        if received_on < BEGINS:
            return
        reference = str(desk.do(command).reference)
        self.counts["commands"] += 1
        if nameless:
            self.unreachable.add(reference)

    def declare_a_holiday(self) -> None:
        """Somebody enters a bank holiday announced at short notice."""
        day = self.today + timedelta(days=self.dice.randint(2, 15))
        desk = self.somebody(Role.MANAGER)
        if desk is not None and day.weekday() < 5:
            rows = ((day, "A day announced late", Layer.BANK_HOLIDAY, False),)
            self.take(desk, ChangeCalendar(source="Announced", rows=rows))  # refused where the day is one already

    def choose(self, position: Position) -> type[CaseCommand]:
        """A step this position permits: one that moves it on more often than any other."""
        permitted, main = steps_from(position), STEPS[position]
        chosen: Sequence[str] = main if self.dice.random() < 0.6 else permitted
        weights = [8 if name in LIKELY else 0.3 if name in RARE else 1 for name in chosen]
        kind = COMMANDS[self.dice.choices(chosen, weights)[0]]
        if not issubclass(kind, CaseCommand):
            raise RuntimeError(f"{kind.__name__} is no step of a case.")
        return kind

    def ready(self, kind: type[CaseCommand], reference: str) -> tuple[Desk, CaseCommand] | None:
        """A step with everything it asks for and whoever takes it; None when nobody is here, or it has no object."""
        if not self._seat():
            return None
        desk = self._granted(kind.needs)
        if desk is None:
            return None
        if kind in (RespondStageOne, RespondFinal) and self.dice.random() < 0.85:
            self.story.free(reference, desk)
            desk.do(RecordPosition(reference=reference, **self._given(RecordPosition, reference)))
        given = self._given(kind, reference)
        return None if given is None else (desk, kind(reference=reference, **given))

    def _given(self, kind: type[CaseCommand], reference: str) -> Any:
        existing = self._existing(kind, reference)
        if existing is not None:
            return existing or None
        command = self.story.ready(kind, reference)
        return command.model_dump(exclude={"reference", "command_id", "seen_version"}) | self._varied(kind, reference)

    def _varied(self, kind: type[CaseCommand], reference: str) -> dict[str, Any]:
        """What differs from one time to the next."""
        dice, today = self.dice, self.today
        if kind in (Acknowledge, AcknowledgeStageTwo):
            return {"acknowledged_on": today - timedelta(days=dice.choice((0, 0, 0, 1, 2)))}
        if kind is Extend:
            until = (self.story.case(reference)["act_by"] or today) + timedelta(days=dice.randint(1, 35))
            return {"new_date": until, "ombudsman_told": dice.random() < 0.8}
        if kind is Assign:
            desk = self.somebody(Role.HANDLER, Role.REVIEWER)
            return {"colleague_id": desk.actor.id} if desk else {}
        if kind is AssignStageTwo:
            desk = self.somebody(Role.REVIEWER)
            return {"colleague_id": desk.actor.id} if desk else {}
        if kind in (AgreeAdjustment, RestrictContact):
            self._number += 1
            return {"what": f"Agreed number {self._number}", "review_on": today + timedelta(days=dice.randint(5, 90))}
        if kind is CorrectFact:
            return self._wrong_day(reference)
        if kind is OfferRemedy:
            return {"due_on": today + timedelta(days=dice.randint(5, 90))}
        return {}

    def _wrong_day(self, reference: str) -> dict[str, Any]:
        """A day of one of the stages that was written down wrongly, by up to four days."""
        stages = self.story.rows("stage", complaint_id=self.story.case(reference)["id"])
        known = [
            (fact, row[column])
            for row in sorted(stages, key=lambda row: int(row["number"]))
            for column, fact in CORRECTED[row["number"]].items()
            if row[column] is not None
        ]
        fact, day = self.dice.choice(known)
        new = day + timedelta(days=self.dice.choice((-4, -2, -1, 1, 2, 4)))
        return {"fact": fact, "new_value": new.isoformat(), "good_reason": WHY}

    def _existing(self, kind: type[CaseCommand], reference: str) -> dict[str, Any] | None:
        """What a step about something that is there already is about: {} when nothing is, None for any other step."""
        case_id, today, dice = self.story.case(reference)["id"], self.today, self.dice
        if kind in _REVIEWED:
            table = _REVIEWED[kind]
            found = [row["id"] for row in self.story.rows(table, complaint_id=case_id) if row["ended_on"] is None]
            if not found:
                return {}
            own = {f"{table}_id": dice.choice(found)}
            if kind in (EndAdjustment, LiftRestriction):
                return own | {"ended_on": today, "why": "As they ask."}
            return own | {"reviewed_on": today, "found": "Fits.", "review_on": today + timedelta(days=30)}
        if kind in (CompleteRemedy, DeclareUndeliverable):
            rows = self.story.rows("remedy", complaint_id=case_id)
            found = [row["id"] for row in rows if row["done_on"] is None and row["undeliverable_on"] is None]
            return self._of_remedy(kind, dice.choice(found)) if found else {}
        if kind in (RecordInformation, WithdrawInformationRequest):
            rows = self.story.rows("information_request", complaint_id=case_id)
            found = [row["id"] for row in rows if row["answered_on"] is None and row["withdrawn_on"] is None]
            if not found:
                return {}
            own = {"request_id": dice.choice(found)}
            if kind is WithdrawInformationRequest:
                return own | {"why": "The log says it."}
            return own | {"answered_on": today, "reached_by": ReachedBy.PHONE, "answer": "At ten past seven."}
        return None

    def _of_remedy(self, kind: type[CaseCommand], remedy_id: int) -> dict[str, Any]:
        if kind is CompleteRemedy:
            return {"remedy_id": remedy_id, "done_on": self.today, "evidence": "Their reply.", "good_reason": WHY}
        later = self.today + timedelta(days=30)
        return {
            "remedy_id": remedy_id, "told_on": self.today, "reasons": "The officer has left.", "kind": "apology",
            "alternative": "The chief executive says sorry.", "signatory": "chief_executive", "due_on": later,
        }  # fmt: skip

    def take(self, desk: Desk, command: Command) -> Told:
        """Carry a step out, with a reason where one is asked for and somebody has one."""
        told = Told(type(command).__name__, desk.actor.id)
        self.counts["commands"] += 1
        try:
            told.done = desk.do(command)
        except ReasonNeeded as asked:
            self.counts["reasons_asked"] += 1
            if self.dice.random() < 0.2:
                told.refusal = asked
                return told
            try:
                told.done = desk.do(command.model_copy(update={"good_reason": WHY}))
            except ComplaintsError as refusal:
                told.refusal = refusal
        except ComplaintsError as refusal:
            told.refusal = refusal
        return told

    # --------------------------------------------------------------------------------------------------------- letters

    def write_to_them(self, reference: str) -> None:
        """Somebody gives the acknowledgement to go by e-mail; it is on record once the mail server has it."""
        if not self._seat():
            return
        desk = self.story.desks.handler
        letter_id = self.story.draft(reference, LetterKind.ACKNOWLEDGEMENT)
        parts = tuple(
            {"content": part.content, "text": f"Written: {part.title}."}
            for part in desk.ask(letter_view, letter_id).parts
        )
        desk.do(WriteLetter(reference=reference, letter_id=letter_id, addressee="Sam Sample", parts=parts))
        step = Acknowledge(
            reference=reference, letter_id=letter_id, acknowledged_on=self.today, understanding="Bins", good_reason=WHY
        )
        queue_letter(desk, step)
        self.counts["letters_queued"] += 1

    def deliver(self, *, working: bool | None = None) -> None:
        """The outbox is looked at; the mail server takes what comes, or says to come again."""
        works = self.dice.random() < 0.5 if working is None else working
        self.box.says = {} if works else {"": "451 Come again later"}
        done = send_due(self.office)
        self.counts["letters_put_off"] += done.put_off
        self.counts["letters_sent"] += done.sent
        self.counts["letters_failed"] += done.failed
        self.counts["letters_unrecorded"] += done.unrecorded
