"""The page of results: its choices are its address, and its count and export are of exactly what is listed."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from app.ui.search_filter import asked, facets_of
from core.errors import BadInput
from core.permissions import Role
from core.queries.facets import EVERY_CASE, Facets
from core.queries.searching import own_searches
from core.rules.facts import Outcome
from tests.builders import day
from tests.pages.conftest import Open
from tests.pages.council import Council
from tests.pages.shown import button, field, words


def st_params(at: AppTest) -> dict[str, str]:
    """The address, each name with its one value."""
    return {name: value if isinstance(value, str) else value[0] for name, value in at.query_params.items()}


def test_a_choice_narrows_the_results_and_stands_in_the_address(council: Council, open_page: Open) -> None:
    at = open_page("found", text="noise")
    assert "1 complaint" in words(at)
    field(at, "selectbox", "Open or closed").select("open").run()
    assert (st_params(at)["state"], st_params(at)["text"]) == ("open", "noise")
    shown = words(at)
    field(at, "selectbox", "Open or closed").select("closed").run()
    one, other = (("/export/search.csv" in each, "Nothing matches" in each) for each in (shown, words(at)))
    assert {one, other} == {(True, False), (False, True)}
    field(at, "selectbox", "Open or closed").select("").run()
    assert "state" not in st_params(at)


def test_a_search_needs_no_words_when_something_is_chosen(council: Council, open_page: Open) -> None:
    assert "Type a reference" in words(open_page("found"))
    shown = words(open_page("found", state="open"))
    assert "/export/search.csv?state=open" in shown and "C-2026-000001" in shown


def test_a_persons_complaints_are_said_by_what_they_were_found(council: Council, open_page: Open) -> None:
    shown = words(open_page("found", person="C-2026-000001"))
    assert "from the same e-mail address, telephone number, or name and postcode as" in shown
    assert "C-2026-000001" in shown


def test_the_address_is_the_search() -> None:
    told = {
        "text": "bins", "service": "3", "stage": "2", "outcome": "upheld", "state": "closed", "since": "2026-01-05",
        "until": "2026-02-01", "person": "C-2026-000001",
    }  # fmt: skip
    assert facets_of(told) == Facets(
        service_id=3, stage=2, outcome=Outcome.UPHELD, is_open=False, since=day("2026-01-05"), until=day("2026-02-01"),
        person_of="C-2026-000001",
    )  # fmt: skip
    assert asked({**told, "before": "7"}) == told
    assert facets_of({"text": "bins"}) == EVERY_CASE


@pytest.mark.parametrize(
    "told",
    [{"service": "x"}, {"service": "9" * 20}, {"service": "٣"}, {"stage": "3"}, {"outcome": "lost"}, {"state": "ajar"},
     {"since": "2026-02-30"}, {"until": "soon"}, {"since": "20260101"}, {"person": "SR-2026-000001"}, {"person": "x"}],
)  # fmt: skip
def test_a_damaged_address_is_a_sentence(told: dict[str, str]) -> None:
    with pytest.raises(BadInput, match=r"from the (lists|calendar) instead\."):
        facets_of(told)


def test_a_search_is_saved_by_name_and_opened_from_the_list(council: Council, open_page: Open) -> None:
    at = open_page("found", text="noise", state="open")
    button(at, "Save this search").click().run()
    field(at, "text_input", "What to call it").set_value("*Noise* & co").run()
    [each for each in at.button if each.label == "Save this search"][-1].click().run()
    assert council.desk(Role.HANDLER).ask(own_searches) == (("*Noise* & co", "text=noise&state=open"),)
    assert "search?text=noise&state=open" in words(at)
    button(at, "Remove a saved search").click().run()
    field(at, "selectbox", "Which one").select("*Noise* & co").run()
    [each for each in at.button if each.label == "Remove a saved search"][-1].click().run()
    assert council.desk(Role.HANDLER).ask(own_searches) == ()
