"""The one office of this process, and the desk of whoever sits at this screen."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from ipaddress import ip_address
from time import monotonic
from weakref import WeakKeyDictionary

import streamlit as st

from app.ui import keys
from core.desk import Desk, Office
from core.errors import NotReady
from core.permissions import REFUSAL, SYSTEM, Actor, Permission, Role
from core.queries.lists import Choice, Lists, lists
from core.settings import Settings

_lock = threading.Lock()
_kept: list[Office] = []
_lists: WeakKeyDictionary[Office, tuple[float, Lists]] = WeakKeyDictionary()
_LISTS_KEPT = 5.0


def clock() -> datetime:
    """This moment. The screens' only clock: it is handed to the office, and everything else asks the office."""
    return datetime.now(UTC)  # house: the one place where the time enters


def office() -> Office:
    """The office of this process, opened on first use; in demo mode its sample council is made when absent.

    Raises NotReady in live mode, which needs accounts that this release does not have.
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
    if settings.mode != "demo":
        raise NotReady(
            "Real work needs accounts, and this release has none yet. Open the sample council: python3 go.py demo."
        )
    if settings.database_url is None and not (settings.data_dir / "complaints.db").exists():
        from core.demo import build_demo  # only the first start needs it, and it brings much with it

        build_demo(settings, now=clock())
    return Office(settings, clock=clock)


def short_lists() -> Lists:
    """Services and colleagues to choose from, a few seconds old at most: every run of every page needs them."""
    opened, now = office(), monotonic()
    held = _lists.get(opened)
    if held is None or now - held[0] > _LISTS_KEPT:
        held = _lists[opened] = (now, Desk(opened, SYSTEM).ask(lists))
    return held[1]


def staff() -> dict[int, Choice]:
    """The demo council's colleagues by id; the note of each is the role."""
    return {choice.id: choice for choice in short_lists().colleagues}


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
    return Desk(office(), actor_of(person_from(st.session_state.get(keys.WHO) or st.query_params.get("who"))))


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
