"""A planned version of the policy that was adopted by mistake: WithdrawPolicy."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func
from sqlmodel import col, select

from core.commands.base import TEXT_LIMIT, Command, Work, asks, handles
from core.errors import BadInput, StepNotOpen
from core.events.base import Event
from core.events.policies import PolicyWithdrawn
from core.model.organisation import PolicyVersion
from core.model.policies import PolicyDeparture, PolicyFile, PolicyPaper
from core.model.self_assessment import SelfAssessment
from core.permissions import Permission
from core.words import day_words


class WithdrawPolicy(Command):
    """Take back a version of the policy before it begins; no complaint was ever taken in under it."""

    needs = Permission.POLICY
    clauses = ("lgsco:5.1",)
    title = "Withdraw a planned policy"
    gist = "Only a version that is still to come. The history keeps that it was adopted and why it was withdrawn."

    policy_id: int = asks("Which version", widget="choice", options="planned_policies")
    why: str = asks("Why it is withdrawn", widget="area", min_length=1, max_length=TEXT_LIMIT)


@handles(WithdrawPolicy)
def withdraw_policy(command: WithdrawPolicy, work: Work) -> Sequence[Event]:
    """Take back the newest version with all that belongs to it, while it is to come [lgsco:5.1]."""
    row = work.session.get(PolicyVersion, command.policy_id)
    if row is None:
        raise BadInput(
            "There is no such version of the policy. Choose one from the list.", {"policy_id": "Choose one."}
        )
    since = day_words(row.in_force_from)
    if row.in_force_from <= work.today:
        raise StepNotOpen(f"“{row.name}” began on {since}, so it stays. Adopt another version to change it.")
    later = select(PolicyVersion).where(col(PolicyVersion.in_force_from) > row.in_force_from)
    if (after := work.session.exec(later).first()) is not None:
        raise StepNotOpen(f"“{after.name}” follows from {day_words(after.in_force_from)}. Withdraw that one first.")
    _forget(row, work)
    withdrawn = PolicyWithdrawn(name=row.name, in_force_from=row.in_force_from, why=command.why)
    work.session.delete(row)
    return [withdrawn]


def _forget(row: PolicyVersion, work: Work) -> None:
    """Let go of what belongs to a version; what was assessed when it was known has seen one version fewer."""
    known = work.session.exec(select(func.count()).select_from(PolicyVersion)).one()
    for assessment in work.session.exec(select(SelfAssessment).where(col(SelfAssessment.policies_known) >= known)):
        assessment.policies_known = known - 1
    for table in (PolicyDeparture, PolicyPaper, PolicyFile):
        for each in work.session.exec(select(table).where(col(table.policy_id) == row.id)):
            work.session.delete(each)
    work.session.flush()
