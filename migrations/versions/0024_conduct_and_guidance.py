"""Who holds which post, training, the shared objective, and the guidance shelf."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_POSTS = (
    "'senior lead', 'Member responsible for complaints', 'complaints officer', 'link officer', 'contact for enquiries'"
)
_KINDS = "'guide', 'focus report', 'policy', 'training'"


def _text(length: int) -> sqlmodel.sql.sqltypes.AutoString:
    return sqlmodel.sql.sqltypes.AutoString(length=length)


def _colleague(column: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["colleague.id"], name=op.f(f"fk_{table}_{column}_colleague"))


def upgrade() -> None:
    _post_held()
    _training()
    _objective_acknowledged()
    _guidance()
    _guidance_step()
    _guidance_file()
    _guidance_question()


def _post_held() -> None:
    op.create_table(
        "post_held",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("post", _text(40), nullable=False),
        sa.Column("colleague_id", sa.Integer(), nullable=True),
        sa.Column("name", _text(200), nullable=False),
        sa.Column("title", _text(200), nullable=False),
        sa.Column("committee", sa.Boolean(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("appointed_by", _text(300), nullable=False),
        sa.Column("contact", _text(300), nullable=False),
        sa.Column("why_ended", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(f"post IN ({_POSTS})", name=op.f("ck_post_held_post")),
        sa.CheckConstraint("until IS NULL OR until >= since", name=op.f("ck_post_held_until_after")),
        _colleague("colleague_id", "post_held"),
        _colleague("recorded_by", "post_held"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post_held")),
        sqlite_strict=True,
    )


def _training() -> None:
    op.create_table(
        "training",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("colleague_id", sa.Integer(), nullable=True),
        sa.Column("name", _text(200), nullable=False),
        sa.Column("kind", _text(60), nullable=False),
        sa.Column("topic", _text(200), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("given_by", _text(200), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        _colleague("colleague_id", "training"),
        _colleague("recorded_by", "training"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training")),
        sqlite_strict=True,
    )
    op.create_index("ix_training_colleague", "training", ["colleague_id", "kind", "done_on"], unique=False)


def _objective_acknowledged() -> None:
    op.create_table(
        "objective_acknowledged",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("colleague_id", sa.Integer(), nullable=True),
        sa.Column("contractor", _text(120), nullable=False),
        sa.Column("acknowledged_on", sa.Date(), nullable=False),
        sa.Column("signed_by", _text(200), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(colleague_id IS NULL) = (contractor <> '')", name=op.f("ck_objective_acknowledged_of_one")
        ),
        _colleague("colleague_id", "objective_acknowledged"),
        _colleague("recorded_by", "objective_acknowledged"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objective_acknowledged")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_objective_acknowledged_colleague",
        "objective_acknowledged",
        ["colleague_id", "acknowledged_on"],
        unique=False,
    )


def _guidance() -> None:
    op.create_table(
        "guidance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", _text(200), nullable=False),
        sa.Column("publisher", _text(200), nullable=False),
        sa.Column("kind", _text(20), nullable=False),
        sa.Column("address", _text(500), nullable=False),
        sa.Column("edition", _text(60), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=True),
        sa.Column("suggested", _text(60), nullable=False),
        sa.Column("shelved_on", sa.Date(), nullable=False),
        sa.Column("shelved_by", sa.Integer(), nullable=True),
        sa.Column("review_by", sa.Date(), nullable=False),
        sa.Column("reviewed_on", sa.Date(), nullable=True),
        sa.Column("found", sa.Text(), nullable=False),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("why_withdrawn", sa.Text(), nullable=False),
        sa.CheckConstraint(f"kind IN ({_KINDS})", name=op.f("ck_guidance_kind")),
        _colleague("shelved_by", "guidance"),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_guidance_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guidance")),
        sqlite_strict=True,
    )


def _guidance_step() -> None:
    op.create_table(
        "guidance_step",
        sa.Column("guidance_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("step", _text(60), nullable=False),
        sa.ForeignKeyConstraint(["guidance_id"], ["guidance.id"], name=op.f("fk_guidance_step_guidance_id_guidance")),
        sa.PrimaryKeyConstraint("guidance_id", "step", name=op.f("pk_guidance_step")),
        sqlite_strict=True,
    )


def _guidance_file() -> None:
    op.create_table(
        "guidance_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("guidance_id", sa.Integer(), nullable=False),
        sa.Column("name", _text(200), nullable=False),
        sa.Column("media_type", _text(120), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", _text(64), nullable=False),
        sa.Column("why_held", _text(300), nullable=False),
        sa.Column("added_by", sa.Integer(), nullable=True),
        sa.Column("added_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        _colleague("added_by", "guidance_file"),
        sa.ForeignKeyConstraint(["guidance_id"], ["guidance.id"], name=op.f("fk_guidance_file_guidance_id_guidance")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guidance_file")),
        sqlite_strict=True,
    )
    op.create_index("ix_guidance_file_guidance_id", "guidance_file", ["guidance_id"], unique=False)
    op.create_index("ix_guidance_file_sha256", "guidance_file", ["sha256"], unique=False)


def _guidance_question() -> None:
    op.create_table(
        "guidance_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("guidance_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("improvement_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["guidance_id"], ["guidance.id"], name=op.f("fk_guidance_question_guidance_id_guidance")
        ),
        sa.ForeignKeyConstraint(
            ["improvement_id"], ["improvement.id"], name=op.f("fk_guidance_question_improvement_id_improvement")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guidance_question")),
        sa.UniqueConstraint("guidance_id", "number", name=op.f("uq_guidance_question_guidance_id_number")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    for table in ("guidance_question", "guidance_file", "guidance_step", "guidance"):
        op.drop_table(table)
    for table in ("objective_acknowledged", "training", "post_held"):
        op.drop_table(table)
