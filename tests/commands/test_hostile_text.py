"""Whatever people type is kept as they typed it, or refused in a sentence; the same on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core.commands.base import COMMANDS, Command
from core.commands.recording import AddNote, RecordComplaint
from core.commands.stage_one import RespondStageOne
from core.desk import Desk
from core.errors import BadInput, ComplaintsError
from core.events.base import restore
from core.model.complaints import Channel
from tests.builders import RECEIVED, Story, dump
from tests.conftest import START, desks_of, office_at
from tests.naughty import naughty_strings

LIMITS = {
    "individual": 200,
    "contact_email": 254,
    "contact_phone": 60,
    "address": 500,
    "postcode": 12,
    "received_by": 120,
    "category": 120,
    "words": 20_000,
    "matter": 200,
    "outcomes_sought": 20_000,
}


def typed(text: str) -> dict[str, Any]:
    """A complaint whose every text field says this, as far as it fits."""
    fields: dict[str, Any] = {name: text[:limit] for name, limit in LIMITS.items()}
    return fields | {"received_on": RECEIVED, "channel": Channel.OTHER, "no_contact_details": True}


def capitals(text: str) -> str:
    return "".join(letter.upper() if letter.isascii() else letter for letter in text)


def test_every_naughty_string_is_kept_as_it_was_typed(story: Story) -> None:
    """In every text field of a complaint, and in its history; only surrounding white space goes."""
    kept = 0
    for text in naughty_strings():
        fields = typed(text)
        try:
            command = story.desks.recorder.form(RecordComplaint, fields)
        except BadInput as refusal:
            assert not text.strip(), refusal
            assert set(refusal.fields) == {"words"}
            continue
        reference = story.desks.recorder.do(command).reference
        assert reference is not None
        case = story.case(reference)
        (person,) = story.rows("person", id=case["person_id"])
        held = {
            "individual": person["name"], "contact_email": person["email"], "contact_phone": person["phone"],
            "address": person["address"],
        }  # fmt: skip
        held |= {name: case[name] for name in ("words", "matter", "outcomes_sought", "category", "received_by")}
        assert {name: value.strip() for name, value in held.items()} == {name: fields[name].strip() for name in held}
        assert person["postcode"].strip() == capitals(fields["postcode"]).strip()
        kept += 1
    assert kept > 500
    assert story.verified() == len(story.tags())


def test_every_naughty_string_comes_back_from_the_history(story: Story) -> None:
    """A note is only in the ledger's personal side and the note itself; both say it unchanged."""
    reference = story.record()
    said = [text for text in naughty_strings() if text.strip()]
    for text in said:
        story.desks.handler.do(story.desks.handler.form(AddNote, {"reference": reference, "text": text}))
    notes = sorted(story.rows("note"), key=lambda row: row["id"])
    assert [note["text"].strip() for note in notes] == [text.strip() for text in said]
    payloads = {row["n"]: row["payload"] for row in story.rows("ledger_personal")}
    entries = sorted(story.rows("ledger_entry", tag="note.added"), key=lambda row: row["n"])
    again = [restore(row["tag"], row["data"], payloads[row["n"]]).sentence() for row in entries]
    assert again == [f"Note: {note['text']}" for note in notes]
    assert story.verified() == len(story.tags())


@pytest.mark.parametrize("field", LIMITS)
def test_nul_is_refused_by_name_of_the_field(story: Story, field: str) -> None:
    """PostgreSQL cannot keep it, so neither database is given it."""
    before = dump(story.office)
    fields = typed("Bins") | {field: "a\x00b"}
    with pytest.raises(BadInput, match="NUL") as caught:
        story.desks.recorder.form(RecordComplaint, fields)
    assert set(caught.value.fields) == {field}
    assert dump(story.office) == before


def test_nul_is_refused_inside_a_points_answer_too(story: Story) -> None:
    given = {
        "reference": "C-2026-000001",
        "sent_on": RECEIVED,
        "answers": ({"number": 1, "outcome": "upheld", "reasons": "a\x00b"},),
    }
    with pytest.raises(BadInput, match="“Each point” holds a character that cannot be kept"):
        story.desks.handler.form(RespondStageOne, given)


def test_half_a_character_is_refused(story: Story) -> None:
    """A lone surrogate is no text and cannot be encoded."""
    with pytest.raises(BadInput):
        story.desks.handler.form(AddNote, {"reference": "C-2026-000001", "text": "half \ud83d"})


@pytest.mark.parametrize("kind", COMMANDS.values(), ids=lambda kind: kind.__name__)
def test_a_form_filled_with_nonsense_is_refused_in_sentences(desks_once: Desk, kind: type[Command]) -> None:
    """Never a stack trace: each field that cannot be used is named in words."""
    for nonsense in (None, "", "0", 0, -1, 1.5, True, [], {}, "x" * 30_000, "2026-02-30", object()):
        with pytest.raises(ComplaintsError) as caught:
            desks_once.form(kind, {**dict.fromkeys(kind.model_fields, nonsense), "made_up": nonsense})
        assert isinstance(caught.value, BadInput)
        assert caught.value.fields
        for sentence in caught.value.fields.values():
            assert sentence.startswith("“")
            assert sentence.endswith((".", "given.")), sentence


@pytest.fixture(scope="module")
def desks_once(seeded_sqlite: Path) -> Iterator[Desk]:
    """Forms change nothing, so one is enough."""
    office = office_at(f"sqlite:///{seeded_sqlite}", seeded_sqlite.parent, lambda: START)
    yield desks_of(office).manager
    office.close()


@pytest.mark.parametrize("wrong", ["0", "1700006400", 0, 1_700_006_400])
def test_a_number_is_no_date(desks_once: Desk, wrong: object) -> None:
    """A lenient reading would make it 1970 or 2023."""
    fields = typed("Bins") | {"received_on": wrong}
    with pytest.raises(BadInput) as caught:
        desks_once.form(RecordComplaint, fields)
    assert "received_on" in caught.value.fields
