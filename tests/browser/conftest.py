"""The console as it is served, on a small council, and a real Chromium in front of it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Page, Playwright, expect

from core.channels.files import check_file
from core.commands.accounts import AddColleague
from core.evidence import add_evidence
from core.permissions import Role
from tests.pages.council import WHO, busy_council

ROOT = Path(__file__).resolve().parents[2]
IMAGES = ROOT / "docs" / "images"
RUNS = Path(__file__).with_name("runs.js")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
WAIT = 20_000
ASKED = "() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))"
"""By then an act that was just done has asked the console for what it asks, where it asks at all."""
CONFIDENTIAL = "C-2026-000012"
expect.set_options(timeout=WAIT)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test here drives a browser."""
    for item in items:
        if Path(item.path).parent == Path(__file__).parent:
            item.add_marker(pytest.mark.browser)


class Server:
    """The console in a process of its own, on a free port of this machine."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.folder = folder
        self.address = f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self) -> None:
        """Start, and wait until it answers."""
        command = [sys.executable, "-m", "uvicorn", "app.server:app", "--host", "127.0.0.1", "--port", str(self.port)]
        env = {**os.environ, "COMPLAINTS_MODE": "demo", "COMPLAINTS_DATA_DIR": str(self.folder), "PYTHONUTF8": "1"}
        with (self.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [*command, "--log-level", "warning"], cwd=ROOT, env=env, stdout=log, stderr=log
            )
        for _attempt in range(600):  # a busy machine takes its time
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            if self.process.poll() is not None:
                break
            time.sleep(0.1)
        pytest.fail((self.folder / "server.log").read_text(encoding="utf-8", errors="replace")[-3000:])

    def stop(self) -> None:
        """Stop and wait."""
        self.process.terminate()
        self.process.wait(timeout=20)


def furnish(folder: Path) -> None:
    """A busy council as of now, with a colleague who signs in, one who left, and a confidential case with evidence."""
    council = busy_council(folder, now=datetime.now(UTC))
    council.take(Role.ADMINISTRATOR, "GiveAccount", colleague_id=WHO[Role.HANDLER], sign_in_name="dee@example.org")
    adding = {"name": "Lee Former", "sign_in_name": "lee@example.org", "role": Role.RECORDER}
    joined = council.desk(Role.ADMINISTRATOR).do(AddColleague(**adding)).events[0]
    council.take(Role.ADMINISTRATOR, "RecordLeaver", colleague_id=joined.colleague_id)
    letter = b"Dear council, the bin has not come.\n"
    add_evidence(council.desk(Role.HANDLER), CONFIDENTIAL, name="letter.txt", content=letter, about="Their first one")
    checked = check_file("photo notes.txt", letter * 2, limit=10**6)
    told = {name: getattr(checked, name) for name in ("name", "media_type", "sha256", "size")}
    council.take(Role.HANDLER, "AddFile", reference=CONFIDENTIAL, why_held="The scanner was away.", **told)
    named = (WHO[Role.HANDLER], WHO[Role.MANAGER])
    council.take(Role.MANAGER, "KeepConfidential", reference=CONFIDENTIAL, named=named, reason="It names a colleague.")
    answered = council.record(days_ago=80, matter="Library card lost in the post", individual="Lou Pretend", service=2)
    council.assign(answered, days_ago=79)
    council.acknowledge(answered, days_ago=76)
    council.answer(answered, days_ago=65)
    council.office.close()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The console on a council as of now: the browser and the server share the machine's own clock."""
    folder = tmp_path_factory.mktemp("console")
    furnish(folder)
    running = Server(folder)
    yield running
    running.stop()


def launched(playwright: Playwright, profile: Path, *, bypass_csp: bool = False) -> BrowserContext:
    """A browser that counts the runs its pages ask for."""
    program = os.environ.get("BROWSER_BIN")
    if not program:
        pytest.skip("BROWSER_BIN is not set; run the tests with `python3 go.py test`")
    opened = playwright.chromium.launch_persistent_context(
        str(profile),
        executable_path=program,
        headless=True,
        args=FLAGS,
        viewport={"width": 1280, "height": 900},
        bypass_csp=bypass_csp,
    )
    opened.set_default_timeout(WAIT)
    opened.add_init_script(path=RUNS)
    return opened


@pytest.fixture(scope="session")
def context(tmp_path_factory: pytest.TempPathFactory, playwright: Playwright) -> Iterator[BrowserContext]:
    """One browser for all tests, so that the console's own files are fetched once."""
    opened = launched(playwright, tmp_path_factory.mktemp("profile"), bypass_csp=True)
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A fresh tab."""
    tab = context.new_page()
    yield tab
    tab.close()


def settled(page: Page) -> None:
    """Wait until the page shows the answer to the last thing it asked the console for."""
    page.evaluate(ASKED)
    page.wait_for_selector("html[data-settled]", state="attached", timeout=WAIT)


def keep_image(page: Page, name: str) -> None:
    """Keep a picture of the page for the manual, when KEEP_IMAGES=1 asks for it."""
    if os.environ.get("KEEP_IMAGES") == "1":
        IMAGES.mkdir(parents=True, exist_ok=True)
        with Image.open(BytesIO(page.screenshot())) as taken:
            taken.convert("RGB").quantize(128).save(IMAGES / f"{name}.png", optimize=True)
