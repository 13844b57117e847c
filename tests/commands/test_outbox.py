"""Letters by e-mail: queued with their step, sent once, on record on the day the mail server took them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from core import outbox
from core.commands.accounts import MoveColleague, RecordLeaver
from core.commands.correcting import Fact
from core.commands.letters import DropLetter, LetterKind, WriteLetter
from core.commands.letters_going_out import SendLetter
from core.commands.outbox import NoteDelivery, QueueLetter, RetryLetter, WithdrawLetter
from core.commands.stage_one import Acknowledge
from core.desk import Desk, Office
from core.errors import BadInput, NotFound, NotPermitted, ReasonNeeded, StepNotOpen
from core.outbox import MOST_TRIES, queue_letter, send_due
from core.permissions import Role
from core.queries.letters import letter_view
from core.queries.outbox import letters_on_their_way, stuck_letters, way_by_mail
from core.store import outbox as rows
from tests.builders import ACKNOWLEDGED, RECEIVED, Story, dump
from tests.conftest import Desks
from tests.mail import (
    Postbox,
    a_mail_server,
    acknowledgement,
    free_port,
    queue_acknowledgement,
    queue_update,
    sends_by_smtp,
    written,
)

NEXT_DAY = RECEIVED + timedelta(days=1)


@pytest.fixture
def postbox(office: Office) -> Iterator[Postbox]:
    """A mail server that the office sends through."""
    with a_mail_server() as box:
        sends_by_smtp(office, box.port)
        yield box


def row_of(story: Story, letter_id: int) -> Any:
    (row,) = story.rows("outbox", letter_id=letter_id)
    return row


def sent_on(story: Story, letter_id: int) -> date | None:
    return story.desks.handler.ask(letter_view, letter_id).sent_on


# ------------------------------------------------------------------------------------------------------- it goes out


def test_T25_the_step_is_dated_on_the_day_the_mail_server_took_the_letter(story: Story, postbox: Postbox) -> None:
    """Queued on Monday while the server was away, taken on Tuesday: acknowledged on Tuesday, and not before."""
    sends_by_smtp(story.office, free_port())
    reference, letter_id = queue_acknowledgement(story)
    assert send_due(story.office).put_off == 1
    assert sent_on(story, letter_id) is None and story.stage(reference, 1)["acknowledged_on"] is None
    sends_by_smtp(story.office, postbox.port)
    story.on(NEXT_DAY)
    assert send_due(story.office) == outbox.Sent(sent=1)
    assert story.stage(reference, 1)["acknowledged_on"] == NEXT_DAY == sent_on(story, letter_id)
    assert story.tags(reference)[-2:] == ["stage.acknowledged", "letter.sent"]
    (letter,) = postbox.taken
    body = letter.get_body()
    assert body is not None and "8 September 2026" in body.get_content()
    row = row_of(story, letter_id)
    assert (row["state"], row["step_values"], row["tries"]) == ("sent", "", 2)
    assert story.verified() == len(story.tags())


def test_the_message_says_what_the_letter_says_and_brings_its_file(story: Story, postbox: Postbox) -> None:
    reference, letter_id = queue_acknowledgement(story)
    send_due(story.office)
    (letter,) = postbox.taken
    assert (letter["To"], letter["Subject"]) == ("sam@sample.example", f"Your complaint {reference}")
    body = letter.get_body()
    assert body is not None
    said = body.get_content()
    assert "Dear Sam Sample" in said and "Written: How we understand the complaint." in said
    (file,) = letter.iter_attachments()
    assert file.get_filename() == f"Letter {reference}.pdf" and file.get_content().startswith(b"%PDF")
    view = story.desks.handler.ask(letter_view, letter_id)
    assert view.how == "e-mail" and view.sent_by == "Hana Handler"
    assert view.pdf_sha256 == row_of(story, letter_id)["pdf_sha256"] != ""


def test_a_letter_without_a_step_goes_by_itself(story: Story, postbox: Postbox) -> None:
    reference = story.acknowledged()
    letter_id = queue_update(story, reference)
    assert "letter.sent" not in story.tags(reference)
    send_due(story.office)
    assert sent_on(story, letter_id) == ACKNOWLEDGED and len(postbox.taken) == 1


def test_nothing_is_due_twice(story: Story, postbox: Postbox) -> None:
    queue_acknowledgement(story)
    assert send_due(story.office).sent == 1
    assert send_due(story.office) == outbox.Sent()
    assert len(postbox.taken) == 1


def test_pressing_twice_queues_once(story: Story, postbox: Postbox) -> None:
    reference = story.record()
    letter_id = written(story, reference, LetterKind.ACKNOWLEDGEMENT)
    step = acknowledgement(story, reference, letter_id)
    first = queue_letter(story.desks.handler, step)
    assert queue_letter(story.desks.handler, step).again and not first.again
    send_due(story.office)
    assert len(postbox.taken) == 1


# ---------------------------------------------------------------------------------------------------- what is refused


def test_no_letter_is_queued_where_no_mail_server_is_set_up(story: Story) -> None:
    reference = story.record()
    letter_id = written(story, reference, LetterKind.ACKNOWLEDGEMENT)
    assert story.desks.handler.ask(way_by_mail, letter_id).channel is None
    with pytest.raises(BadInput, match="No mail server is set up here"):
        queue_letter(story.desks.handler, acknowledgement(story, reference, letter_id))
    assert story.rows("outbox") == []


@pytest.mark.parametrize("address", ["", "sam", "sam@sample", "a@sample.example, b@sample.example"])
def test_no_letter_is_queued_without_one_usable_address(story: Story, postbox: Postbox, address: str) -> None:
    reference = story.record(contact_email=address, contact_phone="01632 960 003")
    letter_id = written(story, reference, LetterKind.ACKNOWLEDGEMENT)
    with pytest.raises(BadInput, match="No one e-mail address of Sam Sample is on the case"):
        queue_letter(story.desks.handler, acknowledgement(story, reference, letter_id))
    assert story.rows("outbox") == []


def test_the_address_is_that_of_whoever_acts_for_the_individual(story: Story, postbox: Postbox) -> None:
    """And nothing goes to them by e-mail before their authority is on record [lgsco:3.6]."""
    reference = story.record()
    party = story.represent(reference, contact="Flat 2\n(rowan@sample.example)".replace("(", "<").replace(")", ">"))
    letter_id = written(story, reference, LetterKind.ACKNOWLEDGEMENT)
    step = acknowledgement(story, reference, letter_id, good_reason="They are next to each other.")
    with pytest.raises(BadInput, match="before that is on record"):
        queue_letter(story.desks.handler, step)
    story.authorise(reference, party)
    queue_letter(story.desks.handler, acknowledgement(story, reference, letter_id))
    send_due(story.office)
    assert [letter["To"] for letter in postbox.taken] == ["rowan@sample.example"]


def test_a_reason_that_the_step_needs_is_asked_for_when_it_is_queued(story: Story, postbox: Postbox) -> None:
    """Not at night: the step is tried out, undone, and goes out with the reason."""
    reference = story.record()
    letter_id = written(story, reference, LetterKind.ACKNOWLEDGEMENT)
    story.on(date(2026, 9, 21))
    before = dump(story.office)
    with pytest.raises(ReasonNeeded):
        queue_letter(story.desks.handler, acknowledgement(story, reference, letter_id))
    assert dump(story.office) == before
    step = acknowledgement(story, reference, letter_id, good_reason="A flood in the office.")
    queue_letter(story.desks.handler, step)
    send_due(story.office)
    assert story.departures(reference) == [("lgsco:6.2", "A flood in the office.")]
    assert len(postbox.taken) == 1


def test_a_letter_with_a_gap_is_not_queued_without_a_reason(story: Story, postbox: Postbox) -> None:
    reference = story.record()
    letter_id = story.draft(reference, LetterKind.ACKNOWLEDGEMENT)
    with pytest.raises(ReasonNeeded, match="leaves out"):
        queue_letter(story.desks.handler, acknowledgement(story, reference, letter_id))


def test_another_letters_step_and_another_address_are_not_queued(story: Story, postbox: Postbox) -> None:
    reference = story.record()
    letter_id = written(story, reference, LetterKind.ACKNOWLEDGEMENT)
    step = acknowledgement(story, reference, letter_id)
    told: dict[str, Any] = {
        "reference": reference, "letter_id": letter_id, "channel": "SMTP", "address": "eve@sample.example",
        "subject": "Hello", "message_id": "x@sample.example", "step": "Acknowledge", "dated_on": RECEIVED,
        "step_values": step.model_dump_json(), "pdf_sha256": "a" * 64, "word_sha256": "b" * 64,
    }  # fmt: skip
    with pytest.raises(BadInput, match="is another one now"):
        story.desks.handler.do(QueueLetter.model_validate(told, strict=False))
    other = acknowledgement(story, story.record(), letter_id).model_dump_json()
    with pytest.raises(BadInput, match="is not this letter's"):
        story.desks.handler.do(QueueLetter.model_validate(told | {"step_values": other}, strict=False))
    with pytest.raises(RuntimeError):
        story.desks.handler.do(QueueLetter.model_validate(told | {"step": "AddNote"}, strict=False))


def test_a_queued_letter_stays_as_it_is(story: Story, postbox: Postbox) -> None:
    reference, letter_id = queue_acknowledgement(story)
    told: dict[str, Any] = {"reference": reference, "letter_id": letter_id}
    for command in (WriteLetter(**told), DropLetter(**told)):
        with pytest.raises(BadInput, match="Take it back first"):
            story.desks.handler.do(command)
    with pytest.raises(BadInput, match="It is recorded when it has gone"):
        story.desks.handler.do(acknowledgement(story, reference, letter_id))
    with pytest.raises(BadInput, match="or take it back first"):
        queue_letter(story.desks.handler, acknowledgement(story, reference, letter_id))


# -------------------------------------------------------------------------------------------- what stands in the way


def test_a_server_that_puts_it_off_is_asked_again_later_and_later(story: Story, postbox: Postbox) -> None:
    """Each pause is at least twice the last; after twelve tries an officer is told; the id never changes."""
    postbox.says[""] = "451 try again later"
    reference, letter_id = queue_acknowledgement(story)
    waits = []
    for _ in range(MOST_TRIES - 1):
        assert send_due(story.office) == outbox.Sent(put_off=1)
        row = row_of(story, letter_id)
        waits.append((row["next_try_at"] - story.clock.now).total_seconds())
        assert send_due(story.office) == outbox.Sent()
        assert "put the e-mail off (451)" in row["last_problem"]
        story.clock.now = row["next_try_at"]
    assert 900 <= waits[0] <= 1125 and 1800 <= waits[1] <= 2250 and 21_600 <= waits[-1] <= 27_000
    message_id = row_of(story, letter_id)["message_id"]
    assert send_due(story.office).failed == 1
    (way,) = story.desks.handler.ask(letters_on_their_way, reference).values()
    assert way.failed and "It was tried 12 times." in way.problem
    assert story.tags(reference)[-1] == "letter.failed"
    assert send_due(story.office) == outbox.Sent()
    postbox.says.clear()
    story.desks.handler.do(RetryLetter(reference=reference, letter_id=letter_id))
    assert send_due(story.office) == outbox.Sent(sent=1)
    assert postbox.ids == [f"<{message_id}>"]


def test_an_address_nobody_has_fails_at_once_and_says_what_to_do(story: Story, postbox: Postbox) -> None:
    postbox.says["sam@sample.example"] = "554 no such mailbox"
    reference, letter_id = queue_acknowledgement(story)
    assert send_due(story.office) == outbox.Sent(failed=1)
    (stuck,) = story.desks.manager.ask(stuck_letters)
    assert stuck.reference == reference and "by post" in stuck.letter.problem
    story.desks.handler.do(WithdrawLetter(reference=reference, letter_id=letter_id))
    assert story.rows("outbox") == [] and story.desks.manager.ask(stuck_letters) == ()
    story.acknowledge(reference, letter_id=letter_id)
    assert sent_on(story, letter_id) == ACKNOWLEDGED


def test_a_case_that_moved_on_before_it_went_is_not_written_to(story: Story, postbox: Postbox) -> None:
    reference, letter_id = queue_acknowledgement(story)
    story.acknowledge(reference, RECEIVED)
    assert send_due(story.office) == outbox.Sent(failed=1)
    assert postbox.taken == []
    assert "so “Acknowledge” is not open" in row_of(story, letter_id)["last_problem"]


def test_a_step_refused_after_the_letter_went_is_finished_by_hand(
    story: Story, postbox: Postbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The case moved on between the server's answer and the record: said on the case, and not sent again."""
    reference, letter_id = queue_acknowledgement(story)
    really = rows.accepted

    def meanwhile(*args: Any, **told: Any) -> None:
        really(*args, **told)
        story.acknowledge(reference, RECEIVED)

    monkeypatch.setattr(rows, "accepted", meanwhile)
    assert send_due(story.office) == outbox.Sent(unrecorded=1)
    assert send_due(story.office) == outbox.Sent()
    assert len(postbox.taken) == 1
    (way,) = story.desks.handler.ask(letters_on_their_way, reference).values()
    assert way.accepted and way.went_on == RECEIVED and "Do not send it again" in way.problem
    assert story.tags(reference)[-1] == "letter.accepted"
    told: dict[str, Any] = {"reference": reference, "letter_id": letter_id}
    story.on(NEXT_DAY)
    with pytest.raises(BadInput, match="The mail server has this letter"):
        story.desks.handler.do(WriteLetter(**told))
    with pytest.raises(BadInput, match="The mail server has this letter already"):
        story.desks.handler.do(WithdrawLetter(**told))
    with pytest.raises(BadInput, match="took this letter on Mon 7 September 2026. Give that day"):
        story.desks.handler.do(SendLetter(**told, sent_on=NEXT_DAY))
    story.desks.handler.do(SendLetter(**told, sent_on=RECEIVED))
    assert sent_on(story, letter_id) == RECEIVED and row_of(story, letter_id)["state"] == "sent"
    assert story.desks.manager.ask(stuck_letters) == ()


