"""The one office of this process, and the desk of whoever sits at this screen."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from ipaddress import ip_address
from time import monotonic
from weakref import WeakKeyDictionary

import streamlit as st

from app.ui import keys, serving
from core import entrance
from core.commands.access import OpenCase
from core.desk import Desk, Office
from core.entrance import Visit
from core.errors import NotPermitted, NotReady
from core.permissions import REFUSAL, SYSTEM, Actor, Permission, Role
from core.queries.lists import Choice, Lists, lists
from core.settings import Settings

_lock = threading.Lock()
_kept: list[Office] = []
_lists: WeakKeyDictionary[Office, tuple[float, Lists, dict[int, Choice]]] = WeakKeyDictionary()
_LISTS_KEPT = 5.0
_visits: dict[str, tuple[float, Visit | None]] = {}
_ONE_RUN = 1.0
"""Seconds for which one look-up of a session holds: one run of a page asks many times who sits there. The gate has
looked the session up for the very message that began the run."""
_MANY = 2000
SESSION_HEADER = "X-Complaints-Session"


class SignedOut(NotPermitted):
    """The session of this screen has ended; signing in opens the same address again."""


def clock() -> datetime:
    """This moment. The screens' only clock: it is handed to the office, and everything else asks the office."""
    return datetime.now(UTC)  # house: the one place where the time enters


def office() -> Office:
    """The office of this process, opened on first use; in demo mode its sample council is made when absent.

    Raises NotReady when there are no records to open.
    """
    with _lock:
        if not _kept:
            _kept.append(_open(Settings()))
        return _kept[0]


def use(opened: Office | None) -> None:
    """Work with this office from now on; with None, open one afresh at the next question."""
    with _lock:
        _kept[:] = [opened] if opened else []


def _open(settings: Settings) -> Office:
    if settings.mode == "demo" and settings.database_url is None:
        if not (settings.data_dir / "complaints.db").exists():
            from core.demo import build_demo  # only the first start needs it, and it brings much with it

            build_demo(settings, now=clock())
    elif settings.database_url is None and not (settings.data_dir / "complaints.db").exists():
        raise NotReady("There are no records yet. Run `complaints setup`, or set COMPLAINTS_DATA_DIR.")
    return Office(settings, clock=clock)


def demo() -> bool:
    """Whether this is the made-up council, where anybody at this machine may be anyone."""
    return office().settings.mode == "demo"


def short_lists() -> Lists:
    """Services and colleagues to choose from, a few seconds old at most: every run of every page needs them."""
    return _held()[1]


def _held() -> tuple[float, Lists, dict[int, Choice]]:
    opened, now = office(), monotonic()
    held = _lists.get(opened)
    if held is None or now - held[0] > _LISTS_KEPT:
        found = Desk(opened, SYSTEM).ask(lists)
        held = _lists[opened] = (now, found, {each.id: each for each in found.colleagues})
    return held


def forget_lists() -> None:
    """Read the short lists anew at the next question: somebody has just changed who works here."""
    _lists.pop(office(), None)


def staff() -> dict[int, Choice]:
    """The demo council's colleagues by id; the note of each is the role."""
    return _held()[2]


def usual_person() -> int:
    """Who sits here when nobody has said: the first handler, or else the first colleague."""
    everyone = staff()
    if not everyone:
        raise NotReady("No colleagues are entered yet. Run `complaints setup` first.")
    return next((key for key, each in everyone.items() if each.note == Role.HANDLER.value), next(iter(everyone)))


def person_from(given: object) -> int:
    """The colleague an address names, or the usual person when it names nobody who works here."""
    text = str(given or "")
    known = text.isascii() and text.isdigit() and int(text) in staff()
    return int(text) if known else usual_person()


def actor_of(person: int) -> Actor:
    """The colleague with this id, in the role the council gave them."""
    chosen = staff()[person]
    return Actor(id=chosen.id, name=chosen.name, role=Role(chosen.note))


def desk() -> Desk:
    """The desk of the person at this screen. Only the desk decides who may."""
    if demo():
        return Desk(office(), actor_of(_who()))
    return Desk(office(), visit().actor)


def said_in_addresses() -> dict[str, str]:
    """What an address says besides in the demo: who asks, for nobody signs in there."""
    return {"who": str(_who())} if demo() else {}


def _who() -> int:
    """The demo's colleague at this screen."""
    return person_from(st.session_state.get(keys.WHO) or st.query_params.get("who"))


def visit() -> Visit:
    """The session this screen belongs to, looked up anew for every run of every page and fragment.

    Raises SignedOut when it has ended, and NotReady when the pages are not served behind the gate.
    """
    if not serving.behind_the_gate():
        raise NotReady(
            "This is not the way to open the console: start it with `python3 go.py run`, "
            "or with `streamlit run app/server.py` in its folder."
        )
    session_id = session_at_this_screen()
    now = monotonic()
    held = _visits.get(session_id)
    if held is None or now - held[0] > _ONE_RUN:
        found = entrance.visit(office(), session_id, active=False) if session_id else None
        held = note_visit(session_id, found)
    if held[1] is None:
        raise SignedOut("You have been signed out. Sign in again: what you had typed is kept.")
    return held[1]


def note_visit(session_id: str, found: Visit | None) -> tuple[float, Visit | None]:
    """Keep for one run whose a session is: the gate says it for the very message that begins the run."""
    if len(_visits) > _MANY:
        _visits.clear()
    noted = _visits[session_id] = (monotonic(), found)
    return noted


def note_opening(reference: str) -> None:
    """Keep in the ledger that this person opened a case: once as it comes onto the screen, not at every rerun."""
    here = desk()
    shown = (here.actor.id, reference)
    if st.session_state.get(keys.CASE_SHOWN) != shown:
        here.do(OpenCase(reference=reference))
        st.session_state[keys.CASE_SHOWN] = shown


def note_leaving() -> None:
    """Another page is on the screen now: coming back to the case is opening it once more."""
    st.session_state.pop(keys.CASE_SHOWN, None)


def session_at_this_screen() -> str:
    """The session's id as the gate handed it to this screen's socket; browsers cannot set it."""
    return str(st.context.headers.get(SESSION_HEADER, ""))


def guard(permission: Permission, *, title: str) -> Desk:
    """The desk of a person who may use this page; anybody else reads why not, and the page ends."""
    here = desk()
    if not here.may(permission):
        st.title(title, anchor=False)
        st.info(REFUSAL[permission])
        st.stop()
    return here


def only_this_machine(address: str | None) -> None:
    """Refuse a visitor from another machine: the sample council asks nobody for a password.

    Raises NotReady. None stands for a visitor on this machine.
    """
    if address is None or address == "localhost":
        return
    try:
        loopback = ip_address(str(address).removeprefix("::ffff:")).is_loopback
    except ValueError:
        loopback = False
    if not loopback:
        raise NotReady("The sample council opens on its own machine only. Start it where you sit.")
