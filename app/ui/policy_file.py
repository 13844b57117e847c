"""The policy as a file: the link to a version's newest, and the place where the complaints manager adds one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import streamlit as st

from app.ui import keys, notices, places
from app.ui.plain import one_line, plain
from core.commands.base import Command
from core.commands.policy_files import READABLE, AttachPolicy
from core.desk import Desk, Done
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
    """A file chosen on this machine, the version of the complaints policy it is, and the button that adds it."""
    names = {each.id: f"{each.policy.name}, from {each.policy.in_force_from:%d/%m/%Y}" for each in found}
    add_to(here, names, AttachPolicy, add_policy_file)


def add_to(here: Desk, names: Mapping[int, str], step: type[Command], keep: Callable[..., Done]) -> None:
    """The same for the versions of any policy; `step` is the command that `keep` takes with the file."""
    if not here.may(step.needs):
        return
    most = here.office.settings.file_megabytes
    turn = int(st.session_state.get(keys.policy_key("turn"), 0))
    with st.expander(step.title):
        st.markdown(f"{step.gist} Clauses {places.clause_links(step.clauses)}.")
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
            _take(partial(keep, here, chosen, name=given.name, content=given.getvalue()), turn)


def _take(keep: Callable[[], Done], turn: int) -> None:
    """Keep it and begin anew; what is refused stays chosen, with the sentence that says why."""
    try:
        with st.spinner("Checking the file…"):
            done = keep()
    except ComplaintsError as refusal:
        st.error(plain(refusal))
        return
    notices.say(done.sentences)
    st.session_state[keys.policy_key("turn")] = turn + 1
    st.rerun()
