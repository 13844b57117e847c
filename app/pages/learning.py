"""Learning: themes to decide on, improvements from plan to evidence, and the council's list of causes."""

from __future__ import annotations

import streamlit as st

from app.ui import keys, learning, learning_categories, page_steps, places
from app.ui.desk import guard
from core.desk import Desk
from core.errors import BadInput
from core.permissions import Permission
from core.queries.category_insights import category_insights
from core.queries.guidance import Shelf, guidance_shelf
from core.queries.learning import ImprovementView, improvements, learning_figures, listed_causes
from core.queries.themes import ThemeView, themes_board
from core.rules.s9_oversight import ImprovementState

_SHOW = {
    "": "Themes and improvements",
    "mine": "My improvements",
    "overdue": "Overdue improvements",
    "categories": "What lies behind each category",
    "causes": "The list of causes",
}
_THEMES = ("AcceptTheme", "DismissTheme", "CloseTheme", "FindThemes")
_IMPROVING = (
    "ProposeImprovement",
    "StartImprovement",
    "CompleteImprovement",
    "LinkToImprovement",
    "DropImprovement",
)
_LONGEST = 120
_CAUSES = ("AddCause", "WithdrawCause")


def page() -> None:
    """What the address asks for: the board, some of the improvements, or the causes."""
    here = guard(Permission.LEARN, title="Learning")
    st.title("Learning", anchor=False)
    show = st.query_params.get("show", "")
    if show not in _SHOW:
        raise BadInput("The address asks for something this page does not show. Choose from the list.")
    key = keys.filter_key("learning", "show")
    st.session_state[key] = show
    st.selectbox("Show", list(_SHOW), format_func=_SHOW.get, key=key, on_change=_chosen)
    with here.one_view():
        if show == "causes":
            _causes(here)
        elif show == "categories":
            learning_categories.board(here.ask(category_insights))
        else:
            _board(here, show)


def _chosen() -> None:
    st.query_params.pop("step", None)
    st.query_params["show"] = st.session_state[keys.filter_key("learning", "show")]


def _causes(here: Desk) -> None:
    page_steps.buttons(here, _CAUSES)
    page_steps.form(here, _CAUSES, page=places.LEARNING, listed={})
    learning.causes(here.ask(listed_causes))


def _board(here: Desk, show: str) -> None:
    themes, planned = here.ask(themes_board), here.ask(improvements)
    listed = _listed(themes, planned, here.ask(guidance_shelf))
    page_steps.buttons(here, _IMPROVING)
    page_steps.buttons(here, _THEMES)
    page_steps.form(here, (*_IMPROVING, *_THEMES), page=places.LEARNING, listed=listed)
    if show == "mine":
        planned = tuple(each for each in planned if each.owner_id == here.actor.id)
    elif show == "overdue":
        planned = tuple(each for each in planned if each.overdue)
    else:
        if here.may(Permission.FIGURES):
            learning.figures(here.ask(learning_figures))
        learning.board(themes)
        st.markdown(f"{learning.rule()} Clauses {places.clause_links(['lgsco:9.2', 'lgsco:9.4'])}.")
    learning.improvements(planned)
    _published()


def _listed(themes: tuple[ThemeView, ...], planned: tuple[ImprovementView, ...], shelf: Shelf) -> page_steps.Listed:
    """What the forms choose from."""
    unfinished = (ImprovementState.PROPOSED, ImprovementState.STARTED)
    return {
        "candidates": {each.id: _named(each) for each in themes if each.decision == "candidate"},
        "themes": {each.id: _named(each) for each in themes if each.decision == "accepted"},
        "questions": {
            each.id: f"{entry.title}, {each.number}. {each.question}"[:_LONGEST]
            for entry in shelf.standing
            for each in entry.questions
            if each.improvement_id is None
        },
        "improvements": {each.id: f"{each.id}. {each.what[:80]}" for each in planned if each.state in unfinished},
    }


def _named(theme: ThemeView) -> str:
    return f"{theme.id}. {theme.title}, {theme.service or 'no service'}"


def _published() -> None:
    ways = " · ".join(
        f"[{title}]({places.own_route(f'/export/you-said-we-did.{form}')})"
        for title, form in (("as a web page", "html"), ("as a table (CSV)", "csv"))
    )
    st.markdown(f"**You said, we did:** save what is made {ways}. It holds only the words written for publication.")


page()
