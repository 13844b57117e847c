"""Fail at the first statement, the second, the third … and at COMMIT, until the command goes through: never half of it.

Every command is tried on both databases. After each fault the whole database is as it was before: compared whole if
anything was committed at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from core.code.conduct import Post
from core.code.guidance import GuidanceKind
from core.code.reports import ReportKind
from core.commands.access import (
    ChoosePassword,
    EndOwnSessions,
    LinkSignOn,
    NoteExport,
    OpenCase,
    OpenSession,
    RefuseSignIn,
    SetFeed,
    SetSecondFactor,
    SignOut,
)
from core.commands.accounts import (
    AddColleague,
    AddService,
    EndSessions,
    GiveAccount,
    MakeLink,
    MoveColleague,
    RecordLeaver,
    RecordReturn,
)
from core.commands.annual_letters import EnterAnnualLetter
from core.commands.arriving import DismissMail, KeepArrivedMail, NoteLeftovers, ReopenMail
from core.commands.authority import SetAuthority
from core.commands.base import COMMANDS, CaseCommand, Command
from core.commands.behaviour import AdoptBehaviourPolicy, AttachBehaviourPolicy
from core.commands.breaches import ExplainBreach
from core.commands.bundles import MakeBundle, OpenBundle
from core.commands.carrying_out import EraseApproved, FinishErasure, NoteScrub
from core.commands.causes import AddCause, WithdrawCause
from core.commands.conduct import (
    AcknowledgeObjective,
    AppointTo,
    EndAppointment,
    RecordContractorObjective,
    RecordTraining,
)
from core.commands.erasing import (
    ApproveErasure,
    DropErasure,
    ProposeErasure,
    SetRetention,
)
from core.commands.evidence import AddFile, OpenFile, ReleaseFile
from core.commands.governing import KeepMemberReport, PublishReport, RecordGoverningResponse, RecordReceipt
from core.commands.guidance import (
    AttachGuidance,
    ReviewGuidance,
    ShelveGuidance,
    ShelveSuggestions,
    WithdrawGuidance,
)
from core.commands.handling import (
    AnswerHandlingComplaint,
    RaiseHandlingComplaint,
    RecordAssessment,
    ReferToAssessor,
)
from core.commands.importing import AddServices, FinishImport, ImportBatch, SaveMapping
from core.commands.improving import (
    CompleteImprovement,
    DropImprovement,
    LinkToImprovement,
    ProposeImprovement,
    StartImprovement,
)
from core.commands.information_links import AnswerByLink, MakeAnswerLink, SentFile
from core.commands.letters_going_out import OpenLetter
from core.commands.matching import DismissMatch, LinkCases, UnlinkCases
from core.commands.notices import DraftNotices, DropNotices
from core.commands.ombudsman import (
    AnswerEnquiry,
    CloseOmbudsmanCase,
    CommentOnDraft,
    LinkOmbudsmanCase,
    RecordDraftDecision,
    RecordEnquiry,
    RecordOmbudsmanDecision,
)
from core.commands.organising import ChangeCalendar, RebuildDuties, SetUpCouncil
from core.commands.outbox import NoteDelivery
from core.commands.policies import AdoptPolicy, ReviewPolicy
from core.commands.policy_files import AttachPolicy
from core.commands.policy_withdrawing import WithdrawPolicy
from core.commands.quality import AcknowledgeFeedback, DrawSample, RecordCheck
from core.commands.recommendations import AddRecommendation, ComplyWithRecommendation
from core.commands.recording import AddNote, RecordComplaint
from core.commands.rectification import AnswerRectification, ExtendRectification, RecordRectification
from core.commands.refusal_reasons import AddRefusalReason, WithdrawRefusalReason
from core.commands.reminders import ChooseReminders
from core.commands.reporting import AddPublication, ExplainDifference, MakeSnapshot, PublicationKind, WriteNarrative
from core.commands.requests import (
    AnswerServiceRequest,
    AssignServiceRequest,
    CloseServiceRequest,
    OfferComplaint,
    RecordServiceRequest,
    ReviewServiceRequests,
)
from core.commands.searches import RemoveSearch, SaveSearch
from core.commands.self_assessment import (
    AnswerClause,
    FreezeAssessment,
    OpenAssessment,
    RecordLargeChange,
    SignAssessment,
)
from core.commands.splitting import SplitPoint
from core.commands.standards import AdoptStandards
from core.commands.subject_access import (
    AddSubjectCase,
    AnswerSubjectAccess,
    ExtendSubjectAccess,
    OpenDisclosure,
    RecordIdentity,
    RecordRuling,
    RecordSubjectAccess,
)
from core.commands.subject_clarifying import AskSubjectClarification, RecordSubjectClarification
from core.commands.subject_undoing import RemoveSubjectCase, WithdrawSubjectAccess
from core.commands.survey import AnswerSurvey, MakeSurveyLink, OfferSurvey
from core.commands.themes import AcceptTheme, CloseTheme, DismissTheme, FindThemes
from core.commands.triage import RaiseComplaint
from core.commands.web_forms import AddIntakeClient, RecordWebComplaint, RevokeIntakeClient
from core.commands.wording import AdoptTemplate, PublishWording
from core.desk import Desk, Office
from core.errors import BadInput
from core.model.complaints import Channel
from core.model.matches import LinkKind
from core.model.organisation import Layer
from core.model.requests import OfferReply, RequestOutcome
from core.permissions import SYSTEM, Role
from core.rules.outside import HandlingOutcome, RecommendationKind
from core.rules.rectification import RightAsked, RightOutcome
from core.rules.s8_reporting import Follows, LargeChange, SignOff, WhyAssessed
from core.rules.s9_oversight import Risk
from core.rules.steps import Position
from core.rules.survey import SurveyWay
from core.store.history import PastComplaint, PastPoint, PastStage
from core.store.schema import migrate
from tests import ombudsman as at
from tests.assessing import YEAR, contents, frozen, opened
from tests.assessing import answered as fully_answered
from tests.builders import ANSWER_DUE, ANSWERED, RECEIVED, Story, day, watched
from tests.bundles import answered_for, asked_for, bundle_of, bundle_on, clarified, ruled
from tests.commands.refusals import refused
from tests.commands.test_positions import OPEN_AT, doer
from tests.conduct import appoint, shelve
from tests.conftest import COLLEAGUES, SERVICES, Databases, bank_holidays
from tests.people import ADDRESS, file_on, link_of, session_of, with_account
from tests.policies import adopt, never_answered
from tests.quality import all_met, checked, sampled, sampled_month
from tests.reports import bare_snapshot, report_made, signed_report_made
from tests.requests import ask
from tests.retention import approved, kept_a_year, propose, when_due
from tests.themes import candidate, five_alike, theme

ALWAYS = Position.ONE_CONSIDERED


class Boom(Exception):
    """The fault that is injected."""


@dataclass(slots=True)
class Fault:
    """Fails at the nth statement: before it reaches the database, after it did, or at the COMMIT that follows."""

    at: int = 0
    when: str = "before"
    seen: int = 0
    committing: bool = False

    def before(self, *_: Any) -> None:
        self.seen += 1
        if self.when == "before" and self.seen == self.at:
            raise Boom

    def after(self, *_: Any) -> None:
        if self.when == "after" and self.seen == self.at:
            raise Boom

    def commit(self, *_: Any) -> None:
        self.seen += 1
        if self.seen == self.at:
            self.committing = True
            raise Boom


@contextmanager
def failing(office: Office, fault: Fault) -> Iterator[None]:
    """The fault is armed for what happens inside."""
    engine = office.database.engine
    hooks = (("before_cursor_execute", fault.before), ("after_cursor_execute", fault.after), ("commit", fault.commit))
    for name, hook in hooks:
        event.listen(engine, name, hook)
    try:
        yield
    finally:
        for name, hook in hooks:
            event.remove(engine, name, hook)


def past_complaint() -> PastComplaint:
    """One old complaint that fills every table an import writes."""
    return PastComplaint(
        old_reference="OLD-1",
        digest="d" * 64,
        row=2,
        one=PastStage(
            received_on=day("2026-01-05"),
            acknowledged_on=day("2026-01-12"),
            responded_on=day("2026-01-30"),
            extended_to=day("2026-02-02"),
            extension_told_on=day("2026-01-26"),
            extension_reason="Leave",
            outcome="upheld",
        ),
        points=(PastPoint(text="Bins", outcome="upheld"),),
        matter="Bins",
        words="Bins missed",
        channel=Channel.PHONE.value,
        person={"name": "Sam Sample", "email": "", "phone": "", "address": "", "postcode": "ZZ1 1ZZ"},
        note="From the old system",
    )


def without_a_case(story: Story) -> Mapping[type[Command], Callable[[], Command]]:
    """A command of each kind that is not about one complaint."""
    mourning = ((day("2026-09-21"), "Day of mourning", Layer.BANK_HOLIDAY, False),)
    return {
        RecordComplaint: lambda: RecordComplaint(
            individual="Sam Sample", words="Bins", matter="Bins", received_on=RECEIVED, issue_on=day("2020-01-06"),
            channel=Channel.PHONE, contact_phone="1", good_reason="They were in hospital.",
        ),
        RecordWebComplaint: lambda: RecordWebComplaint(
            individual="Sam Sample", words="Bins", matter="Bins", received_on=RECEIVED, issue_on=day("2020-01-06"),
            channel=Channel.WEB, contact_email="sam@sample.example", passed_on=True, client="Example site",
            sent_sha256="d" * 64, representative="Ada Advocate", representative_written_to=True, needs_told="Calls.",
        ),
        ChangeCalendar: lambda: ChangeCalendar(source="GOV.UK", rows=mourning),
        RebuildDuties: lambda: RebuildDuties(references=(story.record(),)),
        ImportBatch: lambda: ImportBatch(source="old system", complaints=(past_complaint(),)),
        AddServices: lambda: AddServices(source="old system", names=("Cemeteries",)),
        FinishImport: lambda: FinishImport(
            source="old system", file_name="old.csv", sha256="d" * 64, mapping="{}",
            rows=1, added=1, unchanged=0, problem_count=0,
        ),
        SaveMapping: lambda: SaveMapping(name="Old system", fingerprint="f", mapping="{}"),
        AddRefusalReason: lambda: AddRefusalReason(
            reason="A by-law decides it", other_route="The magistrates.", equality_note="Nobody in particular.",
            in_force_from=story.clock.now.date(),
        ),
        AdoptStandards: lambda: AdoptStandards(
            kept=True, in_force_from=story.clock.now.date(), resolution="The cabinet, minute 4 of 1 September"
        ),
        AdoptTemplate: lambda: AdoptTemplate(name="letter.docx", sha256="a" * 64),
        PublishWording: lambda: PublishWording(
            block="contact", text="Ring us on 01632 960 001.", in_force_from=story.clock.now.date(),
            approved_by="The complaints manager",
        ),
        WithdrawRefusalReason: lambda: WithdrawRefusalReason(**story.reason("court_begun"), why="Never used."),
    }  # fmt: skip


def about_people(story: Story) -> Mapping[type[Command], Callable[[], tuple[Desk, Command]]]:
    """A command of each kind about accounts, sessions and looking, with the desk that may take it."""
    desks, console, later = story.desks, story.desks.system, story.clock.now + timedelta(hours=1)
    who, fresh = desks.handler.actor.id, "f" * 64
    failure = {"name": "Nobody", "name_hash": fresh, "address": ADDRESS, "why": "wrong name or password"}

    def here() -> Desk:
        return with_account(desks.handler)

    def leaving() -> Command:
        session_of(here())
        reference = story.acknowledged()
        story.assign(reference)
        story.keep_confidential(reference)
        return RecordLeaver(colleague_id=who, successor_id=desks.other_handler.actor.id)

    def returning() -> Command:
        console.do(RecordLeaver(colleague_id=who))
        return RecordReturn(colleague_id=who)

    def revoking() -> Command:
        console.do(AddIntakeClient(name="Example site", key_hash="e" * 64))
        return RevokeIntakeClient(client_id=story.rows("intake_client")[0]["id"], why="It leaked.")

    def arriving() -> Command:
        return KeepArrivedMail(identity="1" * 64, sha256="2" * 64, name="a.eml", sender="Sam Sample", subject="Bins")

    def dismissing() -> Command:
        console.do(arriving())
        return DismissMail(mail_id=story.rows("arrived_mail")[0]["id"], why="An advertisement.")

    def reopening() -> Command:
        console.do(dismissing())
        return ReopenMail(mail_id=story.rows("arrived_mail")[0]["id"])

    def leaving_over() -> Command:
        console.do(dismissing())
        return NoteLeftovers(files=1, before=later)

    def linking() -> Command:
        link_id = link_of(here())
        return LinkSignOn(colleague_id=who, issuer="https://id.example", subject="42", link_id=link_id)

    return {
        OpenSession: lambda: (console, OpenSession(
            colleague_id=here().actor.id, session_id=fresh, how="password", ends_at=later, totp_step=1,
        )),
        RefuseSignIn: lambda: (console, RefuseSignIn(**failure)),
        SignOut: lambda: (desks.handler, SignOut(session_id=session_of(here()))),
        EndOwnSessions: lambda: (desks.handler, EndOwnSessions(keep=session_of(session_twice(here())))),
        ChoosePassword: lambda: (here(), ChoosePassword(password_hash="h" * 90, link_id=link_of(desks.handler))),
        SetSecondFactor: lambda: (here(), SetSecondFactor(sealed_secret="sealed", totp_step=1)),
        LinkSignOn: lambda: (console, linking()),
        SetFeed: lambda: (desks.handler, SetFeed(token_hash=fresh)),
        OpenCase: lambda: (desks.handler, OpenCase(reference=story.record())),
        NoteExport: lambda: (desks.handler, NoteExport(what="The queue", rows=3)),
        AddColleague: lambda: (console, AddColleague(
            name="Nia New", sign_in_name="nia@sample.example", role=Role.HANDLER, services=(1, 2),
        )),
        AddService: lambda: (console, AddService(name="Cemeteries")),
        AddIntakeClient: lambda: (console, AddIntakeClient(name="Example site", key_hash=fresh)),
        RevokeIntakeClient: lambda: (console, revoking()),
        KeepArrivedMail: lambda: (console, arriving()),
        DismissMail: lambda: (desks.handler, dismissing()),
        ReopenMail: lambda: (desks.handler, reopening()),
        NoteLeftovers: lambda: (console, leaving_over()),
        GiveAccount: lambda: (console, GiveAccount(colleague_id=who, sign_in_name="hana@sample.example")),
        MoveColleague: lambda: (console, MoveColleague(colleague_id=who, role=Role.REVIEWER, services=(1,))),
        RecordLeaver: lambda: (console, leaving()),
        RecordReturn: lambda: (console, returning()),
        MakeLink: lambda: (console, MakeLink(
            colleague_id=with_account(desks.handler, second_factor=True).actor.id, link_id=fresh, ends_at=later,
            forget_second_factor=True,
        )),
        EndSessions: lambda: (console, EndSessions(colleague_id=session_twice(here()).actor.id)),
        AddFile: lambda: (desks.handler, AddFile(
            reference=story.record(), name="a.pdf", media_type="application/pdf", size=1, sha256=fresh,
        )),
        MakeAnswerLink: lambda: (desks.handler, MakeAnswerLink(**linked(story, "e" * 64, again=fresh))),
        AnswerByLink: lambda: (console, answered_by(linked(story, fresh)["link_id"])),
        MakeSurveyLink: lambda: (desks.handler, MakeSurveyLink(**surveyed(story, link_id=fresh))),
        AnswerSurvey: lambda: (console, answering_survey(story, link_id=fresh)),
        ReleaseFile: lambda: (desks.manager, ReleaseFile(
            file_id=file_on(story, story.record(), why_held="Not scanned yet."), why="Looked at elsewhere.",
        )),
        OpenLetter: lambda: (desks.handler, OpenLetter(letter_id=story.draft(story.record()), form="PDF")),
        MakeBundle: lambda: (desks.manager, bundle_of(story.record())),
        RecordSubjectAccess: lambda: (desks.manager, RecordSubjectAccess(
            name="Sam Sample", received_on=story.clock.now.date(),
        )),
        RecordIdentity: lambda: (desks.manager, RecordIdentity(
            request_id=asked_for(story), identity_on=story.clock.now.date(), identity_how="passport seen",
        )),
        ExtendSubjectAccess: lambda: (desks.manager, ExtendSubjectAccess(
            request_id=asked_for(story), told_on=story.clock.now.date(), why="Many cases.",
        )),
        AddSubjectCase: lambda: (desks.manager, AddSubjectCase(
            request_id=asked_for(story), reference=story.record(), why="The same address.",
        )),
        RemoveSubjectCase: lambda: (desks.manager, RemoveSubjectCase(
            reference=(own := story.record()), request_id=asked_for(story, own), reason="A namesake.",
        )),
        AskSubjectClarification: lambda: (desks.manager, AskSubjectClarification(
            request_id=asked_for(story), asked_on=story.clock.now.date(), what="Which years?", why="Thirty years.",
        )),
        RecordSubjectClarification: lambda: (desks.manager, RecordSubjectClarification(
            request_id=clarified(story), answered_on=story.clock.now.date(), answer="The last two.",
        )),
        WithdrawSubjectAccess: lambda: (desks.manager, WithdrawSubjectAccess(
            request_id=asked_for(story), withdrawn_on=story.clock.now.date(), reason="They rang.",
        )),
        RecordRuling: lambda: (desks.manager, ruled(asked_for(story))),
        AnswerSubjectAccess: lambda: (desks.manager, AnswerSubjectAccess(
            request_id=asked_for(story), sha256="ef" * 32, size=1_000,
        )),
        OpenDisclosure: lambda: (desks.manager, OpenDisclosure(request_id=answered_for(story))),
        OpenBundle: lambda: (desks.manager, OpenBundle(bundle_id=bundle_on(story, story.record()))),
        OpenFile: lambda: (desks.handler, OpenFile(file_id=file_on(story, story.record()))),
        LinkCases: lambda: (console, LinkCases(
            reference=story.record(), other=story.record(), kind=LinkKind.SAME_PERSON, why="One household.",
        )),
        SaveSearch: lambda: (desks.handler, SaveSearch(name=f"Bins {fresh}", looks_for="text=bins")),
        RemoveSearch: lambda: (desks.handler, removing_search(story, fresh)),
        UnlinkCases: lambda: (console, unlinking(story)),
        DismissMatch: lambda: (console, DismissMatch(
            reference=story.record(), other=story.record(), why="A namesake.",
        )),
        NoteDelivery: lambda: (console, NoteDelivery(outbox_id=queued_row(story), why="No such mailbox.")),
        DraftNotices: lambda: (console, drafted_soon(story)),
        DropNotices: lambda: (console, dropped_soon(story)),
        ChooseReminders: lambda: (desks.handler, ChooseReminders(address="hana@sample.example")),
        **about_requests(story),
        **about_the_ombudsman(story),
        **about_retention(story),
    }  # fmt: skip


def removing_search(story: Story, fresh: str) -> RemoveSearch:
    """A search is taken off the list of whoever kept it."""
    story.desks.handler.do(SaveSearch(name=fresh, looks_for="text=bins"))
    return RemoveSearch(name=fresh)


def unlinking(story: Story) -> UnlinkCases:
    """The end of a link between two cases."""
    one, two = story.record(), story.record()
    story.desks.handler.do(LinkCases(reference=one, other=two, kind=LinkKind.GROUP))
    return UnlinkCases(reference=two, other=one, why="Two different streets.")


def drafted_soon(story: Story) -> DraftNotices:
    """A letter about a late answer is to be begun now."""
    story.acknowledged()
    story.on(ANSWER_DUE)
    return DraftNotices()


def dropped_soon(story: Story) -> DropNotices:
    """A draft of the console's own has lost its point."""
    reference = story.acknowledged()
    story.on(ANSWERED).desks.system.do(DraftNotices())
    story.respond(reference)
    return DropNotices()


