"""What may not be published: whoever complained, by name or by anything that leads to them."""

from __future__ import annotations

import pytest

from core.rules.publishing import finds_somebody

NAMED = "the name of somebody who complained"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("We asked mrs ada green.", NAMED),
        ("We asked MRS ADA GREEN.", NAMED),
        ("We asked Mrs Ada\nGreen, who lives there.", NAMED),
        ("Green’s bin was missed.", NAMED),
        ("Ada was told in May.", ""),
        ("A green bin was missed.", ""),
        ("Greenwich and evergreens.", ""),
        ("", ""),
    ],
)
def test_9_3_a_name_is_found_whole_however_written_and_its_last_word_as_written(text: str, found: str) -> None:
    """Mrs Green may not be named and a green bin may [lgsco:9.3]."""
    assert finds_somebody(text, names=["Mrs Ada Green"]) == found


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Ada Green (mother)", "Heard from ada green (mother) in May."),
        ("A. N. Other Jr.", "We met a. n. other jr., who agreed."),
        (" Ada  Green ", "We met ada green."),
    ],
)
def test_9_3_a_name_that_ends_in_a_sign_or_was_typed_with_spaces_is_found(name: str, text: str) -> None:
    """However it stands on the record, it is not published [lgsco:9.3]."""
    assert finds_somebody(text, names=[name]) == NAMED


def test_9_3_every_name_is_looked_for_and_an_empty_one_finds_nobody() -> None:
    """The second of three is found as well as the first [lgsco:9.3]."""
    names = ("", " ", "Ada Green", "Ben Brown")
    assert finds_somebody("Told to Ben Brown.", names=names) == NAMED
    assert finds_somebody("Told to nobody.", names=names) == ""


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("As in c-2026-000123.", "a reference"),
        ("As in SR-2026-0001.", "a reference"),
        ("In 2026-27 and B-2026-0001.", ""),
        ("Write to ada@example.org.", "an e-mail address"),
        ("Two @ a time.", ""),
        ("Ring 01632 960 123.", "a telephone number"),
        ("Ring +44 1632 960123.", "a telephone number"),
        ("From 07:30 to 09:45, 14 streets.", ""),
        ("At ab1 2cd.", "a postcode"),
        ("Under A1 and B2.", ""),
        ("C-2026-000123, ada@example.org, AB1 2CD", "a reference"),
    ],
)
def test_9_3_what_leads_to_somebody_is_named_by_its_kind(text: str, found: str) -> None:
    """The first that is found is told, so that the officer knows what to take out [lgsco:9.3]."""
    assert finds_somebody(text, names=()) == found
