"""One clause of the Code as The Code page shows it. Every sentence comes from the catalogue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import streamlit as st

from app.ui import badge, places
from app.ui.desk import desk
from app.ui.plain import one_line
from core.code.catalogue import PERIODS, READINGS, WORKED_EXAMPLES, Clause, WorkedExample
from core.code.policy import Policy
from core.permissions import Permission
from core.queries.in_force import examples_worked
from core.queries.policies import VersionView
from core.rules.examples import Result
from core.words import counted, day_words

_FORCE = {"must": "must (law)", "should": "should", "states": "states"}


def fits(clause: Clause, *, words: str, section: str) -> bool:
    """Whether a clause is in the section and has all the words looked for."""
    if section and str(clause.section) != section:
        return False
    text = f"{clause.number} {clause.title} {clause.gist} {clause.answer}".casefold()
    return all(word in text for word in words.casefold().split())


def met(clause: Clause) -> str:
    """Whether this release meets it, in words."""
    return badge.badge("met here", "green") if clause.met else badge.badge("not yet", "gray")


def row(clause: Clause, *, departed: int) -> None:
    """One clause as a link."""
    times = f" · departed from {counted(departed, 'time')}" if departed else ""
    said = f"**{clause.title}.** {clause.gist}{times}"
    label = f"**{clause.number}** :small[{said}] :small[{_FORCE[clause.force]}] {met(clause)}"
    st.page_link(places.page(places.THE_CODE), label=label, query_params={"clause": clause.number}, width="stretch")


def told(clause: Clause, *, policy: Policy, departed: int | None) -> None:
    """What it asks, how it is met here, and the value in force."""
    st.markdown(f"{clause.gist}\n\nForce: **{_FORCE[clause.force]}** {met(clause)}")
    for part in clause.parts:
        st.markdown(f"- **{part.key.partition(':')[2]}** {part.gist}")
    st.subheader("How it is met here" if clause.met else "What the council does meanwhile")
    st.markdown(clause.answer)
    periods = [key for key, period in PERIODS.items() if period.clause == clause.key]
    for key in periods:
        value = policy.period(key)
        unit = value.unit.removesuffix("s").replace("_", " ")
        start = value.anchor.replace("_", " ")
        st.subheader("The value in force")
        st.markdown(
            f"**{counted(value.value, unit)}** from “{start}”, since {day_words(value.since)}.  \n"
            f"Source: {one_line(value.source)}. Policy: {one_line(policy.name)}."
        )
    if departed is not None:
        st.markdown(f"Departed from with a recorded reason: **{counted(departed, 'time')}**.")
        if desk().may(Permission.READ):
            query = {"show": "departures", "clause": clause.key}
            st.page_link(places.page(places.POLICY), label="Its departures in the register", query_params=query)


def history(clause: Clause, versions: Sequence[VersionView]) -> None:
    """The clause's value in every version of the policy: from which day, and by whose decision."""
    keys = [key for key, period in PERIODS.items() if period.clause == clause.key]
    if not keys or len(versions) == 1:
        return
    lines = [_value_in(each, key) for key in keys for each in versions]
    st.markdown("\n".join(["**By version of the policy**\n", *lines]))


def _value_in(version: VersionView, key: str) -> str:
    value, now = version.policy.period(key), " **in force**" if version.in_force else ""
    said = counted(value.value, value.unit.removesuffix("s").replace("_", " "))
    since = day_words(version.policy.in_force_from)
    return f"- From {since}: {said}{now}. {one_line(version.policy.name)}; source: {one_line(value.source)}."


def readings(clause: Clause, policy: Policy) -> None:
    """Where the Code is silent: the question, how it is read here, why, and what our policy chose where it may."""
    found = [each for each in READINGS.values() if clause.key in each.clauses]
    if not found:
        return
    st.subheader("Where the Code is silent")
    for each in found:
        with st.expander(f"**{each.key}** {each.title}"):
            lines = [each.question, f"**{each.reading}**", f"Why: {each.why}"]
            lines += [f"Others: {other}" for other in each.alternatives]
            if each.setting is not None:
                chosen = "decides otherwise" if getattr(policy, each.setting) else "follows this reading"
                lines.append(f"A policy may decide otherwise. Ours **{chosen}**.")
            st.markdown("\n\n".join([*lines, f"Written on {day_words(each.since)}."]))


def examples(clause: Clause) -> None:
    """Worked examples: facts and the dates that follow, which anyone can check."""
    found = [each for each in WORKED_EXAMPLES.values() if clause.key in each.clauses]
    if not found:
        return
    st.subheader("Worked examples")
    st.markdown("Counted just now by the rules that judge complaints, on the bank holidays held here.")
    results = desk().ask(examples_worked, clause.key)
    for each in found:
        with st.expander(f"**{each.id}** {each.title}"):
            st.markdown(_facts(each, results[each.id]))


def _facts(example: WorkedExample, results: Mapping[str, Result]) -> str:
    """What is given and what comes out; a result that is not the expected one says so."""
    given = [f"- {_name(name)}: {_value(value)}" for name, value in example.given.stated().items()]
    expected = []
    for name, value in example.expect.stated().items():
        found = results[name]
        differs = "" if found == value else f", where {_value(value)} was expected"
        expected.append(f"- {_name(name)}: **{_value(found)}**{differs}")
    return "\n".join(["Given", "", *given, "", "Comes out as", "", *expected])


def _name(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return day_words(value)
    if isinstance(value, tuple):
        return "; ".join(_value(each) for each in value)
    to, informed = getattr(value, "to", None), getattr(value, "told", None)
    if isinstance(to, date) and isinstance(informed, date):
        return f"to {day_words(to)}, told on {day_words(informed)}"
    return str(value).replace("_", " ")
