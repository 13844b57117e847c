"""Several complaints given to one colleague at once, each through its own command."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

import streamlit as st

from app.ui import fields, keys, notices, tables
from app.ui.desk import desk, short_lists
from core.commands.base import COMMANDS
from core.desk import Desk
from core.errors import ComplaintsError
from core.queries.queue import QueueRow
from core.words import counted

_STEP = {1: "Assign", 2: "AssignStageTwo"}


def choose(rows: Sequence[QueueRow], *, back: Mapping[str, str]) -> None:
    """Each complaint once, with a tick box, and the colleague who is to have the ticked ones."""
    # One that is owed something by the Code and by a standard of our own stands in the list twice.
    rows = tuple({row.reference: row for row in reversed(rows)}.values())[::-1]
    address = urlencode(back)
    fresh = {each.id: f"{each.name} ({each.note})" for each in short_lists().handlers}
    names = fields.steady(keys.PICKED_FOR, fresh)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            "Give the ticked ones to",
            list(names),
            index=None,
            format_func=names.get,
            key=keys.PICKED_FOR,
            placeholder="Choose one",
            width=360,
        )
        st.button("Assign", type="primary", on_click=_assign, args=(tuple(rows),))
    with st.container(key="rows-pick", gap=None):
        for row in rows:
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                # The reference alone: a tick box hands its label to screen readers as it is written, marks and all.
                st.checkbox(row.reference, key=keys.pick_key(row.reference), label_visibility="collapsed")
                tables.link_row(row.reference, tables.queue_cells(row), back=address)


def _assign(rows: Sequence[QueueRow]) -> None:
    here = desk()  # of this click, not of the run that drew the button: a role may have gone meanwhile
    ticked = [row for row in rows if st.session_state.get(keys.pick_key(row.reference))]
    colleague = st.session_state.get(keys.PICKED_FOR)
    if not ticked or colleague is None:
        notices.say(["Nothing was assigned. Tick at least one complaint and choose a colleague."], done=False)
        return
    told: list[str] = []
    given = 0
    for row in ticked:
        try:
            _give(here, row, colleague)
        except ComplaintsError as refusal:
            told.append(f"{row.reference} was not assigned: {refusal}")
        else:
            given += 1
            st.session_state[keys.pick_key(row.reference)] = False
    notices.say([f"{counted(given, 'complaint')} assigned.", *told], done=not told)


def _give(here: Desk, row: QueueRow, colleague: int) -> None:
    values = {"reference": row.reference, "seen_version": row.version, "colleague_id": colleague}
    here.do(here.form(COMMANDS[_STEP[row.stage]], values))
