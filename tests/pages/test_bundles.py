"""A bundle on the case's page: made from its form, listed with its link, and not offered to whoever may not."""

from __future__ import annotations

from core.permissions import Role
from core.queries.bundles import case_bundles
from tests.pages.conftest import Open
from tests.pages.council import Council
from tests.pages.shown import button, field, offered, words

CASE = "C-2026-000001"
HOSTILE = "![x](https://example.org/p.png) <b>$x$ :red[a]"


def test_a_bundle_is_made_on_the_page_and_stands_there(council: Council, open_page: Open) -> None:
    """Nothing of what was typed is markup; the link leads to the route that asks who may."""
    at = open_page("case", role=Role.MANAGER, ref=CASE)
    button(at, "Make a bundle").click().run()
    assert "Why they are to have it" in words(at)
    field(at, "text_area", "Why they are to have it").set_value(HOSTILE).run()
    field(at, "selectbox", "Who it is for").select("an Ombudsman").run()
    button(at, "Put it together").click().run()
    (line,) = council.desk(Role.MANAGER).ask(case_bundles, CASE)
    assert (line.why, line.made_for) == (HOSTILE, "an Ombudsman")
    at = open_page("case", role=Role.MANAGER, ref=CASE)
    assert f"[For an Ombudsman](/bundles/{line.id}" in words(at)


def test_whoever_may_not_is_not_offered_it(council: Council, open_page: Open) -> None:
    assert "Make a bundle" not in offered(open_page("case", role=Role.HANDLER, ref=CASE))
