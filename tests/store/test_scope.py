"""Row scope, one generated check: whatever is asked, a confidential complaint is not there for whoever is not named.

Every registered query is put with the arguments written here, by every unnamed person whose role permits it. A new
query fails the check until its arguments are written down.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from core.channels.bank_holidays import PublishedDay
from core.code.reports import ReportKind
from core.commands.access import OpenCase
from core.commands.adjusting import FlagRisk
from core.commands.base import COMMANDS, CaseCommand, Command
from core.commands.confidence import KeepConfidential, LiftConfidence
from core.commands.evidence import AddFile, OpenFile, ReleaseFile
from core.commands.holding import LiftHold, ReviewHold
from core.commands.importing import ImportBatch
from core.commands.information import RecordInformation
from core.commands.matching import DismissMatch, LinkCases
from core.commands.organising import ChangeCalendar, RebuildDuties
from core.commands.outbox import NoteDelivery, RetryLetter, WithdrawLetter
from core.commands.restricting import LiftRestriction, ReviewRestriction
from core.desk import Desk
from core.errors import ComplaintsError, NotFound
from core.model.matches import LinkKind
from core.model.organisation import Layer
from core.permissions import Actor, Role
from core.queries.analysis import VIEWS
from core.queries.audit import AuditFilter
from core.queries.base import QUERIES
from core.queries.calendar import moved_by
from core.queries.cases import case_view
from core.queries.duplicates import Intaken
from core.queries.duties_check import duties_check
from core.queries.escalations import escalations
from core.queries.evidence import case_files, confidence, one_file
from core.queries.facets import Facets
from core.queries.figures import CHOICES, Period
from core.queries.gap_report import KINDS
from core.queries.home import my_day
from core.queries.lists import lists
from core.queries.queue import QueueFilter, queue, queue_counts, queue_export
from core.queries.register import RegisterFilter
from core.queries.remedies import RemedyFilter
from core.queries.requests import RequestFilter
from core.queries.searching import search
from core.queries.what_if import Span, Trial
from core.rules.considering import ReachedBy
from core.rules.facts import Standing
from tests import ombudsman as at
from tests.assessing import opened
from tests.builders import Story, answers, day
from tests.bundles import asked_for, bundle_on
from tests.commands.refusals import refused
from tests.commands.test_faults import past_complaint
from tests.commands.test_matrix import query_functions
from tests.conftest import Desks
from tests.people import file_on, joined
from tests.reports import report_made
from tests.store.tampering import hands_in

THIS_YEAR = Period.financial_year(2026)
NOBODYS = "C-2026-999999"
MATTER, PERSON, WORD, WHY = (
    "Zebra crossing left unpainted",
    "Quentia Secretsson",
    "xylophone",
    "A glockenspiel is heard.",
)
FILE, FRIEND = "Marimba.jpg", "Vibrafia Friendly"
TODAY, LATER = day("2026-09-24"), day("2026-10-24")
HOLIDAY = ((day("2026-09-29"), "Day of mourning", Layer.BANK_HOLIDAY, False),)
Question = tuple[tuple[Any, ...], dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A confidential complaint that stands in every list, another that came from an old record, and who sees them."""

    story: Story
    desks: Desks
    reference: str
    imported: str
    routed: str
    file_id: int
    letter_id: int
    bundle_id: int
    subject_id: int
    ombudsman_id: int
    named: Desk
    named_lead: Desk

    @property
    def secrets(self) -> tuple[str, ...]:
        """What no answer to an unnamed person may hold."""
        return (self.reference, self.imported, self.routed, MATTER, PERSON, WORD, WHY, FILE, FRIEND)

    def unnamed(self) -> Iterator[Desk]:
        """A person of each role who is not named."""
        here = self.desks
        yield from (here.recorder, here.other_handler, here.other_reviewer, here.manager, here.senior_lead)
        yield from (here.member, here.quality, here.administrator, here.link_officer, here.assessor)


def long_course(story: Story, **given: Any) -> str:
    """A complaint sixteen weeks old, answered late this week with a reason, and just taken to stage 2."""
    reference = story.record(
        day("2026-06-01"), individual=PERSON, matter=MATTER, words=f"The {WORD} and the zebra.", postcode="ZZ9 9ZZ",
        service_id=1, **given,
    )  # fmt: skip
    story.acknowledge(reference, day("2026-06-08"))
    story.assign(reference)
    story.respond(reference, day("2026-09-21"), answers=answers(1), good_reason=WHY)
    story.open_two(reference, day("2026-09-23"))
    story.on(day("2026-09-24"))
    return reference


