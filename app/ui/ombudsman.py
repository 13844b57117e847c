"""Complaints at an Ombudsman on the screen: the lists, one of them with its course, and the forms of its steps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import streamlit as st

from app.ui import badge, forms, keys, places, tables
from app.ui.opened import Opened
from app.ui.plain import one_line, plain
from core.code.ombudsmen import BODIES, decisions_of
from core.commands.base import COMMANDS
from core.desk import Desk, Done
from core.errors import BadInput
from core.queries.ombudsman import OmbudsmanList, OmbudsmanRow, OmbudsmanView, RecommendationView, ombudsman_case
from core.rules.outside import CommentGround
from core.words import counted, day_words

RECORD, COMPLY = "RecordEnquiry", "ComplyWithRecommendation"
_MATTER, _TEXT = 90, 120


def lists(found: OmbudsmanList) -> None:
    """What is open, what is to be complied with, and what was decided since April."""
    st.subheader(f"With the Ombudsman: {len(found.undecided)}", anchor="open")
    if not found.undecided:
        st.markdown("Nothing is with an Ombudsman. When one writes, record it with “Record an Ombudsman’s enquiry”.")
    _rows(found.undecided, "open")
    if found.to_close:
        st.subheader(f"Decided, and to be closed here: {len(found.to_close)}", anchor="to-close")
        _rows(found.to_close, "to-close")
    st.subheader(f"Recommendations to comply with: {len(found.owed)}, {found.overdue} overdue", anchor="recommended")
    if not found.owed:
        st.markdown("Every recommendation is complied with.")
    with st.container(key="rows-recommended", gap=None):
        for each in found.owed:
            _recommendation_row(each)
    st.subheader(f"Decided since {day_words(found.since)}: {len(found.decided)}", anchor="decided")
    if not found.decided:
        st.markdown("Nothing has been decided since then.")
    _rows(found.decided, "decided")


def _rows(rows: Iterable[OmbudsmanRow], key: str) -> None:
    with st.container(key=f"rows-ombudsman-{key}", gap=None):
        for row in rows:
            label = f"**{one_line(row.their_reference)}** {tables.cells(*_cells(row))}"
            st.page_link(
                places.page(places.OMBUDSMAN), label=label, query_params={"open": str(row.id)}, width="stretch"
            )


def _cells(row: OmbudsmanRow) -> tuple[str, ...]:
    about = one_line(row.matter or row.subject, longest=_MATTER)
    ours = row.complaint or "no complaint here"
    if row.decision is not None and row.decided_on is not None:
        stands = f"{row.decision.present}, {day_words(row.decided_on)}"
    else:
        stands = f"{row.ombudsman.short}, since {day_words(row.enquiry_on)}"
    due = f"{row.next_title} by {day_words(row.act_by)}" if row.act_by is not None else "nothing is due"
    return f"{about} · {ours}", stands, due, badge.due(row.soon) if row.soon is not None else ""


def _recommendation_row(each: RecommendationView) -> None:
    when = f"by {day_words(each.due_on)} {badge.due(each.soon) if each.soon is not None else ''}"
    parts = (one_line(each.what, longest=_TEXT), one_line(each.owner, empty="the handler"), when)
    # What an assessor recommended has no case at the Ombudsman: it opens by itself.
    query = {"comply": str(each.id)}
    if each.ombudsman_case_id is not None:
        query["open"] = str(each.ombudsman_case_id)
    label = f"**{each.complaint}** {tables.cells(*parts)}"
    st.page_link(places.page(places.OMBUDSMAN), label=label, query_params=query, width="stretch")


def band(rows: Sequence[OmbudsmanRow]) -> None:
    """On the complaint's own page: what an Ombudsman has of it, each a link; nothing where there is nothing."""
    if rows:
        st.markdown("### With the Ombudsman")
        _rows(rows, "case")


def one(here: Desk, number: str) -> None:
    """One case at the Ombudsman: its head, its next steps, its course and what was recommended."""
    chosen, step = number_in(number), st.query_params.get("step", "")
    if step in COMMANDS:
        forms.finish(_opened(step, None, chosen))
    complied()
    view = here.ask(ombudsman_case, chosen)
    row = view.row
    st.page_link(places.page(places.OMBUDSMAN), label="Back to all of them", icon=":material/arrow_back:")
    st.title(one_line(row.matter or row.subject, longest=_MATTER), anchor=False)
    _head(view)
    steps = [name for name in view.steps if here.may(COMMANDS[name].needs)]
    with st.container(horizontal=True, gap="small"):
        for name in steps:
            st.button(COMMANDS[name].title, key=keys.ombudsman_key(name), on_click=choose, args=(name,))
    if step in steps:
        draw(_opened(step, view, chosen))
    elif step:
        st.info("That step is not open now. Choose another.")
    _course(view)
    _recommended(here, view)


def _head(view: OmbudsmanView) -> None:
    row = view.row
    told = [f"**{one_line(row.their_reference)}** · {row.ombudsman.name}"]
    if view.investigator:
        told.append(f"investigator {one_line(view.investigator)}")
    if row.decision is not None:
        told.append(f"**{row.decision.words}**")
    if row.remedy_before:
        told.append("a satisfactory remedy had been offered before")
    if row.soon is not None and row.act_by is not None:
        told.append(f"{row.next_title} by {day_words(row.act_by)} {badge.due(row.soon)}")
    st.markdown(" · ".join(told))
    if row.complaint:
        st.page_link(places.page(places.CASE), label=f"Open {row.complaint}", query_params={"ref": row.complaint})


