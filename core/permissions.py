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
    REFUSE = "complaint:refuse"
    CORRECT = "complaint:correct"
    REQUESTS = "request:review"
    IMPORT = "history:import"
    CALENDAR = "calendar:change"
    POLICY = "policy:change"
    CODE = "code:read"
    FIGURES = "figures:read"
    LEDGER = "ledger:verify"
    CONFIDE = "complaint:confide"
    EVIDENCE = "complaint:evidence"
    RESTRICT = "contact:restrict"
    ACCOUNTS = "accounts:manage"
    AUDIT = "audit:read"
    OWN = "account:own"
    ENTER = "session:open"
    DELIVER = "letter:deliver"
    REMIND = "reminder:prepare"
    LEARN = "learning:keep"
    OVERSEE = "theme:decide"
    QUALITY = "quality:check"
    RECEIVE = "link:receive"
    OMBUDSMAN = "ombudsman:deal"
    ASSESS = "handling:assess"
    ANSWER = "assessment:answer"
    SIGN = "assessment:sign"
    REPORT = "report:make"
    GOVERN = "report:answer"
    STAFF = "staff:oversee"
    BUNDLE = "bundle:make"
    DISCLOSE = "data:disclose"
    RETAIN = "record:retain"
    ERASE = "record:erase"
    AGREE_SUM = "sum:agree"
    PERFORMANCE = "performance:read"
    OUTSIDE = "ombudsman:read"


class Role(StrEnum):
    """The roles of the Code: any colleague, those who consider, those who oversee.

    The independent assessor is nobody of the council's, and sees what was referred to them alone.
    """

    RECORDER = "recorder"
    HANDLER = "handler"
    REVIEWER = "reviewer"
    MANAGER = "complaints manager"
    SENIOR_LEAD = "senior lead"
    MEMBER = "Member"
    QUALITY = "quality reviewer"
    LINK_OFFICER = "link officer"
    ADMINISTRATOR = "administrator"
    ASSESSOR = "independent assessor"


P, R = Permission, Role

EVERYONE = frozenset({P.CODE, P.OWN})
"""What any signed-in person may do: read how the Code is applied, and look after their own account."""

GRANTS: Mapping[Role, frozenset[Permission]] = {
    R.RECORDER: EVERYONE | {P.RECORD},
    R.HANDLER: EVERYONE
    | {P.RECORD, P.READ, P.HANDLE, P.ESCALATE, P.END, P.CONFIDE, P.EVIDENCE, P.LEARN}
    | {P.AGREE_SUM, P.OUTSIDE},
    R.REVIEWER: EVERYONE
    | {P.RECORD, P.READ, P.HANDLE, P.ESCALATE, P.REVIEW, P.END, P.REFUSE, P.CONFIDE, P.EVIDENCE, P.LEARN}
    | {P.AGREE_SUM, P.OUTSIDE},
    R.MANAGER: EVERYONE
    | {P.RECORD, P.READ, P.HANDLE, P.ASSIGN, P.ESCALATE, P.REVIEW, P.END, P.CORRECT, P.IMPORT, P.CALENDAR}
    | {P.FIGURES, P.LEDGER, P.CONFIDE, P.EVIDENCE, P.RESTRICT, P.REFUSE, P.POLICY, P.REQUESTS}
    | {P.LEARN, P.OVERSEE, P.OMBUDSMAN, P.ANSWER, P.SIGN, P.REPORT, P.GOVERN, P.STAFF, P.BUNDLE, P.DISCLOSE, P.RETAIN}
    | {P.AGREE_SUM, P.PERFORMANCE, P.OUTSIDE},
    R.SENIOR_LEAD: EVERYONE
    | {P.READ, P.FIGURES, P.LEDGER, P.AUDIT, P.LEARN, P.OVERSEE, P.ANSWER, P.SIGN}
    | {P.REPORT, P.GOVERN, P.STAFF, P.BUNDLE, P.DISCLOSE, P.RETAIN, P.AGREE_SUM, P.OUTSIDE},
    R.MEMBER: EVERYONE | {P.FIGURES, P.GOVERN, P.OUTSIDE},
    R.QUALITY: EVERYONE | {P.READ, P.FIGURES, P.LEARN, P.QUALITY, P.ANSWER, P.OUTSIDE},
    R.LINK_OFFICER: EVERYONE | {P.READ, P.FIGURES, P.EVIDENCE, P.OMBUDSMAN, P.ANSWER, P.BUNDLE, P.OUTSIDE},
    R.ADMINISTRATOR: EVERYONE | {P.CALENDAR, P.LEDGER, P.ACCOUNTS},
    R.ASSESSOR: EVERYONE | {P.READ, P.ASSESS, P.OUTSIDE},
}

