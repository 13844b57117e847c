"""A certified OpenID provider in a process of its own, and the console that signs people in by it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.web.conftest import live, live_folder, log_as_before  # noqa: F401 - fixtures
from tests.web.live import ADDRESS, Live, Visitor
from tests.web.serving import PATIENCE, free_port

SECRET = "a-client-secret-of-some-length"
CONSOLE_PORT = free_port()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test here needs the provider's process."""
    for item in items:
        if Path(item.path).parent == Path(__file__).parent:
            item.add_marker(pytest.mark.slow)


class Provider:
    """The provider, who signs in there by themselves, and which lie it tells."""

    def __init__(self, process: subprocess.Popen[str], port: int) -> None:
        self.process = process
        self.address = f"http://127.0.0.1:{port}"
        self.tells(person="", lie="")

    def tells(self, **what: str) -> list[str]:
        """Change what it tells; the lies it knows."""
        # Over plain HTTP; without certificates to load for each question.
        answer = httpx2.get(f"{self.address}/told", params=what, timeout=PATIENCE, verify=False)
        known: list[str] = answer.json()
        return known

    def settings(self, **more: Any) -> dict[str, Any]:
        """The console's settings for this provider."""
        return {
            "sso_metadata_url": f"{self.address}/.well-known/openid-configuration",
            "sso_client_id": "complaints",
            "sso_client_secret": SECRET,
            "sso_name": "the council's account",
            **more,
        }


@pytest.fixture(scope="session")
def running() -> Iterator[Provider]:
    """The provider's process, from when it answers."""
    folder = os.environ.get("SSO_PROVIDER")
    node = os.environ.get("PLAYWRIGHT_NODEJS_PATH")
    if not folder or not node:
        pytest.skip("SSO_PROVIDER is not set; run the tests with `python3 go.py test`")
    port = free_port()
    backs = [f"{ADDRESS}/sso/callback", f"http://127.0.0.1:{CONSOLE_PORT}/sso/callback"]
    command = [node, "--no-warnings", str(Path(__file__).with_name("idp.mjs")), str(port), *backs]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        said = []
        for line in process.stdout or ():
            said.append(line)
            if line.startswith("ready "):
                break
        else:
            pytest.fail("".join(said))
        yield Provider(process, port)
        process.terminate()


@pytest.fixture
def provider(running: Provider) -> Provider:
    """The provider, telling the truth about nobody yet."""
    running.tells(person="", lie="")
    for person, groups in {"asha": "handlers", "mo": "", "zed": "handlers,managers", "dee": ""}.items():
        running.tells(person=person, groups=groups)
    running.tells(person="")
    return running


@pytest.fixture
def signs_on(live: Live, provider: Provider) -> Live:  # noqa: F811 - the fixture above
    """The council at work, with this provider in its settings."""
    live.set(**provider.settings())
    return live


class Traveller(Visitor):
    """A browser that goes to the provider and comes back."""

    def __init__(self, provider: Provider) -> None:
        super().__init__()
        self.provider = provider
        self.there = httpx2.Cookies()

    def leaves(self, start: str = "/sso/start") -> str:
        """Go from the console to the provider; the address there."""
        answer = self.opens(start)
        assert answer.status_code == 302, answer.text
        return str(answer.headers["location"])

    def walks(self, address: str) -> str:
        """Walk through the provider's pages as the person it knows; the address back at the console."""
        with httpx2.Client(cookies=self.there, timeout=PATIENCE, verify=False) as there:
            while not address.startswith(self.base):
                answer = there.get(address)
                assert answer.status_code in {302, 303}, answer.text
                address = str(answer.next_request.url) if answer.next_request else ""
            self.there = there.cookies
        return address.removeprefix(self.base)

    def signs_on(self, person: str, start: str = "/sso/start") -> Any:
        """The whole way, as a person; the console's last answer."""
        self.provider.tells(person=person)
        return self.opens(self.walks(self.leaves(start)))


@pytest.fixture
def traveller(signs_on: Live, provider: Provider) -> Traveller:
    """A browser in front of the console that signs people in by the provider."""
    assert signs_on.office.settings.single_sign_on
    return Traveller(provider)
