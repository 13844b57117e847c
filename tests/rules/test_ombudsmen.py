"""Each Ombudsman is named against its own points."""

from __future__ import annotations

import pytest

from core.rules.ombudsmen import not_named, signpost

BOTH = {1: "lgsco", 2: "hos", 3: "lgsco"}
OURS, THEIRS = "Local Government and Social Care Ombudsman", "Housing Ombudsman Service"


def test_intro_6_a_mixed_complaint_prints_both_ombudsmen_each_against_its_own_points() -> None:
    """Requirement Intro-6 [lgsco:6.18]."""
    first, second = signpost(BOTH, whole="lgsco").splitlines()
    assert first.startswith(f"Points 1 and 3: {OURS}, PO Box 4771")
    assert second.startswith(f"Point 2: {THEIRS}, PO Box 1484")


@pytest.mark.parametrize(
    ("schemes", "whole", "begins"),
    [
        ({1: "lgsco"}, "lgsco", OURS),
        ({1: "hos", 2: "hos"}, "hos", THEIRS),
        ({}, "hos", THEIRS),
        ({1: "hos"}, "lgsco", THEIRS),
    ],
)
def test_intro_6_where_there_is_one_it_stands_alone(schemes: dict[int, str], whole: str, begins: str) -> None:
    assert signpost(schemes, whole=whole).startswith(f"{begins}, PO Box")


def test_a_route_that_leads_to_neither_names_neither() -> None:
    assert signpost({1: "schools"}, whole="schools") == ""


@pytest.mark.parametrize(
    ("text", "schemes", "whole", "lacking"),
    [
        ("Go to the Ombudsman.", {1: "lgsco"}, "lgsco", ()),
        ("Write to us again.", {1: "lgsco"}, "lgsco", ("Ombudsman",)),
        ("Write to us again.", {}, "lgsco", ("Ombudsman",)),
        ("Write to us again.", {}, "hos", (THEIRS,)),
        ("Go to the Ombudsman.", {1: "hos"}, "hos", (THEIRS,)),
        ("The housing  OMBUDSMAN, 0300 111 3000.", {1: "hos"}, "hos", ()),
        ("The Housing Ombudsman.", BOTH, "lgsco", (OURS,)),
        (f"{OURS} or the Housing Ombudsman.", BOTH, "lgsco", ()),
        ("Nobody.", BOTH, "lgsco", (THEIRS, OURS)),
        ("Go to the Ombudsman.", {1: "hos"}, "lgsco", (THEIRS,)),
    ],
)
def test_intro_6_an_answer_names_every_ombudsman_it_owes(
    text: str, schemes: dict[int, str], whole: str, lacking: tuple[str, ...]
) -> None:
    """A landlord's complaint is not sent to the wrong one [lgsco:6.18]."""
    assert not_named(text, schemes, whole=whole) == lacking
