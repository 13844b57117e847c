"""Service requests with their steps, links and monthly reviews, and how a complaint was taken in."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "request_review",
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("reviewed_on", sa.Date(), nullable=False),
        sa.Column("reviewed_by", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["reviewed_by"], ["colleague.id"], name=op.f("fk_request_review_reviewed_by_colleague")
        ),
        sa.PrimaryKeyConstraint("month", name=op.f("pk_request_review")),
        sqlite_strict=True,
    )
    op.create_table(
        "service_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("matter", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("channel", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("received_by", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("logged_on", sa.Date(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=True),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("contains_dissatisfaction", sa.Boolean(), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("offered_on", sa.Date(), nullable=True),
        sa.Column("offer_reply", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=True),
        sa.Column("outcome", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "channel IN ('web form', 'e-mail', 'phone', 'in person', 'letter', 'social media', 'councillor or MP', 'survey', 'contractor', 'other', 'not recorded')",
            name=op.f("ck_service_request_channel"),
        ),
        sa.CheckConstraint(
            "offer_reply IN ('yes, they want to complain', 'no, they do not', 'no reply yet')",
            name=op.f("ck_service_request_offer_reply"),
        ),
        sa.CheckConstraint(
            "outcome IN ('done', 'explained', 'not done, with reasons', 'passed to another body', 'no longer wanted')",
            name=op.f("ck_service_request_outcome"),
        ),
        sa.CheckConstraint(
            "(offer_reply IS NULL) = (offered_on IS NULL)", name=op.f("ck_service_request_offered_with_reply")
        ),
        sa.CheckConstraint(
            "(outcome IS NULL) = (closed_on IS NULL)", name=op.f("ck_service_request_closed_with_outcome")
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["colleague.id"], name=op.f("fk_service_request_decided_by_colleague")),
        sa.ForeignKeyConstraint(["owner_id"], ["colleague.id"], name=op.f("fk_service_request_owner_id_colleague")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_service_request_person_id_person")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_service_request_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_request")),
        sa.UniqueConstraint("reference", name=op.f("uq_service_request_reference")),
        sqlite_strict=True,
    )
    op.create_index("ix_service_request_closed", "service_request", ["closed_on", "id"], unique=False)
    op.create_index("ix_service_request_owner", "service_request", ["owner_id", "closed_on"], unique=False)
    op.create_index(op.f("ix_service_request_person_id"), "service_request", ["person_id"], unique=False)
    op.create_table(
        "request_link",
        sa.Column("request_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("complaint_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.CheckConstraint("kind IN ('raised', 'turned out')", name=op.f("ck_request_link_kind")),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaint.id"], name=op.f("fk_request_link_complaint_id_complaint")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["service_request.id"], name=op.f("fk_request_link_request_id_service_request")
        ),
        sa.PrimaryKeyConstraint("request_id", "complaint_id", name=op.f("pk_request_link")),
        sqlite_strict=True,
    )
    op.create_index("ix_request_link_complaint", "request_link", ["complaint_id"], unique=False)
    op.create_table(
        "request_step",
        sa.Column("request_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("command_id", sqlmodel.sql.sqltypes.AutoString(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"], ["service_request.id"], name=op.f("fk_request_step_request_id_service_request")
        ),
        sa.PrimaryKeyConstraint("request_id", "command_id", name=op.f("pk_request_step")),
        sqlite_strict=True,
    )
    op.create_index("ix_request_step_command", "request_step", ["command_id"], unique=False)
    op.create_table(
        "taken_in",
        sa.Column("complaint_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("passed_on", sa.Boolean(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("respondent", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("respondent_name", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("affected", sa.Integer(), nullable=False),
        sa.Column("lead_contact", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.CheckConstraint(
            "respondent IN ('the council', 'a contractor', 'a partner')", name=op.f("ck_taken_in_respondent")
        ),
        sa.CheckConstraint("affected >= 1", name=op.f("ck_taken_in_affected")),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name=op.f("fk_taken_in_complaint_id_complaint")),
        sa.ForeignKeyConstraint(["decided_by"], ["colleague.id"], name=op.f("fk_taken_in_decided_by_colleague")),
        sa.PrimaryKeyConstraint("complaint_id", name=op.f("pk_taken_in")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    op.drop_table("taken_in")
    op.drop_index("ix_request_step_command", table_name="request_step")
    op.drop_table("request_step")
    op.drop_index("ix_request_link_complaint", table_name="request_link")
    op.drop_table("request_link")
    op.drop_index(op.f("ix_service_request_person_id"), table_name="service_request")
    op.drop_index("ix_service_request_owner", table_name="service_request")
    op.drop_index("ix_service_request_closed", table_name="service_request")
    op.drop_table("service_request")
    op.drop_table("request_review")
