"""Entries that change no row of a complaint: whoever keeps something worked out from complaints asks here.

A new kind of entry is on neither list, and counts as changing everything until it is put here.
"""

from __future__ import annotations

from core.events.access import (
    CaseOpened,
    Exported,
    FeedChanged,
    FileOpened,
    LetterOpened,
    LinkMade,
    PasswordChosen,
    SecondFactorChanged,
    SignedIn,
    SignedOut,
    SignInRefused,
    SignOnLinked,
    StepRefused,
)
from core.events.bundles import BundleOpened
from core.events.intake import FormReceived, LeftoversRemoved, MailArrived, MailDismissed, MailReopened
from core.events.learning import ThemesFound
from core.events.notices import RemindersChosen
from core.events.requests import RequestAnswered, RequestAssigned, RequestClosed, RequestRecorded, RequestsReviewed
from core.events.searches import SearchRemoved, SearchSaved

LOOKED = frozenset(
    each.tag
    for each in (
        *(SignOnLinked, CaseOpened, SecondFactorChanged, FeedChanged, FileOpened, LetterOpened, LinkMade),
        *(PasswordChosen, Exported, SignedOut, SignedIn, SignInRefused, StepRefused, BundleOpened),
    )
)
"""Entries that somebody looked at something or came in, whatever they are about."""
BESIDE = frozenset(
    each.tag
    for each in (
        *(FormReceived, LeftoversRemoved, MailArrived, MailDismissed, MailReopened, SearchSaved, SearchRemoved),
        *(RequestRecorded, RequestAssigned, RequestAnswered, RequestClosed, RequestsReviewed),
        *(RemindersChosen, ThemesFound),
    )
)
"""Entries of no complaint that change no row of one."""
