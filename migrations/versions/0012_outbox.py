"""Letters on their way by e-mail, letters that came back, and who does the work that is due."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("letter_id", sa.Integer(), nullable=False),
        sa.Column("channel", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("address", sqlmodel.sql.sqltypes.AutoString(length=254), nullable=False),
        sa.Column("subject", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("message_id", sqlmodel.sql.sqltypes.AutoString(length=250), nullable=False),
        sa.Column("step", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("step_values", sa.Text(), nullable=False),
        sa.Column("dated_on", sa.Date(), nullable=False),
        sa.Column("pdf_sha256", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("word_sha256", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_try_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("lease_until", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("leased_by", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("sent_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("last_problem", sa.Text(), nullable=False),
        sa.Column("queued_by", sa.Integer(), nullable=True),
        sa.Column("queued_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.CheckConstraint("channel IN ('SMTP', 'Notify')", name=op.f("ck_outbox_channel")),
        sa.CheckConstraint(
            "state IN ('waiting', 'sending', 'accepted', 'sent', 'failed')", name=op.f("ck_outbox_state")
        ),
        sa.CheckConstraint(
            "(sent_at IS NULL) = (state IN ('waiting', 'sending', 'failed'))", name=op.f("ck_outbox_sent_once_taken")
        ),
        sa.ForeignKeyConstraint(["letter_id"], ["letter.id"], name=op.f("fk_outbox_letter_id_letter")),
        sa.ForeignKeyConstraint(["queued_by"], ["colleague.id"], name=op.f("fk_outbox_queued_by_colleague")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("letter_id", name=op.f("uq_outbox_letter_id")),
        sa.UniqueConstraint("message_id", name=op.f("uq_outbox_message_id")),
        sqlite_strict=True,
    )
    op.create_index("ix_outbox_due", "outbox", ["state", "next_try_at", "id"], unique=False)
    op.create_table(
        "bounce",
        sa.Column("letter_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("came_back_on", sa.Date(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("settled", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["letter_id"], ["letter.id"], name=op.f("fk_bounce_letter_id_letter")),
        sa.PrimaryKeyConstraint("letter_id", name=op.f("pk_bounce")),
        sqlite_strict=True,
    )
    op.create_table(
        "job_lease",
        sa.Column("job", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("held_by", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("held_until", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("job", name=op.f("pk_job_lease")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    op.drop_table("job_lease")
    op.drop_table("bounce")
    op.drop_index("ix_outbox_due", table_name="outbox")
    op.drop_table("outbox")
