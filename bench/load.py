"""A hundred officers at work on one process, and what a second process adds: `python -m bench.load`.

The records are in PostgreSQL, and the console is served as for real work, behind its gate. What people do is told in
bench/walking.py. PostgreSQL and the program that asks run on the same machine: what each of them takes of it is told
beside what the console takes, and with it why two processes on two cores do not carry twice what one does. What a
second process adds where nobody is short of a core is therefore measured with half a core for each process, so that
the other half is left to PostgreSQL and the officers.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import psutil

from bench.data import KEY, SERVICES, copied, ready, settings_for
from bench.figures import Figure, load, percentile, tell
from bench.pages import serving
from bench.slices import NoSlices, slices
from bench.walking import Officer, Walked, walk
from core import entrance
from core.commands.accounts import GiveAccount
from core.commands.recording import RecordComplaint
from core.commands.stage_one import Assign
from core.desk import Desk, Office
from core.model.complaints import Channel
from core.month_keeping import keep_months
from core.permissions import SYSTEM, Actor, Role
from core.queries.lists import Choice, lists
from tests.postgres import TestPostgres

SIZE, OFFICERS, SECONDS, THINK = 20_000, 100, 90.0, 8.0
BUSY = 8
"""Officers who do not think, to find the most that is carried."""
WARMING, WARM = 4, 6.0
"""Officers who come before anything is measured, and for how many seconds: the first on a page loads its modules."""
MANAGERS = 5
"""One officer of so many is a manager, who looks at figures."""


def settle(office: Office, officers: int) -> list[tuple[str, str, bool]]:
    """Sessions for so many officers, each with a complaint that came today: token, reference, whether a manager."""
    known = Desk(office, SYSTEM).ask(lists).colleagues
    people = {role: [each for each in known if each.note == role.value] for role in Role}
    recorder, manager = (_desk(office, people[role][0]) for role in (Role.RECORDER, Role.MANAGER))
    for role in (Role.HANDLER, Role.MANAGER):
        for each in people[role]:
            giving = GiveAccount(colleague_id=each.id, sign_in_name=f"colleague{each.id}@council.example")
            Desk(office, SYSTEM).do(giving)
    found = []
    for number in range(officers):
        manages = number % MANAGERS == 0
        who = people[Role.MANAGER if manages else Role.HANDLER]
        colleague = who[number % len(who)]
        given = colleague if not manages else people[Role.HANDLER][0]
        reference = _complaint(office, recorder, number)
        manager.do(Assign(reference=reference, colleague_id=given.id))
        token = entrance.open_session(office, colleague.id, how="password", address="")
        found.append((token, reference, manages))
    return found


def _desk(office: Office, colleague: Choice) -> Desk:
    return Desk(office, Actor(id=colleague.id, name=colleague.name, role=Role(colleague.note)))


def _complaint(office: Office, recorder: Desk, number: int) -> str:
    recording = RecordComplaint(
        individual=f"Sam Sample {number}",
        contact_email=f"sam{number}@sample.example",
        words="The bins in our close were missed four times this summer.",
        matter=f"Missed bin collections in close {number}",
        received_on=office.today(office.now()),
        channel=Channel.PHONE,
        service_id=1 + number % len(SERVICES),
    )
    reference = recorder.do(recording).reference
    assert reference is not None
    return reference


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds of processor: of the console, of PostgreSQL and of this program, which plays the officers."""

    console: float
    database: float
    officers: float

    def since(self, before: Spent) -> Spent:
        """What was spent from then to now."""
        return Spent(self.console - before.console, self.database - before.database, self.officers - before.officers)


def _of(processes: Sequence[psutil.Process], *, ended: bool = False) -> float:
    """Seconds of processor of these processes; with `ended`, also of those that they began and that are over."""
    return sum(sum(each.cpu_times()[: 4 if ended else 2]) for each in processes)


