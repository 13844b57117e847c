"""Letters about late answers: begun by the console before the date passes, once, and never sent by it (5.5)."""

from __future__ import annotations

import time
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from core.code.catalogue import LETTERS
from core.commands.letters import DropLetter, LetterKind, WriteLetter
from core.commands.letters_going_out import SendLetter
from core.commands.notices import DraftNotices, DropNotices
from core.errors import NotFound, NotPermitted
from core.model.complaints import Complaint, Stage
from core.model.duties import Duty
from core.noticing import Noticed, keep_noticed
from core.queries.letters import case_letters, letter_view
from core.rules.facts import StageNumber
from core.rules.notices import notice_for
from core.rules.steps import Position
from tests.builders import ANSWER_DUE, ANSWERED, EXTENDED_TO, FINAL, FINAL_DUE, Story

WITHIN = LETTERS["delay_notice"].begun_within or 0
NEAR = date(2026, 9, 24)  # two working days before the answer is owed, with a weekend between
DAY = timedelta(days=1)
EXTENSION, NOTICE = "Extension of stage 1", "Notice that the answer is late"


def titles(story: Story, reference: str) -> list[str]:
    return [line.title for line in story.desks.handler.ask(case_letters, reference)]


def letter_of(story: Story, reference: str) -> int:
    return story.desks.handler.ask(case_letters, reference)[0].id


@pytest.mark.parametrize(
    ("position", "days_late", "letter"),
    [
        (Position.ONE_CONSIDERED, 0, "extension_stage_one"),
        (Position.ONE_CONSIDERED, 1, "delay_notice"),
        (Position.ONE_EXTENDED, 0, "delay_notice"),
        (Position.ONE_AWAITING_ACKNOWLEDGEMENT, 0, "delay_notice"),
        (Position.ONE_REOPENED, 0, "delay_notice"),
        (Position.TWO_CONSIDERED, 0, "extension_stage_two"),
        (Position.TWO_EXTENDED, 0, "delay_notice"),
    ],
)
def test_an_extension_is_begun_only_while_a_first_one_can_still_be_told(
    position: Position, days_late: int, letter: str
) -> None:
    stage = StageNumber.TWO if position.value.startswith("Stage 2") else StageNumber.ONE
    given = {"stage": stage, "position": position, "act_by": ANSWER_DUE, "today": ANSWER_DUE + days_late * DAY}
    assert notice_for(**given) == letter


def test_5_5_a_draft_is_begun_so_many_working_days_before_the_date_and_not_sooner(story: Story) -> None:
    reference = story.acknowledged()
    assert keep_noticed(story.on(NEAR - DAY).office) == Noticed()
    assert keep_noticed(story.on(NEAR).office) == Noticed(drafted=1)
    (line,) = story.desks.handler.ask(case_letters, reference)
    assert (line.title, line.prepared_by, line.sent_on) == (EXTENSION, "The console", None)
    said = story.desks.handler.ask(letter_view, line.id).said
    assert "Mon 28 September 2026" in said["new_date"] and "[to write" in said["new_date"]
    assert "Ombudsman" in said["ombudsman"]
    assert story.tags(reference)[-1] == "notice.drafted"


def test_5_5_it_is_begun_once_for_a_date_however_often_the_console_looks(story: Story) -> None:
    reference = story.acknowledged()
    version = story.case(reference)["version"]
    for _ in range(3):
        keep_noticed(story.on(NEAR).office)
    assert titles(story, reference) == [EXTENSION]
    assert story.case(reference)["version"] == version
    story.desks.handler.do(DropLetter(reference=reference, letter_id=letter_of(story, reference)))
    assert keep_noticed(story.on(ANSWER_DUE).office) == Noticed()
    assert titles(story, reference) == []


def test_5_5_once_the_date_has_passed_the_notice_takes_the_place_of_an_untouched_extension(story: Story) -> None:
    reference = story.acknowledged()
    keep_noticed(story.on(NEAR).office)
    assert keep_noticed(story.on(ANSWER_DUE).office) == Noticed()
    assert keep_noticed(story.on(ANSWER_DUE + DAY).office) == Noticed(drafted=1, dropped=1)
    assert titles(story, reference) == [NOTICE]
    assert keep_noticed(story.on(ANSWER_DUE + 30 * DAY).office) == Noticed()


def test_a_later_date_gets_a_draft_of_its_own_and_a_second_extension_is_left_to_the_officer(story: Story) -> None:
    reference = story.acknowledged()
    keep_noticed(story.on(ANSWERED).office)
    story.extend(reference)
    assert keep_noticed(story.office) == Noticed(dropped=1)
    assert keep_noticed(story.on(EXTENDED_TO - DAY).office) == Noticed(drafted=1)
    assert titles(story, reference) == [NOTICE]


