"""The long campaigns: `python -m bench.prove [campaign …] [--fast] [--out FILE]`.

Each breaks something on purpose, counts what must not happen and is bounded in time. The figures are one JSON document,
on standard output or in a file; the exit status is 1 when a target is missed.
"""

from __future__ import annotations

import argparse
import json
import platform
import sqlite3
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from time import perf_counter
from types import MappingProxyType
from typing import Any

from bench.figures import Figure, Told, details_of, load

# Campaigns load what they need themselves: the processes that are killed start from this module and must start quickly.


def mutation(fast: bool) -> Told:
    """Mutants of core/rules that the tests notice."""
    from bench.prove_code import SCORE_TARGET, by_function, mutate

    found = mutate(fast=fast, limit=120 if fast else 1500)
    target = None if fast else f">= {SCORE_TARGET:g}"
    return Told(
        figures=(
            Figure(name="mutation.score", value=found.score, unit="%", target=target),
            Figure(name="mutation.mutants", value=found.mutants, unit="mutants"),
            Figure(name="mutation.untested", value=found.untested, unit="mutants"),
            Figure(name="mutation.source_changed", value=int(not found.clean), unit="times", target="= 0"),
        ),
        details={"seconds": found.seconds, "by_function": by_function(found.survivors), "survivors": found.survivors},
    )


def _kills(kind: str, times: int) -> Told:
    from bench.prove_kills import kill_again_and_again

    found = kill_again_and_again(kind, times=times)
    return Told(
        figures=(
            Figure(name=f"{kind}.kills", value=found.kills, unit="kills", target=f"= {times}"),
            Figure(name=f"{kind}.acknowledged", value=found.acknowledged, unit="commands", target=">= 1"),
            Figure(name=f"{kind}.lost", value=found.lost, unit="commands", target="= 0"),
            Figure(name=f"{kind}.faults_found", value=found.faults, unit="faults", target="= 0"),
        ),
        details=asdict(found),
    )


def kills(fast: bool) -> Told:
    """kill -9 while eight threads write to SQLite."""
    return _kills("sqlite", 10 if fast else 200)


def kills_postgresql(fast: bool) -> Told:
    """kill -9 of the console while eight threads write to PostgreSQL."""
    return _kills("postgresql", 5 if fast else 50)


def web_forms(fast: bool) -> Told:
    """kill -9 of the console while web forms send complaints and send them again."""
    from bench.prove_web import kill_and_send_again

    times = 3 if fast else 60
    found = kill_and_send_again(times=times)
    return Told(
        figures=(
            Figure(name="web_forms.kills", value=found.kills, unit="kills", target=f"= {times}"),
            Figure(name="web_forms.sent", value=found.sent, unit="complaints", target=">= 1"),
            Figure(name="web_forms.lost", value=found.lost, unit="complaints", target="= 0"),
            Figure(name="web_forms.doubled", value=found.doubled, unit="complaints", target="= 0"),
            Figure(name="web_forms.faults_found", value=found.faults, unit="faults", target="= 0"),
        ),
        details=asdict(found),
    )


def replicas(fast: bool) -> Told:
    """kill -9 of PostgreSQL itself while four consoles write to it: they recover by themselves."""
    from bench.prove_replicas import REPLICAS, kill_the_server

    times = 3 if fast else 50
    found = kill_the_server(times=times)
    return Told(
        figures=(
            Figure(name="replicas.kills", value=found.kills, unit="kills", target=f"= {times}"),
            Figure(name="replicas.acknowledged", value=found.found.acknowledged, unit="commands", target=">= 1"),
            Figure(name="replicas.lost", value=found.found.lost, unit="commands", target="= 0"),
            Figure(name="replicas.faults_found", value=found.found.faults, unit="faults", target="= 0"),
            Figure(name="replicas.ended", value=found.ended, unit=f"of {REPLICAS} replicas", target="= 0"),
            Figure(name="replicas.said_otherwise", value=len(found.fell_through), unit="errors", target="= 0"),
            Figure(name="replicas.longest_recovery", value=max(found.recoveries), unit="s", target="<= 30"),
        ),
        details=asdict(found),
    )


