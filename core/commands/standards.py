"""The council's own service standards, kept from a day or no longer: AdoptStandards."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date

from core.commands.base import Command, Work, asks, handles
from core.commands.policies import must_begin
from core.errors import BadInput
from core.events.base import Event
from core.events.correspondence import StandardsAdopted
from core.model.organisation import PolicyVersion
from core.permissions import Permission


class AdoptStandards(Command):
    """Decide whether the council keeps service standards of its own beside the Code, for complaints taken in later."""

    needs = Permission.POLICY
    clauses = ("lgsco:5.1",)
    title = "Keep our own service standards"
    gist = "They are counted apart from the Code, and only for complaints taken in from that day on."

    kept: bool = asks("We keep service standards of our own", widget="tick", default=False)
    in_force_from: date = asks("From when", widget="date", starts="today")
    resolution: str = asks("Who decided it, and when", min_length=1, max_length=300)


@handles(AdoptStandards)
def adopt_standards(command: AdoptStandards, work: Work) -> Sequence[Event]:
    """Begin a version of the policy with these standards, or without them; the Code's own periods stay [lgsco:5.1]."""
    newest = must_begin(command.in_force_from, work)
    chosen = json.loads(newest.chosen)
    if chosen.get("service_standards", False) == command.kept:
        how = "kept already" if command.kept else "not kept as it is"
        raise BadInput(f"Service standards of our own are {how}. Nothing changes.", {"kept": "This is so already."})
    chosen["service_standards"] = command.kept
    work.session.add(
        PolicyVersion(
            name=newest.name,
            in_force_from=command.in_force_from,
            resolution=command.resolution,
            chosen=json.dumps(chosen),
        )
    )
    return [StandardsAdopted(kept=command.kept, in_force_from=command.in_force_from, resolution=command.resolution)]
