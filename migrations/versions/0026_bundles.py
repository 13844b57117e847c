"""Bundles of a case, as they were made, and requests of people for their own data."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_WHOSE = "whose IN ('the person who asks', 'somebody else', 'an officer', 'several people', 'nobody in particular')"
_RULING = "ruling IN ('disclose', 'disclose with parts taken out', 'withhold')"
_FOR = "made_for IN ('an Ombudsman', 'an independent reviewer', 'somebody else who may have it')"


def _text(length: int) -> sqlmodel.sql.sqltypes.AutoString:
    return sqlmodel.sql.sqltypes.AutoString(length=length)


def upgrade() -> None:
    op.create_table(
        "case_bundle",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("made_for", _text(40), nullable=False),
        sa.Column("name", _text(200), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("officers_anonymous", sa.Boolean(), nullable=False),
        sa.Column("with_notes", sa.Boolean(), nullable=False),
        sa.Column("documents", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", _text(64), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("made_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.CheckConstraint(_FOR, name=op.f("ck_case_bundle_made_for")),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name=op.f("fk_case_bundle_complaint_id_complaint")),
        sa.ForeignKeyConstraint(["made_by"], ["colleague.id"], name=op.f("fk_case_bundle_made_by_colleague")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_bundle")),
        sqlite_strict=True,
    )
    op.create_index("ix_case_bundle_case", "case_bundle", ["complaint_id", "id"], unique=False)
    op.create_index("ix_case_bundle_sha256", "case_bundle", ["sha256"], unique=False)

    _requests()


def _requests() -> None:
    op.create_table(
        "subject_access_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", _text(200), nullable=False),
        sa.Column("contact", _text(500), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("identity_asked", sa.Boolean(), nullable=False),
        sa.Column("identity_on", sa.Date(), nullable=True),
        sa.Column("identity_how", _text(300), nullable=False),
        sa.Column("extended_on", sa.Date(), nullable=True),
        sa.Column("extended_why", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("sha256", _text(64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.CheckConstraint(
            "answered_on IS NOT NULL OR sha256 = ''", name=op.f("ck_subject_access_request_file_of_an_answer")
        ),
        sa.CheckConstraint(
            "(extended_on IS NULL) = (extended_why = '')", name=op.f("ck_subject_access_request_extended_with_reason")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["colleague.id"], name=op.f("fk_subject_access_request_recorded_by_colleague")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subject_access_request")),
        sqlite_strict=True,
    )
    op.create_index("ix_subject_access_request_sha256", "subject_access_request", ["sha256"], unique=False)
    _cases_and_rulings()


def _cases_and_rulings() -> None:
    of_request = ["request_id"], ["subject_access_request.id"]
    op.create_table(
        "subject_case",
        sa.Column("request_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("complaint_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaint.id"], name=op.f("fk_subject_case_complaint_id_complaint")
        ),
        sa.ForeignKeyConstraint(*of_request, name=op.f("fk_subject_case_request_id_subject_access_request")),
        sa.PrimaryKeyConstraint("request_id", "complaint_id", name=op.f("pk_subject_case")),
        sqlite_strict=True,
    )
    op.create_index("ix_subject_case_complaint", "subject_case", ["complaint_id"], unique=False)
    op.create_table(
        "subject_ruling",
        sa.Column("request_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("piece", _text(80), nullable=False),
        sa.Column("digest", _text(64), nullable=False),
        sa.Column("whose", _text(30), nullable=False),
        sa.Column("ruling", _text(40), nullable=False),
        sa.Column("exemption", _text(40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("passages", sa.Text(), nullable=False),
        sa.Column("pages", _text(500), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.CheckConstraint(_WHOSE, name=op.f("ck_subject_ruling_whose")),
        sa.CheckConstraint(_RULING, name=op.f("ck_subject_ruling_ruling")),
        sa.ForeignKeyConstraint(["decided_by"], ["colleague.id"], name=op.f("fk_subject_ruling_decided_by_colleague")),
        sa.ForeignKeyConstraint(*of_request, name=op.f("fk_subject_ruling_request_id_subject_access_request")),
        sa.PrimaryKeyConstraint("request_id", "piece", name=op.f("pk_subject_ruling")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    op.drop_table("subject_ruling")
    op.drop_table("subject_case")
    op.drop_table("subject_access_request")
    op.drop_table("case_bundle")
