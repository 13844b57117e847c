"""Letters by e-mail on the screen: the way out, how one that was queued stands, what came back, and what is stuck."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import streamlit as st

from app.ui import badge, keys, moments, notices, places, tables
from app.ui.desk import desk
from app.ui.plain import one_line, plain
from core.commands.base import COMMANDS, Command, LetterStep
from core.desk import Desk, Done
from core.errors import ComplaintsError
from core.outbox import queue_letter
from core.permissions import Permission
from core.queries.letters import LetterView
from core.queries.outbox import OnItsWay, Stuck, WayByMail, letters_on_their_way, stuck_letters, way_by_mail
from core.words import counted, day_words

_BY, _MAIL = "by", "email"
_LONGEST = 90


# ---------------------------------------------------------------------------------------------------------- going out


def by_mail() -> bool:
    """Whether the address says that the letter goes by e-mail."""
    return st.query_params.get(_BY) == _MAIL


def asked_for() -> dict[str, str]:
    """What an address holds that sends a letter by e-mail."""
    return {_BY: _MAIL}


def forget() -> None:
    """Take the way out of the address again."""
    st.query_params.pop(_BY, None)


def takes(here: Desk, command: Command, _along: Any) -> Done:
    """Queue the letter of a step instead of taking the step."""
    return queue_letter(here, command)


def form(given: Mapping[str, Any]) -> dict[str, Any]:
    """What is different in the form of a step whose letter goes by e-mail; nothing for any other."""
    if not by_mail() or "letter_id" not in given:
        return {}
    queueing = COMMANDS["QueueLetter"]
    return {"does": takes, "sends": queueing.title, "says": queueing.gist}


def day_given(step: str, letter: LetterView) -> dict[str, Any]:
    """The day a step need not ask for: the one its letter went by e-mail, or will have gone."""
    kind = COMMANDS[step]
    if not issubclass(kind, LetterStep):
        return {}
    here = desk()
    mail = of(here, letter)
    if mail is not None and mail.went_on is not None:
        st.info(f"It went by e-mail on **{day_words(mail.went_on)}**, so this step is dated that day.")
        return {kind.day_field(): mail.went_on}
    if not by_mail():
        return {}
    to(here.ask(way_by_mail, letter.id), letter)
    return {kind.day_field(): here.office.today(here.office.now())}


def to(way: WayByMail, letter: LetterView) -> None:
    """To which address it will go, before anybody presses."""
    if way.why_not:
        st.warning(plain(way.why_not))
        return
    addressed = one_line(letter.addressee.partition("\n")[0], empty="nobody")
    st.info(
        f"It goes by e-mail to **{one_line(way.address)}**, the address of {one_line(way.name, empty='the individual')}"
        f" on the case. The letter is addressed to {addressed}."
    )


def way_out(way: WayByMail, letter: LetterView, choose: Any) -> None:
    """The way by e-mail beside the others; nothing where no mail server is set up."""
    if way.channel is None:
        return
    if way.why_not:
        st.markdown(plain(way.why_not))
    elif letter.step:
        there = {"ref": letter.reference, "letter": str(letter.id), "step": letter.step, **asked_for()}
        label = f"Send it by e-mail with its step: {COMMANDS[letter.step].title}"
        st.page_link(places.page(places.CASE), label=label, icon=":material/mail:", query_params=there)
    else:
        key = keys.letter_key(f"mail/{letter.id}")
        st.button("Send it by e-mail …", key=key, on_click=choose, args=("SendLetter", _MAIL))


# ------------------------------------------------------------------------------------------------------ how it stands


def of(here: Desk, letter: LetterView) -> OnItsWay | None:
    """How one letter stands that was queued or came back; None for any other."""
    return here.ask(letters_on_their_way, letter.reference).get(letter.id)


def line(mail: OnItsWay) -> str:
    """How a letter stands on its way by e-mail, in words; "" for one that is on record and did not come back."""
    if mail.to_settle and mail.came_back_on is not None:
        return badge.badge(f"came back {day_words(mail.came_back_on)}", "red")
    if mail.failed:
        return f"{badge.badge('did not go by e-mail', 'red')} {one_line(mail.problem)}"
    if mail.accepted and mail.went_on is not None:
        went = f"went by e-mail {day_words(mail.went_on)}"
        return f"{badge.badge(f'{went}, to be recorded', 'red')} {one_line(mail.problem)}" if mail.problem else went
    if mail.being_sent:
        return badge.badge("being sent by e-mail", "blue")
    if not mail.resting or mail.queued_at is None:
        return ""
    if mail.problem and mail.next_try_at is not None:
        after = f"Tried {counted(mail.tries, 'time')}, again {moments.moment(mail.next_try_at)}."
        return f"{badge.badge('has not gone yet', 'orange')} {one_line(mail.problem)} {after}"
    return f"{badge.badge('waits to go by e-mail', 'blue')} since {moments.moment(mail.queued_at)}"


def panel(here: Desk, letter: LetterView, mail: OnItsWay) -> None:
    """A letter that was queued: how it stands, and what can be done about it."""
    st.markdown(f"### On its way\n\n{line(mail)}\n\nTo {one_line(mail.address)}, queued by {one_line(mail.queued_by)}.")
    if not here.may(Permission.HANDLE):
        return
    if mail.accepted:
        if mail.problem:
            _record_by_hand(letter)
        return
    with st.container(horizontal=True):
        for step in ("RetryLetter", "WithdrawLetter") if mail.tries else ("WithdrawLetter",):
            key = keys.letter_key(f"{step}/{letter.id}")
            st.button(
                COMMANDS[step].title, key=key, on_click=_take, args=(here, step, letter), disabled=mail.being_sent
            )
    if mail.being_sent:
        st.markdown("It is being handed to the mail server. Load this page again in a minute.")


def _record_by_hand(letter: LetterView) -> None:
    st.markdown("It has gone; what is left is to put that on record.")
    there = {"ref": letter.reference, "letter": str(letter.id), "step": letter.step or "SendLetter"}
    page = places.page(places.CASE if letter.step else places.LETTER)
    title = COMMANDS[letter.step or "SendLetter"].title
    st.page_link(page, label=f"Put it on record: {title}", icon=":material/task_alt:", query_params=there)


def _take(here: Desk, step: str, letter: LetterView) -> None:
    """One press: the same press twice is the same step, since its name follows from the case as it stands."""
    command_id = str(uuid5(NAMESPACE_URL, f"{letter.reference}/{letter.version}/{step}/{letter.id}"))
    told = {"command_id": command_id, "reference": letter.reference, "letter_id": letter.id}
    try:
        notices.say(here.do(here.form(COMMANDS[step], told)).sentences)
    except ComplaintsError as refusal:
        notices.say([str(refusal)], done=False)


def came_back(here: Desk, letter: LetterView, mail: OnItsWay | None, choose: Any) -> None:
    """Under a letter that went: that it came back and what was done, or the button to say so."""
    if mail is not None and mail.came_back_on is not None:
        told = [f"**It came back on {day_words(mail.came_back_on)}.** {plain(mail.why_back)}"]
        told += [f"What was done: {plain(mail.settled)}"] if mail.settled else []
        st.warning("\n\n".join(told))
    step = "RecordBounce" if mail is None or mail.came_back_on is None else "CloseBounce"
    if here.may(Permission.HANDLE) and (step == "RecordBounce" or (mail is not None and mail.to_settle)):
        key = keys.letter_key(f"{step}/{letter.id}")
        st.button(f"{COMMANDS[step].title} …", key=key, on_click=choose, args=(step,))


def banner(reference: str, on_their_way: Iterable[OnItsWay]) -> None:
    """At the head of a case: each letter that came back or did not get out, and what to do."""
    for mail in on_their_way:
        if mail.to_settle and mail.came_back_on is not None:
            said = (
                f"**A letter came back on {day_words(mail.came_back_on)}: {mail.title}.** {plain(mail.why_back)} "
                "Check the address, reach them another way, then say on the letter what was done."
            )
        elif mail.failed:
            said = f"**A letter did not go by e-mail: {mail.title}.** {plain(mail.problem)}"
        elif mail.accepted and mail.problem:
            said = f"**A letter went by e-mail and is not on record: {mail.title}.** {plain(mail.problem)}"
        else:
            continue
        st.warning(said)
        there = {"ref": reference, "letter": str(mail.letter_id)}
        st.page_link(
            places.page(places.LETTER),
            label=f"Open the letter: {mail.title}",
            icon=":material/mail:",
            query_params=there,
        )


def stuck(here: Desk) -> None:
    """Every letter that does not get on by itself, for whoever looks after the whole."""
    found = here.ask(stuck_letters)
    told = [f"### Letters by e-mail that are stuck: {len(found)}"]
    if not found:
        told.append("Every letter that was given to go by e-mail went, or waits for its first try.")
    rows = [tables.link(each.reference, _stuck_cells(each)) for each in found]
    tables.rows("stuck", "\n\n".join([*told, tables.listed(rows)]))


def _stuck_cells(each: Stuck) -> tuple[str, ...]:
    matter = one_line(each.matter, longest=_LONGEST, empty="No matter given")
    return matter, each.letter.title, line(each.letter)