def about_policies(story: Story) -> dict[type[Command], Callable[[], tuple[Desk, Command]]]:
    """A command of each kind about the council's own policy."""
    manager = story.desks.manager
    today = story.clock.now.date()

    def reading() -> ReviewPolicy:
        manager.do(adopt(in_force_from=today))
        return ReviewPolicy(item="ombudsman", said=True, where="Page 3.")

    def withdrawing() -> WithdrawPolicy:
        manager.do(adopt(in_force_from=today + timedelta(days=1)))
        return WithdrawPolicy(policy_id=2, why="The wrong day.")

    return {
        WithdrawPolicy: lambda: (manager, withdrawing()),
        AdoptPolicy: lambda: (manager, adopt(in_force_from=today, words="How to complain", respond_stage_one=15,
            good_reason="One team serves two councils.")),
        AttachPolicy: lambda: (manager, AttachPolicy(policy_id=1, name="policy.pdf", media_type="application/pdf",
            size=1, sha256="f" * 64)),
        ReviewPolicy: lambda: (manager, reading()),
        ExplainBreach: lambda: (manager, ExplainBreach(duty_id=never_answered(story)["id"], reason="Nobody asked.")),
    }  # fmt: skip


def about_retention(story: Story) -> dict[type[Command], Callable[[], tuple[Desk, Command]]]:
    """A command of each kind about records that have come to their end."""
    desks, console = story.desks, story.desks.system

    def due() -> tuple[str, ...]:
        kept_a_year(story)
        reference = story.answered()
        when_due(story, reference)
        return (reference,)

    def proposed() -> tuple[str, ...]:
        references = due()
        propose(story, *references)
        return references

    def waiting() -> EraseApproved:
        kept_a_year(story)
        approved(story, story.answered())
        return EraseApproved(most=10)

    def under_way() -> FinishErasure:
        console.do(waiting())
        return FinishErasure()

    return {
        SetRetention: lambda: (desks.manager, SetRetention(
            kind="complaint", years=2, in_force_from=story.clock.now.date(), source="Minute 7", reason="Enough.",
        )),
        ProposeErasure: lambda: (desks.manager, ProposeErasure(references=due())),
        ApproveErasure: lambda: (desks.senior_lead, ApproveErasure(references=proposed())),
        DropErasure: lambda: (desks.manager, DropErasure(references=proposed(), reason="Still needed.")),
        EraseApproved: lambda: (console, waiting()),
        FinishErasure: lambda: (console, under_way()),
        NoteScrub: lambda: (console, NoteScrub(tables=140, log=True)),
    }  # fmt: skip


