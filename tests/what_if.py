"""The two stages' clocks of a whole council by the rules of one case, to compare with what is counted at once."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from core.desk import Desk, Office
from core.model.complaints import Complaint
from core.permissions import SYSTEM
from core.queries.what_if import CLOCKS, Trial, policy_of, what_if, what_if_changed
from core.rules.duties import duties_of
from core.rules.facts import Standing
from core.store.facts import load_case

_C = Complaint.__table__  # type: ignore[attr-defined]
ByCase = dict[str, dict[str, tuple[date, Standing]]]
TRIALS = {
    "as it is": Trial(),
    "five days": Trial(periods=(("respond_stage_one", 5), ("extend_stage_one", 2))),
    "long": Trial(periods=(("respond_stage_one", 15), ("respond_stage_two", 30), ("acknowledge_stage_one", 2))),
    "readings": Trial(settings=("late_acknowledgement_buys_time", "weekend_receipt_lenient", "closure_days_skip")),
}


def case_by_case(office: Office, trial: Trial) -> ByCase:
    """Clock by clock, each complaint's date and standing, by the rules of one case."""
    desk = Desk(office, SYSTEM)
    found: ByCase = {key: {} for key in CLOCKS}

    def of_this(asking: Any) -> Any:
        return policy_of(asking, trial)

    of_this.needs = what_if.needs  # type: ignore[attr-defined]
    policy = desk.ask(of_this)
    with office.database.reading() as connection, Session(connection) as session:
        calendar = office.calendars(connection).of(policy.closure_days_skip)
        for reference in connection.execute(sa.select(_C.c.reference).where(_C.c.scheme == "lgsco")).scalars().all():
            case = load_case(session, reference, actor=SYSTEM)
            for duty in duties_of(case.facts(), policy=policy, calendar=calendar):
                if duty.kind in found:
                    found[duty.kind][reference] = (duty.due_on, duty.standing)
    return found


def compare(office: Office, trial: Trial) -> None:
    """Every count of every clock, and every complaint that differs with both dates, are as case by case."""
    desk = Desk(office, SYSTEM)
    today, single = case_by_case(office, Trial()), case_by_case(office, trial)
    for clock in desk.ask(what_if, trial, against=Trial()).clocks:
        was, now = today[clock.key], single[clock.key]
        counted = Counter(standing for _due, standing in now.values())
        assert {each: getattr(clock.total.after, each.value) for each in Standing if counted[each]} == counted
        page = desk.ask(what_if_changed, trial, clock=clock.key, against=Trial(), limit=1000)
        found = {line.reference: (line.due_before, line.due_after, line.before, line.after) for line in page.lines}
        differ = {each for each in now if now[each][1] is not was[each][1]}
        assert found == {each: (was[each][0], now[each][0], was[each][1], now[each][1]) for each in differ}
        counts = [clock.total.changed, page.count, *(sum(each.changed for each in group)
                  for group in (clock.services, clock.months))]  # fmt: skip
        assert counts == [len(differ)] * 4
