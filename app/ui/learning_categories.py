"""Each category on the screen: what lies behind its complaints, and what is done so that they do not come again."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from app.ui.plain import one_line
from core.code.themes import THEME_RULE
from core.queries.category_insights import CategoryInsight
from core.words import counted

_MOST = 25


def board(found: Sequence[CategoryInsight]) -> None:
    """The largest categories first, each with its commonest causes and the improvements learned from it."""
    st.markdown(
        f"Complaints received in the last {THEME_RULE.past_days} days, by the category they were given. Causes are "
        "what the decisions taught; an improvement stands here when a complaint of the category is linked to it."
    )
    if not found:
        st.info("No complaint of the last year has a category. Give one when a complaint is recorded.")
    for each in found[:_MOST]:
        st.markdown(_insight(each))
    if len(found) > _MOST:
        st.markdown(f"and {counted(len(found) - _MOST, 'category', 'categories')} more, with fewer complaints.")


def _insight(one: CategoryInsight) -> str:
    causes = ", ".join(f"{one_line(title)} ({count})" for title, count in one.causes)
    behind = f"A cause is named for {one.explained}: {causes}." if causes else "No decision has named a cause yet."
    planned = "; ".join(f"{each.id}. {one_line(each.what)} ({each.state.value})" for each in one.preventing)
    ahead = planned or "nothing yet. Plan an improvement and name one of these complaints."
    return (
        f"**{one_line(one.category)}** · {counted(one.complaints, 'complaint')}  \n{behind}  \n"
        f"What prevents the next one: {ahead}"
    )
