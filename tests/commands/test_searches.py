"""One's own searches: kept by name, replaced, taken away, and seen by nobody else."""

from __future__ import annotations

import pytest

from core.commands.searches import RemoveSearch, SaveSearch
from core.errors import BadInput, NotPermitted
from core.queries.searching import own_searches
from tests.builders import Story
from tests.commands.refusals import refused
from tests.conftest import Desks


def test_a_search_is_kept_by_name_for_oneself_alone(story: Story, desks: Desks) -> None:
    desks.handler.do(SaveSearch(name="Bins", looks_for="text=bins"))
    desks.handler.do(SaveSearch(name="Awards", looks_for="text=award&state=open"))
    done = desks.handler.do(SaveSearch(name="Bins", looks_for="text=missed+bins"))
    assert done.sentences == ("Saved the search “Bins”.",)
    assert desks.handler.ask(own_searches) == (("Awards", "text=award&state=open"), ("Bins", "text=missed+bins"))
    assert desks.other_handler.ask(own_searches) == ()
    with refused(story, BadInput, match="You have no saved search of that name"):
        desks.other_handler.do(RemoveSearch(name="Bins"))
    desks.handler.do(RemoveSearch(name="Bins"))
    assert [name for name, _ in desks.handler.ask(own_searches)] == ["Awards"]
    assert story.verified() == len(story.tags())


def test_a_list_ends_at_fifty(story: Story, desks: Desks) -> None:
    for number in range(50):
        desks.handler.do(SaveSearch(name=str(number), looks_for="text=bins"))
    with refused(story, BadInput, match="You have 50 saved searches. Remove one first"):
        desks.handler.do(SaveSearch(name="One more", looks_for="text=bins"))
    desks.handler.do(SaveSearch(name="7", looks_for="text=roof"))


def test_only_those_who_open_cases_keep_searches(desks: Desks) -> None:
    with pytest.raises(NotPermitted):
        desks.recorder.do(SaveSearch(name="Bins", looks_for="text=bins"))
