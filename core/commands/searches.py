"""Keeping one's own searches by name: SaveSearch and RemoveSearch."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import col, func, select

from core.commands.base import Command, Work, asks, handles
from core.errors import BadInput
from core.events.base import Event
from core.events.searches import SearchRemoved, SearchSaved
from core.model.searches import SavedSearch
from core.permissions import Permission

_MOST = 50


class SaveSearch(Command):
    """Keep what is looked for now under a name, for oneself alone."""

    needs = Permission.READ
    title = "Save this search"
    gist = "It stands on your search page. Nobody else sees it."

    name: str = asks("What to call it", min_length=1, max_length=80)
    looks_for: str = asks("What it looks for", min_length=1, max_length=2_000)


@handles(SaveSearch)
def save_search(command: SaveSearch, work: Work) -> Sequence[Event]:
    """Keep a search under its name, in the place of one of the same name."""
    kept = work.session.get(SavedSearch, (work.actor.id, command.name))
    if kept is None:
        mine = select(func.count()).select_from(SavedSearch).where(col(SavedSearch.owner_id) == work.actor.id)
        if work.session.exec(mine).one() >= _MOST:
            raise BadInput(f"You have {_MOST} saved searches. Remove one first.")
        kept = SavedSearch(owner_id=work.actor.id, name=command.name, looks_for="", saved_at=work.now)
    kept.looks_for, kept.saved_at = command.looks_for, work.now
    work.session.add(kept)
    return [SearchSaved(name=command.name)]


class RemoveSearch(Command):
    """Take a search off one's own list."""

    needs = Permission.READ
    title = "Remove a saved search"
    gist = "Only the list changes. What it finds stays as it is."

    name: str = asks("Which one", widget="choice", options="searches", min_length=1, max_length=80)


@handles(RemoveSearch)
def remove_search(command: RemoveSearch, work: Work) -> Sequence[Event]:
    """Take a search off one's own list, and no one else's."""
    kept = work.session.get(SavedSearch, (work.actor.id, command.name))
    if kept is None:
        raise BadInput("You have no saved search of that name. Choose one from the list.", {"name": "Choose one."})
    work.session.delete(kept)
    return [SearchRemoved(name=command.name)]
