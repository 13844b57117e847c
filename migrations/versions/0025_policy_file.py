"""The policy as a file, version by version."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def _text(length: int) -> sqlmodel.sql.sqltypes.AutoString:
    return sqlmodel.sql.sqltypes.AutoString(length=length)


def upgrade() -> None:
    op.create_table(
        "policy_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("policy_id", sa.Integer(), nullable=False),
        sa.Column("name", _text(200), nullable=False),
        sa.Column("media_type", _text(120), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", _text(64), nullable=False),
        sa.Column("why_held", _text(300), nullable=False),
        sa.Column("added_by", sa.Integer(), nullable=True),
        sa.Column("added_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["added_by"], ["colleague.id"], name=op.f("fk_policy_file_added_by_colleague")),
        sa.ForeignKeyConstraint(
            ["policy_id"], ["policy_version.id"], name=op.f("fk_policy_file_policy_id_policy_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_file")),
        sqlite_strict=True,
    )
    op.create_index("ix_policy_file_policy_id", "policy_file", ["policy_id"], unique=False)
    op.create_index("ix_policy_file_sha256", "policy_file", ["sha256"], unique=False)


def downgrade() -> None:
    op.drop_table("policy_file")
