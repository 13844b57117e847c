"""The keys of web forms, and what a form's complaint leaves for people to decide."""

from __future__ import annotations

from typing import Any

import pytest

from core import web_intake
from core.commands.triage import Decision, TriageComplaint
from core.commands.web_forms import AddIntakeClient, RecordWebComplaint, RevokeIntakeClient
from core.errors import BadInput, NotFound, NotPermitted, ReasonNeeded
from core.model.complaints import Channel
from core.queries.intake import intake_clients
from tests.builders import ACKNOWLEDGED, ANSWER_DUE, RECEIVED, Story, day
from tests.commands.refusals import refused

LONG_AGO = day("2024-09-02")


def sent(**told: Any) -> RecordWebComplaint:
    """What a form sent, on the day everything in these tests begins."""
    values: dict[str, Any] = {
        "words": "The bins were missed.", "received_on": RECEIVED, "channel": Channel.WEB, "passed_on": True,
        "contact_email": "sam@sample.example", "client": "Council website", "sent_sha256": "d" * 64,
    }  # fmt: skip
    return RecordWebComplaint(**(values | told))


def test_the_dates_told_are_those_the_case_owes(story: Story) -> None:
    """Five working days from receipt, then ten [lgsco:6.2] [lgsco:6.3]."""
    done = story.desks.recorder.do(sent())
    assert (
        f"Came through the web form “Council website”, which was told: an acknowledgement by Mon {ACKNOWLEDGED.day} "
        f"September 2026, and an answer by Mon {ANSWER_DUE.day} September 2026."
    ) in done.sentences
    duties = story.duties(str(done.reference))
    assert duties["acknowledge_stage_one"]["due_on"] == ACKNOWLEDGED
    assert duties["respond_stage_one"]["due_on"] == ANSWER_DUE
    assert story.verified() == len(story.tags())


def test_one_that_came_late_is_weighed_when_it_is_decided_what_it_is(story: Story) -> None:
    """The form could not give a reason; the person who lets it in does, once [lgsco:2.2]."""
    reference = str(story.desks.recorder.do(sent(issue_on=LONG_AGO)).reference)
    assert story.rows("departure") == story.rows("discretion") == []
    deciding = {"reference": reference, "decision": Decision.COMPLAINT, "why": "They are unhappy."}
    with refused(story, ReasonNeeded, match="The time limit ran out on"):
        story.desks.handler.do(TriageComplaint(**deciding))
    story.desks.handler.do(TriageComplaint(**deciding, good_reason="They were in hospital."))
    (kept,) = story.rows("discretion")
    assert (bool(kept["used"]), kept["note"]) == (True, "They were in hospital.")
    assert [row["clause"] for row in story.rows("departure")] == ["lgsco:2.2"]
    story.desks.handler.do(TriageComplaint(**deciding))
    assert len(story.rows("discretion")) == 1


def test_a_reason_given_when_it_was_recorded_is_asked_for_no_second_time(story: Story) -> None:
    reference = story.record(passed_on=True, issue_on=LONG_AGO, good_reason="They were in hospital.")
    story.desks.handler.do(TriageComplaint(reference=reference, decision=Decision.COMPLAINT, why="Unhappy."))
    assert len(story.rows("discretion")) == 1


@pytest.mark.parametrize("name", ["issue_on", "aware_on"])
def test_what_happened_after_it_was_sent_is_refused(story: Story, name: str) -> None:
    with refused(story, BadInput, match="cannot have happened after"):
        story.desks.recorder.do(sent(**{name: day("2026-09-08")}))


def test_without_any_way_to_reach_somebody_it_says_so_or_is_refused(story: Story) -> None:
    with refused(story, BadInput, match="Give one way to reach the individual"):
        story.desks.recorder.do(sent(contact_email=""))
    nobody = str(story.desks.recorder.do(sent(contact_email="", no_contact_details=True)).reference)
    friend = sent(contact_email="", representative="Ada Advocate", representative_contact="ada@sample.example")
    through = str(story.desks.recorder.do(friend).reference)
    possible = {row["reference"]: bool(row["acknowledgement_possible"]) for row in story.rows("complaint")}
    assert possible == {nobody: False, through: True}


def test_a_form_is_added_once_and_its_key_taken_back_once(story: Story) -> None:
    desk = story.desks.administrator
    key = web_intake.add_client(desk, "  Council   website ")
    assert web_intake.client_of(story.office, key).name == "Council website"
    with refused(story, BadInput, match="There is a form called “COUNCIL WEBSITE” already"):
        web_intake.add_client(desk, "COUNCIL WEBSITE")
    (line,) = desk.ask(intake_clients)
    desk.do(RevokeIntakeClient(client_id=line.id, why="It leaked."))
    with refused(story, BadInput, match="has been taken back already"):
        desk.do(RevokeIntakeClient(client_id=line.id, why="Again."))
    with refused(story, NotFound, match="There is no such web form"):
        desk.do(RevokeIntakeClient(client_id=line.id + 1, why="Another."))
    with pytest.raises(NotPermitted):
        web_intake.client_of(story.office, key)
    assert story.tags()[-2:] == ["intake_client.added", "intake_client.revoked"]
    assert key not in str(story.rows("ledger_entry"))


@pytest.mark.parametrize("key", ["", "x" * 43, "x" * 5_000, "\x00", "ключ"])
def test_what_is_no_key_opens_nothing(story: Story, key: str) -> None:
    with pytest.raises(NotPermitted, match="opens nothing"):
        web_intake.client_of(story.office, key)


def test_only_an_administrator_gives_keys(story: Story) -> None:
    for desk in (story.desks.manager, story.desks.recorder, story.desks.senior_lead):
        with pytest.raises(NotPermitted, match="Only an administrator"):
            desk.do(AddIntakeClient(name="Council website", key_hash="a" * 64))
