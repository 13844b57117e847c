"""Subject access: requests of people for their own data, each with its day, its pieces and its answer."""

from __future__ import annotations

import streamlit as st

from app.ui import page_steps, places, subject_access
from app.ui.desk import guard
from core.bundles.pieces import pieces, undecided
from core.code.subject_access import EXEMPTIONS
from core.desk import Desk
from core.errors import NotFound
from core.permissions import Permission
from core.queries.subject_access import SubjectView, subject_request, subject_requests

_ASKED = ("RecordSubjectAccess",)
_OWED = (
    "AddSubjectCase",
    "RemoveSubjectCase",
    "RecordIdentity",
    "AskSubjectClarification",
    "RecordSubjectClarification",
    "ExtendSubjectAccess",
    "AnswerSubjectAccess",
    "WithdrawSubjectAccess",
)


def page() -> None:
    """Every request with its day, or the one that the address names."""
    here = guard(Permission.DISCLOSE, title="Subject access")
    st.title("Subject access", anchor=False)
    show = st.query_params.get("show", "")
    if show:
        if not (show.isascii() and show.isdigit()):
            raise NotFound("There is no such request for own data. Choose one from its page.")
        st.markdown(f"[All requests]({places.address(places.SUBJECT_ACCESS, {})})")
        _one(here, here.ask(subject_request, int(show)))
        return
    st.markdown(
        "Somebody who asks for what is held about them is answered within one calendar month (UK GDPR, article 12). "
        "Every piece is read by a person, who decides whether it goes, goes with parts taken out, or stays."
    )
    page_steps.buttons(here, _ASKED)
    page_steps.form(here, _ASKED, page=places.SUBJECT_ACCESS, listed={})
    subject_access.board(here.ask(subject_requests))


def _one(here: Desk, view: SubjectView) -> None:
    """One request: how it stands, its steps, its cases, and the piece to decide on next."""
    subject_access.head(view)
    if view.line.answered_on is not None:
        subject_access.answered(view)
        return
    if view.line.withdrawn_on is not None:
        return
    closed = {
        *(() if view.cases else ("RemoveSubjectCase",)),
        "RecordSubjectClarification" if view.line.stopped_on is None else "AskSubjectClarification",
    }
    owed = tuple(step for step in _OWED if step not in closed)
    page_steps.buttons(here, owed)
    given = {step: {"given": {"request_id": view.line.id}, "about": str(view.line.id)} for step in owed}
    given["AnswerSubjectAccess"] |= {"does": subject_access.answers, "only": ("request_id",)}
    listed = {"taken_in": {each: each for each in view.cases}}
    page_steps.form(here, owed, page=places.SUBJECT_ACCESS, listed=listed, more=given)
    subject_access.cases(view)
    found = pieces(here, view)
    left = undecided(view, found)
    if found:
        subject_access.progress(found, left)
        subject_access.still_said(view, found)
        exemptions = {key: each.title for key, each in EXEMPTIONS.items()}
        subject_access.review(here, view, found, left, exemptions)


page()
