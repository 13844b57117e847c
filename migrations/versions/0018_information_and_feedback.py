"""Questions to colleagues and others, the links they answer by, and what people thought of how we dealt with them."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _survey()
    _information()


def _survey() -> None:
    op.create_table(
        "survey_comment",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(length=36), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_comment")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("ix_survey_comment_month", "survey_comment", ["month"], unique=False)
    op.create_table(
        "survey_count",
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("stage_number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("scope", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("outcome", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("question", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("answer", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.CheckConstraint("people >= 0", name=op.f("ck_survey_count_people")),
        sa.PrimaryKeyConstraint(
            "month", "stage_number", "scope", "outcome", "question", "answer", name=op.f("pk_survey_count")
        ),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "survey_offer",
        sa.Column("complaint_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("stage_number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("offered_on", sa.Date(), nullable=False),
        sa.Column("way", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("reply", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("link_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=True),
        sa.Column("link_ends_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "reply IN ('offered, no answer yet', 'they answered', 'they do not want to be asked')",
            name=op.f("ck_survey_offer_reply"),
        ),
        sa.CheckConstraint("way IN ('by a link', 'on paper', 'by phone')", name=op.f("ck_survey_offer_way")),
        sa.CheckConstraint("stage_number IN (1, 2)", name=op.f("ck_survey_offer_two_stages")),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaint.id"], name=op.f("fk_survey_offer_complaint_id_complaint")
        ),
        sa.PrimaryKeyConstraint("complaint_id", "stage_number", name=op.f("pk_survey_offer")),
        sa.UniqueConstraint("link_id", name=op.f("uq_survey_offer_link_id")),
        sqlite_strict=True,
    )
    op.create_index("ix_survey_offer_offered", "survey_offer", ["offered_on"], unique=False)


def _information() -> None:
    op.create_table(
        "information_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("colleague_id", sa.Integer(), nullable=True),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("organisation", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("email", sqlmodel.sql.sqltypes.AutoString(length=254), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("documents", sa.Text(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("escalated_on", sa.Date(), nullable=True),
        sa.Column("escalated_to", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("why_escalated", sa.Text(), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("answered_by", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("answered_how", sqlmodel.sql.sqltypes.AutoString(length=30), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("why_withdrawn", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "answered_on IS NULL OR answered_on >= asked_on", name=op.f("ck_information_request_answered_after")
        ),
        sa.CheckConstraint("answered_on IS NULL OR withdrawn_on IS NULL", name=op.f("ck_information_request_one_end")),
        sa.CheckConstraint("due_on >= asked_on", name=op.f("ck_information_request_due_after")),
        sa.ForeignKeyConstraint(["asked_by"], ["colleague.id"], name=op.f("fk_information_request_asked_by_colleague")),
        sa.ForeignKeyConstraint(
            ["colleague_id"], ["colleague.id"], name=op.f("fk_information_request_colleague_id_colleague")
        ),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaint.id"], name=op.f("fk_information_request_complaint_id_complaint")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_information_request")),
        sa.UniqueConstraint("complaint_id", "number", name=op.f("uq_information_request_complaint_id_number")),
        sqlite_strict=True,
    )
    op.create_index("ix_information_request_answered", "information_request", ["answered_on"], unique=False)
    op.create_index(
        "ix_information_request_open",
        "information_request",
        ["due_on"],
        unique=False,
        sqlite_where=sa.text("answered_on IS NULL AND withdrawn_on IS NULL"),
        postgresql_where=sa.text("answered_on IS NULL AND withdrawn_on IS NULL"),
    )
    op.create_table(
        "answer_link",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("ends_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("ended_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["request_id"], ["information_request.id"], name=op.f("fk_answer_link_request_id_information_request")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_link")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_answer_link_request_id"), "answer_link", ["request_id"], unique=False)
    op.create_table(
        "information_chase",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("chased_on", sa.Date(), nullable=False),
        sa.Column("reached_by", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("new_due_on", sa.Date(), nullable=True),
        sa.Column("chased_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "reached_by IN ('by phone', 'by e-mail', 'by letter', 'in person', 'by video call', 'in another way')",
            name=op.f("ck_information_chase_reached_by"),
        ),
        sa.ForeignKeyConstraint(["chased_by"], ["colleague.id"], name=op.f("fk_information_chase_chased_by_colleague")),
        sa.ForeignKeyConstraint(
            ["request_id"], ["information_request.id"], name=op.f("fk_information_chase_request_id_information_request")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_information_chase")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_information_chase_request_id"), "information_chase", ["request_id"], unique=False)


def downgrade() -> None:
    op.execute("DELETE FROM duty WHERE kind = 'information'")
    op.drop_index(op.f("ix_information_chase_request_id"), table_name="information_chase")
    op.drop_table("information_chase")
    op.drop_index(op.f("ix_answer_link_request_id"), table_name="answer_link")
    op.drop_table("answer_link")
    op.drop_index("ix_survey_offer_offered", table_name="survey_offer")
    op.drop_table("survey_offer")
    op.drop_index("ix_information_request_open", table_name="information_request")
    op.drop_index("ix_information_request_answered", table_name="information_request")
    op.drop_table("information_request")
    op.drop_table("survey_count")
    op.drop_index("ix_survey_comment_month", table_name="survey_comment")
    op.drop_table("survey_comment")
