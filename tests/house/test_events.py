"""An event says how it reads and how its personal data is erased, or it cannot exist."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date, datetime
from enum import Enum
from importlib import import_module
from typing import Any, get_args, get_origin

import pytest

from core.events import base
from core.events.base import ERASED, Event, PersonalText, known_tags, restore
from tests.house.source import Source, python_files


def is_list(source: Source) -> bool:
    """Whether a file is one of the lists of events."""
    return re.fullmatch(r"core/events/(?!base|__init__)\w+\.py", source.path) is not None


TAG = re.compile(r"[a-z]+(_[a-z]+)*\.([a-z]+)(_[a-z]+)?")
IRREGULAR = {
    "set_up",
    "withdrawn",
    "told",
    "sent",
    "given",
    "made",
    "begun",
    "left",
    "kept",
    "split",
    "put",
    "shown",
    "drawn",
    "chosen",
    "rebuilt",
    "found",
    "frozen",
    "met",
}
_PARTS_OF_A_NAME = re.compile(r"[A-Z][a-z0-9]*")
# Fields that hold what a person wrote or who a person is, wherever they stand.
ALWAYS_PERSONAL = {
    "individual", "matter", "text", "reason", "reasons", "why", "how", "finding", "understanding", "outcomes_sought",
    "request_words", "circumstances", "old", "new", "old_reference", "email", "phone", "address", "postcode", "note",
    "words", "complainant",
}  # fmt: skip


# What has such a name and is one of a few words of ours.
FIXED_WORDS = {
    ("SignedIn", "how"): "password, single sign-on or the organisation's own web server",
    ("SignedOut", "why"): "one of the ways a session ends",
    ("SignInRefused", "why"): "one of the ways a sign-in fails",
}
LISTS = [source.path.removesuffix(".py").replace("/", ".") for source in python_files("core") if is_list(source)]
for _module in LISTS:
    import_module(_module)


def past(word: str) -> bool:
    """Whether a word says that something has happened."""
    return word.endswith("ed") or word in IRREGULAR


def wrong_with(kind: type[Event]) -> Iterator[str]:
    """What an event's declaration gets wrong."""
    name = kind.__name__
    if not TAG.fullmatch(kind.tag) or not past(kind.tag.partition(".")[2]):
        yield f"{name}: the tag “{kind.tag}” is not noun.past"
    words = [word.lower() for word in _PARTS_OF_A_NAME.findall(name)]
    pairs = ["_".join(pair) for pair in zip(words, words[1:], strict=False)]
    if not any(map(past, [*words, *pairs])):
        yield f"{name}: its name does not say that something has happened"
    if not (kind.__dict__.get("__doc__") or "").strip():
        yield f"{name}: does not say what happened"
    if kind.sentence is Event.sentence:
        yield f"{name}: has no sentence"
    for field in kind.model_fields:
        if field in ALWAYS_PERSONAL and field not in kind.private and (name, field) not in FIXED_WORDS:
            yield f"{name}.{field}: what a person wrote or is; declare it PersonalText"
    for field in kind.private:
        if kind.model_fields[field].annotation is not str:
            yield f"{name}.{field}: is personal and no text, so “{ERASED}” could not stand in its place"


def value_for(annotation: Any, name: str) -> Any:
    """A value of a type, to build a sample event with."""
    known: dict[Any, Any] = {int: 2, bool: True, float: 1.0, date: date(2026, 4, 2), datetime: datetime(2026, 4, 2, 9)}  # noqa: DTZ001
    if annotation in known:
        return known[annotation]
    if annotation is str:
        return f"Some {name}"
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return next(iter(annotation))
    if get_origin(annotation) in (tuple, list, frozenset):
        return (value_for(get_args(annotation)[0], name),)
    if get_origin(annotation) is dict:
        return {"a": value_for(get_args(annotation)[1], name)}
    choices = [each for each in get_args(annotation) if each is not type(None)]
    if choices:
        return choices[0] if isinstance(choices[0], str) else value_for(choices[0], name)
    raise TypeError(f"no sample for {annotation}; add one to value_for")


