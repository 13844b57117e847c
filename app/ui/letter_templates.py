"""The Word template of the council's letters: which one is in use, and how another is handed in."""

from __future__ import annotations

import streamlit as st

from app.ui import keys, moments, notices, places
from app.ui.plain import one_line
from core.channels.word_letters import LARGEST_TEMPLATE
from core.commands.wording import AdoptTemplate
from core.desk import Desk
from core.errors import ComplaintsError
from core.evidence import MEGABYTE
from core.letter_files import hand_in_template
from core.queries.letters import TemplateView, letter_template

STANDARD = "/letters/template.docx"


def band(here: Desk) -> None:
    """The template in use, the one that comes along to begin from, and the place for the council's own."""
    held = here.ask(letter_template)
    own = places.own_route(STANDARD)
    st.markdown(f"### Word template\n\n{_in_use(held)}\n\n[Save the template that comes along]({own}) to begin from.")
    turn = int(st.session_state.get(keys.letter_key("turn"), 0))
    with st.expander("Hand in your own template"):
        st.markdown(
            "A Word file (.docx) with your letterhead and the placeholders that the guide lists. It may name "
            "placeholders and nothing else; what is wrong with it is told, and then the one in use stays."
        )
        given = st.file_uploader(
            "Your template", max_upload_size=LARGEST_TEMPLATE // MEGABYTE, key=keys.letter_key(f"template/{turn}")
        )
        if st.button("Use this template", key=keys.letter_key("adopt"), disabled=given is None) and given is not None:
            with st.spinner("Checking the template…"):
                _take(here, given.name, given.getvalue())
            st.session_state[keys.letter_key("turn")] = turn + 1
            st.rerun()
    if held.sha256 and st.button("Go back to the template that comes along", key=keys.letter_key("standard")):
        notices.say(here.do(here.form(AdoptTemplate, {"name": "", "sha256": ""})).sentences)
        st.rerun()


def _in_use(held: TemplateView) -> str:
    if not held.sha256 or held.adopted_at is None:
        return "Letters are made in the template that comes along."
    who = f"{one_line(held.adopted_by)}, {moments.moment(held.adopted_at)}"
    return f"Letters are made in your own: **{one_line(held.name)}**, taken into use by {who}."


def _take(here: Desk, name: str, content: bytes) -> None:
    try:
        notices.say(hand_in_template(here, name=name, content=content).sentences)
    except ComplaintsError as refusal:
        notices.say([str(refusal)], done=False)
