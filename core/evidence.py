"""Files taken in: checked, kept, scanned where there is a scanner, and added to a case, the shelf or the policy."""

from __future__ import annotations

from core.channels.file_stores import file_store
from core.channels.files import CheckedFile, check_file
from core.channels.scanning import Verdict, scan
from core.commands.base import Command
from core.commands.behaviour import AttachBehaviourPolicy
from core.commands.evidence import AddFile
from core.commands.guidance import AttachGuidance
from core.commands.policy_files import AttachPolicy
from core.desk import Desk, Done

MEGABYTE = 1_000_000  # bytes, as the sentence about a file that is too large counts them
SCAN_SECONDS = 30.0


def add_evidence(desk: Desk, reference: str, *, name: str, content: bytes, about: str = "") -> Done:
    """Add a file to a case; one that the scanner does not call clean is held back, with the reason [lgsco:5.8].

    Raises BadInput for a file that is not kept at all, and whatever the desk refuses.
    """
    checked = check_file(name, content, limit=desk.office.settings.file_megabytes * MEGABYTE)
    return keep_checked(desk, reference, checked, content, about=about)


def keep_checked(
    desk: Desk, reference: str, checked: CheckedFile, content: bytes, *, about: str = "", command_id: str = ""
) -> Done:
    """Add a file that was checked already; a `command_id` makes a second try add nothing twice [lgsco:5.8].

    Raises whatever the desk refuses.
    """
    settings = desk.office.settings
    kept = {part: getattr(checked, part) for part in ("name", "media_type", "sha256", "size")}
    allowed = desk.may(AddFile.needs)
    held = why_held(content, settings.clamd) if allowed and settings.clamd else ""
    told = {"reference": reference, **kept, "about": about, "why_held": held}
    adding = desk.form(AddFile, {**told, "command_id": command_id} if command_id else told)
    if allowed:
        # Before the case names it: bytes that no case names do no harm, a name without its bytes is evidence lost.
        file_store(settings).put(content, checked.sha256)
    return desk.do(adding)


def add_guidance_file(desk: Desk, guidance_id: int, *, name: str, content: bytes) -> Done:
    """Add the council's own copy of guidance; one that the scanner does not call clean is held back [lgsco:4.3].

    Raises BadInput for a file that is not kept at all, and whatever the desk refuses.
    """
    return _attach(desk, AttachGuidance, {"guidance_id": guidance_id}, name, content)


def add_policy_file(desk: Desk, policy_id: int, *, name: str, content: bytes) -> Done:
    """Keep a version of the policy as a file; one that the scanner does not call clean is held back [lgsco:3.4].

    Raises BadInput for a file that is not kept at all, and whatever the desk refuses.
    """
    return _attach(desk, AttachPolicy, {"policy_id": policy_id}, name, content)


def add_behaviour_file(desk: Desk, policy_id: int, *, name: str, content: bytes) -> Done:
    """Keep a version of the policy on unreasonable behaviour as a file, checked and scanned alike [lgsco:5.10].

    Raises BadInput for a file that is not kept at all, and whatever the desk refuses.
    """
    return _attach(desk, AttachBehaviourPolicy, {"policy_id": policy_id}, name, content)


def _attach(desk: Desk, kind: type[Command], about: dict[str, int], name: str, content: bytes) -> Done:
    """Check, keep and scan a file that belongs to no case, and take the step that names it."""
    settings = desk.office.settings
    checked = check_file(name, content, limit=settings.file_megabytes * MEGABYTE)
    kept = {part: getattr(checked, part) for part in ("name", "media_type", "sha256", "size")}
    allowed = desk.may(kind.needs)
    held = why_held(content, settings.clamd) if allowed and settings.clamd else ""
    if allowed:
        file_store(settings).put(content, checked.sha256)
    return desk.do(desk.form(kind, {**about, **kept, "why_held": held}))


def why_held(content: bytes, address: str) -> str:
    """Why a file is not let through; nothing when the scanner received all of it and called it clean."""
    answer = scan(content, address=address, timeout=SCAN_SECONDS)
    if answer.verdict is Verdict.CLEAN:
        return ""
    if answer.verdict is Verdict.INFECTED:
        return f"The virus scanner found “{answer.signature}” in it."
    return answer.reason
