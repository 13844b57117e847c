"""Anonymise 10,000 complaints, kill it in the middle, go on, and look for every planted word in what is left.

python -m bench.retention [number of complaints]
"""

from __future__ import annotations

import multiprocessing
import re
import sys
import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import perf_counter, sleep

import sqlalchemy as sa
from holidays import country_holidays
from pydantic import SecretStr

from bench.figures import Figure, tell
from core.commands.erasing import AT_ONCE, ApproveErasure, ProposeErasure
from core.commands.importing import ImportBatch
from core.commands.organising import ChangeCalendar, SetUpCouncil
from core.desk import Desk, Office
from core.model.organisation import Layer
from core.permissions import SYSTEM, Actor, Role
from core.retaining import carry_out
from core.settings import Settings
from core.store import ledger
from core.store.history import PastComplaint, PastPoint, PastStage
from core.store.schema import migrate

NOW = datetime(2026, 9, 7, 9, tzinfo=UTC)
_WORD = re.compile(rb"qzplant\d{6}qz")


def opened(folder: Path) -> Office:
    """The office of this bench."""
    url = f"sqlite:///{folder / 'complaints.db'}"
    settings = Settings(_env_file=None, database_url=url, data_dir=folder, ledger_key=SecretStr("5a" * 32))
    return Office(settings, clock=lambda: NOW)


def past(number: int) -> PastComplaint:
    """An old complaint answered in 2018, with a word of its own in its name, address, words and reasons."""
    word = f"qzplant{number:06}qz"
    received = date(2018, 1, 8) + timedelta(days=number % 200)
    return PastComplaint(
        old_reference=f"OLD-{word}",
        digest=f"{number:064x}",
        row=number + 2,
        one=PastStage(
            received_on=received,
            acknowledged_on=received + timedelta(days=3),
            responded_on=received + timedelta(days=9),
            extended_to=received + timedelta(days=20),
            extension_told_on=received + timedelta(days=8),
            extension_reason=f"Waiting for {word}",
            outcome="upheld",
        ),
        points=(PastPoint(text=f"What {word} said", outcome="upheld"),),
        matter=f"Bins of {word}",
        words=f"The bins of {word} were missed. " * 5,
        channel="phone",
        person={"name": f"Sam {word}", "email": f"{word}@sample.example", "phone": "", "address": word, "postcode": ""},
        note=f"{word} rang again",
    )


def built(office: Office, number: int) -> None:
    """A made-up council with so many old complaints, each proposed by one person and approved by another."""
    migrate(office.database)
    console = Desk(office, SYSTEM)
    days = country_holidays("GB", subdiv="ENG", years=range(2015, 2029))
    rows = tuple((day, name, Layer.BANK_HOLIDAY, False) for day, name in sorted(days.items()))
    console.do(ChangeCalendar(source="the holidays package", rows=rows))
    people = (("Mona Manager", Role.MANAGER), ("Sol Senior", Role.SENIOR_LEAD))
    console.do(SetUpCouncil(council="Sample Borough Council", services=("Waste",), colleagues=people))
    for at in range(0, number, AT_ONCE):
        batch = tuple(past(each) for each in range(at, min(at + AT_ONCE, number)))
        console.do(ImportBatch(source="old system", complaints=batch))
    one, two = (Desk(office, Actor(id=key, name=name, role=role)) for key, (name, role) in enumerate(people, start=1))
    with office.database.reading() as connection:
        named = list(connection.execute(sa.text("SELECT reference FROM complaint ORDER BY id")).scalars())
    for at in range(0, number, AT_ONCE):
        references = tuple(named[at : at + AT_ONCE])
        one.do(ProposeErasure(references=references))
        two.do(ApproveErasure(references=references))


def words_in(folder: Path) -> set[bytes]:
    """The planted words in any file of the installation, whatever part of it."""
    files = [each for each in folder.rglob("*") if each.is_file()]
    return {word for each in files for word in _WORD.findall(each.read_bytes().lower())}


def work(folder: str) -> None:
    """What the process that is killed does."""
    carry_out(opened(Path(folder)))


def left(office: Office) -> int:
    """How many complaints are not anonymised."""
    with office.database.reading() as connection:
        return int(
            connection.execute(sa.text("SELECT count(*) FROM complaint WHERE anonymised_on IS NULL")).scalar_one()
        )


def main(number: int = 10_000) -> int:
    """Measure; LedgerBroken when the ledger does not prove itself afterwards."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        office = opened(folder)
        built(office, number)
        planted = len(words_in(folder))
        child = multiprocessing.get_context("spawn").Process(target=work, args=(name,))
        begun = perf_counter()
        child.start()
        while left(office) == number and child.is_alive():
            sleep(0.01)
        child.kill()
        child.join()
        killed_at = number - left(office)
        came = carry_out(office)
        seconds = perf_counter() - begun
        found = words_in(folder)
        with office.database.reading() as connection:
            entries = ledger.verify(connection, key=office.key)
        office.close()
    return tell(
        (
            Figure(name="retention: planted words found before", value=planted, unit="words", target=f">= {number}"),
            Figure(name="retention: anonymised when it was killed", value=killed_at, unit="complaints"),
            Figure(
                name="retention: anonymised in all",
                value=killed_at + came.records,
                unit="complaints",
                target=f">= {number}",
            ),
            Figure(name="retention: both turns together", value=round(seconds, 1), unit="s", target="<= 60"),
            Figure(name="retention: planted words left", value=len(found), unit="words", target="<= 0"),
            Figure(name="retention: entries of the ledger proved", value=entries, unit="entries"),
        )
    )


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
