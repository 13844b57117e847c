"""Letters, contacts, notes and files are found with the complaint they are about, and searches kept; more kinds of links."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

import sqlalchemy as sa
import sqlmodel
from alembic import op

from core.store.search import case_words, pairs_of

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

_AT_ONCE = 500
_BREAK = "\x1f"
_OWN = "SELECT complaint_id, words FROM search_doc WHERE complaint_id > :after AND complaint_id <= :upto ORDER BY 1"


def _of(table: str, *columns: str, link: str = "complaint_id", through: str = "") -> str:
    """The case, the row and the text of every row of a table that belongs to one of some cases."""
    said = " || :between || ".join(f"t.{column}" for column in columns)
    number = "letter_id" if table == "letter_part" else "id"
    joined = f"JOIN {through} p ON p.id = t.{through}_id" if through else ""
    case = "p.complaint_id" if through else f"t.{link}"
    return (  # our own names
        f"SELECT {case} AS complaint_id, t.{number} AS number, {said} AS said FROM {table} t {joined} "  # noqa: S608
        f"WHERE {case} > :after AND {case} <= :upto"
    )


_SAID = (
    _of("complaint", "outcomes_sought", "ending_note", link="id"),
    _of("party", "name", "contact"),
    _of("point", "text"),
    _of("stage", "request_words", "understanding", "outcomes_sought"),
    _of("extension", "reason", through="stage"),
    _of("contact", "name", "what"),
    _of("note", "text"),
    _of("letter", "addressee"),
    _of("letter_part", "text", through="letter"),
    _of("case_file", "name", "about"),
    _of("answer", "reasons", through="point"),
    _of("response", "understanding", "decision", "reasons", "remedy", "outstanding_actions", through="stage"),
    _of("refusal", "reasons", "circumstances", "other_route", "evidence"),
    _of("stated_position", "said"),
    _of("clarification", "question", "answer"),
    _of("meeting", "place", "attended", "accompanied", "notes"),
    _of("information_request", "name", "organisation", "what", "documents", "answer"),
)


_KINDS = ("same matter", "same person", "related", "not the same")
_MORE_KINDS = ("repeat", "part of a group")


def upgrade() -> None:
    _kinds_of_links(*_KINDS[:3], *_MORE_KINDS, _KINDS[3])
    table = op.create_table(
        "case_doc",
        sa.Column("complaint_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("pairs", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name=op.f("fk_case_doc_complaint_id_complaint")),
        sa.PrimaryKeyConstraint("complaint_id", name=op.f("pk_case_doc")),
        sqlite_strict=True,
    )
    op.create_table(
        "saved_search",
        sa.Column("owner_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("looks_for", sa.Text(), nullable=False),
        sa.Column("saved_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["colleague.id"], name=op.f("fk_saved_search_owner_id_colleague")),
        sa.PrimaryKeyConstraint("owner_id", "name", name=op.f("pk_saved_search")),
        sqlite_strict=True,
    )
    sqlite = op.get_bind().dialect.name == "sqlite"
    for rows in _whole_cases():
        op.get_bind().execute(sa.insert(table), rows)
    if sqlite:
        _sqlite_search()
    else:
        _postgresql_search()


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for trigger in ("added", "removed", "changed"):
            op.execute(f"DROP TRIGGER case_doc_{trigger}")
        op.execute("DROP TABLE case_fts")
    op.drop_table("case_doc")
    op.drop_table("saved_search")
    op.execute("UPDATE case_match SET kind = 'related' WHERE kind IN ('repeat', 'part of a group')")
    _kinds_of_links(*_KINDS)


def _kinds_of_links(*kinds: str) -> None:
    """The check of the kinds anew. SQLite changes none, so the table is made again; nothing refers to it."""
    check = f"kind IN ({', '.join(repr(kind) for kind in kinds)})"
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(op.f("ck_case_match_kind"), "case_match", type_="check")
        op.create_check_constraint(op.f("ck_case_match_kind"), "case_match", check)
        return
    op.drop_index("ix_case_match_second", table_name="case_match")
    op.rename_table("case_match", "case_match_before")
    op.create_table(
        "case_match",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("first_id", sa.Integer(), nullable=False),
        sa.Column("second_id", sa.Integer(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.CheckConstraint("first_id < second_id", name=op.f("ck_case_match_in_order")),
        sa.CheckConstraint(check, name=op.f("ck_case_match_kind")),
        sa.ForeignKeyConstraint(["decided_by"], ["colleague.id"], name=op.f("fk_case_match_decided_by_colleague")),
        sa.ForeignKeyConstraint(["first_id"], ["complaint.id"], name=op.f("fk_case_match_first_id_complaint")),
        sa.ForeignKeyConstraint(["second_id"], ["complaint.id"], name=op.f("fk_case_match_second_id_complaint")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_match")),
        sa.UniqueConstraint("first_id", "second_id", name=op.f("uq_case_match_first_id_second_id")),
        sqlite_strict=True,
    )
    op.execute("INSERT INTO case_match SELECT * FROM case_match_before")
    op.drop_table("case_match_before")
    op.create_index("ix_case_match_second", "case_match", ["second_id"], unique=False)


def _whole_cases() -> Iterator[list[dict[str, Any]]]:
    """Every case with its words, some hundred at a time."""
    last = op.get_bind().execute(sa.text("SELECT max(complaint_id) FROM search_doc")).scalar() or 0
    for after in range(0, last, _AT_ONCE):
        within = {"after": after, "upto": after + _AT_ONCE}
        own = {row.complaint_id: row.words for row in op.get_bind().execute(sa.text(_OWN), within)}
        said: dict[int, list[str]] = {number: [] for number in own}
        for statement in _SAID:
            given = {**within, "between": _BREAK} if ":between" in statement else within
            rows = sorted(map(tuple, op.get_bind().execute(sa.text(statement), given)))
            for number, texts in groupby(rows, key=lambda row: row[0]):
                for text in texts:
                    said.setdefault(number, []).extend(filter(None, text[2].split(_BREAK)))
        if said:
            yield [_doc(number, own.get(number, ""), texts) for number, texts in said.items()]


def _doc(number: int, own: str, said: list[str]) -> dict[str, Any]:
    words = case_words(own, said)
    return {"complaint_id": number, "words": words, "pairs": pairs_of(words)}


def _sqlite_search() -> None:
    """As complaints have it."""
    added = "INSERT INTO case_fts(rowid, words, pairs) VALUES (new.complaint_id, new.words, new.pairs); "
    removed = (
        "INSERT INTO case_fts(case_fts, rowid, words, pairs) "
        "VALUES ('delete', old.complaint_id, old.words, old.pairs); "
    )
    op.execute(
        "CREATE VIRTUAL TABLE case_fts USING fts5(words, pairs, content='case_doc', content_rowid='complaint_id', "
        "tokenize='ascii', prefix='2 3 4 5')"
    )
    op.execute(f"CREATE TRIGGER case_doc_added AFTER INSERT ON case_doc BEGIN {added}END")
    op.execute(f"CREATE TRIGGER case_doc_removed AFTER DELETE ON case_doc BEGIN {removed}END")
    op.execute(f"CREATE TRIGGER case_doc_changed AFTER UPDATE ON case_doc BEGIN {removed}{added}END")
    op.execute("INSERT INTO case_fts(case_fts) VALUES ('rebuild')")


def _postgresql_search() -> None:
    """As complaints have it, with as many statistics."""
    op.execute("ALTER TABLE case_doc ADD COLUMN tsv tsvector GENERATED ALWAYS AS (to_tsvector('simple', words)) STORED")
    op.execute("ALTER TABLE case_doc ALTER COLUMN tsv SET STATISTICS 1000")
    op.execute("CREATE INDEX ix_case_doc_tsv ON case_doc USING gin (tsv)")
    op.execute("CREATE INDEX ix_case_doc_pairs ON case_doc USING gin (string_to_array(pairs COLLATE \"C\", ' '))")
    op.execute("ALTER INDEX ix_case_doc_pairs ALTER COLUMN 1 SET STATISTICS 1000")
    op.execute("ANALYZE case_doc")
