"""A complaint at an Ombudsman: what is asked, drafted, decided and recommended, each owed by its day."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from core.commands.organising import RebuildDuties
from core.errors import BadInput, CalendarEnds, ComplaintsError, NotFound, NotPermitted, StepNotOpen
from core.queries.duties_check import duties_check
from core.queries.escalations import escalations
from core.queries.ombudsman import case_at_ombudsman, ombudsman_case, ombudsman_list
from core.queries.ombudsman_figures import ombudsman_figures, ombudsmen_together
from core.queries.queue import QueueFilter, queue
from core.rules.outside import CommentGround
from core.rules.steps import Position
from core.rules.yearly_letter import COHORT
from tests.builders import FINAL, RECEIVED, Row, Story, day
from tests.commands.refusals import refused
from tests.commands.test_corresponding import keep_standards
from tests.conftest import Desks
from tests.ombudsman import (
    ANSWERED,
    COMMENTED,
    COMMENTS_DUE,
    DECIDED,
    DRAFT,
    DUE,
    ENQUIRY,
    LETTER,
    RESPOND_BY,
    answer,
    close,
    comment,
    comply,
    decide,
    draft,
    enquiry,
    letter,
    link,
    recommend,
)  # fmt: skip
from tests.people import file_on

AFTER = timedelta(days=1)


def duty(story: Story, kind: str, **more: Any) -> Row:
    (row,) = story.rows("duty", kind=kind, **more)
    return row


def decided(story: Story) -> tuple[str, int]:
    """A finished complaint that the Ombudsman upheld."""
    reference = story.finished()
    of = enquiry(story, reference)
    decide(story, of)
    return reference, of


def test_an_enquiry_is_owed_by_its_day_and_stands_in_the_queue(story: Story) -> None:
    """The two stages are over and stay so [lgsco:6.20]."""
    reference = story.finished()
    before = story.case(reference)["position"]
    of = enquiry(story, reference)
    row = duty(story, "answer_enquiry")
    assert (row["due_on"], row["standing"], row["clause"], row["ours"]) == (RESPOND_BY, "open", "asked:LGSCO", False)
    (shown,) = story.desks.manager.ask(queue, QueueFilter(kind="answer_enquiry")).rows
    assert (shown.reference, shown.title) == (reference, "Answer the Ombudsman’s enquiry")
    done = answer(story, of)
    assert duty(story, "answer_enquiry")["standing"] == "in_time"
    assert story.case(reference)["position"] == before == Position.TWO_ANSWERED.value
    assert done.sentences == ("Answered the enquiry 26 000 101 on Fri 13 November 2026. All files.",)


def test_an_enquiry_is_none_of_stage_twos_dates(story: Story) -> None:
    """Escalations lists what the Code asks for at stage 2, even while an Ombudsman asks for something sooner."""
    reference = story.reach(Position.TWO_CONSIDERED)
    enquiry(story, reference, on=day("2026-10-12"), respond_by=day("2026-10-13"))
    strip = story.desks.manager.ask(escalations)
    assert [each.reference for each in strip.late] == []
    story.on(day("2026-10-20"))
    assert story.desks.manager.ask(escalations).counts["late"] == 0


def test_comments_on_a_draft_are_owed_and_a_new_draft_owes_them_again(story: Story) -> None:
    of = enquiry(story, story.finished())
    draft(story, of)
    assert duty(story, "comment_on_draft")["due_on"] == COMMENTS_DUE
    done = comment(story, of, grounds=(CommentGround.LAW.value, CommentGround.TIME.value))
    assert "error of law, more time is needed. The crew did call in May." in done.sentences[0]
    assert duty(story, "comment_on_draft")["standing"] == "in_time"
    draft(story, of, COMMENTED, draft_on=COMMENTED)
    assert duty(story, "comment_on_draft")["standing"] == "open"
    decide(story, of)
    assert duty(story, "comment_on_draft")["standing"] == "late"


def test_a_comment_has_a_ground_and_words_unless_there_is_none(story: Story) -> None:
    of = enquiry(story)
    draft(story, of)
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"grounds": (CommentGround.NONE.value, CommentGround.LAW.value)}, "alone"),
        ({"grounds": ("it is unfair",)}, "no such ground"),
        ({"comments": ""}, "Write what is wrong with the draft"),
        ({"commented_on": ENQUIRY}, "is before the draft came"),
    ]
    for given, sentence in wrong:
        with refused(story, BadInput, match=sentence):
            comment(story, of, **given)
    assert comment(story, of, grounds=(CommentGround.NONE.value,), comments="").sentences[0].endswith("no comment.")


def test_a_decision_is_kept_in_both_vocabularies_and_can_be_put_right(story: Story) -> None:
    of = enquiry(story, story.finished())
    done = decide(story, of, outcome="lgsco_referred_back")
    assert "Not for us, or not ready for us (earlier: Referred back for local resolution)." in done.sentences[0]
    decide(story, of, remedy_before=True, published_on=DECIDED)
    view = story.desks.manager.ask(ombudsman_case, of)
    assert view.row.decision is not None
    assert (view.row.decision.key, view.row.remedy_before, view.row.published_on) == ("lgsco_upheld", True, DECIDED)


def test_a_decision_that_cannot_be_is_refused(story: Story) -> None:
    of = enquiry(story)
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"outcome": "hos_severe"}, "decides no such thing"),
        ({"outcome": "lgsco_not_upheld", "remedy_before": True}, "Take the tick away"),
        ({"decided_on": ENQUIRY - AFTER}, "is before what came before it"),
        ({"published_on": DECIDED - AFTER}, "is before it was decided"),
        ({"decided_on": DECIDED + AFTER}, "has not come yet"),
    ]
    for given, sentence in wrong:
        story.on(DECIDED)
        with refused(story, BadInput, match=sentence):
            decide(story, of, **given)


def test_KPI22_a_recommendation_is_owed_until_it_is_complied_with(story: Story) -> None:
    """By its owner, with what shows it; then the case can be closed."""
    reference, of = decided(story)
    first = recommend(story, of, owner_id=story.desks.other_handler.actor.id)
    row = duty(story, "comply_recommendation")
    assert (row["owner_id"], row["due_on"], row["standing"]) == (story.desks.other_handler.actor.id, DUE, "open")
    (mine,) = story.desks.other_handler.ask(queue, QueueFilter(owner_id=story.desks.other_handler.actor.id)).rows
    assert (mine.reference, mine.title) == (reference, "Comply with a recommendation")
    with refused(story, StepNotOpen, match="Steps open now: Add a recommendation"):
        close(story, of)
    with refused(story, BadInput, match="Choose the file that shows it"):
        comply(story, first, evidence="")
    file_id = file_on(story, reference, name="Apology.pdf")
    done = comply(story, first, DUE + AFTER, by=story.desks.other_handler, evidence="", evidence_file_id=file_id)
    assert done.sentences == (
        "Complied on Tue 9 February 2027 with: Apologise in writing. It was due by Mon 8 February 2027. "
        "Evidence: the file Apology.pdf.",
    )
    assert duty(story, "comply_recommendation")["standing"] == "late"
    with refused(story, StepNotOpen, match="complied with already"):
        comply(story, first, DUE + AFTER)
    close(story, of, DUE + AFTER, note="The rota was changed.")
    assert story.desks.manager.ask(ombudsman_case, of).steps == ()
    with refused(story, StepNotOpen, match="It is closed"):
        decide(story, of)


def test_a_file_of_another_case_shows_nothing(story: Story) -> None:
    _, of = decided(story)
    other = file_on(story, story.record())
    first = recommend(story, of)
    with refused(story, BadInput, match="Add it to the case first"):
        comply(story, first, evidence_file_id=other)


def test_what_the_council_does_not_accept_is_kept_with_its_reason_and_is_no_duty(story: Story) -> None:
    _, of = decided(story)
    with refused(story, BadInput, match="Write why the council does not accept it"):
        recommend(story, of, accepted=False)
    refused_one = recommend(story, of, accepted=False, why_not="The law forbids it.")
    assert story.rows("duty", kind="comply_recommendation") == []
    with refused(story, StepNotOpen, match="did not accept it"):
        comply(story, refused_one)
    close(story, of)


def test_a_recommendation_is_seen_to_by_somebody_who_works_with_cases(story: Story) -> None:
    _, of = decided(story)
    with refused(story, BadInput, match="works with cases here"):
        recommend(story, of, owner_id=story.desks.member.actor.id)


def test_an_enquiry_without_a_complaint_is_put_with_it_later(story: Story) -> None:
    """It came too early, or nothing is recorded here; recommendations wait until it stands with a complaint."""
    of = enquiry(story)
    assert story.rows("duty", kind="answer_enquiry") == []
    (row,) = story.desks.link_officer.ask(ombudsman_list).open
    assert (row.complaint, row.act_by, row.next_title) == ("", RESPOND_BY, "Answer the Ombudsman’s enquiry")
    decide(story, of, outcome="lgsco_referred_back")
    with refused(story, StepNotOpen, match="Steps open now: Record the decision, Put it with its complaint"):
        recommend(story, of)
    reference = story.record(day("2027-01-11"))
    link(story, of, reference)
    assert [each.id for each in story.desks.handler.ask(case_at_ombudsman, reference)] == [of]
    recommend(story, of)


def test_an_enquiry_that_cannot_be_is_refused(story: Story) -> None:
    wrong: list[tuple[dict[str, Any], type[ComplaintsError], str]] = [
        ({"ombudsman": "bins"}, BadInput, "no such Ombudsman"),
        ({"complaint": "C-2026-999999"}, NotFound, "C-2026-999999"),
        ({"enquiry_on": ENQUIRY + AFTER}, BadInput, "has not come yet"),
        ({"respond_by": ENQUIRY - AFTER}, BadInput, "is before it came"),
        ({"respond_by": day("2031-01-06")}, CalendarEnds, "."),
    ]
    story.on(ENQUIRY)
    for given, error, sentence in wrong:
        with refused(story, error, match=sentence):
            enquiry(story, **given)


def test_the_same_reference_is_recorded_once(story: Story) -> None:
    enquiry(story, their_reference="26 1")
    with refused(story, BadInput, match="recorded already"):
        enquiry(story, their_reference="26 1")
    enquiry(story, their_reference="26 1", ombudsman="hos")


def test_who_deals_with_the_ombudsman_and_who_does_not(story: Story, desks: Desks) -> None:
    """The link officer and the manager [lgsco:4.1]; a service's evidence comes from whoever has it."""
    reference = story.finished()
    for desk in (desks.link_officer, desks.manager):
        enquiry(story, reference, by=desk)
    with refused(story, NotPermitted, match="Only the link officer or the complaints manager"):
        enquiry(story, reference, by=desks.handler)