@pytest.fixture
def kept(story: Story, desks: Desks) -> Kept:
    reference = long_course(story)
    desks.manager.do(ImportBatch(source="old system", complaints=(past_complaint(),)))
    imported = next(row["reference"] for row in story.rows("complaint") if row["source"] == "old system")
    named = joined(story.office, "Mia Manager", Role.MANAGER)
    named_lead = joined(story.office, "Sia Senior", Role.SENIOR_LEAD)
    file_id = file_on(story, reference, name=FILE)
    (row,) = story.rows("outbox", letter_id=story.queued(reference))
    desks.system.do(NoteDelivery(outbox_id=row["id"], why=WHY))
    story.represent(reference, name=FRIEND)
    letter_id = story.draft(reference)
    story.message(reference, what=f"Rang about the {WORD}.")
    story.offer(reference, what=f"Repaint the {WORD}.")
    asked = story.question(reference, what=f"Who took the {WORD}?", name=FRIEND)
    answer_question(story, reference, asked, answer=f"The {WORD} is at the depot.")
    story.restrict(reference, what=f"No visits to the {WORD} hall.")
    desks.manager.do(FlagRisk(reference=reference, reason=WHY))
    routed = story.record(day("2026-09-21"), individual=PERSON, matter=MATTER, words=WORD, service_id=1)
    story.route(routed, on=day("2026-09-24"), why=WHY, told=f"All about the {WORD}.", taken_by=FRIEND)
    story.sum_asked(routed, "5,000", "4,000")
    ombudsman_id = at.enquiry(story, reference, on=TODAY, respond_by=TODAY, subject=f"The {WORD} itself.")
    at.decide(story, ombudsman_id, TODAY)
    at.recommend(story, ombudsman_id, on=TODAY, what=f"No more {WORD}.", due_on=TODAY)
    at.answered(story, handling_id := at.raised(story, reference, on=TODAY, words=WORD), TODAY)
    at.referred(story, handling_id, desks.assessor, TODAY)
    at.assessed(story, handling_id, desks.assessor, TODAY, found=WHY)
    bundle_id = bundle_on(story, reference, why=WHY)
    subject_id = asked_for(story, reference, name="Z. Asker", contact="ZZ9 9ZZ")
    opened(story)
    for each in (reference, imported, routed):
        story.keep_confidential(each, named, named_lead)
    report_made(story)
    return Kept(
        story=story, desks=desks, reference=reference, imported=imported, routed=routed, file_id=file_id,
        letter_id=letter_id, ombudsman_id=ombudsman_id, bundle_id=bundle_id,
        subject_id=subject_id, named=named, named_lead=named_lead,
    )  # fmt: skip


def answer_question(story: Story, reference: str, request_id: int, *, answer: str) -> None:
    """What was asked is answered by phone today."""
    told = {"request_id": request_id, "answered_on": TODAY, "reached_by": ReachedBy.PHONE, "answer": answer}
    story.desks.handler.do(RecordInformation(reference=reference, **told))


def just(*args: Any, **kwargs: Any) -> list[Question]:
    """One way to put a question."""
    return [(args, kwargs)]


FILTERS = [
    QueueFilter(),
    QueueFilter(unassigned=True),
    QueueFilter(service_id=1),
    QueueFilter(stage=2),
    QueueFilter(every=True),
    QueueFilter(kind="acknowledge_stage_two"),
    QueueFilter(due_from=day("2026-09-01"), due_until=day("2026-12-01")),
    QueueFilter(text=WORD),
    QueueFilter(text="zeb*"),
]
TEXTS = (WORD, "xylo*", PERSON, f'"{PERSON}"', MATTER, "ZZ9 9ZZ", "zebra -nothing", "crossing")
LONG = Period(day("2026-01-01"), day("2026-12-31"))
PATIENT = Trial(periods=(("respond_stage_one", 99),))  # by which the late answer would have come in time
HOLIDAYS = [PublishedDay(on=day("2026-12-25"), name="Christmas Day")]

