"""Both databases find the same cases on the recorded searches, over complaints and what was said about them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

import pytest

from core.commands.importing import ImportBatch
from core.desk import Office
from core.store.history import PastComplaint, PastPoint
from core.store.search import CASES
from tests.conftest import Databases, OfficeClock, desks_of
from tests.store.asked import old, references
from tests.store.recorded_searches import RECORDED

pytestmark = pytest.mark.postgres

PARTS = (
    "The bin was not collected", "damp ceiling", "street repair", "called me back", "The council said nothing",
    "recycling garden", "parking without a permit", "heating kitchen window", "colleagues came",
    "officer rude, and late",
    "broken and dirty", "cold water", "tenancy", "pothole", "ZZ1 2AB", "ann@sample.example", "re-collected", "a zoo",
    "letter phone website form", "missed bins", "apology plan regular cost", "unsafe", "noise, rubbish", "power",
)  # fmt: skip


def made_up(number: int, dice: random.Random) -> PastComplaint:
    """A complaint of a few of these parts, with points that say others."""
    said = [". ".join(dice.sample(PARTS, dice.randint(2, 5))) for _ in range(4)]
    points = tuple(PastPoint(text=text, outcome=None) for text in said[1:])
    return replace(old(number, said[0]), old_reference=f"OLD/{number:07d}", points=points)


@pytest.fixture
def filled(databases: Databases, office_clock: OfficeClock) -> Sequence[Office]:
    """A hundred and twenty cases, the same on both databases."""
    offices = [databases.office("sqlite"), databases.office("postgresql")]
    for office in offices:
        dice = random.Random(20261128)
        cases = tuple(made_up(number, dice) for number in range(120))
        desks_of(office).manager.do(ImportBatch(source="recorded", complaints=cases))
    return offices


def test_fifty_recorded_searches_find_the_same_on_both_databases(filled: Sequence[Office]) -> None:
    """Most of them find some cases and not all, so that a difference would be seen."""
    assert len(set(RECORDED)) == 50
    told = 0
    for query in RECORDED:
        one, two = (references(office, query, CASES) for office in filled)
        assert one == two, query
        told += 0 < len(one) < 120
    assert told >= 35
