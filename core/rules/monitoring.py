"""The equality questions: what is said to them, the quarter a count belongs to, and which counts may be shown."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

_QUARTER = 3


class MonitoringReply(StrEnum):
    """What somebody said who was offered the equality questions."""

    ANSWERED = "they answered"
    DECLINED = "they would rather not answer any"
    OFFERED = "offered, no answer yet"


def quarter_of(day: date) -> date:
    """The first day of the quarter a day lies in: no count is kept by anything finer [lgsco:3.1]."""
    return date(day.year, day.month - (day.month - 1) % _QUARTER, 1)


def shown(counts: Mapping[str, int], *, fewest: int) -> dict[str, int | None]:
    """The counts of one question as they may be shown, None for one that is held back [lgsco:3.1].

    A count below the limit is held back. So are the smallest others, until what is held back comes to the limit
    together and is two counts at least: the total is shown, and one count alone could be worked out from it.
    """
    hidden = {key for key, count in counts.items() if count < fewest}
    for key in sorted(counts.keys() - hidden, key=lambda each: (counts[each], each)):
        # One alone is below the limit, so what comes to the limit together is two at least.
        if not hidden or sum(counts[each] for each in hidden) >= fewest:
            break
        hidden.add(key)
    return {key: None if key in hidden else count for key, count in counts.items()}
