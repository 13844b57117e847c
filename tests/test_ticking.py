"""What is due is done: once from the command line, and again and again by one of the processes that serve."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace

import pytest

from app import server
from core import outbox
from core.channels.outgoing import SOON
from core.commands.letters import LetterKind
from core.desk import Office
from core.outbox import Sent, queue_letter, send_due
from core.store import outbox as rows
from core.ticking import JOB, Ticker, tick
from tests.builders import Story
from tests.channels.test_outgoing import KEY, NOW, Notify, refusing
from tests.mail import Postbox, a_mail_server, acknowledgement, queue_acknowledgement, sends_by_smtp, written

LONG = 3_600


@pytest.fixture
def postbox(office: Office) -> Iterator[Postbox]:
    """A mail server that the office sends through."""
    with a_mail_server() as box:
        sends_by_smtp(office, box.port)
        yield box


def ticker(office: Office, *, seconds: float = LONG) -> Ticker:
    """A ticker in whose turns nothing may go wrong."""

    def wrong(fault: Exception) -> None:
        raise AssertionError("a turn failed") from fault

    return Ticker(office, seconds=seconds, on_fault=wrong)


def test_a_tick_sends_what_is_due_and_nothing_else(story: Story, postbox: Postbox) -> None:
    assert tick(story.office) == Sent()
    queue_acknowledgement(story)
    assert tick(story.office) == Sent(sent=1)
    assert len(postbox.taken) == 1


def test_of_several_processes_one_does_it_until_it_ends_or_dies(story: Story, postbox: Postbox) -> None:
    first, second = ticker(story.office, seconds=20), ticker(story.office, seconds=20)
    queue_acknowledgement(story)
    assert first.turn() == Sent(sent=1) and second.turn() is None
    queue_acknowledgement(story)
    assert second.turn() is None and first.turn() == Sent(sent=1)
    story.clock.now += timedelta(seconds=61)
    assert second.turn() == Sent() and first.turn() is None
    second.start()
    second.stop()
    assert first.turn() == Sent()


def test_many_who_begin_at_once_agree_on_one(office: Office) -> None:
    """Also the very first time, when there is no lease yet."""
    now, got = office.now(), []
    ready = threading.Barrier(4)

    def try_it(name: str) -> None:
        ready.wait()
        got.append(rows.hold(office.database, JOB, worker=name, now=now, until=now + timedelta(seconds=60)))

    threads = [threading.Thread(target=try_it, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got) == [False, False, False, True]


def test_the_thread_goes_on_after_a_fault_and_ends_when_told(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    faults: list[Exception] = []
    twice = threading.Event()

    def broken(*_: object, **__: object) -> bool:
        if len(faults) >= 1:
            twice.set()
        raise RuntimeError("a mistake of ours")

    monkeypatch.setattr(rows, "hold", broken)
    running = Ticker(office, seconds=0.01, on_fault=faults.append)
    running.start()
    assert twice.wait(20)
    running.stop()
    assert not running._thread.is_alive() and len(faults) >= 2


def test_a_ticker_that_is_told_to_end_begins_no_other_letter(story: Story, postbox: Postbox) -> None:
    queue_acknowledgement(story)
    queue_acknowledgement(story)
    assert send_due(story.office, stop=lambda: True) == Sent(sent=1)


def test_the_server_ticks_when_it_is_live_and_not_switched_off(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sample council writes to nobody by itself."""
    begun: list[float] = []
    monkeypatch.setattr(
        server, "Ticker", lambda _office, *, seconds, on_fault: SimpleNamespace(start=lambda: begun.append(seconds))
    )
    for told in ({"mode": "demo"}, {"mode": "live", "tick_seconds": 0}):
        office.settings = office.settings.model_copy(update=told)
        assert server.ticking(office) is None
    office.settings = office.settings.model_copy(update={"mode": "live", "tick_seconds": 20})
    assert server.ticking(office) is not None and begun == [20]


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
