"""Sends one message by GOV.UK Notify, through a template of ((subject)) above and ((text)) and ((file)) below.

A message's id is its reference there. Notify is asked first whether it has that reference, so that a message whose
answer was lost on the way is not sent twice, and what its template holds, because Notify drops in silence whatever a
template does not name.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx2

from core.channels.files import clean_name
from core.channels.outgoing import (
    LATER,
    SET_UP,
    SOON,
    Outgoing,
    TryLater,
    Undeliverable,
    check_message,
    safe_place,
)

PATIENCE = 30  # seconds for each answer
LARGEST_FILE = 2_000_000  # bytes, as Notify takes them
KEPT = "26 weeks"  # how long Notify keeps a file for its addressee
_KEY = re.compile(r".*?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")
_PATH = "/v2/notifications"


@dataclass(frozen=True, slots=True, kw_only=True)
class NotifyService:
    """The council's service at Notify: its API key, the template letters go through, and where Notify is."""

    api_key: str
    template_id: str  # of a template for e-mails
    base_url: str = "https://api.notifications.service.gov.uk"


def send_by_notify(message: Outgoing, service: NotifyService, *, sent_at: datetime) -> str:
    """Hand one message to Notify; gives the id it has there, also when it has it since an earlier try.

    At most one file goes along, as a link that asks for the address again. Raises Undeliverable with a sentence when
    the message will never go as it is, TryLater for everything else.
    """
    check_message(message)
    asked: dict[str, Any] = {
        "email_address": message.to,
        "template_id": service.template_id,
        "reference": message.message_id,
        "personalisation": {"subject": message.subject, "text": message.text, **_file(message)},
    }
    if not safe_place(service.base_url):
        raise TryLater("Notify is reached over https only; set its address.", seconds=SET_UP)
    headers = {"Authorization": f"Bearer {token(service.api_key, sent_at)}"}
    try:
        with httpx2.Client(
            base_url=service.base_url, headers=headers, timeout=PATIENCE, follow_redirects=False
        ) as line:
            earlier = _answer(line.get(_PATH, params={"reference": message.message_id}))
            if known := earlier.get("notifications"):
                return str(known[0]["id"])
            _check_template(_answer(line.get(f"/v2/template/{service.template_id}")), asked["personalisation"])
            return str(_answer(line.post(f"{_PATH}/email", json=asked))["id"])
    except httpx2.HTTPError as error:
        raise TryLater("Notify cannot be reached.", seconds=SOON) from error
    except (KeyError, TypeError, IndexError, ValueError) as error:
        raise TryLater("Notify answered something that was not understood.", seconds=LATER) from error


def token(api_key: str, now: datetime) -> str:
    """The signed token that Notify asks for, good for half a minute around `now`.

    Raises TryLater for a key that is none; nothing of the key is in its text.
    """
    found = _KEY.fullmatch(api_key.strip())
    if found is None:
        raise TryLater("The API key for Notify is not whole. Copy it anew.", seconds=SET_UP)
    service, secret = found.groups()
    parts = ({"typ": "JWT", "alg": "HS256"}, {"iss": service, "iat": int(now.timestamp())})
    said = b".".join(_encoded(json.dumps(part).encode()) for part in parts)
    signature = hmac.new(secret.encode(), said, hashlib.sha256).digest()
    return b".".join((said, _encoded(signature))).decode("ascii")


def _encoded(raw: bytes) -> bytes:
    """Bytes in the alphabet of tokens."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=")


def _check_template(template: dict[str, Any], personal: dict[str, Any]) -> None:
    """Raise TryLater when Notify's template would drop something of the message."""
    holds = f"{template['subject']}\n{template['body']}"
    missing = [name for name in personal if not re.search(rf"\(\({name}\)\)", holds, re.IGNORECASE)]
    if missing:
        raise TryLater(f"The template at Notify lacks (({missing[0]})). Add it there.", seconds=SET_UP)


def _file(message: Outgoing) -> dict[str, Any]:
    """The file that goes along, as Notify wants it; raises Undeliverable for more than one or too large a one."""
    if not message.attachments:
        return {}
    if len(message.attachments) > 1:
        raise Undeliverable("GOV.UK Notify takes one file with an e-mail. Send the others by themselves, or by post.")
    (file,) = message.attachments
    if len(file.content) > LARGEST_FILE:
        raise Undeliverable(
            f"GOV.UK Notify takes files of up to {LARGEST_FILE // 1_000_000} MB. Send a smaller one, or by post."
        )
    held = base64.b64encode(file.content).decode("ascii")
    name = clean_name(file.name)[-100:]
    return {"file": {"file": held, "filename": name, "confirm_email_before_download": True, "retention_period": KEPT}}


def _answer(response: httpx2.Response) -> dict[str, Any]:
    """What Notify said; raises Undeliverable or TryLater for a refusal, ValueError for what is no answer of it."""
    if response.status_code in (200, 201):
        said = response.json()
        if not isinstance(said, dict):
            raise ValueError("no object")
        return said
    errors = _errors(response)
    if response.status_code == 400 and any("email_address" in message for _, message in errors):
        raise Undeliverable("GOV.UK Notify does not take this address. Check it, or send the letter by post.")
    if response.status_code == 413:
        raise Undeliverable("The e-mail is too large for GOV.UK Notify. Send it without files, or by post.")
    kinds = ", ".join(kind for kind, _ in errors) or "no reason"
    why = f"Notify refused with {response.status_code} ({kinds})."
    if response.status_code == 429:
        daily = any(kind == "TooManyRequestsError" for kind, _ in errors)
        raise TryLater(why, seconds=SET_UP if daily else _wait(response))
    raise TryLater(why, seconds=SOON if response.status_code >= 500 else SET_UP)


def _errors(response: httpx2.Response) -> list[tuple[str, str]]:
    """The kinds and messages of a refusal; none where it is not Notify's own."""
    try:
        listed = response.json()["errors"]
        return [(str(each["error"])[:60], str(each["message"])) for each in listed]
    except (ValueError, KeyError, TypeError):
        return []


def _wait(response: httpx2.Response) -> int:
    """How many seconds it asks to wait, within an hour."""
    told = response.headers.get("Retry-After", "")
    return min(max(int(told), 1), SET_UP) if told.isascii() and told.isdigit() else SOON
