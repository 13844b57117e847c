"""How long a record is kept, what holds it, who decides that it ends, and what is left of it then."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString

from core.channels.files import FileStore
from core.commands.base import COMMANDS, CaseCommand
from core.commands.bundles import MakeBundle
from core.commands.erasing import DropErasure, ProposeErasure, SetRetention
from core.commands.evidence import AddFile
from core.commands.holding import LiftHold, ReviewHold
from core.commands.organising import RebuildDuties
from core.commands.recording import AddNote
from core.commands.subject_access import AddSubjectCase, AnswerSubjectAccess, OpenDisclosure, RecordSubjectAccess
from core.errors import BadInput, NotFound, StepNotOpen
from core.model.bundles import BundleFor
from core.model.requests import RequestOutcome
from core.queries.audit import ledger_proved
from core.queries.beside import Beside, owed_beside
from core.queries.bundles import case_bundles
from core.queries.duties_check import duties_check
from core.queries.feeds import feed_entries
from core.queries.figures import figures, figures_by_month, figures_by_service
from core.queries.letters_check import letters_check
from core.queries.reminders import managers_week, my_morning
from core.queries.requests import request_view
from core.queries.retention import erasure_certificate, record_kept, retention_board, retention_schedule
from core.retaining import carry_out
from core.rules.facts import Standing
from core.rules.periods import Period
from core.rules.request_steps import RequestPosition
from core.rules.retention import Kept
from core.store.personal import PARTS
from tests.builders import ANSWERED, Story, day
from tests.commands.refusals import refused
from tests.commands.test_positions import ALWAYS, BY_ITSELF, LAST, doer
from tests.requests import ask, raise_from, row_of, take
from tests.retention import approve, approved, due_on, kept_a_year, later, propose, when_due

YEAR = Period.financial_year(2026)
PLANTED = "qzplant{:04}qz"


def closed(story: Story, **fields: object) -> str:
    """A complaint answered at stage 1, and nothing left to do about it."""
    reference = story.record(**fields)
    story.acknowledge(reference)
    story.respond(reference)
    return reference


def kept(story: Story, reference: str) -> Kept:
    found = story.desks.manager.ask(record_kept, reference)
    assert found is not None
    return found.kept


# ------------------------------------------------------------------------------------------------- the planned date


def test_fDP_a_record_is_counted_from_its_answer_and_from_whatever_happens_later(story: Story) -> None:
    """Retention is counted from the last thing that happened [lgsco:5.8]."""
    reference = story.acknowledged()
    assert kept(story, reference) is Kept.IN_USE
    story.respond(reference)
    found = story.desks.manager.ask(record_kept, reference)
    assert found is not None
    assert (found.kept, found.counted_from, found.years) == (Kept.UNTIL, ANSWERED, 6)
    assert found.planned_on == day("2032-09-24")
    story.on(day("2026-11-05")).tell(reference)  # they rang again
    found = story.desks.manager.ask(record_kept, reference)
    assert found is not None and found.counted_from == day("2026-11-05")
    remedy = story.offer(reference)
    assert kept(story, reference) is Kept.IN_USE
    story.complete(reference, remedy, day("2026-11-12"))
    assert story.desks.manager.ask(record_kept, reference).counted_from == day("2026-11-12")  # type: ignore[union-attr]
    story.verified()


def test_fDP_reopening_takes_the_date_away_until_it_is_answered_again(story: Story) -> None:
    reference = story.finished()
    assert due_on(story, reference) == day("2027-10-26")
    story.reopen(reference)
    assert kept(story, reference) is Kept.IN_USE


def test_fDP_the_schedule_is_the_councils_own_with_its_source_and_its_first_day(story: Story) -> None:
    closed(story)
    manager, today = story.desks.manager, story.clock.now.date()
    assert {line.years for line in manager.ask(retention_schedule)} == {6}
    given = {"kind": "complaint", "years": 2, "source": "Minute 7", "reason": "Not needed.", "in_force_from": today}
    manager.do(SetRetention(**{**given, "in_force_from": later(story)}))
    assert manager.ask(retention_schedule)[0].years == 6  # its day has not come
    manager.do(SetRetention(**{**given, "years": 3}))
    line = manager.ask(retention_schedule)[0]
    assert (line.years, line.source, line.since, line.reason) == (3, "Minute 7", today, "Not needed.")
    for wrong, sentence in (
        ({"kind": "gossip"}, "no such kind"),
        ({"in_force_from": today - timedelta(days=1)}, "before it was decided"),
    ):
        with refused(story, BadInput, sentence):
            manager.do(SetRetention(**{**given, **wrong}))


# ------------------------------------------------------------------------------------------------- holds


def test_fDP_a_hold_beats_every_date_and_its_review_is_a_duty(story: Story) -> None:
    kept_a_year(story)
    reference = closed(story)
    when_due(story, reference)
    assert kept(story, reference) is Kept.DUE
    story.hold(reference)
    assert kept(story, reference) is Kept.HELD
    assert story.duties(reference)["review_hold"]["standing"] == Standing.OPEN
    assert story.duties(reference)["review_hold"]["ours"]
    with refused(story, StepNotOpen, "on hold"):
        propose(story, reference)
    with refused(story, BadInput, "on hold already"):
        story.hold(reference)
    board = story.desks.manager.ask(retention_board)
    assert ([line.reference for line in board.held], board.due) == ([reference], ())
    story.desks.manager.do(ReviewHold(reference=reference, found="Still needed.", review_on=later(story, 60)))
    story.desks.senior_lead.do(LiftHold(reference=reference, reason="The inquiry is over."))
    assert kept(story, reference) is Kept.DUE
    with refused(story, BadInput, "not on hold"):
        story.desks.manager.do(LiftHold(reference=reference, reason="Twice."))
    with refused(story, BadInput, "later than today"):
        story.hold(reference, review_on=story.clock.now.date())
    assert story.desks.system.ask(duties_check).differing == ()
    story.verified()


def test_fDP_a_record_kept_longer_comes_up_again_on_its_day(story: Story) -> None:
    kept_a_year(story)
    reference = closed(story)
    when_due(story, reference)
    until = later(story)
    manager = story.desks.manager
    manager.do(COMMANDS["RetainLonger"](reference=reference, reason="An audit.", until=until))
    assert kept(story, reference) is Kept.LONGER
    story.on(until)
    assert kept(story, reference) is Kept.DUE
    with refused(story, BadInput, "has come already"):
        manager.do(COMMANDS["RetainLonger"](reference=reference, reason="An audit.", until=until))


# ------------------------------------------------------------------------------------------------- two people


def test_fDP_two_different_people_decide_and_neither_is_the_console(story: Story) -> None:
    kept_a_year(story)
    reference = closed(story)
    with refused(story, StepNotOpen, "not due"):
        propose(story, reference)
    when_due(story, reference)
    with refused(story, StepNotOpen, "each signed in"):
        propose(story, reference, by=story.desks.system)
    propose(story, reference)
    with refused(story, StepNotOpen, "Somebody other than whoever proposed it"):
        approve(story, reference, by=story.desks.manager)
    with refused(story, StepNotOpen, "has been proposed already"):
        propose(story, reference, by=story.desks.senior_lead)
    (line,) = story.desks.senior_lead.ask(retention_board).proposed
    assert (line.reference, line.own, line.proposed_by) == (reference, False, "Mona Manager")
    assert carry_out(story.office).records == 0  # nothing that was only proposed
    approve(story, reference)
    with refused(story, StepNotOpen, "approved already"):
        approve(story, reference)
    with refused(story, NotFound, "C-2026-999999"):
        propose(story, "C-2026-999999")
    story.desks.manager.do(DropErasure(references=(reference,), reason="The auditor rang."))
    with refused(story, StepNotOpen, "not proposed any more"):
        approve(story, reference)
    assert carry_out(story.office).records == 0
    assert kept(story, reference) is Kept.DUE


def test_fDP_what_is_held_or_used_between_approval_and_erasure_is_left_as_it_is(story: Story) -> None:
    """Nothing fails open: what was decided is looked at once more when it is carried out."""
    kept_a_year(story)
    held, used, gone = closed(story), closed(story), closed(story)
    approved(story, held, used, gone)
    story.hold(held)
    story.tell(used)
    came = carry_out(story.office)
    assert (came.records, came.dropped) == (1, 2)
    assert [story.case(each)["anonymised_on"] is None for each in (held, used, gone)] == [True, True, False]
    assert story.tags(held)[-1] == "erasure.dropped"
    assert {line.reference for line in story.desks.manager.ask(retention_board).approved} == set()


def test_fDP_a_confidential_record_is_proposed_only_by_those_named_on_it(story: Story) -> None:
    kept_a_year(story)
    reference = closed(story)
    story.keep_confidential(reference)
    when_due(story, reference)
    assert story.desks.senior_lead.ask(retention_board).due == ()
    with pytest.raises(NotFound):
        story.desks.senior_lead.do(ProposeErasure(references=(reference,)))


# ------------------------------------------------------------------------------------------------- anonymising


STILL_OWED = {
    "OfferRemedy", "AgreeRemedy", "RecordPayment", "ReassignRemedy", "DeclareUndeliverable", "AgreeAdjustment",
    "ReviewAdjustment", "RestrictContact", "ReviewRestriction", "PlaceHold", "ReviewHold", "RetainLonger",
}  # fmt: skip
"""Steps that leave something to do, so that the record would stay in use."""


def full(story: Story) -> str:
    """A complaint through both stages on which nearly everything was recorded that can be."""
    reference = story.finished()
    for name in sorted(ALWAYS - {*LAST} - BY_ITSELF - STILL_OWED):
        kind = COMMANDS[name]
        assert issubclass(kind, CaseCommand)
        doer(story, kind).do(story.ready(kind, reference))
    return reference


def belonging(story: Story, part: object, reference: str) -> Iterator[sa.ColumnElement[bool]]:
    """The condition that a row belongs to a complaint."""
    case_id = story.case(reference)["id"]
    table = SQLModel.metadata.tables[part.table]  # type: ignore[attr-defined]
    hops = {part_.table: part_ for part_ in PARTS}
    column, of = table.c[part.via], part.of  # type: ignore[attr-defined]
    if not of:
        yield column == case_id
        return
    parent = SQLModel.metadata.tables[of]
    if of in hops:
        (inner,) = belonging(story, hops[of], reference)
    else:
        inner = parent.c.complaint_id == case_id
    yield column.in_(sa.select(parent.c.id).where(inner))


def plant(story: Story, reference: str) -> set[str]:
    """Write a word of its own into every personal column of every row: a text of the database, past the commands.

    It is the one way to be sure that each column is reached; the words of the ledger came in by commands.
    """
    planted: set[str] = set()
    engine = story.office.database.engine
    with engine.begin() as connection:
        for part in PARTS:
            table = SQLModel.metadata.tables[part.table]
            names = (
                [c.name for c in table.c if isinstance(c.type, sa.String | AutoString)] if part.rows else [*part.texts]
            )
            names += [name for name in part.nulled if isinstance(table.c[name].type, sa.String | AutoString)]
            for name in set(names) & free_columns(part.table, names):
                (where,) = belonging(story, part, reference)
                keys = list(table.primary_key.columns)
                for row in connection.execute(sa.select(*keys).where(where)).all():
                    word = PLANTED.format(len(planted))
                    mine = sa.and_(*(key == value for key, value in zip(keys, row, strict=True)))
                    connection.execute(sa.update(table).where(mine).values({name: word}))
                    planted.add(word)
    return planted


def free_columns(table: str, names: list[str]) -> set[str]:
    """Columns that take any text: no key, no digest of a file, nothing with a list of its own."""
    fixed = {
        "sha256",
        "pdf_sha256",
        "word_sha256",
        "state",
        "channel",
        "id",
        "content",
        "step",
        "media_type",
        "colleague_id",
    }
    return set(names) - fixed if table != "answer_link" else set()


def found_in(story: Story) -> set[str]:
    """The planted words that anything the installation keeps still holds: the database's own bytes, and its files."""
    words = re.compile(rb"qz(?:plant\d{4}|person|said)qz")
    database = story.office.database
    found: set[bytes] = set()
    if database.is_sqlite:
        path = Path(str(database.url.database))
        for each in path.parent.glob(f"{path.name}*"):
            found.update(words.findall(each.read_bytes().lower()))
    else:
        with database.reading() as connection:
            for name in SQLModel.metadata.tables:
                for text in connection.exec_driver_sql(f"SELECT t::text FROM {name} t").scalars():  # noqa: S608
                    found.update(words.findall(text.lower().encode()))
    for folder in ("files", "imports"):
        for each in (story.office.settings.data_dir / folder).rglob("*"):
            if each.is_file():
                found.update(words.findall(each.read_bytes().lower()))
    return {each.decode() for each in found}


