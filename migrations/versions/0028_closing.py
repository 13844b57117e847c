"""Limits of authority with the sums that needed agreement, and the policy on unreasonable behaviour."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def _text(length: int) -> sqlmodel.sql.sqltypes.AutoString:
    return sqlmodel.sql.sqltypes.AutoString(length=length)


def _fk(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"))


def upgrade() -> None:
    op.create_table(
        "authority_limit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("role", _text(20), nullable=True),
        sa.Column("colleague_id", sa.Integer(), nullable=True),
        sa.Column("pence", sa.Integer(), nullable=True),
        sa.Column("in_force_from", sa.Date(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("set_by", sa.Integer(), nullable=True),
        sa.Column("set_on", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "role IN ('recorder', 'handler', 'reviewer', 'complaints manager', 'senior lead', 'Member', "
            "'quality reviewer', 'link officer', 'administrator', 'independent assessor')",
            name=op.f("ck_authority_limit_role"),
        ),
        sa.CheckConstraint("(role IS NULL) <> (colleague_id IS NULL)", name=op.f("ck_authority_limit_of_one")),
        sa.CheckConstraint("pence IS NULL OR pence >= 0", name=op.f("ck_authority_limit_no_debt")),
        _fk("authority_limit", "colleague_id", "colleague"),
        _fk("authority_limit", "set_by", "colleague"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_authority_limit")),
        sqlite_strict=True,
    )
    op.create_table(
        "sum_asked",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("pence", sa.Integer(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=True),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("agreed", sa.Boolean(), nullable=True),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.CheckConstraint("(agreed IS NULL) = (answered_on IS NULL)", name=op.f("ck_sum_asked_answered_with_date")),
        sa.CheckConstraint("pence > 0", name=op.f("ck_sum_asked_asks_for_something")),
        sa.CheckConstraint("answered_by IS NULL OR answered_by <> asked_by", name=op.f("ck_sum_asked_by_another")),
        _fk("sum_asked", "complaint_id", "complaint"),
        _fk("sum_asked", "asked_by", "colleague"),
        _fk("sum_asked", "answered_by", "colleague"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sum_asked")),
        sqlite_strict=True,
    )
    op.create_index("ix_sum_asked_complaint_id", "sum_asked", ["complaint_id"], unique=False)
    waiting = sa.text("agreed IS NULL")
    op.create_index(
        "ix_sum_asked_waiting", "sum_asked", ["complaint_id"], sqlite_where=waiting, postgresql_where=waiting
    )
    _behaviour()


def _behaviour() -> None:
    op.create_table(
        "behaviour_policy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", _text(120), nullable=False),
        sa.Column("in_force_from", sa.Date(), nullable=False),
        sa.Column("approved_by", _text(200), nullable=False),
        sa.Column("web_address", _text(300), nullable=False),
        sa.Column("file_name", _text(200), nullable=False),
        sa.Column("media_type", _text(120), nullable=False),
        sa.Column("sha256", _text(64), nullable=False),
        sa.Column("why_held", _text(300), nullable=False),
        sa.Column("added_by", sa.Integer(), nullable=True),
        sa.Column("added_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        _fk("behaviour_policy", "added_by", "colleague"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_behaviour_policy")),
        sqlite_strict=True,
    )
    op.create_index("ix_behaviour_policy_sha256", "behaviour_policy", ["sha256"], unique=False)
    op.create_table(
        "policy_sent",
        sa.Column("letter_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("policy_id", sa.Integer(), nullable=False),
        sa.Column("sha256", _text(64), nullable=False),
        _fk("policy_sent", "letter_id", "letter"),
        sa.ForeignKeyConstraint(
            ["policy_id"], ["behaviour_policy.id"], name=op.f("fk_policy_sent_policy_id_behaviour_policy")
        ),
        sa.PrimaryKeyConstraint("letter_id", name=op.f("pk_policy_sent")),
        sqlite_strict=True,
    )
    op.create_index("ix_policy_sent_sha256", "policy_sent", ["sha256"], unique=False)


def downgrade() -> None:
    op.drop_table("policy_sent")
    op.drop_table("behaviour_policy")
    op.drop_table("sum_asked")
    op.drop_table("authority_limit")