def behaviour_policy(story: Story) -> AdoptBehaviourPolicy:
    """A policy on unreasonable behaviour, about to be adopted."""
    told = {"name": "Behaviour policy", "in_force_from": story.clock.now.date(), "approved_by": "Cabinet, minute 4"}
    return AdoptBehaviourPolicy(**told)


def attaching_behaviour(story: Story) -> AttachBehaviourPolicy:
    """The file of one that is adopted."""
    story.desks.manager.do(behaviour_policy(story))
    told = {"name": "policy.pdf", "media_type": "application/pdf", "size": 9, "sha256": "b" * 64}
    return AttachBehaviourPolicy(policy_id=1, **told)


def about_learning(story: Story) -> dict[type[Command], Callable[[], tuple[Desk, Command]]]:
    """A command of each kind about causes, improvements and quality."""
    desks = story.desks
    handler, quality, console = desks.handler, desks.quality, desks.system

    def begun() -> int:
        number = story.improvement(story.record())
        today = story.clock.now.date()
        handler.do(StartImprovement(improvement_id=number, started_on=today, before="Nine misses a week."))
        return number

    return {
        SetAuthority: lambda: (console, SetAuthority(
            role=Role.HANDLER, pounds="200", in_force_from=story.clock.now.date(), why="Scheme of delegation, line 4",
        )),
        AdoptBehaviourPolicy: lambda: (console, behaviour_policy(story)),
        AttachBehaviourPolicy: lambda: (console, attaching_behaviour(story)),
        AddCause: lambda: (console, AddCause(cause="Roadworks", in_force_from=story.clock.now.date())),
        WithdrawCause: lambda: (console, WithdrawCause(**story.cause("delay"), why="Too wide.")),
        ProposeImprovement: lambda: (console, ProposeImprovement(
            what="Split the round.", owner_id=desks.manager.actor.id, due_on=day("2026-12-01"), risk=Risk.LOW,
            behind=story.record(),
        )),
        LinkToImprovement: lambda: (console, LinkToImprovement(
            improvement_id=story.improvement(), behind=story.record(),
        )),
        StartImprovement: lambda: (console, StartImprovement(
            improvement_id=story.improvement(), started_on=story.clock.now.date(), before="Nine misses a week.",
        )),
        CompleteImprovement: lambda: (console, CompleteImprovement(
            improvement_id=begun(), done_on=story.clock.now.date(), after="None.", you_said="Missed.", we_did="Split.",
        )),
        DropImprovement: lambda: (console, DropImprovement(improvement_id=story.improvement(), why="Not ours.")),
        DrawSample: lambda: (quality, DrawSample(month=sampled_month(story), size=1, seed=7)),
        RecordCheck: lambda: (quality, RecordCheck(sampled_id=sampled(story), marks=all_met())),
        FindThemes: lambda: (desks.manager, five_alike(story)),
        AcceptTheme: lambda: (desks.manager, AcceptTheme(
            theme_id=candidate(story), risk=Risk.HIGH, owner_id=desks.manager.actor.id, why="The rounds are too long.",
        )),
        DismissTheme: lambda: (desks.manager, DismissTheme(theme_id=candidate(story), why="A storm.")),
        CloseTheme: lambda: (desks.manager, CloseTheme(theme_id=theme(story), outcome="The rounds are shorter.")),
        **about_reports(story),
        AcknowledgeFeedback: lambda: (handler, AcknowledgeFeedback(check_id=checked(story), reply="Thank you.")),
    }  # fmt: skip


