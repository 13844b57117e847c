"""Which complaints are likely the same: of the same person, or about the same matter. Nothing is decided here.

The facts come folded and reduced to stems, so that spelling, accents, capitals and spaces make no difference.
"""

from __future__ import annotations

from dataclasses import dataclass

_SURE, _LIKELY, _HINT = 4, 3, 1
"""What a sign weighs: one that is nobody else's, two that meet in one home, and one that many share."""

_SHARED_MATTER = (1, 2)
_SHARED_TEXT = (1, 4)
_CLOSE_MATTER = (2, 3)
_FEWEST = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a complaint says of who complains, and of what."""

    name: tuple[str, ...] = ()
    email: str = ""
    phone: str = ""
    postcode: str = ""
    matter: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    service_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """In what two complaints are alike, and what that makes likely."""

    person: tuple[str, ...]
    matter: bool
    service: bool
    same_person: bool
    same_matter: bool
    score: int

    @property
    def likely(self) -> bool:
        """Whether somebody should look at the two side by side."""
        return self.same_person or self.same_matter

    def why(self) -> str:
        """What is alike, in words: “same postcode and name; matter alike”."""
        said = [f"same {_listed(self.person)}"] if self.person else []
        if self.matter:
            said.append("matter alike")
        if self.service:
            said.append("same service")
        return "; ".join(said)


def alike(one: Told, other: Told) -> Likeness:
    """Two complaints are shown side by side when the person or the matter is likely the same [lgsco:6.9].

    An e-mail address or a phone number is one person's. A name and a postcode are likely one person's together, and
    either of them alone when the matter is alike as well. The same matter needs more likeness, and the same service.
    """
    signs = _signs(one, other)
    matter = _matter_alike(one, other, _SHARED_MATTER)
    service = one.service_id is not None and one.service_id == other.service_id
    weight = sum(_SURE if sign in {"e-mail", "phone"} else _HINT for sign in signs)
    if {"name", "postcode"} <= set(signs):
        weight += _HINT
    same_person = weight + (_LIKELY - _HINT if matter and signs else 0) >= _LIKELY
    same_matter = service and _matter_alike(one, other, _CLOSE_MATTER)
    return Likeness(
        person=signs,
        matter=matter,
        service=service,
        same_person=same_person,
        same_matter=same_matter,
        score=weight + (_HINT + _HINT if matter else 0) + (_HINT if service else 0),
    )


def same_name(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether two names are one person's as people write them: in any order, or with an initial for the first name."""
    if min(len(one), len(other)) < _FEWEST:
        return False
    if set(one) == set(other):
        return True
    initials = (one[0][:1], other[0][:1])
    return one[-1] == other[-1] and initials[0] == initials[1] and initials[0] in (one[0], other[0])


def _signs(one: Told, other: Told) -> tuple[str, ...]:
    """The signs of the same person that two complaints share."""
    found = {
        "e-mail": bool(one.email) and one.email == other.email,
        "phone": bool(one.phone) and one.phone == other.phone,
        "postcode": bool(one.postcode) and one.postcode == other.postcode,
        "name": same_name(one.name, other.name),
    }
    return tuple(sign for sign, shared in found.items() if shared)


def _matter_alike(one: Told, other: Told, least: tuple[int, int]) -> bool:
    """Whether what both are about shares enough words: their matters, with some of the text behind them as well."""
    if not _share(one.matter, other.matter, least):
        return False
    return min(len(one.words), len(other.words)) < _FEWEST or _share(one.words, other.words, _SHARED_TEXT)


def _share(one: frozenset[str], other: frozenset[str], least: tuple[int, int]) -> bool:
    """Whether two sets of words have at least two in common, and this part of the smaller one."""
    common, part, whole = len(one & other), *least
    return common >= _FEWEST and common * whole >= part * min(len(one), len(other))


def _listed(signs: tuple[str, ...]) -> str:
    return " and ".join(filter(None, (", ".join(signs[:-1]), signs[-1])))
