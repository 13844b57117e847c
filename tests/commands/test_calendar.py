"""A calendar that changes: open duties move and say so, promises are kept, what is settled or closed never moves."""

from __future__ import annotations

from datetime import date

import pytest

from core.commands.organising import ChangeCalendar, RebuildDuties, SetUpCouncil
from core.desk import Desk
from core.errors import BadInput
from core.model.organisation import Layer
from core.permissions import SYSTEM, Role
from core.rules.facts import Standing
from core.store.schema import migrate
from tests.builders import ANSWER_DUE, EXTENDED_TO, FINAL_LIMIT, Story, day, dump
from tests.commands.refusals import refused
from tests.conftest import COLLEAGUES, SERVICES, Databases, bank_holidays, desks_of

MOURNING = day("2026-09-21")


def announce(story: Story, *days: date, withdrawn: bool = False, layer: Layer = Layer.BANK_HOLIDAY) -> list[str]:
    """A change of the calendar by the manager; its sentences."""
    rows = tuple((each, "Day of mourning", layer, withdrawn) for each in days)
    return list(story.desks.manager.do(ChangeCalendar(source="GOV.UK", rows=rows)).sentences)


def settled_and_open(story: Story) -> tuple[str, str]:
    """One complaint already answered and one awaiting its acknowledgement, both with dates over the 21st."""
    done = story.acknowledged()
    story.respond(done, day("2026-09-16"))
    waiting = story.record(day("2026-09-16"))
    return done, waiting


def rebuilding_changes_nothing(story: Story) -> None:
    """The stored duties are what the facts and the calendar give."""
    derived = ("complaint", "ledger_entry", "ledger_personal")
    before = dump(story.office, leave_out=derived)
    references = tuple(row["reference"] for row in story.rows("complaint"))
    positions = {row["reference"]: (row["position"], row["act_by"]) for row in story.rows("complaint")}
    story.desks.manager.do(RebuildDuties(references=references))
    assert dump(story.office, leave_out=derived) == before
    assert {row["reference"]: (row["position"], row["act_by"]) for row in story.rows("complaint")} == positions


def test_a_late_announced_holiday_moves_open_duties_with_one_event_each(story: Story) -> None:
    """T23: each open duty that moves is named, in the same commit [lgsco:6.2]; reading R23."""
    done, waiting = settled_and_open(story)
    before = story.duties(done)
    sentences = announce(story, MOURNING)
    assert sentences[0] == "Bank holidays from GOV.UK: added Mon 21 September 2026."
    assert sentences[1:] == [
        "Moved “acknowledge stage one” from Wed 23 September 2026 to Thu 24 September 2026 because of Day of mourning.",
        "Moved “respond stage one” from Wed 7 October 2026 to Thu 8 October 2026 because of Day of mourning.",
    ]
    assert story.case(waiting)["act_by"] == day("2026-09-24")
    assert story.duties(done) == before
    assert story.tags(waiting) == ["complaint.recorded", "duty.moved", "duty.moved"]
    assert story.tags(done).count("duty.moved") == 0
    rebuilding_changes_nothing(story)
    story.verified()


def test_a_date_told_to_the_individual_is_kept(story: Story) -> None:
    """T23: the Code's date moves, the promised one is the day to act by [lgsco:6.3]; reading R23."""
    reference = story.acknowledged()
    sentences = announce(story, MOURNING)
    assert sentences[1].endswith("The date already told to the individual, Mon 28 September 2026, is kept.")
    duty = story.duties(reference)["respond_stage_one"]
    assert (duty["due_on"], duty["act_by"], duty["promised_on"]) == (day("2026-09-29"), ANSWER_DUE, ANSWER_DUE)
    story.respond(reference, day("2026-09-29"))
    assert story.duties(reference)["respond_stage_one"]["standing"] == Standing.IN_TIME
    rebuilding_changes_nothing(story)


