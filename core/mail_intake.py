"""An e-mail dropped on Intake: kept as it came, read into the form, and filed with the complaint it becomes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import PurePath
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from core.channels.file_stores import file_store
from core.channels.files import MEDIA_TYPES, CheckedFile, check_file, clean_name
from core.channels.mail_in import ReadMail, form_values, read_mail
from core.commands.recording import RecordComplaint
from core.desk import Desk, Done
from core.errors import BadInput, ComplaintsError
from core.events.access import FileAdded
from core.evidence import MEGABYTE, keep_checked
from core.permissions import SYSTEM
from core.queries.duplicates import complaints_from
from core.words import counted

_OUTLOOK = b"\xd0\xcf\x11\xe0"
_THE_MAIL = "The e-mail this complaint came in, as it came."
_WITH_IT = "Came with the e-mail."


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenMail:
    """An e-mail whose bytes are kept under `sha256`, with what the form is filled with and what must be said of it.

    `known` counts the complaints that came from the same address.
    """

    name: str
    sha256: str
    values: dict[str, Any]
    sender: str = ""
    notes: list[str] = field(default_factory=list)
    automatic: bool = False
    attachments: list[str] = field(default_factory=list)
    known: int = 0


def take_mail(desk: Desk, content: bytes, *, file_name: str) -> TakenMail:
    """Read an e-mail and keep the original at once, byte for byte, whatever becomes of the form [lgsco:5.8].

    Raises BadInput when it is no e-mail, or too large to be evidence; NotPermitted for whoever records no complaint.
    """
    settings = desk.office.settings
    mail = read_mail(content, filename=file_name)
    if len(content) > settings.file_megabytes * MEGABYTE:
        raise BadInput(
            f"“{mail.filename}” has more than the {settings.file_megabytes} MB that are kept of one file. Save what it "
            "carries file by file, type the words in, and add the files to the case."
        )
    values = {name: value.value if isinstance(value, StrEnum) else value for name, value in form_values(mail).items()}
    known = desk.ask(complaints_from, str(values["contact_email"]))
    file_store(settings).put(content, mail.sha256)
    return TakenMail(
        name=_with_ending(mail.filename, content),
        sha256=mail.sha256,
        values=values,
        sender=" ".join(filter(None, (mail.sender_name, mail.sender_address))),
        notes=list(mail.notes),
        automatic=mail.is_automatic,
        attachments=[each.name for each in mail.attachments],
        known=known,
    )


def record_from_mail(desk: Desk, command: RecordComplaint, *, name: str, sha256: str) -> Done:
    """Record the complaint, then file the e-mail and what it carries as evidence of it [lgsco:3.2].

    Whoever may record it need not be allowed to add evidence to cases: the console itself files what came with this
    one, and the ledger says so. A second try of the same command adds nothing twice, and completes what was broken off.
    Raises BadInput or NotFound when the original is no longer whole, before anything is recorded.
    """
    content = _original(desk, sha256)
    mail = read_mail(content, filename=name)
    done = desk.do(_with_what_was_not_asked(command, mail))
    reference = str(done.reference)
    told, filed = [], 0
    console = Desk(desk.office, SYSTEM)
    for file, its_content, about in _files(desk, mail, content, name=name):
        if isinstance(file, str):
            told.append(f"{file} The e-mail keeps it all the same.")
            continue
        one_time = str(uuid5(NAMESPACE_OID, f"{command.command_id}/{file.sha256}/{file.name}"))
        try:
            added = keep_checked(console, reference, file, its_content, about=about, command_id=one_time)
        except ComplaintsError as refusal:
            told.append(str(refusal))
            continue
        filed += 1
        told += _held_back(added)
    carried = f" and {counted(filed - 1, 'attachment')}" if filed > 1 else ""
    kept = [f"Kept as evidence: the e-mail{carried}."] if filed else []
    return Done(
        reference=done.reference, sentences=(*done.sentences, *kept, *told), events=done.events, again=done.again
    )


def _with_what_was_not_asked(command: RecordComplaint, mail: ReadMail) -> RecordComplaint:
    """Where a short form left them out: the subject as the matter, and who forwarded it as who first heard it."""
    values = form_values(mail)
    left_out = {name: values.get(name, "") for name in ("matter", "received_by") if not getattr(command, name)}
    return command.model_copy(update=left_out)


def _original(desk: Desk, sha256: str) -> bytes:
    with file_store(desk.office.settings).open(sha256) as stream:
        content = stream.read()
    if hashlib.sha256(content).hexdigest() != sha256:
        raise BadInput("The e-mail is no longer as it came. Leave it out, and drop it here again.")
    return content


def _files(desk: Desk, mail: ReadMail, content: bytes, *, name: str) -> Iterator[tuple[CheckedFile | str, bytes, str]]:
    """The e-mail itself, then each attachment once: checked, or the sentence that says why it is not kept by itself."""
    ending = PurePath(name).suffix[1:]
    yield (
        CheckedFile(name=name, media_type=MEDIA_TYPES[ending], sha256=mail.sha256, size=len(content)),
        content,
        _THE_MAIL,
    )
    seen = set()
    for each in mail.attachments:
        try:
            file: CheckedFile | str = check_file(
                each.name, each.content, limit=desk.office.settings.file_megabytes * MEGABYTE
            )
        except BadInput as refusal:
            file = str(refusal)
        if file not in seen:
            seen.add(file)
            yield file, each.content, _WITH_IT


def _held_back(added: Done) -> list[str]:
    """What the history says of a file that the scanner did not call clean."""
    return [event.sentence() for event in added.events if isinstance(event, FileAdded) and event.held]


def _with_ending(name: str, content: bytes) -> str:
    """The name an e-mail is kept under: its own, with the ending that its content has."""
    ending = ".msg" if content.startswith(_OUTLOOK) else ".eml"
    cleaned = clean_name(name)
    return cleaned if cleaned.endswith(ending) else clean_name(f"{cleaned}{ending}")
