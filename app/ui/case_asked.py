"""What a case page asks of the records, from one consistent view of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from core.desk import Desk
from core.events.bundles import BundleMade
from core.events.handling import HandlingComplaintRaised
from core.events.information import InformationAsked
from core.events.ombudsman import EnquiryRecorded, OmbudsmanCaseLinked
from core.events.outbox import LetterBounced, LetterQueued
from core.events.rectification import RectificationAsked
from core.events.survey import SurveyAnswered, SurveyLinkMade, SurveyOffered
from core.permissions import Permission
from core.queries.authority import SumLine, sums_asked
from core.queries.bundles import BundleLine, case_bundles
from core.queries.cases import CaseView, case_view
from core.queries.considering import Considering, considering
from core.queries.corresponding import Corresponding, corresponding
from core.queries.duplicates import Belonging, belonging
from core.queries.evidence import Confidence, FileLine, case_files, confidence
from core.queries.guidance import StepGuidance, step_guidance
from core.queries.handling import HandlingView, handling_complaints
from core.queries.information import Question, case_questions
from core.queries.letters import LetterLine, case_letters
from core.queries.monitoring import monitoring_asked
from core.queries.ombudsman import OmbudsmanRow, case_at_ombudsman
from core.queries.outbox import OnItsWay, letters_on_their_way
from core.queries.people import CasePeople, case_people
from core.queries.rectification import RectificationView, rectification_requests
from core.queries.refusals import CaseRefusals, case_refusals
from core.queries.remedies import CaseRemedies, case_remedies
from core.queries.retention import RecordKept, record_kept
from core.queries.routes import CaseRoute, case_route
from core.queries.survey import SurveyLine, case_surveys
from core.queries.triage import TakenInView, taken_in
from core.rules.monitoring import MonitoringReply

_BUNDLES = Permission.BUNDLE
_NONE_OFFERED = CaseRemedies(lines=())
_AT_OMBUDSMAN = {EnquiryRecorded.tag, OmbudsmanCaseLinked.tag}
_HANDLED = {HandlingComplaintRaised.tag}
_BUNDLED = {BundleMade.tag}
_ABOUT_DATA = {RectificationAsked.tag}
_BY_MAIL = {LetterQueued.tag, LetterBounced.tag}
_INFORMATION = {InformationAsked.tag}
_SURVEYED = {SurveyOffered.tag, SurveyLinkMade.tag, SurveyAnswered.tag}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One case and what belongs to it. `kept` says who sees a confidential one, None when everybody does."""

    case: CaseView
    kept: Confidence | None
    people: CasePeople
    taken: TakenInView | None
    refusals: CaseRefusals
    considering: Considering
    route: CaseRoute | None
    letters: tuple[LetterLine, ...]
    by_mail: Mapping[int, OnItsWay]
    corresponding: Corresponding
    remedies: CaseRemedies
    sums: tuple[SumLine, ...]
    questions: tuple[Question, ...]
    surveys: tuple[SurveyLine, ...]
    at_ombudsman: tuple[OmbudsmanRow, ...]
    handled: tuple[HandlingView, ...]
    bundles: tuple[BundleLine, ...]
    retention: RecordKept | None
    rectifying: tuple[RectificationView, ...]
    files: tuple[FileLine, ...]
    monitoring: MonitoringReply | None
    belonging: Belonging
    guidance: tuple[StepGuidance, ...]


def ask(here: Desk, reference: str, *, step: str = "") -> Asked:
    """Everything the page shows of one case at once, with what helps with a step whose form stands open.

    Raises NotFound when this person sees no such case.
    """
    with here.one_view():
        case = here.ask(case_view, reference)
        # The history says whether there is anything to ask about: most complaints never go to an Ombudsman.
        happened = {line.tag for line in case.history}
        return Asked(
            case=case,
            kept=here.ask(confidence, case.reference) if case.confidential else None,
            people=here.ask(case_people, case.reference),
            taken=here.ask(taken_in, case.reference),
            refusals=here.ask(case_refusals, case.reference),
            considering=here.ask(considering, case.reference),
            route=here.ask(case_route, case.reference),
            letters=here.ask(case_letters, case.reference),
            by_mail=here.ask(letters_on_their_way, case.reference) if happened & _BY_MAIL else {},
            corresponding=here.ask(corresponding, case.reference),
            remedies=here.ask(case_remedies, case.reference) if case.has_remedies else _NONE_OFFERED,
            sums=here.ask(sums_asked, case.reference),
            questions=here.ask(case_questions, case.reference) if happened & _INFORMATION else (),
            surveys=here.ask(case_surveys, case.reference) if happened & _SURVEYED else (),
            at_ombudsman=here.ask(case_at_ombudsman, case.reference) if happened & _AT_OMBUDSMAN else (),
            handled=here.ask(handling_complaints, case.reference) if happened & _HANDLED else (),
            bundles=here.ask(case_bundles, case.reference) if happened & _BUNDLED and here.may(_BUNDLES) else (),
            retention=here.ask(record_kept, case.reference),
            rectifying=here.ask(rectification_requests, case.reference) if happened & _ABOUT_DATA else (),
            files=here.ask(case_files, case.reference),
            monitoring=here.ask(monitoring_asked, case.reference),
            belonging=here.ask(belonging, case.reference),
            guidance=here.ask(step_guidance).get(step, ()) if step and here.may(Permission.CODE) else (),
        )
