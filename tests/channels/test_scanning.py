"""A file passes only when the scanner had all of it and said so; a fake clamd stands on a real socket."""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.channels.scanning import CHUNK, Scan, Verdict, _understood, scan

# The harmless test text of the anti-virus makers, in two halves so that no scanner takes this file for it.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD" + rb"-ANTIVIRUS-TEST-FILE!$H+H*"
CLEAN = Scan(verdict=Verdict.CLEAN)
Manner = Callable[[socket.socket], None]


class FakeClamd:
    """Answers one conversation after another in the manner it is given, and remembers what it received."""

    def __init__(self, listening: socket.socket, manner: Manner) -> None:
        self._listening = listening
        self._manner = manner
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self._listening.accept()
            except OSError:
                return
            with line:
                line.settimeout(10)
                try:
                    self._manner(line)
                except OSError:
                    pass  # the other side hung up first

    def close(self) -> None:
        """Stop listening and wait for the last conversation."""
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._thread.join(10)


def exactly(line: socket.socket, size: int) -> bytes:
    """So many bytes, however they arrive."""
    got = b""
    while len(got) < size:
        more = line.recv(size - len(got))
        if not more:
            raise ConnectionResetError
        got += more
    return got


def received(line: socket.socket) -> bytes:
    """The whole stream, read as clamd reads it."""
    assert exactly(line, 10) == b"zINSTREAM\0"
    content = b""
    while size := struct.unpack("!I", exactly(line, 4))[0]:
        assert size <= CHUNK
        content += exactly(line, size)
    return content


def honest(line: socket.socket) -> None:
    """What clamd does: finds the test text, and otherwise says OK."""
    line.sendall(b"stream: Eicar-Test-Signature FOUND\0" if EICAR in received(line) else b"stream: OK\0")


def says(answer: bytes) -> Manner:
    """Reads everything and then says this, whatever was sent."""

    def manner(line: socket.socket) -> None:
        received(line)
        line.sendall(answer)

    return manner


def hangs(line: socket.socket) -> None:
    """Reads everything and says nothing until the other side gives up."""
    received(line)
    line.recv(1)


def reads_nothing(line: socket.socket) -> None:
    """Takes the call and does nothing with it."""
    time.sleep(0.6)


def drips(line: socket.socket) -> None:
    """Answers one letter at a time, so that no single wait is long."""
    received(line)
    for letter in b"stream: OK" * 100:
        line.sendall(bytes([letter]))
        time.sleep(0.05)


def closes_midway(line: socket.socket) -> None:
    """Hangs up inside the first chunk."""
    exactly(line, 100)


def has_had_enough(line: socket.socket) -> None:
    """Stops at its size limit, says so, and hangs up."""
    exactly(line, 10 + 4 + CHUNK)
    line.sendall(b"INSTREAM size limit exceeded. ERROR\0")
    line.shutdown(socket.SHUT_WR)
    while line.recv(CHUNK):
        pass


def approves_too_early(line: socket.socket) -> None:
    """Says OK after the first bytes and hangs up."""
    exactly(line, 100)
    line.sendall(b"stream: OK\0")


Start = Callable[[Manner], str]


@pytest.fixture(params=["tcp", "unix"])
def fake(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Start]:
    """Starts a fake clamd and gives its address; each test runs over both kinds of socket."""
    running: list[FakeClamd] = []

    def start(manner: Manner) -> str:
        if request.param == "tcp":
            listening = socket.create_server(("127.0.0.1", 0))
            address = f"127.0.0.1:{listening.getsockname()[1]}"
        else:
            if not hasattr(socket, "AF_UNIX"):
                pytest.skip("this system has no unix sockets")
            listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            listening.bind(str(tmp_path / "clamd"))
            listening.listen()
            address = f"unix:{tmp_path / 'clamd'}"
        running.append(FakeClamd(listening, manner))
        return address

    yield start
    for clamd in running:
        clamd.close()


@pytest.mark.parametrize(
    "content", [b"", b"x", b"x" * CHUNK, b"x" * (CHUNK + 1), bytes(5 * CHUNK)], ids=["0", "1", "64k", "64k+1", "320k"]
)
def test_a_harmless_file_of_any_size_is_clean(fake: Start, content: bytes) -> None:
    assert scan(content, address=fake(honest), timeout=10) == CLEAN


def test_the_scanner_gets_every_byte_in_order(fake: Start) -> None:
    content, got = bytes(range(256)) * 1_000, []

    def manner(line: socket.socket) -> None:
        got.append(received(line))
        line.sendall(b"stream: OK\0")

    assert scan(content, address=fake(manner), timeout=10) == CLEAN
    assert got == [content]


