"""Posts, training, workload, the shared objective, and the scorecard of contractors."""

from __future__ import annotations

from core.code.conduct import Post
from core.commands.accounts import RecordLeaver
from core.commands.conduct import (
    AcknowledgeObjective,
    AppointTo,
    EndAppointment,
    RecordContractorObjective,
    RecordTraining,
)
from core.desk import Desk
from core.errors import BadInput, StepNotOpen
from core.model.requests import Respondent
from core.permissions import Role
from core.queries.conduct import PostView, contractors_agreed, own_training, posts_held, training_list
from core.queries.contractors import contractor_scorecard
from core.queries.lists import lists
from core.queries.queue import QueueFilter, queue
from core.queries.workload import workload
from core.rules.conduct import InDate
from tests.builders import Story, day
from tests.commands.refusals import refused
from tests.conduct import SINCE, appoint, train
from tests.conftest import Desks
from tests.people import joined

START = day("2026-09-07")


def at(desk: Desk, post: Post, **on: object) -> PostView:
    """One post as it is listed."""
    return next(each for each in desk.ask(posts_held, **on) if each.post is post)


def test_4_1_E19_link_officers_are_two_at_most_and_history_stays(story: Story, desks: Desks) -> None:
    """The third is refused, whatever the reason, until one of them ends [lgsco:4.1]."""
    first = appoint(story, Post.LINK_OFFICER, desks.link_officer, contact="links@sample.example")
    appoint(story, Post.LINK_OFFICER, desks.manager, since=START)
    third = {"post": Post.LINK_OFFICER, "since": START, "appointed_by": "The Monitoring Officer"}
    with refused(story, StepNotOpen, "2 people hold the post “link officer”"):
        desks.senior_lead.do(AppointTo(**third, colleague_id=desks.handler.actor.id, good_reason="We need three."))
    with refused(story, StepNotOpen, "Lena Link is appointed to this post already, from Wed 1 April 2026"):
        desks.senior_lead.do(AppointTo(**third, colleague_id=desks.link_officer.actor.id))
    with refused(story, BadInput, "is before the first day of the appointment"):
        desks.manager.do(EndAppointment(appointment_id=first, until=day("2026-03-31")))
    desks.manager.do(EndAppointment(appointment_id=first, until=day("2026-09-06"), why="Moved to another team."))
    with refused(story, StepNotOpen, "was ended with Sun 6 September 2026 already"):
        desks.manager.do(EndAppointment(appointment_id=first, until=START))
    with refused(story, BadInput, "no such appointment"):
        desks.manager.do(EndAppointment(appointment_id=first + 9, until=START))
    desks.senior_lead.do(AppointTo(**third, colleague_id=desks.handler.actor.id))
    now, then = at(desks.recorder, Post.LINK_OFFICER), at(desks.recorder, Post.LINK_OFFICER, on=SINCE)
    assert [each.name for each in now.holders] == ["Mona Manager", "Hana Handler"]
    assert [(each.name, each.contact) for each in now.past] == [("Lena Link", "links@sample.example")]
    assert [each.name for each in then.holders] == ["Lena Link"]
    assert [each.name for each in then.ahead] == ["Mona Manager", "Hana Handler"]


def test_9_5_the_Member_is_a_person_or_a_committee_and_none_is_said(story: Story, desks: Desks) -> None:
    assert [each.post for each in desks.member.ask(posts_held) if each.empty] == list(Post)
    with refused(story, BadInput, "hold no other post"):
        appoint(story, Post.SENIOR_LEAD, "Standards Committee", committee=True)
    number = appoint(story, Post.MEMBER, "Standards Committee", committee=True, appointed_by="Council, minute 7")
    with refused(story, StepNotOpen, "1 person holds the post “Member responsible for complaints”"):
        appoint(story, Post.MEMBER, "Cllr Sample", holder_title="Cabinet member")
    (holder,) = at(desks.member, Post.MEMBER).holders
    assert (holder.name, holder.committee, holder.since, holder.appointed_by) == (
        "Standards Committee", True, SINCE, "Council, minute 7",
    )  # fmt: skip
    desks.manager.do(EndAppointment(appointment_id=number, until=START))
    appoint(story, Post.MEMBER, "Cllr Sample", since=day("2026-09-08"))
    assert [each.name for each in at(desks.member, Post.MEMBER).ahead] == ["Cllr Sample"]
    # No committee needs a course; a councillor does, from the first day.
    assert [each.name for each in desks.manager.ask(training_list) if each.id is None] == []
    story.on(day("2026-09-08"))
    assert [each.name for each in desks.manager.ask(training_list) if each.id is None] == ["Cllr Sample"]


