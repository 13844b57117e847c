"""Which complaints are worded alike: held against counting it out, and never one person's repeats."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from math import log1p, sqrt
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.rules import alike_texts
from core.rules.alike_texts import Group, Held, Text, groups, the_same

ALIKE, AT_LEAST, PEOPLE = 0.45, 5, 3
DAMP = ("damp", "ceil", "leak", "mould")


def text(number: int, *words: str, person: str = "", pigeonhole: str = "") -> Text:
    return Text(id=number, person=person or f"p{number}", pigeonhole=pigeonhole, words=frozenset(words))


def found(texts: list[Text]) -> tuple[Group, ...]:
    return groups(texts, alike=ALIKE, at_least=AT_LEAST, people=PEOPLE)


def among_others(*planted: Text, others: int = 60) -> list[Text]:
    """Some texts among others that have nothing in common but what is common everywhere."""
    lots = Random(3)
    noise = [
        text(1_000 + n, "bin", "street", *(f"w{lots.randrange(400)}" for _word in range(8)), pigeonhole=f"1 {n % 4}")
        for n in range(others)
    ]
    return [*noise, *planted]


def cosine(one: Text, other: Text, texts: list[Text]) -> float:
    """The likeness, counted out."""
    having = Counter(word for each in texts for word in each.words)
    weight = {word: log1p(len(texts) / count) if count > 1 else 0.0 for word, count in having.items()}
    lengths = [sqrt(sum(weight[word] ** 2 for word in each.words)) for each in (one, other)]
    shared = sum(weight[word] ** 2 for word in one.words & other.words)
    return shared / (lengths[0] * lengths[1]) if all(lengths) else 0.0


TEXTS = st.lists(
    st.tuples(st.sets(st.sampled_from("abcdefghij"), max_size=5), st.sampled_from("stuvw"), st.sampled_from(["", "x"])),
    max_size=14,
).map(lambda drawn: [text(n, *each[0], person=each[1], pigeonhole=each[2]) for n, each in enumerate(drawn)])


@given(texts=TEXTS)
def test_9_2_every_group_is_one_text_and_those_alike_to_it_of_enough_people(texts: list[Text]) -> None:
    named = groups(texts, alike=ALIKE, at_least=3, people=2)
    by_id = {each.id: each for each in texts}
    ids = [number for group in named for number in group.ids]
    assert len(ids) == len(set(ids))
    for group in named:
        inside = [by_id[number] for number in group.ids]
        assert len(inside) >= 3
        assert len({each.person for each in inside}) >= 2
        assert any(all(cosine(one, other, texts) >= ALIKE - 1e-5 for other in inside) for one in inside)
        for word in group.words:
            assert 2 * sum(word in each.words for each in inside) >= len(inside)


@given(texts=TEXTS)
def test_9_2_no_group_of_texts_in_the_very_same_words_is_missed(texts: list[Text]) -> None:
    """Of at least two words: they belong to groups, in which others may be as well [lgsco:9.2]."""
    free = [replace(each, person=str(each.id), pigeonhole="") for each in texts]
    grouped = {number for group in groups(free, alike=ALIKE, at_least=3, people=3) for number in group.ids}
    same = Counter(each.words for each in free if len(each.words) >= 2)
    for words, count in same.items():
        left = [each for each in free if each.words == words and each.id not in grouped]
        assert len(left) < 3 or count < 3


@given(texts=TEXTS, order=st.randoms(use_true_random=False))
def test_9_2_the_order_in_which_texts_are_read_changes_nothing(texts: list[Text], order: Random) -> None:
    assert found(texts) == found(order.sample(texts, len(texts)))


@pytest.mark.parametrize(
    ("persons", "named"),
    [("abcde", True), ("abcaa", True), ("ababa", False), ("aaaaa", False), ("abcd", False)],
    ids=["five people", "three people", "two people", "one person", "four complaints"],
)
def test_9_2_five_complaints_of_three_people_and_never_one_persons_repeats(persons: str, named: bool) -> None:
    planted = [text(n, *DAMP, f"own{n}", person=person) for n, person in enumerate(persons)]
    groups_found = found(among_others(*planted))
    assert [each.ids for each in groups_found] == ([tuple(range(len(persons)))] if named else [])
    assert all(set(each.words) == set(DAMP) for each in groups_found)


def test_9_2_what_is_most_of_one_category_says_nothing_new() -> None:
    """The category shows it; a part of one, or what lies across several, does not show there [lgsco:9.2]."""
    planted = [text(n, *DAMP, pigeonhole="2 damp") for n in range(6)]
    assert found(among_others(*planted)) == ()
    across = [replace(planted[0], pigeonhole="1 0"), *planted[1:]]
    assert len(found(among_others(*across))) == 1
    part_of = [text(100 + n, f"a{n}", f"b{n}", pigeonhole="2 damp") for n in range(6)]
    assert len(found(among_others(*planted, *part_of))) == 1
    assert len(found(among_others(*(replace(each, pigeonhole="") for each in planted)))) == 1


def test_9_2_words_that_everybody_writes_make_no_group() -> None:
    assert found(among_others(others=300)) == ()


def test_9_2_what_has_one_word_in_common_is_not_alike() -> None:
    assert found(among_others(*(text(n, "damp") for n in range(8)))) == ()


def test_9_2_a_group_is_found_whole_where_each_word_brings_up_few(monkeypatch: pytest.MonkeyPatch) -> None:
    """As among very many texts: the newest of the group has all the others, whichever they bring up themselves."""
    monkeypatch.setattr(alike_texts, "_LOOKED_AT", 0)
    planted = [text(n, *DAMP, "wet" if n % 2 else "cold") for n in range(40)]
    (group,) = found(among_others(*planted))
    assert group.ids == tuple(range(40))


def test_9_2_an_old_group_is_found_whose_words_many_newer_ones_have_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of its words brings up newer texts alone; the pairs of them bring up the group [lgsco:9.2]."""
    monkeypatch.setattr(alike_texts, "_LOOKED_AT", 0)
    planted = [text(n, *DAMP, f"own{n}") for n in range(8)]
    lots = Random(5)
    newer = [text(2_000 + n, DAMP[n % 4], f"n{lots.randrange(150)}") for n in range(400)]
    assert [each.ids for each in found(among_others(*planted, *newer))] == [tuple(range(8))]