class Console:
    """So many processes of the console on one database."""

    def __init__(self, stack: ExitStack, env: dict[str, str], processes: int) -> None:
        self.urls = [stack.enter_context(serving("app.server:app", env)) for _ in range(processes)]
        ports = {int(url.rpartition(":")[2]) for url in self.urls}
        self._served = [each for each in psutil.Process().children(recursive=True) if _port_of(each) in ports]

    @property
    def processes(self) -> list[int]:
        """The numbers of its processes."""
        return [each.pid for each in self._served]

    def spent(self) -> Spent:
        """What has been spent until now."""
        me = psutil.Process()
        servers = [each for each in me.children() if each.name().startswith("postgres")]
        sessions = [each for server in servers for each in server.children()]
        return Spent(_of(self._served), _of(servers, ended=True) + _of(sessions), _of([me]))

    def memory(self) -> float:
        """What all of them hold, in MB."""
        return sum(each.memory_info().rss for each in self._served) / 1e6

    def walked(self, settled: Sequence[tuple[str, str, bool]], *, seconds: float, think: float) -> Walked:
        """Let the officers work, each staying with one process."""
        officers = [
            Officer(url=self.urls[(number // 2) % len(self.urls)], token=token, reference=reference, figures=manages)
            for number, (token, reference, manages) in enumerate(settled)
        ]
        return asyncio.run(walk(officers, seconds=seconds, think=think))


def _port_of(process: psutil.Process) -> int:
    words = process.cmdline()
    return int(words[words.index("--port") + 1]) if "--port" in words else 0


def figures(*, officers: int, seconds: float, think: float, size: int) -> Iterator[Figure]:
    """The figures of one run."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = copied(ready(size), stack.enter_context(TestPostgres()), folder)
        office = Office(settings_for(url, folder), clock=lambda: datetime.now(UTC))
        stack.callback(office.close)
        people = iter(settle(office, officers + 6 * BUSY + 2 * WARMING))
        env = {"COMPLAINTS_MODE": "live", "COMPLAINTS_DATA_DIR": str(folder), "COMPLAINTS_LEDGER_KEY": KEY}
        env |= {"COMPLAINTS_DATABASE_URL": url, "COMPLAINTS_TICK_SECONDS": "0"}
        with ExitStack() as serving_one:
            one = Console(serving_one, env, 1)
            keep_months(office)  # as the server does by itself, whose chores are off here
            one.walked(list(islice(people, WARMING)), seconds=WARM, think=0.0)
            yield from _at_work(one, list(islice(people, officers)), seconds=seconds, think=think)
            alone = _busy(one, list(islice(people, BUSY)), seconds=seconds / 3)
            alone_on_half = _on_half(one, list(islice(people, BUSY)), seconds=seconds / 3)
        with ExitStack() as serving_two:
            two = Console(serving_two, env, 2)
            two.walked(list(islice(people, WARMING)), seconds=WARM, think=0.0)
            both = _busy(two, list(islice(people, 2 * BUSY)), seconds=seconds / 3)
            both_on_half = _on_half(two, list(people), seconds=seconds / 3)
        yield from _most(alone, both)
        yield from _added(alone_on_half, both_on_half)


def _at_work(
    console: Console, settled: Sequence[tuple[str, str, bool]], *, seconds: float, think: float
) -> Iterator[Figure]:
    held, before = console.memory(), console.spent()
    walked = console.walked(settled, seconds=seconds, think=think)
    spent = console.spent().since(before)
    actions = walked.actions
    yield Figure(name="load.machine", value=load(), unit="programs that want to run")
    yield Figure(name="load.officers", value=len(settled), unit="officers")
    yield Figure(name="load.actions", value=round(len(actions) / walked.seconds, 1), unit="actions a second")
    for kind, each in sorted(walked.took.items()):
        yield Figure(name=f"load.{kind}.p95", value=_ms(each, 0.95), unit="ms")
    yield Figure(name="load.p50", value=_ms(actions, 0.5), unit="ms")
    yield Figure(name="load.p95", value=_ms(actions, 0.95), unit="ms", target="<= 200")
    yield Figure(name="load.failures", value=len(walked.failed), unit=_first(walked), target="= 0")
    yield from _an_action("load", walked, spent)
    grown = (console.memory() - held) / len(settled)
    yield Figure(name="load.session", value=round(grown, 2), unit="MB a session", target="<= 1")


def _an_action(name: str, walked: Walked, spent: Spent) -> Iterator[Figure]:
    """What an action takes of the processor, and where."""
    for part in ("console", "database", "officers"):
        took = getattr(spent, part) / len(walked.actions) * 1000
        yield Figure(name=f"{name}.processor.{part}", value=round(took, 1), unit="ms an action")


Busy = tuple[Walked, Spent]


def _busy(console: Console, settled: Sequence[tuple[str, str, bool]], *, seconds: float) -> Busy:
    """Officers who do not think, and what that took."""
    before = console.spent()
    walked = console.walked(settled, seconds=seconds, think=0.0)
    return walked, console.spent().since(before)


def _on_half(console: Console, settled: Sequence[tuple[str, str, bool]], *, seconds: float) -> Busy | None:
    """The same with half a core for each process of the console; None where the machine allows no such thing."""
    try:
        with slices(console.processes, cores=0.5):
            return _busy(console, settled, seconds=seconds)
    except NoSlices:
        return None


def _added(alone: Busy | None, both: Busy | None) -> Iterator[Figure]:
    """What a second process adds to one where each has half a core, and nobody is short of one."""
    if alone is None or both is None:
        yield Figure(name="load.two", value=None, unit="times one process, each on half a core", target=">= 1.8")
        return
    rates = [len(walked.actions) / walked.seconds for walked, _spent in (alone, both)]
    yield Figure(name="load.half.one", value=round(rates[0], 1), unit="actions a second on half a core")
    yield Figure(name="load.half.two", value=round(rates[1], 1), unit="actions a second on half a core each")
    walked = [each for each, _spent in (alone, both)]
    yield Figure(
        name="load.half.failures", value=sum(len(each.failed) for each in walked), unit=_first(*walked), target="= 0"
    )
    spent = both[1]
    used = (spent.console + spent.database + spent.officers) / both[0].seconds
    yield Figure(name="load.half.cores", value=round(used, 2), unit="cores used of the machine with both")
    ratio = round(rates[1] / rates[0], 2)
    yield Figure(name="load.two", value=ratio, unit="times one process, each on half a core", target=">= 1.8")


def _most(*measured: Busy) -> Iterator[Figure]:
    for name, (walked, spent) in zip(("load.most.one", "load.most.two"), measured, strict=True):
        yield from _an_action(name, walked, spent)
    alone, both = (walked for walked, _spent in measured)
    rates = [len(each.actions) / each.seconds for each in (alone, both)]
    yield Figure(name="load.most.one", value=round(rates[0], 1), unit="actions a second")
    yield Figure(name="load.most.two", value=round(rates[1], 1), unit="actions a second")
    yield Figure(
        name="load.most.failures", value=len(alone.failed + both.failed), unit=_first(alone, both), target="= 0"
    )
    yield Figure(name="load.most", value=round(rates[1] / rates[0], 2), unit="times one process, all on the same cores")
    spent = measured[1][1]
    share = (spent.officers + spent.database) / (spent.console + spent.database + spent.officers)
    yield Figure(name="load.most.others", value=round(100 * share), unit="% of what was spent was not the console's")


def _ms(seconds: Sequence[float], share: float) -> float:
    return round(percentile(seconds, share) * 1000, 1)


def _first(*walked: Walked) -> str:
    """What the first failure was, for whoever reads the figures."""
    return next((said for each in walked for said in each.failed), "failures")


def main(arguments: list[str] | None = None) -> int:
    """Measure and tell."""
    parser = argparse.ArgumentParser(prog="python -m bench.load", description=__doc__)
    parser.add_argument("--officers", type=int, default=OFFICERS)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--think", type=float, default=THINK)
    parser.add_argument("--size", type=int, default=SIZE)
    asked = parser.parse_args(arguments)
    return tell(figures(officers=asked.officers, seconds=asked.seconds, think=asked.think, size=asked.size))


if __name__ == "__main__":
    sys.exit(main())
