"""Replicas that are set up at the same moment: one does it, the others find it done."""

from __future__ import annotations

import threading

import pytest

from core.desk import Desk
from core.installing import install
from core.permissions import SYSTEM, Role
from core.queries.lists import lists
from tests.conftest import Databases


@pytest.mark.postgres
def test_replicas_that_start_at_once_set_the_council_up_once(databases: Databases) -> None:
    url = databases.url("postgresql", seeded=False)
    replicas = [databases.open(url) for _ in range(3)]
    together = threading.Barrier(len(replicas))
    said: list[tuple[str, ...]] = []

    def start(number: int) -> None:
        together.wait()
        told = {"services": ("Waste",), "colleagues": (("Hana Handler", Role.HANDLER),)}
        said.append(install(replicas[number], council="Sample Borough Council", **told))  # type: ignore[arg-type]

    threads = [threading.Thread(target=start, args=(number,)) for number in range(len(replicas))]
    for each in threads:
        each.start()
    for each in threads:
        each.join(60)
    assert sorted(map(bool, said)) == [False, False, True]
    assert [each.name for each in Desk(replicas[0], SYSTEM).ask(lists).colleagues] == ["Hana Handler"]
