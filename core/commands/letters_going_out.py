"""A letter goes out: by itself, or with the step on the case that it belongs to. SendLetter and OpenLetter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from pydantic import Field
from sqlmodel import col, select

from core.code.catalogue import LETTERS, LetterType
from core.commands.authority import not_promised_early
from core.commands.base import Command, LetterStep, Work, asks, handles
from core.commands.behaviour import keep_policy_sent, policy_with
from core.commands.mail_on_its_way import may_be_recorded, not_on_its_way, went_by_mail
from core.commands.people import may_go_out
from core.errors import BadInput, LetterIncomplete, NotFound, StepNotOpen
from core.events.access import LetterOpened
from core.events.base import Event
from core.events.letters import LetterSent
from core.letters.contents import digest, missing_contents
from core.model.complaints import Complaint
from core.model.letters import Letter, LetterPart
from core.permissions import Permission
from core.rules.behaviour import RESTRICTION, Enclosed, policy_goes_along
from core.rules.findings import Finding
from core.rules.steps import position_of, steps_from
from core.store.facts import CaseRows
from core.store.scope import visible


@dataclass(slots=True, kw_only=True)
class GoingOut:
    """The letter that goes out with a step, if one does: what it lacks, and the entry that it went."""

    letter: Letter | None = None
    files: tuple[str, str] = ("", "")
    parts: Mapping[str, str] = field(default_factory=dict)
    lacking: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    policy: Enclosed | None = None

    def went(self, on: date, work: Work) -> list[Event]:
        """Keep that it went out on a day, with the digest of its words; nothing without a letter [lgsco:5.8]."""
        if self.letter is None:
            return []
        letter = self.letter
        letter.pdf_sha256, letter.word_sha256 = went_by_mail(letter, work) or self.files
        letter.sent_on, letter.sent_by = on, work.actor.id or None
        letter.sha256 = digest(letter.addressee, self.parts)
        if self.policy is not None:
            keep_policy_sent(letter, self.policy, work)
        return [
            LetterSent(
                complaint_id=letter.complaint_id,
                letter_id=letter.id or 0,
                title=LETTERS[letter.kind].title,
                sent_on=on,
                by=letter.how,
                sha256=letter.sha256,
                lacking=self.lacking,
                addressee=letter.addressee,
                enclosed=self.policy.name if self.policy is not None else "",
            )
        ]


def draft_on(case: CaseRows, letter_id: int, work: Work) -> Letter:
    """A draft on this very complaint; BadInput for any other letter, and for one that went out or is on its way."""
    letter = _not_sent(case, letter_id, work)
    not_on_its_way(letter, work)
    return letter


def _not_sent(case: CaseRows, letter_id: int, work: Work) -> Letter:
    letter = work.session.get(Letter, letter_id)
    if letter is None or letter.complaint_id != case.id:
        raise BadInput(f"That letter is not on {case.complaint.reference}. Open it from its case.")
    if letter.sent_on is not None:
        raise BadInput("This letter has gone out and stays as it is. Begin another one.")
    return letter


def parts_of(letter: Letter, work: Work) -> dict[str, str]:
    """What each content of a letter says, in the letter's order."""
    rows = work.session.exec(select(LetterPart).where(col(LetterPart.letter_id) == letter.id))
    said = {row.content: row.text for row in rows}
    return {content.key: said.get(content.key, "") for content in LETTERS[letter.kind].contents}


def going_out(command: LetterStep, case: CaseRows, work: Work) -> GoingOut:
    """The letter that a step is taken with, checked: it belongs to this step, and what it lacks is a finding.

    Raises LetterIncomplete for a kind that is refused while something is missing.
    """
    not_promised_early((said for said in vars(command).values() if isinstance(said, str)), case, work)
    if command.letter_id is None:
        return GoingOut()
    letter = _leaving(command, command.letter_id, case, work)
    kind = LETTERS[letter.kind]
    if kind.step != type(command).__name__ or kind.stage not in (None, case.current.number):
        raise BadInput(f"“{kind.title}” does not go out with this step. Open the letter and send it from there.")
    return _checked(command, letter, kind, case, work)