REFUSAL: Mapping[Permission, str] = {
    P.RECORD: "Your role cannot record a complaint. Ask the complaints manager to record it for you.",
    P.READ: "Your role does not open cases. Ask the complaints manager if you need to know about one.",
    P.HANDLE: "Only a handler can take this step. Ask the complaints manager to assign the complaint.",
    P.ASSIGN: "Only the complaints manager assigns complaints. Ask the manager to do it.",
    P.ESCALATE: "Your role cannot open stage 2. Pass the individual's request to a handler today.",
    P.REVIEW: "Only a stage 2 reviewer can take this step. Ask the complaints manager to assign a reviewer.",
    P.END: "Your role cannot end a complaint. Ask its handler.",
    P.REFUSE: "Only a reviewer or the complaints manager refuses a complaint. Ask one of them to look at it.",
    P.REQUESTS: "Only the complaints manager signs off a month of service requests. Ask the manager.",
    P.CORRECT: "Only the complaints manager corrects a recorded fact. Tell the manager what is wrong.",
    P.IMPORT: "Only the complaints manager brings in old records. Ask the manager to import the file.",
    P.CALENDAR: "Only the complaints manager or an administrator changes the calendar.",
    P.POLICY: "Only the complaints manager changes the policy's lists. Tell the manager what should change.",
    P.CODE: "Sign in to read how the Code is applied here.",
    P.FIGURES: "Your role does not see figures. Ask the complaints manager for them.",
    P.CONFIDE: "Only a handler, a reviewer or the complaints manager decides who may see a case. Ask one of them.",
    P.EVIDENCE: "Your role cannot add evidence to a case. Send it to the case's handler.",
    P.RESTRICT: "Only the complaints manager restricts contact. Tell the manager what happened, and where it is kept.",
    P.ACCOUNTS: "Only an administrator manages accounts. Ask the administrator.",
    P.AUDIT: "Only the senior lead reads the audit. Ask the senior lead.",
    P.OMBUDSMAN: "Only the link officer or the complaints manager deals with the Ombudsman. Pass it on to one today.",
    P.ASSESS: "Only the independent assessor records an assessment. Refer the complaint about handling to them.",
    P.OWN: "Sign in first.",
    P.ENTER: "Only the console itself opens a session. Sign in on its own page.",
    P.DELIVER: "Only the console itself says what became of an e-mail. Look at the letter on its case.",
    P.REMIND: "Only the console itself prepares reminders. Write the letter on its case.",
    P.LEARN: "Your role does not keep the list of improvements. Tell the complaints manager what should be better.",
    P.OVERSEE: "Only the senior lead or the complaints manager decides on a theme. Tell one of them what you see.",
    P.QUALITY: "Only a quality reviewer draws and checks the month’s sample. Ask one of them.",
    P.RECEIVE: "Only the console itself takes what comes by a link. Record the answer on its case.",
    P.ANSWER: "Your role does not answer the self-assessment. Tell the complaints manager what you know of the clause.",
    P.SIGN: "Only the complaints manager and the senior lead open, freeze and sign a self-assessment. Ask one of them.",
    P.REPORT: "Only the complaints manager or the senior lead makes reports. Ask one of them.",
    P.GOVERN: "Only the Member, the senior lead or the complaints manager records this. Tell one of them.",
    P.STAFF: "Only the complaints manager or the senior lead keeps posts, training and workload. Ask one of them.",
    P.BUNDLE: "Only the complaints manager, the senior lead or the link officer makes bundles. Ask one of them.",
    P.DISCLOSE: "Only the complaints manager or the senior lead answers a request for own data. Pass it on today.",
    P.RETAIN: "Only the complaints manager or the senior lead decides how long a record is kept. Ask one of them.",
    P.ERASE: "Only the console itself erases, and only what two people have approved. See Retention.",
    P.AGREE_SUM: "Your role agrees to no sums. Ask a handler, a reviewer, the complaints manager or the senior lead.",
    P.PERFORMANCE: "Only the complaints manager sees how the work of each colleague stands. Ask the manager.",
    P.OUTSIDE: "Your role does not see what goes to the Ombudsman. Pass a letter from there to the manager today.",
    P.LEDGER: "Only the complaints manager, the senior lead or an administrator checks the ledger.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who is asking: a colleague with one role. The desk takes the actor from the session, never from a form.

    `services` are the only services whose cases this person sees; empty means all of them. `limited_to` narrows the
    role's grants, for somebody who has yet to do what the organisation asks first. `whole` is the console itself:
    it may everything and sees every row.
    """

    id: int
    name: str
    role: Role
    services: frozenset[int] = frozenset()
    limited_to: frozenset[Permission] | None = None
    whole: bool = False

    def may(self, permission: Permission) -> bool:
        """Whether this person's role grants the permission."""
        if self.whole:
            return True
        if self.limited_to is not None and permission not in self.limited_to:
            return False
        return permission in GRANTS[self.role]


SYSTEM = Actor(id=0, name="The console", role=Role.MANAGER, whole=True)
"""The installation itself: first start, sign-in, the command line and the sample council's clock."""
