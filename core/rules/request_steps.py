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
    ANONYMISED = "anonymised"


_KEEPING = ("PlaceHold", "ReviewHold", "LiftHold", "RetainLonger")
_MARK = "SR-"

REQUEST_STEPS: Mapping[RequestPosition, tuple[str, ...]] = {
    RequestPosition.OPEN: (
        "AnswerServiceRequest",
        "AssignServiceRequest",
        "OfferComplaint",
        "RaiseComplaint",
        "CloseServiceRequest",
        *_KEEPING,
    ),
    RequestPosition.ANSWERED: (
        "CloseServiceRequest",
        "AssignServiceRequest",
        "OfferComplaint",
        "RaiseComplaint",
        *_KEEPING,
    ),
    RequestPosition.CLOSED: ("OfferComplaint", "RaiseComplaint", *_KEEPING),
    RequestPosition.ANONYMISED: (),
}


def names_request(reference: str) -> bool:
    """Whether a reference is that of a service request, and not of a complaint [lgsco:1.8]."""
    return reference.strip().upper().startswith(_MARK)


def kind_named(reference: str) -> str:
    """What a reference is that of, in words [lgsco:1.8]."""
    return "service request" if names_request(reference) else "complaint"


def reference_of(*, year: int, number: int) -> str:
    """The reference of a service request, from the year it came in and its number in it [lgsco:1.8]."""
    return f"{_MARK}{year}-{number:06d}"


def request_position(
    *, answered_on: date | None, closed_on: date | None, anonymised_on: date | None = None
) -> RequestPosition:
    """Where a service request stands, from its dates alone [lgsco:1.3]."""
    if anonymised_on is not None:
        return RequestPosition.ANONYMISED
    if closed_on is not None:
        return RequestPosition.CLOSED
    return RequestPosition.ANSWERED if answered_on is not None else RequestPosition.OPEN
