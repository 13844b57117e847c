"""How long a letter takes to become a checked PDF or Word file: `python -m bench.letters`.

Each letter is another one, of three pages. What the libraries alone take for the same words is measured in turn, so
that the ratio says what checking and the bounded process cost, whatever else the machine is doing. The time of the
processor that those processes used says it once more.
"""

from __future__ import annotations

import io
import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from time import perf_counter

import psutil
import sqlalchemy as sa
import typst
from docx import Document

from bench.data import AS_AT, office_at, set_up, sqlite_url
from bench.figures import Figure, percentile, tell
from core.channels.pdf_letters import as_one_pdf, as_pdf
from core.channels.word_letters import as_word, standard_template
from core.code.catalogue import LETTERS as KINDS
from core.commands.recording import RecordComplaint
from core.desk import Desk
from core.letters.contents import digest
from core.letters.documents import LetterDocument, Section, as_data
from core.model.complaints import Channel
from core.model.letters import Letter, LetterPart
from core.permissions import SYSTEM
from core.queries.letters_check import LettersCheck, letters_check

LETTERS = 80
SENT = 100_000
PDF_MILLISECONDS = 150
WORD_MILLISECONDS = 300
_WORDS = "We looked at what the crew recorded on each of the days you named and at what we had told you before. "
_BARE = """
#let letter = json(bytes(sys.inputs.letter))
#set document(title: letter.subject)
#set text(size: 14pt)
#heading(letter.subject)
#for section in letter.sections { for paragraph in section.paragraphs { par(paragraph) } }
"""


def letter(number: int) -> LetterDocument:
    """A stage 1 answer of about seven hundred words that no other one equals."""
    paragraphs = tuple(f"{part}. Case {number}: {_WORDS * 4}" for part in range(1, 3))
    titles = ("What you told us", "What we found", "What went wrong", "What we will do", "If you are not content")
    return LetterDocument(
        council="Sampleton Borough Council",
        council_address=("Town Hall", "1 High Street", "Sampleton SM1 1AA"),
        addressee=("Mrs Ada Example", f"{number} Low Road", "Sampleton SM2 2BB"),
        reference=f"C-26-{number:04}",
        date="26 March 2026",
        subject="Your complaint about missed collections",
        sections=tuple(Section(heading=each, paragraphs=paragraphs[: 1 + at % 2]) for at, each in enumerate(titles)),
        signatory="Sam Handler",
        role="Complaints officer",
        contact=("01234 567890", "sam.handler@sampleton.example"),
        footer="Sampleton Borough Council",
    )  # fmt: skip


def timed(work: Callable[[], object]) -> float:
    """Milliseconds that some work takes."""
    began = perf_counter()
    work()
    return (perf_counter() - began) * 1_000


def bare_pdf(compiler: typst.Compiler, document: LetterDocument) -> object:
    """The typesetter alone: the same words, tagged, unchecked, in this process."""
    data = json.dumps(as_data(document))
    return compiler.compile(_BARE.encode(), format="pdf", sys_inputs={"letter": data}, pdf_standards=["ua-1"])


def bare_word(document: LetterDocument) -> None:
    """The Word library alone: the same words in its own template, unchecked, in this process."""
    word = Document()
    for section in document.sections:
        word.add_heading(section.heading or "")
        for paragraph in section.paragraphs:
            word.add_paragraph(paragraph)
    word.save(io.BytesIO())


def spread(name: str, times: list[float], bare: list[float], target: int) -> Iterator[Figure]:
    """Middle and slow times of one kind of file, and how many times the library alone."""
    yield Figure(name=f"letters.{name}.p50", value=round(median(times), 1), unit="ms")
    yield Figure(name=f"letters.{name}.p95", value=round(percentile(times, 0.95), 1), unit="ms", target=f"<= {target}")
    yield Figure(name=f"letters.{name}.library_alone.p50", value=round(median(bare), 1), unit="ms")
    yield Figure(name=f"letters.{name}.ratio", value=round(median(times) / median(bare), 2), unit="times")


