"""Bundles of a case, as they were made."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0030"
down_revision = "0025"
branch_labels = None
depends_on = None

_FOR = "made_for IN ('an Ombudsman', 'an independent reviewer', 'somebody else who may have it')"


def _text(length: int) -> sqlmodel.sql.sqltypes.AutoString:
    return sqlmodel.sql.sqltypes.AutoString(length=length)


def upgrade() -> None:
    op.create_table(
        "case_bundle",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("made_for", _text(40), nullable=False),
        sa.Column("name", _text(200), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("officers_anonymous", sa.Boolean(), nullable=False),
        sa.Column("with_notes", sa.Boolean(), nullable=False),
        sa.Column("documents", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", _text(64), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("made_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.CheckConstraint(_FOR, name=op.f("ck_case_bundle_made_for")),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name=op.f("fk_case_bundle_complaint_id_complaint")),
        sa.ForeignKeyConstraint(["made_by"], ["colleague.id"], name=op.f("fk_case_bundle_made_by_colleague")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_bundle")),
        sqlite_strict=True,
    )
    op.create_index("ix_case_bundle_case", "case_bundle", ["complaint_id", "id"], unique=False)
    op.create_index("ix_case_bundle_sha256", "case_bundle", ["sha256"], unique=False)


def downgrade() -> None:
    op.drop_table("case_bundle")
