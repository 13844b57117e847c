"""The next steps of a case: the buttons, and the form of the step that was chosen, in place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from app.ui import (
    authority,
    bundles,
    considering,
    corresponding,
    equality,
    feedback,
    forms,
    keys,
    letters,
    people_band,
    questions,
    remedies,
    routes,
    sending,
    step_buttons,
)
from app.ui.case_asked import Asked
from app.ui.desk import desk
from app.ui.opened import Opened
from core.commands.base import COMMANDS, Command
from core.desk import Desk, Done
from core.errors import StepNotOpen
from core.queries.cases import CaseView
from core.queries.considering import Considering
from core.queries.evidence import Confidence
from core.rules.steps import BAND_STEPS
from core.words import day_words


def first(shown: Considering) -> str:
    """The step that comes before all others for whoever asks; "" when there is none."""
    return "DeclareConflict" if shown.yours_to_declare else ""


def buttons(here: Desk, case: CaseView, shown: Considering) -> None:
    """The steps this position permits and this person's role grants, the likeliest first; some have a band.

    Whoever has been given the case declares before anything else whether they have a conflict of interest [lgsco:5.4].
    """
    st.subheader("Next steps")
    own = [first(shown)] if first(shown) else []
    own += [name for name in case.next_steps if name not in BAND_STEPS]
    permitted = [name for name in own if name in COMMANDS and here.may(COMMANDS[name].needs)]
    chosen = st.query_params.get("step")
    # Where the likeliest step is somebody else's, none stands out.
    step_buttons.draw(permitted, likeliest=own[0] if own and chosen is None else "")
    if not permitted:
        st.markdown("Your role reads this case and takes no step on it.")


def _close() -> None:
    st.query_params.pop("step", None)


def form(found: Asked, name: str) -> None:
    """The chosen step's form, with what it needs to know of the case."""
    case, route = found.case, found.route
    command = COMMANDS.get(name)
    if command is not None:
        forms.finish(Opened(step=name, reference=case.reference, **letters.goes_on(name)))
    # Putting a case together is no step on it: it is open wherever the complaint stands, and changes nothing there.
    if command is None or name not in (*case.next_steps, bundles.STEP):
        _close()
        raise StepNotOpen(f"{case.reference} stands at “{case.position}”, so this step is not open. Choose another.")
    with st.container(border=True):
        st.subheader(command.title)
        until = next((clock.extend_until for clock in case.clocks if clock.extend_until), None)
        if name == "Extend" and until is not None:
            st.markdown(f"Without a good reason recorded, the new date is at most **{day_words(until)}**.")
        given = letters.goes_out_with(name, case)
        does = {"does": _split if name == "SplitPoint" else letters.takes, "given": given, **sending.form(given)}
        opened = Opened(
            step=name,
            reference=case.reference,
            seen_version=case.version,
            points=tuple((point.number, point.text) for point in case.points),
            signpost=route.signpost if route is not None else "",
            starts=_starts(found, name),
            listed={**_listed(found), **remedies.files(desk(), case.reference, name)},
            helps=found.guidance,
            **{**does, **bundles.form(name, case.reference)},
            **letters.goes_on(name),
        )
        if name in routes.STEPS:
            routes.form(opened, case)
        else:
            forms.draw(opened)
        letters.write_first(opened, case, found.letters)
        if name == "AddPoint":
            label = "Record it as a new complaint instead (what you typed comes along)"
            st.button(label, key=keys.step_key("split"), on_click=step_buttons.choose, args=("SplitPoint",))
        st.button("Close without sending (what you typed is kept)", on_click=_close, type="tertiary")


def _listed(found: Asked) -> dict[str, Mapping[Any, str]]:
    """The short lists that only this case has, for the forms that choose from them."""
    return {
        **people_band.listed(found.people),
        **considering.listed_for(found.considering),
        **corresponding.listed(found.corresponding),
        **questions.listed(found.questions),
        **routes.listed(found.case, found.route),
        **equality.listed(),
        **remedies.listed(found.remedies),
        **authority.listed(found.sums),
        **feedback.listed(),
    }


def _starts(found: Asked, name: str) -> dict[str, Any]:
    """What a form begins with, of all that the case knows."""
    return {
        **people_band.starts(found.people),
        **_known(found.case, name, found.kept),
        **considering.starts(found.considering, name),
        **corresponding.starts(found.corresponding, name),
        **remedies.starts(found.remedies, name),
        **authority.starts(found.sums, name),
        **questions.starts(found.questions, name),
    }


def _known(case: CaseView, name: str, kept: Confidence | None) -> dict[str, Any]:
    """Who is named already, or what was typed of a point that becomes a complaint."""
    if name == "SplitPoint":
        typed = desk().kept(f"AddPoint:{case.reference}")
        return {field: typed[field] for field in COMMANDS[name].asked_fields() if field in typed}
    if name in routes.STEPS:
        return {"route": st.query_params.get("route")}
    return {"named": kept.named_ids} if kept is not None else {}


def _split(here: Desk, command: Command, _along: Any) -> Done:
    """Make a complaint of a point; what was typed of it as a point is done with."""
    done = here.do(command)
    here.drop(f"AddPoint:{getattr(command, 'reference', '')}")
    return done