# How each query is asked about a case: with what would find it, if it could be found.
ASKED: dict[str, Callable[[Kept], list[Question]]] = {
    "queue": lambda _: [((each,), {}) for each in FILTERS],
    "queue_counts": lambda _: [((each,), {}) for each in FILTERS],
    "queue_export": lambda _: [((each,), {}) for each in FILTERS],
    "search": lambda k: [((each,), {}) for each in (*TEXTS, k.reference, k.reference.lower(), k.imported, "OLD-1")],
    "own_searches": lambda _: just(),
    "search_export": lambda k: [
        *(((each,), {}) for each in TEXTS),
        *((("",), {"facets": each}) for each in (Facets(is_open=True), Facets(stage=2), Facets(person_of=k.reference))),
    ],
    "search_requests": lambda k: [((each,), {}) for each in (*TEXTS, k.reference, "SR-2026-000001")],
    "case_view": lambda k: [((each,), {}) for each in (k.reference, f" {k.reference.lower()} ", k.imported)],
    "escalations": lambda _: just(),
    "my_day": lambda _: [((), {}), ((), {"everyone": True})],
    "departures": lambda k: [((), {}), ((), {"reference": k.reference}), ((), {"clause": "lgsco:6.3"})],
    "counted_cases": lambda _: [
        ((), {"kind": kind, "standing": standing, **more})
        for kind in KINDS
        for standing in Standing
        for more in ({}, {"service": "Waste and recycling"}, {"source": "old system"}, {"month": "2026-06"})
    ],
    "case_bundles": lambda k: just(k.reference),
    "one_bundle": lambda k: just(k.bundle_id),
    "letters_in_full": lambda k: just(k.reference),
    "subject_requests": lambda _: just(),
    "owed_beside": lambda _: [((), {}), ((), {"own": True, "until": LATER})],
    "subject_request": lambda k: just(k.subject_id),
    "colleagues_names": lambda _: just(),
    "case_files": lambda k: just(k.reference),
    "one_file": lambda k: just(k.file_id),
    "case_letters": lambda k: [((each,), {}) for each in (k.reference, k.imported)],
    "letters_check": lambda _: just(),
    "letter_template": lambda _: just(),
    "letters_list": lambda _: [((), {"shown": each}) for each in ("drafts", "posted", "sent")],
    "letter_view": lambda k: just(k.letter_id),
    "way_by_mail": lambda k: just(k.letter_id),
    "letters_on_their_way": lambda k: [((each,), {}) for each in (k.reference, k.imported)],
    "stuck_letters": lambda _: just(),
    "case_people": lambda k: [((each,), {}) for each in (k.reference, k.imported)],
    "considering": lambda k: [((each,), {}) for each in (k.reference, k.imported)],
    "corresponding": lambda k: [((each,), {}) for each in (k.reference, k.imported)],
    "case_remedies": lambda k: [((each,), {}) for each in (k.reference, k.imported)],
    "remedies_list": lambda _: [((each,), {}) for each in (RemedyFilter(), RemedyFilter(over=True, service_id=1))],
    "authority_limits": lambda _: just(),
    "sums_asked": lambda k: [((), {}), ((k.routed,), {})],
    "remedy_figures": lambda _: just(since=day("2026-01-01"), until=LATER),
    "case_surveys": lambda k: [((each,), {}) for each in (k.reference, k.imported)],
    "survey_figures": lambda _: just(),
    "report_tables": lambda _: just(THIS_YEAR),
    "reports": lambda _: just(),
    "one_report": lambda _: just(1),
    "report_differences": lambda _: just(1),
    "narratives": lambda _: just(ReportKind.YEARLY, THIS_YEAR.start),
    "member_reports": lambda _: just(),
    "analysis_rows": lambda _: [((view,), {}) for view in VIEWS],
    "published_figures": lambda _: just(),
    "analysis_figures": lambda _: just(THIS_YEAR),
    "survey_comments": lambda _: just(),
    "case_questions": lambda k: [((each,), {}) for each in (k.reference, k.imported)],
    "questions": lambda _: [((), {}), ((), {"own": True})],
    "standards_kept": lambda _: [((), {}), ((), {"due_from": TODAY, "due_until": LATER})],
    "confidence": lambda k: [((k.reference,), {}), ((k.imported,), {})],
    "lists": lambda _: just(),
    "retention_board": lambda _: just(),
    "record_kept": lambda k: [((each,), {}) for each in (k.reference, k.imported)],
    "retention_schedule": lambda _: just(),
    "erasure_certificate": lambda _: just(1),
    "erasure_left": lambda _: just(),
    "register": lambda _: [((each,), {}) for each in (RegisterFilter(), RegisterFilter(clause="lgsco:6.3"))],
    "policy_versions": lambda _: just(),
    "policy_paper": lambda _: just(),
    "policy_file": lambda _: just(1),
    "behaviour_policies": lambda _: just(),
    "behaviour_file": lambda _: just(1),
    "policy_check": lambda _: just(),
    "what_if": lambda _: [((Trial(),), {}), ((PATIENT,), {"span": Span(until=LATER)})],
    "what_if_changed": lambda _: just(PATIENT, clock="respond_stage_one"),
    "moved_by": lambda _: just(HOLIDAY),
    "known_complaints": lambda _: just("old system", ["OLD-1"]),
    "duties_check": lambda _: just(),
    "audit": lambda k: [
        ((AuditFilter(),), {"limit": 500}),
        ((AuditFilter(reference=k.reference),), {}),
        ((AuditFilter(tag="confidence.kept"),), {}),
        ((AuditFilter(actor="Rita"),), {}),
    ],
    "ledger_proved": lambda _: just(),
    "colleagues": lambda _: just(),
    "intake_clients": lambda _: just(),
    "arrived_mail": lambda _: just(),
    "one_arrived": lambda _: just(1),
    "own_account": lambda _: just(),
    "own_reminders": lambda _: just(),
    "my_morning": lambda _: just(),
    "feed_entries": lambda _: just(),
    "managers_week": lambda _: just(),
    "gap_report": lambda _: [((), {}), ((), {"source": "old system"})],
    "departure_counts": lambda _: just(),
    "figures": lambda _: [((LONG,), {}), ((LONG,), {"service_id": 1})],
    "figures_by_service": lambda _: just(LONG),
    "figures_by_month": lambda _: just(LONG),
    "figures_by_quarter": lambda _: just(LONG),
    "months_due": lambda _: just(),
    "month_counted": lambda _: just(day("2026-06-01")),
    "months_put_right": lambda _: just(),
    "dashboard": lambda _: just(LONG),
    "forecast": lambda _: just(),
    "extension_reasons": lambda _: just(LONG),
    "behind": lambda _: just("received", LONG),
    "cases_behind": lambda _: [
        ((key, LONG), {}) for key in {part.source: key for key, (part, _) in CHOICES.items()}.values()
    ],
    "import_sources": lambda _: just(),
    "import_runs": lambda _: just(),
    "import_problems": lambda _: just(1),
    "saved_mappings": lambda _: just(),
    "known_names": lambda _: just(),
    "counting": lambda _: just(),
    "service_requests": lambda _: [((RequestFilter(closed=closed),), {}) for closed in (False, True)],
    "request_view": lambda _: just("SR-2026-000001"),
    "request_reviews": lambda _: just(),
    "taken_in": lambda k: [((k.reference,), {}), ((k.imported,), {})],
    "refusal_reasons": lambda _: just(),
    "listed_causes": lambda _: just(),
    "improvements": lambda _: just(),
    "themes_board": lambda _: just(),
    "category_insights": lambda _: just(),
    "quality_samples": lambda _: just(),
    "own_feedback": lambda _: just(),
    "quality_figures": lambda _: [((), {}), ((), {"first_month": TODAY.replace(day=1), "last_month": LATER})],
    "you_said_we_did": lambda _: just(),
    "learning_figures": lambda _: [((), {}), ((), {"answered_from": TODAY, "answered_until": LATER})],
    "assessments": lambda _: just(),
    "signed_assessments": lambda _: [((), {}), ((), {"scheme": "hos"})],
    "assessment_owed": lambda _: [((), {}), ((), {"scheme": "hos"})],
    "assessment_view": lambda _: just(1),
    "answers_given": lambda _: just(1, "lgsco:6.2"),
    "assessment_evidence": lambda _: just(1),
    "evidence_cases": lambda _: [((1, kind, "lgsco:6.2"), {}) for kind in ("departures", "missed")],
    "frozen_text": lambda _: just(1),
    "shared_wording": lambda _: just(),
    "monitoring_asked": lambda k: [((each,), {}) for each in (k.reference, k.imported)],
    "equality_figures": lambda _: [((), {}), ((), {"service_id": 1})],
    "case_refusals": lambda k: [((each,), {}) for each in (k.reference, k.imported)],
    "refusals_by_category": lambda _: just(),
    "refused_cases": lambda _: just(),
    "already_here": lambda _: [
        ((each,), {})
        for each in (
            Intaken(name=PERSON, matter=MATTER, words=WORD, service_id=1),
            Intaken(email="sam@sample.example"),
            Intaken(name=PERSON, postcode="ZZ9 9ZZ"),
        )
    ],
    "complaints_from": lambda _: just("sam@sample.example"),
    "belonging": lambda k: [((each,), {}) for each in (k.reference, k.imported)],
    "case_route": lambda k: [((each,), {}) for each in (k.reference, k.imported, k.routed)],
    "routed_cases": lambda _: [((), {}), ((), {"scheme": "adult_statutory"})],
    "route_clocks": lambda _: just("adult_statutory", TODAY),
    "intake_clock": lambda _: just(day("2026-09-24")),
    "counted_from": lambda _: just([(day("2026-09-24"), 5)]),
    "policy_today": lambda _: just(),
    "examples_worked": lambda _: just("lgsco:6.3"),
    "ombudsman_list": lambda _: just(),
    "ombudsman_case": lambda k: just(k.ombudsman_id),
    "case_at_ombudsman": lambda k: [((each,), {}) for each in (k.reference, k.imported)],
    "letter_reported": lambda _: just(2025),
    "ombudsman_figures": lambda _: [((body, 2026), {}) for body in ("lgsco", "assessor")],
    "ombudsmen_together": lambda _: just(2026),
    "handling_complaints": lambda k: [((), {}), ((k.reference,), {})],
    "rectification_requests": lambda k: [((), {}), ((k.reference,), {})],
    "calendar_news": lambda _: just(HOLIDAYS, source="GOV.UK"),
    "posts_held": lambda _: [((), {}), ((), {"on": TODAY})],
    "training_list": lambda _: just(),
    "own_training": lambda _: just(),
    "contractors_agreed": lambda _: just(),
    "contractor_scorecard": lambda _: [((), {}), ((), {"since": day("2026-01-01"), "until": LATER})],
    "workload": lambda _: just(),
    "guidance_shelf": lambda _: just(),
    "step_guidance": lambda _: just(),
    "guidance_file": lambda _: just(1),
}
SHOWN_TO_THE_NAMED = {
    "queue", "queue_export", "search", "search_export", "case_view", "escalations", "my_day", "departures",
    "counted_cases",
    "case_files", "one_file", "considering", "corresponding", "moved_by", "known_complaints", "already_here",
    "routed_cases",
        "stuck_letters", "case_remedies", "remedies_list", "sums_asked", "case_questions", "questions",
        "ombudsman_list", "ombudsman_case", "case_at_ombudsman", "handling_complaints", "cases_behind", "behind",
        "what_if_changed", "register", "workload",
}  # fmt: skip


