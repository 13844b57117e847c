"""Reports on their page: how far each has come and what it lacks, one of them to read, and what differs now."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from app.ui import badge, keys, moments, notices, places
from app.ui.plain import one_line, plain
from core.commands.governing import KeepMemberReport
from core.desk import Desk
from core.errors import ComplaintsError
from core.letters.reports import Block, Chart, Items, Report, Table
from core.permissions import Permission
from core.queries.reports import MembersReport, ReportLine
from core.report_files import CSV, HTML, PDF, WORD, WORKBOOK, keep_members_report
from core.rules.reports import Difference
from core.words import counted, day_words

_ROUTE = "/report/"
_FORMS = ((HTML, "web page"), (PDF, "PDF"), (WORD, "Word"), (WORKBOOK, "tables (Excel)"), (CSV, "tables (CSV)"))


def board(found: Sequence[ReportLine]) -> None:
    """Every report with its files, its way so far, and what it still lacks."""
    st.subheader(counted(len(found), "report"), anchor=False)
    if not found:
        st.info(
            "No report has been made yet. Write what belongs in the next one, then make it once its year or quarter "
            "is over."
        )
    for each in found:
        st.markdown(_line(each))


def _line(each: ReportLine) -> str:
    read = f"[Read it]({places.address(places.REPORTS, {'show': str(each.id)})})"
    files = " · ".join(f"[{name}]({places.own_route(f'{_ROUTE}{each.id}.{form}')})" for form, name in _FORMS)
    return "  \n".join(
        [
            f"**{one_line(each.name)}** {_stands(each)}",
            f"Made by {one_line(each.made_by)}, {moments.moment(each.made_at)}. {read} · Save: {files}",
            *_way(each),
            *(f"Missing: {plain(sentence)}" for sentence in each.missing),
        ]
    )


def _stands(each: ReportLine) -> str:
    if each.without_response:
        return badge.badge("published without the response", "red")
    if each.unsigned:
        return badge.badge("draft, not for publication", "orange")
    if each.missing:
        return badge.badge("not complete", "orange")
    return badge.badge("complete", "green")


def _way(each: ReportLine) -> list[str]:
    """Who received it, what was answered, and where it appeared."""
    said = [f"Received by {one_line(one.receiver)} on {day_words(one.received_on)}." for one in each.receipts]
    said += [
        f"{one_line(one.body)}, {day_words(one.met_on)}, minute {one_line(one.minute)}: {plain(one.words)}"
        for one in each.responses
    ]
    for one in each.published:
        without = "" if one.with_response else f" Without the response, because: {plain(one.reason)}"
        said.append(f"Published on {day_words(one.published_on)} at {plain(one.address)}.{without}")
    return said


def read(report: Report, found: Sequence[Difference]) -> None:
    """One report as it was made, and below it what would come out differently now."""
    st.subheader(f"{one_line(report.title)}, {one_line(report.span)}", anchor=False)
    if report.draft:
        st.warning(plain(report.draft))
    _differences(found)
    for section in report.sections:
        st.markdown(f"### {one_line(section.title)}\n\nClause {places.clause_links([f'lgsco:{section.clause}'])}.")
        for block in section.blocks:
            st.markdown(_block(block))


def _block(block: Block) -> str:
    title = f"**{one_line(block.title)}**\n\n" if block.title else ""
    if isinstance(block, Table):
        rule = "| " + " | ".join("---" for _column in block.columns) + " |"
        told = [_row(block.columns), rule, *(_row(cells) for cells in block.rows)]
        note = f"\n\n{plain(block.note)}" if block.note else ""
        return title + "\n".join(told) + note
    if isinstance(block, Items):
        return title + "\n".join(f"- {one_line(item)}" for item in block.listed)
    if isinstance(block, Chart):
        return f"{title}{plain(block.alt)}"
    return title + "\n\n".join(plain(text) for text in block.paragraphs)


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(one_line(cell, empty="–") for cell in cells) + " |"


def _differences(found: Sequence[Difference]) -> None:
    if not found:
        st.markdown("Every figure comes out the same today.")
        return
    told = []
    for each in found:
        why = f"Why: {plain(each.reason)}" if each.reason else badge.badge("not explained", "orange")
        told.append(f"- **{one_line(each.name)}**: {one_line(each.then)} then, {one_line(each.now)} now. {why}")
    st.markdown(f"**{counted(len(found), 'figure')} would come out differently today.**\n\n" + "\n".join(told))


def members(here: Desk, found: Sequence[MembersReport]) -> None:
    """What the Member reported, and the place to hand in another."""
    st.subheader("Reports of the Member", anchor=False)
    for each in found:
        link = places.own_route(f"{_ROUTE}member/{each.id}")
        st.markdown(f"- {day_words(each.reported_on)}: {one_line(each.about)} · [save the file]({link})")
    if not found:
        st.markdown("None is kept yet.")
    if here.may(Permission.GOVERN):
        _hand_in(here)


def _hand_in(here: Desk) -> None:
    turn = int(st.session_state.get(keys.report_key("turn"), 0))
    with st.expander(KeepMemberReport.title):
        st.markdown(f"{KeepMemberReport.gist} Clause {places.clause_links(KeepMemberReport.clauses)}.")
        asked = KeepMemberReport.model_fields
        about = st.text_input(str(asked["about"].title), max_chars=300, key=keys.report_key(f"about/{turn}"))
        day = st.date_input(
            str(asked["reported_on"].title), value=None, format="DD/MM/YYYY", key=keys.report_key(f"day/{turn}")
        )
        most = here.office.settings.file_megabytes
        given = st.file_uploader("The file", max_upload_size=most, key=keys.report_key(f"file/{turn}"))
        if st.button("Keep it", key=keys.report_key("keep")):
            told = {name: value for name, value in (("about", about), ("reported_on", day)) if value}
            try:
                came = (given.name, given.getvalue()) if given is not None else None
                done = keep_members_report(here, here.form(KeepMemberReport, told), came)
            except ComplaintsError as refusal:
                st.error(plain(refusal))
                return
            notices.say(done.sentences)
            st.session_state[keys.report_key("turn")] = turn + 1
            st.rerun()