def duties_of(story: Story, reference: str) -> list[str]:
    """The duties of a complaint as they are kept, whatever their rows are called and in whatever order they lie."""
    return sorted(repr(row | {"id": 0}) for row in story.rows("duty", complaint_id=story.case(reference)["id"]))


def counted(story: Story) -> object:
    """Every figure of the catalogue, as a whole, by service and by month."""
    story.office.answers.__init__()  # type: ignore[misc]
    ask = story.desks.manager.ask
    return ask(figures, YEAR), dict(ask(figures_by_service, YEAR)), dict(ask(figures_by_month, YEAR))


def test_fDP_nothing_of_a_person_is_left_and_every_figure_is_the_same(story: Story) -> None:
    """Names, words, letters and files go; dates, outcomes, findings and money stay [lgsco:5.8, 8.1]."""
    kept_a_year(story)
    reference = full(story)
    story.desks.manager.do(AddNote(reference=reference, text="qzsaidqz rang"))
    store, content = FileStore(story.office.settings.files), b"qzsaidqz in a file"
    digest = hashlib.sha256(content).hexdigest()
    store.put(content, digest)
    story.desks.manager.do(
        AddFile(reference=reference, name="qzpersonqz.txt", media_type="text/plain", size=len(content), sha256=digest)
    )
    for form in (f"AddNote:{reference}", f"SendLetter:{reference}+letter 12", f"taken:AddNote:{reference}"):
        story.desks.handler.keep(form, {"text": "qzsaidqz half typed"})
    other = closed(story, individual="Una Unrelated")
    planted = plant(story, reference)
    assert len(planted) > 100
    assert planted | {"qzsaidqz", "qzpersonqz"} <= found_in(story)
    when_due(story, reference, other)
    propose(story, reference)
    approve(story, reference)
    before = counted(story)
    duties = duties_of(story, reference)
    came = carry_out(story.office)
    assert (came.records, came.certificate) == (1, 1)
    assert found_in(story) == set()
    assert counted(story) == before
    assert duties_of(story, reference) == duties
    assert story.desks.system.ask(duties_check).differing == ()
    story.desks.system.do(RebuildDuties(references=(reference,)))
    assert duties_of(story, reference) == duties
    story.verified()
    assert story.desks.system.ask(ledger_proved) > 0
    assert story.desks.system.ask(letters_check).altered == ()
    assert story.case(other)["matter"] == "Missed bin collections"
    with refused(story, StepNotOpen, "was anonymised on"):
        story.desks.handler.do(AddNote(reference=reference, text="They rang once more."))
    content = story.desks.senior_lead.ask(erasure_certificate, 1)
    assert [record["reference"] for record in content["records"]] == [reference]
    assert (content["records"][0]["proposed_by"], content["records"][0]["approved_by"]) == (
        "Mona Manager",
        "Sol Senior",
    )
    assert kept(story, reference) is Kept.ANONYMISED


