"""Retention: what is due, held, proposed and anonymised, and the schedule it goes by."""

from __future__ import annotations

import streamlit as st

from app.ui import page_steps, places, retention
from app.ui.desk import guard
from core.permissions import Permission
from core.queries.retention import RetentionBoard, ScheduleLine, retention_board, retention_schedule
from core.words import day_words


def page() -> None:
    """The lists of the day, each with the step that shortens it."""
    here = guard(Permission.RETAIN, title="Retention")
    st.title("Retention", anchor=False)
    st.markdown(
        "A record is kept for its time and no longer. What is due is kept longer for a reason, or anonymised once two "
        f"different people have decided. Clause {places.clause_links(['lgsco:5.8'])}."
    )
    with here.one_view():
        board, lines = here.ask(retention_board), here.ask(retention_schedule)
    steps = _steps(board)
    page_steps.buttons(here, steps)
    page_steps.form(here, steps, page=places.RETENTION, listed=_listed(board, lines))
    retention.board(board)
    retention.schedule(lines)


def _steps(board: RetentionBoard) -> tuple[str, ...]:
    """The steps that have something to be taken on."""
    steps = ["ProposeErasure"] if board.due else []
    steps += ["ApproveErasure"] if any(not each.own for each in board.proposed) else []
    steps += ["DropErasure"] if board.proposed or board.approved else []
    return (*steps, "SetRetention")


def _listed(board: RetentionBoard, lines: tuple[ScheduleLine, ...]) -> page_steps.Listed:
    """What the forms choose from."""
    waiting = {
        each.reference: f"{each.reference}, by {each.proposed_by}" for each in (*board.proposed, *board.approved)
    }
    return {
        "records_due": {each.reference: f"{each.reference}, due {day_words(each.planned_on)}" for each in board.due},
        "records_proposed": {each.reference: waiting[each.reference] for each in board.proposed if not each.own},
        "records_waiting": waiting,
        "record_kinds": {each.kind: each.title for each in lines},
    }


page()
