"""The fields of a form: the widget for each kind of question, what it holds, and what the command gets."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from datetime import date
from enum import StrEnum
from itertools import groupby
from typing import Any, get_args

import streamlit as st

from app.ui import checklist, keys
from app.ui.desk import office, short_lists
from app.ui.opened import Opened
from app.ui.plain import one_line, plain
from core.commands.base import TEXT_LIMIT, CaseCommand
from core.queries.lists import Choice

_EARLIEST, _LATEST = date(1900, 1, 1), date(2100, 12, 31)
_SHORT = frozenset({"text", "email", "date", "choice", "number"})
_NOT_CHOSEN = "Choose one"
_NONE_CHOSEN = "Choose as many as you need"
_HERE: AbstractContextManager[None] = nullcontext()
OnChange = Callable[[Opened], None]


def draw(opened: Opened, problems: Mapping[str, str], *, on_change: OnChange) -> None:
    """Every field in the declared order, short ones two in a row; a problem stands above its field.

    What is asked now and then stands at the end, under a heading that is opened for it. It is drawn only then, and
    what it holds is sent all the same.
    """
    under: dict[str, dict[str, Any]] = {}
    held = st.session_state.to_dict()
    for name, info in opened.asked.items():
        under.setdefault(_heading(opened, info), {})[name] = info
    _in_rows(opened, under.pop("", {}), problems, on_change=on_change)
    for number, (heading, fields) in enumerate(under.items()):
        used = [name for name in fields if held.get(opened.key(name))]
        key = opened.key(f"under.{number}")
        if key not in st.session_state or any(name in problems for name in fields):
            st.session_state[key] = bool(used) or any(name in problems for name in fields)
        more = st.expander(f"{heading}: {len(used)} filled in" if used else heading, key=key, on_change="rerun")
        if more.open:
            with more:
                _in_rows(opened, fields, problems, on_change=on_change)
            continue
        for name in used:  # what no widget holds any more, the session would forget
            st.session_state[opened.key(name)] = st.session_state[opened.key(name)]


def _heading(opened: Opened, info: Any) -> str:
    """The heading a field stands under; none where a form asks few fields, or keeps no draft of one not drawn."""
    whole = opened.command.keeps_draft and not opened.only
    return str((info.json_schema_extra or {}).get("under") or "") if whole else ""


def _in_rows(opened: Opened, fields: Mapping[str, Any], problems: Mapping[str, str], *, on_change: OnChange) -> None:
    for short, named in groupby(fields.items(), key=lambda item: _short(item[1])):
        names = [name for name, _info in named]
        # The style sheet puts two in a row: columns would be three elements more for every two fields.
        with st.container(key=f"short-{names[0]}", horizontal=True, vertical_alignment="bottom") if short else _HERE:
            for name in names:
                with st.container() if short and name in problems else _HERE:
                    _field(opened, name, problems, on_change)


def _short(info: Any) -> bool:
    """Whether a field needs half the width only: a few words, a date, a choice, an address."""
    limit = next((each.max_length for each in info.metadata if hasattr(each, "max_length")), None)
    return _widget(info) in _SHORT or (_widget(info) == "area" and limit is not None and limit < TEXT_LIMIT)


def _field(opened: Opened, name: str, problems: Mapping[str, str], on_change: OnChange) -> None:
    info = opened.asked[name]
    if name in problems:
        st.markdown(f":red[**{plain(problems[name])}**]")
    label = _label(opened, info)
    told: dict[str, Any] = {"key": opened.key(name), "on_change": on_change, "args": (opened,)}
    match _widget(info):
        case "area" | "signpost":
            st.text_area(label, height=_height(info), **told)
        case "date":
            st.date_input(label, value=None, format="DD/MM/YYYY", min_value=_EARLIEST, max_value=_LATEST, **told)
        case "number":
            st.number_input(label, min_value=1, step=1, value=None, **told)
        case "tick":
            st.checkbox(label, **told)
        case "choice":
            reads = choices(opened, name)
            st.selectbox(label, list(reads), index=None, format_func=reads.get, placeholder=_NOT_CHOSEN, **told)
        case "several":
            reads = choices(opened, name)
            st.multiselect(label, list(reads), format_func=reads.get, placeholder=_NONE_CHOSEN, **told)
        case "points" | "contents" | "checklist" | "figures":
            _of_many(opened, name, problems, on_change)
        case _:
            st.text_input(label, **told)


def _height(info: Any) -> int:
    """The height of a text area in pixels; half-width ones stand beside a line of text."""
    return 74 if _short(info) else 120


def _label(opened: Opened, info: Any) -> str:
    optional = not info.is_required() and _widget(info) != "tick" and not issubclass(opened.command, CaseCommand)
    title = f"{info.title} (optional)" if optional else str(info.title)
    # A line break and no other sign of Markdown: screen readers are given the label as it is written here.
    return f"{title}  \n{info.description}" if info.description else title


def _of_many(opened: Opened, name: str, problems: Mapping[str, str], on_change: OnChange) -> None:
    """A field of many parts: one for each point, item of a list or figure, or for each content of the letter."""
    info = opened.asked[name]
    match _widget(info):
        case "points":
            return _points(opened, name, info, on_change)
        case "checklist":
            return checklist.draw(opened, name, on_change=on_change)
        case "figures":
            return _figures(opened, name, problems, on_change)
    for content in opened.contents:
        told: dict[str, Any] = {"on_change": on_change, "args": (opened,)}
        key = opened.key(f"{name}.{content.key}")
        st.text_area(f"{content.title}  \n{content.help}", height=140, key=key, **told)


def _points(opened: Opened, name: str, info: Any, on_change: OnChange) -> None:
    """Each point with what was found on it and why."""
    found = outcomes(info)
    for number, text in opened.points:
        told: dict[str, Any] = {"on_change": on_change, "args": (opened,)}
        st.markdown(f"**Point {number}.** {one_line(text)}")
        with st.container(key=f"point-{number}", horizontal=True):
            st.selectbox(
                f"Finding on point {number}",
                list(found),
                index=None,
                format_func=found.get,
                placeholder=_NOT_CHOSEN,
                key=opened.key(f"{name}.{number}.outcome"),
                **told,
            )
            st.text_area(f"Reasons on point {number}", key=opened.key(f"{name}.{number}.reasons"), height=80, **told)


def _figures(opened: Opened, name: str, problems: Mapping[str, str], on_change: OnChange) -> None:
    """One line for each figure of a letter, two in a row; a problem stands above its figure."""
    with st.container(key=f"short-{name}", horizontal=True, vertical_alignment="bottom"):
        for figure in opened.figures:
            part = f"{name}.{figure.key}"
            title = figure.title if figure.needed else f"{figure.title} (optional)"
            with st.container() if part in problems else _HERE:
                if part in problems:
                    st.markdown(f":red[**{plain(problems[part])}**]")
                st.text_input(title, key=opened.key(part), on_change=on_change, args=(opened,))


def outcomes(info: Any) -> dict[str, str]:
    """What can be found on a point, as the command's own type says."""
    finding = _enum(_answer_type(info).model_fields["outcome"].annotation)
    return {each.value: each.value.replace("_", " ").capitalize() for each in finding or ()}


