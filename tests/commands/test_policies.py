"""The council's own policy: adopted by a decision, kept by each complaint, and never a third stage."""

from __future__ import annotations

from typing import Any

import pytest

from core.code.catalogue import PERIODS, STANDARDS
from core.code.policy import WATCHED
from core.commands.base import Command
from core.commands.breaches import ExplainBreach
from core.commands.letters import LetterKind, WriteLetter
from core.commands.letters_going_out import SendLetter
from core.commands.policies import AdoptPolicy, ReviewPolicy
from core.commands.policy_files import AttachPolicy
from core.commands.policy_withdrawing import WithdrawPolicy
from core.commands.standards import AdoptStandards
from core.errors import BadInput, ComplaintsError, NotFound, NotPermitted, ReasonNeeded, StepNotOpen
from core.evidence import add_policy_file
from core.queries.in_force import policy_today
from core.queries.policies import policy_file, policy_versions
from core.rules.facts import Standing
from core.store.keeping import referred_to
from tests.assessing import opened
from tests.builders import Story, day
from tests.commands.test_guidance import A_PDF
from tests.conftest import Desks
from tests.policies import LATER, TODAY, WHY, adopt, overtaken


def refused(story: Story, command: Command, sentence: str, kind: type[ComplaintsError] = BadInput) -> None:
    """The step is refused with this sentence, and leaves no trace."""
    before = [len(story.rows(name)) for name in ("policy_version", "policy_departure", "departure", "ledger_entry")]
    with pytest.raises(kind, match=sentence):
        story.desks.manager.do(command)  # type: ignore[attr-defined]
    after = [len(story.rows(name)) for name in ("policy_version", "policy_departure", "departure", "ledger_entry")]
    assert after == before


def test_intro_5_a_complaint_keeps_the_version_it_was_taken_in_under(story: Story, desks: Desks) -> None:
    """Version 2 begins on Tuesday; what came in on Monday has the Code's dates for good, at stage 2 as well."""
    before = story.record(day("2026-09-07"))
    desks.manager.do(adopt(respond_stage_one=15, respond_stage_two=25, good_reason=WHY))
    after = story.record(LATER)
    for reference in (before, after):
        story.acknowledge(reference, LATER)
    due = {reference: story.duties(reference)["respond_stage_one"]["due_on"] for reference in (before, after)}
    assert due == {before: day("2026-09-22"), after: day("2026-09-29")}
    story.respond(before, day("2026-09-22"))
    story.open_two(before, day("2026-09-23"))
    story.acknowledge_two(before, day("2026-09-24"))
    assert story.duties(before)["respond_stage_two"]["due_on"] == day("2026-10-22")
    assert [story.case(reference)["policy_id"] for reference in (before, after)] == [1, 2]


def test_using_1_a_longer_period_is_a_departure_with_clause_reason_and_body_at_once(story: Story, desks: Desks) -> None:
    refused(story, adopt(respond_stage_one=15), "15 working days in Sampleford policy, 10 working days", ReasonNeeded)
    desks.manager.do(adopt(respond_stage_one=15, acknowledge_stage_one=3, good_reason=WHY))
    longer, shorter = sorted(story.rows("policy_departure"), key=lambda row: str(row["clause"]), reverse=True)
    assert (longer["clause"], longer["key"], longer["reason"]) == ("lgsco:6.3", "respond_stage_one", WHY)
    assert (shorter["clause"], shorter["reason"]) == ("lgsco:6.2", "")
    assert story.rows("policy_version", id=2)[0]["resolution"] == "Cabinet, 1 September, 12"
    assert story.rows("departure") == []


@pytest.mark.parametrize(
    ("given", "asks"),
    [
        ({"respond_stage_one": 8}, False),
        ({"respond_stage_one": 10}, False),
        ({"extend_stage_two": 21}, True),
        ({"accept_within": 24}, False),
        ({"accept_within": 6}, True),
        ({"closure_days_skip": True}, True),
        ({"weekend_receipt_lenient": True}, True),
        ({"late_acknowledgement_buys_time": True}, True),
        ({"whole_case_amber": 6, "reply": 5, "service_standards": True}, False),
    ],
)
def test_using_1_only_what_leaves_people_less_than_the_code_asks_for_a_reason(
    story: Story, desks: Desks, given: dict[str, Any], asks: bool
) -> None:
    """Fewer months to complain in is less; fewer days for an answer is more."""
    if asks:
        refused(story, adopt(**given), r"\.", ReasonNeeded)
    else:
        desks.manager.do(adopt(**given))
        assert all(row["reason"] == "" for row in story.rows("policy_departure"))