@pytest.mark.parametrize("words", [("damp", "mould"), ("damp", "bin")], ids=["two rare ones", "and one of everybody's"])
def test_9_2_two_words_in_common_are_enough_and_the_oldest_text_belongs(words: tuple[str, ...]) -> None:
    """A word that everybody writes counts for little beside a rare one, and is looked for all the same."""
    (group,) = found(among_others(*(text(n, *words) for n in range(6))))
    assert (group.ids, set(group.words)) == (tuple(range(6)), set(words))


def test_9_2_the_newest_texts_are_those_that_a_word_of_many_brings_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two words make no three pairs: each text is held against the newest two, and all meet there."""
    monkeypatch.setattr(alike_texts, "_LOOKED_AT", 0)
    (group,) = found(among_others(*(text(2_000 + n, "damp", "mould") for n in range(8))))
    assert group.ids == tuple(range(2_000, 2_008))


def test_9_2_three_rare_words_bring_up_an_old_group_that_lies_between_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """The fewest words whose pairs are three; every word of them alone brings up newer texts [lgsco:9.2]."""
    monkeypatch.setattr(alike_texts, "_LOOKED_AT", 0)
    planted = [text(10 * n, *DAMP[:3]) for n in range(8)]
    between = [text(10 * n + 1, f"pair{n // 2}") for n in range(8)]
    newer = [text(2_000 + n, DAMP[n % 3]) for n in range(90)]
    assert [each.ids for each in found([*planted, *between, *newer])] == [tuple(range(0, 80, 10))]


def test_9_2_a_group_is_named_by_its_most_telling_words() -> None:
    """Words of half of it at the least; those come first that nearly all of it have and hardly anybody else."""
    rest = [("mould", "leak"), ("mould", "leak"), ("mould", "leak"), ("mould",), ("rare",), ("rare",)]
    planted = [text(n, "zinc", "damp", *each) for n, each in enumerate(rest)]
    elsewhere = [text(50 + n, "damp", f"a{n % 2}", f"b{n}", f"c{n % 2}") for n in range(4)]
    (group,) = found(among_others(*planted, *elsewhere))
    assert group.ids == tuple(range(6))
    assert group.words == ("zinc", "mould", "damp", "leak")


def test_9_2_two_texts_are_a_group_where_two_are_asked_for_named_by_what_both_have() -> None:
    pair = [text(1, "damp", "ceil", "own", "bin"), text(2, "damp", "ceil", "other", "bin")]
    named = groups(among_others(*pair), alike=ALIKE, at_least=2, people=2)
    assert Group(ids=(1, 2), words=("ceil", "damp", "bin")) in named


GROUP = Group(ids=(1, 2, 3, 4, 5), words=DAMP)


@pytest.mark.parametrize(
    ("held", "number"),
    [
        ([], None),
        ([Held(number=1, key="other", ids=frozenset({6, 7}))], None),
        ([Held(number=1, key="key", ids=frozenset({6, 7}))], 1),
        ([Held(number=1, key="other", ids=frozenset({5, 9}))], 1),
        ([Held(number=1, key="key", ids=frozenset({5})), Held(number=2, key="other", ids=frozenset({1, 2}))], 2),
        ([Held(number=1, key="a", ids=frozenset({5})), Held(number=2, key="b", ids=frozenset({5}))], 2),
    ],
)
def test_9_2_a_group_is_the_theme_that_has_most_of_it(held: list[Held], number: int | None) -> None:
    assert the_same(GROUP, "key", held) == number
