"""Posts and training: who is in which post, one's own training and objective; for those who oversee, everybody's."""

from __future__ import annotations

import streamlit as st

from app.ui import conduct, keys, page_steps, places
from app.ui.desk import guard
from core.code.conduct import CONDUCT
from core.desk import Desk
from core.errors import BadInput
from core.permissions import Permission
from core.queries.conduct import PostView, contractors_agreed, own_training, posts_held, training_list
from core.queries.contractors import contractor_scorecard
from core.queries.workload import workload

_SHOW = {
    "": ("Posts, and what is yours", Permission.CODE),
    "training": ("Everybody’s training and objective", Permission.STAFF),
    "workload": ("Workload by person", Permission.STAFF),
    "contractors": ("Contractors and partners", Permission.FIGURES),
}
_POSTS = ("AcknowledgeObjective", "AppointTo", "EndAppointment")
_TRAINING = ("RecordTraining", "RecordContractorObjective")


def page() -> None:
    """What the address asks for, as far as the role goes."""
    here = guard(Permission.CODE, title="Posts and training")
    st.title("Posts and training", anchor=False)
    show = st.query_params.get("show", "")
    may = {key: title for key, (title, needs) in _SHOW.items() if here.may(needs)}
    if show not in may:
        raise BadInput("The address asks for something this page does not show you. Choose from the list.")
    key = keys.filter_key("people", "show")
    st.session_state[key] = show
    if len(may) > 1:
        st.selectbox("Show", list(may), format_func=may.get, key=key, on_change=_chosen)
    with here.one_view():
        _DRAWN[show](here)


def _chosen() -> None:
    st.query_params.pop("step", None)
    st.query_params["show"] = st.session_state[keys.filter_key("people", "show")]


def _posts(here: Desk) -> None:
    held, mine = here.ask(posts_held), here.ask(own_training)
    steps = _POSTS if mine is not None and mine.objective is not None else _POSTS[1:]
    page_steps.buttons(here, steps)
    conduct.objective(mine)
    page_steps.form(here, steps, page=places.PEOPLE, listed={"appointments": _standing(held)})
    conduct.posts(held)
    conduct.own_training(mine)


def _standing(held: tuple[PostView, ...]) -> dict[int, str]:
    """The appointments that can be ended."""
    return {
        each.id: f"{each.name}, {post.post.value}"
        for post in held
        for each in (*post.holders, *post.ahead)
        if each.until is None
    }


def _training(here: Desk) -> None:
    kinds = {key: each.title for key, each in CONDUCT.training.items()}
    page_steps.buttons(here, _TRAINING)
    page_steps.form(here, _TRAINING, page=places.PEOPLE, listed={"training": kinds})
    people = here.ask(training_list)
    conduct.training(people)
    conduct.missing_objective(people, here.ask(contractors_agreed))


def _workload(here: Desk) -> None:
    conduct.workload(here, here.ask(workload))


def _contractors(here: Desk) -> None:
    conduct.scorecard(here.ask(contractor_scorecard))


_DRAWN = {"": _posts, "training": _training, "workload": _workload, "contractors": _contractors}
page()
