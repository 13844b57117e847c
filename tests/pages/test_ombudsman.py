"""The Ombudsman page: what is there, the steps in place, compliance, our own handling and the yearly letters."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.permissions import Role
from core.queries.ombudsman_figures import ombudsman_figures
from core.rules.outside import HandlingOutcome, RecommendationKind
from core.yearly_letters import take_letter
from tests.ombudsman import LETTER
from tests.pages.conftest import Open
from tests.pages.council import WHO, Council
from tests.pages.shown import button, field, words

CASE = "C-2026-000001"
LINK = Role.LINK_OFFICER


def sent(at: AppTest, label: str) -> AppTest:
    """The form's own button is pressed."""
    chosen = [each for each in at.button if each.label == label and "form/" in str(each.key)]
    assert len(chosen) == 1, [each.label for each in at.button]
    return chosen[0].click().run()


def enquiry(council: Council, **given: Any) -> None:
    told = {
        "ombudsman": "lgsco", "their_reference": "26 000 101", "complaint": CASE, "enquiry_on": council.day(9),
        "respond_by": council.day(1), "subject": "Missed bins.",
    }  # fmt: skip
    council.take(LINK, "RecordEnquiry", **(told | given))


def decided(council: Council) -> None:
    enquiry(council)
    upheld = {"decided_on": council.day(2), "outcome": "lgsco_upheld", "decision": "Fault."}
    council.take(LINK, "RecordOmbudsmanDecision", ombudsman_case_id=1, **upheld)
    recommended = {"what": "Say *sorry* in writing.", "kind": RecommendationKind.PERSONAL, "due_on": council.day(0)}
    council.take(LINK, "AddRecommendation", ombudsman_case_id=1, **recommended)


def test_an_enquiry_is_recorded_and_stands_on_the_list_and_on_its_case(council: Council, open_page: Open) -> None:
    at = open_page("ombudsman", LINK)
    button(at, "Record an Ombudsman’s enquiry").click().run()
    field(at, "selectbox", "Which Ombudsman").set_value("lgsco")
    field(at, "text_input", "Their reference").set_value("26 000 101")
    field(at, "text_input", "Our complaint").set_value(CASE)
    field(at, "date_input", "To be answered by").set_value(council.day(-9))
    field(at, "text_area", "What it is about").set_value("Missed bins.")
    said = words(sent(at, "Record an Ombudsman’s enquiry"))
    assert "With the Ombudsman: 1" in said
    assert "Answer the Ombudsman’s enquiry by Thu 3 December 2026" in said
    on_case = words(open_page("case", ref=CASE))
    assert "### With the Ombudsman" in on_case
    assert "26 000 101" in on_case
    assert "### With the Ombudsman" not in words(open_page("case", ref="C-2026-000002"))


def test_what_is_decided_is_with_the_ombudsman_no_longer_and_waits_to_be_closed(
    council: Council, open_page: Open
) -> None:
    decided(council)
    said = words(open_page("ombudsman", LINK))
    assert "With the Ombudsman: 0" in said and "**0** with the Ombudsman" in said
    assert "Decided, and to be closed here: 1" in said


def test_KPI22_compliance_is_recorded_by_whoever_sees_to_it(council: Council, open_page: Open) -> None:
    """A handler opens the recommendation, says what shows it, and it is on the list no longer."""
    decided(council)
    assert "Recommendations to comply with: 1, 0 overdue" in words(open_page("ombudsman"))
    at = open_page("ombudsman", open="1", comply="1")
    assert "Say *sorry* in writing." in words(at)
    assert "Choose the file that shows it" in words(sent(at, "Record that it is complied with"))
    field(at, "text_area", "Or in words, what shows it").set_value("The letter of 24 November.")
    said = words(sent(at, "Record that it is complied with"))
    assert "Complied on Tue 24 November 2026 with" in said
    assert "in time" in said
    assert "Every recommendation is complied with" in words(open_page("ombudsman"))


def test_the_steps_of_one_follow_its_course(council: Council, open_page: Open) -> None:
    enquiry(council)
    at = open_page("ombudsman", LINK, open="1", step="AnswerEnquiry")
    field(at, "text_area", "What was sent").set_value("Every file.")
    said = words(sent(at, "Record our answer to the enquiry"))
    assert "Our answer" in said and "Every file." in said
    assert not [each for each in at.button if each.label == "Record our answer to the enquiry"]
    at = open_page("ombudsman", LINK, open="1", step="RecordOmbudsmanDecision")
    field(at, "selectbox", "What was decided").set_value("lgsco_referred_back")
    field(at, "text_area", "What it says").set_value("Too early.")
    assert "earlier: Referred back for local resolution" in words(sent(at, "Record the decision"))
    assert "not open now" in words(open_page("ombudsman", LINK, open="1", step="CommentOnDraft"))


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"open": "99"}, "no such case at the Ombudsman"),
        ({"open": "1 OR 1=1"}, "That link is damaged"),
        ({"body": "bins"}, "names a letter that there is not"),
        ({"year": "soon"}, "That link is damaged"),
        ({"year": "9999"}, "There is no such letter"),
    ],
)
def test_a_broken_address_is_a_sentence(
    council: Council, open_page: Open, query: dict[str, str], sentence: str
) -> None:
    assert sentence in words(open_page("ombudsman", LINK, **query))


