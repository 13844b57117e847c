"""Equality: who complains, of those who chose to say, in counts from which nobody can be picked out."""

from __future__ import annotations

import streamlit as st

from app.ui import equality, keys
from app.ui.desk import guard, short_lists
from core.errors import BadInput
from core.permissions import Permission
from core.queries.monitoring import equality_figures

_EVERYWHERE = "The whole council"


def page() -> None:
    """One service or the whole council, in the last four quarters that are over."""
    here = guard(Permission.FIGURES, title="Equality")
    st.title("Equality", anchor=False)
    names = {"": _EVERYWHERE, **{str(each.id): each.name for each in short_lists().services}}
    asked = st.query_params.get("service", "")
    if asked not in names:
        raise BadInput("The address names a service that is not here. Choose one from the list.")
    key = keys.filter_key("equality", "service")
    st.session_state[key] = asked
    st.selectbox("Of which service", list(names), format_func=names.get, key=key, on_change=_chosen)
    if asked:
        st.markdown(
            "A service’s own counts leave out quarters in which it received few complaints: those are the council’s."
        )
    equality.figures(here.ask(equality_figures, service_id=int(asked) if asked else None))


def _chosen() -> None:
    st.query_params["service"] = st.session_state[keys.filter_key("equality", "service")]


page()
