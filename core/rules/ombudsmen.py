"""Which Ombudsman an answer names: each for the points under its own Code [lgsco:6.18]."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from core.code.catalogue import SCHEMES, Ombudsman
from core.words import listed


def signpost(schemes: Mapping[int, str], *, whole: str) -> str:
    """How to go to the Ombudsman, ready to send: one for all, or each against its own points [lgsco:6.18].

    `schemes` are the schemes of the points by their numbers, and `whole` that of the complaint. Empty when it goes by
    a route that leads to no Ombudsman of the two Codes.
    """
    told = [(numbers, SCHEMES[key].ombudsman) for key, numbers in by_scheme(schemes, whole=whole).items()]
    blocks = [(numbers, _reached(ombudsman)) for numbers, ombudsman in told if ombudsman is not None]
    if len(blocks) == 1:
        return blocks[0][1]
    return "\n".join(f"{points_words(numbers)}: {block}" for numbers, block in blocks)


def by_scheme(schemes: Mapping[int, str], *, whole: str) -> dict[str, list[int]]:
    """The numbers of the points under each scheme, in the schemes' order; the complaint's own where there is none."""
    keys = sorted(_of(schemes, whole), key=list(SCHEMES).index)
    return {key: [number for number, each in schemes.items() if each == key] for key in keys}


def not_named(text: str, schemes: Mapping[int, str], *, whole: str) -> tuple[str, ...]:
    """The Ombudsmen an answer owes and does not name [lgsco:6.18].

    Where there is one alone and it is the Code's own, any name with the word will do; where a landlord's complaint is
    answered, each is named in full.
    """
    said, keys = " ".join(text.casefold().split()), _of(schemes, whole)
    if keys == {whole} == {"lgsco"}:
        return () if "ombudsman" in said else ("Ombudsman",)
    names = [ombudsman.name for key in sorted(keys) if (ombudsman := SCHEMES[key].ombudsman) is not None]
    return tuple(name for name in names if name.removesuffix(" Service").casefold() not in said)


def _of(schemes: Mapping[int, str], whole: str) -> set[str]:
    return set(schemes.values()) or {whole}


def _reached(ombudsman: Ombudsman) -> str:
    return f"{ombudsman.name}, {ombudsman.post}. Phone {ombudsman.phone}. {ombudsman.web}"


def points_words(numbers: Iterable[int]) -> str:
    """Points by their numbers: "Point 1", "Points 1 and 3"."""
    found = [str(number) for number in sorted(numbers)]
    return f"Point {found[0]}" if len(found) == 1 else f"Points {listed(found)}"
