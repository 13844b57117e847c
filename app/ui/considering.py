"""How a case is considered: the checklist before its answer, and what was said, asked, met about and weighed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import streamlit as st

from app.ui import badge, places, step_buttons
from app.ui.plain import one_line
from core.commands.base import COMMANDS
from core.desk import Desk
from core.queries.cases import CaseView
from core.queries.considering import AssessmentView, Check, Considering, EvidenceView
from core.rules.considering import HandlerFit
from core.rules.steps import CONSIDERING_STEPS, RECORDING_STEPS
from core.words import counted, day_words

_LONGEST = 300
_A_NAME = 60


def checklist(shown: Considering) -> None:
    """What the answer will be asked about, before anybody writes it; in words, with the step that settles each."""
    if not shown.checks:
        return
    lines = [_check(each) for each in shown.checks]
    left = sum(bool(each.lacking) for each in shown.checks)
    head = "all three are done" if not left else f"{left} of {len(lines)} still to do"
    clause = places.clause_links(["lgsco:5.4"])
    st.markdown("\n".join([f"### Before the answer: {head}", "", *lines, "", f"Clause {clause}. {_clock(shown)}"]))


def _check(check: Check) -> str:
    if not check.lacking:
        return f"- {badge.badge('done', 'green')} {check.title}."
    step = COMMANDS[check.step].title
    return f"- {badge.badge('still to do', 'orange')} {one_line(check.lacking)} Step: “{step}”."


def _clock(shown: Considering) -> str:
    """That a question stops no clock, for whoever waits for an answer to one."""
    if not shown.asked:
        return "Without one of them, the answer asks for a reason."
    waiting = counted(len(shown.asked), "question is", "questions are")
    return f"{waiting} not answered yet. **That stops no clock:** answer on what is known, or extend with a reason."


def waiting(shown: Considering) -> None:
    """That a case needs somebody else, as whoever judged it said."""
    judged = shown.assessment
    if shown.checks and judged is not None and judged.handler_fit == HandlerFit.WRONG:
        st.warning(f"**Somebody else should have this.** {one_line(judged.why)} Ask the complaints manager.")


def band(here: Desk, case: CaseView, shown: Considering) -> None:
    """What the individual said, what they were asked, who met, what weight the evidence has, and the steps for it."""
    lines = [*_judged(shown.assessment), *_positions(shown), *_asked(shown), *_meetings(shown)]
    lines += [_item(each) for each in shown.evidence]
    listed = "\n".join(lines) or "Nothing is recorded yet. Begin with “Record their position”."
    st.markdown(f"### How it is considered\n\n{listed}")
    named = [name for name in (*CONSIDERING_STEPS, *RECORDING_STEPS) if name in case.next_steps]
    lists = listed_for(shown)
    needs = {"RecordClarification": "clarifications", "WeighEvidence": "evidence_items"}
    named = [name for name in named if name not in needs or lists[needs[name]]]
    open_now = [name for name in named if here.may(COMMANDS[name].needs)]
    if open_now:
        step_buttons.menu("Steps of considering it", open_now)


def _judged(judged: AssessmentView | None) -> Iterator[str]:
    if judged is None:
        return
    quick = "can probably be settled quickly" if judged.quick else "needs more work"
    behind = [word for word, holds in (("vulnerable", judged.vulnerable), ("at risk", judged.at_risk)) if holds]
    first = f" · {' and '.join(behind)}" if behind else ""
    why = f" · {one_line(judged.why, longest=_LONGEST)}" if judged.why else ""
    who = f"{one_line(judged.assessed_by)}, {day_words(judged.assessed_on)}"
    fit = f"the right handler: {one_line(judged.handler_fit)}"
    yield f"- **Complexity {one_line(judged.complexity)}**, {quick} · {fit}{first}{why} · {who}"


def _positions(shown: Considering) -> Iterator[str]:
    for each in shown.positions:
        said = one_line(each.said, longest=_LONGEST) if each.said else ""
        told = " ".join(filter(None, ("They had nothing to add." if each.nothing_to_add else "", said)))
        when = f"{day_words(each.obtained_on)}, {one_line(each.reached_by)}"
        yield f"- **Their position at stage {each.stage_number}** · {when}: {told}"


def _asked(shown: Considering) -> Iterator[str]:
    for each in shown.clarifications:
        asked = f"{day_words(each.asked_on)}, {one_line(each.reached_by)}: {one_line(each.question, longest=_LONGEST)}"
        if each.answered_on is None:
            yield f"- **Asked** · {asked} {badge.badge('no answer yet', 'orange')}"
        else:
            answer = one_line(each.answer, longest=_LONGEST)
            yield f"- **Asked** · {asked} · **answered** {day_words(each.answered_on)}: {answer}"


def _meetings(shown: Considering) -> Iterator[str]:
    for each in shown.meetings:
        details = (
            ("Present", each.attended),
            ("With the individual", each.accompanied or "nobody"),
            ("Adjustments made", each.adjustments),
            ("Said", each.notes),
        )
        told = "".join(f"  \n  {title}: {one_line(text, longest=_LONGEST)}" for title, text in details if text)
        yield f"- **Met** · {day_words(each.held_on)}, {one_line(each.place)}{told}"


def _item(item: EvidenceView) -> str:
    source = f", from {one_line(item.source)}" if item.source else ""
    what = f"- **Evidence** · {one_line(item.what)}{source}"
    if item.undecided or item.weighed_on is None:
        return f"{what} {badge.badge('not weighed yet', 'orange')}"
    weighed = f"{one_line(item.considered)}: {one_line(item.weight, longest=_LONGEST)}"
    return f"{what} · {weighed} · {one_line(item.weighed_by, empty='The console')}, {day_words(item.weighed_on)}"


def listed_for(shown: Considering) -> Mapping[str, Mapping[int, str]]:
    """The short lists that only this case has, for the forms that choose from them."""
    return {
        "clarifications": _shortly([(each.id, each.question) for each in shown.asked]),
        "evidence_items": {
            number: f"{name} ({item.considered})"
            for item in shown.evidence
            for number, name in _shortly([(item.id, item.what)]).items()
        },
    }


def _shortly(things: Sequence[tuple[int, str]]) -> dict[int, str]:
    return {number: " ".join(text.split())[:_A_NAME] for number, text in things}


def starts(shown: Considering, name: str) -> Mapping[str, object]:
    """What a form begins with: the one open question, what is not weighed yet, or how it was judged before."""
    if name == "RecordClarification" and len(shown.asked) == 1:
        return {"clarification_id": shown.asked[0].id}
    if name == "WeighEvidence":
        return {"items": [each.id for each in shown.evidence if each.undecided]}
    judged = shown.assessment
    if name == "AssessComplaint" and judged is not None:
        fields = ("complexity", "quick", "handler_fit", "vulnerable", "at_risk", "why")
        return {field: getattr(judged, field) for field in fields}
    return {}
