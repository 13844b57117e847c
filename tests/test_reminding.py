"""Reminders: once for each person and working day, by what the person may see, and no name or word of a complaint."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from core import reminding
from core.commands.accounts import RecordLeaver
from core.commands.letters import LetterKind, PrepareLetter
from core.commands.reminders import ChooseReminders
from core.desk import Desk, Office
from core.errors import BadInput
from core.noticing import keep_noticed
from core.permissions import Role
from core.queries.reminders import managers_week, my_morning, own_reminders
from core.reminding import Reminded, choose, remind
from core.store import reminders as rows
from tests.builders import ANSWER_DUE, EXTENSION_LIMIT, Story, day
from tests.mail import Postbox, a_mail_server, free_port, sends_by_smtp
from tests.people import joined

DAY = timedelta(days=1)
HANA, MONA = "hana@sampleton.example", "mona@sampleton.example"
DUE = ANSWER_DUE  # a Monday
NAMES = ("Sam Sample", "sam@sample.example", "Missed bin", "bins in our close", "Waste and recycling")


@pytest.fixture
def postbox(office: Office) -> Iterator[Postbox]:
    """A mail server that the office sends through."""
    with a_mail_server() as box:
        sends_by_smtp(office, box.port)
        yield box


@pytest.fixture
def hana(story: Story, postbox: Postbox) -> Desk:
    """A handler who is reminded."""
    choose(story.desks.handler, ChooseReminders(address=HANA))
    return story.desks.handler


def in_hand(story: Story) -> str:
    """A complaint that the handler considers; its reference."""
    reference = story.acknowledged()
    story.assign(reference)
    return reference


def body(message: Any) -> str:
    found = message.get_body()
    assert found is not None
    text: str = found.get_content()
    return text


def of(desk: Desk, query: Any = my_morning) -> dict[str, tuple[str, ...]]:
    """A reminder's lists by their titles."""
    return {section.title: section.lines for section in desk.ask(query)}


def test_a_morning_lists_references_and_duties_and_no_name_or_word(story: Story, hana: Desk, postbox: Postbox) -> None:
    reference = in_hand(story)
    story.message(reference, what="Rang about the bins in our close.")
    keep_noticed(story.on(DUE).office)
    assert remind(story.office) == Reminded(sent=1)
    (message,) = postbox.taken
    said = body(message)
    assert (message["To"], message["Auto-Submitted"]) == (HANA, "auto-generated")
    assert message["Subject"] == "Complaints today: due today: 1, messages that wait for your reply: 1"
    assert f"- {reference}: Respond at stage 1 (6.3), due today" in said
    assert f"- {reference}: Extension of stage 1" in said
    assert "/my-cases" in said and "/my-account" in said
    assert not [each for each in NAMES if each in said + message["Subject"]]


def test_each_person_is_reminded_once_a_working_day_whatever_restarts(
    story: Story, hana: Desk, postbox: Postbox
) -> None:
    in_hand(story)
    for hour in (6, 9, 17):
        remind(story.on(DUE, hour=hour).office)
    assert len(postbox.taken) == 1
    remind(story.on(DUE + DAY).office)
    assert [message["Subject"] for message in postbox.taken] == [
        "Complaints today: due today: 1", "Complaints today: overdue: 1",
    ]  # fmt: skip
    assert len(set(postbox.ids)) == 2


def test_reminders_go_from_seven_in_london_on_working_days_alone(story: Story, hana: Desk, postbox: Postbox) -> None:
    in_hand(story)
    moments = (
        (datetime(2026, 9, 26, 9, 0, tzinfo=UTC), 0),  # a Saturday
        (datetime(2026, 9, 28, 5, 59, tzinfo=UTC), 0),  # 06:59 in London, in summer
        (datetime(2026, 9, 28, 6, 0, tzinfo=UTC), 1),
        (datetime(2026, 12, 24, 6, 59, tzinfo=UTC), 0),  # the same in winter
        (datetime(2026, 12, 25, 9, 0, tzinfo=UTC), 0),
    )
    for moment, sent in moments:
        story.clock.now = moment
        assert remind(story.office).sent == sent


