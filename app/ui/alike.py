"""Complaints that are likely the same: beside the form while one is taken in, and on the page of a case."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import streamlit as st

from app.ui import drawn, forms, keys, places
from app.ui.desk import desk
from app.ui.opened import Opened
from app.ui.plain import one_line
from core.desk import Desk
from core.errors import BadInput
from core.permissions import Permission
from core.queries.cases import CaseView
from core.queries.duplicates import Belonging, Intaken, Linked, Match, already_here
from core.words import counted, day_words

MAY_BE_KNOWN = "A complaint from this person may be here already; the complaints team will see it."
_WHO = ("individual", "contact_email", "contact_phone")
_STEPS = {"link": "LinkCases", "unlink": "UnlinkCases", "dismiss": "DismissMatch"}
_REFERENCE = re.compile(r"(C-\d{4}-\d{6})?", re.ASCII)
_LONGEST = 90


def on_intake(typed: dict[str, Any]) -> None:
    """What may be here already, as links that leave the half-filled form where it is."""
    told = {name: typed.get(name) or "" for name in ("postcode", "matter", "words")}
    if not any((*told.values(), *(typed.get(name) for name in _WHO))):
        return
    try:
        found = desk().ask(
            already_here,
            Intaken(
                **told,
                name=typed.get("individual") or "",
                email=typed.get("contact_email") or "",
                phone=typed.get("contact_phone") or "",
                service_id=typed.get("service_id"),
                received_on=typed.get("received_on"),
            ),
        )
    except BadInput:  # a sign that cannot be kept; the form itself says in which field
        return
    if found.matches:
        st.markdown("\n".join(["### Perhaps here already", "", *[_line(each) for each in found.matches]]))
    elif found.person_may_be_known:
        st.markdown(f"### Perhaps here already\n\n{MAY_BE_KNOWN}")


def band(here: Desk, case: CaseView, found: Belonging) -> None:
    """What was linked to a case, what may be the same, and the two ways to decide."""
    _finish(case)
    decides = here.may(Permission.HANDLE)
    if told := drawn.once(found, case.reference, lambda: _told(case, found)):
        st.markdown(told)
    if decides:
        _choices(case, [each.reference for each in found.likely], [each.reference for each in found.linked])
        _form(case)


def _told(case: CaseView, found: Belonging) -> str:
    parts = []
    if found.linked:
        parts.append("\n".join(["### Linked cases", "", *map(_linked_line, found.linked)]))
    if found.linked_unseen:
        parts.append("This case is linked to one that you may not see.")
    if found.others:
        parts.append(_others(case, found.others))
    if found.likely:
        parts.append("\n".join(["### Perhaps the same", "", *map(_line, found.likely)]))
    return "\n\n".join(parts)


def _others(case: CaseView, count: int) -> str:
    """By what they were found, and no word about the person."""
    link = places.address(places.FOUND, {"person": case.reference})
    came = f"[{counted(count, 'other complaint')}]({link}) came"
    return f"{came} from the same e-mail address or telephone number, or from the same name at the same postcode."


def _line(match: Match) -> str:
    return (
        f"- {_link(match)} · received {day_words(match.received_on)} · {one_line(match.position)}  \n"
        f"  {one_line(match.why.capitalize())}."
    )


def _linked_line(linked: Linked) -> str:
    why = f"  \n  {one_line(linked.why)}" if linked.why else ""
    return f"- {_link(linked)} · {one_line(linked.position)} · **{one_line(linked.kind)}**{why}"


def _link(each: Match | Linked) -> str:
    label = f"{one_line(each.reference)} {one_line(each.matter, longest=_LONGEST)}"
    return f"[{label}]({places.address(places.CASE, {'ref': each.reference})})"


def _choices(case: CaseView, likely: Sequence[str], linked: Sequence[str]) -> None:
    """One menu with what can be decided about each case, and with the way to one that is not listed."""
    offered = {f"link {other}": f"Link {other}" for other in likely}
    offered |= {f"dismiss {other}": f"{other} is not the same" for other in likely}
    offered |= {f"unlink {other}": f"End the link with {other}" for other in linked}
    offered["link "] = "Link another case"
    st.menu_button(
        "Decide what belongs together",
        list(offered),
        key=keys.match_key(case.reference, "decide"),
        format_func=offered.get,
        on_click=_decide,
        args=(case.reference,),
    )


def _decide(reference: str) -> None:
    """Open the form of what was picked from the menu."""
    if picked := st.session_state.get(keys.match_key(reference, "decide")):
        _choose(picked)


def _form(case: CaseView) -> None:
    opened = _opened(case)
    if opened is None:
        return
    with st.container(border=True):
        other = opened.given.get("other")
        st.markdown(f"**{opened.command.title}{f': {one_line(other)}' if other else ''}**")
        forms.draw(opened)
        st.button("Decide later", key=keys.match_key(case.reference, "close"), type="tertiary", on_click=_choose)


def _finish(case: CaseView) -> None:
    """After a decision the other case may stand in neither list."""
    opened = _opened(case)
    if opened is not None:
        forms.finish(opened)


def _opened(case: CaseView) -> Opened | None:
    """The form that the address names; one form at a time, so a step of the case goes first."""
    how, _, other = st.query_params.get("match", "").partition(" ")
    elsewhere = any(st.query_params.get(name) for name in ("step", "release"))
    if how not in _STEPS or not _REFERENCE.fullmatch(other) or elsewhere:
        return None
    given = {"reference": case.reference, **({"other": other} if other else {})}
    return Opened(step=_STEPS[how], reference=case.reference, about=other or "another", given=given)


def _choose(what: str = "") -> None:
    for name in ("step", "release", "match"):
        st.query_params.pop(name, None)
    if what:
        st.query_params["match"] = what
