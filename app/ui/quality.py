"""Quality on the screen: feedback on one's own work, the months' samples, and the figures."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from app.ui import badge, places
from app.ui.plain import one_line, plain
from core.queries.quality import FeedbackView, QualityFigures, SampledView, SampleView
from core.words import counted, day_words, month_words, share


def feedback(found: Sequence[FeedbackView]) -> None:
    """What was found on one's own work; what is not read yet stands first."""
    fresh = sum(each.acknowledged_on is None for each in found)
    st.subheader(f"Feedback on your work: {fresh} to read", anchor=False)
    if not found:
        st.info("No check has been made of your work. When one is, what it found stands here for you to read.")
    for each in found:
        st.markdown(_told(each))


def _told(one: FeedbackView) -> str:
    link = f"[{one.reference}]({places.address(places.CASE, {'ref': one.reference})})"
    who = one_line(one.checked_by, empty="the console")
    lines = [
        f"**{link}, {month_words(one.month)}** {_passed(one.passed)}  ",
        f"checked on {day_words(one.checked_on)} by {who}. {plain(one.words)}",
        "",
    ]
    lines += [f"- Not met: {one_line(title)}. {one_line(words)}" for title, words in one.not_met]
    if one.acknowledged_on is not None:
        lines += ["", f"You read it on {day_words(one.acknowledged_on)}. {plain(one.reply)}"]
    return "\n".join(lines)


def _passed(passed: bool | None) -> str:
    if passed is None:
        return badge.badge("to check", "orange")
    return badge.badge("passed", "green") if passed else badge.badge("not passed", "red")


def samples(found: Sequence[SampleView]) -> None:
    """Each month's sample with what is left to check; the number for the draw lets anybody draw it again."""
    st.subheader("Samples", anchor=False)
    if not found:
        st.info("No sample has been drawn. Draw one for a month that is over.")
    for number, sample in enumerate(found):
        title = f"{month_words(sample.month)}: {len(sample.to_check)} of {len(sample.cases)} to check"
        with st.expander(f"**{title}**", expanded=number == 0):
            st.markdown(
                f"Drawn on {day_words(sample.drawn_on)} from {counted(sample.answered, 'answered complaint')} of "
                f"{counted(sample.strata, 'kind')}, {sample.size} asked for, with the number {sample.seed}.\n\n"
                + "\n".join(_row(each) for each in sample.cases)
            )


def _row(one: SampledView) -> str:
    link = f"[{one.reference}]({places.address(places.CASE, {'ref': one.reference})})"
    outcome = one_line(one.outcome.replace("_", " "), empty="no outcome")
    service, handler = one_line(one.service, empty="no service"), one_line(one.handler, empty="nobody")
    own = " You had it in hand: somebody else checks it." if one.own and one.checked_on is None else ""
    read = " Read by the handler." if one.acknowledged_on is not None else ""
    return f"- {link} {_passed(one.passed)} {one_line(one.matter)} · {service} · {handler} · {outcome}.{own}{read}"


def figures(found: QualityFigures) -> None:
    """Passed ÷ checked, as a whole and item by item."""
    st.subheader("Figures", anchor=False)
    if not found.checked:
        st.info("Nothing has been checked yet, so there is nothing to count.")
        return
    lines = [
        f"**Passed:** {share(found.passed, found.checked)} of those checked. **Checked:** "
        f"{share(found.checked, found.sampled)} of the samples. **Read by the handler:** "
        f"{share(found.acknowledged, found.checked)}.",
        "",
        "| Phase | Item | Met, where it applies |",
        "| --- | --- | --- |",
    ]
    lines += [
        f"| {one_line(each.phase)} | {one_line(each.title)} | {share(each.met, each.met + each.not_met)} |"
        for each in found.items
    ]
    st.markdown("\n".join(lines))
