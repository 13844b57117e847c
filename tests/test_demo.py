"""The sample council: large enough, in every position, all made up, and made through commands alone."""

from __future__ import annotations

import dataclasses
import json
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from core.bundles.pieces import pieces, undecided
from core.channels.bank_holidays import calendar_of, seed_rows
from core.channels.files import FileStore
from core.code.catalogue import WATCH
from core.code.causes import DEFAULT_CAUSES
from core.code.conduct import Post
from core.code.guidance import SUGGESTED
from core.code.policy import CODE_POLICY
from core.code.refusals import DEFAULT_REASONS
from core.code.reports import ReportKind
from core.demo import build_demo
from core.demo.beside import evidence, tell_beside
from core.demo.courses import Course, course_from, first_day, starts, stories
from core.demo.governing import governing
from core.demo.stage_one import tell_stage_one
from core.demo.stage_two import tell_stage_two
from core.demo.story import Cast, Council, Story, StoryEnds
from core.demo.texts import colleagues, phrases, services
from core.desk import LONDON, Desk, Office
from core.errors import BadInput, CalendarEnds, NotFound
from core.events.requests import ABOUT_ONE_REQUEST
from core.installing import install
from core.model.complaints import Complaint, Departure, Stage
from core.model.evidence import CaseFile, ConfidentialCase
from core.model.ledger import LedgerEntry, LedgerPersonal
from core.model.people import Person
from core.permissions import GRANTS, SYSTEM, Actor, Permission, Role
from core.public_pages import public_gaps
from core.queries.authority import sums_asked
from core.queries.cases import case_view
from core.queries.conduct import posts_held, training_list
from core.queries.contractors import contractor_scorecard
from core.queries.duties_check import duties_check
from core.queries.escalations import escalations
from core.queries.evidence import case_files, confidence
from core.queries.guidance import guidance_shelf
from core.queries.information import questions
from core.queries.learning import improvements, learning_figures
from core.queries.lists import lists
from core.queries.quality import quality_figures
from core.queries.queue import QueueFilter, queue_counts
from core.queries.rectification import rectification_requests
from core.queries.reports import reports
from core.queries.requests import RequestFilter, service_requests
from core.queries.retention import retention_board
from core.queries.routes import routed_cases
from core.queries.signed_assessments import signed_assessments
from core.queries.subject_access import subject_request, subject_requests
from core.report_files import report_file
from core.rules.periods import Period
from core.rules.request_steps import RequestPosition
from core.rules.s9_oversight import ImprovementState
from core.rules.steps import OPEN_POSITIONS, Position
from core.store import ledger
from tests.demo_fixture import KEY, NOW, SMALL, demo_folder, demo_office, office_in, settings_in, small_folder
from tests.what_if import TRIALS, compare

OF_THE_COUNCIL = {
    "improvement.proposed": Permission.LEARN,
    "improvement.started": Permission.LEARN,
    "improvement.completed": Permission.LEARN,
    "themes.found": Permission.OVERSEE,
    "quality_sample.drawn": Permission.QUALITY,
    "self_assessment.opened": Permission.SIGN,
    "self_assessment.frozen": Permission.SIGN,
    "self_assessment.signed": Permission.SIGN,
    "narrative.kept": Permission.REPORT,
    "report.made": Permission.REPORT,
    "wording.published": Permission.POLICY,
    "report.received": Permission.GOVERN,
    "response.recorded": Permission.REPORT,
    "report.published": Permission.REPORT,
    "self_assessment.answered": Permission.ANSWER,
    "appointment.made": Permission.STAFF,
    "appointment.ended": Permission.STAFF,
    "training.recorded": Permission.STAFF,
    "contractor_objective.recorded": Permission.STAFF,
    "objective.acknowledged": Permission.OWN,
    "guidance.shelved": Permission.POLICY,
    "schedule.changed": Permission.RETAIN,
    "limit.decided": Permission.POLICY,
    "subject_access.recorded": Permission.DISCLOSE,
    "piece.decided": Permission.DISCLOSE,
}

