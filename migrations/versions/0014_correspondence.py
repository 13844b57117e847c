"""Contacts, how often somebody is told, who had which stage; the council's own standards beside the Code's duties."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

QUEUES = {
    "ix_duty_queue": ["act_by", "ours", "id"],
    "ix_duty_queue_owner": ["owner_id", "act_by", "ours", "id"],
    "ix_duty_queue_service": ["service_id", "act_by", "ours", "id"],
}
WITH_WHOM = "with_whom IN ('the individual', 'their representative', 'somebody else')"
REACHED = "reached_by IN ('by phone', 'by e-mail', 'by letter', 'in person', 'by video call', 'in another way')"


def upgrade() -> None:
    _contact()
    op.create_table(
        "update_agreement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("every_weeks", sa.Integer(), nullable=False),
        sa.Column("with_whom", sqlmodel.sql.sqltypes.AutoString(length=30), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("agreed_on", sa.Date(), nullable=False),
        sa.Column("agreed_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(WITH_WHOM, name=op.f("ck_update_agreement_with_whom")),
        sa.CheckConstraint("every_weeks > 0", name=op.f("ck_update_agreement_weeks")),
        sa.ForeignKeyConstraint(["agreed_by"], ["colleague.id"], name=op.f("fk_update_agreement_agreed_by_colleague")),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaint.id"], name=op.f("fk_update_agreement_complaint_id_complaint")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_update_agreement")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_update_agreement_complaint_id"), "update_agreement", ["complaint_id"], unique=False)
    op.create_table(
        "allocation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("stage_number", sa.Integer(), nullable=False),
        sa.Column("colleague_id", sa.Integer(), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.CheckConstraint("stage_number IN (1, 2)", name=op.f("ck_allocation_two_stages")),
        sa.CheckConstraint("until IS NULL OR until >= given_on", name=op.f("ck_allocation_until_after")),
        sa.ForeignKeyConstraint(["colleague_id"], ["colleague.id"], name=op.f("fk_allocation_colleague_id_colleague")),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name=op.f("fk_allocation_complaint_id_complaint")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allocation")),
        sqlite_strict=True,
    )
    op.create_index("ix_allocation_complaint", "allocation", ["complaint_id", "id"], unique=False)
    op.add_column("stage", sa.Column("told_on", sa.Date(), nullable=True))
    _add_flag("response", "by_word_of_mouth")
    _add_flag("duty", "ours")
    _queues(QUEUES)


def _contact() -> None:
    op.create_table(
        "contact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("direction", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("with_whom", sqlmodel.sql.sqltypes.AutoString(length=30), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("reached_by", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("at_time", sqlmodel.sql.sqltypes.AutoString(length=5), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("introduces", sa.Boolean(), nullable=False),
        sa.Column("waits", sa.Boolean(), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("answer_contact_id", sa.Integer(), nullable=True),
        sa.Column("answer_letter_id", sa.Integer(), nullable=True),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "direction IN ('they contacted us', 'we contacted them')", name=op.f("ck_contact_direction")
        ),
        sa.CheckConstraint(WITH_WHOM, name=op.f("ck_contact_with_whom")),
        sa.CheckConstraint(REACHED, name=op.f("ck_contact_reached_by")),
        sa.CheckConstraint("answered_on IS NULL OR answered_on >= on_day", name=op.f("ck_contact_answered_after")),
        sa.CheckConstraint(
            "(answered_on IS NULL) = (answer_contact_id IS NULL AND answer_letter_id IS NULL)",
            name=op.f("ck_contact_answered_by"),
        ),
        sa.ForeignKeyConstraint(
            ["answer_contact_id"], ["contact.id"], name=op.f("fk_contact_answer_contact_id_contact")
        ),
        sa.ForeignKeyConstraint(["answer_letter_id"], ["letter.id"], name=op.f("fk_contact_answer_letter_id_letter")),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name=op.f("fk_contact_complaint_id_complaint")),
        sa.ForeignKeyConstraint(["recorded_by"], ["colleague.id"], name=op.f("fk_contact_recorded_by_colleague")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
        sa.UniqueConstraint("complaint_id", "number", name=op.f("uq_contact_complaint_id_number")),
        sqlite_strict=True,
    )


def _add_flag(table: str, name: str) -> None:
    """A column that says no of every row there is; SQLite adds one without copying the table if it has a default."""
    op.add_column(table, sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()))
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column(table, name, server_default=None)


def _queues(columns: dict[str, list[str]]) -> None:
    for name, of in columns.items():
        op.drop_index(name, table_name="duty")
        there = {"sqlite_where": sa.text("is_next = 1"), "postgresql_where": sa.text("is_next")}
        op.create_index(name, "duty", of, unique=False, **there)


def downgrade() -> None:
    op.execute("DELETE FROM duty WHERE ours")
    _queues({name: [each for each in of if each != "ours"] for name, of in QUEUES.items()})
    op.drop_column("duty", "ours")
    op.drop_column("response", "by_word_of_mouth")
    op.drop_column("stage", "told_on")
    op.drop_index("ix_allocation_complaint", table_name="allocation")
    op.drop_table("allocation")
    op.drop_index(op.f("ix_update_agreement_complaint_id"), table_name="update_agreement")
    op.drop_table("update_agreement")
    op.drop_table("contact")