def test_E23_a_letter_is_typed_in_refused_by_name_and_kept(council: Council, open_page: Open) -> None:
    """Nothing typed is lost by the refusal."""
    at = open_page("ombudsman", LINK, step="EnterAnnualLetter")
    for title, key in (
        ("Dealt with in the year", "dealt_with"), ("Not for the Ombudsman, or not ready for it", "not_for_us"),
        ("Assessed and closed", "assessed_and_closed"), ("Investigated", "investigated"), ("Upheld", "upheld"),
    ):  # fmt: skip
        field(at, "text_input", title).set_value(LETTER[key] if key != "dealt_with" else "77")
    assert "25 + 35 + 16 = 76" in words(sent(at, "Enter a yearly letter"))
    assert field(at, "text_input", "Assessed and closed").value == "35"
    field(at, "text_input", "Dealt with in the year").set_value("76")
    said = words(sent(at, "Enter a yearly letter"))
    assert "| Dealt with in the year | 76 | 0 | -76 |" in said
    assert "KPI 21, Upheld of those investigated: **81.3 % (13 of 16)**" in said
    assert "follows no complaint from one to the other" in said


def test_E23_a_table_is_read_by_the_names_of_the_form_and_kept(council: Council) -> None:
    desk = council.desk(LINK)
    rows = ["Figure,2025-26", "Dealt with in the year,76", "upheld,13.0", "Similar authorities,12", "Investigated,"]
    taken = take_letter(desk, "lgsco", name="letter.csv", content="\r\n".join(rows).encode())
    assert taken.figures == {"dealt_with": "76", "upheld": "13"}
    assert taken.notes == (
        "Row 4: no figure of this letter is called “Similar authorities”. Type it in if it belongs here.",
        "Row 5: no figure of this letter is called “Investigated”. Type it in if it belongs here.",
    )
    council.take(
        LINK, "EnterAnnualLetter", body="lgsco", year=2025, figures=tuple(LETTER.items()), file_name=taken.name,
        sha256=taken.sha256,
    )  # fmt: skip
    found = desk.ask(ombudsman_figures, "lgsco", 2025)
    assert (found.file_name, found.sha256) == ("letter.csv", taken.sha256)


def test_9_6_a_member_reads_the_yearly_letters_and_no_case(council: Council, open_page: Open) -> None:
    """Their figures, and none of our own records: those stand on the dashboard, small numbers held back."""
    enquiry(council)
    assert "Ask the link officer to enter it." in words(open_page("ombudsman", Role.MEMBER, year="2025"))
    council.take(LINK, "EnterAnnualLetter", body="lgsco", year=2025, figures=tuple(LETTER.items()))
    at = open_page("ombudsman", Role.MEMBER, year="2025", open="1", step="EnterAnnualLetter")
    said = words(at)
    assert "| Dealt with in the year | 76 | – | – |" in said and "From the letter" in said
    assert "Your role does not open cases" in said and "From our own records" not in said
    assert CASE not in said and "26 000 101" not in said and not at.button
    assert "stage 1 answers: **not known**" in said
    assert "26 000 101" in words(open_page("ombudsman", LINK))


def test_E10_the_assessor_reads_one_case_and_records_what_they_found(council: Council, open_page: Open) -> None:
    """The case page in reading form: no step on it, and no other case."""
    council.take(Role.HANDLER, "RaiseHandlingComplaint", complaint=CASE, raised_on=council.day(8), words="No call.")
    council.take(Role.HANDLER, "AnswerHandlingComplaint", handling_id=1, answered_on=council.day(5), answer="Sorry.")
    referred = {"handling_id": 1, "assessor_id": WHO[Role.ASSESSOR], "referred_on": council.day(3)}
    council.take(Role.MANAGER, "ReferToAssessor", **referred)
    case = open_page("case", Role.ASSESSOR, ref=CASE)
    assert "Your role reads this case and takes no step on it." in words(case)
    assert not [each for each in case.button if str(each.key).startswith(("step/", "form/"))]
    assert "There is no complaint C-2026-000002" in words(open_page("case", Role.ASSESSOR, ref="C-2026-000002"))
    at = open_page("ombudsman", Role.ASSESSOR)
    assert "With the Ombudsman" not in words(at)
    button(at, "Record the assessment").click().run()
    field(at, "selectbox", "What was found").set_value(HandlingOutcome.UPHELD.value)
    field(at, "text_area", "The findings").set_value("Nobody rang.")
    said = words(sent(at, "Record the assessment"))
    assert "Assessed: upheld" in said
    assert "no stage" in words(open_page("case", ref=CASE))
