"""Letters on a complaint: begun from the case, written, sent alone or with their step, and kept as they went."""

from __future__ import annotations

from typing import Any

import pytest

from core.code.catalogue import BLOCKS, LETTERS
from core.commands.adjusting import EndAdjustment
from core.commands.letters import DropLetter, LetterKind, PrepareLetter, WriteLetter
from core.commands.letters_going_out import OpenLetter, SendLetter
from core.commands.wording import AdoptTemplate, PublishWording
from core.desk import Desk
from core.errors import BadInput, LetterIncomplete, NotFound, NotPermitted, ReasonNeeded, StepNotOpen
from core.letters.contents import GAP, digest, is_written, missing_contents
from core.queries.letters import LetterView, case_letters, letter_template, letter_view, shared_wording
from core.queries.letters_check import letters_check
from tests.builders import ACKNOWLEDGED, ANSWERED, EXTENDED_TO, FINAL, RECEIVED, SEVEN_PARTS, Story, day
from tests.conftest import Desks

CONTACT = "Ring the complaints team on 01632 960 001."


def seen(desks: Desks, letter_id: int) -> LetterView:
    return desks.handler.ask(letter_view, letter_id)


def write(story: Story, reference: str, letter_id: int, *, desk: Desk | None = None, **parts: str) -> None:
    """Fill every part of a letter that still has a place to write, or with the words given."""
    view = (desk or story.desks.handler).ask(letter_view, letter_id)
    said = {key: text if is_written(text) else f"Written: {key}." for key, text in view.said.items()} | parts
    words = tuple({"content": key, "text": text} for key, text in said.items())
    told: dict[str, Any] = {"reference": reference, "letter_id": letter_id, "addressee": view.addressee}
    (desk or story.desks.handler).do(WriteLetter(**told, parts=words))


def test_an_acknowledgement_begins_with_what_the_case_knows(story: Story, desks: Desks) -> None:
    """Who it goes to, the points, and a date that becomes a promise; what nobody knows is a marked place."""
    reference = story.record(outcomes_sought="A new bin", address="1 Sample Close", postcode="ZZ1 1AA")
    story.assign(reference)
    letter = seen(desks, story.draft(reference, LetterKind.ACKNOWLEDGEMENT))
    assert letter.addressee == "Sam Sample\n1 Sample Close\nZZ1 1AA"
    said = letter.said
    assert "1. Missed bin collections" in said["understanding"]
    assert said["outcomes_sought"].endswith("A new bin")
    assert said["response_date"].startswith("We will answer by Mon 21 September 2026.")
    assert "Hana Handler" in said["handler"] and GAP in said["handler"]
    missing = missing_contents("acknowledgement", said)
    assert [key for key, *_ in missing] == ["handler"]


def test_a_letter_goes_to_whoever_acts_for_the_individual(story: Story, desks: Desks) -> None:
    reference = story.record()
    story.represent(reference, name="Rowan Representative", contact="rowan@sample.example")
    assert seen(desks, story.draft(reference)).addressee == "Rowan Representative\nrowan@sample.example"


def test_what_was_typed_for_the_step_stands_in_its_letter(story: Story, desks: Desks) -> None:
    """The officer fills the step's form in first and begins the letter from it."""
    reference = story.acknowledged()
    story.assign(reference)
    story.on(ANSWERED)
    typed = (
        ("answers.1.outcome", "upheld"), ("answers.1.reasons", "The round was cut short."),
        ("reasons", "We compared it."),
    )  # fmt: skip
    letter = seen(desks, story.draft(reference, LetterKind.STAGE_ONE_RESPONSE, typed=typed))
    said = letter.said
    assert said["decision"] == "We uphold your complaint."
    assert said["reasons"] == "We compared it."
    assert "We uphold this point. The round was cut short." in said["points_answered"]
    assert "You do not have to say why" in said["how_to_escalate"]
    assert [key for key, *_ in missing_contents("stage_one_response", said)] == ["responsibility"]
    assert letter.step == "RespondStageOne"


