"""The e-mails that came out of the complaints mailbox, above the form they fill."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from app.ui import forms, keys, mail_drop, moments, notices, places, triage
from app.ui.desk import desk
from app.ui.opened import Opened
from app.ui.plain import one_line, plain
from core.commands.arriving import DismissMail, ReopenMail
from core.desk import Done
from core.errors import ComplaintsError
from core.mail_polling import open_arrived
from core.permissions import Permission
from core.queries.intake import MailAside, MailLine, Waiting, arrived_mail, one_arrived
from core.words import counted

_DISMISS = DismissMail.__name__
_LONGEST = 90


def band() -> bool:
    """Those that wait, for whoever handles complaints: open one in the form, or say that it is none.

    Whether it asks why one is no complaint: a page asks one thing at a time, and the other form keeps what was typed.
    """
    here = desk()
    if not here.may(Permission.HANDLE):
        return False
    opened = _dismissing()
    if opened is not None:
        forms.finish(opened)
        if _form(opened):
            return True
    found = here.ask(arrived_mail)
    if found.count or here.office.settings.imap_host:
        _list(found)
    if found.aside:
        _put_aside(found.aside)
    return False


def _list(found: Waiting) -> None:
    st.subheader("Mail that arrived", anchor=False)
    if not found.count:
        st.info("No e-mail waits. What comes into the complaints mailbox shows here.")
        return
    st.markdown(f"{counted(found.count, 'e-mail waits', 'e-mails wait')}, the oldest first.")
    for mail in found.rows:
        _line(mail)


def _line(mail: MailLine) -> None:
    with st.container(border=True):
        subject = one_line(mail.subject, longest=_LONGEST, empty="No subject")
        sender = one_line(mail.sender, longest=_LONGEST, empty="nobody named")
        st.markdown(f"**{subject}** from {sender}, arrived {moments.moment(mail.arrived_at)}")
        if mail.problem:
            st.warning(plain(mail.problem))
        with st.container(horizontal=True):
            about = one_line(mail.subject, longest=40, empty="No subject")
            if not mail.problem:
                label = f"Open “{about}” in the form"
                st.button(label, key=keys.mail_key(f"open/{mail.id}"), on_click=_fill, args=(mail.id,))
            label = f"“{about}” is not a complaint"
            st.button(label, key=keys.mail_key(f"none/{mail.id}"), on_click=_ask, args=(mail.id,))
            st.link_button(f"Save the original of “{about}”", places.own_route(f"/arrived/{mail.id}"))


def _put_aside(aside: Sequence[MailAside]) -> None:
    """What was said to be no complaint, with why, and the way back."""
    opened = st.expander(f"Put aside as no complaint: {len(aside)}", key=keys.mail_key("aside"), on_change="rerun")
    if not opened.open:
        return
    with opened:
        for mail in aside:
            subject = one_line(mail.subject, longest=_LONGEST, empty="No subject")
            sender = one_line(mail.sender, longest=_LONGEST, empty="nobody named")
            st.markdown(f"**{subject}** from {sender}, {moments.moment(mail.dismissed_at)}: {plain(mail.why)}")
            label = f"Put “{one_line(mail.subject, longest=40, empty='No subject')}” back"
            st.button(label, key=keys.mail_key(f"back/{mail.id}"), on_click=_put_back, args=(mail.id,))


def _put_back(number: int) -> None:
    """Let an e-mail wait again."""
    try:
        notices.say(desk().do(ReopenMail(mail_id=number)).sentences)
    except ComplaintsError as refusal:
        notices.say([str(refusal)], done=False)


def _fill(number: int) -> None:
    """Fill the form from an e-mail, and keep it with the form, exactly as if it had been dropped there."""
    try:
        mail_drop.fill_in(triage.opened(), open_arrived(desk(), number))
    except ComplaintsError as refusal:
        notices.say([str(refusal)], done=False)


def _ask(number: int) -> None:
    st.query_params["mail"] = str(number)


def _close() -> None:
    st.query_params.pop("mail", None)


def _dismissing() -> Opened | None:
    """The form that says why an e-mail is no complaint, when the address names one."""
    wanted = st.query_params.get("mail", "")
    if not (wanted.isascii() and wanted.isdigit()):
        return None
    told: dict[str, Any] = {"given": {"mail_id": int(wanted)}, "page": places.INTAKE, "leads_to": _back}
    return Opened(step=_DISMISS, about=f"mail {int(wanted)}", **told)


def _back(_opened: Opened, _done: Done) -> Mapping[str, str]:
    return {}


def _form(opened: Opened) -> bool:
    """The form that says why; False for an e-mail that is not there."""
    try:
        mail = desk().ask(one_arrived, int(opened.given["mail_id"]))
    except ComplaintsError as refusal:
        st.info(plain(refusal))
        return False
    with st.container(border=True):
        subject = one_line(mail.subject, longest=_LONGEST, empty="No subject")
        st.subheader(f"{DismissMail.title}: {subject}", anchor=False)
        forms.draw(opened)
        st.button("Close without sending (what you typed is kept)", on_click=_close, type="tertiary")
    return True
