"""Asking a ClamAV daemon about a file of evidence, when the installation has one.

The answer is clean only when the scanner received every byte and said so. Everything else, from a refused connection
to an answer nobody understands, is "not scanned" with a sentence, so that nothing passes because the scanner was away.
"""

from __future__ import annotations

import re
import socket
import time
from dataclasses import dataclass
from enum import StrEnum

CHUNK = 65_536  # bytes sent at a time
_LONGEST_REPLY = 4_096  # bytes
_LONGEST_QUOTE = 120  # characters of the scanner's own words


class Verdict(StrEnum):
    """What is known about a file after the scanner was asked."""

    CLEAN = "clean"
    INFECTED = "infected"
    NOT_SCANNED = "not scanned"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """One answer. `signature` names what was found in an infected file; `reason` says why a file was not scanned."""

    verdict: Verdict
    signature: str = ""
    reason: str = ""


def scan(content: bytes, *, address: str, timeout: float) -> Scan:
    """Send the content to the clamd at "host:port" or "unix:/path" and say what it answered.

    `timeout` is in seconds, for the whole conversation; looking up a host name is the system's business. Raises
    nothing: what goes wrong is the reason of a file that was not scanned, in one or two sentences.
    """
    ends_at = time.monotonic() + timeout
    try:
        with _connected(address, ends_at) as line:
            whole = _send(line, content, ends_at)
            return _understood(_reply(line, ends_at), whole=whole)
    except TimeoutError:
        return _not_scanned(
            f"The virus scanner did not answer within {timeout:g} seconds. Ask an administrator whether it is busy."
        )
    except ConnectionRefusedError:
        return _not_scanned("The virus scanner is not running. Ask an administrator to start it.")
    except OSError:
        return _not_scanned("The virus scanner cannot be reached. Ask an administrator to check its address.")
    except ValueError:  # an address that is none, or a host name that cannot be written
        return _not_scanned(
            "The address of the virus scanner is not host:port or unix:/path. Ask an administrator to correct it."
        )


def _not_scanned(reason: str) -> Scan:
    """The answer when there is none."""
    return Scan(verdict=Verdict.NOT_SCANNED, reason=reason)


def _left(ends_at: float) -> float:
    """Seconds left; raises TimeoutError when there are none."""
    seconds = ends_at - time.monotonic()
    if seconds <= 0:
        raise TimeoutError
    return seconds


def _connected(address: str, ends_at: float) -> socket.socket:
    """A connection to the scanner; raises ValueError for an address that is none, OSError when nobody is there."""
    if address.startswith("unix:"):
        path = address.removeprefix("unix:").removeprefix("//")
        if not path.startswith("/") or not hasattr(socket, "AF_UNIX"):
            raise ValueError(address)
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            line.settimeout(_left(ends_at))
            line.connect(path)
        except BaseException:
            line.close()
            raise
        return line
    host, _, port = address.rpartition(":")
    if not host or not re.fullmatch(r"[0-9]{1,5}", port) or not 0 < int(port) < 65_536:
        raise ValueError(address)
    return socket.create_connection((host.removeprefix("[").removesuffix("]"), int(port)), timeout=_left(ends_at))


def _send(line: socket.socket, content: bytes, ends_at: float) -> bool:
    """Send the content in chunks, each after its length; whether all of it went out.

    A scanner that has had enough answers and hangs up, so its answer is read even when sending breaks off.
    """
    view = memoryview(content)
    try:
        line.settimeout(_left(ends_at))
        line.sendall(b"zINSTREAM\0")
        for at in range(0, len(view), CHUNK):
            chunk = view[at : at + CHUNK]
            line.settimeout(_left(ends_at))
            line.sendall(len(chunk).to_bytes(4, "big") + chunk)
        line.settimeout(_left(ends_at))
        line.sendall(bytes(4))
    except ConnectionError:
        return False
    return True


def _reply(line: socket.socket, ends_at: float) -> bytes:
    """The scanner's answer up to the zero that ends it, or what came before it hung up."""
    reply = b""
    try:
        while b"\0" not in reply and len(reply) < _LONGEST_REPLY:
            line.settimeout(_left(ends_at))
            more = line.recv(_LONGEST_REPLY)
            if not more:
                break
            reply += more
    except ConnectionError:
        pass  # what came until then is judged, and without its end it is never clean
    return reply


def _understood(reply: bytes, *, whole: bool) -> Scan:
    """What the answer means; anything but the scanner's own words for clean or infected is not scanned."""
    said, end, _ = reply.partition(b"\0")
    words = said.decode("utf-8", "replace").strip()
    if found := re.fullmatch(r"stream: (.+) FOUND", words, re.S):
        return Scan(verdict=Verdict.INFECTED, signature=_quoted(found[1]))
    if words == "stream: OK" and end and whole:
        return Scan(verdict=Verdict.CLEAN)
    if "size limit exceeded" in words:
        return _not_scanned(
            "The file is larger than the virus scanner accepts. Ask an administrator to raise its StreamMaxLength."
        )
    if words.endswith("ERROR"):
        return _not_scanned(f"The virus scanner reported an error: “{_quoted(words)}”. Ask an administrator to look.")
    if not end:
        return _not_scanned("The virus scanner hung up before it answered. Ask an administrator whether it is running.")
    return _not_scanned(
        "The answer did not come from a virus scanner, or came too early. Ask an administrator to check its address."
    )


def _quoted(words: str) -> str:
    """The scanner's own words, without control characters and cut to a length that fits on a page."""
    return "".join(sign if sign.isprintable() else " " for sign in words).strip()[:_LONGEST_QUOTE] or "without a name"
