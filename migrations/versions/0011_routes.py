"""Routes that lead out of the Code, the steps taken on them, and the points that went under another scheme."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_ENDINGS = "ending IN ('final_response', 'withdrawn', 'escalation_refused', 'refused'"
_POSITIONS = (
    "position IN ('Stage 1: awaiting acknowledgement', 'Stage 1: being considered', 'Stage 1: extended', "
    "'Stage 1: answered', 'Stage 2: awaiting acknowledgement', 'Stage 2: being considered', 'Stage 2: extended', "
    "'Final response sent', 'Stage 1: reopened', 'Stage 2: reopened', 'Withdrawn', 'Stage 2 refused', 'Refused'"
)
_LISTS = (("ending", _ENDINGS, ", 'routed'"), ("position", _POSITIONS, ", 'Goes by another route'"))


def upgrade() -> None:
    op.create_table(
        "route",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("scheme", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("before", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=False),
        sa.Column("told", sa.Text(), nullable=False),
        sa.Column("taken_by", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("link", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name=op.f("fk_route_complaint_id_complaint")),
        sa.ForeignKeyConstraint(["decided_by"], ["colleague.id"], name=op.f("fk_route_decided_by_colleague")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_route")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_route_current",
        "route",
        ["complaint_id"],
        unique=True,
        sqlite_where=sa.text("ended_on IS NULL"),
        postgresql_where=sa.text("ended_on IS NULL"),
    )
    op.create_index("ix_route_complaint", "route", ["complaint_id", "id"], unique=False)
    op.create_index("ix_route_scheme", "route", ["scheme", "complaint_id"], unique=False)
    op.create_table(
        "route_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("route_id", sa.Integer(), nullable=False),
        sa.Column("step", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["recorded_by"], ["colleague.id"], name=op.f("fk_route_step_recorded_by_colleague")),
        sa.ForeignKeyConstraint(["route_id"], ["route.id"], name=op.f("fk_route_step_route_id_route")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_route_step")),
        sa.UniqueConstraint("route_id", "step", name=op.f("uq_route_step_route_id_step")),
        sqlite_strict=True,
    )
    op.create_table(
        "point_route",
        sa.Column("point_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("scheme", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("became_id", sa.Integer(), nullable=True),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["became_id"], ["complaint.id"], name=op.f("fk_point_route_became_id_complaint")),
        sa.ForeignKeyConstraint(["point_id"], ["point.id"], name=op.f("fk_point_route_point_id_point")),
        sa.PrimaryKeyConstraint("point_id", name=op.f("pk_point_route")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_point_route_became_id"), "point_route", ["became_id"], unique=False)
    for column, known, more in _LISTS:
        _widen(column, was=f"{known})", becomes=f"{known}{more})")


def downgrade() -> None:
    # An older console knows no other route: the nearest is a complaint that nobody pursues here, under the Code alone.
    op.execute("DELETE FROM duty WHERE kind LIKE 'route:%'")
    op.execute("UPDATE complaint SET ending = 'withdrawn', position = 'Withdrawn' WHERE ending = 'routed'")
    op.execute("UPDATE complaint SET scheme = 'lgsco' WHERE scheme <> 'lgsco'")
    for column, known, more in _LISTS:
        _widen(column, was=f"{known}{more})", becomes=f"{known})")
    op.drop_index(op.f("ix_point_route_became_id"), table_name="point_route")
    op.drop_table("point_route")
    op.drop_table("route_step")
    for name in ("ix_route_scheme", "ix_route_complaint", "ix_route_current"):
        op.drop_index(name, table_name="route")
    op.drop_table("route")


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
