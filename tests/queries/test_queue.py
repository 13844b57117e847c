"""The queue: the nearest duty first, and one filter for the list, its count, its badge and its export."""

from __future__ import annotations

import pytest

from core.commands.adjusting import FlagRisk
from core.errors import BadInput, NotPermitted
from core.queries.base import LAST_ID
from core.queries.queue import QueueFilter, QueuePage, QueueRow, queue, queue_counts, queue_export
from core.rules.duties import TITLES
from tests.builders import ACKNOWLEDGED, RECEIVED, REQUESTED, Story, day
from tests.conftest import Desks
from tests.queries.old_list import bring_in

EVERYTHING = QueueFilter()


def services(story: Story) -> dict[str, int]:
    """The ids of the council's services by name."""
    return {row["name"]: row["id"] for row in story.rows("service")}


def shown(desks: Desks, chosen: QueueFilter = EVERYTHING) -> list[str]:
    """References in the queue, after asking that list, count, badge and export agree."""
    page = desks.handler.ask(queue, chosen)
    export = desks.handler.ask(queue_export, chosen)
    counts = desks.handler.ask(queue_counts, chosen)
    assert page.rows == export
    assert (page.count, page.more, page.after) == (len(page.rows), False, "")
    assert counts.total == page.count
    return [row.reference for row in page.rows]


@pytest.fixture
def busy(story: Story) -> dict[str, str]:
    """Complaints at several points of their way; today is Tuesday 29 September 2026."""
    at = services(story)
    names = {
        "late": story.record(day("2026-09-14"), matter="Mould in the hall", service_id=at["Housing repairs"]),
        "done": story.answered(),
        "one": story.acknowledged(),
    }
    story.assign(names["one"])
    names["ended"] = story.record(day("2026-09-15"))
    story.withdraw(names["ended"], on=day("2026-09-16"))
    names["two"] = story.at_stage_two()
    names["new"] = story.record(day("2026-09-29"), individual="Zoë Test", postcode="ZZ1 1AA")
    story.on(day("2026-09-29"))
    return names


# -------------------------------------------------------------------------------------------------------------- order


def test_the_nearest_day_to_act_comes_first_and_ended_or_answered_complaints_are_gone(
    busy: dict[str, str], desks: Desks
) -> None:
    """One row a complaint, its next duty; of two on the same day the older duty first [lgsco:6.2]."""
    assert shown(desks) == [busy[name] for name in ("late", "one", "two", "new")]
    dates = [row.act_by for row in desks.handler.ask(queue, EVERYTHING).rows]
    assert dates == [day("2026-09-21"), day("2026-09-28"), day("2026-10-05"), day("2026-10-06")]


def test_a_complaint_stands_where_its_next_step_is_due_not_its_last(story: Story, desks: Desks) -> None:
    """Acknowledging moves it from the day of acknowledging to the day of the answer [lgsco:6.3]."""
    first, second = story.record(), story.record(day("2026-09-08"))
    assert shown(desks) == [first, second]
    story.acknowledge(first)
    assert shown(desks) == [second, first]


# ------------------------------------------------------------------------------------------------------------ filters


def test_each_filter_leaves_what_it_says(busy: dict[str, str], story: Story, desks: Desks) -> None:
    """Whose, due, kind, stage, service, words; for each the list, count, badge and export are the same."""
    at = services(story)
    for chosen, names in (
        (QueueFilter(owner_id=desks.handler.actor.id), ("one",)),
        (QueueFilter(owner_id=desks.other_handler.actor.id), ()),
        (QueueFilter(unassigned=True), ("late", "two", "new")),
        (QueueFilter(overdue=True), ("late", "one")),
        (QueueFilter(due_from=day("2026-09-28"), due_until=day("2026-10-05")), ("one", "two")),
        (QueueFilter(due_from=day("2026-10-06")), ("new",)),
        (QueueFilter(due_until=day("2026-09-21")), ("late",)),
        (QueueFilter(kind="acknowledge_stage_one"), ("late", "new")),
        (QueueFilter(kind="respond_stage_one"), ("one",)),
        (QueueFilter(kind="acknowledge_stage_two"), ("two",)),
        (QueueFilter(kind="nothing of the sort"), ()),
        (QueueFilter(stage=1), ("late", "one", "new")),
        (QueueFilter(stage=2), ("two",)),
        (QueueFilter(stage=3), ()),
        (QueueFilter(service_id=at["Housing repairs"]), ("late",)),
        (QueueFilter(service_id=at["Parking"]), ()),
        (QueueFilter(text="mould"), ("late",)),
        (QueueFilter(text="zoe"), ("new",)),
        (QueueFilter(text="ZZ1 1AA"), ("new",)),
        (QueueFilter(text=busy["two"]), ("two",)),
        (QueueFilter(text="bins -mould"), ("one", "two", "new")),
        (QueueFilter(text="   "), ("late", "one", "two", "new")),
        (QueueFilter(text="mould", stage=2), ()),
        (QueueFilter(unassigned=True, stage=1, kind="acknowledge_stage_one", text="bins -mould"), ("new",)),
    ):
        assert shown(desks, chosen) == [busy[name] for name in names], chosen