def test_6_20_and_5_2_no_policy_has_a_third_stage_or_one_between(story: Story, desks: Desks) -> None:
    """Neither a number of stages nor a period of another stage is taken [lgsco:5.2, 6.20]."""
    for more in ({"stages": 3}, {"respond_stage_three": 10}, {"informal_stage": 5}):
        with pytest.raises(BadInput, match=r"stages|stage"):
            desks.manager.form(AdoptPolicy, adopt().model_dump() | more)
    assert {"stages", "respond_stage_three"}.isdisjoint(AdoptPolicy.model_fields)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"in_force_from": day("2026-09-06")}, "Choose today or a later day"),
        ({"whole_case_amber": 12}, "comes after the first"),
    ],
)
def test_what_cannot_be_a_policy_is_refused_with_the_next_step(
    story: Story, given: dict[str, Any], sentence: str
) -> None:
    refused(story, adopt(**given), sentence)


def test_a_version_begins_after_the_newest_one(story: Story, desks: Desks) -> None:
    desks.manager.do(adopt(respond_stage_one=9))
    refused(story, adopt(name="Another"), "Choose the day after Tue 8 September 2026")


def test_standards_adopted_later_keep_the_periods_of_the_policy(story: Story, desks: Desks) -> None:
    desks.manager.do(adopt(in_force_from=TODAY, respond_stage_one=9, reply=3, whole_case_amber=6))
    desks.manager.do(AdoptStandards(kept=True, in_force_from=LATER, resolution="The same cabinet"))
    story.on(LATER)
    policy = desks.handler.ask(policy_today)
    assert (policy.service_standards, policy.period("respond_stage_one").value) == (True, 9)
    assert (policy.standard("reply"), policy.standard("introduce"), policy.watch_weeks("whole_case_amber")) == (3, 5, 6)


def test_a_policy_decides_every_period_that_the_console_counts_by() -> None:
    """A period that no policy could change would be ours and not the council's."""
    assert {*PERIODS, *STANDARDS, *WATCHED} - AdoptPolicy.asked_fields().keys() == set()


def test_a_standard_of_the_policys_own_length_is_what_is_owed(story: Story, desks: Desks) -> None:
    desks.manager.do(adopt(in_force_from=TODAY, service_standards=True, reply=4))
    reference = story.record(TODAY)
    story.message(reference)
    assert story.duties(reference)["reply"]["due_on"] == day("2026-09-11")


def test_3_5_somebody_reads_what_the_settings_cannot_show(story: Story, desks: Desks) -> None:
    read = ReviewPolicy(item="publicised", said=True, where="Page 2.")
    refused(story, read, "No policy of the council’s own", ComplaintsError)
    desks.manager.do(adopt(in_force_from=TODAY, words="How to complain"))
    desks.manager.do(read)
    assert [(row["item"], row["said"]) for row in story.rows("policy_item")] == [("publicised", True)]
    for item in ("text", "nonsense"):
        refused(story, ReviewPolicy(item=item, said=True, where="x"), "Choose one of the list")


# ------------------------------------------------------------------------------------------- explained afterwards


def late(story: Story, explained: str | None = None) -> str:
    """A complaint acknowledged late; with a reason at the time or, as the old steps allow, one that is found later."""
    reference = story.record(TODAY)
    story.acknowledge(reference, day("2026-09-16"), good_reason=explained or "The inbox was not watched.")
    return reference


def test_using_2_a_breach_is_explained_afterwards_and_stays_late(story: Story, desks: Desks) -> None:
    """The reason stands beside it with the day it was given, and the duty is not touched [lgsco:8.1c]."""
    reference = overtaken(story)
    duty = story.duties(reference)["respond_stage_one"]
    assert duty["standing"] == Standing.LATE
    story.on(day("2026-10-05"))
    desks.handler.do(ExplainBreach(duty_id=duty["id"], reason=WHY))
    assert story.duties(reference)["respond_stage_one"] == duty
    row = next(row for row in story.rows("departure") if row["step"] == "ExplainBreach")
    assert (row["clause"], row["reason"], row["recorded_on"]) == ("lgsco:6.3", WHY, day("2026-10-05"))
    assert "not done" in str(row["finding"])
    refused(story, ExplainBreach(duty_id=duty["id"], reason="Again."), "needs no explanation")


