"""Questions answered by a one-time link: what whoever opens it is shown, and what becomes of what they send.

Nobody signs in. The link opens its question once; the browser holds the token, the database only its hash.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from core.channels.file_stores import file_store
from core.channels.files import check_file
from core.channels.secrets import new_token, token_hash
from core.code.information import INFORMATION
from core.commands.base import TEXT_LIMIT
from core.commands.information_links import AnswerByLink, MakeAnswerLink, SentFile
from core.desk import LONDON, Desk, Done, Office
from core.errors import BadInput, LinkOver, NotFound
from core.evidence import MEGABYTE, why_held
from core.permissions import SYSTEM
from core.rules.information import link_over
from core.store.answer_links import question_behind

LONGEST_NAME = 200
PATH = "/answer/"
"""Where these links are answered, below the console's own address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkMade:
    """The address of a new link, shown once and kept nowhere, and until when it works."""

    address: str
    ends_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """All that a link shows: the question, its day, who asks whom, and nothing else of the case."""

    name: str
    what: str
    documents: str
    due_on: date
    asker: str


def make_link(desk: Desk, reference: str, request_id: int, *, due_on: date) -> LinkMade:
    """Make a link by which a question is answered once; an earlier one stops [lgsco:4.2].

    Raises whatever the desk refuses.
    """
    office = desk.office
    token, hashed = new_token()
    due = datetime.combine(due_on, time(), tzinfo=LONDON)
    ends_at = max(due, office.now()) + timedelta(days=INFORMATION.link_days)
    desk.do(MakeAnswerLink(reference=reference, request_id=request_id, link_id=hashed, ends_at=ends_at))
    return LinkMade(address=f"{office.settings.base_url.rstrip('/')}{PATH}{token}", ends_at=ends_at)


def shown(office: Office, token: str) -> Shown:
    """What a link shows; NotFound for one that never was, LinkOver for one that works no longer."""
    with office.database.reading() as connection:
        row = question_behind(connection, token_hash(token))
    if row is None:
        raise NotFound("This link is not known here. Check that the whole address was copied.")
    over = link_over(
        answered=row.answered_on is not None,
        withdrawn=row.withdrawn_on is not None,
        ended=row.ended_at is not None,
        run_out=row.ends_at <= office.now(),
    )
    if over:
        raise LinkOver(over)
    return Shown(
        name=row.name, what=row.what, documents=row.documents, due_on=row.due_on, asker=row.asker or "The council"
    )


def take_file(office: Office, *, name: str, content: bytes) -> SentFile:
    """Check a file, keep it as it came and scan it; until an answer names it, no case has it [lgsco:5.8].

    Raises BadInput for a file that is not kept at all.
    """
    settings = office.settings
    checked = check_file(name, content, limit=settings.file_megabytes * MEGABYTE)
    held = why_held(content, settings.clamd) if settings.clamd else ""
    file_store(settings).put(content, checked.sha256)
    kept = {part: getattr(checked, part) for part in ("name", "media_type", "sha256", "size")}
    return SentFile(**kept, why_held=held)


def answer(office: Office, token: str, *, by: str, words: str, files: tuple[SentFile, ...] = ()) -> Done:
    """Keep an answer with its files, for the person who is named; the link has then been used [lgsco:5.8].

    Raises BadInput with a sentence for each field, LinkOver when the link stopped meanwhile, NotFound.
    """
    _complete(by=by, words=words)
    desk = Desk(office, SYSTEM)
    told = {"link_id": token_hash(token), "answered_by": by, "answer": words, "files": files}
    return desk.do(desk.form(AnswerByLink, told))


def _complete(*, by: str, words: str) -> None:
    wrong: dict[str, str] = {}
    if not by.strip():
        wrong["by"] = "Write your name, so that we know who answered."
    elif len(by) > LONGEST_NAME:
        wrong["by"] = f"Your name is longer than {LONGEST_NAME} characters. Shorten it."
    if not words.strip():
        wrong["words"] = "Write your answer. If it stands in a file, say so here."
    elif len(words) > TEXT_LIMIT:
        wrong["words"] = f"Your answer is longer than {TEXT_LIMIT:,} characters. Shorten it, or send a file."
    if wrong:
        raise BadInput(" ".join(wrong.values()), wrong)
