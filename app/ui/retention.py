"""How long records are kept, on the screen: one line on a record, and the lists of the page Retention."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from app.ui import places, step_buttons
from app.ui.plain import one_line, plain
from core.commands.base import COMMANDS
from core.desk import LONDON, Desk
from core.queries.retention import (
    HeldLine,
    ProposedLine,
    RecordKept,
    RecordLine,
    RetentionBoard,
    RunLine,
    ScheduleLine,
)
from core.rules.retention import Kept
from core.rules.steps import RETENTION_STEPS
from core.words import counted, day_words


def band(here: Desk, next_steps: Sequence[str], found: RecordKept | None) -> None:
    """One line on how long this record is kept, and the steps of those who decide on it."""
    if found is None:
        return
    st.markdown(f"### How long the record is kept\n\n{_kept(found)}")
    held = found.kept is Kept.HELD
    open_now = [name for name in RETENTION_STEPS if name in next_steps and here.may(COMMANDS[name].needs)]
    fitting = [name for name in open_now if name == "RetainLonger" or (name != "PlaceHold") is held]
    if fitting and found.anonymised_on is None:
        step_buttons.menu("Hold, or keep longer", fitting)


def _kept(found: RecordKept) -> str:
    rule = f"{found.kind}: {counted(found.years, 'year')} from the last thing that happened"
    if found.anonymised_on is not None:
        return f"**Anonymised on {day_words(found.anonymised_on)}.** Names, words, letters and files are gone for good."
    if found.kept is Kept.HELD and found.review_on is not None:
        return (
            f"**On hold, to be reviewed by {day_words(found.review_on)}.** {plain(found.hold)} "
            "Nothing is erased until the hold is lifted."
        )
    if found.planned_on is None:
        return f"Still in use. {rule}."
    if found.kept is Kept.WITH_COMPLAINT:
        return "Kept with the complaint it belongs to, and not anonymised before it."
    if found.kept is Kept.DUE:
        return f"**Due for review since {day_words(found.planned_on)}.** {rule}."
    why = " It is kept longer by decision." if found.kept is Kept.LONGER else ""
    return f"Kept until {day_words(found.planned_on)}. {rule}.{why}"


def board(found: RetentionBoard) -> None:
    """Every list of the page, each with what to do when it is empty."""
    _due(found.due, found.due_count)
    _proposed("Proposed, awaiting a second person", found.proposed, "Nothing waits for a second person.")
    _under_way(found)
    _held(found.held)
    _done(found.runs)


def _link(reference: str, matter: str) -> str:
    return f"[{reference}]({places.record(reference)}) {one_line(matter, empty='no matter given')}"


def _due(rows: Sequence[RecordLine], count: int) -> None:
    st.subheader(f"Due for review: {count}", anchor=False)
    if not rows:
        st.info("No record is due. Each comes up here on the day its time is over.")
        return
    if count > len(rows):
        st.markdown(f"The {len(rows)} that have been due longest are shown. Decide on these, and the next ones appear.")
    st.markdown(
        "\n".join(
            f"- {_link(each.reference, each.matter)} · due {day_words(each.planned_on)} · {one_line(each.kind)}"
            for each in rows
        )
    )


def _proposed(title: str, rows: Sequence[ProposedLine], nothing: str) -> None:
    st.subheader(f"{title}: {len(rows)}", anchor=False)
    if not rows:
        st.info(nothing)
        return
    st.markdown("\n".join(_proposal(each) for each in rows))


def _proposal(each: ProposedLine) -> str:
    by = "you" if each.own else one_line(each.proposed_by)
    told = f"proposed by {by} on {day_words(each.proposed_on)}"
    if each.approved_by:
        told += f", approved by {one_line(each.approved_by)}"
    elif each.own:
        told += "; somebody else approves it"
    return f"- {_link(each.reference, each.matter)} · due {day_words(each.planned_on)} · {told}"


def _under_way(found: RetentionBoard) -> None:
    _proposed("Approved, in progress", found.approved, "Nothing is being anonymised.")
    done = sum(each.records for each in found.runs if each.finished_at is None)
    whole = done + found.waiting_count
    if whole:
        words = f"{done:,} of {counted(whole, 'record')} anonymised. It goes on by itself, also after a restart."
        st.progress(done / whole, text=words)


def _held(rows: Sequence[HeldLine]) -> None:
    st.subheader(f"On hold: {len(rows)}", anchor=False)
    if not rows:
        st.info("Nothing is on hold. A case or a request offers “Hold, or keep longer” beside its planned date.")
        return
    st.markdown(
        "\n".join(
            f"- {_link(each.reference, each.matter)} · since {day_words(each.placed_on)} · to be reviewed by "
            f"{day_words(each.review_on)} · {one_line(each.reason)}"
            for each in rows
        )
    )


def _done(runs: Sequence[RunLine]) -> None:
    finished = [each for each in runs if each.finished_at is not None]
    st.subheader(f"Done: {counted(len(finished), 'certificate')}", anchor=False)
    if not finished:
        st.info("Nothing has been anonymised yet. Each time it is, the certificate of it stands here.")
        return
    st.markdown("\n".join(_certificate(each) for each in finished))


def _certificate(each: RunLine) -> str:
    address = places.own_route(f"/export/erasure-certificate/{each.id}")
    on = each.finished_at.astimezone(LONDON).date() if each.finished_at is not None else None
    when = f" on {day_words(on)}" if on is not None else ""
    anew = each.scrubbed_at.astimezone(LONDON).date() if each.scrubbed_at is not None else None
    scrubbed = f", database files written anew on {day_words(anew)}" if anew is not None else ""
    return f"- [Save certificate {each.id}]({address}): {counted(each.records, 'record')} anonymised{when}{scrubbed}"


def schedule(lines: Sequence[ScheduleLine]) -> None:
    """The schedule in force, with where each value comes from."""
    rows = ["| Kind of record | Kept | Where this comes from |", "| --- | --- | --- |"]
    rows += [f"| {one_line(each.title)} | {counted(each.years, 'year')} | {_source(each)} |" for each in lines]
    st.subheader("The schedule", anchor=False)
    st.markdown("\n".join(rows))


def _source(each: ScheduleLine) -> str:
    if each.since is None:
        return f"{one_line(each.source)} The council has set nothing of its own."
    return f"{one_line(each.source)}, since {day_words(each.since)}. {one_line(each.reason)}"
