"""Letters that the console begins before an answer's date passes: DraftNotices and DropNotices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import Field
from sqlmodel import Session, col, select

from core.code.catalogue import LETTERS
from core.commands.base import Command, Work, handles
from core.commands.letter_facts import on_the_envelope, published_wording, size_of_print
from core.commands.letters import remove_draft
from core.errors import NotFound
from core.events.base import Event
from core.events.notices import NoticeDrafted, NoticeDropped
from core.letters.drafting import drafted, ombudsmen_text
from core.model.complaints import Complaint, Point
from core.model.letters import Letter, LetterPart
from core.model.parties import Adjustment, Party
from core.model.people import Person
from core.model.reminders import NoticeDraft
from core.model.routes import PointRoute
from core.permissions import Permission
from core.rules.notices import DELAY_NOTICE
from core.store import notices
from core.store.bulk import insert_rows, next_ids
from core.store.facts import ident
from core.store.whole_case import note_said
from core.words import day_words

AT_A_TIME = 50
"""Letters in one transaction, so that nobody waits long for it."""


class DraftNotices(Command):
    """Begin the letters about answers whose date comes near or has passed while nothing is written about it."""

    needs = Permission.REMIND
    clauses = ("lgsco:5.5", "lgsco:6.4", "lgsco:6.16")
    title = "Begin letters about late answers"
    gist = "The console itself does this. Each is a draft on its case, and none goes out by itself."

    most: int = Field(default=AT_A_TIME, ge=1)


@handles(DraftNotices)
def draft_notices(command: DraftNotices, work: Work) -> Sequence[Event]:
    """Begin one letter for each answer and date, once; the complaint itself stays as it is [lgsco:5.5].

    Raises NotFound when no answer needs one.
    """
    within = LETTERS[DELAY_NOTICE].begun_within
    if within is None:
        raise NotFound("No letters about late answers are begun here.")
    until = work.calendars.of(False).after(work.today, within)
    owed = notices.owed(work.session.connection(), until=until, today=work.today, limit=command.most)
    if not owed:
        raise NotFound("No answer needs a letter about its date now.")
    ids = next_ids(work.session, Letter, len(owed))
    cases, published = _Cases.of(work.session, [each.complaint_id for each in owed]), published_wording(work)
    letters, parts, kept, events = [], [], [], []
    for letter_id, each in zip(ids, owed, strict=True):
        letters.append(_letter(letter_id, each, cases, work))
        said = drafted(each.kind, cases.known(each, published))
        parts += [{"letter_id": letter_id, "content": content, "text": text} for content, text in said.items()]
        kept.append(_row(letter_id, each, work))
        events.append(_drafted(letter_id, each))
    insert_rows(work.session, Letter, letters)
    insert_rows(work.session, LetterPart, parts)
    insert_rows(work.session, NoticeDraft, kept)
    note_said(work.session, [each.complaint_id for each in owed])
    return events


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cases:
    """What letters about dates say of their cases and to whom they go, for many cases at once."""

    complaints: Mapping[int, Complaint]
    schemes: Mapping[int, Mapping[int, str]]
    people: Mapping[int, Person]
    parties: Mapping[int, Party]
    adjustments: Mapping[int, Sequence[Adjustment]]

    @classmethod
    def of(cls, session: Session, ids: Sequence[int]) -> _Cases:
        complaints = {ident(row.id): row for row in session.exec(select(Complaint).where(col(Complaint.id).in_(ids)))}
        wanted = {row.person_id for row in complaints.values() if row.person_id is not None}
        people = session.exec(select(Person).where(col(Person.id).in_(wanted)))
        acting = session.exec(select(Party).where(col(Party.complaint_id).in_(ids), col(Party.written_to).is_(True)))
        in_force = (col(Adjustment.complaint_id).in_(ids), col(Adjustment.ended_on).is_(None))
        adjustments: dict[int, list[Adjustment]] = {}
        for row in session.exec(select(Adjustment).where(*in_force)):
            adjustments.setdefault(row.complaint_id, []).append(row)
        return cls(
            complaints=complaints,
            schemes=_schemes(session, complaints),
            people={ident(row.id): row for row in people},
            parties={row.complaint_id: row for row in acting},
            adjustments=adjustments,
        )

    def addressee(self, complaint_id: int) -> str:
        """Whoever is written to, as on an envelope."""
        person_id = self.complaints[complaint_id].person_id
        return on_the_envelope(self.parties.get(complaint_id), self.people.get(person_id or 0))

    def known(self, owed: notices.OwedNotice, published: Mapping[str, str]) -> dict[str, str]:
        """What is known for the letter: the date it is about and the Ombudsman; the rest is for the officer."""
        schemes, whole = self.schemes.get(owed.complaint_id, {}), self.complaints[owed.complaint_id].scheme
        ombudsman = ombudsmen_text(owed.kind, schemes, whole=whole, published=published)
        return {"respond_by": day_words(owed.act_by), "ombudsman": ombudsman}


def _schemes(session: Session, complaints: Mapping[int, Complaint]) -> dict[int, dict[int, str]]:
    """The scheme of each point answered there, by the complaint and the point's number."""
    statement = (
        select(Point, PointRoute)
        .join(PointRoute, col(PointRoute.point_id) == col(Point.id), isouter=True)
        .where(col(Point.complaint_id).in_(list(complaints)))
        .order_by(col(Point.complaint_id), col(Point.number))
    )
    found: dict[int, dict[int, str]] = {}
    for point, kept in session.exec(statement):
        if kept is None or kept.became_id is None:
            scheme = kept.scheme if kept is not None else complaints[point.complaint_id].scheme
            found.setdefault(point.complaint_id, {})[point.number] = scheme
    return found


