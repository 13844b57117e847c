"""Learning and quality: causes, what decisions taught, themes, improvements, and the monthly checks of a sample."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

RISKS = "risk IN ('low', 'medium', 'high')"


def upgrade() -> None:
    _cause()
    _quality_sample()
    _theme()
    _improvement()
    _learning()
    _sampled_case()
    _theme_case()
    _improvement_case()
    _quality_check()
    _quality_item()


def _cause() -> None:
    op.create_table(
        "cause",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("title", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("help", sa.Text(), nullable=False),
        sa.Column("in_force_from", sa.Date(), nullable=False),
        sa.Column("in_force_until", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cause")),
        sqlite_strict=True,
    )
    op.create_index("ix_cause_key", "cause", ["key", "in_force_from"], unique=False)


def _quality_sample() -> None:
    op.create_table(
        "quality_sample",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("answered", sa.Integer(), nullable=False),
        sa.Column("strata", sa.Integer(), nullable=False),
        sa.Column("drawn_on", sa.Date(), nullable=False),
        sa.Column("drawn_by", sa.Integer(), nullable=True),
        sa.CheckConstraint("size > 0", name=op.f("ck_quality_sample_size")),
        sa.ForeignKeyConstraint(["drawn_by"], ["colleague.id"], name=op.f("fk_quality_sample_drawn_by_colleague")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quality_sample")),
        sa.UniqueConstraint("month", name=op.f("uq_quality_sample_month")),
        sqlite_strict=True,
    )


def _theme() -> None:
    op.create_table(
        "theme",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("key", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=True),
        sa.Column("title", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("found_on", sa.Date(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("expected", sa.REAL(), nullable=False),
        sa.Column("chance", sa.REAL(), nullable=False),
        sa.Column("decision", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("count_decided", sa.Integer(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("risk", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=True),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "decision IN ('candidate', 'accepted', 'dismissed', 'closed')", name=op.f("ck_theme_decision")
        ),
        sa.CheckConstraint("kind IN ('cause', 'category', 'words')", name=op.f("ck_theme_kind")),
        sa.CheckConstraint(RISKS, name=op.f("ck_theme_risk")),
        sa.ForeignKeyConstraint(["decided_by"], ["colleague.id"], name=op.f("fk_theme_decided_by_colleague")),
        sa.ForeignKeyConstraint(["owner_id"], ["colleague.id"], name=op.f("fk_theme_owner_id_colleague")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_theme_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_theme")),
        sqlite_strict=True,
    )
    op.create_index("ix_theme_key", "theme", ["kind", "key", "service_id"], unique=False)


def _improvement() -> None:
    op.create_table(
        "improvement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=True),
        sa.Column("cause_id", sa.Integer(), nullable=True),
        sa.Column("theme_id", sa.Integer(), nullable=True),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("risk", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("policy_to_revise", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("proposed_on", sa.Date(), nullable=False),
        sa.Column("proposed_by", sa.Integer(), nullable=True),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("you_said", sa.Text(), nullable=False),
        sa.Column("we_did", sa.Text(), nullable=False),
        sa.Column("dropped_on", sa.Date(), nullable=True),
        sa.Column("dropped_why", sa.Text(), nullable=False),
        sa.CheckConstraint(RISKS, name=op.f("ck_improvement_risk")),
        sa.CheckConstraint("done_on IS NULL OR dropped_on IS NULL", name=op.f("ck_improvement_one_end")),
        sa.CheckConstraint("done_on IS NULL OR started_on IS NOT NULL", name=op.f("ck_improvement_started_first")),
        sa.ForeignKeyConstraint(["cause_id"], ["cause.id"], name=op.f("fk_improvement_cause_id_cause")),
        sa.ForeignKeyConstraint(["owner_id"], ["colleague.id"], name=op.f("fk_improvement_owner_id_colleague")),
        sa.ForeignKeyConstraint(["proposed_by"], ["colleague.id"], name=op.f("fk_improvement_proposed_by_colleague")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_improvement_service_id_service")),
        sa.ForeignKeyConstraint(["theme_id"], ["theme.id"], name=op.f("fk_improvement_theme_id_theme")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_improvement")),
        sqlite_strict=True,
    )
    op.create_index("ix_improvement_due", "improvement", ["done_on", "dropped_on", "due_on"], unique=False)
    op.create_index(op.f("ix_improvement_owner_id"), "improvement", ["owner_id"], unique=False)
    op.create_index(op.f("ix_improvement_theme_id"), "improvement", ["theme_id"], unique=False)


def _learning() -> None:
    op.create_table(
        "learning",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("stage_number", sa.Integer(), nullable=False),
        sa.Column("something", sa.Boolean(), nullable=False),
        sa.Column("lesson", sa.Text(), nullable=False),
        sa.Column("cause_id", sa.Integer(), nullable=True),
        sa.Column("learned_on", sa.Date(), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.CheckConstraint("stage_number IN (1, 2)", name=op.f("ck_learning_two_stages")),
        sa.ForeignKeyConstraint(["cause_id"], ["cause.id"], name=op.f("fk_learning_cause_id_cause")),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name=op.f("fk_learning_complaint_id_complaint")),
        sa.ForeignKeyConstraint(["recorded_by"], ["colleague.id"], name=op.f("fk_learning_recorded_by_colleague")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learning")),
        sqlite_strict=True,
    )
    op.create_index("ix_learning_cause", "learning", ["cause_id", "complaint_id"], unique=False)
    op.create_index(op.f("ix_learning_complaint_id"), "learning", ["complaint_id"], unique=False)


def _sampled_case() -> None:
    op.create_table(
        "sampled_case",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sample_id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("stage_number", sa.Integer(), nullable=False),
        sa.Column("handler_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaint.id"], name=op.f("fk_sampled_case_complaint_id_complaint")
        ),
        sa.ForeignKeyConstraint(["handler_id"], ["colleague.id"], name=op.f("fk_sampled_case_handler_id_colleague")),
        sa.ForeignKeyConstraint(
            ["sample_id"], ["quality_sample.id"], name=op.f("fk_sampled_case_sample_id_quality_sample")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sampled_case")),
        sa.UniqueConstraint("sample_id", "complaint_id", name=op.f("uq_sampled_case_sample_id_complaint_id")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_sampled_case_complaint_id"), "sampled_case", ["complaint_id"], unique=False)
    op.create_index(op.f("ix_sampled_case_handler_id"), "sampled_case", ["handler_id"], unique=False)


def _theme_case() -> None:
    op.create_table(
        "theme_case",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("theme_id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name=op.f("fk_theme_case_complaint_id_complaint")),
        sa.ForeignKeyConstraint(["theme_id"], ["theme.id"], name=op.f("fk_theme_case_theme_id_theme")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_theme_case")),
        sa.UniqueConstraint("theme_id", "complaint_id", name=op.f("uq_theme_case_theme_id_complaint_id")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_theme_case_complaint_id"), "theme_case", ["complaint_id"], unique=False)


def _improvement_case() -> None:
    op.create_table(
        "improvement_case",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("improvement_id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("linked_on", sa.Date(), nullable=False),
        sa.Column("linked_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaint.id"], name=op.f("fk_improvement_case_complaint_id_complaint")
        ),
        sa.ForeignKeyConstraint(
            ["improvement_id"], ["improvement.id"], name=op.f("fk_improvement_case_improvement_id_improvement")
        ),
        sa.ForeignKeyConstraint(["linked_by"], ["colleague.id"], name=op.f("fk_improvement_case_linked_by_colleague")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_improvement_case")),
        sa.UniqueConstraint(
            "improvement_id", "complaint_id", name=op.f("uq_improvement_case_improvement_id_complaint_id")
        ),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_improvement_case_complaint_id"), "improvement_case", ["complaint_id"], unique=False)


def _quality_check() -> None:
    op.create_table(
        "quality_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sampled_id", sa.Integer(), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column("checked_by", sa.Integer(), nullable=True),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("acknowledged_on", sa.Date(), nullable=True),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["checked_by"], ["colleague.id"], name=op.f("fk_quality_check_checked_by_colleague")),
        sa.ForeignKeyConstraint(
            ["sampled_id"], ["sampled_case.id"], name=op.f("fk_quality_check_sampled_id_sampled_case")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quality_check")),
        sa.UniqueConstraint("sampled_id", name=op.f("uq_quality_check_sampled_id")),
        sqlite_strict=True,
    )


def _quality_item() -> None:
    op.create_table(
        "quality_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("check_id", sa.Integer(), nullable=False),
        sa.Column("item", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("mark", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.CheckConstraint("mark IN ('met', 'not met', 'does not apply')", name=op.f("ck_quality_item_mark")),
        sa.ForeignKeyConstraint(
            ["check_id"], ["quality_check.id"], name=op.f("fk_quality_item_check_id_quality_check")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quality_item")),
        sa.UniqueConstraint("check_id", "item", name=op.f("uq_quality_item_check_id_item")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    op.drop_table("quality_item")
    op.drop_table("quality_check")
    op.drop_index(op.f("ix_improvement_case_complaint_id"), table_name="improvement_case")
    op.drop_table("improvement_case")
    op.drop_index(op.f("ix_theme_case_complaint_id"), table_name="theme_case")
    op.drop_table("theme_case")
    op.drop_index(op.f("ix_sampled_case_handler_id"), table_name="sampled_case")
    op.drop_index(op.f("ix_sampled_case_complaint_id"), table_name="sampled_case")
    op.drop_table("sampled_case")
    op.drop_index(op.f("ix_learning_complaint_id"), table_name="learning")
    op.drop_index("ix_learning_cause", table_name="learning")
    op.drop_table("learning")
    op.drop_index(op.f("ix_improvement_theme_id"), table_name="improvement")
    op.drop_index(op.f("ix_improvement_owner_id"), table_name="improvement")
    op.drop_index("ix_improvement_due", table_name="improvement")
    op.drop_table("improvement")
    op.drop_index("ix_theme_key", table_name="theme")
    op.drop_table("theme")
    op.drop_table("quality_sample")
    op.drop_index("ix_cause_key", table_name="cause")
    op.drop_table("cause")
