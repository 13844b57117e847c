"""Complaints that the council's own web forms send in, and the keys these forms hold.

What a form sends is recorded whole, in one step: the complaint, who acts for the individual, and what they need.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, ClassVar

from pydantic import Field, StringConstraints
from sqlmodel import select

from core.commands.access import HASH
from core.commands.base import TEXT_LIMIT, Command, Work, asks, handles
from core.commands.recording import RecordComplaint, check_contact, check_days, record_complaint
from core.errors import BadInput, NotFound
from core.events.base import Event
from core.events.intake import FormReceived, IntakeClientAdded, IntakeClientRevoked
from core.events.people import CorrespondentChosen, PartyAdded, PreferenceKept
from core.model.intake import IntakeClient
from core.model.parties import Care, Party
from core.model.people import Service
from core.permissions import Permission
from core.rules.parties import PartyRole
from core.rules.s6_stages import acknowledge_stage_one_by, respond_stage_one_by
from core.store.facts import CaseRows, ident

CLIENT_NAME = 80
_Name = Annotated[str, StringConstraints(min_length=1, max_length=CLIENT_NAME)]


class AddIntakeClient(Command):
    """Let a web form of the council send complaints in. Its key is shown once; here only its hash comes in."""

    needs = Permission.ACCOUNTS
    clauses = ("lgsco:3.1",)
    title = "Add a web form"
    gist = "Its key is shown once. Whoever holds it can record complaints and do nothing else."

    name: _Name = asks("Which form", help="As it shows in each case’s history, such as “Council website”.")
    key_hash: str = Field(min_length=HASH, max_length=HASH)


@handles(AddIntakeClient)
def add_intake_client(command: AddIntakeClient, work: Work) -> Sequence[Event]:
    """Keep the hash of a new form's key [lgsco:3.1]."""
    name = " ".join(command.name.split())
    if name.casefold() in {known.casefold() for known in work.session.exec(select(IntakeClient.name))}:
        raise BadInput(
            f"There is a form called “{name}” already, perhaps one whose key was taken back. Choose another name.",
            {"name": "This name is taken."},
        )
    work.session.add(IntakeClient(name=name, key_hash=command.key_hash, added_at=work.now))
    return [IntakeClientAdded(client=name)]


class RevokeIntakeClient(Command):
    """Take a web form's key back: from the next request on it opens nothing."""

    needs = Permission.ACCOUNTS
    clauses = ("lgsco:3.1",)
    title = "Take the key back"
    gist = "The form stops at once. Give it another key first if it is to go on: add it once more under a new name."

    client_id: int
    why: str = asks("Why", widget="area", min_length=1, max_length=500)


@handles(RevokeIntakeClient)
def revoke_intake_client(command: RevokeIntakeClient, work: Work) -> Sequence[Event]:
    """End what one form's key opens; what it sent stays [lgsco:3.1]."""
    client = work.session.get(IntakeClient, command.client_id)
    if client is None:
        raise NotFound("There is no such web form. Choose one from the list.")
    if client.revoked_at is not None:
        raise BadInput(f"The key of “{client.name}” has been taken back already. Nothing was changed.")
    client.revoked_at = work.now
    return [IntakeClientRevoked(client=client.name, why=command.why)]


class RecordWebComplaint(RecordComplaint):
    """Record what somebody wrote into a web form of the council: with who acts for them and what they need."""

    clauses: ClassVar[tuple[str, ...]] = ("lgsco:1.5", "lgsco:3.1", "lgsco:3.2", "lgsco:3.6", "lgsco:5.6")
    title = "Record a web form"
    gist = "Its clock starts the day it was sent; the complaints team decides what it is."

    client: str = asks("Which form", max_length=CLIENT_NAME)
    sent_sha256: str = asks("Digest of what was sent", min_length=HASH, max_length=HASH)
    service_name: str = asks("Service in their words", default="", max_length=120)
    representative: str = asks("Who acts for them", default="", max_length=200)
    representative_role: PartyRole = asks("What that person is", widget="choice", default=PartyRole.REPRESENTATIVE)
    representative_contact: str = asks("How to reach that person", default="", max_length=500)
    representative_written_to: bool = asks("Letters go to that person", widget="tick", default=False)
    needs_told: str = asks("What they need, and how to reach them", widget="area", default="", max_length=TEXT_LIMIT)


@handles(RecordWebComplaint)
def record_web_complaint(command: RecordWebComplaint, work: Work) -> Sequence[Event]:
    """Record it as it was sent; nothing it says can keep it out [lgsco:3.2].

    Whether it comes too late to be considered is weighed when somebody decides what it is: a form cannot weigh.
    """
    reachable = _own_contact(command) or bool(command.representative_contact)
    check_days(command, work)
    check_contact(command, reachable=reachable)
    recorded = list(record_complaint(_as_recorded(command, work), work))
    case = work.touched_cases[-1]
    case.complaint.issue_on, case.complaint.aware_on = command.issue_on, command.aware_on
    case.complaint.acknowledgement_possible = reachable
    recorded += _represented(command, case, work)
    if command.needs_told:
        work.session.add(Care(complaint_id=case.id, preference=command.needs_told))
        recorded.append(PreferenceKept(complaint_id=case.id, preference=command.needs_told))
    return [*recorded, _told(command, case, work)]


def _own_contact(command: RecordWebComplaint) -> bool:
    """Whether the individual gave a way to reach them."""
    return bool(command.contact_email or command.contact_phone or command.address)


def _as_recorded(command: RecordWebComplaint, work: Work) -> RecordWebComplaint:
    """The complaint as it is recorded: a service known by its name, or that name as the category."""
    wanted = command.service_name.casefold()
    services = {row.name.casefold(): ident(row.id) for row in work.session.exec(select(Service))}
    return command.model_copy(
        update={
            "service_id": services.get(wanted),
            "category": "" if wanted in services else command.service_name,
            "no_contact_details": not _own_contact(command),
            "issue_on": None,
            "aware_on": None,
        }
    )


def _represented(command: RecordWebComplaint, case: CaseRows, work: Work) -> list[Event]:
    """Whoever acts for the individual, logged before their authority comes [lgsco:1.5]."""
    if not command.representative:
        return []
    role, name = command.representative_role.value, command.representative
    contact, written_to = command.representative_contact, command.representative_written_to
    work.session.add(Party(complaint_id=case.id, role=role, name=name, contact=contact, written_to=written_to))
    added: list[Event] = [PartyAdded(complaint_id=case.id, role=role, name=name, contact=contact)]
    return [*added, CorrespondentChosen(complaint_id=case.id, name=name)] if written_to else added


def _told(command: RecordWebComplaint, case: CaseRows, work: Work) -> FormReceived:
    """The dates the form is told: the last days that the Code allows without an extension [lgsco:6.2]."""
    received_on, counting = command.received_on, work.counting(case)
    acknowledged = acknowledge_stage_one_by(received_on, **counting)
    first, second = (work.policy_of(case).period(key) for key in ("acknowledge_stage_one", "respond_stage_one"))
    return FormReceived(
        complaint_id=case.id,
        client=command.client,
        sent_sha256=command.sent_sha256,
        acknowledge_by=acknowledged if case.complaint.acknowledgement_possible else None,
        acknowledge_days=first.value,
        acknowledge_clause=first.clause,
        answer_by=respond_stage_one_by(acknowledged, received_on=received_on, **counting),
        answer_days=second.value,
        answer_clause=second.clause,
    )
