"""The yearly letters on the screen: a letter beside our own records, the KPIs, and the form that enters one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from decimal import Decimal
from typing import Any

import streamlit as st

from app.ui import forms, keys, ombudsman, places
from app.ui.opened import Opened
from app.ui.plain import one_line, plain
from app.web.places import YEARLY
from core.code.ombudsmen import ASSESSOR, BODIES, YEARLY_LETTERS
from core.commands.base import COMMANDS
from core.desk import Desk, Done
from core.errors import BadInput, ComplaintsError
from core.queries.ombudsman import year_of
from core.queries.ombudsman_figures import (
    FigureLine,
    OmbudsmanFigures,
    ombudsman_figures,
    ombudsmen_together,
)
from core.rules.yearly_letter import Kpi
from core.yearly_letters import TakenLetter, take_letter

ENTER = "EnterAnnualLetter"
_SHOWN_YEARS = 8
_UNKNOWN = "–"


def year_words(year: int) -> str:
    """A year from April as it is said: "2025-26"."""
    return f"{year}-{(year + 1) % 100:02d}"


def figures(here: Desk, *, today_year: int) -> None:
    """One year of one body: its letter beside our records, with what is counted from them."""
    body, year = _body(), _year(today_year)
    st.subheader("Yearly letters and figures", anchor="figures")
    with st.container(key="filters", horizontal=True, vertical_alignment="bottom"):
        _choice("body", "Whose", _titles(), body)
        years = range(today_year, today_year - _SHOWN_YEARS, -1)
        _choice(
            "year", "Year", {str(each): year_words(each) for each in sorted({*years, year}, reverse=True)}, str(year)
        )
    with here.one_view():
        found = here.ask(ombudsman_figures, body, year)
        together = here.ask(ombudsmen_together, year) if body != ASSESSOR else ()
    st.markdown("\n".join(_entered(found, enters=here.may(COMMANDS[ENTER].needs))))
    st.markdown("\n".join(_table(found.lines)))
    if found.letter_kpis:
        st.markdown("\n".join(_kpis("From the letter", found.letter_kpis)))
    if found.own_kpis:
        st.markdown("\n".join(_kpis("From our own records, of the cases you see", found.own_kpis)))
    if together:
        st.markdown("\n".join(_kpis("Every Ombudsman’s letter of the year together, counts added up", together)))


def _choice(name: str, label: str, reads: Mapping[str, str], held: str, *, place: str = "shown") -> None:
    """A choice that the address keeps; it stands at two places of the page, each with a key of its own."""
    key = keys.ombudsman_key(f"{place}/{name}")
    st.session_state[key] = held
    st.selectbox(label, list(reads), format_func=reads.get, key=key, on_change=_set, args=(name, place))


def _set(name: str, place: str) -> None:
    st.query_params[name] = st.session_state[keys.ombudsman_key(f"{place}/{name}")]


def _titles() -> dict[str, str]:
    return {key: each.title for key, each in YEARLY_LETTERS.items()}


def _body() -> str:
    body = st.query_params.get("body", next(iter(BODIES)))
    if body not in YEARLY_LETTERS:
        raise BadInput("The address names a letter that there is not. Choose whose it is from the list.")
    return body


def _year(today_year: int) -> int:
    return ombudsman.number_in(st.query_params.get("year", str(today_year - 1)))


def _entered(found: OmbudsmanFigures, *, enters: bool) -> Iterator[str]:
    if found.version and found.entered_on is not None:
        said = f"Entered by {one_line(found.entered_by)}, version {found.version}."
        why = f" Why again: {one_line(found.why)}" if found.why else ""
        yield f"**{found.title}, {year_words(found.year)}.** {said}{why}"
        if found.sha256:
            address = places.own_route(f"{YEARLY}{found.body}/{found.year}")
            yield f"\n[Save the file they were read from]({address}): {one_line(found.file_name)}."
    else:
        how = "Enter it with “Enter a yearly letter”." if enters else "Ask the link officer to enter it."
        yield f"**{found.title}, {year_words(found.year)}** is not entered. {how}"
    yield ""


def _table(lines: Iterable[FigureLine]) -> Iterator[str]:
    yield "| Figure | The letter | Our records | Difference |"
    yield "| --- | ---: | ---: | ---: |"
    for line in lines:
        ours = f"{line.ours:,}" if line.ours is not None else _UNKNOWN
        apart = _UNKNOWN if line.difference is None else "none" if not line.difference else f"{line.difference:+,}"
        yield f"| {line.title} | {_number(line.theirs)} | {ours} | {apart} |"


def _number(value: Decimal | None) -> str:
    return _UNKNOWN if value is None else f"{value:,}"


def _kpis(head: str, kpis: Iterable[Kpi]) -> Iterator[str]:
    yield f"**{head}**\n"
    for each in kpis:
        note = f" {each.note}" if each.note else ""
        yield f"- KPI {each.number}, {each.title}: **{each.words}**.{note}"


# ----------------------------------------------------------------------------------------------------------- entering


def enter(here: Desk, *, today_year: int) -> None:
    """The form of one body's letter: the file first, which fills it where it is a table, then the figures."""
    body = _body()
    _choice("body", "Whose letter", _titles(), body, place="entered")
    plain_form = _opened(body, None, today_year)
    came = forms.along(plain_form)
    _file(here, plain_form, body, came)
    ombudsman.draw(_opened(body, came, today_year))


