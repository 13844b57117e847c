"""Where a clause is lived in this console: the rule that holds it, the steps that follow it, and where these stand."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from app.ui import places
from app.ui.plain import one_line
from core.code.catalogue import Clause
from core.code.self_assessment import FORM
from core.commands.base import COMMANDS, CaseCommand, Command
from core.desk import Desk
from core.permissions import Permission

_PAGES: Mapping[str, tuple[str, str]] = {
    "recording": (places.INTAKE, "Intake"),
    "triage": (places.INTAKE, "Intake"),
    "arriving": (places.INTAKE, "Intake"),
    "requests": (places.REQUESTS, "Service requests"),
    "refusal_reasons": (places.THE_CODE, "The Code"),
    "standards": (places.THE_CODE, "The Code"),
    "wording": (places.WORDING, "Letter wording"),
    "causes": (places.LEARNING, "Learning"),
    "improving": (places.LEARNING, "Learning"),
    "themes": (places.LEARNING, "Learning"),
    "quality": (places.QUALITY, "Quality"),
    "importing": (places.BRING_IN, "Import"),
    "organising": (places.BRING_IN, "Import"),
    "accounts": (places.ACCOUNTS, "Accounts"),
    "web_forms": (places.WEB_FORMS, "Web forms"),
    "self_assessment": (places.SELF_ASSESSMENT, "Self-assessment"),
}
_ON_A_CASE = (places.MY_CASES, "a complaint, opened from My cases")


def steps(clause: Clause) -> list[type[Command]]:
    """The steps that cite the clause or one of its parts, as far as a person takes them."""
    keys = {clause.key, *(part.key for part in clause.parts)}
    return [kind for kind in COMMANDS.values() if keys & set(kind.clauses) and _place(kind) is not None]


def _place(kind: type[Command]) -> tuple[str, str] | None:
    if issubclass(kind, CaseCommand):
        return _ON_A_CASE
    return _PAGES.get(kind.__module__.rpartition(".")[2])


def band(here: Desk, clause: Clause) -> None:
    """The rule, the steps by the page they stand on, and the clause's place in the self-assessment."""
    st.subheader("Where it is lived")
    lines = [f"- The rule or record: {one_line(clause.where)}"] if clause.where else []
    by_page: dict[tuple[str, str], list[str]] = {}
    for kind in steps(clause):
        place = _place(kind)
        if place is not None:
            by_page.setdefault(place, []).append(kind.title)
    for (page, name), titles in by_page.items():
        lines.append(f"- On [{name}]({places.address(page, {})}): {one_line('; '.join(dict.fromkeys(titles)))}")
    st.markdown("\n".join(lines) or "No step of this console is about it; the council sees to it elsewhere.")
    if here.may(Permission.FIGURES):
        row = FORM.clauses[clause.key].row
        st.page_link(
            places.page(places.SELF_ASSESSMENT),
            label=f"What speaks to it in the self-assessment, row {FORM.rows[row].section}. {FORM.rows[row].title}",
            query_params={"item": clause.key, "long": "1"},
        )
