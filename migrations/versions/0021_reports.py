"""Reports as they are frozen, what was written for them, and their way through governance to the website."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _reports()
    _governance()
    _frozen()


def _reports() -> None:
    op.create_table(
        "member_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("sha256", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("about", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("reported_on", sa.Date(), nullable=False),
        sa.Column("added_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["added_by"], ["colleague.id"], name=op.f("fk_member_report_added_by_colleague")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member_report")),
        sqlite_strict=True,
    )
    op.create_table(
        "ombudsman_publication",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.Column("address", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column("concerns", sa.Text(), nullable=False),
        sa.Column("added_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["added_by"], ["colleague.id"], name=op.f("fk_ombudsman_publication_added_by_colleague")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ombudsman_publication")),
        sqlite_strict=True,
    )
    op.create_index("ix_ombudsman_publication_day", "ombudsman_publication", ["published_on"], unique=False)
    op.create_table(
        "report_narrative",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=30), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("box", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_by", sa.Integer(), nullable=True),
        sa.Column("written_on", sa.Date(), nullable=False),
        sa.CheckConstraint("kind IN ('yearly report', 'quarterly Member pack')", name=op.f("ck_report_narrative_kind")),
        sa.ForeignKeyConstraint(
            ["written_by"], ["colleague.id"], name=op.f("fk_report_narrative_written_by_colleague")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_narrative")),
        sa.UniqueConstraint("kind", "starts_on", "box", name=op.f("uq_report_narrative_kind_starts_on_box")),
        sqlite_strict=True,
    )
    op.create_table(
        "report_snapshot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=30), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("unsigned", sa.Boolean(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("sha256", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("pdf_sha256", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("word_sha256", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("html_sha256", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("made_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.CheckConstraint("kind IN ('yearly report', 'quarterly Member pack')", name=op.f("ck_report_snapshot_kind")),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_report_snapshot_ends_after")),
        sa.ForeignKeyConstraint(["made_by"], ["colleague.id"], name=op.f("fk_report_snapshot_made_by_colleague")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_snapshot")),
        sqlite_strict=True,
    )
    op.create_index("ix_report_snapshot_period", "report_snapshot", ["kind", "starts_on"], unique=False)


def _governance() -> None:
    op.create_table(
        "governing_response",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("snapshot_id", sa.Integer(), nullable=False),
        sa.Column("body", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("met_on", sa.Date(), nullable=False),
        sa.Column("minute", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["colleague.id"], name=op.f("fk_governing_response_recorded_by_colleague")
        ),
        sa.ForeignKeyConstraint(
            ["snapshot_id"], ["report_snapshot.id"], name=op.f("fk_governing_response_snapshot_id_report_snapshot")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_governing_response")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_governing_response_snapshot_id"), "governing_response", ["snapshot_id"], unique=False)
    op.create_table(
        "report_difference",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("snapshot_id", sa.Integer(), nullable=False),
        sa.Column("figure", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("now", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("explained_by", sa.Integer(), nullable=True),
        sa.Column("explained_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["explained_by"], ["colleague.id"], name=op.f("fk_report_difference_explained_by_colleague")
        ),
        sa.ForeignKeyConstraint(
            ["snapshot_id"], ["report_snapshot.id"], name=op.f("fk_report_difference_snapshot_id_report_snapshot")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_difference")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_report_difference_snapshot_id"), "report_difference", ["snapshot_id"], unique=False)
    op.create_table(
        "report_publication",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("snapshot_id", sa.Integer(), nullable=False),
        sa.Column("address", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.Column("with_response", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["colleague.id"], name=op.f("fk_report_publication_recorded_by_colleague")
        ),
        sa.ForeignKeyConstraint(
            ["snapshot_id"], ["report_snapshot.id"], name=op.f("fk_report_publication_snapshot_id_report_snapshot")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_publication")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_report_publication_snapshot_id"), "report_publication", ["snapshot_id"], unique=False)
    op.create_table(
        "report_receipt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("snapshot_id", sa.Integer(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("receiver", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["colleague.id"], name=op.f("fk_report_receipt_recorded_by_colleague")
        ),
        sa.ForeignKeyConstraint(
            ["snapshot_id"], ["report_snapshot.id"], name=op.f("fk_report_receipt_snapshot_id_report_snapshot")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_receipt")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_report_receipt_snapshot_id"), "report_receipt", ["snapshot_id"], unique=False)


def _frozen() -> None:
    """A report that was made is never changed and never removed."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE TRIGGER report_snapshot_fixed BEFORE UPDATE OR DELETE ON report_snapshot "
            "FOR EACH ROW EXECUTE FUNCTION refuse_rewriting()"
        )
        op.execute(
            "CREATE TRIGGER report_snapshot_kept BEFORE TRUNCATE ON report_snapshot "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting()"
        )
        return
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER report_snapshot_no_{verb.lower()} BEFORE {verb} ON report_snapshot "
            "BEGIN SELECT RAISE(ABORT, 'report_snapshot is append-only'); END"
        )


def downgrade() -> None:
    op.drop_table("report_receipt")
    op.drop_table("report_publication")
    op.drop_table("report_difference")
    op.drop_table("governing_response")
    op.drop_table("report_snapshot")
    op.drop_table("report_narrative")
    op.drop_table("ombudsman_publication")
    op.drop_table("member_report")
