"""Themes: FindThemes, AcceptTheme, DismissTheme and CloseTheme."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy.engine import Connection
from sqlmodel import col, select

from core.code.themes import THEME_RULE
from core.commands.base import TEXT_LIMIT, Command, Work, asks, handles, looks
from core.errors import BadInput, StepNotOpen
from core.events.base import Event
from core.events.learning import ThemeAccepted, ThemeClosed, ThemeDismissed, ThemesFound
from core.model.evidence import ConfidentialCase
from core.model.learning import Improvement, Theme, ThemeCase
from core.model.people import Colleague
from core.permissions import Permission
from core.rules.alike_texts import Group, Held, groups, the_same
from core.rules.s9_oversight import Risk
from core.rules.themes import Candidate, candidates, comes_back
from core.store import themes
from core.store.facts import ident
from core.store.told_alike import in_words, texts
from core.words import listed

_PER_MILLE = 1_000
_LEAST_CHANCE = 1e-30  # what both databases can hold in a column of single precision
_TITLE, _KEY = 200, 120


class FindThemes(Command):
    """Look for complaints that have something in common and have become more."""

    needs = Permission.OVERSEE
    clauses = ("lgsco:9.2",)
    title = "Look for themes"
    gist = "Causes and categories are held against their service’s own past, and texts against one another."


@handles(FindThemes)
def find_themes(command: FindThemes, work: Work) -> Sequence[Event]:
    """Point out causes and categories that have become more in a service, for somebody to decide on [lgsco:9.2]."""
    first = _first(work.today)
    past_from = first - timedelta(days=THEME_RULE.past_days)
    series = themes.counted(work.session.connection(), past_from=past_from, first=first, last=work.today)
    found = candidates(series, at_least=THEME_RULE.at_least, false_alarms=THEME_RULE.false_alarms / _PER_MILLE)
    fresh = sum(_by_count(each, work, first=first) for each in found)
    held: list[Held] = _held(work)
    updated: set[int] = set()
    fresh += sum(_by_words(each, held, updated, work, first=first) for each in _still(work.looked, work))
    return [ThemesFound(looked_at=len(series), fresh=fresh)]


def _by_count(found: Candidate, work: Work, *, first: date) -> bool:
    """Keep a cause or a category; whether it came up or came back."""
    series = found.series
    named = _Named(kind=series.kind, key=series.key, service_id=series.service_id, title=series.title)
    of_kind = select(Theme).where(
        col(Theme.kind) == series.kind, col(Theme.key) == series.key, col(Theme.service_id) == series.service_id
    )
    row = work.session.exec(of_kind.order_by(col(Theme.id).desc())).first()
    ids = themes.members(work.session.connection(), series, first=first, last=work.today)
    chance = max(found.chance, _LEAST_CHANCE)
    return _keep(row, named, tuple(ids), work, first=first, expected=round(series.expected, 1), chance=chance)


@looks(FindThemes)
def look_for_groups(connection: Connection, today: date) -> tuple[Group, ...]:
    """The complaints of the window that are alike in their words, which takes seconds among many [lgsco:9.2]."""
    told = texts(connection, first=_first(today), last=today)
    alike = THEME_RULE.alike / _PER_MILLE
    return groups(told, alike=alike, at_least=THEME_RULE.at_least, people=THEME_RULE.people)


def _first(today: date) -> date:
    return today - timedelta(days=THEME_RULE.window_days - 1)


def _still(found: Sequence[Group], work: Work) -> Iterator[Group]:
    """The groups in which nothing became confidential since they were found; the others are found anew next time."""
    confidential = frozenset(work.session.exec(select(ConfidentialCase.complaint_id)))
    return (group for group in found if confidential.isdisjoint(group.ids))


def _by_words(found: Group, held: Sequence[Held], updated: set[int], work: Work, *, first: date) -> bool:
    """Keep complaints that are alike; whether they came up or came back. None is usual, and no chance is reckoned.

    A group that breaks up stays one theme, with the count of its largest part.
    """
    key = " ".join(sorted(found.words))[:_KEY]
    number = the_same(found, key, held)
    if number in updated:
        return False
    row = work.session.get(Theme, number) if number is not None else None
    if row is not None and row.decision in ("candidate", "accepted"):
        updated.add(ident(row.id))
    title = in_words(work.session.connection(), found.ids, found.words)
    named = _Named(kind="words", key=key, service_id=None, title=title)
    return _keep(row, named, found.ids, work, first=first, expected=0.0, chance=1.0)


def _held(work: Work) -> list[Held]:
    """The groups found before, each with all the complaints that ever belonged to it."""
    of_words = select(Theme.id, Theme.key).where(col(Theme.kind) == "words")
    belong = select(ThemeCase.theme_id, ThemeCase.complaint_id).join(Theme, col(Theme.id) == col(ThemeCase.theme_id))
    ids: dict[int, set[int]] = {}
    for theme_id, complaint_id in work.session.exec(belong.where(col(Theme.kind) == "words")):
        ids.setdefault(theme_id, set()).add(complaint_id)
    numbered = [(ident(number), key) for number, key in work.session.exec(of_words)]
    return [Held(number=number, key=key, ids=frozenset(ids.get(number, ()))) for number, key in numbered]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Named:
    """What the complaints of a theme have in common."""

    kind: str
    key: str
    service_id: int | None
    title: str


def _keep(row: Theme | None, named: _Named, ids: Sequence[int], work: Work, *, first: date, **figures: float) -> bool:
    """Write a candidate down, or bring it up to date, with its complaints; whether it came up or came back."""
    if row is not None and row.decision in ("dismissed", "closed"):
        if not comes_back(count=len(ids), count_decided=row.count_decided):
            return False
        row = None
    seen: dict[str, Any] = {"first_on": first, "last_on": work.today, "count": len(ids), **figures}
    fresh = row is None
    if row is None:
        row = Theme(
            kind=named.kind, key=named.key, service_id=named.service_id, title=named.title[:_TITLE],
            found_on=work.today, **seen,
        )  # fmt: skip
        work.session.add(row)
        work.session.flush()
    else:
        for name, value in seen.items():
            setattr(row, name, value)
    theme_id = ident(row.id)
    known = set(work.session.exec(select(col(ThemeCase.complaint_id)).where(col(ThemeCase.theme_id) == theme_id)))
    work.session.add_all(ThemeCase(theme_id=theme_id, complaint_id=each) for each in ids if each not in known)
    return fresh


class AcceptTheme(Command):
    """Take a candidate up as a theme, with its risk and whoever answers for it."""

    needs = Permission.OVERSEE
    clauses = ("lgsco:9.4",)
    title = "Accept as a theme"
    gist = "It points to something that has to change. Improvements are planned for it; then it is closed."

    theme_id: int = asks("Which candidate", widget="choice", options="candidates")
    risk: Risk = asks("How much harm if nothing changes", widget="choice")
    owner_id: int = asks("Who answers for it", widget="choice", options="colleagues")
    why: str = asks("What was decided", widget="area", min_length=1, max_length=TEXT_LIMIT)


@handles(AcceptTheme)
def accept_theme(command: AcceptTheme, work: Work) -> Sequence[Event]:
    """Give a theme its risk, its owner and a decision [lgsco:9.4]."""
    row = _theme(command.theme_id, work, "candidate")
    owner = work.session.get(Colleague, command.owner_id)
    if owner is None or not owner.active:
        raise BadInput(
            "That colleague is not here any more. Choose somebody else.", {"owner_id": "Choose somebody else."}
        )
    _decide(row, "accepted", command.why, work)
    row.risk, row.owner_id = command.risk.value, command.owner_id
    return [
        ThemeAccepted(number=ident(row.id), title=row.title, risk=command.risk.value, owner=owner.name, why=command.why)
    ]


class DismissTheme(Command):
    """Say that a candidate is no theme. It comes back only if it grows."""

    needs = Permission.OVERSEE
    clauses = ("lgsco:9.4",)
    title = "Dismiss the candidate"
    gist = "It comes back by itself only when there are more of these complaints than today."

    theme_id: int = asks("Which candidate", widget="choice", options="candidates")
    why: str = asks("Why it is no theme", widget="area", min_length=1, max_length=TEXT_LIMIT)


@handles(DismissTheme)
def dismiss_theme(command: DismissTheme, work: Work) -> Sequence[Event]:
    """Keep why a candidate is none, and how many there were [lgsco:9.4]."""
    row = _theme(command.theme_id, work, "candidate")
    _decide(row, "dismissed", command.why, work)
    return [ThemeDismissed(number=ident(row.id), title=row.title, why=command.why)]


class CloseTheme(Command):
    """Close a theme that is dealt with."""

    needs = Permission.OVERSEE
    clauses = ("lgsco:9.4",)
    title = "Close the theme"
    gist = "Once every improvement planned for it is completed or dropped."

    theme_id: int = asks("Which theme", widget="choice", options="themes")
    outcome: str = asks("What came of it", widget="area", min_length=1, max_length=TEXT_LIMIT)


@handles(CloseTheme)
def close_theme(command: CloseTheme, work: Work) -> Sequence[Event]:
    """Follow a theme from the finding to what came of it [lgsco:9.4]."""
    row = _theme(command.theme_id, work, "accepted")
    unfinished = select(col(Improvement.id)).where(
        col(Improvement.theme_id) == row.id, col(Improvement.done_on).is_(None), col(Improvement.dropped_on).is_(None)
    )
    numbers = [str(each) for each in work.session.exec(unfinished.order_by(col(Improvement.id)))]
    if numbers:
        what = "Improvement" if len(numbers) == 1 else "Improvements"
        raise StepNotOpen(f"{what} {listed(numbers)} for this theme: not finished yet. Complete or drop that first.")
    row.decision, row.closed_on, row.outcome, row.count_decided = "closed", work.today, command.outcome, row.count
    return [ThemeClosed(number=ident(row.id), title=row.title, outcome=command.outcome)]


def _theme(theme_id: int, work: Work, decision: str) -> Theme:
    """A theme that stands at this decision; BadInput for none, StepNotOpen for another."""
    row = work.session.get(Theme, theme_id)
    if row is None:
        raise BadInput("There is no such theme. Choose one from the list.", {"theme_id": "Choose one."})
    if row.decision != decision:
        raise StepNotOpen(f"Theme {row.id} stands as {row.decision} and not as {decision}. Open the page again.")
    return row


def _decide(row: Theme, decision: str, why: str, work: Work) -> None:
    row.decision, row.why, row.count_decided = decision, why, row.count
    row.decided_on, row.decided_by = work.today, work.actor.id or None
