"""Putting things right: what is offered, agreed, paid, done or cannot be delivered, and what is owed meanwhile."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from core.code.remedies import REMEDIES
from core.commands.accounts import RecordLeaver
from core.commands.confidence import KeepConfidential
from core.commands.letters import LetterKind, WriteLetter
from core.commands.letters_going_out import SendLetter
from core.commands.organising import RebuildDuties
from core.commands.remedies import Agreeing, AgreeRemedy, ReassignRemedy, RecordPayment
from core.commands.undeliverable import DeclareUndeliverable
from core.desk import Done
from core.errors import BadInput, LetterIncomplete, NotFound, ReasonNeeded, StepNotOpen
from core.queries.cases import case_view
from core.queries.duties_check import duties_check
from core.queries.escalations import escalations
from core.queries.evidence import confidence
from core.queries.home import my_day
from core.queries.letters import letter_view
from core.queries.queue import QueueFilter, queue
from core.queries.remedies import RemedyFilter, RemedyLine, case_remedies, remedies_list
from core.queries.remedy_figures import RemedyFigures, remedy_figures
from core.rules.facts import Outcome
from core.rules.s7_remedies import DELIVER, UPDATE_ON_REMEDIES, RemedyState
from core.words import day_words
from tests.builders import ACKNOWLEDGED, ANSWERED, FINAL, SEVEN_PARTS, Row, Story, answers, day
from tests.commands.refusals import refused
from tests.conftest import Desks
from tests.people import file_on

FOUR_WEEKS = timedelta(weeks=4)


def lines(story: Story, reference: str) -> tuple[RemedyLine, ...]:
    return story.desks.handler.ask(case_remedies, reference).lines


def state(story: Story, reference: str) -> list[RemedyState]:
    return [line.state for line in lines(story, reference)]


def duty(story: Story, reference: str, kind: str = DELIVER, number: int = 1) -> Row:
    (row,) = story.rows("duty", complaint_id=story.case(reference)["id"], kind=kind, number=number)
    return row


def not_offered(story: Story, reference: str, sentence: str, **fields: Any) -> None:
    with refused(story, BadInput, re.escape(sentence)):
        story.offer(reference, **fields)


def pay(story: Story, reference: str, remedy: int, pounds: str, on: date | None = None, **fields: Any) -> Done:
    given = {"remedy_id": remedy, "pounds": pounds, "paid_on": on or story.clock.now.date()}
    return story.desks.handler.do(RecordPayment(reference=reference, **(given | fields)))


def give_up(story: Story, reference: str, remedy: int, **fields: Any) -> Done:
    given = {"remedy_id": remedy, "told_on": story.clock.now.date(), "reasons": "The depot has closed.",
             "alternative": "Nothing: the rounds have ended."}  # fmt: skip
    return story.desks.handler.do(DeclareUndeliverable(reference=reference, **(given | fields)))


# ------------------------------------------------------------------------------------------------------------ the offer


def test_7_1_each_of_the_eight_kinds_can_be_offered_and_is_kept_by_kind(story: Story, desks: Desks) -> None:
    reference = story.acknowledged()
    for kind in REMEDIES.kinds:
        if kind == "money":
            story.offer_money(reference, "£1,250.50")
        else:
            story.offer(reference, kind=kind, signatory="director" if kind == "apology" else None)
    shown = lines(story, reference)
    assert [line.kind for line in shown] == [each.title for each in REMEDIES.kinds.values()]
    assert [line.offered_pence for line in shown if line.of_money] == [125_050]
    assert {line.moment for line in shown} == {"at stage 1"}
    assert [line.number for line in shown] == list(range(1, 9))
    assert shown[0].signatory == "A director"
    assert shown[6].sub_kind == "Time and trouble"


WRONG: Sequence[tuple[str, dict[str, Any]]] = [
    ("Say what the money is for", {"kind": "money", "signatory": None, "pounds": "5"}),
    ("Say how much is offered", {"kind": "money", "signatory": None, "sub_kind": "distress"}),
    ("Only money has a sum", {"pounds": "5"}),
    ("Only money has a sum", {"sub_kind": "distress"}),
    ("Say who signs the apology", {"signatory": None}),
    ("Only an apology is signed", {"kind": "delay"}),
    ("That is not on the list", {"kind": "voucher"}),
    ("That is not on the list", {"signatory": "the mayor"}),
    ("That is not on the list", {"kind": "money", "signatory": None, "pounds": "5", "sub_kind": "tariff"}),
    ("There is no point 7", {"point": 7}),
    ("has not come yet", {"offered_on": day("2026-09-15")}),
    ("is before the complaint was received", {"offered_on": day("2026-09-04")}),
    ("is before it was offered", {"due_on": day("2026-09-11")}),
    ("not on the list any more", {"owner_id": 999}),
]


def test_7_1_an_offer_that_does_not_fit_is_refused_in_a_sentence(story: Story, desks: Desks) -> None:
    reference = story.acknowledged()
    for sentence, fields in (*WRONG, ("opens no cases", {"owner_id": desks.recorder.actor.id})):
        not_offered(story, reference, sentence, **fields)


def test_7_2_a_remedy_without_impact_needs_a_reason_once_the_finding_is_upheld(story: Story, desks: Desks) -> None:
    """Before the finding it is offered freely; the answer that upholds then asks, and so does a later offer."""
    reference = story.acknowledged()
    story.assign(reference)
    story.offer(reference, impact="", point=1)
    with refused(story, ReasonNeeded, match="what the fault did to the individual"):
        story.respond(reference)
    story.respond(reference, good_reason="They asked us not to write it down.")
    with refused(story, ReasonNeeded, match="what the fault did to the individual"):
        story.offer(reference, impact="")
    assert [clause for clause, _ in story.departures(reference)] == ["lgsco:7.2"]


def test_7_2_nothing_is_asked_where_nothing_went_wrong(story: Story) -> None:
    reference = story.acknowledged()
    story.assign(reference)
    story.offer(reference, impact="")
    story.respond(reference, answers=answers(outcome=Outcome.NOT_UPHELD))
    assert story.departures(reference) == []


def test_7_5_the_guidance_looked_at_is_kept_in_the_history_and_its_note_is_personal(story: Story) -> None:
    reference = story.acknowledged()
    story.offer(reference, guidance=True, guidance_note="Mrs Sample is frail.")
    story.offer(reference)
    told = [each.sentence for each in story.desks.handler.ask(case_view, reference).history[:2]]
    assert told[0].endswith("guidance was not looked at.")
    assert told[1].endswith("guidance was looked at.")
    entry = story.rows("ledger_entry", tag="remedy.offered")[0]
    assert "frail" not in entry["data"]
    assert '"guidance":true' in entry["data"]
    assert lines(story, reference)[0].guidance_note == "Mrs Sample is frail."


# ------------------------------------------------------------------------------------------------- followed to its end


def test_7_3_a_remedy_is_a_duty_of_its_owner_until_it_is_done(story: Story, desks: Desks) -> None:
    """It stays owed after the answer, in the owner's queue, on Home and on the case; done, nothing is left."""
    reference = story.acknowledged()
    story.assign(reference)
    owner = desks.other_handler.actor.id
    remedy = story.offer(reference, owner_id=owner, due_on=day("2026-10-02"))
    story.respond(reference)
    row = duty(story, reference)
    assert (row["owner_id"], row["act_by"], row["standing"], row["clause"]) == (
        owner, day("2026-10-02"), "open", "lgsco:7.3",
    )  # fmt: skip
    assert not story.case(reference)["is_open"], "the answer is not held up"
    (found,) = desks.other_handler.ask(queue, QueueFilter(owner_id=owner)).rows
    assert (found.reference, found.title, found.position) == (reference, "Deliver a remedy", "Stage 1: answered")
    story.on(day("2026-10-05"))
    assert [each.reference for each in desks.other_handler.ask(my_day).overdue] == [reference]
    clocks = desks.handler.ask(case_view, reference).clocks
    assert [clock.started for clock in clocks if clock.clause == "lgsco:7.3"] == [
        "Offered on Mon 14 September 2026, for the day named then"
    ]
    with refused(story, ReasonNeeded, match="due by Fri 2 October 2026"):
        story.complete(reference, remedy, day("2026-10-05"))
    story.complete(reference, remedy, day("2026-10-05"), good_reason="The head of service was away.")
    assert duty(story, reference)["standing"] == "late"
    assert story.case(reference)["act_by"] is None
    assert desks.manager.ask(queue, QueueFilter()).count == 0
    assert state(story, reference) == [RemedyState.DONE]
    assert desks.system.ask(duties_check).differing == ()
    done = [each for each in desks.handler.ask(case_view, reference).code if each.clause == "lgsco:7.3"]
    assert [(each.how.value, each.proof) for each in done] == [("departed, reason recorded", "remedy.completed")]


