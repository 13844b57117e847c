"""A form as its page opened it: what it asks, where its draft is kept, and where it goes on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import streamlit as st

from app.ui import keys, places
from app.ui.desk import desk
from core.code.catalogue import Content
from core.code.ombudsmen import Figure
from core.commands.base import COMMANDS, Command
from core.desk import Desk, Done
from core.queries.guidance import StepGuidance


def to_its_case(opened: Opened, done: Done) -> Mapping[str, str]:
    """The address of the complaint that a step was taken on, with the list that led to it."""
    query = {"ref": done.reference or opened.reference}
    back = st.query_params.get("back")
    return {**query, "back": back} if back else query


def as_it_is(here: Desk, command: Command, _along: Any) -> Done:
    """Carry out a step that nothing came along with."""
    return here.do(command)


@dataclass(frozen=True, kw_only=True)
class Opened:
    """One form as its page opened it: the step, the complaint and the version of it that the page showed.

    `about` names what else it is about, such as one colleague or one file, so that each has a draft of its own. What
    the page knows is `given` and not asked; what a field begins with when there is no draft stands in `starts`.
    `listed` holds the short lists that only this complaint has, such as its people; `contents` what a letter
    must hold, and `figures` those of a yearly letter.
    `page` and `leads_to` say where it goes on once the step is taken. `does` takes it, with what came along.

    `person` fills it in: each has drafts and keys of their own.
    `only` names the fields it asks when it does not ask all; a form that `shares` another's words has one draft with
    it, so that going from one to the other loses nothing. `sends` stands on its button where the title would not do,
    `says` above it in place of the gist. `helps` is what helps with the step, where its page has asked for it already.
    """

    step: str
    reference: str = ""
    seen_version: int | None = None
    points: tuple[tuple[int, str], ...] = ()
    contents: tuple[Content, ...] = ()
    figures: tuple[Figure, ...] = ()
    signpost: str = ""
    about: str = ""
    given: Mapping[str, Any] = field(default_factory=dict)
    starts: Mapping[str, Any] = field(default_factory=dict)
    listed: Mapping[str, Mapping[Any, str]] = field(default_factory=dict)
    page: str = places.CASE
    leads_to: Callable[[Opened, Done], Mapping[str, str]] = to_its_case
    does: Callable[[Desk, Command, Any], Done] = as_it_is
    only: tuple[str, ...] = ()
    shares: str = ""
    sends: str = ""
    says: str = ""
    helps: tuple[StepGuidance, ...] | None = None
    person: int = field(default_factory=lambda: desk().actor.id)

    @property
    def command(self) -> type[Command]:
        """The command this form carries out."""
        return COMMANDS[self.step]

    @cached_property
    def asked(self) -> Mapping[str, Any]:
        """The fields it asks, in order."""
        left = {name: info for name, info in self.command.asked_fields().items() if name not in self.given}
        return {name: info for name, info in left.items() if not self.only or name in self.only}

    @property
    def subject(self) -> str:
        """What it is about: a complaint, something else, or something on a complaint."""
        return "+".join(filter(None, (self.reference, self.about)))

    @property
    def draft(self) -> str:
        """The name its draft is kept under."""
        return f"{self.shares or self.step}:{self.subject}"

    @cached_property
    def _form(self) -> str:
        return keys.form_key(person=self.person, step=self.shares or self.step, reference=self.subject)

    def key(self, name: str) -> str:
        """The session key of one of its parts."""
        return f"{self._form}/{name}"