__all__ = ["demo_folder", "demo_office", "small_folder"]  # fixtures

_C, _ST, _P = Complaint.__table__, Stage.__table__, Person.__table__
_CC, _CF = ConfidentialCase.__table__, CaseFile.__table__
_L, _LP, _X = LedgerEntry.__table__, LedgerPersonal.__table__, Departure.__table__
TODAY = NOW.astimezone(LONDON).date()
whole = pytest.mark.slow


def rows(office: Office, statement: sa.Select[Any]) -> list[Any]:
    """What a statement finds."""
    with office.database.reading() as connection:
        return list(connection.execute(statement))


def told(folder: Path) -> list[tuple[Any, ...]]:
    """The whole history but for what is random on purpose: salts, and the chain that hangs on them."""
    office = Office(settings_in(folder), clock=lambda: NOW)
    try:
        statement = (
            sa.select(_L.c.n, _L.c.at, _L.c.actor, _L.c.tag, _L.c.command_id, _L.c.data, _LP.c.payload)
            .select_from(_L.outerjoin(_LP, _LP.c.n == _L.c.n))
            .order_by(_L.c.n)
        )
        return [tuple(row) for row in rows(office, statement)]
    finally:
        office.close()


# -------------------------------------------------------------------------------------------------- the whole of it


@whole
def test_there_are_four_hundred_complaints_over_the_years(demo_office: Office) -> None:
    """From the first days of the Code's own policy to yesterday, with about one in eight at stage 2."""
    found = rows(demo_office, sa.select(_C.c.received_on, _C.c.stage_number))
    assert len(found) == stories()["complaints"]
    days = sorted(row.received_on for row in found)
    assert days[0] <= first_day(TODAY) + timedelta(weeks=4)
    assert TODAY - timedelta(weeks=1) <= days[-1] < TODAY
    twos = sum(row.stage_number == 2 for row in found)
    assert 0.08 <= twos / len(found) <= 0.18
    for year in {day.year for day in days}:
        assert sum(day.year == year for day in days) > 40


@whole
def test_complaints_stand_in_every_position(demo_office: Office) -> None:
    """An officer who opens the console finds an example of each."""
    found = dict(rows(demo_office, sa.select(_C.c.position, sa.func.count()).group_by(_C.c.position)))
    assert set(found) == {position.value for position in Position}
    assert 24 <= sum(found[position.value] for position in OPEN_POSITIONS) <= 40


@whole
def test_there_is_work_for_today(demo_office: Office) -> None:
    """Some duties are overdue, some are due today and this week, and stage 2 needs people."""
    desk = Desk(demo_office, SYSTEM)
    counts = desk.ask(queue_counts, QueueFilter())
    assert counts.overdue >= 4
    assert counts.today >= 3
    assert counts.week >= 4
    assert desk.ask(queue_counts, QueueFilter(unassigned=True)).total >= 3
    stage_two = desk.ask(escalations)
    assert stage_two.to_acknowledge and stage_two.needs_someone and stage_two.late
    assert stage_two.amber and stage_two.red
    weeks = WATCH["whole_case_red"].value
    assert all(case.received_on <= TODAY - timedelta(weeks=weeks) for case in stage_two.red)


@whole
def test_some_complaints_go_by_another_route(demo_office: Office) -> None:
    """One with a clock of its own that runs, and others whose way leads elsewhere for good."""
    found = Desk(demo_office, SYSTEM).ask(routed_cases)
    assert set(found.counts) == {"data_protection", "appeal_or_tribunal", "insurance_or_legal"}
    assert found.rows[0].next_title == "Data protection: acknowledge"


@whole
def test_most_kinds_of_departure_are_there(demo_office: Office) -> None:
    """Each clause that a council is likely to miss was missed once, with its reason; 6.14 exactly once."""
    found = dict(rows(demo_office, sa.select(_X.c.clause, sa.func.count()).group_by(_X.c.clause)))
    numbers = "2.2 2.5 5.4 5.5 6.2 6.3 6.4 6.5 6.7 6.8 6.9 6.11 6.12 6.13 6.14 6.15 6.16 6.17 7.3".split()
    assert {f"lgsco:{number}" for number in numbers} == set(found)
    assert found["lgsco:6.14"] == 1
    assert rows(demo_office, sa.select(_X.c.id).where(sa.func.length(_X.c.reason) < 20)) == []