def test_E4_the_update_switches_to_two_months_while_it_is_with_the_ombudsman(story: Story) -> None:
    keep_standards(story)
    reference = story.record()
    story.assign(reference)
    monthly = duty(story, "update")
    assert (monthly["start_on"], monthly["due_on"]) == (RECEIVED, day("2026-10-07"))
    story.acknowledge(reference)
    story.respond(reference)
    of = enquiry(story, reference)
    row = duty(story, "update_ombudsman")
    assert (row["due_on"], row["ours"], row["standing"]) == (day("2027-01-02"), True, "open")
    decide(story, of)
    assert duty(story, "update_ombudsman")["standing"] == "late"


def test_the_stored_duties_are_those_counted_again(story: Story) -> None:
    reference, of = decided(story)
    recommend(story, of, owner_id=story.desks.handler.actor.id)
    assert story.desks.system.ask(duties_check).differing == ()
    rows = story.rows("duty")
    story.desks.system.do(RebuildDuties(references=(reference,)))
    assert story.rows("duty") == rows
    story.verified()


# ------------------------------------------------------------------------------------------------------ yearly letters


def figures(story: Story, year: int = 2026, body: str = "lgsco") -> Any:
    return story.desks.senior_lead.ask(ombudsman_figures, body, year)


def test_E23_a_letter_is_kept_in_versions_and_stands_beside_our_own_records(story: Story) -> None:
    reference, of = decided(story)
    recommend(story, of, due_on=DECIDED)
    decide(story, enquiry(story), outcome="lgsco_closed")
    story.on(day("2027-07-01"))
    letter(story, year=2026, file_name="Letter.csv", sha256="a" * 64)
    with refused(story, BadInput, match="Write why it is entered again"):
        letter(story, year=2026)
    letter(story, year=2026, figures=LETTER | {"received": "99"}, why="One figure was missed.")
    found = figures(story)
    assert (found.version, found.why, found.years) == (2, "One figure was missed.", (2026,))
    lines = {line.key: line for line in found.lines}
    assert (lines["dealt_with"].theirs, lines["dealt_with"].ours, lines["dealt_with"].difference) == (76, 2, -74)
    assert [lines[key].ours for key in ("assessed_and_closed", "investigated", "upheld", "due", "complied")] == [
        1, 1, 1, 1, 0,
    ]  # fmt: skip
    assert lines["similar_upheld_rate"].ours is None
    assert len(story.rows("annual_letter")) == 2
    assert reference


