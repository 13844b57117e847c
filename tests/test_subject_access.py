"""A person's own data: found across cases, decided piece by piece, and answered without what was kept back."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from typing import Any

import pytest
from pypdf import PdfReader

from core.bundles.disclosing import answer, decide, disclosure_file
from core.bundles.file_looks import look_at
from core.bundles.left_in import left_in
from core.bundles.pieces import Piece, pieces, undecided
from core.channels.files import FileStore
from core.code.subject_access import EXEMPTIONS
from core.commands.evidence import AddFile
from core.commands.recording import AddNote
from core.commands.subject_access import (
    AddSubjectCase,
    AnswerSubjectAccess,
    ExtendSubjectAccess,
    RecordIdentity,
    RecordRuling,
    RecordSubjectAccess,
)
from core.commands.subject_clarifying import AskSubjectClarification, RecordSubjectClarification
from core.commands.subject_undoing import RemoveSubjectCase, WithdrawSubjectAccess
from core.desk import Desk
from core.errors import BadInput, NotFound, NotPermitted, StepNotOpen
from core.permissions import Role
from core.queries.beside import owed_beside
from core.queries.reminders import managers_week, my_morning
from core.queries.retention import record_kept
from core.queries.subject_access import SubjectView, subject_request, subject_requests
from core.rules.retention import Kept
from core.rules.subject_access import Ruling, Whose
from core.store.keeping import referred_to
from tests.builders import Story, day
from tests.bundles import pdf_saying
from tests.commands.refusals import refused
from tests.conftest import Desks
from tests.people import joined
from tests.requests import ask

PERSON, NEIGHBOUR = "Quentia Samplesson", "Zebulon Quagga"
NOTE = f"{PERSON} rang about {NEIGHBOUR}; keep an eye on {NEIGHBOUR.upper()}."
WHY = "He has not agreed, and nothing of hers is lost."


@pytest.fixture
def database_kind() -> str:
    """The record is asked on both databases elsewhere; files are the same on either."""
    return "sqlite"


def asked(desk: Desk, **given: Any) -> int:
    """A request for own data; its number."""
    told = {"name": PERSON, "contact": "1 Sample Close, ZZ9 9ZZ", "received_on": desk.office.today(desk.office.now())}
    done: Any = desk.do(RecordSubjectAccess(**{**told, **given}))
    number: int = done.events[0].request_id
    return number


def view_of(desk: Desk, number: int) -> SubjectView:
    return desk.ask(subject_request, number)


def ruling(desk: Desk, number: int, piece: Piece, what: Ruling, **given: Any) -> None:
    """Decide on a piece as an officer does."""
    told = {"piece": piece.key, "digest": piece.digest, "whose": piece.whose, **given}
    decide(desk, RecordRuling(request_id=number, ruling=what, **told))


def test_the_answer_is_due_a_month_on_and_moves_with_proof_and_with_more_time(story: Story, desks: Desks) -> None:
    """Received on Monday 31 August: 30 September; proved on 4 September: Monday 5 October, the 4th being a Sunday."""
    story.on(day("2026-09-07"))
    number = asked(desks.manager, received_on=day("2026-08-31"), identity_asked=True)
    assert view_of(desks.manager, number).line.due_on == day("2026-09-30")
    proof = RecordIdentity(request_id=number, identity_on=day("2026-09-04"), identity_how="passport seen")
    desks.manager.do(proof)
    assert view_of(desks.manager, number).line.due_on == day("2026-10-05")
    desks.senior_lead.do(ExtendSubjectAccess(request_id=number, told_on=day("2026-09-07"), why="Seven cases."))
    assert view_of(desks.manager, number).line.due_on == day("2026-12-04")
    with refused(story, StepNotOpen, match="can be taken once"):
        desks.manager.do(ExtendSubjectAccess(request_id=number, told_on=day("2026-09-07"), why="Again."))


def test_the_clock_stands_still_while_something_needed_is_asked(story: Story, desks: Desks) -> None:
    """Asked on Monday 14 September and answered on the 21st: seven days more. Meanwhile it is owed by no day."""
    story.on(day("2026-09-14"))
    number = asked(desks.manager, received_on=day("2026-08-31"))
    question = {"request_id": number, "what": "Which of thirty years?", "why": "There are nine thousand letters."}
    with refused(story, BadInput, match="is before the request"):
        desks.manager.do(AskSubjectClarification(asked_on=day("2026-08-28"), **question))
    with refused(story, StepNotOpen, match="Nothing that was asked waits"):
        desks.manager.do(RecordSubjectClarification(request_id=number, answered_on=day("2026-09-14"), answer="So."))
    assert [each.number for each in desks.manager.ask(owed_beside)] == [number]
    desks.manager.do(AskSubjectClarification(asked_on=day("2026-09-14"), **question))
    with refused(story, StepNotOpen, match="asked on Mon 14 September 2026 already"):
        desks.manager.do(AskSubjectClarification(asked_on=day("2026-09-14"), **question))
    line = view_of(desks.manager, number).line
    assert (line.stopped_on, line.soon, desks.manager.ask(owed_beside)) == (day("2026-09-14"), None, ())
    story.on(day("2026-09-21"))
    with refused(story, BadInput, match="is before the question"):
        desks.manager.do(RecordSubjectClarification(request_id=number, answered_on=day("2026-09-13"), answer="So."))
    done = desks.manager.do(
        RecordSubjectClarification(request_id=number, answered_on=day("2026-09-21"), answer="The last two.")
    )
    said = f"Request {number}: answered on Mon 21 September 2026, 7 days later; answer by Wed 7 October 2026."
    assert done.events[0].sentence() == f"{said} The last two."
    view = view_of(desks.manager, number)
    assert (view.line.due_on, view.line.stopped_on) == (day("2026-10-07"), None)
    assert [(each.what, each.answer) for each in view.questions] == [("Which of thirty years?", "The last two.")]
    story.on(day("2026-10-08"))
    with refused(story, BadInput, match="stops no clock"):
        desks.manager.do(AskSubjectClarification(asked_on=day("2026-10-08"), **question))
    with pytest.raises(NotPermitted):
        desks.handler.do(AskSubjectClarification(asked_on=day("2026-10-08"), **question))


def test_an_answer_given_while_a_question_waits_is_in_time_by_the_days_it_waited(story: Story, desks: Desks) -> None:
    story.on(day("2026-09-28"))
    number = asked(desks.manager, received_on=day("2026-08-31"))
    told = {"what": "Which years?", "why": "Thirty years."}
    desks.manager.do(AskSubjectClarification(request_id=number, asked_on=day("2026-09-28"), **told))
    story.on(day("2026-10-02"))
    desks.manager.do(AnswerSubjectAccess(request_id=number, sha256="ab" * 32))
    assert view_of(desks.manager, number).line.due_on == day("2026-10-05")


def test_more_time_is_told_within_the_first_month(story: Story, desks: Desks) -> None:
    number = asked(desks.manager, received_on=day("2026-08-03"))
    with refused(story, BadInput, match="They had to be told by Thu 3 September 2026"):
        desks.manager.do(ExtendSubjectAccess(request_id=number, told_on=day("2026-09-07"), why="Late."))


def test_the_same_person_is_found_and_taken_in_only_once_confirmed(story: Story, desks: Desks) -> None:
    """By name, e-mail and postcode, and where they are somebody else's representative; nobody else's case."""
    hers = story.record(individual=PERSON.upper())
    mailed = story.record(individual="Q. S.", contact_email="q@sample.example")
    postcode = story.record(individual="Tia S.", postcode="ZZ99ZZ")
    friend = story.record(individual="Other Person")
    story.represent(friend, name=PERSON)
    other = story.record(individual="Somebody Else")
    number = asked(desks.manager, contact="q@sample.example, 1 Sample Close, zz9 9zz")
    likely = {each.reference: each.why for each in view_of(desks.manager, number).likely}
    assert likely == {
        hers: "same name", mailed: "same e-mail", postcode: "same postcode", friend: "somebody of this name is on it",
    }  # fmt: skip
    assert other not in likely
    desks.manager.do(AddSubjectCase(request_id=number, reference=hers, why="Same address."))
    view = view_of(desks.manager, number)
    assert (view.cases, hers in {each.reference for each in view.likely}) == ((hers,), False)
    with refused(story, BadInput, match="is taken in already"):
        desks.manager.do(AddSubjectCase(request_id=number, reference=hers))


def test_a_confidential_case_is_neither_found_nor_read_nor_left_out_in_silence(story: Story, desks: Desks) -> None:
    hers = story.record(individual=PERSON)
    number = asked(desks.manager)
    desks.manager.do(AddSubjectCase(request_id=number, reference=hers))
    story.keep_confidential(hers, joined(story.office, "Mia Manager", Role.MANAGER))
    view = view_of(desks.manager, number)
    assert (view.cases, view.hidden, view.likely, pieces(desks.manager, view)) == ((), 1, (), ())
    with refused(story, BadInput, match="confidential and you are not named on it"):
        answer(desks.manager, AnswerSubjectAccess(request_id=number))


def everything(archive: zipfile.ZipFile) -> bytes:
    """Every byte of a zip, its PDFs unpacked and read as well."""
    held = [archive.read(name) for name in archive.namelist()]
    for name in archive.namelist():
        if name.endswith(".pdf"):
            reader = PdfReader(io.BytesIO(archive.read(name)))
            held += [page.extract_text().encode() for page in reader.pages]
            numbers = {*reader.xref_objStm, *(number for table in reader.xref.values() for number in table)} - {0}
            objects = [reader.get_object(number) for number in sorted(numbers)]
            held += [each.get_data() for each in objects if hasattr(each, "get_data")] + [repr(objects).encode()]
    return b"\n".join([*held, "\n".join(archive.namelist()).encode()])


def test_what_is_kept_back_is_nowhere_in_what_goes_out(story: Story, desks: Desks) -> None:
    """Neither in the bytes of the PDFs nor in a name; the ground is said, and what may go is there [lgsco:5.8]."""
    manager = desks.manager
    reference = story.record(individual=PERSON, words="My bin, not his.")
    desks.handler.do(AddNote(reference=reference, text=NOTE))
    for name, content in ((f"{NEIGHBOUR}.pdf", pdf_saying(f"Seen: {NEIGHBOUR}", PERSON)), ("Hers.txt", b"All hers")):
        sha256 = hashlib.sha256(content).hexdigest()
        FileStore(story.office.settings.files).put(content, sha256)
        media = "application/pdf" if name.endswith("pdf") else "text/plain"
        desks.handler.do(AddFile(reference=reference, name=name, media_type=media, size=len(content), sha256=sha256))
    number = asked(manager)
    manager.do(AddSubjectCase(request_id=number, reference=reference))
    found = pieces(manager, view_of(manager, number))
    with refused(story, BadInput, match=f"{len(found)} pieces must still be decided on"):
        answer(manager, AnswerSubjectAccess(request_id=number))
    held = {"exemption": "others", "reason": WHY}
    for piece in found:
        if piece.title == "In their own words":
            assert (piece.whose, piece.ruling) == (Whose.REQUESTER, Ruling.DISCLOSE)
        named = NEIGHBOUR.casefold() in f"{piece.title} {piece.text}".casefold()
        if piece.file is not None and named:
            ruling(manager, number, piece, Ruling.REDACT, passages=NEIGHBOUR, **held)
        elif piece.section == "Colleagues’ notes":
            ruling(manager, number, piece, Ruling.REDACT, passages=NEIGHBOUR, **held)
        else:
            ruling(manager, number, piece, Ruling.WITHHOLD if named else Ruling.DISCLOSE, **(held if named else {}))
    assert undecided(view_of(manager, number), found) == ()
    answer(manager, AnswerSubjectAccess(request_id=number))
    name, sha256 = disclosure_file(desks.senior_lead, number)
    assert name == f"own data {number}.zip"
    archive = zipfile.ZipFile(FileStore(story.office.settings.files).path(sha256))
    whole = everything(archive)
    assert re.search(rb"(?i)zebulon|quagga", whole) is None
    assert (b"[withheld]" in whole, b"All hers" in whole, b"My bin, not his." in whole) == (True, True, True)
    assert b"paragraph 16" in b" ".join(whole.split())
    assert WHY.encode() not in whole  # why it was weighed so is the council's own record
    assert [each for each in archive.namelist() if each.startswith("documents/")] == [
        "documents/001 Document 1, parts taken out.pdf", "documents/002 Hers.txt",
    ]  # fmt: skip
    assert story.tags()[-2:] == ["subject_access.answered", "disclosure.opened"]
    with story.office.database.reading() as connection:
        assert referred_to(connection, [sha256], since=story.clock.now) == {sha256}
    with refused(story, StepNotOpen, match="was answered on"):
        manager.do(AddSubjectCase(request_id=number, reference=reference))


def test_a_piece_that_changed_since_is_undecided_again(story: Story, desks: Desks) -> None:
    """What was read is what was decided on."""
    reference = story.record(individual=PERSON)
    number = asked(desks.manager)
    desks.manager.do(AddSubjectCase(request_id=number, reference=reference))
    found = pieces(desks.manager, view_of(desks.manager, number))
    for piece in found:
        ruling(desks.manager, number, piece, Ruling.DISCLOSE)
    desks.handler.do(AddNote(reference=reference, text=NOTE))
    view = view_of(desks.manager, number)
    left = undecided(view, pieces(desks.manager, view))
    assert {each.section for each in left} == {"Colleagues’ notes", "Timeline"}
    gone = next(each for each in found if each.section == "Timeline")
    with refused(story, NotFound, match="has changed meanwhile"):
        ruling(desks.manager, number, gone, Ruling.DISCLOSE)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"ruling": Ruling.WITHHOLD}, "Choose the ground"),
        ({"ruling": Ruling.WITHHOLD, "exemption": "others"}, "Say why this ground holds here"),
        ({"ruling": Ruling.WITHHOLD, "exemption": "none", "reason": WHY}, "There is no such ground"),
        ({"ruling": Ruling.REDACT, "exemption": "others", "reason": WHY}, "Say what is taken out"),
        (
            {"ruling": Ruling.REDACT, "passages": "Xanthippe", "exemption": "others", "reason": WHY},
            "is not in this piece",
        ),
        ({"ruling": Ruling.REDACT, "pages": "1", "exemption": "others", "reason": WHY}, "has no pages"),
        ({"ruling": Ruling.REDACT, "pages": "one", "exemption": "others", "reason": WHY}, "Give pages as numbers"),
    ],
)
def test_nothing_is_kept_back_without_ground_and_reason_and_no_marking_misses(
    story: Story, desks: Desks, given: dict[str, Any], said: str
) -> None:
    reference = story.record(individual=PERSON)
    number = asked(desks.manager)
    desks.manager.do(AddSubjectCase(request_id=number, reference=reference))
    piece = pieces(desks.manager, view_of(desks.manager, number))[0]
    told = {"piece": piece.key, "digest": piece.digest, "whose": Whose.MIXED, **given}
    with refused(story, BadInput, match=said):
        decide(desks.manager, RecordRuling(request_id=number, **told))


def test_what_is_owed_comes_first_and_nobody_else_sees_requests(story: Story, desks: Desks) -> None:
    later, sooner = asked(desks.manager), asked(desks.manager, received_on=day("2026-08-10"))
    assert [each.id for each in desks.senior_lead.ask(subject_requests)] == [sooner, later]
    for desk in (desks.handler, desks.link_officer, desks.member):
        with refused(story, NotPermitted):
            desk.ask(subject_requests)
    with pytest.raises(NotFound):
        desks.manager.ask(subject_request, sooner + 1)


def test_a_complaint_confirmed_wrongly_is_taken_out_with_what_was_decided_on_it(story: Story, desks: Desks) -> None:
    """What was decided on the others stays, and the history says who took it out and why."""
    hers, namesake = story.record(individual=PERSON), story.record(individual=PERSON)
    number = asked(desks.manager)
    for reference in (hers, namesake):
        desks.manager.do(AddSubjectCase(request_id=number, reference=reference))
    for piece in pieces(desks.manager, view_of(desks.manager, number)):
        ruling(desks.manager, number, piece, Ruling.DISCLOSE)
    gone = {"request_id": number, "reference": namesake, "reason": "Born in another year."}
    (event,) = desks.manager.do(RemoveSubjectCase(**gone)).events
    assert "Born in another year." in event.sentence() and event.rulings > 0  # type: ignore[attr-defined]
    view = view_of(desks.manager, number)
    assert view.cases == (hers,)
    assert {key.partition("/")[0] for key in view.rulings} == {hers}
    assert namesake in {each.reference for each in view.likely}
    with refused(story, BadInput, match="is not taken in"):
        desks.manager.do(RemoveSubjectCase(**gone))


def test_a_request_withdrawn_is_owed_no_more_and_cannot_be_answered(story: Story, desks: Desks) -> None:
    number = asked(desks.manager)
    today = desks.manager.office.today(desks.manager.office.now())
    assert [each.number for each in desks.manager.ask(owed_beside)] == [number]
    with refused(story, BadInput, match="is before the request"):
        desks.manager.do(WithdrawSubjectAccess(request_id=number, withdrawn_on=day("2026-01-05"), reason="So."))
    desks.manager.do(WithdrawSubjectAccess(request_id=number, withdrawn_on=today, reason="Found her letters."))
    line = view_of(desks.manager, number).line
    assert (line.withdrawn_on, line.why_withdrawn, line.soon) == (today, "Found her letters.", None)
    assert desks.manager.ask(owed_beside) == ()
    with refused(story, StepNotOpen, match="was withdrawn on"):
        desks.manager.do(AnswerSubjectAccess(request_id=number, sha256="ab" * 32))
    with pytest.raises(NotPermitted):
        desks.handler.do(WithdrawSubjectAccess(request_id=number, withdrawn_on=today, reason="So."))


def test_what_is_taken_out_of_one_piece_may_not_stand_in_another_without_a_reason(story: Story, desks: Desks) -> None:
    """Whatever case it is written in; once a reason is given, or it is taken out there too, the answer goes."""
    reference = story.record(individual=PERSON)
    for text in (NOTE, f"Told {NEIGHBOUR.lower()} to wait."):
        desks.manager.do(AddNote(reference=reference, text=text))
    number = asked(desks.manager)
    desks.manager.do(AddSubjectCase(request_id=number, reference=reference))
    found = pieces(desks.manager, view_of(desks.manager, number))
    first = next(each for each in found if NOTE in each.text)
    second = next(each for each in found if "to wait" in each.text)
    for piece in found:
        ruling(desks.manager, number, piece, Ruling.DISCLOSE)
    cut = {"passages": NEIGHBOUR, "exemption": next(iter(EXEMPTIONS)), "reason": WHY}
    ruling(desks.manager, number, first, Ruling.REDACT, **cut)
    left = left_in(view_of(desks.manager, number), found)
    assert {(each.piece.key, each.passage, each.taken_from.key) for each in left} >= {
        (second.key, NEIGHBOUR, first.key)
    }
    with refused(story, BadInput, match=f"“{NEIGHBOUR}” was taken out of one piece and still stands in another"):
        answer(desks.manager, AnswerSubjectAccess(request_id=number))
    for each in left:
        ruling(desks.manager, number, each.piece, Ruling.DISCLOSE, reason="She was there when it was said.")
    assert {each.why for each in left_in(view_of(desks.manager, number), found)} == {"She was there when it was said."}
    ruling(desks.manager, number, second, Ruling.REDACT, **cut)
    assert second.key not in {each.piece.key for each in left_in(view_of(desks.manager, number), found)}
    assert answer(desks.manager, AnswerSubjectAccess(request_id=number)).events


def test_what_to_look_at_in_a_file_is_said_and_what_is_found_in_a_pdf_is_offered(story: Story, desks: Desks) -> None:
    """Names of its record and what was taken out elsewhere, by page; what still says it goes with a reason alone."""
    manager, officer = desks.manager, desks.handler.actor.name
    reference = story.record(individual=PERSON)
    manager.do(AddNote(reference=reference, text=NOTE))
    for name, content in (("a.pdf", pdf_saying("Hers", f"{NEIGHBOUR} told {officer}")), ("b.txt", b"By eye")):
        sha256 = hashlib.sha256(content).hexdigest()
        FileStore(story.office.settings.files).put(content, sha256)
        media = "application/pdf" if name == "a.pdf" else "text/plain"
        manager.do(AddFile(reference=reference, name=name, media_type=media, size=len(content), sha256=sha256))
    number = asked(manager)
    manager.do(AddSubjectCase(request_id=number, reference=reference))
    found = pieces(manager, view_of(manager, number))
    pdf, text = (next(each for each in found if each.title == name) for name in ("a.pdf", "b.txt"))
    assert look_at(manager, view_of(manager, number), pdf).found == {officer: (2,)}
    (by_eye,) = look_at(manager, view_of(manager, number), text).sentences
    assert by_eye.startswith("Nothing in this kind of file is looked through here")
    for piece in found:
        ruling(manager, number, piece, Ruling.DISCLOSE, reason="" if piece is pdf else "Looked at.")
    note = next(each for each in found if NOTE in each.text)
    cut = {"passages": NEIGHBOUR, "exemption": next(iter(EXEMPTIONS)), "reason": WHY}
    ruling(manager, number, note, Ruling.REDACT, **cut)
    look = look_at(manager, view_of(manager, number), pdf)
    assert dict(look.found) == {officer: (2,), NEIGHBOUR: (2,)}
    assert look.sentences[0] == "2 pages, all with words."
    with refused(story, BadInput, match=f"“{NEIGHBOUR}” was taken out .* still stands in the file “a.pdf”"):
        answer(manager, AnswerSubjectAccess(request_id=number))
    ruling(manager, number, pdf, Ruling.REDACT, **cut)
    assert answer(manager, AnswerSubjectAccess(request_id=number)).events


def test_what_is_owed_stands_in_the_reminders_of_those_who_answer_and_names_nobody(story: Story, desks: Desks) -> None:
    """In the morning within a week of its day, each week from the first day on; to nobody else."""
    number = asked(desks.manager, received_on=day("2026-09-07"))
    week = {section.title: section.lines for section in desks.manager.ask(managers_week)}
    assert PERSON not in str(week)
    assert (
        week["Requests for own data to answer"][0]
        == f"Request {number}: answer by Wed 7 October 2026, 22 working days left"
    )
    assert "Requests for own data to answer" not in str(desks.manager.ask(my_morning))
    story.on(day("2026-10-08"))
    (section,) = (each for each in desks.manager.ask(my_morning) if each.title.startswith("Requests for own data"))
    assert section.lines == (f"Request {number}: answer by Wed 7 October 2026, late by 1 working day",)
    assert "own data" not in str(desks.handler.ask(my_morning))


def test_a_service_request_of_the_person_is_found_decided_on_and_answered_with(story: Story, desks: Desks) -> None:
    """Taken in once confirmed, and out again; kept while it is asked for; its words stand in the answer."""
    theirs = ask(story, individual=PERSON, words="Please cut the hedge, said the quokka.")
    other = ask(story, individual=NEIGHBOUR)
    number = asked(desks.manager)
    assert {each.reference: each.why for each in view_of(desks.manager, number).likely} == {theirs: "same name"}
    for reference in (theirs, other):
        desks.manager.do(AddSubjectCase(request_id=number, reference=reference))
    with refused(story, BadInput, match="is taken in already"):
        desks.manager.do(AddSubjectCase(request_id=number, reference=theirs))
    assert desks.manager.ask(record_kept, theirs).kept is Kept.IN_USE  # type: ignore[union-attr]
    for piece in pieces(desks.manager, view_of(desks.manager, number)):
        ruling(desks.manager, number, piece, Ruling.DISCLOSE)
    desks.manager.do(RemoveSubjectCase(request_id=number, reference=other, reason="It is the neighbour's."))
    view = view_of(desks.manager, number)
    assert (view.cases, {key.partition("/")[0] for key in view.rulings}) == ((theirs,), {theirs})
    answer(desks.manager, AnswerSubjectAccess(request_id=number))
    place = FileStore(story.office.settings.files).path(view_of(desks.manager, number).line.sha256)
    with zipfile.ZipFile(place) as archive:
        assert "quokka" in everything(archive).decode("utf-8", "replace")