@whole
def test_its_history_proves_itself(demo_office: Office) -> None:
    """The chain is whole and complete: one entry at least for each complaint, the first of them its record."""
    with demo_office.database.reading() as connection:
        entries = ledger.verify(connection, key=bytes.fromhex(KEY))
    first = (
        sa.select(_L.c.complaint_id, sa.func.min(_L.c.n).label("n"))
        .where(_L.c.complaint_id.is_not(None))
        .group_by(_L.c.complaint_id)
    ).subquery()
    tags = rows(demo_office, sa.select(_L.c.tag).join(first, first.c.n == _L.c.n))
    assert {row.tag for row in tags} == {"complaint.recorded"}
    assert len(tags) == stories()["complaints"] < entries


@whole
def test_rebuilding_its_duties_would_change_nothing(demo_office: Office) -> None:
    """What is stored follows from the facts."""
    desk, after, checked = Desk(demo_office, SYSTEM), 0, 0
    while True:
        part = desk.ask(duties_check, after=after, limit=150)
        assert part.differing == ()
        checked += part.checked
        if part.after is None:
            break
        after = part.after
    assert checked == stories()["complaints"]


@whole
def test_every_step_was_taken_in_working_hours_by_someone_who_may(demo_office: Office) -> None:
    """Nothing happens at night, on a day off or on the demo's today, and only a manager assigns."""
    calendar = calendar_of(seed_rows(seen_at=NOW), version="seed")
    entries = rows(demo_office, sa.select(_L.c.at, _L.c.actor, _L.c.tag, _L.c.complaint_id).order_by(_L.c.n))
    assert all(earlier.at <= later.at for earlier, later in pairwise(entries))
    may = {
        "stage.assigned": Permission.ASSIGN,
        "fact.corrected": Permission.CORRECT,
        "stage_two.refused": Permission.REFUSE,
        "complaint.refused": Permission.REFUSE,
        "request.answered": Permission.HANDLE,
        "file.added": Permission.EVIDENCE,
        "confidence.kept": Permission.CONFIDE,
        "adjustment.agreed": Permission.HANDLE,
        "contact.restricted": Permission.RESTRICT,
        "quality.checked": Permission.QUALITY,
        **OF_THE_COUNCIL,
    }
    people = dict(colleagues())
    for entry in entries:
        local = entry.at.astimezone(LONDON)
        if entry.complaint_id is None and entry.tag not in {*ABOUT_ONE_REQUEST, *OF_THE_COUNCIL}:
            assert entry.actor == SYSTEM.name or entry.tag == "standards.adopted"
            continue
        assert calendar.is_working(local.date()) and local.date() < TODAY, entry
        assert time(9) <= local.time() <= time(20), entry
        assert may.get(entry.tag, Permission.RECORD) in GRANTS[people[entry.actor]], entry


@whole
def test_everybody_in_it_is_made_up(demo_office: Office) -> None:
    """Names, streets, postcodes, numbers and addresses that nobody can have."""
    words = phrases()["individuals"]
    people = rows(demo_office, sa.select(_P))
    nameless = [person for person in people if not person.name]
    assert 1 <= len(nameless) <= 15
    for person in people:
        if person in nameless:
            assert (person.email, person.phone, person.address, person.postcode) == ("", "", "", "")
            continue
        assert person.name.split()[-1] in words["surnames"], person.name
        assert person.email.endswith("@example.org") or not person.email
        assert person.phone.startswith("01632 960") or not person.phone
        assert any(street in person.address for street in words["streets"])
        assert person.postcode.startswith("ZZ")
    cast = {name.split()[-1] for name, _role in colleagues()}
    assert cast <= set(words["surnames"])


