"""Which of the kept files a record refers to: a case, a letter, an e-mail that waits, or a form half filled in."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from core.model.behaviour import BehaviourPolicy, PolicySent
from core.model.bundles import CaseBundle
from core.model.evidence import CaseFile
from core.model.guidance import GuidanceFile
from core.model.intake import ArrivedMail
from core.model.letters import Letter, LetterTemplate
from core.model.ombudsman import AnnualLetter
from core.model.outbox import Outbox
from core.model.policies import PolicyFile
from core.model.reports import MemberReport, ReportSnapshot
from core.model.subject_access import SubjectAccessRequest
from core.model.working import Draft

_A = AnnualLetter.__table__  # type: ignore[attr-defined]
_SA = SubjectAccessRequest.__table__  # type: ignore[attr-defined]
_B = CaseBundle.__table__  # type: ignore[attr-defined]
_BP = BehaviourPolicy.__table__  # type: ignore[attr-defined]
_S = PolicySent.__table__  # type: ignore[attr-defined]
_F = CaseFile.__table__  # type: ignore[attr-defined]
_M = ArrivedMail.__table__  # type: ignore[attr-defined]
_D = Draft.__table__  # type: ignore[attr-defined]
_G = GuidanceFile.__table__  # type: ignore[attr-defined]
_L = Letter.__table__  # type: ignore[attr-defined]
_O = Outbox.__table__  # type: ignore[attr-defined]
_T = LetterTemplate.__table__  # type: ignore[attr-defined]
_R = ReportSnapshot.__table__  # type: ignore[attr-defined]
_P = PolicyFile.__table__  # type: ignore[attr-defined]
_MR = MemberReport.__table__  # type: ignore[attr-defined]
NAMING = (
    _F.c.sha256,
    _B.c.sha256,
    _SA.c.sha256,
    _L.c.pdf_sha256,
    _L.c.word_sha256,
    _T.c.sha256,
    _O.c.pdf_sha256,
    _O.c.word_sha256,
    _R.c.pdf_sha256,
    _R.c.word_sha256,
    _R.c.html_sha256,
    _MR.c.sha256,
    _A.c.sha256,
    _G.c.sha256,
    _P.c.sha256,
    _BP.c.sha256,
    _S.c.sha256,
)
"""The columns that name kept files for good."""
_DIGEST = re.compile(r"[0-9a-f]{64}")
_AT_A_TIME = 500


def referred_to(connection: Connection, digests: Collection[str], *, since: datetime) -> set[str]:
    """Those of these digests that something refers to; an e-mail that was dismissed counts until `since`."""
    drafts = connection.execute(sa.select(_D.c.data).where(_D.c.data.contains("sha256"))).scalars()
    found = {digest for data in drafts for digest in _DIGEST.findall(data)} & set(digests)
    wanted = sorted(digests)
    for at in range(0, len(wanted), _AT_A_TIME):
        part = wanted[at : at + _AT_A_TIME]
        for column in NAMING:
            found |= set(connection.execute(sa.select(column).where(column.in_(part))).scalars())
        waits = sa.or_(_M.c.dismissed_at.is_(None), _M.c.dismissed_at >= since)
        found |= set(connection.execute(sa.select(_M.c.sha256).where(_M.c.sha256.in_(part), waits)).scalars())
    return found


def all_named(connection: Connection) -> set[str]:
    """The digest of every file that a record names for good."""
    return {
        digest for column in NAMING for digest in connection.execute(sa.select(column).distinct()).scalars() if digest
    }


def settled_before(moment: datetime) -> sa.ColumnElement[bool]:
    """That an e-mail has become a complaint's evidence, or was put aside, before a moment, and is still described."""
    filed = sa.and_(sa.exists().where(_F.c.sha256 == _M.c.sha256), _M.c.arrived_at < moment)
    described = sa.or_(_M.c.sender != "", _M.c.subject != "", _M.c.why != "")
    return sa.and_(sa.or_(_M.c.dismissed_at < moment, filed), described)


def came_to_nothing(connection: Connection, moment: datetime) -> list[str]:
    """The digests of e-mails that were put aside before a moment and are no complaint's evidence."""
    filed = sa.exists().where(_F.c.sha256 == _M.c.sha256)
    statement = sa.select(_M.c.sha256).where(_M.c.dismissed_at < moment, ~filed)
    return list(connection.execute(statement).scalars())


def any_settled_before(connection: Connection, moment: datetime) -> bool:
    """Whether there is such an e-mail."""
    return connection.execute(sa.select(_M.c.id).where(settled_before(moment)).limit(1)).first() is not None
