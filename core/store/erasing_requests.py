"""Anonymising service requests: the same words go as from a complaint, and the same dates and outcomes stay."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlmodel import Session

from core.events.requests import ABOUT_ONE_REQUEST
from core.events.retention import KEEPING_TAGS
from core.store.engine import touch
from core.store.erasing import drop_drafts, erase_parts, forget_answers, table_of
from core.store.personal import REQUEST_PARTS
from core.store.search import pairs_of, words_of


def anonymise_requests(session: Session, ids: Sequence[int], *, on: date) -> None:
    """Erase what these service requests hold of people; the caller owes the events [lgsco:5.8]."""
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA secure_delete = ON")
    request = table_of("service_request")
    mine = sa.select(request.c.id, request.c.reference, request.c.person_id).where(request.c.id.in_(list(ids)))
    rows = connection.execute(mine).all()
    references = [row.reference for row in rows]
    asked = table_of("subject_service_request")
    about = sa.select(asked.c.request_id).where(asked.c.service_request_id.in_(list(ids)))
    forget_answers(connection, sorted(set(connection.execute(about).scalars())))
    _ledger(connection, ids, set(references))
    drop_drafts(connection, references)
    erase_parts(connection, REQUEST_PARTS, ids)
    over = sa.update(request).where(request.c.id.in_(list(ids)))
    connection.execute(over.values(anonymised_on=on, version=request.c.version + 1))
    _people(connection, [row.person_id for row in rows])
    doc = table_of("request_doc")
    for row in rows:
        words = words_of(row.reference, row.reference.replace("-", ""))
        one = sa.update(doc).where(doc.c.request_id == row.id)
        connection.execute(one.values(words=words, pairs=pairs_of(words)))
    touch(session, "service_request")


def _ledger(connection: Connection, ids: Sequence[int], references: set[str]) -> None:
    """The personal part of every entry about these requests; a step that also touched other records keeps theirs."""
    entry, personal, step = table_of("ledger_entry"), table_of("ledger_personal"), table_of("request_step")
    commands = sa.select(step.c.command_id).where(step.c.request_id.in_(list(ids)))
    told = connection.execute(
        sa.select(entry.c.n, entry.c.data).where(
            entry.c.command_id.in_(commands), entry.c.tag.in_(ABOUT_ONE_REQUEST | KEEPING_TAGS)
        )
    )
    gone = [row.n for row in told if json.loads(row.data).get("request") in references]
    connection.execute(sa.delete(personal).where(personal.c.n.in_(gone)))


def _people(connection: Connection, ids: Sequence[int]) -> None:
    """Who asked: a request keeps a person of its own, whose row stays and says nothing."""
    person, complaint = table_of("person"), table_of("complaint")
    elsewhere = sa.exists().where(complaint.c.person_id == person.c.id)
    empty = dict.fromkeys(("name", "email", "phone", "address", "postcode"), "")
    connection.execute(sa.update(person).where(person.c.id.in_(list(ids)), ~elsewhere).values(**empty))
