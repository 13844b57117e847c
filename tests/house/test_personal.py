"""Every text column of every table is classified: erased with a complaint, or kept, and why."""

from __future__ import annotations

import sqlalchemy as sa
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString

import core.model  # noqa: F401 - every table
from core.store.personal import BY_HAND, KEPT, PARTS, erased_columns


def text_columns(table: sa.Table) -> set[str]:
    return {column.name for column in table.columns if isinstance(column.type, sa.String | AutoString)}


def unclassified() -> list[str]:
    """Text columns that neither list names, and those that both name."""
    erased = erased_columns()
    wrong = []
    for name, table in SQLModel.metadata.tables.items():
        gone, kept = erased.get(name, set()), set(KEPT.get(name, "").split())
        for column in sorted(text_columns(table)):
            if (column in gone or "*" in gone) == (column in kept) and "*" not in gone:
                wrong.append(f"{name}.{column}")
    return wrong


def test_fDP_every_text_column_is_erased_or_kept_and_a_new_one_cannot_be_forgotten() -> None:
    assert unclassified() == []


def test_fDP_the_lists_name_nothing_that_is_not_there() -> None:
    tables = SQLModel.metadata.tables
    for listed in (KEPT, BY_HAND):
        assert set(listed) <= set(tables)
        for name, columns in listed.items():
            assert set(columns.split()) <= text_columns(tables[name]), name
    for part in PARTS:
        table = tables[part.table]
        assert part.columns | {part.via} <= set(table.columns.keys()), part.table
        for column in part.nulled:
            assert table.c[column].nullable, f"{part.table}.{column}"


def test_fDP_a_new_column_is_noticed() -> None:
    table = SQLModel.metadata.tables["note"]
    column = sa.Column("gossip", sa.Text)
    table.append_column(column)
    try:
        assert unclassified() == ["note.gossip"]
    finally:
        table._columns.remove(column)
    assert unclassified() == []


def test_fDP_every_table_of_a_complaint_is_reached() -> None:
    """A table that leads to a complaint and holds texts is erased somewhere, or all of it is kept on purpose."""
    reached = {part.table for part in PARTS} | set(BY_HAND)
    for name, table in SQLModel.metadata.tables.items():
        if any(key.target_fullname == "complaint.id" for key in table.foreign_keys) and name not in reached:
            assert text_columns(table) <= set(KEPT.get(name, "").split()), name
