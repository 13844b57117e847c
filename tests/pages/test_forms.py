"""Forms drawn from commands: drafts, reasons for departing, double clicks, stale pages."""

from __future__ import annotations

from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from app.ui import fields, problems, taken
from app.ui.case_bands import proof_of
from app.ui.opened import Opened
from core.commands.base import COMMANDS
from core.errors import BadInput
from core.permissions import Role
from core.queries.cases import case_view
from core.queries.searching import search
from tests.pages.conftest import HOME, Open
from tests.pages.council import Council
from tests.pages.shown import button, field, offered, words

TODAY = date(2026, 11, 24)


def fill_intake(at: AppTest, *, words_said: str = "The lift has been broken since May.") -> None:
    """Type a complaint as the officer on the phone does."""
    field(at, "text_input", "Who is complaining").set_value("Alex Madeup")
    field(at, "text_input", "Phone").set_value("01632 960001")
    field(at, "text_area", "What they said, in their own words").set_value(words_said)
    field(at, "text_input", "The matter in a few words").set_value("Broken lift")
    field(at, "date_input", "When any of us first heard it").set_value(TODAY)
    field(at, "selectbox", "How it came").set_value("phone")
    at.run()


def recorded(council: Council, text: str = "lift") -> list[str]:
    """The references of the complaints found by a word."""
    return [row.reference for row in council.desk(Role.MANAGER).ask(search, text).rows]


def test_intake_records_and_opens_the_case(council: Council, open_page: Open) -> None:
    """The form shows the clock while it is filled, then the event's own sentence on the case's page."""
    at = open_page("intake")
    fill_intake(at)
    assert "Acknowledge by Tue 1 December 2026" in words(at)
    button(at, "Record a complaint").click().run()
    assert not at.exception
    assert "Recorded “Broken lift” from Alex Madeup" in words(at)
    assert at.title[0].value == "Broken lift"
    assert len(recorded(council)) == 1
    assert council.desk(Role.HANDLER).kept("RecordComplaint:") == {}


def test_what_is_missing_is_said_beside_the_field(council: Council, open_page: Open) -> None:
    """An incomplete form is refused field by field, and what was typed stays."""
    at = open_page("intake")
    field(at, "text_input", "Phone").set_value("01632 960001").run()
    button(at, "Record a complaint").click().run()
    said = words(at)
    assert "Not saved yet" in said
    assert "“When any of us first heard it” is not filled in yet." in said
    assert field(at, "text_input", "Phone").value == "01632 960001"


def test_the_summary_at_the_head_has_a_line_for_each_field(council: Council, open_page: Open) -> None:
    """Each line names its field in words and leads to its widget; what was typed stays."""
    at = open_page("intake")
    field(at, "text_input", "Phone").set_value("01632 960001").run()
    button(at, "Record a complaint").click().run()
    (said,) = [each.value for each in at.error]
    assert said.startswith("### Not saved yet")
    keys = {"words": "text_area", "received_on": "date_input", "channel": "selectbox"}
    for name, kind in keys.items():
        key = next(each.key for each in at.get(kind) if each.key.endswith(f"/{name}"))
        assert f"](#st-key-{key.replace('/', '-')})" in said
    assert said.count("\n- [") == len(keys)


def test_a_line_of_the_summary_names_its_field_where_the_sentence_does_not(council: Council, open_page: Open) -> None:
    """“This date is in the future.” alone would leave somebody looking for the date."""
    at = open_page("intake")
    fill_intake(at)
    field(at, "date_input", "When any of us first heard it").set_value(date(2026, 12, 24)).run()
    button(at, "Record a complaint").click().run()
    assert "When any of us first heard it: This date is in the future&#46;" in at.error[0].value


