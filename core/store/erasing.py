"""Anonymising complaints, many at once, and leaving no free page of the database with their words."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from functools import cache
from time import sleep
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlmodel import Session, SQLModel

from core.errors import NotReady
from core.events.intake import MailArrived, MailDismissed, MailReopened
from core.store.engine import Database, touch
from core.store.keeping import NAMING
from core.store.personal import PARTS, WORD, Part
from core.store.search import pairs_of, words_of

_IDS: Any = sa.bindparam("ids", expanding=True)
_MAIL = (MailArrived.tag, MailDismissed.tag, MailReopened.tag)
_ASKED_FOR_DATA = (
    "subject_access.recorded", "identity.recorded", "subject_access.extended", "subject_case.added", "piece.decided",
    "subject_case.removed", "subject_access.withdrawn", "subject_clarification.asked", "subject_clarification.answered",
)  # fmt: skip
_FTS = ("search_fts", "case_fts", "request_fts")
_PATIENCE, _A_MOMENT = 20, 0.25  # tries, seconds
IMPORTS = "imports/"
"""How the name of an imported spreadsheet begins among the files to remove; the others are digests."""


def table_of(name: str) -> sa.Table:
    """A table by its name."""
    return SQLModel.metadata.tables[name]


def anonymise(session: Session, ids: Sequence[int], *, on: date, at: datetime) -> None:
    """Erase what these complaints hold of people, and note the files whose bytes have to go.

    The caller owes the events. Dates, keys, outcomes and money stay, and so does the chain of the ledger [lgsco:5.8].
    """
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA secure_delete = ON")
    given = {"ids": list(ids)}
    rows = connection.execute(_TO_ERASE(), given).all()
    _files(connection, given)
    _answers_to_people(connection, given)
    _mails(connection, given)
    _ledger(connection, given)
    _imports(connection, sorted({row.source for row in rows if row.source is not None}))
    drop_drafts(connection, [row.reference for row in rows])
    persons = [row.person_id for row in rows if row.person_id is not None]
    erase_parts(connection, PARTS, ids)
    complaint = table_of("complaint")
    over = sa.update(complaint).where(complaint.c.id.in_(_IDS))
    connection.execute(over.values(anonymised_on=on, changed_at=at, version=complaint.c.version + 1), given)
    _persons(connection, persons)
    _found_by_reference(connection, rows)
    _themes(connection, given)
    touch(session, "complaint")


@cache
def _TO_ERASE() -> Any:  # noqa: N802 - a statement, made once
    complaint = table_of("complaint")
    columns = (complaint.c.id, complaint.c.reference, complaint.c.person_id, complaint.c.source)
    return sa.select(*columns).where(complaint.c.id.in_(_IDS)).order_by(complaint.c.id)


def erase_parts(connection: Connection, parts: tuple[Part, ...], ids: Sequence[int]) -> None:
    """Erase what the tables hold of some records, part by part."""
    for statement in _statements(parts):
        connection.execute(statement, {"ids": list(ids)})


@cache
def _statements(parts: tuple[Part, ...]) -> tuple[Any, ...]:
    return tuple(_statement(part) for part in parts)


def _statement(part: Part) -> Any:
    table = table_of(part.table)
    where = _belongs(part)
    if part.rows:
        return sa.delete(table).where(where)
    values: dict[str, Any] = {name: _word(table.c[name]) for name in part.texts}
    values |= dict.fromkeys(part.emptied, "") | dict.fromkeys(part.nulled)
    return sa.update(table).where(where).values(values)


def _word(column: Any) -> Any:
    """The fixed word where something stands, and what was empty or not there as it was."""
    return sa.case((column.is_(None), None), (column == "", ""), else_=WORD)


def _belongs(part: Part) -> Any:
    column = table_of(part.table).c[part.via]
    if not part.of:
        return column.in_(_IDS)
    parent = next(each for each in PARTS if each.table == part.of) if part.of != "sampled_case" else _SAMPLED
    return column.in_(sa.select(table_of(parent.table).c.id).where(_belongs(parent)))


_SAMPLED = Part(table="sampled_case")


def _files(connection: Connection, given: dict[str, Any]) -> None:
    """Note every kept file these complaints name."""
    file, letter, outbox, bundle = (
        table_of("case_file"),
        table_of("letter"),
        table_of("outbox"),
        table_of("case_bundle"),
    )
    names: set[str] = set()
    for kept in (file, bundle):
        names.update(connection.execute(sa.select(kept.c.sha256).where(kept.c.complaint_id.in_(_IDS)), given).scalars())
    mine = letter.c.complaint_id.in_(_IDS)
    for columns, found in ((letter.c, letter), (outbox.c, letter.join(outbox, outbox.c.letter_id == letter.c.id))):
        pair = sa.select(columns.pdf_sha256, columns.word_sha256).select_from(found).where(mine)
        names.update(name for row in connection.execute(pair, given) for name in row)
    _note_files(connection, names - {""})


def _answers_to_people(connection: Connection, given: dict[str, Any]) -> None:
    """What was given to people who asked for their data: each answer holds copies from all of its complaints."""
    case = table_of("subject_case")
    about = sa.select(case.c.request_id).where(case.c.complaint_id.in_(_IDS))
    forget_answers(connection, sorted(set(connection.execute(about, given).scalars())))


def forget_answers(connection: Connection, ids: Sequence[int]) -> None:
    """Erase some requests for own data: who asked, what was decided, and the file of the answer [lgsco:5.8]."""
    if not ids:
        return
    request, ruling = table_of("subject_access_request"), table_of("subject_ruling")
    those = request.c.id.in_(ids)
    _note_files(connection, {*connection.execute(sa.select(request.c.sha256).where(those)).scalars()} - {""})
    texts = ("name", "contact", "asked", "identity_how", "extended_why", "why_withdrawn")
    words = {name: _word(request.c[name]) for name in texts}
    connection.execute(sa.update(request).where(those).values(sha256="", **words))
    taken = (table_of(name) for name in ("subject_case", "subject_service_request", "subject_clarification"))
    for table in (*taken, ruling):
        connection.execute(sa.delete(table).where(table.c.request_id.in_(ids)))
    entry, personal = table_of("ledger_entry"), table_of("ledger_personal")
    told = connection.execute(sa.select(entry.c.n, entry.c.data).where(entry.c.tag.in_(_ASKED_FOR_DATA))).all()
    gone = [row.n for row in told if json.loads(row.data)["request_id"] in ids]
    connection.execute(sa.delete(personal).where(personal.c.n.in_(gone)))


def _note_files(connection: Connection, names: Iterable[str]) -> None:
    table = table_of("erasure_file")
    known = set(connection.execute(sa.select(table.c.name)).scalars())
    if fresh := sorted(set(names) - known):
        connection.execute(sa.insert(table), [{"name": name} for name in fresh])


def _mails(connection: Connection, given: dict[str, Any]) -> None:
    """E-mails out of the mailbox that became evidence here: their rows, and what the ledger says of their senders."""
    file, mail = table_of("case_file"), table_of("arrived_mail")
    digests = sa.select(file.c.sha256).where(file.c.complaint_id.in_(_IDS))
    found = set(connection.execute(sa.select(mail.c.sha256).where(mail.c.sha256.in_(digests)), given).scalars())
    if not found:
        return
    connection.execute(sa.delete(mail).where(mail.c.sha256.in_(sorted(found))))
    forget_senders(connection, found)


def forget_senders(connection: Connection, digests: Collection[str]) -> int:
    """What the ledger says of the senders of some e-mails; how many entries lost their words [lgsco:5.8].

    That one was put aside says no digest: it goes with the last e-mail of the same sender and subject.
    """
    entry, personal = table_of("ledger_entry"), table_of("ledger_personal")
    said = sa.select(entry.c.n, entry.c.tag, entry.c.data, personal.c.payload).select_from(
        entry.join(personal, personal.c.n == entry.c.n)
    )
    rows = connection.execute(said.where(entry.c.tag.in_(_MAIL))).all()
    came = [row for row in rows if row.tag == MailArrived.tag]
    going = [row for row in came if json.loads(row.data)["sha256"] in digests]
    gone = {row.n for row in going}
    senders = {_who(row.payload) for row in going} - {_who(row.payload) for row in came if row.n not in gone}
    gone |= {row.n for row in rows if row.tag != MailArrived.tag and _who(row.payload) in senders}
    connection.execute(sa.delete(personal).where(personal.c.n.in_(sorted(gone))))
    return len(gone)


def _who(payload: str) -> tuple[str, str]:
    told = json.loads(payload)
    return str(told.get("sender", "")), str(told.get("subject", ""))


def _ledger(connection: Connection, given: dict[str, Any]) -> None:
    """The personal part of every entry about these complaints, and of what an Ombudsman's matter said before it."""
    entry, personal, matter = table_of("ledger_entry"), table_of("ledger_personal"), table_of("ombudsman_case")
    about = sa.select(entry.c.n).where(entry.c.complaint_id.in_(_IDS))
    connection.execute(sa.delete(personal).where(personal.c.n.in_(about)), given)
    theirs = sa.select(matter.c.their_reference).where(matter.c.complaint_id.in_(_IDS))
    for reference in connection.execute(theirs, given).scalars():
        named = entry.c.data.contains(f'"their_reference":"{reference}"', autoescape=True)
        before = sa.select(entry.c.n).where(entry.c.complaint_id.is_(None), named)
        connection.execute(sa.delete(personal).where(personal.c.n.in_(before)))


