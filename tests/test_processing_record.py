"""The record of processing names every table with personal data, and says what this installation does."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlmodel import SQLModel

import core.model  # noqa: F401 - registers the tables
from core.code.processing import PROCESSING
from core.processing_record import OPEN, measures, periods, recipients, record_of_processing
from core.settings import ROOT, Settings
from tests.cli_fixture import Run, a_fixed_day_and_no_settings, refused, run

__all__ = ["a_fixed_day_and_no_settings", "run"]  # fixtures
PERSONAL = {name for category in PROCESSING.categories for name in category.tables}


def settings_with(**given: object) -> Settings:
    return Settings(_env_file=None, **given)  # type: ignore[arg-type]


def test_every_table_is_classified_and_none_that_is_not_there() -> None:
    """A new table stops here until somebody says whether it holds anything of a person."""
    assert PERSONAL | set(PROCESSING.nobody) == set(SQLModel.metadata.tables)


@pytest.mark.parametrize("table", sorted(PERSONAL))
def test_each_table_with_personal_data_is_named(table: str) -> None:
    assert f"`{table}`" in record_of_processing(settings_with(), today=date(2026, 11, 24))


def test_what_the_document_on_data_protection_calls_personal_is_classified_so() -> None:
    told = (ROOT / "docs/data-protection.md").read_text(encoding="utf-8")
    listed = told.partition("**Where personal data lies.**")[2].partition("The ledger's own entries")[0]
    named = {name for name in SQLModel.metadata.tables if f"`{name}`" in listed}
    assert named
    assert not named - PERSONAL


def test_the_record_follows_the_settings() -> None:
    plain = settings_with(council="Sample | Borough")
    text = record_of_processing(plain, today=date(2026, 11, 24))
    assert "Sample \\| Borough" in text and "24 November 2026" in text and OPEN in text
    assert "no mail server" in dict(recipients(plain))["Nobody by e-mail"]
    full = settings_with(
        https=True,
        second_factor_required=True,
        clamd="127.0.0.1:3310",
        imap_host="imap.council.example",
        notify_api_key=SecretStr("a-secret"),
        notify_template_id="template",
        leftover_days=30,
        database_url="postgresql+psycopg://owner:a-secret@db.council.example/complaints",
    )
    told = record_of_processing(full, today=date(2026, 11, 24))
    receives = dict(recipients(full))
    assert {"GOV.UK Notify, a processor", "The virus scanner", "The mailbox at imap.council.example"} <= set(receives)
    assert "The database server (db.council.example)" in receives
    assert "a-secret" not in told
    assert ("Files no record refers to; e-mails put aside; reminders", "30 days") in set(periods(full))
    assert dict(measures(full))["Second factor"] == "required of everybody"


def test_the_command_writes_it_once(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "record.md"
    assert run("data-protection", file).exit_code == 0
    assert file.read_text(encoding="utf-8") == run("data-protection").stdout
    refused(run("data-protection", file), saying="is there already")