def test_fDP_copies_handed_out_go_with_the_record_and_an_open_request_for_own_data_keeps_it(story: Story) -> None:
    """The zip of a bundle and the answer to a person go with the complaint they are copies of [lgsco:5.8]."""
    kept_a_year(story)
    reference, manager = closed(story), story.desks.manager
    due = due_on(story, reference)
    copies = {name: hashlib.sha256(name.encode()).hexdigest() for name in ("qzpersonqz bundle", "qzsaidqz answer")}
    for name, digest in copies.items():
        FileStore(story.office.settings.files).put(name.encode(), digest)
    bundle, own = copies.values()
    manager.do(
        MakeBundle(
            reference=reference, made_for=BundleFor.OTHER, name="qzpersonqz", why="qzsaidqz", sha256=bundle, size=1
        )
    )
    story.on(due)
    done = manager.do(RecordSubjectAccess(name="qzpersonqz", contact="qzpersonqz", received_on=due))
    number: int = done.events[0].request_id  # type: ignore[attr-defined]
    manager.do(AddSubjectCase(request_id=number, reference=reference, why="qzsaidqz"))
    assert kept(story, reference) is Kept.IN_USE
    with refused(story, StepNotOpen, match="still in use"):
        propose(story, reference)
    manager.do(AnswerSubjectAccess(request_id=number, disclosed=1, sha256=own, size=1))
    assert kept(story, reference) is Kept.DUE
    assert {"qzpersonqz", "qzsaidqz"} <= found_in(story)
    propose(story, reference)
    approve(story, reference)
    assert carry_out(story.office).files == len(copies)
    assert found_in(story) == set()
    (answered,) = story.rows("subject_access_request", id=number)
    assert (answered["name"], answered["answered_on"], answered["sha256"]) == ("(erased)", due, "")
    with pytest.raises(NotFound, match="is erased"):
        manager.do(OpenDisclosure(request_id=number))
    assert manager.ask(case_bundles, reference) == ()
    story.verified()


