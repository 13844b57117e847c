"""A letter to make files of; the council and its people are made up."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from core.letters.documents import LetterDocument, Section

LETTER = LetterDocument(
    council="Sampleton Borough Council",
    council_address=("Town Hall", "1 High Street", "Sampleton SM1 1AA"),
    addressee=("Mrs Ada Example", "2 Low Road", "Sampleton SM2 2BB"),
    reference="C-26-0417",
    date="26 March 2026",
    subject="Your complaint about missed collections",
    sections=(
        Section(paragraphs=("Dear Mrs Example", "Thank you for your complaint. This is our answer at stage 1.")),
        Section(
            heading="What we found",
            paragraphs=("The crew did not come on 3 and 17 March.", "The round was changed, and nobody told them."),
        ),
        Section(heading="The Ombudsman", paragraphs=("You can ask for stage 2 first.",)),
    ),
    signatory="Sam Handler",
    role="Complaints officer",
    contact=("01234 567890", "sam.handler@sampleton.example"),
    footer="Sampleton Borough Council, Town Hall, Sampleton",
)


def letter(*paragraphs: str, heading: str | None = None, **changes: Any) -> LetterDocument:
    """The sample letter, with one section of these paragraphs where any are given, and with changes."""
    if paragraphs:
        changes["sections"] = (Section(heading=heading, paragraphs=paragraphs),)
    return replace(LETTER, **changes)