def test_7_3_done_is_shown_in_words_or_by_a_file_of_the_case(story: Story, desks: Desks) -> None:
    reference, other = story.acknowledged(), story.record()
    remedy, second = story.offer(reference), story.offer(reference)
    file, elsewhere = file_on(story, reference), file_on(story, other)
    with refused(story, BadInput, match="Say what shows that it was done"):
        story.complete(reference, remedy, evidence="")
    with refused(story, BadInput, match="That file is not on"):
        story.complete(reference, remedy, file_id=elsewhere)
    story.complete(reference, remedy, evidence="", file_id=file)
    story.complete(reference, second)
    assert [(line.file_id, line.evidence) for line in lines(story, reference)] == [
        (file, ""), (None, "Their reply by e-mail."),
    ]  # fmt: skip
    for step in (
        lambda: story.complete(reference, remedy),
        lambda: give_up(story, reference, remedy),
        lambda: desks.handler.do(
            AgreeRemedy(reference=reference, remedy_id=remedy, answer=Agreeing.YES, agreed_on=day("2026-09-14"))
        ),
    ):
        with refused(story, BadInput, match="Remedy 1 is over already"):
            step()


def test_7_3_what_the_individual_says_is_kept_with_its_day(story: Story, desks: Desks) -> None:
    reference = story.acknowledged()
    remedy, today = story.offer(reference), story.clock.now.date()
    for answer, expected in ((Agreeing.NO, RemedyState.OFFERED), (Agreeing.YES, RemedyState.AGREED)):
        desks.handler.do(AgreeRemedy(reference=reference, remedy_id=remedy, answer=answer, agreed_on=today, said="Hm."))
        assert state(story, reference) == [expected]
    assert lines(story, reference)[0].agreed_on == today
    with refused(story, BadInput, match="is before it was offered"):
        desks.handler.do(
            AgreeRemedy(reference=reference, remedy_id=remedy, answer=Agreeing.YES, agreed_on=today - timedelta(days=1))
        )


