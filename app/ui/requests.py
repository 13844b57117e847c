"""Service requests on the screen: the rows of the list, one request with its steps, and the monthly review."""

from __future__ import annotations

from urllib.parse import parse_qsl

import streamlit as st

from app.ui import badge, forms, keys, places, retention, tables
from app.ui.opened import Opened
from app.ui.plain import one_line, plain
from core.commands.base import COMMANDS
from core.desk import LONDON, Desk
from core.errors import StepNotOpen
from core.permissions import Permission
from core.queries.requests import MonthToReview, RequestReviews, RequestRow, RequestView, request_view
from core.queries.retention import record_kept
from core.queries.searching import FoundRequest
from core.rules.steps import RETENTION_STEPS
from core.words import counted, day_words, month_words

_MATTER, _PERSON = 90, 40
_RAISE, _REVIEW = "RaiseComplaint", "ReviewServiceRequests"


def rows(found: tuple[RequestRow, ...], *, back: str) -> None:
    """Each request as one link: what it is about, whose it is, how old, and by when."""
    with st.container(key="rows-requests", gap=None):
        for row in found:
            st.page_link(
                places.page(places.REQUESTS),
                label=f"**{row.reference}** {tables.cells(*_cells(row))}",
                query_params={"ref": row.reference, "back": back},
                width="stretch",
            )


def found(rows_found: tuple[FoundRequest, ...]) -> None:
    """Each request that a search found, as one link."""
    with st.container(key="rows-requests-found", gap=None):
        for row in rows_found:
            matter = one_line(row.matter, longest=_MATTER, empty="No matter given")
            person = one_line(row.individual, longest=_PERSON, empty="name not given")
            due = f"By {day_words(row.due_on)}" if row.due_on else "No day set"
            cells = tables.cells(
                f"{matter} · {person}", row.position.value, f"Received {day_words(row.received_on)}", due
            )
            st.page_link(
                places.page(places.REQUESTS),
                label=f"**{row.reference}** {cells}",
                query_params={"ref": row.reference},
                width="stretch",
            )


def _cells(row: RequestRow) -> tuple[str, ...]:
    matter = one_line(row.matter, longest=_MATTER, empty="No matter given")
    person = one_line(row.individual, longest=_PERSON, empty="name not given")
    unhappy = badge.badge("sounds unhappy, no complaint offered" if not row.offered else "sounds unhappy", "orange")
    due = f"by {day_words(row.due_on)}" if row.due_on else "no day set"
    return (
        f"{matter} · {person} {unhappy if row.dissatisfied else ''}",
        f"{one_line(row.owner, empty='nobody yet')} · {one_line(row.service, empty='no service')}",
        f"{row.position.value} · {counted(row.days, 'day')} · {due}",
        badge.due(row.soon) if row.soon else "",
    )


def one(here: Desk, reference: str) -> None:
    """One request: where it stands, what to do next, and everything that was done."""
    step = st.query_params.get("step", "")
    if step in COMMANDS:
        forms.finish(_opened(step, reference, 0))
    view = here.ask(request_view, reference)
    _head(view)
    _offer(view)
    left, right = st.columns([3, 2], gap="large")
    with right:
        _steps(here, view)
        _complaints(view)
        _record(view)
        retention.band(here, view.next_steps, here.ask(record_kept, reference))
    with left:
        if step:
            _form(view, step)
        st.subheader("In their own words")
        st.text(view.words)
        _answer(view)
        _history(view)


def _head(view: RequestView) -> None:
    back = dict(parse_qsl(st.query_params.get("back", "")))
    everything = places.page(places.REQUESTS)
    st.page_link(everything, label="Back to service requests", icon=":material/arrow_back:", query_params=back)
    st.title(one_line(view.matter, empty="No matter given"), anchor=False)
    due = f"to be dealt with by {day_words(view.due_on)}" if view.due_on else "no day set"
    near = f" {badge.due(view.soon)}" if view.soon else ""
    st.markdown(
        f"**{view.reference}** · service request, **{view.position.value}** · "
        f"{one_line(view.individual['name'], empty='name not given')} · "
        f"{one_line(view.service, empty='no service chosen')} · received {day_words(view.received_on)}, "
        f"{counted(view.days, 'day')} · {one_line(view.owner, empty='nobody has it yet')} · {due}{near}"
    )


def _offer(view: RequestView) -> None:
    """The prompt of 5.3: they sound unhappy, so were they offered a complaint?"""
    clauses = places.clause_links(["lgsco:1.7", "lgsco:5.3"])
    if view.offer_owed:
        heard = ", ".join(f"“{one_line(phrase)}”" for phrase in view.phrases)
        said = f" Their words: {heard}." if heard else ""
        st.warning(
            f"**They sound unhappy. Were they offered a complaint?**{said} Ask them, and record what they say with "
            f"“Offer a complaint”. Clauses {clauses}."
        )
    elif view.offered_on is not None:
        st.markdown(f"Offered a complaint on {day_words(view.offered_on)}: {one_line(view.offer_reply)}.")