def test_a_line_about_something_the_form_does_not_ask_is_no_link() -> None:
    """A field of the command that stands on no form is told in words alone."""
    opened = Opened(step="AddNote", person=1)
    told = BadInput("This cannot be.", {"text": "Too long.", "seen_version": "Look again."})
    lines = [problems._line(opened, *each) for each in problems.problem_of(told).by_field.items()]
    assert [line.startswith("- [") for line in lines] == [True, False]


def test_a_draft_is_restored_in_a_new_tab(council: Council, open_page: Open) -> None:
    """F5, a closed tab or a restart loses no typed word; another person never sees them."""
    first = open_page("intake")
    fill_intake(first)
    again = open_page("intake")
    assert field(again, "text_area", "What they said, in their own words").value.startswith("The lift")
    assert field(again, "date_input", "When any of us first heard it").value == TODAY
    assert field(again, "selectbox", "How it came").value == "phone"
    other = open_page("intake", Role.REVIEWER)
    assert field(other, "text_area", "What they said, in their own words").value == ""


def came_back(at: AppTest) -> AppTest:
    """The same tab on a server that was started anew: the browser tells what its fields hold, the session is empty."""
    again = AppTest.from_file(str(HOME), default_timeout=20)
    again._page_hash = at._page_hash
    for name, value in at.query_params.items():
        again.query_params[name] = value
    again._run(at._tree.get_widget_states())
    assert not again.exception, again.exception
    return again


def test_words_typed_while_the_server_was_away_stay_and_are_kept(council: Council, open_page: Open) -> None:
    """What the screen shows is newer than the draft, and the draft takes it over; the rest comes from the draft."""
    at = open_page("intake")
    field(at, "text_input", "Who is complaining").set_value("Alex Madeup").run()
    field(at, "text_area", "What they said, in their own words").set_value("The lift has been broken since May.")
    field(at, "text_input", "The matter in a few words").set_value("Lift")
    at = came_back(at)
    assert field(at, "text_area", "What they said, in their own words").value == "The lift has been broken since May."
    assert field(at, "text_input", "Who is complaining").value == "Alex Madeup"
    kept = council.desk(Role.HANDLER).kept("RecordComplaint:")
    assert (kept["words"], kept["matter"]) == ("The lift has been broken since May.", "Lift")


def test_a_field_with_nothing_in_its_draft_is_left_alone_when_the_server_comes_back(
    council: Council, open_page: Open
) -> None:
    """A word half typed is in the browser alone: a value set for its field would wipe it out."""
    again = came_back(open_page("intake"))
    proto = field(again, "text_area", "What they said, in their own words").proto
    assert not proto.set_value
    field(again, "text_area", "What they said, in their own words").set_value("No answer.").run()
    button(again, "Throw this draft away").click().run()
    assert field(again, "text_area", "What they said, in their own words").value == ""


def test_a_draft_that_was_kept_fills_a_field_the_browser_shows_empty(council: Council, open_page: Open) -> None:
    """As when it was typed in another tab meanwhile."""
    first, second = open_page("intake"), open_page("intake")
    field(second, "text_area", "What they said, in their own words").set_value("From the other tab.").run()
    again = came_back(first)
    assert field(again, "text_area", "What they said, in their own words").value == "From the other tab."


def test_a_draft_can_be_thrown_away(council: Council, open_page: Open) -> None:
    """The person decides when a draft goes. Nothing offers it before anything is typed."""
    at = open_page("intake")
    assert "Throw this draft away" not in offered(at)
    fill_intake(at)
    button(at, "Throw this draft away").click().run()
    assert field(at, "text_input", "The matter in a few words").value == ""
    assert council.desk(Role.HANDLER).kept("RecordComplaint:") == {}


def test_the_same_form_in_two_tabs_records_once(council: Council, open_page: Open) -> None:
    """A second tab with the same draft, or a double click, cannot record the complaint twice."""
    first = open_page("intake")
    fill_intake(first)
    second = open_page("intake")
    button(first, "Record a complaint").click().run()
    button(second, "Record a complaint").click().run()
    assert len(recorded(council)) == 1
    assert "Recorded “Broken lift”" in words(second)