def test_7_3_a_day_left_out_needs_a_reason_and_the_remedy_is_still_followed(story: Story) -> None:
    reference = story.answered()
    with refused(story, ReasonNeeded, match="by when it will be done"):
        story.offer(reference, due_on=None)
    story.offer(reference, due_on=None, good_reason="It waits for the court.")
    row = duty(story, reference, UPDATE_ON_REMEDIES, 0)
    assert (row["start_on"], row["act_by"]) == (ANSWERED, ANSWERED + FOUR_WEEKS)
    assert lines(story, reference)[0].soon is None


def test_7_1_money_is_offered_and_paid_apart_and_never_more_than_was_offered(story: Story, desks: Desks) -> None:
    reference = story.acknowledged()
    money, words = story.offer_money(reference, "150"), story.offer(reference)
    pay(story, reference, money, "100.25")
    with refused(story, BadInput, match=re.escape("£150.00 was offered and £100.25 is paid already")):
        pay(story, reference, money, "49.76")
    with refused(story, BadInput, match="Remedy 2 offers no money"):
        pay(story, reference, words, "5")
    with refused(story, BadInput, match="is no sum of money"):
        pay(story, reference, money, "a little")
    with refused(story, ReasonNeeded, match=re.escape("£100.25 is recorded as paid")):
        story.complete(reference, money)
    pay(story, reference, money, "49.75")
    story.complete(reference, money)
    line = lines(story, reference)[0]
    assert (line.offered_pence, line.paid_pence, line.state) == (15_000, 15_000, RemedyState.DONE)


