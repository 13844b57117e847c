"""Lists of complaints as rows of links: each row is one link, reached with Tab and opened with Enter.

A list is a single element, for every element costs the page as much as a question to the records. The fixed style
sheet (style.py) lays the parts of a row out in columns, and the console's own script opens a row in place.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from urllib.parse import urlencode

import streamlit as st

from app.ui import badge, drawn, places
from app.ui.desk import said_in_addresses
from app.ui.plain import one_line
from core.queries.queue import QueuePage, QueueRow
from core.words import day_words

_MATTER = 90
_PERSON = 40
_PLACE = 30


def cells(*parts: str) -> str:
    """Parts as one label; each becomes a column."""
    return " ".join(f":small[{part or '–'}]" for part in parts)


def queue_cells(row: QueueRow, *, mine: bool = False) -> tuple[str, ...]:
    """One line a complaint: the matter and person, where it stands, what is owed next and by when.

    `mine` leaves the handler out, where every row has the same one.
    """
    owed = f"{row.title} by {day_words(row.act_by)} · {places.number(row.clause, row.scheme)}"
    first = f"{badge.AT_RISK} " if row.at_risk else ""
    return (
        f"{first}{one_line(row.matter, longest=_MATTER, empty='No matter given')} · "
        f"{one_line(row.individual, longest=_PERSON, empty='name not given')}",
        row.position if mine else f"{row.position} · {one_line(row.owner, longest=_PLACE, empty='not assigned')}",
        owed,
        badge.due(row.soon),
    )


def link(reference: str, parts: Iterable[str]) -> tuple[str, str]:
    """One complaint as a row: its reference and what the link says."""
    return reference, f"**{reference}** {cells(*parts)}"


def links(key: str, lines: Iterable[tuple[str, str]], *, back: str = "") -> None:
    """Complaints as links to their pages, each by its reference and what the link says.

    `back` is the list's own address, so that their pages lead back to it.
    """
    if told := listed(lines, back=back):
        rows(key, told)


def listed(lines: Iterable[tuple[str, str]], *, back: str = "") -> str:
    """Such a list as text, for those who put more of it on the page at once."""
    told = list(lines)
    to = places.addresses(places.CASE, [reference for reference, _said in told], {"back": back} if back else {})
    return "\n".join(f"- [{said}]({address})" for (_ref, said), address in zip(told, to, strict=True))


def rows(key: str, text: str) -> None:
    """A text whose lists are rows of links."""
    with st.container(key=f"rows-{key}"):
        st.markdown(text)


def link_row(reference: str, parts: Iterable[str], *, back: str = "") -> None:
    """One complaint as a link to its page; `back` is the list's own address, so that its page leads back to it."""
    query = {"ref": reference, "back": back} if back else {"ref": reference}
    st.page_link(
        places.page(places.CASE), label=f"**{reference}** {cells(*parts)}", query_params=query, width="stretch"
    )


def request_row(reference: str, parts: Iterable[str]) -> None:
    """One service request as a link to its page."""
    label = f"**{reference}** {cells(*parts)}"
    st.page_link(places.page(places.REQUESTS), label=label, query_params={"ref": reference}, width="stretch")


def queue_rows(found: Iterable[QueueRow], *, key: str, back: Mapping[str, str]) -> None:
    """Rows of the queue as links; `back` is the filter they were found by."""
    if told := _queue(found, back):
        rows(key, told)


def queue_text(found: QueuePage, *, back: Mapping[str, str]) -> str:
    """A page of the queue as text, made once for each answer; `back` is the filter it was found by."""
    name = urlencode({**back, **said_in_addresses()})
    return drawn.once(found, name, lambda: _queue(found.rows, back))


def _queue(found: Iterable[QueueRow], back: Mapping[str, str]) -> str:
    mine = back.get("whose", "me") == "me"
    return listed([link(each.reference, queue_cells(each, mine=mine)) for each in found], back=urlencode(back))
