"""Section 1, Service requests and complaints: what tells them apart, and that requests are looked back over."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date

from core.code.dissatisfaction import PHRASES, Phrase
from core.rules.findings import Finding

_WORD = re.compile(r"[^\W_]+")


def dissatisfaction_in(words: str) -> tuple[Phrase, ...]:
    """A request may hold dissatisfaction and still be a request: phrases that may show it, as advice [lgsco:1.7]."""
    said = f" {' '.join(_WORD.findall(words.lower()))} "
    return tuple(phrase for phrase in PHRASES.values() if f" {phrase.say} " in said)


def agreed_to_be_a_request(agreed: bool) -> tuple[Finding, ...]:
    """What was passed on as a complaint goes on as a request only when the individual agrees [lgsco:1.7]."""
    if agreed:
        return ()
    sentence = "The individual has not agreed that this is a service request. Ask them, or leave it a complaint."
    return (Finding(clause="lgsco:1.7", sentence=sentence),)


def month_of(day: date) -> date:
    """Requests are looked back over by calendar month, each named by its first day [lgsco:1.8]."""
    return day.replace(day=1)


def month_after(month: date) -> date:
    """The month that follows, in which the one before it is reviewed [lgsco:1.8]."""
    last = month.month == 12  # house: December
    return date(month.year + last, 1 if last else month.month + 1, 1)


def months_to_review(first: date | None, *, today: date, reviewed: Collection[date]) -> tuple[date, ...]:
    """Every month that is over since the first request is reviewed once; those that were not yet [lgsco:1.8]."""
    months = []
    month = month_of(first) if first is not None else month_of(today)
    while month < month_of(today):
        if month not in reviewed:
            months.append(month)
        month = month_after(month)
    return tuple(months)


def review_overdue(month: date, *, today: date) -> bool:
    """A month that is over is reviewed within the month after it, and is overdue from then on [lgsco:1.8]."""
    return today >= month_after(month_after(month))
