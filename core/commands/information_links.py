"""The links by which questions are answered without an account: MakeAnswerLink and AnswerByLink."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import col, select

from core.code.information import INFORMATION
from core.commands.base import TEXT_LIMIT, Command, Work, handles
from core.commands.evidence import keep_file
from core.commands.information import answer_event, answered, end_links, is_open
from core.errors import BadInput, LinkOver, NotFound
from core.events.base import Event
from core.events.information import AnswerLinkMade
from core.model.complaints import Complaint
from core.model.information import AnswerLink, InformationRequest
from core.permissions import Permission
from core.rules.information import link_over
from core.store.facts import CaseRows, load_case

BY_LINK = "by a link"
"""How an answer came that nobody here wrote down."""


class MakeAnswerLink(Command):
    """Make a link by which one question is answered once; an earlier one stops working."""

    needs = Permission.HANDLE
    clauses = ("lgsco:4.2",)
    title = "Make a link to answer by"
    gist = "It is shown once. Whoever opens it sees the question, its day and who asked, and nothing else of the case."

    reference: str = Field(max_length=20)
    request_id: int
    link_id: str = Field(min_length=64, max_length=64)
    ends_at: datetime


@handles(MakeAnswerLink)
def make_answer_link(command: MakeAnswerLink, work: Work) -> Sequence[Event]:
    """Reach those who have no account here, without showing them the case [lgsco:4.2]."""
    case = load_case(work.session, command.reference, actor=work.actor)
    asked = work.session.get(InformationRequest, command.request_id)
    if asked is None or asked.complaint_id != case.id or not is_open(asked):
        raise BadInput(f"No such question is open on {case.complaint.reference}. Look at the case again.")
    end_links(asked, work)
    work.session.flush()
    link = AnswerLink(id=command.link_id, request_id=command.request_id, made_at=work.now, ends_at=command.ends_at)
    work.session.add(link)
    return [AnswerLinkMade(complaint_id=case.id, number=asked.number, ends_at=command.ends_at, name=asked.name)]


class SentFile(BaseModel):
    """A file that came with an answer. Its bytes are in the file store already, under their digest."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    name: str = Field(min_length=1, max_length=200)
    media_type: str = Field(max_length=120)
    size: int = Field(ge=1)
    sha256: str = Field(min_length=64, max_length=64)
    why_held: str = Field(default="", max_length=300)


class AnswerByLink(Command):
    """Keep what somebody answered by a link, with its files. The link has then been used."""

    needs = Permission.RECEIVE
    clauses = ("lgsco:4.2", "lgsco:5.8")
    title = "Answer by a link"
    gist = "Taken by the console itself from whoever opened the link."

    link_id: str = Field(min_length=64, max_length=64)
    answered_by: str = Field(min_length=1, max_length=200)
    answer: str = Field(min_length=1, max_length=TEXT_LIMIT)
    files: tuple[SentFile, ...] = ()


@handles(AnswerByLink)
def answer_by_link(command: AnswerByLink, work: Work) -> Sequence[Event]:
    """Keep an answer and its files as they came, once; the handler finds them on the case [lgsco:5.8]."""
    if len(command.files) > INFORMATION.most_files:
        raise BadInput(f"At most {INFORMATION.most_files} files come with one answer. Leave some out.")
    case, asked = _through(command.link_id, work)
    answered(asked, on=work.today, by=command.answered_by, how=BY_LINK, answer=command.answer)
    end_links(asked, work)
    about = f"Came with the answer of {command.answered_by} to question {asked.number}."
    kept: list[Event] = []
    for each in {(file.sha256, file.name): file for file in command.files}.values():
        added = keep_file(case, work, about=about, **each.model_dump())
        kept += [] if added is None else [added]
    return [answer_event(asked, files=len(kept)), *kept]


def _through(link_id: str, work: Work) -> tuple[CaseRows, InformationRequest]:
    """The complaint and the question behind a link.

    Raises NotFound for a link that never was, and LinkOver for one that works no longer.
    """
    statement = (
        select(AnswerLink, Complaint.reference)
        .join(InformationRequest, col(InformationRequest.id) == col(AnswerLink.request_id))
        .join(Complaint, col(Complaint.id) == col(InformationRequest.complaint_id))
        .where(col(AnswerLink.id) == link_id)
    )
    found = work.session.exec(statement).first()
    if found is None:
        raise NotFound("There is no such link. Check that the whole address was copied.")
    link, reference = found
    # Locked before it is looked at again, so that two who send at once wait for each other.
    case = load_case(work.session, reference, actor=work.actor)
    work.session.refresh(link)
    asked = work.session.get_one(InformationRequest, link.request_id)
    over = link_over(
        answered=asked.answered_on is not None,
        withdrawn=asked.withdrawn_on is not None,
        ended=link.ended_at is not None,
        run_out=link.ends_at <= work.now,
    )
    if over:
        raise LinkOver(over)
    work.touch(case)
    return case, asked
