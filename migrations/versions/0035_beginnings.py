"""Beginnings of four and five letters in whole cases have an index of their own, as those of two and three have."""

from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _case_index("2 3 4 5")


def downgrade() -> None:
    _case_index("2 3")


def _case_index(lengths: str) -> None:
    """Read from the words themselves, a common beginning took 30 ms among a million cases."""
    if op.get_bind().dialect.name != "sqlite":
        return
    op.execute("DROP TABLE case_fts")
    op.execute(
        "CREATE VIRTUAL TABLE case_fts USING fts5(words, pairs, content='case_doc', content_rowid='complaint_id', "
        f"tokenize='ascii', prefix='{lengths}')"
    )
    op.execute("INSERT INTO case_fts(case_fts) VALUES ('rebuild')")
