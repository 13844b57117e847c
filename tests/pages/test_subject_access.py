"""Subject access on its page: recorded, a complaint confirmed, pieces decided one by one."""

from __future__ import annotations

from core.permissions import Role
from core.queries.subject_access import subject_request
from core.rules.subject_access import Ruling
from tests.pages.conftest import Open
from tests.pages.council import Council
from tests.pages.shown import button, field, words

CASE = "C-2026-000001"
HOSTILE = "![x](https://example.org/p.png) <b>$x$ :red[a]"


def test_a_request_goes_from_receipt_to_its_pieces(council: Council, open_page: Open) -> None:
    """The next undecided piece is shown with its suggestion; deciding on it shows the one after it."""
    at = open_page("subject_access", Role.MANAGER, step="RecordSubjectAccess")
    assert "Nobody has asked yet." in words(at)
    field(at, "text_input", "Who asks").set_value(HOSTILE).run()
    next(each for each in at.button if (each.key or "").startswith("form/") and "send" in str(each.key)).click().run()
    council.take(Role.MANAGER, "AddSubjectCase", request_id=1, reference=CASE)
    at = open_page("subject_access", Role.MANAGER, show="1")
    said = words(at)
    assert "Complaints: 1 taken in" in said
    assert "Pieces: 0 of " in said
    field(at, "selectbox", "What is done with it").select(Ruling.DISCLOSE.value).run()
    button(at, "Decide on this piece").click().run()
    assert len(council.desk(Role.MANAGER).ask(subject_request, 1).rulings) == 1
    assert "Pieces: 1 of " in words(open_page("subject_access", Role.MANAGER, show="1"))