def about_reports(story: Story) -> dict[type[Command], Callable[[], tuple[Desk, Command]]]:
    """A command of each kind about reports."""
    console, today = story.desks.system, story.clock.now.date()
    why = "A complaint was recorded late."

    def told(kind: type[Command], **given: Any) -> tuple[Desk, Command]:
        return console, kind(snapshot_id=report_made(story), **given)

    return {
        WriteNarrative: lambda: (console, WriteNarrative(
            kind=ReportKind.YEARLY, day=today, box="analysis", text="Fewer bins were missed.",
        )),
        MakeSnapshot: lambda: (console, bare_snapshot()),
        ExplainDifference: lambda: told(ExplainDifference, figure="received", now="3", reason=why),
        AddPublication: lambda: (console, AddPublication(
            name="Bins left behind", kind=PublicationKind.FOCUS, published_on=today, address="https://example.org/bins",
        )),
        RecordReceipt: lambda: told(RecordReceipt, receiver="Mel Member", received_on=today),
        RecordGoverningResponse: lambda: told(
            RecordGoverningResponse, body="The cabinet", met_on=today, minute="12", words="Welcomed.",
        ),
        PublishReport: lambda: (console, PublishReport(
            snapshot_id=signed_report_made(story), address="https://example.org/report", published_on=today,
            good_reason="Purdah.",
        )),
        KeepMemberReport: lambda: (console, KeepMemberReport(
            about="Bins", reported_on=today, name="findings.pdf", sha256="f" * 64, size=1,
        )),
    }  # fmt: skip


