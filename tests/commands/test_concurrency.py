"""Two at once: a double click acts once, a stale page is refused, and no update is lost, on both databases."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

import pytest

from core.commands.organising import ChangeCalendar, RebuildDuties
from core.commands.recording import AddNote, RecordComplaint
from core.commands.stage_one import Acknowledge
from core.desk import Desk, Done, Office
from core.errors import BadInput, ChangedMeanwhile, ComplaintsError, NotFound
from core.model.complaints import Channel
from core.model.organisation import Layer
from tests.builders import RECEIVED, Story, day, dump
from tests.commands.refusals import refused
from tests.conftest import Databases

WRITERS = 6


def at_once(*steps: Callable[[], Done]) -> list[Done | ComplaintsError]:
    """Every step in a thread of its own, all started together."""
    ready = threading.Barrier(len(steps))

    def run(step: Callable[[], Done]) -> Done | ComplaintsError:
        ready.wait(timeout=20)
        try:
            return step()
        except ComplaintsError as error:
            return error

    with ThreadPoolExecutor(len(steps)) as pool:
        return list(pool.map(run, steps))


def complaint(number: int = 0) -> RecordComplaint:
    return RecordComplaint(
        words=f"Call {number}", matter="Bins", received_on=RECEIVED, channel=Channel.PHONE, contact_phone="1"
    )


@pytest.fixture
def replicas(office: Office, databases: Databases) -> Sequence[Office]:
    """Two offices on one database, as two servers would be."""
    return office, databases.open(office.settings.database_url or "")


# The same command twice


def test_the_same_command_twice_acts_once(story: Story) -> None:
    """A double click is answered with what the first click did."""
    command = complaint()
    first = story.desks.recorder.do(command)
    after = dump(story.office)
    second = story.desks.recorder.do(command)
    assert (first.again, second.again) == (False, True)
    assert (second.reference, second.sentences, second.events) == (first.reference, first.sentences, first.events)
    assert dump(story.office) == after


def test_a_step_with_departures_is_answered_whole(story: Story) -> None:
    reference = story.record()
    story.on(day("2026-09-21"))
    command = Acknowledge(
        reference=reference, acknowledged_on=day("2026-09-21"), understanding="Bins", good_reason="Unwatched inbox."
    )
    first = story.desks.handler.do(command)
    second = story.desks.handler.do(command)
    assert len(first.events) == 2
    assert second.sentences == first.sentences
    assert second.reference == reference


def test_a_repeated_command_is_answered_even_when_its_step_is_no_longer_open(story: Story) -> None:
    """The answer comes from the ledger, not from the position, and no version is compared."""
    reference = story.record()
    story.on(day("2026-09-14"))
    command = Acknowledge(
        reference=reference,
        acknowledged_on=day("2026-09-14"),
        understanding="Bins",
        seen_version=story.case(reference)["version"],
    )
    story.desks.handler.do(command)
    assert story.desks.handler.do(command).again


def test_the_same_command_from_two_tabs_at_once_acts_once(story: Story, replicas: Sequence[Office]) -> None:
    """Both are told the same; one complaint is recorded and no number is lost."""
    desks = [Desk(office, story.desks.recorder.actor) for office in replicas]
    for number in range(5):
        command = complaint(number)
        found = at_once(*(partial(desk.do, command) for desk in desks))
        assert all(isinstance(done, Done) for done in found), found
        assert {done.reference for done in found if isinstance(done, Done)} == {f"C-2026-{number + 1:06d}"}
        assert sorted(done.again for done in found if isinstance(done, Done)) == [False, True]
    assert len(story.rows("complaint")) == 5
    assert story.verified() == len(story.tags())


def test_two_different_complaints_are_two(story: Story) -> None:
    assert story.desks.recorder.do(complaint()).reference != story.desks.recorder.do(complaint()).reference


# A stale page


def test_a_stale_page_is_refused_and_nothing_is_lost(story: Story) -> None:
    """The page showed an older version: nothing is saved and the sentence says so."""
    reference = story.record()
    seen = story.case(reference)["version"]
    story.desks.handler.do(AddNote(reference=reference, text="First", seen_version=seen))
    assert story.case(reference)["version"] == seen + 1
    with refused(story, ChangedMeanwhile, match="has changed since this page was opened"):
        story.desks.other_handler.do(AddNote(reference=reference, text="Second", seen_version=seen))
    story.desks.other_handler.do(AddNote(reference=reference, text="Second", seen_version=seen + 1))


def test_a_stale_page_is_refused_while_others_write(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    """It waits for nobody: the version alone says so, and no transaction that could write is begun."""
    reference = story.record()
    stale = AddNote(reference=reference.lower(), text="Late", seen_version=story.case(reference)["version"] - 1)
    monkeypatch.setattr(story.office.database, "writing", lambda: pytest.fail("It waited for its turn to write."))
    with pytest.raises(ChangedMeanwhile, match=f"{reference} has changed since this page was opened"):
        story.desks.handler.do(stale)


def test_a_stale_page_of_a_case_not_seen_tells_nothing(story: Story) -> None:
    """Whether a confidential complaint has changed is nobody's business who is not named on it."""
    reference = story.record(confidential=True)
    with refused(story, NotFound, match="There is no complaint"):
        story.desks.other_handler.do(AddNote(reference=reference, text="Late", seen_version=-1))


