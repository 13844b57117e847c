"""Messages on their way out: by SMTP to a real server and by Notify to one that plays it, through every refusal."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import Message
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from core.channels import mail_out, notify_out
from core.channels.mail_out import MailServer, send_by_smtp
from core.channels.notify_out import NotifyService, send_by_notify, token
from core.channels.outgoing import LATER, SET_UP, SOON, Attachment, Outgoing, TryLater, Undeliverable, is_address
from tests.naughty import naughty_strings

NOW = datetime(2026, 3, 26, 9, 30, tzinfo=UTC)
PDF = Attachment(name="../C-26-0417\n.pdf", media_type="application/pdf", content=b"%PDF-1.7 a letter")


def message(**changes: Any) -> Outgoing:
    given: dict[str, Any] = {
        "message_id": "c-26-0417.1@sampleton.example",
        "to": "ada@example.org",
        "subject": "Your complaint – Zoë",
        "text": "Dear Mrs Example\n\nOur answer goes along.\n.\nFrom here on it is yours.\n",
        **changes,
    }
    return Outgoing(**given)


# -------------------------------------------------------------------------------------------------------------- SMTP


class Postbox:
    """A mail server's answers: takes everything unless told what to say at which word."""

    def __init__(self) -> None:
        self.taken: list[Envelope] = []
        self.says: dict[str, str] = {}

    async def handle_MAIL(self, _server: Any, _session: Session, envelope: Envelope, address: str, _o: Any) -> str:  # noqa: N802
        envelope.mail_from = address
        return self.says.get("MAIL", "250 OK")

    async def handle_RCPT(self, _server: Any, _session: Session, envelope: Envelope, address: str, _o: Any) -> str:  # noqa: N802
        if "RCPT" not in self.says:
            envelope.rcpt_tos.append(address)
        return self.says.get("RCPT", "250 OK")

    async def handle_DATA(self, _server: Any, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        if "DATA" not in self.says:
            self.taken.append(envelope)
        return self.says.get("DATA", "250 OK")

    async def handle_QUIT(self, _server: Any, _session: Session, _envelope: Envelope) -> str:  # noqa: N802
        return self.says.get("QUIT", "221 Bye")


def letter_in(postbox: Postbox) -> Message:
    """The one letter that was taken."""
    (envelope,) = postbox.taken
    assert isinstance(envelope.content, bytes)
    return message_from_bytes(envelope.content, policy=default)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate for localhost and its key, in one file, that nobody but its holder trusts."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "server.pem"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


Start = Callable[..., MailServer]


@pytest.fixture
def postbox() -> Postbox:
    return Postbox()


@pytest.fixture
def start(postbox: Postbox, certificate: Path) -> Iterator[Start]:
    """Starts the mail server in one way or another, and says how to reach it."""
    running: list[Controller] = []

    def _start(security: str = "none", *, trusted: bool = True, user: str = "", **more: Any) -> MailServer:
        port = free_port()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        if security == "tls":
            more["ssl_context"] = context
        elif security == "starttls":
            more.update(tls_context=context, require_starttls=True)
        controller = Controller(postbox, hostname="127.0.0.1", port=port, **more)
        controller.start()
        running.append(controller)
        return MailServer(
            host="localhost", port=port, sender="complaints@sampleton.example", security=security,  # type: ignore[arg-type]
            authority=str(certificate) if trusted else None, user=user, password="open sesame" if user else "",
        )  # fmt: skip

    yield _start
    for controller in running:
        controller.stop()


def test_a_message_arrives_as_it_was_written_with_its_file(start: Start, postbox: Postbox) -> None:
    given = message(attachments=(PDF,))
    assert send_by_smtp(given, start(), sent_at=NOW) == given.message_id
    letter = letter_in(postbox)
    assert letter["Subject"] == given.subject and letter["To"] == given.to
    assert letter["Message-ID"] == f"<{given.message_id}>"
    assert letter["Date"].datetime == NOW
    assert letter.get_body().get_content().replace("\r\n", "\n") == given.text  # type: ignore[attr-defined]
    (file,) = letter.iter_attachments()  # type: ignore[attr-defined]
    assert (file.get_filename(), file.get_content_type()) == ("C-26-0417.pdf", "application/pdf")
    assert file.get_content() == PDF.content
    assert postbox.taken[0].rcpt_tos == [given.to] and postbox.taken[0].mail_from == "complaints@sampleton.example"


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_message_goes_over_tls_to_a_server_that_proves_itself(start: Start, postbox: Postbox, security: str) -> None:
    send_by_smtp(message(), start(security), sent_at=NOW)
    assert letter_in(postbox)["Subject"] == message().subject


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_nothing_is_said_to_a_server_that_does_not_prove_itself(start: Start, postbox: Postbox, security: str) -> None:
    with pytest.raises(TryLater, match="prove who it is") as later:
        send_by_smtp(message(), start(security, trusted=False), sent_at=NOW)
    assert later.value.seconds == SET_UP and postbox.taken == []


def test_nothing_is_said_without_tls_to_a_server_that_offers_none(start: Start, postbox: Postbox) -> None:
    plain = start("none")
    with pytest.raises(TryLater, match="TLS"):
        send_by_smtp(message(), MailServer(host="localhost", port=plain.port, sender=plain.sender), sent_at=NOW)
    elsewhere = MailServer(host="mail.sampleton.example", port=25, sender=plain.sender, security="none")
    with pytest.raises(TryLater, match="over TLS only"):
        send_by_smtp(message(), elsewhere, sent_at=NOW)
    assert postbox.taken == []


@pytest.mark.parametrize("welcome", [True, False])
def test_a_sign_in_is_asked_for_over_tls(start: Start, postbox: Postbox, welcome: bool) -> None:
    seen: list[Any] = []

    def authenticate(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        seen.append((data.login, data.password))
        return AuthResult(success=welcome, handled=welcome)

    server = start("starttls", user="console", authenticator=authenticate, auth_required=True)
    if welcome:
        send_by_smtp(message(), server, sent_at=NOW)
        assert seen == [(b"console", b"open sesame")] and postbox.taken
        return
    with pytest.raises(TryLater, match="refused the sign-in") as later:
        send_by_smtp(message(), server, sent_at=NOW)
    assert later.value.seconds == SET_UP and "sesame" not in str(later.value)


@pytest.mark.parametrize(
    ("word", "says", "outcome", "words"),
    [
        ("RCPT", "550 5.1.1 no such user", Undeliverable, "does not take this address"),
        ("RCPT", "450 4.2.1 mailbox busy", LATER, "just now"),
        ("DATA", "554 5.7.1 refused", Undeliverable, "refused the e-mail"),
        ("DATA", "552 too large", Undeliverable, "too large"),
        ("DATA", "451 4.3.0 later", LATER, "put the e-mail off"),
        ("MAIL", "550 unknown sender", SET_UP, "refused the sender"),
        ("MAIL", "452 full", LATER, "refused the sender"),
        ("MAIL", "552 too large", Undeliverable, "too large"),
    ],
)
def test_what_the_server_says_is_told_apart(
    start: Start, postbox: Postbox, word: str, says: str, outcome: type[Exception] | int, words: str
) -> None:
    postbox.says[word] = says
    if isinstance(outcome, int):
        with pytest.raises(TryLater, match=words) as later:
            send_by_smtp(message(), start(), sent_at=NOW)
        assert later.value.seconds == outcome
    else:
        with pytest.raises(outcome, match=words) as never:
            send_by_smtp(message(), start(), sent_at=NOW)
        assert str(never.value).endswith("by post.")
    assert postbox.taken == []


def test_a_message_that_has_gone_is_gone_whatever_is_said_to_goodbye(start: Start, postbox: Postbox) -> None:
    postbox.says["QUIT"] = "421 too late"
    send_by_smtp(message(), start(), sent_at=NOW)
    assert len(postbox.taken) == 1


def test_a_server_that_is_away_or_falls_silent_is_tried_later(monkeypatch: pytest.MonkeyPatch) -> None:
    away = MailServer(host="127.0.0.1", port=free_port(), sender="a@b.example", security="none")
    with pytest.raises(TryLater, match="cannot be reached") as later:
        send_by_smtp(message(), away, sent_at=NOW)
    assert later.value.seconds == SOON
    monkeypatch.setattr(mail_out, "PATIENCE", 0.2)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        mute = MailServer(host="127.0.0.1", port=silent.getsockname()[1], sender="a@b.example", security="none")
        with pytest.raises(TryLater):
            send_by_smtp(message(), mute, sent_at=NOW)


def test_an_address_beyond_ascii_is_sent_or_told(start: Start, postbox: Postbox) -> None:
    with pytest.raises(Undeliverable, match="letters like these"):
        send_by_smtp(message(to="zoë@example.org"), start(enable_SMTPUTF8=False), sent_at=NOW)
    assert postbox.taken == []
    send_by_smtp(message(to="zoë@example.org"), start(enable_SMTPUTF8=True), sent_at=NOW)
    assert postbox.taken[0].rcpt_tos == ["zoë@example.org"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"to": "ada"}, "is not one"),
        ({"to": "a@example.org, b@example.org"}, "is not one"),
        ({"to": "Ada <ada@example.org>"}, "is not one"),
        ({"to": "ada@example.org\r\nBcc: all@example.org"}, "is not one"),
        ({"subject": "Hello\r\nBcc: all@example.org"}, "one line"),
        ({"subject": " "}, "one line"),
        ({"text": "\n"}, "no text"),
    ],
)
def test_what_is_no_message_never_leaves(changes: dict[str, str], words: str) -> None:
    nowhere = MailServer(host="localhost", port=1, sender="a@b.example", security="none")
    service = NotifyService(api_key="x", template_id="t", base_url="http://127.0.0.1:1")
    with pytest.raises(Undeliverable, match=words):
        send_by_smtp(message(**changes), nowhere, sent_at=NOW)
    with pytest.raises(Undeliverable, match=words):
        send_by_notify(message(**changes), service, sent_at=NOW)


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("ada@example.org", True), ("ada.o'hara+complaints@mail.example.co.uk", True), ("zoë@bücher.example", True),
        ("ada@example", False), ("ada@", False), ("@example.org", False), ("a@b@example.org", False),
        ("ada@.example.org", False), ("ada@example..org", False), ("ada@-example.org", False),
        ("ada@127.0.0.1", False), ("ada @example.org", False), ("ada@example.org\n", False), ("", False),
        ("a" * 65 + "@example.org", False), ("mailto:ada@example.org", False), ("ada@" + "a.b" * 90, False),
    ],
)  # fmt: skip
def test_an_address_is_one_and_nothing_else(text: str, is_one: bool) -> None:
    assert is_address(text) is is_one