def about_conduct(story: Story) -> dict[type[Command], Callable[[], tuple[Desk, Command]]]:
    """A command of each kind about posts, training, the objective and the guidance shelf."""
    manager, today = story.desks.manager, story.clock.now.date()
    who = story.desks.handler.actor.id
    copy = {"name": "guide.pdf", "media_type": "application/pdf", "size": 1, "sha256": "d" * 64}
    return {
        AppointTo: lambda: (manager, AppointTo(
            post=Post.OFFICER, colleague_id=who, since=today, appointed_by="The council",
        )),
        EndAppointment: lambda: (manager, EndAppointment(
            appointment_id=appoint(story, Post.OFFICER, "Olive Officer"), until=today,
        )),
        RecordTraining: lambda: (manager, RecordTraining(
            colleague_id=who, training="the_code", done_on=today, given_by="The team",
        )),
        AcknowledgeObjective: lambda: (story.desks.handler, AcknowledgeObjective(agreed=True)),
        RecordContractorObjective: lambda: (manager, RecordContractorObjective(
            contractor="Tidy Streets Ltd", acknowledged_on=today, signed_by="Con Director",
        )),
        ShelveGuidance: lambda: (manager, ShelveGuidance(
            guidance_title="Lessons", publisher="Sample Ombudsman", kind=GuidanceKind.FOCUS_REPORT,
            steps=("OfferRemedy",), questions="Who checks the rounds?",
        )),
        ShelveSuggestions: lambda: (manager, ShelveSuggestions()),
        ReviewGuidance: lambda: (manager, ReviewGuidance(guidance_id=shelve(story), found="It still holds.")),
        WithdrawGuidance: lambda: (manager, WithdrawGuidance(guidance_id=shelve(story), why="Out of date.")),
        AttachGuidance: lambda: (manager, AttachGuidance(guidance_id=shelve(story), **copy)),
    }  # fmt: skip


