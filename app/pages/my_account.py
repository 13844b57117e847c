"""My account: what protects it, where it is in use, one's own calendar address and reminders."""

from __future__ import annotations

import streamlit as st

from app.ui import colleagues, keys, moments, notices, own_calendar, own_reminders
from app.ui.desk import demo, desk, guard, visit
from app.ui.plain import one_line
from core.commands.access import EndOwnSessions
from core.errors import ComplaintsError
from core.permissions import Permission
from core.queries.accounts import OwnAccount, SessionLine, own_account

PASSWORD, SECOND_FACTOR = "/account/password", "/account/second-factor"  # noqa: S105 - addresses


def page() -> None:
    """Protection, sessions, calendar, reminders."""
    here = guard(Permission.OWN, title="My account")
    st.title("My account", anchor=False)
    own = here.ask(own_account)
    left, right = st.columns(2, gap="large")
    with left:
        _protection(own)
        _sessions(own)
    with right:
        if here.may(Permission.READ) or own.calendar_since is not None:
            own_calendar.section(here, own)
        if here.may(Permission.READ):
            own_reminders.section(here)


def _protection(own: OwnAccount) -> None:
    st.subheader("What protects it", anchor=False)
    if demo():
        st.markdown(
            "In the sample council nobody signs in, so there is no password and no second factor to look after here. "
            "In real use, this is where both are changed."
        )
        return
    st.markdown(
        f"- **Sign-in name:** {one_line(own.sign_in_name, empty='none')}\n"
        f"- **You get in by:** {colleagues.ways(own) or 'nothing of your own yet'}"
    )
    if own.has_password:
        factor = "Take your second factor off, or change phones" if own.second_factor else "Put a second factor on"
        st.markdown(f"[Change your password]({PASSWORD})  \n[{factor}]({SECOND_FACTOR})")
    if not own.second_factor:
        st.markdown("A second factor is a code from your phone beside the password: a stolen password opens nothing.")


def _sessions(own: OwnAccount) -> None:
    st.subheader("Where you are signed in", anchor=False)
    if demo():
        st.markdown("Nobody is signed in to the sample council.")
        return
    here = visit().session_id
    st.markdown("\n".join(_session(line, this=line.id == here) for line in own.sessions))
    if len(own.sessions) > 1:
        st.button("End my other sessions", key=keys.account_key("end"), on_click=_end_others)


def _session(line: SessionLine, *, this: bool) -> str:
    which = "**This one:** " if this else ""
    address = one_line(line.address, empty="an address not known")
    return (
        f"- {which}{one_line(line.how)}, from {address}, since {moments.moment(line.opened_at)}, "
        f"last used {moments.moment(line.seen_at)}"
    )


def _end_others() -> None:
    try:
        done = desk().do(EndOwnSessions(keep=visit().session_id))
    except ComplaintsError as refusal:
        notices.say([str(refusal)], done=False)
    else:
        notices.say(done.sentences)


page()
