"""Service requests are kept for their time, held, proposed and anonymised as complaints are; requests for own data end early."""

import re

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

_TABLES = ("kept_longer", "legal_hold", "erasure")
_ONE = "(complaint_id IS NULL) <> (request_id IS NULL)"
_STANDS = "reviewed_on IS NULL AND lifted_on IS NULL"
_WAITS = "erased_on IS NULL AND dropped_on IS NULL"
_INDEXES = (
    ("ix_kept_longer_request", "kept_longer", ["request_id", "until"], None),
    ("ix_legal_hold_stands_request", "legal_hold", ["request_id"], _STANDS),
    ("ix_erasure_waits_request", "erasure", ["request_id"], _WAITS),
)


def upgrade() -> None:
    _case_index("2 3")
    op.add_column("service_request", sa.Column("anonymised_on", sa.Date(), nullable=True))
    _own_data()
    for table in _TABLES:
        if op.get_bind().dialect.name == "sqlite":
            _sqlite(table, wider=True)
        else:
            _postgres(table)
    for name, table, columns, where in _INDEXES:
        only = {"sqlite_where": sa.text(where), "postgresql_where": sa.text(where)} if where else {}
        op.create_index(name, table, columns, unique=where is not None, **only)


def _own_data() -> None:
    """Requests for own data end early, and service requests are taken into them."""
    op.add_column("subject_access_request", sa.Column("withdrawn_on", sa.Date(), nullable=True))
    why = sa.Column("why_withdrawn", sa.Text(), nullable=False, server_default="")
    op.add_column("subject_access_request", why)
    table = "subject_service_request"
    whose, about = f"fk_{table}_request_id_subject_access_request", f"fk_{table}_service_request_id_service_request"
    op.create_table(
        table,
        sa.Column("request_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("service_request_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["subject_access_request.id"], name=op.f(whose)),
        sa.ForeignKeyConstraint(["service_request_id"], ["service_request.id"], name=op.f(about)),
        sa.PrimaryKeyConstraint("request_id", "service_request_id", name=op.f(f"pk_{table}")),
        sqlite_strict=True,
    )
    op.create_index("ix_subject_service_request_about", table, ["service_request_id"], unique=False)


def _case_index(lengths: str) -> None:
    """Which lengths of beginnings have an index of their own; longer ones are read from the words themselves.

    They are few words each, so nothing is found later or otherwise, and every step on a case writes less.
    """
    if op.get_bind().dialect.name != "sqlite":
        return
    op.execute("DROP TABLE case_fts")
    op.execute(
        "CREATE VIRTUAL TABLE case_fts USING fts5(words, pairs, content='case_doc', content_rowid='complaint_id', "
        f"tokenize='ascii', prefix='{lengths}')"
    )
    op.execute("INSERT INTO case_fts(case_fts) VALUES ('rebuild')")


def _postgres(table: str) -> None:
    op.add_column(table, sa.Column("request_id", sa.Integer(), nullable=True))
    op.alter_column(table, "complaint_id", existing_type=sa.Integer(), nullable=True)
    key = op.f(f"fk_{table}_request_id_service_request")
    op.create_foreign_key(key, table, "service_request", ["request_id"], ["id"])
    op.create_check_constraint(op.f(f"ck_{table}_one_record"), table, _ONE)


def _sqlite(table: str, *, wider: bool) -> None:
    """SQLite changes no column, so the table is made again from its own statement; nothing refers to it."""
    connection = op.get_bind()
    named = sa.text("SELECT type, name, sql FROM sqlite_master WHERE tbl_name = :table AND sql IS NOT NULL")
    made = connection.execute(named, {"table": table}).all()
    (statement,) = (each.sql for each in made if each.type == "table")
    columns = [row.name for row in connection.execute(sa.text(f"PRAGMA table_info({table})"))]
    kept = ", ".join(name for name in columns if name != "request_id")
    indexes = [(each.name, each.sql) for each in made if each.type == "index"]
    for name, _sql in indexes:
        op.drop_index(name, table_name=table)
    op.rename_table(table, f"{table}_before")
    op.execute(_widened(statement, table) if wider else _narrowed(statement, table))
    op.execute(f"INSERT INTO {table} ({kept}) SELECT {kept} FROM {table}_before")  # noqa: S608 - our own names
    op.drop_table(f"{table}_before")
    for _name, sql in indexes:
        op.execute(sql)


def _added(table: str) -> str:
    return (
        f"CONSTRAINT ck_{table}_one_record CHECK ({_ONE}), CONSTRAINT fk_{table}_request_id_service_request "
        "FOREIGN KEY(request_id) REFERENCES service_request (id), "
    )


def _widened(statement: str, table: str) -> str:
    loose = re.sub(r"complaint_id INTEGER NOT NULL,", "complaint_id INTEGER, request_id INTEGER, ", statement)
    return loose.replace("CONSTRAINT", f"{_added(table)}CONSTRAINT", 1)


def _narrowed(statement: str, table: str) -> str:
    tight = re.sub(r"complaint_id INTEGER, request_id INTEGER, ", "complaint_id INTEGER NOT NULL,", statement)
    return tight.replace(_added(table), "")


def downgrade() -> None:
    _case_index("2 3 4 5")
    for name, table, _columns, _where in _INDEXES:
        op.drop_index(name, table_name=table)
    for table in _TABLES:
        op.execute(f"DELETE FROM {table} WHERE complaint_id IS NULL")  # noqa: S608 - our own names
        if op.get_bind().dialect.name == "sqlite":
            _sqlite(table, wider=False)
        else:
            op.drop_constraint(op.f(f"ck_{table}_one_record"), table, type_="check")
            op.drop_column(table, "request_id")
            op.alter_column(table, "complaint_id", existing_type=sa.Integer(), nullable=False)
    op.drop_table("subject_service_request")
    op.drop_column("subject_access_request", "why_withdrawn")
    op.drop_column("subject_access_request", "withdrawn_on")
    op.drop_column("service_request", "anonymised_on")
