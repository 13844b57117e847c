"""Posts, training, workload, the shared objective and contractors on the screen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import streamlit as st

from app.ui import badge, places
from app.ui.plain import one_line
from core.code.conduct import CONDUCT
from core.desk import Desk
from core.permissions import Permission
from core.queries.conduct import ContractorAgreed, Holder, PostView, TrainedPerson, TrainingLine
from core.queries.contractors import ContractorFigures
from core.queries.workload import PersonsWork
from core.rules.conduct import InDate, Renewal
from core.words import counted, day_words, share

_COLOURS = {InDate.NEVER: "red", InDate.OVERDUE: "red", InDate.SOON: "orange", InDate.HOLDS: "green"}


def posts(found: Sequence[PostView]) -> None:
    """Who is in each post; those that nobody holds say so."""
    empty = [each for each in found if each.empty]
    st.subheader("Posts for complaints", anchor=False)
    if empty:
        st.warning(f"Nobody holds: {', '.join(one_line(each.post.value) for each in empty)}. Appoint somebody.")
    st.markdown("\n\n".join(map(_post, found)))
    past = [(each, holder) for each in found for holder in each.past]
    if past:
        with st.expander(f"Earlier holders: {len(past)}"):
            st.markdown("\n".join(f"- {one_line(each.post.value)}: {_holder(holder)}" for each, holder in past))


def _post(one: PostView) -> str:
    head = f"**{one_line(one.post.value[:1].upper() + one.post.value[1:])}** · {places.clause_links([one.clause])}"
    lines = [f"{head}  \n{one_line(one.help)}", ""]
    lines += [f"- {_holder(each)}" for each in one.holders] or [f"- {badge.badge('nobody', 'red')}"]
    lines += [f"- Later: {_holder(each)}" for each in one.ahead]
    return "\n".join(lines)


def _holder(one: Holder) -> str:
    title = f", {one_line(one.title)}" if one.title else ""
    committee = " (a committee)" if one.committee else ""
    until = f" to {day_words(one.until)}" if one.until is not None else ""
    reached = f" {one_line(one.contact)}." if one.contact else ""
    gone = f" {badge.badge('has left: end the appointment', 'red')}" if one.left else ""
    by = one_line(one.appointed_by)
    return f"**{one_line(one.name)}**{title}{committee}, from {day_words(one.since)}{until}, by {by}.{reached}{gone}"


def objective(mine: TrainedPerson | None) -> None:
    """The objective that everyone concerned shares, and how it stands with whoever looks at it."""
    st.subheader("The objective we share", anchor=False)
    parts = "\n".join(f"{at}. {one_line(each.words)}" for at, each in enumerate(CONDUCT.objective.values(), start=1))
    stands = ""
    if mine is not None and mine.objective is not None:
        stands = f"\n\nYou: {_stands(mine.objective)}"
    st.markdown(f"{parts}\n\nClause {places.clause_links(['lgsco:9.8'])}.{stands}")


def _stands(one: Renewal) -> str:
    due = f" until {day_words(one.due_on)}" if one.due_on is not None and one.stands is InDate.HOLDS else ""
    since = f" {day_words(one.due_on)}" if one.due_on is not None and one.stands is not InDate.HOLDS else ""
    return f"{badge.badge(one.stands.value, _COLOURS[one.stands])}{due}{since}"


def own_training(mine: TrainedPerson | None) -> None:
    """One's own training; whoever needs none reads that."""
    if mine is None:
        return
    st.subheader("Your training", anchor=False)
    if not mine.lines and not mine.others:
        st.markdown("Your role needs no training about complaints, and none is recorded for you.")
        return
    lines = [f"- {_line(each)}" for each in mine.lines]
    lines += [f"- {one_line(each)}" for each in mine.others]
    st.markdown("\n".join(lines))


def _line(one: TrainingLine) -> str:
    had = f", had on {day_words(one.done_on)} from {one_line(one.given_by)}" if one.done_on is not None else ""
    return f"{one_line(one.title)} {_stands(one.renewal)}{had}"


def training(found: Sequence[TrainedPerson]) -> None:
    """Everybody, whoever lacks most first."""
    late = sum(each.renewal.stands in (InDate.NEVER, InDate.OVERDUE) for one in found for each in one.lines)
    st.subheader(f"Training: {late} missing or overdue", anchor=False)
    if not any(each.done_on for one in found for each in one.lines):
        st.info("No training is recorded yet. Record what colleagues have had; what is due again follows from it.")
    rows = [
        f"| {one_line(one.name)} | {one_line(one.role.value)} | {_few(one.open)} | "
        f"{', '.join(_titles(one)) or 'nothing'} |"
        for one in found
    ]
    _table(("Person", "Role", "Needs", "Has"), rows)


