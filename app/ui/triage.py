"""Request or complaint: the choice on Intake, what is said beside it, and the decision on the page of a case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from app.ui import forms, keys, mail_drop, places, routes
from app.ui.desk import desk
from app.ui.opened import Opened
from app.ui.plain import one_line
from core.desk import Done
from core.permissions import Permission
from core.queries.triage import TakenInView
from core.rules.s1_definition import dissatisfaction_in
from core.words import counted, day_words

RECORD, REQUEST = "RecordComplaint", "RecordServiceRequest"
HEARD, ELSEWHERE = "pass-on", "elsewhere"
CHOICES = {
    HEARD: "Pass it on",
    "complaint": "A complaint",
    "request": "A service request",
    ELSEWHERE: "Another route",
}
FIVE_QUESTIONS = (
    "individual", "contact_phone", "contact_email", "no_contact_details", "words", "received_on", "channel",
)  # fmt: skip
_TOLD = {
    HEARD: "Five questions. Its clock runs from the day any of us first heard it; the complaints team decides what "
    "it is.",
    "complaint": "They are unhappy with us, in whatever words. Whatever you have typed stays when you choose again.",
    "request": "They ask for something and the service has its chance. Whatever you have typed stays when you choose "
    "again.",
    ELSEWHERE: "The law or another body has a way of its own for it. It is recorded with the day it came, and the next "
    "form sends it on. Where only a part of it goes, record a complaint and send on its points.",
}


def choose() -> Opened:
    """What it is, chosen above the form; the form that follows from it. All of them share one draft."""
    _kept()
    chosen = _chosen()
    opened = _form(chosen)
    st.session_state[keys.TRIAGE] = chosen
    told: dict[str, Any] = {"key": keys.TRIAGE, "on_change": _turn, "args": (opened,)}
    st.segmented_control("What is it?", _choices(), format_func=CHOICES.__getitem__, required=True, **told)
    return replace(opened, says=f"{_TOLD[chosen]} {opened.says or opened.command.gist}")


def opened() -> Opened:
    """The form that Intake shows now."""
    return _form(_chosen())


def _choices() -> list[str]:
    """What it may be; only whoever takes steps on a case sends one by another route."""
    return [each for each in CHOICES if each != ELSEWHERE or desk().may(Permission.HANDLE)]


def _chosen() -> str:
    asked = st.query_params.get("as", "")
    usual = "complaint" if desk().may(Permission.READ) else HEARD
    return asked if asked in _choices() else usual


def goes_elsewhere() -> bool:
    """Whether what is taken in goes by another route than the Code, whose clock is not the Code's."""
    return st.query_params.get("as") == ELSEWHERE and _chosen() == ELSEWHERE


def _form(chosen: str) -> Opened:
    # Whoever opens no cases stays here, where the reference is shown.
    goes: dict[str, Any] = {"page": places.REQUESTS, "leads_to": _there} if chosen == "request" else {}
    goes |= {} if desk().may(Permission.READ) else {"page": places.INTAKE, "leads_to": _here}
    if chosen == "request":
        return Opened(step=REQUEST, shares=RECORD, **goes)
    goes["does"] = mail_drop.record
    if chosen == HEARD:
        return Opened(step=RECORD, only=FIVE_QUESTIONS, given={"passed_on": True}, sends="Pass it on", **goes)
    if chosen == ELSEWHERE:
        goes |= {"leads_to": _to_its_route, "sends": "Record it, then send it on"}
    return Opened(step=RECORD, given={"passed_on": False}, **goes)


def _turn(left: Opened) -> None:
    forms.turn(left)
    st.query_params["as"] = str(st.session_state[keys.TRIAGE])


def _reference(done: Done) -> str:
    return done.reference or str(getattr(done.events[0], "request", ""))


def _there(_opened: Opened, done: Done) -> Mapping[str, str]:
    return {"ref": _reference(done)}


def _to_its_route(opened: Opened, done: Done) -> Mapping[str, str]:
    """The case with the form that sends it on, and the route that was read about on Intake chosen there."""
    read_about = st.query_params.get("route")
    query = {"ref": _reference(done), "step": "RouteElsewhere"}
    return {**query, "route": read_about} if read_about else query


