"""Letters on the screen: begun from the case or from a step, written beside their checklist, sent with the step."""

from __future__ import annotations

from html import unescape
from typing import Any

from streamlit.testing.v1 import AppTest

from core.commands.letters import LetterKind, PrepareLetter
from core.permissions import Role
from core.queries.letters import case_letters, letter_view
from tests.pages.conftest import Open
from tests.pages.council import Council
from tests.pages.shown import button, field, words

ACKNOWLEDGED, NEW = "C-2026-000001", "C-2026-000003"
HOSTILE = "![x](https://example.org/p.png) <b>$x$ :red[a] `b`"


def send(at: AppTest, label: str) -> AppTest:
    """Press a form's own button."""
    next(each for each in at.button if unescape(each.label) == label and "send" in str(each.key)).click().run()
    assert not at.exception, at.exception
    return at


def drafted(council: Council, reference: str, kind: LetterKind) -> int:
    council.desk(Role.HANDLER).do(PrepareLetter(reference=reference, kind=kind))
    return council.desk(Role.HANDLER).ask(case_letters, reference)[0].id


def letter(open_page: Open, reference: str, letter_id: int, role: Role = Role.HANDLER) -> AppTest:
    return open_page("letter", role, ref=reference, letter=str(letter_id))


def areas(at: AppTest) -> dict[str, Any]:
    return {each.label.partition("  \n")[0]: each for each in at.text_area}


def test_a_letter_is_begun_on_its_case_and_opens_beside_its_checklist(council: Council, open_page: Open) -> None:
    at = open_page("case", ref=ACKNOWLEDGED)
    assert "Letters: 0 sent, 0 drafts" in words(at)
    assert "None is written here yet" in words(at)
    button(at, "Write a letter").click().run()
    kinds = field(at, "selectbox", "What kind of letter")
    kinds.select(LetterKind.UPDATE.value).run()
    send(at, "Write a letter")
    said = words(at)
    assert "What it must hold: 1 part to write" in said
    assert "What has been done since" in areas(at)
    assert areas(at)["The next date"].value.startswith("We will answer by")
    assert council.desk(Role.HANDLER).ask(case_letters, ACKNOWLEDGED)[0].title == "Update"


def test_a_letter_is_written_saved_and_recorded_as_sent(council: Council, open_page: Open) -> None:
    """The checklist follows what is typed; once sent it can only be read."""
    number = drafted(council, ACKNOWLEDGED, LetterKind.UPDATE)
    at = letter(open_page, ACKNOWLEDGED, number)
    areas(at)["What has been done since"].set_value(f"We asked the depot. {HOSTILE}").run()
    said = words(at)
    assert "What it must hold: nothing is missing" in said
    assert "Plain English: 0 things to look at" in said
    assert "Not saved yet on the case" in said
    send(at, "Save the letter")
    assert "Nothing is left to write." in words(at)
    button(at, "Record it as sent …").click().run()
    send(at, "Record it as sent")
    said = words(at)
    assert "sent Tue 24 November 2026 by post, recorded by Dee Handler" in said
    assert HOSTILE in said.replace("  \n", "\n")
    assert not at.text_area or "What has been done since" not in areas(at)
    found = council.desk(Role.HANDLER).ask(letter_view, number)
    assert found.sent_on == council.today


def test_plain_english_is_advised_as_it_is_typed(council: Council, open_page: Open) -> None:
    """Advice beside the words; it holds nothing back (requirements E16)."""
    at = letter(open_page, ACKNOWLEDGED, drafted(council, ACKNOWLEDGED, LetterKind.UPDATE))
    areas(at)["What has been done since"].set_value("We are sorry if you were upset, pursuant to our policy.").run()
    said = words(at)
    assert "Plain English: 2 things to look at" in said
    assert "“sorry if”" in said and "Write: under." in said
    send(at, "Save the letter")


def test_a_part_left_out_asks_for_a_reason_with_its_clause(council: Council, open_page: Open) -> None:
    number = drafted(council, ACKNOWLEDGED, LetterKind.UPDATE)
    at = letter(open_page, ACKNOWLEDGED, number)
    button(at, "Record it as sent …").click().run()
    send(at, "Record it as sent")
    said = words(at)
    assert "This departs from the Code" in said and "The letter leaves out: what has been done since." in said