def _few(lines: Iterable[TrainingLine]) -> str:
    return "; ".join(f"{one_line(each.title)} {_stands(each.renewal)}" for each in lines) or "nothing now"


def _titles(one: TrainedPerson) -> list[str]:
    had = [each.title for each in one.lines if each.renewal.stands is InDate.HOLDS]
    return [one_line(each) for each in (*had, *one.others)]


def missing_objective(people: Sequence[TrainedPerson], contractors: Sequence[ContractorAgreed]) -> None:
    """Who has not acknowledged the objective, or not for a year; then the contractors."""
    asked = [each for each in people if each.objective is not None]
    missing = [each for each in asked if each.objective is not None and each.objective.stands is not InDate.HOLDS]
    st.subheader("The objective: who has not acknowledged it", anchor=False)
    st.markdown(f"Acknowledged by {share(len(asked) - len(missing), len(asked))} of colleagues.")
    lines = [f"- {one_line(each.name)} {_stands(each.objective)}" for each in missing if each.objective is not None]
    st.markdown("\n".join(lines) or "Everybody has.")
    st.markdown("**Contractors and partners**")
    if not contractors:
        st.markdown("No complaint names a contractor or partner. Record an agreement once one works for the council.")
    st.markdown("\n".join(map(_contractor, contractors)))


def _contractor(one: ContractorAgreed) -> str:
    signed = f", agreed on {day_words(one.agreed_on)} by {one_line(one.signed_by)}" if one.agreed_on is not None else ""
    return f"- {one_line(one.name)} {_stands(one.renewal)}{signed}"


def workload(here: Desk, found: Sequence[PersonsWork]) -> None:
    """Who has how much in hand; each number leads to the list it counts, for whoever reads cases."""
    st.subheader(f"Workload: {counted(sum(each.open for each in found), 'open step')}", anchor=False)
    if not found:
        st.info("Nothing is open. Once complaints come in, what each person owes stands here.")
        return
    _table(("Person", "Overdue", "Today", "In the next 7 days", "Open in all", "Oldest"), _work_rows(here, found))


def _work_rows(here: Desk, found: Sequence[PersonsWork]) -> list[str]:
    reads = here.may(Permission.READ)
    rows = []
    for each in found:
        whose = str(each.id) if each.id is not None else "nobody"
        counts = (("late", each.overdue), ("today", each.today), ("week", each.week), ("", each.open))
        cells = [_number(number, {"whose": whose, **({"due": due} if due else {})}, reads) for due, number in counts]
        oldest = day_words(each.oldest_on)
        if reads:
            oldest = f"[{one_line(each.oldest)}]({places.address(places.CASE, {'ref': each.oldest})}), {oldest}"
        who = f"{one_line(each.name)}, {one_line(each.role)}" if each.name else "**not assigned**"
        rows.append(f"| {who} | {' | '.join(cells)} | {oldest} |")
    return rows


def _number(number: int, query: dict[str, str], reads: bool) -> str:
    return f"[{number:,}]({places.address(places.MY_CASES, query)})" if reads and number else f"{number:,}"


def scorecard(found: Sequence[ContractorFigures]) -> None:
    """Each contractor and partner in one row; all of it is in the council's own figures as well."""
    st.subheader("Contractors and partners", anchor=False)
    if not found:
        st.info("No complaint names a contractor or partner. Say at intake whose doing a complaint is about.")
        return
    st.markdown(
        "The council answers for them, on the same clocks; all of it stands in its own figures too. "
        f"Clause {places.clause_links(['lgsco:6.22'])}."
    )
    _table(
        ("Who", "Complaints", "Acknowledged in time", "Answered in time", "Upheld", "Taught something", "Asked, late"),
        [_score(each) for each in found],
    )


def _score(one: ContractorFigures) -> str:
    cells = (
        one_line(one.name, empty="name not given"),
        f"{one.complaints:,}",
        share(one.acknowledged_in_time, one.acknowledged_in_time + one.acknowledged_late),
        share(one.answered_in_time, one.answered_in_time + one.answered_late),
        share(one.upheld, one.decided),
        share(one.taught, one.complaints),
        f"{one.asked:,}, {one.asked_late:,} late",
    )
    return f"| {' | '.join(cells)} |"


def _table(heads: Sequence[str], rows: Sequence[str]) -> None:
    st.markdown("\n".join([f"| {' | '.join(heads)} |", "|" + " --- |" * len(heads), *rows]))
