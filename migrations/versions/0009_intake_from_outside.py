"""The web forms that may send complaints in, and the e-mails that arrived."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "intake_client",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("key_hash", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("added_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("used_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("revoked_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intake_client")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_intake_client_key_hash")),
        sa.UniqueConstraint("name", name=op.f("uq_intake_client_name")),
        sqlite_strict=True,
    )
    op.create_table(
        "arrived_mail",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("identity", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("sha256", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("sender", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("subject", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("arrived_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("dismissed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("dismissed_by", sa.Integer(), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dismissed_by"], ["colleague.id"], name=op.f("fk_arrived_mail_dismissed_by_colleague")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_arrived_mail")),
        sa.UniqueConstraint("identity", name=op.f("uq_arrived_mail_identity")),
        sqlite_strict=True,
    )
    op.create_index("ix_arrived_mail_sha256", "arrived_mail", ["sha256"], unique=False)
    op.create_index("ix_case_file_sha256", "case_file", ["sha256"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_case_file_sha256", table_name="case_file")
    op.drop_index("ix_arrived_mail_sha256", table_name="arrived_mail")
    op.drop_table("arrived_mail")
    op.drop_table("intake_client")