@whole
def test_matters_and_words_vary(demo_office: Office) -> None:
    """Hardly two complaints read alike, and every service has its own matters."""
    found = rows(demo_office, sa.select(_C.c.words, _C.c.matter, _C.c.channel, _C.c.service_id))
    assert len({row.words for row in found}) > 0.95 * len(found)
    assert len({row.matter for row in found}) > 70
    assert len({row.channel for row in found}) >= 8
    assert len({row.service_id for row in found}) == len(services())


# ----------------------------------------------------------------------------------------------- made, and made again


def test_a_small_council_has_all_that_is_laid_out_one_by_one(small_folder: Path) -> None:
    """The number asked for, and every position."""
    office = Office(settings_in(small_folder), clock=lambda: NOW)
    try:
        found = dict(rows(office, sa.select(_C.c.position, sa.func.count()).group_by(_C.c.position)))
    finally:
        office.close()
    assert sum(found.values()) == SMALL
    assert set(found) == {position.value for position in Position}


def test_it_has_service_requests_a_confidential_case_and_evidence(small_folder: Path) -> None:
    """Requests open, late, answered and closed; a case that only those named see; files that can be opened."""
    office = Office(settings_in(small_folder), clock=lambda: NOW)
    try:
        console = Desk(office, SYSTEM)
        lines = [*console.ask(service_requests, RequestFilter()).rows]
        lines += console.ask(service_requests, RequestFilter(closed=True)).rows
        assert len(lines) >= 5
        assert {line.position for line in lines} == set(RequestPosition) - {RequestPosition.ANONYMISED}
        assert any(line.dissatisfied and not line.offered for line in lines)
        assert any(line.offered for line in lines)
        found = rows(office, sa.select(_C.c.reference).join(_CF, _CF.c.complaint_id == _C.c.id).order_by(_C.c.id))
        (hidden,) = {
            row.reference for row in rows(office, sa.select(_C.c.reference).join(_CC, _CC.c.complaint_id == _C.c.id))
        }
        kept = console.ask(confidence, hidden)
        assert kept is not None and len(kept.named) == 2
        outside = next(number for number, (_name, role) in enumerate(colleagues(), start=1) if role is Role.QUALITY)
        with pytest.raises(NotFound):
            Desk(office, Actor(id=outside, name="Quin", role=Role.QUALITY)).ask(case_view, hidden)
        (late,) = console.ask(questions).late
        assert (late.reference, late.stands) == (found[0].reference, "not chased yet")
        files = console.ask(case_files, found[0].reference)
        assert [file.name for file in files] == ["first letter.txt", "dates noted.csv"]
        for checked, content, _about in evidence():
            with FileStore(office.settings.files).open(checked.sha256) as file:
                assert file.read() == content
    finally:
        office.close()


def manager_of(office: Office) -> Desk:
    """The desk of the sample council's complaints manager."""
    known = {each.name: each.id for each in Desk(office, SYSTEM).ask(lists).colleagues}
    (name,) = [name for name, role in colleagues() if role is Role.MANAGER][:1]
    return Desk(office, Actor(id=known[name], name=name, role=Role.MANAGER))


@whole
def test_5_8_of_what_is_due_one_record_is_held_and_one_proposed(demo_office: Office) -> None:
    board = manager_of(demo_office).ask(retention_board)
    assert (len(board.held), len(board.proposed)) == (1, 1) and board.due_count >= 2


def test_5_8_its_data_is_asked_for_and_put_right_and_its_cases_linked(small_folder: Path) -> None:
    """No page about records over time is empty: each shows what an officer would find on it."""
    office = office_in(small_folder)
    try:
        manager = manager_of(office)
        (request,) = manager.ask(subject_requests)
        view = manager.ask(subject_request, request.id)
        assert len(view.rulings) == 3 and undecided(view, pieces(manager, view))
        assert [each.complaint for each in manager.ask(rectification_requests)]
        assert len(manager.ask(sums_asked)) == 1
        tags = {row.tag for row in rows(office, sa.select(_L.c.tag).distinct())}
        assert {"limit.decided", "cases.linked"} <= tags
    finally:
        office.close()