def test_a_letter_goes_out_with_its_step_in_one_commit(story: Story, desks: Desks) -> None:
    """One act: the step and the letter stand in the history together, with the digest of the words."""
    reference = story.record()
    story.assign(reference)
    letter_id = story.draft(reference, LetterKind.ACKNOWLEDGEMENT)
    write(story, reference, letter_id)
    done = story.acknowledge(reference, letter_id=letter_id)
    assert [event.tag for event in done.events] == ["stage.acknowledged", "letter.sent"]
    letter = seen(desks, letter_id)
    assert letter.sent_on == ACKNOWLEDGED and letter.step == ""
    assert letter.sha256 == digest(letter.addressee, letter.said) == getattr(done.events[1], "sha256", "")
    (line,) = desks.handler.ask(case_letters, reference)
    assert (line.sent_on, line.to_write) == (ACKNOWLEDGED, 0)
    assert story.verified() == len(story.tags())


def test_a_letter_of_a_step_does_not_go_out_without_it(story: Story, desks: Desks) -> None:
    reference = story.record()
    letter_id = story.draft(reference, LetterKind.ACKNOWLEDGEMENT)
    write(story, reference, letter_id)
    with pytest.raises(StepNotOpen, match="goes out with its own step"):
        desks.handler.do(SendLetter(reference=reference, letter_id=letter_id, sent_on=RECEIVED))
    assert seen(desks, letter_id).sent_on is None


def test_a_step_takes_only_its_own_letter(story: Story, desks: Desks) -> None:
    reference, other = story.record(), story.record()
    wrong = story.draft(reference, LetterKind.UPDATE)
    with pytest.raises(BadInput, match="does not go out with this step"):
        story.acknowledge(reference, letter_id=wrong)
    strange = story.draft(other, LetterKind.ACKNOWLEDGEMENT)
    with pytest.raises(BadInput, match="is not on"):
        story.acknowledge(reference, letter_id=strange)


def test_what_a_letter_leaves_out_is_a_departure(story: Story, desks: Desks) -> None:
    """Sending without a part asks for a reason, clause by clause; with it the departure is on the record."""
    reference = story.acknowledged()
    story.assign(reference)
    story.on(day("2026-09-21"))
    letter_id = story.draft(reference, LetterKind.EXTENSION_STAGE_ONE)
    write(story, reference, letter_id, ombudsman="")
    step = {"letter_id": letter_id, "ombudsman_told": True}
    with pytest.raises(ReasonNeeded) as refusal:
        story.extend(reference, to=EXTENDED_TO, told=day("2026-09-21"), **step)
    assert [finding.clause for finding in refusal.value.findings] == ["lgsco:6.5"]
    story.extend(reference, to=EXTENDED_TO, told=day("2026-09-21"), **step, good_reason="They have its card.")
    assert ("lgsco:6.5", "They have its card.") in story.departures(reference)
    assert seen(desks, letter_id).sent_on == day("2026-09-21")


@pytest.mark.parametrize("content", [content.key for content in LETTERS["final_response"].contents])
def test_the_final_response_never_goes_out_without_a_part(story: Story, desks: Desks, content: str) -> None:
    """No reason gets past it [lgsco:6.18]."""
    reference = story.considered_at_stage_two()
    story.on(FINAL)
    letter_id = story.draft(reference, LetterKind.FINAL_RESPONSE)
    write(story, reference, letter_id, **{content: ""})
    with pytest.raises(LetterIncomplete) as refusal:
        story.respond_final(reference, letter_id=letter_id, good_reason="No time.")
    assert [key for key, *_ in refusal.value.missing] == [content]
    assert seen(desks, letter_id).sent_on is None
    write(story, reference, letter_id)
    story.respond_final(reference, letter_id=letter_id)
    assert seen(desks, letter_id).sent_on == FINAL


def test_the_final_response_draft_is_seven_parts_with_the_stage_and_the_ombudsman_written(
    story: Story, desks: Desks
) -> None:
    reference = story.considered_at_stage_two()
    story.on(FINAL)
    typed = tuple((name, SEVEN_PARTS[name]) for name in ("understanding", "decision", "reasons", "remedy"))
    said = seen(desks, story.draft(reference, LetterKind.FINAL_RESPONSE, typed=typed)).said
    assert "final response" in said["stage"] and "Mon 28 September 2026" in said["stage"]
    assert said["remedy"] == SEVEN_PARTS["remedy"]
    assert "0300 061 0614" in said["ombudsman"]
    assert GAP in said["outstanding_actions"]


