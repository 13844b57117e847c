"""Remedies on the case's page and the list of them: what stands there, what is asked, and that every view is a link."""

from __future__ import annotations

from datetime import timedelta

from core.commands.authority import Agreement, SetAuthority
from core.permissions import Role
from core.queries.remedies import RemedyFilter, case_remedies, remedies_list
from core.rules.s7_remedies import RemedyState
from tests.pages.conftest import Open
from tests.pages.council import WHO, Council
from tests.pages.shown import button, field, offered, words
from tests.pages.test_corresponding import HOSTILE, READY, send


def offer(council: Council, reference: str, **fields: object) -> None:
    usual = {
        "kind": "money", "sub_kind": "distress", "pounds": "150", "what": "A payment", "impact": "A month of noise.",
        "offered_on": council.today, "due_on": council.today + timedelta(days=7), "owner_id": WHO[Role.HANDLER],
    }  # fmt: skip
    council.take(Role.HANDLER, "OfferRemedy", reference=reference, **(usual | fields))


def test_7_3_a_remedy_is_offered_and_completed_from_the_page(council: Council, open_page: Open) -> None:
    """What is missing is asked for in place, nothing typed is lost, and the words of an officer stay words."""
    at = open_page("case", ref=READY)
    assert "Remedies: none" in words(at)
    assert "Complete a remedy" not in offered(at)
    button(at, "Offer a remedy").click().run()
    field(at, "selectbox", "What kind of remedy").set_value("apology").run()
    field(at, "text_area", "What will be done").set_value(HOSTILE).run()
    field(at, "date_input", "By when it will be done").set_value(council.today + timedelta(days=9)).run()
    field(at, "selectbox", "Who sees to it").set_value(WHO[Role.HANDLER]).run()
    send(at, "Offer a remedy")
    assert "Say who signs the apology" in words(at)
    assert field(at, "text_area", "What will be done").value == HOSTILE
    field(at, "selectbox", "Who signs the apology").set_value("director").run()
    send(at, "Offer a remedy")
    said = words(at)
    assert "Remedies: 1, 1 still to be done" in said
    assert HOSTILE in said
    assert not any("![x]" in each.value for each in at.markdown)
    button(at, "Complete a remedy").click().run()
    send(at, "Complete a remedy")
    assert "Say what shows that it was done" in words(at)
    field(at, "text_area", "What shows that it was done").set_value("Their thanks by e-mail.").run()
    send(at, "Complete a remedy")
    (line,) = council.desk(Role.HANDLER).ask(case_remedies, READY).lines
    assert (line.state, line.evidence) == (RemedyState.DONE, "Their thanks by e-mail.")


def test_7_3_an_answered_case_with_an_open_remedy_says_that_it_is_not_complete(
    council: Council, open_page: Open
) -> None:
    first = council.record(days_ago=9)
    council.assign(first, days_ago=8)
    council.acknowledge(first, days_ago=7)
    offer(council, first)
    assert "not complete" not in words(open_page("case", ref=first))
    council.answer(first)
    said = words(open_page("case", ref=first))
    assert "not complete: 1 remedy still to be done" in said
    assert "£150.00 offered, £0.00 paid" in said
    assert "Give an update on what is still to be done" in said


def test_7_3_the_list_shows_whose_and_how_near_and_its_views_are_links(council: Council, open_page: Open) -> None:
    assert "Nothing here." in words(open_page("remedies"))
    offer(council, READY, what=HOSTILE)
    offer(council, READY, pounds="20", owner_id=WHO[Role.REVIEWER], due_on=council.today)
    mine = words(open_page("remedies"))
    assert "**1 remedy** · £150.00 offered, £0.00 paid." in mine
    assert "next: pay, and record the payment" in mine
    council.now += timedelta(days=1)
    every = words(open_page("remedies", whose="all", shown="late"))
    assert "**1 remedy** · £20.00 offered" in every
    assert "Ann Reviewer" in every
    assert "There is no such view" in words(open_page("remedies", whose="nobody"))
    assert "There is no such service" in words(open_page("remedies", service="²"))
    page = council.desk(Role.MANAGER).ask(remedies_list, RemedyFilter())
    assert page.count == 2


def test_4_2_a_sum_above_the_limit_is_agreed_on_the_case_and_stands_on_the_list(
    council: Council, open_page: Open
) -> None:
    """Nothing typed is lost by the refusal, and the page says that no limit is set."""
    assert "No limit of authority is set" in words(open_page("remedies"))
    limit = SetAuthority(role=Role.HANDLER, pounds="100", in_force_from=council.today, why="Minute 4.")
    council.desk(Role.MANAGER).do(limit)
    council.take(Role.HANDLER, "AskAgreement", reference=READY, pounds="350", why=HOSTILE)
    mine = words(open_page("remedies"))
    assert "You may offer up to **£100.00** on one complaint" in mine
    assert "Awaiting agreement: 1 sum, 0 yours to agree" in mine
    at = open_page("case", ref=READY, role=Role.REVIEWER)
    assert "yours to agree" in words(at)
    button(at, "Agree to a sum").click().run()
    field(at, "selectbox", "Your answer").set_value(Agreement.YES).run()
    send(at, "Agree to a sum")
    assert "agreed" in words(at)
    offer(council, READY, pounds="350")