def test_a_message_without_an_id_of_its_own_is_a_mistake_of_ours() -> None:
    with pytest.raises(RuntimeError):
        send_by_smtp(
            message(message_id="x>\r\nBcc: a"), MailServer(host="localhost", port=1, sender="a@b.c"), sent_at=NOW
        )


def test_no_naughty_string_makes_an_address_or_breaks_out_of_its_line(start: Start, postbox: Postbox) -> None:
    server = start()
    for typed in naughty_strings():
        assert isinstance(is_address(typed), bool)
        line = " ".join(typed.split())
        if line and not any(0xD800 <= ord(sign) < 0xE000 for sign in line):
            postbox.taken.clear()
            try:
                send_by_smtp(message(subject=line, text=typed), server, sent_at=NOW)
            except Undeliverable:
                continue
            assert set(letter_in(postbox).keys()) == {
                "From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type",
                "Content-Transfer-Encoding",
            }  # fmt: skip


# ------------------------------------------------------------------------------------------------------------ Notify

SERVICE = "26785a09-ab16-4eb0-8407-a37497a57506"
SECRET = "3d844edf-8d35-48ac-975b-e847b4f122b0"
KEY = f"console-{SERVICE}-{SECRET}"
TEMPLATE = {"subject": "((subject))", "body": "((text))\n\n((file))"}