@pytest.mark.parametrize("kind", [LetterKind.REFUSAL, LetterKind.REFUSED_ESCALATION])
def test_a_refusal_is_never_sent_without_its_reasons_and_the_ombudsman(
    story: Story, desks: Desks, kind: LetterKind
) -> None:
    """The reason, where else to go, and the right to take the refusal to the Ombudsman [lgsco:2.4]."""
    at_start = kind is LetterKind.REFUSAL
    reference = story.record() if at_start else story.answered()
    if not at_start:
        story.on(day("2026-09-28"))
        with pytest.raises(BadInput, match="belongs to stage 2"):
            story.draft(reference, kind)
        return
    letter_id = story.draft(reference, kind)
    write(story, reference, letter_id, ombudsman=f"Ask {GAP}: whom].")
    with pytest.raises(LetterIncomplete, match=r"2\.4"):
        story.turn_away(reference, letter_id=letter_id)
    write(story, reference, letter_id)
    done = story.turn_away(reference, letter_id=letter_id)
    assert [event.tag for event in done.events][-1] == "letter.sent"


def test_a_letter_by_itself_is_sent_complete_or_with_a_reason(story: Story, desks: Desks) -> None:
    reference = story.acknowledged()
    letter_id = story.draft(reference, LetterKind.UPDATE)
    sending = {"reference": reference, "letter_id": letter_id, "sent_on": ACKNOWLEDGED}
    with pytest.raises(ReasonNeeded, match="What has been done since|leaves out: what has been done since"):
        desks.handler.do(SendLetter(**sending))
    write(story, reference, letter_id, progress="We have asked the depot.")
    done = desks.handler.do(SendLetter(**sending))
    assert done.sentences == ("Sent a letter (Update) to Sam Sample by post on Mon 14 September 2026.",)
    with pytest.raises(BadInput, match="has gone out and stays as it is"):
        write(story, reference, letter_id, progress="Something else.")
    with pytest.raises(BadInput, match="has gone out and stays as it is"):
        desks.handler.do(DropLetter(reference=reference, letter_id=letter_id))


def test_nothing_goes_to_somebody_without_authority_unless_a_reason_is_recorded(story: Story, desks: Desks) -> None:
    """The draft can be written; the sending is weighed [lgsco:3.6]."""
    reference = story.acknowledged()
    story.represent(reference)
    letter_id = story.draft(reference)
    write(story, reference, letter_id)
    with pytest.raises(ReasonNeeded, match="lets .* act for the individual"):
        desks.handler.do(SendLetter(reference=reference, letter_id=letter_id, sent_on=ACKNOWLEDGED))


def test_a_draft_thrown_away_leaves_only_its_history(story: Story, desks: Desks) -> None:
    reference = story.record()
    letter_id = story.draft(reference)
    desks.handler.do(DropLetter(reference=reference, letter_id=letter_id, why="Rang instead."))
    assert story.rows("letter") == [] and story.rows("letter_part") == []
    assert story.tags(reference)[-2:] == ["letter.prepared", "letter.dropped"]
    with pytest.raises(NotFound):
        seen(desks, letter_id)


def test_the_words_of_a_letter_are_not_in_the_ledger_twice(story: Story, desks: Desks) -> None:
    """The ledger proves them by their digest; the words lie in one place, where they can be erased one day."""
    reference = story.acknowledged()
    letter_id = story.draft(reference)
    write(story, reference, letter_id, progress="Zebra crossing painted.")
    desks.handler.do(SendLetter(reference=reference, letter_id=letter_id, sent_on=ACKNOWLEDGED))
    kept = [*story.rows("ledger_entry"), *story.rows("ledger_personal")]
    assert not any("Zebra" in str(dict(row)) for row in kept)


def test_officers_names_can_be_left_out(story: Story, desks: Desks) -> None:
    reference = story.record()
    story.assign(reference)
    letter_id = story.draft(reference, LetterKind.INTRODUCTION)
    view = seen(desks, letter_id)
    words = tuple({"content": key, "text": text} for key, text in view.said.items())
    told: dict[str, Any] = {"reference": reference, "letter_id": letter_id, "parts": words}
    desks.handler.do(WriteLetter(**told, officers_anonymous=True, large_print_points=18))
    now = seen(desks, letter_id)
    assert now.said["handler"].startswith("Officer A is now dealing")
    assert now.large_print_points == 18


