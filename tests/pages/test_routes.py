"""Another route on the screens: beside intake, in its form, as the case's band, and as a list of its own."""

from __future__ import annotations

from typing import Any

from core.code.catalogue import SCHEMES
from core.model.complaints import Channel
from core.permissions import Role
from core.queries.cases import case_view
from core.queries.routes import case_route
from tests.pages.conftest import Open
from tests.pages.council import Council
from tests.pages.shown import button, field, words
from tests.pages.test_refusals import sent
from tests.pages.test_triage import choose, fill

NEW = "C-2026-000004"
TOLD = {"why": "The law has *its* way.", "told": "Which <b>way</b>.", "taken_by": "The care [team]", "link": "ASC-12"}


def routed(council: Council, to: str, reference: str = NEW, **fields: Any) -> str:
    """A complaint sent by another route today."""
    given = {"route": to, "told_on": council.today, **TOLD}
    return council.take(Role.HANDLER, "RouteElsewhere", reference=reference, **(given | fields))


def mixed(council: Council, reference: str = NEW) -> str:
    """A complaint with a second point."""
    given = {"text": "You lost my file.", "raised_on": council.today, "related": True}
    return council.take(Role.HANDLER, "AddPoint", reference=reference, **given)


def test_using_5_intake_offers_every_route_with_its_force_and_its_clocks(council: Council, open_page: Open) -> None:
    """Recorded with the day it came, and the form that sends it on is open with the route read about chosen."""
    at = open_page("intake")
    choose(at, "elsewhere")
    said = words(at)
    for scheme in SCHEMES.values():
        assert (f"- **{scheme.short}.** {scheme.applies} {scheme.force}" in said) is (scheme.key != "lgsco")
    at.selectbox(key="route").set_value("children_statutory").run()
    assert "Answer stage 1: 10 working day" in words(at)
    fill(at, who="Who is complaining")
    said = words(at)
    assert "The clock this starts" not in said
    assert "Children Act 1989 Representations Procedure (England) Regulations 2006." in said
    assert "| Answer stage 1: 10 working days from “received” | **Tue 8 December 2026** | – |" in said
    button(at, "Record it, then send it on").click().run()
    assert not at.exception
    assert "RouteElsewhere" in at.query_params["step"]
    assert field(at, "selectbox", "The route").value == "children_statutory"
    assert "| Answer stage 1: 10 working days from “received” | **Tue 8 December 2026** | – |" in words(at)


def test_a_recorder_passes_on_and_sends_nothing_by_another_route(council: Council, open_page: Open) -> None:
    at = open_page("intake", Role.RECORDER, **{"as": "elsewhere"})
    assert "Another route" not in at.segmented_control(key="triage").options
    assert "Which way does it go?" not in words(at)


def test_the_form_says_what_the_chosen_route_asks_and_the_band_what_came_of_it(
    council: Council, open_page: Open
) -> None:
    """Law, told, taken on, both readings with their dates, and the next step [lgsco:using.5]."""
    at = open_page("case", ref=NEW, step="RouteElsewhere")
    assert "Choose a route to see its clocks" in words(at)
    field(at, "selectbox", "The route").set_value("data_protection").run()
    assert "Counting the day of receipt. **Tue 22 December 2026: act by this one.**" in words(at)
    field(at, "text_area", "Why it goes this way").set_value(TOLD["why"])
    field(at, "text_area", "What they were told").set_value(TOLD["told"])
    field(at, "text_input", "Who takes it on").set_value(TOLD["taken_by"])
    at.run()
    sent(at, "Send by another route")
    assert not at.exception
    said = words(at)
    assert "**Goes by another route**" in said
    assert "### Another route: Data protection complaint" in said
    assert "Data (Use and Access) Act 2025. Told on **Tue 24 November 2026**; decided by Dee Handler." in said
    for part in ("The law has *its* way.", "Which <b>way</b>.", "The care [team]"):
        assert part in said
    assert "**Next: acknowledge** by **Tue 22 December 2026** :gray-badge[20 working days left]" in said
    assert (
        "| **Wed 23 December 2026** | Counting the day of receipt. **Tue 22 December 2026: act by this one.** |" in said
    )
    assert council.desk(Role.HANDLER).ask(case_view, NEW).position == "Goes by another route"


def test_the_steps_of_a_route_are_recorded_on_its_page_and_it_leads_back(council: Council, open_page: Open) -> None:
    """Only the route's own steps are offered; back in the Code it keeps its day [lgsco:using.5]."""
    routed(council, "children_statutory")
    at = open_page("case", ref=NEW, step="RecordRouteStep")
    happened = field(at, "selectbox", "What happened")
    assert list(happened.options) == [step.title for step in SCHEMES["children_statutory"].steps]
    happened.set_value("panel_met").run()
    sent(at, "Record a step on its route")
    assert "Record “Review panel asked for” first" in words(at)
    field(at, "selectbox", "What happened").set_value("stage_one_answered").run()
    sent(at, "Record a step on its route")
    assert not at.exception
    said = words(at)
    assert "- Stage 1 answered: **Tue 24 November 2026**" in said
    assert "They ask for stage 2  The usual period; a later request is considered. | **Tue 22 December 2026**" in said
    assert "a limit, not a duty of ours" in said
    assert "**Next to record: acknowledged.** No clock of this route is open." in said
    at = open_page("case", ref=NEW, step="RerouteComplaint")
    field(at, "selectbox", "The route").set_value("lgsco")
    field(at, "text_area", "Why it goes this way").set_value("It is ours.")
    field(at, "text_area", "What they were told").set_value("It comes back.")
    at.run()
    sent(at, "Change its route or bring it back")
    assert not at.exception
    said = words(at)
    assert "Brought back into the two stages" in said
    assert "**Before:** Children's social care: statutory representations, Tue 24 November 2026 to Tue 24" in said