def test_7_3_handed_over_its_day_stays_and_a_leaver_leaves_none_behind(story: Story, desks: Desks) -> None:
    reference = story.acknowledged()
    first, second = story.offer(reference), story.offer(reference)
    before = duty(story, reference)["act_by"]
    other = desks.other_handler.actor.id
    desks.handler.do(ReassignRemedy(reference=reference, remedy_id=first, owner_id=other))
    assert (duty(story, reference)["owner_id"], duty(story, reference)["act_by"]) == (other, before)
    with refused(story, BadInput, match="has remedy 1 already"):
        desks.handler.do(ReassignRemedy(reference=reference, remedy_id=first, owner_id=other))
    story.complete(reference, second)
    desks.system.do(RecordLeaver(colleague_id=other, successor_id=desks.reviewer.actor.id))
    assert [line.owner for line in lines(story, reference)] == ["Rita Reviewer", "Hana Handler"]
    desks.system.do(RecordLeaver(colleague_id=desks.reviewer.actor.id))
    assert [line.owner for line in lines(story, reference)] == ["", "Hana Handler"]
    assert duty(story, reference)["owner_id"] is None
    assert desks.system.ask(duties_check).differing == ()


def test_5_8_whoever_sees_to_a_remedy_of_a_confidential_case_is_shown_it(story: Story, desks: Desks) -> None:
    reference = story.acknowledged()
    desks.reviewer.do(KeepConfidential(reference=reference, named=(desks.handler.actor.id,), reason="A neighbour."))
    story.offer(reference, owner_id=desks.other_handler.actor.id)
    kept = desks.other_handler.ask(confidence, reference)
    assert kept is not None
    assert len(kept.named) == 3
    with refused(story, NotFound):
        desks.quality.ask(case_view, reference)


def test_a_remedy_of_another_complaint_is_not_touched_from_here(story: Story) -> None:
    reference, other = story.acknowledged(), story.record()
    remedy = story.offer(other)
    with refused(story, BadInput, match="That remedy is not on"):
        story.complete(reference, remedy)


# ----------------------------------------------------------------------------------------------- cannot be delivered


def letter_for(story: Story, reference: str, **parts: str) -> int:
    """The letter for a remedy that cannot be delivered, with its parts written; its number."""
    kind = LetterKind("A remedy that cannot be delivered")
    number = story.draft(reference, kind, typed=(("reasons", "The depot has closed."), ("alternative", "£50.")))
    told = tuple({"content": content, "text": text} for content, text in parts.items())
    if told:
        story.desks.handler.do(WriteLetter(reference=reference, letter_id=number, parts=told))  # type: ignore[arg-type]
    return number


def test_7_4_giving_up_without_a_letter_is_refused_until_it_is_said_how_they_were_told(story: Story) -> None:
    reference = story.answered()
    remedy = story.offer(reference)
    with refused(story, ReasonNeeded, match="No letter goes out with this"):
        give_up(story, reference, remedy)
    give_up(story, reference, remedy, good_reason="They cannot read; they were told at home, with the address.")
    assert story.departures(reference)[-1][0] == "lgsco:7.4"
    assert state(story, reference) == [RemedyState.UNDELIVERABLE]
    assert duty(story, reference)["standing"] == "void"


def test_7_4_the_letter_goes_out_with_the_step_and_what_is_offered_instead_is_owed(story: Story, desks: Desks) -> None:
    reference = story.answered()
    remedy = story.offer(reference, point=1)
    letter = letter_for(story, reference)
    said = desks.handler.ask(letter_view, letter).said
    assert said["reasons"] == "The depot has closed."
    assert said["alternative"] == "£50."
    assert "Ombudsman" in said["ombudsman"]
    with refused(story, StepNotOpen, match="goes out with its own step"):
        desks.handler.do(SendLetter(reference=reference, letter_id=letter, sent_on=ANSWERED))
    by = ANSWERED + FOUR_WEEKS
    money = {"kind": "money", "sub_kind": "distress", "pounds": "50", "due_on": by, "alternative": "£50 instead"}
    give_up(story, reference, remedy, letter_id=letter, **money)
    old, new = lines(story, reference)
    assert (old.state, old.alternative, old.over_on) == (RemedyState.REPLACED, "£50 instead", ANSWERED)
    assert (new.state, new.offered_pence, new.point, new.impact) == (RemedyState.OFFERED, 5_000, 1, old.impact)
    assert (new.moment, new.owner, new.due_on) == (old.moment, old.owner, by)
    assert duty(story, reference, number=2)["act_by"] == by
    (sent,) = story.rows("letter", id=letter)
    assert sent["sent_on"] == ANSWERED
    assert story.tags(reference)[-3:] == ["remedy.failed", "remedy.offered", "letter.sent"]
    assert story.departures(reference) == []
    assert desks.system.ask(duties_check).differing == ()