def test_a_refused_step_leaves_the_version(story: Story) -> None:
    reference = story.record()
    seen = story.case(reference)["version"]
    with refused(story, BadInput):
        story.acknowledge(reference, RECEIVED, acknowledged_on=day("2026-09-01"))
    assert story.case(reference)["version"] == seen


def test_of_many_who_saw_the_same_version_exactly_one_goes_through(story: Story, replicas: Sequence[Office]) -> None:
    """No update is lost, whoever comes first."""
    reference = story.record()
    desks = [Desk(office, story.desks.handler.actor) for office in replicas]
    for _round in range(3):
        seen = story.case(reference)["version"]
        notes = [AddNote(reference=reference, text=f"Note {n}", seen_version=seen) for n in range(WRITERS)]
        found = at_once(*(partial(desks[n % 2].do, note) for n, note in enumerate(notes)))
        assert Counter(type(one) for one in found) == {Done: 1, ChangedMeanwhile: WRITERS - 1}
        assert story.case(reference)["version"] == seen + 1
    assert len(story.rows("note")) == 3
    story.verified()


def test_without_a_version_everybody_goes_through_in_turn(story: Story, replicas: Sequence[Office]) -> None:
    """Versions add up exactly and the chain holds."""
    reference = story.record()
    seen = story.case(reference)["version"]
    actor = story.desks.handler.actor
    found = at_once(
        *(
            lambda office=replicas[n % 2], n=n: Desk(office, actor).do(AddNote(reference=reference, text=f"Note {n}"))
            for n in range(WRITERS)
        )
    )
    assert all(isinstance(one, Done) for one in found), found
    assert story.case(reference)["version"] == seen + WRITERS
    assert story.verified() == len(story.tags())


def test_the_same_step_by_two_people_is_taken_once(story: Story, replicas: Sequence[Office]) -> None:
    """Two handlers acknowledge at once: the second finds the step taken."""
    reference = story.record()
    commands = [
        Acknowledge(reference=reference, acknowledged_on=RECEIVED, understanding=f"Bins, says {n}") for n in range(2)
    ]
    actors = (story.desks.handler.actor, story.desks.other_handler.actor)
    found = at_once(
        *(
            lambda office=office, actor=actor, command=command: Desk(office, actor).do(command)
            for office, actor, command in zip(replicas, actors, commands, strict=True)
        )
    )
    assert Counter(type(one).__name__ for one in found) == {"Done": 1, "StepNotOpen": 1}
    assert story.tags(reference) == ["complaint.recorded", "stage.acknowledged"]


def test_references_have_no_gaps_whoever_writes(story: Story, replicas: Sequence[Office]) -> None:
    """Six writers, some of whose steps fail, and the numbers still follow one another."""
    actor = story.desks.recorder.actor

    def write(office: Office, n: int) -> Done:
        desk = Desk(office, actor)
        with pytest.raises(ComplaintsError):
            desk.do(
                RecordComplaint(
                    words="x", matter="Old", received_on=RECEIVED, issue_on=day("2020-01-06"),
                    channel=Channel.PHONE, contact_phone="1",
                )
            )  # fmt: skip
        return [desk.do(complaint(10 * n + k)) for k in range(3)][-1]

    found = at_once(*(lambda office=replicas[n % 2], n=n: write(office, n) for n in range(WRITERS)))
    assert all(isinstance(one, Done) for one in found), found
    references = sorted(row["reference"] for row in story.rows("complaint"))
    assert references == [f"C-2026-{number:06d}" for number in range(1, 3 * WRITERS + 1)]
    assert story.verified() == len(story.tags())


def test_a_calendar_that_changes_under_the_writers_misses_no_duty(story: Story, replicas: Sequence[Office]) -> None:
    """Whoever records while holidays are announced is counted by the old list and moved, or by the new one."""
    actor, manager = story.desks.recorder.actor, story.desks.manager.actor
    days = [RECEIVED + timedelta(days=1), RECEIVED + timedelta(days=3), RECEIVED + timedelta(days=8)]

    def announce() -> Done:
        return [
            Desk(replicas[0], manager).do(
                ChangeCalendar(source="GOV.UK", rows=((each, "Day of mourning", Layer.BANK_HOLIDAY, False),))
            )
            for each in days
        ][-1]

    def write(office: Office) -> Done:
        return [Desk(office, actor).do(complaint(k)) for k in range(4)][-1]

    found = at_once(announce, *(lambda office=replicas[n % 2]: write(office) for n in range(4)))
    assert all(isinstance(one, Done) for one in found), found
    counted = {(row["kind"], row["due_on"]) for row in story.rows("duty")}
    assert counted == {("acknowledge_stage_one", day("2026-09-17")), ("respond_stage_one", day("2026-10-01"))}
    before = story.rows("duty")
    story.desks.manager.do(RebuildDuties(references=tuple(row["reference"] for row in story.rows("complaint"))))
    assert story.rows("duty") == before
