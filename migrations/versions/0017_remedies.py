"""What is offered to put things right, what becomes of it, and the money paid for it."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

MOMENTS = "moment IN ('at stage 1', 'at stage 2', 'after the Ombudsman')"
INDEXES = {"ix_remedy_owner": ["owner_id", "due_on"], "ix_remedy_offered": ["offered_on"], "ix_remedy_due": ["due_on"]}


def upgrade() -> None:
    _remedy()
    for name, columns in INDEXES.items():
        op.create_index(name, "remedy", columns, unique=False)
    op.create_table(
        "payment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("remedy_id", sa.Integer(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("pence", sa.Integer(), nullable=False),
        sa.Column("how", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.CheckConstraint("pence > 0", name=op.f("ck_payment_pays_something")),
        sa.ForeignKeyConstraint(["recorded_by"], ["colleague.id"], name=op.f("fk_payment_recorded_by_colleague")),
        sa.ForeignKeyConstraint(["remedy_id"], ["remedy.id"], name=op.f("fk_payment_remedy_id_remedy")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment")),
        sqlite_strict=True,
    )
    op.create_index("ix_payment_paid", "payment", ["paid_on"], unique=False)
    op.create_index(op.f("ix_payment_remedy_id"), "payment", ["remedy_id"], unique=False)
    op.add_column("complaint", sa.Column("has_remedies", sa.Boolean(), nullable=False, server_default=sa.false()))
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("complaint", "has_remedies", server_default=None)


def _remedy() -> None:
    op.create_table(
        "remedy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("point_id", sa.Integer(), nullable=True),
        sa.Column("moment", sqlmodel.sql.sqltypes.AutoString(length=30), nullable=False),
        sa.Column("stage_number", sa.Integer(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("sub_kind", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("signatory", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("impact", sa.Text(), nullable=False),
        sa.Column("circumstances", sa.Text(), nullable=False),
        sa.Column("offered_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("offered_pence", sa.Integer(), nullable=True),
        sa.Column("agreed", sa.Boolean(), nullable=True),
        sa.Column("agreed_on", sa.Date(), nullable=True),
        sa.Column("guidance", sa.Boolean(), nullable=False),
        sa.Column("guidance_note", sa.Text(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("evidence_file_id", sa.Integer(), nullable=True),
        sa.Column("undeliverable_on", sa.Date(), nullable=True),
        sa.Column("why_not", sa.Text(), nullable=False),
        sa.Column("alternative", sa.Text(), nullable=False),
        sa.Column("letter_id", sa.Integer(), nullable=True),
        sa.Column("replaced_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(MOMENTS, name=op.f("ck_remedy_moment")),
        sa.CheckConstraint("(agreed IS NULL) = (agreed_on IS NULL)", name=op.f("ck_remedy_agreed_with_date")),
        sa.CheckConstraint("done_on IS NULL OR undeliverable_on IS NULL", name=op.f("ck_remedy_one_end")),
        sa.CheckConstraint("offered_pence IS NULL OR offered_pence > 0", name=op.f("ck_remedy_offers_something")),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name=op.f("fk_remedy_complaint_id_complaint")),
        sa.ForeignKeyConstraint(
            ["evidence_file_id"], ["case_file.id"], name=op.f("fk_remedy_evidence_file_id_case_file")
        ),
        sa.ForeignKeyConstraint(["letter_id"], ["letter.id"], name=op.f("fk_remedy_letter_id_letter")),
        sa.ForeignKeyConstraint(["owner_id"], ["colleague.id"], name=op.f("fk_remedy_owner_id_colleague")),
        sa.ForeignKeyConstraint(["point_id"], ["point.id"], name=op.f("fk_remedy_point_id_point")),
        sa.ForeignKeyConstraint(["replaced_by_id"], ["remedy.id"], name=op.f("fk_remedy_replaced_by_id_remedy")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remedy")),
        sa.UniqueConstraint("complaint_id", "number", name=op.f("uq_remedy_complaint_id_number")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    op.execute("DELETE FROM duty WHERE kind IN ('deliver_remedy', 'update_on_remedies')")
    op.drop_column("complaint", "has_remedies")
    op.drop_index(op.f("ix_payment_remedy_id"), table_name="payment")
    op.drop_index("ix_payment_paid", table_name="payment")
    op.drop_table("payment")
    for name in INDEXES:
        op.drop_index(name, table_name="remedy")
    op.drop_table("remedy")
