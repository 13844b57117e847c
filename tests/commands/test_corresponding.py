"""Being in touch: every call, message and letter in one list, what waits for a reply, and what was agreed about it."""

from __future__ import annotations

import re
from typing import Any

import pytest

from core.commands.base import Command
from core.commands.corresponding import AgreeUpdates, AnswerContact, RecordContact
from core.commands.importing import ImportBatch
from core.commands.letters import LetterKind
from core.commands.letters_going_out import SendLetter
from core.commands.stage_two import RespondFinal
from core.commands.standards import AdoptStandards
from core.desk import Done
from core.errors import BadInput, NotFound
from core.queries.cases import case_view
from core.queries.corresponding import Corresponding, corresponding, standards_kept
from core.queries.duties_check import duties_check
from core.queries.escalations import escalations
from core.queries.queue import QueueFilter, queue, queue_counts, queue_export
from core.rules.considering import ReachedBy
from core.rules.contacts import Direction, WithWhom
from core.rules.parties import PartyRole
from core.rules.standards import CONFIRM, INTRODUCE, REPLY, UPDATE
from tests.builders import ANSWERED, RECEIVED, Row, Story, day
from tests.commands.refusals import refused
from tests.commands.test_faults import past_complaint
from tests.conftest import Desks

OUT, IN = Direction.OUT, Direction.IN
SOLICITOR = "Sol Solicitor"


def keep_standards(story: Story, on: str = "2026-09-01") -> Done:
    story.on(day(on))
    decided = {"in_force_from": day(on), "resolution": "The cabinet, minute 4 of 1 September 2026"}
    return story.desks.manager.do(AdoptStandards(kept=True, **decided))  # type: ignore[attr-defined]


def given(story: Story) -> str:
    """A complaint taken in while standards are kept, and given to a handler on the day it came."""
    keep_standards(story)
    reference = story.record()
    story.assign(reference)
    return reference


def list_of(story: Story, reference: str) -> Corresponding:
    return story.desks.handler.ask(corresponding, reference)


def owed(story: Story, reference: str, kind: str) -> list[Row]:
    rows = story.rows("duty", complaint_id=story.case(reference)["id"], kind=kind)
    return sorted(rows, key=lambda row: (row["stage_number"], row["number"]))


def not_taken(story: Story, command: Command, sentence: str) -> None:
    """The handler, or the manager for the policy, is refused in a sentence and nothing has changed."""
    desk = story.desks.manager if isinstance(command, AdoptStandards) else story.desks.handler
    with refused(story, BadInput, re.escape(sentence)):
        desk.do(command)


def answer(story: Story, reference: str, message: int, **fields: Any) -> Done:
    return story.desks.handler.do(AnswerContact(reference=reference, contact_id=message, **fields))


# -------------------------------------------------------------------------------------------------- the list of it all


def test_5_8_calls_messages_and_letters_stand_in_one_list_the_newest_first(story: Story, desks: Desks) -> None:
    """A letter that went out is a contact, and is not written down twice; a draft is none."""
    reference = story.acknowledged()
    story.on(day("2026-09-15"), hour=12)
    letter = story.draft(reference, LetterKind.UPDATE)
    desks.handler.do(
        SendLetter(reference=reference, letter_id=letter, sent_on=day("2026-09-15"), good_reason="They rang.")
    )
    story.draft(reference)
    story.on(day("2026-09-16"), hour=15)
    story.tell(reference, at_time="9.05", what="Told them the crew was asked.")
    story.message(reference, at_time="14:30", what="Asked when the crew comes.")
    lines = list_of(story, reference).lines
    assert [(line.on.day, line.at_time, line.ours, line.what) for line in lines] == [
        (16, "14:30", False, "Asked when the crew comes."),
        (16, "09:05", True, "Told them the crew was asked."),
        (15, "", True, "Update"),
    ]
    assert [line.letter_id for line in lines] == [None, None, letter]
    assert len(story.rows("contact")) == 2
    assert [line.recorded_by for line in lines] == ["Hana Handler"] * 3