def test_whoever_queued_it_is_asked_for_again_when_it_goes(story: Story, desks: Desks, postbox: Postbox) -> None:
    """A leaver's letter and that of somebody who lost the role are not sent: somebody else has to."""
    first, _ = queue_acknowledgement(story, by=desks.other_handler)
    second, _ = queue_acknowledgement(story, by=desks.reviewer)
    desks.system.do(RecordLeaver(colleague_id=desks.other_handler.actor.id))
    desks.system.do(MoveColleague(colleague_id=desks.reviewer.actor.id, role=Role.MEMBER, services=()))
    assert send_due(story.office) == outbox.Sent(failed=2)
    assert postbox.taken == []
    problems = [row["last_problem"] for row in story.rows("outbox")]
    assert "does not work here any more" in problems[0] and "Only a handler can take this step" in problems[1]
    assert "step.refused" in story.tags()


def test_a_confidential_case_is_not_written_to_by_somebody_who_may_not_see_it(story: Story, postbox: Postbox) -> None:
    reference, _ = queue_acknowledgement(story, by=story.desks.other_handler)
    story.keep_confidential(reference)
    assert send_due(story.office) == outbox.Sent(failed=1)
    assert postbox.taken == [] and story.desks.other_handler.ask(letters_on_their_way, reference) == {}