def _letter(letter_id: int, owed: notices.OwedNotice, cases: _Cases, work: Work) -> dict[str, Any]:
    letter = Letter(
        id=letter_id,
        complaint_id=owed.complaint_id,
        stage_number=owed.stage_number,
        kind=owed.kind,
        addressee=cases.addressee(owed.complaint_id),
        large_print_points=size_of_print(cases.adjustments.get(owed.complaint_id, ())),
        prepared_by=work.actor.id or None,
        prepared_at=work.now,
    )
    return letter.model_dump()


def _row(letter_id: int, owed: notices.OwedNotice, work: Work) -> dict[str, Any]:
    return {
        "complaint_id": owed.complaint_id,
        "stage_number": owed.stage_number,
        "act_by": owed.act_by,
        "kind": owed.kind,
        "letter_id": letter_id,
        "drafted_on": work.today,
    }


def _drafted(letter_id: int, owed: notices.OwedNotice) -> NoticeDrafted:
    return NoticeDrafted(
        complaint_id=owed.complaint_id,
        letter_id=letter_id,
        title=LETTERS[owed.kind].title,
        stage=owed.stage_number,
        act_by=owed.act_by,
    )


class DropNotices(Command):
    """Take away drafts of the console's own that have lost their point and on which nobody has written."""

    needs = Permission.REMIND
    clauses = ("lgsco:5.5",)
    title = "Take back letters about late answers"
    gist = "The console itself does this, once the answer has gone. What somebody wrote on stays."

    most: int = Field(default=AT_A_TIME, ge=1)


@handles(DropNotices)
def drop_notices(command: DropNotices, work: Work) -> Sequence[Event]:
    """Remove the console's own drafts about dates that are settled [lgsco:5.5].

    Raises NotFound when there are none.
    """
    connection = work.session.connection()
    ids = notices.pointless(connection, today=work.today, limit=command.most)
    if not ids:
        raise NotFound("No draft of the console's own has lost its point.")
    letters = work.session.exec(select(Letter).where(col(Letter.id).in_(ids)).order_by(col(Letter.id))).all()
    for letter in letters:
        remove_draft(letter, work)
    return [
        NoticeDropped(complaint_id=letter.complaint_id, letter_id=ident(letter.id), title=LETTERS[letter.kind].title)
        for letter in letters
    ]