def test_t32_what_may_not_wait_is_offered_point_by_point(council: Council, open_page: Open) -> None:
    """The warning stands until points are chosen; the half and the lead show each other [lgsco:using.5]."""
    mixed(council)
    at = open_page("case", ref=NEW, step="RouteElsewhere")
    field(at, "selectbox", "The route").set_value("schools").run()
    assert "may not wait" not in words(at)
    field(at, "selectbox", "The route").set_value("data_protection").run()
    assert "**It may not wait for the answer to the wider complaint.**" in words(at)
    chosen = field(at, "multiselect", "Which points")
    assert chosen.options == ["1. Planning notice not sent", "2. You lost my file."]
    chosen.set_value([2]).run()
    assert "**It may not wait for the answer to the wider complaint.**" not in words(at)
    field(at, "text_area", "Why it goes this way").set_value("Their own data.")
    field(at, "text_area", "What they were told").set_value("By itself.")
    field(at, "text_input", "Who takes it on").set_value("Data protection officer")
    at.run()
    sent(at, "Send by another route")
    assert not at.exception
    said = words(at)
    route = council.desk(Role.HANDLER).ask(case_route, NEW)
    assert route is not None
    half = route.points[0].reference
    assert f"- Point 2 goes on as [{half}](" in said
    assert "### Points: 1, 1 without a finding at stage 1" in said
    assert "Acknowledge" in [each.label for each in at.button]
    said = words(open_page("case", ref=half))
    assert f"The other half of [{NEW}](" in said


def test_intro_6_a_landlord_complaint_shows_its_own_numbers_and_its_own_ombudsman(
    council: Council, open_page: Open
) -> None:
    """The Housing Ombudsman's Code numbers some clauses differently; the links lead to ours [lgsco:6.15]."""
    reference = council.escalate(
        council.answer(council.acknowledge(council.record(days_ago=20), days_ago=18), days_ago=9)
    )
    said = words(open_page("case", ref=reference))
    assert "· 6.12" in said
    routed(council, "hos", reference)
    at = open_page("case", ref=reference)
    said = words(at)
    assert "### Under the other Code: Housing Ombudsman: Complaint Handling Code" in said
    assert "The Housing Ombudsman's Code" in said
    assert "· 6.11" in said
    assert "[6.11](/the-code?clause=6.12" in said
    assert "· 6.12" not in said
    assert "The numbers are those of the Housing Ombudsman’s Code" in said
    at = open_page("case", Role.REVIEWER, ref=reference, step="RespondFinal")
    assert field(at, "text_area", "How to go to the Ombudsman").value.startswith(
        "Housing Ombudsman Service, PO Box 1484"
    )


def test_intro_6_a_mixed_answer_is_offered_both_ombudsmen(council: Council, open_page: Open) -> None:
    reference = mixed(council, council.record())
    routed(council, "hos", reference, points=(2,))
    said = words(open_page("case", ref=reference))
    assert "- Point 2 is answered here, The Housing Ombudsman's Code: You lost my file." in said
    given = {"requested_on": council.today, "channel": Channel.EMAIL, "good_reason": "They asked at once."}
    council.take(Role.HANDLER, "OpenStageTwo", reference=reference, **given)
    at = open_page("case", Role.REVIEWER, ref=reference, step="RespondFinal")
    ours, theirs = field(at, "text_area", "How to go to the Ombudsman").value.splitlines()
    assert ours.startswith("Point 1: Local Government and Social Care Ombudsman, PO Box 4771")
    assert theirs.startswith("Point 2: Housing Ombudsman Service, PO Box 1484")


def test_the_list_counts_by_route_and_each_view_is_a_link(council: Council, open_page: Open) -> None:
    """Empty, it says what to do; filled, each route is a link, the nearest date first [lgsco:using.5]."""
    assert "Nothing goes by another route. A case offers “Send by another route”" in words(open_page("other_routes"))
    care, school = council.record(days_ago=7), council.record(matter="School *uniform*")
    routed(council, "adult_statutory", care)
    routed(council, "schools", school)
    said = words(open_page("other_routes"))
    assert "**All 2** · [Adult social care and NHS 1](/other-routes?route=adult_statutory" in said
    assert said.index(care) < said.index(school)
    assert "late by 2 working days" in said
    assert "No date is owed there" in said
    assert "School *uniform*" in said
    said = words(open_page("other_routes", route="schools"))
    assert "Complaint about a school: 1 complaint" in said
    assert care not in said
    assert "Nothing goes this way now." in words(open_page("other_routes", route="public_health"))


def test_an_address_with_an_unknown_route_says_so(council: Council, open_page: Open) -> None:
    at = open_page("other_routes", route="nowhere")
    assert "There is no such route. Choose one of the links on this page." in words(at)


def test_my_cases_shows_the_routes_date_with_its_law_and_leads_to_the_list(council: Council, open_page: Open) -> None:
    """One queue: the next date of a route stands among the Code's [lgsco:using.5]."""
    reference = council.assign(council.record())
    routed(council, "adult_statutory", reference)
    said = words(open_page("my_cases"))
    assert "What goes by another route than the Code" in said
    assert "Adult social care and NHS: acknowledge, and offer to talk about how it will be handled by Fri 27" in said
    assert "SI 2009/309" in said