def test_7_4_a_letter_that_leaves_out_the_ombudsman_asks_for_the_reason(story: Story) -> None:
    reference = story.answered()
    remedy = story.offer(reference)
    letter = letter_for(story, reference, reasons="Closed.", alternative="None: it is over.", ombudsman="")
    with refused(story, ReasonNeeded, match="leaves out: how to reach the Ombudsman"):
        give_up(story, reference, remedy, letter_id=letter)


def test_7_4_an_alternative_is_an_offer_like_any_other(story: Story) -> None:
    reference = story.answered()
    remedy = story.offer(reference)
    letter = letter_for(story, reference)
    wrong: Sequence[tuple[type[Exception], str, dict[str, Any]]] = (
        (BadInput, "Say what kind the alternative is", {"pounds": "50"}),
        (BadInput, "Say how much is offered", {"kind": "money", "sub_kind": "distress"}),
        (BadInput, "is before it was offered", {"told_on": day("2026-09-23")}),
        (ReasonNeeded, "by when it will be done", {"kind": "delay"}),
    )
    for error, sentence, fields in wrong:
        with refused(story, error, re.escape(sentence)):
            give_up(story, reference, remedy, letter_id=letter, **fields)


# ----------------------------------------------------------------------------------------------------- in the answers


def test_7_3_an_answer_that_leaves_its_remedies_to_the_record_says_what_and_by_when(story: Story, desks: Desks) -> None:
    """Both answers; what was typed comes first, and what was given up is not promised again."""
    reference = story.acknowledged()
    story.assign(reference)
    due = ACKNOWLEDGED + FOUR_WEEKS
    story.offer_money(reference, "150", what="A payment for your trips")
    gone = story.offer(reference, what="Never mind")
    give_up(story, reference, gone, good_reason="Told by phone.")
    story.respond(reference, remedy="", outstanding_actions="The round is being redrawn.")
    (answer,) = story.rows("response")
    by = day_words(due)
    assert answer["remedy"] == f"1. A payment for your trips. We offer you £150.00. We will do this by {by}."
    assert answer["outstanding_actions"] == "The round is being redrawn."
    draft = desks.handler.ask(letter_view, story.draft(reference, LetterKind("Answer to stage 1"))).said
    assert f"put it right:\n\n{answer['remedy']}" in draft["points_answered"]
    story.open_two(reference)
    story.acknowledge_two(reference)
    story.assign_two(reference)
    said = desks.handler.ask(letter_view, story.draft(reference, LetterKind("Final response"))).said
    assert said["remedy"] == answer["remedy"]
    assert said["outstanding_actions"] == f"1. A payment for your trips. Hana Handler will see to it by {by}."
    story.respond_final(reference, **{**SEVEN_PARTS, "remedy": "", "outstanding_actions": ""})
    final = story.rows("response")[-1]
    assert (final["remedy"], final["outstanding_actions"]) == (said["remedy"], said["outstanding_actions"])


def test_without_remedies_a_final_response_still_asks_for_its_words(story: Story) -> None:
    reference = story.considered_at_stage_two()
    with refused(story, LetterIncomplete, match="lacks what we offer to put it right"):
        story.respond_final(reference, **{**SEVEN_PARTS, "remedy": ""})


# ------------------------------------------------------------------------------------------------------ kept in touch


