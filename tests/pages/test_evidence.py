"""Evidence on the case's page: added, refused, held back and released; and who sees a confidential case."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app.ui import keys
from core import evidence
from core.channels.files import FileStore
from core.channels.scanning import Scan, Verdict
from core.errors import NotFound, NotPermitted
from core.evidence import add_evidence
from core.permissions import GRANTS, Permission, Role
from core.queries.evidence import FileLine, case_files, confidence
from tests.pages.conftest import Open
from tests.pages.council import WHO, Council
from tests.pages.shown import button, field, words

CASE = "C-2026-000001"
LETTER = b"Dear council, the bins were missed again.\n"
HOSTILE = "![x](https://example.org/p.png) <b>$x$ :red[a] `b`.txt"


def add(council: Council, role: Role = Role.HANDLER, **told: str) -> FileLine:
    """Add a note to the case as a colleague would."""
    given = {"name": "letter.txt", "about": "", **told}
    add_evidence(council.desk(role), CASE, content=LETTER, **given)
    return council.desk(role).ask(case_files, CASE)[-1]


def adding(at: AppTest) -> AppTest:
    """The page with the place for files opened."""
    at.session_state[keys.evidence_key(CASE, "adding")] = True
    return at.run()


def upload(at: AppTest, *files: tuple[str, bytes]) -> None:
    """Choose files and press the button."""
    chosen = next(each for each in at.file_uploader if each.label.startswith("Files of evidence"))
    for name, content in files:
        chosen.upload(name, content, "application/octet-stream")
    at.run()
    button(at, "Add to the case").click().run()
    assert not at.exception, at.exception


def test_a_file_is_added_and_is_a_link(council: Council, open_page: Open) -> None:
    """Its name, size, who added it and when; the link goes to the route that asks who may, and says who asks."""
    at = open_page("case", ref=CASE)
    assert "Evidence: 0 files" in words(at)
    adding(at)
    field(at, "text_input", "What they are").set_value("The letter of March").run()
    upload(at, ("letter.txt", LETTER), ("photo.txt", b"A photograph, described."))
    said = words(at)
    assert "Evidence: 2 files" in said
    assert "- [letter.txt](/files/1?who=1) · 42 bytes · Dee Handler, Tue 24 November 2026 09:00" in said
    assert "The letter of March" in said
    assert "Added the file “letter.txt”." in said
    file = council.desk(Role.HANDLER).ask(case_files, CASE)[0]
    assert FileStore(council.office.settings.files).path(file.sha256).read_bytes() == LETTER
    assert field(at, "text_input", "What they are").value == ""


def test_a_refused_file_is_a_sentence_and_costs_nothing_else(council: Council, open_page: Open) -> None:
    """One of two files cannot be kept: the other is added, and what was typed anywhere on the page stays."""
    at = adding(open_page("case", ref=CASE, step="AddNote"))
    field(at, "text_area", "Note").set_value("They rang again.").run()
    field(at, "text_input", "What they are").set_value("From the crew").run()
    at.session_state[keys.evidence_key(CASE, "adding")] = False
    assert field(at.run(), "text_input", "What they are").value == "From the crew"
    upload(at, ("tool.exe", b"MZ\x90"), ("letter.txt", LETTER))
    said = words(at)
    assert ".exe files are not kept" in said
    assert "Evidence: 1 file" in said
    assert field(at, "text_area", "Note").value == "They rang again."
    assert field(at, "text_input", "What they are").value == "From the crew"
    upload(at, ("letter.txt", LETTER))
    assert "is on C-2026-000001 already" in words(at)


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (Scan(verdict=Verdict.INFECTED, signature="Eicar"), "The virus scanner found “Eicar” in it."),
        (Scan(verdict=Verdict.NOT_SCANNED, reason="The virus scanner is not running."), "is not running"),
    ],
)
def test_a_file_that_is_not_called_clean_is_held_and_released(
    council: Council, open_page: Open, monkeypatch: pytest.MonkeyPatch, answer: Scan, why: str
) -> None:
    """It is kept, marked in words with why, and nobody's link, until the manager releases it for a reason."""
    scanned(council, monkeypatch, answer)
    add(council)
    said = words(open_page("case", ref=CASE))
    assert "**Held back:** letter.txt" in said
    assert why in said
    assert "/files/1" not in said
    assert not [each for each in open_page("case", ref=CASE).button if each.label.startswith("Release")]
    at = open_page("case", Role.MANAGER, ref=CASE)
    next(each for each in at.button if each.label.startswith("Release")).click().run()
    field(at, "text_area", "Why it is safe").set_value("Looked at on a machine of its own.").run()
    button(at, "Release a file").click().run()
    said = words(at)
    assert "Released the file “letter.txt”" in said
    assert "[letter.txt](/files/1?who=3)" in said
    assert "release" not in at.query_params


