"""Import: drop a file, see what was understood, run it, and read how it stands against the Code."""

from __future__ import annotations

import streamlit as st

from app.ui import calendar_file, gap, import_run, keys, mapping
from app.ui.desk import guard
from app.ui.plain import plain
from core.channels.spreadsheets import Sheet, open_sheet
from core.desk import Desk
from core.errors import BadInput
from core.jobs import keep_upload, kept_upload
from core.permissions import Permission
from core.queries.gap_report import import_sources
from core.queries.history import import_runs


def page() -> None:
    """Three steps on one page, then the report."""
    here = guard(Permission.CALENDAR, title="Import")
    st.title("Import")
    if here.may(Permission.IMPORT):
        _records(here)
    calendar_file.section(here)


def _records(here: Desk) -> None:
    """Old complaints: the file, what was understood, the run, and the report."""
    st.markdown(
        "Bring in last year’s complaints and read how they stand against the Code. Nothing is guessed silently, "
        "rows that cannot be used are listed with what to do, and the same file twice changes nothing."
    )
    try:
        _file(here)
    except BadInput as refused:
        st.error(plain(refused))
    source = st.query_params.get("source", "")
    if source:
        gap.show(source)
    _earlier(here)


def _file(here: Desk) -> None:
    """Step 1: take the file and keep it, so that its name in the address finds it again after F5."""
    st.header("1. The file")
    given = st.file_uploader(
        "A spreadsheet or text file of complaints",
        type=["csv", "tsv", "txt", "xlsx", "xlsm"],
        key=keys.import_key("file"),
    )
    if given is not None:
        kept = keep_upload(here, given.getvalue(), file_name=given.name)
        st.query_params["file"] = kept.name
        mapping.keep_name(here, kept.stem, given.name)
    held = st.query_params.get("file", "")
    if not held:
        st.info("Drop a file here, or choose one. It stays on this server and is kept as it came.")
        return
    with st.spinner("Reading the file…"):
        sheet = open_sheet(kept_upload(here, held), filename=held)
    _understood(here, sheet, mapping.kept_name(here, sheet.sha256) or held)


def _understood(here: Desk, sheet: Sheet, name: str) -> None:
    """Step 2: what was understood, the first rows, and which column is which."""
    st.header("2. What was understood")
    st.text(name)
    st.markdown("  \n".join(plain(sentence) for sentence in sheet.understood()))
    rows = [
        {"Row": number, **dict(zip(sheet.header, map(_shown, cells), strict=False))} for number, cells in sheet.preview
    ]
    st.dataframe(rows[:10], hide_index=True, alt="The first rows of the file as they were read")
    chosen = mapping.choose(here, sheet, mapping.settled(here, sheet))
    hindrances = chosen.hindrances(sheet.header)
    for sentence in hindrances:
        st.warning(plain(sentence))
    if not hindrances:
        import_run.step(here, sheet, chosen, name=name)


def _shown(cell: object) -> str:
    return "" if cell is None else str(cell)


def _earlier(here: Desk) -> None:
    """Imports before this one; each opens its report."""
    runs = here.ask(import_runs)
    if not runs:
        return
    st.header("Earlier imports")
    for name in here.ask(import_sources):
        if st.button(plain(name), key=keys.import_key(f"open/{name}"), type="tertiary"):
            st.query_params["source"] = name
            st.rerun()
    listed = [
        {
            "File": run.file_name,
            "Rows": run.rows,
            "Added": run.added,
            "Already here": run.unchanged,
            "Problems": run.problems,
        }
        for run in runs
    ]
    st.dataframe(listed, hide_index=True, alt="Earlier imports with their counts")


page()
