"""A small mail server that speaks enough IMAP over TLS for the console, and can be made to fail in the middle."""

from __future__ import annotations

import contextlib
import re
import socketserver
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

USER, PASSWORD = "complaints@council.example", 'a password with "quotes" and \\'
_WORDS = re.compile(rb'"((?:[^"\\]|\\.)*)"|\(([^)]*)\)|(\S+)')


@dataclass(slots=True)
class Message:
    """One message in a folder."""

    content: bytes
    flags: set[str] = field(default_factory=set)


class ImapServer:
    """A mailbox with folders, on a port of this machine. Set its attributes to make it fail."""

    def __init__(self, folder: Path) -> None:
        self.folders: dict[str, dict[int, Message]] = {"INBOX": {}, "Kept here": {}}
        self.moves = True
        self.breaks_at: Callable[[str], bool] = lambda _command: False
        self.refuses: set[str] = set()
        self.commands: list[str] = []
        self.ca_file = folder / "mail-ca.pem"
        self._next = 0
        self._server = _Listener(self, _context(folder, self.ca_file))
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._thread.start()

    def put(self, content: bytes, *flags: str, folder: str = "INBOX") -> int:
        """Deliver a message; its number."""
        self._next += 1
        self.folders[folder][self._next] = Message(content, set(flags))
        return self._next

    def flags(self, number: int) -> set[str]:
        """The flags of a message in the inbox."""
        return self.folders["INBOX"][number].flags

    def close(self) -> None:
        """Stop."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Listener(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, mail: ImapServer, context: ssl.SSLContext) -> None:
        self.mail, self.context = mail, context
        super().__init__(("127.0.0.1", 0), _Session)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away, or does not trust the certificate, is no fault."""


class _Session(socketserver.StreamRequestHandler):
    server: _Listener

    def setup(self) -> None:
        self.request = self.server.context.wrap_socket(self.request, server_side=True)
        super().setup()

    def finish(self) -> None:
        with contextlib.suppress(OSError):
            super().finish()
        self.request.close()

    def handle(self) -> None:
        self.mail, self.chosen = self.server.mail, "INBOX"
        self._say(b"* OK ready")
        while line := self.rfile.readline():
            tag, _, rest = line.strip().partition(b" ")
            words = [b"".join(found).replace(b'\\"', b'"').replace(b"\\\\", b"\\") for found in _WORDS.findall(rest)]
            verb = words[0].decode().upper()
            verb = f"UID {words[1].decode().upper()}" if verb == "UID" else verb
            self.mail.commands.append(verb)
            if self.mail.breaks_at(verb):
                return
            if verb in self.mail.refuses:
                self._say(tag + b" NO refused")
                continue
            done = getattr(self, "_" + verb.lower().replace(" ", "_"))(words)
            self._say(tag + (b" OK done" if done is not False else b" NO refused"))
            if verb == "LOGOUT":
                return

    def _say(self, line: bytes) -> None:
        self.wfile.write(line + b"\r\n")

    def _capability(self, _words: list[bytes]) -> None:
        self._say(b"* CAPABILITY IMAP4rev1" + (b" MOVE" if self.mail.moves else b""))

    def _login(self, words: list[bytes]) -> bool:
        return (words[1].decode(), words[2].decode()) == (USER, PASSWORD)

    def _select(self, words: list[bytes]) -> bool:
        self.chosen = words[1].decode()
        if self.chosen not in self.mail.folders:
            return False
        self._say(b"* %d EXISTS" % len(self._here))
        return True

    def _logout(self, _words: list[bytes]) -> None:
        self._say(b"* BYE")

    @property
    def _here(self) -> dict[int, Message]:
        return self.mail.folders[self.chosen]

    def _uid_search(self, words: list[bytes]) -> None:
        without = {f"\\{word.decode()[2:].capitalize()}" for word in words[2:]}
        found = [number for number, message in self._here.items() if not message.flags & without]
        self._say(b"* SEARCH " + b" ".join(b"%d" % number for number in found))

    def _uid_fetch(self, words: list[bytes]) -> None:
        number = int(words[2])
        message = self._here.get(number)
        if message is None:
            return
        if words[3] == b"RFC822.SIZE":
            self._say(b"* %d FETCH (UID %d RFC822.SIZE %d)" % (number, number, len(message.content)))
            return
        content = message.content
        if b"HEADER" in words[3]:
            content = content.partition(b"\n\n")[0] + b"\n\n"
        what = words[3].replace(b".PEEK", b"")
        self.wfile.write(b"* %d FETCH (UID %d %s {%d}\r\n" % (number, number, what, len(content)))
        half = len(content) // 2
        self.wfile.write(content[:half])
        if self.mail.breaks_at("in the middle"):
            self.wfile.flush()
            raise ConnectionAbortedError
        self.wfile.write(content[half:] + b")\r\n")

    def _uid_store(self, words: list[bytes]) -> None:
        assert words[3] == b"+FLAGS.SILENT"
        self._here[int(words[2])].flags.add(words[4].decode())

    def _uid_copy(self, words: list[bytes]) -> bool:
        target = self.mail.folders.get(words[3].decode())
        if target is None:
            return False
        target[int(words[2])] = Message(self._here[int(words[2])].content)
        return True

    def _uid_move(self, words: list[bytes]) -> bool:
        if not self._uid_copy(words):
            return False
        del self._here[int(words[2])]
        return True


def _context(folder: Path, ca_file: Path) -> ssl.SSLContext:
    """A certificate for this machine alone, made now."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    ca_file.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret = folder / "mail-key.pem"
    secret.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(ca_file, secret)
    return context