def test_letters_are_for_those_who_handle_and_a_strange_part_is_refused(story: Story, desks: Desks) -> None:
    reference = story.record()
    letter_id = story.draft(reference)
    with pytest.raises(NotPermitted):
        desks.quality.do(PrepareLetter(reference=reference, kind=LetterKind.UPDATE))
    part = {"content": "poem", "text": "Roses"}
    with pytest.raises(BadInput, match="has no part “poem”"):
        desks.handler.do(WriteLetter(reference=reference, letter_id=letter_id, parts=(part,)))
    with pytest.raises(BadInput, match="belongs to stage 2"):
        story.draft(reference, LetterKind.FINAL_RESPONSE)


def test_E14_a_changed_wording_leaves_old_letters_as_they_were(story: Story, desks: Desks) -> None:
    """Drafts begun from that day take it; what went out does not move."""
    reference = story.acknowledged()
    story.on(day("2026-09-21"))
    before = story.draft(reference, LetterKind.DELAY_NOTICE)
    own = "Tell the {name}: {phone}."
    desks.manager.do(
        PublishWording(
            block="ombudsman.delay_notice",
            text=own,
            in_force_from=day("2026-09-22"),
            approved_by="The monitoring officer",
        )
    )
    assert "free and independent" in seen(desks, story.draft(reference, LetterKind.DELAY_NOTICE)).said["ombudsman"]
    story.on(day("2026-09-22"))
    after = story.draft(reference, LetterKind.DELAY_NOTICE)
    assert seen(desks, after).said["ombudsman"] == "Tell the Local Government and Social Care Ombudsman: 0300 061 0614."
    assert "free and independent" in seen(desks, before).said["ombudsman"]


def test_shared_wording_shows_what_is_in_force_and_what_is_stale(story: Story, desks: Desks) -> None:
    story.on(day("2026-12-01"))
    by_name = {each.block.name: each for each in desks.handler.ask(shared_wording)}
    assert set(by_name) == set(BLOCKS)
    assert by_name["contact"].stale.startswith("Nothing is written yet.")
    assert by_name["ombudsman"].stale == ""
    desks.manager.do(
        PublishWording(block="contact", text=CONTACT, in_force_from=day("2026-12-01"), approved_by="Mia Manager")
    )
    now = {each.block.name: each for each in desks.handler.ask(shared_wording)}
    assert now["contact"].own and now["contact"].text == CONTACT and now["contact"].stale == ""
    story.on(day("2027-11-28"))
    later = {each.block.name: each for each in desks.handler.ask(shared_wording)}
    assert "more than 12 months" in later["ombudsman"].stale
    assert later["contact"].stale == ""


def test_going_back_to_our_wording_is_a_version_like_another(story: Story, desks: Desks) -> None:
    for text in (CONTACT, ""):
        desks.manager.do(
            PublishWording(block="how_to_escalate", text=text, in_force_from=story.clock.now.date(), approved_by="Mia")
        )
    found = next(each for each in desks.handler.ask(shared_wording) if each.block.name == "how_to_escalate")
    assert not found.own and found.text == BLOCKS["how_to_escalate"].text and len(found.versions) == 2


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"block": "greeting"}, "no such wording"),
        ({"text": "Ring {colour}."}, r"Nothing fills in \{colour\}"),
        ({"block": "ombudsman", "text": "Ring the Ombudsman."}, r"with \{name\}"),
        ({"in_force_from": day("2026-01-01")}, "before it was published"),
    ],
)
def test_a_wording_that_cannot_be_published_says_why(story: Story, desks: Desks, told: Any, said: str) -> None:
    story.on(RECEIVED)
    given = {"block": "contact", "text": CONTACT, "in_force_from": RECEIVED, "approved_by": "Mia"} | told
    with pytest.raises(BadInput, match=said):
        desks.manager.do(PublishWording(**given))


