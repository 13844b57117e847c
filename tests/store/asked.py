"""What is found on an office's database, and old complaints that say a given text."""

from __future__ import annotations

import sqlalchemy as sa

from core.desk import Office
from core.model.complaints import Channel, Complaint
from core.store.history import PastComplaint, PastPoint, PastStage
from core.store.search import COMPLAINTS, Index, matches, newest_found, parse
from tests.builders import RECEIVED


def everything(_column: object) -> list[sa.ColumnElement[bool]]:
    """No condition: the console itself sees every row."""
    return []


def references(office: Office, query: str, index: Index = COMPLAINTS) -> set[str]:
    """The references found in an index, both ways of asking agreeing."""
    terms = parse(query)
    with office.database.reading() as connection:
        ids = newest_found(connection, terms, seen=everything, limit=2000, index=index)
        table = Complaint.__table__  # type: ignore[attr-defined]
        found = matches(terms, dialect=connection.dialect.name, index=index)
        listed = connection.execute(sa.select(table.c.id).where(found))
        assert sorted(ids) == sorted(listed.scalars())
        assert ids == sorted(ids, reverse=True)
        names = connection.execute(sa.select(table.c.id, table.c.reference)).all()
    return {reference for row_id, reference in names if row_id in set(ids)}


def old(number: int, text: str) -> PastComplaint:
    """An old complaint that says this."""
    return PastComplaint(
        old_reference=f"OLD-{number}",
        digest=f"{number:064d}",
        row=number + 2,
        one=PastStage(received_on=RECEIVED),
        points=(PastPoint(text="x", outcome=None),),
        matter="",
        words=text,
        channel=Channel.OTHER.value,
    )
