"""The other side of `bounded`: limits this process, loads one script, and answers its jobs.

Run by file path, never imported by the server. A script may import its neighbours in its own folder and finds nothing
else of the project, so the process holds no settings and no door to the records. Limits come first, then the script, so
that even its imports are bounded. Every job is one line of JSON on standard input and every outcome one line on what
was standard output. JSON and not pickle, because what comes back was made from a stranger's file. Whatever a library
prints goes nowhere near the answers.

A script has a function `do`, an exception `Refused` whose text is the sentence the officer reads, and two sentences:
`OUT_OF_MEMORY` and `UNREADABLE`, for whatever else goes wrong.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import math
import os
import sys
import time
from types import ModuleType
from typing import Any


def bound(*, memory: int, file_size: int) -> None:
    """Limit this process where the platform can: bytes of memory, and bytes of one written file."""
    try:
        import resource
    except ImportError:  # Windows: the caller's clock and the sizes remain
        return
    for what, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_FSIZE, file_size),
        (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(ValueError, OSError):  # a stricter limit is already in force
            resource.setrlimit(what, (most, most))


def allow(cpu: int) -> None:
    """Let the next job use so many seconds of processor and no more: past them the system ends this process."""
    try:
        import resource
    except ImportError:
        return
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    until = math.ceil(time.process_time()) + cpu
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CPU, (until, hard))


def loaded(script: str) -> ModuleType:
    """The script as a module; what stands for the project's packages here is empty but for the script's own folder."""
    folder, name = os.path.split(os.path.splitext(script)[0])
    for package, places in (("core", []), ("core.channels", [folder])):
        sys.modules[package] = ModuleType(package)
        sys.modules[package].__path__ = places
    return importlib.import_module(f"core.channels.{name}")


def outcome(script: ModuleType, job: dict[str, Any]) -> dict[str, Any]:
    """What comes of one job: the script's answer, or a sentence of refusal with its cause for the log."""
    try:
        answer: dict[str, Any] = script.do(job)
        return answer
    except script.Refused as refused:
        return {"refused": str(refused)}
    except MemoryError:
        return {"refused": script.OUT_OF_MEMORY}
    except Exception as error:  # libraries raise whatever they stumble over; the officer gets one sentence for all
        return {"refused": script.UNREADABLE, "cause": first_cause(error)}


def first_cause(error: BaseException) -> str:
    """What went wrong first, for the log: libraries wrap it in errors of their own."""
    while error.__cause__ or error.__context__:
        error = error.__cause__ or error.__context__ or error
    return f"{type(error).__name__}: {error}"[:300]


def main() -> None:
    """Answer jobs until standard input ends, which it does with the process that started this one."""
    limits = json.loads(sys.argv[2])
    bound(memory=limits["memory"], file_size=limits["file_size"])
    answers = os.fdopen(os.dup(1), "w", encoding="ascii", newline="\n")
    os.dup2(2, 1)
    script: ModuleType | None = None
    for line in sys.stdin.buffer:
        allow(limits["cpu"])
        try:
            script = script or loaded(sys.argv[1])
            answer = json.dumps(outcome(script, json.loads(line)))
        except MemoryError:
            return  # not even the script or the job fits; the caller has a sentence for a process that ended
        answers.write(answer + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
