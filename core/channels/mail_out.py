"""Sends one message by SMTP, over TLS, and says plainly what became of it."""

from __future__ import annotations

import contextlib
import smtplib
import ssl
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Literal

from core.channels.files import clean_name
from core.channels.outgoing import (
    LATER,
    SET_UP,
    SOON,
    Outgoing,
    TryLater,
    Undeliverable,
    check_message,
    on_own_machine,
)

PATIENCE = 30  # seconds for each answer of the server


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """The council's mail server. `security`: tls from the first byte, starttls, or none (on this machine alone)."""

    host: str
    port: int
    sender: str
    security: Literal["tls", "starttls", "none"] = "starttls"
    user: str = ""
    password: str = ""
    authority: str | None = None  # a file of certificates, where the server's own is not a public one


def send_by_smtp(message: Outgoing, server: MailServer, *, sent_at: datetime) -> str:
    """Hand one message to the mail server; gives the message id under which it goes.

    Raises Undeliverable with a sentence when it will never go as it is, TryLater for everything else. A server that
    cannot be trusted or offers no TLS is TryLater: nothing is said to it.
    """
    check_message(message)
    if server.security == "none" and not on_own_machine(server.host):
        raise TryLater("Mail goes to another machine over TLS only; set the mail server's security.", seconds=SET_UP)
    beyond = not message.to.isascii()
    letter = composed(message, sender=server.sender, sent_at=sent_at).as_bytes(policy=SMTP.clone(utf8=beyond))
    try:
        line = _connected(server)
        try:
            if server.user:
                line.login(server.user, server.password)
            # As bytes: send_message() would put ">" before every line of the text that begins with "From".
            line.sendmail(server.sender, [message.to], letter, ("SMTPUTF8", "BODY=8BITMIME") if beyond else ())
            _part(line)
        finally:
            line.close()
    except smtplib.SMTPNotSupportedError as error:
        if beyond:
            raise Undeliverable(
                "The mail server does not take an address with letters like these. Check it, or send it by post."
            ) from error
        raise _what_became(error) from error
    except smtplib.SMTPException as error:
        raise _what_became(error) from error
    except ssl.SSLError as error:
        raise TryLater("The mail server could not prove who it is.", seconds=SET_UP) from error
    except OSError as error:
        raise TryLater("The mail server cannot be reached.", seconds=SOON) from error
    return message.message_id


def composed(message: Outgoing, *, sender: str, sent_at: datetime) -> EmailMessage:
    """The message as it travels: plain text in UTF-8, its files beside it under safe names."""
    letter = EmailMessage(policy=SMTP)
    letter["From"] = sender
    letter["To"] = message.to
    letter["Subject"] = message.subject
    letter["Date"] = format_datetime(sent_at)
    letter["Message-ID"] = f"<{message.message_id}>"
    if message.automatic:
        letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(message.text, cte="quoted-printable")
    for each in message.attachments:
        main, _, kind = each.media_type.partition("/")
        letter.add_attachment(each.content, maintype=main, subtype=kind, filename=clean_name(each.name))
    return letter


def _connected(server: MailServer) -> smtplib.SMTP:
    """A line to the server on which nothing is said before it is safe."""
    if server.security == "tls":
        trusted = ssl.create_default_context(cafile=server.authority)
        return smtplib.SMTP_SSL(server.host, server.port, timeout=PATIENCE, context=trusted)
    line = smtplib.SMTP(server.host, server.port, timeout=PATIENCE)
    if server.security == "starttls":
        try:
            line.starttls(context=ssl.create_default_context(cafile=server.authority))
        except BaseException:
            line.close()
            raise
    return line


def _part(line: smtplib.SMTP) -> None:
    """Say goodbye; the message has gone, so what is said to that does not matter."""
    with contextlib.suppress(smtplib.SMTPException, OSError):
        line.quit()


def _what_became(error: smtplib.SMTPException) -> TryLater | Undeliverable:
    """What the server's refusal means for the message: never as it is, or later."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code = max(code for code, _ in error.recipients.values())
        if code >= 500:
            return Undeliverable("The mail server does not take this address. Check it, or send the letter by post.")
        return TryLater(f"The mail server does not take this address just now ({code}).", seconds=LATER)
    if isinstance(error, smtplib.SMTPDataError):
        if error.smtp_code == 552:
            return Undeliverable("The e-mail is too large for the mail server. Send it without files, or by post.")
        if error.smtp_code >= 500:
            return Undeliverable("The mail server refused the e-mail. Ask whoever runs it, or send the letter by post.")
        return TryLater(f"The mail server put the e-mail off ({error.smtp_code}).", seconds=LATER)
    if isinstance(error, smtplib.SMTPSenderRefused):
        if error.smtp_code == 552:
            return Undeliverable("The e-mail is too large for the mail server. Send it without files, or by post.")
        seconds = SET_UP if error.smtp_code >= 500 else LATER
        return TryLater(f"The mail server refused the sender or its size ({error.smtp_code}).", seconds=seconds)
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return TryLater(f"The mail server refused the sign-in ({error.smtp_code}).", seconds=SET_UP)
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return TryLater(
            "The mail server lacks what is needed: TLS, a sign-in, or letters beyond ASCII.", seconds=SET_UP
        )
    return TryLater("The mail server broke off.", seconds=SOON)
