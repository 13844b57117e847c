"""Section 6, Complaints stages: the clocks of both stages, and what each step must carry.

Every date is counted in working days from the day after its start (readings on the day of receipt and on weekends).
The functions return dates and findings; none raises for a breach. All raise CalendarEnds when a date lies past the
last published bank holidays.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from core.code.catalogue import WATCH
from core.code.policy import Policy
from core.rules.facts import Outcome, StageFacts, StageNumber
from core.rules.findings import Finding
from core.rules.working_days import WorkingDays
from core.words import counted, day_words

LONDON = ZoneInfo("Europe/London")
ACKNOWLEDGE = {StageNumber.ONE: "acknowledge_stage_one", StageNumber.TWO: "acknowledge_stage_two"}
RESPOND = {StageNumber.ONE: "respond_stage_one", StageNumber.TWO: "respond_stage_two"}
EXTEND = {StageNumber.ONE: "extend_stage_one", StageNumber.TWO: "extend_stage_two"}


def local_day(moment: datetime) -> date:
    """A moment counts for its local day in London, up to midnight and at any hour [lgsco:6.2].

    Readings R3 and R34.
    """
    return moment.astimezone(LONDON).date()


def comes_first(*, vulnerable: bool, at_risk: bool) -> bool:
    """A complaint comes before all others when somebody vulnerable or at risk is behind it [lgsco:6.1]."""
    return vulnerable or at_risk


def whole_case_flags(received_on: date) -> tuple[date, date]:
    """The days a complaint is flagged as a whole, first and last, in weeks from receipt [lgsco:6.19].

    Nothing is late because of them (reading R33).
    """
    amber, red = (timedelta(weeks=WATCH[key].value) for key in ("whole_case_amber", "whole_case_red"))
    return received_on + amber, received_on + red


def clock_starts(received_on: date, *, policy: Policy, calendar: WorkingDays) -> date:
    """The day counted as day 0: the day of receipt, unless the policy deems a weekend receipt later [lgsco:6.2]."""
    if policy.weekend_receipt_lenient:
        return calendar.next_working(received_on)
    return received_on


def acknowledge_by(stage: StageFacts, *, policy: Policy, calendar: WorkingDays) -> date:
    """Acknowledge and log within the period from receipt; stage 2 from receipt of the request [lgsco:6.2]."""
    start = clock_starts(stage.received_on, policy=policy, calendar=calendar)
    return calendar.after(start, policy.period(ACKNOWLEDGE[stage.number]).value)


def acknowledge_stage_one_by(received_on: date, *, policy: Policy, calendar: WorkingDays) -> date:
    """Acknowledge and log stage 1 within its period from receipt [lgsco:6.2]."""
    return acknowledge_by(StageFacts(number=StageNumber.ONE, received_on=received_on), policy=policy, calendar=calendar)


def acknowledge_stage_two_by(requested_on: date, *, policy: Policy, calendar: WorkingDays) -> date:
    """Acknowledge and log stage 2 within its period from receipt of the request [lgsco:6.12]."""
    stage = StageFacts(number=StageNumber.TWO, received_on=requested_on)
    return acknowledge_by(stage, policy=policy, calendar=calendar)


def response_anchor(stage: StageFacts, *, policy: Policy, calendar: WorkingDays) -> date:
    """The day the response clock starts: the acknowledgement, but never later than it was due [lgsco:6.3].

    A late acknowledgement buys no time (reading R6). Before any acknowledgement, the last lawful day stands in.
    """
    due = acknowledge_by(stage, policy=policy, calendar=calendar)
    if stage.acknowledged_on is None:
        return due
    if policy.late_acknowledgement_buys_time:
        return stage.acknowledged_on
    return min(stage.acknowledged_on, due)


def answer_again_by(reopened_on: date, stage: StageFacts, *, policy: Policy, calendar: WorkingDays) -> date:
    """A reopened complaint is answered again within its stage's own period from that day (reading R20)."""
    return calendar.after(reopened_on, policy.period(RESPOND[stage.number]).value)


def respond_by(stage: StageFacts, *, policy: Policy, calendar: WorkingDays) -> date:
    """Answer within the period from the acknowledgement; the target before any extension [lgsco:6.3]."""
    anchor = response_anchor(stage, policy=policy, calendar=calendar)
    return calendar.after(anchor, policy.period(RESPOND[stage.number]).value)


def respond_stage_one_by(acknowledged_on: date, *, received_on: date, policy: Policy, calendar: WorkingDays) -> date:
    """Answer stage 1 within its period, counted from the acknowledgement [lgsco:6.3]."""
    stage = StageFacts(number=StageNumber.ONE, received_on=received_on, acknowledged_on=acknowledged_on)
    return respond_by(stage, policy=policy, calendar=calendar)


