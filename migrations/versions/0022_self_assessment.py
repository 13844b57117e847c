"""Self-assessment: what is assessed, its answers, frozen texts and signatures, and the changes that call for one."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _self_assessment()
    _large_change()
    _self_assessment_answer()
    _self_assessment_scope()
    _self_assessment_text()
    _self_assessment_sign_off()


def _self_assessment() -> None:
    op.create_table(
        "self_assessment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scheme", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("why", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("source", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=True),
        sa.Column("policies_known", sa.Integer(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("opened_by", sa.Integer(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.CheckConstraint("scheme IN ('lgsco', 'hos')", name=op.f("ck_self_assessment_scheme")),
        sa.CheckConstraint(
            "why IN ('yearly', 'a significant restructure', 'a merger', 'changed procedures')",
            name=op.f("ck_self_assessment_why"),
        ),
        sa.CheckConstraint("starts_on < ends_on", name=op.f("ck_self_assessment_period")),
        sa.ForeignKeyConstraint(["opened_by"], ["colleague.id"], name=op.f("fk_self_assessment_opened_by_colleague")),
        sa.ForeignKeyConstraint(["owner_id"], ["colleague.id"], name=op.f("fk_self_assessment_owner_id_colleague")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_self_assessment")),
        sqlite_strict=True,
    )


def _large_change() -> None:
    op.create_table(
        "large_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("changed_on", sa.Date(), nullable=False),
        sa.Column("recorded_on", sa.Date(), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("assessment_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('a significant restructure', 'a merger', 'changed procedures')", name=op.f("ck_large_change_kind")
        ),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["self_assessment.id"], name=op.f("fk_large_change_assessment_id_self_assessment")
        ),
        sa.ForeignKeyConstraint(["recorded_by"], ["colleague.id"], name=op.f("fk_large_change_recorded_by_colleague")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_large_change")),
        sqlite_strict=True,
    )


def _self_assessment_answer() -> None:
    op.create_table(
        "self_assessment_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("item", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("follows", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("commentary", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("answered_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "follows IN ('yes', 'partly', 'no', 'does not arise here')", name=op.f("ck_self_assessment_answer_follows")
        ),
        sa.CheckConstraint("version > 0", name=op.f("ck_self_assessment_answer_version")),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["colleague.id"], name=op.f("fk_self_assessment_answer_answered_by_colleague")
        ),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["self_assessment.id"],
            name=op.f("fk_self_assessment_answer_assessment_id_self_assessment"),
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["colleague.id"], name=op.f("fk_self_assessment_answer_owner_id_colleague")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_self_assessment_answer")),
        sa.UniqueConstraint(
            "assessment_id", "item", "version", name=op.f("uq_self_assessment_answer_assessment_id_item_version")
        ),
        sqlite_strict=True,
    )


def _self_assessment_scope() -> None:
    op.create_table(
        "self_assessment_scope",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("answer_id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["answer_id"],
            ["self_assessment_answer.id"],
            name=op.f("fk_self_assessment_scope_answer_id_self_assessment_answer"),
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_self_assessment_scope_service_id_service")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_self_assessment_scope")),
        sa.UniqueConstraint("answer_id", "service_id", name=op.f("uq_self_assessment_scope_answer_id_service_id")),
        sqlite_strict=True,
    )


def _self_assessment_text() -> None:
    op.create_table(
        "self_assessment_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("contents", sa.Text(), nullable=False),
        sa.Column("sha256", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("frozen_on", sa.Date(), nullable=False),
        sa.Column("frozen_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["self_assessment.id"],
            name=op.f("fk_self_assessment_text_assessment_id_self_assessment"),
        ),
        sa.ForeignKeyConstraint(
            ["frozen_by"], ["colleague.id"], name=op.f("fk_self_assessment_text_frozen_by_colleague")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_self_assessment_text")),
        sa.UniqueConstraint("assessment_id", "number", name=op.f("uq_self_assessment_text_assessment_id_number")),
        sqlite_strict=True,
    )


def _self_assessment_sign_off() -> None:
    op.create_table(
        "self_assessment_sign_off",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("text_id", sa.Integer(), nullable=False),
        sa.Column("step", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("committee", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("minute", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("response", sa.Text(), nullable=False),
        sa.Column("signed_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "step IN ('whoever answers for it', 'the senior lead', 'the governing body')",
            name=op.f("ck_self_assessment_sign_off_step"),
        ),
        sa.ForeignKeyConstraint(
            ["signed_by"], ["colleague.id"], name=op.f("fk_self_assessment_sign_off_signed_by_colleague")
        ),
        sa.ForeignKeyConstraint(
            ["text_id"],
            ["self_assessment_text.id"],
            name=op.f("fk_self_assessment_sign_off_text_id_self_assessment_text"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_self_assessment_sign_off")),
        sa.UniqueConstraint("text_id", "step", name=op.f("uq_self_assessment_sign_off_text_id_step")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    op.drop_table("self_assessment_sign_off")
    op.drop_table("self_assessment_text")
    op.drop_table("self_assessment_scope")
    op.drop_table("self_assessment_answer")
    op.drop_table("large_change")
    op.drop_table("self_assessment")
