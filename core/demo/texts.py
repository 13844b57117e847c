"""The sample council's words: matters, people and phrases, read from TOML and put together for one complaint."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from core.permissions import Role
from core.rules.facts import Outcome


def read(name: str) -> dict[str, Any]:
    """One of the sample council's TOML files."""
    with Path(__file__).with_name(name).open("rb") as file:
        return tomllib.load(file)


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """What a complaint is about, with what may be said of it on both sides."""

    matter: str
    category: str
    about: str
    said: Sequence[str]
    wants: str
    upheld: str
    not_upheld: str
    remedy: str
    point: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Individual:
    """Someone made up who complains, and how to reach them."""

    name: str
    contact_email: str
    contact_phone: str
    address: str
    postcode: str


@cache
def services() -> Mapping[str, tuple[Matter, ...]]:
    """The council's services and the matters of each."""
    listed = read("services.toml")["service"]
    return {one["name"]: tuple(Matter(**matter) for matter in one["matter"]) for one in listed}


@cache
def colleagues() -> tuple[tuple[str, Role], ...]:
    """The council's people and their roles."""
    return tuple((one["name"], Role(one["role"])) for one in read("cast.toml")["colleague"])


@cache
def phrases() -> Mapping[str, Any]:
    """Everything else that is said."""
    return read("phrases.toml")


class Writer:
    """Writes for one complaint; the same random numbers give the same words."""

    def __init__(self, matter: Matter, random: Random) -> None:
        self.matter = matter
        self.random = random

    def one_of(self, group: str, name: str) -> str:
        """One of the phrases of a list, filled in with the matter's own words."""
        return self.filled(self.random.choice(phrases()[group][name]))

    def phrase(self, group: str, name: str, *, because: str = "") -> str:
        """A single phrase, filled in; `because` are the reasons it leads to."""
        return self.filled(phrases()[group][name], because=because)

    def filled(self, text: str, *, because: str = "") -> str:
        """A text with the matter's own words in their places."""
        return text.format(about=self.matter.about, wants=self.matter.wants, because=because)

    def individual(self) -> Individual:
        """Someone made up, who can be reached in one way at least."""
        pick, words = self.random.choice, phrases()["individuals"]
        initial, surname = pick(words["initials"]), pick(words["surnames"])
        street, town = pick(words["streets"]), pick(words["towns"])
        number = self.random.randint(1, 99)
        email = words["email"].format(initial=initial.lower(), surname=surname.lower(), number=number)
        phone = words["phone"].format(number=self.random.randrange(1000))
        ways = pick(((email, ""), ("", phone), (email, phone)))
        return Individual(
            name=f"{pick(words['titles'])}{initial}. {surname}",
            contact_email=ways[0],
            contact_phone=ways[1],
            address=f"{number} {street}, {town}",
            postcode=self.postcode(),
        )

    def postcode(self) -> str:
        """A postcode of an area that does not exist."""
        words = phrases()["individuals"]
        district, sector = self.random.randint(1, 9), self.random.randint(1, 9)
        return str(words["postcode"].format(district=district, sector=sector, unit=self.random.choice(words["units"])))

    def complaint(self, received_on: date) -> str:
        """The complaint in the individual's own words."""
        pick, filling, who = self.random.choice, phrases()["filling"], phrases()["individuals"]
        months = filling["months"]
        months_ago = self.random.choice((1, 2, 3))
        said = pick(self.matter.said).format(
            street=pick(who["streets"]),
            place=pick(who["places"]),
            month=months[(received_on.month - 1 - months_ago) % len(months)],
            day=pick(filling["days"]),
            weeks=pick(filling["weeks"]),
            time=pick(filling["times"]),
        )
        letters = phrases()["letters"]
        return f"{pick(letters['openings'])}{said[0].upper()}{said[1:]}{pick(letters['closings'])}"

    def because(self, outcome: Outcome) -> str:
        """The reasons for an outcome."""
        return self.matter.not_upheld if outcome is Outcome.NOT_UPHELD else self.matter.upheld

    def remedy(self, outcome: Outcome) -> str:
        """What puts it right, or that nothing is owed."""
        if outcome is Outcome.NOT_UPHELD:
            return self.one_of("letters", "nothing_owed")
        return self.matter.remedy
