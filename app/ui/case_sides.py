"""The two columns of a case: what was said on the left, what belongs to it on the right."""

from __future__ import annotations

from app.ui import (
    alike,
    bundles,
    case_bands,
    case_steps,
    considering,
    corresponding,
    equality,
    evidence,
    feedback,
    handling,
    letters,
    people_band,
    questions,
    rectification,
    refused,
    remedies,
    retention,
    routes,
    triage,
)
from app.ui.case_asked import Asked
from core.desk import Desk


def said(here: Desk, found: Asked) -> None:
    """What was said and written, and the people it is about."""
    case = found.case
    routes.band(found.route)
    refused.band(found.refusals)
    handling.bands(found.at_ombudsman, found.handled)
    rectification.band(found.rectifying)
    case_bands.points(case)
    remedies.band(here, case, found.remedies, found.sums)
    case_bands.words(case)
    people_band.band(here, found.people, above=case_steps.first(found.considering))
    equality.band(here, found.monitoring)
    considering.band(here, case, found.considering)
    letters.band(case, found.letters, found.by_mail)
    corresponding.band(here, case, found.corresponding)
    questions.band(here, case, found.questions)
    evidence.band(here, case, found.files)
    bundles.band(here, found.bundles)
    feedback.band(here, case, found.surveys)
    case_bands.stages(case)
    case_bands.history(case)


def belongs(here: Desk, found: Asked) -> None:
    """What belongs to it, and the Code on it."""
    alike.band(here, found.case, found.belonging)
    triage.band(found.taken)
    case_bands.code(found.case)
    case_bands.departures(found.case)
    case_bands.record(found.case)
    retention.band(here, found.case.next_steps, found.retention)
