"""Letter: write it beside what its clause asks for, and see that it went out."""

from __future__ import annotations

import streamlit as st

from app.ui import letter_page, places, sending
from app.ui.desk import guard
from core.permissions import Permission
from core.queries.letters import letter_view
from core.queries.outbox import way_by_mail


def page() -> None:
    """One letter of a case: a draft to write, or what was sent."""
    here = guard(Permission.READ, title="Letter")
    named = st.query_params.get("letter", "")
    if not (named.isascii() and named.isdigit()):
        st.title("Letter", anchor=False)
        st.info("Open a letter from its case, under “Letters”, or begin one there with “Write a letter”.")
        st.page_link(places.page(places.MY_CASES), label="My cases")
        return
    letter_page.finish(st.query_params.get("ref", ""), int(named))
    letter = here.ask(letter_view, int(named))
    step, mail = st.query_params.get("step", ""), sending.of(here, letter)
    letter_page.head(letter, mail)
    if letter.sent_on is not None or not letter_page.may_write(here):
        letter_page.as_sent(here, letter, mail)
    elif mail is not None and not (mail.accepted and step == "SendLetter"):
        letter_page.on_its_way(here, letter, mail)
    elif step in letter_page.WHOLE:
        letter_page.leaving(letter, step)
    else:
        letter_page.editor(letter, here.ask(way_by_mail, letter.id))


page()
