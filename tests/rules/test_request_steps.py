"""A service request is told from a complaint by its reference."""

from __future__ import annotations

import pytest

from core.rules.request_steps import RequestPosition, kind_named, names_request, reference_of, request_position
from tests.builders import day


@pytest.mark.parametrize(
    ("reference", "kind"),
    [
        ("SR-2026-000001", "service request"),
        (" sr-2026-000001\n", "service request"),
        ("C-2026-000001", "complaint"),
        ("SR2026", "complaint"),
        ("", "complaint"),
    ],
)
def test_1_8_a_reference_says_what_it_is_that_of_however_it_is_typed(reference: str, kind: str) -> None:
    assert kind_named(reference) == kind
    assert names_request(reference) is (kind == "service request")


@pytest.mark.parametrize(("number", "reference"), [(1, "SR-2026-000001"), (1_234_567, "SR-2026-1234567")])
def test_1_8_a_reference_is_made_from_its_year_and_number_and_known_again(number: int, reference: str) -> None:
    assert reference_of(year=2026, number=number) == reference
    assert names_request(reference)


def test_1_3_one_that_is_anonymised_offers_nothing_whatever_its_dates_say() -> None:
    on = day("2026-09-07")
    for closed_on in (None, on):
        found = request_position(answered_on=on, closed_on=closed_on, anonymised_on=on)
        assert found is RequestPosition.ANONYMISED