def test_KPI20_to_24_come_from_counts_of_the_letter_and_of_our_records(story: Story) -> None:
    decided(story)
    story.on(day("2027-07-01"))
    letter(story, year=2026)
    found = figures(story)
    theirs, ours = ({(each.number, each.title): each for each in kpis} for kpis in (found.letter_kpis, found.own_kpis))
    rate = theirs[21, "Upheld of those investigated"]
    assert (rate.words, rate.note) == ("81.3 % (13 of 16)", "Similar authorities on average: 89 %.")
    assert ours[21, "Upheld of those investigated"].words == "100.0 % (1 of 1)"
    assert ours[21, "Upheld for every 100,000 people"].words == "0.1 (1 for 770,000 people)"
    assert ours[23, "Satisfactory remedy offered before"].words == "0.0 % (0 of 1)"
    escalated = ours[24, "Ombudsman decisions to stage 1 answers"]
    assert (escalated.words, escalated.note) == ("100.0 % (1 of 1)", COHORT)


def test_KPI21_of_several_ombudsmen_is_weighted_and_never_averaged(story: Story) -> None:
    """13 of 16 and 0 of 4 are 13 of 20: 65 per cent, and not the half of 81 and 0."""
    story.on(day("2026-11-02"))
    letter(story)
    landlord = {
        "dealt_with": "4", "not_for_us": "0", "assessed_and_closed": "0", "investigated": "4", "upheld": "0",
        "due": "0", "complied": "0", "late": "0",
    }  # fmt: skip
    letter(story, body="hos", figures=landlord)
    kpis = {(each.number, each.title): each.words for each in story.desks.member.ask(ombudsmen_together, 2025)}
    assert kpis[21, "Upheld of those investigated"] == "65.0 % (13 of 20)"
    assert kpis[21, "Upheld for every 100,000 people"] == "not known"
    assert kpis[23, "Satisfactory remedy offered before"] == "not known"
    assert story.desks.member.ask(ombudsmen_together, 2024) == ()


