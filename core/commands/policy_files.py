"""The policy as people get it: AttachPolicy keeps a version of it as a file."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import Field

from core.channels.files import MEDIA_TYPES
from core.commands.base import Command, Work, handles
from core.errors import BadInput
from core.events.base import Event
from core.events.policies import PolicyFileKept
from core.model.organisation import PolicyVersion
from core.model.policies import PolicyFile
from core.permissions import Permission

READABLE = ("pdf", "docx", "odt", "doc")
"""The endings under which a policy is kept: PDF, and what Word and its like write."""


class AttachPolicy(Command):
    """Keep a version of the policy as a file. Its bytes are in the file store already, under their digest."""

    needs = Permission.POLICY
    clauses = ("lgsco:3.4", "lgsco:5.1")
    title = "Add the policy as a file"
    gist = "A PDF or Word file of one version. A newer file of the same version takes the place of the one before."

    policy_id: int
    name: str = Field(min_length=1, max_length=200)
    media_type: str = Field(max_length=120)
    size: int = Field(ge=1)
    sha256: str = Field(min_length=64, max_length=64)
    why_held: str = Field(default="", max_length=300)


@handles(AttachPolicy)
def attach_policy(command: AttachPolicy, work: Work) -> Sequence[Event]:
    """Keep a checked file with its version; one that is not known to be clean is opened by nobody [lgsco:3.4]."""
    version = work.session.get(PolicyVersion, command.policy_id)
    if version is None:
        raise BadInput(
            "There is no such version of the policy. Choose one from the list.", {"policy_id": "Choose one."}
        )
    if command.media_type not in {MEDIA_TYPES[ending] for ending in READABLE}:
        raise BadInput(f"“{command.name}” is no PDF or Word file. Save the policy as one of these and add it again.")
    work.session.add(
        PolicyFile(
            **command.model_dump(include={"policy_id", "name", "media_type", "size", "sha256", "why_held"}),
            added_by=work.actor.id or None,
            added_at=work.now,
        )
    )
    return [PolicyFileKept(policy=version.name, name=command.name, sha256=command.sha256, held=bool(command.why_held))]
