"""Months that are kept: whatever is recorded, figures are what counting everything now would give."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.commands.correcting import Fact
from core.commands.matching import LinkCases
from core.commands.recording import AddNote
from core.commands.survey import OfferSurvey
from core.desk import Desk
from core.errors import BadInput, ComplaintsError
from core.model.complaints import Stage
from core.model.matches import LinkKind
from core.model.quality import SampledCase
from core.model.remedies import Remedy
from core.month_keeping import MonthsKept, keep_months
from core.permissions import Permission
from core.queries import by_category, figure_counts
from core.queries.base import Asking
from core.queries.dashboard import dashboard
from core.queries.figure_rows import SOURCES
from core.queries.figures import figures, figures_by_month, figures_by_quarter, figures_by_service
from core.queries.kept_months import Holding, standing
from core.queries.month_counts import month_counted
from core.queries.slice_counts import AT_END, FOUND_ROWS, KEPT
from core.queries.sources import Within
from core.rules.facts import Outcome
from core.rules.periods import Period
from core.rules.showing import written
from core.rules.survey import SurveyWay
from core.store import ledger, months, settling
from core.store.answers import Answers
from core.store.engine import WriteSession
from core.store.history import PastStage
from tests import ombudsman as at
from tests.builders import Story, day
from tests.conftest import Desks
from tests.figures import bring_in, past, some
from tests.queries.test_figures import calendar_of
from tests.retention import anonymised, kept_a_year

TODAY = day("2026-11-16")
EVER = Period(day("2025-01-01"), day("2027-02-28"))
YEARS = Period(day("2025-02-10"), day("2026-11-16"))
YEAR = Period.financial_year(2025)


def holding(asking: Asking, period: Period) -> tuple[date, ...]:
    """The months whose kept counts are taken, with few complaints counted again."""
    return standing(asking, period).months


holding.needs = Permission.FIGURES  # type: ignore[attr-defined]


@contextmanager
def counted_afresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nothing that is kept is taken."""
    with monkeypatch.context() as instead:
        for module in (figure_counts, by_category):
            instead.setattr(module, "standing", lambda _asking, _period: Holding())
        yield


def told(desk: Desk, *names: str) -> Mapping[str, Any]:
    """Figures of many shapes, or of those named, with nothing remembered from before."""
    desk.office.answers = Answers()
    asked: dict[str, Callable[[], Any]] = {
        "years": lambda: desk.ask(figures, YEARS),
        "of a service": lambda: desk.ask(figures, YEARS, service_id=2),
        "by service": lambda: desk.ask(figures_by_service, YEARS),
        "by month": lambda: desk.ask(figures_by_month, YEARS),
        "by month of a service": lambda: desk.ask(figures_by_month, YEAR, service_id=1, ids=("received", "late_one")),
        "by quarter": lambda: desk.ask(figures_by_quarter, YEAR),
        "elsewhere": lambda: desk.ask(figures, YEAR, scheme="adult_statutory"),
        "by category": lambda: desk.ask(dashboard, YEAR).categories,
        "by category of a service": lambda: desk.ask(dashboard, YEARS, service_id=2).categories,
    }
    return {name: ask() for name, ask in asked.items() if name in (names or asked)}


def same(desk: Desk, monkeypatch: pytest.MonkeyPatch, *names: str) -> Mapping[str, Any]:
    """With what is kept and without it, every number is the same; the numbers."""
    found = told(desk, *names)
    with counted_afresh(monkeypatch):
        afresh = told(desk, *names)
    for name in found:
        assert found[name] == afresh[name], name
    return found


def lived(story: Story, count: int = 90, seed: int = 7) -> None:
    """Histories of about two years, seeded."""
    story.on(TODAY)
    calendar = calendar_of(story.office)
    bring_in(story.desks.manager, [*some(Random(seed), count, calendar=calendar, today=TODAY)])


def test_kept_and_counted_together_are_what_counting_everything_gives(
    story: Story, desks: Desks, monkeypatch: pytest.MonkeyPatch
) -> None:
    lived(story, 50)
    before = told(desks.manager)
    kept = keep_months(story.office)
    months = desks.manager.ask(holding, EVER)
    assert kept == MonthsKept(counted=len(months), held=0) and len(months) > 12
    assert same(desks.manager, monkeypatch) == before
    assert before["years"]["received"].numerator > 40 and before["by quarter"][0]["in_target_one"].numerator


