"""Processes with limits of their own, for work on files that strangers made: a hostile file hurts only its process.

One mechanism for spreadsheets, templates and PDF. A process is limited in memory, processor time, the size of what it
writes and the size of its answer, and a clock outside it ends it when it hangs. It may stay for the next job, because
starting one takes longer than most jobs; after a number of jobs, and after anything unusual, it is replaced.
"""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
import weakref
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from core.errors import BadInput

_CHILD = Path(__file__).with_name("bounded_child.py")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one process may use: bytes of memory, seconds of processor a job, bytes of one written file and of one
    answer, seconds by the clock a job, and the number of jobs after which it is replaced."""

    memory: int
    cpu: int
    seconds: float
    file_size: int = 1_000_000
    answer: int = 1_000_000
    jobs: int = 1


class Stopped(Exception):
    """The process gave no answer: it hung, ended, ran into a limit or answered with too much."""


@dataclass(slots=True, weakref_slot=True)
class Worker:
    """One bounded process for one script in this folder, started at its first job. For one thread at a time."""

    script: Path
    _running: subprocess.Popen[bytes] | None = None
    _ending: Any = None
    _done: int = 0

    def ask(self, job: dict[str, Any], limits: Limits) -> dict[str, Any]:
        """The script's answer to one job. Raises Stopped, and then the process is gone."""
        process = self._started(limits)
        clock = threading.Timer(limits.seconds, process.kill)
        clock.start()
        try:
            answer = _exchanged(process, job, most=limits.answer)
        except (OSError, ValueError) as error:
            self.stop()
            raise Stopped from error
        finally:
            clock.cancel()
        self._done += 1
        if self._done >= limits.jobs:
            self.stop()
        return answer

    def stop(self) -> None:
        """End the process, if there is one; the next job starts another."""
        if self._ending is not None:
            self._ending()
        self._running, self._ending, self._done = None, None, 0

    def _started(self, limits: Limits) -> subprocess.Popen[bytes]:
        """The process, started where there is none or where it ended while it waited."""
        if self._running is not None and self._running.poll() is None:
            return self._running
        self.stop()
        told = json.dumps({"memory": limits.memory, "cpu": limits.cpu, "file_size": limits.file_size})
        # -I: no variable of ours and no folder of ours decides what the child imports.
        self._running = subprocess.Popen(  # noqa: S603  # our own interpreter and scripts; the job travels as data
            [sys.executable, "-I", str(_CHILD), str(self.script), told],
            cwd=tempfile.gettempdir(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            env=_surroundings(),
        )  # fmt: skip
        self._ending = weakref.finalize(self, _end, self._running)
        return self._running


@dataclass(slots=True)
class Workers:
    """A few processes for one script, kept warm: as many jobs at a time, and the others wait their turn."""

    script: Path
    limits: Limits
    most: int = 2
    _idle: queue.LifoQueue[Worker] = field(default_factory=queue.LifoQueue)

    def __post_init__(self) -> None:
        for _ in range(self.most):
            self._idle.put(Worker(self.script))

    def ask(self, job: dict[str, Any]) -> dict[str, Any]:
        """The script's answer to one job. Raises Stopped, and BadInput when nobody's turn comes up."""
        try:
            worker = self._idle.get(timeout=2 * self.limits.seconds)
        except queue.Empty as error:
            raise BadInput("Many files are being made just now. Wait a minute and try again.") from error
        try:
            return worker.ask(job, self.limits)
        finally:
            self._idle.put(worker)


def _surroundings() -> dict[str, str]:
    """The variables a process is given: none of ours, which may name secrets, and one thread for each library."""
    passed = {name: value for name, value in os.environ.items() if not name.startswith("COMPLAINTS_")}
    return {**passed, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "RAYON_NUM_THREADS": "1"}


def _exchanged(process: subprocess.Popen[bytes], job: dict[str, Any], *, most: int) -> dict[str, Any]:
    """Give the job, take the answer; raises ValueError or OSError when none comes or it is none."""
    if process.stdin is None or process.stdout is None:
        raise RuntimeError("The process was started without its pipes.")
    process.stdin.write(json.dumps(job).encode("ascii") + b"\n")
    process.stdin.flush()
    line = process.stdout.readline(most + 1)
    if not line.endswith(b"\n"):
        raise ValueError("The answer was cut short or is too long.")
    answer = json.loads(line)
    if not isinstance(answer, dict):
        raise ValueError("The answer is no object.")
    return answer


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a process and close what leads to it."""
    process.kill()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            try:
                pipe.close()
            except OSError:
                continue  # what was still to be written to a process that is gone
    process.wait()


def refusal(answer: dict[str, Any]) -> BadInput | None:
    """The refusal that an answer holds, with its cause as a note for the log; None when it holds none."""
    if "refused" not in answer:
        return None
    error = BadInput(str(answer["refused"]))
    error.add_note(f"The reader said: {answer.get('cause', 'nothing more')}")
    return error
