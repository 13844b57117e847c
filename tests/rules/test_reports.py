"""What differs from a frozen report, and what a report still lacks."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from core.rules.reports import (
    Difference,
    GovernanceFacts,
    Publication,
    differences,
    lacking,
    not_answered_before,
    published_too_early,
)

MET, OUT = date(2026, 7, 1), date(2026, 7, 20)


def facts(**fields: Any) -> GovernanceFacts:
    """A yearly report that has gone all the way, unless a test says otherwise."""
    with_response = Publication(published_on=OUT, with_response=True)
    given = {"yearly": True, "unsigned": False, "received": 1, "met_on": (MET,), "published": (with_response,)}
    return GovernanceFacts(**(given | fields))


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, []),
        ({"received": 0}, ["Nobody has received it yet"]),
        ({"unsigned": True}, ["It is a draft"]),
        ({"met_on": ()}, ["The governing body's response is missing"]),
        ({"published": ()}, ["It is not published yet"]),
        ({"published": (Publication(published_on=OUT, with_response=False),)}, ["Published without the response"]),
        ({"yearly": False, "met_on": (), "published": ()}, []),
        ({"yearly": False, "received": 0}, ["Nobody has received it yet"]),
    ],
)
def test_8_2_what_a_report_lacks_is_said_with_the_next_step(fields: dict[str, Any], said: list[str]) -> None:
    found = lacking(facts(**fields))
    assert [sentence.partition(":")[0] for sentence in found] == said
    assert all(sentence.endswith(".") for sentence in found)


def test_8_2_publishing_without_the_response_is_found() -> None:
    assert published_too_early(facts()) == ()
    (found,) = published_too_early(facts(met_on=()))
    assert (found.clause, found.force) == ("lgsco:8.2", "should")
    assert found.sentence == (
        "The report would be published without the governing body's response; both belong on the website together."
    )


def test_8_1_what_differs_stands_with_its_reason_until_it_moves_again() -> None:
    then, names = {"received": "3", "refused": "0"}, {"received": "Complaints received"}
    one = Difference(figure="received", name="Complaints received", then="3", now="4", reason="Recorded late.")
    reasons = {("received", "4"): "Recorded late."}
    assert differences(then, {"received": "4", "refused": "0"}, names=names, reasons=reasons) == (one,)
    (moved,) = differences(then, {"received": "5"}, names=names, reasons=reasons)
    assert moved.reason == ""
    (unnamed,) = differences(then, {"refused": "1"}, names=names, reasons=reasons)
    assert (unnamed.name, unnamed.then, unnamed.now) == ("refused", "0", "1")


def test_9_7_a_report_is_received_after_its_time() -> None:
    assert not_answered_before(MET, ends_on=date(2026, 6, 30)) == ""
    assert "Give a day after it" in not_answered_before(MET, ends_on=MET)
