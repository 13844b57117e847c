"""Every role with every command and every query: the desk lets through exactly what is written out here once more.

What a step does once it is let through is tested elsewhere; here its handler only says that it was reached.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import pytest

import core.queries
from core.commands.base import COMMANDS, HANDLERS, CaseCommand, Command, Work
from core.desk import Desk
from core.errors import NotPermitted
from core.permissions import REFUSAL, Permission, Role
from core.queries.base import QUERIES, Asking
from tests.builders import Story
from tests.commands.test_permissions import MAY
from tests.conftest import Desks

P = Permission

# What each command needs, written by hand from issue 3, and not read from the product.
COMMAND_NEEDS = {
    P.RECORD: {"RecordComplaint", "RecordServiceRequest", "RecordWebComplaint", "KeepArrivedMail"},
    P.READ: {"OpenCase", "NoteExport", "OpenFile", "OpenLetter", "SaveSearch", "RemoveSearch"},
    P.HANDLE: {
        "Acknowledge", "AcknowledgeStageTwo", "AddNote", "AddPoint", "Extend", "RespondStageOne",
        "LinkCases", "UnlinkCases", "DismissMatch", "SplitPoint",
        "AssignServiceRequest", "AnswerServiceRequest", "CloseServiceRequest", "OfferComplaint", "RaiseComplaint",
        "TriageComplaint",
        "AddRepresentative", "RecordAuthority", "ChooseCorrespondent", "RemoveParty",
        "AgreeAdjustment", "ReviewAdjustment", "EndAdjustment", "KeepPreference", "FlagRisk", "LiftRisk",
        "NameOfficers", "DeclareConflict", "DismissMail", "ReopenMail",
        "PrepareLetter", "WriteLetter", "SendLetter", "DropLetter",
        "RecordPosition", "AskClarification", "RecordClarification", "RecordMeeting", "NoteEvidence", "WeighEvidence",
        "AssessComplaint",
        "RouteElsewhere", "RecordRouteStep", "RerouteComplaint", "KeepMonitoring",
        "QueueLetter", "WithdrawLetter", "RetryLetter", "RecordBounce", "CloseBounce",
        "RecordContact", "AnswerContact", "AgreeUpdates", "RecordLearning", "AcknowledgeFeedback", "OfferRemedy",
        "AgreeRemedy", "RecordPayment", "CompleteRemedy", "DeclareUndeliverable", "ReassignRemedy",
        "AskForInformation", "ChaseInformation", "EscalateInformation", "RecordInformation", "RaiseHandlingComplaint",
        "AnswerHandlingComplaint", "RecordRectification", "ExtendRectification", "AnswerRectification",
        "WithdrawInformationRequest", "MakeAnswerLink", "OfferSurvey",
        "RecordSurveyAnswer", "MakeSurveyLink", "ExplainBreach", "AskAgreement",
    },
    P.AGREE_SUM: {"AnswerAgreement"},
    P.LEARN: {
        "ProposeImprovement", "StartImprovement", "CompleteImprovement", "DropImprovement", "LinkToImprovement",
    },
    P.OVERSEE: {"FindThemes", "AcceptTheme", "DismissTheme", "CloseTheme"},
    P.QUALITY: {"DrawSample", "RecordCheck"},
    P.OMBUDSMAN: {
        "RecordEnquiry", "LinkOmbudsmanCase", "AnswerEnquiry", "RecordDraftDecision", "CommentOnDraft",
        "RecordOmbudsmanDecision", "CloseOmbudsmanCase", "AddRecommendation", "EnterAnnualLetter", "ReferToAssessor",
    },
    P.ASSESS: {"RecordAssessment"},
    P.ANSWER: {"AnswerClause"},
    P.SIGN: {"OpenAssessment", "FreezeAssessment", "SignAssessment", "RecordLargeChange"},
    P.REPORT: {
        "WriteNarrative", "MakeSnapshot", "ExplainDifference", "AddPublication", "RecordGoverningResponse",
        "PublishReport",
    },
    P.GOVERN: {"RecordReceipt", "KeepMemberReport"},
    P.RESTRICT: {"RestrictContact", "ReviewRestriction", "LiftRestriction"},
    P.ASSIGN: {"Assign", "AssignStageTwo", "ReleaseFile"},
    P.ESCALATE: {"OpenStageTwo"},
    P.REVIEW: {"RespondFinal"},
    P.REFUSE: {"RefuseComplaint", "RefuseEscalation"},
    P.POLICY: {"AddRefusalReason", "WithdrawRefusalReason", "PublishWording", "AdoptTemplate", "AdoptStandards",
        "AddCause", "WithdrawCause", "SetAuthority", "AdoptBehaviourPolicy",
        "AttachBehaviourPolicy", "AdoptPolicy", "ReviewPolicy", "AttachPolicy", "WithdrawPolicy",
        "ShelveGuidance", "ShelveSuggestions", "ReviewGuidance", "WithdrawGuidance", "AttachGuidance"},
    P.STAFF: {"AppointTo", "EndAppointment", "RecordTraining", "RecordContractorObjective"},
    P.END: {"Withdraw", "Reopen"},
    P.CORRECT: {"CorrectFact"},
    P.REQUESTS: {"ReviewServiceRequests"},
    P.IMPORT: {"ImportBatch", "AddServices", "FinishImport", "SaveMapping"},
    P.CALENDAR: {"ChangeCalendar", "SetUpCouncil"},
    P.LEDGER: {"RebuildDuties", "NoteLeftovers"},
    P.CONFIDE: {"KeepConfidential", "LiftConfidence"},
    P.EVIDENCE: {"AddFile", "ComplyWithRecommendation"},
    P.ACCOUNTS: {
        "AddColleague", "AddService", "GiveAccount", "MoveColleague", "RecordLeaver", "RecordReturn", "MakeLink",
        "EndSessions", "AddIntakeClient", "RevokeIntakeClient",
    },
    P.OWN: {"SignOut", "EndOwnSessions", "ChoosePassword", "SetSecondFactor", "SetFeed", "ChooseReminders",
        "AcknowledgeObjective"},
    P.DELIVER: {"NoteDelivery"},
    P.REMIND: {"DraftNotices", "DropNotices"},
    P.RETAIN: {
        "PlaceHold", "ReviewHold", "LiftHold", "RetainLonger", "SetRetention", "ProposeErasure", "ApproveErasure",
        "DropErasure",
    },
    P.ERASE: {"EraseApproved", "FinishErasure", "NoteScrub"},
    P.RECEIVE: {"AnswerByLink", "AnswerSurvey"},
    P.BUNDLE: {"MakeBundle", "OpenBundle"},
    P.DISCLOSE: {"RecordSubjectAccess", "RecordIdentity", "ExtendSubjectAccess", "AddSubjectCase", "RecordRuling",
        "AnswerSubjectAccess", "OpenDisclosure", "RemoveSubjectCase", "WithdrawSubjectAccess",
        "AskSubjectClarification", "RecordSubjectClarification"},
    P.ENTER: {"OpenSession", "RefuseSignIn", "LinkSignOn"},
}  # fmt: skip
QUERY_NEEDS = {
    P.READ: {
        "queue", "queue_counts", "queue_export", "search", "search_export", "own_searches", "search_requests",
        "case_view",
        "escalations", "my_day", "departures",
        "counted_cases", "case_files", "one_file", "confidence", "belonging", "case_people",
        "case_refusals", "considering", "refused_cases", "service_requests", "request_view", "request_reviews",
        "taken_in", "case_letters", "letter_view", "letter_template", "letters_list",
        "way_by_mail", "letters_on_their_way", "stuck_letters",
        "case_route", "routed_cases", "monitoring_asked", "corresponding", "my_morning", "feed_entries",
        "own_feedback", "case_remedies", "remedies_list", "case_questions", "questions", "case_surveys",
        "survey_comments", "ombudsman_list", "ombudsman_case", "case_at_ombudsman", "handling_complaints",
        "rectification_requests",
        "cases_behind", "behind", "what_if_changed", "register", "evidence_cases", "record_kept",
        "authority_limits", "sums_asked", "owed_beside",
    },
    P.HANDLE: {"arrived_mail", "one_arrived"},
    P.RECORD: {"intake_clock", "already_here", "complaints_from", "route_clocks"},
    P.CODE: {"lists", "counted_from", "policy_today", "examples_worked", "refusal_reasons", "shared_wording",
        "listed_causes", "you_said_we_did", "policy_versions", "policy_paper", "policy_file", "policy_check",
        "posts_held", "guidance_shelf", "step_guidance", "guidance_file", "retention_schedule",
        "behaviour_policies", "behaviour_file"},
    P.FIGURES: {
        "gap_report", "departure_counts", "import_sources", "refusals_by_category", "equality_figures",
        "standards_kept", "learning_figures", "quality_figures", "remedy_figures", "survey_figures",
        "ombudsman_figures", "ombudsmen_together", "figures", "figures_by_service", "figures_by_month",
        "figures_by_quarter", "months_due", "month_counted", "months_put_right", "dashboard", "signed_assessments",
        "what_if", "assessments", "assessment_view", "answers_given", "frozen_text",
        "assessment_owed", "assessment_evidence", "report_tables", "reports", "one_report", "report_differences",
        "narratives", "member_reports", "letter_reported",
        "contractor_scorecard",
    },
    P.LEARN: {"improvements", "themes_board", "category_insights"},
    P.REPORT: {"analysis_rows", "analysis_figures", "published_figures"},
    P.QUALITY: {"quality_samples"},
    P.CALENDAR: {"calendar_news", "moved_by"},
    P.IMPORT: {"known_complaints", "known_names", "counting", "import_runs", "import_problems", "saved_mappings"},
    P.LEDGER: {"duties_check", "ledger_proved", "letters_check"},
    P.ACCOUNTS: {"colleagues", "intake_clients"},
    P.AUDIT: {"audit"},
    P.OWN: {"own_account", "own_reminders", "own_training"},
    P.ASSIGN: {"managers_week"},
    P.PERFORMANCE: {"forecast", "extension_reasons"},
    P.DISCLOSE: {"subject_requests", "subject_request"},
    P.BUNDLE: {"case_bundles", "one_bundle", "letters_in_full", "colleagues_names"},
    P.STAFF: {"training_list", "contractors_agreed", "workload"},
    P.RETAIN: {"retention_board", "erasure_certificate", "erasure_left"},
}  # fmt: skip
NEEDED_BY_COMMAND = {name: needs for needs, names in COMMAND_NEEDS.items() for name in names}
NEEDED_BY_QUERY = {name: needs for needs, names in QUERY_NEEDS.items() for name in names}


def matrix_size() -> int:
    """How many pairs of a role and a command or query there are; every one of them is tried."""
    return len(Role) * (len(COMMANDS) + len(query_functions()))


class Reached(Exception):
    """The step was let through to its handler."""


def query_functions() -> dict[str, Any]:
    """Every public function of core.queries that names a permission."""
    modules = [import_module(f"core.queries.{module.name}") for module in iter_modules(core.queries.__path__)]
    found: dict[str, Any] = {}
    for module in modules:
        for name, each in vars(module).items():
            if hasattr(each, "needs") and each.__module__ == module.__name__:
                assert name not in found, f"two queries are called {name}"
                found[name] = each
    return found


def shaped(kind: type[Command], reference: str) -> Command:
    """A command of this kind, as far as the desk looks at it before its handler does."""
    given = {"command_id": f"matrix-{kind.__name__}"[:36]}
    if issubclass(kind, CaseCommand):
        given["reference"] = reference
        return kind.model_construct(**given, seen_version=None)
    return kind.model_construct(**given)


def test_each_command_and_query_needs_the_one_thing_written_here() -> None:
    """A new one is written into the table by hand, or this fails."""
    assert {name: kind.needs for name, kind in COMMANDS.items()} == NEEDED_BY_COMMAND
    assert {name: function.needs for name, function in query_functions().items()} == NEEDED_BY_QUERY
    assert QUERIES == NEEDED_BY_QUERY
    for needs in (*NEEDED_BY_COMMAND.values(), *NEEDED_BY_QUERY.values()):
        assert isinstance(needs, Permission)
    assert sum(map(len, COMMAND_NEEDS.values())) == len(COMMANDS), "a command stands twice in the table"
    assert sum(map(len, QUERY_NEEDS.values())) == len(QUERIES), "a query stands twice in the table"


def through(desk: Desk, command: Command) -> bool:
    """Whether the desk lets this person's command through to its handler; otherwise it says the grant's sentence."""
    try:
        desk.do(command)
    except Reached:
        return True
    except NotPermitted as error:
        assert str(error) == REFUSAL[type(command).needs]
        return False
    raise AssertionError("no handler was reached and nothing was refused")


def answered(desk: Desk, function: Any) -> bool:
    """Whether the desk lets this person's question through; the question itself is not asked."""

    def probe(asking: Asking) -> str:
        return "answered"

    probe.needs = function.needs  # type: ignore[attr-defined]
    try:
        return desk.ask(probe) == "answered"
    except NotPermitted as error:
        assert str(error) == REFUSAL[function.needs]
        return False