def test_8_2_its_last_full_year_has_gone_all_the_way(small_folder: Path) -> None:
    """The self-assessment signed by all three, the report answered and published with it, a pack that was received."""
    office = Office(settings_in(small_folder), clock=lambda: NOW)
    try:
        member = Desk(office, Actor(id=0, name="Mo", role=Role.MEMBER))
        year = Period.year_with(TODAY).before()
        yearly, pack = member.ask(reports)
        assert (yearly.kind, yearly.period, yearly.missing, yearly.unsigned) == (ReportKind.YEARLY, year, (), False)
        assert (pack.kind, pack.period, pack.missing) == (ReportKind.QUARTERLY, year.quarters()[-1], ())
        assert [each.with_response for each in yearly.published] == [True]
        assert [each.receiver for each in (*yearly.receipts, *pack.receipts)] == ["Councillor Mo Sample"] * 2
        assert [each.starts_on for each in member.ask(signed_assessments)] == [year.start]
        assert report_file(member, yearly.id, "pdf")[1].startswith(b"%PDF-")
        assert not any("yearly report" in gap for gap in public_gaps(member))
    finally:
        office.close()


@pytest.mark.parametrize(
    ("today", "ends"),
    [
        (date(2026, 11, 16), date(2026, 3, 31)),
        (date(2026, 6, 1), date(2025, 3, 31)),
        (date(2025, 4, 14), date(2024, 3, 31)),
    ],
)
def test_only_a_year_that_has_gone_its_way_is_reported_on(today: date, ends: date) -> None:
    """Two months after a year it is the last; before that the one before it, as far as there are records of it."""
    acts = governing(council(today), seed="x")
    days = [act.at.astimezone(LONDON).date() for act in acts]
    assert (min(days) > ends and max(days) < today) if first_day(today) < ends else not acts


def test_a_thing_beside_that_no_story_knows_is_a_mistake_of_ours() -> None:
    start = next(iter(starts(SMALL, seed="x", today=TODAY, calendar=council().calendar)))
    story = Story(dataclasses.replace(start, course=Course(beside=("a parade",))), council(), seed="x")
    with pytest.raises(RuntimeError, match="a parade"):
        tell_beside(story)


def test_the_same_seed_and_day_tell_the_same_story(small_folder: Path, tmp_path: Path) -> None:
    """Down to the minute and the id of each command, at whatever hour it is made; another seed tells another."""
    later = datetime.combine(TODAY, time(23, 30), tzinfo=LONDON)
    build_demo(settings_in(tmp_path / "again"), now=later, complaints=SMALL)
    build_demo(settings_in(tmp_path / "other"), now=NOW, complaints=SMALL, seed="another borough")
    assert told(tmp_path / "again") == told(small_folder)
    assert told(tmp_path / "other") != told(small_folder)


def test_making_it_again_changes_nothing(small_folder: Path) -> None:
    """The second start finds it and leaves it alone."""
    before = (small_folder / "complaints.db").read_bytes()
    steps: list[tuple[int, int]] = []
    build_demo(
        settings_in(small_folder), now=NOW + timedelta(days=3), progress=lambda done, of: steps.append((done, of))
    )
    assert steps == []
    assert (small_folder / "complaints.db").read_bytes() == before


def test_progress_is_told_to_the_end(tmp_path: Path) -> None:
    """The callback hears how far it is, up to the last step."""
    steps: list[tuple[int, int]] = []
    build_demo(settings_in(tmp_path), now=NOW, complaints=SMALL, progress=lambda done, of: steps.append((done, of)))
    assert steps[-1][0] == steps[-1][1] > 300
    assert [done for done, _of in steps] == sorted(done for done, _of in steps)


