"""The policy as a file: the link to a version's newest, and the place where the complaints manager adds one."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from app.ui import keys, notices, places
from app.ui.plain import one_line, plain
from core.commands.policy_files import READABLE, AttachPolicy
from core.desk import Desk
from core.errors import ComplaintsError
from core.evidence import add_policy_file
from core.queries.policies import VersionView


def link(version: VersionView) -> str:
    """Where a version is saved as a file, or why it is not; "" while none is kept."""
    if not version.file:
        return ""
    if version.why_held:
        return f" Its file {one_line(version.file)} is **held back**: {one_line(version.why_held)} Add another copy."
    return f" [Save {one_line(version.file)}]({places.own_route(f'{places.POLICIES}{version.id}')})."


def add(here: Desk, found: Sequence[VersionView]) -> None:
    """A file chosen on this machine, the version it is, and the button that adds it."""
    if not here.may(AttachPolicy.needs):
        return
    most = here.office.settings.file_megabytes
    turn = int(st.session_state.get(keys.policy_key("turn"), 0))
    with st.expander(AttachPolicy.title):
        st.markdown(f"{AttachPolicy.gist} Clauses {places.clause_links(AttachPolicy.clauses)}.")
        names = {each.id: f"{each.policy.name}, from {each.policy.in_force_from:%d/%m/%Y}" for each in found}
        chosen = st.selectbox(
            "Which version it is",
            list(names),
            index=None,
            format_func=names.get,
            placeholder="Choose one",
            key=keys.policy_key(f"version/{turn}"),
        )
        given = st.file_uploader(
            f"The file, up to {most} MB",
            max_upload_size=most,
            key=keys.policy_key(f"file/{turn}"),
            help=f"Kept as it comes: {', '.join(READABLE)}.",
        )
        ready = given is not None and chosen is not None
        if st.button("Add the file", key=keys.policy_key("add"), disabled=not ready) and given and chosen:
            _take(here, chosen, given.name, given.getvalue(), turn)


def _take(here: Desk, number: int, name: str, content: bytes, turn: int) -> None:
    """Keep it and begin anew; what is refused stays chosen, with the sentence that says why."""
    try:
        with st.spinner("Checking the file…"):
            done = add_policy_file(here, number, name=name, content=content)
    except ComplaintsError as refusal:
        st.error(plain(refusal))
        return
    notices.say(done.sentences)
    st.session_state[keys.policy_key("turn")] = turn + 1
    st.rerun()
