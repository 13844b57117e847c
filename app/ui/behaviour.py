"""The policy on unreasonable behaviour: its versions, and what goes with a letter that restricts contact."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from app.ui import page_steps, places, policy_file
from app.ui.plain import one_line
from core.commands.behaviour import AttachBehaviourPolicy
from core.desk import Desk
from core.evidence import add_behaviour_file
from core.queries.behaviour import BehaviourVersion, behaviour_policies
from core.rules.behaviour import Enclosed
from core.words import day_words

_ADOPT = ("AdoptBehaviourPolicy",)


def page_part(here: Desk) -> None:
    """The versions, the step that adopts one, and the place where its file is added."""
    found = here.ask(behaviour_policies)
    page_steps.buttons(here, _ADOPT)
    page_steps.form(here, _ADOPT, page=places.POLICY, listed={})
    st.markdown(f"{_versions(found)}\n\nClause {places.clause_links(['lgsco:5.10'])}.")
    if found:
        names = {each.id: f"{each.name}, from {each.in_force_from:%d/%m/%Y}" for each in found}
        policy_file.add_to(here, names, AttachBehaviourPolicy, add_behaviour_file)


def _versions(found: Sequence[BehaviourVersion]) -> str:
    if not found:
        return (
            "No policy on unreasonable behaviour is on record. Adopt the council’s: it goes with each letter that "
            "restricts contact, and a letter without it needs a reason."
        )
    return "\n".join(map(_version, found))


def _version(one: BehaviourVersion) -> str:
    holds = "**in force**, " if one.holds else ""
    since, by = day_words(one.in_force_from), one_line(one.approved_by)
    where = f" Published at {one_line(one.web_address)}." if one.web_address else ""
    return f"- **{one_line(one.name)}**, {holds}from {since}, by {by}.{where}{_file(one)}"


def _file(one: BehaviourVersion) -> str:
    if one.why_held:
        return f" Its file is **held back**: {one_line(one.why_held)} Add another copy."
    return f" {_saved(one.id, one.file_name)}." if one.file_name else ""


def _saved(number: int, name: str) -> str:
    return f"[Save {one_line(name)}]({places.own_route(f'{places.BEHAVIOUR}{number}')})"


def with_letter(policy: Enclosed | None, *, sent: bool) -> str:
    """What goes with a letter that restricts contact, for its head; what to do where nothing does."""
    if policy is None:
        went = "went" if sent else "goes"
        adopt = "" if sent else " The complaints manager adopts one on “Policy and departures”."
        return f"\n\n**No policy on unreasonable behaviour {went} with it.**{adopt}"
    if sent or not policy.sha256:
        return f"\n\n{'Went' if sent else 'Goes'} with it: {one_line(policy.name)}."
    file = _saved(policy.id, policy.file_name)
    return f"\n\nGoes with it: {one_line(policy.name)}. Enclose it when it goes by post: {file}."
