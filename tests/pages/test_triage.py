"""Intake: something passed on, a complaint or a service request, on one draft; and the decision on the case."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from core.commands.base import COMMANDS
from core.model.complaints import Channel
from core.permissions import Role
from core.queries.cases import case_view
from core.queries.requests import RequestFilter, request_view, service_requests
from core.queries.triage import taken_in
from tests.pages.conftest import Open
from tests.pages.council import Council
from tests.pages.shown import button, field, words
from tests.pages.test_forms import TODAY

SAID = "Please mend the lift. I am fed up with waiting."
WORDS = "What they said, in their own words"


def fill(at: AppTest, *, who: str, said: str = SAID) -> None:
    """The five questions, as the officer on the phone fills them in."""
    field(at, "text_input", who).set_value("Alex Madeup")
    field(at, "text_input", "Phone").set_value("01632 960001")
    field(at, "text_area", WORDS).set_value(said)
    field(at, "date_input", "When any of us first heard it").set_value(TODAY)
    field(at, "selectbox", "How it came").set_value("phone")
    at.run()


def choose(at: AppTest, what: str) -> None:
    """Say what it is."""
    at.segmented_control(key="triage").set_value(what).run()
    assert not at.exception


def test_a_recorder_passes_it_on_with_five_answers(council: Council, open_page: Open) -> None:
    """Any member of staff, in a minute; the reference is shown, and the clock runs [lgsco:3.2]."""
    at = open_page("intake", Role.RECORDER)
    labels = [each.label.split("  \n")[0].removesuffix(" (optional)") for each in at.text_input]
    assert labels == ["Who is complaining", "Phone", "E-mail"]
    assert len(at.text_area) == len(at.date_input) == 1
    fill(at, who="Who is complaining")
    assert "Acknowledge by Tue 1 December 2026" in words(at)
    button(at, "Pass it on").click().run()
    assert not at.exception
    said = words(at)
    assert "Passed on “Please mend the lift. I am fed up with waiting.” from Alex Madeup" in said
    assert "Kept as **C-2026-000013**. The complaints team takes it from here." in said
    assert at.title[0].value == "Intake"
    seen = council.desk(Role.HANDLER).ask(taken_in, "C-2026-000013")
    assert seen is not None
    assert seen.awaits_triage


def test_nothing_typed_is_lost_when_it_is_called_something_else(council: Council, open_page: Open) -> None:
    """From the five questions to a complaint in full, to a request and back: the words stay [lgsco:1.7]."""
    at = open_page("intake")
    choose(at, "pass-on")
    fill(at, who="Who is complaining")
    choose(at, "complaint")
    assert field(at, "text_area", WORDS).value == SAID
    field(at, "text_input", "Postcode").set_value("Lifts").run()
    choose(at, "request")
    assert "request" in at.query_params["as"]
    assert field(at, "text_area", WORDS).value == SAID
    assert field(at, "text_input", "Who is asking").value == "Alex Madeup"
    field(at, "text_area", "Why it is a service request").set_value("A first report.").run()
    choose(at, "complaint")
    assert field(at, "text_input", "Postcode").value == "Lifts"
    assert field(at, "text_area", "Why it is a complaint").value == "A first report."
    assert field(at, "date_input", "When any of us first heard it").value == TODAY
    assert field(at, "selectbox", "How it came").value == "phone"
    again = open_page("intake")
    assert field(again, "text_input", "Postcode").value == "Lifts"


def test_a_request_is_recorded_and_its_draft_is_gone(council: Council, open_page: Open) -> None:
    """It opens on its own page, is no complaint, and the form is empty again [lgsco:1.3]."""
    at = open_page("intake", Role.HANDLER, **{"as": "request"})
    fill(at, who="Who is asking")
    button(at, "Record a service request").click().run()
    assert "“Why it is a service request” is not filled in yet." in words(at)
    field(at, "text_area", "Why it is a service request").set_value("A first report.").run()
    button(at, "Record a service request").click().run()
    assert not at.exception
    assert at.title[0].value.startswith("Please mend the lift")
    assert "Recorded service request SR-2026-000001" in words(at)
    desk = council.desk(Role.HANDLER)
    assert [row.reference for row in desk.ask(service_requests, RequestFilter()).rows] == ["SR-2026-000001"]
    assert desk.kept("RecordComplaint:") == {}
    assert field(open_page("intake"), "text_area", WORDS).value == ""


def test_a_recorder_takes_a_request_in_and_stays(council: Council, open_page: Open) -> None:
    at = open_page("intake", Role.RECORDER, **{"as": "request"})
    fill(at, who="Who is asking")
    field(at, "text_area", "Why it is a service request").set_value("A first report.").run()
    button(at, "Record a service request").click().run()
    assert "Kept as **SR-2026-000001**" in words(at)


@pytest.mark.parametrize(("said", "prompted"), [(SAID, True), ("Please mend the lift.", False)])
def test_unhappy_words_in_a_request_prompt_the_offer(
    council: Council, open_page: Open, said: str, prompted: bool
) -> None:
    """Offered a complaint? The phrase is named with what it tends to mean; it decides nothing [lgsco:5.3]."""
    at = open_page("intake", Role.HANDLER, **{"as": "request"})
    fill(at, who="Who is asking", said=said)
    assert ("Were they offered a complaint?" in words(at)) is prompted
    assert ("“fed up”: It has gone on for some time." in words(at)) is prompted


@pytest.mark.parametrize(("said", "asked"), [("Please mend the lift.", True), (SAID, False), ("", False)])
def test_1_1_a_first_report_is_suggested_as_a_request_and_nobody_is_kept_from_complaining(
    council: Council, open_page: Open, said: str, asked: bool
) -> None:
    """Has the service had its chance? The officer decides, and the complaint is recorded all the same [lgsco:1.1]."""
    at = open_page("intake", Role.HANDLER, **{"as": "complaint"})
    fill(at, who="Who is complaining", said=said)
    assert ("Has the service had a fair chance to put it right?" in words(at)) is asked
    assert button(at, "Record a complaint")


def test_the_prompt_comes_for_whoever_sounds_unhappy_in_other_words(council: Council, open_page: Open) -> None:
    at = open_page("intake", Role.HANDLER, **{"as": "request"})
    fill(at, who="Who is asking", said="Please mend the lift.")
    at.checkbox(key=next(each.key for each in at.checkbox if "sound unhappy" in each.label)).check().run()
    assert "Were they offered a complaint?" in words(at)


@pytest.mark.parametrize("asked", ["", "nonsense", "<b>"])
def test_an_address_that_says_nothing_known_opens_the_usual_form(council: Council, open_page: Open, asked: str) -> None:
    assert open_page("intake", Role.HANDLER, **{"as": asked}).segmented_control(key="triage").value == "complaint"
    assert open_page("intake", Role.RECORDER, **{"as": asked}).segmented_control(key="triage").value == "pass-on"


def test_a_reference_in_the_address_is_shown_as_it_is(council: Council, open_page: Open) -> None:
    """What an address says is no Markdown."""
    at = open_page("intake", Role.RECORDER, done="[x](http://x)")
    assert "[x](http://x)" in words(at)
    assert not any("](http" in each.value for each in at.info)


def test_what_was_passed_on_is_decided_on_its_case(council: Council, open_page: Open) -> None:
    """The page says that nobody has decided; then who did, and why [lgsco:1.6]."""
    reference = council.record(passed_on=True)
    at = open_page("case", ref=reference)
    assert "Passed on, and nobody has decided yet what it is." in words(at)
    button(at, "Request or complaint").click().run()
    field(at, "selectbox", "It is").set_value("a complaint")
    field(at, "text_area", "Why").set_value("They are unhappy with the rounds.").run()
    [each for each in at.button if each.label == "Request or complaint"][-1].click().run()
    assert not at.exception
    said = words(at)
    assert "Decided that this is a complaint. Why: They are unhappy with the rounds." in said
    assert "nobody has decided yet" not in said
    assert "Decided by Dee Handler on Tue 24 November 2026." in said


def test_a_case_says_whose_doing_it_is_and_whom_it_is_from(council: Council, open_page: Open) -> None:
    """A contractor's doing stays in our two stages; a group is counted once [lgsco:6.21] [lgsco:1.4]."""
    at = open_page("intake")
    fill(at, who="Who is complaining")
    at.session_state[field(at, "text_input", "Postcode").key.replace("/postcode", "/under.0")] = True
    at.run()
    field(at, "selectbox", "Whose doing it is").set_value("a contractor")
    field(at, "text_input", "The contractor’s or partner’s name").set_value("Example Lifts Ltd")
    field(at, "number_input", "How many people it is from").set_value(12)
    field(at, "text_input", "Who speaks for the group").set_value("Alex Madeup").run()
    button(at, "Record a complaint").click().run()
    assert not at.exception
    said = words(at)
    assert "About a contractor, Example Lifts Ltd. The council answers for it, in the same two stages" in said
    assert "From 12 people, counted once. Who speaks for them: Alex Madeup." in said


def test_a_case_raised_from_a_request_leads_back_to_it(council: Council, open_page: Open) -> None:
    told = {"words": SAID, "received_on": council.today, "why": "A first report.", "service_id": 1}
    desk = council.desk(Role.HANDLER)
    desk.do(COMMANDS["RecordServiceRequest"](**told, channel=Channel.PHONE))
    raised = council.take(
        Role.HANDLER,
        "RaiseComplaint",
        reference="SR-2026-000001",
        expressed_on=council.today,
        words="Not good enough.",
        channel=Channel.PHONE,
    )
    assert desk.ask(case_view, raised).matter == SAID
    assert desk.ask(request_view, "SR-2026-000001").complaints
    assert "Raised from service request **SR-2026-000001**" in words(open_page("case", ref=raised))
