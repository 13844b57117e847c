"""The user guide's part on templates says what the code says, and its example works."""

from __future__ import annotations

import re

from core.channels.word_letters import as_word, check_template
from core.letters.documents import PLACEHOLDERS
from tests.house.source import ROOT
from tests.letters.letters import LETTER
from tests.letters.templates import template

GUIDE = (
    (ROOT / "docs/user-guide.md").read_text(encoding="utf-8").partition("## Letters as files")[2].partition("\n## ")[0]
)


def test_every_placeholder_stands_in_the_guide_with_its_help_and_no_other() -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| (.+) \|$", GUIDE, flags=re.MULTILINE))
    assert list(rows) == [each.name for each in PLACEHOLDERS]
    for each in PLACEHOLDERS:
        assert rows[each.name].startswith(each.help)
        assert rows[each.name].endswith("Every letter needs it.") is each.needed


def test_the_example_in_the_guide_is_a_fit_template() -> None:
    (example,) = re.findall(r"^```\n(.*?)^```$", GUIDE, flags=re.MULTILINE | re.DOTALL)
    content = template(lines=tuple(example.splitlines()))
    assert check_template(content).problems == ()
    assert as_word(LETTER, content)
