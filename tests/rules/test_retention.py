"""How long a record is kept: from which day, until when, what keeps it longer, and who decides."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from core.code.catalogue import SCHEMES
from core.code.reading_files import CatalogueBroken
from core.code.retention import KIND_OF_SCHEME, RECORD_KINDS, load_retention
from core.rules.facts import (
    CaseFacts,
    Ending,
    RemediesFacts,
    RemedyFacts,
    RouteFacts,
    StageFacts,
    StageNumber,
    Standing,
    Taken,
    WithOmbudsman,
)
from core.rules.retention import (
    DutyStands,
    Kept,
    counted_from,
    counted_until,
    how_kept,
    kind_of,
    may_propose,
    planned_on,
    request_counted_from,
    second_person,
)

RECEIVED, ANSWERED, LATER = date(2024, 3, 1), date(2024, 3, 20), date(2024, 9, 2)
DONE = DutyStands(kind="respond_stage_one", standing=Standing.IN_TIME, met_on=ANSWERED)


def case(**more: Any) -> CaseFacts:
    """A complaint answered at stage 1."""
    return CaseFacts(
        one=StageFacts(number=StageNumber.ONE, received_on=RECEIVED, acknowledged_on=RECEIVED, responded_on=ANSWERED),
        **more,
    )


def two(responded_on: date | None) -> StageFacts:
    return StageFacts(number=StageNumber.TWO, received_on=LATER, responded_on=responded_on)


REMEDY = RemedyFacts(number=1, offered_on=ANSWERED, due_on=LATER, done_on=LATER)


@pytest.mark.parametrize(
    ("facts", "duties", "later", "day"),
    [
        (case(), [DONE], [], ANSWERED),
        (case(), [], [], ANSWERED),
        (case(), [DONE], [LATER], LATER),
        (case(), [DutyStands(kind="deliver_remedy", standing=Standing.LATE, met_on=LATER)], [], LATER),
        (case(), [DutyStands(kind="deliver_remedy", standing=Standing.OPEN)], [], None),
        (case(), [DutyStands(kind="review_hold", standing=Standing.OPEN)], [], ANSWERED),
        (case(), [DutyStands(kind="review_hold", standing=Standing.IN_TIME, met_on=LATER)], [], ANSWERED),
        (case(two=two(None)), [], [], None),
        (case(two=two(LATER)), [], [], LATER),
        (case(ending=Ending.WITHDRAWN, ended_on=LATER), [], [], LATER),
        (case(reopened_on=LATER), [], [], None),
        (case(reopened_on=ANSWERED, answered_again_on=LATER), [], [], LATER),
        (case(with_ombudsman=(WithOmbudsman(number=1, since=ANSWERED),)), [], [], None),
        (case(with_ombudsman=(WithOmbudsman(number=1, since=ANSWERED, until=LATER),)), [], [], LATER),
        (case(remedies=RemediesFacts(each=(REMEDY,))), [], [], LATER),
        # A remedy done, or a step of a route taken, before the answer hides nothing that came after it.
        (case(remedies=RemediesFacts(each=(replace(REMEDY, done_on=RECEIVED),))), [], [], ANSWERED),
        (
            case(
                ending=Ending.ROUTED,
                ended_on=LATER,
                route=RouteFacts(scheme="adult_statutory", received_on=RECEIVED, steps={"sent": Taken(on=RECEIVED)}),
            ),
            [],
            [],
            LATER,
        ),
        (
            case(
                ending=Ending.ROUTED,
                ended_on=ANSWERED,
                route=RouteFacts(scheme="adult_statutory", received_on=RECEIVED, steps={"answered": Taken(on=LATER)}),
            ),
            [],
            [],
            LATER,
        ),
    ],
)
def test_fDP_a_record_is_counted_from_the_last_thing_that_happened(
    facts: CaseFacts, duties: list[DutyStands], later: list[date], day: date | None
) -> None:
    assert counted_from(facts, duties=duties, later=later) == day


@pytest.mark.parametrize(
    ("facts", "scheme", "kind"),
    [
        (case(), "lgsco", "complaint"),
        (case(), "hos", "complaint"),
        (case(ending=Ending.REFUSED, ended_on=LATER), "lgsco", "no_finding"),
        (case(ending=Ending.WITHDRAWN, ended_on=LATER), "lgsco", "no_finding"),
        (case(ending=Ending.ESCALATION_REFUSED, ended_on=LATER), "lgsco", "complaint"),
        (case(with_ombudsman=(WithOmbudsman(number=1, since=LATER),)), "lgsco", "ombudsman"),
        (case(with_ombudsman=(WithOmbudsman(number=1, since=LATER),)), "children_statutory", "children"),
        (case(ending=Ending.ROUTED, ended_on=LATER), "member_conduct", "conduct"),
    ],
)
def test_fDP_the_kind_of_record_follows_from_the_route_the_ombudsman_and_the_end(
    facts: CaseFacts, scheme: str, kind: str
) -> None:
    assert kind_of(facts, scheme=scheme) == kind


@pytest.mark.parametrize(
    ("counted", "years", "longer", "planned"),
    [
        (date(2024, 3, 20), 6, None, date(2030, 3, 20)),
        (date(2024, 2, 29), 6, None, date(2030, 2, 28)),
        (date(2024, 2, 29), 4, None, date(2028, 2, 29)),
        (date(2024, 3, 20), 6, date(2031, 1, 1), date(2031, 1, 1)),
        (date(2024, 3, 20), 6, date(2025, 1, 1), date(2030, 3, 20)),
    ],
)
def test_fDP_the_planned_date_is_so_many_years_on_or_the_later_day_decided(
    counted: date, years: int, longer: date | None, planned: date
) -> None:
    assert planned_on(counted, years=years, longer=longer) == planned


@pytest.mark.parametrize("counted", [date(2024, 2, 28), date(2024, 2, 29), date(2024, 3, 1), date(2023, 12, 31)])
def test_fDP_whatever_is_due_lies_before_the_day_that_is_looked_from(counted: date) -> None:
    """The list asks by this day first, so it may never leave out what is due."""
    due = planned_on(counted, years=6)
    assert counted <= counted_until(due, years=6) or (counted.month, counted.day) == (2, 29)


@pytest.mark.parametrize(
    ("today", "last"),
    [
        (date(2030, 3, 20), date(2024, 3, 20)),
        (date(2030, 2, 28), date(2024, 2, 28)),
        (date(2030, 1, 1), date(2024, 1, 1)),
    ],
)
def test_fDP_what_was_counted_from_the_same_day_six_years_ago_is_due_today(today: date, last: date) -> None:
    assert counted_until(today, years=6) == last
    assert planned_on(last, years=6) == today


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ({"planned": None}, Kept.IN_USE),
        ({"planned": date(2030, 3, 21)}, Kept.UNTIL),
        ({"planned": date(2030, 3, 20)}, Kept.DUE),
        ({"planned": date(2030, 3, 21), "longer": date(2030, 3, 21)}, Kept.LONGER),
        ({"planned": date(2030, 3, 20), "held": True}, Kept.HELD),
        ({"planned": None, "held": True}, Kept.HELD),
        ({"planned": date(2030, 3, 20), "held": True, "anonymised": True}, Kept.ANONYMISED),
        ({"planned": date(2030, 3, 20), "bound": True}, Kept.WITH_COMPLAINT),
        ({"planned": date(2030, 3, 20), "bound": True, "held": True}, Kept.HELD),
        ({"planned": None, "bound": True}, Kept.IN_USE),
    ],
)
def test_fDP_a_hold_beats_every_date(told: dict[str, Any], kept: Kept) -> None:
    given: dict[str, Any] = {"longer": None, "held": False, "anonymised": False, "today": date(2030, 3, 20)}
    assert how_kept(**(given | told)) is kept


@pytest.mark.parametrize(
    ("days", "counted"),
    [
        ({"closed_on": None, "answered_on": ANSWERED}, None),
        ({"closed_on": ANSWERED}, ANSWERED),
        ({"closed_on": ANSWERED, "answered_on": RECEIVED, "offered_on": LATER}, LATER),
        ({"closed_on": LATER, "answered_on": ANSWERED}, LATER),
    ],
)
def test_fDP_a_service_request_is_counted_from_the_last_thing_that_happened_once_it_is_closed(
    days: dict[str, Any], counted: date | None
) -> None:
    assert request_counted_from(**days) == counted


@pytest.mark.parametrize("kept", Kept)
def test_fDP_only_what_is_due_is_proposed(kept: Kept) -> None:
    found = may_propose(kept, reference="C-2024-000001")
    said = f"C-2024-000001 is not due for review: it is {kept.value}."
    refused = [(finding.clause, finding.force, finding.sentence) for finding in found]
    assert refused == ([] if kept is Kept.DUE else [("lgsco:5.8", "structure", said)])


@pytest.mark.parametrize(
    ("proposed", "approved", "passes"), [(1, 2, True), (1, 1, False), (None, 2, False), (1, None, False), (0, 2, False)]
)
def test_fDP_two_different_people_decide(proposed: int | None, approved: int | None, passes: bool) -> None:
    said = "Somebody other than whoever proposed it has to approve an erasure. Ask a second person."
    refused = [(finding.clause, finding.force, finding.sentence) for finding in second_person(proposed, approved)]
    assert refused == ([] if passes else [("lgsco:5.8", "structure", said)])


def test_fDP_every_route_has_one_kind_of_record_and_every_kind_a_source() -> None:
    assert set(KIND_OF_SCHEME) == set(SCHEMES) - {"lgsco", "hos"}
    assert all(kind.source.endswith(".") for kind in RECORD_KINDS.values())


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('key = "ombudsman"', 'key = "ombudsmen"', "has no kind “ombudsman”"),
        ('schemes = ["member_conduct"]', 'schemes = ["public_health"]', "stands under two kinds"),
    ],
)
def test_fDP_a_schedule_that_does_not_fit_stops_the_start(tmp_path: Path, old: str, new: str, said: str) -> None:
    import core.code.retention as module

    text = (Path(module.__file__).parent / "retention.toml").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "retention.toml").write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(CatalogueBroken, match=said):
        load_retention(tmp_path)
