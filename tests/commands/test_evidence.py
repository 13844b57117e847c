"""Files of evidence on a case: added once, held back until somebody decides, and every opening noted."""

from __future__ import annotations

import pytest

from core.commands.access import NoteExport, OpenCase
from core.commands.evidence import AddFile, OpenFile, ReleaseFile
from core.commands.recording import AddNote
from core.errors import BadInput, NotFound, NotPermitted
from core.queries.cases import case_view
from core.queries.evidence import case_files, one_file
from tests.builders import Story
from tests.commands.refusals import refused
from tests.conftest import Desks
from tests.people import file_on

HELD = "The scanner was not reached."


def test_a_file_is_kept_as_it_came(story: Story, desks: Desks) -> None:
    """Its bytes lie elsewhere under their digest; here stands what it is, who added it and when [lgsco:5.8]."""
    reference = story.record()
    number = file_on(story, reference)
    (line,) = desks.manager.ask(case_files, reference)
    assert line == desks.manager.ask(one_file, number)
    assert (line.reference, line.name, line.size, line.held, line.why_held) == (
        reference, "Photograph.jpg", 12_345, False, "",
    )  # fmt: skip
    assert (line.added_by, line.added_at, line.about) == ("Hana Handler", story.clock.now, "The bins on 4 September")
    assert desks.manager.ask(case_view, reference).history[0].sentence == "Added the file “Photograph.jpg”."


def test_the_same_file_is_on_a_case_once(story: Story, desks: Desks) -> None:
    """Under another name, with other content, or on another case it is another one [lgsco:5.8]."""
    first, second = story.record(), story.record()
    file_on(story, first)
    with refused(story, BadInput, match=f"“Photograph.jpg” is on {first} already"):
        file_on(story, first)
    assert len({file_on(story, first, name="Other.jpg"), file_on(story, first, sha256="cd" * 32)}) == 2
    assert file_on(story, second)
    assert [each.name for each in desks.manager.ask(case_files, first)] == [
        "Photograph.jpg", "Other.jpg", "Photograph.jpg",
    ]  # fmt: skip


def test_a_held_file_is_not_opened_until_it_is_released_for_a_reason(story: Story, desks: Desks) -> None:
    """Held is not lost; who let it through, and why, stays in the history [lgsco:5.8]."""
    reference = story.record()
    number = file_on(story, reference, why_held=HELD)
    assert desks.handler.ask(one_file, number).why_held == HELD
    with refused(story, BadInput, match="is held back: The scanner was not reached. Ask the complaints manager"):
        desks.handler.do(OpenFile(file_id=number))
    with refused(story, NotPermitted):
        desks.handler.do(ReleaseFile(file_id=number, why="It looks harmless."))
    done = desks.manager.do(ReleaseFile(file_id=number, why="Scanned on a machine apart."))
    assert done.sentences == ("Released the file “Photograph.jpg”: Scanned on a machine apart.",)
    assert not desks.handler.ask(one_file, number).held
    desks.handler.do(OpenFile(file_id=number))
    with refused(story, BadInput, match="is not held back"):
        desks.manager.do(ReleaseFile(file_id=number, why="Once more."))
    assert story.tags(reference)[-3:] == ["file.added", "file.released", "file.opened"]
    assert story.verified() == len(story.tags())


def test_a_release_without_a_reason_is_not_filled_in(desks: Desks) -> None:
    with pytest.raises(BadInput, match="“Why it is safe” is not filled in yet"):
        desks.manager.form(ReleaseFile, {"file_id": 1, "why": "  "})


def test_opening_is_noted_and_left_out_of_the_cases_own_history(story: Story, desks: Desks) -> None:
    """The audit says who looked; the case's history says what was done [lgsco:5.8]."""
    reference = story.record()
    number = file_on(story, reference)
    version = story.case(reference)["version"]
    opened = desks.senior_lead.do(OpenCase(reference=f" {reference.lower()} "))
    assert opened.sentences == (f"Opened {reference}.",)
    desks.quality.do(OpenFile(file_id=number))
    desks.quality.do(NoteExport(what="The queue of everyone", rows=1))
    assert story.tags()[-3:] == ["case.opened", "file.opened", "records.exported"]
    assert {line.tag for line in desks.manager.ask(case_view, reference).history} == {
        "complaint.recorded", "file.added",
    }  # fmt: skip
    assert story.case(reference)["version"] == version, "looking changes nothing"


def test_a_file_that_is_nowhere_and_a_case_that_is_not_there(story: Story, desks: Desks) -> None:
    for number in (0, -1, 1, 2**31 - 1):
        with refused(story, NotFound, match="There is no such file"):
            desks.handler.do(OpenFile(file_id=number))
        with pytest.raises(NotFound, match="There is no such file"):
            desks.handler.ask(one_file, number)
    with pytest.raises(NotFound, match="There is no such file"):
        desks.handler.ask(one_file, 2**40)
    with refused(story, NotFound, match="There is no complaint C-2026-999999"):
        file_on(story, "C-2026-999999")
    with refused(story, NotFound, match="There is no complaint C-2026-999999"):
        desks.handler.do(OpenCase(reference="C-2026-999999"))


def test_the_link_officer_adds_what_the_ombudsman_sends(story: Story, desks: Desks) -> None:
    """And takes no step on the case."""
    reference = story.record()
    file_on(story, reference, by=desks.link_officer)
    assert desks.manager.ask(case_files, reference)[0].added_by == "Lena Link"
    with refused(story, NotPermitted):
        desks.link_officer.do(story.ready(AddNote, reference))


@pytest.mark.parametrize("wrong", [{"size": 0}, {"sha256": "ab"}, {"name": ""}, {"name": "a" * 201}])
def test_a_file_is_described_in_full(story: Story, wrong: dict[str, object]) -> None:
    given = {
        "reference": "C-2026-000001",
        "name": "a.pdf",
        "media_type": "application/pdf",
        "size": 1,
        "sha256": "a" * 64,
    }
    with pytest.raises(BadInput):
        story.desks.handler.form(AddFile, {**given, **wrong})
