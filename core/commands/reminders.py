"""Reminders of what is due, by e-mail to colleagues: ChooseReminders."""

from __future__ import annotations

from collections.abc import Sequence

from core.channels.outgoing import is_address
from core.commands.base import Command, Work, asks, handles
from core.errors import BadInput
from core.events.base import Event
from core.events.notices import RemindersChosen
from core.model.reminders import ReminderChoice
from core.permissions import Permission


class ChooseReminders(Command):
    """Choose where to be reminded of what is due, or not to be."""

    needs = Permission.OWN
    title = "Change my reminders"
    gist = "They hold references and what is due, and no name or word of a complaint."

    wanted: bool = asks("Remind me by e-mail of what is due", widget="tick", default=True)
    address: str = asks(
        "At this address", help="Empty for your sign-in name, where that is an address.", default="", max_length=254
    )


@handles(ChooseReminders)
def choose_reminders(command: ChooseReminders, work: Work) -> Sequence[Event]:
    """Keep where a colleague is reminded, and whether; BadInput for what is no e-mail address."""
    if command.address and not is_address(command.address):
        raise BadInput(
            "That is no e-mail address. Type it as you would in an e-mail.", {"address": "This is no e-mail address."}
        )
    work.session.merge(ReminderChoice(colleague_id=work.actor.id, address=command.address, wanted=command.wanted))
    return [RemindersChosen(colleague=work.actor.name, wanted=command.wanted, address=command.address)]