def processes(script: str) -> list[psutil.Process]:
    """The bounded processes that run for this bench and a script with this end of its name."""
    return [each for each in psutil.Process().children() if any(part.endswith(script) for part in each.cmdline()[3:])]


def checking() -> Iterator[Figure]:
    """How long it takes to read letters that went out again, against their clauses and the digests of their words."""
    with tempfile.TemporaryDirectory() as folder:
        office = office_at(sqlite_url(Path(folder) / "complaints.db"), Path(folder))
        set_up(office)
        desk = Desk(office, SYSTEM)
        told = {"words": "Bins.", "received_on": AS_AT.date(), "channel": Channel.PHONE, "no_contact_details": True}
        desk.do(desk.form(RecordComplaint, told))
        with office.database.engine.begin() as connection:
            connection.execute(sa.insert(Letter), [_gone(number) for number in range(1, SENT + 1)])
            connection.execute(
                sa.insert(LetterPart),
                [{"letter_id": n, "content": key, "text": text} for n in range(1, SENT + 1) for key, text in _said(n)],
            )
        found: list[LettersCheck] = []
        took = timed(lambda: found.append(desk.ask(letters_check)))
        office.close()
    assert (found[0].checked, found[0].lacking, found[0].altered) == (SENT, (), ())
    yield Figure(name=f"letters.check_{SENT}", value=round(took / 1_000, 2), unit="s", target="< 10")


def _gone(number: int) -> dict[str, object]:
    words = digest("Sam Sample", dict(_said(number)))
    told = {"id": number, "complaint_id": 1, "stage_number": 1, "kind": "final_response", "addressee": "Sam Sample"}
    return {**told, "how": "post", "prepared_at": AS_AT, "sent_on": AS_AT.date(), "sha256": words}


def _said(number: int) -> list[tuple[str, str]]:
    return [(content.key, f"{content.title} {number}: {_WORDS * 4}") for content in KINDS["final_response"].contents]


def figures() -> Iterator[Figure]:
    """The figures of one run: first the start of each process, then eighty letters of each kind."""
    yield Figure(name="letters.pdf.first", value=round(timed(lambda: as_pdf(letter(0))), 1), unit="ms")
    yield Figure(name="letters.word.first", value=round(timed(lambda: as_word(letter(0))), 1), unit="ms")
    own = standard_template()
    compiler = typst.Compiler(root=tempfile.mkdtemp(), ignore_system_fonts=True)
    times: dict[str, list[float]] = {"pdf": [], "bare_pdf": [], "word": [], "own": [], "bare_word": []}
    for number in range(1, LETTERS + 1):
        one = letter(number)
        times["pdf"].append(timed(lambda one=one: as_pdf(one)))
        times["bare_pdf"].append(timed(lambda one=one: bare_pdf(compiler, one)))
        times["word"].append(timed(lambda one=one: as_word(one)))
        times["own"].append(timed(lambda one=one: as_word(one, own)))
        times["bare_word"].append(timed(lambda one=one: bare_word(one)))
    for name, files in (("pdf", LETTERS), ("word", 2 * LETTERS)):
        used = sum(sum(each.cpu_times()[:2]) for each in processes(f"{name}_child.py"))
        yield Figure(name=f"letters.{name}.processor", value=round(1_000 * used / files, 1), unit="ms a letter")
    yield from spread("pdf", times["pdf"], times["bare_pdf"], PDF_MILLISECONDS)
    yield from spread("word", times["word"], times["bare_word"], WORD_MILLISECONDS)
    yield from spread("word_own_template", times["own"], times["bare_word"], WORD_MILLISECONDS)
    fifty = [letter(number) for number in range(50)]
    yield Figure(name="letters.fifty_to_print", value=round(timed(lambda: as_one_pdf(fifty))), unit="ms")
    yield from checking()
    held = [each.memory_info().rss for each in processes("_child.py")]
    yield Figure(name="letters.processes", value=len(held), unit="processes", target="<= 4")
    yield Figure(name="letters.largest_process", value=round(max(held) / 1_000_000), unit="MB", target="<= 400")


def main() -> int:
    """Measure and tell."""
    return tell(figures())


if __name__ == "__main__":
    sys.exit(main())
