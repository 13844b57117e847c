"""Reports as they are frozen and their way to the website; and views for analysts, which show nobody."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

# For analysts, read only: no name, no address, no words of anybody, and no confidential complaint. A category is shown
# from five complaints on, since it is typed. A later migration that changes one of these tables drops them first and
# makes them again. What each column means stands in docs/analysts.md.
_SEEN = "c.id NOT IN (SELECT complaint_id FROM confidential_case)"
VIEWS = {
    "analysis_complaint": """
        SELECT c.id AS complaint, c.scheme AS scheme, coalesce(s.name, '') AS service,
               CASE WHEN k.complaints >= 5 THEN c.category ELSE '' END AS category, c.channel AS channel,
               c.received_on AS received_on, c.logged_on AS logged_on, c.position AS position,
               CASE WHEN c.is_open THEN 'yes' ELSE 'no' END AS open, coalesce(c.ending, '') AS ending,
               c.ended_on AS ended_on, one.acknowledged_on AS acknowledged_one_on,
               one.responded_on AS responded_one_on, coalesce(one.outcome, '') AS outcome_one,
               two.received_on AS asked_two_on, two.acknowledged_on AS acknowledged_two_on,
               two.responded_on AS responded_two_on, coalesce(two.outcome, '') AS outcome_two
        FROM complaint c
        LEFT JOIN service s ON s.id = c.service_id
        LEFT JOIN (SELECT category, count(*) AS complaints FROM complaint GROUP BY category) k
               ON k.category = c.category
        LEFT JOIN stage one ON one.complaint_id = c.id AND one.number = 1
        LEFT JOIN stage two ON two.complaint_id = c.id AND two.number = 2
        WHERE {seen}""",
    "analysis_duty": """
        SELECT d.complaint_id AS complaint, c.scheme AS scheme, d.stage_number AS stage, d.kind AS kind,
               d.clause AS clause, coalesce(s.name, '') AS service, d.start_on AS start_on, d.due_on AS due_on,
               d.met_on AS met_on, d.standing AS standing, CASE WHEN d.ours THEN 'yes' ELSE 'no' END AS own_standard
        FROM duty d JOIN complaint c ON c.id = d.complaint_id LEFT JOIN service s ON s.id = c.service_id
        WHERE {seen}""",
    "analysis_refusal": """
        SELECT r.complaint_id AS complaint, c.scheme AS scheme, r.stage_number AS stage,
               coalesce(w.title, '') AS reason, r.requested_on AS requested_on, r.told_on AS told_on
        FROM refusal r JOIN complaint c ON c.id = r.complaint_id LEFT JOIN refusal_reason w ON w.id = r.reason_id
        WHERE {seen}""",
    "analysis_remedy": """
        SELECT r.complaint_id AS complaint, c.scheme AS scheme, r.kind AS kind, r.sub_kind AS money_for,
               r.moment AS moment, r.offered_on AS offered_on, r.due_on AS due_on, r.done_on AS done_on,
               r.undeliverable_on AS given_up_on, r.offered_pence AS offered_pence,
               (SELECT sum(p.pence) FROM payment p WHERE p.remedy_id = r.id) AS paid_pence
        FROM remedy r JOIN complaint c ON c.id = r.complaint_id
        WHERE {seen}""",
    "analysis_improvement": """
        SELECT i.id AS improvement, coalesce(s.name, '') AS service, coalesce(k.title, '') AS cause, i.risk AS risk,
               i.proposed_on AS proposed_on, i.due_on AS due_on, i.started_on AS started_on, i.done_on AS done_on,
               i.dropped_on AS dropped_on
        FROM improvement i LEFT JOIN service s ON s.id = i.service_id LEFT JOIN cause k ON k.id = i.cause_id""",
}


def upgrade() -> None:
    _reports()
    _governance()
    _frozen()
    for name, told in VIEWS.items():
        op.execute(f"CREATE VIEW {name} AS {told.format(seen=_SEEN)}")


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
    for name in VIEWS:
        op.execute(f"DROP VIEW {name}")
    op.drop_table("report_receipt")
    op.drop_table("report_publication")
    op.drop_table("report_difference")
    op.drop_table("governing_response")
    op.drop_table("report_snapshot")
    op.drop_table("report_narrative")
    op.drop_table("ombudsman_publication")
    op.drop_table("member_report")
