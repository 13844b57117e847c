"""Pages take turns: a few at once, the first first, and nobody waits for a page that takes long."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic, sleep
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from app.web import turns
from app.web.turns import Turns
from core.store.glances import Glances, Row

PATIENCE = 10.0


class People:
    """Who came, who is served, and how many at once at most."""

    def __init__(self, taking: Turns) -> None:
        self.taking = taking
        self.began: list[int] = []
        self.together = self.most = 0
        self.go_on = threading.Event()
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []

    def comes(self, number: int) -> None:
        """Somebody asks for a page, and stands in the line when this returns."""
        before = len(self.taking._waiting) + len(self.began)
        self._threads.append(threading.Thread(target=self._has_a_turn, args=(number,)))
        self._threads[-1].start()
        until = monotonic() + PATIENCE
        while len(self.taking._waiting) + len(self.began) == before and monotonic() < until:
            sleep(0.001)

    def all_go(self) -> None:
        """Everybody finishes."""
        self.go_on.set()
        for thread in self._threads:
            thread.join(PATIENCE)

    def _has_a_turn(self, number: int) -> None:
        with self.taking.one():
            with self._lock:
                self.began.append(number)
                self.together += 1
                self.most = max(self.most, self.together)
            self.go_on.wait(PATIENCE)
            with self._lock:
                self.together -= 1


def test_so_many_run_at_once_and_the_others_in_the_order_in_which_they_came() -> None:
    people = People(Turns(at_once=2, counts_for=PATIENCE))
    for number in range(6):
        people.comes(number)
    assert people.began == [0, 1]
    people.all_go()
    assert people.most == 2
    assert sorted(people.began) == [0, 1, 2, 3, 4, 5]
    one_by_one = People(Turns(at_once=1, counts_for=PATIENCE))
    for number in range(5):
        one_by_one.comes(number)
    one_by_one.all_go()
    assert one_by_one.began == [0, 1, 2, 3, 4]


def test_a_page_that_takes_long_keeps_nobody_waiting() -> None:
    people = People(Turns(at_once=1, counts_for=0.05))
    people.comes(0)
    sleep(0.06)
    began = monotonic()
    for number in (1, 2):
        people.comes(number)
    while len(people.began) < 3 and monotonic() - began < PATIENCE:
        sleep(0.005)
    assert people.began == [0, 1, 2]
    people.all_go()


def test_a_page_that_fails_hands_its_turn_on() -> None:
    taking = Turns(at_once=1, counts_for=PATIENCE)
    with pytest.raises(ZeroDivisionError), taking.one():
        raise ZeroDivisionError
    began = monotonic()
    with taking.one():
        assert monotonic() - began < PATIENCE / 2


def test_a_run_looks_at_the_ledger_once_and_the_next_run_anew() -> None:
    """What a page asks several times in one moment costs one glance."""
    glances, looked = Glances(), iter(range(9))
    seen: list[Row | None] = []

    def page() -> None:
        seen.extend(glances.first("SELECT the end", lambda: (next(looked),)) for _ in range(3))

    runner: Any = type("Runner", (), {"_run_script": lambda self, asked: page()})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(turns, "ScriptRunner", runner)
        patch.setattr(turns, "_one_run", lambda runner, asked: page())
        turns.begin(around=glances.in_one_run)
        for _ in range(2):
            runner()._run_script("a rerun")
    assert seen == [(0,), (0,), (0,), (1,), (1,), (1,)]
    page()
    assert seen[-3:] == [(2,), (3,), (4,)], "outside a run nothing is held on to"


def test_every_run_of_a_page_and_of_a_part_of_it_has_a_turn() -> None:
    """Streamlit's own name for a run is private: this holds on to it."""

    class Counted(Turns):
        had = 0

        @contextmanager
        def one(self) -> Iterator[None]:
            self.had += 1
            with super().one():
                yield

    def page() -> None:
        import streamlit as st

        st.button("Again")

    counted = Counted()
    turns.begin(counted)
    try:
        AppTest.from_function(page).run().button[0].click().run()
    finally:
        turns.end()
    assert counted.had == 2
    AppTest.from_function(page).run()
    assert counted.had == 2
