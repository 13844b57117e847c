"""Reports: made and frozen, read and saved, through the Member and the governing body to the website."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from app.ui import page_steps, places, reports
from app.ui.desk import guard
from app.ui.plain import plain
from core.code.reports import REPORTS, ReportKind
from core.commands.base import Command
from core.desk import Desk, Done
from core.errors import NotFound
from core.permissions import Permission
from core.public_pages import public_gaps
from core.queries.reports import ReportLine, member_reports, one_report, report_differences
from core.queries.reports import reports as every_report
from core.queries.signed_assessments import signed_assessments
from core.report_files import explain, make_report
from core.rules.reports import Difference

_MAKING = ("MakeSnapshot", "WriteNarrative", "AddPublication")
_WAY = ("RecordReceipt", "RecordGoverningResponse", "PublishReport")
_READING = ("ExplainDifference",)


def page() -> None:
    """The board of reports, or the one that the address names."""
    here = guard(Permission.FIGURES, title="Reports")
    st.title("Reports", anchor=False)
    st.markdown(
        "A pack for the Member each quarter and a report for everybody each year, kept as they were made. "
        f"Clauses {places.clause_links(['lgsco:8.1', 'lgsco:8.2', 'lgsco:9.6', 'lgsco:9.7'])}."
    )
    show = st.query_params.get("show", "")
    if show and not (show.isascii() and show.isdigit()):
        raise NotFound("There is no such report. Choose one from the page Reports.")
    with here.one_view():
        found = here.ask(every_report)
        differing = here.ask(report_differences, int(show)) if show else ()
        _steps(here, found, differing, shown=bool(show))
        if show:
            st.markdown(f"[All reports]({places.address(places.REPORTS, {})})")
            reports.read(here.ask(one_report, int(show)), differing)
            return
        reports.board(found)
        kept = here.ask(member_reports)
        gaps = public_gaps(here)
    reports.members(here, kept)
    _website(gaps)


def _steps(here: Desk, found: tuple[ReportLine, ...], differing: tuple[Difference, ...], *, shown: bool) -> None:
    """The steps that are open, and the form of the one that was chosen."""
    names = (*(_READING if shown and differing else ()), *_MAKING, *(_WAY if found else ()))
    page_steps.buttons(here, names)
    boxes = {box.key: f"{box.title} ({kind.value})" for kind in ReportKind for box in REPORTS.boxes_of(kind).values()}
    page_steps.form(
        here,
        names,
        page=places.REPORTS,
        listed={
            "reports": {each.id: each.name for each in found},
            "boxes": boxes,
            "signed_assessments": {each.text_id: each.name for each in here.ask(signed_assessments)},
            "differing": {each.figure: each.name for each in differing},
        },
        more=_MORE,
    )


def _make(here: Desk, command: Command, _came: Any) -> Done:
    with st.spinner("Counting, and making the PDF, the Word file and the web page…"):
        return make_report(here, command)


def _explain(here: Desk, command: Command, _came: Any) -> Done:
    return explain(here, command)


_MORE: Mapping[str, Mapping[str, Any]] = {
    "MakeSnapshot": {"does": _make, "only": ("kind", "day", "self_assessment")},
    "ExplainDifference": {"does": _explain, "only": ("snapshot_id", "figure", "reason")},
}


def _website(gaps: tuple[str, ...]) -> None:
    """The pages for the council's website, and what they still lack."""
    st.subheader("Pages for the council's website", anchor=False)
    link = places.own_route("/report/public-pages.zip")
    st.markdown(
        "The complaints policy with its stages and times, how to complain, the Ombudsman, and the published reports. "
        f"Clauses {places.clause_links(['lgsco:3.4', 'lgsco:3.5', 'lgsco:3.7'])}. [Save the pages (zip)]({link})"
    )
    if gaps:
        st.warning("\n\n".join(plain(each) for each in gaps))


page()