def test_a_second_run_counts_nothing_and_changes_nothing(story: Story) -> None:
    lived(story, 30)
    first = keep_months(story.office)
    rows = story.rows("month_count")
    assert keep_months(story.office) == MonthsKept(counted=0, held=first.counted)
    assert story.rows("month_count") == rows


def test_what_is_kept_is_taken_and_its_rows_are_not_counted(
    story: Story, desks: Desks, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise every comparison here would compare counting with counting."""
    lived(story, 30)
    keep_months(story.office)
    spans: list[Period] = []
    count = figure_counts._groups

    def noted(asking: Asking, source: Any, period: Period, *rest: Any) -> Any:
        spans.extend([period] if source.day is not None and source.of == "complaint" else [])
        return count(asking, source, period, *rest)

    monkeypatch.setattr(figure_counts, "_groups", noted)
    desks.manager.ask(figures, YEAR)
    assert spans == []
    desks.manager.ask(figures, Period(day("2025-04-10"), day("2025-06-12")))
    assert {*spans} == {
        Period(day("2025-04-10"), day("2025-04-30")),
        Period(day("2025-06-01"), day("2025-06-12")),
    }


def test_whatever_is_recorded_later_is_in_the_figures_at_once(
    story: Story, desks: Desks, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An answer, a reopening, another service, dates put right, the receipt too, and old records brought in."""
    bring_in(story.on(TODAY).desks.manager, [_old(1, day("2026-05-04"))])
    reference = story.on(day("2026-09-07")).acknowledged()
    closed = story.finished()
    story.on(day("2027-02-01"))
    span = Period(day("2025-04-01"), day("2027-01-31"))
    steps: tuple[Callable[[], object], ...] = (
        lambda: story.respond(reference, on=day("2026-12-01"), good_reason="Away."),
        lambda: story.offer(reference),
        lambda: story.reopen(closed, on=day("2027-02-01")),
        lambda: story.correct(reference, Fact.SERVICE, "Housing repairs"),
        lambda: story.correct(reference, Fact.ANSWERED_ONE, "2026-11-30"),
        lambda: story.correct(reference, Fact.RECEIVED, "2026-08-28"),
        lambda: bring_in(desks.manager, [_old(2, day("2026-06-03"))]),
    )
    for n, step in enumerate(steps):
        keep_months(story.office)
        everything = desks.manager.ask(holding, span)
        assert everything[-1] == day("2027-01-01"), n
        step()
        story.on(day("2027-02-01"))
        assert desks.manager.ask(touched_since, span) and desks.manager.ask(holding, span) == everything, n
        same(desks.manager, monkeypatch, "years", "by service", "by category of a service")
        keep_months(story.office)
        assert not desks.manager.ask(touched_since, span), n
        same(desks.manager, monkeypatch, "by service")


def touched_since(asking: Asking, period: Period) -> frozenset[int]:
    """The slices that are counted again."""
    return standing(asking, period).slices


touched_since.needs = Permission.FIGURES  # type: ignore[attr-defined]


@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(0, 8), min_size=2, max_size=6))
def test_any_history_put_right_is_what_counting_everything_gives_and_keeping_changes_nothing(
    story: Story, desks: Desks, kind: list[int]
) -> None:
    """Each history goes on where the last one ended; now and then somebody keeps the months."""
    if not story.rows("complaint"):
        lived(story, 25)
        keep_months(story.office)
    references = [each["reference"] for each in story.rows("complaint")]
    for step in kind:
        reference = references[(step * 7 + len(references)) % len(references)]
        with contextlib.suppress(ComplaintsError):
            _STEPS[step](story, reference)
        references = [each["reference"] for each in story.rows("complaint")]
    with pytest.MonkeyPatch.context() as instead:
        same(desks.manager, instead, "by service", "by category of a service")
    keep_months(story.office)
    kept = [_content(story, table) for table in ("month_count", "month_slice")]
    with story.office.database.writing() as session:
        for table in ("month_count", "month_slice"):
            session.connection().execute(sa.delete(sa.table(table)))
    keep_months(story.office)
    assert [_content(story, table) for table in ("month_count", "month_slice")] == kept


