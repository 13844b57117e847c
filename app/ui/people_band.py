"""The people on a case: banners at its head, the band that lists them, and the steps about them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import streamlit as st

from app.ui import badge, step_buttons
from app.ui.plain import one_line, plain
from core.commands.base import COMMANDS
from core.desk import Desk
from core.queries.people import AdjustmentView, CasePeople, PartyView, RestrictionView
from core.rules.parties import AuthorityKind
from core.rules.steps import PEOPLE_STEPS
from core.words import counted, day_words

_LONGEST = 160
_A_NAME = 60


def banners(people: CasePeople) -> None:
    """What everybody who opens the case must know first, in words."""
    warned, told = list(_warned(people)), list(_told(people))
    if warned:
        st.warning("\n\n".join(warned))
    if told:
        st.info("\n\n".join(told))


def _warned(people: CasePeople) -> Iterator[str]:
    if people.risk:
        yield f"**Vulnerable or at risk: this comes first.** {plain(people.risk)}"
    written_to = people.written_to
    if written_to is not None and written_to.barred:
        yield f"**Send nothing to {one_line(written_to.name)} yet.** {plain(written_to.barred)}"
    for each in people.restrictions_now:
        way = plain(each.way_to_complain)
        yield f"**Contact is restricted since {day_words(each.starts_on)}:** {plain(each.what)} A new complaint: {way}"
    for conflict in people.conflicts:
        yield f"**{one_line(conflict.colleague)} has a conflict of interest** and answers nothing here."
    if people.officers_named:
        named = one_line(", ".join(people.officers_named.values()))
        yield f"**Named in this complaint, and not to consider it:** {named}."


def _told(people: CasePeople) -> Iterator[str]:
    for each in people.adjustments_now:
        form = f" ({one_line(each.agreed_format)})" if each.agreed_format else ""
        yield f"**Adjustment agreed{form}:** {plain(each.what)}"
    if people.preference:
        yield f"**How they want to be reached:** {plain(people.preference)}"
    if people.written_to is not None:
        yield f"**Letters go to {one_line(people.written_to.name)}**, {one_line(people.written_to.role)}."


def band(here: Desk, people: CasePeople, *, above: str = "") -> None:
    """Each person, adjustment, restriction and conflict in a line, and the steps for them but for the one `above`."""
    others = counted(len(people.parties), "person", "people")
    head = f"People: {others} beside the individual" if people.parties else "People: the individual alone"
    lines = [*map(_party, people.parties), *map(_adjustment, people.adjustments)]
    lines += [*map(_restriction, people.restrictions), *_conflicts(people)]
    listed = "\n".join(lines) or "Nothing is recorded about anybody but the individual."
    st.markdown(f"### {head}\n\n{listed}")
    open_now = [name for name in _open_steps(people) if name != above and here.may(COMMANDS[name].needs)]
    if open_now:
        step_buttons.menu("Steps about people", open_now)


def _party(party: PartyView) -> str:
    contact = f" · {one_line(party.contact, longest=_LONGEST)}" if party.contact else ""
    letters = " · letters go to them" if party.written_to else ""
    return f"- **{one_line(party.name)}**, {one_line(party.role)}{letters}{contact} · {_authority(party)}"


def _authority(party: PartyView) -> str:
    if party.authority == AuthorityKind.NONE_YET or party.recorded_on is None:
        return badge.badge("no authority recorded", "orange")
    until = f", until {day_words(party.expires_on)}" if party.expires_on else ""
    about = f" · {one_line(party.scope, longest=_LONGEST)}" if party.scope else ""
    ended = f" {badge.badge('ended', 'red')}" if party.barred else ""
    return f"{one_line(party.authority)} since {day_words(party.recorded_on)}{until}{ended}{about}"


def _adjustment(each: AdjustmentView) -> str:
    form = f" ({one_line(each.agreed_format)})" if each.agreed_format else ""
    what = one_line(each.what, longest=_LONGEST)
    return f"- **Adjustment{form}** since {day_words(each.starts_on)}: {what} · {_review(each)}"


def _restriction(each: RestrictionView) -> str:
    weighed = (
        ("Evidence", each.evidence),
        ("Lesser measures", each.lesser_measures),
        ("Equality Act", each.equality),
        ("A new complaint", each.way_to_complain),
    )
    told = "told how to challenge it" if each.challenge_told else "not told how to challenge it"
    details = "".join(f"  \n  {title}: {one_line(text)}" for title, text in weighed if text)
    what = one_line(each.what, longest=_LONGEST)
    return f"- **Contact restricted** since {day_words(each.starts_on)}: {what} · {told} · {_review(each)}{details}"


def _review(each: AdjustmentView | RestrictionView) -> str:
    if each.review_on is None or each.soon is None:
        return f"ended {day_words(each.ended_on)}" if each.ended_on else "ended"
    return f"review by {day_words(each.review_on)} {badge.due(each.soon)}"


def _conflicts(people: CasePeople) -> Iterator[str]:
    for each in people.conflicts:
        yield f"- **Conflict of interest**, {one_line(each.kind)}: {one_line(each.colleague)} · {one_line(each.detail)}"


def _open_steps(people: CasePeople) -> Iterator[str]:
    """The steps that have something to be about."""
    lists = listed(people)
    for name in PEOPLE_STEPS:
        asked = COMMANDS[name].asked_fields().values()
        needed = {(info.json_schema_extra or {}).get("options") for info in asked}
        if all(lists[each] for each in needed & lists.keys()) and (name != "LiftRisk" or people.risk):
            yield name


def listed(people: CasePeople) -> Mapping[str, Mapping[int, str]]:
    """The short lists that only this case has, for the forms that choose from them."""
    return {
        "parties": {each.id: f"{each.name} ({each.role})" for each in people.parties},
        "adjustments": _shortly(people.adjustments_now),
        "restrictions": _shortly(people.restrictions_now),
    }


def _shortly(things: Iterable[AdjustmentView | RestrictionView]) -> dict[int, str]:
    return {each.id: f"{' '.join(each.what.split())[:_A_NAME]} (since {day_words(each.starts_on)})" for each in things}


def starts(people: CasePeople) -> Mapping[str, Any]:
    """What a form about people begins with: the only choice there is, and what is recorded now."""
    lists = listed(people)
    only = {field: next(iter(lists[name])) for field, name in _SINGLE.items() if len(lists[name]) == 1}
    return {**only, "officers_named": list(people.officers_named), "preference": people.preference}


_SINGLE = {"party_id": "parties", "adjustment_id": "adjustments", "restriction_id": "restrictions"}
