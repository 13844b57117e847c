"""What a run draws reaches the browser sooner than the library would send it."""

from __future__ import annotations

import pytest
from streamlit.runtime import runtime
from streamlit.runtime.runtime import Runtime

from app.ui import messages, serving


def test_the_server_collects_messages_for_less_time_than_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library looks its pause up by this name each time it sends; a version that does not fails here."""
    usual = runtime.MESSAGE_FLUSH_INTERVAL_SECS
    monkeypatch.setattr(runtime, "MESSAGE_FLUSH_INTERVAL_SECS", usual)
    assert "MESSAGE_FLUSH_INTERVAL_SECS" in Runtime._loop_coroutine.__code__.co_names
    serving.begin()
    serving.end()
    assert runtime.MESSAGE_FLUSH_INTERVAL_SECS == messages.COLLECTS < usual