def test_4_1_a_holder_is_a_colleague_or_a_name(story: Story, desks: Desks) -> None:
    both = {"name": "Cllr Sample", "colleague_id": desks.handler.actor.id}
    wrong = (({}, "one of the two"), (both, "one of the two"), ({"colleague_id": 99}, "not here any more"))
    for holder, says in wrong:
        with refused(story, BadInput, says):
            desks.manager.do(AppointTo(post=Post.OFFICER, since=START, appointed_by="The council", **holder))
    with refused(story, BadInput, "not here any more"):
        desks.manager.do(RecordTraining(colleague_id=999, training="the_code", done_on=SINCE, given_by="Us"))


def test_4_3_what_is_missing_overdue_or_due_soon_is_listed_by_person(story: Story, desks: Desks) -> None:
    """A warning stands beside whoever is untrained where work is given out, once training is kept here at all."""
    assert not any("training" in each.note for each in desks.manager.ask(lists).handlers)
    train(story, desks.handler, "induction")
    train(story, desks.handler, done_on=day("2024-08-01"))
    train(story, desks.handler, "remedies", done_on=day("2024-09-20"))
    train(story, desks.handler, "one_topic", topic="Writing plainly")
    with refused(story, BadInput, "Say in a few words what"):
        train(story, desks.handler, "one_topic")
    with refused(story, BadInput, "not on the list"):
        train(story, desks.handler, "juggling")
    with refused(story, BadInput, "has not come yet"):
        train(story, desks.handler, done_on=day("2026-09-09"))
    (hana,) = [each for each in desks.senior_lead.ask(training_list) if each.name == "Hana Handler"]
    assert [(each.title, each.renewal.stands) for each in hana.open] == [
        ("The Complaint Handling Code", InDate.OVERDUE),
        ("Remedies", InDate.SOON),
        ("The Equality Act and reasonable adjustments", InDate.NEVER),
        ("Unreasonable behaviour", InDate.NEVER),
    ]
    assert hana.others == ("Writing plainly",)
    assert desks.handler.ask(own_training) == hana
    notes = {each.name: each.note for each in desks.manager.ask(lists).handlers}
    assert notes["Hana Handler"] == "handler, 0 open, training due"
    for kind in ("the_code", "equality", "unreasonable_behaviour"):
        train(story, desks.handler, kind, done_on=START)
    notes = {each.name: each.note for each in desks.manager.ask(lists).handlers}
    assert (notes["Hana Handler"], notes["Hugo Handler"]) == ("handler, 0 open", "handler, 0 open, training due")


def test_E21_a_Member_without_an_account_is_trained_by_name(story: Story, desks: Desks) -> None:
    train(story, "Cllr Sample", "members", done_on=START, evidence="On the list of who was there.")
    (line,) = next(each for each in desks.manager.ask(training_list) if each.name == "Cllr Sample").lines
    assert (line.title, line.renewal.stands) == ("Scrutiny of complaints, for Members", InDate.HOLDS)


def test_4_3_workload_comes_to_what_the_queue_lists(story: Story, desks: Desks) -> None:
    """Overdue, today, this week and in all, person by person; what nobody has stands there as well."""
    for received, who in (("2026-08-03", desks.handler), ("2026-08-31", desks.handler), ("2026-09-01", None)):
        reference = story.record(day(received))
        if who is not None:
            story.assign(reference, who)
    oldest = "C-2026-000001"
    hidden = story.record(day("2026-08-03"))
    story.keep_confidential(hidden, desks.handler, joined(story.office, "Mia Manager", Role.MANAGER))
    story.on(day("2026-09-07"))
    found = {each.id: each for each in desks.manager.ask(workload)}
    for person, each in found.items():
        chosen = {"owner_id": person} if person is not None else {"unassigned": True}
        assert each.open == desks.manager.ask(queue, QueueFilter(**chosen)).count
        assert each.overdue == desks.manager.ask(queue, QueueFilter(**chosen, overdue=True)).count
        week = QueueFilter(**chosen, due_from=day("2026-09-08"), due_until=day("2026-09-14"))
        assert each.week == desks.manager.ask(queue, week).count
        today = QueueFilter(**chosen, due_from=START, due_until=START)
        assert each.today == desks.manager.ask(queue, today).count
    assert sum(each.open for each in found.values()) == desks.manager.ask(queue, QueueFilter()).count == 3
    hana = found[desks.handler.actor.id]
    assert (hana.name, hana.role, hana.open, hana.oldest, hana.oldest_on) == (
        "Hana Handler", "handler", 2, oldest, day("2026-08-03"),
    )  # fmt: skip


