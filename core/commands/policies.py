"""The council's own policy: AdoptPolicy begins a version of it, ReviewPolicy checks what its text says."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sqlmodel import col, select

from core.code.catalogue import PERIODS, STANDARDS
from core.code.policy import SETTINGS, WATCHED, Policy
from core.code.policy_items import POLICY_ITEMS
from core.commands.base import TEXT_LIMIT, Command, Work, asks, handles
from core.errors import BadInput, NotReady, ReasonNeeded
from core.events.base import Event
from core.events.cases import PolicyAdopted
from core.events.policies import PolicyDeparted, PolicyItemChecked, PolicyPaperKept
from core.model.organisation import PolicyVersion
from core.model.policies import PolicyDeparture, PolicyItem, PolicyPaper
from core.permissions import Permission
from core.rules.policies import explained_departures, leaves_less
from core.store.facts import ident, policy_from
from core.store.policies import newest_paper
from core.words import day_words

_MOST = 99
_LONGEST = 200_000
_AS_THE_CODE = "Leave it empty for what the Code says."
_AS_OURS = "Leave it empty for the usual one."


def _period(title: str, unit: str = "working days", said: str = _AS_THE_CODE) -> Any:
    return asks(f"{title}, in {unit}", help=said, widget="number", default=None, ge=1, le=_MOST)


class AdoptPolicy(Command):
    """Begin a version of the complaints policy, for complaints taken in from a day on."""

    needs = Permission.POLICY
    clauses = ("lgsco:5.1", "lgsco:3.4", "lgsco:6.20")
    title = "Adopt a policy"
    gist = (
        "Complaints taken in before keep the version they were taken in under, with its dates. Two stages are fixed. "
        "Whatever leaves people with less than the Code needs the reason that was decided."
    )

    name: str = asks("Name of the policy", min_length=1, max_length=120)
    in_force_from: date = asks("In force from", widget="date", starts="today")
    approved_by: str = asks("Which body approved it", min_length=1, max_length=120)
    minute: str = asks("The day and minute of the decision", min_length=1, max_length=160)
    accept_within: int | None = _period("Take a complaint within", "months")
    acknowledge_stage_one: int | None = _period("Acknowledge stage 1 within")
    respond_stage_one: int | None = _period("Answer stage 1 within")
    extend_stage_one: int | None = _period("Extend stage 1 by at most")
    acknowledge_stage_two: int | None = _period("Acknowledge stage 2 within")
    respond_stage_two: int | None = _period("Send the final response within")
    extend_stage_two: int | None = _period("Extend stage 2 by at most")
    late_acknowledgement_buys_time: bool = asks(
        "A late acknowledgement moves the date of the answer", widget="tick", default=False
    )
    closure_days_skip: bool = asks("Days on which our offices close do not count", widget="tick", default=False)
    weekend_receipt_lenient: bool = asks(
        "What comes in on a weekend or bank holiday counts from the next working day", widget="tick", default=False
    )
    service_standards: bool = asks("We keep service standards of our own", widget="tick", default=False)
    introduce: int | None = _period("Our standard: introduce the handler within", said=_AS_OURS)
    update_stage_one: int | None = _period("Our standard: an update at stage 1 every", "months", said=_AS_OURS)
    update_stage_two: int | None = _period("Our standard: an update at stage 2 every", "months", said=_AS_OURS)
    update_ombudsman: int | None = _period(
        "Our standard: an update while it is with an Ombudsman every", "months", said=_AS_OURS
    )
    reply: int | None = _period("Our standard: reply to a message within", said=_AS_OURS)
    confirm_in_writing: int | None = _period("Our standard: confirm in writing within", said=_AS_OURS)
    answer_handling: int | None = _period("Our own: answer a complaint about our handling within", said=_AS_OURS)
    assess_handling: int | None = _period("Our own: have our handling assessed within", said=_AS_OURS)
    whole_case_amber: int | None = _period("First flag on a complaint that takes long, after", "weeks", said=_AS_OURS)
    whole_case_red: int | None = _period("Second flag, after", "weeks", said=_AS_OURS)
    complaint_definition: str = asks("What a complaint is, in the policy’s words", widget="area", default="",
                                     max_length=TEXT_LIMIT)  # fmt: skip
    request_definition: str = asks("What a service request is, in the policy’s words", widget="area", default="",
                                   max_length=TEXT_LIMIT)  # fmt: skip
    words: str = asks("The text of the policy", widget="area", default="", max_length=_LONGEST)
    web_address: str = asks("Where it is published, as a web address", default="", max_length=300)


@handles(AdoptPolicy)
def adopt_policy(command: AdoptPolicy, work: Work) -> Sequence[Event]:
    """Begin a version of the one policy, with a reason for each departure that leaves people less [lgsco:5.1]."""
    must_begin(command.in_force_from, work)
    chosen = _chosen(command)
    row = PolicyVersion(
        name=command.name,
        in_force_from=command.in_force_from,
        resolution=f"{command.approved_by}, {command.minute}",
        chosen=json.dumps(chosen),
    )
    policy = policy_from(row)
    findings = explained_departures(policy)
    reason = (command.good_reason or "").strip()
    if findings and not reason:
        raise ReasonNeeded(" ".join(finding.sentence for finding in findings), findings)
    work.session.add(row)
    work.session.flush()
    adopted = PolicyAdopted(name=row.name, in_force_from=row.in_force_from, resolution=row.resolution)
    return [adopted, _paper(command, ident(row.id), work), *_depart(policy, ident(row.id), reason, work)]


def must_begin(in_force_from: date, work: Work) -> PolicyVersion:
    """The newest version of the policy; BadInput for a next one that begins before today or not after it.

    Complaints already taken in keep what they were taken in under.
    """
    newest = work.session.exec(select(PolicyVersion).order_by(col(PolicyVersion.in_force_from).desc())).first()
    if newest is None:
        raise BadInput("No complaints policy is in force yet. Set the council up first.")
    if in_force_from < work.today or in_force_from <= newest.in_force_from:
        earliest = "today" if newest.in_force_from < work.today else f"the day after {day_words(newest.in_force_from)}"
        raise BadInput(
            f"Complaints already taken in keep what they were taken in under. Choose {earliest} or a later day.",
            {"in_force_from": f"Choose {earliest} or a later day."},
        )
    return newest


def _chosen(command: AdoptPolicy) -> dict[str, Any]:
    """What the version decides otherwise; a value equal to the Code's own is no decision."""
    code = Policy(name=command.name, in_force_from=command.in_force_from)
    usual = {
        "periods": {key: code.period(key).value for key in PERIODS},
        "standard_periods": {key: standard.value for key, standard in STANDARDS.items()},
        "watch": {key: code.watch_weeks(key) for key in WATCHED},
    }
    own = {name: dict(_differing(command, values)) for name, values in usual.items()}
    return {**own, **{name: getattr(command, name) for name in (*SETTINGS, "service_standards")}}