def test_an_interruption_leaves_nothing_half_made(tmp_path: Path) -> None:
    """No database appears, nothing is left lying about, and the next attempt succeeds."""

    def pull_the_plug(done: int, _of: int) -> None:
        if done >= 100:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build_demo(settings_in(tmp_path), now=NOW, complaints=SMALL, progress=pull_the_plug)
    assert [path.name for path in tmp_path.iterdir() if path.suffix != ".lock"] == []
    (tmp_path / "making").mkdir()  # as a power cut leaves it
    (tmp_path / "making" / "complaints.db").write_bytes(b"half")
    build_demo(settings_in(tmp_path), now=NOW, complaints=SMALL)
    assert sorted(path.name for path in tmp_path.iterdir() if path.suffix != ".lock") == ["complaints.db", "files"]


# ------------------------------------------------------------------------------------------------------------- refusals


def test_a_live_installation_gets_no_sample_council(tmp_path: Path) -> None:
    """Made-up complaints never mix with real ones."""
    with pytest.raises(BadInput, match="real work"):
        build_demo(settings_in(tmp_path, mode="live"), now=NOW)
    assert list(tmp_path.iterdir()) == []


def test_it_is_never_made_on_postgresql(tmp_path: Path) -> None:
    """It is a file that is moved into its place."""
    with pytest.raises(BadInput, match="single SQLite file"):
        build_demo(settings_in(tmp_path, database_url="postgresql+psycopg://nobody@localhost/none"), now=NOW)


def test_a_database_without_complaints_is_left_alone(tmp_path: Path) -> None:
    """Someone else's empty installation is neither filled nor replaced."""
    office = Office(settings_in(tmp_path), clock=lambda: NOW)
    install(office, council="Sample Borough Council")
    office.close()
    before = (tmp_path / "complaints.db").read_bytes()
    with pytest.raises(BadInput, match="holds no complaint"):
        build_demo(settings_in(tmp_path), now=NOW)
    assert (tmp_path / "complaints.db").read_bytes() == before


def test_fewer_than_those_laid_out_are_refused(tmp_path: Path) -> None:
    """The ones laid out one by one always come."""
    with pytest.raises(BadInput, match="at least 64 complaints"):
        build_demo(settings_in(tmp_path), now=NOW, complaints=12)
    assert not (tmp_path / "complaints.db").exists()


def test_a_clock_set_to_the_code_s_first_months_is_refused(tmp_path: Path) -> None:
    """The oldest story would begin before there was a Code to follow."""
    with pytest.raises(BadInput, match="Check this computer's clock"):
        build_demo(settings_in(tmp_path), now=datetime(2024, 9, 2, 9, tzinfo=UTC), complaints=SMALL)


def test_past_the_last_bank_holidays_it_is_refused_not_guessed(tmp_path: Path) -> None:
    """Open complaints would need dates of a year nobody has published [lgsco:6.2]."""
    with pytest.raises(CalendarEnds, match="bank holidays"):
        build_demo(settings_in(tmp_path), now=datetime(2028, 12, 19, 9, tzinfo=UTC), complaints=SMALL)
    assert not (tmp_path / "complaints.db").exists()


def test_a_correction_no_story_knows_is_a_mistake_of_ours() -> None:
    """A slip in the file of stories is found at once, with its name."""
    start = next(iter(starts(SMALL, seed="x", today=TODAY, calendar=council().calendar)))
    course = course_from({"correction": "the weather"}, Story(start, council(), seed="x").random)
    story = Story(type(start)(number=0, received_on=start.received_on, course=course), council(), seed="x")
    with pytest.raises(RuntimeError, match="the weather"):
        tell_stage_one(story)


# ------------------------------------------------------------------------------------------------- told on other days


def council(today: date = TODAY) -> Council:
    """The council without its database."""
    roles = {role: [name for name, has in colleagues() if has is role] for role in Role}
    cast = Cast(
        recorders=roles[Role.RECORDER],
        handlers=roles[Role.HANDLER],
        reviewers=roles[Role.REVIEWER],
        manager=roles[Role.MANAGER][0],
        colleague_ids={name: number for number, (name, _role) in enumerate(colleagues(), start=1)},
        service_ids={name: number for number, name in enumerate(services(), start=1)},
        reason_ids={one.title: number for number, one in enumerate(DEFAULT_REASONS.values(), start=1)},
        cause_ids={one.title: number for number, one in enumerate(DEFAULT_CAUSES.values(), start=1)},
    )
    calendar = calendar_of(seed_rows(seen_at=NOW), version="seed")
    return Council(cast=cast, policy=CODE_POLICY, calendar=calendar, today=today)


