"""Accounts and sessions, the services a colleague sees, evidence files, and cases only named people see."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sign_in_failure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("name_hash", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("address", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_failure")),
        sqlite_strict=True,
    )
    op.create_index("ix_sign_in_failure_address", "sign_in_failure", ["address", "at"], unique=False)
    op.create_index("ix_sign_in_failure_name", "sign_in_failure", ["name_hash", "at"], unique=False)
    op.create_table(
        "account",
        sa.Column("colleague_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sign_in_name", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("password_hash", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=True),
        sa.Column("password_set_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("totp_secret", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=True),
        sa.Column("totp_step", sa.Integer(), nullable=False),
        sa.Column("issuer", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=True),
        sa.Column("subject", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=True),
        sa.ForeignKeyConstraint(["colleague_id"], ["colleague.id"], name=op.f("fk_account_colleague_id_colleague")),
        sa.PrimaryKeyConstraint("colleague_id", name=op.f("pk_account")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_account_issuer_subject")),
        sa.UniqueConstraint("sign_in_name", name=op.f("uq_account_sign_in_name")),
        sqlite_strict=True,
    )
    op.create_table(
        "calendar_feed",
        sa.Column("colleague_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("token_hash", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("made_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["colleague_id"], ["colleague.id"], name=op.f("fk_calendar_feed_colleague_id_colleague")
        ),
        sa.PrimaryKeyConstraint("colleague_id", name=op.f("pk_calendar_feed")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_calendar_feed_token_hash")),
        sqlite_strict=True,
    )
    op.create_table(
        "colleague_service",
        sa.Column("colleague_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("service_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["colleague_id"], ["colleague.id"], name=op.f("fk_colleague_service_colleague_id_colleague")
        ),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_colleague_service_service_id_service")),
        sa.PrimaryKeyConstraint("colleague_id", "service_id", name=op.f("pk_colleague_service")),
        sqlite_strict=True,
    )
    op.create_table(
        "login_session",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("colleague_id", sa.Integer(), nullable=False),
        sa.Column("how", sqlmodel.sql.sqltypes.AutoString(length=30), nullable=False),
        sa.Column("address", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("opened_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("seen_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("ends_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("ended_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["colleague_id"], ["colleague.id"], name=op.f("fk_login_session_colleague_id_colleague")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_session")),
        sqlite_strict=True,
    )
    op.create_index("ix_login_session_colleague", "login_session", ["colleague_id", "ended_at"], unique=False)
    op.create_table(
        "one_time_link",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("colleague_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("ends_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("used_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["colleague_id"], ["colleague.id"], name=op.f("fk_one_time_link_colleague_id_colleague")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_link")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_one_time_link_colleague_id"), "one_time_link", ["colleague_id"], unique=False)
    op.create_table(
        "case_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("media_type", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("why_held", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("added_by", sa.Integer(), nullable=True),
        sa.Column("added_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.CheckConstraint("state IN ('free', 'held')", name=op.f("ck_case_file_state")),
        sa.ForeignKeyConstraint(["added_by"], ["colleague.id"], name=op.f("fk_case_file_added_by_colleague")),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name=op.f("fk_case_file_complaint_id_complaint")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_file")),
        sa.UniqueConstraint("complaint_id", "sha256", "name", name=op.f("uq_case_file_complaint_id_sha256_name")),
        sqlite_strict=True,
    )
    op.create_index("ix_case_file_case", "case_file", ["complaint_id", "id"], unique=False)
    op.create_table(
        "confidential_case",
        sa.Column("complaint_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("since", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaint.id"], name=op.f("fk_confidential_case_complaint_id_complaint")
        ),
        sa.PrimaryKeyConstraint("complaint_id", name=op.f("pk_confidential_case")),
        sqlite_strict=True,
    )
    op.create_table(
        "named_person",
        sa.Column("complaint_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("colleague_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["colleague_id"], ["colleague.id"], name=op.f("fk_named_person_colleague_id_colleague")
        ),
        sa.ForeignKeyConstraint(
            ["complaint_id"],
            ["confidential_case.complaint_id"],
            name=op.f("fk_named_person_complaint_id_confidential_case"),
        ),
        sa.PrimaryKeyConstraint("complaint_id", "colleague_id", name=op.f("pk_named_person")),
        sqlite_strict=True,
    )
    op.create_index("ix_named_person_colleague", "named_person", ["colleague_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_named_person_colleague", table_name="named_person")
    op.drop_table("named_person")
    op.drop_table("confidential_case")
    op.drop_index("ix_case_file_case", table_name="case_file")
    op.drop_table("case_file")
    op.drop_index(op.f("ix_one_time_link_colleague_id"), table_name="one_time_link")
    op.drop_table("one_time_link")
    op.drop_index("ix_login_session_colleague", table_name="login_session")
    op.drop_table("login_session")
    op.drop_table("colleague_service")
    op.drop_table("calendar_feed")
    op.drop_table("account")
    op.drop_index("ix_sign_in_failure_name", table_name="sign_in_failure")
    op.drop_index("ix_sign_in_failure_address", table_name="sign_in_failure")
    op.drop_table("sign_in_failure")