def _differing(command: AdoptPolicy, usual: Mapping[str, int]) -> Iterator[tuple[str, int]]:
    for key, value in usual.items():
        given = getattr(command, key)
        if given is not None and given != value:
            yield key, given


def _paper(command: AdoptPolicy, policy_id: int, work: Work) -> Event:
    paper = PolicyPaper(
        policy_id=policy_id,
        approved_by=command.approved_by,
        minute=command.minute,
        complaint_definition=command.complaint_definition,
        request_definition=command.request_definition,
        words=command.words,
        web_address=command.web_address,
    )
    work.session.add(paper)
    text = "\n\n".join([paper.complaint_definition, paper.request_definition, paper.words])
    digest = hashlib.sha256(text.encode()).hexdigest()
    return PolicyPaperKept(name=command.name, text_sha256=digest, web_address=command.web_address)


def _depart(policy: Policy, policy_id: int, reason: str, work: Work) -> Iterator[Event]:
    """Each departure of the policy with the reason, where it needs one."""
    for each in policy.departures():
        why = reason if leaves_less(each) else ""
        work.session.add(
            PolicyDeparture(
                policy_id=policy_id,
                key=each.key,
                clause=each.clause,
                finding=each.sentence,
                reason=why,
                recorded_by=work.actor.id or None,
                recorded_on=work.today,
            )
        )
        yield PolicyDeparted(name=policy.name, clause=each.clause, difference=each.sentence, reason=why)


class ReviewPolicy(Command):
    """Say whether the policy's text says one thing that it has to say."""

    needs = Permission.POLICY
    clauses = ("lgsco:3.4", "lgsco:3.5")
    title = "Check the policy’s text"
    gist = "For what the settings cannot show. A new text is checked anew."

    item: str = asks("What the policy has to say", widget="choice", options="policy_items", max_length=60)
    said: bool = asks("It says so", widget="tick", default=False)
    where: str = asks("Where it says so, or what is missing", min_length=1, max_length=2_000)


@handles(ReviewPolicy)
def review_policy(command: ReviewPolicy, work: Work) -> Sequence[Event]:
    """Read whether the policy in force says how it is publicised, and covers the Ombudsman and the Code [lgsco:3.5]."""
    item = POLICY_ITEMS.get(command.item)
    if item is None or item.shown_by is not None:
        raise BadInput("Nobody is asked for this. Choose one of the list.", {"item": "Choose one of the list."})
    paper_id = newest_paper(work.session.connection(), today=work.today)
    if paper_id is None:
        raise NotReady("No policy of the council’s own is adopted yet. Adopt one with its text first.")
    work.session.add(
        PolicyItem(
            paper_id=paper_id,
            item=command.item,
            said=command.said,
            where=command.where,
            read_by=work.actor.id or None,
            read_on=work.today,
        )
    )
    return [PolicyItemChecked(item=command.item, title=item.title, said=command.said, where=command.where)]
