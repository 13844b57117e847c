"""What is proved by breaking the code: every mutant of the rules must fail a test; and the long random walks."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter

from defusedxml import ElementTree

from core.settings import ROOT

SCORE_TARGET = 95.0
PARTS = ("app", "core", "migrations", "tests", "bench", "docs", "pyproject.toml", "README.md", "LICENSE", "go.py")
_KILLED, _TIMEOUTS = {1, 3}, {24, 36, 152, 255, -24, -9}
_NO_TESTS, _SURVIVED = {5, 33}, {0}
WALKS_IN_A_ROUND, ROUND_LIMIT = 25, 900  # the limit, in seconds, leaves time to make a failure as small as it gets
LINES_TOLD = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutants:
    """How the mutants of core/rules fared. `untested` were not reached by any test and count as survivors."""

    mutants: int
    killed: int
    untested: int
    survivors: tuple[str, ...]
    seconds: float
    complete: bool
    clean: bool

    @property
    def score(self) -> float | None:
        """Killed mutants in a hundred; None when the run was broken off before the end."""
        return round(100 * self.killed / self.mutants, 1) if self.complete and self.mutants else None


def mutate(*, fast: bool, limit: float) -> Mutants:
    """Run mutmut in a copy of the project (`fast`: on one small file) and see that ours is as it was."""
    before = fingerprint()
    began = perf_counter()
    with tempfile.TemporaryDirectory(prefix="mutants-") as name:
        copy = Path(name) / "main"
        _copy(copy)
        command = [sys.executable, "-m", "mutmut", "run", "--max-children", "2"]
        if fast:
            command.append("core.rules.findings*")
            command.append("core.rules.s2_exclusions*")
        complete = _run(command, copy, limit=limit)
        codes = _exit_codes(copy / "mutants")
    judged = {name: code for name, code in codes.items() if code is not None}
    left = [name for name, code in judged.items() if code not in _KILLED | _TIMEOUTS]
    return Mutants(
        mutants=len(judged),
        killed=len(judged) - len(left),
        untested=sum(code in _NO_TESTS for code in judged.values()),
        survivors=tuple(sorted(left)),
        seconds=round(perf_counter() - began, 1),
        complete=complete and (fast or len(judged) == len(codes)),
        clean=fingerprint() == before,
    )


def _copy(copy: Path) -> None:
    copy.mkdir()
    for part in PARTS:
        source = ROOT / part
        if source.is_dir():
            shutil.copytree(source, copy / part, ignore=shutil.ignore_patterns("__pycache__", ".mypy_cache"))
        elif source.exists():
            shutil.copy(source, copy / part)
    shared = ROOT.parent / "shared"  # some tests of the calendar read the published list there
    if shared.exists():
        (copy.parent / "shared").symlink_to(shared)


def _run(command: list[str], folder: Path, *, limit: float) -> bool:
    """Run a program within a time limit, with all that it starts; whether it came to its end."""
    with (folder / "mutmut.log").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=folder, stdout=log, stderr=log, env={**os.environ, "PYTHONPATH": str(folder)},
            start_new_session=True,
        )  # fmt: skip
        try:
            code = process.wait(timeout=limit)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            return False
    if code:
        raise RuntimeError(f"mutmut failed: {(folder / 'mutmut.log').read_text(errors='replace')[-1500:]}")
    return True


def _exit_codes(mutants: Path) -> dict[str, int | None]:
    """What the tests said of each mutant: 1 when one failed, 0 when all passed, None when they were not run."""
    codes: dict[str, int | None] = {}
    for path in mutants.rglob("*.meta"):
        codes.update(json.loads(path.read_text(encoding="utf-8"))["exit_code_by_key"])
    return codes


def fingerprint() -> str:
    """A digest of the rules, all that is mutated, as they lie in the project: a mutant left behind would change it."""
    digest = hashlib.sha256()
    for path in sorted((ROOT / "core" / "rules").rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def by_function(survivors: tuple[str, ...]) -> dict[str, int]:
    """Survivors counted by the function they are in."""
    return dict(Counter(re.sub(r"__mutmut_\d+$", "", name) for name in survivors).most_common())


@dataclass(frozen=True, slots=True, kw_only=True)
class Walks:
    """How far the random walks through a complaint's life went, and of a failure which test it was and what it said.

    `walks` and `states` count what passed: the walks, and the states in them at which everything was checked.
    `complete` is False when a round of walks was broken off at its limit.
    """

    walks: int = 0
    states: int = 0
    seconds: float = 0
    complete: bool = True
    failed: tuple[str, ...] = ()
    said: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether every round came to its end and none failed."""
        return self.complete and not self.failed


def walk(*, fast: bool, minutes: float) -> Walks:
    """Walk in rounds of longer walks until the time is up or a round fails (`fast`: the suite's own walks, once).

    In a copy of the project, so that a change made meanwhile is not taken for a defect.
    """
    began, found = perf_counter(), Walks()
    with tempfile.TemporaryDirectory(prefix="walks-") as name:
        copy = Path(name) / "main"
        _copy(copy)
        while True:
            told = _round(copy, walks=0 if fast else WALKS_IN_A_ROUND)
            seconds = round(perf_counter() - began, 1)
            found = replace(told, walks=found.walks + told.walks, states=found.states + told.states, seconds=seconds)
            if fast or not found.passed or seconds >= 60 * minutes:
                return found


def _round(copy: Path, *, walks: int) -> Walks:
    env = {**os.environ, "PYTHONPATH": str(copy)} | ({"PROVE": str(walks)} if walks else {})
    report, log = copy / "walks.xml", copy / "walks.log"
    command = [sys.executable, "-m", "pytest", "tests/commands/test_lifecycle.py", "-q", "--tb=short"]
    command += ["-p", "no:cacheprovider", "-o", f"timeout={ROUND_LIMIT}"]
    command += [f"--basetemp={copy.parent / 'tests'}", f"--junitxml={report}"]
    report.unlink(missing_ok=True)
    with log.open("wb") as output:
        try:
            code = subprocess.run(
                command, cwd=copy, env=env, stdout=output, stderr=output, timeout=ROUND_LIMIT + 60, check=False
            ).returncode
        except subprocess.TimeoutExpired:
            code = None
    said = tuple(log.read_text(encoding="utf-8", errors="replace").splitlines()[-LINES_TOLD:])
    if code is None:
        return Walks(complete=False, said=said)
    if code:
        return Walks(failed=_failures(report) or (f"pytest ended with {code}",), said=said)
    counted = {each.get("name"): int(each.get("value", 0)) for each in ElementTree.parse(report).iter("property")}
    return Walks(walks=counted["walks"], states=counted["states"])


def _failures(report: Path) -> tuple[str, ...]:
    """The tests that failed, with the first line of the reason; none when pytest did not get as far as a report."""
    if not report.exists():
        return ()
    return tuple(
        f"{case.get('name')}: {wrong.get('message', '').partition(chr(10))[0]}"
        for case in ElementTree.parse(report).iter("testcase")
        for wrong in (*case.findall("failure"), *case.findall("error"))
    )
