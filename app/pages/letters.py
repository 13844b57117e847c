"""Letters: drafts that wait, what went out, and the ticked ones printed at once."""

from __future__ import annotations

import streamlit as st

from app.ui import keys, letters, places
from app.ui.desk import guard
from app.ui.plain import one_line
from core.desk import Desk
from core.permissions import Permission
from core.queries.letters import LetterRow, LettersPage, letters_list
from core.words import counted, day_words

SHOWN = {"": "Drafts", "posted": "Gone by post", "sent": "All that went out"}
_NAME, _MATTER = 60, 80


def page() -> None:
    """One list at a time; the address says which."""
    here = guard(Permission.READ, title="Letters")
    st.title("Letters", anchor=False)
    st.markdown(
        "Every letter on the cases you see, the newest first. Ticked ones become one PDF, each on a new sheet. "
        f"Clause {places.clause_links(['lgsco:5.8'])}."
    )
    shown = _choice()
    found = here.ask(letters_list, shown=shown or "drafts")
    if not found.rows:
        st.info("No letter is here. Begin one on its case with “Write a letter”.")
        return
    _print(here, found)
    _rows(found)


def _choice() -> str:
    key = keys.letter_key("shown")
    held = st.query_params.get("show", "")
    st.session_state[key] = held if held in SHOWN else ""
    st.segmented_control("Which", list(SHOWN), format_func=SHOWN.__getitem__, key=key, required=True, on_change=_set)
    return str(st.session_state[key])


def _set() -> None:
    value = str(st.session_state[keys.letter_key("shown")])
    st.query_params.pop("show", None)
    if value:
        st.query_params["show"] = value


def _print(here: Desk, found: LettersPage) -> None:
    """How many there are, and the link that prints the ticked ones."""
    more = " The newest are shown." if found.more else ""
    st.markdown(f"**{counted(len(found.rows), 'letter')}**.{more}")
    ticked = [row.id for row in found.rows if st.session_state.get(keys.letter_key(f"pick/{row.id}"))]
    if not ticked:
        st.markdown("Tick the letters that are to be printed.")
        return
    address = places.own_route("/letters/print.pdf", {"letters": ",".join(map(str, ticked))})
    st.markdown(f"[Save {counted(len(ticked), 'letter')} as one PDF to print]({address})")


def _rows(found: LettersPage) -> None:
    with st.container(key="rows-pick", gap=None):
        for row in found.rows:
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                st.checkbox(
                    f"Print {row.title}, {row.reference}",
                    key=keys.letter_key(f"pick/{row.id}"),
                    label_visibility="collapsed",
                )
                there = letters.address(row.reference, row.id)
                st.page_link(places.page(places.LETTER), label=_line(row), query_params=there, width="stretch")


def _line(row: LetterRow) -> str:
    to = one_line(row.addressee, longest=_NAME, empty="nobody yet")
    matter = one_line(row.matter, longest=_MATTER, empty="No matter given")
    if row.sent_on is not None:
        stands = f"sent {day_words(row.sent_on)} by {row.how}"
    else:
        stands = f"{counted(row.to_write, 'part')} to write" if row.to_write else "ready to go"
    return f"**{row.reference}** {row.title} · {stands} · to {to} · {matter}"


page()
