"""Numbers of a theme in full on both databases."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _figures(sa.Double())


def downgrade() -> None:
    _figures(sa.REAL())


def _figures(kind: sa.types.TypeEngine[float]) -> None:
    """SQLite keeps every number in eight bytes; PostgreSQL kept these in four."""
    if op.get_bind().dialect.name == "postgresql":
        for name in ("expected", "chance"):
            op.alter_column("theme", name, type_=kind, existing_nullable=False)