def scanned(council: Council, monkeypatch: pytest.MonkeyPatch, answer: Scan) -> None:
    """An installation with a scanner that answers so."""
    council.office.settings = council.office.settings.model_copy(update={"clamd": "127.0.0.1:3310"})
    monkeypatch.setattr(evidence, "scan", lambda _content, *, address, timeout: answer)


def test_a_clean_file_is_let_through(council: Council, monkeypatch: pytest.MonkeyPatch) -> None:
    """The scanner's word is enough."""
    scanned(council, monkeypatch, Scan(verdict=Verdict.CLEAN))
    assert not add(council).held


@pytest.mark.parametrize("role", list(Role))
def test_evidence_is_added_by_those_who_may(council: Council, open_page: Open, role: Role) -> None:
    """Nobody else is offered it, and the desk refuses them without keeping a byte."""
    offered = [each.label for each in adding(open_page("case", role, ref=CASE)).file_uploader]
    assert bool(offered) == (Permission.EVIDENCE in GRANTS[role])
    if not offered:
        with pytest.raises(NotPermitted):
            add(council, role)
        assert not Path(council.office.settings.files).exists()


def test_evidence_for_no_case_is_refused(council: Council) -> None:
    """A reference that nobody has, or that this person does not see."""
    with pytest.raises(NotFound):
        add_evidence(council.desk(Role.HANDLER), "C-1999-000001", name="letter.txt", content=LETTER)


def test_names_of_files_are_shown_as_they_were_written(council: Council, open_page: Open) -> None:
    """Markdown, HTML, formulas and colours in a name or a description do nothing."""
    add(council, name=HOSTILE, about="[click](https://example.org) **bold**")
    shown = next(each.value for each in open_page("case", ref=CASE).markdown if "Evidence: 1 file" in each.value)
    for active in ("![", "<b>", "$x$", ":red[", "`b`", "[click](", "**bold**"):
        assert active not in shown
    assert "click" in shown


def test_a_confidential_case_says_who_sees_it(council: Council, open_page: Open) -> None:
    """The people named stand at its head; naming others begins with them; to everybody else it is not there."""
    at = open_page("case", Role.MANAGER, ref=CASE, step="KeepConfidential")
    field(at, "multiselect", "Who may see it").set_value([WHO[Role.REVIEWER]]).run()
    field(at, "text_area", "Why").set_value("A <b>colleague</b> is named.").run()
    send(at, "Keep confidential")
    said = words(at)
    assert "**Confidential: seen only by Ann Reviewer, Dee Handler, Max Manager.** Since Tue 24 November 2026." in said
    assert not [each for each in at.warning if "<b>" in each.value]
    assert "There is no complaint" in words(open_page("case", Role.SENIOR_LEAD, ref=CASE))
    again = open_page("case", Role.REVIEWER, ref=CASE, step="KeepConfidential")
    assert sorted(field(again, "multiselect", "Who may see it").value) == [1, 2, 3]
    lifting = open_page("case", Role.MANAGER, ref=CASE, step="LiftConfidence")
    field(lifting, "text_area", "Why").set_value("It is over.").run()
    send(lifting, "Lift confidentiality")
    assert "Confidential: seen only by" not in [each.value for each in lifting.warning]
    assert council.desk(Role.SENIOR_LEAD).ask(confidence, CASE) is None
    assert "Missed bin collections" in words(open_page("case", Role.SENIOR_LEAD, ref=CASE))


def send(at: AppTest, label: str) -> None:
    """Press the button that carries the open form out."""
    next(each for each in at.button if each.label == label and (each.key or "").startswith("form/")).click()
    at.run()
    assert not at.exception, at.exception
