"""Complaints arranged through commands alone, so that no test can set up what the product cannot reach.

The course everything follows unless a test says otherwise: received on Monday 7 September 2026, each step in time.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Protocol

import sqlalchemy as sa
from sqlmodel import SQLModel

from core.commands.adjusting import (
    AgreeAdjustment,
    EndAdjustment,
    FlagRisk,
    KeepPreference,
    LiftRisk,
    ReviewAdjustment,
)
from core.commands.assessing import AssessComplaint
from core.commands.authority import Agreement, AnswerAgreement, AskAgreement, SetAuthority
from core.commands.base import CaseCommand
from core.commands.bounces import CloseBounce, RecordBounce
from core.commands.confidence import KeepConfidential, LiftConfidence
from core.commands.considering import AskClarification, RecordClarification, RecordMeeting, RecordPosition
from core.commands.correcting import CorrectFact, Fact
from core.commands.corresponding import AgreeUpdates, AnswerContact, RecordContact
from core.commands.ending import Reopen, Withdraw
from core.commands.fairness import DeclareConflict, NameOfficers
from core.commands.holding import LiftHold, PlaceHold, RetainLonger, ReviewHold
from core.commands.improving import ProposeImprovement
from core.commands.information import (
    AskForInformation,
    ChaseInformation,
    EscalateInformation,
    RecordInformation,
    WithdrawInformationRequest,
)
from core.commands.learning import RecordLearning
from core.commands.letters import DropLetter, LetterKind, PrepareLetter, WriteLetter
from core.commands.letters_going_out import SendLetter
from core.commands.monitoring import KeepMonitoring
from core.commands.offering import OfferRemedy
from core.commands.outbox import QueueLetter, RetryLetter, WithdrawLetter
from core.commands.people import AddRepresentative, ChooseCorrespondent, RecordAuthority, RemoveParty
from core.commands.recording import AddNote, AddPoint, RecordComplaint
from core.commands.refusing import RefuseComplaint
from core.commands.remedies import Agreeing, AgreeRemedy, CompleteRemedy, ReassignRemedy, RecordPayment
from core.commands.restricting import LiftRestriction, RestrictContact, ReviewRestriction
from core.commands.routing import RecordRouteStep, RerouteComplaint, RouteElsewhere
from core.commands.splitting import SplitPoint
from core.commands.stage_one import Acknowledge, Assign, Extend, PointAnswer, RespondStageOne
from core.commands.stage_two import AcknowledgeStageTwo, AssignStageTwo, OpenStageTwo, RefuseEscalation, RespondFinal
from core.commands.survey import OfferSurvey, RecordSurveyAnswer
from core.commands.triage import Decision, TriageComplaint
from core.commands.undeliverable import DeclareUndeliverable
from core.commands.weighing import NoteEvidence, WeighEvidence
from core.desk import Desk, Done, Office
from core.model.complaints import Channel
from core.model.outbox import MailChannel
from core.permissions import Role
from core.rules.considering import Complexity, HandlerFit, ReachedBy, Weighed
from core.rules.contacts import Direction, WithWhom
from core.rules.facts import Outcome
from core.rules.monitoring import MonitoringReply
from core.rules.parties import AuthorityKind, ConflictKind, PartyRole
from core.rules.s9_oversight import Learned, Risk
from core.rules.steps import Position
from core.rules.survey import SurveyWay
from core.store import ledger

RECEIVED = date(2026, 9, 7)
ACKNOWLEDGED = date(2026, 9, 14)
ANSWER_DUE = date(2026, 9, 28)
EXTENDED_TO = date(2026, 10, 6)
EXTENSION_LIMIT = date(2026, 10, 12)
ANSWERED = date(2026, 9, 24)
REFUSED = date(2026, 9, 28)
REQUESTED = date(2026, 9, 28)
ACKNOWLEDGED_TWO = date(2026, 10, 5)
FINAL_DUE = date(2026, 11, 2)
EXTENDED_TWO_TO = date(2026, 11, 10)
FINAL_LIMIT = date(2026, 11, 30)
FINAL = date(2026, 10, 26)
REOPENED = date(2026, 10, 28)
REFUSING = {
    "reasons": "The matter is before a court.",
    "circumstances": "The individual has a solicitor and a hearing date.",
    "evidence": "The claim form, filed in August.",
    "ombudsman_told": True,
}
LEARNING = {"learned": Learned.NOTHING, "lesson": "One crew was away on one day; nothing else hangs on it."}
THE_OMBUDSMAN = "The Local Government and Social Care Ombudsman, 0300 061 0614"

Row = Mapping[str, Any]
Dump = dict[str, list[tuple[Any, ...]]]
"""Each table's rows, by its name."""


class Clock(Protocol):
    """A clock that can be set."""

    now: datetime


class ADeskEach(Protocol):
    """The desks a story is told from."""

    recorder: Desk
    handler: Desk
    other_handler: Desk
    reviewer: Desk
    other_reviewer: Desk
    manager: Desk
    quality: Desk
    system: Desk


def day(text: str) -> date:
    """A date from its ISO form."""
    return date.fromisoformat(text)


def answers(*numbers: int, outcome: Outcome = Outcome.UPHELD) -> tuple[PointAnswer, ...]:
    """A finding with reasons for each point."""
    return tuple(PointAnswer(number=number, outcome=outcome, reasons="We missed it.") for number in numbers or (1,))


