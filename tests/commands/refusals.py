"""A refusal changes nothing: asserted wherever one is expected. One for want of a grant is noted in the ledger."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from core.errors import ComplaintsError, ReasonNeeded
from core.permissions import REFUSAL
from tests.builders import Dump, Story, compared

Caught = pytest.ExceptionInfo[ComplaintsError]


@contextmanager
def refused(story: Story, kind: type[ComplaintsError], match: str = ".") -> Iterator[Caught]:
    """What happens inside is refused with this error, in a sentence, and the database is as it was.

    Somebody whose role does not grant the step is refused in the words of that grant, and exactly that is ledgered.
    """
    with compared(story.office) as changed:
        with pytest.raises(kind, match=match) as caught:
            yield caught
        said = str(caught.value)
        assert said.endswith((".", "”")), said
        both = changed()
    if said in REFUSAL.values():
        assert both is not None, "the refusal is not in the ledger"
        _one_entry_more(story, *both)
    else:
        assert both is None or both[0] == both[1]


def _one_entry_more(story: Story, before: Dump, after: Dump) -> None:
    """The refusal is ledgered as one that is about no complaint, and that is all."""
    earlier, entries = {*before.pop("ledger_entry")}, {*after.pop("ledger_entry")}
    newest = max(story.rows("ledger_entry"), key=lambda row: row["n"])
    (added,) = entries - earlier
    assert earlier < entries and newest["mac"] in added
    assert (newest["tag"], newest["complaint_id"]) == ("step.refused", None)
    assert after == before


@contextmanager
def reason_asked(story: Story, *clauses: str) -> Iterator[None]:
    """The step asks for a reason, citing exactly these clauses, and nothing is saved."""
    with refused(story, ReasonNeeded) as caught:
        yield
    error = caught.value
    assert isinstance(error, ReasonNeeded)
    assert [finding.clause for finding in error.findings] == list(clauses)
