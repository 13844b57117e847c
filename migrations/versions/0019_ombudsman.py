"""Complaints at an Ombudsman, what is recommended, yearly letters, and complaints about our own handling."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_ROLES = (
    "role IN ('recorder', 'handler', 'reviewer', 'complaints manager', 'senior lead', 'Member', 'quality reviewer', "
    "'link officer', 'administrator'"
)
_MORE = ", 'independent assessor'"


def upgrade() -> None:
    _widen_roles(was=f"{_ROLES})", becomes=f"{_ROLES}{_MORE})")
    _annual_letter()
    _handling_complaint()
    _ombudsman_case()
    _recommendation()


def _annual_letter() -> None:
    op.create_table(
        "annual_letter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("body", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("figures", sa.Text(), nullable=False),
        sa.Column("file_name", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("sha256", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("entered_by", sa.Integer(), nullable=True),
        sa.Column("entered_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["entered_by"], ["colleague.id"], name=op.f("fk_annual_letter_entered_by_colleague")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_annual_letter")),
        sa.UniqueConstraint("body", "year", "version", name=op.f("uq_annual_letter_body_year_version")),
        sqlite_strict=True,
    )


def _handling_complaint() -> None:
    op.create_table(
        "handling_complaint",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("raised_on", sa.Date(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column("referred_on", sa.Date(), nullable=True),
        sa.Column("referral", sa.Text(), nullable=False),
        sa.Column("assessor_id", sa.Integer(), nullable=True),
        sa.Column("assessed_on", sa.Date(), nullable=True),
        sa.Column("outcome", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("findings", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(assessed_on IS NULL) = (outcome = '')", name=op.f("ck_handling_complaint_assessed_with_outcome")
        ),
        sa.CheckConstraint(
            "outcome = '' OR outcome IN ('upheld', 'upheld in part', 'not upheld')",
            name=op.f("ck_handling_complaint_outcome"),
        ),
        sa.CheckConstraint(
            "(referred_on IS NULL) = (assessor_id IS NULL)", name=op.f("ck_handling_complaint_referred_to_somebody")
        ),
        sa.CheckConstraint(
            "answered_on IS NULL OR answered_on >= raised_on", name=op.f("ck_handling_complaint_answered_after")
        ),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["colleague.id"], name=op.f("fk_handling_complaint_answered_by_colleague")
        ),
        sa.ForeignKeyConstraint(
            ["assessor_id"], ["colleague.id"], name=op.f("fk_handling_complaint_assessor_id_colleague")
        ),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaint.id"], name=op.f("fk_handling_complaint_complaint_id_complaint")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["colleague.id"], name=op.f("fk_handling_complaint_recorded_by_colleague")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handling_complaint")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_handling_complaint_assessor", "handling_complaint", ["assessor_id", "complaint_id"], unique=False
    )
    op.create_index(op.f("ix_handling_complaint_complaint_id"), "handling_complaint", ["complaint_id"], unique=False)


def _ombudsman_case() -> None:
    op.create_table(
        "ombudsman_case",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=True),
        sa.Column("ombudsman", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("their_reference", sqlmodel.sql.sqltypes.AutoString(length=50), nullable=False),
        sa.Column("investigator", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("enquiry_on", sa.Date(), nullable=False),
        sa.Column("respond_by", sa.Date(), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("draft_on", sa.Date(), nullable=True),
        sa.Column("draft", sa.Text(), nullable=False),
        sa.Column("comments_due_on", sa.Date(), nullable=True),
        sa.Column("commented_on", sa.Date(), nullable=True),
        sa.Column("comment_grounds", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("comments", sa.Text(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("outcome", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("remedy_before", sa.Boolean(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closing_note", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(decided_on IS NULL) = (outcome = '')", name=op.f("ck_ombudsman_case_decided_with_outcome")
        ),
        sa.CheckConstraint(
            "answered_on IS NULL OR answered_on >= enquiry_on", name=op.f("ck_ombudsman_case_answered_after")
        ),
        sa.CheckConstraint(
            "commented_on IS NULL OR commented_on >= draft_on", name=op.f("ck_ombudsman_case_commented_after")
        ),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaint.id"], name=op.f("fk_ombudsman_case_complaint_id_complaint")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["colleague.id"], name=op.f("fk_ombudsman_case_recorded_by_colleague")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ombudsman_case")),
        sa.UniqueConstraint("ombudsman", "their_reference", name=op.f("uq_ombudsman_case_ombudsman_their_reference")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_ombudsman_case_complaint_id"), "ombudsman_case", ["complaint_id"], unique=False)
    op.create_index("ix_ombudsman_case_decided", "ombudsman_case", ["decided_on"], unique=False)


def _recommendation() -> None:
    op.create_table(
        "recommendation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("ombudsman_case_id", sa.Integer(), nullable=True),
        sa.Column("handling_id", sa.Integer(), nullable=True),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("set_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("accepted", sa.Boolean(), nullable=False),
        sa.Column("why_not", sa.Text(), nullable=False),
        sa.Column("complied_on", sa.Date(), nullable=True),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("evidence_file_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "complied_on IS NULL OR evidence <> '' OR evidence_file_id IS NOT NULL",
            name=op.f("ck_recommendation_complied_with_evidence"),
        ),
        sa.CheckConstraint("kind IN ('personal remedy', 'service improvement')", name=op.f("ck_recommendation_kind")),
        sa.CheckConstraint(
            "(ombudsman_case_id IS NULL) <> (handling_id IS NULL)", name=op.f("ck_recommendation_from_one")
        ),
        sa.CheckConstraint("accepted OR complied_on IS NULL", name=op.f("ck_recommendation_accepted_first")),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaint.id"], name=op.f("fk_recommendation_complaint_id_complaint")
        ),
        sa.ForeignKeyConstraint(
            ["evidence_file_id"], ["case_file.id"], name=op.f("fk_recommendation_evidence_file_id_case_file")
        ),
        sa.ForeignKeyConstraint(
            ["handling_id"], ["handling_complaint.id"], name=op.f("fk_recommendation_handling_id_handling_complaint")
        ),
        sa.ForeignKeyConstraint(
            ["ombudsman_case_id"],
            ["ombudsman_case.id"],
            name=op.f("fk_recommendation_ombudsman_case_id_ombudsman_case"),
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["colleague.id"], name=op.f("fk_recommendation_owner_id_colleague")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recommendation")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_recommendation_complaint_id"), "recommendation", ["complaint_id"], unique=False)
    op.create_index("ix_recommendation_due", "recommendation", ["due_on"], unique=False)


def _widen_roles(*, was: str, becomes: str) -> None:
    """Change which roles a colleague may hold.

    SQLite changes a constraint only by copying the whole table, which every other table refers to, or, as its manual
    says for a change that touches no row, in the text of the schema.
    """
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        op.execute("ALTER TABLE colleague DROP CONSTRAINT ck_colleague_role")
        op.execute(f"ALTER TABLE colleague ADD CONSTRAINT ck_colleague_role CHECK ({becomes})")
        return
    version = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    changed = connection.exec_driver_sql(
        "UPDATE sqlite_master SET sql = replace(sql, ?, ?) WHERE type = 'table' AND name = 'colleague' "
        "AND instr(sql, ?) > 0",
        (was, becomes, was),
    )
    connection.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema = OFF")
    if changed.rowcount != 1:
        raise RuntimeError("The table colleague does not hold the list of roles as it should.")


def downgrade() -> None:
    op.execute(
        "DELETE FROM duty WHERE kind IN ('answer_enquiry', 'comment_on_draft', 'comply_recommendation', "
        "'answer_handling', 'assess_handling', 'update_ombudsman')"
    )
    op.drop_index("ix_recommendation_due", table_name="recommendation")
    op.drop_index(op.f("ix_recommendation_complaint_id"), table_name="recommendation")
    op.drop_table("recommendation")
    op.drop_index("ix_ombudsman_case_decided", table_name="ombudsman_case")
    op.drop_index(op.f("ix_ombudsman_case_complaint_id"), table_name="ombudsman_case")
    op.drop_table("ombudsman_case")
    op.drop_index(op.f("ix_handling_complaint_complaint_id"), table_name="handling_complaint")
    op.drop_index("ix_handling_complaint_assessor", table_name="handling_complaint")
    op.drop_table("handling_complaint")
    op.drop_table("annual_letter")
    # An older console knows no such role: whoever has it is let in no longer, and would see no case if they were.
    op.execute("UPDATE colleague SET role = 'recorder', active = false WHERE role = 'independent assessor'")
    _widen_roles(was=f"{_ROLES}{_MORE})", becomes=f"{_ROLES})")
