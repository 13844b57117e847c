"""The equality questions: asked once, answered only by those who wish, and kept where nothing leads back."""

from __future__ import annotations

import json
from typing import Any

import pytest
import sqlalchemy as sa

from core.code.monitoring import LIMITS, NO_ANSWER, QUESTIONS, answers_to
from core.commands.monitoring import KeepMonitoring
from core.desk import Done
from core.errors import BadInput, StepNotOpen
from core.queries.cases import case_view
from core.queries.monitoring import equality_figures, monitoring_asked
from core.rules.monitoring import MonitoringReply
from tests.builders import Story, day
from tests.commands.refusals import refused

ANSWERS = {"age": "from_55", "disability": "a_lot", "sex": "female", "religion": NO_ANSWER}
QUARTER = day("2026-07-01")


def tell(story: Story, reference: str, reply: MonitoringReply = MonitoringReply.ANSWERED, **answers: str) -> Done:
    """The handler keeps what was said."""
    return story.desks.handler.do(KeepMonitoring(reference=reference, reply=reply, **answers))


def counts(story: Story, scope: int = 0) -> dict[tuple[str, str], int]:
    """The counts above nothing, by question and answer."""
    rows = story.rows("equality_count", scope=scope)
    return {(row["question"], row["answer"]): row["people"] for row in rows if row["people"]}


def test_what_is_answered_is_counted_by_the_quarter_of_receipt(story: Story) -> None:
    """Each answer raises one count; a question left out raises none [lgsco:3.1]."""
    first, second = story.record(), story.record()
    tell(story, first, **ANSWERS)
    tell(story, second, age="from_55")
    assert counts(story) == {("age", "from_55"): 2} | {(q, a): 1 for q, a in ANSWERS.items() if q != "age"}
    assert {row["quarter"] for row in story.rows("equality_count")} == {QUARTER}
    assert len(story.rows("equality_count")) == sum(len(answers_to(each)) for each in QUESTIONS)


def test_the_ledger_and_the_case_say_that_they_answered_and_never_what(story: Story) -> None:
    """Nothing of an answer stands in any other table, the ledger and its personal fields included [lgsco:3.1]."""
    reference = story.record()
    done = tell(story, reference, **ANSWERS)
    assert done.sentences == (
        "Offered the equality questions. They answered. The answers are kept apart, with no link to this complaint.",
    )
    (entry,) = story.rows("ledger_entry", tag="equality.asked")
    assert json.loads(entry["data"]) == {"reply": "they answered"}
    assert entry["digest"] == "" and story.rows("ledger_personal", n=entry["n"]) == []
    assert story.desks.handler.ask(monitoring_asked, reference) is MonitoringReply.ANSWERED
    assert [dict(row) for row in story.rows("monitoring_asked")] == [
        {"complaint_id": story.case(reference)["id"], "reply": "they answered"}
    ]
    assert story.desks.handler.ask(case_view, reference).history[0].sentence == done.sentences[0]
    assert story.verified() == len(story.tags())


def test_a_count_has_no_number_no_moment_and_no_order_of_its_own(story: Story) -> None:
    """Two councils whose people answered the same in another order hold the same rows [lgsco:3.1]."""
    tell(story, story.record(), **ANSWERS)
    rows = story.rows("equality_count")
    assert {frozenset(row) for row in rows} == {frozenset({"quarter", "scope", "question", "answer", "people"})}
    with story.office.database.engine.connect() as connection:
        if story.office.database.is_sqlite:
            with pytest.raises(sa.exc.OperationalError, match="no such column: rowid"):
                connection.exec_driver_sql("SELECT rowid FROM equality_count")
            return
        # Which transaction wrote a row last is on every row, and the ledger's entry has the same one.
        written = connection.exec_driver_sql("SELECT xmin::text, people FROM equality_count").all()
        entry = connection.exec_driver_sql("SELECT xmin::text FROM ledger_entry WHERE tag = 'equality.asked'").scalar()
    assert {xmin for xmin, _people in written} == {entry}
    assert {people for _xmin, people in written} == {0, 1}


def test_an_answer_rewrites_every_count_of_its_quarter_and_no_other(story: Story) -> None:
    """So that the newest answers cannot be told from the rest by who wrote which row last."""
    tell(story, story.record(), **ANSWERS)
    tell(story, story.record(day("2026-10-05")), age="from_18")
    if story.office.database.is_sqlite:
        assert len({row["quarter"] for row in story.rows("equality_count")}) == 2
        return
    with story.office.database.engine.connect() as connection:
        written = connection.exec_driver_sql("SELECT DISTINCT quarter, xmin::text FROM equality_count").all()
    assert len(written) == len({quarter for quarter, _xmin in written}) == 2


@pytest.mark.parametrize("reply", [MonitoringReply.ANSWERED, MonitoringReply.DECLINED])
def test_nobody_is_asked_twice(story: Story, reply: MonitoringReply) -> None:
    reference = story.record()
    tell(story, reference, reply, **(ANSWERS if reply is MonitoringReply.ANSWERED else {}))
    before = counts(story)
    with refused(story, StepNotOpen, match="They are asked once"):
        tell(story, reference, **ANSWERS)
    assert counts(story) == before