# ------------------------------------------------------------------------------------------------- service requests


def over(story: Story, reference: str, on: str = "2026-09-15") -> str:
    """A service request that was answered and closed."""
    take(story, "AnswerServiceRequest", reference, day(on), answered_on=day(on), answer=f"{PLANTED.format(1)} was cut.")
    take(
        story,
        "CloseServiceRequest",
        reference,
        day(on),
        closed_on=day(on),
        outcome=RequestOutcome.DONE,
        note=PLANTED.format(2),
    )
    return reference


def test_fDP_a_service_request_is_kept_from_its_end_held_and_anonymised_by_two_people(story: Story) -> None:
    kept_a_year(story, "service_request")
    reference = ask(story, words=PLANTED.format(3), individual=PLANTED.format(4), matter=PLANTED.format(5))
    assert kept(story, reference) is Kept.IN_USE
    over(story, reference)
    found = story.desks.manager.ask(record_kept, reference)
    assert found is not None and (found.kept, found.planned_on) == (Kept.UNTIL, day("2027-09-15"))
    with refused(story, StepNotOpen, "not due"):
        propose(story, reference)
    story.on(day("2027-09-15"))
    assert [line.reference for line in story.desks.manager.ask(retention_board).due] == [reference]
    story.hold(reference, reason=PLANTED.format(6))
    with refused(story, StepNotOpen, "on hold"):
        propose(story, reference)
    with refused(story, BadInput, "on hold already"):
        story.hold(reference)
    assert [line.reference for line in story.desks.manager.ask(retention_board).held] == [reference]
    story.desks.manager.do(LiftHold(reference=reference, reason="It is over."))
    propose(story, reference)
    with refused(story, StepNotOpen, "Somebody other than"):
        approve(story, reference, by=story.desks.manager)
    approve(story, reference)
    came = carry_out(story.office)
    assert (came.records, came.certificate) == (1, 1)
    assert dict(row_of(story, reference))["anonymised_on"] == day("2027-09-15")
    assert found_in(story) == set()
    assert story.desks.manager.ask(erasure_certificate, 1)["kinds"] == {"Service request": 1}
    view = story.desks.manager.ask(request_view, reference)
    assert (view.position, view.next_steps, view.individual["name"]) == (RequestPosition.ANONYMISED, (), "")
    with refused(story, StepNotOpen, "is anonymised"):
        raise_from(story, reference, story.clock.now.date())
    story.verified()


