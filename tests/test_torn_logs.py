"""A short form of the campaign `python3 go.py prove torn`: a write-ahead log torn as a power cut may leave it."""

from __future__ import annotations

from bench.prove_torn import tear


def test_what_opens_after_a_torn_log_is_a_state_there_was() -> None:
    """Whole, with a ledger that proves itself, and never without what stood in the database before the log."""
    torn = tear(times=24, steps=3)
    assert torn.examples == []
    assert torn.opened == 24
    assert torn.states_reached > 1
