"""How a file is read: the columns proposed for each field, the order of dates, and what a person changed."""

from __future__ import annotations

import streamlit as st

from app.ui import keys
from app.ui.plain import plain
from core.channels.columns import TARGETS, Mapping
from core.channels.sheet_dates import ORDER_WORDS
from core.channels.spreadsheets import Sheet
from core.commands.importing import SaveMapping
from core.desk import Desk
from core.jobs import guess_mapping
from core.queries.history import saved_mappings

_NONE = "Not in this file"


def draft_name(sha256: str) -> str:
    """The draft that keeps how a file is read, and its own name: names stay out of addresses, which are logged."""
    return f"import/{sha256}"


def keep_name(here: Desk, sha256: str, name: str) -> None:
    """Remember what the person's file was called."""
    kept = here.kept(draft_name(sha256))
    if kept.get("name") != name:
        here.keep(draft_name(sha256), {**kept, "name": name})


def kept_name(here: Desk, sha256: str) -> str:
    """What the person's file was called; empty when nobody said."""
    return str(here.kept(draft_name(sha256)).get("name", ""))


def settled(here: Desk, sheet: Sheet) -> Mapping:
    """How this file is read so far: what a person settled, a saved mapping for the same headings, or a proposal."""
    kept = here.kept(draft_name(sheet.sha256)).get("mapping")
    if kept:
        return Mapping.from_json(str(kept))
    proposed = guess_mapping(sheet)
    for saved in here.ask(saved_mappings, fingerprint=proposed.fingerprint).values():
        return Mapping.from_json(saved)
    return proposed


def choose(here: Desk, sheet: Sheet, mapping: Mapping) -> Mapping:
    """Let the person look at and change how the file is read; every change is kept at once."""
    changed = _dates(mapping)
    st.subheader("Which column is which")
    used = [key for key in TARGETS if key in mapping.columns]
    changed = _columns(sheet, changed, used)
    with st.expander(f"{len(TARGETS) - len(used)} more fields a file may have"):
        changed = _columns(sheet, changed, [key for key in TARGETS if key not in mapping.columns])
        several = st.checkbox(
            "One complaint may stand on several rows, one for each finding",
            value=mapping.group_rows,
            key=keys.import_key("group"),
        )
    changed = changed.model_copy(update={"group_rows": several})
    if changed != mapping:
        here.keep(draft_name(sheet.sha256), {**here.kept(draft_name(sheet.sha256)), "mapping": changed.to_json()})
        st.rerun()
    return changed


def _dates(mapping: Mapping) -> Mapping:
    st.markdown(f"**Dates.** {plain(mapping.date_note)}")
    orders = list(ORDER_WORDS)
    if mapping.ambiguous:
        picked = st.radio(
            "Every date fits two orders. Which is it?",
            orders,
            index=None,
            format_func=ORDER_WORDS.get,
            key=keys.import_key("order"),
        )
        return mapping.with_date_order(picked) if picked else mapping
    return mapping


def _columns(sheet: Sheet, mapping: Mapping, fields: list[str]) -> Mapping:
    options = [_NONE, *sheet.header]
    places = st.columns(3)
    for at, key in enumerate(fields):
        held = mapping.columns.get(key, _NONE)
        with places[at % 3]:
            picked = st.selectbox(
                TARGETS[key].title,
                options,
                index=options.index(held) if held in options else 0,
                help=plain(f"{TARGETS[key].help} {mapping.why.get(key, '')}"),
                key=keys.import_key(f"{sheet.sha256[:12]}/{key}"),
            )
        if picked != held:
            mapping = mapping.with_column(key, None if picked == _NONE else picked)
    return mapping


def offer_saving(here: Desk, mapping: Mapping, *, source: str) -> None:
    """Keep this way of reading for next year's file with the same headings."""
    if st.button("Keep this mapping for the next file with these headings", key=keys.import_key("save")):
        done = here.do(
            SaveMapping(name=source[:80] or "Complaints", fingerprint=mapping.fingerprint, mapping=mapping.to_json())
        )
        st.success(plain(done.sentences[0]))
