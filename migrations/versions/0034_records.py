"""What a search reads is kept small: words without their places, rows of a page each, and what a search is narrowed by."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

_FACETS = ("id", "service_id", "stage_number", "is_open", "received_on")


def upgrade() -> None:
    _clarifications()
    op.add_column("erasure_run", sa.Column("scrubbed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
    op.create_index("ix_complaint_facets", "complaint", list(_FACETS), unique=False)
    op.create_index("ix_stage_outcome", "stage", ["complaint_id", "number", "outcome"], unique=False)
    op.create_index("ix_complaint_arrived", "complaint", ["received_on", "id"], unique=False)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE case_doc SET (toast_tuple_target = 128)")
        _words("strip(to_tsvector('simple', words))", pending=" WITH (gin_pending_list_limit = 256)")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE case_doc RESET (toast_tuple_target)")
        _words("to_tsvector('simple', words)", pending="")
    op.drop_index("ix_stage_outcome", table_name="stage")
    op.drop_index("ix_complaint_arrived", table_name="complaint")
    op.drop_index("ix_complaint_facets", table_name="complaint")
    op.drop_column("erasure_run", "scrubbed_at")
    op.drop_table("subject_clarification")


def _clarifications() -> None:
    """What people who ask for their own data are asked, so that it can be found."""
    table, waits = "subject_clarification", sa.text("answered_on IS NULL")
    whose, by = f"fk_{table}_request_id_subject_access_request", f"fk_{table}_asked_by_colleague"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=True),
        sa.CheckConstraint("answered_on IS NULL OR answered_on >= asked_on", name=op.f(f"ck_{table}_answered_after")),
        sa.ForeignKeyConstraint(["request_id"], ["subject_access_request.id"], name=op.f(whose)),
        sa.ForeignKeyConstraint(["asked_by"], ["colleague.id"], name=op.f(by)),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sqlite_strict=True,
    )
    only = {"sqlite_where": waits, "postgresql_where": waits}
    op.create_index(f"ix_{table}_waits", table, ["request_id"], unique=True, **only)
    op.create_index(f"ix_{table}_request", table, ["request_id", "id"], unique=False)


def _words(expression: str, *, pending: str) -> None:
    """The words as PostgreSQL finds them; a new column writes the table anew, each row as short as it is told to be."""
    op.execute("ALTER TABLE case_doc DROP COLUMN tsv")
    op.execute(f"ALTER TABLE case_doc ADD COLUMN tsv tsvector GENERATED ALWAYS AS ({expression}) STORED")
    op.execute("ALTER TABLE case_doc ALTER COLUMN tsv SET STATISTICS 1000")
    op.execute(f"CREATE INDEX ix_case_doc_tsv ON case_doc USING gin (tsv){pending}")
    op.execute("ANALYZE case_doc")