def test_5_8_a_contact_is_in_the_history_and_its_words_are_personal(story: Story) -> None:
    reference = story.acknowledged()
    story.message(reference, what="Her son is ill.", at_time="08:15")
    entry = next(row for row in story.rows("ledger_entry", tag="contact.recorded"))
    assert "ill" not in entry["data"]
    said = story.desks.handler.ask(case_view, reference).history[0].sentence
    assert said.startswith(
        "Contact with the individual on Mon 14 September 2026 at 08:15, by phone (they contacted us)"
    )
    assert "Her son is ill. It waits for our reply." in said


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"direction": OUT, "waits": True}, "Only a message to us waits"),
        ({"direction": IN, "introduces": True}, "as a contact of ours"),
        ({"with_whom": WithWhom.OTHER}, "write their name"),
        ({"with_whom": WithWhom.REPRESENTATIVE}, "write their name"),
        ({"name": "Sam"}, "The individual's name stands on the complaint"),
        ({"at_time": "25:00"}, "“25:00” is no time of day"),
        ({"at_time": "23:59"}, "23:59 on Mon 14 September 2026 has not come yet"),
        ({"on_day": day("2026-09-15")}, "has not come yet"),
        ({"on_day": day("2026-09-04")}, "is before the complaint was received"),
    ],
)
def test_5_8_a_contact_that_cannot_be_so_is_refused(story: Story, fields: dict[str, Any], sentence: str) -> None:
    reference = story.acknowledged()
    usual = {"direction": IN, "with_whom": WithWhom.INDIVIDUAL, "reached_by": ReachedBy.PHONE, "waits": False}
    contact = RecordContact(
        reference=reference,
        **{**usual, "on_day": day("2026-09-14"), "what": "Rang.", **fields},  # type: ignore[arg-type]
    )
    not_taken(story, contact, sentence)


def test_5_8_the_only_representative_is_meant_without_being_named(story: Story, desks: Desks) -> None:
    reference = story.acknowledged()
    story.represent(reference, written_to=False)
    story.message(reference, with_whom=WithWhom.REPRESENTATIVE)
    assert list_of(story, reference).lines[0].who == "Rowan Representative, their representative"


def test_5_8_an_unknown_complaint_has_no_correspondence(desks: Desks) -> None:
    with pytest.raises(NotFound):
        desks.handler.ask(corresponding, "C-2026-999999")


# -------------------------------------------------------------------------------------------------------------- replies


def test_E3_a_message_waits_until_our_reply_is_recorded(story: Story, desks: Desks) -> None:
    """The reply is a contact of its own to the same person; the message then waits no longer."""
    reference = given(story)
    message = story.message(reference)
    (duty,) = owed(story, reference, REPLY)
    assert (duty["standing"], duty["due_on"], duty["owner_id"]) == ("open", day("2026-09-09"), desks.handler.actor.id)
    story.on(day("2026-09-10"))
    answer(
        story, reference, message, reached_by=ReachedBy.EMAIL, answered_on=day("2026-09-10"), what="It is looked at."
    )
    (duty,) = owed(story, reference, REPLY)
    assert (duty["standing"], duty["met_on"]) == ("late", day("2026-09-10"))
    found = list_of(story, reference)
    assert found.waiting == ()
    assert [(line.ours, line.what) for line in found.lines] == [
        (True, "It is looked at."),
        (False, "Asked how it goes."),
    ]
    assert (found.lines[1].answered_on, found.lines[1].answer) == (day("2026-09-10"), "by e-mail")


def test_E3_a_call_or_a_letter_that_is_on_the_record_may_be_the_reply(story: Story, desks: Desks) -> None:
    reference = given(story)
    first, second = story.message(reference), story.message(reference)
    call = story.tell(reference)
    story.on(day("2026-09-08"))
    letter = story.draft(reference)
    desks.handler.do(
        SendLetter(reference=reference, letter_id=letter, sent_on=day("2026-09-08"), good_reason="Short on purpose.")
    )
    answer(story, reference, first, answer=f"contact:{call}")
    answer(story, reference, second, answer=f"letter:{letter}")
    assert [row["standing"] for row in owed(story, reference, REPLY)] == ["in_time", "in_time"]
    assert len(story.rows("contact")) == 3, "nothing is written down twice"


def test_E3_a_reply_went_to_the_same_person_after_the_message_and_on_this_complaint(story: Story) -> None:
    reference = given(story)
    early = story.tell(reference)
    other = story.record()
    elsewhere = story.tell(other)
    neighbour = story.tell(reference, with_whom=WithWhom.OTHER, name="Nia Neighbour")
    story.on(day("2026-09-08"))
    message = story.message(reference)
    draft = story.draft(reference)
    for chosen in (f"contact:{elsewhere}", f"contact:{neighbour}", f"contact:{message}", f"letter:{draft}", "letter:x"):
        given_up = AnswerContact(reference=reference, contact_id=message, answer=chosen)
        not_taken(story, given_up, "no reply to this person")
    before = AnswerContact(reference=reference, contact_id=message, answer=f"contact:{early}")
    not_taken(story, before, "is before the message came")


