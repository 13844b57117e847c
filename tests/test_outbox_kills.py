"""A short form of the campaign `python3 go.py prove outbox`: kill -9 of real processes that send letters."""

from __future__ import annotations

import pytest

from bench.prove_outbox import kill_while_sending

pytestmark = pytest.mark.slow


def test_no_letter_is_lost_when_sending_processes_are_killed(database_kind: str) -> None:
    """Every letter arrives and is on record once, whichever moment the kill strikes."""
    found = kill_while_sending(database_kind, messages=50, kills=2)
    assert found.kills == 2
    assert (found.lost, found.unrecorded, found.recorded_twice, found.foreign) == (0, 0, 0, 0)
    assert found.duplicates <= found.kills
