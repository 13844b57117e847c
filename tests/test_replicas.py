"""Short forms of the campaigns `python3 go.py prove replicas updates`: four consoles on one database."""

from __future__ import annotations

import multiprocessing

import pytest

from bench.prove_replicas import kill_the_server
from bench.prove_updates import update_together

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        "fork" not in multiprocessing.get_all_start_methods(), reason="a process cannot be copied on this system"
    ),
]


def test_consoles_outlive_their_database() -> None:
    """Nothing acknowledged is lost, every console goes on by itself, and meanwhile says so in a sentence."""
    # Their processes are copies of this one, which has everything loaded.
    told = kill_the_server(times=1, replicas=2, context=multiprocessing.get_context("fork"))
    assert (told.ended, told.fell_through, told.found.faults) == (0, [], 0)
    assert told.found.acknowledged > 0
    assert told.told_plainly > 0


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_no_update_is_lost_among_replicas(kind: str) -> None:
    """Whatever was acknowledged is recorded once and nothing that was refused is; most pages were out of date."""
    told = update_together(kind, attempts=320, context=multiprocessing.get_context("fork"))
    assert told.attempts == 320
    assert told.faults == 0, told
    assert 10 <= told.share < 50
