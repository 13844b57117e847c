"""Everything on one case in order, as the sections of a bundle: what was said, done, written, found and put right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.desk import LONDON, Desk
from core.events.bundles import BundleMade
from core.events.cases import NoteAdded
from core.events.monitoring import EqualityAsked
from core.letters.bundles import Block, Section, table, words
from core.queries.bundles import LetterInFull, letters_in_full
from core.queries.cases import CaseView, StageView, case_view
from core.queries.considering import Considering, considering
from core.queries.corresponding import Corresponding, corresponding
from core.queries.evidence import FileLine, case_files
from core.queries.handling import HandlingView, handling_complaints
from core.queries.information import Question, case_questions
from core.queries.ombudsman import OmbudsmanView, case_at_ombudsman, ombudsman_case
from core.queries.people import CasePeople, case_people
from core.queries.refusals import CaseRefusals, case_refusals
from core.queries.remedies import CaseRemedies, case_remedies
from core.words import day_words, letter_day, pounds

_NEVER_TOLD = {BundleMade.tag, EqualityAsked.tag}
"""What the timeline of a bundle leaves out: other bundles, and who was asked about equality, which is no part of it."""
_RESPONSE = (
    ("The complaint as understood", "understanding"),
    ("What was done to understand it", "efforts_to_understand"),
    ("Decision", "decision"),
    ("Reasons", "reasons"),
    ("What puts it right", "remedy"),
    ("Still to be done", "outstanding_actions"),
    ("How to go on", "signposting"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """All there is on one case in one consistent view of the record."""

    case: CaseView
    people: CasePeople
    refusals: CaseRefusals
    considering: Considering
    correspondence: Corresponding
    letters: tuple[LetterInFull, ...]
    questions: tuple[Question, ...]
    remedies: CaseRemedies
    ombudsman: tuple[OmbudsmanView, ...]
    handling: tuple[HandlingView, ...]
    files: tuple[FileLine, ...]


def gather(desk: Desk, reference: str) -> Gathered:
    """Everything on one case that this person sees; NotFound when they see no such case [lgsco:5.8]."""
    with desk.one_view():
        case = desk.ask(case_view, reference)
        named = case.reference
        return Gathered(
            case=case,
            people=desk.ask(case_people, named),
            refusals=desk.ask(case_refusals, named),
            considering=desk.ask(considering, named),
            correspondence=desk.ask(corresponding, named),
            letters=desk.ask(letters_in_full, named),
            questions=desk.ask(case_questions, named),
            remedies=desk.ask(case_remedies, named),
            ombudsman=tuple(desk.ask(ombudsman_case, each.id) for each in desk.ask(case_at_ombudsman, named)),
            handling=desk.ask(handling_complaints, named),
            files=desk.ask(case_files, named),
        )


def sections(found: Gathered, *, with_notes: bool) -> tuple[Section, ...]:
    """The sections of a case's bundle, from what was received to what was put right; the same for the same record."""
    made = (
        _received(found.case),
        _people(found.people),
        _points(found.case),
        *(_stage(stage) for stage in found.case.stages),
        _enquiries(found),
        _refused(found.refusals),
        _remedies(found.remedies),
        Section(title="Letters sent", blocks=tuple(map(_letter, found.letters)) or (words(""),)),
        _contacts(found.correspondence),
        *map(_ombudsman, found.ombudsman),
        *map(_handling, found.handling),
        _departures(found.case),
        *((_notes(found.case),) if with_notes else ()),
        _clocks(found.case),
        _timeline(found.case, with_notes=with_notes),
    )
    return tuple(each for each in made if each.blocks)


def _day(day: date | None) -> str:
    return day_words(day) if day is not None else "–"


def _facts(title: str, told: Mapping[str, str]) -> Block:
    return table(title, ("What", "As recorded"), [(what, said) for what, said in told.items() if said])


def _received(case: CaseView) -> Section:
    person = case.individual
    facts = {
        "Reference": case.reference,
        "About": case.matter,
        "Received": _day(case.received_on),
        "Came by": case.channel,
        "First heard by": case.received_by,
        "Happened": _day(case.issue_on) if case.issue_on else "",
        "Became aware": _day(case.aware_on) if case.aware_on else "",
        "Service": case.service,
        "Category": case.category,
        "Stands at": case.position,
        "Policy": case.policy,
        "Ended": _day(case.ended_on) if case.ended_on else "",
        "How it ended": case.ending_note,
        "Individual": person["name"],
        "E-mail": person["email"],
        "Phone": person["phone"],
        "Address": person["address"],
        "Postcode": person["postcode"],
    }
    blocks = [words("In their own words", case.words), _facts("Facts", facts)]
    if case.outcomes_sought:
        blocks.insert(1, words("What they want to happen", case.outcomes_sought))
    return Section(title="The complaint as received", blocks=tuple(blocks))


