"""Cases that are linked, or put aside as not the same: each keeps its own record, and both say so."""

from __future__ import annotations

import pytest

from core.commands.matching import DismissMatch, LinkCases, UnlinkCases
from core.errors import BadInput, NotFound
from core.model.matches import LinkKind
from core.queries.cases import case_view
from core.queries.duplicates import belonging
from tests.builders import Story
from tests.commands.refusals import refused
from tests.conftest import Desks

WHY = "Both are about the round of 4 September."


def link(reference: str, other: str, kind: LinkKind = LinkKind.SAME_MATTER, why: str = WHY) -> LinkCases:
    """The step that links two cases."""
    return LinkCases(reference=reference, other=other, kind=kind, why=why)


def test_two_cases_are_linked_and_both_say_so(story: Story, desks: Desks) -> None:
    """Two records, two clocks, one link; the reason stands where it was written [lgsco:6.9]."""
    one, two = story.record(), story.record()
    before = [story.case(each) for each in (one, two)]
    done = desks.handler.do(link(one, f" {two.lower()} "))
    assert done.sentences == (f"Linked to another case: same matter. {WHY}", "Linked to another case: same matter.")
    assert [story.case(each) for each in (one, two)] == before
    for here, other in ((one, two), (two, one)):
        (shown,) = desks.quality.ask(belonging, here).linked
        assert (shown.reference, shown.kind, shown.why) == (other, "same matter", WHY)
        assert desks.quality.ask(belonging, here).likely == ()
        assert story.tags(here)[-1] == "cases.linked"
    assert [WHY in desks.quality.ask(case_view, each).history[0].sentence for each in (one, two)] == [True, False]
    assert story.verified() == len(story.tags())


def test_two_cases_are_put_aside_with_a_reason(story: Story, desks: Desks) -> None:
    """Neither page shows the other any more, and both histories say it was decided [lgsco:5.8]."""
    one, two = story.record(), story.record()
    assert [match.reference for match in desks.handler.ask(belonging, two).likely] == [one]
    desks.handler.do(DismissMatch(reference=two, other=one, why="A neighbour of the same name."))
    for each in (one, two):
        assert desks.handler.ask(belonging, each).likely == ()
        assert desks.handler.ask(belonging, each).linked == ()
        assert story.tags(each)[-1] == "match.dismissed"


def test_a_later_decision_stands_in_the_place_of_the_one_before(story: Story, desks: Desks) -> None:
    """The list shows the newest, the ledger all of them."""
    one, two = story.record(), story.record()
    desks.handler.do(link(one, two))
    desks.handler.do(link(two, one, LinkKind.SAME_PERSON, ""))
    assert [each.kind for each in desks.handler.ask(belonging, one).linked] == ["same person"]
    desks.handler.do(DismissMatch(reference=one, other=two, why="Another Sam."))
    assert desks.handler.ask(belonging, one).linked == ()
    desks.handler.do(link(one, two, LinkKind.RELATED))
    assert [each.kind for each in desks.handler.ask(belonging, two).linked] == ["related"]
    assert len(story.rows("case_match")) == 1
    assert story.tags(two).count("cases.linked") == 3


def test_what_is_decided_already_is_not_decided_twice(story: Story, desks: Desks) -> None:
    one, two = story.record(), story.record()
    desks.handler.do(link(one, two))
    with refused(story, BadInput, match=f"{two} and {one} are linked as “same matter” already"):
        desks.handler.do(link(two, one))
    desks.handler.do(DismissMatch(reference=one, other=two, why="No."))
    with refused(story, BadInput, match="are put aside as not the same already"):
        desks.handler.do(DismissMatch(reference=one, other=two, why="No."))


def test_a_case_is_not_linked_to_itself_or_to_nothing(story: Story, desks: Desks) -> None:
    reference = story.record()
    with refused(story, BadInput, match="not linked to itself"):
        desks.handler.do(link(reference, reference.lower()))
    with refused(story, NotFound, match="There is no complaint C-2026-999999"):
        desks.handler.do(link(reference, "C-2026-999999"))


def test_a_confidential_case_is_linked_by_those_who_see_it_and_shown_to_nobody_else(story: Story, desks: Desks) -> None:
    """The other page shows no link and its history names no case [lgsco:5.8]."""
    secret, other = story.record(), story.record()
    story.keep_confidential(secret)
    with refused(story, NotFound, match=f"There is no complaint {secret}"):
        desks.handler.do(link(other, secret))
    desks.reviewer.do(link(secret, other, why="The xylophone again."))
    assert [each.reference for each in desks.reviewer.ask(belonging, other).linked] == [secret]
    seen = (desks.handler.ask(belonging, other), desks.handler.ask(case_view, other))
    for each in (secret, "xylophone"):
        assert each not in repr(seen)


@pytest.mark.parametrize("name", ["senior_lead", "quality", "link_officer", "recorder", "member"])
def test_only_those_who_handle_decide(story: Story, desks: Desks, name: str) -> None:
    one, two = story.record(), story.record()
    with refused(story, Exception, match="Only a handler can take this step"):
        getattr(desks, name).do(link(one, two))


def test_a_link_ends_with_a_reason_and_both_histories_keep_it(story: Story, desks: Desks) -> None:
    """Neither page shows it any more, they may be linked again, and only what is linked can be unlinked [lgsco:5.8]."""
    one, two = story.record(), story.record()
    with refused(story, BadInput, match=f"{one} and {two} are not linked"):
        desks.handler.do(UnlinkCases(reference=one, other=two, why="A slip."))
    desks.handler.do(link(one, two, LinkKind.GROUP))
    assert [each.kind for each in desks.handler.ask(belonging, two).linked] == ["part of a group"]
    done = desks.handler.do(UnlinkCases(reference=two, other=one, why="Two streets."))
    assert done.sentences[0] == "No longer linked to another case (part of a group). Two streets."
    for each in (one, two):
        assert desks.handler.ask(belonging, each).linked == ()
        assert story.tags(each)[-2:] == ["cases.linked", "cases.unlinked"]
    assert [match.reference for match in desks.handler.ask(belonging, one).likely] == [two]
    desks.handler.do(link(one, two, LinkKind.REPEAT))
    desks.handler.do(DismissMatch(reference=one, other=two, why="Another Sam."))
    with refused(story, BadInput, match="are not linked"):
        desks.handler.do(UnlinkCases(reference=one, other=two, why="A slip."))


def test_a_link_to_a_case_that_may_not_be_seen_is_said_without_it(story: Story, desks: Desks) -> None:
    """As the history says it: that there is one, and not which [lgsco:5.8]."""
    secret, other = story.record(), story.record()
    desks.handler.do(link(other, secret))
    story.keep_confidential(secret)
    told = desks.handler.ask(belonging, other)
    assert (told.linked, told.linked_unseen) == ((), True)
    assert desks.reviewer.ask(belonging, other).linked_unseen is False


def test_other_complaints_of_one_person_are_counted_among_those_seen(story: Story, desks: Desks) -> None:
    """By address, number, or name and postcode; a confidential one counts for those named alone."""
    first = story.record(individual="Kim Test", contact_email="kim@sample.example", contact_phone="")
    second = story.record(individual="K. Test", contact_email="KIM@sample.example", contact_phone="")
    story.record(individual="Kim Test", contact_email="other@sample.example", contact_phone="", postcode="ZZ8 8ZZ")
    assert [desks.handler.ask(belonging, each).others for each in (first, second)] == [1, 1]
    story.keep_confidential(second)
    assert desks.handler.ask(belonging, first).others == 0
    assert desks.reviewer.ask(belonging, first).others == 1
