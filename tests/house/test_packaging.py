"""The two commands, the lists they install from, and what must stand in no file."""

from __future__ import annotations

import ast
import importlib.util
import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LISTS = ("requirements-setup.txt", "requirements.txt", "requirements-test.txt")
NOT_OURS = {"node_modules", "mutants", "build", "dist", "htmlcov", "__pycache__"}
OURS_WITH_A_DOT = {".ci", ".streamlit", ".github"}

# Put together from parts, so that this file does not itself hold what it looks for.
REGISTRIES = re.compile(
    "|".join(["py" + r"pi\.org", "python" + r"hosted\.org", "regis" + r"try\.npm", "deb" + r"\.debian"])
)
MACHINE_PATHS = re.compile("|".join(rf"(?<!\w)/{folder}/[A-Za-z]" for folder in ("home", "Users", "root", "work")))


def our_files() -> Iterator[tuple[Path, str]]:
    """Every text file of the project, with or without git."""
    for folder, folders, names in os.walk(ROOT):
        hidden = {name for name in folders if name.startswith(".")} - OURS_WITH_A_DOT
        folders[:] = [name for name in folders if name not in NOT_OURS | hidden and not name.endswith(".egg-info")]
        for name in names:
            path = Path(folder, name)
            if path.is_file() and path.stat().st_size < 20_000_000:
                text = path.read_bytes().decode("utf-8", "replace")
                if "\0" not in text:
                    yield path.relative_to(ROOT), text


def entries(name: str) -> dict[str, list[tuple[Requirement, int]]]:
    """A hashed list as package → its lines (one per environment), each with the number of its hashes."""
    listed: dict[str, list[tuple[Requirement, int]]] = {}
    text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ")
    for line in text.splitlines():
        line = line.split("#")[0].strip()
        if line:
            requirement, *hashes = line.split(" --hash=")
            found = Requirement(requirement.strip())
            listed.setdefault(canonicalize_name(found.name), []).append((found, len(hashes)))
    return listed


def version(requirement: Requirement) -> Version:
    """The one version a line of a hashed list allows."""
    (only,) = requirement.specifier
    assert only.operator == "==", requirement
    return Version(only.version)


def direct(*extras: str) -> list[Requirement]:
    """What pyproject asks for itself."""
    wanted = list(PROJECT["project"]["dependencies"])
    for extra in extras:
        wanted += PROJECT["project"]["optional-dependencies"][extra]
    return [Requirement(line) for line in wanted]