def test_a_closed_case_never_moves(story: Story) -> None:
    """What was late stays late, what was in time stays so; reading R23."""
    reference = story.finished()
    before, version = story.duties(reference), story.case(reference)["version"]
    announce(story, day("2026-09-10"), day("2026-09-21"), day("2026-10-14"))
    assert story.duties(reference) == before
    assert story.case(reference)["version"] == version
    # Nor does a later change of the case count its settled duties by the new calendar.
    story.reopen(reference)
    after = story.duties(reference)
    assert {kind: (after[kind]["due_on"], after[kind]["standing"]) for kind in before} == {
        kind: (row["due_on"], row["standing"]) for kind, row in before.items()
    }
    rebuilding_changes_nothing(story)


def test_a_duty_settled_before_the_news_keeps_its_date_while_the_next_one_moves(story: Story) -> None:
    """An acknowledgement that was late is not made timely by a holiday entered afterwards; reading R23."""
    reference = story.record()
    story.acknowledge(reference, day("2026-09-15"), good_reason="The inbox was not watched.")
    announce(story, day("2026-09-09"))
    duties = story.duties(reference)
    assert (duties["acknowledge_stage_one"]["due_on"], duties["acknowledge_stage_one"]["standing"]) == (
        day("2026-09-14"),
        Standing.LATE,
    )
    assert duties["respond_stage_one"]["due_on"] == day("2026-09-29")
    assert story.tags(reference)[-1] == "duty.moved"
    rebuilding_changes_nothing(story)


def test_an_extended_duty_moves_too(story: Story) -> None:
    """A holiday inside the period moves the original date; the extension told stands [lgsco:6.4]."""
    reference = story.acknowledged()
    story.extend(reference, told=day("2026-09-15"))
    announce(story, MOURNING)
    duty = story.duties(reference)["respond_stage_one"]
    assert (duty["due_on"], duty["act_by"]) == (day("2026-09-29"), EXTENDED_TO)
    rebuilding_changes_nothing(story)


def test_the_date_an_extension_told_is_kept_when_holidays_carry_the_codes_date_past_it(story: Story) -> None:
    """The new date took the place of the one promised before it, and is kept like it [lgsco:6.4]; reading R23."""
    reference = story.acknowledged()
    told = day("2026-09-29")
    story.extend(reference, told, day("2026-09-15"))
    announce(story, MOURNING)
    duty = story.duties(reference)["respond_stage_one"]
    assert (duty["due_on"], duty["act_by"], duty["promised_on"]) == (told, told, ANSWER_DUE)
    sentences = announce(story, day("2026-09-22"))
    assert sentences[1].endswith("The date already told to the individual, Tue 29 September 2026, is kept.")
    duty = story.duties(reference)["respond_stage_one"]
    assert (duty["due_on"], duty["act_by"]) == (day("2026-09-30"), told)
    story.respond(reference, day("2026-09-30"))
    assert story.duties(reference)["respond_stage_one"]["standing"] == Standing.IN_TIME
    rebuilding_changes_nothing(story)


def test_a_withdrawn_holiday_gives_the_day_back(story: Story) -> None:
    """Nothing is deleted: a newer row says that the day is worked after all; reading R23."""
    waiting = story.record(day("2026-08-24"))
    assert story.case(waiting)["act_by"] == day("2026-09-01")
    held = len(story.rows("holiday"))
    sentences = announce(story, day("2026-08-31"), withdrawn=True)
    assert sentences[0] == "Bank holidays from GOV.UK: withdrew Mon 31 August 2026."
    assert story.case(waiting)["act_by"] == day("2026-08-31")
    assert len(story.rows("holiday")) == held + 1
    announce(story, day("2026-08-31"))
    assert story.case(waiting)["act_by"] == day("2026-09-01")
    rebuilding_changes_nothing(story)


def test_a_holiday_before_or_after_the_count_touches_nothing(story: Story) -> None:
    reference = story.record(day("2026-09-16"))
    version, before = story.case(reference)["version"], story.duties(reference)
    assert len(announce(story, day("2026-09-16"), day("2026-10-08"))) == 1
    assert (story.case(reference)["version"], story.duties(reference)) == (version, before)
    rebuilding_changes_nothing(story)