def _people(people: CasePeople) -> Section:
    blocks: list[Block] = []
    if people.parties:
        rows = [(each.name, each.role, each.authority, each.contact) for each in people.parties]
        blocks.append(table("Others on the case", ("Name", "Role", "Authority", "How to reach them"), rows))
    if people.adjustments:
        agreed = [(_day(each.starts_on), each.agreed_format, each.what) for each in people.adjustments]
        blocks.append(table("Reasonable adjustments", ("From", "Format", "What was agreed"), agreed))
    if people.preference:
        blocks.append(words("How they want to be reached", people.preference))
    for each in people.restrictions:
        told = {
            "From": _day(each.starts_on),
            "Until": _day(each.ended_on) if each.ended_on else "",
            "What it rests on": each.evidence,
            "What less was tried": each.lesser_measures,
            "Equality Act": each.equality,
            "How to complain meanwhile": each.way_to_complain,
            "What is restricted": each.what,
        }
        blocks.append(_facts("Contact restricted", told))
    return Section(title="People and what was agreed with them", blocks=tuple(blocks))


def _points(case: CaseView) -> Section:
    def point(each: Any) -> Block:
        texts = [each.text]
        for stage, (outcome, reasons) in sorted(each.answers.items()):
            texts.append(f"Stage {stage}: {outcome.replace('_', ' ')}. {reasons}".strip())
        return words(f"Point {each.number}, raised on {_day(each.raised_on)}", *texts)

    return Section(title="Points and what was found", blocks=tuple(map(point, case.points)))


def _stage(stage: StageView) -> Section:
    facts = {
        "Received": _day(stage.received_on),
        "Came by": stage.channel,
        "Acknowledged": _day(stage.acknowledged_on),
        "Considered by": stage.handler,
        "Answered": _day(stage.responded_on),
        "Answered by": stage.responded_by,
        "Outcome": (stage.outcome or "").replace("_", " "),
    }
    blocks: list[Block] = [_facts("Facts", facts)]
    for title, text in (
        ("What they said asking for it", stage.request_words),
        ("Our understanding, as acknowledged", stage.understanding),
        ("Outcomes sought, as acknowledged", stage.outcomes_sought),
    ):
        if text:
            blocks.append(words(title, text))
    for each in stage.extensions:
        until = f"Told on {_day(each['told_on'])}; answer by {_day(each['new_date'])}. {each['reason']}"
        blocks.append(words("More time", until, each["good_reason"] or ""))
    for each in stage.responses:
        how = "told by word of mouth" if each["by_word_of_mouth"] else "sent"
        kind = "Addendum" if each["addendum"] else "Decision"
        told = [f"{title}: {each[name]}" for title, name in _RESPONSE if each[name]]
        blocks.append(words(f"{kind} {how} on {_day(each['sent_on'])}", *told))
    return Section(title=f"Stage {stage.number}", blocks=tuple(blocks))


def _enquiries(found: Gathered) -> Section:
    how = found.considering
    blocks: list[Block] = []
    for each in how.positions:
        said = "Nothing to add." if each.nothing_to_add else each.said
        blocks.append(words(f"Their position at stage {each.stage_number}, {_day(each.obtained_on)}", said))
    for one in how.clarifications:
        answer = f"Answered on {_day(one.answered_on)}: {one.answer}" if one.answered_on else "Not answered."
        blocks.append(words(f"Asked what was unclear, {_day(one.asked_on)}", one.question, answer))
    for met in how.meetings:
        blocks.append(words(f"Meeting on {_day(met.held_on)}, {met.place}", met.attended, met.accompanied, met.notes))
    for question in found.questions:
        answer = (
            f"Answered on {_day(question.answered_on)}: {question.answer}" if question.answered_on else "No answer."
        )
        title = f"Question {question.number} to {question.who}, {_day(question.asked_on)}"
        blocks.append(words(title, question.what, answer))
    if how.evidence:
        rows = [(each.what, each.source, each.weight or "–", each.considered) for each in how.evidence]
        blocks.append(table("Evidence weighed", ("What", "From", "Weight", "What it shows"), rows))
    return Section(title="How it was considered", blocks=tuple(blocks))