DAYS = [
    date(2026, 12, 24),
    date(2026, 12, 28),
    date(2027, 1, 2),
    date(2027, 3, 29),
    date(2027, 8, 31),
    date(2028, 2, 29),
]


@pytest.mark.parametrize("today", DAYS, ids=str)
def test_stories_can_be_told_on_any_day(today: date) -> None:
    """On holidays, weekends and leap days alike, and no story runs back in time or past yesterday."""
    here = council(today)
    for start in starts(140, seed=str(today), today=today, calendar=here.calendar):
        story = Story(start, here, seed=str(today))
        try:
            tell_stage_one(story)
            tell_stage_two(story)
        except StoryEnds:
            pass
        moments = [act.at for act in story.acts]
        assert moments == sorted(moments)
        assert all(moment.astimezone(LONDON).date() < today for moment in moments)
        assert story.acts, start


def test_no_text_holds_a_word_we_do_not_use() -> None:
    """The sample council speaks the Code as well."""
    matters = [dataclasses.asdict(matter) for each in services().values() for matter in each]
    texts = json.dumps([phrases(), matters]).lower()
    for word in ("ticket", "customer", "sla ", "case status", "stage 0", "informal complaint", " level"):
        assert word not in texts


def test_every_service_has_its_own_matters() -> None:
    """Ten services, eight matters or more in each, and no two alike."""
    names = [matter.matter for each in services().values() for matter in each]
    assert len(services()) == 10
    assert min(map(len, services().values())) >= 8
    assert len(names) == len(set(names))


@whole
def test_9_4_it_has_learned_from_its_complaints(demo_office: Office) -> None:
    """Something is made, under way and late; a month is sampled and partly checked."""
    manager = Desk(demo_office, Actor(id=0, name="Max Sample", role=Role.MANAGER))
    found = {one.state: one.overdue for one in manager.ask(improvements)}
    assert found == {
        ImprovementState.COMPLETED: False, ImprovementState.STARTED: False, ImprovementState.PROPOSED: True,
    }  # fmt: skip
    figures = manager.ask(learning_figures)
    assert 0 < figures.upheld_with_learning < figures.upheld
    quality = manager.ask(quality_figures)
    assert 0 < quality.passed < quality.checked < quality.sampled


@pytest.mark.parametrize("name", TRIALS)
def test_another_policy_over_the_whole_council_equals_the_rules_case_by_case(small_folder: Path, name: str) -> None:
    """Counts, dates and standings of what was lived here, whatever the policy [lgsco:6.3, lgsco:6.15]."""
    office = Office(settings_in(small_folder), clock=lambda: NOW)
    try:
        compare(office, TRIALS[name])
    finally:
        office.close()


@whole
def test_4_3_9_5_somebody_runs_complaints_in_it_and_some_training_is_missing(demo_office: Office) -> None:
    """Posts with one that changed hands and one that nobody holds, and a contractor in figures of its own."""
    manager = Desk(demo_office, Actor(id=0, name="Max Sample", role=Role.MANAGER))
    posts = {each.post: each for each in manager.ask(posts_held)}
    assert [post for post, each in posts.items() if each.empty] == [Post.ENQUIRIES]
    assert (len(posts[Post.MEMBER].past), posts[Post.MEMBER].holders[0].name) == (1, "Councillor Mo Sample")
    lacking = [bool(each.open) for each in manager.ask(training_list) if each.lines]
    assert any(lacking) and not all(lacking)
    assert [each.name for each in manager.ask(contractor_scorecard)] == ["Sample Contractors Ltd"]
    assert len(manager.ask(guidance_shelf).standing) == len(SUGGESTED)
