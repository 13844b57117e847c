"""Limits of authority: what is offered alone, who agrees to more, and that nothing is promised before [lgsco:4.2]."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from core.commands.authority import Agreement, AnswerAgreement, AskAgreement
from core.desk import Desk, Done
from core.errors import BadInput, StepNotOpen
from core.permissions import Role
from core.queries.authority import authority_limits, sums_asked
from core.queries.cases import case_view
from tests.builders import Story
from tests.commands.refusals import refused
from tests.conftest import Desks
from tests.people import joined


def ask(story: Story, reference: str, pounds: str = "500") -> Done:
    return story.desks.handler.do(AskAgreement(reference=reference, pounds=pounds, why="Two winters without heating."))


def answer(by: Desk, reference: str, to: int, said: Agreement = Agreement.YES, **fields: Any) -> Done:
    return by.do(AnswerAgreement(reference=reference, asked_id=to, answer=said, **fields))


def test_4_2_without_a_limit_whoever_has_the_complaint_decides_alone(story: Story, desks: Desks) -> None:
    reference = story.acknowledged()
    story.offer_money(reference, "9,000")
    assert not desks.handler.ask(authority_limits).any_holds
    with refused(story, BadInput, "needs nobody's agreement"):
        ask(story, reference, "9,500")


def test_4_2_above_the_limit_a_colleague_agrees_and_then_it_is_offered(story: Story, desks: Desks) -> None:
    """The sum is that of all offers on the complaint: cut in two it is no smaller."""
    reference = story.acknowledged()
    story.limit("200", role=Role.HANDLER)
    story.offer_money(reference, "150")
    with refused(story, BadInput, "makes £300.00 on this complaint, and your limit is £200.00.*may agree to it"):
        story.offer_money(reference, "150")
    ask(story, reference, "300")
    (waits,) = desks.reviewer.ask(sums_asked, reference)
    assert (waits.pence, waits.agreed, waits.mine) == (300_00, None, True)
    assert not desks.handler.ask(sums_asked)[0].mine
    with refused(story, BadInput, "awaits agreement already"):
        story.offer_money(reference, "150")
    answer(desks.reviewer, reference, waits.id, note="It was a long time.")
    story.offer_money(reference, "150")
    with refused(story, BadInput, "makes £301.00"):
        story.offer_money(reference, "1")
    assert desks.handler.ask(sums_asked) == ()
    said = [each.sentence for each in desks.handler.ask(case_view, reference).history]
    assert "Agreed to £300.00 in all on this complaint. It was a long time." in said
    story.verified()


def test_4_2_nobody_agrees_for_themselves_or_above_their_own_limit(story: Story, desks: Desks) -> None:
    reference = story.acknowledged()
    number = story.sum_asked(reference, "500")
    story.limit("499.99", role=Role.REVIEWER)
    with refused(story, StepNotOpen, "You asked for £500.00 yourself"):
        answer(desks.handler, reference, number)
    with refused(story, StepNotOpen, "above your own limit of £499.99"):
        answer(desks.reviewer, reference, number)
    with refused(story, StepNotOpen, "above your own limit of £200.00"):
        answer(desks.other_handler, reference, number)
    answer(desks.senior_lead, reference, number)
    with refused(story, BadInput, "not waiting any more"):
        answer(desks.manager, reference, number)


def test_4_2_who_does_not_agree_says_why_and_the_sum_is_not_offered(story: Story, desks: Desks) -> None:
    reference = story.acknowledged()
    number = story.sum_asked(reference, "500")
    with refused(story, BadInput, "Say why not"):
        answer(desks.manager, reference, number, Agreement.NO)
    answer(desks.manager, reference, number, Agreement.NO, note="Two hundred is usual.")
    with refused(story, BadInput, "your limit is £200.00. Take “Ask for agreement to a sum” first"):
        story.offer_money(reference, "500")
    assert [each.agreed for each in desks.manager.ask(sums_asked, reference)] == [False]


def test_4_2_no_letter_names_a_sum_that_awaits_agreement(story: Story, desks: Desks) -> None:
    reference = story.acknowledged()
    story.assign(reference)
    story.offer_money(reference, "100")
    number = story.sum_asked(reference, "500")
    for named in ("£500", "another £400.00"):
        with refused(story, StepNotOpen, "awaits agreement"):
            story.respond(reference, remedy=f"We will pay you {named}.")
    answer(desks.manager, reference, number)
    story.respond(reference, remedy="We will pay you £500.")


def test_4_2_where_nobodys_limit_covers_it_the_next_step_is_the_managers(story: Story) -> None:
    reference = story.acknowledged()
    for role in (Role.HANDLER, Role.REVIEWER, Role.MANAGER, Role.SENIOR_LEAD):
        story.limit("200", role=role)
    with refused(story, BadInput, "Nobody's limit covers it. Ask the complaints manager"):
        ask(story, reference)


def test_4_2_a_limit_is_set_for_one_from_today_on_and_ends(story: Story, desks: Desks) -> None:
    today = story.clock.now.date()
    wrong: list[tuple[str, dict[str, Any]]] = [
        ("one of the two", {}),
        ("one of the two", {"role": Role.HANDLER, "colleague_id": desks.handler.actor.id}),
        ("begins today or later", {"role": Role.HANDLER, "in_force_from": today - timedelta(days=1)}),
        ("offers no remedies", {"role": Role.RECORDER}),
        ("offers no remedies", {"colleague_id": desks.recorder.actor.id}),
        ("not here any more", {"colleague_id": 999}),
    ]
    for sentence, fields in wrong:
        with refused(story, BadInput, sentence):
            story.limit("200", **fields)
    story.limit("200", role=Role.HANDLER)
    story.limit("0", colleague_id=desks.handler.actor.id)
    assert [desk.ask(authority_limits).mine for desk in (desks.handler, desks.other_handler, desks.manager)] == [
        0, 200_00, None,
    ]  # fmt: skip
    story.limit("", colleague_id=desks.handler.actor.id)
    held = desks.handler.ask(authority_limits)
    assert (held.mine, [line.who for line in held.lines]) == (200_00, ["handler"])


def test_4_2_a_colleague_of_other_services_is_not_named_as_one_who_may_agree(story: Story) -> None:
    reference = story.record(service_id=1)
    for role in (Role.HANDLER, Role.REVIEWER, Role.MANAGER):
        story.limit("200", role=role)
    joined(story.office, "Els Elsewhere", Role.SENIOR_LEAD, services=(2,))
    with refused(story, BadInput) as caught:
        story.offer_money(reference, "500")
    assert "may agree to it" in str(caught.value)
    assert "Els Elsewhere" not in str(caught.value)


@pytest.mark.parametrize("kind", ["apology", "delay"])
def test_4_2_what_costs_no_money_needs_no_agreement(story: Story, kind: str) -> None:
    reference = story.acknowledged()
    story.limit("0", role=Role.HANDLER)
    story.offer(reference, kind=kind, signatory="head" if kind == "apology" else None)
