"""Discretion over the time limit, used or not: the note that either decision owes."""

from __future__ import annotations

from core.commands.base import Work
from core.model.refusals import Discretion
from core.rules.s2_exclusions import accept_until
from core.store.facts import CaseRows


def note_discretion(work: Work, case: CaseRows, *, used: bool, note: str | None) -> None:
    """Keep why a late complaint was let in, or why the limit was applied; nothing for one in time [lgsco:2.2]."""
    row = case.complaint
    until = accept_until(issue_on=row.issue_on, aware_on=row.aware_on, policy=work.policy_of(case))
    if until is None or row.received_on <= until:
        return
    work.session.add(
        Discretion(
            complaint_id=case.id,
            used=used,
            in_time_until=until,
            note=(note or "").strip(),
            decided_by=work.actor.id or None,
            decided_on=work.today,
        )
    )
