"""What a page or a part of it says when it is refused: the sentence, and a way to ask again that loses nothing."""

from __future__ import annotations

import streamlit as st

from app.ui import keys
from app.ui.plain import plain
from core.errors import ComplaintsError, NotReady


def tell(refusal: ComplaintsError, *where: str) -> None:
    """Say it. Records that are away are asked again by a button; `where` tells one part of a page from another.

    Somebody who loads the page anew instead loses what they typed while it could not be kept.
    """
    st.error(plain(refusal))
    if isinstance(refusal, NotReady):
        st.button("Try again", key=keys.again_key("/".join(where)))
