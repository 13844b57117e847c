"""A mail server that runs here and takes whatever it is told to take, and letters to send to it."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope, Session

from core.commands.letters import LetterKind, WriteLetter
from core.commands.letters_going_out import SendLetter
from core.commands.stage_one import Acknowledge
from core.desk import Desk, Office
from core.outbox import queue_letter
from core.queries.letters import letter_view
from tests.builders import Story

SENDER = "complaints@sampleton.example"


class Postbox:
    """A mail server's answers: takes everything unless told what to say to one address, or to all by ""."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.taken: list[EmailMessage] = []
        self.says: dict[str, str] = {}

    async def handle_DATA(self, _server: Any, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        refusal = self.says.get(envelope.rcpt_tos[0], self.says.get(""))
        if refusal is None:
            content = cast(bytes, envelope.content)
            self.taken.append(cast(EmailMessage, message_from_bytes(content, policy=default)))
        return refusal or "250 OK"

    @property
    def ids(self) -> list[str]:
        """The Message-IDs of what arrived, in order."""
        return [str(letter["Message-ID"]) for letter in self.taken]


def free_port() -> int:
    """A port of this machine that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def a_mail_server() -> Iterator[Postbox]:
    """A mail server on this machine, for as long as it is needed."""
    box = Postbox(free_port())
    controller = Controller(box, hostname="127.0.0.1", port=box.port)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()


def sends_by_smtp(office: Office, port: int) -> None:
    """Let an office send through the mail server at a port."""
    told = {"smtp_host": "127.0.0.1", "smtp_port": port, "smtp_security": "none", "smtp_sender": SENDER}
    office.settings = office.settings.model_copy(update=told)


def written(story: Story, reference: str, kind: LetterKind) -> int:
    """A letter with every part written; its number."""
    letter_id = story.draft(reference, kind)
    view = story.desks.handler.ask(letter_view, letter_id)
    parts = tuple({"content": part.content, "text": f"Written: {part.title}."} for part in view.parts)
    told = {"reference": reference, "letter_id": letter_id, "addressee": "Sam Sample\n1 Sample Close"}
    story.desks.handler.do(WriteLetter(**told, parts=parts))
    return letter_id


def acknowledgement(story: Story, reference: str, letter_id: int, **fields: Any) -> Acknowledge:
    """The step that the letter of acknowledgement goes out with, taken today."""
    given = {"acknowledged_on": story.clock.now.date(), "understanding": "Missed bins"}
    return Acknowledge(reference=reference, letter_id=letter_id, **(given | fields))


def queue_acknowledgement(story: Story, *, by: Desk | None = None, **record: Any) -> tuple[str, int]:
    """A complaint whose acknowledgement somebody gave to go by e-mail; its reference and the letter's number."""
    reference = story.record(**record)
    letter_id = written(story, reference, LetterKind.ACKNOWLEDGEMENT)
    queue_letter(by or story.desks.handler, acknowledgement(story, reference, letter_id))
    return reference, letter_id


def queue_update(story: Story, reference: str) -> int:
    """A letter that belongs to no step, given to go by e-mail; its number."""
    letter_id = written(story, reference, LetterKind.UPDATE)
    today = story.clock.now.date()
    queue_letter(story.desks.handler, SendLetter(reference=reference, letter_id=letter_id, sent_on=today))
    return letter_id
