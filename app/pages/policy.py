"""Policy and departures: what the council has decided, what its text has to say, and the departures register."""

from __future__ import annotations

import streamlit as st

from app.ui import behaviour, forms, keys, page_steps, places, policy, policy_file, register, register_filter
from app.ui.desk import guard
from app.ui.opened import Opened
from app.ui.plain import one_line
from core.commands.base import COMMANDS
from core.desk import Desk
from core.errors import BadInput
from core.permissions import Permission
from core.queries.in_force import policy_today
from core.queries.policies import policy_check, policy_paper, policy_versions
from core.queries.register import UNEXPLAINED, RegisterFilter
from core.queries.register import register as departures_register

_SHOW = {
    "": "The policy",
    "check": "The check of its text",
    "departures": "The departures register",
    "behaviour": "Unreasonable behaviour",
}
_ADOPT, _REVIEW, _WITHDRAW = "AdoptPolicy", "ReviewPolicy", "WithdrawPolicy"


def page() -> None:
    """One of its three parts; the register for those who open cases."""
    here = guard(Permission.CODE, title="Policy and departures")
    st.title("Policy and departures", anchor=False)
    show = st.query_params.get("show", "")
    parts = _SHOW if here.may(Permission.READ) else {key: _SHOW[key] for key in ("", "check", "behaviour")}
    if show not in parts:
        raise BadInput("The address asks for something this page does not show. Choose from the list.")
    key = keys.filter_key("policy", "show")
    st.session_state[key] = show
    st.selectbox("Show", list(parts), format_func=parts.get, key=key, on_change=_chosen)
    if here.may(Permission.FIGURES):
        st.page_link(places.page(places.WHAT_IF), label="What if we had another policy?")
    with here.one_view():
        if show == "departures":
            _departures(here)
        elif show == "behaviour":
            behaviour.page_part(here)
        elif show == "check":
            page_steps.buttons(here, (_REVIEW,))
            page_steps.form(here, (_REVIEW,), page=places.POLICY, listed={"policy_items": policy.to_read()})
            policy.check(here.ask(policy_check))
        else:
            _policy(here)


def _chosen() -> None:
    st.query_params.clear()
    if value := st.session_state[keys.filter_key("policy", "show")]:
        st.query_params["show"] = value


def _policy(here: Desk) -> None:
    found = here.ask(policy_versions)
    planned = policy.planned(found)
    page_steps.buttons(here, (_ADOPT, _WITHDRAW) if planned else (_ADOPT,))
    page_steps.form(here, (_WITHDRAW,), page=places.POLICY, listed={"planned_policies": planned})
    _form(here, Opened(step=_ADOPT, starts=policy.starts(here.ask(policy_today)), **_here("")))
    policy.in_force(found, here.ask(policy_paper))
    policy.versions(found)
    policy_file.add(here, found)


def _departures(here: Desk) -> None:
    asked = register_filter.asked(st.query_params)
    found = here.ask(departures_register, register_filter.filter_of(asked))
    if st.query_params.get("step") == register.STEP:
        _explain(here)
    register.filters(found)
    register.show(here, found, asked)


def _explain(here: Desk) -> None:
    """The form about one thing that was late; with the words of the register above it."""
    duty = st.query_params.get("duty", "")
    open_now = here.ask(departures_register, RegisterFilter(kind=UNEXPLAINED), limit=None).lines
    line = next((each for each in open_now if str(each.duty_id) == duty), None)
    about = {"about": duty} if duty.isdigit() and duty.isascii() else {}
    if line is None:
        forms.finish(Opened(step=register.STEP, **about, **_here("departures")))
        st.info("This has its explanation, or is none of what you see. Choose from the list below.")
        return
    says = f"{line.reference}: {line.finding} The reason is marked as given afterwards; what was late stays late."
    given = {"duty_id": line.duty_id}
    _form(here, Opened(step=register.STEP, given=given, says=says, **about, **_here("departures")))
    st.page_link(
        places.page(places.CASE), label=f"Open {one_line(line.reference)}", query_params={"ref": line.reference}
    )


def _form(here: Desk, opened: Opened) -> None:
    forms.finish(opened)
    if st.query_params.get("step") != opened.step or not here.may(COMMANDS[opened.step].needs):
        return
    with st.container(border=True):
        st.subheader(COMMANDS[opened.step].title, anchor=False)
        forms.draw(opened)
        st.button("Close without sending (what you typed is kept)", on_click=_close, type="tertiary")


def _here(show: str) -> dict[str, object]:
    """Where a form of this page leads back to."""
    return {"page": places.POLICY, "leads_to": lambda _opened, _done: {"show": show} if show else {}}


def _close() -> None:
    for name in ("step", "duty"):
        st.query_params.pop(name, None)


page()