_STEPS: tuple[Callable[[Story, str], object], ...] = (
    lambda story, reference: story.acknowledge(reference, good_reason="Away."),
    lambda story, reference: story.respond(reference, good_reason="Away."),
    lambda story, reference: story.correct(reference, Fact.SERVICE, "Parking"),
    lambda story, reference: story.correct(reference, Fact.RECEIVED, "2026-02-02"),
    lambda story, reference: story.withdraw(reference),
    lambda story, reference: story.desks.handler.do(AddNote(reference=reference, text="Rang.")),
    lambda story, _reference: story.record(story.clock.now.date(), category="Typed anew"),
    lambda story, _reference: story.on(story.clock.now.date() + timedelta(days=17)),
    lambda story, _reference: keep_months(story.office),
)


def _content(story: Story, table: str) -> list[dict[str, Any]]:
    """What a table holds of months that hold, but for how far the record had come and on which day."""
    months = story.desks.manager.ask(holding, EVER)
    rows = [
        {name: value for name, value in each.items() if name not in ("height", "counted_on")}
        for each in story.rows(table)
        if each["month"] in months and each.get("counts") != "{}"
    ]
    return sorted(rows, key=str)


def _old(number: int, received: date) -> Any:
    stage = PastStage(
        received_on=received, acknowledged_on=received + timedelta(days=1), responded_on=received + timedelta(days=7),
        outcome=Outcome.UPHELD.value, handler_id=1,
    )  # fmt: skip
    return past(number, stage, service_id=1)


