"""What lies behind each category, and what prevents the next complaint."""

from __future__ import annotations

from datetime import timedelta

from core.code.themes import THEME_RULE
from core.commands.improving import DropImprovement
from core.queries.category_insights import CategoryInsight, category_insights
from core.rules.s9_oversight import ImprovementState
from tests.builders import RECEIVED, Story
from tests.conftest import Desks
from tests.themes import caused


def seen(desks: Desks) -> dict[str, CategoryInsight]:
    return {each.category: each for each in desks.manager.ask(category_insights)}


def test_E15_a_category_shows_its_commonest_causes_and_what_prevents_the_next_one(story: Story, desks: Desks) -> None:
    """Counted once for each cause; a dropped improvement prevents nothing [lgsco:9.2]."""
    late, *_others = caused(story, 2, category="Bins")
    caused(story, 1, key="communication", category="Bins")
    story.record(category="Bins")
    story.record(category="Trees")
    story.record()
    planned, dropped = story.improvement(late), story.improvement(late)
    desks.handler.do(DropImprovement(improvement_id=dropped, why="Done by the contractor."))
    found = desks.manager.ask(category_insights)
    assert [(each.category, each.complaints, each.explained) for each in found] == [("Bins", 4, 3), ("Trees", 1, 0)]
    assert [count for _title, count in found[0].causes] == [2, 1]
    assert found[0].causes[0][0] == "Delay"
    assert [(each.id, each.state) for each in found[0].preventing] == [(planned, ImprovementState.PROPOSED)]
    assert (found[1].causes, found[1].preventing) == ((), ())


def test_E15_complaints_count_for_a_year_and_for_those_who_see_them(story: Story, desks: Desks) -> None:
    """A confidential one counts only for the people named on it [lgsco:5.8]."""
    kept, _other = caused(story, 2, category="Bins")
    story.keep_confidential(kept)
    (shown,) = desks.other_handler.ask(category_insights)
    assert (shown.complaints, shown.explained, shown.causes[0][1]) == (1, 1, 1)
    story.on(RECEIVED + timedelta(days=THEME_RULE.past_days))
    assert "Bins" in seen(desks)
    story.on(RECEIVED + timedelta(days=THEME_RULE.past_days + 1))
    assert seen(desks) == {}
