"""The files in deploy/ are so: settings as the class has them, programs that are there, and servers that take them."""

from __future__ import annotations

import re
import shutil
import subprocess
from configparser import RawConfigParser
from pathlib import Path

import pytest

from app.web import draining
from core.cli.reference import reference
from core.settings import Settings
from core.ticking import _PARTING
from tests.house.source import ROOT
from tests.house.test_documents import wrong_with

DEPLOY = ROOT / "deploy"
EXAMPLE = DEPLOY / "complaints.env.example"
UNITS = sorted([*DEPLOY.glob("*.service"), *DEPLOY.glob("*.timer")])


def unit(path: Path) -> RawConfigParser:
    """A systemd unit, read."""
    parser = RawConfigParser(strict=False, delimiters=("=",))
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read(path, encoding="utf-8")
    return parser


def test_the_example_of_settings_is_what_the_command_prints() -> None:
    """Made anew with `complaints settings`."""
    assert EXAMPLE.read_text(encoding="utf-8").splitlines() == list(reference())


def test_every_default_in_the_example_is_read_back_as_the_default(tmp_path: Path) -> None:
    told = tmp_path / "settings"
    told.write_text(re.sub(r"^#(COMPLAINTS_\w+=.)", r"\1", EXAMPLE.read_text(encoding="utf-8"), flags=re.MULTILINE))
    assert len(re.findall(r"^COMPLAINTS_", told.read_text(encoding="utf-8"), re.MULTILINE)) > 20
    assert Settings(_env_file=told) == Settings(_env_file=None)


@pytest.mark.parametrize("path", [each for each in UNITS if each.suffix == ".service"], ids=lambda path: path.name)
def test_a_unit_starts_a_program_of_ours(path: Path) -> None:
    """In the project's folder, as its own user, with its own settings."""
    service = unit(path)["Service"]
    assert (service["User"], service["WorkingDirectory"]) == ("complaints", "/opt/complaints")
    assert service["EnvironmentFile"] == "/etc/complaints/complaints.env"
    started = service["ExecStart"].replace("/usr/bin/env COMPLAINTS_MODE=live ", "").replace("/opt/complaints/", "")
    program, _, words = started.partition(" ")
    if program == ".venv/bin/complaints":
        assert wrong_with(f"complaints {words}") == ""
    elif program == ".venv/bin/python":
        assert words.startswith("-m uvicorn app.server:app --host 127.0.0.1 --port %i ")
    else:
        assert (ROOT / program).stat().st_mode & 0o111, program


def test_the_console_is_given_the_time_its_end_may_take() -> None:
    service = unit(DEPLOY / "complaints@.service")["Service"]
    requests = re.search(r"--timeout-graceful-shutdown (\d+)", service["ExecStart"])
    assert requests is not None
    assert int(service["TimeoutStopSec"]) > int(requests.group(1)) + draining.LONGEST + _PARTING
    assert service["Restart"] == "always"


def test_every_timer_has_its_service() -> None:
    assert [each.name for each in UNITS if each.suffix == ".timer" and not each.with_suffix(".service").exists()] == []


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not there")
def test_systemd_takes_the_units(tmp_path: Path) -> None:
    for path in UNITS:
        name = path.name.replace("@.", "@8501.")
        text = path.read_text(encoding="utf-8").replace("/opt/complaints/.venv/bin/complaints", "/usr/bin/env")
        (tmp_path / name).write_text(text.replace("/opt/complaints/deploy/backup", "/usr/bin/env"), encoding="utf-8")
    for name in sorted(each.name for each in tmp_path.iterdir()):
        said = subprocess.run(["systemd-analyze", "verify", tmp_path / name], capture_output=True, text=True)
        assert (said.returncode, said.stderr) == (0, ""), name


def test_both_web_servers_let_the_largest_answer_through() -> None:
    """61 MB of an answer with its files; what the web server refuses by itself loses the words typed."""
    nginx = re.search(r"client_max_body_size (\d+)m;", (DEPLOY / "nginx.conf").read_text(encoding="utf-8"))
    caddy = re.search(r"max_size (\d+)MB", (DEPLOY / "Caddyfile").read_text(encoding="utf-8"))
    assert nginx is not None and int(nginx.group(1)) * 1024**2 > 61_000_000
    assert caddy is not None and int(caddy.group(1)) * 10**6 > 61_000_000
