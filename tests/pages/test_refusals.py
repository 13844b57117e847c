"""Refusing on the case page, the list of reasons on The Code, the warning on Escalations, and a point that is split."""

from __future__ import annotations

from datetime import date
from typing import Any

from streamlit.testing.v1 import AppTest

from core.code.refusals import BLANKET_ALERT, DEFAULT_REASONS
from core.permissions import Role
from core.queries.cases import case_view
from core.queries.duplicates import belonging
from core.queries.refusals import refusal_reasons
from core.queries.searching import search
from tests.pages.conftest import Open
from tests.pages.council import Council
from tests.pages.shown import button, field, offered, words

TODAY = date(2026, 11, 24)
NEW = "C-2026-000004"
COURT = 3
"""The id of the default reason that a court has it."""


def turned_away(council: Council, **fields: Any) -> str:
    """A complaint refused on the day it came."""
    reference = council.record(**fields)
    told = {
        "told_on": council.today, "reason_id": COURT, "reasons": "A court has it.", "evidence": "The claim form.",
        "circumstances": "They have a *solicitor*.", "ombudsman_told": True,
    }  # fmt: skip
    return council.take(Role.REVIEWER, "RefuseComplaint", reference=reference, **told)


def sent(at: AppTest, label: str) -> AppTest:
    """The page after the form's own button, which stands below the button that opened it."""
    [each for each in at.button if each.label == label][-1].click()
    return at.run()


def test_a_refusal_is_drawn_from_its_command_and_shown_with_all_it_rests_on(council: Council, open_page: Open) -> None:
    """Reason, evidence, circumstances, route and the Ombudsman [lgsco:2.1, 2.3, 2.4, 2.5]."""
    at = open_page("case", Role.REVIEWER, ref=NEW, step="RefuseComplaint")
    reason = field(at, "selectbox", "The reason in our policy")
    assert list(reason.options) == [one.title for one in DEFAULT_REASONS.values()]
    reason.set_value(COURT)
    field(at, "text_area", "The reasons they were given").set_value("A court has it, and decides it.")
    field(at, "text_area", "What was looked at").set_value("The claim form.")
    at.run()
    sent(at, "Refuse this complaint")
    assert "can take this refusal to the Ombudsman" in words(at)
    field(at, "checkbox", "They were told they can take this refusal to the Ombudsman").set_value(True).run()
    sent(at, "Refuse this complaint")
    assert "A blanket rule is not enough" in words(at)
    field(at, "text_area", "What was weighed in their own circumstances").set_value("A hearing is set.").run()
    sent(at, "Go on with this reason")
    assert not at.exception
    said = words(at)
    assert "Why this complaint was refused" in said
    for part in ("Court proceedings about it have begun", "The claim form.", "A hearing is set.", "The court that has"):
        assert part in said
    view = council.desk(Role.REVIEWER).ask(case_view, NEW)
    assert (view.position, view.departures) == ("Refused", ())


def test_a_handler_is_offered_no_refusal(council: Council, open_page: Open) -> None:
    labels = [each.label for each in open_page("case", ref=NEW).button]
    assert "Refuse this complaint" not in labels
    assert "Record as a new complaint" in labels


def test_discretion_is_shown_on_the_case(council: Council, open_page: Open) -> None:
    """Why a late complaint was taken stands on its page [lgsco:2.2]."""
    reference = council.record(issue_on=date(2025, 11, 23), good_reason="In <b>hospital</b>.")
    said = words(open_page("case", ref=reference))
    assert "After the time limit" in said
    assert "Discretion was used: taken all the same" in said
    assert "In <b>hospital</b>." in said
    assert "After the time limit" not in words(open_page("case", ref=NEW))


def test_the_manager_keeps_the_list_where_its_clause_is(council: Council, open_page: Open) -> None:
    """The list stands beside 2.3 for everybody, and only the manager changes it [lgsco:2.3]."""
    at = open_page("the_code", Role.MEMBER, clause="2.3")
    assert f"The council’s list: {len(DEFAULT_REASONS)} in force" in words(at)
    assert "Add a reason" not in offered(at)
    at = open_page("the_code", Role.MANAGER, clause="2.3", step="AddRefusalReason")
    field(at, "text_input", "The reason, as it is chosen").set_value("A by-law decides it")
    field(at, "text_area", "Where the individual can go instead").set_value("The magistrates.")
    field(at, "text_area", "Whom it could hit harder, and what is done about it").set_value("Nobody in particular.")
    at.run()
    sent(at, "Add a reason")
    assert "Added “A by-law decides it”" in words(at)
    at = open_page("the_code", Role.MANAGER, clause="2.3", step="WithdrawRefusalReason")
    field(at, "selectbox", "Which reason").set_value(COURT)
    field(at, "text_area", "Why").set_value("Never used.").run()
    sent(at, "Withdraw a reason")
    assert "Not in force today: 1" in words(open_page("the_code", clause="2.3"))
    listed = council.desk(Role.MANAGER).ask(refusal_reasons)
    assert [one.title for one in listed if not one.in_force] == [DEFAULT_REASONS["court_begun"].title]


def test_escalations_warns_of_a_kind_refused_every_time(council: Council, open_page: Open) -> None:
    """In words, with the cases; whoever sees no figures sees none of it [lgsco:2.5]."""
    assert "was refused." in words(open_page("escalations", Role.MANAGER))
    references = [turned_away(council, category="Parking fines") for _ in range(BLANKET_ALERT.cases)]
    said = words(open_page("escalations", Role.MANAGER))
    assert f"Category “Parking fines”: every one of {BLANKET_ALERT.cases} complaints was refused" in said
    assert all(reference in said for reference in references)
    assert "Refused complaints" not in words(open_page("escalations"))


def test_a_point_that_must_stand_alone_leads_to_a_new_complaint(council: Council, open_page: Open) -> None:
    """The step offers it, and what was typed comes along [lgsco:6.9]."""
    at = open_page("case", ref="C-2026-000001", step="AddPoint")
    field(at, "text_area", "The new point").set_value("The street light is out as well.")
    field(at, "checkbox", "It is related to this complaint").set_value(False)
    at.run()
    sent(at, "Add a point")
    assert "Record this as a new complaint, because it is about something else" in words(at)
    button(at, "Record it as a new complaint instead (what you typed comes along)").click().run()
    assert field(at, "text_area", "What they said, in their own words").value == "The street light is out as well."
    assert field(at, "checkbox", "It is related to this complaint").value is False
    field(at, "text_input", "The matter in a few words").set_value("Street light out")
    field(at, "selectbox", "How it came").set_value("phone").run()
    sent(at, "Record as a new complaint")
    assert not at.exception
    assert "Recorded “Street light out”, raised on Tue 24 November 2026, as a complaint of its own" in words(at)
    here = council.desk(Role.HANDLER)
    (new,) = [row.reference for row in here.ask(search, "street light out").rows if row.matter == "Street light out"]
    assert here.kept("AddPoint:C-2026-000001") == {}
    assert [case.reference for case in here.ask(belonging, new).linked] == ["C-2026-000001"]
