"""The policy on unreasonable behaviour: AdoptBehaviourPolicy, AttachBehaviourPolicy, and the letters it goes with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from urllib.parse import urlsplit

from pydantic import Field

from core.channels.files import MEDIA_TYPES
from core.commands.base import Command, Work, asks, handles
from core.commands.policy_files import READABLE
from core.errors import BadInput
from core.events.base import Event
from core.events.behaviour import BehaviourFileKept, BehaviourPolicyAdopted
from core.model.behaviour import BehaviourPolicy, PolicySent
from core.model.letters import Letter
from core.permissions import Permission
from core.rules.behaviour import RESTRICTION, Enclosed
from core.store.behaviour import goes_along
from core.store.facts import ident


class AdoptBehaviourPolicy(Command):
    """Begin a version of the policy on unreasonable behaviour; it goes with each letter that restricts contact."""

    needs = Permission.POLICY
    clauses = ("lgsco:5.10",)
    title = "Adopt a policy on unreasonable behaviour"
    gist = "It goes with each letter that restricts contact: as a file, added below, or as the address to read it at."

    name: str = asks("Name of the policy", min_length=1, max_length=120)
    in_force_from: date = asks("In force from", widget="date", starts="today")
    approved_by: str = asks("Which body approved it, with day and minute", min_length=1, max_length=200)
    web_address: str = asks("Where it is published, as a web address", default="", max_length=300)


@handles(AdoptBehaviourPolicy)
def adopt_behaviour_policy(command: AdoptBehaviourPolicy, work: Work) -> Sequence[Event]:
    """Have a policy for behaviour that cannot be accepted, with its versions [lgsco:5.10]."""
    if command.in_force_from < work.today:
        raise BadInput(
            "Letters that went out keep what went with them. Choose today or a later day.",
            {"in_force_from": "Choose today or a later day."},
        )
    parts = urlsplit(command.web_address)
    if command.web_address and (parts.scheme not in ("https", "http") or not parts.hostname):
        said = "A web address begins with https://. Copy it from the page where the policy is published."
        raise BadInput(said, {"web_address": "Begin it with https://."})
    told = command.model_dump(include={"name", "in_force_from", "approved_by", "web_address"})
    work.session.add(BehaviourPolicy(**told, added_by=work.actor.id or None, added_at=work.now))
    return [BehaviourPolicyAdopted(**told)]


class AttachBehaviourPolicy(Command):
    """Keep a version as a file. Its bytes are in the file store already, under their digest."""

    needs = Permission.POLICY
    clauses = ("lgsco:5.10",)
    title = "Add the policy on unreasonable behaviour as a file"
    gist = "A PDF or Word file of one version. A newer file takes the place of the one before; letters keep theirs."

    policy_id: int
    name: str = Field(min_length=1, max_length=200)
    media_type: str = Field(max_length=120)
    size: int = Field(ge=1)
    sha256: str = Field(min_length=64, max_length=64)
    why_held: str = Field(default="", max_length=300)


@handles(AttachBehaviourPolicy)
def attach_behaviour_policy(command: AttachBehaviourPolicy, work: Work) -> Sequence[Event]:
    """Keep a checked file with its version; one that is not known to be clean goes with no letter [lgsco:5.10]."""
    row = work.session.get(BehaviourPolicy, command.policy_id)
    if row is None:
        raise BadInput("There is no such version. Adopt one first, then add its file.", {"policy_id": "Choose one."})
    if command.media_type not in {MEDIA_TYPES[ending] for ending in READABLE}:
        raise BadInput(f"“{command.name}” is no PDF or Word file. Save the policy as one of these and add it again.")
    row.file_name, row.media_type = command.name, command.media_type
    row.sha256, row.why_held = command.sha256, command.why_held
    return [BehaviourFileKept(policy=row.name, name=command.name, sha256=command.sha256, held=bool(command.why_held))]


def policy_with(letter: Letter, work: Work, *, on: date) -> Enclosed | None:
    """The version that goes with a letter that restricts contact; None for other letters, and where none can."""
    return goes_along(work.session.connection(), on=on) if letter.kind == RESTRICTION else None


def keep_policy_sent(letter: Letter, policy: Enclosed, work: Work) -> None:
    """Keep which version went with a letter, and as what [lgsco:5.10]."""
    work.session.add(PolicySent(letter_id=ident(letter.id), policy_id=policy.id, sha256=policy.sha256))
