"""The council's policy on the screen: the version in force, those before and after it, and the check of its text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import streamlit as st

from app.ui import badge, places, policy_file
from app.ui.plain import one_line, plain
from core.code.catalogue import PERIODS
from core.code.policy import SETTINGS, WATCHED, Policy
from core.code.policy_items import POLICY_ITEMS
from core.queries.policies import Explained, ItemView, Paper, VersionView
from core.words import counted, day_words


def in_force(versions: Sequence[VersionView], paper: Paper) -> None:
    """What holds today, with each departure and the decision behind it."""
    current = next(each for each in versions if each.in_force)
    policy = current.policy
    decided = f" Decided by {one_line(policy.resolution)}." if policy.resolution else ""
    st.subheader(f"In force: {one_line(policy.name)}", anchor=False)
    st.markdown(
        f"Since {day_words(policy.in_force_from)}.{decided} There are two stages: 5.2, 6.20.{policy_file.link(current)}"
    )
    st.markdown("\n".join(["**Periods**\n", *_periods(policy)]))
    st.markdown("\n".join(["**Where it departs from the Code**\n", *_departures(current.departures)]))
    _text(paper)


def _periods(policy: Policy) -> Iterator[str]:
    for key, period in PERIODS.items():
        value = policy.period(key)
        own = f", {badge.badge('our own', 'orange')}" if key in policy.periods else ""
        said = counted(value.value, _unit(value.unit))
        yield f"- {places.clause_links([period.clause])} {value.title}: **{said}**{own}"
    weeks = " and ".join(counted(policy.watch_weeks(key), "week") for key in WATCHED)
    yield f"- A complaint as a whole is flagged after {weeks}. Nothing is late because of it."


def _unit(unit: str) -> str:
    return unit.removesuffix("s").replace("_", " ")


def _departures(departures: Sequence[Explained]) -> Iterator[str]:
    if not departures:
        yield "Nowhere. A period of your own begins with “Adopt a policy”."
    for each in departures:
        why = f"Reason: {one_line(each.reason)}" if each.reason else "Nobody waits longer for it."
        yield f"- {places.clause_links([each.departure.clause])}: {one_line(each.departure.sentence)} {why}"


def _text(paper: Paper) -> None:
    if paper.web_address:
        st.markdown(f"Published at {one_line(paper.web_address)}.")
    if not paper.words:
        return
    with st.expander("The text of the policy"):
        for title, text in (
            ("A complaint is", paper.complaint_definition),
            ("A service request is", paper.request_definition),
            ("The policy", paper.words),
        ):
            if text:
                st.markdown(f"**{title}**\n\n{plain(text)}")


def versions(found: Sequence[VersionView]) -> None:
    """Every version there was or will be."""
    if len(found) == 1:
        return
    st.subheader("Versions", anchor=False)
    st.markdown("A complaint keeps the version it was taken in under.")
    st.markdown("\n".join(_versions(found)))


def _versions(found: Sequence[VersionView]) -> Iterator[str]:
    for each in found:
        until = f" until {day_words(each.until)}, when the next began" if each.until and each.begun else ""
        state = badge.badge("in force", "green") if each.in_force else badge.badge("past", "gray")
        if not each.begun:
            state = badge.badge("to come", "blue")
        decided = f" {one_line(each.policy.resolution)}." if each.policy.resolution else ""
        own = counted(len(each.departures), "departure")
        since = day_words(each.policy.in_force_from)
        yield f"- **{one_line(each.policy.name)}** from {since}{until} {state} {own}.{decided}{policy_file.link(each)}"


def check(items: Sequence[ItemView]) -> None:
    """What the policy has to say: gaps first, in words."""
    gaps = [each for each in items if each.gap]
    st.subheader("What the policy has to say", anchor=False)
    clauses = places.clause_links(["lgsco:3.4", "lgsco:3.5"])
    left = f"{counted(len(gaps), 'thing')} to see to" if gaps else "Everything is said"
    st.markdown(
        f"**{left}**, of {len(items)}. Clauses {clauses}. What no setting can show, somebody reads in the text."
    )
    st.markdown("\n".join(map(_item, [*gaps, *(each for each in items if not each.gap)])))


def _item(each: ItemView) -> str:
    states = {True: badge.badge("said", "green"), False: badge.badge("missing", "red")}
    state = states.get(each.said) if each.said is not None else badge.badge("not read yet", "orange")
    by = f" {one_line(each.by)}{f', {day_words(each.on)}' if each.on else ''}." if each.by else ""
    where = one_line(each.where)
    return f"- {state} **{each.item.title}** ({places.clause_links([each.item.clause])}). {where}{by}"


def to_read() -> dict[str, str]:
    """What somebody has to read in the text, for the form that says so."""
    return {key: item.title for key, item in POLICY_ITEMS.items() if item.shown_by is None}


def starts(policy: Policy) -> dict[str, object]:
    """What the form of a new version begins with: what holds today, so that one only writes what changes."""
    return {
        "name": policy.name,
        **policy.periods,
        **policy.standard_periods,
        **policy.watch,
        **{name: getattr(policy, name) for name in (*SETTINGS, "service_standards")},
    }


def planned(found: Sequence[VersionView]) -> dict[int, str]:
    """The versions that are still to come, for the form that withdraws one."""
    return {
        each.id: f"{each.policy.name}, from {day_words(each.policy.in_force_from)}" for each in found if not each.begun
    }
