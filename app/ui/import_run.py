"""The third step of an import: check every row, or bring in the good ones, with progress and every problem listed."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from app.ui import gap, keys
from app.ui.mapping import offer_saving
from app.ui.plain import plain
from core.channels.columns import Mapping
from core.channels.spreadsheets import Sheet
from core.desk import Desk
from core.jobs import ImportResult, import_history
from core.words import counted, share

SHOWN = 200


def step(here: Desk, sheet: Sheet, chosen: Mapping, *, name: str) -> None:
    """Step 3: check every row, then import the good ones."""
    st.header("3. Check and import")
    source = st.text_input(
        "Name these records",
        value=Path(name).stem[:80],
        max_chars=80,
        key=keys.import_key(f"{sheet.sha256[:12]}/source"),
    )
    with st.container(horizontal=True):
        check = st.button("Check every row", key=keys.import_key("check"))
        go = st.button("Import the good rows", type="primary", key=keys.import_key("go"))
        offer_saving(here, chosen, source=source)
    if not (check or go):
        return
    bar = st.progress(0.0, text="Reading…")

    def progress(rows: int, words: str) -> None:
        bar.progress(min(1.0, rows / max(1, sheet.row_count)), text=plain(words))

    result = import_history(here, sheet, chosen, source=source, file_name=name, dry_run=check, progress=progress)
    bar.empty()
    _told(result)
    if go:
        gap.forget()
        st.query_params["source"] = result.source


def _told(result: ImportResult) -> None:
    """What came of it, and every row that could not be used."""
    done = "ready to import" if result.dry_run else "imported"
    told = [f"{counted(result.rows, 'row')} read.", f"{counted(result.added, 'complaint')} {done}."]
    if result.unchanged:
        told.append(f"{result.unchanged:,} were here already and stay as they are.")
    if result.duplicates:
        told.append(f"{counted(result.duplicates, 'row')} repeated another word for word and were left out.")
    told.append(f"{counted(result.problem_count, 'problem')} to look at.")
    met, known = result.own_dates
    if known:
        told.append(f"By the file’s own target dates: {share(met, known)} on time.")
    (st.success if result.added or result.unchanged else st.warning)(" ".join(told))
    if result.problems:
        listed = [
            {"Row": p.row, "Column": p.column, "Value": p.value, "What to do": p.what_to_do} for p in result.problems
        ]
        st.dataframe(listed[:SHOWN], hide_index=True, alt="Rows that could not be used and what to do about each")
        if len(listed) > SHOWN:
            st.markdown(f"The first {SHOWN} are shown. Mend them and check the file again.")