def test_6_6_after_the_answer_an_update_is_owed_and_what_they_hear_begins_it_anew(story: Story, desks: Desks) -> None:
    reference = story.acknowledged()
    story.assign(reference)
    remedy = story.offer(reference, due_on=day("2026-12-01"))
    assert story.rows("duty", kind=UPDATE_ON_REMEDIES) == []
    story.respond(reference)
    assert story.stage(reference, 1)["responded_on"] == ANSWERED, "the clock of the answer has stopped"
    assert duty(story, reference, UPDATE_ON_REMEDIES, 0)["act_by"] == ANSWERED + FOUR_WEEKS
    story.on(told := day("2026-10-12"))
    story.tell(reference)
    row = duty(story, reference, UPDATE_ON_REMEDIES, 0)
    assert (row["act_by"], row["is_next"], row["ours"]) == (told + FOUR_WEEKS, True, False)
    assert story.case(reference)["act_by"] == told + FOUR_WEEKS
    story.complete(reference, remedy, day("2026-11-03"))
    assert duty(story, reference, UPDATE_ON_REMEDIES, 0)["standing"] == "in_time"
    desks.system.do(RebuildDuties(references=(reference,)))
    assert desks.system.ask(duties_check).differing == ()


def test_7_3_a_remedy_of_stage_one_hides_no_stage_two_and_moves_none_of_its_dates(story: Story, desks: Desks) -> None:
    reference = story.answered()
    story.offer(reference, due_on=day("2026-10-01"), owner_id=desks.other_handler.actor.id)
    story.open_two(reference)
    row = duty(story, reference)
    assert (row["stage_number"], row["is_next"], row["owner_id"]) == (2, True, desks.other_handler.actor.id)
    (found,) = desks.manager.ask(escalations).to_acknowledge
    assert (found.reference, found.act_by) == (reference, day("2026-10-05"))


# ------------------------------------------------------------------------------------------------- lists and figures


def test_7_3_the_list_is_filtered_the_nearest_day_first_and_sums_what_it_shows(story: Story, desks: Desks) -> None:
    mine = story.record(service_id=1)
    other = story.record(service_id=2)
    story.on(ACKNOWLEDGED)
    late = story.offer(mine, due_on=day("2026-09-18"))
    story.offer_money(mine, "20", due_on=day("2026-11-02"))
    story.offer_money(other, "30.50", owner_id=desks.reviewer.actor.id, due_on=day("2026-10-01"))
    pay(story, other, max(row["id"] for row in story.rows("remedy")), "10")
    story.on(day("2026-09-21"))

    def found(**chosen: Any) -> list[tuple[str, int]]:
        page = desks.manager.ask(remedies_list, RemedyFilter(**chosen))
        assert page.count == len(page.lines)
        assert page.offered_pence == sum(line.offered_pence or 0 for line in page.lines)
        assert page.paid_pence == sum(line.paid_pence for line in page.lines)
        return [(line.reference, line.number) for line in page.lines]

    assert found() == [(mine, 1), (other, 1), (mine, 2)]
    assert found(overdue=True) == [(mine, 1)]
    assert found(service_id=2) == [(other, 1)]
    assert found(owner_id=desks.reviewer.actor.id) == [(other, 1)]
    story.complete(mine, late, good_reason="The depot was closed.")
    assert found() == [(other, 1), (mine, 2)]
    assert found(over=True) == [(mine, 1), (other, 1), (mine, 2)]
    first = desks.manager.ask(remedies_list, RemedyFilter(), limit=1)
    assert (len(first.lines), first.count, first.offered_pence, first.paid_pence) == (1, 2, 5_050, 1_000)


def recounted(story: Story, since: date, until: date) -> dict[str, Any]:
    """The figures again, counted one by one from the rows and by another way than the query's."""
    cases = {row["id"]: row for row in story.rows("complaint") if row["scheme"] == "lgsco"}
    services = {row["id"]: row["name"] for row in story.rows("service")}
    rows = {row["id"]: row for row in story.rows("remedy") if row["complaint_id"] in cases}
    payments = [each for each in story.rows("payment") if each["remedy_id"] in rows]

    def within(when: date | None) -> bool:
        return when is not None and since <= when <= until

    def service(row: Row) -> str:
        return services.get(cases[row["complaint_id"]]["service_id"], "No service chosen")

    offered = [row for row in rows.values() if within(row["offered_on"])]
    paid: Counter[int] = Counter()
    for each in payments:
        if within(each["paid_on"]):
            paid[each["remedy_id"]] += each["pence"]
    by = {"kind": lambda row: row["kind"], "service": service, "moment": lambda row: row["moment"]}
    counts = {name: Counter(map(key, offered)) for name, key in by.items()}
    pence: dict[str, Counter[str]] = {name: Counter() for name in by}
    for number, sum_paid in paid.items():
        for name, key in by.items():
            pence[name][key(rows[number])] += sum_paid
    due = [row for row in rows.values() if within(row["due_on"])]
    firsts: dict[int, Row] = {}
    for row in sorted(rows.values(), key=lambda each: (each["offered_on"], each["number"])):
        firsts.setdefault(row["complaint_id"], row)
    first = [row for row in firsts.values() if within(row["offered_on"])]
    return {
        "counts": counts, "pence": pence, "offered": sum(row["offered_pence"] or 0 for row in offered),
        "paid": sum(paid.values()), "paid_over": len(paid), "due": len(due),
        "in_time": sum(row["done_on"] is not None and row["done_on"] <= row["due_on"] for row in due),
        "undeliverable": sum(row["undeliverable_on"] is not None for row in due),
        "cases": len(first), "later": sum(row["moment"] != "at stage 1" for row in first),
    }  # fmt: skip


