"""The page of a case: what is still to do before the answer, and what was said, asked, met about and weighed."""

from __future__ import annotations

from core.permissions import Role
from core.queries.considering import considering
from core.rules.considering import Complexity, HandlerFit, ReachedBy
from tests.pages.conftest import Open
from tests.pages.council import Council
from tests.pages.shown import button, field, offered, words

READY, NEW = "C-2026-000001", "C-2026-000002"
HOSTILE = "![x](https://example.org/p.png) <b>$x$ :red[a] `b`"


def send(at: object, label: str) -> None:
    next(each for each in at.button if each.label == label and "send" in str(each.key)).click().run()  # type: ignore[attr-defined]
    assert not at.exception, at.exception  # type: ignore[attr-defined]


def test_the_new_holder_declares_first(council: Council, open_page: Open) -> None:
    """The step stands out for them and for nobody else; once taken, the likeliest of the rest does [lgsco:5.4]."""
    at = open_page("case", ref=NEW)
    declare = button(at, "Declare whether you have a conflict")
    steps = [each for each in at.button if str(each.key).startswith("step/")]
    assert steps[0].label == declare.label
    others = open_page("case", Role.REVIEWER, ref=NEW)
    assert next(each for each in others.button if str(each.key).startswith("step/")).label == "Acknowledge"
    declare.click().run()
    field(at, "selectbox", "Your conflict of interest").select("none").run()
    send(at, "Declare whether you have a conflict")
    assert "Dee Handler declares no conflict of interest." in words(at)
    assert next(each for each in at.button if str(each.key).startswith("step/")).label == "Acknowledge"


def test_before_the_answer_is_told_in_words_what_is_still_to_do(council: Council, open_page: Open) -> None:
    """Each with its step, beside the next steps, so that nobody meets it by surprise [lgsco:5.4]."""
    said = words(open_page("case", ref=NEW))
    assert "Before the answer: 2 of 3 still to do" in said
    assert "Dee Handler has not declared yet whether there is a conflict of interest." in said
    assert "Step: “Record their position”." in said
    assert "done] All evidence is weighed." in said
    said = words(open_page("case", ref=READY))
    assert "Before the answer: all three are done" in said
    assert "Their position at stage 1" in said
    assert "They stood in the rain." in said


def test_evidence_is_noted_and_weighed_from_the_page(council: Council, open_page: Open) -> None:
    """What is not weighed yet is chosen already [lgsco:5.4]."""
    at = open_page("case", ref=READY)
    assert "Weigh the evidence" not in set(offered(at))
    button(at, "Note evidence without a file").click().run()
    field(at, "text_input", "What it is, in a few words").set_value("What the crew said").run()
    field(at, "text_input", "Whom it comes from").set_value("The depot").run()
    send(at, "Note evidence without a file")
    said = words(at)
    assert "1 of 3 still to do" in said
    assert "1 piece of evidence is not weighed yet: What the crew said." in said.replace("&#46;", ".")
    button(at, "Weigh the evidence").click().run()
    field(at, "selectbox", "They are").select("considered").run()
    field(at, "text_area", "What they show and what weight they have").set_value("It fits the log.").run()
    send(at, "Weigh the evidence")
    assert "all three are done" in words(at)
    (item,) = council.desk(Role.HANDLER).ask(considering, READY).evidence
    assert (item.considered, item.weight) == ("considered", "It fits the log.")


def test_a_question_says_that_it_stops_no_clock(council: Council, open_page: Open) -> None:
    """T13: the page says so for as long as it is open; the reply is recorded beside it [lgsco:5.4a]; reading R13."""
    at = open_page("case", ref=READY)
    assert "Record what they made clear" not in set(offered(at))
    button(at, "Ask what is unclear").click().run()
    field(at, "text_area", "What they were asked").set_value("Which bin?").run()
    field(at, "selectbox", "How they were asked").select("by phone").run()
    send(at, "Ask what is unclear")
    said = words(at)
    assert "1 question is not answered yet. **That stops no clock:**" in said
    assert "no answer yet" in said
    button(at, "Record what they made clear").click().run()
    field(at, "text_area", "What they answered").set_value("The brown one.").run()
    send(at, "Record what they made clear")
    said = words(at)
    assert "That stops no clock" not in said
    assert "The brown one." in said


def test_a_case_that_needs_someone_else_says_so_at_its_head(council: Council, open_page: Open) -> None:
    council.take(
        Role.HANDLER, "AssessComplaint", reference=READY, complexity=Complexity.HIGH, handler_fit=HandlerFit.WRONG,
        why="It is about planning.",
    )  # fmt: skip
    said = words(open_page("case", ref=READY))
    assert "Somebody else should have this. It is about planning." in said.replace("**", "")
    assert "Complexity high" in said


def test_a_meeting_and_hostile_words_are_shown_as_they_are(council: Council, open_page: Open) -> None:
    """3.6: who came along is on the page, and nothing typed acts on it [lgsco:3.6]."""
    council.take(
        Role.HANDLER, "RecordMeeting", reference=READY, held_on=council.today, place=HOSTILE, attended=HOSTILE,
        accompanied="Fern Friend", adjustments=HOSTILE, notes=HOSTILE,
    )  # fmt: skip
    heard = {"obtained_on": council.today, "reached_by": ReachedBy.LETTER, "said": HOSTILE}
    council.take(Role.HANDLER, "RecordPosition", reference=READY, **heard)
    council.take(Role.HANDLER, "NoteEvidence", reference=READY, what=HOSTILE, source=HOSTILE)
    at = open_page("case", ref=READY)
    assert words(at).count(HOSTILE) >= 6
    assert "With the individual: Fern Friend" in words(at)
    assert not any("![x]" in each.value for each in at.markdown)


def test_a_reader_is_shown_it_and_offered_no_step(council: Council, open_page: Open) -> None:
    at = open_page("case", Role.QUALITY, ref=READY)
    assert "How it is considered" in words(at)
    assert not {"Record their position", "Weigh the evidence", "Record a meeting"} & set(offered(at))