def test_E3_a_reply_is_chosen_or_written_and_never_both_or_neither(story: Story) -> None:
    reference = given(story)
    message, call = story.message(reference), story.tell(reference)
    both = AnswerContact(reference=reference, contact_id=message, answer=f"contact:{call}", what="And this.")
    not_taken(story, both, "Either the reply is on the record already")
    neither = AnswerContact(reference=reference, contact_id=message)
    not_taken(story, neither, "Say how and when we replied")
    answer(story, reference, message, answer=f"contact:{call}")
    again = AnswerContact(reference=reference, contact_id=message, answer=f"contact:{call}")
    not_taken(story, again, "No such message waits")


# ------------------------------------------------------------------------------------------- introductions and updates


def test_E1_the_introduction_is_owed_from_the_day_it_was_given_and_again_when_it_is_given_on(
    story: Story, desks: Desks
) -> None:
    reference = given(story)
    (duty,) = owed(story, reference, INTRODUCE)
    assert (duty["start_on"], duty["due_on"], duty["standing"]) == (RECEIVED, day("2026-09-14"), "open")
    story.tell(reference, introduces=True)
    story.on(day("2026-09-09"))
    story.assign(reference, desks.other_handler)
    first, second = owed(story, reference, INTRODUCE)
    assert (first["standing"], second["standing"], second["due_on"]) == ("in_time", "open", day("2026-09-16"))


def test_E1_a_letter_that_names_the_handler_introduces_and_an_update_does_not(story: Story, desks: Desks) -> None:
    reference = given(story)
    for kind, standing in ((LetterKind.UPDATE, "open"), (LetterKind.INTRODUCTION, "in_time")):
        letter = story.draft(reference, kind)
        desks.handler.do(
            SendLetter(reference=reference, letter_id=letter, sent_on=RECEIVED, good_reason="Short on purpose.")
        )
        assert [row["standing"] for row in owed(story, reference, INTRODUCE)] == [standing]


def test_T5_an_automatic_receipt_neither_introduces_nor_acknowledges(story: Story, desks: Desks) -> None:
    reference = given(story)
    letter = story.draft(reference, LetterKind.RECEIPT)
    desks.handler.do(
        SendLetter(reference=reference, letter_id=letter, sent_on=RECEIVED, good_reason="Short on purpose.")
    )
    assert [row["standing"] for row in owed(story, reference, INTRODUCE)] == ["open"]
    assert story.duties(reference)["acknowledge_stage_one"]["standing"] == "open"


def test_E2_there_is_one_update_to_give_and_every_contact_of_ours_moves_it(story: Story) -> None:
    reference = given(story)
    assert [row["due_on"] for row in owed(story, reference, UPDATE)] == [day("2026-10-07")]
    story.on(day("2026-09-21"))
    story.message(reference)
    assert [row["due_on"] for row in owed(story, reference, UPDATE)] == [day("2026-10-07")], "theirs moves nothing"
    story.tell(reference, with_whom=WithWhom.OTHER, name="Nia Neighbour")
    assert [row["due_on"] for row in owed(story, reference, UPDATE)] == [day("2026-10-07")], "nor does a neighbour"
    story.tell(reference)
    assert [row["due_on"] for row in owed(story, reference, UPDATE)] == [day("2026-10-21")]


def test_E2_six_weeks_agreed_are_honoured(story: Story, desks: Desks) -> None:
    reference = given(story)
    story.on(day("2026-09-09"))
    agreed = {"every_weeks": 6, "with_whom": WithWhom.INDIVIDUAL, "agreed_on": day("2026-09-09")}
    desks.handler.do(AgreeUpdates(reference=reference, **agreed))  # type: ignore[arg-type]
    assert [row["due_on"] for row in owed(story, reference, UPDATE)] == [day("2026-10-21")]
    said = list_of(story, reference).agreed
    assert said == "every 6 weeks, agreed with the individual on Wed 9 September 2026"