def test_words_that_look_for_nothing_are_refused_in_a_sentence(desks: Desks) -> None:
    """Only what to leave out, or only signs: asking again says so, the list does not quietly show everything."""
    for text in ("-bins", "!!!", '"'):
        for asked in (queue, queue_counts, queue_export):
            with pytest.raises(BadInput, match="at least one word"):
                desks.handler.ask(asked, QueueFilter(text=text))


def test_the_queue_is_for_those_who_open_cases(desks: Desks) -> None:
    """A Member sees figures and never a case [lgsco:9.5]."""
    for desk in (desks.member, desks.recorder, desks.administrator):
        for asked in (queue, queue_counts, queue_export):
            with pytest.raises(NotPermitted):
                desk.ask(asked, EVERYTHING)


# ------------------------------------------------------------------------------------------------------------- counts


def test_counts_say_how_soon(busy: dict[str, str], story: Story, desks: Desks) -> None:
    """Overdue, today, the seven days after today, later; each complaint in exactly one."""
    counts = desks.handler.ask(queue_counts, EVERYTHING)
    assert (counts.overdue, counts.today, counts.week, counts.later) == (2, 0, 2, 0)
    story.on(day("2026-09-28"))
    counts = desks.handler.ask(queue_counts, EVERYTHING)
    assert (counts.overdue, counts.today, counts.week, counts.later) == (1, 1, 1, 1)
    assert counts.total == len(busy) - 2


def test_above_the_limit_a_count_says_more_than(story: Story, desks: Desks) -> None:
    """Counting stops there and says so; at the limit itself the number is exact."""
    desks.handler.office.settings = desks.handler.office.settings.model_copy(update={"search_limit": 100})
    bring_in(desks, *[RECEIVED] * 100)
    page = desks.handler.ask(queue, EVERYTHING)
    assert (page.count, page.more, page.count_words) == (100, False, "100")
    bring_in(desks, RECEIVED, source="one more")
    page = desks.handler.ask(queue, EVERYTHING)
    assert (page.count, page.more, page.count_words) == (100, True, "more than 100")
    assert desks.handler.ask(queue_counts, EVERYTHING).total == len(desks.handler.ask(queue_export, EVERYTHING)) == 101


def test_a_thousand_is_written_with_its_comma() -> None:
    assert QueuePage(rows=(), after="", count=1000, more=True).count_words == "more than 1,000"


# -------------------------------------------------------------------------------------------------------------- pages


@pytest.mark.parametrize("limit", [1, 3, 7, 25])
def test_pages_leave_no_gap_and_show_nothing_twice(limit: int, story: Story, desks: Desks) -> None:
    """Many duties on one day: the pages, one after another, are exactly the export."""
    bring_in(desks, *[RECEIVED] * 9, *[day("2026-09-08")] * 9, day("2026-09-01"), RECEIVED)
    seen: list[QueueRow] = []
    after = ""
    for _ in range(30):
        page = desks.handler.ask(queue, EVERYTHING, after=after, limit=limit)
        assert len(page.rows) <= limit and page.count == 20
        seen += page.rows
        after = page.after
        if not after:
            break
    assert tuple(seen) == desks.handler.ask(queue_export, EVERYTHING)
    assert len({row.duty_id for row in seen}) == len(seen) == 20


def test_a_full_last_page_has_no_next_one(story: Story, desks: Desks) -> None:
    bring_in(desks, *[RECEIVED] * 4)
    first = desks.handler.ask(queue, EVERYTHING, limit=2)
    last = desks.handler.ask(queue, EVERYTHING, limit=2, after=first.after)
    assert first.after and not last.after and len(last.rows) == 2


def test_a_page_goes_on_below_its_link_although_a_row_has_gone(story: Story, desks: Desks) -> None:
    """A complaint acknowledged between two pages moves; no other one is skipped for it."""
    bring_in(desks, *[RECEIVED] * 4)
    order = [row.reference for row in desks.handler.ask(queue_export, EVERYTHING)]
    first = desks.handler.ask(queue, EVERYTHING, limit=2)
    story.acknowledge(order[1], on=day("2026-09-09"))
    rest = desks.handler.ask(queue, EVERYTHING, limit=3, after=first.after)
    assert [row.reference for row in rest.rows] == [*order[2:], order[1]]


DAMAGED = (
    "yesterday", "2026-09-14", "2026-09-14_", "2026-13-14_1", "_1", "2026-09-14_x", "2026-09-14_1.5", "2026-09-14_-1",
    f"2026-09-14_{LAST_ID + 1}", f"2026-09-14_{2**63}", "2026-09-14_" + "9" * 5000, "2026-09-14_1; DROP TABLE duty",
    "2026-09-14_1\x00", "\x00",
)  # fmt: skip


def test_a_damaged_page_link_is_a_sentence(desks: Desks) -> None:
    """Whatever an address holds, the answer is what to do next, on both databases."""
    for after in DAMAGED:
        with pytest.raises(BadInput, match="first page|plain text"):
            desks.handler.ask(queue, EVERYTHING, after=after)


