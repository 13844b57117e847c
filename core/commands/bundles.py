"""Bundles of a case: MakeBundle and OpenBundle."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import Field
from sqlmodel import col, select

from core.commands.base import TEXT_LIMIT, Command, Work, asks, handles
from core.errors import BadInput, NotFound
from core.events.base import Event
from core.events.bundles import BundleMade, BundleOpened
from core.model.bundles import BundleFor, CaseBundle
from core.model.complaints import Complaint
from core.permissions import Permission
from core.store.facts import load_case
from core.store.scope import visible


class MakeBundle(Command):
    """Put everything on a case together for somebody outside. The zip lies in the folder of files already."""

    needs = Permission.BUNDLE
    clauses = ("lgsco:5.8",)
    title = "Make a bundle"
    gist = (
        "Everything on the case in one PDF with an index, and the original files, as a zip whose content anybody can "
        "check. It is kept as it was made. It takes up to half a minute for a large case."
    )

    reference: str = Field(max_length=20)
    made_for: BundleFor = asks("Who it is for", widget="choice")
    name: str = asks(
        "Which person or body", help="An Ombudsman’s reference, or a reviewer’s name.", default="", max_length=200
    )
    why: str = asks("Why they are to have it", widget="area", min_length=1, max_length=TEXT_LIMIT)
    with_notes: bool = asks(
        "Colleagues’ notes go in too",
        help="Only where they may be disclosed: read them first. Without this they stay out.",
        widget="tick",
        default=False,
    )
    officers_anonymous: bool = asks(
        "Leave out officers’ names",
        help="In the text and in the list of documents. Documents themselves stay as they are.",
        widget="tick",
        default=False,
    )
    documents: int = Field(default=0, ge=0)
    size: int = Field(default=0, ge=0)
    sha256: str = Field(default="", max_length=64)


@handles(MakeBundle)
def make_bundle(command: MakeBundle, work: Work) -> Sequence[Event]:
    """Keep who was given the full record of a case, why, and exactly what they were given [lgsco:5.8]."""
    case = load_case(work.session, command.reference, actor=work.actor)
    if not command.sha256:
        raise BadInput("The bundle’s file is missing. Make it from the case’s page.")
    work.session.add(
        CaseBundle(
            complaint_id=case.id,
            made_by=work.actor.id or None,
            made_at=work.now,
            **command.model_dump(exclude={"reference", "command_id", "good_reason", "made_for"}),
            made_for=command.made_for.value,
        )
    )
    return [
        BundleMade(
            complaint_id=case.id,
            made_for=command.made_for.value,
            **command.model_dump(exclude={"reference", "command_id", "good_reason", "made_for"}),
        )
    ]


class OpenBundle(Command):
    """Note that somebody saved a bundle."""

    needs = Permission.BUNDLE
    clauses = ("lgsco:5.8",)
    title = "Save a bundle"
    gist = "Every saving is kept in the ledger."

    bundle_id: int


@handles(OpenBundle)
def open_bundle(command: OpenBundle, work: Work) -> Sequence[Event]:
    """Keep who saved which bundle [lgsco:5.8]."""
    seen = visible(work.actor, col(Complaint.id), service_id=col(Complaint.service_id))
    statement = select(CaseBundle).join(Complaint, col(Complaint.id) == col(CaseBundle.complaint_id))
    found = work.session.exec(statement.where(col(CaseBundle.id) == command.bundle_id, *seen)).first()
    if found is None:
        raise NotFound("There is no such bundle. Save it from its case.")
    return [BundleOpened(complaint_id=found.complaint_id, bundle_id=command.bundle_id)]