def test_a_duty_in_time_explained_or_unseen_is_not_explained_again(story: Story, desks: Desks) -> None:
    reference = late(story)
    refused(
        story, ExplainBreach(duty_id=story.duties(reference)["acknowledge_stage_one"]["id"], reason="x"), "needs no"
    )
    refused(story, ExplainBreach(duty_id=9999, reason="x"), "There is no such duty")
    hidden = overtaken(story)
    duty = story.duties(hidden)["respond_stage_one"]["id"]
    story.keep_confidential(hidden, desks.reviewer)
    refused(story, ExplainBreach(duty_id=duty, reason="x"), "There is no such duty")


def test_using_3_the_letter_about_our_own_policy_goes_nowhere_without_the_ombudsman(story: Story, desks: Desks) -> None:
    """It explains what could not be done and points to the Ombudsman; left out only with a recorded reason."""
    reference = story.acknowledged()
    letter_id = story.draft(reference, kind=LetterKind.UNABLE_TO_COMPLY)
    sending = {"reference": reference, "letter_id": letter_id, "sent_on": story.clock.now.date()}  # type: ignore[attr-defined]
    texts = {"explanation": "The round cannot be run this week.", "ombudsman": ""}
    parts = tuple({"content": content, "text": text} for content, text in texts.items())
    desks.handler.do(desks.handler.form(WriteLetter, {"reference": reference, "letter_id": letter_id, "parts": parts}))
    with pytest.raises(ReasonNeeded) as refusal:
        desks.handler.do(SendLetter(**sending))
    assert [finding.clause for finding in refusal.value.findings] == ["lgsco:using.3"]  # type: ignore[attr-defined]


def test_3_4_a_version_is_kept_as_a_file_that_is_checked_and_opened(story: Story, desks: Desks) -> None:
    """PDF or Word; the newest of a version holds, and one that is held back is opened by nobody [lgsco:3.4]."""
    manager, member = desks.manager, desks.member
    with pytest.raises(NotFound, match="no such file"):
        member.ask(policy_file, 1)
    for name, content, version, sentence in (
        ("policy.txt", b"We answer.", 1, "no PDF or Word file"),
        ("policy.docx", A_PDF, 1, "policy.docx"),
        ("policy.pdf", A_PDF, 99, "no such version"),
    ):
        with pytest.raises(BadInput, match=sentence):
            add_policy_file(manager, version, name=name, content=content)
    with pytest.raises(NotPermitted):
        add_policy_file(member, 1, name="policy.pdf", content=A_PDF)
    done = add_policy_file(manager, 1, name="policy.pdf", content=A_PDF)
    assert done.sentences[-1].endswith("as the file “policy.pdf”.")
    kept = member.ask(policy_file, 1)
    with story.office.database.reading() as connection:
        assert referred_to(connection, {kept.sha256, "0" * 64}, since=story.clock.now) == {kept.sha256}
    manager.do(adopt())
    assert [each.file for each in member.ask(policy_versions)] == ["", "policy.pdf"]
    held = {"name": "newer.pdf", "media_type": "application/pdf", "size": 9, "sha256": "e" * 64}
    manager.do(AttachPolicy(policy_id=1, **held, why_held="The scanner is away."))
    with pytest.raises(BadInput, match="is held back: The scanner is away"):
        member.ask(policy_file, 1)
    assert [each.why_held for each in member.ask(policy_versions)] == ["", "The scanner is away."]


def test_5_1_a_planned_version_is_withdrawn_before_it_begins_and_the_ledger_keeps_it(
    story: Story, desks: Desks
) -> None:
    """The newest that is to come, with all that belongs to it; never one that began [lgsco:5.1]."""
    manager, why = desks.manager, "Adopted for the wrong day."
    refused(story, WithdrawPolicy(policy_id=99, why=why), "no such version")
    refused(story, WithdrawPolicy(policy_id=1, why=why), "so it stays", StepNotOpen)
    manager.do(adopt(name="Second", respond_stage_one=15, words="Our policy.", good_reason=WHY))
    opened(story)
    manager.do(adopt(name="Third", in_force_from=day("2026-10-01")))
    add_policy_file(manager, 3, name="policy.pdf", content=A_PDF)
    refused(story, WithdrawPolicy(policy_id=2, why=why), "“Third” follows from", StepNotOpen)
    for number in (3, 2):
        manager.do(WithdrawPolicy(policy_id=number, why=why))
    assert [row["id"] for row in story.rows("policy_version")] == [1]
    for table in ("policy_departure", "policy_paper", "policy_file"):
        assert story.rows(table) == []
    assert [row["policies_known"] for row in story.rows("self_assessment")] == [1]
    assert story.tags()[-2:] == ["policy.withdrawn", "policy.withdrawn"]
    manager.do(adopt(name="Second again"))
    story.on(LATER)
    assert manager.ask(policy_today).name == "Second again"
    assert story.verified() == len(story.tags())
