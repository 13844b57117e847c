"""People beside the individual, adjustments, restrictions and their reviews, risk, conflicts; several duties of a kind."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

STANDINGS = "standing IN ('open', 'in_time', 'extended', 'late', 'unknown', 'void')"
QUEUES = {
    "ix_duty_queue": ["act_by", "id"],
    "ix_duty_queue_owner": ["owner_id", "act_by", "id"],
    "ix_duty_queue_service": ["service_id", "act_by", "id"],
}
KEPT = (
    "id, complaint_id, stage_number, kind, clause, owner_id, service_id, start_on, days, due_on, act_by, "
    "literal_due_on, promised_on, met_on, standing, is_next, calendar_id"
)


def upgrade() -> None:
    _tables()
    if op.get_bind().dialect.name == "postgresql":
        op.add_column("duty", sa.Column("number", sa.Integer(), nullable=False, server_default="0"))
        op.alter_column("duty", "number", server_default=None)
        op.drop_constraint("uq_duty_complaint_id_stage_number_kind", "duty", type_="unique")
        op.create_unique_constraint(
            "uq_duty_complaint_id_stage_number_kind_number", "duty", ["complaint_id", "stage_number", "kind", "number"]
        )
    else:
        _duty_anew(numbered=True)


def downgrade() -> None:
    # An older console knows no duty of these kinds, and what they are about goes as well.
    op.execute("DELETE FROM duty WHERE kind IN ('review_adjustment', 'review_restriction')")
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint("uq_duty_complaint_id_stage_number_kind_number", "duty", type_="unique")
        op.drop_column("duty", "number")
        op.create_unique_constraint(
            "uq_duty_complaint_id_stage_number_kind", "duty", ["complaint_id", "stage_number", "kind"]
        )
    else:
        _duty_anew(numbered=False)
    op.drop_table("conflict")
    op.drop_table("officer_named")
    op.drop_table("care")
    op.drop_table("review")
    op.drop_index(op.f("ix_restriction_complaint_id"), table_name="restriction")
    op.drop_table("restriction")
    op.drop_index(op.f("ix_adjustment_complaint_id"), table_name="adjustment")
    op.drop_table("adjustment")
    op.drop_index("ix_party_written_to", table_name="party")
    op.drop_index("ix_party_complaint", table_name="party")
    op.drop_table("party")


def _duty_anew(*, numbered: bool) -> None:
    """SQLite changes no constraint of a table, so the table is made again and its rows are copied."""
    for name in ("ix_duty_figures", *QUEUES):
        op.drop_index(name, table_name="duty")
    op.rename_table("duty", "duty_before")
    number = [sa.Column("number", sa.Integer(), nullable=False)] if numbered else []
    unique = ["complaint_id", "stage_number", "kind", *(["number"] if numbered else [])]
    op.create_table(
        "duty",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("stage_number", sa.Integer(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        *number,
        sa.Column("clause", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("service_id", sa.Integer(), nullable=True),
        sa.Column("start_on", sa.Date(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("act_by", sa.Date(), nullable=False),
        sa.Column("literal_due_on", sa.Date(), nullable=True),
        sa.Column("promised_on", sa.Date(), nullable=True),
        sa.Column("met_on", sa.Date(), nullable=True),
        sa.Column("standing", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("is_next", sa.Boolean(), nullable=False),
        sa.Column("calendar_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(STANDINGS, name=op.f("ck_duty_standing")),
        sa.CheckConstraint("stage_number IN (1, 2)", name=op.f("ck_duty_two_stages")),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name=op.f("fk_duty_complaint_id_complaint")),
        sa.ForeignKeyConstraint(["owner_id"], ["colleague.id"], name=op.f("fk_duty_owner_id_colleague")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_duty_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty")),
        sa.UniqueConstraint(*unique, name=op.f(f"uq_duty_{'_'.join(unique)}")),
        sqlite_strict=True,
    )
    into, out = (f"{KEPT}, number", f"{KEPT}, 0") if numbered else (KEPT, KEPT)
    op.execute(f"INSERT INTO duty ({into}) SELECT {out} FROM duty_before")  # noqa: S608 - names of ours alone
    op.drop_table("duty_before")
    op.create_index("ix_duty_figures", "duty", ["kind", "standing", "due_on"], unique=False)
    for name, columns in QUEUES.items():
        op.create_index(name, "duty", columns, unique=False, sqlite_where=sa.text("is_next = 1"))


def _tables() -> None:
    op.create_table(
        "party",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("role", sqlmodel.sql.sqltypes.AutoString(length=30), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("contact", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column("authority", sqlmodel.sql.sqltypes.AutoString(length=30), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("recorded_on", sa.Date(), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("written_to", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "role IN ('representative', 'professional representative', 'group member', 'other')",
            name=op.f("ck_party_role"),
        ),
        sa.CheckConstraint(
            "authority IN ('none yet', 'consent', 'power of attorney', 'parent', 'deputy', 'executor', "
            "'councillor or MP')",
            name=op.f("ck_party_authority"),
        ),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name=op.f("fk_party_complaint_id_complaint")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party")),
        sqlite_strict=True,
    )
    op.create_index("ix_party_complaint", "party", ["complaint_id", "id"], unique=False)
    op.create_index(
        "ix_party_written_to",
        "party",
        ["complaint_id"],
        unique=True,
        sqlite_where=sa.text("written_to = 1"),
        postgresql_where=sa.text("written_to"),
    )
    op.create_table(
        "adjustment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("agreed_format", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name=op.f("fk_adjustment_complaint_id_complaint")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adjustment")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_adjustment_complaint_id"), "adjustment", ["complaint_id"], unique=False)
    op.create_table(
        "restriction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("lesser_measures", sa.Text(), nullable=False),
        sa.Column("equality", sa.Text(), nullable=False),
        sa.Column("way_to_complain", sa.Text(), nullable=False),
        sa.Column("challenge_told", sa.Boolean(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name=op.f("fk_restriction_complaint_id_complaint")),
        sa.ForeignKeyConstraint(["decided_by"], ["colleague.id"], name=op.f("fk_restriction_decided_by_colleague")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_restriction")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_restriction_complaint_id"), "restriction", ["complaint_id"], unique=False)
    op.create_table(
        "review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("adjustment_id", sa.Integer(), nullable=True),
        sa.Column("restriction_id", sa.Integer(), nullable=True),
        sa.Column("set_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("reviewed_on", sa.Date(), nullable=True),
        sa.Column("dropped_on", sa.Date(), nullable=True),
        sa.Column("found", sa.Text(), nullable=False),
        sa.CheckConstraint("kind IN ('review_adjustment', 'review_restriction')", name=op.f("ck_review_kind")),
        sa.CheckConstraint("(adjustment_id IS NULL) <> (restriction_id IS NULL)", name=op.f("ck_review_of_one_thing")),
        sa.ForeignKeyConstraint(["adjustment_id"], ["adjustment.id"], name=op.f("fk_review_adjustment_id_adjustment")),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name=op.f("fk_review_complaint_id_complaint")),
        sa.ForeignKeyConstraint(
            ["restriction_id"], ["restriction.id"], name=op.f("fk_review_restriction_id_restriction")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review")),
        sa.UniqueConstraint("complaint_id", "kind", "number", name=op.f("uq_review_complaint_id_kind_number")),
        sqlite_strict=True,
    )
    op.create_table(
        "care",
        sa.Column("complaint_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("preference", sa.Text(), nullable=False),
        sa.Column("risk", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name=op.f("fk_care_complaint_id_complaint")),
        sa.PrimaryKeyConstraint("complaint_id", name=op.f("pk_care")),
        sqlite_strict=True,
    )
    op.create_table(
        "officer_named",
        sa.Column("complaint_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("colleague_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["colleague_id"], ["colleague.id"], name=op.f("fk_officer_named_colleague_id_colleague")
        ),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaint.id"], name=op.f("fk_officer_named_complaint_id_complaint")
        ),
        sa.PrimaryKeyConstraint("complaint_id", "colleague_id", name=op.f("pk_officer_named")),
        sqlite_strict=True,
    )
    op.create_table(
        "conflict",
        sa.Column("complaint_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("colleague_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("declared_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.CheckConstraint("kind IN ('none', 'actual', 'perceived')", name=op.f("ck_conflict_kind")),
        sa.ForeignKeyConstraint(["colleague_id"], ["colleague.id"], name=op.f("fk_conflict_colleague_id_colleague")),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name=op.f("fk_conflict_complaint_id_complaint")),
        sa.PrimaryKeyConstraint("complaint_id", "colleague_id", name=op.f("pk_conflict")),
        sqlite_strict=True,
    )
