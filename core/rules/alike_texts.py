"""Which complaints say the same in their own words: texts in, groups of them and the words they share out.

A text is the set of those of its words that another text has as well. A word weighs more the fewer texts have it, so
what everybody writes counts for nearly nothing; two texts are as alike as the cosine between them, 0 for no word in
common and 1 for the same words. A group is one text and all that are alike to it, never a chain in which the ends have
nothing in common.

Not every text is held against every other. The common words of a text that could not make it alike to anything by
themselves are left out of the search; each word that is left brings up the newest texts that have it, and those that
two words bring up are compared. Among so many texts that a word brings up the newest of them only, the pairs of a
text's rarest words are looked up as well: few texts have both of two rare words, however many have each.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heapreplace

import numpy as np
import numpy.typing as npt

_LOOKED_AT = 20_000_000  # texts brought up in all: it bounds the time and touches no council of up to 3,000 texts
_ROWS, _PAIRS, _FEWEST, _NAMED = 64, 50_000, 2, 6
_RAREST = 11  # words of a text whose pairs are looked up
_FEW = 9  # texts with one pair of words that are all held against one another; of more, each against the newest two
_PARTS = 16
_THREE_WORDS = 3  # pairs that three words make: what brings up two texts for fewer is not compared by its pairs
_ROUNDING = 1e-6
_Whole = npt.NDArray[np.int64]
_Real = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """What one complaint says: its words as stems, who says it, and the pigeonhole it was put in; "" for none."""

    id: int
    person: str
    pigeonhole: str
    words: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Complaints that are alike, in order, and the words that at least half of them have, the most telling first."""

    ids: tuple[int, ...]
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Weighed:
    """The texts as rows of one long list of words: row n is from `ends[n]` to `ends[n + 1]`, the rarest word first."""

    vocabulary: tuple[str, ...]
    holders: _Whole
    words: _Whole
    weights: _Real
    ends: _Whole


def groups(texts: Sequence[Text], *, alike: float, at_least: int, people: int) -> tuple[Group, ...]:
    """Groups of at least so many texts by at least so many people, the largest first; a text is in one at the most.

    `alike` is the least cosine. Left out is a group that lies in one pigeonhole and is most of it: the pigeonhole says
    that already. So is one without two words that half of it share [lgsco:9.2].
    """
    rows = sorted(texts, key=lambda text: text.id)
    weighed = _weigh(rows)
    near = _neighbours(weighed, alike) if len(weighed.words) else [[] for _row in rows]
    sizes = Counter(text.pigeonhole for text in rows)
    found = []
    for members in _stars(near, [text.person for text in rows], at_least=at_least, people=people):
        inside = [rows[row] for row in members]
        shared = _shared(inside, weighed)
        if len(shared) >= _FEWEST and not _is_the_pigeonhole(inside, sizes):
            found.append(Group(ids=tuple(text.id for text in inside), words=shared))
    return tuple(found)


def _weigh(rows: Sequence[Text]) -> _Weighed:
    """Words that only one text has count for nothing: they would tell apart what several people say at length."""
    counts = Counter(word for text in rows for word in text.words)
    vocabulary = sorted((word for word, count in counts.items() if count > 1), key=lambda word: (counts[word], word))
    place = {word: number for number, word in enumerate(vocabulary)}
    words = [sorted(place[word] for word in text.words if word in place) for text in rows]
    ends = np.concatenate(([0], np.cumsum([len(kept) for kept in words], dtype=np.int64)))
    flat = np.array([word for kept in words for word in kept], dtype=np.int64)
    holders = np.array([counts[word] for word in vocabulary], dtype=np.int64)
    rarity = np.log1p(len(rows) / holders)
    squares = np.concatenate(([0.0], np.cumsum(rarity[flat] ** 2)))
    weights = rarity[flat] / np.repeat(np.sqrt(squares[ends[1:]] - squares[ends[:-1]]), np.diff(ends))
    return _Weighed(
        vocabulary=tuple(vocabulary), holders=holders, words=flat, weights=weights.astype(np.float32), ends=ends
    )


