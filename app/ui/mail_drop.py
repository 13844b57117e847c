"""An e-mail dropped on Intake: what was understood of it, and how it fills the form."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import streamlit as st

from app.ui import forms, keys
from app.ui.alike import MAY_BE_KNOWN
from app.ui.desk import desk
from app.ui.opened import Opened
from app.ui.plain import one_line, plain
from core.commands.base import Command
from core.commands.recording import RecordComplaint
from core.desk import Desk, Done
from core.errors import ComplaintsError
from core.mail_intake import TakenMail, record_from_mail, take_mail
from core.permissions import Permission
from core.words import counted

_FILLED = "filled"
_LONGEST = 80
_NAMED = 6


def record(here: Desk, command: Command, came: Any) -> Done:
    """Record the complaint, and file the e-mail it came in, when it came in one."""
    if came is None or not isinstance(command, RecordComplaint):
        return here.do(command)
    return record_from_mail(here, command, name=came["name"], sha256=came["sha256"])


def place(opened: Opened) -> None:
    """Where an e-mail is dropped; once one is here, what it says and what becomes of it."""
    came = forms.along(opened)
    if came is None:
        _take(opened)
    else:
        _tell(opened, came)


def _take(opened: Opened) -> None:
    most = desk().office.settings.file_megabytes
    turn = keys.mail_key("turn")
    problem = keys.mail_key("problem")
    times: int = st.session_state.get(turn, 0)
    given = st.file_uploader(
        f"Did it come by e-mail? Drop the message here (.eml or .msg, up to {most} MB)",
        max_upload_size=most,
        key=keys.mail_key(f"file/{times}"),
    )
    if given is None:
        if told := st.session_state.get(problem):
            st.error(plain(told))
        return
    st.session_state[turn] = times + 1
    st.session_state[problem] = ""
    try:
        with st.spinner("Reading the e-mail…"):
            fill_in(opened, take_mail(desk(), given.getvalue(), file_name=given.name))
    except ComplaintsError as refusal:
        st.session_state[problem] = str(refusal)
    st.rerun()


def fill_in(opened: Opened, mail: TakenMail) -> None:
    """Keep the e-mail with the form, and fill the form unless that would write over words."""
    free = not forms.would_lose(opened, mail.values)
    forms.bring(opened, {**asdict(mail), _FILLED: free})
    if free:
        forms.fill(opened, mail.values)


def _tell(opened: Opened, came: dict[str, Any]) -> None:
    """What the e-mail is, what could not be read of it, and what it carries."""
    told = [f"**{one_line(came['name'], longest=_LONGEST)}** from {one_line(came['sender'], empty='nobody named')}."]
    if came["known"]:
        told.append(_known(int(came["known"])))
    # What the reader says of an automatic message stands in its notes.
    told += [one_line(note) for note in came["notes"]]
    if names := came["attachments"]:
        some = ", ".join(one_line(name, longest=_LONGEST) for name in names[:_NAMED])
        told.append(f"It carries {counted(len(names), 'attachment')}: {some}{'…' if len(names) > _NAMED else ''}.")
    told.append("The e-mail and what it carries are kept as evidence when the complaint is recorded.")
    (st.warning if came["automatic"] else st.info)("\n".join(f"- {each}" for each in told))
    with st.container(horizontal=True):
        if not came[_FILLED]:
            st.markdown("You had typed something already, so the form was left as it is.")
            label = "Fill the form from this e-mail"
            st.button(label, key=keys.mail_key("fill"), on_click=_over, args=(opened, came))
        st.button("Leave this e-mail out", key=keys.mail_key("out"), on_click=_out, args=(opened,))


def _known(times: int) -> str:
    if not desk().may(Permission.READ):
        return MAY_BE_KNOWN
    return f"The sender is known: {counted(times, 'complaint')} came from this address."


def _over(opened: Opened, came: dict[str, Any]) -> None:
    """Fill the form over what was typed: that was asked for."""
    forms.bring(opened, {**came, _FILLED: True})
    forms.fill(opened, {name: value for name, value in came["values"].items() if value})


def _out(opened: Opened) -> None:
    forms.bring(opened, None)
