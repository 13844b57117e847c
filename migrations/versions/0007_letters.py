"""Letters on a complaint, part by part, and what letters share: their wording and their template."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "letter_template",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("sha256", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("adopted_by", sa.Integer(), nullable=True),
        sa.Column("adopted_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["adopted_by"], ["colleague.id"], name=op.f("fk_letter_template_adopted_by_colleague")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_template")),
        sqlite_strict=True,
    )
    op.create_table(
        "shared_wording",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("block", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("in_force_from", sa.Date(), nullable=False),
        sa.Column("approved_by", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("published_by", sa.Integer(), nullable=True),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["published_by"], ["colleague.id"], name=op.f("fk_shared_wording_published_by_colleague")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shared_wording")),
        sqlite_strict=True,
    )
    op.create_index("ix_shared_wording_block", "shared_wording", ["block", "in_force_from", "id"], unique=False)
    op.create_table(
        "letter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("stage_number", sa.Integer(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("addressee", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column("how", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("large_print_points", sa.Integer(), nullable=True),
        sa.Column("officers_anonymous", sa.Boolean(), nullable=False),
        sa.Column("prepared_by", sa.Integer(), nullable=True),
        sa.Column("prepared_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("sent_by", sa.Integer(), nullable=True),
        sa.Column("sha256", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("pdf_sha256", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("word_sha256", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.CheckConstraint("(sent_on IS NULL) = (sha256 = '')", name=op.f("ck_letter_sent_with_digest")),
        sa.CheckConstraint(
            "how IN ('post', 'e-mail', 'in person', 'another way that was agreed')", name=op.f("ck_letter_how")
        ),
        sa.CheckConstraint("stage_number IN (1, 2)", name=op.f("ck_letter_two_stages")),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name=op.f("fk_letter_complaint_id_complaint")),
        sa.ForeignKeyConstraint(["prepared_by"], ["colleague.id"], name=op.f("fk_letter_prepared_by_colleague")),
        sa.ForeignKeyConstraint(["sent_by"], ["colleague.id"], name=op.f("fk_letter_sent_by_colleague")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter")),
        sqlite_strict=True,
    )
    op.create_index("ix_letter_complaint", "letter", ["complaint_id", "id"], unique=False)
    op.create_table(
        "letter_part",
        sa.Column("letter_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["letter_id"], ["letter.id"], name=op.f("fk_letter_part_letter_id_letter")),
        sa.PrimaryKeyConstraint("letter_id", "content", name=op.f("pk_letter_part")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    op.drop_table("letter_part")
    op.drop_index("ix_letter_complaint", table_name="letter")
    op.drop_table("letter")
    op.drop_index("ix_shared_wording_block", table_name="shared_wording")
    op.drop_table("shared_wording")
    op.drop_table("letter_template")