def respond_stage_two_by(acknowledged_on: date, *, requested_on: date, policy: Policy, calendar: WorkingDays) -> date:
    """Send the final response within its period, counted from the stage 2 acknowledgement [lgsco:6.15]."""
    stage = StageFacts(number=StageNumber.TWO, received_on=requested_on, acknowledged_on=acknowledged_on)
    return respond_by(stage, policy=policy, calendar=calendar)


def literal_respond_by(stage: StageFacts, *, policy: Policy, calendar: WorkingDays) -> date | None:
    """The response date counted from the acknowledgement as it was sent, late or not; kept beside ours [lgsco:6.3]."""
    if stage.acknowledged_on is None:
        return None
    return calendar.after(stage.acknowledged_on, policy.period(RESPOND[stage.number]).value)


def extend_to_at_most(stage: StageFacts, *, policy: Policy, calendar: WorkingDays) -> date:
    """The last day any extension may reach without good reason, from the original date [lgsco:6.4]."""
    target = respond_by(stage, policy=policy, calendar=calendar)
    return calendar.after(target, policy.period(EXTEND[stage.number]).value)


def extension_within_limit(
    new_date: date, stage: StageFacts, *, policy: Policy, calendar: WorkingDays
) -> tuple[Finding, ...]:
    """All extensions together stay within the limit, or good reason is recorded [lgsco:6.4]."""
    limit = extend_to_at_most(stage, policy=policy, calendar=calendar)
    if new_date <= limit:
        return ()
    over = calendar.between(limit, new_date)
    sentence = (
        f"{day_words(new_date)} is {counted(over, 'working day')} past the limit of {day_words(limit)}. "
        "Choose an earlier date, or record the good reason for going past it."
    )
    return (Finding(clause=policy.period(EXTEND[stage.number]).clause, sentence=sentence),)


def extension_told_in_time(
    told_on: date, stage: StageFacts, *, policy: Policy, calendar: WorkingDays
) -> tuple[Finding, ...]:
    """An extension counts only when the individual hears of it on or before the date it moves [lgsco:6.4]."""
    current = current_date(stage, policy=policy, calendar=calendar)
    if told_on <= current:
        return ()
    sentence = (
        f"The answer was due by {day_words(current)}; telling the individual on {day_words(told_on)} is after that. "
        "The answer will count as late. Record why the individual was not told sooner."
    )
    return (Finding(clause="lgsco:5.5", sentence=sentence),)


def ombudsman_details_told(told: bool, number: StageNumber) -> tuple[Finding, ...]:
    """Whoever is told of an extension is given the Ombudsman's details [lgsco:6.5]."""
    if told:
        return ()
    clause = "lgsco:6.5" if number is StageNumber.ONE else "lgsco:6.17"
    sentence = "Give the individual the Ombudsman's details with the extension, or record why they were left out."
    return (Finding(clause=clause, sentence=sentence),)


def properly_told(stage: StageFacts, *, policy: Policy, calendar: WorkingDays) -> tuple[date, ...]:
    """The dates of the extensions told in time, within the limit or for good reason; no other counts [lgsco:6.4].

    Readings R9 and R12.
    """
    if not stage.extensions:
        return ()
    current = respond_by(stage, policy=policy, calendar=calendar)
    limit = extend_to_at_most(stage, policy=policy, calendar=calendar)
    dates = []
    for extension in stage.extensions:
        told = extension.told_on is not None and extension.told_on <= current
        if told and (extension.new_date <= limit or extension.good_reason):
            dates.append(extension.new_date)
            current = max(current, extension.new_date)
    return tuple(dates)


def last_valid_extension(stage: StageFacts, *, policy: Policy, calendar: WorkingDays) -> date | None:
    """The latest date a properly told extension reached, and never before the target; None without one [lgsco:6.4].

    One told too late or past the limit rescues nothing (readings R9 and R12).
    """
    dates = properly_told(stage, policy=policy, calendar=calendar)
    return max(*dates, respond_by(stage, policy=policy, calendar=calendar)) if dates else None


def current_date(stage: StageFacts, *, policy: Policy, calendar: WorkingDays) -> date:
    """The date the answer is owed by today: the target, or the last valid extension of it [lgsco:6.4]."""
    extended = last_valid_extension(stage, policy=policy, calendar=calendar)
    return extended or respond_by(stage, policy=policy, calendar=calendar)


def every_point_answered(points: Sequence[int], answers: Mapping[int, tuple[str | None, str]]) -> tuple[Finding, ...]:
    """Each point raised has a finding and clear reasons [lgsco:6.7].

    `answers` maps a point's number to its finding and reasons.
    """
    findings = []
    for number in points:
        outcome, reasons = answers.get(number, (None, ""))
        if outcome is None:
            findings.append(Finding(clause="lgsco:6.7", sentence=f"Point {number} has no finding yet."))
        elif not reasons.strip():
            findings.append(Finding(clause="lgsco:6.7", sentence=f"Point {number} has a finding but no reasons."))
    return tuple(findings)