def choices(opened: Opened, name: str) -> dict[Any, str]:
    """The entries of a choice: the command's own words, a short list of the complaint's, or one of the council's."""
    info = opened.asked[name]
    own = _enum(info.annotation)
    if own is not None:
        return {each.value: each.value for each in own}
    named = str(info.json_schema_extra["options"])
    if named in opened.listed:
        return dict(opened.listed[named])
    listed: tuple[Choice, ...] = getattr(short_lists(), named)
    fresh = {each.id: f"{each.name} ({each.note})" if each.note else each.name for each in listed}
    return steady(opened.key(name), fresh)


def steady(widget: str, fresh: dict[Any, str]) -> dict[Any, str]:
    """Entries as they first read on this screen, for as long as the same ones are offered.

    A browser answers with the words of an entry. Words that count what somebody has open change while a colleague
    works, and a choice made by the old words would be lost.
    """
    key = keys.reads_key(widget)
    held: dict[Any, str] | None = st.session_state.get(key)
    if held is None or set(held) != set(fresh):
        held = st.session_state[key] = fresh
    return held


def parts(opened: Opened) -> list[str]:
    """The name of every widget of the form."""
    return [part for name, info in opened.asked.items() for part in _parts(opened, name, info)]


def _parts(opened: Opened, name: str, info: Any) -> Iterator[str]:
    if _widget(info) == "points":
        for number, _text in opened.points:
            yield from (f"{name}.{number}.outcome", f"{name}.{number}.reasons")
    elif _widget(info) == "checklist":
        yield from checklist.parts(name)
    elif _widget(info) == "contents":
        yield from (f"{name}.{content.key}" for content in opened.contents)
    elif _widget(info) == "figures":
        yield from (f"{name}.{figure.key}" for figure in opened.figures)
    else:
        yield name


