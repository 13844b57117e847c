"""Themes: found, decided on, worked on and closed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from unittest.mock import patch

from sqlalchemy.engine import Connection

from core.code.themes import THEME_RULE
from core.commands.base import LOOKS
from core.commands.improving import DropImprovement
from core.commands.themes import AcceptTheme, CloseTheme, DismissTheme, FindThemes
from core.errors import BadInput, StepNotOpen
from core.queries.themes import ThemeView, themes_board
from core.rules.s9_oversight import Risk
from core.theme_finding import find_when_due
from tests.builders import RECEIVED, Story
from tests.commands.refusals import refused
from tests.conftest import Desks
from tests.themes import candidate, caused, damp, theme


def board(desks: Desks) -> list[tuple[str, str, int]]:
    """What is on the board: title, decision, count."""
    return sorted((each.title, each.decision, each.count) for each in desks.handler.ask(themes_board))


def test_9_2_the_same_cause_five_times_in_ninety_days_is_a_candidate(story: Story, desks: Desks) -> None:
    """Four are none; the fifth makes one, of that service and that cause alone [lgsco:9.2]."""
    first = caused(story, 4)
    caused(story, 3, service_id=2)
    caused(story, 1, key="communication")
    desks.manager.do(FindThemes())
    assert board(desks) == []
    story.on(RECEIVED + timedelta(days=THEME_RULE.window_days - 1))
    first += caused(story, 1, received_on=story.clock.now.date())
    desks.manager.do(FindThemes())
    (found,) = desks.handler.ask(themes_board)
    assert (found.title, found.service, found.count, found.kind) == ("Delay", "Waste and recycling", 5, "cause")
    assert set(found.cases) == set(first)
    desks.manager.do(FindThemes())
    assert len(story.rows("theme")) == 1


def test_9_2_a_cause_five_times_in_more_than_ninety_days_is_none(story: Story, desks: Desks) -> None:
    caused(story, 4)
    story.on(RECEIVED + timedelta(days=THEME_RULE.window_days))
    caused(story, 1, received_on=story.clock.now.date())
    desks.manager.do(FindThemes())
    assert board(desks) == []


def test_9_2_a_confidential_complaint_makes_no_theme(story: Story, desks: Desks) -> None:
    """It would show in a count what only the people named on it know [lgsco:5.8]."""
    kept, *_others = caused(story, 5)
    story.keep_confidential(kept)
    desks.manager.do(FindThemes())
    assert board(desks) == []


def test_9_4_a_theme_goes_from_the_finding_to_what_came_of_it(story: Story, desks: Desks) -> None:
    """Risk, owner and decision; improvements for it; closed when they are finished [lgsco:9.4]."""
    number = theme(story)
    planned = story.improvement(theme_id=number)
    (shown,) = desks.handler.ask(themes_board)
    assert (shown.decision, shown.risk, shown.owner, shown.why) == (
        "accepted", "high", "Mona Manager", "The rounds are too long.",
    )  # fmt: skip
    assert shown.improvements == (planned,)
    closing = CloseTheme(theme_id=number, outcome="The rounds are shorter.")
    with refused(story, StepNotOpen, f"Improvement {planned} for this theme: not finished yet"):
        desks.manager.do(closing)
    desks.handler.do(DropImprovement(improvement_id=planned, why="Done by the contractor."))
    desks.senior_lead.do(closing)
    (shown,) = desks.handler.ask(themes_board)
    assert (shown.decision, shown.outcome) == ("closed", "The rounds are shorter.")
    with refused(story, StepNotOpen, "stands as closed"):
        desks.manager.do(DismissTheme(theme_id=number, why="Again."))
    with refused(story, BadInput, "accepted"):
        story.improvement(theme_id=number)


def test_9_4_what_is_dismissed_comes_back_only_when_it_grows(story: Story, desks: Desks) -> None:
    number = candidate(story)
    desks.manager.do(DismissTheme(theme_id=number, why="One storm."))
    desks.manager.do(FindThemes())
    assert [each[1:] for each in board(desks)] == [("dismissed", 5)]
    caused(story, 1)
    desks.manager.do(FindThemes())
    assert [each[1:] for each in board(desks)] == [("candidate", 6), ("dismissed", 5)]
    owner = desks.manager.actor.id
    with refused(story, StepNotOpen, "stands as dismissed"):
        desks.manager.do(AcceptTheme(theme_id=number, risk=Risk.LOW, owner_id=owner, why="After all."))


def test_9_2_references_are_shown_only_to_those_who_see_the_complaints(story: Story, desks: Desks) -> None:
    number = candidate(story)
    hidden = story.rows("complaint")[0]["reference"]
    story.keep_confidential(hidden)

    def seen(view: ThemeView) -> bool:
        return view.id == number and hidden in view.cases

    assert not any(map(seen, desks.other_handler.ask(themes_board)))
    assert any(map(seen, desks.reviewer.ask(themes_board)))


def test_9_2_the_server_looks_once_a_week_by_itself(story: Story) -> None:
    """And at once when nobody has ever looked; in between it leaves the records alone [lgsco:9.2]."""
    caused(story, 5)
    assert find_when_due(story.office) is not None
    assert [row["decision"] for row in story.rows("theme")] == ["candidate"]
    story.on(RECEIVED + timedelta(days=THEME_RULE.again_after_days - 1))
    assert find_when_due(story.office) is None
    story.on(RECEIVED + timedelta(days=THEME_RULE.again_after_days))
    done = find_when_due(story.office)
    assert done is not None
    assert done.sentences == ("Looked for themes in 1 series of complaints; 0 candidates came up or came back.",)


def test_9_2_complaints_of_several_people_worded_alike_are_a_candidate(story: Story, desks: Desks) -> None:
    """Across services, with the words they share as they are written, and their references [lgsco:9.2]."""
    alike = damp(story, "abca")
    desks.manager.do(FindThemes())
    assert board(desks) == []
    alike += damp(story, "d")
    desks.manager.do(FindThemes())
    (found,) = desks.manager.ask(themes_board)
    assert (found.kind, found.service, found.count, set(found.cases)) == ("words", "", 5, set(alike))
    assert {"mould", "damp", "ceiling"} <= set(found.title.split(", "))
    assert "person" not in found.title


def test_9_2_one_persons_repeats_and_confidential_complaints_make_no_group(story: Story, desks: Desks) -> None:
    damp(story, "aaaaab")
    story.keep_confidential(damp(story, "c")[0])
    desks.manager.do(FindThemes())
    assert board(desks) == []


def test_9_2_people_nobody_can_tell_apart_count_as_one(story: Story, desks: Desks) -> None:
    damp(story, "abcde", individual="A neighbour", contact_email="", no_contact_details=True)
    damp(story, "a")
    desks.manager.do(FindThemes())
    assert board(desks) == []


def test_9_4_a_dismissed_group_comes_back_only_when_it_grows(story: Story, desks: Desks) -> None:
    """It is the same group while some of its complaints are in it, whatever words they share by then [lgsco:9.2]."""
    damp(story, "abcde")
    desks.manager.do(FindThemes())
    (found,) = desks.manager.ask(themes_board)
    desks.manager.do(DismissTheme(theme_id=found.id, why="One storm."))
    desks.manager.do(FindThemes())
    assert [each[1:] for each in board(desks)] == [("dismissed", 5)]
    damp(story, "f", words="Leaking ceiling, damp, mould and no heating.")
    desks.manager.do(FindThemes())
    desks.manager.do(FindThemes())
    assert sorted(each[1:] for each in board(desks)) == [("candidate", 6), ("dismissed", 5)]


def test_9_2_alike_words_are_looked_for_before_the_database_is_held(story: Story, desks: Desks) -> None:
    """What became confidential meanwhile is in no theme, though it was found [lgsco:5.8]."""
    alike = damp(story, "abcde")
    was, held = LOOKS[FindThemes], list[Any]()

    def looked(connection: Connection, today: date) -> Any:
        found = was(connection, today)
        story.keep_confidential(alike[0])  # a writer gets through while it looks
        held.append(found)
        return found

    with patch.dict(LOOKS, {FindThemes: looked}):
        desks.manager.do(FindThemes())
    assert [len(group.ids) for group in held[0]] == [5]
    assert board(desks) == []
    damp(story, "f")
    desks.manager.do(FindThemes())
    assert [each[1:] for each in board(desks)] == [("candidate", 5)]