def overall_outcome(found: Sequence[Outcome]) -> Outcome:
    """The outcome of a complaint from its points: upheld, not upheld, or partly when they differ [lgsco:6.7].

    Without a single finding it is “other”.
    """
    kinds = set(found)
    if not kinds:
        return Outcome.OTHER
    if len(kinds) == 1:
        return kinds.pop()
    if kinds & {Outcome.UPHELD, Outcome.PARTIALLY_UPHELD}:
        return Outcome.PARTIALLY_UPHELD
    return Outcome.RESOLVED if Outcome.RESOLVED in kinds else Outcome.NOT_UPHELD


def escalation_route_told(told: bool) -> tuple[Finding, ...]:
    """A stage 1 answer says how to go to stage 2 [lgsco:6.8]."""
    if told:
        return ()
    sentence = "Tell the individual how to ask for stage 2, or record why the answer leaves it out."
    return (Finding(clause="lgsco:6.8", sentence=sentence),)


def new_points_join_stage_one(*, related: bool, answered: bool, delays: bool) -> tuple[Finding, ...]:
    """A new point joins stage 1 only when related, before the answer, and without unreasonable delay [lgsco:6.9]."""
    if related and not answered and not delays:
        return ()
    why = [
        text
        for holds, text in (
            (not related, "it is about something else"),
            (answered, "stage 1 has been answered"),
            (delays, "it would delay the answer unreasonably"),
        )
        if holds
    ]
    sentence = f"Record this as a new complaint, because {' and '.join(why)}; or record why it belongs here."
    return (Finding(clause="lgsco:6.9", sentence=sentence),)


def new_points_kept_apart(*, related: bool, answered: bool, delays: bool) -> tuple[Finding, ...]:
    """A point that stage 1 can still take in is not made a complaint of its own without a reason [lgsco:6.9]."""
    if new_points_join_stage_one(related=related, answered=answered, delays=delays):
        return ()
    sentence = (
        "Add this as a point, because it is related, stage 1 has no answer yet, and it does not hold the answer up; "
        "or record why it is kept apart."
    )
    return (Finding(clause="lgsco:6.9", sentence=sentence),)


def stage_one_answered_first(stage: StageFacts, *, asked_on: date) -> tuple[Finding, ...]:
    """Stage 2 follows a stage 1 answer; opening it without one is recorded as such [lgsco:6.11]."""
    if stage.responded_on is not None and stage.responded_on <= asked_on:
        return ()
    if stage.responded_on is None:
        sentence = "Stage 1 has no answer yet. Send it, or record why stage 2 starts now; stage 1 will count as late."
    else:
        sentence = (
            f"Stage 2 was asked for on {day_words(asked_on)}, before stage 1 was answered on "
            f"{day_words(stage.responded_on)}. Check both dates, or record why stage 2 starts from that day."
        )
    return (Finding(clause="lgsco:6.11", sentence=sentence),)


def outstanding_issues_set_out(*, issues: str, outcomes: str, clarification_asked: bool) -> tuple[Finding, ...]:
    """A stage 2 acknowledgement sets out what is outstanding and what is sought, or asks [lgsco:6.12]."""
    missing = [
        name
        for name, text in (("the outstanding issues", issues), ("the outcomes sought", outcomes))
        if not text.strip()
    ]
    if not missing or clarification_asked:
        return ()
    sentence = f"Set out {' and '.join(missing)}, or say that you have asked the individual to make them clear."
    return (Finding(clause="lgsco:6.12", sentence=sentence),)


def someone_new_at_stage_two(chosen: int, considered_stage_one: Mapping[int, str]) -> tuple[Finding, ...]:
    """Whoever considers stage 2 did not consider stage 1 [lgsco:6.14].

    `considered_stage_one` maps a colleague's id to what they did at stage 1, as in "handled stage 1".
    """
    did = considered_stage_one.get(chosen)
    if did is None:
        return ()
    sentence = f"This colleague {did}. Choose someone else, or record why no one else can consider stage 2."
    return (Finding(clause="lgsco:6.14", sentence=sentence),)


def efforts_to_understand_made(efforts: str) -> tuple[Finding, ...]:
    """Stage 2 tries to learn why the individual is still unhappy; they never have to say [lgsco:6.13]."""
    if efforts.strip():
        return ()
    sentence = "Say what was done to understand why the individual is still unhappy, or record why nothing was done."
    return (Finding(clause="lgsco:6.13", sentence=sentence),)


def final_response_complete(missing: Sequence[tuple[str, str, str]]) -> tuple[Finding, ...]:
    """The final response carries all seven things it owes, "none" said in words [lgsco:6.18].

    `missing` lists what the letter check found: content key, clause, title.
    """
    return tuple(
        Finding(
            clause=clause,
            sentence=f"{title} is missing. Write it, or say in words that there is none.",
            force="structure",
        )
        for _key, clause, title in missing
    )