def failover(fast: bool) -> Told:
    """Replicas and PostgreSQL restarted and killed while officers type: no word is lost, no step is taken twice."""
    from bench.prove_failover import fail_over, figures

    times = 1 if fast else 12
    found = fail_over(times=times, **({"officers": 6} if fast else {}))
    return Told(figures=figures(found, times), details=asdict(found))


def updates(fast: bool, attempts: int | None = None) -> Told:
    """Many hands on the same complaints, from four consoles on each database: no update is lost."""
    from bench.prove_updates import update_together

    many = attempts or (400 if fast else 20_000)
    found = {kind: update_together(kind, attempts=many) for kind in ("postgresql", "sqlite")}
    figures: list[Figure] = []
    for kind, each in found.items():
        name = f"updates.{kind}"
        figures += [
            Figure(name=f"{name}.attempts", value=each.attempts, unit="steps", target=f">= {many // 8 * 8}"),
            Figure(name=f"{name}.acknowledged", value=each.share, unit="% of them", target=">= 10"),
            Figure(name=f"{name}.lost", value=each.lost, unit="steps", target="= 0"),
            Figure(name=f"{name}.faults_found", value=each.faults, unit="faults", target="= 0"),
            Figure(name=f"{name}.said_otherwise", value=len(each.fell_through), unit="errors", target="= 0"),
            Figure(name=f"{name}.rate", value=each.rate, unit="steps/s"),
        ]
    return Told(figures=tuple(figures), details={kind: asdict(each) for kind, each in found.items()})


def _outbox(kind: str, messages: int, times: int) -> Told:
    from bench.prove_outbox import kill_while_sending

    found = kill_while_sending(kind, messages=messages, kills=times)
    return Told(
        figures=(
            Figure(name=f"outbox.{kind}.kills", value=found.kills, unit="kills", target=f"= {times}"),
            Figure(name=f"outbox.{kind}.messages", value=found.messages, unit="messages"),
            Figure(name=f"outbox.{kind}.duplicates", value=found.duplicates, unit="messages"),
            Figure(name=f"outbox.{kind}.lost", value=found.lost, unit="messages", target="= 0"),
            Figure(name=f"outbox.{kind}.faults_found", value=found.faults, unit="faults", target="= 0"),
        ),
        details=asdict(found),
    )


def outbox(fast: bool) -> Told:
    """kill -9 of one of three processes that send letters from SQLite."""
    return _outbox("sqlite", *((200, 5) if fast else (10_000, 100)))


def outbox_postgresql(fast: bool) -> Told:
    """kill -9 of one of three processes that send letters from PostgreSQL."""
    return _outbox("postgresql", *((200, 5) if fast else (2_000, 20)))


def faults(fast: bool) -> Told:
    """Failing at every statement of every command."""
    from bench.prove_records import fault_loop

    found = fault_loop(fast=fast)
    return Told(
        figures=(
            Figure(name="faults.injected", value=found.faults, unit="faults", target=">= 1"),
            Figure(name="faults.commands", value=found.commands, unit="commands"),
            Figure(name="faults.partial_states", value=found.partial, unit="commands", target="= 0"),
        ),
        details=asdict(found),
    )


def lifecycle(fast: bool) -> Told:
    """Random walks through the life of complaints, watched by a second opinion."""
    from bench.prove_code import walk

    found = walk(fast=fast, minutes=10)
    return Told(
        figures=(
            Figure(name="lifecycle.failed", value=int(not found.passed), unit="runs", target="= 0"),
            Figure(name="lifecycle.walks", value=found.walks, unit="walks", target=">= 1"),
            Figure(name="lifecycle.states_checked", value=found.states, unit="states", target=">= 1"),
        ),
        details=asdict(found),
    )