def test_two_complaints_typed_in_two_tabs_are_both_recorded(council: Council, open_page: Open) -> None:
    """The same draft opened twice and changed in one tab is another complaint, and is not swallowed."""
    first = open_page("intake")
    fill_intake(first)
    second = open_page("intake")
    field(second, "text_input", "The matter in a few words").set_value("Broken lift, other block").run()
    button(first, "Record a complaint").click().run()
    button(second, "Record a complaint").click().run()
    assert len(recorded(council)) == 2


def test_a_departure_asks_for_a_reason_and_goes_through_with_one(council: Council, open_page: Open) -> None:
    """The finding is shown with its clause; with a reason the same step goes through and the departure is kept."""
    reference = "C-2026-000002"
    at = open_page("case", ref=reference, step="Acknowledge")
    field(at, "date_input", "When the acknowledgement was sent").set_value(TODAY)
    field(at, "text_area", "What we understand the complaint to be").set_value("The benefit came late.")
    button(at, "Acknowledge").click() if len(_named(at, "Acknowledge")) == 1 else _named(at, "Acknowledge")[-1].click()
    at.run()
    assert "This departs from the Code" in words(at)
    assert "[6.2]" in words(at)
    button(at, "Go on with this reason").click().run()
    assert "Write the reason" in words(at)
    field(at, "text_area", "Good reason for departing").set_value("The team was flooded out.").run()
    restored = open_page("case", ref=reference, step="Acknowledge")
    assert field(restored, "text_area", "Good reason for departing").value == "The team was flooded out."
    button(restored, "Go on with this reason").click().run()
    view = council.desk(Role.HANDLER).ask(case_view, reference)
    assert [each["clause"] for each in view.departures] == ["lgsco:6.2"]
    assert "Departed from 6.2" in words(restored)


def _named(at: AppTest, label: str) -> list[object]:
    return [each for each in at.button if each.label == label]


def test_a_reason_for_one_finding_does_not_cover_another(council: Council, open_page: Open) -> None:
    """When what is typed changes what is found, the new finding is shown before anything is saved."""
    reference = "C-2026-000001"
    at = open_page("case", ref=reference, step="Extend")
    field(at, "date_input", "The new date for the answer").set_value(date(2026, 12, 8))
    field(at, "date_input", "When the individual was told").set_value(TODAY)
    field(at, "text_area", "The reason they were given").set_value("A site visit is needed.")
    at.run()
    _named(at, "Extend")[-1].click().run()  # type: ignore[attr-defined]
    assert "[6.5]" in words(at)
    field(at, "text_area", "Good reason for departing").set_value("They know the Ombudsman already.")
    field(at, "date_input", "The new date for the answer").set_value(date(2027, 2, 26)).run()
    button(at, "Go on with this reason").click().run()
    assert "[6.4]" in words(at)
    assert council.desk(Role.HANDLER).ask(case_view, reference).departures == ()


def test_a_stale_page_is_told_and_keeps_the_draft(council: Council, open_page: Open) -> None:
    """Somebody else changed the case meanwhile: nothing is saved, the words stay, the second try goes through."""
    reference = "C-2026-000001"
    at = open_page("case", ref=reference, step="AddNote")
    field(at, "text_area", "Note").set_value("They rang again.").run()
    council.take(Role.MANAGER, "AddNote", reference=reference, text="Seen by the manager.")
    _named(at, "Add a note")[-1].click().run()  # type: ignore[attr-defined]
    assert "has changed since this page was opened" in words(at)
    assert field(at, "text_area", "Note").value == "They rang again."
    _named(at, "Add a note")[-1].click().run()  # type: ignore[attr-defined]
    notes = [note["text"] for note in council.desk(Role.HANDLER).ask(case_view, reference).notes]
    assert notes == ["Seen by the manager.", "They rang again."]


