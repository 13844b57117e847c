"""When complaints are pointed out as a possible theme. Read once from themes.toml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from core.code.reading_files import CatalogueBroken, read_tables, shaped
from core.code.shapes import STRICT, Count, Name

_FILE = "themes.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemeRule:
    """The window and the past it is held against, in days; the least counts of complaints and, of a group, of people.

    `false_alarms` and `alike` are in per mille.
    """

    __pydantic_config__ = STRICT

    key: Name
    window_days: Count
    past_days: Count
    at_least: Count
    false_alarms: Count
    alike: Count
    people: Count
    again_after_days: Count


def load_theme_rule(folder: Path) -> ThemeRule:
    """The rule; raises CatalogueBroken for a file that does not fit."""
    tables = read_tables(folder, _FILE, tables=("rule",))
    if not isinstance(tables["rule"], Mapping):
        raise CatalogueBroken(f"{_FILE}: `rule` is one table. Write it under [rule].")
    return shaped([{"key": "rule", **tables["rule"]}], file=_FILE, table="rule", shape=ThemeRule)["rule"]


THEME_RULE = load_theme_rule(Path(__file__).parent)
