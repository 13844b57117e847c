"""A point raised later joins stage 1 or becomes a complaint of its own, by the three questions of 6.9."""

from __future__ import annotations

from itertools import product

import pytest

from core.commands.adjusting import EndAdjustment, FlagRisk, KeepPreference
from core.commands.fairness import DeclareConflict, NameOfficers
from core.commands.recording import AddPoint
from core.commands.splitting import SplitPoint
from core.commands.stage_one import Assign
from core.errors import BadInput, StepNotOpen
from core.model.complaints import Channel
from core.queries.cases import case_view
from core.queries.evidence import confidence
from core.queries.people import case_people
from core.queries.searching import search
from core.rules.parties import ConflictKind
from core.rules.steps import Position
from tests.builders import ACKNOWLEDGED, RECEIVED, Story, day
from tests.commands.refusals import reason_asked, refused
from tests.conftest import Desks


@pytest.mark.parametrize(("related", "answered", "delays"), list(product([True, False], repeat=3)))
def test_T21_a_point_joins_or_is_split_by_the_three_questions(
    story: Story, related: bool, answered: bool, delays: bool
) -> None:
    """T21: all eight: each way round, one step goes through and the other asks why [lgsco:6.9]; reading R21."""
    reference = story.reach(Position.ONE_REOPENED if answered else Position.ONE_CONSIDERED)
    today = story.clock.now.date()
    given = {
        "reference": reference,
        "text": "The food bin too",
        "raised_on": today,
        "related": related,
        "delays": delays,
    }
    handler, joins = story.desks.handler, related and not answered and not delays
    splitting = SplitPoint(**given, matter="Food bin", channel=Channel.PHONE)  # type: ignore[arg-type]
    with reason_asked(story, "lgsco:6.9"):
        handler.do(splitting if joins else AddPoint(**given))  # type: ignore[arg-type]
    if joins:
        handler.do(AddPoint(**given))  # type: ignore[arg-type]
        assert story.points(reference) == [1, 2]
        assert len(story.rows("complaint")) == 1
    else:
        handler.do(splitting)
        assert story.points(reference) == [1]
        assert len(story.rows("complaint")) == 2
    assert story.departures(reference) == []


def test_a_new_complaint_has_the_same_person_and_service_and_its_own_day(story: Story, desks: Desks) -> None:
    """T21: received on the day it was raised, with clocks of its own [lgsco:6.9]; reading R21."""
    reference = story.record(service_id=2, category="Bins", postcode="ZZ1 1ZZ")
    story.acknowledge(reference)
    owed = story.duties(reference)
    new = story.split(reference, ACKNOWLEDGED, raised_on=day("2026-09-10"))
    view = desks.handler.ask(case_view, new)
    assert (view.received_on, view.logged_on) == (day("2026-09-10"), ACKNOWLEDGED)
    assert (view.individual["name"], view.individual["email"]) == ("Sam Sample", "sam@sample.example")
    assert (view.service, view.category, view.matter) == ("Housing repairs", "Bins", "Street light out")
    assert view.words == "And the street light is out."
    assert story.duties(new)["acknowledge_stage_one"]["due_on"] == day("2026-09-17")
    assert story.duties(reference) == owed
    assert [row.reference for row in desks.handler.ask(search, "ZZ1 1ZZ").rows] == [new, reference]
    (link,) = story.rows("case_match")
    ids = [story.case(each)["id"] for each in (reference, new)]
    assert ([link["first_id"], link["second_id"]], link["kind"]) == (ids, "related")


def test_both_histories_name_the_other(story: Story, desks: Desks) -> None:
    """T21: whoever reads one finds the other [lgsco:6.9, 5.8]."""
    reference = story.acknowledged()
    new = story.split(reference)
    old, born = desks.handler.ask(case_view, reference).history, desks.handler.ask(case_view, new).history
    assert old[0].sentence == (
        f"Recorded “Street light out”, raised on Mon 14 September 2026, as a complaint of its own: {new}."
    )
    assert born[0].sentence == f"Split from {reference}, where it was raised on Mon 14 September 2026."
    assert [line.tag for line in born] == ["complaint.split", "complaint.recorded"]
    assert story.verified() == len(story.tags())


