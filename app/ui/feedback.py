"""The feedback survey: its band on a case, its link, and the figures of those who answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from app.ui import keys, moments, step_buttons
from app.ui.plain import one_line, plain
from core import surveying
from core.code.survey import SURVEY
from core.commands.base import COMMANDS
from core.commands.survey import MakeSurveyLink
from core.desk import Desk
from core.errors import ComplaintsError
from core.queries.cases import CaseView
from core.queries.survey import Content, SurveyFigures, SurveyLine
from core.rules.steps import SURVEY_STEPS
from core.rules.survey import SurveyReply
from core.words import day_words, share

_SAID = {
    SurveyReply.OFFERED: "no answer yet",
    SurveyReply.ANSWERED: "answered; the answers are counted apart, and nothing leads from here to them",
    SurveyReply.DECLINED: "they do not want to be asked",
}
_LONGEST = 4_000


def listed() -> Mapping[str, Mapping[str, str]]:
    """The lists the questions are answered from."""
    return {f"survey_{key}": SURVEY.answers_to(key) for key in SURVEY.questions}


def band(here: Desk, case: CaseView, offered: Sequence[SurveyLine]) -> None:
    """The surveys that were offered and the steps about them; nothing before the first answer."""
    open_now = [name for name in SURVEY_STEPS if name in case.next_steps and here.may(COMMANDS[name].needs)]
    if not (offered or open_now):
        return
    lines = "\n".join(map(_line, offered)) or "Not offered yet. Nobody has to be asked."
    st.markdown(f"### Feedback survey (optional)\n\n{lines}")
    newest = offered[0] if offered and offered[0].stage == case.stage_number else None
    if newest is not None and not newest.waits:
        return
    left = open_now if newest is None else [name for name in open_now if name != SURVEY_STEPS[0]]
    step_buttons.draw(left)
    if newest is not None and left:
        _link(here, case)


def _line(each: SurveyLine) -> str:
    works = f", a link works until {moments.moment(each.link_ends_at)}" if each.waits and each.link_ends_at else ""
    return (
        f"- Stage {each.stage}: offered {day_words(each.offered_on)}, {one_line(each.way)}: {_SAID[each.reply]}{works}"
    )


def _link(here: Desk, case: CaseView) -> None:
    """The button that makes a link; the link stands on the page in that one run, and nowhere else."""
    if not st.button(MakeSurveyLink.title, key=keys.survey_key(case.reference), type="tertiary"):
        return
    try:
        made = surveying.make_link(here, case.reference)
    except ComplaintsError as refusal:
        st.error(plain(refusal))
        return
    st.code(made.address, language=None, wrap_lines=True)
    st.markdown(
        "**This link is shown once and is gone with your next click.** Send it with the letter or hand it over. It "
        f"takes one answer, until {moments.moment(made.ends_at)}, and tells nobody whose complaint it is about."
    )


def figures(found: SurveyFigures) -> None:
    """Offered, answered, and how content people were, as small tables with how many each share is of."""
    st.markdown(
        f"Surveys offered from {found.period.words}, about how a complaint was dealt with and not about what came out "
        f"of it. A quarter is shown once nobody can answer any more, and a number from {found.fewest} people on."
    )
    if found.offered == 0:
        st.info("No survey was offered in these months. Offer one from a case’s page once a stage is answered.")
        return
    if found.offered is None or found.answered is None:
        st.info(f"Fewer than {found.fewest} answered, or all but a few: their number is not shown.")
    else:
        st.markdown(f"Answered, of those offered: **{share(found.answered, found.offered)}**.")
    st.markdown(_table("How people found it", "Agree or are satisfied", found.questions, found.fewest))
    title = "Satisfied with the handling, by what was found"
    if not found.by_outcome:
        st.markdown(f"### {title}\n\nNot shown: too few answered for that.")
        return
    st.markdown(_table(title, "Satisfied", found.by_outcome, found.fewest))


def _table(title: str, head: str, lines: Sequence[Content], fewest: int) -> str:
    rows = [f"| {one_line(each.title)} | {_share(each, fewest)} |" for each in lines]
    return "\n".join([f"### {title}", "", f"| | {head} |", "| --- | --- |", *rows])


def _share(each: Content, fewest: int) -> str:
    if each.answered is None or each.content is None:
        return f"not shown: fewer than {fewest}, or it would tell so few"
    return share(each.content, each.answered)


def comments(said: Sequence[str]) -> None:
    """What was written, in no order that tells anything, and without who wrote it."""
    st.subheader("What people added", anchor=False)
    if not said:
        st.markdown("Nothing to show. What is written is shown once enough people answered.")
    for each in said:
        st.text(each[:_LONGEST])
