"""Correspondence on the page of a case, and the council's own standards beside the Code and never among it."""

from __future__ import annotations

from typing import Any

from core.commands.people import AddRepresentative
from core.permissions import Role
from core.queries.corresponding import corresponding
from core.rules.considering import ReachedBy
from core.rules.contacts import Direction, WithWhom
from core.rules.parties import PartyRole
from core.rules.s9_oversight import Learned
from tests.pages.conftest import Open
from tests.pages.council import Council
from tests.pages.shown import button, field, offered, words

READY, NEW = "C-2026-000001", "C-2026-000002"
HOSTILE = "![x](https://example.org/p.png) <b>$x$ :red[a] `b`"


def send(at: Any, label: str) -> None:
    next(each for each in at.button if each.label == label and "send" in str(each.key)).click().run()
    assert not at.exception, at.exception


def contact(council: Council, reference: str, **fields: Any) -> None:
    usual = {
        "direction": Direction.IN, "with_whom": WithWhom.INDIVIDUAL, "reached_by": ReachedBy.PHONE,
        "on_day": council.today, "what": "Asked how it goes.",
    }  # fmt: skip
    council.take(Role.HANDLER, "RecordContact", reference=reference, **(usual | fields))


def keep_standards(council: Council) -> str:
    """Standards are kept from today; a complaint that came in today, given to a handler."""
    decided = {"kept": True, "in_force_from": council.today, "resolution": "The cabinet, minute 4"}
    council.take(Role.MANAGER, "AdoptStandards", **decided)
    reference = council.record(words="The bin again.", matter="Bin left in the road")
    return council.assign(reference)


def test_5_8_nothing_recorded_yet_says_what_to_do(council: Council, open_page: Open) -> None:
    said = words(open_page("case", ref=NEW))
    assert "Correspondence: 0 entries" in said
    assert "Begin with “Record a contact”." in said
    assert "Our own standards" not in said, "none is kept here"


def test_5_8_a_call_and_our_reply_are_recorded_from_the_page(council: Council, open_page: Open) -> None:
    """The reply is offered while a message waits, and that message is chosen already."""
    at = open_page("case", ref=READY)
    assert "Record our reply" not in offered(at)
    button(at, "Record a contact").click().run()
    field(at, "selectbox", "Who got in touch").select("they contacted us").run()
    field(at, "selectbox", "With whom").select("the individual").run()
    field(at, "selectbox", "How").select("by phone").run()
    field(at, "text_area", "What was said, in a few lines").set_value(HOSTILE).run()
    field(at, "checkbox", "Their message waits for our reply").check().run()
    send(at, "Record a contact")
    said = words(at)
    assert "Correspondence: 1 entry, 1 waiting for our reply" in said
    assert HOSTILE in said
    assert not any("![x]" in each.value for each in at.markdown)
    button(at, "Record our reply").click().run()
    field(at, "selectbox", "How we replied").select("by e-mail").run()
    field(at, "text_area", "What we said, in a few lines").set_value("We look at it this week.").run()
    send(at, "Record our reply")
    said = words(at)
    assert "Correspondence: 2 entries" in said
    assert "waiting for our reply" not in said
    (answer, message) = council.desk(Role.HANDLER).ask(corresponding, READY).lines
    assert (answer.ours, message.answer) == (True, "by e-mail")


def test_5_8_a_refused_contact_keeps_every_word_and_names_the_field(council: Council, open_page: Open) -> None:
    at = open_page("case", ref=READY)
    button(at, "Record a contact").click().run()
    field(at, "selectbox", "Who got in touch").select("we contacted them").run()
    field(at, "selectbox", "With whom").select("somebody else").run()
    field(at, "selectbox", "How").select("by phone").run()
    field(at, "text_area", "What was said, in a few lines").set_value("Rang next door.").run()
    send(at, "Record a contact")
    assert "Say who it was: write their name." in words(at)
    assert field(at, "text_area", "What was said, in a few lines").value == "Rang next door."


def test_5_8_a_long_list_shows_the_newest_and_opens_for_the_rest(council: Council, open_page: Open) -> None:
    for number in range(10):
        contact(council, READY, what=f"Call number {number}.")
    at = open_page("case", ref=READY)
    said = words(at)
    assert "Correspondence: 10 entries" in said
    assert "Show the 2 earlier ones" in {each.label for each in at.expander}
    assert "Call number 9" in said
    assert "Call number 1&" not in said


def test_our_standards_stand_below_the_clocks_in_words_and_not_on_the_code(council: Council, open_page: Open) -> None:
    reference = keep_standards(council)
    at = open_page("case", ref=reference)
    said = words(at)
    assert "Our own standards" in said
    assert "**Introduce the handler** by" in said
    assert "our standard" in said
    assert "The Code does not ask for them" in said
    code = said[said.index("The Code on this case") :]
    assert "Introduce" not in code[: code.index("###")] if "###" in code else "Introduce" not in code


def test_E5_the_page_says_why_nothing_is_owed_to_a_solicitor(council: Council, open_page: Open) -> None:
    reference = keep_standards(council)
    solicitor = {"name": "Sol Solicitor", "role": PartyRole.PROFESSIONAL, "written_to": True}
    council.desk(Role.HANDLER).do(AddRepresentative(reference=reference, **solicitor))  # type: ignore[arg-type]
    said = words(open_page("case", ref=reference))
    assert "Sol Solicitor is written to, a professional representative: our standards are not owed" in said
    assert "**Introduce the handler** by" not in said


def test_the_queue_names_our_standards_and_gives_a_complaint_once(council: Council, open_page: Open) -> None:
    """Both rows lead to the case; ticked for a colleague, it stands there once."""
    reference = keep_standards(council)
    at = open_page("my_cases", whose="me", rule="ours")
    said = words(at)
    assert "1 open duty" in said.replace("*", "")
    manager = open_page("my_cases", Role.MANAGER, whose="all")
    manager.toggle(key="pick").set_value(True).run()
    assert not manager.exception
    assert sum(each.label == reference for each in manager.checkbox) == 1


def test_T26_an_answer_by_word_of_mouth_leaves_a_reminder_on_the_case(council: Council, open_page: Open) -> None:
    at = open_page("case", ref=READY)
    button(at, "Respond at stage 1").click().run()
    assert field(at, "checkbox", "The answer was given by word of mouth").value is False
    reference = council.record()
    council.assign(reference)
    council.acknowledge(reference)
    council.take(
        Role.HANDLER, "RespondStageOne", reference=reference, sent_on=council.today, escalation_told=True,
        by_word_of_mouth=True, answers=({"number": 1, "outcome": "upheld", "reasons": "Missed."},),
        learned=Learned.NOTHING, lesson="A crew was away on one day.",
    )  # fmt: skip
    said = words(open_page("case", ref=reference))
    assert "**Confirm the answer in writing** by" in said
    assert "reading R26" in said


def test_the_manager_decides_on_our_standards_below_the_code(council: Council, open_page: Open) -> None:
    at = open_page("the_code", Role.MANAGER)
    said = words(at)
    assert "Not kept at present" in said
    assert "Reply to a message" in said
    button(at, "Keep our own service standards").click().run()
    field(at, "checkbox", "We keep service standards of our own").check().run()
    field(at, "text_input", "Who decided it, and when").set_value("The cabinet, minute 4").run()
    send(at, "Keep our own service standards")
    assert "Kept for complaints taken in now." in words(open_page("the_code", Role.MANAGER))
    handler = open_page("the_code")
    assert "Keep our own service standards" not in {each.label for each in handler.button}