def test_nothing_due_is_no_message_and_is_looked_at_once_that_day(story: Story, hana: Desk, postbox: Postbox) -> None:
    assert remind(story.on(DUE, hour=8).office) == Reminded()
    story.assign(story.acknowledged())
    assert remind(story.on(DUE, hour=12).office) == Reminded() and postbox.taken == []
    assert [row["state"] for row in story.rows("reminder")] == ["nothing"]


def test_a_killed_process_repeats_the_same_message_id(
    story: Story, hana: Desk, postbox: Postbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        """Stands for kill -9 between the server's answer and our note."""

    def killed(*_: object, **__: object) -> None:
        raise Killed

    in_hand(story)
    with monkeypatch.context() as patched:
        patched.setattr(rows, "settle", killed)
        with pytest.raises(Killed):
            remind(story.on(DUE).office)
    assert remind(story.office) == Reminded()
    story.clock.now += timedelta(seconds=reminding.LEASE + 1)
    assert remind(story.office) == Reminded(sent=1)
    assert len(postbox.taken) == 2 and len(set(postbox.ids)) == 1


def test_a_server_that_is_away_is_asked_again_and_never_for_yesterday(
    story: Story, hana: Desk, postbox: Postbox
) -> None:
    in_hand(story)
    sends_by_smtp(story.office, free_port())
    assert remind(story.on(DUE).office) == Reminded(put_off=1)
    assert remind(story.office) == Reminded()
    sends_by_smtp(story.office, postbox.port)
    assert remind(story.on(DUE + DAY).office) == Reminded(sent=1)
    assert [(row["day"], row["state"]) for row in story.rows("reminder")] == [(DUE, "dropped"), (DUE + DAY, "sent")]


def test_a_refused_address_is_given_up_and_its_owner_reads_so(story: Story, hana: Desk, postbox: Postbox) -> None:
    in_hand(story)
    postbox.says[HANA] = "550 No such mailbox"
    assert remind(story.on(DUE).office) == Reminded(dropped=1)
    assert "could not be delivered" in hana.ask(own_reminders).trouble


def test_a_fault_of_ours_with_one_does_not_hold_up_the_others(
    story: Story, hana: Desk, postbox: Postbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(story.desks.other_handler, ChooseReminders(address="hugo@sampleton.example"))
    story.assign(in_hand(story), story.desks.other_handler)
    in_hand(story)
    first = iter([True])
    message = reminding._message

    def broken(*given: Any) -> Any:
        if next(first, False):
            raise RuntimeError("a mistake of ours")
        return message(*given)

    monkeypatch.setattr(reminding, "_message", broken)
    faults: list[Exception] = []
    assert remind(story.on(DUE).office, on_fault=faults.append) == Reminded(sent=1)
    assert len(faults) == 1


def test_everybody_can_switch_it_off_and_a_leaver_is_reminded_no_more(
    story: Story, hana: Desk, postbox: Postbox
) -> None:
    in_hand(story)
    hana.do(ChooseReminders(wanted=False, address=HANA))
    assert remind(story.on(DUE).office) == Reminded()
    assert "switched your reminders off" in hana.ask(own_reminders).trouble
    hana.do(ChooseReminders(wanted=True, address=HANA))
    assert remind(story.office) == Reminded(sent=1)
    story.desks.administrator.do(RecordLeaver(colleague_id=hana.actor.id, successor_id=None))
    assert remind(story.on(DUE + DAY).office) == Reminded() and story.rows("reminder_choice") == []


def test_the_sign_in_name_counts_where_it_is_an_address_of_the_organisation(story: Story, postbox: Postbox) -> None:
    new = joined(story.office, "nia", Role.HANDLER)  # nia@sample.example
    in_hand(story)
    reference = story.record()
    story.assign(reference, new)
    assert remind(story.on(DUE).office) == Reminded()
    assert "stay within the organisation" in new.ask(own_reminders).trouble
    told = {"reminder_domains": "council.example, Sample.Example"}
    story.office.settings = story.office.settings.model_copy(update=told)
    assert remind(story.office) == Reminded(sent=1)
    assert postbox.taken[0]["To"] == "nia@sample.example"


def test_an_address_that_is_none_or_is_outside_is_refused(story: Story) -> None:
    told = {"smtp_host": "127.0.0.1", "smtp_sender": "complaints@sampleton.example"}
    outside = "hana@elsewhere.example"
    with pytest.raises(BadInput, match="is not set up here"):
        choose(story.desks.handler, ChooseReminders(address=outside))
    story.office.settings = story.office.settings.model_copy(update=told)
    refused = {"hana": "no e-mail address", f"{HANA},": "no e-mail address", outside: "of sampleton.example alone"}
    for address, said in refused.items():
        with pytest.raises(BadInput, match=said):
            choose(story.desks.handler, ChooseReminders(address=address))
    assert story.rows("reminder_choice") == []


def test_a_case_that_the_person_may_not_see_is_in_no_reminder(story: Story) -> None:
    reference = in_hand(story)
    once = story.desks.other_handler
    once.do(PrepareLetter(reference=reference, kind=LetterKind.UPDATE))
    assert of(once) == {"Drafts of letters": (f"{reference}: Update",)}
    story.on(DUE + DAY).keep_confidential(reference, story.desks.reviewer)
    assert of(once) == {} and reference in str(of(story.desks.handler))
    assert reference not in str(of(story.desks.manager, managers_week))


def test_what_was_handed_over_since_the_last_working_day_is_said(story: Story) -> None:
    reference = in_hand(story)
    story.on(day("2026-09-18")).assign(reference, story.desks.other_handler)  # a Friday
    title = "Given to you since the last working day"
    assert of(story.on(day("2026-09-21")).desks.other_handler)[title] == (f"{reference}: stage 1",)
    assert title not in of(story.on(day("2026-09-22")).desks.other_handler)


def test_the_managers_week_holds_what_nobody_explained_and_what_takes_long(story: Story) -> None:
    untold, over, old = in_hand(story), in_hand(story), in_hand(story)
    story.extend(over, EXTENSION_LIMIT + DAY, good_reason="A witness is away.")
    story.adjust(old, review_on=day("2026-10-20"))
    story.on(day("2026-11-03"))
    found = of(story.desks.manager, managers_week)
    late = found["Late, and nobody has told them why"]
    assert [line.partition(":")[0] for line in late] == sorted((untold, old)) + [over]
    assert late[0].startswith(f"{untold}: Respond at stage 1 (6.3), late by")
    assert found["Extended beyond the limit of the Code"] == (f"{over}: until Tue 13 October 2026",)
    assert found["Open for 8 weeks or more"] == (untold, over, old)
    assert found["Reviews that are overdue"][0].startswith(f"{old}: Review an adjustment (5.6), late by")
    assert "Open for 12 weeks or more" not in found


def test_a_manager_gets_the_week_on_its_first_working_day_once(story: Story, postbox: Postbox) -> None:
    choose(story.desks.manager, ChooseReminders(address=MONA))
    in_hand(story)
    remind(story.on(day("2026-10-05")).office)
    remind(story.on(day("2026-10-06")).office)
    assert [message["Subject"] for message in postbox.taken] == [
        "Complaints this week: late, and nobody has told them why: 1"
    ]
    remind(story.on(day("2026-10-12")).office)
    assert len(postbox.taken) == 2


def test_a_long_list_is_cut_and_counted() -> None:
    section = reminding.Section(title="Overdue", lines=tuple(map(str, range(reminding.LONGEST_LIST + 2))))
    shown = reminding._listed(section)
    assert (len(shown), shown[-1]) == (reminding.LONGEST_LIST + 1, "- and 2 others")


def test_rows_older_than_the_setting_are_forgotten(story: Story, hana: Desk, postbox: Postbox) -> None:
    in_hand(story)
    remind(story.on(DUE).office)
    later: date = DUE + timedelta(weeks=20)
    remind(story.on(later).office)
    assert [row["day"] for row in story.rows("reminder")] == [later]
