"""The feedback survey: OfferSurvey, RecordSurveyAnswer, MakeSurveyLink and AnswerSurvey. Answers are counted apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic import Field
from sqlmodel import col, select

from core.code.survey import SURVEY
from core.commands.base import CaseCommand, Command, Work, asks, handles
from core.errors import BadInput, LinkOver, NotFound, StepNotOpen
from core.events.base import Event
from core.events.survey import SurveyAnswered, SurveyLinkMade, SurveyOffered
from core.model.complaints import Complaint
from core.model.monitoring import COUNCIL
from core.model.parties import Adjustment, Care
from core.model.survey import SurveyOffer
from core.permissions import Permission
from core.rules.facts import Outcome
from core.rules.monitoring import quarter_of
from core.rules.survey import SurveyReply, SurveyWay, month_of
from core.store.facts import CaseRows, load_case
from core.store.monitoring import received_in_quarter
from core.store.survey import Counted, add_survey

COMMENT = 4_000
ANSWERED = "This survey has been answered already. Thank you."


def _question(key: str) -> Any:
    """A field for one of the questions: its title and its answers stand in survey.toml."""
    title = SURVEY.questions[key].title
    return asks(title, widget="choice", options=f"survey_{key}", default=None, max_length=40)


class OfferSurvey(CaseCommand):
    """Offer the individual the feedback survey about the stage that was answered last."""

    needs = Permission.HANDLE
    clauses = ("lgsco:3.8",)
    title = "Offer the feedback survey"
    gist = (
        "Nobody has to be asked, and whoever asked to be left alone is not. With the letter or by hand: a link is made "
        "at a click afterwards."
    )

    way: SurveyWay = asks("How they get it", widget="choice")
    left_alone: bool = asks("They asked not to be contacted about it", widget="tick", default=False)
    fits: bool = asks("It suits what was agreed with them", widget="tick", default=False)


@handles(OfferSurvey)
def offer_survey(command: OfferSurvey, work: Work) -> Sequence[Event]:
    """Ask once after each stage how it was dealt with, in a way that suits whoever is asked [lgsco:3.8]."""
    case = work.open_case(command)
    stage = answered_stage(case)
    if work.session.get(SurveyOffer, (case.id, stage)) is not None:
        raise StepNotOpen(f"The survey about stage {stage} of {case.complaint.reference} has been offered. Ask once.")
    reply = SurveyReply.DECLINED if command.left_alone else SurveyReply.OFFERED
    if reply is SurveyReply.OFFERED:
        _reachable(case)
        _suits(command, case, work)
    _offer(case, stage, work, way=command.way, reply=reply)
    return [SurveyOffered(complaint_id=case.id, stage=stage, way=command.way.value, reply=reply.value)]


def _reachable(case: CaseRows) -> None:
    if not case.complaint.acknowledgement_possible:
        raise StepNotOpen(f"{case.complaint.reference} came without any way to reach them. No survey is offered.")


def _suits(command: OfferSurvey, case: CaseRows, work: Work) -> None:
    """An adjustment in force, or how somebody wants to be reached, is looked at before they are asked anything."""
    if command.fits:
        return
    running = (col(Adjustment.complaint_id) == case.id, col(Adjustment.ended_on).is_(None))
    agreed = list(work.session.exec(select(Adjustment.what).where(*running)))
    care = work.session.get(Care, case.id)
    told = [*agreed, *([care.preference] if care is not None and care.preference else [])]
    if told:
        raise BadInput(
            f"Agreed with them: {'; '.join(told)}. Offer the survey in a way that suits, by phone or on paper if need "
            "be, and tick that it does.",
            {"fits": "Look at what was agreed, and tick it."},
        )


class RecordSurveyAnswer(CaseCommand):
    """Count what somebody answered on paper or by phone."""

    needs = Permission.HANDLE
    clauses = ("lgsco:3.8",)
    title = "Record survey answers"
    gist = (
        "Only if they wish. The answers are counted without any link to the complaint, so nobody can find, change or "
        "take them back afterwards."
    )
    keeps_draft = False

    way: SurveyWay = asks("How they answered", widget="choice")
    easy: str | None = _question("easy")
    informed: str | None = _question("informed")
    understood: str | None = _question("understood")
    fair: str | None = _question("fair")
    handling: str | None = _question("handling")
    comment: str = asks("What they want to add", widget="area", default="", max_length=COMMENT)


@handles(RecordSurveyAnswer)
def record_survey_answer(command: RecordSurveyAnswer, work: Work) -> Sequence[Event]:
    """Keep the answers apart from everything else, once for a stage [lgsco:3.8]."""
    case = work.open_case(command)
    stage = answered_stage(case)
    offer = work.session.get(SurveyOffer, (case.id, stage))
    if offer is not None and offer.reply != SurveyReply.OFFERED:
        raise StepNotOpen(f"The survey about stage {stage} of {case.complaint.reference} is answered or not wanted.")
    if offer is None:
        offer = _offer(case, stage, work, way=command.way, reply=SurveyReply.OFFERED)
    given = {key: value for key in SURVEY.questions if (value := getattr(command, key)) is not None}
    return [_count(offer, case, given, command.comment, work)]


class MakeSurveyLink(Command):
    """Make the link to a survey that was offered; an earlier one stops working."""

    needs = Permission.HANDLE
    clauses = ("lgsco:3.8",)
    title = "Make a link to the survey"
    gist = "It is shown once, to go with the letter or to be handed over."

    reference: str = Field(max_length=20)
    link_id: str = Field(min_length=64, max_length=64)
    ends_at: datetime


@handles(MakeSurveyLink)
def make_survey_link(command: MakeSurveyLink, work: Work) -> Sequence[Event]:
    """Let somebody answer without an account and without anybody looking on [lgsco:3.8]."""
    case = load_case(work.session, command.reference, actor=work.actor)
    stage = answered_stage(case)
    offer = work.session.get(SurveyOffer, (case.id, stage))
    if offer is None or offer.reply != SurveyReply.OFFERED:
        raise StepNotOpen(f"No survey waits for an answer on {case.complaint.reference}. Offer it first.")
    offer.link_id, offer.link_ends_at = command.link_id, command.ends_at
    return [SurveyLinkMade(complaint_id=case.id, stage=stage, ends_at=command.ends_at)]


class AnswerSurvey(Command):
    """Count what somebody answered by a link. The link has then been used."""

    needs = Permission.RECEIVE
    clauses = ("lgsco:3.8",)
    title = "Answer the survey"
    gist = "Taken by the console itself from whoever opened the link."

    link_id: str = Field(min_length=64, max_length=64)
    answers: tuple[tuple[str, str], ...] = ()
    comment: str = Field(default="", max_length=COMMENT)


@handles(AnswerSurvey)
def answer_survey(command: AnswerSurvey, work: Work) -> Sequence[Event]:
    """Keep the answers apart from the complaint, once [lgsco:3.8]."""
    found = select(SurveyOffer).where(col(SurveyOffer.link_id) == command.link_id).with_for_update()
    offer = work.session.exec(found).first()
    if offer is None:
        raise NotFound("This link is not known here. Check that the whole address was copied.")
    over = survey_over(offer, now=work.now)
    if over:
        raise LinkOver(over)
    reference = work.session.get_one(Complaint, offer.complaint_id).reference
    case = load_case(work.session, reference, actor=work.actor)
    return [_count(offer, case, dict(command.answers), command.comment, work)]


def survey_over(offer: Any, *, now: datetime) -> str:
    """Why the link to a survey works no longer; "" while it works."""
    if offer.reply != SurveyReply.OFFERED:
        return ANSWERED
    if offer.link_ends_at is None or offer.link_ends_at <= now:
        return "This link has run out. If you still want to tell us, ask us for a new one."
    return ""


def answered_stage(case: CaseRows) -> int:
    """The stage whose answer the survey is about: the one that was answered last.

    Raises StepNotOpen when none has been answered.
    """
    answered = [number for number, stage in case.stages.items() if stage.responded_on is not None]
    if not answered:
        raise StepNotOpen(f"No stage of {case.complaint.reference} is answered yet. The survey comes after the answer.")
    return max(answered)


def _offer(case: CaseRows, stage: int, work: Work, *, way: SurveyWay, reply: SurveyReply) -> SurveyOffer:
    offer = SurveyOffer(
        complaint_id=case.id, stage_number=stage, offered_on=work.today, way=way.value, reply=reply.value
    )
    work.session.add(offer)
    return offer


def _count(offer: SurveyOffer, case: CaseRows, answers: Mapping[str, str], comment: str, work: Work) -> SurveyAnswered:
    """Check the answers, count them apart, and note on the offer that there is one."""
    wrong = {key: "Choose from the list." for key, value in answers.items() if not _listed(key, value)}
    if wrong:
        raise BadInput("An answer is not on its list. Choose again.", wrong)
    if not answers and not comment.strip():
        first = next(iter(SURVEY.questions))
        raise BadInput("Nothing is answered yet. Answer at least one question.", {first: "Choose an answer."})
    under = Counted(
        month=month_of(offer.offered_on),
        stage_number=offer.stage_number,
        scope=_scope(case, work),
        outcome=Outcome(case.stages[offer.stage_number].outcome or Outcome.OTHER),
    )
    work.session.flush()
    add_survey(work.session, answers, comment.strip(), under=under)
    offer.reply, offer.link_ends_at = SurveyReply.ANSWERED.value, None
    return SurveyAnswered(complaint_id=case.id, stage=offer.stage_number)


def _listed(key: str, value: str) -> bool:
    return key in SURVEY.questions and value in SURVEY.answers_to(key)


def _scope(case: CaseRows, work: Work) -> int:
    """The service to count by, where it has enough complaints of the quarter to hide one person among them."""
    service_id, quarter = case.complaint.service_id, quarter_of(case.complaint.received_on)
    if service_id is None:
        return COUNCIL
    many = received_in_quarter(work.session, quarter, service_id=service_id) >= SURVEY.limits.service_from
    return service_id if many else COUNCIL