def _refused(refusals: CaseRefusals) -> Section:
    blocks: list[Block] = []
    for each in reversed(refusals.refusals):
        told = {
            "Asked for": _day(each.requested_on),
            "Told": _day(each.told_on),
            "Decided by": each.decided_by,
            "Ground": each.ground,
            "Reasons": each.reasons,
            "Evidence": each.evidence,
            "Circumstances weighed": each.circumstances,
            "Other route": each.other_route,
        }
        blocks.append(_facts("The complaint refused" if each.stage == 1 else "Stage 2 refused", told))
    for one in reversed(refusals.discretion):
        used = "Discretion was used" if one.used else "Discretion was not used"
        blocks.append(words(f"{used}, {_day(one.decided_on)}", one.note))
    return Section(title="Refusals and discretion", blocks=tuple(blocks))


def _remedies(remedies: CaseRemedies) -> Section:
    def rows() -> Iterator[tuple[str, ...]]:
        for each in remedies.lines:
            money = ""
            if each.offered_pence is not None:
                money = f" Offered {pounds(each.offered_pence)}, paid {pounds(each.paid_pence)}."
            yield str(each.number), _day(each.offered_on), _day(each.due_on), each.state.value, f"{each.what}{money}"

    block = table("What was offered", ("No.", "Offered", "Due", "Stands", "What"), rows())
    return Section(title="Remedies", blocks=(block,))


def _letter(letter: LetterInFull) -> Block:
    to = ", ".join(filter(None, map(str.strip, letter.addressee.splitlines())))
    sender = f", from {letter.sender}" if letter.sender else ""
    opening = f"To {to or 'nobody named'}, {letter.how}{sender}."
    said = [f"{heading}: {text}" for heading, text in letter.parts]
    return words(f"{letter.title}, sent {letter_day(letter.sent_on)}", opening, *said)


def _contacts(kept: Corresponding) -> Section:
    rows = [
        (
            f"{_day(each.on)} {each.at_time}".strip(),
            "From us" if each.ours else "To us",
            f"{each.who}, {each.how}",
            each.what,
        )
        for each in reversed(kept.lines)
    ]
    return Section(title="Contacts", blocks=(table("In order", ("When", "Which way", "Who and how", "What"), rows),))


def _ombudsman(view: OmbudsmanView) -> Section:
    blocks: list[Block] = [words(f"{what}, {_day(day)}", said) for what, day, said in view.told]
    if view.recommendations:
        rows = [
            (_day(each.set_on), _day(each.due_on), _day(each.complied_on), each.what) for each in view.recommendations
        ]
        blocks.append(table("Recommendations", ("Set", "Due", "Complied with", "What"), rows))
    reference = f", {view.row.their_reference}" if view.row.their_reference else ""
    return Section(title=f"{view.row.ombudsman.name}{reference}", blocks=tuple(blocks))


def _handling(view: HandlingView) -> Section:
    told = [words(f"Raised on {_day(view.raised_on)}", view.words)]
    if view.answered_on:
        told.append(words(f"Answered on {_day(view.answered_on)}", view.answer))
    if view.referred_on:
        told.append(words(f"Referred to {view.assessor} on {_day(view.referred_on)}", view.referral))
    if view.assessed_on:
        told.append(words(f"Assessed on {_day(view.assessed_on)}", view.outcome, view.findings))
    return Section(title="A complaint about our handling", blocks=tuple(told))


def _departures(case: CaseView) -> Section:
    rows = [
        (each["clause"].partition(":")[2], _day(each["recorded_on"]), each["finding"], each["reason"])
        for each in case.departures
    ]
    kept = (table("With the reason recorded", ("Clause", "When", "What was found", "Reason"), rows),) if rows else ()
    return Section(title="Departures from the Code", blocks=kept)


def _notes(case: CaseView) -> Section:
    told = [words(_day(each["written_at"].astimezone(LONDON).date()), each["text"]) for each in case.notes]
    return Section(title="Colleagues’ notes", blocks=tuple(told))


def _clocks(case: CaseView) -> Section:
    rows = [
        (each.clause.partition(":")[2], _day(each.due_on), _day(each.met_on), each.standing_words, each.title)
        for each in case.clocks
    ]
    return Section(title="Clocks", blocks=(table("Each with its day", ("Clause", "Due", "Met", "How", "What"), rows),))


def _timeline(case: CaseView, *, with_notes: bool) -> Section:
    left_out = _NEVER_TOLD if with_notes else _NEVER_TOLD | {NoteAdded.tag}
    rows = [
        (f"{_day(at.date())} {at:%H:%M}", line.actor, line.sentence)
        for line in reversed(case.history)
        if line.tag not in left_out
        for at in (line.at.astimezone(LONDON),)
    ]
    return Section(title="Timeline", blocks=(table("Every entry", ("When", "Who", "What"), rows),))
