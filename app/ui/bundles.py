"""The bundles of a case on its page: those that were made, and how another one is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from app.ui import moments, places, step_buttons
from app.ui.evidence import size_words
from app.ui.plain import one_line
from core.bundles.making import make_bundle
from core.commands.base import Command
from core.desk import Desk, Done
from core.permissions import Permission
from core.queries.bundles import BundleLine
from core.words import counted

STEP = "MakeBundle"
ASKED = ("made_for", "name", "why", "with_notes", "officers_anonymous")
_ROUTE = "/bundles/"
_LONGEST = 200


def band(here: Desk, made: Sequence[BundleLine]) -> None:
    """For whom everything was put together, and the button that does it again; nothing for whoever may not."""
    if not here.may(Permission.BUNDLE):
        return
    if made:
        st.markdown("\n".join([f"### Bundles: {len(made)}", "", *map(_line, made)]))
    step_buttons.draw([STEP])


def _line(each: BundleLine) -> str:
    name = f" ({one_line(each.name, longest=_LONGEST)})" if each.name else ""
    link = places.own_route(f"{_ROUTE}{each.id}")
    told = [
        f"[For {one_line(each.made_for)}{name}]({link})",
        f"{counted(each.documents, 'document')}, {size_words(each.size)}",
        "with colleagues’ notes" if each.with_notes else "without colleagues’ notes",
        *(["without officers’ names"] if each.officers_anonymous else []),
        f"{one_line(each.made_by)}, {moments.moment(each.made_at)}",
        one_line(each.why, longest=_LONGEST),
    ]
    return f"- {' · '.join(told)}"


def makes(here: Desk, command: Command, _along: Any) -> Done:
    """Put the bundle together, which takes a while for a large case."""
    with st.spinner("Putting everything on the case together…"):
        return make_bundle(here, command)


def form(name: str, reference: str) -> dict[str, Any]:
    """How the form of this step differs from the others; nothing for any other step."""
    return (
        {"does": makes, "only": ASKED, "sends": "Put it together", "given": {"reference": reference}}
        if name == STEP
        else {}
    )
