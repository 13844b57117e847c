"""How long records are kept, what holds them, and what was erased."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_STANDS = "reviewed_on IS NULL AND lifted_on IS NULL"
_WAITS = "erased_on IS NULL AND dropped_on IS NULL"


def _text(length: int) -> sqlmodel.sql.sqltypes.AutoString:
    return sqlmodel.sql.sqltypes.AutoString(length=length)


def _moment() -> sqlmodel.sql.sqltypes.UTCDateTime:
    return sqlmodel.sql.sqltypes.UTCDateTime()


def _points_to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))


def _only(condition: str) -> dict[str, sa.TextClause]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def _counted() -> None:
    op.create_table(
        "retention",
        sa.Column("complaint_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", _text(40), nullable=False),
        sa.Column("counted_from", sa.Date(), nullable=True),
        _points_to("retention", "complaint_id", "complaint"),
        sa.PrimaryKeyConstraint("complaint_id", name=op.f("pk_retention")),
        sqlite_strict=True,
    )
    op.create_index("ix_retention_counted", "retention", ["kind", "counted_from", "complaint_id"], unique=False)
    op.create_table(
        "retention_rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", _text(40), nullable=False),
        sa.Column("years", sa.Integer(), nullable=False),
        sa.Column("in_force_from", sa.Date(), nullable=False),
        sa.Column("source", _text(300), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("set_by", sa.Integer(), nullable=True),
        sa.Column("set_on", sa.Date(), nullable=False),
        sa.CheckConstraint("years > 0", name=op.f("ck_retention_rule_years")),
        _points_to("retention_rule", "set_by", "colleague"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_rule")),
        sqlite_strict=True,
    )


def _kept_on() -> None:
    op.create_table(
        "kept_longer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=False),
        _points_to("kept_longer", "complaint_id", "complaint"),
        _points_to("kept_longer", "decided_by", "colleague"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_longer")),
        sqlite_strict=True,
    )
    op.create_index("ix_kept_longer_complaint", "kept_longer", ["complaint_id", "until"], unique=False)
    op.create_table(
        "legal_hold",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("placed_on", sa.Date(), nullable=False),
        sa.Column("placed_by", sa.Integer(), nullable=True),
        sa.Column("review_on", sa.Date(), nullable=False),
        sa.Column("reviewed_on", sa.Date(), nullable=True),
        sa.Column("found", sa.Text(), nullable=False),
        sa.Column("lifted_on", sa.Date(), nullable=True),
        sa.Column("why_lifted", sa.Text(), nullable=False),
        sa.CheckConstraint("reviewed_on IS NULL OR lifted_on IS NULL", name=op.f("ck_legal_hold_one_end")),
        sa.CheckConstraint("review_on > placed_on", name=op.f("ck_legal_hold_review_after")),
        _points_to("legal_hold", "complaint_id", "complaint"),
        _points_to("legal_hold", "placed_by", "colleague"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_hold")),
        sqlite_strict=True,
    )
    op.create_index("ix_legal_hold_complaint", "legal_hold", ["complaint_id", "id"], unique=False)
    op.create_index("ix_legal_hold_stands", "legal_hold", ["complaint_id"], unique=True, **_only(_STANDS))


def _erased() -> None:
    op.create_table(
        "erasure_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("started_at", _moment(), nullable=False),
        sa.Column("finished_at", _moment(), nullable=True),
        sa.Column("certificate", sa.Text(), nullable=False),
        sa.Column("sha256", _text(64), nullable=False),
        sa.CheckConstraint("(finished_at IS NULL) = (certificate = '')", name=op.f("ck_erasure_run_finished_with")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure_run")),
        sqlite_strict=True,
    )
    op.create_table(
        "erasure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("proposed_by", sa.Integer(), nullable=False),
        sa.Column("proposed_on", sa.Date(), nullable=False),
        sa.Column("approved_by", sa.Integer(), nullable=True),
        sa.Column("approved_on", sa.Date(), nullable=True),
        sa.Column("dropped_on", sa.Date(), nullable=True),
        sa.Column("why_dropped", sa.Text(), nullable=False),
        sa.Column("erased_on", sa.Date(), nullable=True),
        sa.Column("run_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("approved_by IS NULL OR approved_by <> proposed_by", name=op.f("ck_erasure_two_people")),
        sa.CheckConstraint("(approved_by IS NULL) = (approved_on IS NULL)", name=op.f("ck_erasure_approved_with_date")),
        sa.CheckConstraint("(erased_on IS NULL) = (run_id IS NULL)", name=op.f("ck_erasure_erased_in_a_run")),
        sa.CheckConstraint("erased_on IS NULL OR approved_on IS NOT NULL", name=op.f("ck_erasure_approved_first")),
        sa.CheckConstraint("erased_on IS NULL OR dropped_on IS NULL", name=op.f("ck_erasure_one_end")),
        _points_to("erasure", "complaint_id", "complaint"),
        _points_to("erasure", "proposed_by", "colleague"),
        _points_to("erasure", "approved_by", "colleague"),
        _points_to("erasure", "run_id", "erasure_run"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure")),
        sqlite_strict=True,
    )
    op.create_index("ix_erasure_waits", "erasure", ["complaint_id"], unique=True, **_only(_WAITS))
    op.create_index("ix_erasure_run", "erasure", ["run_id", "complaint_id"], unique=False)
    op.create_table(
        "erasure_file",
        sa.Column("name", _text(80), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_erasure_file")),
        sqlite_strict=True,
    )


def upgrade() -> None:
    op.add_column("complaint", sa.Column("anonymised_on", sa.Date(), nullable=True))
    _counted()
    _kept_on()
    _erased()


def downgrade() -> None:
    for table in ("erasure_file", "erasure", "erasure_run", "legal_hold", "kept_longer", "retention_rule", "retention"):
        op.drop_table(table)
    op.drop_column("complaint", "anonymised_on")
