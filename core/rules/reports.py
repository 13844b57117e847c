"""What may stand in a report that others read, what changed since it was frozen, and what it still lacks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from core.rules.findings import Finding
from core.words import day_words


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A figure that now comes out differently: what the report says, what it is now, and why if that was said."""

    figure: str
    name: str
    then: str
    now: str
    reason: str


def differences(
    then: Mapping[str, str], now: Mapping[str, str], *, names: Mapping[str, str], reasons: Mapping[tuple[str, str], str]
) -> tuple[Difference, ...]:
    """The figures of a report that are not what they were, in its own order [lgsco:8.1].

    `reasons` are those given, by figure and by what it had become: one that changed again waits for another.
    """
    return tuple(
        Difference(
            figure=key, name=names.get(key, key), then=said, now=now[key], reason=reasons.get((key, now[key]), "")
        )
        for key, said in then.items()
        if key in now and now[key] != said
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """One time a report was published."""

    published_on: date
    with_response: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class GovernanceFacts:
    """How far a report has come: its receipts, the days the governing body met about it, and where it appeared."""

    yearly: bool
    unsigned: bool
    received: int
    met_on: Sequence[date]
    published: Sequence[Publication]


def lacking(facts: GovernanceFacts) -> tuple[str, ...]:
    """What a report still lacks, each a sentence with the next step; nothing when it has gone all the way [lgsco:8.2].

    A quarter's pack only has to reach the Member [lgsco:9.7].
    """
    missing = [] if facts.received else ["Nobody has received it yet: send it to the Member and record the receipt."]
    if not facts.yearly:
        return tuple(missing)
    if facts.unsigned:
        missing.append("It is a draft: no signed self-assessment goes with it. Make it again and name the one signed.")
    if not facts.met_on:
        missing.append("The governing body's response is missing: record it once the body has met.")
    if not facts.published:
        missing.append("It is not published yet: publish it next to the response and record where.")
    elif not any(each.with_response for each in facts.published):
        missing.append("Published without the response: publish the response next to it, then record that.")
    return tuple(missing)


def published_too_early(facts: GovernanceFacts) -> tuple[Finding, ...]:
    """That a report would appear without what the governing body said to it [lgsco:8.2]."""
    if facts.met_on:
        return ()
    said = "The report would be published without the governing body's response; both belong on the website together."
    return (Finding(clause="lgsco:8.2", force="should", sentence=said),)


def not_answered_before(answered_on: date, *, ends_on: date) -> str:
    """What is wrong with a day on which a report was received or answered; "" when nothing is."""
    if answered_on > ends_on:
        return ""
    return f"The report is about the time until {day_words(ends_on)}. Give a day after it."