def example(kind: type[Event]) -> Event:
    """An event of this kind with a value in every field."""
    values = {name: value_for(info.annotation, name) for name, info in kind.model_fields.items()}
    return kind(**values)


KINDS = pytest.mark.parametrize("kind", known_tags().values(), ids=list(known_tags()))


@KINDS
def test_an_event_is_declared_in_full(kind: type[Event]) -> None:
    assert list(wrong_with(kind)) == []


@KINDS
def test_an_event_reads_as_a_sentence(kind: type[Event]) -> None:
    said = example(kind).sentence()
    assert said == said.strip()
    assert len(said) > len("Noted.")
    assert said[0].isupper() or said[0].isdigit()
    assert "None" not in said
    assert "{" not in said


@KINDS
def test_an_event_without_its_personal_data_still_reads_as_a_sentence(kind: type[Event]) -> None:
    """Retention erases the personal part; what stays says so, and names nobody any more."""
    made = example(kind)
    data, personal = made.split()
    assert bool(personal) is bool(kind.private)
    kept = restore(kind.tag, data, personal or None)
    assert kept.sentence() == made.sentence()
    erased = restore(kind.tag, data, None)
    assert erased.sentence()
    for name in kind.private:
        assert getattr(erased, name) == ERASED
        assert f"Some {name}" not in erased.sentence()
        assert f"Some {name}" not in data
    assert set(json.loads(data)) == set(kind.model_fields) - kind.private - {"complaint_id"}


def test_every_event_is_declared_in_a_list_of_events_and_no_tag_stands_twice() -> None:
    """The list of events is read from the source, so that an event nobody registered is noticed as well."""
    tags = [
        found
        for source in python_files("core")
        for found in re.findall(r"^    tag(?:: ClassVar\[str\])? = \"([^\"]+)\"$", source.text, flags=re.MULTILINE)
    ]
    assert len(tags) > 20
    assert sorted(tags) == sorted(known_tags())
    for kind in known_tags().values():
        assert kind.__module__ in LISTS, f"{kind.__name__} stands in {kind.__module__}"


def test_events_are_used() -> None:
    """An event that nothing returns would be a promise about the history that no step keeps."""
    text = "\n".join(source.text for source in python_files("core") if not is_list(source))
    unused = [kind.__name__ for kind in known_tags().values() if not re.search(rf"\b{kind.__name__}\b", text)]
    assert unused == []


def test_a_bad_event_is_noticed() -> None:
    class Fields(Event):
        """Fields for the bad sample; its tag is taken away again, or it would stay for every later test."""

        tag = "sample.made"
        number: int
        text: str
        fine: PersonalText

    base._TAGS.pop("sample.made")
    declared = {"tag": "complaint.record", "sentence": Event.sentence, "private": frozenset({"number"})}
    bad: Any = type("Something", (), {**declared, "model_fields": Fields.model_fields})
    assert list(wrong_with(bad)) == [
        "Something: the tag “complaint.record” is not noun.past",
        "Something: its name does not say that something has happened",
        "Something: does not say what happened",
        "Something: has no sentence",
        "Something.text: what a person wrote or is; declare it PersonalText",
        f"Something.number: is personal and no text, so “{ERASED}” could not stand in its place",
    ]
    assert Fields.private == {"fine"}


@pytest.mark.parametrize(
    "tag", ["complaint", "complaint.holidays", "Complaint.recorded", "complaint.recorded.again", "a."]
)
def test_a_tag_that_is_not_noun_and_past_is_noticed(tag: str) -> None:
    assert not TAG.fullmatch(tag) or not past(tag.partition(".")[2])


@pytest.mark.parametrize("tag", ["complaint.recorded", "stage_two.opened", "council.set_up", "complaint.withdrawn"])
def test_a_tag_of_noun_and_past_passes(tag: str) -> None:
    assert TAG.fullmatch(tag)
    assert past(tag.partition(".")[2])
