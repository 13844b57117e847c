"""Behind a number: the cases that one figure of a period counts, as far as this person sees them."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from app.ui import period, tables
from app.ui.desk import guard, short_lists
from app.ui.plain import one_line
from core.code.figures import FIGURES
from core.errors import BadInput
from core.permissions import Permission
from core.queries.dashboard import BehindRow, behind
from core.words import counted, day_words

_MATTER = 90


def page() -> None:
    """What the number counts, and the list."""
    here = guard(Permission.READ, title="Behind a number")
    st.title("Behind a number", anchor=False)
    key, part = st.query_params.get("figure", ""), st.query_params.get("part", "numerator")
    if not key:
        st.info("Open a number on the Member dashboard or on Performance to see the cases it counts.")
        return
    if key not in FIGURES or part not in ("numerator", "denominator"):
        raise BadInput("That link is damaged. Open the number on its page again.")
    text = FIGURES[key]
    asked = period.chosen(st.query_params, here.office.today(here.office.now()))
    service = period.service(st.query_params)
    found = here.ask(behind, key, asked, service_id=service, part=part)
    names = {each.id: each.name for each in short_lists().services}
    st.subheader(f"{text.name}: {period.words(asked, names.get(service or 0, ''))}", anchor=False)
    st.markdown(f"It counts {text.numerator if part == 'numerator' else text.denominator}.")
    if not found.rows:
        st.info("There is no case behind it that you may open. Choose another period on the page you came from.")
        return
    shown = f" The newest {len(found.rows)} are listed." if len(found.rows) < found.count else ""
    st.markdown(
        f"{counted(found.count, 'case')}, each listed once.{shown} Confidential ones are listed to those named."
    )
    _rows(found.rows)


def _rows(rows: Sequence[BehindRow]) -> None:
    with st.container(key="rows-behind", gap=None):
        for row in rows:
            cells = (
                one_line(row.matter, longest=_MATTER, empty="No matter given"),
                row.position,
                f"Received {day_words(row.received_on)}",
            )
            if row.position:
                tables.link_row(row.reference, cells)
            else:
                tables.request_row(row.reference, cells)


page()
