"""Where a service request stands, derived from its dates, and the steps that each place permits.

A request is no stage of a complaint: raising a complaint from it is possible wherever it stands, and leaves it there.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum


class RequestPosition(StrEnum):
    """Where a service request stands. The words are shown as they are."""

    OPEN = "open"
    ANSWERED = "answered, not closed"
    CLOSED = "closed"


REQUEST_STEPS: Mapping[RequestPosition, tuple[str, ...]] = {
    RequestPosition.OPEN: (
        "AnswerServiceRequest",
        "AssignServiceRequest",
        "OfferComplaint",
        "RaiseComplaint",
        "CloseServiceRequest",
    ),
    RequestPosition.ANSWERED: (
        "CloseServiceRequest",
        "AssignServiceRequest",
        "OfferComplaint",
        "RaiseComplaint",
    ),
    RequestPosition.CLOSED: ("OfferComplaint", "RaiseComplaint"),
}


def request_position(*, answered_on: date | None, closed_on: date | None) -> RequestPosition:
    """Where a service request stands, from its dates alone [lgsco:1.3]."""
    if closed_on is not None:
        return RequestPosition.CLOSED
    return RequestPosition.ANSWERED if answered_on is not None else RequestPosition.OPEN
