"""Bank holidays on the Import page: drop the published file, see which open duties it would move, then move them."""

from __future__ import annotations

import streamlit as st

from app.ui import keys, tables
from app.ui.plain import plain
from core.channels.bank_holidays import PublishedDay, read_govuk
from core.commands.organising import ChangeCalendar
from core.desk import Desk
from core.errors import BadInput
from core.queries.calendar import CalendarNews, MovedDuty, calendar_news, moved_by
from core.words import counted, day_words

SHOWN = 50


def section(here: Desk) -> None:
    """Take a list of bank holidays; nothing is replaced, and nothing moves before it has been seen."""
    st.header("Bank holidays")
    st.markdown(
        "Dates are counted as far as bank holidays are published. Once a year, drop the GOV.UK file here "
        "(bank-holidays.json). It is added to what is known, never put in its place."
    )
    given = st.file_uploader("The GOV.UK bank-holiday file", type=["json"], key=keys.import_key("holidays"))
    if given is None:
        return
    try:
        _read(here, read_govuk(given.getvalue()), source=f"GOV.UK bank holidays, {given.name}"[:300])
    except BadInput as refused:
        st.error(plain(refused))


def _read(here: Desk, listed: tuple[PublishedDay, ...], *, source: str) -> None:
    news = here.ask(calendar_news, listed, source=source)
    if not news.rows:
        st.success("Every day in this file is known already. Nothing to do.")
        _unlisted(news)
        return
    moved = here.ask(moved_by, news.rows)
    added = ", ".join(f"{day_words(day)} ({name})" for day, name, _layer, _withdrawn in news.rows)
    st.markdown(f"**{counted(len(news.rows), 'new day')}:** {plain(added)}")
    _unlisted(news)
    _moves(moved)
    if st.button("Add these days", type="primary", key=keys.import_key("holidays/add")):
        done = here.do(ChangeCalendar(source=source, rows=news.rows))
        st.success("  \n".join(plain(sentence) for sentence in done.sentences[:SHOWN]))


def _unlisted(news: CalendarNews) -> None:
    if news.unlisted:
        days = ", ".join(f"{day_words(day)} ({name})" for day, name in news.unlisted)
        st.warning(
            f"Known here but not in this file: {plain(days)}. They stay. "
            "If one was really withdrawn, use `complaints holidays import` with `--withdraw`."
        )


def _moves(moved: tuple[MovedDuty, ...]) -> None:
    """The open duties that would move, before they do."""
    if not moved:
        st.markdown("No open duty would move.")
        return
    st.markdown(f"**{counted(len(moved), 'open duty', 'open duties')} would move.** Dates already promised are kept.")
    with st.container(key="rows-moved", gap=None):
        for duty in moved[:SHOWN]:
            kept = "" if duty.act_by == duty.becomes else f", still to be done by {day_words(duty.act_by)} as promised"
            words = f"{duty.title}: from {day_words(duty.was)} to {day_words(duty.becomes)}{kept}"
            tables.link_row(duty.reference, (words,))
    if len(moved) > SHOWN:
        st.markdown(f"The nearest {SHOWN} are shown.")
