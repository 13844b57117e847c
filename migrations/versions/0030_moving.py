"""Numbers of a theme in full on both databases, and requests to correct or erase data."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def _text(length: int) -> sqlmodel.sql.sqltypes.AutoString:
    return sqlmodel.sql.sqltypes.AutoString(length=length)


def upgrade() -> None:
    _figures(sa.Double())
    op.create_table(
        "rectification_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("asks", _text(20), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("name", _text(200), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("extended_on", sa.Date(), nullable=True),
        sa.Column("why_extended", sa.Text(), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("outcome", _text(20), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("passed_on", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        *_constraints(),
        sqlite_strict=True,
    )
    name = op.f("ix_rectification_request_complaint_id")
    op.create_index(name, "rectification_request", ["complaint_id"], unique=False)


def _constraints() -> tuple[sa.Constraint, ...]:
    table = "rectification_request"
    outcomes = "outcome = '' OR outcome IN ('done', 'done in part', 'refused')"
    return (
        sa.CheckConstraint("asks IN ('correction', 'erasure')", name=op.f(f"ck_{table}_asks")),
        sa.CheckConstraint(outcomes, name=op.f(f"ck_{table}_outcome")),
        sa.CheckConstraint("(answered_on IS NULL) = (outcome = '')", name=op.f(f"ck_{table}_answered_with_outcome")),
        sa.CheckConstraint(
            "answered_on IS NULL OR answered_on >= received_on", name=op.f(f"ck_{table}_answered_after")
        ),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name=op.f(f"fk_{table}_complaint_id_complaint")),
        sa.ForeignKeyConstraint(["recorded_by"], ["colleague.id"], name=op.f(f"fk_{table}_recorded_by_colleague")),
        sa.ForeignKeyConstraint(["answered_by"], ["colleague.id"], name=op.f(f"fk_{table}_answered_by_colleague")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )


def downgrade() -> None:
    op.drop_table("rectification_request")
    _figures(sa.REAL())


def _figures(kind: sa.types.TypeEngine[float]) -> None:
    """SQLite keeps every number in eight bytes; PostgreSQL kept these in four."""
    if op.get_bind().dialect.name == "postgresql":
        for name in ("expected", "chance"):
            op.alter_column("theme", name, type_=kind, existing_nullable=False)
