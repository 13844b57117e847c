"""Service requests: a record of their own, from the first word to the monthly review."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from core.commands.accounts import RecordLeaver
from core.commands.base import COMMANDS
from core.commands.requests import ReviewServiceRequests
from core.errors import BadInput, CalendarEnds, ChangedMeanwhile, NotFound, NotPermitted, StepNotOpen
from core.model.complaints import Channel
from core.model.requests import OfferReply, RequestOutcome
from core.rules.request_steps import REQUEST_STEPS, RequestPosition
from tests.builders import Story, day
from tests.commands.refusals import reason_asked, refused
from tests.requests import ASKED, UNHAPPY, ask, raise_from, row_of, take

ANSWERED = day("2026-09-10")
CLOSING: dict[str, Any] = {"closed_on": ANSWERED, "outcome": RequestOutcome.DONE}


def assign(story: Story, reference: str, **fields: Any) -> None:
    given = {"colleague_id": story.desks.handler.actor.id, "due_on": day("2026-09-21")}
    take(story, "AssignServiceRequest", reference, ASKED, **(given | fields))


def answer(story: Story, reference: str, **fields: Any) -> None:
    given = {"answered_on": ANSWERED, "answer": "It is cut on Friday."}
    take(story, "AnswerServiceRequest", reference, ANSWERED, **(given | fields))


def test_1_2_a_request_is_a_record_of_its_own_kept_with_who_decided_and_why(story: Story) -> None:
    """A record of its own, in their own words, by any member of staff [lgsco:1.6] [lgsco:1.8]."""
    reference = ask(story, by=story.desks.recorder)
    row = row_of(story, reference)
    assert reference == "SR-2026-000001"
    assert row["words"] == "Please cut back the hedge on Sample Lane."
    assert (row["decided_by"], row["why"]) == (story.desks.recorder.actor.id, "They ask for it for the first time.")
    assert (row["received_on"], row["logged_on"], row["contains_dissatisfaction"]) == (ASKED, ASKED, False)
    assert story.tags()[-1] == "request.recorded"
    assert story.rows("complaint") == story.rows("stage") == story.rows("duty") == []


def test_why_it_is_a_request_has_to_be_said(story: Story) -> None:
    """Setting something apart from complaints is a decision with a reason [lgsco:1.6]."""
    with refused(story, BadInput, match="Why it is a service request"):
        given = {"words": "Bin", "received_on": ASKED, "channel": Channel.PHONE}
        story.desks.recorder.form(COMMANDS["RecordServiceRequest"], given)


def test_references_count_up_without_gaps_year_by_year(story: Story) -> None:
    first = ask(story)
    with refused(story, BadInput, match="has not come yet"):
        story.desks.recorder.do(
            COMMANDS["RecordServiceRequest"](
                words="Bin", received_on=day("2026-09-08"), channel=Channel.PHONE, why="First time."
            )
        )
    with refused(story, BadInput, match="service does not exist"):
        ask(story, service_id=99)
    assert (first, ask(story)) == ("SR-2026-000001", "SR-2026-000002")
    assert ask(story, day("2027-01-04")) == "SR-2027-000001"
    assert story.record(day("2027-01-04")) == "C-2027-000001"


@pytest.mark.parametrize(("words", "ticked"), [(UNHAPPY, False), ("Cut the hedge.", True), (UNHAPPY, True)])
def test_a_request_may_sound_unhappy_and_is_marked_so(story: Story, words: str, ticked: bool) -> None:
    """Whoever takes it says so, or its words do; it stays a request [lgsco:1.7]."""
    reference = ask(story, words=words, dissatisfied=ticked)
    assert row_of(story, reference)["contains_dissatisfaction"] is True
    assert story.rows("complaint") == []


def test_the_matter_is_made_of_the_first_words(story: Story) -> None:
    assert row_of(story, ask(story, matter="", words="The  hedge\nis high."))["matter"] == "The hedge is high."
    long = row_of(story, ask(story, matter="", words="hedge " * 60))["matter"]
    assert long.startswith("hedge hedge")
    assert long.endswith(" hedge…")
    assert row_of(story, ask(story, matter="", words="x" * 300))["matter"] == "x" * 80 + "…"


def test_one_colleague_deals_with_it_by_a_day(story: Story) -> None:
    """Handing over keeps the day, unless another is set [lgsco:1.3]."""
    reference = ask(story)
    assign(story, reference)
    assert row_of(story, reference)["due_on"] == day("2026-09-21")
    with refused(story, BadInput, match="has it already"):
        assign(story, reference)
    assign(story, reference, colleague_id=story.desks.manager.actor.id, due_on=None)
    row = row_of(story, reference)
    assert (row["owner_id"], row["due_on"]) == (story.desks.manager.actor.id, day("2026-09-21"))
    with refused(story, BadInput, match="does not deal with requests"):
        assign(story, reference, colleague_id=story.desks.member.actor.id)
    with refused(story, BadInput, match="does not deal with requests"):
        assign(story, reference, colleague_id=999)
    with refused(story, BadInput, match="before the request was received"):
        assign(story, reference, due_on=day("2026-09-04"))
    with refused(story, CalendarEnds):
        assign(story, reference, due_on=day("2090-01-02"))


def test_it_is_answered_then_closed_and_stays_readable(story: Story) -> None:
    reference = ask(story)
    answer(story, reference)
    take(story, "CloseServiceRequest", reference, ANSWERED, **CLOSING)
    row = row_of(story, reference)
    assert (row["answered_on"], row["closed_on"], row["outcome"]) == (ANSWERED, ANSWERED, "done")
    for step in ("AnswerServiceRequest", "CloseServiceRequest", "AssignServiceRequest"):
        assert step not in REQUEST_STEPS[RequestPosition.CLOSED]
    with refused(story, StepNotOpen, match="is closed"):
        answer(story, reference)
    assert story.verified() == len(story.tags())


def test_dates_of_a_request_are_in_order(story: Story) -> None:
    reference = ask(story)
    with refused(story, BadInput, match="before the request was received"):
        answer(story, reference, answered_on=day("2026-09-04"))
    with refused(story, BadInput, match="has not come yet"):
        answer(story, reference, answered_on=day("2026-09-11"))
    answer(story, reference)
    with refused(story, BadInput, match="before it was answered"):
        take(story, "CloseServiceRequest", reference, ANSWERED, closed_on=ASKED, outcome=RequestOutcome.DONE)


def test_an_answer_that_leaves_somebody_unhappy_marks_the_request(story: Story) -> None:
    """Unhappy with the answer, they can complain while work goes on [lgsco:1.7]."""
    reference = ask(story)
    answer(story, reference, unhappy=True)
    assert row_of(story, reference)["contains_dissatisfaction"] is True


def test_5_3_an_unhappy_request_is_not_closed_before_a_complaint_was_offered(story: Story) -> None:
    """Offered, or a reason on the record [lgsco:5.3]."""
    reference = ask(story, words=UNHAPPY)
    with reason_asked(story, "lgsco:5.3"):
        take(story, "CloseServiceRequest", reference, ANSWERED, **CLOSING)
    offer = {"offered_on": ANSWERED, "reply": OfferReply.DECLINED, "note": "They only want the hedge cut."}
    take(story, "OfferComplaint", reference, ANSWERED, **offer)
    take(story, "CloseServiceRequest", reference, ANSWERED, **CLOSING)
    assert row_of(story, reference)["offer_reply"] == OfferReply.DECLINED.value


def test_closing_without_an_offer_keeps_the_reason(story: Story) -> None:
    """A departure with its reason, in the history for good [lgsco:5.3]."""
    reference = ask(story, words=UNHAPPY)
    done = take(story, "CloseServiceRequest", reference, ANSWERED, **CLOSING, good_reason="They moved away.")
    assert "Departed from 5.3, as no complaint was offered. Reason: They moved away." in done.sentences[0]
    quiet = ask(story)
    done = take(story, "CloseServiceRequest", quiet, ANSWERED, **CLOSING, good_reason="Not asked for.")
    assert "Departed" not in done.sentences[0]


def test_what_they_said_to_the_offer_may_change(story: Story) -> None:
    """No reply yet, then yes; both stay in the history [lgsco:5.3]."""
    reference = ask(story, words=UNHAPPY)
    for reply in (OfferReply.NO_REPLY, OfferReply.ACCEPTED):
        take(story, "OfferComplaint", reference, ANSWERED, offered_on=ANSWERED, reply=reply)
    assert row_of(story, reference)["offer_reply"] == OfferReply.ACCEPTED.value
    assert story.tags().count("complaint.offered") == 2


def test_a_stale_page_is_told(story: Story) -> None:
    reference = ask(story)
    assign(story, reference, seen_version=1)
    with refused(story, ChangedMeanwhile, match="has changed since"):
        answer(story, reference, seen_version=1)
    answer(story, reference, seen_version=2)


def test_a_request_that_does_not_exist_is_not_found(story: Story) -> None:
    with refused(story, NotFound, match="There is no service request SR-2026-000009"):
        answer(story, "SR-2026-000009")


@pytest.mark.parametrize("who", ["recorder", "member", "quality", "senior_lead", "administrator", "link_officer"])
def test_recorders_record_and_handlers_handle(story: Story, who: str) -> None:
    """Whoever only records, reads or oversees takes no step on a request [lgsco:4.1]."""
    reference = ask(story)
    desk = getattr(story.desks, who)
    with refused(story, NotPermitted):
        take(story, "AnswerServiceRequest", reference, ANSWERED, by=desk, answered_on=ASKED, answer="Soon.")


def test_1_3_requests_are_in_no_figure_queue_or_search_of_complaints(story: Story) -> None:
    """A request is no complaint and counts as none [lgsco:1.3]."""
    reference = ask(story)
    answer(story, reference)
    assert [story.rows(table) for table in ("complaint", "stage", "duty", "point", "search_doc")] == [[]] * 5


# ---------------------------------------------------------------------------------------------------- monthly review


def review(story: Story, month: str, today: str) -> None:
    story.on(day(today)).desks.manager.do(ReviewServiceRequests(month=day(month), note="Hedges are slow in summer."))


def test_1_8_a_month_is_signed_off_once_it_is_over(story: Story) -> None:
    """With what came, what is open and what is overdue on that day [lgsco:1.8]."""
    assign(story, ask(story))
    ask(story, words=UNHAPPY)
    with refused(story, BadInput, match="is not over yet"):
        review(story, "2026-09-01", "2026-09-30")
    review(story, "2026-09-15", "2026-10-01")
    (row,) = story.rows("request_review")
    assert (row["month"], row["reviewed_on"]) == (day("2026-09-01"), day("2026-10-01"))
    newest = max(story.rows("ledger_entry"), key=lambda entry: entry["n"])
    assert newest["data"] == '{"dissatisfied":1,"month":"2026-09-01","overdue":1,"received":2,"still_open":2}'
    with refused(story, BadInput, match="September 2026 is signed off already"):
        review(story, "2026-09-01", "2026-10-02")
    with refused(story, BadInput, match="lies before the first request"):
        review(story, "2026-08-01", "2026-10-02")


def test_only_the_manager_signs_off(story: Story) -> None:
    ask(story)
    story.on(day("2026-10-01"))
    with refused(story, NotPermitted, match="Only the complaints manager signs off"):
        story.desks.handler.do(ReviewServiceRequests(month=ASKED, note="Fine."))


# ------------------------------------------------------------------------------------------------------------ leavers


@pytest.mark.parametrize("successor", [True, False])
def test_a_leavers_requests_go_to_the_successor_or_show_as_nobodys(story: Story, successor: bool) -> None:
    """Nothing that was asked for is lost with the person who had it [lgsco:4.1]."""
    kept, closed = ask(story), ask(story)
    for each in (kept, closed):
        assign(story, each)
    take(story, "CloseServiceRequest", closed, ANSWERED, **CLOSING)
    takes = story.desks.other_handler.actor.id if successor else None
    leaver = story.desks.handler.actor.id
    done = story.desks.system.do(RecordLeaver(colleague_id=leaver, successor_id=takes))
    assert row_of(story, kept)["owner_id"] == takes
    assert row_of(story, closed)["owner_id"] == leaver
    said = "taking over from Hana Handler" if successor else f"Nobody has {kept} now"
    assert any(said in sentence for sentence in done.sentences)


def test_the_database_refuses_half_an_ending(story: Story) -> None:
    ask(story)
    for statement in (
        "UPDATE service_request SET closed_on = '2026-09-10'",
        "UPDATE service_request SET offered_on = '2026-09-10'",
        "UPDATE service_request SET channel = 'carrier pigeon'",
    ):
        with story.office.database.engine.connect() as connection, pytest.raises(sa.exc.IntegrityError):
            connection.execute(sa.text(statement))


def test_a_raised_complaint_does_not_close_its_request(story: Story) -> None:
    """Whatever stands between them, each goes its own way [lgsco:1.7]."""
    reference = ask(story)
    raise_from(story, reference, ANSWERED)
    take(story, "CloseServiceRequest", reference, ANSWERED, **CLOSING)
    assert story.rows("complaint")[0]["is_open"]