def test_the_answer_asks_for_each_point(council: Council, open_page: Open) -> None:
    """Every point has a finding and reasons of its own, and the answer keeps them."""
    reference = "C-2026-000001"
    council.take(Role.HANDLER, "AddPoint", reference=reference, text="The crew was rude.", raised_on=council.today)
    at = open_page("case", ref=reference, step="RespondStageOne")
    field(at, "date_input", "When the answer was sent").set_value(TODAY)
    for number in (1, 2):
        field(at, "selectbox", f"Finding on point {number}").set_value("upheld")
        field(at, "text_area", f"Reasons on point {number}").set_value(f"We found so on point {number}.")
    at.checkbox(key=next(each.key for each in at.checkbox if "how to ask for stage 2" in each.label)).check()
    field(at, "selectbox", "What this teaches the council").set_value("something can be learned")
    field(at, "text_area", "What can be learned, or why nothing can").set_value("The round is too long.")
    field(at, "selectbox", "What caused it").set_value(1)
    at.run()
    _named(at, "Respond at stage 1")[-1].click().run()  # type: ignore[attr-defined]
    view = council.desk(Role.HANDLER).ask(case_view, reference)
    assert [point.answers[1] for point in view.points] == [
        ("upheld", "We found so on point 1."),
        ("upheld", "We found so on point 2."),
    ]
    assert "Cause: Delay." in words(at)


def test_a_step_that_is_not_open_is_refused_in_words(council: Council, open_page: Open) -> None:
    """A link to a step the position does not permit says so."""
    at = open_page("case", ref="C-2026-000002", step="RespondFinal")
    assert "so this step is not open" in words(at)


def test_several_complaints_are_assigned_at_once(council: Council, open_page: Open) -> None:
    """The manager ticks rows and gives them to one colleague; each has its own entry."""
    at = open_page("my_cases", Role.MANAGER, whose="nobody")
    at.toggle(key="pick").set_value(True).run()
    at.checkbox(key="pick/C-2026-000004").check()
    at.selectbox(key="picked_for").set_value(1).run()
    button(at, "Assign").click().run()
    assert "1 complaint assigned." in words(at)
    assert council.desk(Role.HANDLER).ask(case_view, "C-2026-000004").current.handler == "Dee Handler"


def test_nothing_ticked_is_said(council: Council, open_page: Open) -> None:
    """A click without a choice changes nothing and says what to do."""
    at = open_page("my_cases", Role.MANAGER, whose="nobody")
    at.toggle(key="pick").set_value(True).run()
    button(at, "Assign").click().run()
    assert "Tick at least one complaint" in words(at)


def test_the_queue_pages_through_everything_once(council: Council, open_page: Open) -> None:
    """Following “Next page” shows every duty once, and the export holds the same ones."""
    for number in range(20):
        council.record(matter=f"Another one, {number}")
    first = open_page("my_cases", Role.MANAGER, whose="all")
    assert "32 open duties" in words(first)
    assert "Next page" in words(first)


def test_the_search_box_opens_the_results(council: Council, open_page: Open) -> None:
    """A search finds closed complaints too, and leads to the case."""
    at = open_page("overview")
    at.text_input(key="search").set_value("noise").run()
    assert at.title[0].value == "Search"
    assert "Noise from a building site" in words(at)


def test_each_clause_names_the_entry_of_its_own_stage(council: Council) -> None:
    """Stage 1's acknowledgement proves 6.2 and stage 2's proves 6.12, however alike the entries are."""
    reference = "C-2026-000005"
    values = {"acknowledged_on": council.today, "understanding": "Noise at night.", "outcomes_sought": "Quiet."}
    council.take(Role.MANAGER, "AcknowledgeStageTwo", reference=reference, **values)
    view = council.desk(Role.HANDLER).ask(case_view, reference)
    entries = {line.n: line.sentence for line in view.history}
    proofs = {line.clause: proof_of(line, view.history) for line in view.code}
    assert entries[proofs["lgsco:6.2"] or 0].startswith("Acknowledged stage 1")
    assert entries[proofs["lgsco:6.12"] or 0].startswith("Acknowledged stage 2")
    assert entries[proofs["lgsco:6.3"] or 0].startswith("Sent the stage 1 answer")
    assert proofs["lgsco:6.18"] is None