def agrees(story: Story, figures: RemedyFigures, since: date, until: date) -> dict[str, Any]:
    """That the query and the second count say the same; the second count."""
    again = recounted(story, since, until)
    parts = {"kind": figures.kinds, "service": figures.services, "moment": figures.moments}
    for name, found in parts.items():
        assert {part.key: part.count for part in found if part.count} == dict(again["counts"][name])
        assert {part.key: part.paid.pence for part in found if part.paid.pence} == dict(again["pence"][name])
        assert sum(part.offered.pence for part in found) == again["offered"] == figures.offered.pence
    assert (figures.paid.pence, figures.paid.remedies) == (again["paid"], again["paid_over"])
    assert (figures.due, figures.in_time) == (again["due"], again["in_time"])
    assert figures.undeliverable == again["undeliverable"]
    assert (figures.cases, figures.later_first) == (again["cases"], again["later"])
    return again


def test_kpi_16_17_18_remedies_by_kind_money_in_its_period_in_time_and_when_first(story: Story, desks: Desks) -> None:
    """Each figure is recomputed by an independent count, for a period with edges on its very days."""
    one = story.record(service_id=1)
    story.acknowledge(one)
    story.assign(one)
    apology = story.offer(one, due_on=day("2026-09-21"))
    money = story.offer_money(one, "150", due_on=day("2026-10-30"))
    story.complete(one, apology, day("2026-09-21"))
    story.respond(one)
    pay(story, one, money, "40")
    two = story.considered_at_stage_two()
    story.offer_money(two, "20.01", offered_on=(asked := story.clock.now.date()), due_on=asked)
    story.respond_final(two)
    story.offer(two, kind="practice", signatory=None, due_on=FINAL, after_ombudsman=True)
    pay(story, one, money, "60.50", FINAL)
    give_up(story, one, money, good_reason="Told by phone; late, as the bank refused it.")
    landlord = story.record()
    story.route(landlord, "hos", on=FINAL)
    story.offer(landlord)
    for since, until in (
        (day("2026-09-01"), day("2026-12-31")),
        (day("2026-09-21"), day("2026-09-24")),
        (asked, FINAL),
        (day("2027-01-01"), day("2027-12-31")),
    ):
        figures = desks.quality.ask(remedy_figures, since=since, until=until)
        agrees(story, figures, since, until)
    whole = desks.quality.ask(remedy_figures, since=day("2026-09-01"), until=day("2026-12-31"))
    assert (whole.count, whole.apologies, len(whole.kinds)) == (4, 1, 8)
    assert whole.offered.words == "£170.01 over 2, £85.01 on average"
    assert whole.paid.words == "£100.50 over 1, £100.50 on average"
    assert whole.in_time_words == "25.0 % (1 of 4)"
    assert whole.later_words == "50.0 % (1 of 2)"
    empty = desks.quality.ask(remedy_figures, since=day("2027-01-01"), until=day("2027-12-31"))
    assert (empty.offered.words, empty.in_time_words, empty.later_words) == ("£0.00", "n/a (0 of 0)", "n/a (0 of 0)")
    theirs = desks.quality.ask(remedy_figures, since=FINAL, until=FINAL, scheme="hos")
    assert (theirs.count, theirs.cases) == (1, 1)
