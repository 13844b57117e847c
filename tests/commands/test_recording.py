"""Taking a complaint in: the day that counts, the time limit, who cannot be reached, and what is added later."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from core.commands.recording import AddPoint, RecordComplaint
from core.desk import Desk
from core.errors import BadInput, CalendarEnds, NotReady, ReasonNeeded
from core.model.complaints import Channel
from core.permissions import SYSTEM
from core.rules.facts import Standing
from core.rules.steps import Position
from core.store.schema import migrate
from tests.builders import ACKNOWLEDGED, ANSWERED, RECEIVED, Story, day
from tests.commands.refusals import reason_asked, refused
from tests.conftest import Databases

# --------------------------------------------------------------------------------------------------- the day of receipt


def test_3_2_the_clock_starts_when_any_colleague_first_heard_it(story: Story) -> None:
    """First receipt by anybody counts, not the day it reached the team [lgsco:3.2]; readings R4 and R30."""
    reference = story.record(day("2026-09-07"), today=day("2026-09-10"), received_by="A parks warden")
    case, stage = story.case(reference), story.stage(reference, 1)
    assert (case["received_on"], case["logged_on"]) == (day("2026-09-07"), day("2026-09-10"))
    assert (stage["received_on"], stage["logged_on"]) == (day("2026-09-07"), day("2026-09-10"))
    assert case["act_by"] == day("2026-09-14")


def test_T30_a_complaint_recorded_too_late_is_overdue_from_the_start_and_asks_why(story: Story) -> None:
    """Logged eight working days after receipt: no acknowledgement can be in time [lgsco:6.2]; reading R30."""
    reference = story.record(day("2026-09-07"), today=day("2026-09-17"))
    assert story.case(reference)["act_by"] == day("2026-09-14")
    with reason_asked(story, "lgsco:6.2"):
        story.acknowledge(reference, day("2026-09-17"))
    story.acknowledge(reference, day("2026-09-17"), good_reason="The warden was on leave.")
    duty = story.duties(reference)["acknowledge_stage_one"]
    assert (duty["standing"], duty["met_on"]) == ("late", day("2026-09-17"))
    answer = story.duties(reference)["respond_stage_one"]
    assert (answer["due_on"], answer["literal_due_on"]) == (day("2026-09-28"), day("2026-10-01"))


def test_acknowledged_in_time_but_logged_too_late_is_late(story: Story) -> None:
    """Acknowledged and logged are both needed; the later of the two decides [lgsco:6.2]; reading R7."""
    reference = story.record(day("2026-09-07"), today=day("2026-09-15"))
    story.on(day("2026-09-15"))
    with reason_asked(story, "lgsco:6.2"):
        story.acknowledge(reference, day("2026-09-15"), acknowledged_on=day("2026-09-10"))
    story.acknowledge(reference, day("2026-09-15"), acknowledged_on=day("2026-09-10"), good_reason="It lay in a tray.")
    assert story.departures(reference) == [("lgsco:6.2", "It lay in a tray.")]
    duties = story.duties(reference)
    assert duties["acknowledge_stage_one"]["standing"] == Standing.LATE
    assert duties["respond_stage_one"]["due_on"] == day("2026-09-24")


@pytest.mark.parametrize(
    ("moment", "received_on"),
    [
        (datetime(2026, 9, 7, 22, 50, tzinfo=UTC), day("2026-09-07")),
        (datetime(2026, 6, 30, 23, 30, tzinfo=UTC), day("2026-07-01")),
        (datetime(2026, 11, 30, 23, 30, tzinfo=UTC), day("2026-11-30")),
        (datetime(2026, 3, 29, 0, 30, tzinfo=UTC), day("2026-03-29")),
        (datetime(2026, 10, 24, 23, 30, tzinfo=UTC), day("2026-10-25")),
    ],
    ids=["ten to midnight", "summer night", "winter night", "clocks go forward", "clocks go back"],
)
def test_today_is_the_local_day_in_london(story: Story, moment: datetime, received_on: date) -> None:
    """Moments are universal, days are local [lgsco:6.2]; readings R3 and R34."""
    story.clock.now = moment
    assert story.office.today(moment) == received_on
    reference = story.desks.handler.do(
        RecordComplaint(
            words="x", matter="Late call", received_on=received_on, channel=Channel.PHONE, contact_phone="1"
        )
    ).reference
    assert reference
    assert story.case(reference)["logged_on"] == received_on
    (entry,) = story.rows("ledger_entry", complaint_id=story.case(reference)["id"])
    assert entry["at"] == moment


def test_a_day_that_has_not_come_is_no_day_of_receipt(story: Story) -> None:
    with refused(story, BadInput, match="has not come yet"):
        story.record(day("2026-09-08"), today=day("2026-09-07"))


def test_a_service_request_that_became_a_complaint_counts_from_the_day_it_was_said(story: Story) -> None:
    """Received is the day the dissatisfaction was voiced [lgsco:1.7]; reading R31."""
    reference = story.record(day("2026-09-07"), issue_on=day("2026-08-10"))
    assert story.case(reference)["act_by"] == day("2026-09-14")


def test_no_date_is_given_past_the_last_published_holidays(story: Story) -> None:
    """Past the last published year there is no date, and the refusal says what to do; reading R24."""
    with refused(story, CalendarEnds, match="Import the newer GOV.UK bank holidays"):
        story.record(day("2028-12-20"))


# -------------------------------------------------------------------------------------------------------- twelve months


@pytest.mark.parametrize(
    ("issue", "aware", "received"),
    [
        ("2025-03-10", None, "2026-03-10"),
        ("2024-01-15", "2025-06-02", "2026-06-02"),
        ("2025-06-02", "2024-12-01", "2026-06-02"),
        ("2024-08-31", None, "2025-08-31"),
        (None, None, "2026-09-07"),
    ],
    ids=["anniversary", "aware later", "issue later", "end of month", "neither known"],
)
def test_T19_anniversary_itself_is_in_time(story: Story, issue: str | None, aware: str | None, received: str) -> None:
    """Twelve months from the later of issue and awareness, anniversary included [lgsco:2.2]; reading R19."""
    reference = story.record(
        day(received), issue_on=day(issue) if issue else None, aware_on=day(aware) if aware else None
    )
    assert story.departures(reference) == []


@pytest.mark.parametrize(
    ("issue", "aware", "received", "until"),
    [
        ("2025-03-10", None, "2026-03-11", "Tue 10 March 2026"),
        ("2024-01-15", "2025-06-02", "2026-06-03", "Tue 2 June 2026"),
        ("2024-08-31", "2024-08-31", "2025-09-01", "Sun 31 August 2025"),
        ("2024-02-29", None, "2025-03-01", "Fri 28 February 2025"),
    ],
    ids=["day after", "aware later", "end of month", "leap day"],
)
def test_2_2_a_later_one_needs_discretion_on_the_record(
    story: Story, issue: str, aware: str | None, received: str, until: str
) -> None:
    """Out of time is considered with discretion, and the reason is kept [lgsco:2.2, 2.5]."""
    dates = {"issue_on": day(issue), "aware_on": day(aware) if aware else None}
    with reason_asked(story, "lgsco:2.2"):
        story.record(day(received), **dates)
    with pytest.raises(ReasonNeeded, match=until):
        story.record(day(received), **dates)
    with reason_asked(story, "lgsco:2.2"):
        story.record(day(received), **dates, good_reason="   ")
    reference = story.record(day(received), **dates, good_reason="They were in hospital.")
    assert story.departures(reference) == [("lgsco:2.2", "They were in hospital.")]
    assert story.tags(reference) == ["complaint.recorded", "code.departed"]


def test_what_happened_cannot_follow_its_complaint(story: Story) -> None:
    for name in ("issue_on", "aware_on"):
        with refused(story, BadInput, match="cannot have happened after"):
            story.record(RECEIVED, **{name: day("2026-09-08")}, today=day("2026-09-09"))


# ------------------------------------------------------------------------------------------------ who cannot be reached


def test_T29_an_anonymous_complaint_is_considered_and_owes_no_acknowledgement(story: Story) -> None:
    """It is counted and considered; what cannot be done cannot be late [lgsco:1.5]; reading R29."""
    reference = story.record(individual="", contact_email="", no_contact_details=True)
    assert story.case(reference)["position"] == Position.ONE_CONSIDERED.value
    duties = story.duties(reference)
    assert duties["acknowledge_stage_one"]["standing"] == Standing.VOID
    assert duties["respond_stage_one"]["act_by"] == day("2026-09-28")
    story.free(reference, story.desks.handler)
    story.respond(reference, day("2026-09-28"))
    assert story.duties(reference)["respond_stage_one"]["standing"] == Standing.IN_TIME
    assert (
        "someone not named"
        in story.desks.recorder.do(
            RecordComplaint(
                words="x",
                matter="Graffiti",
                received_on=day("2026-09-28"),
                channel=Channel.PHONE,
                no_contact_details=True,
            )
        ).sentences[0]
    )


def test_an_anonymous_complaint_needs_no_acknowledgement_at_stage_two_either(story: Story) -> None:
    reference = story.record(individual="", contact_email="", no_contact_details=True)
    story.free(reference, story.desks.handler)
    story.respond(reference, ANSWERED)
    story.open_two(reference)
    assert story.case(reference)["position"] == Position.TWO_CONSIDERED.value
    assert story.duties(reference)["acknowledge_stage_two"]["standing"] == Standing.VOID


def test_a_way_to_reach_them_or_the_word_that_there_is_none(story: Story) -> None:
    with refused(story, BadInput, match="one way to reach"):
        story.record(contact_email="")
    for way in ("contact_email", "contact_phone", "address"):
        assert story.record(**{"contact_email": "", way: "reach@sample.example"})


def test_1_5_the_word_complaint_need_not_be_said(story: Story) -> None:
    """Nobody has to call it a complaint [lgsco:1.5]."""
    assert story.record(words="Nobody emptied it again and I am fed up.", matter="Bin")


def test_an_unknown_service_is_refused(story: Story) -> None:
    with refused(story, BadInput, match="service does not exist"):
        story.record(service_id=99)


def test_nothing_can_be_done_before_the_office_is_set_up(databases: Databases, database_kind: str) -> None:
    """Without a calendar and a policy the console says what to run."""
    office = databases.office(database_kind, seeded=False)
    migrate(office.database)
    command = RecordComplaint(words="x", matter="x", received_on=RECEIVED, channel=Channel.PHONE, contact_phone="1")
    with pytest.raises(NotReady, match="complaints setup"):
        Desk(office, SYSTEM).do(command)


# ----------------------------------------------------------------------------------------------------------- references


def test_references_have_no_gaps_after_a_refusal(story: Story) -> None:
    """A number taken by a step that fails is given back."""
    first = story.record()
    with pytest.raises(ReasonNeeded):
        story.record(issue_on=day("2020-01-01"))
    second = story.record()
    assert (first, second) == ("C-2026-000001", "C-2026-000002")


def test_each_year_of_receipt_counts_for_itself(story: Story) -> None:
    references = [story.record(day(text)) for text in ("2025-12-31", "2026-01-02", "2026-01-02")]
    assert references == ["C-2025-000001", "C-2026-000001", "C-2026-000002"]


# ----------------------------------------------------------------------------------------------------------- new points


@pytest.mark.parametrize("answered", [False, True], ids=["not answered", "answered"])
@pytest.mark.parametrize("delays", [False, True], ids=["no delay", "delays"])
@pytest.mark.parametrize("related", [True, False], ids=["related", "unrelated"])
def test_a_new_point_joins_by_three_questions(story: Story, related: bool, delays: bool, answered: bool) -> None:
    """It joins when related, before the answer, and without unreasonable delay [lgsco:6.9]; reading R21."""
    reference = story.reach(Position.ONE_REOPENED if answered else Position.ONE_CONSIDERED)
    raised = story.clock.now.date()

    def add(good_reason: str | None = None) -> None:
        story.desks.handler.do(
            AddPoint(
                reference=reference,
                text="The food bin too",
                raised_on=raised,
                related=related,
                delays=delays,
                good_reason=good_reason,
            )
        )

    if related and not delays and not answered:
        add()
        assert story.departures(reference) == []
    else:
        with reason_asked(story, "lgsco:6.9"):
            add()
        add("Keeping one letter is kinder.")
        assert story.departures(reference) == [("lgsco:6.9", "Keeping one letter is kinder.")]
    assert story.points(reference) == [1, 2]


def test_a_point_is_raised_between_receipt_and_today(story: Story) -> None:
    reference = story.acknowledged()
    for raised, sentence in ((day("2026-09-04"), "before the complaint was received"), (day("2026-09-15"), "not come")):
        with refused(story, BadInput, match=sentence):
            story.desks.handler.do(AddPoint(reference=reference, text="x", raised_on=raised))
    assert story.clock.now.date() == ACKNOWLEDGED
