"""Looking for themes by itself: the server does it every so many days, and `complaints themes find` at once."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from core.code.themes import THEME_RULE
from core.commands.themes import FindThemes
from core.desk import Desk, Done, Office
from core.events.learning import ThemesFound
from core.model.ledger import LedgerEntry
from core.permissions import SYSTEM

_ENTRY = LedgerEntry.__table__  # type: ignore[attr-defined]


def find_when_due(office: Office) -> Done | None:
    """Look for themes unless that was done in the last days; None when it was [lgsco:9.2]."""
    with office.database.reading() as connection:
        newest = sa.select(_ENTRY.c.at).where(_ENTRY.c.tag == ThemesFound.tag).order_by(_ENTRY.c.n.desc()).limit(1)
        last = connection.execute(newest).scalar()
    if last is not None and office.now() - last < timedelta(days=THEME_RULE.again_after_days):
        return None
    return find_now(office)


def find_now(office: Office) -> Done:
    """Look for themes, as the console itself [lgsco:9.2]."""
    return Desk(office, SYSTEM).do(FindThemes())