def told(desk: Desk, name: str, question: Question) -> str:
    """What somebody is told: the answer as it is, or the sentence of a refusal."""
    args, kwargs = question
    try:
        return repr(desk.ask(query_functions()[name], *args, **kwargs))
    except ComplaintsError as refusal:
        return f"{type(refusal).__name__}: {refusal}"


def test_every_query_has_its_arguments_here() -> None:
    assert set(ASKED) == set(query_functions())
    assert set(ASKED) == set(QUERIES)


def test_nobody_unnamed_is_told_of_a_confidential_complaint_by_any_query(kept: Kept) -> None:
    """Lists, counts, hits, exports and the audit alike: it does not exist [lgsco:5.8]."""
    functions = query_functions()
    asked: dict[str, int] = dict.fromkeys(ASKED, 0)
    leaks = []
    for name, questions in ASKED.items():
        for desk in kept.unnamed():
            if not desk.may(functions[name].needs):
                continue
            for question in questions(kept):
                said = told(desk, name, question)
                asked[name] += 1
                if said.startswith("NotFound: There is no complaint"):
                    (given,), _ = question  # the sentence repeats what was asked with, and says nothing else
                    assert said == told(desk, name, ((NOBODYS,), {})).replace(NOBODYS, given)
                    continue
                leaks += [(desk.actor.name, name, question, each) for each in kept.secrets if each in said]
    assert leaks == []
    assert min(asked.values()) >= 1, asked