def test_nothing_is_begun_where_an_officer_wrote_or_told_them(story: Story) -> None:
    writing, told = story.acknowledged(), story.acknowledged()
    story.draft(writing, LetterKind.DELAY_NOTICE)
    letter_id = story.draft(told, LetterKind.DELAY_NOTICE)
    parts = tuple({"content": each, "text": "Written."} for each in ("new_date", "reason", "ombudsman"))
    story.on(ANSWERED).desks.handler.do(WriteLetter(reference=told, letter_id=letter_id, parts=parts))
    story.desks.handler.do(SendLetter(reference=told, letter_id=letter_id, sent_on=ANSWERED))
    assert keep_noticed(story.on(ANSWER_DUE + DAY).office) == Noticed()


def test_a_draft_goes_once_the_answer_has_gone_unless_somebody_wrote_on_it(story: Story) -> None:
    """Typed and not yet saved counts as much as saved."""
    untouched, saved, typed = (story.acknowledged() for _ in range(3))
    keep_noticed(story.on(NEAR).office)
    ids = {each: letter_of(story, each) for each in (saved, typed)}
    story.desks.handler.do(WriteLetter(reference=saved, letter_id=ids[saved], addressee="Sam Sample"))
    story.desks.handler.keep(f"WriteLetter:{typed}+letter {ids[typed]}", {"parts.reason": "A crew is away."})
    for each in (untouched, saved, typed):
        story.respond(each, NEAR)
    assert keep_noticed(story.office) == Noticed(dropped=1)
    assert [titles(story, each) for each in (untouched, saved, typed)] == [[], [EXTENSION], [EXTENSION]]
    assert story.tags(untouched)[-1] == "notice.dropped"
    assert story.verified() == len(story.tags())


def test_a_letter_under_a_number_that_came_back_is_the_officers_own(story: Story) -> None:
    reference = story.acknowledged()
    keep_noticed(story.on(NEAR).office)
    story.desks.handler.do(DropLetter(reference=reference, letter_id=letter_of(story, reference)))
    story.draft(reference, LetterKind.UPDATE)
    story.respond(reference, NEAR)
    assert keep_noticed(story.office) == Noticed()
    assert len(titles(story, reference)) == 1


def test_stage_two_and_a_reopened_complaint_are_owed_the_same(story: Story) -> None:
    two, again = story.at_stage_two(), story.answered()
    story.acknowledge_two(two)
    story.reopen(again, FINAL)
    keep_noticed(story.on(FINAL_DUE).office)
    assert (titles(story, two), titles(story, again)) == (["Extension of stage 2"], [])
    assert keep_noticed(story.on(FINAL_DUE + 14 * DAY).office) == Noticed(drafted=2, dropped=1)
    assert titles(story, again) == titles(story, two) == [NOTICE]


def test_it_is_addressed_and_printed_as_a_letter_of_an_officers_would_be(story: Story) -> None:
    plain, acted_for = story.acknowledged(), story.acknowledged()
    story.represent(acted_for)
    story.adjust(acted_for, what="Letters in 18 point")
    keep_noticed(story.on(NEAR).office)
    for reference in (plain, acted_for):
        console = story.desks.handler.ask(letter_view, letter_of(story, reference))
        officers = story.desks.handler.ask(letter_view, story.draft(reference, LetterKind.EXTENSION_STAGE_ONE))
        assert console.addressee == officers.addressee != ""
        assert (console.large_print_points, console.said) == (officers.large_print_points, officers.said)


def test_only_the_console_begins_them(story: Story) -> None:
    for command in (DraftNotices(), DropNotices()):
        with pytest.raises(NotPermitted, match="Only the console itself"):
            story.desks.manager.do(command)
        with pytest.raises(NotFound):
            story.desks.system.do(command)


def many(story: Story, count: int) -> None:
    """So many copies of a complaint with its stage and duties, as rows: only the drafting is measured."""
    reference = story.acknowledged()
    case = story.case(reference)
    copies = range(case["id"] + 1, case["id"] + count)
    copied: dict[Any, list[dict[str, Any]]] = {
        Complaint: [{**case, "reference": f"X-{number}", "id": number} for number in copies]
    }
    for table in (Stage, Duty):
        rows = story.rows(table.__tablename__, complaint_id=case["id"])
        own = [{name: value for name, value in row.items() if name != "id"} for row in rows]
        copied[table] = [{**values, "complaint_id": number} for number in copies for values in own]
    with story.office.database.writing() as session:
        for table, rows in copied.items():
            session.connection().execute(sa.insert(table.__table__), rows)


def test_a_thousand_drafts_take_seconds(story: Story) -> None:
    many(story, 1_000)
    began = time.process_time()
    assert keep_noticed(story.on(NEAR).office) == Noticed(drafted=1_000)
    assert time.process_time() - began < 10
    assert len(story.rows("notice_draft")) == 1_000
