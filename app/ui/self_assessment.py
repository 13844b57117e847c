"""A self-assessment on the screen: its rows with their answers, and what speaks to the one that is open."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from app.ui import badge, keys, places
from app.ui.plain import one_line, plain
from core.code.catalogue import CLAUSES
from core.code.self_assessment import FORM, AssessedRow
from core.desk import LONDON, Desk
from core.errors import BadInput
from core.permissions import Permission
from core.queries.assessment_evidence import ClauseEvidence, Spoken, evidence_cases
from core.queries.figures import Period, cases_behind
from core.queries.self_assessment import AnswerView, AssessmentView
from core.rules.s8_reporting import Follows
from core.words import day_words, listed

_COLOURS = {Follows.YES: "green", Follows.PARTLY: "orange", Follows.NO: "red", Follows.NONE: "gray"}


_READ_WITH = {
    "the_code": Permission.CODE,
    "service_requests": Permission.READ,
    "intake": Permission.RECORD,
    "accounts": Permission.ACCOUNTS,
    "audit": Permission.AUDIT,
    "wording": Permission.POLICY,
    "learning": Permission.LEARN,
    "quality": Permission.READ,
    "my_cases": Permission.READ,
    "remedies": Permission.READ,
}
"""Whom the page of a document opens to."""


def query(view: AssessmentView, item: str, **more: str) -> dict[str, str]:
    """The address of one row or clause of an assessment, as long or as short as it is shown now."""
    long = {"long": "1"} if _long() else {}
    return {"assessment": str(view.line.id), "item": item, **long, **more}


def _long() -> bool:
    return st.query_params.get("long") == "1"


def head(view: AssessmentView) -> None:
    """Over which period, for whom, and how far it has come."""
    line = view.line
    rows, clauses = view.answered
    source = f" Judged by the imported records “{one_line(line.source)}”." if line.source else ""
    st.markdown(
        f"**{day_words(line.starts_on)} to {day_words(line.ends_on)}**, {line.why}. "
        f"{one_line(line.owner)} answers for it.{source}  \n"
        f"Answered: **{rows} of {len(FORM.rows)} rows**, {clauses} of {len(FORM.clauses)} clauses."
    )
    if line.about:
        st.markdown(plain(line.about))


def answer_badge(answer: AnswerView | None) -> str:
    """An answer in words, with its colour beside them."""
    return (
        badge.badge(answer.follows.value, _COLOURS[answer.follows]) if answer else badge.badge("not answered", "gray")
    )


def rows(view: AssessmentView, item: str) -> None:
    """The ten rows as links; every clause beneath its row when that is asked for."""
    key = keys.filter_key("assessment", "long")
    st.session_state[key] = _long()
    st.toggle("Show all 73 clauses", key=key, on_change=_lengthen)
    with st.container(key="rows-plain-assessment", gap=None):
        for row in FORM.rows.values():
            beneath = FORM.beneath(row.key)
            done = sum(each.key in view.answers for each in beneath)
            stands = answer_badge(view.answers.get(row.key))
            said = f"**{row.section}. {row.title}** {stands} :small[{done} of {len(beneath)} clauses]"
            _link(view, row.key, said, here=item == row.key)
            for each in beneath if _long() else ():
                stands = answer_badge(view.answers.get(each.key))
                said = f"{places.number(each.key, view.line.scheme)} {CLAUSES[each.key].title} {stands}"
                _link(view, each.key, said, here=item == each.key)


def _link(view: AssessmentView, item: str, said: str, *, here: bool) -> None:
    label = f"{said} :small[open on the right]" if here else said
    st.page_link(places.page(places.SELF_ASSESSMENT), label=label, query_params=query(view, item), width="stretch")


def _lengthen() -> None:
    if st.session_state[keys.filter_key("assessment", "long")]:
        st.query_params["long"] = "1"
    else:
        st.query_params.pop("long", None)


def requirement(view: AssessmentView, item: str) -> None:
    """What the row or clause asks, in our words, with links to its clauses."""
    found = FORM.item(item)
    if isinstance(found, AssessedRow):
        st.header(f"{found.section}. {found.title}", anchor=False)
        links = places.clause_links([each.key for each in FORM.beneath(item)], view.line.scheme)
        st.markdown(f"{found.action}\n\nClauses {links}.")
        return
    clause = CLAUSES[item]
    st.header(f"{places.number(item, view.line.scheme)} {clause.title}", anchor=False)
    action = found.action if found is not None else ""
    links = places.clause_links([item], view.line.scheme)
    st.markdown(f"{action}\n\nWhat the Code asks: {clause.gist} Clause {links}, force: **{clause.force}**.")


def evidence(here: Desk, view: AssessmentView, item: str, spoken: Spoken) -> None:
    """What speaks to it, times and outcomes first; each number opens the cases behind it for whoever may see them."""
    st.subheader("Evidence", anchor=False)
    lines = [_line(here, view, item, each) for each in spoken.evidence]
    st.markdown("\n".join(lines) or "Nothing is recorded that speaks to this. Say what you know.")
    if spoken.suggested is not None:
        stands = badge.badge(spoken.suggested.value, _COLOURS[spoken.suggested])
        st.markdown(f"The record suggests {stands}. It is only a suggestion: somebody has to answer.")
    _cases(here, view, spoken)


def _line(here: Desk, view: AssessmentView, item: str, one: ClauseEvidence) -> str:
    said = f"- **{one_line(one.title)}:** {plain(one.words)}"
    if one.kind == "document":
        page = FORM.documents[one.key].page
        leads = page in _READ_WITH and here.may(_READ_WITH[page])
        return f"{said} [look]({places.address(f'pages/{page}.py', {})})" if leads else said
    if not one.behind or not here.may(Permission.READ) or view.line.source:
        return said
    address = places.address(places.SELF_ASSESSMENT, query(view, item, behind=f"{one.kind}.{one.behind}"))
    label = "late ones" if one.kind == "duty" else "cases"
    return f"{said} [{label}]({address})"


def _cases(here: Desk, view: AssessmentView, spoken: Spoken) -> None:
    """The cases behind the number that was opened."""
    asked = st.query_params.get("behind", "")
    if not asked or not here.may(Permission.READ):
        return
    found = next((each for each in spoken.evidence if each.behind and f"{each.kind}.{each.behind}" == asked), None)
    if found is None:
        raise BadInput("That link is damaged. Open the number beside its clause again.")
    st.subheader(f"Behind “{one_line(found.title)}”", anchor=False)
    if found.kind == "figure":
        period = Period(view.line.starts_on, view.line.ends_on)
        behind: Sequence[tuple[str, str]] = [
            (each, "") for each in here.ask(cases_behind, found.behind, period, scheme=view.line.scheme)
        ]
    else:
        kind = "departures" if found.kind == "departures" else "missed"
        behind = here.ask(evidence_cases, view.line.id, kind, found.behind)
    if not behind:
        st.markdown("No case is behind it that you may see.")
    st.markdown("\n".join(f"- {_reference(reference)} {one_line(said, longest=300)}" for reference, said in behind))


def _reference(reference: str) -> str:
    if reference.startswith("C-"):
        return f"[{one_line(reference)}]({places.address(places.CASE, {'ref': reference})})"
    return one_line(reference)


def before(view: AssessmentView, item: str) -> None:
    """What the earlier assessment said of the same."""
    if view.earlier is None:
        return
    st.subheader("The earlier self-assessment", anchor=False)
    answer = view.earlier_answers.get(item)
    period = f"{day_words(view.earlier.starts_on)} to {day_words(view.earlier.ends_on)}"
    st.markdown(f"Over {period}: {_told(answer)}" if answer else f"Over {period} this was not answered.")


def given(versions: Sequence[AnswerView]) -> None:
    """The answer as it stands, who gave it, and those before it."""
    st.subheader("The answer", anchor=False)
    if not versions:
        st.markdown("Not answered yet.")
        return
    st.markdown(_told(versions[0]))
    if len(versions) > 1:
        with st.expander(f"Earlier answers: {len(versions) - 1}"):
            st.markdown("\n\n".join(_told(each) for each in versions[1:]))


def _told(answer: AnswerView) -> str:
    day = day_words(answer.answered_at.astimezone(LONDON).date())
    where = one_line(listed(answer.services)) if answer.services else "the whole council"
    lines = [f"{answer_badge(answer)} for {where} · {one_line(answer.answered_by)}, {day}"]
    if answer.commentary:
        lines.append(plain(answer.commentary))
    if answer.action:
        by = f" by {day_words(answer.due_on)}" if answer.due_on else ""
        lines.append(f"What will be done: {plain(answer.action)} ({one_line(answer.owner)}{by})")
    return "  \n".join(lines)