def test_whoever_is_named_is_shown_it_by_the_same_questions(kept: Kept) -> None:
    """So the check above looks where there is something to see."""
    for name in sorted(SHOWN_TO_THE_NAMED):
        said = [told(kept.named, name, question) for question in ASKED[name](kept)]
        known = (kept.reference, kept.imported, kept.routed, FILE, WORD)
        assert any(one in each for each in said for one in known), name
    assert "glockenspiel" in told(kept.named, "departures", ((), {}))
    assert kept.reference in told(kept.named_lead, "audit", ((AuditFilter(reference=kept.reference),), {}))
    seen = kept.named.ask(confidence, kept.reference)
    assert seen is not None
    assert seen.named == ("Hana Handler", "Mia Manager", "Rita Reviewer", "Sia Senior")


def everything_counted(desk: Desk) -> list[Any]:
    """Every count that a confidential complaint would raise."""
    strip = desk.ask(escalations)
    return [
        *(desk.ask(queue_counts, each) for each in FILTERS),
        *(desk.ask(queue, each).count for each in FILTERS),
        (strip.counts, strip.amber_count, strip.red_count),
        desk.ask(my_day, everyone=True).counts,
        desk.ask(my_day).unassigned,
        len(desk.ask(queue_export, QueueFilter())),
    ]


