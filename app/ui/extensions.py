"""The reasons that extensions were given for, as a table on Performance."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from app.ui import places
from app.ui.plain import one_line
from core.queries.extensions import ReasonGiven

_LONGEST = 160


def reasons(found: Sequence[ReasonGiven]) -> None:
    """Each reason with how often it was given, and the newest case; or that there is none."""
    if not found:
        st.info("No extension was told in this year so far. Each one that is shows here with its reason.")
        return
    heads = ("Reason given", "Extensions", "Past the limit", "Without the Ombudsman’s details", "Latest case")
    lines = [f"| {' | '.join(heads)} |", "|---|--:|--:|--:|---|"]
    for each in found:
        words = one_line(each.reason, longest=_LONGEST, empty="No reason in the old record")
        case = f"[{each.latest}]({places.address(places.CASE, {'ref': each.latest})})"
        lines.append(f"| {words} | {each.given:,} | {each.beyond:,} | {each.without:,} | {case} |")
    with st.container(key="extension-reasons"):
        st.markdown("\n".join(lines))
