"""What is due is done: once from the command line, and again and again by one of the processes that serve."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import cast

import pytest

from app.web import chores
from core import outbox
from core.channels.outgoing import SOON
from core.commands.letters import LetterKind
from core.desk import Office
from core.errors import NotReady
from core.outbox import Sent, queue_letter, send_due
from core.store import outbox as rows
from core.ticking import CHORES, LEFTOVERS, LETTERS, MAILBOX, NOTICES, THEMES, Chore, Ticker, Turn, tick
from tests.builders import ANSWER_DUE, ANSWERED, Story
from tests.channels.test_outgoing import KEY, NOW, Notify, refusing
from tests.mail import Postbox, a_mail_server, acknowledgement, queue_acknowledgement, sends_by_smtp, written

LONG = 3_600


@pytest.fixture
def postbox(office: Office) -> Iterator[Postbox]:
    """A mail server that the office sends through."""
    with a_mail_server() as box:
        sends_by_smtp(office, box.port)
        yield box


def ticker(office: Office, chore: Chore = LETTERS) -> Ticker:
    """A ticker in whose turns nothing may go wrong."""

    def wrong(fault: Exception) -> None:
        raise AssertionError("a turn failed") from fault

    return Ticker(office=office, chores=(chore,), on_fault=wrong, first=LONG)


def letters(turns: list[Turn]) -> Sent:
    """What became of letters by e-mail."""
    return next(cast(Sent, turn.came) for turn in turns if turn.chore is LETTERS)


def test_a_tick_does_what_is_due_and_nothing_else(story: Story, postbox: Postbox) -> None:
    assert letters(tick(story.office)) == Sent()
    story.acknowledged()
    queue_acknowledgement(story, received_on=ANSWERED)
    turns = tick(story.on(ANSWER_DUE).office)
    assert letters(turns) == Sent(sent=1) and len(postbox.taken) == 1
    assert [turn.chore.name for turn in turns] == [
        "letters",
        "notices",
        "reminders",
        "leftovers",
        "themes",
        "retention",
        "months",
    ]
    assert [said for turn in turns for said in turn.sentences] == [
        "1 letter sent and on record.", "1 letter about late answers drafted.",
        "Looked for themes in 0 series of complaints; 0 candidates came up or came back.",
        "1 month of figures counted.",
    ]  # fmt: skip
    assert [said for turn in tick(story.office) for said in turn.sentences] == []


def a_chore(does: Callable[[], object], name: str = "other") -> Chore:
    return Chore(name=name, does=lambda *_: does(), says=lambda came: [str(came)], every=lambda _: 0.02)


def broken() -> object:
    raise RuntimeError("a mistake of ours")


def refused() -> object:
    raise NotReady("The mail server does not answer.")


def test_a_chore_that_is_refused_or_breaks_keeps_no_other_from_being_done(office: Office) -> None:
    faults: list[Exception] = []
    chores = (a_chore(broken), a_chore(refused), a_chore(lambda: "done"))
    turns = tick(office, chores=chores, on_fault=faults.append)
    assert [turn.fault for turn in turns] == [*faults, None, None] and len(faults) == 1
    assert [turn.sentences for turn in turns][1:] == [["The mail server does not answer."], ["done"]]
    with pytest.raises(RuntimeError, match="a mistake of ours"):
        tick(office, chores=chores)


def test_of_several_processes_one_does_a_chore_until_it_ends_or_dies(story: Story, postbox: Postbox) -> None:
    first, second = ticker(story.office), ticker(story.office)
    queue_acknowledgement(story)
    assert first.turn(LETTERS).came == Sent(sent=1) and second.turn(LETTERS).elsewhere
    queue_acknowledgement(story)
    assert second.turn(LETTERS).elsewhere and first.turn(LETTERS).came == Sent(sent=1)
    story.clock.now += timedelta(seconds=61)
    assert second.turn(LETTERS).came == Sent() and first.turn(LETTERS).elsewhere
    second.start()
    second.stop()
    assert first.turn(LETTERS).came == Sent()


def test_each_chore_has_a_lease_of_its_own(story: Story) -> None:
    first, second = ticker(story.office), ticker(story.office, NOTICES)
    assert not first.turn(LETTERS).elsewhere and not second.turn(NOTICES).elsewhere
    assert {row["job"] for row in story.rows("job_lease")} == {"letters", "notices"}


def test_many_who_begin_at_once_agree_on_one(office: Office) -> None:
    """Also the very first time, when there is no lease yet."""
    now, got = office.now(), []
    ready = threading.Barrier(4)

    def try_it(name: str) -> None:
        ready.wait()
        got.append(rows.hold(office.database, "letters", worker=name, now=now, until=now + timedelta(seconds=60)))

    threads = [threading.Thread(target=try_it, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got) == [False, False, False, True]


def test_the_thread_goes_on_after_a_fault_and_ends_when_told(office: Office) -> None:
    """A fault in one chore is told, the others go on, and the same one is tried again."""
    faults: list[Exception] = []
    done = threading.Event()

    def well() -> str:
        if len(faults) >= 2:
            done.set()
        return "well"

    running = Ticker(
        office=office, chores=(a_chore(broken, "broken"), a_chore(well, "well")), on_fault=faults.append, first=0
    )
    running.start()
    assert done.wait(20)
    running.stop()
    assert running._thread is not None and not running._thread.is_alive()
    assert len(faults) >= 2


def test_a_database_that_is_away_ends_no_thread(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    faults: list[Exception] = []
    monkeypatch.setattr(rows, "hold", lambda *_, **__: broken())
    running = Ticker(office=office, chores=(LETTERS,), on_fault=faults.append)
    assert running.turn(LETTERS).failures == 1 and running.turn(LETTERS).failures == 2
    assert len(faults) == 2 and running.last("letters") is not None


def test_a_ticker_that_is_told_to_end_begins_no_other_letter(story: Story, postbox: Postbox) -> None:
    queue_acknowledgement(story)
    queue_acknowledgement(story)
    assert send_due(story.office, stop=lambda: True) == Sent(sent=1)


def test_the_server_writes_when_it_is_live_and_not_switched_off(office: Office) -> None:
    """The sample council writes to nobody by itself."""
    for told in ({"mode": "demo"}, {"mode": "live", "tick_seconds": 0}):
        office.settings = office.settings.model_copy(update=told)
        assert chores.due_here(office) == (MAILBOX, LEFTOVERS, THEMES)
    office.settings = office.settings.model_copy(update={"mode": "live", "tick_seconds": 20})
    assert chores.due_here(office) == CHORES


# ------------------------------------------------------------------------------------------------------------ Notify


@pytest.fixture
def notify(story: Story) -> Iterator[Notify]:
    """GOV.UK Notify, as far as letters ask it, and an office that sends through it."""
    playing = Notify()
    told = {"notify_api_key": KEY, "notify_template_id": "t-1", "notify_url": playing.service.base_url}
    settings = type(story.office.settings)(_env_file=None, **told)  # type: ignore[call-arg]
    kept = ("notify_api_key", "notify_template_id", "notify_url")
    story.office.settings = story.office.settings.model_copy(update={name: getattr(settings, name) for name in kept})
    yield playing
    playing.stop()


def queued_through(story: Story) -> int:
    """An acknowledgement queued at the very moment whose tokens the playing Notify believes."""
    reference = story.record(NOW.date())
    story.clock.now = NOW
    letter_id = written(story, reference, LetterKind.ACKNOWLEDGEMENT)
    queue_letter(story.desks.handler, acknowledgement(story, reference, letter_id))
    return letter_id


def test_a_letter_goes_by_notify_under_its_message_id(story: Story, notify: Notify) -> None:
    letter_id = queued_through(story)
    assert send_due(story.office) == Sent(sent=1)
    (row,) = story.rows("outbox", letter_id=letter_id)
    (sent,) = notify.sent
    assert (row["channel"], sent["reference"]) == ("Notify", row["message_id"])
    assert sent["personalisation"]["file"]["filename"].endswith(".pdf")


@pytest.mark.parametrize(
    ("status", "kind", "headers", "least", "most"),
    [
        (429, "RateLimitError", {"Retry-After": "7"}, 7, 9),
        (429, "RateLimitError", {}, SOON, SOON * 1.25),
        (500, "Exception", {}, SOON, SOON * 1.25),
    ],
)
def test_what_notify_puts_off_is_tried_again_not_sooner_than_it_asks(
    story: Story, notify: Notify, status: int, kind: str, headers: dict[str, str], least: float, most: float
) -> None:
    letter_id = queued_through(story)
    notify.says["POST"] = (status, refusing(kind, "not now"), headers)
    assert send_due(story.office) == Sent(put_off=1)
    (row,) = story.rows("outbox", letter_id=letter_id)
    assert least <= (row["next_try_at"] - NOW).total_seconds() <= most
    assert (row["state"], row["tries"]) == ("waiting", 1) and row["last_problem"]
    assert send_due(story.office) == Sent()


def test_a_letter_whose_answer_from_notify_was_lost_is_not_sent_twice(
    story: Story, notify: Notify, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        """Stands for kill -9 between Notify's answer and our note."""

    def killed(*_: object, **__: object) -> None:
        raise Killed

    queued_through(story)
    with monkeypatch.context() as patched:
        patched.setattr(rows, "accepted", killed)
        with pytest.raises(Killed):
            send_due(story.office, lease=0)
    assert send_due(story.office, lease=outbox.LEASE) == Sent(sent=1)
    assert len(notify.sent) == 1
