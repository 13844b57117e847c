"""How long a bundle of five hundred documents takes: `python -m bench bundle`.

Four in five are PDFs of two pages that follow the text, the others text files that lie beside it in the zip.
"""

from __future__ import annotations

import hashlib
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

import typst

from bench.data import AS_AT, office_at, set_up, sqlite_url
from bench.figures import Figure, tell
from core.bundles.making import make_bundle
from core.channels.files import FileStore
from core.commands.bundles import MakeBundle
from core.commands.evidence import AddFile
from core.commands.recording import RecordComplaint
from core.desk import Desk
from core.model.bundles import BundleFor
from core.model.complaints import Channel
from core.permissions import SYSTEM
from core.queries.bundles import case_bundles

DOCUMENTS, SECONDS, TEXT_EVERY = 500, 20, 5


def figures() -> Iterator[Figure]:
    """The figures of one run."""
    with tempfile.TemporaryDirectory() as folder:
        office = office_at(sqlite_url(Path(folder) / "complaints.db"), Path(folder))
        set_up(office)
        desk = Desk(office, SYSTEM)
        told = {"words": "Bins.", "received_on": AS_AT.date(), "channel": Channel.PHONE, "no_contact_details": True}
        reference = desk.do(desk.form(RecordComplaint, told)).reference or ""
        store = FileStore(office.settings.files)
        for number in range(DOCUMENTS):
            _add(desk, store, reference, number)
        command = MakeBundle(reference=reference, made_for=BundleFor.OMBUDSMAN, why="The figure of the bench.")
        began = perf_counter()
        make_bundle(desk, command)
        took = perf_counter() - began
        (line,) = desk.ask(case_bundles, reference)
        office.close()
    assert line.documents == DOCUMENTS
    yield Figure(name=f"bundle.documents_{DOCUMENTS}", value=round(took, 1), unit="s", target=f"<= {SECONDS}")
    yield Figure(name="bundle.size", value=round(line.size / 1_000_000, 1), unit="MB")


def _add(desk: Desk, store: FileStore, reference: str, number: int) -> None:
    words = f"Document {number}. " + "What the crew recorded on each of the days that were named. " * 80
    content, kind = words.encode(), ("txt", "text/plain")
    if number % TEXT_EVERY:
        made = typst.compile(words.encode(), format="pdf")
        assert isinstance(made, bytes)
        content, kind = made, ("pdf", "application/pdf")
    sha256 = hashlib.sha256(content).hexdigest()
    store.put(content, sha256)
    told = {"media_type": kind[1], "size": len(content), "sha256": sha256}
    desk.do(AddFile(reference=reference, name=f"Document {number}.{kind[0]}", **told))


def main() -> int:
    """Print the figures."""
    return tell(figures())


if __name__ == "__main__":
    sys.exit(main())
