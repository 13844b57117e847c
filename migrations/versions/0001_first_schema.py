"""The first schema: complaints and their stages, duties, the ledger, the calendar, and search."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

FIXED = ("ledger_entry", "holiday")
"""Tables whose rows are added and never changed."""


def upgrade() -> None:
    _tables()
    if op.get_bind().dialect.name == "sqlite":
        _sqlite_locks()
        _sqlite_search()
    else:
        _postgresql_locks()
        _postgresql_search()


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE search_fts")
    _drop_tables()
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_rewriting()")


def _sqlite_locks() -> None:
    for table in FIXED:
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
    # Personal fields may be erased, never edited.
    op.execute(
        "CREATE TRIGGER ledger_personal_no_update BEFORE UPDATE ON ledger_personal "
        "BEGIN SELECT RAISE(ABORT, 'ledger_personal is append-only'); END"
    )


def _postgresql_locks() -> None:
    op.execute(
        "CREATE FUNCTION refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    for table in FIXED:
        op.execute(
            f"CREATE TRIGGER {table}_fixed BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_rewriting()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_kept BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting()"
        )
    op.execute(
        "CREATE TRIGGER ledger_personal_fixed BEFORE UPDATE ON ledger_personal "
        "FOR EACH ROW EXECUTE FUNCTION refuse_rewriting()"
    )


def _sqlite_search() -> None:
    # The words are reduced to stems in core.store.search, so the tokenizer has nothing left to decide. Beginnings of
    # two to five letters are indexed too: without that, looking for a begun word takes longer with every complaint.
    op.execute(
        "CREATE VIRTUAL TABLE search_fts USING fts5(words, content='search_doc', content_rowid='complaint_id', "
        "tokenize='ascii', prefix='2 3 4 5')"
    )
    op.execute(
        "CREATE TRIGGER search_doc_added AFTER INSERT ON search_doc BEGIN "
        "INSERT INTO search_fts(rowid, words) VALUES (new.complaint_id, new.words); END"
    )
    op.execute(
        "CREATE TRIGGER search_doc_removed AFTER DELETE ON search_doc BEGIN "
        "INSERT INTO search_fts(search_fts, rowid, words) VALUES ('delete', old.complaint_id, old.words); END"
    )
    op.execute(
        "CREATE TRIGGER search_doc_changed AFTER UPDATE ON search_doc BEGIN "
        "INSERT INTO search_fts(search_fts, rowid, words) VALUES ('delete', old.complaint_id, old.words); "
        "INSERT INTO search_fts(rowid, words) VALUES (new.complaint_id, new.words); END"
    )


def _postgresql_search() -> None:
    op.execute(
        "ALTER TABLE search_doc ADD COLUMN tsv tsvector GENERATED ALWAYS AS (to_tsvector('simple', words)) STORED"
    )
    op.execute("CREATE INDEX ix_search_doc_tsv ON search_doc USING gin (tsv)")
    # Enough statistics to tell a rare word from a common one: the first is looked up, the second met on the way back.
    op.execute("ALTER TABLE search_doc ALTER COLUMN tsv SET STATISTICS 1000")


def _tables() -> None:
    op.create_table(
        "counter",
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_counter")),
        sqlite_strict=True,
    )
    op.create_table(
        "draft",
        sa.Column("owner_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("form", sqlmodel.sql.sqltypes.AutoString(length=160), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("saved_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("owner_id", "form", name=op.f("pk_draft")),
        sqlite_strict=True,
    )
    op.create_table(
        "holiday",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("layer", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("source", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("first_seen_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.CheckConstraint("layer IN ('bank_holiday', 'closure')", name=op.f("ck_holiday_layer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holiday")),
        sqlite_strict=True,
    )
    op.create_index("ix_holiday_day", "holiday", ["day", "id"], unique=False)
    op.create_table(
        "import_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token", sqlmodel.sql.sqltypes.AutoString(length=36), nullable=False),
        sa.Column("source", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("file_name", sqlmodel.sql.sqltypes.AutoString(length=255), nullable=False),
        sa.Column("sha256", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("mapping", sa.Text(), nullable=False),
        sa.Column("started_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("finished_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("rows_read", sa.Integer(), nullable=False),
        sa.Column("complaints_added", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("problems", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_run")),
        sa.UniqueConstraint("token", name=op.f("uq_import_run_token")),
        sqlite_strict=True,
    )
    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("email", sqlmodel.sql.sqltypes.AutoString(length=254), nullable=False),
        sa.Column("phone", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("address", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column("postcode", sqlmodel.sql.sqltypes.AutoString(length=12), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sqlite_strict=True,
    )
    op.create_table(
        "policy_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("in_force_from", sa.Date(), nullable=False),
        sa.Column("resolution", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("chosen", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_version")),
        sa.UniqueConstraint("in_force_from", name=op.f("uq_policy_version_in_force_from")),
        sqlite_strict=True,
    )
    op.create_table(
        "saved_mapping",
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("fingerprint", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("mapping", sa.Text(), nullable=False),
        sa.Column("saved_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_saved_mapping")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_saved_mapping_fingerprint"), "saved_mapping", ["fingerprint"], unique=False)
    op.create_table(
        "service",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service")),
        sa.UniqueConstraint("name", name=op.f("uq_service_name")),
        sqlite_strict=True,
    )
    op.create_table(
        "colleague",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("role", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "role IN ('recorder', 'handler', 'reviewer', 'complaints manager', 'senior lead', 'Member', 'quality reviewer', 'link officer', 'administrator')",
            name=op.f("ck_colleague_role"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_colleague")),
        sa.UniqueConstraint("name", name=op.f("uq_colleague_name")),
        sqlite_strict=True,
    )
    op.create_table(
        "complaint",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("scheme", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("matter", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("outcomes_sought", sa.Text(), nullable=False),
        sa.Column("category", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("channel", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("received_by", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("logged_on", sa.Date(), nullable=False),
        sa.Column("issue_on", sa.Date(), nullable=True),
        sa.Column("aware_on", sa.Date(), nullable=True),
        sa.Column("acknowledgement_possible", sa.Boolean(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("service_id", sa.Integer(), nullable=True),
        sa.Column("policy_id", sa.Integer(), nullable=False),
        sa.Column("ending", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ending_note", sa.Text(), nullable=False),
        sa.Column("reopened_on", sa.Date(), nullable=True),
        sa.Column("answered_again_on", sa.Date(), nullable=True),
        sa.Column("source", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=True),
        sa.Column("old_reference", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=True),
        sa.Column("source_digest", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=True),
        sa.Column("position", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("stage_number", sa.Integer(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("act_by", sa.Date(), nullable=True),
        sa.Column("changed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "channel IN ('web form', 'e-mail', 'phone', 'in person', 'letter', 'social media', 'councillor or MP', 'survey', 'contractor', 'other', 'not recorded')",
            name=op.f("ck_complaint_channel"),
        ),
        sa.CheckConstraint(
            "ending IN ('final_response', 'withdrawn', 'escalation_refused')", name=op.f("ck_complaint_ending")
        ),
        sa.CheckConstraint(
            "position IN ('Stage 1: awaiting acknowledgement', 'Stage 1: being considered', 'Stage 1: extended', 'Stage 1: answered', 'Stage 2: awaiting acknowledgement', 'Stage 2: being considered', 'Stage 2: extended', 'Final response sent', 'Stage 1: reopened', 'Stage 2: reopened', 'Withdrawn', 'Stage 2 refused')",
            name=op.f("ck_complaint_position"),
        ),
        sa.CheckConstraint("(ending IS NULL) = (ended_on IS NULL)", name=op.f("ck_complaint_ended_with_date")),
        sa.CheckConstraint("stage_number IN (1, 2)", name=op.f("ck_complaint_two_stages")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_complaint_person_id_person")),
        sa.ForeignKeyConstraint(
            ["policy_id"], ["policy_version.id"], name=op.f("fk_complaint_policy_id_policy_version")
        ),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_complaint_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint")),
        sa.UniqueConstraint("reference", name=op.f("uq_complaint_reference")),
        sa.UniqueConstraint("source", "old_reference", name=op.f("uq_complaint_source_old_reference")),
        sqlite_strict=True,
    )
    op.create_index("ix_complaint_ended", "complaint", ["ended_on", "id"], unique=False)
    op.create_index("ix_complaint_open_received", "complaint", ["is_open", "received_on"], unique=False)
    op.create_index(op.f("ix_complaint_person_id"), "complaint", ["person_id"], unique=False)
    op.create_table(
        "import_problem",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.Column("column_name", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("value", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column("what_to_do", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["import_run.id"], name=op.f("fk_import_problem_run_id_import_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_problem")),
        sqlite_strict=True,
    )
    op.create_index("ix_import_problem_run", "import_problem", ["run_id", "row_number"], unique=False)
    op.create_table(
        "departure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("clause", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("finding", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("step", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("recorded_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name=op.f("fk_departure_complaint_id_complaint")),
        sa.ForeignKeyConstraint(["recorded_by"], ["colleague.id"], name=op.f("fk_departure_recorded_by_colleague")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_departure")),
        sqlite_strict=True,
    )
    op.create_index("ix_departure_clause", "departure", ["clause", "id"], unique=False)
    op.create_index(op.f("ix_departure_complaint_id"), "departure", ["complaint_id"], unique=False)
    op.create_table(
        "duty",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("stage_number", sa.Integer(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("clause", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("service_id", sa.Integer(), nullable=True),
        sa.Column("start_on", sa.Date(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("act_by", sa.Date(), nullable=False),
        sa.Column("literal_due_on", sa.Date(), nullable=True),
        sa.Column("promised_on", sa.Date(), nullable=True),
        sa.Column("met_on", sa.Date(), nullable=True),
        sa.Column("standing", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("is_next", sa.Boolean(), nullable=False),
        sa.Column("calendar_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "standing IN ('open', 'in_time', 'extended', 'late', 'unknown', 'void')", name=op.f("ck_duty_standing")
        ),
        sa.CheckConstraint("stage_number IN (1, 2)", name=op.f("ck_duty_two_stages")),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name=op.f("fk_duty_complaint_id_complaint")),
        sa.ForeignKeyConstraint(["owner_id"], ["colleague.id"], name=op.f("fk_duty_owner_id_colleague")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_duty_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty")),
        sa.UniqueConstraint(
            "complaint_id", "stage_number", "kind", name=op.f("uq_duty_complaint_id_stage_number_kind")
        ),
        sqlite_strict=True,
    )
    op.create_index("ix_duty_figures", "duty", ["kind", "standing", "due_on"], unique=False)
    op.create_index(
        "ix_duty_queue",
        "duty",
        ["act_by", "id"],
        unique=False,
        sqlite_where=sa.text("is_next = 1"),
        postgresql_where=sa.text("is_next"),
    )
    op.create_index(
        "ix_duty_queue_owner",
        "duty",
        ["owner_id", "act_by", "id"],
        unique=False,
        sqlite_where=sa.text("is_next = 1"),
        postgresql_where=sa.text("is_next"),
    )
    op.create_index(
        "ix_duty_queue_service",
        "duty",
        ["service_id", "act_by", "id"],
        unique=False,
        sqlite_where=sa.text("is_next = 1"),
        postgresql_where=sa.text("is_next"),
    )
    op.create_table(
        "ledger_entry",
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("actor", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=True),
        sa.Column("tag", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("command_id", sqlmodel.sql.sqltypes.AutoString(length=36), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("digest", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("mac", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaint.id"], name=op.f("fk_ledger_entry_complaint_id_complaint")
        ),
        sa.PrimaryKeyConstraint("n", name=op.f("pk_ledger_entry")),
        sa.UniqueConstraint("command_id", "step", name=op.f("uq_ledger_entry_command_id_step")),
        sqlite_strict=True,
    )
    op.create_index("ix_ledger_entry_case", "ledger_entry", ["complaint_id", "n"], unique=False)
    op.create_table(
        "note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_by", sa.Integer(), nullable=True),
        sa.Column("written_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name=op.f("fk_note_complaint_id_complaint")),
        sa.ForeignKeyConstraint(["written_by"], ["colleague.id"], name=op.f("fk_note_written_by_colleague")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_note_complaint_id"), "note", ["complaint_id"], unique=False)
    op.create_table(
        "point",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("raised_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name=op.f("fk_point_complaint_id_complaint")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_point")),
        sa.UniqueConstraint("complaint_id", "number", name=op.f("uq_point_complaint_id_number")),
        sqlite_strict=True,
    )
    op.create_table(
        "refusal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("requested_on", sa.Date(), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("circumstances", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name=op.f("fk_refusal_complaint_id_complaint")),
        sa.ForeignKeyConstraint(["decided_by"], ["colleague.id"], name=op.f("fk_refusal_decided_by_colleague")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refusal")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_refusal_complaint_id"), "refusal", ["complaint_id"], unique=False)
    op.create_table(
        "search_doc",
        sa.Column("complaint_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name=op.f("fk_search_doc_complaint_id_complaint")),
        sa.PrimaryKeyConstraint("complaint_id", name=op.f("pk_search_doc")),
        sqlite_strict=True,
    )
    op.create_table(
        "stage",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("logged_on", sa.Date(), nullable=True),
        sa.Column("channel", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("request_words", sa.Text(), nullable=False),
        sa.Column("acknowledged_on", sa.Date(), nullable=True),
        sa.Column("understanding", sa.Text(), nullable=False),
        sa.Column("outcomes_sought", sa.Text(), nullable=False),
        sa.Column("promised_on", sa.Date(), nullable=True),
        sa.Column("handler_id", sa.Integer(), nullable=True),
        sa.Column("assigned_on", sa.Date(), nullable=True),
        sa.Column("responded_on", sa.Date(), nullable=True),
        sa.Column("responded_by", sa.Integer(), nullable=True),
        sa.Column("outcome", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=True),
        sa.Column("receipt_recorded", sa.Boolean(), nullable=False),
        sa.Column("acknowledgement_recorded", sa.Boolean(), nullable=False),
        sa.Column("response_recorded", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('upheld', 'partially_upheld', 'not_upheld', 'resolved', 'other')",
            name=op.f("ck_stage_outcome"),
        ),
        sa.CheckConstraint("number IN (1, 2)", name=op.f("ck_stage_two_stages")),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name=op.f("fk_stage_complaint_id_complaint")),
        sa.ForeignKeyConstraint(["handler_id"], ["colleague.id"], name=op.f("fk_stage_handler_id_colleague")),
        sa.ForeignKeyConstraint(["responded_by"], ["colleague.id"], name=op.f("fk_stage_responded_by_colleague")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stage")),
        sa.UniqueConstraint("complaint_id", "number", name=op.f("uq_stage_complaint_id_number")),
        sqlite_strict=True,
    )
    op.create_index("ix_stage_answered", "stage", ["responded_on", "responded_by"], unique=False)
    op.create_index(op.f("ix_stage_handler_id"), "stage", ["handler_id"], unique=False)
    op.create_table(
        "answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("point_id", sa.Integer(), nullable=False),
        sa.Column("stage_number", sa.Integer(), nullable=False),
        sa.Column("outcome", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('upheld', 'partially_upheld', 'not_upheld', 'resolved', 'other')",
            name=op.f("ck_answer_outcome"),
        ),
        sa.CheckConstraint("stage_number IN (1, 2)", name=op.f("ck_answer_two_stages")),
        sa.ForeignKeyConstraint(["point_id"], ["point.id"], name=op.f("fk_answer_point_id_point")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer")),
        sa.UniqueConstraint("point_id", "stage_number", name=op.f("uq_answer_point_id_stage_number")),
        sqlite_strict=True,
    )
    op.create_table(
        "extension",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("stage_id", sa.Integer(), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=True),
        sa.Column("new_date", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("good_reason", sa.Text(), nullable=True),
        sa.Column("ombudsman_told", sa.Boolean(), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["decided_by"], ["colleague.id"], name=op.f("fk_extension_decided_by_colleague")),
        sa.ForeignKeyConstraint(["stage_id"], ["stage.id"], name=op.f("fk_extension_stage_id_stage")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extension")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_extension_stage_id"), "extension", ["stage_id"], unique=False)
    op.create_table(
        "ledger_personal",
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("salt", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["n"], ["ledger_entry.n"], name=op.f("fk_ledger_personal_n_ledger_entry")),
        sa.PrimaryKeyConstraint("n", name=op.f("pk_ledger_personal")),
        sqlite_strict=True,
    )
    op.create_table(
        "response",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("stage_id", sa.Integer(), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=False),
        sa.Column("sent_by", sa.Integer(), nullable=True),
        sa.Column("addendum", sa.Boolean(), nullable=False),
        sa.Column("understanding", sa.Text(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("remedy", sa.Text(), nullable=False),
        sa.Column("outstanding_actions", sa.Text(), nullable=False),
        sa.Column("signposting", sa.Text(), nullable=False),
        sa.Column("efforts_to_understand", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["sent_by"], ["colleague.id"], name=op.f("fk_response_sent_by_colleague")),
        sa.ForeignKeyConstraint(["stage_id"], ["stage.id"], name=op.f("fk_response_stage_id_stage")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_response")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_response_stage_id"), "response", ["stage_id"], unique=False)


def _drop_tables() -> None:
    op.drop_index(op.f("ix_response_stage_id"), table_name="response")
    op.drop_table("response")
    op.drop_table("ledger_personal")
    op.drop_index(op.f("ix_extension_stage_id"), table_name="extension")
    op.drop_table("extension")
    op.drop_table("answer")
    op.drop_index(op.f("ix_stage_handler_id"), table_name="stage")
    op.drop_index("ix_stage_answered", table_name="stage")
    op.drop_table("stage")
    op.drop_table("search_doc")
    op.drop_index(op.f("ix_refusal_complaint_id"), table_name="refusal")
    op.drop_table("refusal")
    op.drop_table("point")
    op.drop_index(op.f("ix_note_complaint_id"), table_name="note")
    op.drop_table("note")
    op.drop_index("ix_ledger_entry_case", table_name="ledger_entry")
    op.drop_table("ledger_entry")
    op.drop_index(
        "ix_duty_queue_service",
        table_name="duty",
        sqlite_where=sa.text("is_next = 1"),
        postgresql_where=sa.text("is_next"),
    )
    op.drop_index(
        "ix_duty_queue_owner",
        table_name="duty",
        sqlite_where=sa.text("is_next = 1"),
        postgresql_where=sa.text("is_next"),
    )
    op.drop_index(
        "ix_duty_queue", table_name="duty", sqlite_where=sa.text("is_next = 1"), postgresql_where=sa.text("is_next")
    )
    op.drop_index("ix_duty_figures", table_name="duty")
    op.drop_table("duty")
    op.drop_index(op.f("ix_departure_complaint_id"), table_name="departure")
    op.drop_index("ix_departure_clause", table_name="departure")
    op.drop_table("departure")
    op.drop_index("ix_import_problem_run", table_name="import_problem")
    op.drop_table("import_problem")
    op.drop_index(op.f("ix_complaint_person_id"), table_name="complaint")
    op.drop_index("ix_complaint_open_received", table_name="complaint")
    op.drop_index("ix_complaint_ended", table_name="complaint")
    op.drop_table("complaint")
    op.drop_table("colleague")
    op.drop_table("service")
    op.drop_index(op.f("ix_saved_mapping_fingerprint"), table_name="saved_mapping")
    op.drop_table("saved_mapping")
    op.drop_table("policy_version")
    op.drop_table("person")
    op.drop_table("import_run")
    op.drop_index("ix_holiday_day", table_name="holiday")
    op.drop_table("holiday")
    op.drop_table("draft")
    op.drop_table("counter")
