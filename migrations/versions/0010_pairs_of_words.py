"""Which words stand side by side, so that a phrase is found without reading every text that has its words."""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

from core.store.search import pairs_of

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

BATCH = 1_000


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _drop_sqlite_search()
        _words_anew(with_pairs=True)
        _sqlite_search("words", "pairs")
    else:
        op.drop_index("ix_search_doc_tsv", "search_doc")
        op.execute("ALTER INDEX pk_search_doc RENAME TO pk_search_doc_before")
        _words_anew(with_pairs=True)
        _postgresql_search()


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _drop_sqlite_search()
        _words_anew(with_pairs=False)
        _sqlite_search("words")
    else:
        op.drop_index("ix_search_doc_pairs", "search_doc")
        op.drop_column("search_doc", "pairs")


def _words_anew(*, with_pairs: bool) -> None:
    """The table made again and filled in batches: a column added would keep its default, and a row of that no pairs."""
    op.rename_table("search_doc", "search_doc_before")
    pairs = [sa.Column("pairs", sa.Text(), nullable=False)] if with_pairs else []
    table = op.create_table(
        "search_doc",
        sa.Column("complaint_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        *pairs,
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name=op.f("fk_search_doc_complaint_id_complaint")),
        sa.PrimaryKeyConstraint("complaint_id", name=op.f("pk_search_doc")),
        sqlite_strict=True,
    )
    for rows in _batches():
        stored = [{"complaint_id": number, "words": words} for number, words in rows]
        if with_pairs:
            stored = [{**row, "pairs": pairs_of(str(row["words"]))} for row in stored]
        op.get_bind().execute(sa.insert(table), stored)
    op.drop_table("search_doc_before")


def _batches() -> Iterator[list[tuple[int, str]]]:
    """Every row there was, some thousand at a time."""
    statement = sa.text(
        "SELECT complaint_id, words FROM search_doc_before WHERE complaint_id > :after ORDER BY complaint_id LIMIT :most"
    )
    after = 0
    while rows := [tuple(row) for row in op.get_bind().execute(statement, {"after": after, "most": BATCH})]:
        yield rows
        after = rows[-1][0]


def _drop_sqlite_search() -> None:
    for trigger in ("added", "removed", "changed"):
        op.execute(f"DROP TRIGGER search_doc_{trigger}")
    op.execute("DROP TABLE search_fts")


def _sqlite_search(*columns: str) -> None:
    """The index as it was, of these columns; a pair is one sign, so the beginnings of words stay the only ones."""
    names = ", ".join(columns)
    old, new = (", ".join(f"{which}.{name}" for name in columns) for which in ("old", "new"))
    added = f"INSERT INTO search_fts(rowid, {names}) VALUES (new.complaint_id, {new}); "  # noqa: S608 - our own names
    removed = (
        f"INSERT INTO search_fts(search_fts, rowid, {names}) "  # noqa: S608 - our own names
        f"VALUES ('delete', old.complaint_id, {old}); "
    )
    op.execute(
        f"CREATE VIRTUAL TABLE search_fts USING fts5({names}, content='search_doc', content_rowid='complaint_id', "
        "tokenize='ascii', prefix='2 3 4 5')"
    )
    op.execute(f"CREATE TRIGGER search_doc_added AFTER INSERT ON search_doc BEGIN {added}END")
    op.execute(f"CREATE TRIGGER search_doc_removed AFTER DELETE ON search_doc BEGIN {removed}END")
    op.execute(f"CREATE TRIGGER search_doc_changed AFTER UPDATE ON search_doc BEGIN {removed}{added}END")
    op.execute("INSERT INTO search_fts(search_fts) VALUES ('rebuild')")


def _postgresql_search() -> None:
    op.execute(
        "ALTER TABLE search_doc ADD COLUMN tsv tsvector GENERATED ALWAYS AS (to_tsvector('simple', words)) STORED"
    )
    op.execute("ALTER TABLE search_doc ALTER COLUMN tsv SET STATISTICS 1000")
    op.execute("CREATE INDEX ix_search_doc_tsv ON search_doc USING gin (tsv)")
    op.execute("CREATE INDEX ix_search_doc_pairs ON search_doc USING gin (string_to_array(pairs COLLATE \"C\", ' '))")
    # As for the words: without that, every pair that is not among the commonest thousand seems equally common.
    op.execute("ALTER INDEX ix_search_doc_pairs ALTER COLUMN 1 SET STATISTICS 1000")
    # The table is new to the planner: until it is looked through, a search may take the long way.
    op.execute("ANALYZE search_doc")
