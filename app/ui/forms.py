"""Any command's form, drawn from the command's own declaration.

What is typed is kept as a draft at every change, so F5, a closed tab or a restart loses no word. A form once opened
has an instance of its own; the command's id follows from the instance and the values, so that a double click or a
second try of the same thing cannot act twice, while other words are another command.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import nullcontext, suppress
from dataclasses import replace
from functools import wraps
from secrets import token_hex
from typing import Any, ParamSpec
from uuid import uuid4

import streamlit as st

from app.ui import fields, held, notices, places, problems, resumed, step_guidance, taken, trouble
from app.ui.desk import desk, forget_lists
from app.ui.opened import Opened
from app.ui.plain import plain
from app.ui.problems import Problem
from core.desk import Done
from core.errors import BadInput, ComplaintsError, NotReady, ReasonNeeded
from core.permissions import Permission

_NEVER = (2**31 - 1) // 1000
"""Seconds: the longest that a browser's clock can be set to, which outlasts every session."""
_REASON = problems.REASON
P = ParamSpec("P")
_INSTANCE = "instance"
_FINDINGS = "findings"
_PROBLEM = "problem"
_ASKED = "asked"
_DONE = "done"
_ALONG = "along"
_TYPED = "typed"


def by_itself(part: Callable[P, None]) -> Callable[P, None]:
    """A part of a page that runs again alone. What it is refused with stands in its place, and what was typed stays.

    What a fragment raises never reaches the page that drew it, so Home cannot say it. A browser that lost its server
    asks the next one for the page by itself only where a part has a clock; without the page, a new server knows none of
    its parts, and hears nothing of their fields and buttons.
    """

    @wraps(part)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> None:
        held.take_up()
        try:
            part(*args, **kwargs)
        except ComplaintsError as refusal:
            resumed.wait_for_the_records(refusal)
            trouble.tell(refusal, part.__qualname__, *(each.draft for each in args if isinstance(each, Opened)))
            held.hold()

    return st.fragment(drawn, run_every=_NEVER)


@by_itself
def draw(opened: Opened) -> None:
    """The form as a part of the page that runs by itself: leaving a field reruns the form and nothing else."""
    body(opened)


def body(opened: Opened) -> dict[str, Any]:
    """Draw the form inside a fragment of the caller's; answers with the values typed so far."""
    finish(opened)
    _restore(opened)
    problem: Problem | None = st.session_state.get(opened.key(_PROBLEM))
    if problem is not None and problem.stale:
        st.session_state[opened.key(_PROBLEM)] = replace(problem, stale=False)
        st.rerun()
    with st.container(key="form"):
        if problem is not None:
            problems.summary(opened, problem)
        kind = opened.command
        noun = "Clause" if len(kind.clauses) == 1 else "Clauses"
        gist = plain(opened.says) or kind.gist
        told = f"{gist} {noun} {places.clause_links(kind.clauses)}." if kind.clauses else gist
        asked = opened.helps is None
        helps = step_guidance.line(desk(), opened.step) if asked else step_guidance.told(opened.helps or ())
        st.markdown("\n\n".join(filter(None, (told, helps))))
        fields.draw(opened, problem.by_field if problem else {}, on_change=_keep)
        findings = st.session_state.get(opened.key(_FINDINGS), ())
        if findings:
            _ask_reason(opened, findings)
        _buttons(opened, asks_reason=bool(findings))
    if resumed.anything():
        _go_on(opened)
    return fields.values(opened)


def _ask_reason(opened: Opened, findings: list[list[str]]) -> None:
    """The findings with their clauses, and the box for the reason [lgsco:using.1]."""
    told = "\n".join(f"- {places.clause_links([clause])}: {plain(sentence)}" for clause, sentence in findings)
    problems.departs(opened, told, name=st.session_state.get(opened.key(_ASKED)))
    st.text_area(problems.REASON_TITLE, key=opened.key(_REASON), on_change=_keep, args=(opened,))


def _buttons(opened: Opened, *, asks_reason: bool) -> None:
    typed = st.session_state.get(opened.key(_TYPED))
    with st.container(horizontal=True) if typed else nullcontext():
        label = "Go on with this reason" if asks_reason else plain(opened.sends) or opened.command.title
        st.button(label, key=opened.key(held.BUTTONS[0]), type="primary", on_click=_send, args=(opened,))
        if typed:
            drop = opened.key(held.BUTTONS[1])
            st.button("Throw this draft away", key=drop, type="tertiary", on_click=_drop, args=(opened,))


