"""Many rows at once are written as one by one: each value as its column writes it, and a clash said as any other."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from core.desk import Office
from core.model.people import Person
from core.model.working import Draft
from core.permissions import Role
from core.store.bulk import insert_rows
from tests.people import joined

_D, _P = Draft.__table__, Person.__table__  # type: ignore[attr-defined]
HARD = ["plain", "tab\tand\nlines\r\n", "back\\slash \\N \\.", "‘quotes’ ' \"", "é 🦊 ‮", ""]


def drafts_of(office: Office, forms: str) -> list[dict[str, Any]]:
    owner, now = joined(office, f"Dee {forms}", Role.HANDLER).actor.id, office.now()
    return [
        {"owner_id": owner, "form": f"{forms} {at}", "data": text, "saved_at": now + timedelta(microseconds=at)}
        for at, text in enumerate(HARD)
    ]


def test_every_value_is_what_it_would_be_one_by_one(office: Office) -> None:
    many, single = drafts_of(office, "many"), drafts_of(office, "single")
    with office.database.writing() as session:
        insert_rows(session, Draft, many)
        for row in single:
            session.add(Draft(**row))
    with office.database.reading() as connection:
        found = [dict(row) for row in connection.execute(sa.select(_D).order_by(_D.c.form)).mappings()]
    assert found == [*many, *single]


def test_a_column_that_is_not_given_has_its_own_value(office: Office) -> None:
    with office.database.writing() as session:
        insert_rows(session, Person, [{"name": "Sam Sample"}, {"name": "Alex Sample"}])
        session.info["recorded"] = True
    with office.database.reading() as connection:
        rows = connection.execute(sa.select(_P.c.name, _P.c.email).order_by(_P.c.id)).all()
    assert [tuple(row) for row in rows] == [("Sam Sample", ""), ("Alex Sample", "")]


def test_a_row_that_is_there_already_is_a_clash_and_nothing_of_the_others_stays(office: Office) -> None:
    rows = drafts_of(office, "twice")
    with pytest.raises(IntegrityError), office.database.writing() as session:
        insert_rows(session, Draft, [*rows, rows[0]])
    with office.database.reading() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(_D)).scalar() == 0


def test_no_rows_are_no_statement(office: Office) -> None:
    with office.database.writing() as session:
        insert_rows(session, Draft, [])
        assert "touched" not in session.info