def test_a_choice_reads_as_it_did_while_the_same_people_can_be_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    """A browser answers with an entry's words: a count that changes meanwhile must not lose what was chosen."""
    held: dict[str, object] = {}
    monkeypatch.setattr("app.ui.fields.st.session_state", held)
    first = fields.steady("form/x", {1: "Ann (3 open)", 2: "Bo (1 open)"})
    assert fields.steady("form/x", {1: "Ann (4 open)", 2: "Bo (0 open)"}) == first
    assert fields.steady("form/x", {1: "Ann (4 open)"}) == {1: "Ann (4 open)"}


def test_a_step_stands_out_only_for_those_who_may_take_it(council: Council, open_page: Open) -> None:
    """The next step at stage 2 is the reviewer's; a handler's page makes nothing else look like it [lgsco:6.14]."""
    reference = "C-2026-000005"
    values = {"acknowledged_on": council.today, "understanding": "Noise.", "outcomes_sought": "Quiet."}
    council.take(Role.MANAGER, "AcknowledgeStageTwo", reference=reference, **values)
    shown = {
        role: [each.label for each in open_page("case", role, ref=reference).button if each.proto.type == "primary"]
        for role in (Role.HANDLER, Role.REVIEWER)
    }
    assert shown == {Role.HANDLER: [], Role.REVIEWER: [COMMANDS["RespondFinal"].title]}


def test_what_stands_under_a_closed_heading_is_drawn_when_it_is_opened_and_sent_all_the_same(
    council: Council, open_page: Open
) -> None:
    """Nothing typed there is lost when it is closed again, while other fields are kept, or by a second window."""
    at = open_page("intake")
    fill_intake(at)
    assert not [each for each in at.text_input if each.label.startswith("Who first heard it")]
    heading = field(at, "text_input", "Postcode").key.replace("/postcode", "/under.0")
    at.session_state[heading] = True
    at.run()
    field(at, "text_input", "Who first heard it").set_value("Sam at the depot").run()
    at.session_state[heading] = False
    at.run()
    assert not [each for each in at.text_input if each.label.startswith("Who first heard it")]
    field(at, "text_input", "Postcode").set_value("Lifts").run()
    assert field(open_page("intake"), "text_input", "Who first heard it").value == "Sam at the depot"
    button(at, "Record a complaint").click().run()
    assert not at.exception
    assert "First heard by: Sam at the depot" in words(at)


def test_what_is_kept_of_a_step_is_its_id_and_no_word_of_it(council: Council, open_page: Open) -> None:
    """By it a browser that lost its server on the way learns that its step was taken; the draft itself is gone."""
    at = open_page("case", ref="C-2026-000001", step="AddNote")
    field(at, "text_area", "Note").set_value("Rang back at noon.").run()
    here = council.desk(Role.HANDLER)
    instance = here.kept("AddNote:C-2026-000001")["instance"]
    next(each for each in at.button if each.key.endswith("AddNote/C-2026-000001/send")).click().run()
    assert not at.exception
    assert here.kept("AddNote:C-2026-000001") == {}
    kept = here.kept("taken:AddNote:C-2026-000001")
    assert kept == {"instance": instance, "step": taken.command_id(instance, {"text": "Rang back at noon."})}
    assert taken.last(here, "AddNote:C-2026-000001") == (kept["instance"], kept["step"])
    assert taken.last(here, "AddNote:C-2026-000002") == ("", "")
