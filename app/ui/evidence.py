"""The evidence on a case: its files, what is held back and why, and how another one is added."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from app.ui import forms, keys, moments, notices, places
from app.ui.opened import Opened
from app.ui.plain import one_line
from core.channels.files import MEDIA_TYPES
from core.desk import Desk
from core.errors import ComplaintsError
from core.evidence import MEGABYTE, add_evidence
from core.permissions import Permission
from core.queries.cases import CaseView
from core.queries.evidence import FileLine
from core.words import counted

FILES = "/files/"
_KILOBYTE = 1_000
_LONGEST = 200


def band(here: Desk, case: CaseView, files: Sequence[FileLine]) -> None:
    """Each file as a link to it, those held back in words, and the way to add more."""
    listed = "\n".join(map(_line, files)) or "Nothing is added yet."
    st.markdown(f"### Evidence: {counted(len(files), 'file')}\n\n{listed}")
    if here.may(Permission.ASSIGN):
        _release(case, [file for file in files if file.held])
    if here.may(Permission.EVIDENCE):
        _add(here, case)


def _line(file: FileLine) -> str:
    name = one_line(file.name)
    told = f"{size_words(file.size)} · {one_line(file.added_by)}, {moments.moment(file.added_at)}"
    if file.about:
        told = f"{told} · {one_line(file.about, longest=_LONGEST)}"
    if file.held:
        return f"- **Held back:** {name} · {told}  \n  {one_line(file.why_held)} Nobody can open it for now."
    return f"- [{name}]({places.own_route(f'{FILES}{file.id}')}) · {told}"


def size_words(size: int) -> str:
    """A file's size as people read it."""
    if size < _KILOBYTE:
        return counted(size, "byte")
    if size < MEGABYTE:
        return f"{-(-size // _KILOBYTE):,} KB"
    tenths = -(-size * 10 // MEGABYTE)
    return f"{tenths // 10:,}.{tenths % 10} MB"


def _release(case: CaseView, held: Sequence[FileLine]) -> None:
    """A button for each file held back, and the form of the one that was chosen."""
    chosen = st.query_params.get("release", "")
    if chosen and not st.query_params.get("step"):
        forms.finish(_releasing(case, chosen))
    for file in held:
        if chosen == str(file.id) and not st.query_params.get("step"):
            with st.container(border=True):
                st.markdown(f"**Release “{one_line(file.name)}”**")
                forms.draw(_releasing(case, chosen))
                st.button("Leave it held back", on_click=_choose, args=("",), type="tertiary")
        else:
            key = keys.evidence_key(case.reference, f"release/{file.id}")
            st.button(f"Release “{one_line(file.name)}”", key=key, on_click=_choose, args=(str(file.id),))


def _releasing(case: CaseView, chosen: str) -> Opened:
    number = int(chosen) if chosen.isascii() and chosen.isdigit() else 0
    return Opened(step="ReleaseFile", reference=case.reference, about=f"file {number}", given={"file_id": number})


def _choose(file: str) -> None:
    """One form at a time: choosing a file to release closes the step that was open."""
    st.query_params.pop("step", None)
    st.query_params.pop("release", None)
    if file:
        st.query_params["release"] = file


def _add(here: Desk, case: CaseView) -> None:
    """Files chosen on this machine, what they are, and the button that adds them; drawn once it is opened."""
    most = here.office.settings.file_megabytes
    turn = keys.evidence_key(case.reference, "turn")
    times: int = st.session_state.get(turn, 0)
    about = keys.evidence_key(case.reference, f"about/{times}")
    chosen = keys.evidence_key(case.reference, f"files/{times}")
    adding = st.expander("Add files", key=keys.evidence_key(case.reference, "adding"), on_change="rerun")
    # Closed over something chosen or typed, it is drawn all the same: the session forgets what is not drawn.
    if not (adding.open or st.session_state.get(chosen) or st.session_state.get(about)):
        return
    with adding:
        given = st.file_uploader(
            f"Files of evidence, up to {most} MB each",
            accept_multiple_files=True,
            max_upload_size=most,
            key=chosen,
            help=f"Kept as they come: {', '.join(MEDIA_TYPES)}.",
        )
        st.text_input("What they are (optional)", key=about)
        if st.button("Add to the case", key=keys.evidence_key(case.reference, "add"), disabled=not given):
            typed = str(st.session_state.get(about) or "")
            with st.spinner("Checking the files…"):
                refused = _take(here, case.reference, given, about=typed)
            st.session_state[turn] = times + 1
            if refused:
                st.session_state[keys.evidence_key(case.reference, f"about/{times + 1}")] = typed
            st.rerun()


def _take(here: Desk, reference: str, files: Sequence[UploadedFile], *, about: str) -> bool:
    """Add each file by itself, so that one that is refused costs the others nothing; whether any was."""
    told: list[str] = []
    refused = False
    for file in files:
        try:
            told += add_evidence(here, reference, name=file.name, content=file.getvalue(), about=about).sentences
        except ComplaintsError as refusal:
            refused = True
            told.append(str(refusal))
    notices.say(told, done=not refused)
    return refused