def test_counts_leave_it_out_as_lists_do(story: Story, desks: Desks) -> None:
    """The same numbers as before it came; the people named count it; lifted, everybody does [lgsco:5.8]."""
    story.assign(story.acknowledged())
    story.on(day("2026-09-24"))
    before = everything_counted(desks.manager)
    reference = long_course(story)
    shown = everything_counted(desks.manager)
    assert sum(was != now for was, now in zip(before, shown, strict=True)) == len(before)
    story.keep_confidential(reference)
    assert everything_counted(desks.manager) == before
    assert everything_counted(desks.reviewer)[0] == shown[0]
    story.lift(reference)
    assert everything_counted(desks.manager) == shown


def test_what_colleagues_have_open_is_counted_without_it(story: Story, desks: Desks) -> None:
    """Beside each name stands what they have in hand, the same for everybody: no confidential case [lgsco:5.8]."""

    def beside(desk: Desk) -> str:
        return next(each.note for each in desk.ask(lists).handlers if each.name == "Hana Handler")

    story.assign(story.acknowledged())
    story.assign(reference := story.acknowledged())
    assert beside(desks.manager) == "handler, 2 open"
    story.keep_confidential(reference)
    assert beside(desks.manager) == beside(desks.member) == beside(desks.handler) == "handler, 1 open"


def test_an_unnamed_person_is_told_what_is_told_of_a_reference_that_does_not_exist(kept: Kept) -> None:
    for desk in (kept.desks.manager, kept.desks.senior_lead, kept.desks.quality, kept.desks.link_officer):
        for asked in (kept.reference, NOBODYS):
            with pytest.raises(NotFound, match=f"There is no complaint {asked}. Check the reference"):
                desk.ask(case_view, asked)
        assert desk.ask(case_files, kept.reference) == desk.ask(case_files, NOBODYS) == ()
        assert desk.ask(confidence, kept.reference) is desk.ask(confidence, NOBODYS) is None
        for number in (kept.file_id, 99_999):
            with pytest.raises(NotFound, match="There is no such file"):
                desk.ask(one_file, number)


def commands_on(kept: Kept, reference: str) -> Iterator[tuple[Desk, Command]]:
    """Every command that names a complaint, as an unnamed person whose role permits it would take it."""
    manager, sha = kept.desks.manager, "c" * 64
    for kind in COMMANDS.values():
        if issubclass(kind, CaseCommand):
            ready = {
                LiftConfidence: lambda: LiftConfidence(reference=kept.reference, reason="Let me see."),
                KeepConfidential: lambda: KeepConfidential(reference=kept.reference, named=(1,), reason="Mine."),
                ReviewRestriction: lambda: ReviewRestriction(
                    reference=kept.reference,
                    restriction_id=1,
                    reviewed_on=TODAY,
                    found="Gone",
                    review_on=LATER,
                ),
                LiftRestriction: lambda: LiftRestriction(
                    reference=kept.reference,
                    restriction_id=1,
                    ended_on=TODAY,
                    why="Gone",
                ),
                LiftHold: lambda: LiftHold(reference=kept.reference, reason="It is over."),
                ReviewHold: lambda: ReviewHold(reference=kept.reference, found="Needed.", review_on=LATER),
                WithdrawLetter: lambda: WithdrawLetter(reference=kept.reference, letter_id=kept.letter_id),
                RetryLetter: lambda: RetryLetter(reference=kept.reference, letter_id=kept.letter_id),
            }.get(kind, lambda kind=kind: kept.story.ready(kind, kept.reference))()
            yield manager, ready.model_copy(update={"reference": reference})
    yield kept.desks.senior_lead, OpenCase(reference=reference)
    yield manager, OpenCase(reference=reference)
    yield manager, RebuildDuties(references=(reference,))
    other = kept.story.record(today=day("2026-09-24"))
    yield manager, LinkCases(reference=reference, other=other, kind=LinkKind.RELATED)
    yield manager, LinkCases(reference=other, other=reference, kind=LinkKind.RELATED)
    yield manager, DismissMatch(reference=reference, other=other, why="A namesake.")
    yield manager, AddFile(reference=reference, name="a.pdf", media_type="application/pdf", size=1, sha256=sha)