def test_a_link_from_beyond_the_end_shows_an_empty_page(story: Story, desks: Desks) -> None:
    story.record()
    page = desks.handler.ask(queue, EVERYTHING, after=f"2099-01-01_{LAST_ID}")
    assert (page.rows, page.after, page.count) == ((), "", 1)


# --------------------------------------------------------------------------------------------------------------- rows


def test_a_row_says_what_is_owed_by_whom_and_by_when(busy: dict[str, str], story: Story, desks: Desks) -> None:
    """All that an officer needs in order to choose: no case has to be opened for it."""
    rows = {row.reference: row for row in desks.handler.ask(queue, EVERYTHING).rows}
    one, late = rows[busy["one"]], rows[busy["late"]]
    assert (one.title, one.clause, one.stage) == (TITLES["respond_stage_one"], "lgsco:6.3", 1)
    assert (one.individual, one.matter, one.owner, one.service) == (
        "Sam Sample",
        "Missed bin collections",
        "Hana Handler",
        "",
    )
    assert (one.position, one.received_on) == ("Stage 1: being considered", RECEIVED)
    assert one.version == story.case(busy["one"])["version"]
    assert (late.service, late.owner, late.matter) == ("Housing repairs", "", "Mould in the hall")
    two = rows[busy["two"]]
    assert (two.title, two.clause, two.stage) == ("Acknowledge stage 2", "lgsco:6.12", 2)
    assert (two.position, two.act_by) == ("Stage 2: awaiting acknowledgement", day("2026-10-05"))


def test_the_badge_says_in_words_how_near_the_day_is(story: Story, desks: Desks) -> None:
    """Working days left or gone, also when asked on a Saturday [lgsco:6.2]."""
    story.record()
    for today, words, days in (
        ("2026-09-07", "5 working days left", 5),
        ("2026-09-10", "2 working days left", 2),
        ("2026-09-11", "1 working day left", 1),
        ("2026-09-12", "1 working day left", 1),
        ("2026-09-14", "due today", 0),
        ("2026-09-15", "late by 1 working day", -1),
        ("2026-09-17", "late by 3 working days", -3),
        ("2026-09-19", "late by 4 working days", -4),
    ):
        story.on(day(today))
        (row,) = desks.handler.ask(queue, EVERYTHING).rows
        assert row.act_by == ACKNOWLEDGED
        assert (row.soon.words, row.soon.days, row.soon.overdue) == (words, days, days < 0), today


def test_late_on_a_day_off_is_late_by_a_day_at_least(story: Story, desks: Desks) -> None:
    """A duty of Friday is overdue on Saturday: it is never late by nothing."""
    story.record(day("2026-09-04"))
    story.on(day("2026-09-12"))
    (row,) = desks.handler.ask(queue, QueueFilter(overdue=True)).rows
    assert (row.act_by, row.soon.words) == (day("2026-09-11"), "late by 1 working day")


def test_bank_holidays_are_no_working_days_in_the_badge(story: Story, desks: Desks) -> None:
    """Received in the week of Christmas: four days off stand between [lgsco:6.2]."""
    story.record(day("2026-12-22"))
    (row,) = desks.handler.ask(queue, EVERYTHING).rows
    assert (row.act_by, row.soon.words) == (day("2026-12-31"), "5 working days left")


def test_a_new_local_day_begins_at_midnight_in_london(story: Story, desks: Desks) -> None:
    """Half past eleven in the evening of universal time is the next day in summer."""
    story.record()
    story.on(ACKNOWLEDGED, hour=22)
    assert desks.handler.ask(queue_counts, EVERYTHING).today == 1
    story.on(ACKNOWLEDGED, hour=23)
    assert desks.handler.ask(queue_counts, EVERYTHING).overdue == 1


def test_a_complaint_without_name_or_handler_has_blanks_and_not_nothing(story: Story, desks: Desks) -> None:
    reference = story.record(
        individual="", contact_email="", no_contact_details=True, received_on=REQUESTED, today=REQUESTED
    )
    (row,) = desks.handler.ask(queue, EVERYTHING).rows
    assert (row.reference, row.individual, row.owner, row.service) == (reference, "", "", "")


# ----------------------------------------------------------------------------------------------------- who comes first


def test_6_1_pages_go_from_those_at_risk_to_the_others_without_a_gap(story: Story, desks: Desks) -> None:
    """However a page falls across the two parts, each complaint is shown once and in order [lgsco:6.1]."""
    every = [story.record(day(f"2026-09-{number:02}")) for number in (7, 8, 9, 10, 11)]
    for reference in (every[4], every[2]):
        desks.handler.do(FlagRisk(reference=reference, reason="Lives alone."))
    wanted = [every[2], every[4], every[0], every[1], every[3]]
    assert shown(desks) == wanted
    for limit in (1, 2, 3, 4):
        seen, after = [], ""
        while True:
            page = desks.handler.ask(queue, EVERYTHING, after=after, limit=limit)
            seen += [row.reference for row in page.rows]
            assert page.count == len(wanted)
            after = page.after
            if not after:
                break
        assert seen == wanted, limit
