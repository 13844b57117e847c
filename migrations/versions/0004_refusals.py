"""Reasons to refuse, refusals at the start of a complaint, and how discretion over the time limit was used."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_ENDINGS = "ending IN ('final_response', 'withdrawn', 'escalation_refused'"
_POSITIONS = (
    "position IN ('Stage 1: awaiting acknowledgement', 'Stage 1: being considered', 'Stage 1: extended', "
    "'Stage 1: answered', 'Stage 2: awaiting acknowledgement', 'Stage 2: being considered', 'Stage 2: extended', "
    "'Final response sent', 'Stage 1: reopened', 'Stage 2: reopened', 'Withdrawn', 'Stage 2 refused'"
)
_LISTS = (("ending", _ENDINGS, ", 'refused'"), ("position", _POSITIONS, ", 'Refused'"))


def upgrade() -> None:
    op.create_table(
        "refusal_reason",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("title", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("other_route", sa.Text(), nullable=False),
        sa.Column("equality_note", sa.Text(), nullable=False),
        sa.Column("time_limit", sa.Boolean(), nullable=False),
        sa.Column("in_force_from", sa.Date(), nullable=False),
        sa.Column("in_force_until", sa.Date(), nullable=True),
        sa.Column("policy_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["policy_id"], ["policy_version.id"], name=op.f("fk_refusal_reason_policy_id_policy_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refusal_reason")),
        sqlite_strict=True,
    )
    op.create_index("ix_refusal_reason_key", "refusal_reason", ["key", "in_force_from"], unique=False)
    op.create_table(
        "discretion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("used", sa.Boolean(), nullable=False),
        sa.Column("in_time_until", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name=op.f("fk_discretion_complaint_id_complaint")),
        sa.ForeignKeyConstraint(["decided_by"], ["colleague.id"], name=op.f("fk_discretion_decided_by_colleague")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discretion")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_discretion_complaint_id"), "discretion", ["complaint_id"], unique=False)
    # Both databases take a column with its own constraint in one statement; alembic would add the constraint by itself,
    # which SQLite does not know.
    for column in (
        "stage_number INTEGER NOT NULL DEFAULT 2 CONSTRAINT ck_refusal_two_stages CHECK (stage_number IN (1, 2))",
        "reason_id INTEGER CONSTRAINT fk_refusal_reason_id_refusal_reason REFERENCES refusal_reason (id)",
        "other_route TEXT NOT NULL DEFAULT ''",
        "evidence TEXT NOT NULL DEFAULT ''",
    ):
        op.execute(f"ALTER TABLE refusal ADD COLUMN {column}")
    for column, known, more in _LISTS:
        _widen(column, was=f"{known})", becomes=f"{known}{more})")


def downgrade() -> None:
    # Before this revision a complaint could not be refused: the nearest it knew is one that nobody pursues.
    op.execute("UPDATE complaint SET ending = 'withdrawn', position = 'Withdrawn' WHERE ending = 'refused'")
    op.execute("DELETE FROM duty WHERE kind = 'tell_refusal'")
    op.execute("DELETE FROM refusal WHERE stage_number = 1")
    for column, known, more in _LISTS:
        _widen(column, was=f"{known}{more})", becomes=f"{known})")
    for column in ("evidence", "other_route", "reason_id", "stage_number"):
        op.execute(f"ALTER TABLE refusal DROP COLUMN {column}")
    op.drop_index(op.f("ix_discretion_complaint_id"), table_name="discretion")
    op.drop_table("discretion")
    op.drop_index("ix_refusal_reason_key", table_name="refusal_reason")
    op.drop_table("refusal_reason")


def _widen(column: str, *, was: str, becomes: str) -> None:
    """Change which values a column of complaint may hold.

    SQLite changes a constraint only by copying the whole table, which every other table refers to, or, as its manual
    says for a change that touches no row, in the text of the schema.
    """
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        op.execute(f"ALTER TABLE complaint DROP CONSTRAINT ck_complaint_{column}")
        op.execute(f"ALTER TABLE complaint ADD CONSTRAINT ck_complaint_{column} CHECK ({becomes})")
        return
    version = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    changed = connection.exec_driver_sql(
        "UPDATE sqlite_master SET sql = replace(sql, ?, ?) WHERE type = 'table' AND name = 'complaint' "
        "AND instr(sql, ?) > 0",
        (was, becomes, was),
    )
    connection.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema = OFF")
    if changed.rowcount != 1:
        raise RuntimeError(f"The table complaint does not hold the list of its column {column} as it should.")