def test_a_letter_that_waits_over_the_deadline_is_not_sent_without_its_reason(story: Story, postbox: Postbox) -> None:
    """A day late the step would need a reason; nobody is there to give it, so nothing goes and the officer is told."""
    postbox.says[""] = "451 later"
    _reference, letter_id = queue_acknowledgement(story)
    send_due(story.office)
    postbox.says.clear()
    story.on(date(2026, 9, 21))
    assert send_due(story.office) == outbox.Sent(failed=1)
    assert postbox.taken == [] and "Take it back first" in row_of(story, letter_id)["last_problem"]


def test_one_letter_that_fails_by_a_fault_of_ours_does_not_hold_up_the_others(
    story: Story, postbox: Postbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue_acknowledgement(story)
    queue_acknowledgement(story, contact_email="second@sample.example")
    whole = outbox.as_plain_text

    def breaks_once(document: Any) -> str:
        monkeypatch.setattr(outbox, "as_plain_text", whole)
        raise RuntimeError("a mistake of ours")

    monkeypatch.setattr(outbox, "as_plain_text", breaks_once)
    faults: list[Exception] = []
    assert send_due(story.office, on_fault=faults.append) == outbox.Sent(sent=1)
    assert len(faults) == 1 and len(postbox.taken) == 1
    story.clock.now += timedelta(seconds=outbox.LEASE)
    assert send_due(story.office) == outbox.Sent(sent=1)
    monkeypatch.setattr(outbox, "as_plain_text", breaks_once)
    queue_acknowledgement(story)
    with pytest.raises(RuntimeError):
        send_due(story.office)


def test_a_fault_that_comes_back_each_time_is_given_up_in_words(
    story: Story, postbox: Postbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(_document: Any) -> str:
        raise RuntimeError("a mistake of ours")

    monkeypatch.setattr(outbox, "as_plain_text", breaks)
    _reference, letter_id = queue_acknowledgement(story)
    for _ in range(MOST_TRIES):
        assert send_due(story.office, on_fault=lambda _fault: None) == outbox.Sent()
        story.clock.now += timedelta(seconds=outbox.LEASE)
    assert send_due(story.office) == outbox.Sent(failed=1)
    assert "failed at it again and again" in row_of(story, letter_id)["last_problem"]


def test_what_it_went_by_may_be_taken_away(story: Story, postbox: Postbox) -> None:
    _reference, letter_id = queue_acknowledgement(story)
    story.office.settings = story.office.settings.model_copy(update={"smtp_host": None})
    assert send_due(story.office) == outbox.Sent(put_off=1)
    assert "not set up here any more" in row_of(story, letter_id)["last_problem"]


# -------------------------------------------------------------------------------------- a kill between any two steps


class Killed(BaseException):
    """Stands for kill -9: nothing after it runs."""


@pytest.mark.parametrize(
    ("where", "copies"),
    [("before it is handed over", 1), ("before it is noted that it went", 2), ("before it is recorded", 1)],
)
def test_a_kill_at_any_point_loses_nothing(
    story: Story, postbox: Postbox, monkeypatch: pytest.MonkeyPatch, where: str, copies: int
) -> None:
    """Sent once more only where nobody could know; under the same id; and on record exactly once."""

    def killed(*_: Any, **__: Any) -> Any:
        raise Killed

    reference, letter_id = queue_acknowledgement(story)
    with monkeypatch.context() as patched:
        if where == "before it is handed over":
            patched.setattr(outbox, "send_by_smtp", killed)
        elif where == "before it is noted that it went":
            patched.setattr(rows, "accepted", killed)
        else:
            patched.setattr(outbox._Delivery, "_record", killed)
        with pytest.raises(Killed):
            send_due(story.office)
    assert send_due(story.office) == outbox.Sent(), "its lease still runs"
    story.clock.now += timedelta(seconds=outbox.LEASE)
    assert send_due(story.office) == outbox.Sent(sent=1)
    assert len(postbox.ids) == copies and len(set(postbox.ids)) == 1
    assert story.tags(reference).count("letter.sent") == 1 == story.tags(reference).count("stage.acknowledged")
    assert sent_on(story, letter_id) == RECEIVED


def test_two_workers_never_have_the_same_letter(story: Story, postbox: Postbox) -> None:
    queue_acknowledgement(story)
    queue_acknowledgement(story)
    now = story.clock.now
    taken = [
        rows.claim(story.office.database, worker=name, now=now, until=now + timedelta(seconds=9)) for name in "abc"
    ]
    assert taken[0] is not None and taken[1] is not None and taken[2] is None
    assert taken[0].letter_id != taken[1].letter_id


def test_a_letter_in_hand_cannot_be_taken_back_until_its_lease_ends(story: Story, postbox: Postbox) -> None:
    reference, letter_id = queue_acknowledgement(story)
    now = story.clock.now
    rows.claim(story.office.database, worker="a", now=now, until=now + timedelta(seconds=9))
    taking = {"reference": reference, "letter_id": letter_id}
    with pytest.raises(BadInput, match="just now"):
        story.desks.handler.do(WithdrawLetter(**taking))
    with pytest.raises(BadInput, match="just now"):
        story.desks.handler.do(RetryLetter(**taking))
    story.clock.now += timedelta(seconds=10)
    done = story.desks.handler.do(WithdrawLetter(**taking))
    assert done.sentences == (
        "Took a letter back before it went by e-mail: Acknowledgement of stage 1. "
        "It had been tried 1 time; a copy may have arrived.",
    )


def test_what_is_not_queued_is_neither_taken_back_nor_tried_nor_noted(story: Story, desks: Desks) -> None:
    reference, other = story.record(), story.record()
    letter_id = story.draft(reference)
    for kind in (WithdrawLetter, RetryLetter):
        with pytest.raises(BadInput, match="is not queued"):
            desks.handler.do(kind(reference=reference, letter_id=letter_id))
        with pytest.raises(BadInput, match="is not on"):
            desks.handler.do(kind(reference=other, letter_id=letter_id))
    with pytest.raises(NotFound):
        desks.system.do(NoteDelivery(outbox_id=7, why="Nothing."))
    with pytest.raises(NotPermitted, match="Only the console itself"):
        desks.manager.do(NoteDelivery(outbox_id=7, why="Nothing."))


def test_a_rehearsal_changes_nothing_and_refuses_what_the_step_would(story: Story) -> None:
    reference = story.record()
    before = dump(story.office)
    desk: Desk = story.desks.handler
    step = Acknowledge(reference=reference, acknowledged_on=RECEIVED, understanding="Bins")
    desk.rehearse(step)
    assert dump(story.office) == before
    with pytest.raises(StepNotOpen):
        desk.rehearse(step.model_copy(update={"reference": story.acknowledged()}))
    with pytest.raises(NotPermitted):
        story.desks.recorder.rehearse(step)
    desk.do(step)
    desk.rehearse(step)
    assert story.correct(reference, Fact.MATTER, "Bins").sentences
