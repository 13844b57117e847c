"""Who may do what, role by role; each command and each query with each role stands in test_matrix.py."""

from __future__ import annotations

import pytest

from core.commands.recording import AddNote
from core.errors import NotPermitted
from core.permissions import GRANTS, REFUSAL, SYSTEM, Actor, Permission, Role
from core.queries.base import QUERIES, Asking, query
from tests.builders import Story
from tests.commands.refusals import refused
from tests.conftest import Desks

R, P = Role, Permission

# Written out once more, from issue 3 and section 6 of the architecture: who may take each step.
CONSIDER = {R.HANDLER, R.REVIEWER, R.MANAGER}
READERS = CONSIDER | {R.SENIOR_LEAD, R.QUALITY, R.LINK_OFFICER, R.ASSESSOR}
MAY: dict[Permission, set[Role]] = {
    P.RECORD: CONSIDER | {R.RECORDER},
    P.HANDLE: CONSIDER,
    P.ASSIGN: {R.MANAGER},
    P.ESCALATE: CONSIDER,
    P.REVIEW: {R.REVIEWER, R.MANAGER},
    P.END: CONSIDER,
    P.REFUSE: {R.REVIEWER, R.MANAGER},
    P.POLICY: {R.MANAGER},
    P.CORRECT: {R.MANAGER},
    P.REQUESTS: {R.MANAGER},
    P.IMPORT: {R.MANAGER},
    P.CALENDAR: {R.MANAGER, R.ADMINISTRATOR},
    P.READ: READERS,
    P.FIGURES: {R.MANAGER, R.SENIOR_LEAD, R.MEMBER, R.QUALITY, R.LINK_OFFICER},
    P.LEDGER: {R.MANAGER, R.SENIOR_LEAD, R.ADMINISTRATOR},
    P.CONFIDE: CONSIDER,
    P.EVIDENCE: CONSIDER | {R.LINK_OFFICER},
    P.RESTRICT: {R.MANAGER},
    P.ACCOUNTS: {R.ADMINISTRATOR},
    P.AUDIT: {R.SENIOR_LEAD},
    P.CODE: set(Role),
    P.OWN: set(Role),
    P.ENTER: set(),
    P.DELIVER: set(),
    P.REMIND: set(),
    P.LEARN: CONSIDER | {R.SENIOR_LEAD, R.QUALITY},
    P.OVERSEE: {R.MANAGER, R.SENIOR_LEAD},
    P.QUALITY: {R.QUALITY},
    P.RECEIVE: set(),
    P.OMBUDSMAN: {R.MANAGER, R.LINK_OFFICER},
    P.ASSESS: {R.ASSESSOR},
    P.ANSWER: {R.MANAGER, R.SENIOR_LEAD, R.QUALITY, R.LINK_OFFICER},
    P.SIGN: {R.MANAGER, R.SENIOR_LEAD},
    P.REPORT: {R.MANAGER, R.SENIOR_LEAD},
    P.GOVERN: {R.MANAGER, R.SENIOR_LEAD, R.MEMBER},
    P.STAFF: {R.MANAGER, R.SENIOR_LEAD},
    P.BUNDLE: {R.MANAGER, R.SENIOR_LEAD, R.LINK_OFFICER},
    P.DISCLOSE: {R.MANAGER, R.SENIOR_LEAD},
    P.RETAIN: {R.MANAGER, R.SENIOR_LEAD},
    P.ERASE: set(),
    P.AGREE_SUM: CONSIDER | {R.SENIOR_LEAD},
    P.PERFORMANCE: {R.MANAGER},
    P.OUTSIDE: READERS | {R.MEMBER},
}
ABOUT_CASES = {
    P.RECORD, P.READ, P.HANDLE, P.ASSIGN, P.ESCALATE, P.REVIEW, P.END, P.CORRECT, P.IMPORT, P.CONFIDE, P.EVIDENCE,
    P.REFUSE, P.RESTRICT, P.REQUESTS, P.OMBUDSMAN, P.BUNDLE, P.DISCLOSE, P.RETAIN, P.AGREE_SUM,
}  # fmt: skip


@pytest.mark.parametrize("permission", Permission)
@pytest.mark.parametrize("role", Role)
def test_each_role_holds_what_was_decided_for_it(role: Role, permission: Permission) -> None:
    assert (permission in GRANTS[role]) is (role in MAY[permission])