def linked(story: Story, link_id: str, *, again: str = "") -> dict[str, Any]:
    """A question has a link to answer by; what a link is made of, the same one or another in its place."""
    reference = story.acknowledged()
    told = {"reference": reference, "request_id": story.question(reference), "link_id": link_id}
    told["ends_at"] = story.clock.now + timedelta(weeks=4)
    story.desks.handler.do(MakeAnswerLink(**told))
    return {**told, "link_id": again or link_id}


def answered_by(link_id: str) -> AnswerByLink:
    """An answer with a file, sent by a link."""
    log = SentFile(name="log.pdf", media_type="application/pdf", size=1, sha256="c" * 64)
    return AnswerByLink(link_id=link_id, answered_by="Col Contractor", answer="At ten past seven.", files=(log,))


def surveyed(story: Story, *, link_id: str) -> dict[str, Any]:
    """The survey is offered after stage 1; what a link to it is made of."""
    reference = story.answered()
    story.desks.handler.do(OfferSurvey(reference=reference, way=SurveyWay.LINK))
    return {"reference": reference, "link_id": link_id, "ends_at": story.clock.now + timedelta(weeks=4)}


def answering_survey(story: Story, *, link_id: str) -> AnswerSurvey:
    """Answers to the survey, sent by a link that works."""
    story.desks.handler.do(MakeSurveyLink(**surveyed(story, link_id=link_id)))
    return AnswerSurvey(link_id=link_id, answers=(("handling", "satisfied"),), comment="Thank you.")


def about_assessing(story: Story) -> dict[type[Command], Callable[[], tuple[Desk, Command]]]:
    """A command of each kind about the self-assessment."""
    manager, today = story.desks.manager, story.clock.now.date()

    def merged() -> Command:
        return RecordLargeChange(kind=LargeChange.MERGER, changed_on=today, what="Two became one.")

    def open_again() -> Command:
        manager.do(merged())
        return OpenAssessment(
            why=WhyAssessed.MERGER, starts_on=YEAR[0], ends_on=YEAR[1], owner_id=manager.actor.id, about="Larger."
        )

    def freezing() -> Command:
        number = fully_answered(story)
        return FreezeAssessment(assessment_id=number, contents=contents(manager, number))

    return {
        RecordLargeChange: lambda: (manager, merged()),
        OpenAssessment: lambda: (manager, open_again()),
        AnswerClause: lambda: (manager, AnswerClause(
            assessment_id=opened(story), item="lgsco:6.2", answered_version=0, follows=Follows.PARTLY, due_on=today,
            commentary="One inbox.", action="Share it.", owner_id=manager.actor.id, service_ids=(1, 2),
        )),
        FreezeAssessment: lambda: (manager, freezing()),
        SignAssessment: lambda: (manager, SignAssessment(
            assessment_id=frozen(story), step=SignOff.OWNER, signed_on=today,
        )),
    }  # fmt: skip


def queued_row(story: Story) -> int:
    """The row of a letter that was given to go by e-mail."""
    story.queued(story.record())
    return int(story.rows("outbox")[-1]["id"])


