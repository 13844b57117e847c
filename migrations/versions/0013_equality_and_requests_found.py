"""Service requests found by words, and equality counts that hold no link to anybody."""

from typing import Any

import sqlalchemy as sa
import sqlmodel
from alembic import op

from core.store.search import pairs_of, words_of

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_AT_ONCE = 500


def upgrade() -> None:
    _equality()
    op.create_table(
        "request_doc",
        sa.Column("request_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("pairs", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"], ["service_request.id"], name=op.f("fk_request_doc_request_id_service_request")
        ),
        sa.PrimaryKeyConstraint("request_id", name=op.f("pk_request_doc")),
        sqlite_strict=True,
    )
    if op.get_bind().dialect.name == "sqlite":
        _sqlite_search()
    else:
        _postgresql_search()
    _index_those_there_are()
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ANALYZE request_doc")  # until it is looked through, a search may take the long way


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE request_fts")
    else:
        op.drop_index("ix_request_doc_pairs", table_name="request_doc")
        op.drop_index("ix_request_doc_tsv", table_name="request_doc")
    op.drop_table("request_doc")
    op.drop_table("monitoring_asked")
    op.drop_table("equality_count")


def _equality() -> None:
    op.create_table(
        "equality_count",
        sa.Column("quarter", sa.Date(), nullable=False),
        sa.Column("scope", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("question", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("answer", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.CheckConstraint("people >= 0", name=op.f("ck_equality_count_people")),
        sa.PrimaryKeyConstraint("quarter", "scope", "question", "answer", name=op.f("pk_equality_count")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "monitoring_asked",
        sa.Column("complaint_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("reply", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.CheckConstraint(
            "reply IN ('they answered', 'they would rather not answer any', 'offered, no answer yet')",
            name=op.f("ck_monitoring_asked_reply"),
        ),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaint.id"], name=op.f("fk_monitoring_asked_complaint_id_complaint")
        ),
        sa.PrimaryKeyConstraint("complaint_id", name=op.f("pk_monitoring_asked")),
        sqlite_strict=True,
    )


def _sqlite_search() -> None:
    op.execute(
        "CREATE VIRTUAL TABLE request_fts USING fts5(words, pairs, content='request_doc', content_rowid='request_id', "
        "tokenize='ascii', prefix='2 3 4 5')"
    )
    op.execute(
        "CREATE TRIGGER request_doc_added AFTER INSERT ON request_doc BEGIN "
        "INSERT INTO request_fts(rowid, words, pairs) VALUES (new.request_id, new.words, new.pairs); END"
    )
    op.execute(
        "CREATE TRIGGER request_doc_removed AFTER DELETE ON request_doc BEGIN "
        "INSERT INTO request_fts(request_fts, rowid, words, pairs) "
        "VALUES ('delete', old.request_id, old.words, old.pairs); END"
    )
    op.execute(
        "CREATE TRIGGER request_doc_changed AFTER UPDATE ON request_doc BEGIN "
        "INSERT INTO request_fts(request_fts, rowid, words, pairs) "
        "VALUES ('delete', old.request_id, old.words, old.pairs); "
        "INSERT INTO request_fts(rowid, words, pairs) VALUES (new.request_id, new.words, new.pairs); END"
    )


def _postgresql_search() -> None:
    """As complaints have it, with as many statistics."""
    op.execute(
        "ALTER TABLE request_doc ADD COLUMN tsv tsvector GENERATED ALWAYS AS (to_tsvector('simple', words)) STORED"
    )
    op.execute("ALTER TABLE request_doc ALTER COLUMN tsv SET STATISTICS 1000")
    op.execute("CREATE INDEX ix_request_doc_tsv ON request_doc USING gin (tsv)")
    op.execute("CREATE INDEX ix_request_doc_pairs ON request_doc USING gin (string_to_array(pairs COLLATE \"C\", ' '))")
    op.execute("ALTER INDEX ix_request_doc_pairs ALTER COLUMN 1 SET STATISTICS 1000")


def _index_those_there_are() -> None:
    """Requests taken in before are found as well: their words are reduced as a new one's are."""
    connection = op.get_bind()
    asked = connection.execute(
        sa.text(
            "SELECT r.id, r.reference, r.matter, p.name, p.postcode, p.email, p.address, r.words "
            "FROM service_request r JOIN person p ON p.id = r.person_id ORDER BY r.id"
        )
    ).all()
    insert = sa.text("INSERT INTO request_doc (request_id, words, pairs) VALUES (:request_id, :words, :pairs)")
    for start in range(0, len(asked), _AT_ONCE):
        connection.execute(insert, [_doc(each) for each in asked[start : start + _AT_ONCE]])


def _doc(asked: sa.Row[Any]) -> dict[str, Any]:
    words = words_of(
        asked.reference, asked.reference.replace("-", ""), asked.matter, asked.name, asked.postcode,
        asked.postcode.replace(" ", ""), asked.email, asked.address, asked.words,
    )  # fmt: skip
    return {"request_id": asked.id, "words": words, "pairs": pairs_of(words)}
