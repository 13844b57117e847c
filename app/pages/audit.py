"""Audit: every entry of the ledger as a sentence, filtered by its address, and the proof that nothing was changed."""

from __future__ import annotations

import streamlit as st

from app.ui import audit_filter, keys, moments, places
from app.ui.desk import guard
from app.ui.plain import one_line, plain
from core.desk import Desk
from core.errors import LedgerBroken
from core.permissions import Permission
from core.queries.audit import AuditLine, AuditPage, audit, ledger_proved
from core.words import counted

_LONGEST = 400


def page() -> None:
    """The proof, the filters, and one page of entries, newest first."""
    here = guard(Permission.AUDIT, title="Audit")
    st.title("Audit", anchor=False)
    st.markdown(
        "Sign-ins, refusals, changes of roles, exports, every opening of a case and every step on one. Entries are "
        "never changed. Those on complaints that you may not see are left out."
    )
    if here.may(Permission.LEDGER):
        _proof(here)
    audit_filter.show()
    found = here.ask(audit, audit_filter.chosen(st.query_params), before=audit_filter.before(st.query_params))
    if not found.rows:
        st.info("No entry fits. Widen the filters above.")
    else:
        with st.container(key="ledger"):
            st.markdown(_table(here, found))
    _pages(found)


def _proof(here: Desk) -> None:
    """Each entry carries a seal over the one before it: the chain proves that none was altered or removed."""
    if not st.button("Prove the whole chain", key=keys.filter_key("audit", "prove")):
        return
    try:
        with st.spinner("Reading every entry…"):
            proved = here.ask(ledger_proved)
    except LedgerBroken as broken:
        st.error(plain(broken))
        return
    entries = counted(proved, "entry", "entries")
    st.success(f"The chain holds: {entries} read, and not one was altered, added in between or removed.")


def _table(here: Desk, found: AuditPage) -> str:
    """One row an entry; a complaint is a link for those who open cases."""
    links = here.may(Permission.READ)
    head = ["| When | Who | Kind | What happened | Complaint |", "| --- | --- | --- | --- | --- |"]
    return "\n".join([*head, *(_row(line, links=links) for line in found.rows)])


def _row(line: AuditLine, *, links: bool) -> str:
    cells = [
        f"{moments.moment(line.at)}",
        one_line(line.actor),
        one_line(audit_filter.KINDS[line.tag]),
        one_line(line.sentence, longest=_LONGEST),
        f"[{line.reference}]({places.address(places.CASE, {'ref': line.reference})})"
        if links and line.reference
        else line.reference,
    ]
    return f"| {' | '.join(cells)} |"


def _pages(found: AuditPage) -> None:
    asked = audit_filter.asked(st.query_params)
    with st.container(horizontal=True):
        if st.query_params.get("before"):
            st.page_link(places.page(places.AUDIT), label="Back to the newest", query_params=asked)
        if found.before is not None:
            older = {**asked, "before": str(found.before)}
            st.page_link(places.page(places.AUDIT), label="Older entries", query_params=older)


page()
