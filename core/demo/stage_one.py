"""Stage 1 of a story: a complaint comes in, is acknowledged, perhaps extended, then answered or withdrawn."""

from __future__ import annotations

from datetime import date
from typing import Any

from core.commands.correcting import CorrectFact, Fact
from core.commands.ending import Reopen, Withdraw
from core.commands.recording import AddPoint, RecordComplaint
from core.commands.stage_one import Acknowledge, Assign, RespondStageOne
from core.demo.conduct import told as told_of_conduct
from core.demo.considering import ask, consider, take_up
from core.demo.courses import back, stories
from core.demo.learning import taught
from core.demo.refusing import turn_away
from core.demo.sending_on import send_on
from core.demo.story import Story
from core.demo.texts import phrases, services
from core.model.complaints import Channel
from core.model.requests import Respondent
from core.rules.facts import Outcome, StageNumber

_ON_DAYS_OFF = (Channel.WEB, Channel.EMAIL)


def tell_stage_one(story: Story) -> None:
    """Everything up to the stage 1 answer, and a second answer where the complaint is taken up again."""
    course = story.course
    right = _record(story)
    if right is not None:
        _correct(story, *right)
    if course.assigned is not None:
        story.act(
            story.shift(story.day, course.assigned),
            story.cast.manager,
            Assign,
            colleague_id=story.cast.colleague_ids[story.handler],
        )
    if _leaves_at_once(story):
        return
    if course.one_letter is not None:
        _answer(story, story.shift(story.received_on, course.one_letter))
        return
    if course.acknowledged is not None and not course.anonymous:
        _acknowledge(story, course.acknowledged)
    _in_between(story)
    if course.withdrawn is not None:
        _withdraw(story, course.withdrawn)
        if course.reopened is None:
            return
        _reopen(story, story.shift(story.day, course.reopened), "reopened_after_withdrawal")
    if course.answered is None or course.unanswered:
        return
    _answer(story, story.shift(story.owed(1), course.answered))
    if course.reopened is not None and course.withdrawn is None:
        _answer_again(story, course.reopened)


def _leaves_at_once(story: Story) -> bool:
    """Whether the complaint is refused at its start, or goes by another route; told here if so."""
    course = story.course
    if course.turned_away is not None:
        turn_away(story, course.turned_away)
    if course.routed is not None:
        send_on(story, course.routed)
    return course.turned_away is not None or course.routed is not None


# -------------------------------------------------------------------------------------------------------- it comes in


def _record(story: Story) -> tuple[Fact, str] | None:
    """Record the complaint; a fact recorded wrongly comes back with its right value."""
    course, cast, writer = story.course, story.cast, story.writer
    elsewhere = story.some("heard_elsewhere") if course.elsewhere else 0
    logged_on = story.shift(story.council.calendar.next_working(story.received_on), course.logged + elsewhere)
    wants = writer.matter.wants
    said: dict[str, Any] = {
        "words": writer.complaint(story.received_on),
        "matter": writer.matter.matter,
        "category": writer.matter.category,
        "outcomes_sought": f"{wants[0].upper()}{wants[1:]}.",
        "received_on": story.received_on,
        "received_by": _heard_by(story),
        "channel": _channel(story),
        "service_id": cast.service_ids[story.service],
        **_who(story),
        **_whose(story),
        **_when_it_happened(story),
    }
    right = _spoil(story, said) if course.correction else None
    story.act(logged_on, story.random.choice(cast.recorders), RecordComplaint, **said)
    possible = not course.anonymous
    story.remember(1, received_on=story.received_on, logged_on=logged_on, acknowledgement_possible=possible)
    return right


def _who(story: Story) -> dict[str, Any]:
    if story.course.anonymous:
        return {"no_contact_details": True}
    one = story.writer.individual()
    return {
        "individual": one.name,
        "contact_email": one.contact_email,
        "contact_phone": one.contact_phone,
        "address": one.address,
        "postcode": one.postcode,
    }


def _whose(story: Story) -> dict[str, Any]:
    """Whose doing it is, where it is not the council's own: what the council's contractor did, or heard first."""
    theirs = story.course.elsewhere == "contractor" or "contractor" in story.writer.matter.about
    return {"respondent": Respondent.CONTRACTOR, "respondent_name": told_of_conduct()["contractor"]} if theirs else {}


def _heard_by(story: Story) -> str:
    people = {"contractor": "contractors", "councillor": "councillors"}
    group = people.get(story.course.elsewhere)
    return str(story.random.choice(phrases()["individuals"][group])) if group else ""


def _channel(story: Story) -> Channel:
    if not story.council.calendar.is_working(story.received_on):
        return story.random.choice(_ON_DAYS_OFF)
    fixed = {"contractor": Channel.CONTRACTOR, "councillor": Channel.COUNCILLOR}.get(story.course.elsewhere)
    often = stories()["channels"]
    return fixed or Channel(story.random.choices(list(often), weights=list(often.values()))[0])


def _when_it_happened(story: Story) -> dict[str, Any]:
    if not story.course.late_issue:
        return {"issue_on": back(story.council.calendar, story.received_on, story.some("happened_before"))}
    long_ago = back(story.council.calendar, story.received_on, story.some("happened_long_ago"))
    return {"issue_on": long_ago, "good_reason": story.reason("late_issue")}


# ---------------------------------------------------------------------------------------- a fact recorded wrongly