def _here(_opened: Opened, done: Done) -> Mapping[str, str]:
    return {"as": _chosen(), "done": _reference(done)}


def _kept() -> None:
    """The reference of what was just taken in, for whoever cannot open it."""
    reference = st.query_params.get("done")
    if reference:
        st.info(f"Kept as **{one_line(reference, longest=20)}**. The complaints team takes it from here.")


def advice(opened: Opened, typed: Mapping[str, Any]) -> None:
    """Words that sound unhappy prompt the question whether a complaint was offered [lgsco:5.3]. It decides nothing."""
    if goes_elsewhere():
        routes.on_intake(typed)
    if opened.step != REQUEST:
        if not opened.only:  # whoever passes something on decides nothing
            _first_report(typed)
        return
    if forms.along(opened) is not None:
        st.info("The e-mail fills this form. Its file is kept with a complaint only, so save it in your own records.")
    found = dissatisfaction_in(str(typed.get("words") or ""))
    if not found and not typed.get("dissatisfied"):
        return
    lines = [f"- “{one_line(phrase.say)}”: {one_line(phrase.why)}" for phrase in found]
    said = "They sound unhappy. It may still be a service request. **Were they offered a complaint?**"
    then = (
        "If they want one, choose “A complaint” above. If not, record the request, then what they said to the offer. "
        f"Clauses {places.clause_links(['lgsco:1.7', 'lgsco:5.3'])}."
    )
    st.warning("\n".join([said, "", *lines, "", then]))


def _first_report(typed: Mapping[str, Any]) -> None:
    """Words without dissatisfaction prompt the question whether the service has had its chance [lgsco:1.1]."""
    said = str(typed.get("words") or "").strip()
    if not said or dissatisfaction_in(said):
        return
    st.info(
        "Nothing here sounds unhappy. **Has the service had a fair chance to put it right?** If this is the first we "
        "hear of it, it may be “A service request”, above; what you typed stays. Nobody has to call it a complaint, so "
        f"you decide. Clauses {places.clause_links(['lgsco:1.1', 'lgsco:1.5'])}."
    )


def waiting(taken: TakenInView | None) -> None:
    """That a case was passed on and nobody has decided what it is."""
    if taken is not None and taken.awaits_triage:
        st.warning(
            "**Passed on, and nobody has decided yet what it is.** Its clock runs all the while. Decide with "
            f"“Request or complaint”. Clause {places.clause_links(['lgsco:1.6'])}."
        )


def band(taken: TakenInView | None) -> None:
    """How a case was taken in: the decision, whose doing it is, whom it is from, and its service requests."""
    lines = [] if taken is None else [*_decision(taken), *_whose(taken)]
    if taken is None or not (lines or taken.requests):
        return
    st.markdown("\n".join(["### Taken in", "", *lines]))
    with st.container(key="rows-plain-requests", gap=None):
        for each in taken.requests:
            said = "Raised from service request" if each.raised else "Goes on as service request"
            st.page_link(
                places.page(places.REQUESTS),
                label=f"{said} **{one_line(each.reference)}**, {day_words(each.on_day)}",
                query_params={"ref": each.reference},
                width="stretch",
            )


def _decision(taken: TakenInView) -> list[str]:
    if taken.decided_on is None or not (taken.passed_on or taken.why):
        return []
    why = f" {one_line(taken.why)}" if taken.why else ""
    return [f"- Decided by {one_line(taken.decided_by)} on {day_words(taken.decided_on)}.{why}"]


def _whose(taken: TakenInView) -> list[str]:
    lines = []
    if taken.about_others:
        whose = one_line(", ".join(filter(None, (taken.respondent, taken.respondent_name))))
        clauses = places.clause_links(["lgsco:6.21", "lgsco:6.22"])
        lines.append(f"- About {whose}. The council answers for it, in the same two stages ({clauses}).")
    if taken.affected > 1:
        lead = one_line(taken.lead_contact, empty="not named")
        lines.append(
            f"- From {counted(taken.affected, 'person', 'people')}, counted once. Who speaks for them: {lead}."
        )
    return lines