def _course(view: OmbudsmanView) -> None:
    lines = ["### What came and went"]
    for title, day, text in view.told:
        when = day_words(day) if day is not None else ""
        lines.append(f"**{plain(title)}**, {when}  \n{plain(text)}" if text else f"**{plain(title)}**, {when}")
    st.markdown("\n\n".join(lines))


def _recommended(here: Desk, view: OmbudsmanView) -> None:
    st.subheader(f"Recommendations: {len(view.recommendations)}", anchor="recommended")
    if not view.recommendations:
        st.markdown("None is recorded. Once it is decided, add each with “Add a recommendation”.")
    comply = st.query_params.get("comply", "")
    for each in view.recommendations:
        st.markdown(_recommendation(each))
        if each.owed and here.may(COMMANDS[COMPLY].needs):
            if comply == str(each.id):
                draw(complying(each.id, files=view.files))
            else:
                key = keys.ombudsman_key(f"comply/{each.id}")
                label = f"Record compliance: {one_line(each.what, longest=_TEXT)}"
                st.button(label, key=key, on_click=choose, args=("", str(each.id)))


def _recommendation(each: RecommendationView) -> str:
    head = f"- **{one_line(each.what)}** · {one_line(each.kind)} · by {day_words(each.due_on)}"
    if not each.accepted:
        return f"{head} {badge.badge('not accepted', 'gray')} {one_line(each.why_not)}"
    who = one_line(each.owner, empty="the case’s handler")
    if each.complied_on is None:
        return f"{head} · {who} {badge.due(each.soon) if each.soon is not None else ''}"
    late = badge.badge("late", "red") if each.complied_on > each.due_on else badge.badge("in time", "green")
    shown = " · ".join(filter(None, (one_line(each.file), one_line(each.evidence))))
    return f"{head} · {who} · complied with on {day_words(each.complied_on)} {late} · {shown}"


def complying(number: int, *, files: Mapping[int, str]) -> Opened:
    """The form that says that a recommendation is complied with; it goes on where it was opened."""
    back = {"open": st.query_params["open"]} if "open" in st.query_params else {}
    return Opened(
        step=COMPLY,
        about=f"recommendation {number}",
        given={"recommendation_id": number},
        listed={"case_files": files},
        page=places.OMBUDSMAN,
        leads_to=lambda _opened, _done: back,
    )


def complied() -> None:
    """After compliance was recorded: by then the recommendation is owed no longer."""
    if number := st.query_params.get("comply", ""):
        forms.finish(complying(number_in(number), files={}))


def _opened(step: str, view: OmbudsmanView | None, chosen: int) -> Opened:
    body = view.row.ombudsman.key if view is not None else ""
    return Opened(
        step=step,
        about=f"case {chosen}",
        given={"ombudsman_case_id": chosen},
        listed={
            "ombudsman_outcomes": decisions_of(body),
            "comment_grounds": {each.value: each.value for each in CommentGround},
        },
        page=places.OMBUDSMAN,
        leads_to=lambda _opened, _done: {"open": str(chosen)},
    )


def recording() -> Opened:
    """The form of a new enquiry."""
    listed = {"ombudsmen": {key: each.name for key, each in BODIES.items()}}
    return Opened(step=RECORD, listed=listed, page=places.OMBUDSMAN, leads_to=to_the_list)


def to_the_list(_opened: Opened, _done: Done) -> Mapping[str, str]:
    """The page without anything opened on it."""
    return {}


def draw(opened: Opened) -> None:
    """A form of this page in its frame, with the way out that loses nothing."""
    forms.finish(opened)
    with st.container(border=True):
        st.subheader(COMMANDS[opened.step].title, anchor=False)
        forms.draw(opened)
        key = keys.ombudsman_key(f"close/{opened.step}")
        st.button("Close without sending (what you typed is kept)", key=key, on_click=choose, type="tertiary")


def choose(step: str = "", comply: str = "") -> None:
    """Open one form, and close whichever was open; nothing named closes it."""
    for name, value in (("step", step), ("comply", comply)):
        st.query_params.pop(name, None)
        if value:
            st.query_params[name] = value


def number_in(text: str) -> int:
    """A number from the address; BadInput for anything else."""
    if not (text.isascii() and text.isdigit() and len(text) <= len("2147483647")):
        raise BadInput("That link is damaged. Open the case again from the list.")
    return int(text)


def given_of(found: OmbudsmanList, number: str) -> RecommendationView | None:
    """The recommendation that the address names, where it is still to be complied with."""
    return next((each for each in found.owed if str(each.id) == number), None)


def counts(found: OmbudsmanList) -> str:
    """The page's own summary in a line."""
    return " · ".join(
        (
            f"[**{len(found.undecided)}** with the Ombudsman](#open)",
            f"[**{counted(len(found.owed), 'recommendation')}** to comply with](#recommended)",
            f"[**{len(found.decided)}** decided this year](#decided)",
        )
    )
