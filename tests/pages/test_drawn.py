"""A text is made once for each answer, and goes with it."""

from __future__ import annotations

import gc

import pytest

from app.ui import drawn


class Answer:
    """What a question was answered with."""


def test_a_text_is_made_once_for_each_answer_and_name() -> None:
    answer, other = Answer(), Answer()
    made: list[str] = []

    def text(name: str) -> str:
        made.append(name)
        return name

    said = [drawn.once(answer, name, lambda name=name: text(name)) for name in ("a", "b", "a")]  # type: ignore[misc]
    assert (said, made) == (["a", "b", "a"], ["a", "b"])
    assert drawn.once(other, "a", lambda: "another") == "another"


def test_a_text_goes_with_its_answer_and_no_other_answer_inherits_it() -> None:
    gc.collect()
    answer = Answer()
    before = len(drawn._texts)
    drawn.once(answer, "name", lambda: "Pat Sample")
    assert len(drawn._texts) == before + 1
    del answer
    gc.collect()
    assert len(drawn._texts) == before


def test_an_answer_keeps_no_more_texts_than_was_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawn, "_MOST", 2)
    answer = Answer()
    for name in "abc":
        drawn.once(answer, name, lambda name=name: name)  # type: ignore[misc]
    assert len(drawn._texts[id(answer)][1]) == 1
    assert drawn.once(answer, "a", lambda: "anew") == "anew"