SEVEN_PARTS = {
    "understanding": "Bins in Sample Close were missed four times.",
    "efforts_to_understand": "Rang the individual twice.",
    "decision": "We uphold the complaint.",
    "reasons": "The round was cut short four times.",
    "remedy": "An apology and a new round.",
    "outstanding_actions": "None",
    "ombudsman": THE_OMBUDSMAN,
}


@dataclass
class Story:
    """Takes complaints from step to step. Every step sets the clock to its own day."""

    office: Office
    clock: Clock
    desks: ADeskEach

    def on(self, today: date, *, hour: int = 10) -> Story:
        """Make it this day."""
        self.clock.now = datetime(today.year, today.month, today.day, hour, tzinfo=UTC)
        return self

    # ------------------------------------------------------------------------------------------------------ steps

    def record(self, received_on: date = RECEIVED, *, today: date | None = None, **fields: Any) -> str:
        """A complaint is taken in; its reference."""
        self.on(today or received_on)
        given: dict[str, Any] = {
            "individual": "Sam Sample",
            "contact_email": "sam@sample.example",
            "words": "The bins in our close were missed four times this summer.",
            "matter": "Missed bin collections",
            "received_on": received_on,
            "channel": Channel.PHONE,
        }
        reference = self.desks.recorder.do(RecordComplaint(**(given | fields))).reference
        assert reference is not None
        return reference

    def acknowledge(self, reference: str, on: date = ACKNOWLEDGED, **fields: Any) -> Done:
        """Stage 1 is acknowledged."""
        given = {"acknowledged_on": on, "understanding": "Missed bins", "outcomes_sought": "A regular round"}
        done = self.on(on).desks.handler.do(Acknowledge(reference=reference, **(given | fields)))
        self.hear(reference, self.desks.handler)
        return done

    def free(self, reference: str, by: Desk) -> None:
        """A colleague declares no conflict of interest, unless they have declared already; the console has none."""
        known = {"complaint_id": self.case(reference)["id"], "colleague_id": by.actor.id}
        if by.actor.id and not self.rows("conflict", **known):
            by.do(DeclareConflict(reference=reference, kind=ConflictKind.NONE))

    def hear(self, reference: str, by: Desk) -> None:
        """Whoever considers the complaint declares that they are free to, and the individual is heard."""
        self.free(reference, by)
        by.do(RecordPosition(reference=reference, **self._fields(RecordPosition, reference)))

    def assign(self, reference: str, to: Desk | None = None, **fields: Any) -> Done:
        """Stage 1 is given to a handler."""
        chosen = (to or self.desks.handler).actor.id
        return self.desks.manager.do(Assign(reference=reference, colleague_id=chosen, **fields))

    def extend(self, reference: str, to: date = EXTENDED_TO, told: date = ANSWERED, **fields: Any) -> Done:
        """The stage gets more time and the individual is told."""
        given = {"new_date": to, "told_on": told, "reason": "A crew is away.", "ombudsman_told": True}
        return self.on(told).desks.handler.do(Extend(reference=reference, **(given | fields)))

    def respond(self, reference: str, on: date = ANSWERED, **fields: Any) -> Done:
        """Stage 1 is answered by the handler."""
        given = {"sent_on": on, "answers": answers(), "remedy": "An apology", "escalation_told": True, **LEARNING}
        return self.on(on).desks.handler.do(RespondStageOne(reference=reference, **(given | fields)))

    def open_two(self, reference: str, on: date = REQUESTED, **fields: Any) -> Done:
        """The individual asks for stage 2."""
        given = {"requested_on": on, "channel": Channel.EMAIL}
        return self.on(on).desks.handler.do(OpenStageTwo(reference=reference, **(given | fields)))

    def acknowledge_two(self, reference: str, on: date = ACKNOWLEDGED_TWO, **fields: Any) -> Done:
        """Stage 2 is acknowledged."""
        given = {"acknowledged_on": on, "understanding": "Still missed", "outcomes_sought": "A plan"}
        done = self.on(on).desks.handler.do(AcknowledgeStageTwo(reference=reference, **(given | fields)))
        self.hear(reference, self.desks.reviewer)
        return done

    def assign_two(self, reference: str, to: Desk | None = None, **fields: Any) -> Done:
        """Stage 2 is given to a reviewer."""
        chosen = (to or self.desks.reviewer).actor.id
        return self.desks.manager.do(AssignStageTwo(reference=reference, colleague_id=chosen, **fields))

    def respond_final(self, reference: str, on: date = FINAL, **fields: Any) -> Done:
        """The final response is sent by the reviewer."""
        given = {"sent_on": on, "answers": answers(), **SEVEN_PARTS, **LEARNING}
        return self.on(on).desks.reviewer.do(RespondFinal(reference=reference, **(given | fields)))

    def refuse(self, reference: str, on: date = REFUSED, **fields: Any) -> Done:
        """Stage 2 is refused, with everything a refusal owes."""
        given = {"requested_on": on, "told_on": on, **REFUSING, **self.reason("court_begun")}
        return self.on(on).desks.reviewer.do(RefuseEscalation(reference=reference, **(given | fields)))

    def turn_away(self, reference: str, on: date = RECEIVED, reason: str = "court_begun", **fields: Any) -> Done:
        """The complaint is refused at its start, with everything a refusal owes."""
        given = {"told_on": on, **REFUSING, **self.reason(reason)}
        return self.on(on).desks.reviewer.do(RefuseComplaint(reference=reference, **(given | fields)))

    def reason(self, key: str) -> dict[str, Any]:
        """A reason of the council's list, as a refusal names it."""
        return {"reason_id": max(row["id"] for row in self.rows("refusal_reason", key=key))}

    def cause(self, key: str) -> dict[str, Any]:
        """A cause of the council's list, as a decision names it."""
        return {"cause_id": max(row["id"] for row in self.rows("cause", key=key))}

    def teaches(self, key: str = "delay", lesson: str = "The round is too long for one crew.") -> dict[str, Any]:
        """That something can be learned, as an answer says it."""
        return {"learned": Learned.SOMETHING, "lesson": lesson, **self.cause(key)}

    def improvement(self, *references: str, by: Desk | None = None, **fields: Any) -> int:
        """An improvement is planned today for what these complaints taught; its number."""
        given = {
            "what": "Split the round in two.", "owner_id": self.desks.manager.actor.id, "risk": Risk.MEDIUM,
            "due_on": self.clock.now.date() + timedelta(weeks=8), "behind": ", ".join(references),
        }  # fmt: skip
        done = (by or self.desks.handler).do(ProposeImprovement(**(given | fields)))
        return int(getattr(done.events[0], "number"))  # noqa: B009 - only this event has one

    def split(self, reference: str, on: date = ACKNOWLEDGED, **fields: Any) -> str:
        """A point about something else becomes a complaint of its own; its reference."""
        given = {
            "text": "And the street light is out.", "matter": "Street light out", "raised_on": on,
            "channel": Channel.PHONE,
        }  # fmt: skip
        done = self.on(on).desks.handler.do(SplitPoint(reference=reference, **(given | fields)))
        return str(done.events[0].becomes)  # type: ignore[attr-defined]

    def route(self, reference: str, to: str = "adult_statutory", on: date = ACKNOWLEDGED, **fields: Any) -> Done:
        """The complaint, or some of its points, goes by another route, and the individual is told."""
        given = {
            "route": to, "told_on": on, "why": "The law has its own way for this.",
            "told": "Which way it goes, and who has it.", "taken_by": "The care complaints team", "link": "ASC-12",
        }  # fmt: skip
        return self.on(on).desks.handler.do(RouteElsewhere(reference=reference, **(given | fields)))

    def route_step(self, reference: str, step: str, on: date, **fields: Any) -> Done:
        """Something happens on its route."""
        return self.on(on).desks.handler.do(RecordRouteStep(reference=reference, step=step, on=on, **fields))

    def reroute(self, reference: str, to: str = "lgsco", on: date = ANSWERED, **fields: Any) -> Done:
        """The complaint leaves its route."""
        given = {"route": to, "told_on": on, "why": "It is about the bins after all.", "told": "It comes back to us."}
        return self.on(on).desks.handler.do(RerouteComplaint(reference=reference, **(given | fields)))

    def withdraw(self, reference: str, on: date = RECEIVED, **fields: Any) -> Done:
        """The individual withdraws."""
        given = {"withdrawn_on": on, "how": "By phone: it is settled."}
        return self.on(on).desks.handler.do(Withdraw(reference=reference, **(given | fields)))

    def reopen(self, reference: str, on: date = REOPENED, **fields: Any) -> Done:
        """The complaint is taken up again."""
        given = {"reopened_on": on, "why": "A photograph came to light."}
        return self.on(on).desks.handler.do(Reopen(reference=reference, **(given | fields)))

    def keep_confidential(self, reference: str, *named: Desk, by: Desk | None = None) -> Done:
        """The complaint is kept for the people named; the reviewer decides so unless somebody else does."""
        ids = tuple(desk.actor.id for desk in named)
        command = KeepConfidential(reference=reference, named=ids, reason="The individual's neighbour works here.")
        return (by or self.desks.reviewer).do(command)

    def lift(self, reference: str, *, by: Desk | None = None) -> Done:
        """The complaint is shown to everybody again."""
        return (by or self.desks.reviewer).do(LiftConfidence(reference=reference, reason="The neighbour has left."))

    def represent(self, reference: str, *, authority: bool = False, **fields: Any) -> int:
        """Somebody acts for the individual and gets the letters; their number. With authority, it stands today."""
        given = {"name": "Rowan Representative", "role": PartyRole.REPRESENTATIVE, "written_to": True}
        self.desks.handler.do(AddRepresentative(reference=reference, **(given | fields)))
        party_id = int(max(row["id"] for row in self.rows("party")))
        if authority:
            self.authorise(reference, party_id)
        return party_id

    def authorise(self, reference: str, party_id: int, **fields: Any) -> Done:
        """What lets them act is recorded."""
        given = {"party_id": party_id, "authority": AuthorityKind.CONSENT, "recorded_on": self.clock.now.date()}
        return self.desks.handler.do(RecordAuthority(reference=reference, **(given | fields)))

    def adjust(self, reference: str, **fields: Any) -> int:
        """An adjustment is agreed today, to be reviewed in two weeks; its number."""
        today = self.clock.now.date()
        given = {"what": "Letters in large print", "starts_on": today, "review_on": today + timedelta(weeks=2)}
        self.desks.handler.do(AgreeAdjustment(reference=reference, **(given | fields)))
        return int(max(row["id"] for row in self.rows("adjustment")))

    def restrict(self, reference: str, **fields: Any) -> int:
        """Contact is restricted today by the manager, to be reviewed in two weeks; its number."""
        today = self.clock.now.date()
        given = {
            "what": "Letters only, no calls.",
            "evidence": "Forty calls in a week, logged by the contact centre.",
            "lesser_measures": "One named colleague, from August; the calls went on.",
            "equality": "No disability is known; the tone of letters was checked.",
            "way_to_complain": "By letter or by the web form.",
            "challenge_told": True,
            "starts_on": today,
            "review_on": today + timedelta(weeks=2),
        }
        self.desks.manager.do(RestrictContact(reference=reference, **(given | fields)))
        return int(max(row["id"] for row in self.rows("restriction")))

    def draft(self, reference: str, kind: LetterKind = LetterKind.UPDATE, **fields: Any) -> int:
        """A letter is begun; its number."""
        done = self.desks.handler.do(PrepareLetter(reference=reference, kind=kind, **fields))
        return int(getattr(done.events[0], "letter_id"))  # noqa: B009 - only this event has one

    def ask(self, reference: str, **fields: Any) -> int:
        """The individual is asked about something unclear; the question's number."""
        given = self._fields(AskClarification, reference)
        self.desks.handler.do(AskClarification(reference=reference, **(given | fields)))
        return int(max(row["id"] for row in self.rows("clarification")))

    def message(self, reference: str, **fields: Any) -> int:
        """The individual leaves a message that waits for our reply; its number."""
        given = self._fields(RecordContact, reference)
        self.desks.handler.do(RecordContact(reference=reference, **(given | fields)))
        return int(max(row["id"] for row in self.rows("contact")))

    def tell(self, reference: str, **fields: Any) -> int:
        """We ring the individual; the contact's number."""
        given = {"direction": Direction.OUT, "what": "Told them how it goes.", "waits": False}
        return self.message(reference, **(given | fields))

    def offer(self, reference: str, **fields: Any) -> int:
        """A remedy is offered today, to be done in four weeks; its number among all remedies."""
        given = self._fields(OfferRemedy, reference)
        self.desks.handler.do(OfferRemedy(reference=reference, **(given | fields)))
        return int(max(row["id"] for row in self.rows("remedy")))

    def offer_money(self, reference: str, pounds: str = "150", **fields: Any) -> int:
        """Money is offered for time and trouble; its number among all remedies."""
        given = {"kind": "money", "sub_kind": "time_and_trouble", "signatory": None, "pounds": pounds}
        return self.offer(reference, **(given | fields))

    def limit(self, pounds: str, **whose: Any) -> Done:
        """The manager limits what a role or a colleague offers by themselves, from today on."""
        given = {"in_force_from": self.clock.now.date(), "why": "Scheme of delegation, line 4"}
        return self.desks.manager.do(SetAuthority(pounds=pounds, **(given | whose)))

    def sum_asked(self, reference: str, pounds: str = "500", limit: str = "200") -> int:
        """The handler, whose role is limited, asks for agreement unless that waits already; the number of it."""
        waits = self.rows("sum_asked", complaint_id=self.case(reference)["id"], agreed=None)
        if waits:
            return int(waits[0]["id"])
        self.limit(limit, role=Role.HANDLER)
        self.desks.handler.do(AskAgreement(reference=reference, pounds=pounds, why="Two winters."))
        return int(max(row["id"] for row in self.rows("sum_asked")))

    def _limited(self, by: Desk) -> dict[str, Any]:
        self.limit("200", colleague_id=by.actor.id)
        return {}

    def complete(self, reference: str, remedy: int, on: date | None = None, **fields: Any) -> Done:
        """A remedy is done, today or on the day given."""
        today = self.clock.now.date() if on is None else on
        given = {"remedy_id": remedy, "done_on": today, "evidence": "Their reply by e-mail."}
        return self.on(today).desks.handler.do(CompleteRemedy(reference=reference, **(given | fields)))

    def question(self, reference: str, **fields: Any) -> int:
        """A contractor is asked something; the question's number."""
        given = self._fields(AskForInformation, reference)
        self.desks.handler.do(AskForInformation(reference=reference, **(given | fields)))
        return int(max(row["id"] for row in self.rows("information_request")))

    def note_evidence(self, reference: str, **fields: Any) -> int:
        """Evidence without a file is written down; its number."""
        given = self._fields(NoteEvidence, reference)
        self.desks.handler.do(NoteEvidence(reference=reference, **(given | fields)))
        return int(max(row["id"] for row in self.rows("evidence_item")))

    def queued(self, reference: str) -> int:
        """A letter was given to go by e-mail; its number."""
        given = self._by_mail(reference)
        self.desks.handler.do(QueueLetter(reference=reference, **given))
        return int(given["letter_id"])

    def _by_mail(self, reference: str) -> dict[str, Any]:
        letter_id, today = self.draft(reference), self.clock.now.date()
        step = SendLetter(reference=reference, letter_id=letter_id, sent_on=today, good_reason="They know the rest.")
        return {
            "letter_id": letter_id, "channel": MailChannel.SMTP, "address": "sam@sample.example",
            "subject": f"Your complaint {reference}", "message_id": f"letter-{letter_id}@sample.example",
            "step": "SendLetter", "step_values": step.model_dump_json(), "dated_on": today,
            "pdf_sha256": "a" * 64, "word_sha256": "b" * 64,
        }  # fmt: skip

    def sent_letter(self, reference: str) -> int:
        """A letter is recorded as sent today; its number."""
        letter_id, today = self.draft(reference), self.clock.now.date()
        given = {"letter_id": letter_id, "sent_on": today, "good_reason": "They know the rest."}
        self.desks.handler.do(SendLetter(reference=reference, **given))
        return letter_id

    def returned(self, reference: str) -> int:
        """A letter went out and came back; its number."""
        letter_id, today = self.sent_letter(reference), self.clock.now.date()
        self.desks.handler.do(RecordBounce(reference=reference, letter_id=letter_id, came_back_on=today))
        return letter_id

    def correct(self, reference: str, fact: Fact, to: str, **fields: Any) -> Done:
        """A recorded fact is put right."""
        given = {"fact": fact, "new_value": to, "why": "The letter says so."}
        return self.desks.manager.do(CorrectFact(reference=reference, **(given | fields)))

    # -------------------------------------------------------------------------------------------------- positions

    def acknowledged(self) -> str:
        """A complaint whose stage 1 is being considered."""
        reference = self.record()
        self.acknowledge(reference)
        return reference

    def answered(self) -> str:
        """A complaint whose stage 1 is answered."""
        reference = self.acknowledged()
        self.assign(reference)
        self.respond(reference)
        return reference

    def at_stage_two(self) -> str:
        """A complaint whose stage 2 was asked for."""
        reference = self.answered()
        self.open_two(reference)
        return reference

    def considered_at_stage_two(self) -> str:
        """A complaint whose stage 2 is acknowledged and has someone new."""
        reference = self.at_stage_two()
        self.acknowledge_two(reference)
        self.assign_two(reference)
        return reference

    def finished(self) -> str:
        """A complaint with its final response."""
        reference = self.considered_at_stage_two()
        self.respond_final(reference)
        return reference

    def reach(self, position: Position) -> str:
        """A complaint at a position, by its shortest way there; the clock stands at the day of its last step."""
        reference = self._ways[position]()
        assert self.case(reference)["position"] == position.value
        return reference

    @property
    def _ways(self) -> Mapping[Position, Callable[[], str]]:
        then = self._then
        p = Position
        return {
            p.ONE_AWAITING_ACKNOWLEDGEMENT: self.record,
            p.ONE_CONSIDERED: self.acknowledged,
            p.ONE_EXTENDED: lambda: then(self.acknowledged(), self.extend),
            p.ONE_ANSWERED: self.answered,
            p.ONE_REOPENED: lambda: then(self.answered(), self.reopen),
            p.TWO_AWAITING_ACKNOWLEDGEMENT: self.at_stage_two,
            p.TWO_CONSIDERED: self.considered_at_stage_two,
            p.TWO_EXTENDED: lambda: then(self.considered_at_stage_two(), self._extend_two),
            p.TWO_ANSWERED: self.finished,
            p.TWO_REOPENED: lambda: then(self.finished(), self.reopen),
            p.WITHDRAWN: lambda: then(self.acknowledged(), self.withdraw, on=ACKNOWLEDGED),
            p.ESCALATION_REFUSED: lambda: then(self.answered(), self.refuse),
            p.REFUSED: lambda: then(self.record(), self.turn_away),
            p.ROUTED: lambda: then(self.acknowledged(), self.route),
        }

    @staticmethod
    def _then(reference: str, step: Callable[..., Done], **fields: Any) -> str:
        step(reference, **fields)
        return reference

    def _extend_two(self, reference: str) -> Done:
        return self.extend(reference, to=EXTENDED_TWO_TO, told=FINAL)

    # -------------------------------------------------------------------------------------------------- all commands

    def ready(self, kind: type[CaseCommand], reference: str) -> CaseCommand:
        """A command of this kind that this complaint permits today, if its position permits the kind at all.

        What is to be lifted, reviewed or removed is set first.
        """
        if kind is LiftConfidence:
            self.keep_confidential(reference)
        return kind(reference=reference, **self._fields(kind, reference))

    def _fields(self, kind: type[CaseCommand], reference: str) -> dict[str, Any]:
        today = self.clock.now.date()
        later = today + timedelta(weeks=4)
        given: dict[type[CaseCommand], Callable[[], dict[str, Any]]] = {
            Acknowledge: lambda: {"acknowledged_on": today, "understanding": "Missed bins"},
            Assign: lambda: {"colleague_id": self.desks.other_handler.actor.id},
            Extend: lambda: {
                "new_date": self._next_working(self.case(reference)["act_by"] or today),
                "told_on": today, "reason": "A crew is away.", "ombudsman_told": True,
            },
            RespondStageOne: lambda: {
                "sent_on": today, "answers": answers(*self.points(reference)), "escalation_told": True,
                **LEARNING,
                "good_reason": "The individual was away all the time.",
            },
            AddPoint: lambda: {"text": "The food bin too", "raised_on": today, **self._ninth(reference)},
            AddNote: lambda: {"text": "Rang the depot."},
            PlaceHold: lambda: {"reason": "A court case is under way.", "review_on": later},
            ReviewHold: lambda: {"found": "The court still needs it.", "review_on": self._held(reference)},
            LiftHold: lambda: {"reason": "The case is over.", **self._on_hold(reference)},
            RetainLonger: lambda: {"reason": "An audit is planned.", "until": later},
            RecordLearning: lambda: {
                "learned": Learned.SOMETHING, "lesson": "The round is too long.", **self.cause("delay"),
            },
            OpenStageTwo: lambda: {
                "requested_on": today, "channel": Channel.EMAIL, "good_reason": "They asked for it at once.",
            },
            AcknowledgeStageTwo: lambda: {
                "acknowledged_on": today, "understanding": "Still missed", "outcomes_sought": "A plan",
            },
            AssignStageTwo: lambda: {"colleague_id": self.desks.other_reviewer.actor.id},
            RespondFinal: lambda: {
                "sent_on": today, "answers": answers(*self.points(reference)), **SEVEN_PARTS, **LEARNING,
                "good_reason": "The individual was away all the time.",
            },
            RefuseEscalation: lambda: {
                "requested_on": today, "told_on": today, **REFUSING, **self.reason("court_begun"),
            },
            TriageComplaint: lambda: {"decision": Decision.COMPLAINT, "why": "They are unhappy with the rounds."},
            RefuseComplaint: lambda: {"told_on": today, **REFUSING, **self.reason("court_begun")},
            SplitPoint: lambda: {
                "text": "The street light is out", "matter": "Street light", "raised_on": today,
                "channel": Channel.PHONE,
            },
            RouteElsewhere: lambda: {
                "route": "adult_statutory", "told_on": today, "why": "The law has its own way.", "told": "All of it.",
                "taken_by": "The care complaints team", "points": self._some_points(reference),
            },
            RecordRouteStep: lambda: {"step": "acknowledged", "on": today},
            RerouteComplaint: lambda: {
                "route": "lgsco", "told_on": today, "why": "It is ours after all.", "told": "It comes back.",
            },
            Withdraw: lambda: {"withdrawn_on": today, "how": "By phone"},
            Reopen: lambda: {"reopened_on": today, "why": "A photograph came to light."},
            KeepConfidential: lambda: {"named": (self.desks.quality.actor.id,), "reason": "A neighbour works here."},
            LiftConfidence: lambda: {"reason": "The neighbour has left."},
            AddRepresentative: lambda: {
                "name": "Rowan Representative", "role": PartyRole.PROFESSIONAL, "written_to": True,
            },
            RecordAuthority: lambda: {
                "party_id": self.represent(reference), "authority": AuthorityKind.CONSENT, "recorded_on": today,
            },
            ChooseCorrespondent: lambda: {"correspond_with": self.represent(reference, written_to=False)},
            RemoveParty: lambda: {"party_id": self.represent(reference), "why": "They fell out."},
            AgreeAdjustment: lambda: {"what": "Large print", "starts_on": today, "review_on": later},
            ReviewAdjustment: lambda: {
                "adjustment_id": self.adjust(reference), "reviewed_on": today, "found": "Fits", "review_on": later,
            },
            EndAdjustment: lambda: {"adjustment_id": self.adjust(reference), "ended_on": today, "why": "As they ask."},
            KeepPreference: lambda: {"preference": "By text, in the evening"},
            FlagRisk: lambda: {"reason": "Lives alone, and is unwell."},
            LiftRisk: lambda: {"reason": "A carer has moved in."} | self._flagged(reference),
            NameOfficers: lambda: {"officers_named": (self._one_with_it(reference),)},
            DeclareConflict: lambda: {"kind": ConflictKind.PERCEIVED, "detail": "A neighbour of mine."},
            RestrictContact: lambda: {
                "what": "Letters only", "evidence": "Forty calls, logged", "lesser_measures": "One named colleague",
                "equality": "Nothing known", "way_to_complain": "By letter", "challenge_told": True,
                "starts_on": today, "review_on": later,
            },
            ReviewRestriction: lambda: {
                "restriction_id": self.restrict(reference), "reviewed_on": today, "found": "Still needed",
                "review_on": later,
            },
            LiftRestriction: lambda: {
                "restriction_id": self.restrict(reference), "ended_on": today, "why": "The calls have stopped.",
            },
            PrepareLetter: lambda: {"kind": LetterKind.UPDATE},
            WriteLetter: lambda: {
                "letter_id": self.draft(reference), "parts": ({"content": "progress", "text": "Looked at it."},),
            },
            SendLetter: lambda: {
                "letter_id": self.draft(reference), "sent_on": today, "good_reason": "They rang while it was written.",
            },
            DropLetter: lambda: {"letter_id": self.draft(reference)},
            RecordPosition: lambda: {
                "obtained_on": today, "reached_by": ReachedBy.PHONE, "said": "The crew came late and left early.",
            },
            AskClarification: lambda: {
                "question": "Which bin was it?", "asked_on": today, "reached_by": ReachedBy.EMAIL,
            },
            RecordClarification: lambda: {
                "clarification_id": self.ask(reference), "answered_on": today, "answer": "The brown one.",
            },
            RecordMeeting: lambda: {
                "held_on": today, "place": "The town hall", "attended": "Sam Sample, Hana Handler",
                "accompanied": "Fern Friend",
            },
            RecordContact: lambda: {
                "direction": Direction.IN, "with_whom": WithWhom.INDIVIDUAL, "reached_by": ReachedBy.PHONE,
                "on_day": today, "what": "Asked how it goes.", "waits": True,
            },
            AnswerContact: lambda: {
                "contact_id": self.message(reference), "reached_by": ReachedBy.PHONE, "answered_on": today,
                "what": "Told them it is with the depot.",
            },
            AgreeUpdates: lambda: {"every_weeks": 6, "with_whom": WithWhom.INDIVIDUAL, "agreed_on": today},
            OfferRemedy: lambda: {
                "kind": "apology", "signatory": "head", "what": "Say sorry in writing", "offered_on": today,
                "impact": "They carried their waste to the tip for a month.", "due_on": later,
                "owner_id": self.desks.handler.actor.id,
            },
            AskAgreement: lambda: {"pounds": "9,000", "why": "Two winters."} | self._limited(self.desks.reviewer),
            AnswerAgreement: lambda: {"asked_id": self.sum_asked(reference, "5,000", "4,000"), "answer": Agreement.YES},
            AgreeRemedy: lambda: {"remedy_id": self.offer(reference), "answer": Agreeing.YES, "agreed_on": today},
            RecordPayment: lambda: {"remedy_id": self.offer_money(reference), "pounds": "100", "paid_on": today},
            CompleteRemedy: lambda: {
                "remedy_id": self.offer(reference), "done_on": today, "evidence": "A copy of the letter.",
            },
            DeclareUndeliverable: lambda: {
                "remedy_id": self.offer(reference), "told_on": today, "reasons": "The officer has died.",
                "alternative": "The chief executive says sorry instead.", "kind": "apology",
                "signatory": "chief_executive", "due_on": later, "good_reason": "They were told in person.",
            },
            ReassignRemedy: lambda: {
                "remedy_id": self.offer(reference), "owner_id": self.desks.other_handler.actor.id,
            },
            AskForInformation: lambda: {
                "name": "Col Contractor", "organisation": "Example Waste Ltd", "what": "When did the crew come?",
            },
            ChaseInformation: lambda: {
                "request_id": self.question(reference), "reached_by": ReachedBy.PHONE, "note": "By Friday, they say.",
            },
            EscalateInformation: lambda: {
                "request_id": self.question(reference), "senior": "Head of Waste", "why": "No word in two weeks.",
            },
            RecordInformation: lambda: {
                "request_id": self.question(reference), "answered_on": today, "reached_by": ReachedBy.PHONE,
                "answer": "At ten past seven.",
            },
            WithdrawInformationRequest: lambda: {"request_id": self.question(reference), "why": "The log says it."},
            OfferSurvey: lambda: {"way": SurveyWay.LINK},
            RecordSurveyAnswer: lambda: {
                "way": SurveyWay.PHONE, "easy": "agree", "handling": "satisfied", "comment": "Long, but fair.",
            },
            NoteEvidence: lambda: {"what": "What the crew said by phone", "source": "The depot"},
            WeighEvidence: lambda: {
                "items": (self.note_evidence(reference),), "considered": Weighed.YES, "weight": "It fits the log.",
            },
            AssessComplaint: lambda: {
                "complexity": Complexity.LOW, "handler_fit": HandlerFit.RIGHT, "quick": True, "vulnerable": True,
                "why": "Lives alone, and is unwell.",
            },
            QueueLetter: lambda: self._by_mail(reference),
            WithdrawLetter: lambda: {"letter_id": self.queued(reference)},
            RetryLetter: lambda: {"letter_id": self.queued(reference)},
            RecordBounce: lambda: {"letter_id": self.sent_letter(reference), "came_back_on": today},
            CloseBounce: lambda: {"letter_id": self.returned(reference), "what_was_done": "Rang them, and posted it."},
            KeepMonitoring: lambda: {"reply": MonitoringReply.ANSWERED, "age": "from_55", "sex": "no_answer"},
            CorrectFact: lambda: {"fact": Fact.MATTER, "new_value": "Bins missed four times", "why": "As they said."},
        }  # fmt: skip
        return given[kind]()

    def hold(self, reference: str, **fields: Any) -> Done:
        """The record is put on hold."""
        given = {"reason": "A court case is under way.", "review_on": self.clock.now.date() + timedelta(weeks=4)}
        return self.desks.manager.do(PlaceHold(reference=reference, **(given | fields)))

    def _held(self, reference: str) -> date:
        self._on_hold(reference)
        return self.clock.now.date() + timedelta(weeks=8)

    def _on_hold(self, reference: str) -> dict[str, Any]:
        """Nothing to fill in: the record is on hold, put there unless it was already."""
        held = self.rows("legal_hold", complaint_id=self.case(reference)["id"], reviewed_on=None, lifted_on=None)
        if not held:
            self.hold(reference)
        return {}

    def _some_points(self, reference: str) -> tuple[int, ...]:
        """All of its points but the first, or the whole complaint where there is one alone."""
        return tuple(self.points(reference)[1:])

    def _flagged(self, reference: str) -> dict[str, Any]:
        self.desks.handler.do(FlagRisk(reference=reference, reason="Lives alone."))
        return {}

    def _one_with_it(self, reference: str) -> int:
        """Whoever has the complaint's stage, or the quality reviewer while nobody has."""
        case = self.case(reference)
        handler_id = self.stage(reference, case["stage_number"])["handler_id"]
        return int(handler_id or self.desks.quality.actor.id)

    def _ninth(self, reference: str) -> dict[str, Any]:
        answered = self.case(reference)["position"] == Position.ONE_REOPENED.value
        return {"good_reason": "It is the same missed round."} if answered else {}

    def _next_working(self, after: date) -> date:
        with self.office.database.reading() as connection:
            return self.office.calendars(connection).of(False).after(after, 1)

    # ------------------------------------------------------------------------------------------------- looking at it

    def case(self, reference: str) -> Row:
        """The complaint's row."""
        (row,) = self.rows("complaint", reference=reference)
        return row

    def stage(self, reference: str, number: int) -> Row:
        """One of its stages."""
        (row,) = self.rows("stage", complaint_id=self.case(reference)["id"], number=number)
        return row

    def duties(self, reference: str) -> dict[str, Row]:
        """Its stored duties by kind."""
        return {row["kind"]: row for row in self.rows("duty", complaint_id=self.case(reference)["id"])}

    def points(self, reference: str) -> list[int]:
        """The numbers of its points."""
        return sorted(row["number"] for row in self.rows("point", complaint_id=self.case(reference)["id"]))

    def tags(self, reference: str | None = None) -> list[str]:
        """The tags of its history, or of the whole ledger, in order."""
        chosen = {"complaint_id": self.case(reference)["id"]} if reference else {}
        return [row["tag"] for row in sorted(self.rows("ledger_entry", **chosen), key=lambda row: row["n"])]

    def departures(self, reference: str) -> list[tuple[str, str]]:
        """The clauses it departed from, with the reasons recorded."""
        found = self.rows("departure", complaint_id=self.case(reference)["id"])
        return [(row["clause"], row["reason"]) for row in found]

    def rows(self, table: str, **equal: Any) -> Sequence[Row]:
        """Rows of a table, as the database holds them."""
        columns = SQLModel.metadata.tables[table].c
        statement = sa.select(*columns).where(*(columns[name] == value for name, value in equal.items()))
        with self.office.database.reading() as connection:
            return [dict(row) for row in connection.execute(statement).mappings()]

    def verified(self) -> int:
        """Prove the ledger; the number of its entries."""
        with self.office.database.reading() as connection:
            return ledger.verify(connection, key=self.office.key)