def _restore(opened: Opened) -> None:
    """Put back what was typed: on the first run of a tab, and when the form is opened again."""
    known = st.session_state.to_dict()
    missing = [name for name in [*fields.parts(opened), _REASON] if opened.key(name) not in known]
    if not missing:
        return
    kept = desk().kept(opened.draft)
    for name in missing:
        value = fields.usable(opened, name, kept.get(name))
        if not resumed.stays(opened.key(name), draft=value):
            st.session_state[opened.key(name)] = value
    if opened.key(_INSTANCE) not in st.session_state:
        st.session_state[opened.key(_INSTANCE)] = kept.get(_INSTANCE) or str(uuid4())
        st.session_state[opened.key(_FINDINGS)] = kept.get(_FINDINGS) or []
        st.session_state[opened.key(_ALONG)] = kept.get(_ALONG)
        st.session_state[opened.key(_TYPED)] = bool(kept)


def _keep(opened: Opened) -> None:
    """Keep what is typed. While the records cannot take it, it stays in this tab, and the form says so until it is."""
    st.session_state[opened.key(_TYPED)] = True
    if not opened.command.keeps_draft:
        return
    problem: Problem | None = st.session_state.get(opened.key(_PROBLEM))
    try:
        _keep_typed(opened)
    except NotReady as away:
        held.owe(opened)
        if problem is None:
            st.session_state[opened.key(_PROBLEM)] = problems.not_kept(away)
    else:
        held.settle(opened)
        if problem is not None and problem.unkept:
            st.session_state[opened.key(_PROBLEM)] = None


def _keep_typed(opened: Opened) -> None:
    # A field that is not drawn is not in the session, and what was typed into it stays as it was kept.
    drawn = [name for name in fields.parts(opened) if opened.key(name) in st.session_state]
    typed = {name: st.session_state[opened.key(name)] for name in drawn}
    extra = {name: st.session_state.get(opened.key(name)) for name in (_REASON, _INSTANCE, _FINDINGS, _ALONG)}
    here = desk()
    # What a form that shares these words has asked besides stays in the draft they have together.
    here.keep(opened.draft, {**here.kept(opened.draft), **typed, **extra})


def _go_on(opened: Opened) -> None:
    """Go on from where a browser lost its server: its step is told as taken where it was, and words it typed are kept.

    No change of a field tells of words that were typed while the server was away.
    """
    brought = [name for name in fields.parts(opened) if resumed.told(opened.key(name))]
    if not brought or not opened.command.keeps_draft:
        return
    kept = desk().kept(opened.draft)
    if not kept and _was_taken(opened):
        _send(opened)
        if opened.key(_DONE) in st.session_state:
            st.rerun()
    elif any(st.session_state.get(opened.key(name)) != kept.get(name) for name in brought):
        _keep(opened)


def _was_taken(opened: Opened) -> bool:
    """Whether what stands in the form is the step taken last with it; the form is then that step's again."""
    instance, step = taken.last(desk(), opened.draft)
    if not instance or taken.command_id(instance, fields.values(opened)) != step:
        return False
    st.session_state[opened.key(_INSTANCE)] = instance
    return True


def keep_late() -> None:
    """Keep what the records could not take when it was typed: at the next run, which may be another page's."""
    for opened in held.owed(person := desk().actor.id):
        _keep(opened)
    if held.owed(person):
        held.hold()


def turn(opened: Opened) -> None:
    """Let a form that shares this one's words take its place: the widgets are others, the words stay."""
    st.session_state[opened.key(_PROBLEM)] = None
    st.session_state[opened.key(_FINDINGS)] = []
    for name in fields.parts(opened):
        if opened.key(name) in st.session_state:
            st.session_state[opened.key(name)] = st.session_state[opened.key(name)]


def along(opened: Opened) -> Any:
    """What came along with the form, such as the e-mail that fills it; kept in its draft and thrown away with it."""
    if opened.key(_ALONG) not in st.session_state:
        _restore(opened)
    return st.session_state.get(opened.key(_ALONG))


