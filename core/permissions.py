"""Who may do what, declared once: permissions, roles, grants, and the sentence a refusal says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Permission(StrEnum):
    """One thing a person may do; every command, query and page names exactly one."""

    RECORD = "complaint:record"
    READ = "complaint:read"
    HANDLE = "complaint:handle"
    ASSIGN = "complaint:assign"
    ESCALATE = "complaint:escalate"
    REVIEW = "complaint:review"
    END = "complaint:end"
    CORRECT = "complaint:correct"
    IMPORT = "history:import"
    CALENDAR = "calendar:change"
    CODE = "code:read"
    FIGURES = "figures:read"
    LEDGER = "ledger:verify"


class Role(StrEnum):
    """The roles of the Code: any colleague, those who consider, those who oversee."""

    RECORDER = "recorder"
    HANDLER = "handler"
    REVIEWER = "reviewer"
    MANAGER = "complaints manager"
    SENIOR_LEAD = "senior lead"
    MEMBER = "Member"
    QUALITY = "quality reviewer"
    ADMINISTRATOR = "administrator"


P, R = Permission, Role

GRANTS: Mapping[Role, frozenset[Permission]] = {
    R.RECORDER: frozenset({P.RECORD, P.CODE}),
    R.HANDLER: frozenset({P.RECORD, P.READ, P.HANDLE, P.ESCALATE, P.END, P.CODE}),
    R.REVIEWER: frozenset({P.RECORD, P.READ, P.HANDLE, P.ESCALATE, P.REVIEW, P.END, P.CODE}),
    R.MANAGER: frozenset(
        {P.RECORD, P.READ, P.HANDLE, P.ASSIGN, P.ESCALATE, P.REVIEW, P.END, P.CORRECT, P.IMPORT, P.CALENDAR}
        | {P.CODE, P.FIGURES, P.LEDGER}
    ),
    R.SENIOR_LEAD: frozenset({P.READ, P.CODE, P.FIGURES, P.LEDGER}),
    R.MEMBER: frozenset({P.CODE, P.FIGURES}),
    R.QUALITY: frozenset({P.READ, P.CODE, P.FIGURES}),
    R.ADMINISTRATOR: frozenset({P.CODE, P.CALENDAR, P.LEDGER}),
}

REFUSAL: Mapping[Permission, str] = {
    P.RECORD: "Your role cannot record a complaint. Ask the complaints manager to record it for you.",
    P.READ: "Your role does not open cases. Ask the complaints manager if you need to know about one.",
    P.HANDLE: "Only a handler can take this step. Ask the complaints manager to assign the complaint.",
    P.ASSIGN: "Only the complaints manager assigns complaints. Ask the manager to do it.",
    P.ESCALATE: "Your role cannot open stage 2. Pass the individual's request to a handler today.",
    P.REVIEW: "Only a stage 2 reviewer can take this step. Ask the complaints manager to assign a reviewer.",
    P.END: "Your role cannot end a complaint. Ask its handler.",
    P.CORRECT: "Only the complaints manager corrects a recorded fact. Tell the manager what is wrong.",
    P.IMPORT: "Only the complaints manager brings in old records. Ask the manager to import the file.",
    P.CALENDAR: "Only the complaints manager or an administrator changes the calendar.",
    P.CODE: "Sign in to read how the Code is applied here.",
    P.FIGURES: "Your role does not see figures. Ask the complaints manager for them.",
    P.LEDGER: "Only the complaints manager, the senior lead or an administrator checks the ledger.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who is asking: a colleague with one role. The desk takes the actor from the session, never from a form."""

    id: int
    name: str
    role: Role

    def may(self, permission: Permission) -> bool:
        """Whether this person's role grants the permission."""
        return permission in GRANTS[self.role]


SYSTEM = Actor(id=0, name="The console", role=Role.MANAGER)
"""The installation itself: first start, imports from the command line and the sample council's clock."""