COMMITTED = """
    SELECT CAST(pg_snapshot_xmin(now) AS text), EXISTS (
        SELECT 1 FROM generate_series(CAST(:since AS bigint), CAST(CAST(pg_snapshot_xmax(now) AS text) AS bigint) - 1) n
        WHERE pg_xact_status(CAST(CAST(n AS text) AS xid8)) <> 'aborted'
    ) FROM pg_current_snapshot() AS now
"""
"""Where to look from the next time, and whether PostgreSQL numbered a transaction since then that was not undone.

Whatever changes a row has a number.
"""


@contextlib.contextmanager
def watched(office: Office) -> Iterator[Callable[[], bool]]:
    """Tells, as often as it is asked, whether everything that is stored is as it was when the watch began.

    Both databases know whether anything was committed since they were asked last; only if so everything is compared.
    """
    with _sqlite_commits(office) if office.database.is_sqlite else _postgres_commits(office) as committed:
        before, same = stored(office), True

        def unchanged() -> bool:
            nonlocal same
            if committed():
                same = stored(office) == before
            return same

        yield unchanged


@contextlib.contextmanager
def compared(office: Office) -> Iterator[Callable[[], tuple[Dump, Dump] | None]]:
    """Tells what every table held when this began and what it holds; None when nothing was committed since then.

    A view opened at the beginning still shows what was there: it is read through only if there is something to compare.
    """
    commits = _sqlite_commits(office) if office.database.is_sqlite else _postgres_commits(office)
    with commits as committed, office.database.reading() as earlier:
        earlier.execute(sa.text("SELECT 1 FROM service LIMIT 1"))  # a view begins with its first question

        def changed() -> tuple[Dump, Dump] | None:
            return (_dumped(earlier), dump(office)) if committed() else None

        yield changed


