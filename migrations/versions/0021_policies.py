"""The council's own policy: its departures and its words, the check of them, and what was explained afterwards."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def _text(length: int) -> sa.String:
    return sqlmodel.sql.sqltypes.AutoString(length=length)


def upgrade() -> None:
    _policy_departure()
    _policy_paper()
    op.create_table(
        "explained_breach",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("departure_id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("stage_number", sa.Integer(), nullable=False),
        sa.Column("kind", _text(40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("met_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaint.id"], name=op.f("fk_explained_breach_complaint_id_complaint")
        ),
        sa.ForeignKeyConstraint(
            ["departure_id"], ["departure.id"], name=op.f("fk_explained_breach_departure_id_departure")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_explained_breach")),
        sa.UniqueConstraint("departure_id", name=op.f("uq_explained_breach_departure_id")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_explained_breach_complaint_id"), "explained_breach", ["complaint_id"], unique=False)


def _policy_departure() -> None:
    op.create_table(
        "policy_departure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("policy_id", sa.Integer(), nullable=False),
        sa.Column("key", _text(40), nullable=False),
        sa.Column("clause", _text(20), nullable=False),
        sa.Column("finding", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("recorded_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["policy_id"], ["policy_version.id"], name=op.f("fk_policy_departure_policy_id_policy_version")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["colleague.id"], name=op.f("fk_policy_departure_recorded_by_colleague")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_departure")),
        sa.UniqueConstraint("policy_id", "key", name=op.f("uq_policy_departure_policy_id_key")),
        sqlite_strict=True,
    )


def _policy_paper() -> None:
    op.create_table(
        "policy_paper",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("policy_id", sa.Integer(), nullable=False),
        sa.Column("approved_by", _text(120), nullable=False),
        sa.Column("minute", _text(160), nullable=False),
        sa.Column("complaint_definition", sa.Text(), nullable=False),
        sa.Column("request_definition", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("web_address", _text(300), nullable=False),
        sa.ForeignKeyConstraint(
            ["policy_id"], ["policy_version.id"], name=op.f("fk_policy_paper_policy_id_policy_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_paper")),
        sa.UniqueConstraint("policy_id", name=op.f("uq_policy_paper_policy_id")),
        sqlite_strict=True,
    )
    op.create_table(
        "policy_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("paper_id", sa.Integer(), nullable=False),
        sa.Column("item", _text(60), nullable=False),
        sa.Column("said", sa.Boolean(), nullable=False),
        sa.Column("where", sa.Text(), nullable=False),
        sa.Column("read_by", sa.Integer(), nullable=True),
        sa.Column("read_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["paper_id"], ["policy_paper.id"], name=op.f("fk_policy_item_paper_id_policy_paper")),
        sa.ForeignKeyConstraint(["read_by"], ["colleague.id"], name=op.f("fk_policy_item_read_by_colleague")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_item")),
        sqlite_strict=True,
    )
    op.create_index("ix_policy_item_paper", "policy_item", ["paper_id", "item", "id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_policy_item_paper", table_name="policy_item")
    op.drop_table("policy_item")
    op.drop_table("policy_paper")
    op.drop_table("policy_departure")
    op.drop_index(op.f("ix_explained_breach_complaint_id"), table_name="explained_breach")
    op.drop_table("explained_breach")