def test_closure_days_are_kept_and_count_as_working_days_unless_the_policy_says_otherwise(story: Story) -> None:
    """T22: the Code's own policy skips none [lgsco:6.2]; reading R22."""
    reference = story.record(day("2026-12-18"))
    assert len(announce(story, day("2026-12-29"), day("2026-12-30"), layer=Layer.CLOSURE)) == 1
    assert story.case(reference)["act_by"] == day("2026-12-29")
    assert {row["layer"] for row in story.rows("holiday")} == {"bank_holiday", "closure"}
    rebuilding_changes_nothing(story)


def test_nothing_is_replaced(story: Story) -> None:
    """What is known already is refused, and a day that was never there cannot be withdrawn."""
    story.on(day("2026-09-07"))
    with refused(story, BadInput, match="known already"):
        announce(story, day("2026-12-25"))
    with refused(story, BadInput, match="known already"):
        announce(story, day("2026-09-08"), withdrawn=True)


def test_a_reopened_complaint_is_counted_by_the_newest_calendar(story: Story) -> None:
    """A duty that is open again follows what is known now, not what was known when it was settled; reading R23."""
    reference = story.acknowledged()
    story.withdraw(reference, day("2026-09-15"))
    announce(story, MOURNING)
    assert story.duties(reference)["respond_stage_one"]["due_on"] == ANSWER_DUE
    story.reopen(reference, day("2026-09-16"))
    assert story.duties(reference)["respond_stage_one"]["due_on"] == day("2026-09-29")
    rebuilding_changes_nothing(story)


def test_a_case_that_outlives_its_first_calendar_goes_on(
    story: Story, databases: Databases, database_kind: str
) -> None:
    """Duties settled under a calendar that ends earlier are kept as they are; later ones use the newer one."""
    office = databases.office(database_kind, seeded=False)
    migrate(office.database)
    story = Story(office=office, clock=story.clock, desks=Desk(office, SYSTEM))  # type: ignore[arg-type]
    story.on(day("2026-01-05"))
    until = [row for row in bank_holidays() if row[0].year <= 2026]
    Desk(office, SYSTEM).do(ChangeCalendar(source="first list", rows=tuple(until)))
    Desk(office, SYSTEM).do(SetUpCouncil(council="Sample", services=SERVICES, colleagues=COLLEAGUES))
    story.desks = desks_of(office)
    reference = story.record(day("2026-11-20"))
    story.acknowledge(reference, day("2026-11-27"))
    story.respond(reference, day("2026-12-11"))
    later = [row for row in bank_holidays() if row[0].year > 2026]
    story.desks.system.do(ChangeCalendar(source="second list", rows=tuple(later)))
    story.open_two(reference, day("2026-12-30"))
    story.acknowledge_two(reference, day("2027-01-07"))
    assert story.duties(reference)["respond_stage_two"]["due_on"] == day("2027-02-04")
    assert story.duties(reference)["respond_stage_one"]["standing"] == Standing.IN_TIME
    rebuilding_changes_nothing(story)


def test_the_council_is_set_up_once_and_each_name_once(story: Story) -> None:
    with refused(story, BadInput, match="set up already"):
        story.desks.manager.do(SetUpCouncil(council="Another"))


@pytest.mark.parametrize("what", ["services", "colleagues"])
def test_a_name_given_twice_is_refused(databases: Databases, database_kind: str, what: str) -> None:
    office = databases.office(database_kind, seeded=False)
    migrate(office.database)
    desk = Desk(office, SYSTEM)
    desk.do(ChangeCalendar(source="list", rows=bank_holidays()))
    given = (
        {"services": ("Parks", "Parks")}
        if what == "services"
        else {"colleagues": (("Kim Sample", Role.HANDLER), ("Kim Sample", Role.MANAGER))}
    )
    with pytest.raises(BadInput, match="named twice"):
        desk.do(SetUpCouncil(council="Sample", **given))


def test_stage_two_moves_like_stage_one(story: Story) -> None:
    reference = story.considered_at_stage_two()
    announce(story, day("2026-10-14"))
    duty = story.duties(reference)["respond_stage_two"]
    assert (duty["due_on"], duty["act_by"]) == (day("2026-11-03"), day("2026-11-02"))
    assert FINAL_LIMIT == day("2026-11-30")
    rebuilding_changes_nothing(story)