def finish(today_year: int) -> None:
    """After a letter was entered, go on to it."""
    forms.finish(_opened(_body(), None, today_year))


def _opened(body: str, came: Mapping[str, Any] | None, today_year: int) -> Opened:
    given = {"body": body, "file_name": came["name"] if came else "", "sha256": came["sha256"] if came else ""}

    def to_its_year(_opened: Opened, done: Done) -> Mapping[str, str]:
        year = getattr(done.events[0], "year", today_year)
        return {"body": body, "year": str(year)}

    return Opened(
        step=ENTER,
        about=body,
        given=given,
        starts={"year": today_year - 1},
        figures=YEARLY_LETTERS[body].figure,
        page=places.OMBUDSMAN,
        leads_to=to_its_year,
    )


def _file(here: Desk, opened: Opened, body: str, came: Mapping[str, Any] | None) -> None:
    """Where the letter itself is handed in: kept with the figures, and read where it is a table."""
    if came is not None:
        told = [f"**{one_line(came['name'])}** is kept with the figures. What was read of it stands in the form."]
        told += [plain(note) for note in came["notes"]]
        st.info("\n\n".join(told))
        st.button("Leave this file out", key=keys.ombudsman_key("out"), on_click=forms.bring, args=(opened, None))
        return
    turn = keys.ombudsman_key("turn")
    problem = keys.ombudsman_key("problem")
    times = int(st.session_state.get(turn, 0))
    most = here.office.settings.file_megabytes
    label = f"The letter as a file, or a table (CSV or Excel) with a figure’s name and the figure, up to {most} MB"
    file = st.file_uploader(label, max_upload_size=most, key=keys.ombudsman_key(f"file/{times}"))
    if file is None:
        if said := st.session_state.get(problem):
            st.error(plain(said))
        return
    st.session_state[turn] = times + 1
    st.session_state[problem] = ""
    try:
        _fill(opened, take_letter(here, body, name=file.name, content=file.getvalue()))
    except ComplaintsError as refusal:
        st.session_state[problem] = str(refusal)
    st.rerun()


def _fill(opened: Opened, taken: TakenLetter) -> None:
    forms.bring(opened, asdict(taken))
    forms.fill(opened, {f"figures.{key}": text for key, text in taken.figures.items()})


def this_year(here: Desk) -> int:
    """The year from April that today lies in."""
    office = here.office
    return year_of(office.today(office.now()))
