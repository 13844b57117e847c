"""A complaint from an old record as the rows it becomes, with its duties judged by the same rules as today's cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from core.code.policy import Policy
from core.rules.duties import Duty as OwedDuty
from core.rules.duties import duties_of
from core.rules.facts import CaseFacts, Ending, ExtensionFacts, StageFacts, StageNumber, Standing
from core.rules.steps import OPEN_POSITIONS, position_of
from core.rules.working_days import WorkingDays
from core.store.retaining import counted
from core.store.search import case_words, pairs_of, words_of


@dataclass(frozen=True, slots=True, kw_only=True)
class PastStage:
    """One stage of an old complaint: its dates as far as the record has them."""

    received_on: date
    logged_on: date | None = None
    acknowledged_on: date | None = None
    responded_on: date | None = None
    extended_to: date | None = None
    extension_told_on: date | None = None
    extension_reason: str = ""
    outcome: str | None = None
    handler_id: int | None = None
    receipt_recorded: bool = True
    acknowledgement_recorded: bool = True
    response_recorded: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class PastPoint:
    """One point of an old complaint with what was found."""

    text: str
    outcome: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PastComplaint:
    """One old complaint, ready to be written."""

    old_reference: str
    digest: str
    row: int
    one: PastStage
    two: PastStage | None = None
    points: tuple[PastPoint, ...]
    matter: str
    words: str
    category: str = ""
    channel: str
    service_id: int | None = None
    person: Mapping[str, str] = field(default_factory=dict)
    issue_on: date | None = None
    withdrawn_on: date | None = None
    note: str = ""

    @property
    def stages(self) -> tuple[PastStage, ...]:
        """Its one or two stages."""
        return (self.one,) if self.two is None else (self.one, self.two)

    @property
    def has_person(self) -> bool:
        """Whether anything is known about the individual."""
        return any(self.person.values())

    def facts(self) -> CaseFacts:
        """Its dates as rules read them."""
        two = _stage_facts(self.two, StageNumber.TWO) if self.two is not None else None
        ending, ended_on = None, None
        if self.withdrawn_on is not None:
            ending, ended_on = Ending.WITHDRAWN, self.withdrawn_on
        elif two is not None and two.responded_on is not None:
            ending, ended_on = Ending.FINAL_RESPONSE, two.responded_on
        return CaseFacts(one=_stage_facts(self.one, StageNumber.ONE), two=two, ending=ending, ended_on=ended_on)


def _stage_facts(stage: PastStage, number: StageNumber) -> StageFacts:
    extensions: tuple[ExtensionFacts, ...] = ()
    if stage.extended_to is not None:
        extensions = (ExtensionFacts(new_date=stage.extended_to, told_on=stage.extension_told_on),)
    return StageFacts(
        number=number,
        received_on=stage.received_on,
        logged_on=stage.logged_on,
        acknowledged_on=stage.acknowledged_on,
        responded_on=stage.responded_on,
        extensions=extensions,
        receipt_recorded=stage.receipt_recorded,
        acknowledgement_recorded=stage.acknowledgement_recorded,
        response_recorded=stage.response_recorded,
    )


_NOT_IN_OLD_RECORDS: Mapping[str, Any] = {
    "scheme": "lgsco",
    "outcomes_sought": "",
    "received_by": "",
    "aware_on": None,
    "acknowledgement_possible": True,
    "reopened_on": None,
    "answered_again_on": None,
    "version": 1,
}
"""What a complaint has that no old record says."""


@dataclass(slots=True)
class Tables:
    """The rows of a batch, table by table, in the order they are inserted."""

    person: list[dict[str, Any]] = field(default_factory=list)
    complaint: list[dict[str, Any]] = field(default_factory=list)
    stage: list[dict[str, Any]] = field(default_factory=list)
    point: list[dict[str, Any]] = field(default_factory=list)
    answer: list[dict[str, Any]] = field(default_factory=list)
    extension: list[dict[str, Any]] = field(default_factory=list)
    duty: list[dict[str, Any]] = field(default_factory=list)
    retention: list[dict[str, Any]] = field(default_factory=list)
    search_doc: list[dict[str, Any]] = field(default_factory=list)
    case_doc: list[dict[str, Any]] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Writer:
    """Turns old complaints into rows. Ids were reserved beforehand, so children can name their parents."""

    policy: Policy
    policy_id: int
    calendar: WorkingDays
    calendar_id: int
    source: str
    now: datetime
    today: date
    tables: Tables = field(default_factory=Tables)

    def write(self, past: PastComplaint, *, ident: int, reference: str, ids: Mapping[str, Sequence[int]]) -> None:
        """Add one complaint's rows under the ids reserved for it.

        Raises CalendarEnds when a date lies outside the published bank holidays; nothing has been added then.
        """
        facts = past.facts()
        owed = duties_of(facts, policy=self.policy, calendar=self.calendar)
        open_duties = [duty for duty in owed if duty.standing is Standing.OPEN]
        first = min(open_duties, key=lambda duty: (duty.act_by, duty.stage), default=None)
        person_id = self._person(past, ids["person"])
        self._complaint(past, facts, first, ident=ident, reference=reference, person_id=person_id)
        self._stages(past, ident=ident, ids=ids["stage"])
        self._points(past, ident=ident, ids=ids["point"])
        self._duties(owed, past, first, ident=ident)
        self.tables.retention.append({"complaint_id": ident, **counted(facts, owed, scheme="lgsco")})
        person = past.person
        postcode = person.get("postcode", "")
        people = (person.get("name", ""), postcode, postcode.replace(" ", ""), person.get("email", ""))
        texts = (past.matter, *people, person.get("address", ""), past.category)
        said = past.words if past.words != past.matter else ""
        words = words_of(reference, reference.replace("-", ""), past.old_reference, *texts, said)
        self.tables.search_doc.append({"complaint_id": ident, "words": words, "pairs": pairs_of(words)})
        whole = case_words(words, self._said(past))
        self.tables.case_doc.append({"complaint_id": ident, "words": whole, "pairs": pairs_of(whole)})

    @staticmethod
    def _said(past: PastComplaint) -> list[str]:
        """What an old record says beside the complaint itself, in the order in which a case is indexed."""
        stages = [past.one, *([past.two] if past.two is not None else [])]
        reasons = (stage.extension_reason for stage in stages if stage.extended_to is not None)
        return [*filter(None, [past.note]), *(point.text for point in past.points), *reasons]

    def _person(self, past: PastComplaint, ids: Sequence[int]) -> int | None:
        if not ids:
            return None
        (person_id,) = ids
        blank = dict.fromkeys(("name", "email", "phone", "address", "postcode"), "")
        self.tables.person.append({"id": person_id, **blank, **past.person})
        return person_id

    def _complaint(
        self,
        past: PastComplaint,
        facts: CaseFacts,
        first: OwedDuty | None,
        *,
        ident: int,
        reference: str,
        person_id: int | None,
    ) -> None:
        position = position_of(facts)
        self.tables.complaint.append(
            {
                **_NOT_IN_OLD_RECORDS,
                "id": ident,
                "reference": reference,
                "matter": past.matter,
                "words": past.words,
                "category": past.category,
                "channel": past.channel,
                "received_on": past.one.received_on,
                "logged_on": past.one.logged_on or self.today,
                "issue_on": past.issue_on,
                "person_id": person_id,
                "service_id": past.service_id,
                "policy_id": self.policy_id,
                "ending": facts.ending.value if facts.ending else None,
                "ended_on": facts.ended_on,
                "ending_note": past.note,
                "source": self.source,
                "old_reference": past.old_reference,
                "source_digest": past.digest,
                "position": position.value,
                "stage_number": 2 if facts.two is not None else 1,
                "is_open": position in OPEN_POSITIONS,
                "act_by": first.act_by if first is not None else None,
                "has_remedies": False,
                "changed_at": self.now,
            }
        )

    def _stages(self, past: PastComplaint, *, ident: int, ids: Sequence[int]) -> None:
        for number, (stage_id, stage) in enumerate(zip(ids, past.stages, strict=True), start=1):
            self.tables.stage.append(
                {
                    "id": stage_id,
                    "complaint_id": ident,
                    "number": number,
                    "received_on": stage.received_on,
                    "logged_on": stage.logged_on,
                    "channel": past.channel,
                    "request_words": "",
                    "acknowledged_on": stage.acknowledged_on,
                    "understanding": "",
                    "outcomes_sought": "",
                    "promised_on": None,
                    "handler_id": stage.handler_id,
                    "assigned_on": None,
                    "responded_on": stage.responded_on,
                    "responded_by": None,
                    "outcome": stage.outcome,
                    "receipt_recorded": stage.receipt_recorded,
                    "acknowledgement_recorded": stage.acknowledgement_recorded,
                    "response_recorded": stage.response_recorded,
                }
            )
            if stage.extended_to is not None:
                self._extension(stage, stage_id=stage_id)

    def _extension(self, stage: PastStage, *, stage_id: int) -> None:
        self.tables.extension.append(
            {
                "stage_id": stage_id,
                "told_on": stage.extension_told_on,
                "new_date": stage.extended_to,
                "reason": stage.extension_reason,
                "good_reason": None,
                "ombudsman_told": False,
                "decided_by": None,
            }
        )

    def _points(self, past: PastComplaint, *, ident: int, ids: Sequence[int]) -> None:
        for number, (point_id, point) in enumerate(zip(ids, past.points, strict=True), start=1):
            self.tables.point.append(
                {
                    "id": point_id,
                    "complaint_id": ident,
                    "number": number,
                    "text": point.text,
                    "raised_on": past.one.received_on,
                }
            )
            if point.outcome is not None:
                self.tables.answer.append(
                    {"point_id": point_id, "stage_number": 1, "outcome": point.outcome, "reasons": ""}
                )

    def _duties(self, owed: Sequence[OwedDuty], past: PastComplaint, first: OwedDuty | None, *, ident: int) -> None:
        two = past.two
        for duty in owed:
            stage = two if duty.stage == 2 and two is not None else past.one
            self.tables.duty.append(
                {
                    "complaint_id": ident,
                    "stage_number": int(duty.stage),
                    "kind": duty.kind,
                    "number": duty.number,
                    "clause": duty.clause,
                    "owner_id": stage.handler_id,
                    "service_id": past.service_id,
                    "start_on": duty.start_on,
                    "days": duty.days,
                    "due_on": duty.due_on,
                    "act_by": duty.act_by,
                    "literal_due_on": duty.literal_due_on,
                    "promised_on": None,
                    "met_on": duty.met_on,
                    "standing": duty.standing.value,
                    "is_next": duty is first,
                    "ours": False,
                    "calendar_id": self.calendar_id,
                }
            )