def test_the_makers_test_file_is_reported_by_name_even_across_chunks(fake: Start) -> None:
    address = fake(honest)
    for before in (0, CHUNK - 10):
        found = scan(b" " * before + EICAR, address=address, timeout=10)
        assert found == Scan(verdict=Verdict.INFECTED, signature="Eicar-Test-Signature")


@pytest.mark.parametrize("manner", [hangs, drips, reads_nothing])
def test_a_scanner_that_hangs_is_given_up_in_time(fake: Start, manner: Manner) -> None:
    started = time.monotonic()
    answer = scan(bytes(8_000_000 if manner is reads_nothing else 10), address=fake(manner), timeout=0.3)
    assert time.monotonic() - started < 3
    assert answer.verdict is Verdict.NOT_SCANNED and "did not answer within 0.3 seconds" in answer.reason


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (b"HTTP/1.1 400 Bad Request\r\n\r\n\0", "did not come from a virus scanner"),
        (b"UNKNOWN COMMAND\0", "did not come from a virus scanner"),
        (b"\xff\xfe\x80\0", "did not come from a virus scanner"),
        (b"stream: OK FOUND it\0", "did not come from a virus scanner"),
        (b"stream: ok\0", "did not come from a virus scanner"),
        (b"other: OK\0", "did not come from a virus scanner"),
        (b"\0", "did not come from a virus scanner"),
        (b"stream: Can't allocate memory ERROR\0", "reported an error: “stream: Can't allocate memory ERROR”"),
        (b"INSTREAM size limit exceeded. ERROR\0", "StreamMaxLength"),
        (b"stream: OK", "hung up"),
        (b"", "hung up"),
        (b"x" * 100_000, "hung up"),
    ],
)
def test_an_answer_nobody_understands_is_never_clean(fake: Start, answer: bytes, reason: str) -> None:
    said = scan(b"evidence", address=fake(says(answer)), timeout=10)
    assert said.verdict is Verdict.NOT_SCANNED and said.signature == ""
    assert reason in said.reason


@pytest.mark.parametrize("manner", [closes_midway, approves_too_early])
def test_a_scanner_that_hangs_up_midway_has_not_scanned(fake: Start, manner: Manner) -> None:
    said = scan(bytes(8_000_000), address=fake(manner), timeout=10)
    assert said.verdict is Verdict.NOT_SCANNED and said.reason


def test_a_file_over_the_scanners_own_limit_is_not_scanned_and_says_so(fake: Start) -> None:
    said = scan(bytes(4_000_000), address=fake(has_had_enough), timeout=10)
    assert said.verdict is Verdict.NOT_SCANNED
    assert said.reason == (
        "The file is larger than the virus scanner accepts. Ask an administrator to raise its StreamMaxLength."
    )


def test_a_scanner_that_is_not_running_is_said_to_be_so(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    assert "not running" in scan(b"x", address=f"127.0.0.1:{port}", timeout=5).reason
    assert "cannot be reached" in scan(b"x", address=f"unix:{tmp_path / 'nobody'}", timeout=5).reason
    assert "cannot be reached" in scan(b"x", address=f"unix:/{'x' * 300}", timeout=5).reason


@pytest.mark.parametrize(
    "address",
    ["", ":", "clamd", "clamd:", ":3310", "clamd:0", "clamd:99999", "clamd:port", "unix:", "unix:clamd",
     f"{'a' * 70}.example:3310", "clamd:٣٣١٠"],
)  # fmt: skip
def test_an_address_that_is_none_is_named_as_the_reason(address: str) -> None:
    said = scan(b"x", address=address, timeout=5)
    assert said.verdict is Verdict.NOT_SCANNED and "host:port or unix:/path" in said.reason


@pytest.mark.parametrize("timeout", [0.0, -1.0])
def test_without_time_nothing_is_scanned(timeout: float) -> None:
    assert scan(b"x", address="127.0.0.1:1", timeout=timeout).verdict is Verdict.NOT_SCANNED


@given(st.binary(max_size=60) | st.binary(max_size=30).map(lambda middle: b"stream: " + middle), st.booleans())
def test_only_one_answer_in_the_world_means_clean(reply: bytes, whole: bool) -> None:
    said = _understood(reply, whole=whole)
    assert (said.verdict is Verdict.CLEAN) == (whole and reply.partition(b"\0")[:2] == (b"stream: OK", b"\0"))
    assert bool(said.reason) == (said.verdict is Verdict.NOT_SCANNED)
    assert bool(said.signature) == (said.verdict is Verdict.INFECTED)
    assert (said.signature + said.reason).isprintable() and len(said.reason) < 300


def test_a_signature_is_cut_and_holds_no_control_characters() -> None:
    said = _understood(b"stream: Bad\r\n\x1b[2J" + b"x" * 500 + b" FOUND\0", whole=False)
    assert said.verdict is Verdict.INFECTED and said.signature.startswith("Bad")
    assert said.signature.isprintable() and len(said.signature) == 120
