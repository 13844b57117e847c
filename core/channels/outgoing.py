"""A message on its way out, and the two ways in which it may not go: later, or not at all.

The id is given before the first try and stays the same at every other, so that the message can be recognised where it
arrives. Sending twice is possible (a line may break after the last word), sending never without a trace is not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

SOON = 60  # seconds until the next try where a server is busy or away
LATER = 900  # where it asked for patience
SET_UP = 3_600  # where nothing will change before somebody changes the set-up
_OWN_MACHINE = {"localhost", "127.0.0.1", "::1"}
_LONGEST = 254  # characters of an address, as mail servers take them
_LABEL = r"[^\W_]([\w-]{0,61}[^\W_])?"
_ADDRESS = re.compile(rf"[^@\s,;:<>()\[\]\"\\]{{1,64}}@({_LABEL}\.)+(?!\d+$){_LABEL}")
_ID = re.compile(r"[A-Za-z0-9._=+-]{1,120}@[A-Za-z0-9.-]{1,120}")


class TryLater(Exception):
    """The message did not go and may go later: after `seconds`, for a reason in the text (for whoever runs this)."""

    def __init__(self, why: str, *, seconds: int) -> None:
        super().__init__(why)
        self.seconds = seconds


class Undeliverable(Exception):
    """The message will never go as it is; the text is the sentence the officer reads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file that goes along: its name, media type and bytes."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """One message to one address, as plain text with files. `message_id` is without its angle brackets.

    `automatic` asks the programs that receive it not to answer by themselves.
    """

    message_id: str
    to: str
    subject: str
    text: str
    attachments: tuple[Attachment, ...] = ()
    automatic: bool = False


def check_message(message: Outgoing) -> None:
    """Raise Undeliverable for an address that is none, a subject of more than one line, or a message without words.

    A message id that is none is a mistake of ours and a RuntimeError.
    """
    if not _ID.fullmatch(message.message_id):
        raise RuntimeError("The message id is none.")
    if not is_address(message.to):
        raise Undeliverable("The e-mail address is not one. Correct it, or send the letter by post.")
    if any(sign in message.subject for sign in "\r\n\0") or not message.subject.strip():
        raise Undeliverable("The subject of an e-mail is one line. Write it anew and send again.")
    if not message.text.strip():
        raise Undeliverable("The e-mail has no text. Write what it should say and send again.")


def is_address(text: str) -> bool:
    """Whether this is one e-mail address and nothing else: no name, no list, no line break."""
    return len(text) <= _LONGEST and text.isprintable() and _ADDRESS.fullmatch(text) is not None


def on_own_machine(host: str) -> bool:
    """Whether a host is this machine, to which words may go without TLS."""
    return host.lower() in _OWN_MACHINE


def safe_place(url: str) -> bool:
    """Whether words may be sent to this address: https, or http on this machine."""
    parts = urlsplit(url)
    return bool(parts.hostname) and (
        parts.scheme == "https" or (parts.scheme == "http" and on_own_machine(parts.hostname or ""))
    )
