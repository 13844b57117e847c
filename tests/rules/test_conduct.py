"""Posts, training and the objective: who is in post, whether there is room, and what is in date."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.code.conduct import CONDUCT, Post, load_conduct
from core.code.guidance import SUGGESTED, load_guidance
from core.code.reading_files import CatalogueBroken
from core.commands.base import COMMANDS
from core.permissions import Role
from core.rules.conduct import (
    InDate,
    Renewal,
    Tenure,
    in_post,
    objective_stands,
    room_in_post,
    training_for,
    training_stands,
    untrained,
)
from core.rules.guidance import ReviewStands, questions_in, review_by, review_stands, safe_address
from tests.builders import day

APRIL, JUNE, AUGUST = day("2026-04-01"), day("2026-06-30"), day("2026-08-01")
THE_CODE, INDUCTION = CONDUCT.training["the_code"], CONDUCT.training["induction"]


@pytest.mark.parametrize(
    ("on", "there"),
    [("2026-03-31", False), ("2026-04-01", True), ("2026-06-30", True), ("2026-07-01", False)],
)
def test_4_1_both_ends_of_an_appointment_are_in_post(on: str, there: bool) -> None:
    assert in_post(Tenure(since=APRIL, until=JUNE), on=day(on)) is there


@pytest.mark.parametrize(
    ("post", "held", "new", "room"),
    [
        (Post.LINK_OFFICER, [], Tenure(since=APRIL), True),
        (Post.LINK_OFFICER, [Tenure(since=APRIL)], Tenure(since=APRIL), True),
        (Post.LINK_OFFICER, [Tenure(since=APRIL)] * 2, Tenure(since=AUGUST), False),
        (Post.LINK_OFFICER, [Tenure(since=APRIL), Tenure(since=APRIL, until=JUNE)], Tenure(since=AUGUST), True),
        (Post.LINK_OFFICER, [Tenure(since=APRIL), Tenure(since=APRIL, until=JUNE)], Tenure(since=JUNE), False),
        # Two come later, one of them after the other has gone: there are never three at once.
        (Post.LINK_OFFICER, [Tenure(since=JUNE, until=JUNE), Tenure(since=AUGUST)], Tenure(since=APRIL), True),
        # Two come later and stay: from then on there would be three.
        (Post.LINK_OFFICER, [Tenure(since=JUNE), Tenure(since=AUGUST)], Tenure(since=APRIL), False),
        (Post.LINK_OFFICER, [Tenure(since=AUGUST)] * 2, Tenure(since=APRIL, until=JUNE), True),
        (Post.MEMBER, [Tenure(since=APRIL)], Tenure(since=AUGUST), False),
        (Post.MEMBER, [Tenure(since=APRIL, until=JUNE)], Tenure(since=AUGUST), True),
        (Post.OFFICER, [Tenure(since=APRIL)] * 9, Tenure(since=APRIL), True),
    ],
)
def test_E19_no_more_hold_a_post_at_once_than_there_may_be(
    post: Post, held: list[Tenure], new: Tenure, room: bool
) -> None:
    """Two link officers at the most, and it is no matter of a reason [lgsco:4.1]."""
    found = room_in_post(post, held, new)
    assert (found == ()) is room
    assert all((each.clause, each.force) == (CONDUCT.posts[post].clause, "structure") for each in found)


@pytest.mark.parametrize(
    ("post", "held", "said"),
    [
        (
            Post.LINK_OFFICER,
            [Tenure(since=APRIL)] * 2,
            "2 people hold the post “link officer” on Sat 1 August 2026 already",
        ),
        (
            Post.LINK_OFFICER,
            [Tenure(since=APRIL), Tenure(since=day("2026-09-01"))],
            "2 people hold the post “link officer” on Tue 1 September 2026 already",
        ),
        (
            Post.MEMBER,
            [Tenure(since=APRIL)],
            "1 person holds the post “Member responsible for complaints” on Sat 1 August 2026 already",
        ),
    ],
)
def test_E19_a_full_post_says_from_which_day_and_what_to_do(post: Post, held: list[Tenure], said: str) -> None:
    """The first day on which there would be too many [lgsco:4.1]."""
    (finding,) = room_in_post(post, held, Tenure(since=AUGUST))
    assert finding.sentence == f"{said}, and that is as many as there may be. End an appointment first."


@pytest.mark.parametrize(
    ("done", "today", "stands"),
    [
        (None, "2026-04-01", InDate.NEVER),
        ("2024-04-01", "2024-04-01", InDate.HOLDS),
        ("2024-04-01", "2026-03-01", InDate.HOLDS),
        ("2024-04-01", "2026-03-02", InDate.SOON),
        ("2024-04-01", "2026-04-01", InDate.SOON),
        ("2024-04-01", "2026-04-02", InDate.OVERDUE),
    ],
)
def test_4_3_training_is_in_date_up_to_the_day_of_its_refresher(done: str | None, today: str, stands: InDate) -> None:
    found = training_stands(THE_CODE, done_on=day(done) if done else None, today=day(today))
    assert found.stands is stands
    assert found.due_on == (day("2026-04-01") if done else None)


def test_4_3_an_induction_is_had_once_and_never_again() -> None:
    found = training_stands(INDUCTION, done_on=day("2009-01-05"), today=day("2026-04-01"))
    assert found == Renewal(stands=InDate.HOLDS, due_on=None)
    assert untrained([found]) is False
    assert untrained([found, Renewal(stands=InDate.SOON, due_on=APRIL)]) is False
    assert untrained([found, Renewal(stands=InDate.OVERDUE, due_on=APRIL)]) is True
    assert untrained([Renewal(stands=InDate.NEVER, due_on=None)]) is True


def test_4_3_E17_E21_who_answers_needs_more_than_who_takes_in_and_Members_have_their_own() -> None:
    needed = {role: [kind.key for kind in training_for(role)] for role in Role}
    assert needed[Role.MEMBER] == ["members"]
    assert needed[Role.ADMINISTRATOR] == []
    assert set(needed[Role.RECORDER]) < set(needed[Role.HANDLER]) == set(needed[Role.REVIEWER])
    assert CONDUCT.training["one_topic"].roles == ()


@pytest.mark.parametrize(
    ("today", "stands"),
    [
        ("2026-06-30", InDate.HOLDS),
        ("2027-05-31", InDate.SOON),
        ("2027-06-30", InDate.SOON),
        ("2027-07-01", InDate.OVERDUE),
    ],
)
def test_9_8_the_objective_holds_for_a_year(today: str, stands: InDate) -> None:
    assert objective_stands(JUNE, today=day(today)).stands is stands
    assert objective_stands(None, today=day(today)).stands is InDate.NEVER
    assert len(CONDUCT.objective) == 3


@pytest.mark.parametrize(
    ("address", "safe"),
    [
        ("https://www.example.org/a/b?chapter=5#top", True),
        ("https://example.org", True),
        ("https://example.org:8443/a", True),
        ("http://example.org/a", False),
        ("javascript:alert(1)", False),
        ("https://example.org/a b", False),
        ("https://example.org/a)](b", False),
        ("https://user@example.org/", False),
        ("https://localhost/", False),
        ("https://example.org/a\n", False),
        ("data:text/html,x", False),
        ("https://exämple.org/", False),
        ("", False),
    ],
)
def test_E13_only_a_page_by_https_is_led_to(address: str, safe: bool) -> None:
    assert safe_address(address) is safe


def test_E13_guidance_is_looked_at_again_after_a_year_and_said_so_before() -> None:
    by = review_by(day("2026-04-01"))
    assert by == day("2027-04-01")
    at = {text: review_stands(by, today=day(text)) for text in ("2027-03-01", "2027-03-02", "2027-04-01", "2027-04-02")}
    assert list(at.values()) == [ReviewStands.LATER, ReviewStands.SOON, ReviewStands.SOON, ReviewStands.OVERDUE]


def test_E20_each_line_of_a_focus_report_is_a_question() -> None:
    said = "1. How many?\n\n- Who checks?\r\n  • How many? \n2026 was worse: why?\nHow many?"
    assert questions_in(said) == ("How many?", "Who checks?", "2026 was worse: why?")
    assert questions_in(" \n ") == ()


def test_E18_E22_what_the_shelf_begins_with_leads_to_safe_pages_and_real_steps() -> None:
    assert all(not one.address or safe_address(one.address) for one in SUGGESTED.values())
    assert {step for one in SUGGESTED.values() for step in one.steps} <= set(COMMANDS)
    assert "RestrictContact" in SUGGESTED["unreasonable_behaviour"].steps
    assert "OfferRemedy" in SUGGESTED["remedies"].steps


def test_data_that_does_not_fit_is_named(tmp_path: Path) -> None:
    whole = (Path(load_conduct.__code__.co_filename).parent / "conduct.toml").read_text(encoding="utf-8")
    for wrong, says in (
        (whole.replace('post = "link officer"', 'post = "link officers"'), "link officers"),
        (whole.replace('post = "link officer"\n', 'post = "complaints officer"\n'), "stands twice"),
        (whole[: whole.index('[[post]]\npost = "contact')] + whole[whole.index("# key      a name") :], "missing"),
        (whole.replace("[limits]", "[[limits]]"), "one table"),
    ):
        (tmp_path / "conduct.toml").write_text(wrong, encoding="utf-8")
        with pytest.raises(CatalogueBroken, match=says):
            load_conduct(tmp_path)
    (tmp_path / "guidance.toml").write_text("limits = 1\nentry = []\n", encoding="utf-8")
    with pytest.raises(CatalogueBroken, match="one table"):
        load_guidance(tmp_path)