@pytest.fixture
def go() -> ModuleType:
    """go.py as a module of its own, so that a test may change its names."""
    spec = importlib.util.spec_from_file_location("go_under_test", ROOT / "go.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


# ------------------------------------------------------------------------------------------------------------ the lists


def test_no_file_names_a_registry_or_a_place_on_someones_machine() -> None:
    seen = {path for path, _ in our_files()}
    assert {Path("go.py"), Path("pyproject.toml"), Path("requirements-test.txt")} <= seen
    found = [
        f"{path}: {match.group()}"
        for path, text in our_files()
        for match in (*REGISTRIES.finditer(text), *MACHINE_PATHS.finditer(text))
    ]
    assert found == []


@pytest.mark.parametrize(
    "text",
    ["https://" + "py" + "pi.org/simple", "file:///" + "work/main/x", "/" + "home/someone", "regis" + "try.npmjs.org"],
)
def test_the_search_for_addresses_finds_them(text: str) -> None:
    assert REGISTRIES.search(text) or MACHINE_PATHS.search(text)


@pytest.mark.parametrize("name", LISTS)
def test_every_line_of_a_list_is_one_version_with_its_hashes(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "://" not in text
    assert "--index" not in text
    listed = entries(name)
    assert listed
    for lines in listed.values():
        for requirement, hashes in lines:
            assert version(requirement)
            assert hashes >= 1, requirement
            assert requirement.url is None


@pytest.mark.parametrize(("name", "extras"), [("requirements.txt", ["postgres"]), ("requirements-test.txt", ["test"])])
def test_each_dependency_is_in_the_list_at_an_allowed_version(name: str, extras: list[str]) -> None:
    listed = entries(name)
    for wanted in direct(*extras):
        lines = listed.get(canonicalize_name(wanted.name), [])
        assert lines, f"{wanted} is missing from {name}. Run `python3 go.py lock`."
        for requirement, _ in lines:
            assert version(requirement) in wanted.specifier, f"{requirement} is not {wanted}. Run `python3 go.py lock`."


def test_tests_try_the_very_versions_that_run() -> None:
    tested = entries("requirements-test.txt")
    for name, lines in entries("requirements.txt").items():
        assert [str(line) for line, _ in lines] == [str(line) for line, _ in tested[name]]


def test_the_installer_carries_the_build_backend_the_project_asks_for() -> None:
    ((pinned, _),) = entries("requirements-setup.txt")["uv"]
    (backend,) = map(Requirement, PROJECT["build-system"]["requires"])
    assert version(pinned) in backend.specifier
    (wanted,) = map(Requirement, PROJECT["dependency-groups"]["setup"])
    assert version(pinned) in wanted.specifier


@pytest.mark.parametrize("folder", ["tests/browser", "tests/sso"])
def test_the_lists_of_npm_have_hashes_and_no_addresses(folder: str) -> None:
    asked = json.loads((ROOT / folder / "package.json").read_text(encoding="utf-8"))
    text = (ROOT / folder / "package-lock.json").read_text(encoding="utf-8")
    packages = json.loads(text)["packages"]
    assert "://" not in text
    assert packages.pop("")["dependencies"] == asked["dependencies"]
    assert packages
    for name, package in packages.items():
        assert package["integrity"].startswith("sha512-"), name
    for name, wanted in asked["dependencies"].items():
        assert packages[f"node_modules/{name}"]["version"] == wanted


def test_every_dependency_has_its_reason() -> None:
    text = (ROOT / "docs/dependencies.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([^`]+)` \| (.+) \| (.+) \|$", text, flags=re.MULTILINE)
    given = {canonicalize_name(name) for name, purpose, reason in rows if purpose.strip() and reason.strip()}
    groups = [Requirement(line) for line in PROJECT["dependency-groups"]["setup"]]
    assert given == {canonicalize_name(wanted.name) for wanted in (*direct("postgres", "test"), *groups)}


# ---------------------------------------------------------------------------------------------------------------- go.py


def test_it_needs_nothing_but_the_standard_library_and_an_old_python_can_read_it() -> None:
    tree = ast.parse((ROOT / "go.py").read_text(encoding="utf-8"), feature_version=(3, 6))
    imported = {
        name.split(".")[0]
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert imported <= sys.stdlib_module_names
    assert "__future__" not in imported  # Python 3.6 does not know `annotations`


def test_an_old_python_is_told_what_is_needed() -> None:
    pretend = "import runpy, sys; sys.version_info = (3, 10, 0); runpy.run_path('go.py', run_name='__main__')"
    told = subprocess.run([sys.executable, "-c", pretend], cwd=ROOT, capture_output=True, text=True)
    assert told.returncode == 1
    assert "needs Python 3.11 or newer" in told.stderr


def test_without_a_word_it_says_what_can_be_asked(go: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    assert go.main([]) == 0
    told = capsys.readouterr().out
    for verb in ("demo", "run", "test", "bench", "prove", "lock"):
        assert f"go.py {verb} " in told


def test_an_unknown_word_is_refused(go: ModuleType) -> None:
    with pytest.raises(SystemExit, match="does not know deploy"):
        go.main(["deploy"])


def test_a_python_without_pip_is_told_how_to_get_it(
    go: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(go, "SETUP", tmp_path / "setup")
    monkeypatch.setattr(go.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(SystemExit, match="no pip"):
        go.uv()
    assert not (tmp_path / "setup").exists()


def test_wheels_come_from_the_named_folder_alone(
    go: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CMS_WHEELS", str(tmp_path))
    assert go.wheels() == ["--no-index", "--find-links", str(tmp_path.resolve())]
    monkeypatch.setenv("CMS_WHEELS", str(tmp_path / "missing"))
    with pytest.raises(SystemExit, match="not a folder"):
        go.wheels()
    monkeypatch.delenv("CMS_WHEELS")
    assert go.wheels() == []


def test_a_set_up_broken_off_half_way_leaves_nothing(
    go: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(go, "SETUP", tmp_path)
    with pytest.raises(KeyboardInterrupt), go.building(tmp_path / "uv-1") as unfinished:
        (unfinished / "half").touch()
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []
    for name in ("uv-1", "uv-2"):
        with go.building(tmp_path / name) as unfinished:
            (unfinished / "whole").touch()
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["uv-2", "whole"]


def test_a_second_start_installs_nothing_and_a_moved_or_changed_project_does(
    go: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    python = tmp_path / ".venv" / "python"
    python.parent.mkdir()
    python.touch()
    for name in ("requirements.txt", "requirements-test.txt", "pyproject.toml"):
        (tmp_path / name).write_text(name)
    monkeypatch.setattr(go, "ROOT", tmp_path)
    monkeypatch.setattr(go, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(go, "PYTHON", python)
    monkeypatch.setattr(go, "uv", lambda: Path("uv"))
    monkeypatch.setattr(go, "must", lambda command, **_: made.append(" ".join(map(str, command))))
    go.prepare("test")
    assert ["--require-hashes" in command for command in made] == [True, False]
    assert "--offline --no-deps --editable" in made[1]
    go.prepare("test")
    go.prepare("run")  # the list for tests holds all that running needs
    assert len(made) == 2
    (tmp_path / "requirements-test.txt").write_text("changed")
    go.prepare("run")
    assert len(made) == 2
    go.prepare("test")
    assert len(made) == 4
    monkeypatch.setattr(go, "ROOT", tmp_path / ".." / tmp_path.name)
    go.prepare("run")
    assert len(made) == 6


class Server:
    """Stands in for the started server: remembers how it was started, and is over at once."""

    started: list[tuple[list[str], dict[str, str]]] = []

    def __init__(self, command: list[str], *, env: dict[str, str], **_: Any) -> None:
        self.started.append((command, env))

    def poll(self) -> int:
        return 0

    def wait(self) -> int:
        return 0

    def terminate(self) -> None:
        raise AssertionError("nobody asked it to stop")


@pytest.fixture
def started(go: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[tuple[list[str], dict[str, str]]]:
    monkeypatch.setattr(Server, "started", [])
    monkeypatch.setattr(go.subprocess, "Popen", Server)
    monkeypatch.setattr(go.signal, "signal", lambda *_: None)
    monkeypatch.setattr(go, "prepare", lambda kind: None)
    monkeypatch.setattr(go, "must", lambda command, **_: None)
    monkeypatch.setattr(go, "answers", lambda port: False)
    monkeypatch.setattr(go, "DEMO", tmp_path / "demo")
    return Server.started


def test_the_demo_is_for_this_machine_only(
    go: ModuleType, started: list[tuple[list[str], dict[str, str]]], tmp_path: Path
) -> None:
    assert go.main(["demo", "--port", "8765", "--no-browser"]) == 0
    ((command, env),) = started
    assert command[command.index("--host") + 1] == "127.0.0.1"
    assert command[command.index("--port") + 1] == "8765"
    assert env["COMPLAINTS_MODE"] == "demo"
    assert env["COMPLAINTS_DATA_DIR"] == str(tmp_path / "demo")
    with pytest.raises(SystemExit):
        go.main(["demo", "--host", "0.0.0.0"])  # noqa: S104  (refused: that is the test)
    assert len(started) == 1


def test_real_work_is_never_the_demo(
    go: ModuleType, started: list[tuple[list[str], dict[str, str]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COMPLAINTS_MODE", "demo")
    assert go.main(["run"]) == 0
    ((command, env),) = started
    assert env["COMPLAINTS_MODE"] == "live"
    assert command[command.index("--host") + 1] == "127.0.0.1"


def test_fresh_throws_the_sample_council_away_but_not_while_its_port_is_taken(
    go: ModuleType,
    started: list[tuple[list[str], dict[str, str]]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "demo").mkdir()
    monkeypatch.setattr(go, "answers", lambda port: True)
    with pytest.raises(SystemExit, match="Port 8501 is taken"):
        go.main(["demo", "--fresh"])
    assert (tmp_path / "demo").exists()
    assert started == []
    monkeypatch.setattr(go, "answers", lambda port: False)
    assert go.main(["demo", "--fresh", "--no-browser"]) == 0
    assert not (tmp_path / "demo").exists()


@pytest.mark.parametrize(("check", "tests", "whole"), [(0, 0, 0), (1, 0, 1), (0, 3, 3), (1, 3, 3)])
def test_a_failed_check_fails_the_whole_and_pytest_has_the_last_word(
    go: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    check: int,
    tests: int,
    whole: int,
) -> None:
    def pytest_run(command: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
        go.say("pytest: " + " ".join(map(str, command[3:])))
        return subprocess.CompletedProcess(command, tests)

    monkeypatch.setattr(go, "prepare", lambda kind: None)
    monkeypatch.setattr(go, "node", lambda: Path("node"))
    monkeypatch.setattr(go, "checks", lambda names: ["style"] * check)
    monkeypatch.setattr(go.subprocess, "run", pytest_run)
    assert go.main(["test", "--quick", "-k", "anything"]) == whole
    told = capsys.readouterr().out.splitlines()
    assert told[-1].startswith("pytest: ")
    assert told[-1].endswith("--ignore=tests/browser -k anything")
    assert ("These checks failed: style." in told[0]) is bool(check)


def test_a_named_browser_that_is_missing_is_not_passed_over(go: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BROWSER_BIN", "/nowhere/chromium")
    with pytest.raises(SystemExit, match="BROWSER_BIN names /nowhere/chromium"):
        go.installed_browser()


def test_a_stub_on_the_path_is_not_taken_for_a_browser(
    go: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stub = tmp_path / "chromium"
    stub.write_text("#!/bin/sh\nexit 1\n")
    stub.chmod(0o755)
    monkeypatch.delenv("BROWSER_BIN", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(go, "BROWSER_PLACES", {})
    assert go.installed_browser() is None
    stub.write_text("#!/bin/sh\nexit 0\n")
    assert go.installed_browser() == str(stub)


def test_the_provider_for_single_sign_on_is_fetched_once_and_without_its_scripts(
    go: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exactly what the list names; where only the named wheels may be used, single sign-on is left out of the tests."""
    run: list[list[str]] = []
    monkeypatch.setattr(go, "SETUP", tmp_path)
    monkeypatch.setattr(go, "node", lambda: Path("bin/node"))
    monkeypatch.setattr(go, "must", lambda command, **_: run.append([str(part) for part in command]))
    home = Path(go.packaged_provider())
    assert home.parent == tmp_path
    assert {path.name for path in home.iterdir()} == {"package.json", "package-lock.json"}
    (command,) = run
    assert command[2] == "ci"
    assert "--ignore-scripts" in command
    assert go.packaged_provider() == str(home)
    assert len(run) == 1
    monkeypatch.setenv("CMS_WHEELS", str(tmp_path))
    assert go.packaged_provider() == str(home)
    monkeypatch.setattr(go, "SETUP", tmp_path / "another")
    assert go.packaged_provider() is None


# ------------------------------------------------------------------------------------------------------------- settings


def test_every_streamlit_setting_is_one_that_streamlit_knows() -> None:
    from streamlit import config

    ours = tomllib.loads((ROOT / ".streamlit/config.toml").read_text(encoding="utf-8"))
    for section, settings in ours.items():
        for name in settings:
            config.get_option(f"{section}.{name}")  # an unknown name raises; in the file it would be passed over
    assert ours["server"]["address"] == "127.0.0.1"
    assert ours["browser"]["gatherUsageStats"] is False
    assert ours["client"]["showErrorDetails"] == "none"
    assert "trustedUserHeaders" not in ours["server"]


def test_ci_runs_what_a_developer_types() -> None:
    script = (ROOT / ".ci/run").read_text(encoding="utf-8").splitlines()
    assert script[0] == "#!/usr/bin/env bash"
    assert "set -e" in script
    assert script[-1] == "python3 go.py test"


def test_make_offers_every_verb() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    for verb in ("demo", "run", "test", "bench", "prove", "lock"):
        assert re.search(rf"^{verb}: ## .+\n\t\$\(PYTHON\) go\.py {verb}$", text, flags=re.MULTILINE)
