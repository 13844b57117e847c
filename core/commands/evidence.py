"""Evidence: files added to a case, held back until they are known to be clean, and opened by those who may."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import Field
from sqlmodel import col, select

from core.commands.base import TEXT_LIMIT, Command, Work, asks, handles
from core.errors import BadInput, NotFound
from core.events.access import FileAdded, FileOpened, FileReleased
from core.events.base import Event
from core.model.complaints import Complaint
from core.model.considering import EvidenceItem
from core.model.evidence import CaseFile, FileState
from core.permissions import Permission
from core.store.facts import CaseRows, load_case
from core.store.scope import visible


class AddFile(Command):
    """Add a checked file to a case. Its bytes are in the file store already, under their digest."""

    needs = Permission.EVIDENCE
    clauses = ("lgsco:5.8",)
    title = "Add a file"
    gist = "Kept as it came, and weighed before the answer. Nothing else about the case changes."

    reference: str = Field(max_length=20)
    name: str = Field(min_length=1, max_length=200)
    media_type: str = Field(max_length=120)
    size: int = Field(ge=1)
    sha256: str = Field(min_length=64, max_length=64)
    about: str = Field(default="", max_length=TEXT_LIMIT)
    why_held: str = Field(default="", max_length=300)


@handles(AddFile)
def add_file(command: AddFile, work: Work) -> Sequence[Event]:
    """Keep the correspondence and evidence of a case whole, each file to be weighed before the answer [lgsco:5.8]."""
    case = load_case(work.session, command.reference, actor=work.actor)
    kept = {"name", "media_type", "size", "sha256", "about", "why_held"}
    added = keep_file(case, work, **command.model_dump(include=kept))
    if added is None:
        raise BadInput(f"“{command.name}” is on {case.complaint.reference} already. Nothing was added twice.")
    return [added]


def keep_file(
    case: CaseRows, work: Work, *, name: str, media_type: str, size: int, sha256: str, about: str, why_held: str
) -> FileAdded | None:
    """Keep a checked file on a case, to be weighed before the answer; None when it is there already [lgsco:5.8]."""
    same = select(CaseFile).where(
        col(CaseFile.complaint_id) == case.id, col(CaseFile.sha256) == sha256, col(CaseFile.name) == name
    )
    if work.session.exec(same).first() is not None:
        return None
    added_file = CaseFile(
        complaint_id=case.id,
        name=name,
        media_type=media_type,
        size=size,
        sha256=sha256,
        about=about,
        state=(FileState.HELD if why_held else FileState.FREE).value,
        why_held=why_held,
        added_by=work.actor.id or None,
        added_at=work.now,
    )
    work.session.add(added_file)
    work.session.flush()
    work.session.add(EvidenceItem(complaint_id=case.id, file_id=added_file.id, what=name))
    return FileAdded(complaint_id=case.id, name=name, sha256=sha256, size=size, held=bool(why_held))


class ReleaseFile(Command):
    """Let a file through that was held back, for a stated reason."""

    needs = Permission.ASSIGN
    clauses = ("lgsco:5.8",)
    title = "Release a file"
    gist = "Only when it has been looked at elsewhere. The reason stays in the history."

    file_id: int
    why: str = asks("Why it is safe", widget="area", min_length=1, max_length=TEXT_LIMIT)


@handles(ReleaseFile)
def release_file(command: ReleaseFile, work: Work) -> Sequence[Event]:
    """Free a held file, keeping who decided and why [lgsco:5.8]."""
    found = _file(work, command.file_id)
    if found.state == FileState.FREE:
        raise BadInput(f"“{found.name}” is not held back.")
    found.state, found.why_held = FileState.FREE.value, ""
    return [FileReleased(complaint_id=found.complaint_id, name=found.name, why=command.why)]


class OpenFile(Command):
    """Note that somebody opened a file."""

    needs = Permission.READ
    clauses = ("lgsco:5.8",)
    title = "Open a file"
    gist = "Every opening is kept in the ledger."

    file_id: int


@handles(OpenFile)
def open_file(command: OpenFile, work: Work) -> Sequence[Event]:
    """Keep who opened which file; one that is held back is not opened [lgsco:5.8]."""
    found = _file(work, command.file_id)
    if found.state == FileState.HELD:
        raise BadInput(f"“{found.name}” is held back: {found.why_held} Ask the complaints manager to look at it.")
    return [FileOpened(complaint_id=found.complaint_id, name=found.name)]


def _file(work: Work, file_id: int) -> CaseFile:
    """A file on a case this person sees; NotFound for any other, in the same words."""
    seen = visible(work.actor, col(Complaint.id), service_id=col(Complaint.service_id))
    statement = select(CaseFile).join(Complaint, col(Complaint.id) == col(CaseFile.complaint_id))
    found = work.session.exec(statement.where(col(CaseFile.id) == file_id, *seen)).first()
    if found is None:
        raise NotFound("There is no such file. Open it from its case.")
    return found
