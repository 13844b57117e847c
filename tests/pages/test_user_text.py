"""User text stays inert: every naughty string through the fields, onto the page, and into the search."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app.ui.plain import one_line, plain
from core.errors import BadInput
from core.model.complaints import Channel
from core.permissions import Role
from core.queries.cases import case_view
from core.queries.searching import search
from tests.naughty import HOW_MANY, naughty_strings
from tests.pages.conftest import Open
from tests.pages.council import Council
from tests.pages.shown import words

BATCH = 40


def test_plain_shows_the_text_and_nothing_acts() -> None:
    """Each sign that Markdown could act on is a reference, and a reader sees exactly what was written."""
    for text in naughty_strings():
        shown_as_written(text, plain(text))


def shown_as_written(text: str, marked: str) -> None:
    """That the marked text holds no active sign, and reads as the text."""
    assert not re.search(r"[\\`*_{}\[\]()<>#+\-.!|~$:&@/^=]", re.sub(r"&#\d+;", "", marked))
    seen = re.sub(r"&#(\d+);", lambda found: chr(int(found[1])), marked).replace("\u2060", "").replace("  \n", "\n")
    assert seen == text.replace("\u2060", "").replace("\r\n", "\n").replace("\r", "\n").replace("  \n", "\n")


@pytest.mark.parametrize(
    "text",
    [
        "https://example.org/a", "www.example.org", "a@example.org", "![x](https://example.org/p.png)",
        ":material/home:", ":red[x]", "$x^2$", "<b>x</b>", "`x`", "# x", "[x](y)", ":streamlit:", "1. x", "- x",
    ],
)  # fmt: skip
def test_nothing_known_to_act_is_left(text: str) -> None:
    """Links, images, formulas, icons, colours, tags and lists lose the signs they begin with."""
    for marked in (plain(text), one_line(text)):
        assert not re.search(r"[\[\]<>`$:*#@/]", re.sub(r"&#\d+;", "", marked))
        assert not re.search(r"(?i)(https?|www)(&#|\.)", marked) or "\u2060" in marked


def test_one_line_is_one_line_and_short() -> None:
    """A label takes no line break and no more than its length."""
    assert one_line("a\r\nb\u2028c") == "a b c"
    assert one_line("x" * 50, longest=10) == f"{'x' * 9}…"
    assert one_line("  ", empty="nothing") == "nothing"


def record(council: Council, text: str) -> str | None:
    """Record a complaint with the text in every field; None where a field refuses it with a sentence."""
    cut = {"individual": 200, "matter": 200, "category": 120, "received_by": 120, "contact_phone": 60}
    values = {name: text[:limit] for name, limit in cut.items()}
    try:
        return council.take(
            Role.HANDLER,
            "RecordComplaint",
            **values,
            words=text,
            outcomes_sought=text,
            address=text[:500] or "1 Example Road",
            postcode=text[:12],
            received_on=council.today,
            channel=Channel.LETTER,
        )
    except BadInput as refusal:
        assert str(refusal)
        return None


def test_every_naughty_string_goes_in_comes_back_and_is_searched_for(quiet_council: Council) -> None:
    """All of them are recorded as they were written, or refused with a sentence; the search takes each of them."""
    desk = quiet_council.desk(Role.HANDLER)
    recorded = 0
    for text in naughty_strings():
        reference = record(quiet_council, text)
        if reference is not None:
            recorded += 1
            assert desk.ask(case_view, reference).words == text.strip()
        try:
            desk.ask(search, text)
        except BadInput as refusal:
            assert str(refusal)
    assert recorded > HOW_MANY * 9 // 10


@pytest.mark.parametrize("start", range(0, HOW_MANY, BATCH))
def test_naughty_cases_and_lists_are_shown(quiet_council: Council, open_page: Open, start: int) -> None:
    """The queue shows a batch at once, and one case of each batch opens, without a failure."""
    found = [(record(quiet_council, text), text) for text in naughty_strings()[start : start + BATCH]]
    reference, text = next((reference, text) for reference, text in found if reference is not None)
    at = open_page("my_cases", whose="all")
    assert not at.exception
    case: AppTest = open_page("case", ref=str(reference))
    assert text.strip() in [each.value for each in case.text]
    assert str(reference) in words(case)


def test_no_page_hands_user_text_to_html() -> None:
    """No page lets HTML through, or hands a file out past the routes; what st.html is given, the house's lint reads."""
    for file in (Path(__file__).resolve().parents[2] / "app").rglob("*.py"):
        source = file.read_text(encoding="utf-8")
        assert "unsafe_allow_html" not in source, file
        assert "download_button" not in source, file