def about_the_ombudsman(story: Story) -> dict[type[Command], Callable[[], tuple[Desk, Command]]]:
    """A command of each kind about an Ombudsman, and about our own handling."""
    console = story.desks.system

    def asked(*, decided: bool = False, linked: bool = True) -> int:
        of = at.enquiry(story, story.record() if linked else "")
        at.draft(story, of)
        if decided:
            at.decide(story, of)
        return of

    def assessing() -> tuple[Desk, Command]:
        by, of = at.assessor(story), at.raised(story, story.record())
        at.answered(story, of)
        at.referred(story, of, by)
        found = {"assessed_on": at.REFERRED, "outcome": HandlingOutcome.UPHELD, "found": "Late."}
        return by, RecordAssessment(handling_id=of, recommendation="Ring back.", due_on=at.DUE, **found)

    def referring() -> Command:
        by, of = at.assessor(story), at.raised(story, story.record())
        at.answered(story, of)
        return ReferToAssessor(handling_id=of, assessor_id=by.actor.id, referred_on=at.HANDLING_ANSWERED)

    return {
        RecordEnquiry: lambda: (console, RecordEnquiry(
            ombudsman="lgsco", their_reference="26 1", complaint=story.record(), enquiry_on=RECEIVED,
            respond_by=day("2026-09-21"), subject="Bins",
        )),
        LinkOmbudsmanCase: lambda: (console, LinkOmbudsmanCase(
            ombudsman_case_id=asked(linked=False), complaint=story.record(),
        )),
        AnswerEnquiry: lambda: (console, AnswerEnquiry(ombudsman_case_id=asked(), answered_on=at.DRAFT, answer="All.")),
        RecordDraftDecision: lambda: (console, RecordDraftDecision(
            ombudsman_case_id=asked(), draft_on=at.DRAFT, comments_due_on=at.COMMENTS_DUE, draft="Fault.",
        )),
        CommentOnDraft: lambda: (console, CommentOnDraft(
            ombudsman_case_id=asked(), commented_on=at.DRAFT, grounds=("error of law",), comments="No.",
        )),
        RecordOmbudsmanDecision: lambda: (console, RecordOmbudsmanDecision(
            ombudsman_case_id=asked(), decided_on=at.DRAFT, outcome="lgsco_upheld", decision="Fault.",
        )),
        CloseOmbudsmanCase: lambda: (console, CloseOmbudsmanCase(
            ombudsman_case_id=asked(decided=True), closed_on=at.DECIDED,
        )),
        AddRecommendation: lambda: (console, AddRecommendation(
            ombudsman_case_id=asked(decided=True), what="Say sorry.", kind=RecommendationKind.PERSONAL, due_on=at.DUE,
            owner_id=story.desks.handler.actor.id,
        )),
        ComplyWithRecommendation: lambda: (story.desks.handler, ComplyWithRecommendation(
            recommendation_id=at.recommend(story, asked(decided=True)), complied_on=at.DECIDED, evidence="Sent.",
        )),
        EnterAnnualLetter: lambda: (console, EnterAnnualLetter(
            body="lgsco", year=2020, figures=tuple(at.LETTER.items()),
        )),
        RaiseHandlingComplaint: lambda: (story.desks.handler, RaiseHandlingComplaint(
            complaint=story.record(), raised_on=RECEIVED, words="Nobody rang.",
        )),
        AnswerHandlingComplaint: lambda: (story.desks.handler, AnswerHandlingComplaint(
            handling_id=at.raised(story, story.record()), answered_on=at.RAISED, answer="Sorry.",
        )),
        ReferToAssessor: lambda: (console, referring()),
        RecordRectification: lambda: (story.desks.handler, RecordRectification(
            complaint=story.record(), right=RightAsked.ERASURE, received_on=RECEIVED, name="Ada", what="All of it.",
        )),
        ExtendRectification: lambda: (story.desks.handler, ExtendRectification(
            rectification_id=rectification_of(story), told_on=RECEIVED, why="There are many files.",
        )),
        AnswerRectification: lambda: (story.desks.handler, AnswerRectification(
            rectification_id=rectification_of(story), outcome=RightOutcome.DONE, answered_on=RECEIVED, answer="Done.",
        )),
        RecordAssessment: assessing,
    }  # fmt: skip


def rectification_of(story: Story) -> int:
    """A request about data that waits for its answer."""
    story.desks.handler.do(RecordRectification(
        complaint=story.record(), right=RightAsked.CORRECTION, received_on=RECEIVED, name="Ada", what="The street.",
    ))  # fmt: skip
    return int(story.rows("rectification_request")[-1]["id"])


def about_requests(story: Story) -> dict[type[Command], Callable[[], tuple[Desk, Command]]]:
    """A command of each kind about service requests."""
    desks, today, due = story.desks, RECEIVED, day("2026-09-21")

    def month_over() -> Command:
        ask(story, day("2026-08-03"))
        story.on(today)
        return ReviewServiceRequests(month=day("2026-08-31"), note="Slow hedges.")

    return {
        RecordServiceRequest: lambda: (desks.recorder, RecordServiceRequest(
            words="Cut the hedge, please.", received_on=today, channel=Channel.PHONE, why="First time.", due_on=due,
        )),
        AssignServiceRequest: lambda: (desks.handler, AssignServiceRequest(
            reference=ask(story), colleague_id=desks.handler.actor.id, due_on=due,
        )),
        AnswerServiceRequest: lambda: (desks.handler, AnswerServiceRequest(
            reference=ask(story), answered_on=today, answer="It is cut on Friday.", unhappy=True,
        )),
        CloseServiceRequest: lambda: (desks.handler, CloseServiceRequest(
            reference=ask(story, words="I am fed up."), closed_on=today, outcome=RequestOutcome.DONE,
            good_reason="They hung up.",
        )),
        OfferComplaint: lambda: (desks.handler, OfferComplaint(
            reference=ask(story), offered_on=today, reply=OfferReply.DECLINED,
        )),
        RaiseComplaint: lambda: (desks.handler, RaiseComplaint(
            reference=ask(story), expressed_on=today, words="Not good enough.", channel=Channel.EMAIL,
        )),
        ReviewServiceRequests: lambda: (desks.manager, month_over()),
    }  # fmt: skip


