"""Home: what do I owe, and to whom, today?"""

from __future__ import annotations

import streamlit as st

from app.ui import beside, guidance, other_work, places, questions, self_assessment_steps, tables
from app.ui.desk import desk
from app.ui.plain import one_line
from core.desk import LONDON, Desk
from core.permissions import Permission, Role
from core.queries.home import Answered, Change, MyDay, my_day
from core.words import day_words

_NOON, _EVENING = 12, 18
_LONGEST = 160


def page() -> None:
    """Greeting, counts that open what they count, and the nearest duties."""
    here = desk()
    now = here.office.now().astimezone(LONDON)
    part = "morning" if now.hour < _NOON else "afternoon" if now.hour < _EVENING else "evening"
    st.title(f"Good {part}, {one_line(here.actor.name)}", anchor=False)
    st.markdown(f"{day_words(now.date())} · {here.actor.role.value}")
    if not here.may(Permission.READ):
        other_work.links(here)
        return
    with here.one_view():
        _day(here, everyone=here.actor.role is not Role.HANDLER and here.actor.role is not Role.REVIEWER)


def _day(here: Desk, *, everyone: bool) -> None:
    self_assessment_steps.owed(here)
    beside.owed(here)
    day = here.ask(my_day, everyone=everyone)
    _counts(day, whose="all" if everyone else "me")
    _lists(day, whose="all" if everyone else "me")
    questions.own(here, everyone=everyone)
    guidance.reminder(here)
    _what_happened(day, everyone=everyone)


def _counts(day: MyDay, *, whose: str) -> None:
    counts = day.counts
    boxes = [
        (f"**{counts.overdue}** overdue", {"whose": whose, "due": "late"}),
        (f"**{counts.today}** due today", {"whose": whose, "due": "today"}),
        (f"**{counts.week}** in the next 7 days", {"whose": whose, "due": "week"}),
        (f"**{counts.total}** open in all", {"whose": whose}),
        (f"**{day.unassigned}** not assigned", {"whose": "nobody"}),
    ]
    with st.container(key="rows-count"):
        for column, (label, query) in zip(st.columns(len(boxes)), boxes, strict=True):
            column.page_link(places.page(places.MY_CASES), label=label, query_params=query, width="stretch")


def _lists(day: MyDay, *, whose: str) -> None:
    if not (day.overdue or day.today or day.week):
        st.info("Nothing is due in the next 7 days. Open “My cases” to see what comes later.")
    for title, rows, due in (
        ("Overdue", day.overdue, "late"),
        ("Due today", day.today, "today"),
        ("In the next 7 days", day.week, "week"),
    ):
        if rows:
            st.subheader(title)
            tables.queue_rows(rows, key=due, back={"whose": whose, "due": due})


def _what_happened(day: MyDay, *, everyone: bool) -> None:
    left, right = st.columns(2, gap="large")
    if not everyone:
        with left:
            st.subheader("What others changed on your cases")
            _links("changed", [(each.reference, _changed(each)) for each in day.changed])
    with left if everyone else right:
        st.subheader("Answered in the last 7 days" if everyone else "What you answered in the last 7 days")
        _links("answered", [(each.reference, _answered(each)) for each in day.answered])


def _changed(change: Change) -> str:
    day = day_words(change.at.astimezone(LONDON).date())
    return f"{day}, {one_line(change.actor)}: {one_line(change.sentence, longest=_LONGEST)}"


def _answered(answer: Answered) -> str:
    matter = one_line(answer.matter, longest=_LONGEST, empty="No matter given")
    return f"{matter}, stage {answer.stage}, {day_words(answer.responded_on)}: {one_line(answer.outcome)}"


def _links(key: str, lines: list[tuple[str, str]]) -> None:
    if not lines:
        st.markdown("Nothing in the last 7 days.")
        return
    tables.links(f"plain-{key}", [(reference, f"**{reference}** {said}") for reference, said in lines])


page()
