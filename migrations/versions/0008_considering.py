"""Positions stated, clarifications, meetings, the evidence that was weighed, and how complaints were judged first."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

REACHED_BY = "reached_by IN ('by phone', 'by e-mail', 'by letter', 'in person', 'by video call', 'in another way')"
STAGES = "stage_number IN (1, 2)"
String = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    _heard_and_asked()
    _met()
    _weighed()
    _assessed()
    # Every file that is here already is evidence, and nobody has said yet what weight it has.
    op.execute(
        "INSERT INTO evidence_item (complaint_id, file_id, what, source, considered, weight) "
        "SELECT complaint_id, id, name, '', 'not weighed yet', '' FROM case_file ORDER BY id"
    )
    op.create_index(
        "ix_care_risk",
        "care",
        ["complaint_id"],
        unique=False,
        sqlite_where=sa.text("risk <> ''"),
        postgresql_where=sa.text("risk <> ''"),
    )


def downgrade() -> None:
    op.drop_index("ix_care_risk", table_name="care")
    op.drop_table("assessment")
    op.drop_index("ix_evidence_item_complaint", table_name="evidence_item")
    op.drop_table("evidence_item")
    for name in ("meeting", "clarification", "stated_position"):
        op.drop_index(op.f(f"ix_{name}_complaint_id"), table_name=name)
        op.drop_table(name)


def _of_a_complaint(name: str, colleague: str) -> list[sa.Constraint]:
    return [
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name=op.f(f"fk_{name}_complaint_id_complaint")),
        sa.ForeignKeyConstraint([colleague], ["colleague.id"], name=op.f(f"fk_{name}_{colleague}_colleague")),
    ]


def _heard_and_asked() -> None:
    op.create_table(
        "stated_position",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("stage_number", sa.Integer(), nullable=False),
        sa.Column("obtained_on", sa.Date(), nullable=False),
        sa.Column("reached_by", String(length=20), nullable=False),
        sa.Column("nothing_to_add", sa.Boolean(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(REACHED_BY, name=op.f("ck_stated_position_reached_by")),
        sa.CheckConstraint(STAGES, name=op.f("ck_stated_position_two_stages")),
        *_of_a_complaint("stated_position", "recorded_by"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stated_position")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_stated_position_complaint_id"), "stated_position", ["complaint_id"], unique=False)
    op.create_table(
        "clarification",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("stage_number", sa.Integer(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("reached_by", String(length=20), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.CheckConstraint(REACHED_BY, name=op.f("ck_clarification_reached_by")),
        sa.CheckConstraint(STAGES, name=op.f("ck_clarification_two_stages")),
        sa.CheckConstraint(
            "answered_on IS NULL OR answered_on >= asked_on", name=op.f("ck_clarification_answered_after")
        ),
        *_of_a_complaint("clarification", "asked_by"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clarification")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_clarification_complaint_id"), "clarification", ["complaint_id"], unique=False)


def _met() -> None:
    op.create_table(
        "meeting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("place", String(length=200), nullable=False),
        sa.Column("attended", sa.Text(), nullable=False),
        sa.Column("accompanied", sa.Text(), nullable=False),
        sa.Column("adjustments", sa.Text(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        *_of_a_complaint("meeting", "recorded_by"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_meeting_complaint_id"), "meeting", ["complaint_id"], unique=False)


def _weighed() -> None:
    op.create_table(
        "evidence_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("what", String(length=200), nullable=False),
        sa.Column("source", String(length=200), nullable=False),
        sa.Column("considered", String(length=20), nullable=False),
        sa.Column("weight", sa.Text(), nullable=False),
        sa.Column("weighed_on", sa.Date(), nullable=True),
        sa.Column("weighed_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "considered IN ('not weighed yet', 'considered', 'left aside')", name=op.f("ck_evidence_item_considered")
        ),
        *_of_a_complaint("evidence_item", "weighed_by"),
        sa.ForeignKeyConstraint(["file_id"], ["case_file.id"], name=op.f("fk_evidence_item_file_id_case_file")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_item")),
        sa.UniqueConstraint("file_id", name=op.f("uq_evidence_item_file_id")),
        sqlite_strict=True,
    )
    op.create_index("ix_evidence_item_complaint", "evidence_item", ["complaint_id", "id"], unique=False)


def _assessed() -> None:
    op.create_table(
        "assessment",
        sa.Column("complaint_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("complexity", String(length=10), nullable=False),
        sa.Column("quick", sa.Boolean(), nullable=False),
        sa.Column("handler_fit", String(length=30), nullable=False),
        sa.Column("vulnerable", sa.Boolean(), nullable=False),
        sa.Column("at_risk", sa.Boolean(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("assessed_on", sa.Date(), nullable=False),
        sa.Column("assessed_by", sa.Integer(), nullable=True),
        sa.CheckConstraint("complexity IN ('low', 'medium', 'high')", name=op.f("ck_assessment_complexity")),
        sa.CheckConstraint(
            "handler_fit IN ('yes', 'no, it needs someone else', 'nobody has it yet')",
            name=op.f("ck_assessment_handler_fit"),
        ),
        *_of_a_complaint("assessment", "assessed_by"),
        sa.PrimaryKeyConstraint("complaint_id", name=op.f("pk_assessment")),
        sqlite_strict=True,
    )
