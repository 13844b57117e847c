"""People beside the individual: AddRepresentative, RecordAuthority, ChooseCorrespondent and RemoveParty."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlmodel import col, select

from core.commands.base import TEXT_LIMIT, CaseCommand, Work, asks, handles
from core.errors import BadInput
from core.events.base import Event
from core.events.people import AuthorityRecorded, CorrespondentChosen, PartyAdded, PartyRemoved
from core.model.parties import Party
from core.permissions import Permission
from core.rules.findings import Finding
from core.rules.parties import AuthorityKind, PartyFacts, PartyRole
from core.rules.s3_access import disclosure_allowed
from core.store.facts import CaseRows


def may_go_out(case: CaseRows, work: Work, *, on: date) -> tuple[Finding, ...]:
    """What stands against sending something on a day to whoever is written to; nothing for the individual."""
    written_to = _written_to(case, work)
    facts = None
    if written_to is not None:
        facts = PartyFacts(
            name=written_to.name,
            authority=AuthorityKind(written_to.authority),
            recorded_on=written_to.recorded_on,
            expires_on=written_to.expires_on,
        )
    return disclosure_allowed(facts, on=on)


def _written_to(case: CaseRows, work: Work) -> Party | None:
    statement = select(Party).where(col(Party.complaint_id) == case.id, col(Party.written_to).is_(True))
    with work.session.no_autoflush:  # only read: the step that asks may not be through yet
        return work.session.exec(statement).first()


def _write_to(party: Party | None, case: CaseRows, work: Work) -> None:
    """Make somebody the one who is written to, and nobody else; None is the individual."""
    before = _written_to(case, work)
    if before is not None:
        before.written_to = False
        work.session.flush()
    if party is not None:
        party.written_to = True


def _party(party_id: int, case: CaseRows, work: Work) -> Party:
    """Somebody on this very complaint; BadInput for anybody else."""
    found = work.session.get(Party, party_id)
    if found is None or found.complaint_id != case.id:
        raise BadInput(
            f"That person is not on {case.complaint.reference}. Choose one from the list.",
            {"party_id": "Choose a person."},
        )
    return found


class AddRepresentative(CaseCommand):
    """Put somebody beside the individual on the complaint. Their authority may follow."""

    needs = Permission.HANDLE
    clauses = ("lgsco:1.5", "lgsco:3.6")
    title = "Add a representative"
    gist = "Anybody the individual chose, or one of a group. The complaint goes on while their authority is awaited."

    name: str = asks("Their name", min_length=1, max_length=200)
    role: PartyRole = asks("What they are here", widget="choice")
    contact: str = asks("How to reach them", default="", max_length=500)
    written_to: bool = asks("Letters go to them from now on", widget="tick", default=False)


@handles(AddRepresentative)
def add_representative(command: AddRepresentative, work: Work) -> Sequence[Event]:
    """Treat a complaint brought by somebody else as any other, and log it before their authority comes [lgsco:1.5]."""
    case = work.open_case(command)
    party = Party(complaint_id=case.id, role=command.role.value, name=command.name, contact=command.contact)
    events: list[Event] = [
        PartyAdded(complaint_id=case.id, role=command.role.value, name=command.name, contact=command.contact)
    ]
    if command.written_to:
        _write_to(party, case, work)
        events.append(CorrespondentChosen(complaint_id=case.id, name=command.name))
    work.session.add(party)
    return events


class RecordAuthority(CaseCommand):
    """Record what lets somebody act for the individual, for what, and until when."""

    needs = Permission.HANDLE
    clauses = ("lgsco:3.6",)
    title = "Record authority"
    gist = "Until it stands, and after it ends, nothing is sent to them without a reason on the record."

    party_id: int = asks("Whose authority", widget="choice", options="parties")
    authority: AuthorityKind = asks("What lets them act", widget="choice")
    recorded_on: date = asks("Since when we hold it", widget="date", starts="today")
    expires_on: date | None = asks("Until when it holds", widget="date", default=None)
    scope: str = asks("What it covers", widget="area", default="", max_length=TEXT_LIMIT)


@handles(RecordAuthority)
def record_authority(command: RecordAuthority, work: Work) -> Sequence[Event]:
    """Keep who may act for the individual, by what right, for what, and until when [lgsco:3.6]."""
    case = work.open_case(command)
    party = _party(command.party_id, case, work)
    if command.authority is AuthorityKind.NONE_YET:
        said = "Choose what lets them act. Until it is here there is nothing to record."
        raise BadInput(said, {"authority": "Choose what lets them act."})
    work.not_future(command.recorded_on, "recorded_on")
    if command.expires_on is not None:
        work.not_before(command.expires_on, command.recorded_on, "expires_on", what="the authority was recorded")
    party.authority = command.authority.value
    party.recorded_on, party.expires_on = command.recorded_on, command.expires_on
    party.scope = command.scope
    return [
        AuthorityRecorded(
            complaint_id=case.id,
            authority=command.authority.value,
            recorded_on=command.recorded_on,
            expires_on=command.expires_on,
            name=party.name,
            scope=command.scope,
        )
    ]


class ChooseCorrespondent(CaseCommand):
    """Decide who is written to: somebody acting for the individual, or the individual again."""

    needs = Permission.HANDLE
    clauses = ("lgsco:3.6",)
    title = "Choose who is written to"
    gist = "Leave it empty for the individual. Every letter from now on is weighed against that person's authority."

    correspond_with: int | None = asks("Letters go to", widget="choice", options="parties", default=None)


@handles(ChooseCorrespondent)
def choose_correspondent(command: ChooseCorrespondent, work: Work) -> Sequence[Event]:
    """Write to whom the individual chose [lgsco:3.6]."""
    case = work.open_case(command)
    party = _party(command.correspond_with, case, work) if command.correspond_with is not None else None
    _write_to(party, case, work)
    return [CorrespondentChosen(complaint_id=case.id, name=party.name if party is not None else "")]


class RemoveParty(CaseCommand):
    """Take somebody off the complaint. What they were is kept in the history."""

    needs = Permission.HANDLE
    clauses = ("lgsco:3.6",)
    title = "Remove a person"
    gist = "If letters went to them, they go to the individual again."

    party_id: int = asks("Who is to be removed", widget="choice", options="parties")
    why: str = asks("Why", widget="area", min_length=1, max_length=TEXT_LIMIT)


@handles(RemoveParty)
def remove_party(command: RemoveParty, work: Work) -> Sequence[Event]:
    """End somebody's acting for the individual; letters then go to the individual [lgsco:3.6]."""
    case = work.open_case(command)
    party = _party(command.party_id, case, work)
    work.session.delete(party)
    return [PartyRemoved(complaint_id=case.id, name=party.name, why=command.why)]
