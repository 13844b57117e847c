"""Processes with limits: each limit holds, what is left over is gone, and the next job is answered all the same."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import psutil
import pytest

from core.channels.bounded import Limits, Stopped, Worker, Workers, refusal
from core.errors import BadInput

SCRIPT = """
import os, sys, time
OUT_OF_MEMORY = "Too much memory."
UNREADABLE = "Not to be read."
class Refused(Exception): ...
def do(job):
    if job["what"] == "hang": time.sleep(600)
    if job["what"] == "spin":
        while True: pass
    if job["what"] == "swell": return {"size": len(bytearray(2_000_000_000))}
    if job["what"] == "shout": return {"much": "x" * 5_000_000}
    if job["what"] == "print": print("not an answer", flush=True); os.write(1, b"nor this\\n")
    if job["what"] == "write":
        with open(job["path"], "wb") as out: out.write(b"x" * 3_000_000)
    if job["what"] == "end": os._exit(3)
    if job["what"] == "refuse": raise Refused("Choose another file.")
    if job["what"] == "fail": raise KeyError("inner")
    if job["what"] == "reach": import core.errors
    if job["what"] == "neighbour": from core.channels.neighbour_sample import HERE; return {"here": HERE}
    if job["what"] == "environment": return {"names": sorted(os.environ)}
    return {"pid": os.getpid(), "path": sys.path, "ours": [n for n in sys.modules if n.split(".")[0] == "core"]}
"""
LIMITS = Limits(memory=500_000_000, cpu=2, seconds=5, jobs=50)
needs_limits = pytest.mark.skipif(os.name == "nt", reason="this platform cannot bound memory and processor time")


@pytest.fixture
def script(tmp_path: Path) -> Path:
    path = tmp_path / "sample_child.py"
    path.write_text(SCRIPT, encoding="utf-8")
    return path


@pytest.fixture
def worker(script: Path) -> Worker:
    return Worker(script)


def pid(worker: Worker, limits: Limits = LIMITS) -> int:
    return int(worker.ask({"what": "answer"}, limits)["pid"])


def test_a_process_stays_for_the_next_job_and_is_replaced_after_so_many(worker: Worker) -> None:
    limits = Limits(memory=500_000_000, cpu=2, seconds=5, jobs=3)
    seen = [pid(worker, limits) for _ in range(7)]
    assert len(set(seen[:3])) == len(set(seen[3:6])) == 1
    assert len(set(seen)) == 3
    assert not psutil.pid_exists(seen[0])
    worker.stop()


@pytest.mark.parametrize(
    "what",
    [
        "hang",
        "shout",
        "end",
        pytest.param("spin", marks=needs_limits),
    ],
)
def test_what_hangs_ends_or_answers_too_much_is_stopped_and_the_next_job_is_answered(worker: Worker, what: str) -> None:
    limits = Limits(memory=500_000_000, cpu=1, seconds=3, jobs=50)
    before = pid(worker, limits)
    began = time.perf_counter()
    with pytest.raises(Stopped):
        worker.ask({"what": what}, limits)
    assert time.perf_counter() - began < 5
    assert not psutil.pid_exists(before)
    assert pid(worker, limits) != before
    worker.stop()


@needs_limits
def test_each_job_has_its_own_time_of_the_processor(worker: Worker) -> None:
    """A process that stays does not run out because of the jobs before."""
    limits = Limits(memory=500_000_000, cpu=1, seconds=20, jobs=50)
    before = pid(worker, limits)
    process = psutil.Process(before)
    while sum(process.cpu_times()[:2]) < 1.3:
        for _ in range(200):
            pid(worker, limits)
            worker._done = 0
    assert pid(worker, limits) == before
    worker.stop()


@needs_limits
def test_memory_past_the_limit_is_a_sentence_and_the_process_goes_on(worker: Worker) -> None:
    before = pid(worker)
    assert worker.ask({"what": "swell"}, LIMITS) == {"refused": "Too much memory."}
    assert pid(worker) == before
    worker.stop()


@needs_limits
def test_a_file_past_the_limit_is_not_written(worker: Worker, tmp_path: Path) -> None:
    target = tmp_path / "large"
    answer = worker.ask({"what": "write", "path": str(target)}, LIMITS)
    assert answer["refused"] == "Not to be read." and answer["cause"].startswith("OSError")
    assert target.stat().st_size <= LIMITS.file_size
    worker.stop()


def test_what_a_library_prints_is_no_answer(worker: Worker) -> None:
    assert "pid" in worker.ask({"what": "print"}, LIMITS)
    assert "pid" in worker.ask({"what": "print"}, LIMITS)
    worker.stop()


def test_the_process_finds_its_neighbours_and_nothing_else_of_the_project(worker: Worker) -> None:
    worker.script.with_name("neighbour_sample.py").write_text("HERE = 1", encoding="utf-8")
    assert worker.ask({"what": "neighbour"}, LIMITS) == {"here": 1}
    assert "No module named 'core.errors'" in worker.ask({"what": "reach"}, LIMITS)["cause"]
    ours = worker.ask({"what": "answer"}, LIMITS)["ours"]
    assert sorted(ours) == ["core", "core.channels", "core.channels.neighbour_sample", "core.channels.sample_child"]
    worker.stop()


def test_the_process_is_given_none_of_our_settings(worker: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMPLAINTS_KEY", "a secret")
    names = worker.ask({"what": "environment"}, LIMITS)["names"]
    assert "PATH" in names and not [name for name in names if name.startswith("COMPLAINTS_")]
    worker.stop()


def test_a_refusal_is_its_sentence_and_a_fault_one_sentence_with_its_cause(worker: Worker) -> None:
    refused = refusal(worker.ask({"what": "refuse"}, LIMITS))
    assert str(refused) == "Choose another file."
    failed = refusal(worker.ask({"what": "fail"}, LIMITS))
    assert str(failed) == "Not to be read." and "KeyError: 'inner'" in failed.__notes__[0]
    assert refusal({"pid": 1}) is None
    worker.stop()


def test_a_process_that_ended_while_it_waited_is_started_again(worker: Worker) -> None:
    before = pid(worker)
    psutil.Process(before).kill()
    psutil.wait_procs([psutil.Process(before)] if psutil.pid_exists(before) else [], timeout=3)
    assert pid(worker) != before
    worker.stop()


def test_a_worker_that_is_let_go_leaves_no_process(script: Path) -> None:
    worker = Worker(script)
    before = pid(worker)
    del worker
    assert not psutil.pid_exists(before)


def test_no_more_processes_than_allowed_and_the_others_wait_their_turn(script: Path) -> None:
    workers = Workers(script, LIMITS, most=2)
    seen: list[int] = []
    threads = [
        threading.Thread(target=lambda: seen.append(workers.ask({"what": "answer"})["pid"]), name=f"officer {at}")
        for at in range(12)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 12 and len(set(seen)) <= 2


def test_nobody_waits_for_ever(script: Path) -> None:
    workers = Workers(script, Limits(memory=500_000_000, cpu=2, seconds=0.05), most=1)
    workers._idle.get()
    with pytest.raises(BadInput, match="Wait a minute"):
        workers.ask({"what": "answer"})