def session_twice(desk: Desk) -> Desk:
    """The colleague, with two sessions open."""
    session_of(desk)
    session_of(desk)
    return desk


def arranged(kind: type[Command], story: Story) -> tuple[Desk, Command]:
    """A command of this kind that will go through, and the desk that may take it."""
    people = (
        about_people(story)
        | about_learning(story)
        | about_policies(story)
        | about_assessing(story)
        | about_conduct(story)
    )
    if kind in people:
        return people[kind]()
    if not issubclass(kind, CaseCommand):
        story.acknowledged()  # so that there is something a change of calendar moves
        return story.desks.system, without_a_case(story)[kind]()
    position = next((place for place, steps in OPEN_AT.items() if kind.__name__ in steps), ALWAYS)
    reference = story.reach(position)
    # After the commit of a step on two cases it is looked up what its taker may read; for the console nothing is.
    desk = story.desks.system if kind is SplitPoint else doer(story, kind)
    return desk, story.ready(kind, reference)


def every_fault(office: Office, desk: Desk, command: Command, *, whens: Sequence[str] = ("before",)) -> int:
    """Try the command under every fault, each leaving no trace, until it goes through; how many faults there were.

    What the database holds before one statement is what it held after the one before it; `go.py prove` tries both, the
    last of `whens` until the command goes through.
    """
    faults = 0
    with watched(office) as unchanged:
        for when in whens:
            fault = Fault(when=when)
            while not (when != whens[-1] and fault.committing):
                fault = Fault(at=fault.at + 1, when=when)
                try:
                    with failing(office, fault):
                        assert not desk.do(command).again
                except Boom:
                    faults += 1
                    assert unchanged(), f"half of it was kept: {when} statement {fault.at}"
                else:
                    return faults
    raise AssertionError("it never went through")


def sound(office: Office) -> None:
    """What SQLite itself says of the file and of the search index."""
    if office.database.is_sqlite:
        with office.database.engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
            assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
            connection.exec_driver_sql("INSERT INTO search_fts(search_fts, rank) VALUES ('integrity-check', 1)")
            connection.exec_driver_sql("INSERT INTO case_fts(case_fts, rank) VALUES ('integrity-check', 1)")
            connection.exec_driver_sql("INSERT INTO request_fts(request_fts, rank) VALUES ('integrity-check', 1)")


@pytest.mark.parametrize(
    "kind", [kind for kind in COMMANDS.values() if kind is not SetUpCouncil], ids=lambda kind: kind.__name__
)
def test_no_command_is_ever_half_done(story: Story, kind: type[Command]) -> None:
    """All of it or none of it, whichever statement fails."""
    desk, command = arranged(kind, story)
    assert every_fault(story.office, desk, command) > 5
    assert story.verified() == len(story.tags())
    sound(story.office)


def test_one_changed_word_is_seen_once_it_is_kept(story: Story) -> None:
    """What every fault is judged by sees the smallest change, and nothing where it was taken back."""
    reference = story.record()
    change = sa.text("UPDATE complaint SET matter = 'bins' WHERE reference = :r")
    engine = story.office.database.engine
    with watched(story.office) as unchanged:
        with engine.connect() as connection:
            connection.execute(change, {"r": reference})
            connection.rollback()
        assert unchanged()
        with engine.begin() as connection:
            connection.execute(change, {"r": reference})
        assert not unchanged()
    with watched(story.office) as unchanged:
        with engine.begin() as connection:
            connection.execute(sa.text("UPDATE duty SET due_on = due_on"))
        assert unchanged(), "what was written and says the same is no change"


def test_a_refusal_that_keeps_something_is_seen(story: Story) -> None:
    """What every refusal is judged by: one word kept beside it, and one taken back again."""
    reference = story.record()

    def refused_beside(ending: str) -> None:
        with refused(story, BadInput), story.office.database.engine.connect() as connection:
            connection.exec_driver_sql("UPDATE complaint SET matter = 'bins'")
            getattr(connection, ending)()
            raise BadInput("That cannot be.")

    refused_beside("rollback")
    assert story.case(reference)["matter"] != "bins"
    with pytest.raises(AssertionError):
        refused_beside("commit")
    assert story.case(reference)["matter"] == "bins"


def test_setting_up_is_never_half_done(databases: Databases, database_kind: str) -> None:
    """Nor is the very first calendar, nor the council itself."""
    office = databases.office(database_kind, seeded=False)
    migrate(office.database)
    desk = Desk(office, SYSTEM)
    few = tuple(row for row in bank_holidays() if row[0].year == 2026)[:4]
    few += tuple(row for row in bank_holidays() if row[0].year in (2024, 2025, 2026) and row[0].month == 12)
    assert every_fault(office, desk, ChangeCalendar(source="list", rows=few)) > 10
    assert every_fault(office, desk, SetUpCouncil(council="Sample", services=SERVICES, colleagues=COLLEAGUES)) > 10
    sound(office)


def test_an_answer_lost_after_the_commit_is_given_again(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    """The line broke after COMMIT: asking again with the same command acts once."""
    reference = story.record()
    command = AddNote(reference=reference, text="Rang the depot.")
    dialect = story.office.database.engine.dialect
    commit = dialect.do_commit

    def commit_and_break(connection: Any) -> None:
        commit(connection)
        raise Boom

    with monkeypatch.context() as broken, pytest.raises(Boom):
        broken.setattr(dialect, "do_commit", commit_and_break)
        story.desks.handler.do(command)
    assert story.desks.handler.do(command).again
    assert len(story.rows("note")) == 1
    assert story.verified() == len(story.tags())
