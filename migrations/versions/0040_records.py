"""What a search reads is kept small: words without their places, rows of a page each, and what a search is narrowed by."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0040"
down_revision = "0032"
branch_labels = None
depends_on = None

_FACETS = ("id", "service_id", "stage_number", "is_open", "received_on")


def upgrade() -> None:
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


def _words(expression: str, *, pending: str) -> None:
    """The words as PostgreSQL finds them; a new column writes the table anew, each row as short as it is told to be."""
    op.execute("ALTER TABLE case_doc DROP COLUMN tsv")
    op.execute(f"ALTER TABLE case_doc ADD COLUMN tsv tsvector GENERATED ALWAYS AS ({expression}) STORED")
    op.execute("ALTER TABLE case_doc ALTER COLUMN tsv SET STATISTICS 1000")
    op.execute(f"CREATE INDEX ix_case_doc_tsv ON case_doc USING gin (tsv){pending}")
    op.execute("ANALYZE case_doc")