def test_9_8_whoever_has_not_acknowledged_the_objective_is_listed(story: Story, desks: Desks) -> None:
    """Everybody for themselves, each year; of Members it is not asked [lgsco:9.8]."""
    with refused(story, BadInput, "Tick that you have read the three parts"):
        desks.handler.do(AcknowledgeObjective())
    with refused(story, StepNotOpen, "for themselves"):
        desks.system.do(AcknowledgeObjective(agreed=True))
    done = desks.handler.do(AcknowledgeObjective(agreed=True))
    assert done.sentences[0].startswith("Hana Handler works by the objective")
    with refused(story, StepNotOpen, "today already"):
        desks.handler.do(AcknowledgeObjective(agreed=True))

    def missing() -> set[str]:
        people = desks.manager.ask(training_list)
        return {each.name for each in people if each.objective and each.objective.stands is not InDate.HOLDS}

    assert {"Hugo Handler", "Ada Administrator"} <= missing()
    assert not {"Hana Handler", "Mel Member"} & missing()
    story.on(day("2027-09-08"))
    assert "Hana Handler" in missing()


def about_a_contractor(story: Story, name: str = "Tidy Streets Ltd", **fields: object) -> str:
    """A complaint about a contractor is taken in."""
    return story.record(respondent=Respondent.CONTRACTOR, respondent_name=name, **fields)


def test_6_22_a_contractors_complaints_come_to_figures_of_its_own(story: Story, desks: Desks) -> None:
    """In time and late, upheld, asked late, learned from; however its name was written [lgsco:6.22]."""
    assert desks.manager.ask(contractor_scorecard) == ()
    first = about_a_contractor(story)
    story.acknowledge(first)
    asked = {"name": "Col Contractor", "organisation": "Tidy Streets Ltd", "due_on": day("2026-09-21")}
    story.question(first, **asked)
    story.assign(first)
    story.respond(first)
    about_a_contractor(story, " tidy streets LTD ")
    hidden = about_a_contractor(story, "Secret Cars")
    story.keep_confidential(hidden)
    story.record()
    story.on(day("2026-12-01"))
    (found,) = desks.member.ask(contractor_scorecard)
    assert (found.name.casefold().strip(), found.complaints) == ("tidy streets ltd", 2)
    assert (found.acknowledged_in_time, found.acknowledged_late) == (1, 1)
    assert (found.answered_in_time, found.answered_late) == (1, 1)
    assert (found.decided, found.upheld, found.asked, found.asked_late) == (1, 1, 1, 1)
    assert desks.member.ask(contractor_scorecard, until=day("2026-01-01")) == ()
    assert desks.member.ask(contractor_scorecard, since=day("2027-01-01")) == ()


def test_6_22_a_contractors_agreement_is_asked_each_year(story: Story, desks: Desks) -> None:
    about_a_contractor(story)
    (named,) = desks.manager.ask(contractors_agreed)
    assert (named.name, named.renewal.stands) == ("Tidy Streets Ltd", InDate.NEVER)
    told = {"acknowledged_on": START, "signed_by": "Con Director", "evidence": "Clause 14"}
    with refused(story, BadInput, "has not come yet"):
        desks.manager.do(RecordContractorObjective(contractor="A", signed_by="B", acknowledged_on=day("2027-01-01")))
    story.on(START)
    desks.manager.do(RecordContractorObjective(contractor="TIDY STREETS LTD", **told))
    (named,) = desks.manager.ask(contractors_agreed)
    assert (named.signed_by, named.renewal.stands) == ("Con Director", InDate.HOLDS)


def test_4_1_a_post_of_somebody_who_left_stands_empty(story: Story, desks: Desks) -> None:
    """Their appointment is to be ended; until then the list says that they are not here any more."""
    appoint(story, Post.OFFICER, desks.other_handler)
    assert not at(desks.handler, Post.OFFICER).empty
    desks.administrator.do(RecordLeaver(colleague_id=desks.other_handler.actor.id, successor_id=None))
    view = at(desks.handler, Post.OFFICER)
    assert (view.empty, [each.left for each in view.holders]) == (True, [True])