def usable(opened: Opened, name: str, kept: Any) -> Any:
    """What a widget starts with: the draft's value when the widget can still hold it, or else nothing said."""
    info = opened.asked.get(name)
    widget = _widget(info) if info is not None else "area"
    kept = opened.starts.get(name) if kept is None else kept
    if name.endswith((".mark", ".words")):
        return checklist.usable(name, kept)
    if name.endswith(".outcome"):
        field = opened.asked[name.partition(".")[0]]
        return kept if kept in outcomes(field) else None
    if widget == "date":
        return kept if isinstance(kept, date) else _first_date(info)
    if widget == "number":
        return kept if isinstance(kept, int) and kept >= 1 else None
    if widget == "choice":
        return kept if kept is not None and kept in choices(opened, name) else None
    if widget == "several":
        known = choices(opened, name)
        return [each for each in kept if each in known] if isinstance(kept, list | tuple) else []
    if widget == "tick":
        return kept if isinstance(kept, bool) else bool(info.default)
    if widget == "signpost" and kept is None:
        return opened.signpost
    return str(kept) if kept is not None else ""


def _first_date(info: Any) -> date | None:
    """Today where a step is nearly always recorded on the day it is taken; otherwise nothing is assumed."""
    if (info.json_schema_extra or {}).get("starts") != "today":
        return None
    return office().today(office().now())


def values(opened: Opened) -> dict[str, Any]:
    """What was typed, as the command takes it. A question that must be answered and was not is left out."""
    found, held = dict(opened.given), st.session_state.to_dict()
    for name, info in opened.asked.items():
        value = _value(opened, name, info, held)
        if value is not None or not info.is_required():
            found[name] = value
    return found


def _value(opened: Opened, name: str, info: Any, session: Mapping[str, Any]) -> Any:
    widget = _widget(info)
    held = session.get(opened.key(name))
    if widget == "points":
        return tuple(_answer(opened, name, number, session) for number, _text in opened.points)
    if widget == "checklist":
        return checklist.values(opened, name)
    if widget == "contents":
        said = {each.key: session.get(opened.key(f"{name}.{each.key}")) for each in opened.contents}
        return tuple({"content": content, "text": text or ""} for content, text in said.items())
    if widget == "figures":
        parts = ((each.key, session.get(opened.key(f"{name}.{each.key}"))) for each in opened.figures)
        return tuple((key, text or "") for key, text in parts)
    if widget == "choice" and held is not None:
        own = _enum(info.annotation)
        return own(held) if own is not None else held
    if widget == "several":
        return tuple(held or ())
    if widget == "tick":
        return bool(held)
    if widget in {"date", "choice", "number"}:
        return held
    return held or ""


def _answer(opened: Opened, name: str, number: int, session: Mapping[str, Any]) -> dict[str, Any]:
    given = {part: session.get(opened.key(f"{name}.{number}.{part}")) for part in ("outcome", "reasons")}
    return {"number": number, "outcome": given["outcome"], "reasons": given["reasons"] or ""}


def _answer_type(info: Any) -> Any:
    return get_args(info.annotation)[0]


def _widget(info: Any) -> str:
    return str((info.json_schema_extra or {}).get("widget", "text"))


def _enum(annotation: Any) -> type[StrEnum] | None:
    for each in (annotation, *get_args(annotation)):
        if isinstance(each, type) and issubclass(each, StrEnum):
            return each
    return None