def _spoil(story: Story, said: dict[str, Any]) -> tuple[Fact, str]:
    """Put one wrong fact into what is recorded; the fact and its right value."""
    kind, pick = story.course.correction, story.random
    if kind == "name":
        right = said["individual"]
        said["individual"] = f"{right[:-2]}{right[-1]}{right[-2]}"
        return Fact.NAME, right
    if kind == "phone":
        hundreds, tens, ones = pick.randrange(10), *pick.sample(range(10), 2)
        phone = phrases()["individuals"]["phone"]
        said["contact_phone"] = phone.format(number=int(f"{hundreds}{ones}{tens}"))
        return Fact.PHONE, phone.format(number=int(f"{hundreds}{tens}{ones}"))
    if kind == "postcode":
        right = said["postcode"]
        units = [unit for unit in phrases()["individuals"]["units"] if not right.endswith(unit)]
        said["postcode"] = f"{right[:-2]}{pick.choice(units)}"
        return Fact.POSTCODE, right
    if kind == "service":
        other = pick.choice([name for name in services() if name != story.service])
        said["service_id"] = story.cast.service_ids[other]
        return Fact.SERVICE, story.service
    if kind == "channel":
        said["channel"] = Channel.LETTER
        return Fact.CHANNEL, Channel.EMAIL.value
    if kind == "received":
        return Fact.RECEIVED, story.shift(story.received_on, -1).isoformat()
    raise RuntimeError(f"stories.toml corrects “{kind}”, which is none of the facts that a story can spoil.")


def _correct(story: Story, fact: Fact, value: str) -> None:
    why = story.writer.phrase("corrections", story.course.correction)
    story.act(story.day, story.cast.manager, CorrectFact, fact=fact, new_value=value, why=why)
    if fact is Fact.RECEIVED:
        story.received_on = date.fromisoformat(value)
        story.remember(1, received_on=story.received_on)


# ----------------------------------------------------------------------------------------- acknowledged and considered


def _acknowledge(story: Story, steps: int) -> None:
    day = story.not_before_now(story.shift(story.received_on, steps))
    late = day > story.acknowledgement_owed(1)
    story.act(
        day,
        story.handler,
        Acknowledge,
        acknowledged_on=day,
        understanding=story.writer.one_of("letters", "understanding"),
        outcomes_sought=f"For us to {story.writer.matter.wants}.",
        good_reason=story.reason("late_acknowledgement") if late else None,
    )
    story.remember(1, acknowledged_on=day)
    take_up(story, 1, story.handler)


def _in_between(story: Story) -> None:
    """What happens while it is considered: new points, notes, more time."""
    course = story.course
    if course.unclear and not course.anonymous:
        ask(story, story.handler)
    for kind in course.points:
        _add_point(story, kind)
    quiet_from = story.shift(story.owed(1), -max(stories()["spread"]["told_before"]))
    for _ in range(course.notes):
        day = story.shift(story.day, story.some("next_entry"))
        if day < quiet_from:
            story.note(day, story.handler)
    for kind in course.extended:
        story.extend(1, kind, story.handler)


def _add_point(story: Story, kind: str) -> None:
    day = story.shift(story.day, story.some("next_entry"))
    delays = kind == "delays"
    story.act(
        day,
        story.handler,
        AddPoint,
        text=story.writer.matter.point if story.points == 1 else story.writer.one_of("letters", "further_points"),
        raised_on=day,
        delays=delays,
        good_reason=story.reason("point_delays") if delays else None,
    )
    story.points += 1


def _withdraw(story: Story, steps: int) -> None:
    day = story.shift(story.day, steps)
    story.act(day, story.handler, Withdraw, withdrawn_on=day, how=story.writer.one_of("entries", "withdrawn"))


def _reopen(story: Story, day: date, why: str) -> None:
    story.act(day, story.handler, Reopen, reopened_on=day, why=story.writer.one_of("entries", why))


# ------------------------------------------------------------------------------------------------------- and answered


def _answer(story: Story, day: date) -> None:
    day = story.not_before_now(day)
    consider(story, 1, story.handler, day)
    outcome = story.outcome(1)
    _respond(story, day, outcome, because=story.writer.because(outcome), good_reason=_excuse(story, day))
    story.remember(1, responded_on=day)


def _excuse(story: Story, day: date) -> str | None:
    """The reason that the answer owes, if any."""
    if story.course.unheard:
        return story.reason("not_heard")
    if story.course.point_left_open:
        return story.reason("point_left_open")
    if story.course.route_left_out:
        return story.reason("route_left_out")
    return story.reason("late_answer") if day > story.owed(1) else None


def _respond(story: Story, day: date, outcome: Outcome, *, because: str, good_reason: str | None) -> None:
    answers = story.answers(outcome, because)
    story.act(
        day,
        story.handler,
        RespondStageOne,
        sent_on=day,
        answers=answers[:-1] if story.course.point_left_open else answers,
        remedy=story.writer.remedy(outcome),
        outstanding_actions=story.writer.one_of("letters", "all_done"),
        escalation_told=not story.course.route_left_out,
        **taught(story, outcome),
        good_reason=good_reason,
    )


def _answer_again(story: Story, steps: int) -> None:
    """Take the complaint up again after its answer, and answer once more."""
    reopened_on = story.shift(story.day, steps)
    _reopen(story, reopened_on, "reopened")
    if story.course.again is None:
        return
    day = story.shift(reopened_on, story.course.again)
    outcome = Outcome.UPHELD
    because = story.writer.phrase("answers", "again", because=story.writer.because(outcome))
    late = day > story.answer_again_owed(StageNumber.ONE, reopened_on)
    _respond(story, day, outcome, because=because, good_reason=story.reason("late_again") if late else None)
