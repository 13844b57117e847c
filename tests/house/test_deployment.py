"""What docs/deployment.md says of the settings is so: every one, with its default."""

from __future__ import annotations

import re
from typing import Any

import pytest

from core.permissions import Role
from core.settings import Settings
from tests.house.source import ROOT

TEXT = (ROOT / "docs/deployment.md").read_text(encoding="utf-8")
TABLE = dict(re.findall(r"^\| `COMPLAINTS_(\w+)` \| (.+?) \| .+ \|$", TEXT, re.MULTILINE))
# Told in words: where the default depends on the machine.
IN_WORDS = {"DATA_DIR", "DATABASE_URL", "LEDGER_KEY"}


def default_of(name: str) -> Any:
    """A setting's default as the table writes it."""
    default = Settings.model_fields[name.lower()].get_default(call_default_factory=True)
    if default in (None, "", {}):
        return "none"
    return str(default).lower() if isinstance(default, bool) else str(default)


def test_every_setting_has_its_line_and_no_other_has() -> None:
    assert {name.lower() for name in TABLE} == set(Settings.model_fields)


@pytest.mark.parametrize("name", sorted(set(TABLE) - IN_WORDS))
def test_the_default_is_the_one_told(name: str) -> None:
    assert TABLE[name].strip("`") == default_of(name)


def test_settings_named_elsewhere_are_settings() -> None:
    for document in (ROOT / "docs").glob("*.md"):
        named = set(re.findall(r"COMPLAINTS_([A-Z_]+)", document.read_text(encoding="utf-8")))
        assert {name.lower() for name in named} <= set(Settings.model_fields), document.name


def test_every_role_is_named_for_whoever_maps_groups() -> None:
    said = " ".join(TEXT.partition("Roles: ")[2].partition(".")[0].split())
    assert said.split(", ") == [role.value for role in Role]
