"""Equality monitoring: KeepMonitoring. What somebody answers is counted, and kept nowhere else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from core.code.monitoring import LIMITS, QUESTIONS, answers_to
from core.commands.base import CaseCommand, Work, asks, handles
from core.errors import BadInput, StepNotOpen
from core.events.base import Event
from core.events.monitoring import EqualityAsked
from core.model.monitoring import COUNCIL, MonitoringAsked
from core.permissions import Permission
from core.rules.monitoring import MonitoringReply, quarter_of
from core.store.facts import CaseRows
from core.store.monitoring import add_answers, received_in_quarter


def _question(key: str) -> Any:
    """A field for one of the questions: its title and its answers stand in monitoring.toml."""
    return asks(QUESTIONS[key].title, widget="choice", options=f"equality_{key}", default=None, max_length=40)


class KeepMonitoring(CaseCommand):
    """Keep that somebody was offered the equality questions, and count what they answered."""

    needs = Permission.HANDLE
    clauses = ("lgsco:3.1",)
    title = "Record equality answers"
    gist = (
        "Only if they wish. Tell them why you ask, and that it changes nothing in their complaint. The answers are "
        "counted without any link to it, so nobody can find, change or take them back afterwards."
    )
    keeps_draft = False

    reply: MonitoringReply = asks("What they said when asked", widget="choice")
    age: str | None = _question("age")
    disability: str | None = _question("disability")
    ethnic_group: str | None = _question("ethnic_group")
    religion: str | None = _question("religion")
    sex: str | None = _question("sex")
    gender_identity: str | None = _question("gender_identity")
    orientation: str | None = _question("orientation")
    marriage: str | None = _question("marriage")
    pregnancy: str | None = _question("pregnancy")

    def answers(self) -> dict[str, str]:
        """What was answered, by question; BadInput for an answer that is not on the list."""
        given = {key: value for key in QUESTIONS if (value := getattr(self, key)) is not None}
        wrong = {key: "Choose from the list." for key, value in given.items() if value not in answers_to(key)}
        if wrong:
            raise BadInput("An answer is not on its list. Choose again.", wrong)
        return given


@handles(KeepMonitoring)
def keep_monitoring(command: KeepMonitoring, work: Work) -> Sequence[Event]:
    """Ask each individual once and only if they wish, and keep the answers apart from everything else [lgsco:3.1]."""
    case = work.open_case(command)
    held = work.session.get(MonitoringAsked, case.id)
    if held is not None and held.reply != MonitoringReply.OFFERED:
        raise StepNotOpen(
            f"The equality questions of {case.complaint.reference} have been answered or declined. They are asked once."
        )
    answers = command.answers()
    _fits(command.reply, answers)
    work.session.merge(MonitoringAsked(complaint_id=case.id, reply=command.reply.value))
    if answers:
        quarter = quarter_of(case.complaint.received_on)
        add_answers(work.session, answers, quarter=quarter, scope=_scope(case, work))
    return [EqualityAsked(complaint_id=case.id, reply=command.reply.value)]


def _fits(reply: MonitoringReply, answers: dict[str, str]) -> None:
    """Answers belong to a reply that has some, and to no other."""
    if reply is MonitoringReply.ANSWERED and not answers:
        said = f"No answer is chosen. Choose one, if only “{LIMITS.no_answer}”, or say that they would rather not."
        raise BadInput(said, {"reply": "No answer is chosen below."})
    if reply is not MonitoringReply.ANSWERED and answers:
        said = "Answers are kept only when they answered. Take the answers out, or choose “they answered”."
        raise BadInput(said, {"reply": "Answers are chosen below."})


def _scope(case: CaseRows, work: Work) -> int:
    """The service to count by, where it has enough complaints of the quarter to hide one person among them."""
    service_id, quarter = case.complaint.service_id, quarter_of(case.complaint.received_on)
    if service_id is None or received_in_quarter(work.session, quarter, service_id=service_id) < LIMITS.service_from:
        return COUNCIL
    return service_id