def test_an_anonymised_record_changes_no_figure_with_or_without_what_is_kept(
    story: Story, desks: Desks, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = story.finished()
    kept_a_year(story)
    keep_months(story.office)
    before = same(desks.manager, monkeypatch, "years")
    assert anonymised(story, reference).records == 1
    assert same(desks.manager, monkeypatch, "years")["years"]["received"] == before["years"]["received"]
    keep_months(story.office)
    same(desks.manager, monkeypatch, "years")


def test_opening_a_case_leaves_every_month_and_a_change_of_calendar_none(story: Story, desks: Desks) -> None:
    lived(story, 20)
    keep_months(story.office)
    months = desks.manager.ask(holding, EVER)
    story.office.answers = Answers()
    with pytest.raises(Exception, match="."):
        desks.member.do(AddNote(reference="C-2026-000001", text="No."))
    assert desks.manager.ask(holding, EVER) == months != ()
    kept_a_year(story)
    assert desks.manager.ask(holding, EVER) == ()


def test_what_was_counted_by_other_rules_or_on_a_later_day_is_not_taken(
    story: Story, desks: Desks, monkeypatch: pytest.MonkeyPatch
) -> None:
    lived(story, 20)
    keep_months(story.office)
    assert desks.manager.ask(holding, YEAR) != ()
    story.on(TODAY - timedelta(days=1))
    assert desks.manager.ask(holding, YEAR) == ()
    story.on(TODAY)
    monkeypatch.setattr("core.queries.kept_months.made_by", lambda: "another release")
    assert desks.manager.ask(holding, YEAR) == ()
    assert keep_months(story.office).held == 0


def test_a_month_with_a_duty_that_becomes_late_by_itself_is_good_for_a_day(
    story: Story, desks: Desks, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Due at the end of September and to be acted on by 2 October: late from the 3rd, with nothing recorded."""
    reference = story.record(day("2026-09-23"))
    september = Period(day("2026-09-01"), day("2026-09-30"))
    story.on(day("2026-10-01"))
    keep_months(story.office)
    desks.handler.do(AddNote(reference=reference, text="Rang."))
    with story.office.database.writing() as session:
        session.info["recorded"] = True
        late = "UPDATE duty SET act_by = '2026-10-02' WHERE due_on = '2026-09-30'"
        assert session.connection().execute(sa.text(late)).rowcount
    keep_months(story.office)
    assert desks.manager.ask(holding, september) == (september.start,)
    before = same(desks.manager, monkeypatch, "years")["years"]["breaches"].numerator
    story.on(day("2026-10-03"))
    assert desks.manager.ask(holding, september) == ()
    late_now = same(desks.manager, monkeypatch, "years")["years"]["breaches"].numerator
    keep_months(story.office)
    story.on(day("2026-10-05"))
    assert desks.manager.ask(holding, september) == (september.start,)
    assert same(desks.manager, monkeypatch, "years")["years"]["breaches"].numerator == late_now > before


def test_a_row_dated_before_its_complaint_is_never_overlooked(
    story: Story, desks: Desks, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An offer of July on a complaint of September: whichever day it had, it is counted again with its complaint."""
    lived(story, 20)
    reference = story.on(day("2026-09-07")).acknowledged()
    story.offer(reference)
    story.on(TODAY)
    keep_months(story.office)
    with story.office.database.writing() as session:
        session.info["recorded"] = True
        session.connection().execute(sa.text("UPDATE remedy SET offered_on = '2026-07-06'"))
    desks.handler.do(AddNote(reference=reference, text="An old date."))
    same(desks.manager, monkeypatch, "years", "by month")
    keep_months(story.office)
    same(desks.manager, monkeypatch, "years", "by month")


COUNTED = {
    *("complaint", "duty", "stage", "extension", "departure", "refusal", "remedy", "payment", "learning"),
    *("ombudsman_case", "recommendation", "sampled_case", "quality_check", "survey_offer"),
}
"""The tables that kept sources read."""


def test_the_tables_of_kept_sources_are_those_looked_after_here() -> None:
    read = {*re.findall(r"(?:FROM|JOIN) (\w+)", str(sa.select(1).select_from(FOUND_ROWS.rows)))}
    for name in KEPT | AT_END:
        source = SOURCES[name]
        columns = [source.day if source.day is not None else source.complaint, *source.facets.values()]
        plain = [each for each in columns if not callable(each)]
        statement = sa.select(*plain).select_from(source.rows).where(*source.where(YEAR, TODAY))
        read |= {*re.findall(r"(?:FROM|JOIN) (\w+)", str(statement))}
    assert {"duty", "stage", "complaint", "quality_check"} <= read <= COUNTED


def test_whatever_changes_a_row_of_a_complaint_is_an_entry_about_it(story: Story, desks: Desks) -> None:
    """What is counted of a case cannot change behind the ledger's back: lives in full, split, routed, decided on."""
    silent: list[tuple[str, list[str]]] = []
    changed: dict[int, list[tuple[str, int | None]]] = {}
    seen: set[str] = set()

    def note(session: Any, _context: object) -> None:
        for row in (*session.new, *session.dirty, *session.deleted):
            if row.__tablename__ in COUNTED:
                seen.add(row.__tablename__)
                changed.setdefault(id(session), []).append((row.__tablename__, complaint_of(row, session)))

    def compare(session: Any) -> None:
        entries = session.info.get("entries", [])
        about = {each.complaint_id for each in entries}
        tags = [each.tag for each in entries]
        rows = changed.pop(id(session), []) + changed.pop(id(session.connection()), [])
        silent.extend((table, tags) for table, key in rows if key not in about)

    append, write = ledger.append, settling._write

    def noted(session: Any, events: Any, **given: Any) -> int:
        session.info.setdefault("entries", []).extend(events)
        return append(session, events, **given)

    def written(connection: Any, complaint_id: int, *rows: Any) -> bool:
        if wrote := write(connection, complaint_id, *rows):
            seen.add("duty")
            changed.setdefault(id(connection), []).append(("duty", complaint_id))
        return wrote

    with pytest.MonkeyPatch.context() as instead:
        instead.setattr(ledger, "append", noted)
        instead.setattr(settling, "_write", written)
        sa.event.listen(WriteSession, "after_flush", note)
        sa.event.listen(WriteSession, "before_commit", compare)
        try:
            lives(story, desks)
        finally:
            sa.event.remove(WriteSession, "after_flush", note)
            sa.event.remove(WriteSession, "before_commit", compare)
    assert silent == [] and COUNTED - seen <= {"sampled_case", "quality_check", "payment", "departure"}


def complaint_of(row: Any, session: Any) -> int | None:
    """Which complaint a row belongs to, by way of the row it hangs on."""
    if row.__tablename__ == "complaint":
        return row.id
    for name, table in (("stage_id", Stage), ("remedy_id", Remedy), ("sampled_id", SampledCase)):
        if hasattr(row, name):
            return session.get(table, getattr(row, name)).complaint_id
    return row.complaint_id


def lives(story: Story, desks: Desks) -> None:
    """Complaints that meet with nearly everything."""
    finished = story.finished()
    desks.handler.do(OfferSurvey(reference=finished, way=SurveyWay.PHONE))
    story.split(story.acknowledged())
    story.route(story.acknowledged())
    story.turn_away(story.record())
    story.withdraw(story.record())
    extended = story.acknowledged()
    story.extend(extended)
    story.complete(extended, story.offer(extended))
    decided = day("2026-11-02")
    enquiry = at.enquiry(story, story.acknowledged(), on=day("2026-10-05"))
    at.decide(story, enquiry, decided)
    at.recommend(story, enquiry, on=decided, what="Say sorry.", due_on=decided)
    at.comply(story, at.last_id(story, "recommendation"), decided)
    desks.handler.do(LinkCases(reference=extended, other=story.acknowledged(), kind=LinkKind.SAME_MATTER))
    story.correct(story.on(day("2027-02-01")).record(day("2027-01-28")), Fact.SERVICE, "Housing repairs")
    story.reopen(finished, on=day("2027-02-01"))


def test_after_too_much_to_look_through_nothing_is_taken(
    story: Story, desks: Desks, monkeypatch: pytest.MonkeyPatch
) -> None:
    story.on(day("2026-09-07")).record()
    reference = story.on(TODAY).record(TODAY)
    keep_months(story.office)
    monkeypatch.setattr("core.store.months.TOO_MANY", 2)
    left = []
    for n in range(3):
        desks.handler.do(AddNote(reference=reference, text=f"Rang, {n}."))
        left.append(len(desks.manager.ask(holding, EVER)))
    assert left == [3, 3, 0]


def test_only_what_is_judged_by_its_day_depends_on_today() -> None:
    """A month is kept for every later day: what may change by itself is looked for before, as duties are."""
    first, second = day("2026-09-07"), day("2026-09-08")
    changing = set()
    for name in KEPT:
        where = SOURCES[name].where
        assert isinstance(where, Within)
        conditions = [[str(each.compile(compile_kwargs={"literal_binds": True})) for each in where.more(on)]
                      for on in (first, second)]  # fmt: skip
        changing |= {name} if conditions[0] != conditions[1] else set()
        assert not any(callable(each) for each in SOURCES[name].facets.values()), name
    assert changing == {"acknowledgements", "missed", "own_standards", "recommendations"}


def test_a_month_under_way_is_good_for_its_day_and_a_wrong_day_is_answered(story: Story, desks: Desks) -> None:
    lived(story, 10)
    for wrong in (day("2026-12-01"), day("2026-10-02")):
        with pytest.raises(BadInput, match="month that has begun"):
            desks.manager.ask(month_counted, wrong)
    keep_months(story.office)
    november = Period(day("2026-11-01"), day("2026-11-30"))
    assert desks.manager.ask(holding, november) == (november.start,)
    story.on(TODAY + timedelta(days=1))
    assert desks.manager.ask(holding, november) == ()


def test_what_was_counted_earlier_never_takes_the_place_of_what_was_counted_later(story: Story, desks: Desks) -> None:
    """Two processes keep at once: the slower one has looked at an older record."""
    reference = story.on(day("2026-09-07")).record()
    story.on(TODAY)
    slower = desks.system.ask(month_counted, day("2026-09-01"))
    desks.handler.do(AddNote(reference=reference, text="Rang."))
    keep_months(story.office)
    (kept,) = story.rows("month_count", month=day("2026-09-01"))
    months.keep(story.office.database, slower.row, slower.slices)
    assert story.rows("month_count", month=day("2026-09-01")) == [kept] and kept["height"] > slower.row.height


def test_keeping_stops_after_any_month_and_goes_on(story: Story) -> None:
    lived(story, 20)
    told_to = iter([False, False, True])
    assert keep_months(story.office, stop=lambda: next(told_to)) == MonthsKept(counted=2, held=0)
    assert keep_months(story.office).held == 2


def test_9_7_a_member_is_shown_the_same_either_way(story: Story, desks: Desks, monkeypatch: pytest.MonkeyPatch) -> None:
    lived(story, 40)
    keep_months(story.office)
    story.office.answers = Answers()
    found = desks.member.ask(dashboard, YEAR)
    story.office.answers = Answers()
    with counted_afresh(monkeypatch):
        afresh = desks.member.ask(dashboard, YEAR)
    assert found == afresh
    shown = written(found.figures, fewest=found.fewest, quarters=found.quarters[YEAR])
    assert shown == written(afresh.figures, fewest=afresh.fewest, quarters=afresh.quarters[YEAR])
    assert any("fewer than" in each for each in shown.values())
