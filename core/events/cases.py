"""Everything that can happen to a complaint: each event says how it reads and which of its fields are personal.

An event's tag never changes once used. A personal field is kept apart in the ledger so that retention can erase it;
the sentence then says "(erased)" in its place.
"""

from __future__ import annotations

from datetime import date

from core.events.base import ERASED, Event, PersonalText
from core.words import counted, day_words


class ComplaintRecorded(Event):
    """A complaint was taken in."""

    tag = "complaint.recorded"
    clauses = ("lgsco:1.5", "lgsco:3.2", "lgsco:5.8")

    reference: str
    received_on: date
    logged_on: date
    channel: str
    individual: PersonalText
    matter: PersonalText
    words_sha256: PersonalText
    passed_on: bool = False
    why: PersonalText = ""
    about: PersonalText = ""

    def sentence(self) -> str:
        who = self.individual or "someone not named"
        what = "Passed on" if self.passed_on else "Recorded"
        about = f" It is about {self.about}." if self.about not in ("", ERASED) else ""
        why = f" Why it is a complaint: {self.why}" if self.why not in ("", ERASED) else ""
        return f"{what} “{self.matter}” from {who}, received {day_words(self.received_on)}.{about}{why}"


class PointAdded(Event):
    """A further point was raised."""

    tag = "point.added"
    clauses = ("lgsco:6.9",)

    number: int
    raised_on: date
    text: PersonalText

    def sentence(self) -> str:
        return f"Added point {self.number}: {self.text}"


class Acknowledged(Event):
    """A stage was acknowledged and logged."""

    tag = "stage.acknowledged"
    clauses = ("lgsco:6.2", "lgsco:6.12")

    stage: int
    acknowledged_on: date
    promised_on: date
    understanding: PersonalText
    outcomes_sought: PersonalText

    def sentence(self) -> str:
        return (
            f"Acknowledged stage {self.stage} on {day_words(self.acknowledged_on)}; "
            f"an answer is promised by {day_words(self.promised_on)}."
        )


class Assigned(Event):
    """A stage was given to a colleague."""

    tag = "stage.assigned"
    clauses = ("lgsco:4.1", "lgsco:6.14")

    stage: int
    colleague: str
    colleague_id: int
    before: str = ""

    def sentence(self) -> str:
        handed = f", taking over from {self.before}" if self.before else ""
        return f"Assigned stage {self.stage} to {self.colleague}{handed}."


class Extended(Event):
    """A stage was given more time, and the individual was told."""

    tag = "stage.extended"
    clauses = ("lgsco:6.4", "lgsco:6.5", "lgsco:6.16", "lgsco:6.17")

    stage: int
    told_on: date
    was: date
    new_date: date
    working_days: int
    ombudsman_told: bool
    reason: PersonalText

    def sentence(self) -> str:
        days = counted(self.working_days, "working day")
        return (
            f"Extended stage {self.stage} by {days}, from {day_words(self.was)} to "
            f"{day_words(self.new_date)}; told on {day_words(self.told_on)}. Reason: {self.reason}"
        )


class StageAnswered(Event):
    """A stage was answered; at stage 2 this is the final response."""

    tag = "stage.answered"
    clauses = ("lgsco:6.3", "lgsco:6.15", "lgsco:6.18")

    stage: int
    sent_on: date
    outcome: str
    addendum: bool
    by_word_of_mouth: bool = False
    response_sha256: PersonalText

    def sentence(self) -> str:
        what = "final response" if self.stage == 2 else "stage 1 answer"
        kind = "an addendum to the" if self.addendum else "the"
        told = "Told by word of mouth" if self.by_word_of_mouth else "Sent"
        return f"{told} {kind} {what} on {day_words(self.sent_on)}: {self.outcome.replace('_', ' ')}."


class StageTwoOpened(Event):
    """The individual asked for stage 2."""

    tag = "stage_two.opened"
    clauses = ("lgsco:6.11", "lgsco:6.13")

    requested_on: date
    channel: str
    request_words: PersonalText

    def sentence(self) -> str:
        return f"Opened stage 2; the request came on {day_words(self.requested_on)} by {self.channel}."


class EscalationRefused(Event):
    """A request for stage 2 was refused, with reasons."""

    tag = "stage_two.refused"
    clauses = ("lgsco:5.7", "lgsco:2.4")

    requested_on: date
    told_on: date
    ground: str = ""
    reasons: PersonalText
    circumstances: PersonalText
    evidence: PersonalText = ""
    other_route: PersonalText = ""

    def sentence(self) -> str:
        ground = f" (“{self.ground}”)" if self.ground else ""
        return (
            f"Refused stage 2, asked for on {day_words(self.requested_on)}{ground}; the individual was told on "
            f"{day_words(self.told_on)} with the Ombudsman's details. Reasons: {self.reasons}"
        )


class ComplaintWithdrawn(Event):
    """The individual withdrew the complaint."""

    tag = "complaint.withdrawn"
    clauses = ("lgsco:5.8",)

    withdrawn_on: date
    how: PersonalText

    def sentence(self) -> str:
        return f"Withdrawn on {day_words(self.withdrawn_on)}: {self.how}"