def test_E5_a_solicitor_who_is_written_to_is_owed_the_codes_dates_and_no_standard(story: Story, desks: Desks) -> None:
    reference = given(story)
    story.message(reference)
    before = {row["kind"] for row in story.rows("duty") if not row["ours"]}
    story.represent(reference, name=SOLICITOR, role=PartyRole.PROFESSIONAL)
    rows = story.rows("duty")
    assert {row["kind"] for row in rows} == before
    assert (list_of(story, reference).professional, list_of(story, reference).standards) == (SOLICITOR, ())
    assert desks.manager.ask(standards_kept).apart == 1


# ----------------------------------------------------------------------------------------- beside the Code, and only so


def test_our_standards_stand_in_the_queue_after_the_code_on_the_same_day_and_hide_nothing(
    story: Story, desks: Desks
) -> None:
    """The acknowledgement of a later complaint comes before the introduction that is due on the same day."""
    first = given(story)
    second = story.record()
    rows = desks.handler.ask(queue, QueueFilter()).rows
    assert [(row.reference, row.kind, row.ours) for row in rows] == [
        (first, "acknowledge_stage_one", False),
        (second, "acknowledge_stage_one", False),
        (first, INTRODUCE, True),
    ]
    assert len({row.act_by for row in rows}) == 1
    pages, after = [], ""
    while not pages or after:
        page = desks.handler.ask(queue, QueueFilter(), after=after, limit=1)
        pages += page.rows
        after = page.after
    assert tuple(pages) == rows == desks.handler.ask(queue_export, QueueFilter())
    assert desks.handler.ask(queue_counts, QueueFilter(ours=False)).total == 2
    assert [row.kind for row in desks.handler.ask(queue, QueueFilter(ours=True)).rows] == [INTRODUCE]


def test_a_standard_missed_is_no_breach_of_the_code(story: Story, desks: Desks) -> None:
    reference = given(story)
    story.message(reference)
    story.on(day("2026-11-20"))
    view = desks.handler.ask(case_view, reference)
    assert {clock.clause for clock in view.clocks} == {"lgsco:6.2", "lgsco:6.3"}
    assert all(line.clause.startswith("lgsco:") for line in view.code)
    standards = list_of(story, reference).standards
    assert {line.cite for line in standards} == {"our standard"}
    assert all(line.soon is not None and line.soon.overdue for line in standards)


def test_stage_two_is_listed_once_with_its_own_date(story: Story, desks: Desks) -> None:
    keep_standards(story)
    story.considered_at_stage_two()
    found = desks.manager.ask(escalations)
    assert sum(found.counts[name] for name in ("due_soon", "late", "needs_someone", "to_acknowledge")) <= 1


def test_an_old_record_owes_no_standard(story: Story, desks: Desks) -> None:
    keep_standards(story)
    desks.manager.do(ImportBatch(source="old system", complaints=(past_complaint(),)))
    imported = next(row["reference"] for row in story.rows("complaint"))
    story.on(day("2026-09-08"))
    story.message(imported)
    assert not any(row["ours"] for row in story.rows("duty"))
    assert not list_of(story, imported).kept


def test_stored_standards_are_what_their_facts_say(story: Story, desks: Desks) -> None:
    """Every path that changes a fact settles them again: the check counts all of them anew."""
    reference = given(story)
    message = story.message(reference)
    story.acknowledge(reference, day("2026-09-08"))
    answer(story, reference, message, reached_by=ReachedBy.PHONE, answered_on=day("2026-09-08"), what="Yes.")
    story.assign(reference, desks.other_handler)
    story.free(reference, desks.other_handler)
    story.respond(reference, day("2026-09-21"), by_word_of_mouth=True)
    story.open_two(reference, day("2026-09-29"))
    story.message(reference)
    assert any(row["ours"] for row in story.rows("duty"))
    assert desks.system.ask(duties_check).differing == ()


def test_KPI_31_each_standard_is_counted_by_the_day_it_was_due(story: Story, desks: Desks) -> None:
    """In time, late and open apart, of what was due in a time; nothing of the Code is among it."""
    reference = given(story)
    late, early = story.message(reference), story.message(reference)
    answer(story, reference, early, reached_by=ReachedBy.PHONE, answered_on=RECEIVED, what="At once.")
    story.on(day("2026-09-11"))
    answer(story, reference, late, reached_by=ReachedBy.PHONE, answered_on=day("2026-09-11"), what="Too late.")
    found = desks.manager.ask(standards_kept, due_from=day("2026-09-01"), due_until=day("2026-09-30"))
    assert {line.kind: (line.in_time, line.late, line.open) for line in found.lines} == {
        INTRODUCE: (0, 0, 1),
        REPLY: (1, 1, 0),
    }
    later = desks.manager.ask(standards_kept, due_from=day("2026-10-01"))
    assert {line.kind: line.open for line in later.lines} == {UPDATE: 1}