def days(fast: bool) -> Told:
    """Every day and 1 to 60 working days, against numpy."""
    from bench.prove_records import every_day

    found = every_day(fast=fast)
    return Told(
        figures=(
            Figure(name="days.compared", value=found.compared, unit="dates", target=">= 1"),
            Figure(name="days.differing", value=found.differing, unit="dates", target="= 0"),
        ),
        details=asdict(found),
    )


def restore(fast: bool) -> Told:
    """Backups of both databases taken while others write, brought back and proved."""
    from bench.prove_records import restore_drill, restore_drill_postgresql

    times = 3 if fast else 20
    found = {"sqlite": restore_drill(times=times), "postgresql": restore_drill_postgresql(times=times)}
    figures = tuple(
        figure
        for kind, each in found.items()
        for figure in (
            Figure(name=f"restore.{kind}.backups", value=each.backups, unit="backups", target=f"= {times}"),
            Figure(
                name=f"restore.{kind}.written_meanwhile", value=each.written_meanwhile, unit="commands", target=">= 1"
            ),
            Figure(name=f"restore.{kind}.differing", value=each.differing, unit="backups", target="= 0"),
        )
    )
    return Told(figures=figures, details={kind: asdict(each) for kind, each in found.items()})


def simulation(fast: bool, seed: int | None = None) -> Told:
    """Councils that live by the dice for years, against a second opinion on every duty. `seed` lets one live alone."""
    from bench.prove_simulation import A_YEAR, COUNCIL_YEARS, YEARS_OF_EACH, simulate

    if fast:
        seeds, days, expected = range(1, 2), 90, 0.2
    else:
        seeds, days, expected = range(1, 1 + COUNCIL_YEARS // YEARS_OF_EACH), YEARS_OF_EACH * A_YEAR, COUNCIL_YEARS
    if seed is not None:
        seeds, expected = range(seed, seed + 1), 0 if fast else YEARS_OF_EACH
    found = simulate(seeds=seeds, days=days, limit=2 * 3600)
    speed = found.seconds / found.years if found.years else None
    return Told(
        figures=(
            Figure(name="simulation.council_years", value=round(found.years, 1), unit="years", target=f">= {expected}"),
            Figure(name="simulation.complaints", value=found.complaints, unit="complaints", target=">= 1"),
            Figure(name="simulation.duties_compared", value=found.duties_compared, unit="duties", target=">= 1"),
            Figure(name="simulation.duties_differing", value=found.differing, unit="times", target="= 0"),
            Figure(name="simulation.rules_broken", value=found.broken, unit="times", target="= 0"),
            Figure(name="simulation.judged_twice", value=found.judged_twice, unit="times", target="= 0"),
            Figure(name="simulation.offered_and_refused", value=found.misled, unit="steps", target="= 0"),
            Figure(name="simulation.letters_lost_or_doubled", value=found.letters_wrong, unit="councils", target="= 0"),
            Figure(name="simulation.one_year", value=speed, unit="s"),
        ),
        details=details_of(found),
    )


def torn(fast: bool) -> Told:
    """Write-ahead logs torn at random places: what opens is a state there was."""
    from bench.prove_torn import tear

    times = 100 if fast else 2_000
    found = tear(times=times)
    return Told(
        figures=(
            Figure(name="torn.opened", value=found.opened, unit="logs", target=f"= {times}"),
            Figure(name="torn.wrong", value=found.wrong, unit="logs", target="= 0"),
            Figure(name="torn.states_reached", value=found.states_reached, unit="states", target=">= 2"),
        ),
        details=details_of(found),
    )


def trouble(fast: bool) -> Told:
    """A full disk, records that may only be read, a database that is away or takes nobody else: a sentence each."""
    from bench.prove_trouble import all_troubles

    found = all_troubles(seconds_away=2 if fast else 30)
    figures = tuple(
        figure
        for each in found
        for figure in (
            Figure(name=f"trouble.{each.name}.refused", value=each.refused, unit="steps", target=">= 1"),
            Figure(name=f"trouble.{each.name}.not_well", value=int(not each.well), unit="times", target="= 0"),
        )
    )
    return Told(figures=figures, details={each.name: asdict(each) for each in found})


def migrations(fast: bool) -> Told:
    """The sample council down to the first schema and up again, step by step and by four replicas at once."""
    from bench.prove_migrations import up_and_down

    found = up_and_down(complaints=64 if fast else 400)
    figures = tuple(
        figure
        for each in found
        for figure in (
            Figure(name=f"migrations.{each.kind}.steps", value=each.steps, unit="steps", target=">= 1"),
            Figure(name=f"migrations.{each.kind}.complaints", value=each.complaints, unit="complaints", target=">= 1"),
            Figure(name=f"migrations.{each.kind}.wrong", value=len(each.wrong), unit="times", target="= 0"),
        )
    )
    return Told(figures=figures, details={each.kind: asdict(each) for each in found})


CAMPAIGNS: dict[str, Callable[..., Told]] = {
    "days": days,
    "restore": restore,
    "migrations": migrations,
    "faults": faults,
    "kills": kills,
    "kills_postgresql": kills_postgresql,
    "replicas": replicas,
    "failover": failover,
    "updates": updates,
    "torn": torn,
    "trouble": trouble,
    "web_forms": web_forms,
    "outbox": outbox,
    "outbox_postgresql": outbox_postgresql,
    "lifecycle": lifecycle,
    "simulation": simulation,
    "mutation": mutation,
}


def about() -> dict[str, str]:
    """What each campaign does, in a line."""
    return {name: (each.__doc__ or "").split("\n")[0] for name, each in CAMPAIGNS.items()}


def campaigns(
    names: list[str], *, fast: bool, given: Mapping[str, Mapping[str, Any]] = MappingProxyType({})
) -> Iterator[tuple[str, dict[str, Any], bool]]:
    """Run campaigns one after another: name, what it found, and whether all its targets are met.

    `given` is what some of them take besides, by name.
    """
    for name in names:
        print(f"{name} …", file=sys.stderr, flush=True)
        began = perf_counter()
        told = CAMPAIGNS[name](fast, **given.get(name, {}))
        figures = [{**asdict(figure), "ok": figure.ok} for figure in told.figures]
        took = round(perf_counter() - began, 1)
        yield name, {"seconds": took, "figures": figures, "details": told.details}, all(f.ok for f in told.figures)


def main(arguments: list[str] | None = None) -> int:
    """Run the campaigns asked for, or all of them."""
    parser = argparse.ArgumentParser(prog="python -m bench.prove", description=__doc__)
    parser.add_argument("campaign", nargs="*", help=f"some of {', '.join(CAMPAIGNS)}")
    parser.add_argument(
        "--report",
        type=Path,
        nargs="+",
        metavar="FILE",
        help="write what readers are told from these figures, and stop",
    )
    parser.add_argument("--fast", action="store_true", help="a small run of each, to see that it works")
    parser.add_argument("--seed", type=int, help="simulation: let the council of this seed live alone, once more")
    parser.add_argument("--attempts", type=int, help="updates: how many steps to try on each database")
    parser.add_argument("--out", type=Path, help="the file to write, such as .prove.json")
    asked = parser.parse_args(arguments)
    if asked.report is not None:
        from bench.proof import write

        return write(asked.report, about())
    unknown = [name for name in asked.campaign if name not in CAMPAIGNS]
    if unknown:
        parser.error(f"there is no campaign {unknown[0]!r}; there are {', '.join(CAMPAIGNS)}")
    document: dict[str, Any] = {
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "fast": asked.fast,
        "load_before": load(),
        "campaigns": {},
    }
    well = True
    given = {"simulation": {"seed": asked.seed}, "updates": {"attempts": asked.attempts}}
    for name, found, met in campaigns(asked.campaign or list(CAMPAIGNS), fast=asked.fast, given=given):
        document["campaigns"][name] = found
        well = well and met
    document["load_after"] = load()
    text = json.dumps(document, indent=2)
    if asked.out is None:
        print(text)
    else:
        asked.out.write_text(text + "\n", encoding="utf-8")
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())