def _imports(connection: Connection, sources: Sequence[str]) -> None:
    """The spreadsheets they came from go whole: everything in them is a record here, or was said to be unusable."""
    if not sources:
        return
    run, problem = table_of("import_run"), table_of("import_problem")
    those = run.c.source.in_(sources)
    files = connection.execute(sa.select(run.c.sha256).where(those)).scalars()
    _note_files(connection, [f"{IMPORTS}{digest}" for digest in files])
    of_them = problem.c.run_id.in_(sa.select(run.c.id).where(those))
    connection.execute(sa.update(problem).where(of_them).values(value=WORD, what_to_do=WORD))


def drop_drafts(connection: Connection, references: Sequence[str]) -> None:
    """What was typed about them and never sent."""
    draft = table_of("draft")
    wanted = set(references)
    gone = []
    for owner, form in connection.execute(sa.select(draft.c.owner_id, draft.c.form)):
        if wanted & set(re.split("[:+]", form)):  # step:reference, or step:reference+what it is about
            gone.append((owner, form))
    for owner, form in gone:
        connection.execute(sa.delete(draft).where(draft.c.owner_id == owner, draft.c.form == form))


def _persons(connection: Connection, ids: Sequence[int]) -> None:
    """People whom no other record is about."""
    if not ids:
        return
    person, complaint, request = table_of("person"), table_of("complaint"), table_of("service_request")
    elsewhere = sa.or_(
        sa.exists().where(complaint.c.person_id == person.c.id), sa.exists().where(request.c.person_id == person.c.id)
    )
    connection.execute(sa.delete(person).where(person.c.id.in_(list(ids)), ~elsewhere))


