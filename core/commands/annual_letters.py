"""The figures of an Ombudsman's yearly letter, checked to add up, in versions: EnterAnnualLetter."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal

from pydantic import Field
from sqlmodel import col, func, select

from core.code.ombudsmen import YEARLY_LETTERS
from core.commands.base import Command, Work, asks, handles
from core.errors import BadInput
from core.events.base import Event
from core.events.ombudsman import AnnualLetterEntered
from core.model.ombudsman import AnnualLetter
from core.permissions import Permission
from core.rules.yearly_letter import not_adding_up, read_figures

APRIL = 4
_FIRST = 1974
"""The year of the first letter there could be: councils have answered to an Ombudsman since."""


class EnterAnnualLetter(Command):
    """Enter the figures of a year's letter as they stand in it; entered again, a new version is kept beside the old."""

    needs = Permission.OMBUDSMAN
    clauses = ("lgsco:8.1",)
    title = "Enter a yearly letter"
    gist = "Copied as they stand there. What does not add up is told by name, and nothing is kept until it does."

    body: str = asks("Whose letter", widget="choice", options="yearly_letters", max_length=20)
    year: int = asks("The year it begins in, in April", help="2025 for April 2025 to March 2026.", widget="number")
    figures: tuple[tuple[str, str], ...] = asks("The figures", widget="figures")
    why: str = asks("Why it is entered again", help="Only when it is.", default="", max_length=500)
    file_name: str = Field(default="", max_length=200)
    sha256: str = Field(default="", max_length=64)


@handles(EnterAnnualLetter)
def enter_annual_letter(command: EnterAnnualLetter, work: Work) -> Sequence[Event]:
    """Keep a letter's figures once they agree with one another, and every version of them [lgsco:8.1]."""
    letter = YEARLY_LETTERS.get(command.body)
    if letter is None:
        raise BadInput("There is no such letter. Choose one from the list.", {"body": "Choose from the list."})
    over = work.today.year - (work.today.month < APRIL)
    if not _FIRST <= command.year < over:
        said = f"A letter is about a year that is over, from {_FIRST} on. The last one began in April {over - 1}."
        raise BadInput(said, {"year": said})
    figures = _checked(command)
    newest = select(func.max(AnnualLetter.version)).where(
        col(AnnualLetter.body) == command.body, col(AnnualLetter.year) == command.year
    )
    version = (work.session.exec(newest).one() or 0) + 1
    if version > 1 and not command.why:
        said = "This letter is entered already. Write why it is entered again; both versions are kept."
        raise BadInput(said, {"why": said})
    told = command.model_dump(include={"year", "file_name", "why"})
    work.session.add(
        AnnualLetter(
            body=command.body,
            version=version,
            figures=json.dumps({key: str(value) for key, value in figures.items()}),
            sha256=command.sha256,
            entered_by=work.actor.id or None,
            entered_on=work.today,
            **told,
        )
    )
    return [AnnualLetterEntered(title=letter.title, version=version, **told)]


def _checked(command: EnterAnnualLetter) -> dict[str, Decimal]:
    """The figures as numbers; BadInput with a sentence for each that is missing, no number, or does not add up."""
    letter = YEARLY_LETTERS[command.body]
    figures, wrong = read_figures(letter, dict(command.figures))
    wrong = wrong or not_adding_up(letter, figures)
    if wrong:
        raise BadInput(" ".join(wrong.values()), {f"figures.{key}": sentence for key, sentence in wrong.items()})
    return figures