def _steps(here: Desk, view: RequestView) -> None:
    st.subheader("Next steps")
    steps = [name for name in view.next_steps if name not in RETENTION_STEPS and here.may(COMMANDS[name].needs)]
    likeliest = "OfferComplaint" if view.offer_owed else next(iter(steps), "")
    with st.container(horizontal=True, gap="small"):
        for name in steps:
            kind = "primary" if name == likeliest and not st.query_params.get("step") else "secondary"
            st.button(COMMANDS[name].title, key=keys.request_key(name), type=kind, on_click=_open, args=(name,))
    if not steps:
        st.markdown("Your role reads this request and takes no step on it.")


def _open(name: str) -> None:
    st.query_params["step"] = name


def _close() -> None:
    st.query_params.pop("step", None)


def _opened(step: str, reference: str, version: int) -> Opened:
    # A complaint that was raised opens as a case; every other step stays with the request.
    page = places.CASE if step == _RAISE else places.REQUESTS
    return Opened(step=step, reference=reference, seen_version=version, page=page)


def _form(view: RequestView, step: str) -> None:
    if step not in view.next_steps:
        _close()
        raise StepNotOpen(f"{view.reference} is {view.position.value}, so this step is not open. Choose another.")
    with st.container(border=True):
        st.subheader(COMMANDS[step].title)
        forms.draw(_opened(step, view.reference, view.version))
        key = keys.request_key("close")
        st.button("Close without sending (what you typed is kept)", key=key, on_click=_close, type="tertiary")


def _complaints(view: RequestView) -> None:
    """Complaints that belong to it, each a link to its case."""
    if not view.complaints:
        return
    st.subheader("Complaints")
    with st.container(key="rows-plain-complaints", gap=None):
        for each in view.complaints:
            said = "raised for words of" if each.raised else "was first taken for this one, until"
            about = f"{one_line(each.matter, longest=_MATTER)}: {one_line(each.position)}"
            st.page_link(
                places.page(places.CASE),
                label=f"**{each.reference}** {about} · {said} {day_words(each.on_day)}",
                query_params={"ref": each.reference},
                width="stretch",
            )


def _record(view: RequestView) -> None:
    person = view.individual
    told = [
        ("E-mail", person["email"]),
        ("Phone", person["phone"]),
        ("Address", person["address"]),
        ("Postcode", person["postcode"]),
        ("Came by", view.channel),
        ("First heard by", view.received_by),
        ("Logged", day_words(view.logged_on)),
        ("Decided by", view.decided_by),
        ("Why it is a request", view.why),
    ]
    lines = [f"- {title}: {one_line(text)}" for title, text in told if text]
    st.markdown("\n".join(["### People and record", "", *lines]))


def _answer(view: RequestView) -> None:
    if view.answered_on is not None:
        st.markdown(f"### Answered on {day_words(view.answered_on)}\n\n{plain(view.answer)}")
    if view.closed_on is not None:
        st.markdown(f"### Closed on {day_words(view.closed_on)}: {one_line(view.outcome)}")


def _history(view: RequestView) -> None:
    """Every entry as a sentence, newest first."""
    lines = [f"### History: {counted(len(view.history), 'entry', 'entries')}", ""]
    for line in view.history:
        at = line.at.astimezone(LONDON)
        when = f"{day_words(at.date())} {at:%H:%M}"
        lines.append(f"- **{line.n}** · {when} · {one_line(line.actor)}: {one_line(line.sentence)}")
    st.markdown("\n".join(lines))


def review(here: Desk, found: RequestReviews) -> None:
    """The months to look back over, the sign-off, and what was found before."""
    st.subheader("Monthly review", anchor="review")
    if found.due:
        st.markdown("\n".join(map(_month, found.due)))
        if here.may(Permission.REQUESTS):
            _sign_off(found.due[0])
        else:
            st.markdown("The complaints manager signs each month off.")
    else:
        st.markdown("Every month that is over is signed off. The month under way is reviewed once it is over.")
    if found.done:
        lines = [
            f"- **{month_words(each.month)}**, {one_line(each.reviewed_by)} on {day_words(each.reviewed_on)}: "
            f"{one_line(each.note)}"
            for each in found.done
        ]
        with st.expander(f"Signed off: {counted(len(found.done), 'month')}"):
            st.markdown("\n".join(lines))


def _month(each: MonthToReview) -> str:
    stands = badge.badge("overdue for review", "red") if each.overdue else badge.badge("to be reviewed", "orange")
    came = f"{counted(each.received, 'request')} received, {each.dissatisfied} sounding unhappy"
    before = day_words(each.review_before)
    return f"- **{month_words(each.month)}** {stands} {came}, {each.not_closed} not closed · review before {before}"


def _sign_off(each: MonthToReview) -> None:
    """The form for the oldest month that is due."""
    with st.container(border=True):
        st.markdown(f"**Look back over {month_words(each.month)}**")
        forms.draw(
            Opened(
                step=_REVIEW,
                given={"month": each.month},
                page=places.REQUESTS,
                leads_to=lambda _opened, _done: {},
            )
        )