def test_T8_one_letter_answers_and_acknowledges(story: Story, desks: Desks) -> None:
    """A full answer inside the acknowledgement period needs no second letter (reading R8)."""
    reference = story.record()
    story.assign(reference)
    story.on(day("2026-09-10"))
    story.hear(reference, desks.handler)
    letter_id = story.draft(reference, LetterKind.STAGE_ONE_RESPONSE)
    write(story, reference, letter_id)
    story.respond(reference, on=day("2026-09-10"), letter_id=letter_id)
    assert seen(desks, letter_id).sent_on == day("2026-09-10")
    assert story.duties(reference)["acknowledge_stage_one"]["met_on"] == day("2026-09-10")


def test_T25_the_day_it_left_counts_and_never_one_that_has_not_come(story: Story, desks: Desks) -> None:
    reference = story.acknowledged()
    letter_id = story.draft(reference)
    write(story, reference, letter_id)
    for wrong, said in ((day("2026-09-15"), "has not come yet"), (day("2026-09-01"), "is before the complaint")):
        with pytest.raises(BadInput, match=said):
            desks.handler.do(SendLetter(reference=reference, letter_id=letter_id, sent_on=wrong))
    desks.handler.do(SendLetter(reference=reference, letter_id=letter_id, sent_on=day("2026-09-11")))
    assert seen(desks, letter_id).sent_on == day("2026-09-11")


def test_who_opened_a_letter_as_a_file_is_kept(story: Story, desks: Desks) -> None:
    """In the ledger, out of the case's own history; and only for those who see the case."""
    letter_id = story.draft(story.record())
    desks.quality.do(OpenLetter(letter_id=letter_id, form="Word"))
    assert story.tags()[-1] == "letter.opened"
    with pytest.raises(NotFound):
        desks.quality.do(OpenLetter(letter_id=letter_id + 1, form="PDF"))


def test_the_newest_template_is_in_use(story: Story, desks: Desks) -> None:
    assert desks.handler.ask(letter_template).sha256 == ""
    desks.manager.do(AdoptTemplate(name="our letter.docx", sha256="a" * 64))
    held = desks.handler.ask(letter_template)
    assert (held.name, held.sha256, held.adopted_by) == ("our letter.docx", "a" * 64, desks.manager.actor.name)
    desks.manager.do(AdoptTemplate(name=""))
    assert desks.handler.ask(letter_template).sha256 == ""


def test_letters_that_went_out_are_checked_again(story: Story, desks: Desks) -> None:
    """What one leaves out is named, and words that are not those sent are found."""
    reference = story.acknowledged()
    whole, short, draft = (story.draft(reference) for _ in range(3))
    write(story, reference, whole)
    write(story, reference, short, next_date="")
    write(story, reference, draft)
    for letter_id, why in ((whole, None), (short, "They have the date.")):
        sending = SendLetter(reference=reference, letter_id=letter_id, sent_on=ACKNOWLEDGED, good_reason=why)
        desks.handler.do(sending)
    found = desks.manager.ask(letters_check)
    assert (found.checked, found.altered) == (2, ())
    ((only,),) = ([each for each in found.lacking],)
    assert (only.reference, only.title, only.lacking) == (reference, "Update", ("The next date",))
    with story.office.database.engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE letter_part SET text = 'Never said.' WHERE letter_id = {whole}")  # noqa: S608
    (altered,) = desks.manager.ask(letters_check).altered
    assert (altered.reference, altered.title) == (reference, "Update")


@pytest.mark.parametrize(
    ("agreed", "points"),
    [("Large print, 18 point", 18), ("24pt on yellow paper", 24), ("Large print", None), ("90 point", None)],
)
def test_5_6_a_letter_takes_the_print_that_was_agreed(
    story: Story, desks: Desks, agreed: str, points: int | None
) -> None:
    """From an adjustment in force, while it is; the officer may still choose otherwise [lgsco:5.6]."""
    reference = story.record()
    adjustment = story.adjust(reference, what=agreed)
    assert seen(desks, story.draft(reference)).large_print_points == points
    desks.handler.do(
        EndAdjustment(reference=reference, adjustment_id=adjustment, ended_on=RECEIVED, why="As they ask.")
    )
    assert seen(desks, story.draft(reference)).large_print_points is None
