"""The bands of the case page: clocks, points, words, stages, history, and the Code on this case."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from app.ui import badge, drawn, keys, places
from app.ui.plain import one_line, plain
from core.desk import LONDON
from core.queries.cases import CaseView, Clock, HistoryLine, StageView
from core.queries.evidence import Confidence
from core.rules.compliance import ClauseLine
from core.rules.s7_remedies import DONE_TITLES, TITLES
from core.words import counted, day_words

_FIRST_LINES = 12
_STAGE_TWO_BEGINS = (6, 11)


def clocks(case: CaseView) -> None:
    """Each duty with its date and how it stands; opened, it says why each date is what it is."""
    st.markdown(
        drawn.once(
            case, "clocks", lambda: "\n".join(["### Clocks", "", *(f"- {_clock(case, each)}" for each in case.clocks)])
        )
    )
    with st.expander("Why these dates?"):
        st.markdown(drawn.once(case, "why", lambda: "\n\n".join(_why(case, each) for each in case.clocks)))


def _clock(case: CaseView, clock: Clock) -> str:
    return f"{_owed(clock)} {badge.standing(clock)} · {places.number(clock.clause, case.scheme)}"


def _owed(clock: Clock) -> str:
    title = clock.title if clock.soon or clock.met_on is None else _past(clock)
    return f"**{title}** {f'by {day_words(clock.act_by)}' if clock.met_on is None else day_words(clock.met_on)}"


def _past(clock: Clock) -> str:
    if clock.why is None:
        return one_line(_DONE.get(clock.title, "Reviewed"))
    return "Acknowledged" if clock.title.startswith("Acknowledge") else "Answered"


_DONE = {TITLES[kind]: said for kind, said in DONE_TITLES.items()}


def _why(case: CaseView, clock: Clock) -> str:
    told = list(clock.why.sentences(clock.started)) if clock.why else [f"{clock.started}."]
    if clock.act_by != clock.due_on:
        told.append(f"To be done by {day_words(clock.act_by)}: the date the individual was told.")
    if clock.literal_due_on:
        told.append(
            f"Counted from the late acknowledgement it would be {day_words(clock.literal_due_on)} (reading R6)."
        )
    if clock.extend_until:
        told.append(f"It can be extended to {day_words(clock.extend_until)} at most.")
    # A bank holiday's name comes from a file that somebody dropped here.
    lines = [f"- {plain(sentence)}" for sentence in told]
    return "\n".join([_owed(clock), "", *lines, f"- Clause {places.clause_links([clock.clause], case.scheme)}."])


def points(case: CaseView) -> None:
    """Each point with what was found at each stage."""
    st.markdown(drawn.once(case, "points", lambda: _points(case)))


def _points(case: CaseView) -> str:
    unanswered = sum(case.stage_number not in point.answers for point in case.points)
    lines = [f"### Points: {len(case.points)}, {unanswered} without a finding at stage {case.stage_number}"]
    for point in case.points:
        lines.append(f"**{point.number}.** {plain(point.text)}")
        for stage, (outcome, reasons) in sorted(point.answers.items()):
            found = one_line(outcome.replace("_", " "))
            lines.append(f"Stage {stage}: **{found}**. {plain(reasons)}")
    if not case.points:
        lines.append("No point is recorded yet. Add one with “Add a point”.")
    return "\n\n".join(lines)


def words(case: CaseView) -> None:
    """What they said, exactly as they said it."""
    st.subheader("In their own words")
    st.text(case.words)
    if case.outcomes_sought:
        st.markdown("**What they want to happen**")
        st.text(case.outcomes_sought)


def stages(case: CaseView) -> None:
    """What was written at each stage; read only when it is opened."""
    for stage in case.stages:
        head = f"Stage {stage.number}: what was written"
        opened = st.expander(head, key=f"{keys.FILTER}/stage{stage.number}/{case.reference}", on_change="rerun")
        if opened.open:
            with opened:
                _stage(stage)


def _stage(stage: StageView) -> None:
    told: list[tuple[str, Any]] = [
        ("Came by", stage.channel),
        ("Handler", stage.handler),
        ("They asked for stage 2 saying", stage.request_words),
        ("Our understanding, as acknowledged", stage.understanding),
        ("Outcomes sought, as acknowledged", stage.outcomes_sought),
    ]
    for extension in stage.extensions:
        when = day_words(extension["told_on"]) if extension["told_on"] else "a day not known"
        told.append((f"Extended to {day_words(extension['new_date'])}, told on {when}", extension["reason"]))
    for response in stage.responses:
        kind = "Addendum" if response["addendum"] else "Response"
        how = "told by word of mouth" if response["by_word_of_mouth"] else "sent"
        told.append((f"{kind} {how} on", day_words(response["sent_on"])))
        told += [(title, response[name]) for name, title in _RESPONSE.items()]
    shown = [f"**{title}**  \n{plain(text)}" for title, text in told if text]
    st.markdown("\n\n".join(shown))


_RESPONSE = {
    "understanding": "The complaint as understood",
    "decision": "Decision",
    "reasons": "Reasons",
    "remedy": "What puts it right",
    "outstanding_actions": "Still to be done",
    "signposting": "How to go on",
    "efforts_to_understand": "What was done to understand",
}


def history(case: CaseView) -> None:
    """Every entry as a sentence, newest first; it can be searched and never edited."""
    head = f"### History: {counted(len(case.history), 'entry', 'entries')}"
    st.markdown(drawn.once(case, "history", lambda: "\n".join([head, "", *map(_entry, case.history[:_FIRST_LINES])])))
    if not (earlier := case.history[_FIRST_LINES:]):
        return
    key = keys.filter_key("history", case.reference)
    label = f"Show the {len(earlier)} earlier ones, or find entries by their words"
    rest = st.expander(label, key=f"{key}/rest", on_change="rerun")
    if not rest.open:
        return
    with rest:
        wanted = st.text_input("Show entries with the words", key=key, type="search").strip().lower()
        found = [line for line in case.history if wanted in f"{line.sentence} {line.actor}".lower()]
        st.markdown("\n".join(map(_entry, found if wanted else earlier)) or "No entry has these words. Use fewer.")


def _entry(line: HistoryLine) -> str:
    at = line.at.astimezone(LONDON)
    return f"- **{line.n}** · {day_words(at.date())} {at:%H:%M} · {one_line(line.actor)}: {one_line(line.sentence)}"


def code(case: CaseView) -> None:
    """Every clause that applies here: how it stands, and the history entry that proves it."""
    with st.container(key="code-here"):
        # One table and not a link for each clause: every element costs the page as much as a question to the records.
        st.markdown(drawn.once(case, "code", lambda: _code(case)))


def _code(case: CaseView) -> str:
    theirs = [] if case.scheme == "lgsco" else [_NUMBERS.get(case.scheme, ""), ""]
    rows = [*theirs, "| Clause | What it asks here | How it stands |", "| --- | --- | --- |"]
    for line in case.code:
        said = [line.what]
        if line.due_on is not None:
            said.append(f"by {day_words(line.due_on)}")
        entry = proof_of(line, case.history)
        if entry is not None:
            said.append(f"entry {entry}")
        rows.append(
            f"| {places.clause_links([line.clause], case.scheme)} | {' · '.join(said)} | {badge.how(line.how)} |"
        )
    return "\n".join(["### The Code on this case", "", *rows])


_NUMBERS = {
    "hos": "The numbers are those of the Housing Ombudsman’s Code, as far as the two were compared; each leads to ours."
}


def proof_of(line: ClauseLine, history: Sequence[HistoryLine]) -> int | None:
    """The number of the history entry that proves a clause: of its own stage, and the first one of its kind there."""
    number = places.number(line.clause)
    opened = next((each.n for each in history if each.tag == "stage_two.opened"), None)
    at_stage_two = tuple(map(int, number.split("."))) >= _STAGE_TWO_BEGINS
    found = [each for each in reversed(history) if each.tag == line.proof]
    if line.proof == "code.departed":
        found = [each for each in found if each.sentence.startswith(f"Departed from {number}:")]
    elif at_stage_two and opened is not None:
        found = [each for each in found if each.n >= opened]
    return found[0].n if found else None


def departures(case: CaseView) -> None:
    """Clauses not met, with the reasons recorded."""
    if not case.departures:
        return
    lines = [
        f"- **{places.number(each['clause'], case.scheme)}**, {day_words(each['recorded_on'])}: "
        f"{one_line(each['finding'])} Reason: {one_line(each['reason'])}"
        for each in case.departures
    ]
    st.markdown("\n".join([f"### Departures: {len(case.departures)}", "", *lines]))


def confidential(kept: Confidence) -> None:
    """Who sees a confidential case, before anything of it is read."""
    since = day_words(kept.since.astimezone(LONDON).date())
    st.warning(f"**Confidential: seen only by {one_line(', '.join(kept.named))}.** Since {since}. {plain(kept.reason)}")


def record(case: CaseView) -> None:
    """Who it is about, how to reach them, and how it came in."""
    st.markdown(drawn.once(case, "record", lambda: _record(case)))
    for note in case.notes:
        st.markdown(f"**Note, {day_words(note['written_at'].astimezone(LONDON).date())}**")
        st.text(note["text"])


def _record(case: CaseView) -> str:
    person = case.individual
    told = [
        ("Individual", person["name"]),
        ("E-mail", person["email"]),
        ("Phone", person["phone"]),
        ("Address", person["address"]),
        ("Postcode", person["postcode"]),
        ("Came by", case.channel),
        ("First heard by", case.received_by),
        ("Logged", day_words(case.logged_on)),
        ("Happened", day_words(case.issue_on) if case.issue_on else ""),
        ("Became aware", day_words(case.aware_on) if case.aware_on else ""),
        ("Category", case.category),
        ("Policy", case.policy),
        ("Old reference", case.old_reference or ""),
        ("Ended", day_words(case.ended_on) if case.ended_on else ""),
        ("How it ended", case.ending_note),
    ]
    lines = [f"- {title}: {one_line(text)}" for title, text in told if text]
    return "\n".join(["### People and record", "", *lines])
