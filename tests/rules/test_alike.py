"""Which complaints are shown side by side: likely the same person, or likely the same matter."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.rules.alike import Likeness, Told, alike, same_name

SAM = Told(name=("sam", "sampl"), email="sam@sample.example", phone="01632960001", postcode="ZZ11AA", service_id=1)
BINS = frozenset({"miss", "bin", "collect"})
TEXT = frozenset({"miss", "bin", "collect", "four", "time", "summer", "close", "crew"})


def told(**parts: object) -> Likeness:
    """Two complaints that share exactly these parts."""
    return alike(Told(**parts), Told(**parts))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("parts", "same_person", "why"),
    [
        ({"email": "a@b.example"}, True, "same e-mail"),
        ({"phone": "01632960001"}, True, "same phone"),
        ({"name": ("sam", "sampl"), "postcode": "ZZ11AA"}, True, "same postcode and name"),
        ({"name": ("sam", "sampl")}, False, "same name"),
        ({"postcode": "ZZ11AA"}, False, "same postcode"),
        ({"name": ("sam", "sampl"), "matter": BINS}, True, "same name; matter alike"),
        ({"postcode": "ZZ11AA", "matter": BINS}, True, "same postcode; matter alike"),
        ({"matter": BINS}, False, "matter alike"),
        ({"service_id": 1}, False, "same service"),
        ({}, False, ""),
    ],
)
def test_one_sure_sign_or_two_likely_ones_are_the_same_person(
    parts: dict[str, object], same_person: bool, why: str
) -> None:
    """An address is one person's, a name alone is many people's [lgsco:6.9]."""
    found = told(**parts)
    assert (found.same_person, found.why()) == (same_person, why)
    assert found.likely is same_person


def test_the_same_matter_of_somebody_else_needs_more_likeness_and_the_same_service() -> None:
    one = Told(matter=BINS, words=TEXT, service_id=1)
    assert alike(one, one).same_matter
    assert alike(one, one).likely
    assert not alike(one, replace(one, service_id=2)).same_matter
    assert not alike(one, replace(one, service_id=None)).likely
    half = replace(one, matter=frozenset({"miss", "bin", "green", "garden"}))
    assert alike(one, half).same_matter
    less = replace(one, matter=frozenset({"miss", "collect", "green", "garden", "bag"}))
    three = replace(one, matter=frozenset({"bin", "collect", "lid", "broken"}))
    assert alike(less, three).matter is False
    four = replace(one, matter=frozenset({"miss", "collect", "lid", "broken"}))
    assert alike(less, four).matter
    assert not alike(less, four).same_matter


def test_matters_that_read_alike_with_other_words_behind_them_are_not_alike() -> None:
    one = Told(matter=BINS, words=TEXT)
    other = Told(matter=BINS, words=frozenset({"licence", "fee", "garden", "waste", "refund", "price"}))
    assert not alike(one, other).matter
    assert alike(one, replace(other, words=other.words | {"miss", "bin"})).matter
    assert alike(one, replace(other, words=frozenset({"fee"}))).matter
    assert not alike(one, replace(other, words=frozenset({"fee", "garden"}))).matter


def test_one_word_in_common_is_not_enough() -> None:
    assert not alike(Told(matter=frozenset({"bin"})), Told(matter=frozenset({"bin"}))).matter


def test_everything_in_common_is_said_in_one_line_and_weighs_most() -> None:
    whole = alike(replace(SAM, matter=BINS, words=TEXT), replace(SAM, matter=BINS, words=TEXT))
    assert whole.why() == "same e-mail, phone, postcode and name; matter alike; same service"
    assert whole.score > alike(SAM, SAM).score > alike(SAM, replace(SAM, email="")).score
    assert alike(SAM, SAM).score == 12
    assert whole.score == 14
    assert [told(**parts).score for parts in ({}, {"service_id": 1}, {"matter": BINS})] == [0, 1, 2]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (("sam", "sampl"), ("sampl", "sam"), True),
        (("sam", "sampl"), ("s", "sampl"), True),
        (("s", "sampl"), ("sam", "sampl"), True),
        (("sam", "sampl"), ("sue", "sampl"), False),
        (("sam", "sampl"), ("t", "sampl"), False),
        (("sam", "sampl"), ("s", "specimen"), False),
        (("sam",), ("sam",), False),
        (("sam", "j", "sampl"), ("s", "sampl"), True),
        (("kim", "j", "sampl"), ("k", "sampl"), True),
        ((), (), False),
    ],
)
def test_a_name_is_the_same_in_any_order_or_with_an_initial(
    one: tuple[str, ...], other: tuple[str, ...], same: bool
) -> None:
    assert same_name(one, other) is same_name(other, one) is same
