"""Processes held to a share of a core each, where the kernel lets us: by its control groups, of either version."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

_ROOTS = (Path("/sys/fs/cgroup/cpu"), Path("/sys/fs/cgroup"))
_PERIOD = 20_000  # microseconds; each process runs for its share of them


class NoSlices(RuntimeError):
    """This machine lets us hold nobody to a share of a core."""


@contextlib.contextmanager
def slices(processes: Sequence[int], *, cores: float) -> Iterator[None]:
    """Hold each of these processes to so many cores. Raises NoSlices where that cannot be done."""
    with contextlib.ExitStack() as stack:
        for process in processes:
            stack.enter_context(_slice(process, cores))
        yield


@contextlib.contextmanager
def _slice(process: int, cores: float) -> Iterator[None]:
    try:
        root = next(each for each in _ROOTS if (each / "cgroup.procs").exists())
        group = root / f"complaints-bench-{os.getpid()}-{process}"
        group.mkdir()
    except (StopIteration, OSError) as refused:
        raise NoSlices from refused
    try:
        _limit(group, round(cores * _PERIOD))
        (group / "cgroup.procs").write_text(str(process))
        yield
    except OSError as refused:
        raise NoSlices from refused
    finally:
        with contextlib.suppress(OSError):
            (root / "cgroup.procs").write_text(str(process))
        with contextlib.suppress(OSError):
            group.rmdir()


def _limit(group: Path, quota: int) -> None:
    if (group / "cpu.max").exists():
        (group / "cpu.max").write_text(f"{quota} {_PERIOD}")
    else:
        (group / "cpu.cfs_period_us").write_text(str(_PERIOD))
        (group / "cpu.cfs_quota_us").write_text(str(quota))
