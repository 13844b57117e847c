"""The audit: everything that was done and looked at, narrowed down, page by page, and proved."""

from __future__ import annotations

from typing import Any

import pytest

from core.commands.access import OpenCase
from core.commands.recording import AddNote
from core.desk import Desk
from core.errors import BadInput, LedgerBroken, NotPermitted
from core.permissions import REFUSAL, Actor, Permission
from core.queries.audit import PAGE, AuditFilter, AuditPage, audit, ledger_proved
from tests.builders import Story, day
from tests.conftest import Desks
from tests.store.tampering import hands_in


def shown(desk: Desk, *, before: int | None = None, limit: int = PAGE, **chosen: Any) -> AuditPage:
    return desk.ask(audit, AuditFilter(**chosen), before=before, limit=limit)


def tags(page: AuditPage) -> list[str]:
    return [line.tag for line in page.rows]


def test_everything_is_there_with_who_and_when_newest_first(story: Story, desks: Desks) -> None:
    """What was done, what was refused and who looked [lgsco:5.8]."""
    reference = story.record()
    with pytest.raises(NotPermitted):
        desks.member.do(AddNote(reference=reference, text="Who is it?"))
    desks.quality.do(OpenCase(reference=reference))
    page = shown(desks.senior_lead)
    assert tags(page)[:3] == ["case.opened", "step.refused", "complaint.recorded"]
    assert [line.n for line in page.rows] == list(range(len(story.tags()), 0, -1))
    opened, denied, recorded = page.rows[:3]
    assert (opened.actor, opened.reference, opened.sentence) == ("Quinn Quality", reference, f"Opened {reference}.")
    assert (denied.actor, denied.reference) == ("Mel Member", "")
    assert denied.sentence == f"Refused “Add a note”. {REFUSAL[Permission.HANDLE]}"
    assert (recorded.actor, recorded.at) == ("Robin Recorder", story.clock.now)
    assert page.before is None


def test_it_is_narrowed_down_by_person_kind_complaint_and_day(story: Story, desks: Desks) -> None:
    """Days are English days: half past midnight in summer is the day before in UTC."""
    first, second = story.record(), story.acknowledged()
    lead = desks.senior_lead
    assert {line.actor for line in shown(lead, actor=" robin ").rows} == {"Robin Recorder"}
    assert tags(shown(lead, tag="stage.acknowledged")) == ["stage.acknowledged"]
    assert {line.reference for line in shown(lead, reference=f" {first.lower()} ").rows} == {first}
    of_that_day = ["position.recorded", "conflict.declared", "stage.acknowledged"]
    assert tags(shown(lead, reference=second)) == [*of_that_day, "complaint.recorded"]
    assert tags(shown(lead, from_day=day("2026-09-14"))) == of_that_day
    until = shown(lead, until_day=day("2026-09-07"))
    assert tags(until)[:2] == ["complaint.recorded", "complaint.recorded"]
    assert tags(shown(lead, from_day=day("2026-09-07"), until_day=day("2026-09-07"), actor="robin")) == tags(until)[:2]
    assert shown(lead, actor="robin", tag="stage.acknowledged").rows == ()
    assert shown(lead, reference="C-2026-999999").rows == ()
    story.clock.now = story.clock.now.replace(hour=23, minute=30)
    desks.handler.do(AddNote(reference=first, text="Late at night."))
    assert tags(shown(lead, from_day=day("2026-09-15"), until_day=day("2026-09-15"))) == ["note.added"]
    assert tags(shown(lead, from_day=day("2026-09-14"), until_day=day("2026-09-14"))) == of_that_day


@pytest.mark.parametrize("typed", ["%", "_", "\\", "'", "Robin%Recorder"])
def test_a_name_is_looked_for_as_it_is_typed(story: Story, desks: Desks, typed: str) -> None:
    story.record()
    assert shown(desks.senior_lead, actor=typed).rows == ()


def test_pages_follow_each_other_without_gap_or_overlap(story: Story, desks: Desks) -> None:
    for _ in range(4):
        story.acknowledged()
    every, before = [], None
    while True:
        page = shown(desks.senior_lead, before=before, limit=3)
        every += [line.n for line in page.rows]
        if page.before is None:
            break
        before = page.before
    assert every == list(range(len(story.tags()), 0, -1))


@pytest.mark.parametrize("before", [0, -1, 2**31])
def test_a_damaged_page_link_is_a_sentence(desks: Desks, before: int) -> None:
    with pytest.raises(BadInput, match="That page link is damaged"):
        shown(desks.senior_lead, before=before)


def test_a_kind_of_entry_that_does_not_exist_is_a_sentence(desks: Desks) -> None:
    with pytest.raises(BadInput, match="knows no entries of that kind"):
        shown(desks.senior_lead, tag="complaint.hidden")


def test_entries_on_a_complaint_its_reader_does_not_see_are_left_out(story: Story, desks: Desks) -> None:
    """By whatever they are looked for; what is about no complaint is there for every reader [lgsco:5.8]."""
    reference = story.acknowledged()
    before = len(story.tags())
    lead = desks.senior_lead
    story.keep_confidential(reference)
    assert len(shown(lead).rows) == before - 4
    for chosen in (
        {"reference": reference},
        {"tag": "confidence.kept"},
        {"tag": "stage.acknowledged"},
        {"actor": "rita"},
    ):
        assert shown(lead, **chosen).rows == ()
    story.keep_confidential(reference, lead)
    assert tags(shown(lead, reference=reference))[:2] == ["confidence.kept", "confidence.kept"]
    story.lift(reference)
    assert len(shown(lead).rows) == len(story.tags())


def test_a_reader_limited_to_services_is_shown_what_is_about_these(story: Story, desks: Desks) -> None:
    ours, theirs = story.record(service_id=1), story.record(service_id=2)
    actor = desks.senior_lead.actor
    narrow = Desk(story.office, Actor(id=actor.id, name=actor.name, role=actor.role, services=frozenset({1})))
    assert {line.reference for line in shown(narrow).rows} == {ours, ""}
    assert shown(narrow, reference=theirs).rows == ()


def test_only_the_senior_lead_reads_it(desks: Desks) -> None:
    for desk in desks.of_every_role():
        if desk is not desks.senior_lead:
            with pytest.raises(NotPermitted, match="Only the senior lead reads the audit"):
                shown(desk)


def test_the_chain_is_proved_whole_whatever_its_reader_sees(story: Story, desks: Desks) -> None:
    """And an entry that was altered is named, hidden or not [lgsco:5.8]."""
    reference = story.acknowledged()
    story.keep_confidential(reference)
    assert desks.senior_lead.ask(ledger_proved) == len(story.tags())
    hidden = max(row["n"] for row in story.rows("ledger_entry", complaint_id=story.case(reference)["id"]))
    with hands_in(story.office) as connection:
        connection.exec_driver_sql(f"UPDATE ledger_entry SET actor = 'Somebody Else' WHERE n = {hidden}")  # noqa: S608
    for desk in (desks.senior_lead, desks.manager, desks.administrator):
        with pytest.raises(LedgerBroken, match=f"Entry {hidden} has been altered"):
            desk.ask(ledger_proved)