def _found_by_reference(connection: Connection, rows: Sequence[Any]) -> None:
    """They are found by their reference and by nothing else."""
    found = [(row.id, words_of(row.reference, row.reference.replace("-", ""))) for row in rows]
    values = [{"of": complaint_id, "its": words, "two": pairs_of(words)} for complaint_id, words in found]
    for doc in (table_of("search_doc"), table_of("case_doc")):
        one = sa.update(doc).where(doc.c.complaint_id == sa.bindparam("of"))
        connection.execute(one.values(words=sa.bindparam("its"), pairs=sa.bindparam("two")), values)


def _themes(connection: Connection, given: dict[str, Any]) -> None:
    """Themes of which no complaint is left: what was written about them, and the words they were found by."""
    theme, case, complaint = table_of("theme"), table_of("theme_case"), table_of("complaint")
    touched = sa.select(case.c.theme_id).where(case.c.complaint_id.in_(_IDS))
    left = sa.exists().where(
        case.c.theme_id == theme.c.id, complaint.c.id == case.c.complaint_id, complaint.c.anonymised_on.is_(None)
    )
    over = sa.update(theme).where(theme.c.id.in_(touched), ~left)
    connection.execute(over.values(why=_word(theme.c.why), outcome=_word(theme.c.outcome)), given)
    connection.execute(over.where(theme.c.kind == "words").values(key=WORD, title=WORD), given)


def still_named(connection: Connection, names: Sequence[str]) -> set[str]:
    """Those of some kept files that another record names."""
    found: set[str] = set()
    for column in NAMING:
        found |= set(connection.execute(sa.select(column).where(column.in_(list(names)))).scalars())
    mail = table_of("arrived_mail")
    return found | set(connection.execute(sa.select(mail.c.sha256).where(mail.c.sha256.in_(list(names)))).scalars())


def files_to_remove(connection: Connection) -> list[str]:
    """The files whose bytes are still to be removed."""
    table = table_of("erasure_file")
    return list(connection.execute(sa.select(table.c.name).order_by(table.c.name)).scalars())


def forget_files(session: Session) -> int:
    """Forget which files were to be removed, once they are; how many there were."""
    touch(session, "erasure_file")
    return session.connection().execute(sa.delete(table_of("erasure_file"))).rowcount


def tidy(database: Database) -> None:
    """Leave no free page, log or statistic with words that were erased.

    Raises NotReady while somebody still reads what was there before: the next turn tries again.
    """
    if database.is_sqlite:
        _tidy_sqlite(database)
    else:
        _tidy_postgres(database)


def _tidy_sqlite(database: Database) -> None:
    with database.gate():
        connection = database.engine.raw_connection()
        try:
            cursor = connection.cursor()
            for table in _FTS:
                cursor.execute(f"INSERT INTO {table}({table}) VALUES ('optimize')")  # noqa: S608 - our own names
            cursor.execute("VACUUM")
            for _try in range(_PATIENCE):
                busy, _pages, _moved = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
                if not busy:
                    return
                sleep(_A_MOMENT)
        finally:
            connection.close()
    raise NotReady(
        "Somebody is still reading the records. What was erased is gone from them; the log is emptied later."
    )


def _tidy_postgres(database: Database) -> None:
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM (ANALYZE)")