@contextlib.contextmanager
def _sqlite_commits(office: Office) -> Iterator[Callable[[], bool]]:
    """A connection sees this number change whenever any other has committed a change."""
    with contextlib.closing(sqlite3.connect(str(office.database.engine.url.database))) as beside:

        def version() -> Any:
            return beside.execute("PRAGMA data_version").fetchone()

        last = version()

        def committed() -> bool:
            nonlocal last
            earlier, last = last, version()
            return bool(last != earlier)

        yield committed


@contextlib.contextmanager
def _postgres_commits(office: Office) -> Iterator[Callable[[], bool]]:
    def asked(since: str) -> Any:
        with office.database.reading() as connection:
            return connection.execute(sa.text(COMMITTED), {"since": since}).one()

    since, _any = asked("9" * 15)

    def committed() -> bool:
        nonlocal since
        since, found = asked(since)
        return bool(found)

    yield committed


def stored(office: Office) -> Any:
    """Everything that is stored, far quicker to take than a dump; equal only when nothing changed."""
    with office.database.reading() as connection:
        if office.database.is_sqlite:
            held: Any = connection.connection.driver_connection
            return held.serialize()
        each = (f"SELECT '{name}', r::text FROM {name} r" for name in SQLModel.metadata.tables)  # noqa: S608
        return sorted(map(tuple, connection.exec_driver_sql(" UNION ALL ".join(each)).all()))


def dump(office: Office, *, leave_out: Sequence[str] = ()) -> Dump:
    """Every row of every table as the database gives it, to see that nothing changed."""
    with office.database.reading() as connection:
        return _dumped(connection, leave_out=leave_out)


def _dumped(connection: sa.Connection, *, leave_out: Sequence[str] = ()) -> Dump:
    names = [name for name in SQLModel.metadata.tables if name not in leave_out]
    held: Any = connection.connection.driver_connection
    # One table at a time PostgreSQL would be waited for a hundred times.
    with contextlib.nullcontext() if connection.dialect.name == "sqlite" else held.pipeline():
        asked = {name: held.execute(f"SELECT * FROM {name}") for name in names}  # noqa: S608
        return {name: sorted(rows.fetchall(), key=repr) for name, rows in asked.items()}