def _leaving(command: LetterStep, letter_id: int, case: CaseRows, work: Work) -> Letter:
    """The letter that goes out with a command: a draft, or one that goes by e-mail and may be recorded by it."""
    letter = _not_sent(case, letter_id, work)
    may_be_recorded(letter, command, work)
    return letter


def _checked(command: LetterStep, letter: Letter, kind: LetterType, case: CaseRows, work: Work) -> GoingOut:
    parts = parts_of(letter, work)
    not_promised_early(parts.values(), case, work)
    missing = missing_contents(letter.kind, parts)
    if missing and kind.refused_without:
        titles = "; ".join(f"{title} ({clause.partition(':')[2]})" for _key, clause, title in missing)
        raise LetterIncomplete(f"The letter cannot go out yet. Still to write: {titles}.", missing)
    findings = tuple(
        Finding(clause=clause, sentence=f"The letter leaves out: {title[0].lower()}{title[1:]}.")
        for _key, clause, title in missing
    )
    lacking = tuple(title for _key, _clause, title in missing)
    policy = policy_with(letter, work, on=command.left_on)
    if letter.kind == RESTRICTION:
        findings += policy_goes_along(there=policy is not None)
    files = (command.pdf_sha256, command.word_sha256)
    return GoingOut(letter=letter, files=files, parts=parts, lacking=lacking, findings=findings, policy=policy)


class SendLetter(LetterStep):
    """Record that a letter went out. What it says is then kept as it is."""

    needs = Permission.HANDLE
    clauses = ("lgsco:5.8", "lgsco:3.6")
    title = "Record it as sent"
    gist = "Only once it has left. A letter that belongs to a step goes out with that step."

    letter_id: int = Field()
    sent_on: date = asks("When it left", widget="date", starts="today")


@handles(SendLetter)
def send_letter(command: SendLetter, work: Work) -> Sequence[Event]:
    """Keep a letter as it went out, complete or with the reason why not [lgsco:5.8]."""
    case = work.open_case(command)
    letter = _leaving(command, command.letter_id, case, work)
    kind = LETTERS[letter.kind]
    if kind.step is not None and kind.step in steps_from(position_of(case.facts())):
        raise StepNotOpen(
            f"“{kind.title}” goes out with its own step on the case, so that both stand in the history at once. "
            "Take that step with this letter."
        )
    work.not_future(command.sent_on, "sent_on")
    work.not_before(command.sent_on, case.complaint.received_on, "sent_on", what="the complaint was received")
    going = _checked(command, letter, kind, case, work)
    work.weigh(command, [*going.findings, *may_go_out(case, work, on=command.sent_on)], case=case)
    return going.went(command.sent_on, work)


class OpenLetter(Command):
    """Note that somebody made a letter into a file, or opened the one it went out as."""

    needs = Permission.READ
    clauses = ("lgsco:5.8",)
    title = "Open a letter as a file"
    gist = "Every opening is kept in the ledger."

    letter_id: int
    form: Literal["PDF", "Word"]


@handles(OpenLetter)
def open_letter(command: OpenLetter, work: Work) -> Sequence[Event]:
    """Keep who opened which letter as a file [lgsco:5.8]."""
    seen = visible(work.actor, col(Complaint.id), service_id=col(Complaint.service_id))
    statement = select(Letter).join(Complaint, col(Complaint.id) == col(Letter.complaint_id))
    found = work.session.exec(statement.where(col(Letter.id) == command.letter_id, *seen)).first()
    if found is None:
        raise NotFound("There is no such letter. Open it from its case.")
    return [LetterOpened(complaint_id=found.complaint_id, letter_id=command.letter_id, form=command.form)]