class Notify:
    """Plays GOV.UK Notify: checks the token, keeps what it took, and answers as it is told to."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []
        self.asked: list[str] = []
        self.says: dict[str, tuple[int, Any, dict[str, str]]] = {}
        self.template: dict[str, str] = TEMPLATE
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)
        self.thread.start()

    @property
    def service(self) -> NotifyService:
        return NotifyService(api_key=KEY, template_id="t-1", base_url=f"http://127.0.0.1:{self.server.server_port}")

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def answer(self, method: str, path: str, body: dict[str, Any]) -> tuple[int, Any, dict[str, str]]:
        self.asked.append(f"{method} {path.partition('?')[0]}")
        if method in self.says:
            return self.says[method]
        if path.startswith("/v2/template/"):
            return 200, self.template, {}
        if method == "POST":
            self.sent.append(body)
            return 201, {"id": f"n-{len(self.sent)}"}, {}
        had = [at for at, each in enumerate(self.sent, 1) if each["reference"] in path.replace("%40", "@")]
        return 200, {"notifications": [{"id": f"n-{at}"} for at in had]}, {}

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        notify = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:  # noqa: N802
                self._reply("GET")

            def do_POST(self) -> None:  # noqa: N802
                self._reply("POST")

            def _reply(self, method: str) -> None:
                said = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                if not signed(self.headers["Authorization"]):
                    status, answer, more = 403, {"errors": [{"error": "AuthError", "message": "Invalid token"}]}, {}
                else:
                    status, answer, more = notify.answer(method, self.path, json.loads(said or b"{}"))
                raw = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
                self.send_response(status)
                for name, value in {**more, "Content-Length": str(len(raw))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(raw)

            def log_message(self, *_: Any) -> None:
                return

        return Handler


def signed(header: str) -> bool:
    """Whether a token is one of our service, signed with its secret, of this moment."""
    said, _, signature = header.removeprefix("Bearer ").rpartition(".")
    right = base64.urlsafe_b64encode(hmac.new(SECRET.encode(), said.encode(), hashlib.sha256).digest()).rstrip(b"=")
    head, claims = (json.loads(base64.urlsafe_b64decode(part + "==")) for part in said.split("."))
    return (
        signature == right.decode()
        and head == {"typ": "JWT", "alg": "HS256"}
        and claims == {"iss": SERVICE, "iat": int(NOW.timestamp())}
    )


@pytest.fixture
def notify() -> Iterator[Notify]:
    playing = Notify()
    yield playing
    playing.stop()


def test_a_message_goes_to_notify_with_its_file_and_reference(notify: Notify) -> None:
    assert send_by_notify(message(attachments=(PDF,)), notify.service, sent_at=NOW) == "n-1"
    (sent,) = notify.sent
    assert (sent["email_address"], sent["template_id"]) == ("ada@example.org", "t-1")
    assert sent["reference"] == "c-26-0417.1@sampleton.example"
    assert sent["personalisation"]["text"] == message().text and sent["personalisation"]["subject"] == message().subject
    file = sent["personalisation"]["file"]
    assert base64.b64decode(file["file"]) == PDF.content and file["filename"] == "C-26-0417.pdf"
    assert file["confirm_email_before_download"] is True


def test_a_message_whose_answer_was_lost_is_not_sent_twice(notify: Notify) -> None:
    assert send_by_notify(message(), notify.service, sent_at=NOW) == "n-1"
    assert send_by_notify(message(), notify.service, sent_at=NOW) == "n-1"
    assert send_by_notify(message(message_id="other@sampleton.example"), notify.service, sent_at=NOW) == "n-2"
    assert len(notify.sent) == 2


@pytest.mark.parametrize(
    ("template", "lacks"),
    [
        ({"subject": "Your complaint", "body": "((text)) ((file))"}, "subject"),
        ({"subject": "((subject))", "body": "((file))"}, "text"),
        ({"subject": "((subject))", "body": "((Text))"}, "file"),
    ],
)
def test_a_template_at_notify_that_would_drop_something_stops_the_message(
    notify: Notify, template: dict[str, str], lacks: str
) -> None:
    notify.template = template
    with pytest.raises(TryLater, match=rf"lacks \(\({lacks}\)\)"):
        send_by_notify(message(attachments=(PDF,)), notify.service, sent_at=NOW)
    assert notify.sent == []


def refusing(kind: str, said: str) -> dict[str, Any]:
    return {"errors": [{"error": kind, "message": said}]}


@pytest.mark.parametrize(
    ("status", "answer", "headers", "outcome"),
    [
        (429, refusing("RateLimitError", "3000 a minute"), {}, SOON),
        (429, refusing("RateLimitError", "3000 a minute"), {"Retry-After": "7"}, 7),
        (429, refusing("RateLimitError", "3000 a minute"), {"Retry-After": "999999"}, SET_UP),
        (429, refusing("RateLimitError", "3000 a minute"), {"Retry-After": "Thu, 26 Mar"}, SOON),
        (429, refusing("TooManyRequestsError", "today"), {}, SET_UP),
        (500, refusing("Exception", "Internal server error"), {}, SOON),
        (502, b"<html>Bad gateway</html>", {}, SOON),
        (503, {}, {}, SOON),
        (403, refusing("AuthError", "system clock"), {}, SET_UP),
        (400, refusing("BadRequestError", "Template not found"), {}, SET_UP),
        (302, b"", {"Location": "http://127.0.0.1:1/"}, SET_UP),
        (201, b"not JSON", {}, LATER),
        (201, [], {}, LATER),
        (201, {"no": "id"}, {}, LATER),
        (400, refusing("ValidationError", "email_address Not a valid email address"), {}, Undeliverable),
        (413, b"too large", {}, Undeliverable),
    ],
)
def test_what_notify_says_is_told_apart(
    notify: Notify, status: int, answer: Any, headers: dict[str, str], outcome: type[Exception] | int
) -> None:
    notify.says["POST"] = (status, answer, headers)
    if isinstance(outcome, int):
        with pytest.raises(TryLater) as later:
            send_by_notify(message(), notify.service, sent_at=NOW)
        assert later.value.seconds == outcome and "ada@" not in str(later.value)
    else:
        with pytest.raises(outcome, match="by post"):
            send_by_notify(message(), notify.service, sent_at=NOW)


def test_notify_that_is_away_or_falls_silent_is_tried_later(monkeypatch: pytest.MonkeyPatch) -> None:
    away = NotifyService(api_key=KEY, template_id="t", base_url=f"http://127.0.0.1:{free_port()}")
    with pytest.raises(TryLater, match="cannot be reached"):
        send_by_notify(message(), away, sent_at=NOW)
    monkeypatch.setattr(notify_out, "PATIENCE", 0.2)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        mute = NotifyService(api_key=KEY, template_id="t", base_url=f"http://127.0.0.1:{silent.getsockname()[1]}")
        with pytest.raises(TryLater, match="cannot be reached"):
            send_by_notify(message(), mute, sent_at=NOW)


def test_another_key_is_refused_and_one_that_is_none_is_never_shown(notify: Notify) -> None:
    other = NotifyService(api_key=KEY[:-1] + "1", template_id="t", base_url=notify.service.base_url)
    with pytest.raises(TryLater, match="403") as later:
        send_by_notify(message(), other, sent_at=NOW)
    assert later.value.seconds == SET_UP and notify.asked == []
    with pytest.raises(TryLater, match="not whole") as broken:
        token("a secret that is cut sh", NOW)
    assert "secret" not in str(broken.value)


@pytest.mark.parametrize("place", ["http://notify.example", "ftp://127.0.0.1", "notify.example", ""])
def test_notify_is_reached_over_https_alone(place: str) -> None:
    with pytest.raises(TryLater, match="https only"):
        send_by_notify(message(), NotifyService(api_key=KEY, template_id="t", base_url=place), sent_at=NOW)


@pytest.mark.parametrize(
    ("files", "words"),
    [((PDF, PDF), "one file"), ((Attachment(name="a.pdf", media_type="a/b", content=b"x" * 2_000_001),), "up to 2 MB")],
)
def test_files_that_notify_does_not_take_are_told_before_anything_is_said(
    notify: Notify, files: tuple[Attachment, ...], words: str
) -> None:
    with pytest.raises(Undeliverable, match=words):
        send_by_notify(message(attachments=files), notify.service, sent_at=NOW)
    assert notify.asked == []
