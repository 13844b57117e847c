"""The console killed while web forms send: what was answered is there, and each complaint is there once."""

from __future__ import annotations

import pytest

from bench.prove_web import kill_and_send_again


@pytest.mark.slow
def test_a_kill_in_the_middle_loses_and_doubles_no_complaint() -> None:
    """One kill -9 here, sixty in the long campaign; every complaint is sent again at the end."""
    found = kill_and_send_again(times=1)
    assert found.faults == 0, found
    assert found.sent == found.answered >= 1
    assert found.replayed >= 1
