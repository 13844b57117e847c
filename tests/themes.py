"""Themes arranged through commands: a cause that comes up five times, a candidate, and one that was accepted."""

from __future__ import annotations

from core.code.themes import THEME_RULE
from core.commands.learning import RecordLearning
from core.commands.themes import AcceptTheme, FindThemes
from core.rules.s9_oversight import Learned, Risk
from tests.builders import Story


def caused(story: Story, times: int, key: str = "delay", **fields: object) -> list[str]:
    """So many complaints about one service are put down to one cause."""
    found = []
    for _time in range(times):
        found.append(story.record(**{"service_id": 1, **fields}))
        taught = {"learned": Learned.SOMETHING, "lesson": "The round is too long.", **story.cause(key)}
        story.desks.handler.do(RecordLearning(reference=found[-1], **taught))
    return found


def five_alike(story: Story) -> FindThemes:
    """The same cause has come up as often as makes it a candidate, and it is about to be looked for."""
    caused(story, THEME_RULE.at_least)
    return FindThemes()


DAMP = (
    "Mould and damp spread behind the wardrobe after the ceiling leaked.",
    "The ceiling leaked again, and now there is damp and mould on the wall.",
    "Nobody repairs the leak: damp and mould all over the ceiling.",
)


def damp(story: Story, people: str, **fields: object) -> list[str]:
    """One complaint for each letter, of the person it stands for, worded alike and put where it comes."""
    found = []
    for number, person in enumerate(people):
        told: dict[str, object] = {"words": DAMP[number % len(DAMP)], "matter": "Damp and mould, ceiling leaks"}
        who = {"individual": f"Person {person.upper()}", "contact_email": f"{person}@sample.example"}
        found.append(story.record(**{**told, **who, "service_id": 1 + number % 2, **fields}))
    return found


def candidate(story: Story) -> int:
    """A candidate is found; its number."""
    story.desks.manager.do(five_alike(story))
    return int(max(row["id"] for row in story.rows("theme")))


def theme(story: Story) -> int:
    """A candidate is accepted as a theme; its number."""
    number, owner = candidate(story), story.desks.manager.actor.id
    story.desks.manager.do(AcceptTheme(theme_id=number, risk=Risk.HIGH, owner_id=owner, why="The rounds are too long."))
    return number