def test_an_offer_without_an_answer_may_be_answered_later(story: Story) -> None:
    """A form sent by post comes back, or never [lgsco:3.1]."""
    reference = story.record()
    tell(story, reference, MonitoringReply.OFFERED)
    assert story.desks.handler.ask(monitoring_asked, reference) is MonitoringReply.OFFERED
    assert story.rows("equality_count") == []
    tell(story, reference, age="from_75")
    assert counts(story) == {("age", "from_75"): 1}


def test_the_same_command_twice_counts_once(story: Story) -> None:
    """A double click is one answer."""
    command = KeepMonitoring(reference=story.record(), reply=MonitoringReply.ANSWERED, **ANSWERS)
    story.desks.handler.do(command)
    assert story.desks.handler.do(command).again
    assert counts(story)[("age", "from_55")] == 1


@pytest.mark.parametrize(
    ("reply", "answers", "field"),
    [
        (MonitoringReply.ANSWERED, {}, "reply"),
        (MonitoringReply.DECLINED, {"age": "from_55"}, "reply"),
        (MonitoringReply.OFFERED, {"sex": NO_ANSWER}, "reply"),
        (MonitoringReply.ANSWERED, {"age": "a_lot"}, "age"),
        (MonitoringReply.ANSWERED, {"sex": "x' OR 1=1 --"}, "sex"),
    ],
)
def test_answers_that_do_not_fit_are_refused_in_a_sentence(
    story: Story, reply: MonitoringReply, answers: dict[str, str], field: str
) -> None:
    reference = story.record()
    with refused(story, BadInput) as caught:
        tell(story, reference, reply, **answers)
    assert set(caught.value.fields) == {field}
    assert story.rows("equality_count") == []


def test_a_service_is_named_only_among_many_complaints(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    """One complaint about cemeteries in a quarter would give its answers away."""
    assert LIMITS.service_from > LIMITS.fewest
    few = type(LIMITS)(key="limits", fewest=5, service_from=3, no_answer="Prefer not to say")
    monkeypatch.setattr("core.commands.monitoring.LIMITS", few)
    references = [story.record(service_id=2) for _number in range(2)]
    tell(story, references[0], age="from_18")
    references.append(story.record(service_id=2))
    story.record(day("2026-10-05"), service_id=2)
    tell(story, references[1], age="from_18")
    tell(story, story.record(service_id=None), age="from_18")
    assert counts(story, scope=0) == {("age", "from_18"): 2}
    assert counts(story, scope=2) == {("age", "from_18"): 1}


def test_every_question_of_the_list_is_a_field_of_the_step(story: Story) -> None:
    """And every one can be left unsaid in its own words."""
    asked = {name: info.title for name, info in KeepMonitoring.asked_fields().items() if name != "reply"}
    assert asked == {key: each.title for key, each in QUESTIONS.items()}
    assert all(list(answers_to(key))[-1] == NO_ANSWER for key in QUESTIONS)


# -------------------------------------------------------------------------------------------------------------- figures


def answered(story: Story, received: str, number: int, **answers: str) -> None:
    """So many complaints received on a day whose people gave these answers."""
    for _each in range(number):
        tell(story, story.record(day(received)), **answers)


def lines(story: Story, title: str, **asked: Any) -> tuple[int | None, dict[str, int | None]]:
    """One question's figures as the manager is shown them."""
    found = story.desks.manager.ask(equality_figures, **asked)
    (question,) = [each for each in found.questions if each.title == title]
    return question.answered, {line.title: line.people for line in question.lines if line.people != 0}


def test_small_numbers_are_held_back(story: Story) -> None:
    """Six women, five men and one who would not say: which of the last two is small cannot be told [lgsco:3.1]."""
    answered(story, "2026-07-06", 6, sex="female")
    answered(story, "2026-08-03", 5, sex="male")
    answered(story, "2026-09-07", 1, sex=NO_ANSWER, age="from_18")
    story.on(day("2026-10-05"))
    assert lines(story, "Sex") == (12, {"Female": 6, "Male": None, "Prefer not to say": None})
    total, by_age = lines(story, "Age group")
    assert total is None and set(by_age.values()) == {None}


def test_a_quarter_is_shown_once_it_is_over_and_for_a_year(story: Story) -> None:
    """Looking before and after an answer shows nothing of it."""
    answered(story, "2026-09-07", 6, sex="female")
    for today, total in (("2026-09-30", None), ("2026-10-01", 6), ("2027-09-30", 6), ("2027-10-01", None)):
        story.on(day(today))
        assert lines(story, "Sex")[0] == total, today
    story.on(day("2026-11-24"))
    found = story.desks.manager.ask(equality_figures)
    assert (found.since, found.until, found.anything) == (day("2025-10-01"), day("2026-09-30"), True)
    assert not story.desks.manager.ask(equality_figures, service_id=1).anything
