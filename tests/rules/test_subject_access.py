"""Whose data a piece is likely to be, and what is likely done with it: suggestions, for a person to decide."""

from __future__ import annotations

import pytest

from core.rules.subject_access import PieceFacts, Ruling, Whose, likely_ruling, likely_whose

NOTHING = {
    "by_requester": False, "by_officer": False, "names_requester": False, "names_others": False,
    "names_officers": False, "on_own_record": False,
}  # fmt: skip


def whose(*known: str) -> Whose:
    return likely_whose(PieceFacts(**(NOTHING | dict.fromkeys(known, True))))


@pytest.mark.parametrize(
    ("known", "likely"),
    [
        ((), Whose.NOBODY),
        (("by_requester",), Whose.REQUESTER),
        (("by_requester", "names_officers"), Whose.REQUESTER),
        (("by_officer", "names_requester"), Whose.REQUESTER),
        (("by_officer", "names_requester", "names_officers"), Whose.MIXED),
        (("names_requester", "names_others"), Whose.MIXED),
        (("by_requester", "names_others"), Whose.MIXED),
        (("by_officer", "names_others"), Whose.OTHER),
        (("by_officer",), Whose.OFFICER),
        (("names_officers",), Whose.OFFICER),
        (("by_officer", "on_own_record"), Whose.REQUESTER),
        (("by_officer", "on_own_record", "names_officers"), Whose.OFFICER),
        (("by_officer", "on_own_record", "names_others"), Whose.MIXED),
    ],
)
def test_whose_data_a_piece_is_follows_from_writer_and_names(known: tuple[str, ...], likely: Whose) -> None:
    assert whose(*known) is likely


def test_what_others_are_in_is_looked_at_and_what_is_nobodys_stays() -> None:
    assert {each: likely_ruling(each) for each in Whose} == {
        Whose.REQUESTER: Ruling.DISCLOSE, Whose.MIXED: Ruling.REDACT, Whose.OFFICER: Ruling.DISCLOSE,
        Whose.OTHER: Ruling.WITHHOLD, Whose.NOBODY: Ruling.WITHHOLD,
    }  # fmt: skip
