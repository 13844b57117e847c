"""What a case knows, in the words that its letters use."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlmodel import col, select

from core.code.catalogue import BLOCKS, LETTERS, SCHEMES
from core.commands.base import Work
from core.commands.remedy_facts import remedies_known
from core.letters.documents import LARGEST_POINTS, LEAST_POINTS
from core.letters.drafting import answers_listed, block_for, block_text, decision_words, ombudsmen_text, points_listed
from core.model.complaints import Answer
from core.model.letters import SharedWording
from core.model.parties import Adjustment, Party, Restriction
from core.model.people import Colleague, Person
from core.rules.facts import Outcome
from core.rules.s6_stages import acknowledge_by, current_date, overall_outcome
from core.store.facts import CaseRows, ident
from core.words import day_words

_ACKNOWLEDGING = ("Acknowledge", "AcknowledgeStageTwo")
_POINTS = re.compile(r"\b(\d{2})[ -]?(?:point|pt)", re.IGNORECASE)
_ANSWER = re.compile(r"answers\.(\d+)\.(outcome|reasons)")


def known_of(case: CaseRows, letter: str, typed: Mapping[str, str], work: Work) -> dict[str, str]:
    """What a letter may say of a case: its facts, then what was typed for the step, which comes first [lgsco:6.7]."""
    found = _answers(case, typed, work)
    return {
        **_facts(case, letter, work),
        **found,
        **remedies_known(case, letter, found["answers"], work),
        **_restriction(case, work),
        **_shared(case, letter, work),
        **{name: text for name, text in typed.items() if text.strip() and not _ANSWER.fullmatch(name)},
    }


def written_to(case: CaseRows, work: Work) -> str:
    """Whoever is written to, as on an envelope: somebody acting for the individual, or the individual [lgsco:3.6]."""
    statement = select(Party).where(col(Party.complaint_id) == case.id, col(Party.written_to).is_(True))
    party = work.session.exec(statement).first()
    person = work.session.get(Person, case.complaint.person_id) if case.complaint.person_id else None
    return on_the_envelope(party, person)


def on_the_envelope(party: Party | None, person: Person | None) -> str:
    """The lines of an envelope to somebody acting for the individual, or else to the individual; "" to nobody known."""
    if party is not None:
        return "\n".join(filter(None, (party.name, party.contact)))
    if person is None:
        return ""
    lines = (person.name, person.address, person.postcode) if person.address else (person.name, person.email)
    return "\n".join(filter(None, lines))


def agreed_print(case: CaseRows, work: Work) -> int | None:
    """The size of print, in points, that an adjustment in force names; None where none does [lgsco:5.6]."""
    in_force = (col(Adjustment.complaint_id) == case.id, col(Adjustment.ended_on).is_(None))
    return size_of_print(work.session.exec(select(Adjustment).where(*in_force)).all())


def size_of_print(in_force: Sequence[Adjustment]) -> int | None:
    """The size of print, in points, that adjustments name; None where none does [lgsco:5.6].

    The largest counts where several name one. An adjustment whose words give no size is for the officer to read.
    """
    said = " ".join(f"{each.what} {each.agreed_format}" for each in in_force)
    sizes = [size for size in map(int, _POINTS.findall(said)) if LEAST_POINTS <= size <= LARGEST_POINTS]
    return max(sizes, default=None)


def _facts(case: CaseRows, letter: str, work: Work) -> dict[str, str]:
    """Dates, people and words of the case. An acknowledgement names the date that follows from being sent today."""
    complaint, stage = case.complaint, case.current
    counting = work.counting(case)
    facts = case.stage_facts(stage.number)
    if LETTERS[letter].step in _ACKNOWLEDGING and facts.acknowledged_on is None:
        facts = replace(facts, acknowledged_on=work.today)
    handler = work.session.get(Colleague, stage.handler_id) if stage.handler_id else None
    requested = case.stages[2].received_on if 2 in case.stages else None
    return {
        "reference": complaint.reference,
        "received_on": day_words(complaint.received_on),
        "acknowledge_by": day_words(acknowledge_by(facts, **counting)),
        "respond_by": day_words(current_date(facts, **counting)),
        "requested_on": day_words(requested) if requested else "",
        "handler": handler.name if handler is not None else "",
        "understanding": stage.understanding or points_listed([point.text for point in case.points]),
        "outcomes_sought": stage.outcomes_sought or complaint.outcomes_sought,
    }


def _answers(case: CaseRows, typed: Mapping[str, str], work: Work) -> dict[str, str]:
    """What was found: as typed for the answer that is being written, or else as it stands on the record."""
    found: dict[int, tuple[Outcome | None, str]] = {}
    ids = {ident(point.id): point.number for point in case.points}
    at_stage = (col(Answer.point_id).in_(list(ids)), col(Answer.stage_number) == case.current.number)
    for row in work.session.exec(select(Answer).where(*at_stage)):
        found[ids[row.point_id]] = (Outcome(row.outcome), row.reasons)
    for point in case.points:
        outcome = typed.get(f"answers.{point.number}.outcome", "")
        reasons = typed.get(f"answers.{point.number}.reasons", "")
        if outcome or reasons:
            found[point.number] = (Outcome(outcome) if outcome in set(Outcome) else None, reasons)
    decided = [found[number][0] for number in found]
    listed = [(point.number, point.text, *found.get(point.number, (None, ""))) for point in case.points]
    return {"answers": answers_listed(listed), "decision": _overall(decided, len(case.points))}


def _overall(decided: list[Outcome | None], points: int) -> str:
    """The decision as a whole, once every point has one."""
    outcomes = [each for each in decided if each is not None]
    if not outcomes or len(outcomes) < points:
        return ""
    return decision_words(overall_outcome(outcomes))


def _restriction(case: CaseRows, work: Work) -> dict[str, str]:
    """The newest restriction in force, as its letter tells it [lgsco:5.11]."""
    in_force = (col(Restriction.complaint_id) == case.id, col(Restriction.ended_on).is_(None))
    newest = work.session.exec(select(Restriction).where(*in_force).order_by(col(Restriction.id).desc())).first()
    if newest is None:
        return {}
    due = next((row.due_on for row in case.reviews if row.restriction_id == newest.id and _owed(row)), None)
    return {
        "restriction": newest.what,
        "evidence": newest.evidence,
        "equality": newest.equality,
        "way_to_complain": newest.way_to_complain,
        "review_on": day_words(due) if due else "",
    }


def _owed(review: Any) -> bool:
    return review.reviewed_on is None and review.dropped_on is None


def _shared(case: CaseRows, letter: str, work: Work) -> dict[str, str]:
    """The wording that letters share, as it is in force today for the complaint's own Ombudsman [lgsco:3.7]."""
    published = published_wording(work)
    ombudsman = SCHEMES[case.complaint.scheme].ombudsman
    keys: set[str] = {block.key for block in BLOCKS.values()}
    told = {key: block_text(block_for(key, letter), published=published, ombudsman=ombudsman) for key in keys}
    each = ombudsmen_text(letter, case.schemes(), whole=case.complaint.scheme, published=published)
    return {**told, "ombudsman": each}


def published_wording(work: Work) -> dict[str, str]:
    """The council's own wording in force today, by the block's name."""
    begun = select(SharedWording).where(col(SharedWording.in_force_from) <= work.today)
    rows = work.session.exec(begun.order_by(col(SharedWording.in_force_from), col(SharedWording.id)))
    newest = {row.block: row.text for row in rows}
    return {block: text for block, text in newest.items() if text}
