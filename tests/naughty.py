"""The big list of naughty strings, from the folder of real files; tests that need it are skipped when it is absent."""

from __future__ import annotations

import json
from functools import cache

from tests.channels.real_files import real_file

HOW_MANY = 515


@cache
def naughty_strings() -> tuple[str, ...]:
    """All of them."""
    strings = tuple(json.loads(real_file("strings/blns/blns.json").read_text(encoding="utf-8")))
    assert len(strings) == HOW_MANY
    return strings