def test_what_comes_out_of_a_confidential_complaint_is_as_confidential(story: Story, desks: Desks) -> None:
    """The same people see both, and nobody else either [lgsco:5.8]."""
    reference = story.acknowledged()
    story.assign(reference)
    story.keep_confidential(reference)
    new = story.split(reference)
    first, second = (desks.reviewer.ask(confidence, each) for each in (reference, new))
    assert first is not None
    assert second is not None
    assert (second.named, second.reason) == (first.named, first.reason)
    assert desks.manager.ask(search, new).rows == ()
    assert desks.handler.ask(case_view, new).reference == new


def test_whoever_it_is_about_cannot_be_given_the_new_one(story: Story, desks: Desks) -> None:
    """Neither the officer named in the first complaint nor one with a conflict considers the second [lgsco:5.4]."""
    reference = story.acknowledged()
    named, declared = desks.reviewer.actor, desks.handler.actor
    desks.handler.do(NameOfficers(reference=reference, officers_named=(named.id,)))
    desks.handler.do(DeclareConflict(reference=reference, kind=ConflictKind.PERCEIVED, detail="They are neighbours."))
    new = story.split(reference)
    for colleague in (named, declared):
        with refused(story, StepNotOpen, match=colleague.name):
            desks.manager.do(Assign(reference=new, colleague_id=colleague.id))
    told = [line.sentence for line in desks.manager.ask(case_view, new).history if line.tag == "treatment.carried"]
    assert [sorted(names.split(": ")[1].rstrip(".").split(", ")) for names in told] == [
        sorted([named.name, declared.name])
    ]


def test_the_new_one_treats_the_person_as_the_first_does(story: Story, desks: Desks) -> None:
    """The representative, what was agreed and what is restricted hold there too, with reviews owed [lgsco:5.6]."""
    reference = story.acknowledged()
    story.represent(reference, authority=True)
    story.adjust(reference, what="Ended before the split")
    desks.handler.do(
        EndAdjustment(
            reference=reference, adjustment_id=1, ended_on=story.clock.now.date(), why="It is not needed any more."
        )
    )
    story.adjust(reference, agreed_format="18 point")
    story.restrict(reference)
    desks.handler.do(KeepPreference(reference=reference, preference="By letter."))
    desks.handler.do(FlagRisk(reference=reference, reason="No heating, and a small child."))
    new = story.split(reference)
    first, second = (desks.handler.ask(case_people, each) for each in (reference, new))
    assert [each.what for each in second.adjustments if each.ended_on is None] == ["Letters in large print"]
    assert (second.preference, second.risk) == (first.preference, first.risk) != ("", "")
    assert [(each.name, each.authority) for each in second.parties] == [
        (each.name, each.authority) for each in first.parties
    ]
    owed, owed_before = (
        {kind: duty["due_on"] for kind, duty in story.duties(each).items() if kind.startswith("review")}
        for each in (new, reference)
    )
    assert owed == owed_before
    assert set(owed) == {"review_adjustment", "review_restriction"}


def test_a_new_issue_at_stage_two_becomes_a_complaint_of_its_own(story: Story) -> None:
    """Stage 1 is past, answered or not [lgsco:6.9]."""
    reference = story.record()
    story.open_two(reference, RECEIVED, good_reason="They asked at once.")
    new = story.split(reference, RECEIVED, related=True)
    assert story.case(new)["position"] == Position.ONE_AWAITING_ACKNOWLEDGEMENT.value


def test_one_that_cannot_be_reached_stays_so(story: Story) -> None:
    """No acknowledgement is owed on the new one either [lgsco:6.2]; reading R29."""
    reference = story.record(individual="", contact_email="", no_contact_details=True)
    new = story.split(reference, RECEIVED)
    assert story.duties(new)["acknowledge_stage_one"]["standing"] == "void"


def test_a_point_is_raised_between_receipt_and_today(story: Story) -> None:
    reference = story.acknowledged()
    for raised, said in ((day("2026-09-04"), "before the complaint was received"), (day("2026-09-15"), "not come")):
        with refused(story, BadInput, match=said):
            story.split(reference, raised_on=raised)