def test_an_acknowledgement_begun_from_its_step_goes_out_with_it(council: Council, open_page: Open) -> None:
    """What was typed for the step stands in the letter; the step is then taken with the letter in one press."""
    at = open_page("case", ref=NEW, step="Acknowledge")
    field(at, "text_area", "What they want to happen").set_value("Fill the hole.").run()
    field(at, "text_area", "What we understand the complaint to be").set_value("A pothole by the library.").run()
    button(at, "Write the letter here: Acknowledgement of stage 1").click().run()
    assert not at.exception, at.exception
    found = areas(at)
    assert "A pothole by the library." in found["How we understand the complaint"].value
    assert found["What the individual wants"].value.endswith("Fill the hole.")
    number = council.desk(Role.HANDLER).ask(case_letters, NEW)[0].id
    at = letter(open_page, NEW, number)
    areas(at)["Who is dealing with it"].set_value("Dee Handler, 01632 960 002.").run()
    send(at, "Save the letter")
    at = open_page("case", ref=NEW, step="Acknowledge", letter=str(number))
    assert "goes out with this step" in words(at)
    send(at, "Acknowledge")
    said = words(at)
    assert "Sent a letter (Acknowledgement of stage 1)" in said
    assert "Letters: 1 sent, 0 drafts" in said
    assert council.desk(Role.HANDLER).ask(letter_view, number).sent_on == council.today


def test_a_draft_of_the_same_kind_is_gone_on_with_and_not_begun_twice(council: Council, open_page: Open) -> None:
    drafted(council, NEW, LetterKind.ACKNOWLEDGEMENT)
    at = open_page("case", ref=NEW, step="Acknowledge")
    assert "Go on with the draft: Acknowledgement of stage 1" in words(at)
    assert not any(each.label.startswith("Write the letter here") for each in at.button)


def test_a_letter_of_another_step_is_refused_with_the_way_on(council: Council, open_page: Open) -> None:
    number = drafted(council, NEW, LetterKind.UPDATE)
    at = open_page("case", ref=NEW, step="Acknowledge", letter=str(number))
    assert "That letter does not go out with this step." in words(at)


def test_a_draft_is_thrown_away_and_its_case_says_so(council: Council, open_page: Open) -> None:
    number = drafted(council, ACKNOWLEDGED, LetterKind.UPDATE)
    at = letter(open_page, ACKNOWLEDGED, number)
    button(at, "Throw the letter away …").click().run()
    send(at, "Throw the letter away")
    said = words(at)
    assert "Threw the draft of a letter away: Update." in said and "Letters: 0 sent, 0 drafts" in said
    assert council.desk(Role.HANDLER).ask(case_letters, ACKNOWLEDGED) == ()


def test_who_may_only_read_reads(council: Council, open_page: Open) -> None:
    number = drafted(council, ACKNOWLEDGED, LetterKind.UPDATE)
    at = letter(open_page, ACKNOWLEDGED, number, Role.QUALITY)
    assert not at.text_area
    assert "[to write: what has been done since]" in words(at)


def test_an_address_without_a_letter_says_what_to_do(council: Council, open_page: Open) -> None:
    assert "Open a letter from its case" in words(open_page("letter"))
    assert "There is no such letter" in words(letter(open_page, ACKNOWLEDGED, 999))


def test_a_wording_is_published_and_the_next_letter_takes_it(council: Council, open_page: Open) -> None:
    at = open_page("wording", Role.MANAGER)
    assert "3 of 14 need a look." in words(at).replace("**", "")
    button(at, "Write anew: How to reach the complaints team").click().run()
    field(at, "text_area", "The wording").set_value("Ring us on 01632 960 001.").run()
    field(at, "text_input", "Who approved it").set_value("Max Manager").run()
    send(at, "Publish this wording")
    said = words(at)
    assert "Published the council's own wording of “How to reach the complaints team”" in said
    assert "2 of 14 need a look." in said.replace("**", "")
    number = drafted(council, NEW, LetterKind.ACKNOWLEDGEMENT)
    assert "01632 960 001" in council.desk(Role.HANDLER).ask(letter_view, number).said["handler"]


def test_wording_is_the_managers(council: Council, open_page: Open) -> None:
    assert "Only the complaints manager changes the policy's lists." in words(open_page("wording", Role.HANDLER))


def test_drafts_are_listed_and_the_ticked_ones_printed_at_once(council: Council, open_page: Open) -> None:
    """Each row opens its letter; the link to print holds just the ticked ones."""
    assert "No letter is here." in words(open_page("letters"))
    numbers = [drafted(council, each, LetterKind.UPDATE) for each in (ACKNOWLEDGED, NEW)]
    at = open_page("letters")
    said = words(at)
    assert "2 letters" in said and "1 part to write" in said and "Tick the letters that are to be printed." in said
    at.checkbox[0].check().run()
    said = words(at)
    assert "Save 1 letter as one PDF to print" in said and f"letters={numbers[-1]}" in said
    assert "No letter is here." in words(open_page("letters", show="sent"))
    assert "Your role does not open cases" in words(open_page("letters", Role.RECORDER))
