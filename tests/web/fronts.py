"""The web servers of deploy/ as they are, with this machine's ports and a certificate of the tests' own put in."""

from __future__ import annotations

import os
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.web.serving import PATIENCE, ROOT, free_port

DEPLOY = ROOT / "deploy"
_NAME = "complaints.council.example"


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate nobody else trusts, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, _NAME)]), datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now).not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    cert, secret = folder / "fullchain.pem", folder / "privkey.pem"
    cert.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plainly = serialization.NoEncryption()
    secret.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plainly))
    return cert, secret


def anybody() -> ssl.SSLContext:
    """Believes any certificate."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def put_in(file: str, here: Mapping[str, str]) -> str:
    """A file of deploy/ with what differs here; each of these has to stand in it."""
    text = (DEPLOY / file).read_text(encoding="utf-8")
    for there, instead in here.items():
        assert there in text, f"{file} does not say {there!r}"
        text = text.replace(there, instead)
    return text


def nginx(folder: Path, port: int, replicas: tuple[int, int]) -> list[str]:
    """The command that serves nginx's configuration."""
    cert, key = certificate(folder)
    here = {
        "listen 80;": f"listen 127.0.0.1:{free_port()};",
        "listen 443 ssl": f"listen 127.0.0.1:{port} ssl",
        "/etc/ssl/complaints/fullchain.pem": str(cert),
        "/etc/ssl/complaints/privkey.pem": str(key),
        "/var/log/nginx/": f"{folder}/",
        "127.0.0.1:8501": f"127.0.0.1:{replicas[0]}",
        "127.0.0.1:8502": f"127.0.0.1:{replicas[1]}",
    }
    (folder / "complaints.conf").write_text(put_in("nginx.conf", here), encoding="utf-8")
    own = "".join(f"{part}_temp_path {folder}/{part};" for part in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    whole = (
        f"daemon off; pid {folder}/pid; events {{}} http {{ access_log off; {own} include {folder}/complaints.conf; }}"
    )
    root = "user root; " if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(root + whole, encoding="utf-8")
    return ["nginx", "-c", str(folder / "nginx.conf"), "-p", str(folder), "-e", "stderr"]


def caddy(folder: Path, port: int, replicas: tuple[int, int]) -> list[str]:
    """The command that serves Caddy's configuration."""
    cert, key = certificate(folder)
    here = {
        "\tlog {": "\tadmin off\n\tauto_https disable_redirects\n\tlog {",  # no port but the one given
        f"{_NAME} {{": f"https://127.0.0.1:{port} {{\n\ttls {cert} {key}",
        "127.0.0.1:8501": f"127.0.0.1:{replicas[0]}",
        "127.0.0.1:8502": f"127.0.0.1:{replicas[1]}",
    }
    (folder / "Caddyfile").write_text(put_in("Caddyfile", here), encoding="utf-8")
    return ["caddy", "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]


COMMANDS = {"nginx": nginx, "caddy": caddy}


def is_there(name: str) -> bool:
    """Whether this web server is installed."""
    return shutil.which(name) is not None


@contextmanager
def serving(name: str, folder: Path, port: int, replicas: tuple[int, int]) -> Iterator[None]:
    """The web server in front of two replicas, from when it answers until it is ended."""
    env = {**os.environ, "HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    with (folder / "said").open("ab") as said:
        running = subprocess.Popen(COMMANDS[name](folder, port, replicas), stdout=said, stderr=said, env=env)
    try:
        until = time.monotonic() + PATIENCE
        while not _answers(port):
            if running.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"{name} did not start: {(folder / 'said').read_text()[-2000:]}")
            time.sleep(0.05)
        yield
    finally:
        running.terminate()
        running.wait(timeout=PATIENCE)


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