def test_E23_a_letter_that_does_not_fit_is_refused_by_its_field(story: Story) -> None:
    wrong: list[tuple[dict[str, Any], str, str]] = [
        ({"figures": LETTER | {"dealt_with": "77"}}, "figures.dealt_with", "25 \\+ 35 \\+ 16 = 76"),
        ({"figures": LETTER | {"upheld": ""}}, "figures.upheld", "“Upheld” is not filled in yet"),
        ({"year": 2026}, "year", "The last one began in April 2025"),
        ({"year": 1066}, "year", "a year that is over"),
        ({"body": "bins"}, "body", "no such letter"),
    ]
    story.on(day("2026-11-02"))
    for given, field, sentence in wrong:
        with refused(story, BadInput, match=sentence) as caught:
            letter(story, **given)
        assert isinstance(caught.value, BadInput)
        assert list(caught.value.fields) == [field]


def test_a_figure_asked_of_nobody_is_a_sentence(story: Story) -> None:
    for body, year in (("bins", 2025), ("lgsco", 0)):
        with pytest.raises(BadInput, match="no such letter"):
            figures(story, year, body)
    with pytest.raises(NotFound, match="no such case at the Ombudsman"):
        story.desks.manager.ask(ombudsman_case, 2**40)
    assert (ANSWERED, COMMENTED, DRAFT, FINAL) < (DECIDED,) * 4