def test_a_member_sees_figures_and_never_a_case() -> None:
    """The Member Responsible for Complaints oversees and does not handle [lgsco:9.6]."""
    assert GRANTS[Role.MEMBER] == {P.FIGURES, P.GOVERN, P.CODE, P.OWN, P.OUTSIDE}
    assert not GRANTS[Role.MEMBER] & ABOUT_CASES


def test_the_administrator_manages_accounts_and_not_cases() -> None:
    """Whoever decides who comes in reads no complaint and no figure by it [lgsco:4.1]."""
    assert GRANTS[Role.ADMINISTRATOR] == {P.ACCOUNTS, P.CALENDAR, P.LEDGER, P.CODE, P.OWN}
    assert not GRANTS[Role.ADMINISTRATOR] & ABOUT_CASES


def test_E10_the_independent_assessor_reads_and_assesses_and_nothing_else() -> None:
    """Which cases they read is decided by what was referred to them; the page Ombudsman is where they record it."""
    assert GRANTS[Role.ASSESSOR] == {P.READ, P.ASSESS, P.OUTSIDE, P.CODE, P.OWN}


def test_nobody_but_the_console_itself_opens_a_session() -> None:
    assert [role for role in Role if P.ENTER in GRANTS[role]] == []
    assert SYSTEM.may(P.ENTER)
    assert not Actor(id=1, name="Mona Manager", role=R.MANAGER).may(P.ENTER)


@pytest.mark.parametrize("permission", [P.DELIVER, P.REMIND])
def test_what_became_of_an_e_mail_and_what_is_due_soon_is_the_consoles_own(permission: P) -> None:
    assert [role for role in Role if permission in GRANTS[role]] == []
    assert SYSTEM.may(permission)


def test_the_console_may_everything_and_nobody_else_is_whole() -> None:
    assert all(SYSTEM.may(permission) for permission in Permission)
    assert all(
        Actor(id=1, name="x", role=role).may(permission) is (role in MAY[permission])
        for role in Role
        for permission in Permission
    )


@pytest.mark.parametrize("role", Role)
def test_whoever_is_limited_may_less_and_never_more(role: Role) -> None:
    """Before the second factor that is asked for stands, only one's own account is open."""
    limited = Actor(id=1, name="x", role=role, limited_to=frozenset({P.OWN, P.ENTER}))
    assert [permission for permission in Permission if limited.may(permission)] == [P.OWN]


def test_every_permission_has_a_refusal_that_names_the_next_step() -> None:
    assert set(REFUSAL) == set(Permission)
    for sentence in REFUSAL.values():
        assert sentence.endswith(".")


def test_a_refusal_tells_nobody_whether_a_case_exists(story: Story, desks: Desks) -> None:
    story.record()
    for reference in ("C-2026-000001", "C-2026-999999"):
        with refused(story, NotPermitted, match="Only a handler"):
            desks.member.do(AddNote(reference=reference, text="Who is it?"))


def test_a_question_needs_its_permission_too(desks: Desks) -> None:
    @query(P.READ)
    def reference_count(asking: Asking) -> int:
        return 0

    QUERIES.pop("reference_count")
    assert desks.handler.ask(reference_count) == 0
    with pytest.raises(NotPermitted, match="does not open cases"):
        desks.member.ask(reference_count)


def test_what_was_refused_is_ledgered_with_who_asked(story: Story, desks: Desks) -> None:
    """The step and the grant it lacked; not what was typed [lgsco:5.8]."""
    reference = story.record()
    with refused(story, NotPermitted, match="Only a handler"):
        desks.member.do(AddNote(reference=reference, text="A word that belongs to nobody else"))
    newest = max(story.rows("ledger_entry"), key=lambda row: row["n"])
    assert (newest["actor"], newest["tag"]) == ("Mel Member", "step.refused")
    assert newest["data"] == '{"permission":"complaint:handle","what":"Add a note"}'
    assert story.verified() == len(story.tags())


def test_a_question_without_a_permission_is_a_mistake_of_ours(desks: Desks) -> None:
    def anything(asking: Asking) -> int:
        raise AssertionError("never asked")

    with pytest.raises(RuntimeError, match="declares no permission"):
        desks.manager.ask(anything)
