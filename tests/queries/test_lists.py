"""The short lists that forms choose from: services, and colleagues by what they may do."""

from __future__ import annotations

from core.permissions import GRANTS, Permission, Role
from core.queries.lists import lists
from tests.builders import Story
from tests.conftest import COLLEAGUES, SERVICES, Desks


def test_everyone_is_listed_by_what_they_may_do(desks: Desks) -> None:
    """Handlers and reviewers are whoever the permission is granted to, by name [lgsco:6.14]."""
    found = desks.recorder.ask(lists)
    assert [each.name for each in found.services] == sorted(SERVICES)
    assert [each.name for each in found.colleagues] == sorted(name for name, _role in COLLEAGUES)
    assert {each.name: each.note for each in found.colleagues} == {name: role.value for name, role in COLLEAGUES}
    for chosen, permission in ((found.handlers, Permission.HANDLE), (found.reviewers, Permission.REVIEW)):
        assert [each.name for each in chosen] == sorted(name for name, role in COLLEAGUES if permission in GRANTS[role])
    assert {each.name for each in found.reviewers} == {"Rita Reviewer", "Remy Reviewer", "Mona Manager"}


def test_a_choice_says_how_much_a_colleague_has_open(story: Story, desks: Desks) -> None:
    """Complaints whose next step is theirs; answered and withdrawn ones are not counted."""
    story.assign(story.acknowledged())
    story.assign(story.acknowledged())
    story.answered()
    story.considered_at_stage_two()
    found = desks.manager.ask(lists)
    handlers = {each.name: each.note for each in found.handlers}
    assert handlers["Hana Handler"] == f"{Role.HANDLER}, 2 open"
    assert handlers["Hugo Handler"] == f"{Role.HANDLER}, 0 open"
    assert {each.name: each.note for each in found.reviewers}["Rita Reviewer"] == f"{Role.REVIEWER}, 1 open"


def test_ids_are_those_the_commands_take(story: Story, desks: Desks) -> None:
    found = desks.manager.ask(lists)
    by_name = {each.name: each.id for each in found.colleagues}
    assert by_name["Hana Handler"] == desks.handler.actor.id
    services = {row["name"]: row["id"] for row in story.rows("service")}
    assert {each.name: each.id for each in found.services} == services