def test_every_command_on_it_by_somebody_unnamed_finds_nothing(kept: Kept) -> None:
    """In the words for a reference that does not exist, and nothing is written [lgsco:5.8]."""
    for reference in (kept.reference, NOBODYS):
        for desk, command in commands_on(kept, reference):
            with refused(kept.story, NotFound, match=f"There is no complaint {reference}"):
                desk.do(command)
    for number in (kept.file_id, 99_999):
        with refused(kept.story, NotFound, match="There is no such file"):
            kept.desks.manager.do(OpenFile(file_id=number))
        with refused(kept.story, NotFound, match="There is no such file"):
            kept.desks.manager.do(ReleaseFile(file_id=number, why="Let me see."))


def test_a_change_of_calendar_moves_it_and_tells_only_those_who_see_it(kept: Kept) -> None:
    """Its clock is the Code's as anybody's; its duties, the only ones moved, show to nobody unnamed [lgsco:6.2]."""
    story, ident = kept.story, kept.story.case(kept.reference)["id"]
    assert kept.desks.manager.ask(moved_by, HOLIDAY) == ()
    assert {duty.reference for duty in kept.named.ask(moved_by, HOLIDAY)} == {kept.reference}
    command = ChangeCalendar(source="GOV.UK", rows=HOLIDAY)
    done = kept.desks.manager.do(command)
    again = kept.desks.manager.do(command)
    assert again.again
    for each in (done, again):
        assert [event.tag for event in each.events] == ["holidays.changed"]
        assert len(each.sentences) == 1
    assert story.tags(kept.reference)[-1] == "duty.moved"
    assert story.duties(kept.reference)["acknowledge_stage_two"]["due_on"] == day("2026-10-01")
    taken_back = tuple((*row[:3], True) for row in HOLIDAY)
    back = kept.named.do(ChangeCalendar(source="GOV.UK", rows=taken_back))
    assert [event.complaint_id for event in back.events] == [None, ident, ident]
    assert story.verified() == len(story.tags())


def test_a_change_of_calendar_shows_an_open_complaint_and_not_the_confidential_one(kept: Kept) -> None:
    plain = kept.story.acknowledged()
    kept.story.on(day("2026-09-24"))
    done = kept.desks.manager.do(ChangeCalendar(source="GOV.UK", rows=((day("2026-09-25"), *HOLIDAY[0][1:]),)))
    moved = {event.complaint_id for event in done.events} - {None}
    assert moved == {kept.story.case(plain)["id"]}


def test_a_damaged_one_is_named_to_nobody_who_does_not_see_it(kept: Kept) -> None:
    """The check names what it finds; the console checks every complaint, a person those they see."""
    with hands_in(kept.story.office) as connection:
        connection.exec_driver_sql(
            f"UPDATE duty SET due_on = '2026-12-01' WHERE complaint_id = {kept.story.case(kept.reference)['id']}"  # noqa: S608
        )
    assert kept.desks.system.ask(duties_check).differing == (kept.reference,)
    for desk in (kept.desks.manager, kept.desks.administrator, kept.desks.senior_lead):
        assert desk.ask(duties_check).differing == ()


# ------------------------------------------------------------------------------------------------------------ services


def limited(desk: Desk, *services: int) -> Desk:
    """The same colleague, who sees only these services."""
    actor = desk.actor
    return Desk(desk.office, Actor(id=actor.id, name=actor.name, role=actor.role, services=frozenset(services)))


def seen_by(desk: Desk, references: Sequence[str]) -> set[str]:
    """Which of these complaints somebody sees, found to be the same wherever they look."""
    by_view = set()
    for each in references:
        try:
            by_view.add(desk.ask(case_view, each).reference)
        except NotFound:
            assert desk.ask(search, each).rows == ()
        else:
            assert [row.reference for row in desk.ask(search, each).rows] == [each]
    assert {row.reference for row in desk.ask(queue_export, QueueFilter())} == by_view
    assert {row.reference for row in desk.ask(queue, QueueFilter()).rows} == by_view
    assert {row.reference for row in desk.ask(search, "bins").rows} == by_view
    assert desk.ask(queue_counts, QueueFilter()).total == len(by_view)
    return by_view


