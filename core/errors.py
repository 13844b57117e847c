"""What can go wrong, as sentences a caseworker can act on.

Everything raised on purpose is a `ComplaintsError`; its text names the next step and is shown as it stands.
A mistake of ours is a `RuntimeError` and is never caught on the way up.
"""

from __future__ import annotations

from collections.abc import Sequence


class ComplaintsError(Exception):
    """Base of every refusal; `str(error)` is the sentence the officer reads."""


class NotPermitted(ComplaintsError):
    """The actor's roles do not grant what was asked."""


class NotFound(ComplaintsError):
    """Nothing with that reference is visible to the actor."""


class LinkOver(ComplaintsError):
    """A link that worked once and works no longer: used, taken back, replaced, or run out."""


class StepNotOpen(ComplaintsError):
    """The complaint's position does not permit this step, or the Code's structure forbids it."""


class ChangedMeanwhile(ComplaintsError):
    """Someone else changed the complaint after this page was opened; nothing was saved."""


class LetterIncomplete(ComplaintsError):
    """A letter lacks contents its clause requires; `missing` holds (content key, clause key, title)."""

    def __init__(self, sentence: str, missing: Sequence[tuple[str, str, str]] = ()) -> None:
        super().__init__(sentence)
        self.missing = tuple(missing)


class BadInput(ComplaintsError):
    """A value cannot be used; `fields` maps field name to the sentence for that field."""

    def __init__(self, sentence: str, fields: dict[str, str] | None = None) -> None:
        super().__init__(sentence)
        self.fields = fields or {}


class CalendarEnds(ComplaintsError):
    """A date lies outside the published bank holidays, so it cannot be counted to."""


class LedgerBroken(ComplaintsError):
    """The history no longer proves itself; the text says at which entry."""


class NotReady(ComplaintsError):
    """The installation itself is missing something (database, key, migration); the text says what to run."""


class ReasonNeeded(ComplaintsError):
    """A *should* clause is not met: the step goes through only with a recorded reason.

    `findings` are the rules' findings, each with its clause and sentence.
    """

    def __init__(self, sentence: str, findings: Sequence[object] = ()) -> None:
        super().__init__(sentence)
        self.findings = tuple(findings)
