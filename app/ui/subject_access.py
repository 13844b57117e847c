"""Requests for own data on their page: the list, one of them, and its pieces one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from app.ui import badge, evidence, forms, places
from app.ui.opened import Opened
from app.ui.plain import one_line, plain
from core.bundles.disclosing import answer, decide
from core.bundles.file_looks import FileLook, look_at
from core.bundles.left_in import left_in
from core.bundles.pieces import Piece
from core.commands.base import Command
from core.desk import Desk, Done
from core.queries.subject_access import Question, SubjectLine, SubjectView
from core.rules.request_steps import names_request
from core.words import counted, day_words

_ROUTE = "/bundles/own-data/"
_LONGEST = 120
_DECIDED_SHOWN = 200


def _address(request_id: int, piece: str = "") -> str:
    query = {"show": str(request_id), **({"piece": piece} if piece else {})}
    return places.address(places.SUBJECT_ACCESS, query)


def board(found: Sequence[SubjectLine]) -> None:
    """Every request as a link, what is owed first."""
    st.subheader(counted(len(found), "request"), anchor=False)
    if not found:
        st.info("Nobody has asked yet. Record a request when one comes, whatever it is called.")
        return
    st.markdown("\n".join(map(_line, found)))


def _line(each: SubjectLine) -> str:
    return f"- [{one_line(each.name)}]({_address(each.id)}) · asked {day_words(each.received_on)} · {_stands(each)}"


def _stands(each: SubjectLine) -> str:
    if each.answered_on is not None:
        late = "answered late" if each.answered_on > each.due_on else "answered in time"
        return f"{badge.badge(late, 'red' if late.endswith('late') else 'green')} {day_words(each.answered_on)}"
    if each.withdrawn_on is not None:
        return f"withdrawn on {day_words(each.withdrawn_on)}"
    if each.stopped_on is not None:
        return f"the clock stands still since {day_words(each.stopped_on)}: they were asked something"
    near = f" {badge.due(each.soon)}" if each.soon is not None else ""
    return f"answer by {day_words(each.due_on)}{near}"


def head(view: SubjectView) -> None:
    """Who asks, what for, by when, and whether it is known who they are."""
    line = view.line
    told = [f"**{one_line(line.name)}** · asked {day_words(line.received_on)} · {_stands(line)}"]
    if line.contact:
        told.append(f"To be reached at {one_line(line.contact)}.")
    if line.asked:
        told.append(f"They asked: {plain(line.asked)}")
    if line.identity_on is not None:
        told.append(f"Identity proved on {day_words(line.identity_on)}: {one_line(line.identity_how)}.")
    elif line.identity_asked:
        told.append("**Proof of identity was asked for and has not come.** The month begins when it does.")
    told += map(_question, view.questions)
    if line.extended_on is not None:
        told.append(f"More time, told on {day_words(line.extended_on)}: {plain(line.extended_why)}")
    if line.why_withdrawn:
        told.append(f"They do not ask any more: {plain(line.why_withdrawn)}")
    st.markdown("\n\n".join(told))


def _question(each: Question) -> str:
    asked = f"Asked on {day_words(each.asked_on)}: {plain(each.what)} Needed because: {plain(each.why)}"
    if each.answered_on is None:
        return f"{asked} **No answer yet.**"
    days = counted((each.answered_on - each.asked_on).days, "day")
    return f"{asked} Answered on {day_words(each.answered_on)}: {plain(each.answer)} The day moved by {days}."


def answered(view: SubjectView) -> None:
    """The answer as it was made, to be saved and looked through before it goes."""
    if not view.line.sha256:
        st.markdown("The answer is no longer kept: a complaint that it held copies of was anonymised.")
        return
    link = places.own_route(f"{_ROUTE}{view.line.id}")
    st.markdown(f"[Save the answer (zip)]({link}) and look through it before it goes out.")
    _log(view)


def _log(view: SubjectView) -> None:
    kept = [each for each in view.rulings.values() if each["reason"]]
    st.subheader(f"Kept back: {counted(len(kept), 'piece')}", anchor=False)
    lines = [f"- {one_line(each['piece'])}: {one_line(each['ruling'])}. {one_line(each['reason'])}" for each in kept]
    st.markdown("\n".join(lines) or "Nothing was kept back.")


def cases(view: SubjectView) -> None:
    """The complaints taken in, and those that may be of the same person: somebody confirms each."""
    requests = sum(map(names_request, view.cases))
    also = f", service requests: {requests}" if requests else ""
    st.subheader(f"Complaints: {len(view.cases) - requests} taken in{also}", anchor=False)
    said = [f"- {_record(reference)}" for reference in view.cases]
    if view.hidden:
        said.append(f"- {view.hidden} that only named people see. One of them has to answer this request.")
    st.markdown("\n".join(said) or "None is taken in yet. Confirm each record that is surely theirs.")
    if view.likely:
        lines = [
            f"- {_record(each.reference)} · {one_line(each.matter)} · {one_line(each.name, empty='no name')} · "
            f"{one_line(each.why)}"
            for each in view.likely
        ]
        st.markdown("\n".join(["**May be theirs**", "", *lines]))


def _record(reference: str) -> str:
    """A complaint or a service request, to be opened and read before it is confirmed."""
    return f"[{one_line(reference)}]({places.record(reference)})"


def progress(found: Sequence[Piece], left: Sequence[Piece]) -> None:
    """How many pieces are decided on."""
    done = len(found) - len(left)
    st.subheader(f"Pieces: {done} of {len(found)} decided", anchor=False)
    st.progress(done / len(found), text=f"{done} of {len(found)} decided")


def still_said(view: SubjectView, found: Sequence[Piece]) -> None:
    """The pieces that go in full and still say what was taken out of another one; nothing where there is none."""
    left = left_in(view, found)
    if not left:
        return
    lines = [
        f"- [{one_line(f'{each.piece.section}: {each.piece.title}', longest=_LONGEST)}]"
        f"({_address(view.line.id, each.piece.key)}) still says “{one_line(each.passage)}”. "
        + (f"Left in because: {one_line(each.why)}" if each.why else "**Decide again, or say why it may stay.**")
        for each in left
    ]
    st.warning("\n".join(["**Taken out of one piece, and still in another**", "", *lines]))


def review(
    here: Desk, view: SubjectView, found: Sequence[Piece], left: Sequence[Piece], exemptions: Mapping[str, str]
) -> None:
    """The piece that the address names, or the next one nobody has decided on; and those that were."""
    named = st.query_params.get("piece", "")
    piece = next((each for each in found if each.key == named), None) or next(iter(left), None)
    if piece is None:
        st.success("Every piece is decided on. Answer with own data when you are ready.")
    else:
        _piece(here, view, piece, exemptions)
    undone = {each.key for each in left}
    decided = [each for each in found if each.key not in undone]
    if decided:
        with st.expander(f"Decided: {len(decided)}"):
            st.markdown("\n".join(_decided(view, each) for each in decided[:_DECIDED_SHOWN]))


def _decided(view: SubjectView, piece: Piece) -> str:
    ruling = view.rulings[piece.key]
    title = one_line(f"{piece.section}: {piece.title}", longest=_LONGEST)
    return f"- [{title}]({_address(view.line.id, piece.key)}) · {one_line(ruling['ruling'])}"


def _piece(here: Desk, view: SubjectView, piece: Piece, exemptions: Mapping[str, str]) -> None:
    """One piece to read, and the form that decides on it."""
    with st.container(border=True):
        st.markdown(
            f"**{one_line(piece.reference)} · {one_line(piece.section)}: {one_line(piece.title, longest=_LONGEST)}**"
        )
        found = ""
        if piece.file is None:
            st.text(piece.text)
        else:
            link = places.own_route(f"{evidence.FILES}{piece.file.id}")
            st.markdown(f"A file of {evidence.size_words(piece.file.size)}: [open it]({link}) and read it to the end.")
            looked = look_at(here, view, piece)
            st.markdown("\n".join(_looked(looked)))
            found = "\n".join(looked.found)
        st.markdown(f"Likely data of **{piece.whose.value}**. Likely: **{piece.ruling.value}**. You decide.")
        kept = view.rulings.get(piece.key, {})
        names = ("whose", "ruling", "passages", "pages", "exemption", "reason")
        suggested = {"whose": piece.whose.value, "ruling": piece.ruling.value, **({"passages": found} if found else {})}
        forms.draw(
            Opened(
                step="RecordRuling",
                about=f"{view.line.id}/{piece.key}",
                given={"request_id": view.line.id, "piece": piece.key, "digest": piece.digest},
                starts={**suggested, **{name: kept[name] for name in names if kept.get(name)}},
                listed={"exemptions": exemptions},
                page=places.SUBJECT_ACCESS,
                leads_to=_next,
                does=decides,
            )
        )


def _looked(look: FileLook) -> list[str]:
    """What to look at in a file, and what was found in its words: marked below for taking out, to be changed there."""
    said = [f"- {one_line(each)}" for each in look.sentences]
    for passage, pages in look.found.items():
        said.append(f"- “{one_line(passage)}” stands on page {', '.join(map(str, pages))}.")
    if look.found:
        said.append("- These are marked below to be taken out. Remove a line that may stay.")
    return said


def _next(opened: Opened, _done: Done) -> Mapping[str, str]:
    return {"show": str(opened.given["request_id"])}


def decides(here: Desk, command: Command, _along: Any) -> Done:
    """Decide on a piece, once what is marked can be taken out of it."""
    with st.spinner("Looking whether it can be taken out…"):
        return decide(here, command)


def answers(here: Desk, command: Command, _along: Any) -> Done:
    """Make what may go into a zip."""
    with st.spinner("Putting together what may go…"):
        return answer(here, command)