def test_fDP_a_hold_on_a_service_request_is_owed_its_review(story: Story) -> None:
    """On Home and in the weekly list for those who decide, in the morning and the calendar for who placed it."""
    reference = ask(story)
    manager, lead = story.desks.manager, story.desks.senior_lead
    story.hold(reference, review_on=later(story, 7))
    (owed,) = manager.ask(owed_beside)
    assert (owed.kind, owed.named, owed.act_by) == (Beside.HOLD, reference, later(story, 7))
    assert [each.named for each in lead.ask(owed_beside)] == [reference]
    assert lead.ask(owed_beside, own=True) == () == manager.ask(owed_beside, until=later(story, 6))
    assert story.desks.handler.ask(owed_beside) == ()
    for section in (manager.ask(my_morning), manager.ask(managers_week)):
        lines = {each.title: each.lines for each in section}
        assert lines["Holds on service requests to review"][0].startswith(f"{reference}: by Mon 14 September 2026")
    assert [(each.reference, each.title) for each in manager.ask(feed_entries)] == [(reference, Beside.HOLD.value)]
    assert lead.ask(feed_entries) == ()
    manager.do(ReviewHold(reference=reference, found="Still needed.", review_on=later(story, 30)))
    assert [each.act_by for each in manager.ask(owed_beside)] == [later(story, 30)]
    manager.do(LiftHold(reference=reference, reason="It is over."))
    assert manager.ask(owed_beside) == () == manager.ask(feed_entries)


