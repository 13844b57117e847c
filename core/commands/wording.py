"""What the council's letters share: PublishWording and AdoptTemplate."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from pydantic import Field

from core.code.catalogue import BLOCKS
from core.code.shapes import named_in
from core.commands.base import TEXT_LIMIT, Command, Work, asks, handles
from core.errors import BadInput
from core.events.base import Event
from core.events.letters import TemplateAdopted, WordingPublished
from core.model.letters import LetterTemplate, SharedWording
from core.permissions import Permission

_FILLED = frozenset({"name", "post", "phone", "web"})


class PublishWording(Command):
    """Publish the council's own wording of something its letters share."""

    needs = Permission.POLICY
    clauses = ("lgsco:3.7", "lgsco:6.8")
    title = "Publish this wording"
    gist = "Drafts begun from that day take it. Letters that went out, and drafts already begun, stay as they are."

    block: str
    text: str = asks(
        "The wording",
        help="{name}, {post}, {phone} and {web} become those of the Ombudsman. Left empty, ours comes back.",
        widget="area",
        default="",
        max_length=TEXT_LIMIT,
    )
    in_force_from: date = asks("In force from", widget="date", starts="today")
    approved_by: str = asks("Who approved it", min_length=1, max_length=200)


@handles(PublishWording)
def publish_wording(command: PublishWording, work: Work) -> Sequence[Event]:
    """Keep each wording with its first day and who approved it, and never change one [lgsco:3.7]."""
    block = BLOCKS.get(command.block)
    if block is None:
        raise BadInput("There is no such wording. Choose one from the list.")
    if command.in_force_from < work.today:
        raise BadInput(
            "A wording cannot be in force before it was published. Choose today or a later day.",
            {"in_force_from": "Choose today or a later day."},
        )
    unknown = sorted(set(named_in(command.text)) - _FILLED)
    if unknown:
        said = f"Nothing fills in {{{unknown[0]}}}. Use {{name}}, {{post}}, {{phone}} and {{web}} only."
        raise BadInput(said, {"text": said})
    if block.key == "ombudsman" and command.text and "{name}" not in command.text:
        said = "Name the Ombudsman with {name}, so that each letter names the right one."
        raise BadInput(said, {"text": said})
    work.session.add(
        SharedWording(
            block=block.name,
            text=command.text,
            in_force_from=command.in_force_from,
            approved_by=command.approved_by,
            published_by=work.actor.id or None,
            published_on=work.today,
        )
    )
    return [
        WordingPublished(
            title=block.title,
            in_force_from=command.in_force_from,
            approved_by=command.approved_by,
            own=bool(command.text),
        )
    ]


class AdoptTemplate(Command):
    """Make the council's letters in its own Word template from now on. The file has been checked and is kept."""

    needs = Permission.POLICY
    clauses = ("lgsco:5.8",)
    title = "Use this template"
    gist = "Letters that went out stay as they were. Without a file, the template that comes along is used again."

    name: str = Field(max_length=200)
    sha256: str = Field(default="", max_length=64)


@handles(AdoptTemplate)
def adopt_template(command: AdoptTemplate, work: Work) -> Sequence[Event]:
    """Keep each template that letters were made in, one after the other [lgsco:5.8]."""
    work.session.add(
        LetterTemplate(name=command.name, sha256=command.sha256, adopted_by=work.actor.id or None, adopted_at=work.now)
    )
    return [TemplateAdopted(name=command.name, sha256=command.sha256, own=bool(command.sha256))]
