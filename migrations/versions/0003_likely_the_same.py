"""Complaints that belong together, and the indexes by which the same person is found again."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_PHONE = (
    "replace(replace(replace(replace(replace(replace(phone, ' ', ''), '-', ''), '(', ''), ')', ''), '+440', '0'), "
    "'+44', '0')"
)


def upgrade() -> None:
    op.create_table(
        "case_match",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("first_id", sa.Integer(), nullable=False),
        sa.Column("second_id", sa.Integer(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.CheckConstraint("first_id < second_id", name=op.f("ck_case_match_in_order")),
        sa.CheckConstraint(
            "kind IN ('same matter', 'same person', 'related', 'not the same')", name=op.f("ck_case_match_kind")
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["colleague.id"], name=op.f("fk_case_match_decided_by_colleague")),
        sa.ForeignKeyConstraint(["first_id"], ["complaint.id"], name=op.f("fk_case_match_first_id_complaint")),
        sa.ForeignKeyConstraint(["second_id"], ["complaint.id"], name=op.f("fk_case_match_second_id_complaint")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_match")),
        sa.UniqueConstraint("first_id", "second_id", name=op.f("uq_case_match_first_id_second_id")),
        sqlite_strict=True,
    )
    op.create_index("ix_case_match_second", "case_match", ["second_id"], unique=False)
    op.create_index("ix_person_email_key", "person", [sa.text("lower(email)")], unique=False)
    op.create_index("ix_person_phone_key", "person", [sa.text(_PHONE)], unique=False)
    op.create_index("ix_person_postcode_key", "person", [sa.text("upper(replace(postcode, ' ', ''))")], unique=False)


def downgrade() -> None:
    op.drop_index("ix_person_postcode_key", table_name="person")
    op.drop_index("ix_person_phone_key", table_name="person")
    op.drop_index("ix_person_email_key", table_name="person")
    op.drop_index("ix_case_match_second", table_name="case_match")
    op.drop_table("case_match")