def test_fDP_a_request_that_became_a_complaint_goes_with_it_and_not_before(story: Story) -> None:
    kept_a_year(story, "service_request", "complaint", "no_finding", "ombudsman")
    asked = over(story, ask(story, words=PLANTED.format(3)))
    with_it = over(story, ask(story))
    still_held = over(story, ask(story))
    raised = {each: str(raise_from(story, each, day("2026-09-16")).events[0].reference) for each in (asked, still_held)}  # type: ignore[attr-defined]
    for complaint in raised.values():
        story.withdraw(complaint, day("2026-09-21"))
    story.on(day("2027-09-20"))
    assert [line.reference for line in story.desks.manager.ask(retention_board).due] == [with_it]
    assert kept(story, asked) is Kept.WITH_COMPLAINT
    with refused(story, StepNotOpen, "kept with the complaint"):
        propose(story, asked)
    story.hold(still_held)
    approved(story, *raised.values())
    came = carry_out(story.office)
    assert (came.records, kept(story, asked), kept(story, still_held)) == (3, Kept.ANONYMISED, Kept.HELD)
    named = {record["reference"] for record in story.desks.manager.ask(erasure_certificate, 1)["records"]}
    assert named == {asked, *raised.values()}


def test_fDP_a_request_linked_after_its_approval_stays_as_it_is(story: Story) -> None:
    kept_a_year(story, "service_request")
    reference = over(story, ask(story))
    story.on(day("2027-09-15"))
    propose(story, reference)
    approve(story, reference)
    raise_from(story, reference, story.clock.now.date())
    came = carry_out(story.office)
    assert (came.records, came.dropped) == (0, 1)
    assert "kept with the complaint" in str(story.desks.manager.ask(request_view, reference).history[0].sentence)
