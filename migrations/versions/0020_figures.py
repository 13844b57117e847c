"""What the figures of a period are counted from, in the order they are counted in."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0018"
branch_labels = None
depends_on = None

DUE, DUE_BEFORE = ["kind", "standing", "due_on", "service_id", "complaint_id"], ["kind", "standing", "due_on"]
INDEXES = {
    "ix_duty_met": ("duty", ["kind", "standing", "met_on", "service_id", "complaint_id"], None),
    "ix_complaint_received": ("complaint", ["received_on", "scheme", "service_id"], None),
    "ix_complaint_elsewhere": ("complaint", ["scheme", "id"], "scheme <> 'lgsco'"),
    "ix_complaint_reopened": ("complaint", ["reopened_on", "id"], "reopened_on IS NOT NULL"),
    "ix_stage_asked": ("stage", ["number", "received_on", "complaint_id"], None),
    "ix_stage_figures": (
        "stage",
        ["responded_on", "number", "received_on", "outcome", "receipt_recorded", "complaint_id"],
        None,
    ),
}


def upgrade() -> None:
    op.drop_index("ix_duty_figures", table_name="duty")
    op.create_index("ix_duty_figures", "duty", DUE, unique=False)
    for name, (table, columns, condition) in INDEXES.items():
        only = {} if condition is None else {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}
        op.create_index(name, table, columns, unique=False, **only)


def downgrade() -> None:
    for name, (table, _columns, _condition) in INDEXES.items():
        op.drop_index(name, table_name=table)
    op.drop_index("ix_duty_figures", table_name="duty")
    op.create_index("ix_duty_figures", "duty", DUE_BEFORE, unique=False)
