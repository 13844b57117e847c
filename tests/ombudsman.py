"""Complaints at an Ombudsman and about our own handling, arranged through commands alone."""

from __future__ import annotations

from datetime import date
from typing import Any

from core.commands.annual_letters import EnterAnnualLetter
from core.commands.handling import (
    AnswerHandlingComplaint,
    RaiseHandlingComplaint,
    RecordAssessment,
    ReferToAssessor,
)
from core.commands.ombudsman import (
    AnswerEnquiry,
    CloseOmbudsmanCase,
    CommentOnDraft,
    LinkOmbudsmanCase,
    RecordDraftDecision,
    RecordEnquiry,
    RecordOmbudsmanDecision,
)
from core.commands.recommendations import AddRecommendation, ComplyWithRecommendation
from core.desk import Desk, Done
from core.permissions import Role
from core.rules.outside import CommentGround, HandlingOutcome, RecommendationKind
from tests.builders import Story, day
from tests.people import joined

ENQUIRY, RESPOND_BY, ANSWERED = day("2026-11-02"), day("2026-11-16"), day("2026-11-13")
DRAFT, COMMENTS_DUE, COMMENTED = day("2026-12-07"), day("2026-12-21"), day("2026-12-18")
DECIDED, DUE = day("2027-01-11"), day("2027-02-08")
RAISED, HANDLING_ANSWERED, REFERRED, ASSESSED = (
    day("2026-10-28"), day("2026-11-09"), day("2026-11-16"), day("2026-12-14"),
)  # fmt: skip
# A made-up council's letter: 25 + 35 + 16 = 76, and 13 of 16 is 81 per cent.
LETTER = {
    "dealt_with": "76", "not_for_us": "25", "assessed_and_closed": "35", "investigated": "16", "not_upheld": "3",
    "upheld": "13", "upheld_rate": "81", "similar_upheld_rate": "89", "population": "770000",
    "per_hundred_thousand": "1.7", "due": "10", "complied": "9", "late": "2", "complied_rate": "90",
    "remedied": "2", "remedied_rate": "15",
}  # fmt: skip


def last_id(story: Story, table: str) -> int:
    return max(int(row["id"]) for row in story.rows(table))


def enquiry(story: Story, reference: str = "", *, on: date = ENQUIRY, by: Desk | None = None, **fields: Any) -> int:
    """The Ombudsman writes; the row's id."""
    given: dict[str, Any] = {
        "ombudsman": "lgsco", "their_reference": f"26 000 {len(story.rows('ombudsman_case')) + 101}",
        "complaint": reference, "investigator": "Inga Investigator", "enquiry_on": on, "respond_by": RESPOND_BY,
        "subject": "Missed bins, and no answer to their calls.",
    }  # fmt: skip
    story.on(on)
    (by or story.desks.system).do(RecordEnquiry(**(given | fields)))
    return last_id(story, "ombudsman_case")


def answer(story: Story, of: int, on: date = ANSWERED, **fields: Any) -> Done:
    story.on(on)
    return story.desks.system.do(AnswerEnquiry(ombudsman_case_id=of, answered_on=on, answer="All files.", **fields))


def draft(story: Story, of: int, on: date = DRAFT, **fields: Any) -> Done:
    given = {"draft_on": on, "comments_due_on": COMMENTS_DUE, "draft": "Fault, and injustice by it."}
    story.on(on)
    return story.desks.system.do(RecordDraftDecision(ombudsman_case_id=of, **(given | fields)))


def comment(story: Story, of: int, on: date = COMMENTED, **fields: Any) -> Done:
    given = {"commented_on": on, "grounds": (CommentGround.FACT.value,), "comments": "The crew did call in May."}
    story.on(on)
    return story.desks.system.do(CommentOnDraft(ombudsman_case_id=of, **(given | fields)))


def decide(story: Story, of: int, on: date = DECIDED, outcome: str = "lgsco_upheld", **fields: Any) -> Done:
    given = {"decided_on": on, "outcome": outcome, "decision": "Fault causing injustice."}
    story.on(on)
    return story.desks.system.do(RecordOmbudsmanDecision(ombudsman_case_id=of, **(given | fields)))


def recommend(story: Story, of: int, *, on: date = DECIDED, **fields: Any) -> int:
    """Something is recommended; the row's id."""
    given = {"what": "Apologise in writing.", "kind": RecommendationKind.PERSONAL, "due_on": DUE}
    story.on(on)
    story.desks.system.do(AddRecommendation(ombudsman_case_id=of, **(given | fields)))
    return last_id(story, "recommendation")


def comply(story: Story, recommendation: int, on: date = DUE, *, by: Desk | None = None, **fields: Any) -> Done:
    given = {"complied_on": on, "evidence": "The letter of apology, sent that day."}
    story.on(on)
    return (by or story.desks.system).do(ComplyWithRecommendation(recommendation_id=recommendation, **(given | fields)))


def close(story: Story, of: int, on: date = DUE, **fields: Any) -> Done:
    story.on(on)
    return story.desks.system.do(CloseOmbudsmanCase(ombudsman_case_id=of, closed_on=on, **fields))


def link(story: Story, of: int, reference: str) -> Done:
    return story.desks.system.do(LinkOmbudsmanCase(ombudsman_case_id=of, complaint=reference))


def letter(story: Story, *, year: int = 2025, body: str = "lgsco", figures: Any = None, **fields: Any) -> Done:
    told = tuple((figures or LETTER).items())
    return story.desks.system.do(EnterAnnualLetter(body=body, year=year, figures=told, **fields))


# ------------------------------------------------------------------------------------------------- our own handling


def assessor(story: Story, name: str = "Ivo Independent") -> Desk:
    """Somebody from outside with an account."""
    return joined(story.office, name, Role.ASSESSOR)


def raised(story: Story, reference: str, *, on: date = RAISED, words: str = "Nobody rang me back.") -> int:
    story.on(on)
    story.desks.handler.do(RaiseHandlingComplaint(complaint=reference, raised_on=on, words=words))
    return last_id(story, "handling_complaint")


def answered(story: Story, of: int, on: date = HANDLING_ANSWERED) -> Done:
    story.on(on)
    return story.desks.system.do(AnswerHandlingComplaint(handling_id=of, answered_on=on, answer="We are sorry."))


def referred(story: Story, of: int, to: Desk, on: date = REFERRED) -> Done:
    story.on(on)
    return story.desks.system.do(
        ReferToAssessor(handling_id=of, assessor_id=to.actor.id, referred_on=on, referral="Were calls returned?")
    )


def assessed(story: Story, of: int, by: Desk, on: date = ASSESSED, **fields: Any) -> Done:
    given = {"assessed_on": on, "outcome": HandlingOutcome.PARTLY, "found": "Two of five calls were not returned."}
    story.on(on)
    return by.do(RecordAssessment(handling_id=of, **(given | fields)))