def bring(opened: Opened, thing: Any) -> None:
    """Keep what came along with the form; None lets go of it."""
    _restore(opened)
    st.session_state[opened.key(_ALONG)] = thing
    _keep(opened)


def fill(opened: Opened, given: Mapping[str, Any]) -> None:
    """Write into the fields of a form not drawn yet in this run, and into those that only a longer one of it asks."""
    whole, here = replace(opened, only=()), desk()
    here.keep(opened.draft, {**here.kept(opened.draft), **given})
    for name, value in given.items():
        st.session_state[opened.key(name)] = fields.usable(whole, name, value) if name in whole.asked else value
    _keep(opened)


def would_lose(opened: Opened, given: Mapping[str, Any]) -> bool:
    """Whether filling these fields in would write over something typed."""
    _restore(opened)
    kept = desk().kept(opened.draft)
    said = {name: st.session_state.get(opened.key(name), kept.get(name)) for name in given}
    return any(said[name] and said[name] != value for name, value in given.items())


def _drop(opened: Opened) -> None:
    try:
        desk().drop(opened.draft)
    except NotReady as away:
        st.session_state[opened.key(_PROBLEM)] = problems.problem_of(away)
        return
    _forget(opened)


def _forget(opened: Opened) -> None:
    held.settle(opened)
    start = opened.key("")
    for key in [key for key in st.session_state if str(key).startswith(start)]:
        del st.session_state[key]


def _send(opened: Opened) -> None:
    """Carry the command out; on any refusal the draft stays and the sentence is shown beside it."""
    st.session_state[opened.key(_PROBLEM)] = None
    try:
        done = _carry_out(opened)
        said = _identity(opened, fields.values(opened))["command_id"]
    except ReasonNeeded as refusal:
        found = [[finding.clause, finding.sentence] for finding in refusal.findings]  # type: ignore[attr-defined]
        st.session_state[opened.key(_FINDINGS)] = found
        st.session_state[opened.key(_ASKED)] = token_hex(4)
        _keep(opened)
        return
    except ComplaintsError as refusal:
        st.session_state[opened.key(_PROBLEM)] = problems.problem_of(refusal)
        _keep(opened)
        return
    with suppress(NotReady):  # the step is taken; sent once more, its draft would be answered with what was done
        if opened.command.keeps_draft:
            taken.drop(desk(), opened.draft, instance=st.session_state[opened.key(_INSTANCE)], step=said)
    _forget(opened)
    if opened.command.needs in (Permission.ACCOUNTS, Permission.POLICY):
        forget_lists()
    st.session_state[opened.key(_DONE)] = done


def _carry_out(opened: Opened) -> Done:
    """Try the step as it stands; only for the very findings that are shown is the reason given.

    A reason written for one finding therefore never covers another that came up since.
    """
    _restore(opened)  # what stands under a heading that was closed again
    here = desk()
    values = fields.values(opened)
    shown = st.session_state.get(opened.key(_FINDINGS)) or []
    reason = (st.session_state.get(opened.key(_REASON)) or "").strip()
    command = here.form(opened.command, {**values, **_identity(opened, values)})
    came = st.session_state.get(opened.key(_ALONG))
    try:
        return opened.does(here, command, came)
    except ReasonNeeded as refusal:
        found = [[finding.clause, finding.sentence] for finding in refusal.findings]  # type: ignore[attr-defined]
        if found != shown:
            raise
        if not reason:
            said = "Write the reason, or change what you typed so that none is needed."
            raise BadInput(said, {_REASON: said}) from refusal
    with_reason = here.form(opened.command, {**values, **_identity(opened, values), _REASON: reason})
    return opened.does(here, with_reason, came)


def _identity(opened: Opened, values: Mapping[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = {"command_id": taken.command_id(st.session_state[opened.key(_INSTANCE)], values)}
    if "seen_version" in opened.command.model_fields:
        told.update(reference=opened.reference, seen_version=opened.seen_version)
    return told


def finish(opened: Opened) -> None:
    """After a step went through: its own sentences as a notice, and the page where it goes on.

    A page asks this before it looks whether the step is still open: by then it seldom is.
    """
    done: Done | None = st.session_state.pop(opened.key(_DONE), None)
    if done is None:
        return
    notices.say(done.sentences)
    st.switch_page(opened.page, query_params=opened.leads_to(opened, done))
