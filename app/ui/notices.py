"""Sentences that tell what was done, kept over the rerun that follows."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from app.ui import keys
from app.ui.plain import plain


def say(sentences: Iterable[str], *, done: bool = True) -> None:
    """Keep sentences for the next run of the page; not `done` when something was refused."""
    st.session_state[keys.NOTICE] = (done, tuple(sentences))


_MOST = 12
"""Sentences shown of one notice: a leaver may hand over hundreds of stages, and each is in its case's history."""


def show() -> None:
    """Show what was kept, once."""
    kept = st.session_state.pop(keys.NOTICE, None)
    if kept is not None:
        done, sentences = kept
        told = [plain(sentence) for sentence in sentences[:_MOST]]
        if len(sentences) > _MOST:
            told.append(f"And {len(sentences) - _MOST} more of this kind.")
        (st.success if done else st.warning)("  \n".join(told))
