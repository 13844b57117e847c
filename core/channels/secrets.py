"""Passwords, second factors and tokens: made, kept and checked so that a copy of the database opens nothing."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import threading
import unicodedata
from datetime import datetime
from functools import cache

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from cryptography.fernet import Fernet, InvalidToken

from core.errors import BadInput, NotReady

SHORTEST, LONGEST = 12, 256
_TOKEN_BYTES = 32
_STEP_SECONDS = 30
# The least that is recommended for argon2id: it keeps sign-in attacks from starving a small server.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_TURNS = threading.BoundedSemaphore(2)
"""At most two passwords are checked at once; the others wait, so that pages still get their share of the machine."""


def new_token() -> tuple[str, str]:
    """A secret for an address or a cookie (256 random bits), and the hash that is kept of it."""
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    return token, token_hash(token)


def token_hash(token: str) -> str:
    """What is kept of a token: 64 hexadecimal characters that do not lead back to it."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def check_new_password(password: str, *, about: tuple[str, ...] = ()) -> str:
    """A password somebody chose, ready to be hashed.

    Twelve characters or more, not among the common ones, not made of the person's own names; nothing else is asked.
    Raises BadInput with the sentence that says what to change.
    """
    chosen = unicodedata.normalize("NFC", password)
    if len(chosen) < SHORTEST:
        raise BadInput(f"Choose a password of at least {SHORTEST} characters. Several words in a row are good.")
    if len(chosen) > LONGEST:
        raise BadInput(f"Choose a password of at most {LONGEST} characters.")
    folded = chosen.casefold()
    if folded in common_passwords() or len(set(folded)) < SHORTEST // 3:
        raise BadInput("That password is among the first that anybody would try. Choose another.")
    bare = folded
    for name in about:
        for part in name.casefold().replace("@", " ").replace(".", " ").split():
            if len(part) >= SHORTEST // 3:
                bare = bare.replace(part, "")
    if len(bare) < SHORTEST // 2:
        raise BadInput("That password is made of your own names. Choose another.")
    return chosen


@cache
def common_passwords() -> frozenset[str]:
    """Passwords and words that are tried first; only those long enough to be chosen here."""
    from zxcvbn.frequency_lists import FREQUENCY_LISTS  # large, and needed only when a password is chosen

    words = {word.casefold() for listed in FREQUENCY_LISTS.values() for word in listed}
    doubled = {word * times for word in words if len(word) >= SHORTEST // 3 for times in (2, 3)}
    return frozenset(word for word in words | doubled if len(word) >= SHORTEST)


def hash_password(password: str) -> str:
    """A password's hash (argon2id), salted."""
    with _TURNS:
        return _HASHER.hash(password.encode("utf-8", "surrogatepass"))


@cache
def _nobodys_hash() -> str:
    return _HASHER.hash(secrets.token_hex())


def password_fits(password: str, kept: str | None) -> bool:
    """Whether a password is the one that was hashed; as slow for a name that does not exist."""
    given = unicodedata.normalize("NFC", password[: LONGEST * 4]).encode("utf-8", "surrogatepass")
    with _TURNS:
        try:
            return _HASHER.verify(kept or _nobodys_hash(), given) and kept is not None
        except (Argon2Error, InvalidHashError):
            return False


def new_totp_secret() -> str:
    """A secret for an authenticator app."""
    return str(pyotp.random_base32())


def totp_address(secret: str, *, name: str, issuer: str) -> str:
    """The address that an authenticator app reads from a picture."""
    return str(pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=issuer))


def totp_step(secret: str, code: str, *, at: datetime, after: int) -> int | None:
    """The time step of a right code, one step early or late at most; None for a wrong or used one.

    `after` is the last step used: its code, and any before it, works no more.
    """
    given = "".join(code.split()).encode("utf-8", "replace")
    now = int(at.timestamp()) // _STEP_SECONDS
    for step in (now - 1, now, now + 1):
        right = hmac.compare_digest(pyotp.TOTP(secret).at(step * _STEP_SECONDS).encode(), given)
        if right and step > after:
            return step
    return None


def _box(key: bytes) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hmac.new(key, b"second factors", hashlib.sha256).digest()))


def seal(secret: str, *, key: bytes) -> str:
    """A secret locked with the installation's key, fit for the database."""
    return _box(key).encrypt(secret.encode()).decode("ascii")


def unseal(sealed: str, *, key: bytes) -> str:
    """A locked secret again; NotReady when it was locked with another key."""
    try:
        return _box(key).decrypt(sealed.encode("ascii")).decode()
    except InvalidToken as error:
        raise NotReady("A second factor was kept under another key. Ask the administrator for a new link.") from error


def name_hash(name: str, *, key: bytes) -> str:
    """A sign-in name as it is counted among failures: people type passwords into that field."""
    folded = unicodedata.normalize("NFKC", name).casefold().strip()
    return hmac.new(key, b"name:" + folded.encode("utf-8", "replace"), hashlib.sha256).hexdigest()