class ComplaintReopened(Event):
    """A complaint was taken up again; every earlier date stays."""

    tag = "complaint.reopened"
    clauses = ("lgsco:6.7",)

    reopened_on: date
    why: PersonalText

    def sentence(self) -> str:
        return f"Reopened on {day_words(self.reopened_on)}; its dates are kept. Why: {self.why}"


class NoteAdded(Event):
    """A colleague wrote a note."""

    tag = "note.added"
    clauses = ("lgsco:5.8",)

    text: PersonalText

    def sentence(self) -> str:
        return f"Note: {self.text}"


class CasesLinked(Event):
    """Two complaints were found to belong together; the other is not named, for not everybody may see it."""

    tag = "cases.linked"
    clauses = ("lgsco:5.8", "lgsco:6.9")

    kind: str
    why: PersonalText

    def sentence(self) -> str:
        return f"Linked to another case: {self.kind}. {self.why}".rstrip()


class MatchDismissed(Event):
    """Two complaints that looked alike are not the same."""

    tag = "match.dismissed"
    clauses = ("lgsco:5.8",)

    why: PersonalText

    def sentence(self) -> str:
        return f"Not the same as another case that looked alike. {self.why}".rstrip()


class FactCorrected(Event):
    """A recorded fact was wrong and was put right; the old value is kept here."""

    tag = "fact.corrected"
    clauses = ("lgsco:5.8",)

    fact: str
    old: PersonalText
    new: PersonalText
    why: PersonalText

    def sentence(self) -> str:
        return f"Corrected {self.fact} from “{self.old or 'nothing'}” to “{self.new or 'nothing'}”. Why: {self.why}"


class DepartedFromCode(Event):
    """A clause was not met, and the reason was recorded."""

    tag = "code.departed"
    clauses = ()

    clause: str
    finding: PersonalText
    reason: PersonalText

    def sentence(self) -> str:
        return f"Departed from {self.clause.partition(':')[2]}: {self.finding} Reason: {self.reason}"


class ComplaintImported(Event):
    """A complaint came in from an old record."""

    tag = "complaint.imported"
    clauses = ("lgsco:5.8",)

    reference: str
    received_on: date
    source: str
    row: int
    old_reference: PersonalText
    row_sha256: PersonalText

    def sentence(self) -> str:
        return f"Imported from “{self.source}”, row {self.row}, where its reference was {self.old_reference}."


class HistoryImported(Event):
    """One file of old records was read to its end."""

    tag = "history.imported"

    source: str
    file_sha256: str
    rows: int
    added: int
    unchanged: int
    problems: int

    def sentence(self) -> str:
        return (
            f"Imported “{self.source}”: {counted(self.rows, 'row')} read, {counted(self.added, 'complaint')} added, "
            f"{self.unchanged:,} already here, {counted(self.problems, 'problem')}."
        )


class ServicesAdded(Event):
    """Services named in an old record were added to the list."""

    tag = "services.added"

    source: str
    names: tuple[str, ...]

    def sentence(self) -> str:
        return f"Added {counted(len(self.names), 'service')} named in “{self.source}”: {', '.join(self.names)}."


class MappingSaved(Event):
    """How a file of old records is read was kept."""

    tag = "history.mapping_saved"

    name: str

    def sentence(self) -> str:
        return f"Saved the mapping “{self.name}”."


class HolidaysChanged(Event):
    """Bank holidays were added or withdrawn."""

    tag = "holidays.changed"

    source: str
    added: tuple[date, ...]
    withdrawn: tuple[date, ...]

    def sentence(self) -> str:
        parts = [f"added {', '.join(map(day_words, self.added))}"] if self.added else []
        parts += [f"withdrew {', '.join(map(day_words, self.withdrawn))}"] if self.withdrawn else []
        return f"Bank holidays from {self.source}: {'; '.join(parts) or 'nothing new'}."


class DutyMoved(Event):
    """A change of calendar moved an open duty."""

    tag = "duty.moved"

    stage: int
    kind: str
    was: date
    becomes: date
    act_by: date
    because: str

    def sentence(self) -> str:
        what = self.kind.removeprefix("route:").replace("_", " ")
        moved = f"Moved “{what}” from {day_words(self.was)} to {day_words(self.becomes)} because of {self.because}."
        if self.act_by == self.becomes:
            return moved
        return f"{moved} The date already told to the individual, {day_words(self.act_by)}, is kept."


class PolicyAdopted(Event):
    """The council adopted a version of its policy."""

    tag = "policy.adopted"
    clauses = ("lgsco:5.1",)

    name: str
    in_force_from: date
    resolution: str

    def sentence(self) -> str:
        by = f" ({self.resolution})" if self.resolution else ""
        return f"Adopted “{self.name}”, in force from {day_words(self.in_force_from)}{by}."


class CouncilSetUp(Event):
    """Services and colleagues were entered."""

    tag = "council.set_up"

    council: str
    services: tuple[str, ...]
    colleagues: tuple[str, ...]

    def sentence(self) -> str:
        return (
            f"Set up {self.council} with {counted(len(self.services), 'service')} "
            f"and {counted(len(self.colleagues), 'colleague')}."
        )


class DutiesRebuilt(Event):
    """Stored duties differed from the facts and were put right."""

    tag = "duties.rebuilt"

    changed: int

    def sentence(self) -> str:
        return f"Rebuilt the duties of {counted(self.changed, 'complaint')} from their facts."
