"""Section 5: lateness is explained, and a refusal carries its reasons."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest

from core.rules.considering import FairnessFacts
from core.rules.s2_exclusions import refusal_shown_valid
from core.rules.s5_process import (
    chance_to_complain_offered,
    evidence_weighed,
    fairly_considered,
    free_to_consider,
    individual_heard,
    interests_declared,
    late_answer_explained,
    refusal_reasons_given,
    restriction_justified,
    reviewed_in_time,
)

DUE = date(2026, 9, 14)


@pytest.mark.parametrize("sent", [date(2026, 9, 1), date(2026, 9, 13), DUE], ids=["early", "day before", "on the day"])
def test_what_goes_out_by_its_date_explains_nothing(sent: date) -> None:
    """On the day is in time [lgsco:5.5]."""
    assert late_answer_explained(sent, due_on=DUE, what="The answer", clause="lgsco:6.3") == ()


def test_what_goes_out_a_day_late_says_why_under_its_own_clause() -> None:
    """The individual is told when and why [lgsco:5.5]."""
    (finding,) = late_answer_explained(date(2026, 9, 15), due_on=DUE, what="The answer", clause="lgsco:6.3")
    assert (finding.clause, finding.force) == ("lgsco:6.3", "should")
    assert finding.sentence == (
        "The answer was due by Mon 14 September 2026 and is dated Tue 15 September 2026. "
        "Record why it is late and what the individual was told."
    )


OWED = {
    "reasons": ("lgsco:5.7", "structure", "Say why stage 2 is refused, in words the individual will read."),
    "evidence": ("lgsco:2.1", "should", "Say what was looked at to be sure that this reason holds."),
    "circumstances": (
        "lgsco:2.5",
        "should",
        "Say what was weighed in this individual's own circumstances. A blanket rule is not enough.",
    ),
    "ombudsman_told": (
        "lgsco:2.4",
        "structure",
        "Tell the individual that they can take this refusal to the Ombudsman.",
    ),
}


@pytest.mark.parametrize(
    ("reasons", "evidence", "circumstances", "told"),
    list(product(["", "  ", "A court has it."], ["", "A claim form."], ["", " ", "A hearing is set."], [False, True])),
)
def test_a_refusal_owes_reasons_evidence_the_persons_own_circumstances_and_the_ombudsman(
    reasons: str, evidence: str, circumstances: str, told: bool
) -> None:
    """Each is found missing by itself and together; stage 2 as at the start [lgsco:5.7, 2.1, 2.4, 2.5]."""
    given = {"reasons": reasons, "evidence": evidence, "circumstances": circumstances, "ombudsman_told": told}
    lacking = [name for name in OWED if not (str(given[name]).strip() if name != "ombudsman_told" else told)]
    texts = {"reasons": reasons, "evidence": evidence, "circumstances": circumstances}
    findings = refusal_reasons_given(**texts, ombudsman_told=told)
    assert [(each.clause, each.force, each.sentence) for each in findings] == [OWED[name] for name in lacking]
    first = refusal_shown_valid(what="the complaint", clause="lgsco:2.4", **texts, ombudsman_told=told)
    assert [each.force for each in first] == [each.force for each in findings]
    if not reasons.strip():
        assert (first[0].clause, first[0].sentence[:29]) == ("lgsco:2.4", "Say why the complaint is refu")


@pytest.mark.parametrize("dissatisfied", [False, True])
@pytest.mark.parametrize("offered", [False, True])
def test_whoever_sounds_unhappy_is_offered_a_complaint(dissatisfied: bool, offered: bool) -> None:
    """Before a request that holds dissatisfaction ends [lgsco:5.3]."""
    found = chance_to_complain_offered(dissatisfied=dissatisfied, offered=offered)
    asked = (
        "They sound unhappy and were not offered a complaint yet. Offer one and record what they say, "
        "or record why none is offered."
    )
    said = [(finding.clause, finding.force, finding.sentence) for finding in found]
    assert said == ([("lgsco:5.3", "should", asked)] if dissatisfied and not offered else [])


# ------------------------------------------------------------------------------------------- conflicts and restrictions


def test_whoever_is_named_or_has_a_conflict_considers_nothing() -> None:
    """It cannot be done with a reason: somebody else does it [lgsco:5.4]."""
    assert free_to_consider("Hana", named=False, declared=False) == ()
    for given, said in (
        ({"named": True, "declared": True}, "Hana is named in this complaint"),
        ({"named": False, "declared": True}, "Hana has declared a conflict of interest in this complaint"),
    ):
        (finding,) = free_to_consider("Hana", **given)
        assert (finding.clause, finding.force) == ("lgsco:5.4", "structure")
        assert finding.sentence == (f"{said}, so somebody else considers it. Ask the complaints manager to hand it on.")


def test_a_review_by_its_day_explains_nothing_and_a_day_later_it_does() -> None:
    """Each under the clause that asks for the review [lgsco:5.6, 5.10]."""
    assert reviewed_in_time(DUE, due_on=DUE, what="The adjustment", clause="lgsco:5.6") == ()
    (finding,) = reviewed_in_time(date(2026, 9, 15), due_on=DUE, what="The adjustment", clause="lgsco:5.6")
    assert (finding.clause, finding.force) == ("lgsco:5.6", "should")
    assert finding.sentence == (
        "The adjustment was to be reviewed by Mon 14 September 2026. Record why the review is late."
    )


WEIGHED = {
    "evidence": (
        "lgsco:5.10", "structure", "Say what behaviour the restriction rests on, and where the evidence is.",
    ),
    "equality": ("lgsco:5.11", "structure", "Say what was considered under the Equality Act 2010."),
    "way_to_complain": ("lgsco:5.11", "structure", "Say how this person can still make a new complaint."),
    "lesser_measures": (
        "lgsco:5.11", "should", "Say what lesser measures were considered, and why they are not enough.",
    ),
    "challenge_told": (
        "lgsco:5.10", "should", "They were not told how to challenge the restriction. Tell them, or record why not.",
    ),
}  # fmt: skip


def weighed(*lacking: str) -> list[tuple[str, str, str]]:
    texts = {name: " " if name in lacking else "Said." for name in WEIGHED if name != "challenge_told"}
    found = restriction_justified(**texts, challenge_told="challenge_told" not in lacking)
    return [(each.clause, each.force, each.sentence) for each in found]


@pytest.mark.parametrize("lacking", WEIGHED)
def test_a_restriction_says_what_it_rests_on_and_what_was_weighed(lacking: str) -> None:
    """Evidence, the Equality Act and a way to complain always; the other two with a reason [lgsco:5.10, 5.11]."""
    assert weighed(lacking) == [WEIGHED[lacking]]


def test_all_that_a_restriction_lacks_is_told_at_once() -> None:
    """So that an officer mends it in one go [lgsco:5.10, 5.11]."""
    assert weighed() == []
    assert weighed(*WEIGHED) == list(WEIGHED.values())


def test_5_4_an_answer_that_lacks_nothing_asks_nothing() -> None:
    """Declared, heard and weighed [lgsco:5.4]."""
    assert fairly_considered(FairnessFacts(position_obtained=True)) == ()
    assert fairly_considered(FairnessFacts(reachable=False)) == ()


@pytest.mark.parametrize(
    "facts",
    [
        FairnessFacts(undeclared=("Hana Handler",), position_obtained=True),
        FairnessFacts(),
        FairnessFacts(undecided=("Photograph.jpg",), position_obtained=True),
    ],
    ids=["not declared", "not heard", "not weighed"],
)
def test_5_4_each_thing_that_is_lacking_is_one_finding_that_a_reason_answers(facts: FairnessFacts) -> None:
    """A should: it is departed from with a reason, and never silently [lgsco:5.4]."""
    (finding,) = fairly_considered(facts)
    assert (finding.clause, finding.force) == ("lgsco:5.4", "should")


@pytest.mark.parametrize(
    ("names", "who"),
    [
        (("Hana Handler",), "Hana Handler has"),
        (("Hana Handler", "Rita Reviewer"), "Hana Handler and Rita Reviewer have"),
        (("Hana Handler", "Asif Author", "Rita Reviewer"), "Hana Handler, Asif Author and Rita Reviewer have"),
    ],
)
def test_5_4d_whoever_has_not_declared_is_named(names: tuple[str, ...], who: str) -> None:
    """Whoever reads the sentence knows whom to ask [lgsco:5.4d]."""
    (finding,) = interests_declared(names)
    assert finding.sentence == (
        f"{who} not declared yet whether there is a conflict of interest. "
        "Declare it, or record why the answer goes out without."
    )


@pytest.mark.parametrize(
    ("pieces", "said"),
    [
        (1, "1 piece of evidence is not weighed yet: Letter 1"),
        (2, "2 pieces of evidence are not weighed yet: Letter 1; Letter 2"),
        (6, "6 pieces of evidence are not weighed yet: Letter 1; Letter 2; Letter 3; Letter 4; Letter 5; Letter 6"),
        (7, "7 pieces of evidence are not weighed yet: "
            "Letter 1; Letter 2; Letter 3; Letter 4; Letter 5; Letter 6; 1 more"),
        (1_007, "1,007 pieces of evidence are not weighed yet: "
                "Letter 1; Letter 2; Letter 3; Letter 4; Letter 5; Letter 6; 1,001 more"),
    ],
)  # fmt: skip
def test_5_4e_the_first_six_pieces_of_evidence_are_named_and_the_rest_counted(pieces: int, said: str) -> None:
    """A long list does not bury the sentence [lgsco:5.4e]."""
    (finding,) = evidence_weighed([f"Letter {number}" for number in range(1, pieces + 1)])
    assert finding.sentence == f"{said}. Weigh each, or record why the answer does not wait for it."


def test_5_4c_whoever_can_be_reached_is_heard_at_this_stage() -> None:
    """What they said, that they had nothing to add, or why they were not asked [lgsco:5.4c]."""
    assert individual_heard(True, reachable=True) == individual_heard(False, reachable=False) == ()
    (finding,) = individual_heard(False, reachable=True)
    assert finding.sentence == (
        "Nothing says yet that the individual could state their position at this stage. "
        "Record what they said, or that they had nothing to add, or record why they were not asked."
    )
