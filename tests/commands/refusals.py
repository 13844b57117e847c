"""A refusal leaves no trace: asserted wherever one is expected."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from core.errors import ComplaintsError, ReasonNeeded
from tests.builders import Story, dump

Caught = pytest.ExceptionInfo[ComplaintsError]


@contextmanager
def refused(story: Story, kind: type[ComplaintsError], match: str = ".") -> Iterator[Caught]:
    """What happens inside is refused with this error, in a sentence, and the database is as it was."""
    before = dump(story.office)
    with pytest.raises(kind, match=match) as caught:
        yield caught
    said = str(caught.value)
    assert said.endswith((".", "”")), said
    assert dump(story.office) == before


@contextmanager
def reason_asked(story: Story, *clauses: str) -> Iterator[None]:
    """The step asks for a reason, citing exactly these clauses, and nothing is saved."""
    with refused(story, ReasonNeeded) as caught:
        yield
    error = caught.value
    assert isinstance(error, ReasonNeeded)
    assert [finding.clause for finding in error.findings] == list(clauses)
