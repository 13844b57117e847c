"""The Learning and Quality pages."""

from __future__ import annotations

from datetime import date

from core.code.quality import CHECKLIST
from core.permissions import Role
from core.queries.learning import improvements
from core.queries.quality import own_feedback
from core.rules.s9_oversight import Learned, Risk
from tests.pages.conftest import Open
from tests.pages.council import Council
from tests.pages.shown import button, field, words


def alike(council: Council) -> None:
    """The same cause comes up five times."""
    for _each in range(5):
        taught = {"learned": Learned.SOMETHING, "lesson": "The round is too long.", "cause_id": 1}
        council.take(Role.HANDLER, "RecordLearning", reference=council.record(), **taught)
    council.take(Role.MANAGER, "FindThemes")


def test_9_4_a_candidate_is_accepted_and_an_improvement_planned_for_it(council: Council, open_page: Open) -> None:
    """The rule stands on the page in plain words; what is decided shows with risk and owner [lgsco:9.4]."""
    alike(council)
    at = open_page("learning", Role.MANAGER)
    said = words(at)
    assert "1 candidate to decide on" in said
    assert "5 complaints since" in said
    assert "about one in 20 at the most does by chance" in said
    assert "at least 5 of them by 3 different people are worded alike" in said
    button(at, "Accept as a theme").click().run()
    field(at, "selectbox", "Which candidate").set_value(1)
    field(at, "selectbox", "How much harm if nothing changes").set_value("high")
    field(at, "selectbox", "Who answers for it").set_value(1)
    field(at, "text_area", "What was decided").set_value("Split the *round*.").run()
    _sends(at, "Accept as a theme")
    said = words(at)
    assert "1 theme being worked on" in said
    assert "high risk" in said
    assert "answers for it. Split the " in said


def test_9_3_what_is_made_stands_apart_from_what_is_planned(council: Council, open_page: Open) -> None:
    planned = {"what": "Ring back.", "owner_id": 1, "risk": Risk.LOW, "due_on": date(2027, 3, 1)}
    council.take(Role.HANDLER, "ProposeImprovement", **planned, behind="C-2026-000001")
    at = open_page("learning", show="mine")
    assert "1 improvement still to be made" in words(at)
    assert "0 improvements made" in words(at)
    assert "Learned from [C-2026-000001]" in words(at)
    assert "0 improvements still to be made" in words(open_page("learning", Role.MANAGER, show="overdue"))
    assert "13 causes in use" in words(open_page("learning", show="causes"))
    assert "No complaint of the last year has a category" in words(open_page("learning", show="categories"))
    assert "does not show" in words(open_page("learning", show="nothing"))
    assert len(council.desk(Role.HANDLER).ask(improvements)) == 1


def test_E9_a_check_is_recorded_and_read_by_the_handler(council: Council, open_page: Open) -> None:
    """Drawn, checked item by item, and acknowledged, all on the page [lgsco:9.4, 9.8]."""
    reference = council.record(days_ago=60)
    council.assign(reference, days_ago=60)
    council.acknowledge(reference, days_ago=58)
    council.answer(reference, days_ago=50)
    council.take(Role.QUALITY, "DrawSample", month=council.day(50), size=9, seed=3)
    at = open_page("quality", Role.QUALITY, step="RecordCheck")
    field(at, "selectbox", "Which complaint of the sample").set_value(1)
    for number, item in enumerate(CHECKLIST.values()):
        field(at, "selectbox", f"{item.title}: found").set_value("not met" if number == 0 else "met")
    at.run()
    _sends(at, "Record the check")
    assert "Say in words what was missing on: Recognised and logged at once." in words(at)
    field(at, "text_input", "Recognised and logged at once: in words").set_value("Logged four days late.").run()
    _sends(at, "Record the check")
    assert "**Passed:** 0.0 % (0 of 1)" in words(at)
    at = open_page("quality")
    assert "Feedback on your work: 1 to read" in words(at)
    assert "Not met: Recognised and logged at once. Logged four days late." in words(at)
    at = open_page("quality", step="AcknowledgeFeedback")
    field(at, "selectbox", "Which check").set_value(1).run()
    _sends(at, "I have read this")
    (told,) = council.desk(Role.HANDLER).ask(own_feedback)
    assert told.acknowledged_on == council.today


def _sends(at: object, label: str) -> None:
    found = [each for each in at.button if each.label == label and "form/" in str(each.key)]  # type: ignore[attr-defined]
    found[-1].click().run()
