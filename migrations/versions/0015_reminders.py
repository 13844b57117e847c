"""Letters that the console began about late answers, and whom it reminds of what is due."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

KINDS = "kind IN ('morning', 'weekly')"
STATES = "state IN ('waiting', 'sent', 'nothing', 'dropped')"


def upgrade() -> None:
    op.create_table(
        "notice_draft",
        sa.Column("complaint_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("stage_number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("act_by", sa.Date(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("letter_id", sa.Integer(), nullable=True),
        sa.Column("drafted_on", sa.Date(), nullable=False),
        sa.CheckConstraint("stage_number IN (1, 2)", name=op.f("ck_notice_draft_two_stages")),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaint.id"], name=op.f("fk_notice_draft_complaint_id_complaint")
        ),
        sa.PrimaryKeyConstraint("complaint_id", "stage_number", "act_by", "kind", name=op.f("pk_notice_draft")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_notice_draft_letter_id"), "notice_draft", ["letter_id"], unique=False)
    op.create_table(
        "reminder_choice",
        sa.Column("colleague_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("address", sqlmodel.sql.sqltypes.AutoString(length=254), nullable=False),
        sa.Column("wanted", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["colleague_id"], ["colleague.id"], name=op.f("fk_reminder_choice_colleague_id_colleague")
        ),
        sa.PrimaryKeyConstraint("colleague_id", name=op.f("pk_reminder_choice")),
        sqlite_strict=True,
    )
    _reminder()


def _reminder() -> None:
    op.create_table(
        "reminder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("colleague_id", sa.Integer(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("message_id", sqlmodel.sql.sqltypes.AutoString(length=250), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_try_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("leased_by", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("sent_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.CheckConstraint(KINDS, name=op.f("ck_reminder_kind")),
        sa.CheckConstraint(STATES, name=op.f("ck_reminder_state")),
        sa.CheckConstraint("(sent_at IS NULL) = (state <> 'sent')", name=op.f("ck_reminder_sent_once_taken")),
        sa.ForeignKeyConstraint(["colleague_id"], ["colleague.id"], name=op.f("fk_reminder_colleague_id_colleague")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder")),
        sa.UniqueConstraint("colleague_id", "kind", "day", name=op.f("uq_reminder_colleague_id_kind_day")),
        sa.UniqueConstraint("message_id", name=op.f("uq_reminder_message_id")),
        sqlite_strict=True,
    )
    op.create_index("ix_reminder_due", "reminder", ["state", "next_try_at", "id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_reminder_due", table_name="reminder")
    op.drop_table("reminder")
    op.drop_table("reminder_choice")
    op.drop_index(op.f("ix_notice_draft_letter_id"), table_name="notice_draft")
    op.drop_table("notice_draft")