def test_whoever_is_limited_to_services_sees_these_and_what_they_consider(story: Story, desks: Desks) -> None:
    """And no complaint without a service, unless they consider it or are named on it [lgsco:4.1]."""
    ours, theirs, given, none = (story.record(service_id=number) for number in (1, 2, 3, None))
    every = (ours, theirs, given, none)
    narrow = limited(desks.handler, 1)
    assert seen_by(narrow, every) == {ours}
    story.assign(given)
    assert seen_by(narrow, every) == {ours, given}
    assert seen_by(limited(desks.other_handler, 1), every) == {ours}
    assert seen_by(limited(desks.other_handler, 1, 2), every) == {ours, theirs}
    assert seen_by(desks.other_handler, every) == set(every)
    story.keep_confidential(theirs, narrow)
    assert seen_by(narrow, every) == {ours, given, theirs}
    story.keep_confidential(ours, by=desks.other_handler)
    assert seen_by(narrow, every) == {given, theirs}


def test_a_stage_one_handler_keeps_sight_of_it_at_stage_two(story: Story, desks: Desks) -> None:
    """What somebody considered stays theirs to see, whichever service it is about [lgsco:5.8]."""
    reference = story.record(service_id=2)
    story.acknowledge(reference)
    story.assign(reference)
    story.respond(reference)
    story.open_two(reference)
    story.acknowledge_two(reference)
    story.assign_two(reference)
    assert seen_by(limited(desks.handler, 1), (reference,)) == {reference}
    assert seen_by(limited(desks.reviewer, 1), (reference,)) == {reference}
    assert seen_by(limited(desks.other_reviewer, 1), (reference,)) == set()


def test_a_step_on_another_services_complaint_finds_nothing(story: Story, desks: Desks) -> None:
    reference = story.record(service_id=2)
    with refused(story, NotFound, match=f"There is no complaint {reference}"):
        limited(desks.handler, 1).do(story.ready(COMMANDS["AddNote"], reference))  # type: ignore[arg-type]
    assert limited(desks.handler, 2).do(story.ready(COMMANDS["AddNote"], reference)).reference == reference  # type: ignore[arg-type]


def test_E10_an_assessor_sees_what_was_referred_to_them_and_nothing_else(story: Story, desks: Desks) -> None:
    """By every query they may put; the count of anything is of that one case [lgsco:5.8]."""
    theirs, other = long_course(story), story.record(matter="Somebody else's bins", words="Not theirs.", service_id=1)
    at.answered(story, handling_id := at.raised(story, theirs, on=TODAY), TODAY)
    assert told(desks.assessor, "case_view", ((theirs,), {})).startswith("NotFound")
    assert desks.assessor.ask(queue, QueueFilter()).count == 0
    at.referred(story, handling_id, desks.assessor, TODAY)
    assert desks.assessor.ask(case_view, theirs).reference == theirs
    assert {row.reference for row in desks.assessor.ask(queue, QueueFilter()).rows} == {theirs}
    functions = query_functions()
    asked = {name for name in ASKED if desks.assessor.may(functions[name].needs)}
    kept = Kept(
        story=story, desks=desks, reference=other, imported=other, routed=other, file_id=file_on(story, other),
        letter_id=story.draft(other), ombudsman_id=at.enquiry(story, other, on=TODAY, respond_by=TODAY),
        bundle_id=bundle_on(story, other), subject_id=asked_for(story, other),
        named=desks.manager, named_lead=desks.senior_lead,
    )  # fmt: skip
    for name in sorted(asked):
        for question in ASKED[name](kept):
            said = told(desks.assessor, name, question)
            assert said.startswith("NotFound: There is no complaint") or other not in said, name
            assert "Somebody else's bins" not in said, name
    with pytest.raises(NotFound):
        desks.assessor.do(OpenFile(file_id=kept.file_id))


def test_E10_two_assessors_do_not_see_each_other_s_cases(story: Story, desks: Desks) -> None:
    other = at.assessor(story)
    reference = story.record(TODAY)
    at.answered(story, handling_id := at.raised(story, reference, on=TODAY), TODAY)
    at.referred(story, handling_id, other, TODAY)
    assert other.ask(case_view, reference).reference == reference
    assert told(desks.assessor, "case_view", ((reference,), {})).startswith("NotFound")
    with refused(story, NotFound):
        at.assessed(story, handling_id, desks.assessor, TODAY)
