"""Learning on the screen: the board of themes, improvements, and what both come to in figures."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from app.ui import badge, places
from app.ui.plain import one_line, plain
from core.code.themes import THEME_RULE
from core.queries.learning import ImprovementView, LearningFigures, ListedCause
from core.queries.themes import ThemeView
from core.rules.s9_oversight import ImprovementState
from core.words import counted, day_words, share

_MOST = 25
_RISKS = {"high": "red", "medium": "orange", "low": "gray"}


def rule() -> str:
    """The rule by which candidates are found, in plain words."""
    in_twenty = 1_000 // THEME_RULE.false_alarms
    return (
        f"A cause or category stands out when its share of a service’s complaints in the last {THEME_RULE.window_days} "
        f"days is larger than its share in the {THEME_RULE.past_days} days before by more than chance explains; of all "
        f"that stand out so, about one in {in_twenty} at the most does by chance. A cause named {THEME_RULE.at_least} "
        f"times in one service in {THEME_RULE.window_days} days stands out in any case. Complaints of the last "
        f"{THEME_RULE.window_days} days stand out as a group by words, whatever their category and service, when at "
        f"least {THEME_RULE.at_least} of them by {THEME_RULE.people} different people are worded alike, rare words "
        f"counting most, and are not simply most of one category."
    )


def figures(found: LearningFigures) -> None:
    """Improvements and lessons in one line each."""
    st.markdown(
        f"**Improvements:** {found.identified} planned so far, **{found.implemented} made**, {found.planned} still to "
        f"be made, **{found.overdue} of them overdue**, {found.dropped} dropped.\n\n"
        f"**Complaints upheld in whole or in part that taught something:** "
        f"{share(found.upheld_with_learning, found.upheld)}. Others that did: {found.not_upheld_with_learning}."
    )


def board(themes: Sequence[ThemeView]) -> None:
    """Candidates first, then what was accepted, and what is behind us."""
    waiting = [each for each in themes if each.decision == "candidate"]
    taken = [each for each in themes if each.decision == "accepted"]
    past = [each for each in themes if each.decision in ("dismissed", "closed")]
    st.subheader(f"{counted(len(waiting), 'candidate')} to decide on", anchor=False)
    if not waiting:
        st.info(
            "No cause, category or group of words stands out just now. They are looked for every week, and with "
            "“Look for themes”."
        )
    for each in waiting[:_MOST]:
        st.markdown(_candidate(each))
    if len(waiting) > _MOST:
        st.markdown(f"and {len(waiting) - _MOST} more, less sure than these.")
    st.subheader(f"{counted(len(taken), 'theme')} being worked on", anchor=False)
    if not taken:
        st.markdown("No theme is being worked on. Accept a candidate, and plan an improvement for it.")
    for each in taken:
        st.markdown(_accepted(each))
    if past:
        with st.expander(f"Dismissed or closed: {len(past)}"):
            st.markdown("\n".join(_past(each) for each in past))


def _head(theme: ThemeView) -> str:
    service = one_line(theme.service, empty="no service")
    return f"**{theme.id}. {one_line(theme.title)}** · {service} · by {theme.kind}"


def _candidate(theme: ThemeView) -> str:
    if theme.kind == "words":
        alike = f"{counted(theme.count, 'complaint')} since {day_words(theme.first_on)} share these words"
        return f"{_head(theme)}  \n{alike}. {_cases(theme)}"
    chance = "would nearly never happen by chance" if theme.chance < 1e-4 else f"by chance: {theme.chance:.2%}"
    usual = (
        f"{counted(theme.count, 'complaint')} since {day_words(theme.first_on)}; {theme.expected:.0f} would be usual"
    )
    return f"{_head(theme)}  \n{usual}; {chance}. {_cases(theme)}"


def _accepted(theme: ThemeView) -> str:
    risk = badge.badge(f"{theme.risk} risk", _RISKS.get(theme.risk, "gray"))
    planned = ", ".join(map(str, theme.improvements)) or "none yet"
    return (
        f"{_head(theme)} {risk}  \n{one_line(theme.owner, empty='nobody')} answers for it. {plain(theme.why)}  \n"
        f"Improvements: {planned}. {_cases(theme)}"
    )


def _past(theme: ThemeView) -> str:
    if theme.decision == "closed" and theme.closed_on is not None:
        return f"- {_head(theme)}: closed on {day_words(theme.closed_on)}. {one_line(theme.outcome)}"
    return f"- {_head(theme)}: dismissed at {counted(theme.count, 'complaint')}. {one_line(theme.why)}"


def _cases(theme: ThemeView) -> str:
    links = ", ".join(f"[{each}]({places.address(places.CASE, {'ref': each})})" for each in theme.cases)
    return f"Among them {links}." if links else ""


def improvements(found: Sequence[ImprovementView]) -> None:
    """What is still to be made, by the day it is due; then what is made, apart; then what was given up."""
    made = [each for each in found if each.state is ImprovementState.COMPLETED]
    dropped = [each for each in found if each.state is ImprovementState.DROPPED]
    ahead = [each for each in found if each not in made and each not in dropped]
    st.subheader(f"{counted(len(ahead), 'improvement')} still to be made", anchor=False)
    if not ahead:
        st.info("Nothing is planned here. Plan an improvement for what a complaint or a theme taught.")
    for each in ahead:
        st.markdown(_ahead(each))
    st.subheader(f"{counted(len(made), 'improvement')} made", anchor=False)
    for each in reversed(made):
        st.markdown(_made(each))
    if dropped:
        with st.expander(f"Dropped: {len(dropped)}"):
            st.markdown("\n".join(f"- {_what(each)}: {one_line(each.dropped_why)}" for each in dropped))


def _what(one: ImprovementView) -> str:
    return f"**{one.id}. {one_line(one.what)}**"


def _ahead(one: ImprovementView) -> str:
    late = badge.badge("overdue", "red") if one.overdue else ""
    risk = badge.badge(f"{one.risk} risk", _RISKS.get(one.risk, "gray"))
    why = " · ".join(one_line(each) for each in (one.service, one.cause, one.theme) if each)
    policy = f" Policy to change: {one_line(one.policy_to_revise)}." if one.policy_to_revise else ""
    before = f"  \nBefore: {plain(one.before)}" if one.before else ""
    return (
        f"{_what(one)} {risk} {late}  \n{one.state.value}, by {day_words(one.due_on)}, {one_line(one.owner)}"
        f"{f' · {why}' if why else ''}.{policy} {_behind(one)}{before}"
    )


def _made(one: ImprovementView) -> str:
    on = day_words(one.done_on) if one.done_on is not None else ""
    return f"{_what(one)}  \nmade on {on}. Before: {plain(one.before)}  \nAfter: {plain(one.after)} {_behind(one)}"


def _behind(one: ImprovementView) -> str:
    links = ", ".join(f"[{each}]({places.address(places.CASE, {'ref': each})})" for each in one.behind)
    return f"Learned from {links}." if links else ""


def causes(found: Sequence[ListedCause]) -> None:
    """The council's list, each with when it is chosen; those withdrawn below."""
    now, others = [each for each in found if each.in_use], [each for each in found if not each.in_use]
    st.subheader(f"{counted(len(now), 'cause')} in use", anchor=False)
    st.markdown("\n".join(f"- **{one_line(each.title)}.** {one_line(each.help)}" for each in now))
    if others:
        with st.expander(f"Not in use today: {len(others)}"):
            st.markdown("\n".join(f"- {one_line(each.title)}" for each in others))