def pairs(desks: Desks, reference: str) -> Iterator[tuple[Role, str, bool, bool]]:
    """Every role with every command and query: whether it was let through, and whether it should be."""
    functions = query_functions()
    for desk in desks.of_every_role():
        role = desk.actor.role
        for name, kind in COMMANDS.items():
            yield role, name, through(desk, shaped(kind, reference)), role in MAY[NEEDED_BY_COMMAND[name]]
        for name, function in functions.items():
            yield role, name, answered(desk, function), role in MAY[NEEDED_BY_QUERY[name]]


def test_every_role_with_every_command_and_query(story: Story, desks: Desks, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the desk decides, before anything is read; a refusal is noted, and nothing else changes [lgsco:4.2]."""

    def reached(command: Command, work: Work) -> Any:
        raise Reached

    reference = story.record()
    for kind in list(HANDLERS):
        monkeypatch.setitem(HANDLERS, kind, reached)
    tried = list(pairs(desks, reference))
    assert len(tried) == matrix_size()
    assert len({(role, name) for role, name, *_ in tried}) == matrix_size()
    assert [(role, name) for role, name, let, should in tried if let is not should] == []
    assert story.tags(reference) == ["complaint.recorded"]
    refusals = sum(not let for _role, _name, let, _should in tried)
    assert story.tags().count("step.refused") == refusals
    assert story.verified() == len(story.tags())


def test_the_console_itself_is_let_through_everywhere(
    story: Story, desks: Desks, monkeypatch: pytest.MonkeyPatch
) -> None:
    def reached(command: Command, work: Work) -> Any:
        raise Reached

    reference = story.record()
    for kind in list(HANDLERS):
        monkeypatch.setitem(HANDLERS, kind, reached)
    assert all(through(desks.system, shaped(kind, reference)) for kind in COMMANDS.values())
    assert all(answered(desks.system, function) for function in query_functions().values())
