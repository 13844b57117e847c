"""Made-up people and texts: words as rare and as common as real ones are, and none of them about anybody."""

from __future__ import annotations

import itertools

import numpy as np

COMMON = (
    "the bin was not collected again and nobody called me back although they said that someone would come on Monday "
    "I have reported this many times the crew left it at the gate my neighbour had the same council street repair "
    "damp ceiling leak boiler heating kitchen window door roof pothole road light lamp parking permit fine notice "
    "appeal letter phone website form payment refund tax bill benefit housing tenancy rent noise rubbish recycling "
    "garden park tree hedge pavement school transport place assessment care visit worker report delay answer wrong "
    "address date officer rude late missed broken dirty unsafe cold water power damage cost apology plan regular"
).split()
SYLLABLES = ("ba", "ko", "ri", "mun", "tel", "sa", "dor", "wick", "len", "gra", "hol", "pin", "ster", "ford", "ash")
FORENAMES = (
    "Alder Bryony Clover Dale Elm Fern Gale Hazel Ivy Juniper Kit Laurel Moss Nettle Oakley Primrose Quill Reed Sorrel "
    "Tansy Umber Vale Willow Yarrow"
).split()
ROADS = ("Sample Close", "Example Road", "Specimen Street", "Pattern Lane", "Model Avenue", "Test Terrace")


def vocabulary(size: int = 6_000) -> list[str]:
    """Words from the commonest to the rarest: real ones first, then invented ones."""
    invented = ("".join(parts) for parts in itertools.product(SYLLABLES, repeat=4))
    known = list(dict.fromkeys(word.lower() for word in COMMON))
    return [*known, *itertools.islice(invented, size - len(known))]


class Texts:
    """Texts of 20 to 60 words whose frequencies fall as in any language, and people to go with them."""

    def __init__(self, *, seed: int) -> None:
        self._random = np.random.default_rng(seed)
        self.words = np.array(vocabulary(), dtype=object)
        shares = 1.0 / np.arange(2, len(self.words) + 2)
        self._upto = np.cumsum(shares / shares.sum())
        surnames = ["".join(parts).capitalize() for parts in itertools.product(SYLLABLES, repeat=2)]
        self._surnames = surnames

    def some(self, count: int) -> list[str]:
        """This many texts."""
        lengths = self._random.integers(20, 61, count)
        drawn = self.words[np.searchsorted(self._upto, self._random.random(int(lengths.sum())))]
        ends = np.cumsum(lengths)
        return [" ".join(drawn[end - length : end]) for end, length in zip(ends, lengths, strict=True)]

    def people(self, count: int) -> list[dict[str, str]]:
        """This many people, each with a name, an e-mail address, a street and a postcode of no real place."""
        forenames = self._random.integers(0, len(FORENAMES), count).tolist()
        surnames = self._random.integers(0, len(self._surnames), count).tolist()
        numbers = self._random.integers(1, 200, (count, 4)).tolist()
        return [
            self._person(FORENAMES[f], self._surnames[s], n)
            for f, s, n in zip(forenames, surnames, numbers, strict=True)
        ]

    @staticmethod
    def _person(forename: str, surname: str, numbers: list[int]) -> dict[str, str]:
        house, road, area, unit = numbers
        return {
            "name": f"{forename} {surname}",
            "email": f"{forename}.{surname}{house}@sample.example".lower(),
            "address": f"{house} {ROADS[road % len(ROADS)]}",
            "postcode": f"ZZ{area % 20 + 1} {unit % 9 + 1}{'ABDEFGHJ'[house % 8]}{'LNPQRSTU'[unit % 8]}",
        }