def test_standards_begin_on_a_day_and_leave_what_was_taken_in_before_alone(story: Story, desks: Desks) -> None:
    old = story.record()
    story.assign(old)
    keep_standards(story, "2026-09-08")
    new = story.record(day("2026-09-08"))
    story.assign(new)
    assert owed(story, old, INTRODUCE) == []
    assert len(owed(story, new, INTRODUCE)) == 1
    story.on(day("2026-09-09"))
    stop: dict[str, Any] = {"in_force_from": day("2026-09-09"), "resolution": "The cabinet, minute 9"}
    desks.manager.do(AdoptStandards(kept=False, **stop))
    last = story.record(day("2026-09-09"))
    story.assign(last)
    assert owed(story, last, INTRODUCE) == []


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"kept": True}, "are kept already"),
        ({"in_force_from": day("2026-09-06")}, "Choose today or a later day"),
        ({"in_force_from": day("2026-09-01")}, "Choose today or a later day"),
    ],
)
def test_standards_are_adopted_from_today_at_the_earliest(story: Story, fields: dict[str, Any], sentence: str) -> None:
    keep_standards(story)
    story.on(RECEIVED)
    wanted = {"kept": False, "in_force_from": RECEIVED, "resolution": "The cabinet", **fields}
    not_taken(story, AdoptStandards(**wanted), sentence)


# -------------------------------------------------------------------------------------------- answered in conversation


def test_T26_an_answer_by_word_of_mouth_is_recorded_as_told_and_owes_a_letter(story: Story, desks: Desks) -> None:
    """The clock stops as for any answer; a letter with the answer, recorded as sent, settles what is still owed."""
    reference = story.acknowledged()
    story.respond(reference, ANSWERED, by_word_of_mouth=True)
    view = desks.handler.ask(case_view, reference)
    assert view.position == "Stage 1: answered"
    assert view.stages[0].responses[0]["by_word_of_mouth"]
    told = [each.sentence for each in view.history]
    assert "Told by word of mouth the stage 1 answer on Thu 24 September 2026: upheld." in told
    (duty,) = owed(story, reference, CONFIRM)
    assert (duty["due_on"], duty["standing"], duty["ours"]) == (day("2026-10-01"), "open", True)
    (line,) = list_of(story, reference).standards
    assert (line.title, line.cite) == ("Confirm the answer in writing", "reading R26")
    story.on(day("2026-09-25"))
    letter = story.draft(reference, LetterKind.STAGE_ONE_RESPONSE)
    desks.handler.do(
        SendLetter(reference=reference, letter_id=letter, sent_on=day("2026-09-25"), good_reason="Short on purpose.")
    )
    (duty,) = owed(story, reference, CONFIRM)
    assert (duty["standing"], duty["met_on"]) == ("in_time", day("2026-09-25"))
    assert desks.system.ask(duties_check).differing == ()


def test_T26_told_without_the_way_to_stage_two_is_no_answer(story: Story) -> None:
    """In writing it may depart with a reason; by word of mouth nothing else would tell them [lgsco:6.8]."""
    reference = story.acknowledged()
    story.on(ANSWERED)
    with pytest.raises(BadInput, match="says how to ask for stage 2"):
        story.respond(reference, by_word_of_mouth=True, escalation_told=False, good_reason="In a hurry.")


def test_T26_a_letter_that_goes_out_with_the_answer_is_not_word_of_mouth(story: Story, desks: Desks) -> None:
    reference = story.acknowledged()
    story.on(ANSWERED)
    letter = story.draft(reference, LetterKind.STAGE_ONE_RESPONSE)
    with pytest.raises(BadInput, match="goes out as a letter"):
        story.respond(reference, by_word_of_mouth=True, letter_id=letter)


def test_T26_an_answer_in_writing_owes_no_confirmation_and_stage_two_has_no_such_tick(story: Story) -> None:
    reference = story.answered()
    assert owed(story, reference, CONFIRM) == []
    assert "by_word_of_mouth" not in RespondFinal.model_fields