def _neighbours(weighed: _Weighed, alike: float) -> list[list[int]]:
    """For each text the rows of those that are as alike to it, in order."""
    rows = len(weighed.ends) - 1
    asked = _looked_for(weighed, alike)
    rare = _by_rare_pairs(asked, rows, len(weighed.vocabulary)) if asked.cut else np.zeros(0, dtype=np.int64)
    pairs = [
        _alike_to(weighed, asked, rare, range(row, min(row + _ROWS, rows)), alike) for row in range(0, rows, _ROWS)
    ]
    newer = np.concatenate(pairs)
    both = np.concatenate((newer, newer[:, ::-1]))
    both = both[np.lexsort((both[:, 1], both[:, 0]))]
    cut = np.searchsorted(both[:, 0], np.arange(rows + 1))
    others = both[:, 1].tolist()
    return [others[cut[row] : cut[row + 1]] for row in range(rows)]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """The words each row is looked for by, from `starts[n]` to `starts[n + 1]`, and the rows each word brings up.

    `cut` says that some word brings up the newest of its rows only.
    """

    words: _Whole
    starts: _Whole
    listed: _Whole
    first: _Whole
    counts: _Whole
    cut: bool


def _looked_for(weighed: _Weighed, alike: float) -> _Asked:
    """Beginning with the rarest, all words but the last ones, whose weights come to less than half the least likeness.

    Two texts as alike as that have one of these in common: without it they share no more than such last words of one.
    Where they have but one, more than half of the likeness is that word, and alike in one word is not alike.
    """
    upto = np.concatenate(([0.0], np.cumsum(weighed.weights.astype(np.float64) ** 2)))
    left = np.repeat(upto[weighed.ends[1:]], np.diff(weighed.ends)) - upto[:-1]
    searched = left >= (alike / _FEWEST) ** 2 - _ROUNDING
    words = weighed.words[searched]
    having = np.repeat(np.arange(len(weighed.ends) - 1), np.diff(weighed.ends))[searched]
    newest = np.lexsort((-having, words))
    first = np.searchsorted(words[newest], np.arange(len(weighed.vocabulary) + 1))
    most = max(_LOOKED_AT // max(len(words), 1), _FEWEST)
    return _Asked(
        words=words,
        starts=np.concatenate(([0], np.cumsum(searched)))[weighed.ends],
        listed=having[newest],
        first=first[:-1],
        counts=np.minimum(np.diff(first), most),
        cut=bool((np.diff(first) > most).any()),
    )


def _by_rare_pairs(asked: _Asked, rows: int, vocabulary: int) -> _Whole:
    """Rows that have three of their rarest words in common, each as the older times `rows` plus the newer, in order."""
    searched, parts = np.diff(asked.starts), []
    for second in range(1, _RAREST):
        having = np.flatnonzero(searched > second)
        at = asked.starts[having]
        for first in range(second):
            pair = asked.words[at + first] * vocabulary + asked.words[at + second]
            parts.append(pair * rows + having)  # one number: the pair of words, then the row
    held = np.concatenate(parts)
    parts.clear()
    held.sort()
    pair = held // rows
    again = pair[1:] == pair[:-1]
    shared = np.concatenate(([False], again)) | np.concatenate((again, [False]))
    held, pair = held[shared], pair[shared]
    begins = np.flatnonzero(np.concatenate(([True], pair[1:] != pair[:-1])))
    lengths = np.diff(np.concatenate((begins, [len(pair)])))
    ends = np.repeat(begins + lengths, lengths)
    held -= pair * rows
    since = np.arange(1, len(held) + 1)
    since = np.where(np.repeat(lengths <= _FEW, lengths), since, np.maximum(since, ends - _FEWEST))
    return _often(held, since, ends - since, rows)


def _often(held: _Whole, since: _Whole, many: _Whole, rows: int) -> _Whole:
    """The pairs of rows that come up for three words, of each row with `many` of those that follow from `since` on."""
    cuts = np.linspace(0, len(held), _PARTS + 1, dtype=np.int64)
    found = [
        np.repeat(held[begin:end], many[begin:end]) * rows + held[_runs(since[begin:end], many[begin:end])]
        for begin, end in zip(cuts[:-1], cuts[1:], strict=True)
    ]
    codes = np.concatenate(found)
    found.clear()
    codes.sort()
    often = codes[_THREE_WORDS - 1 :] == codes[: 1 - _THREE_WORDS]
    return np.unique(codes[_THREE_WORDS - 1 :][often])


def _alike_to(weighed: _Weighed, asked: _Asked, rare: _Whole, rows: range, alike: float) -> _Whole:
    """The pairs of some rows with newer ones alike to them; the newer of two is brought up whenever the older is."""
    words = asked.words[asked.starts[rows.start] : asked.starts[rows.stop]]
    whose = np.repeat(np.arange(len(rows)), np.diff(asked.starts[rows.start : rows.stop + 1]))
    others = asked.listed[_runs(asked.first[words], asked.counts[words])]
    mine = np.repeat(whose, asked.counts[words])
    newer = others > mine + rows.start
    total = len(weighed.ends) - 1
    found, times = np.unique(mine[newer] * total + others[newer], return_counts=True)
    own_rare = rare[slice(*np.searchsorted(rare, (rows.start * total, rows.stop * total)))] - rows.start * total
    local, other = np.divmod(np.union1d(found[times >= _FEWEST], own_rare), total)
    spread = np.zeros((len(rows), len(weighed.vocabulary)), dtype=np.float32)
    own = slice(weighed.ends[rows.start], weighed.ends[rows.stop])
    owners = np.repeat(np.arange(len(rows)), np.diff(weighed.ends[rows.start : rows.stop + 1]))
    spread[owners, weighed.words[own]] = weighed.weights[own]
    near = np.zeros(len(local), dtype=np.bool_)
    for begin in range(0, len(local), _PAIRS):
        part = slice(begin, begin + _PAIRS)
        near[part] = _likeness(weighed, spread, local[part], other[part]) >= alike - _ROUNDING
    return np.stack((local[near] + rows.start, other[near]), axis=1)


def _likeness(weighed: _Weighed, spread: _Real, local: _Whole, other: _Whole) -> _Real:
    """The cosines of rows, spread over the vocabulary, with other rows; each of these has a word."""
    lengths = np.diff(weighed.ends)[other]
    at = _runs(weighed.ends[other], lengths)
    products = spread[np.repeat(local, lengths), weighed.words[at]] * weighed.weights[at]
    return np.add.reduceat(products, np.cumsum(lengths) - lengths)


def _runs(begins: _Whole, lengths: _Whole) -> _Whole:
    """The places of several runs one after the other: 5 and 9 of lengths 2 and 3 are 5, 6, 9, 10, 11."""
    ends = np.cumsum(lengths)
    return np.arange(ends[-1] if len(ends) else 0) + np.repeat(begins - ends + lengths, lengths)


def _stars(near: list[list[int]], persons: list[str], *, at_least: int, people: int) -> Iterator[list[int]]:
    """The text with the most others alike to it that are in no group yet, and these; then the next."""
    taken = [False] * len(near)
    queue = [(-len(others), row) for row, others in enumerate(near) if len(others) + 1 >= at_least]
    heapify(queue)
    while queue:
        was, row = queue[0]
        members = [] if taken[row] else sorted([row, *(other for other in near[row] if not taken[other])])
        if len(members) < at_least or len({persons[member] for member in members}) < people:
            heappop(queue)
        elif 1 - len(members) != was:
            heapreplace(queue, (1 - len(members), row))
        else:
            heappop(queue)
            for member in members:
                taken[member] = True
            yield members


def _shared(inside: Sequence[Text], weighed: _Weighed) -> tuple[str, ...]:
    counts = Counter(word for text in inside for word in text.words)
    common = {word: count for word, count in counts.items() if 2 * count >= len(inside) and count > 1}
    everywhere = dict(zip(weighed.vocabulary, weighed.holders.tolist(), strict=True)) if common else {}
    return tuple(sorted(common, key=lambda word: (everywhere[word] / common[word] ** 2, word))[:_NAMED])


def _is_the_pigeonhole(inside: Sequence[Text], sizes: Counter[str]) -> bool:
    holes = {text.pigeonhole for text in inside}
    return len(holes) == 1 and "" not in holes and 2 * len(inside) > sizes[inside[0].pigeonhole]


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A group that was found before: its theme's number and all complaints that ever belonged to it."""

    number: int
    key: str
    ids: frozenset[int]


def the_same(group: Group, key: str, held: Sequence[Held]) -> int | None:
    """The theme a group is: the newest with the most of its complaints, or with the same words; None for a new one."""
    ids = frozenset(group.ids)
    ranked = max(((len(ids & each.ids), each.key == key, each.number) for each in held), default=(0, False, 0))
    return ranked[2] if ranked[0] or ranked[1] else None
