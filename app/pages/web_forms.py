"""Web forms: which forms of the council's own website may send complaints in, and the key of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from app.ui import forms, keys, moments, places
from app.ui.desk import guard
from app.ui.opened import Opened
from app.ui.plain import one_line, plain
from core import web_intake
from core.commands.web_forms import AddIntakeClient, RevokeIntakeClient
from core.desk import Desk, Done
from core.errors import ComplaintsError
from core.permissions import Permission
from core.queries.intake import ClientLine, intake_clients

_REVOKE = RevokeIntakeClient.__name__


def page() -> None:
    """A new form above, then those that have a key, with the way to take it back."""
    here = guard(Permission.ACCOUNTS, title="Web forms")
    st.title("Web forms", anchor=False)
    st.markdown(
        "The council’s own web form can record a complaint here at once: the person gets a reference and two dates, "
        "and the complaints team decides what it is. How a form does that is in the project’s docs/web-form.md; its "
        "exact description is at this address:"
    )
    st.code(f"{here.office.settings.base_url.rstrip('/')}/intake/v1/openapi.json", language=None, wrap_lines=True)
    one = _chosen(here.ask(intake_clients))
    opened = _revoking(one) if one is not None else None
    if opened is not None:
        forms.finish(opened)
    _add(here)
    if opened is not None and one is not None and one.revoked_at is None:
        with st.container(border=True):
            st.subheader(f"{RevokeIntakeClient.title}: {one_line(one.name)}", anchor=False)
            forms.draw(opened)
            st.button("Close without sending (what you typed is kept)", on_click=_close, type="tertiary")
    _list(here.ask(intake_clients))


def _add(here: Desk) -> None:
    """A form's name, and its key in this one run: the next one has forgotten it."""
    st.subheader(AddIntakeClient.title, anchor=False)
    info = AddIntakeClient.model_fields["name"]
    name = st.text_input(str(info.title), key=keys.web_form_key("name"), help=info.description, width=420)
    if not st.button("Give it a key", key=keys.web_form_key("add"), type="primary"):
        return
    try:
        key = web_intake.add_client(here, name)
    except ComplaintsError as refusal:
        st.error(plain(refusal))
        return
    st.code(key, language=None, wrap_lines=True)
    st.markdown(
        "**This key is shown once and is gone with your next click.** Put it into the secrets of the form’s server, "
        "never into a page. Whoever holds it can record complaints, and can do nothing else."
    )


def _list(listed: Sequence[ClientLine]) -> None:
    st.subheader("Forms that have a key", anchor=False)
    working = [one for one in listed if one.revoked_at is None]
    if not working:
        st.info("No web form has a key. Add one above, and complaints can come in through it.")
    for one in working:
        used = f"last used {moments.moment(one.used_at)}" if one.used_at else "never used"
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{one_line(one.name)}**, added {moments.moment(one.added_at)}, {used}")
            label = f"Take back the key of {one_line(one.name)}"
            st.button(label, key=keys.web_form_key(f"revoke/{one.id}"), on_click=_open, args=(one.id,))
    gone = [one for one in listed if one.revoked_at is not None]
    if gone:
        st.subheader("Forms whose key was taken back", anchor=False)
        told = [f"- {one_line(one.name)}, on {moments.moment(one.revoked_at)}" for one in gone if one.revoked_at]
        st.markdown("\n".join(told))


def _chosen(listed: Sequence[ClientLine]) -> ClientLine | None:
    """The web form that the address names."""
    wanted = st.query_params.get("form", "")
    return next((one for one in listed if str(one.id) == wanted), None)


def _revoking(one: ClientLine) -> Opened:
    """The form that takes its key back."""
    given = {"client_id": one.id}
    return Opened(step=_REVOKE, about=f"form {one.id}", given=given, page=places.WEB_FORMS, leads_to=_to_the_list)


def _to_the_list(_opened: Opened, _done: Done) -> Mapping[str, str]:
    return {}


def _open(number: int) -> None:
    st.query_params["form"] = str(number)


def _close() -> None:
    st.query_params.pop("form", None)


page()
