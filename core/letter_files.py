"""Letters as files: made from the words that were saved, kept as they go out, and the council's own Word template."""

from __future__ import annotations

import hashlib
from datetime import date

from core.channels.file_stores import file_store
from core.channels.files import check_file
from core.channels.pdf_letters import as_one_pdf, as_pdf
from core.channels.word_letters import LARGEST_TEMPLATE, as_word, check_template
from core.commands.base import Command, LetterStep
from core.commands.letters_going_out import OpenLetter
from core.commands.wording import AdoptTemplate
from core.desk import Desk, Done
from core.errors import BadInput, NotFound
from core.letters.documents import LetterDocument, Section
from core.queries.letters import LetterView, letter_template, letter_view
from core.rules.behaviour import Enclosed
from core.words import letter_day

NOBODY_NAMED = "The complaints team"
PDF, WORD = "PDF", "Word"


def letter_document(letter: LetterView, *, council: str, on: date) -> LetterDocument:
    """A letter as it stands on paper, dated a day: plain text, with the headings its reader sees [lgsco:6.18]."""
    sections = [
        Section(heading=part.heading, paragraphs=tuple(filter(str.strip, part.text.split("\n\n"))))
        for part in letter.parts
        if part.text.strip()
    ]
    if letter.enclosed is not None:
        sections.append(Section(heading="Our policy", paragraphs=(_about(letter.enclosed),)))
    name = letter.addressee.partition("\n")[0].strip()
    matter = f": {letter.matter}" if letter.matter else ""
    return LetterDocument(
        council=council,
        council_address=(),
        addressee=tuple(filter(None, letter.addressee.splitlines())) or (letter.reference,),
        reference=letter.reference,
        date=letter_day(on),
        subject=f"Your complaint{matter}",
        sections=(Section(paragraphs=(f"Dear {name or 'Sir or Madam'}",)), *sections),
        signatory=NOBODY_NAMED if letter.officers_anonymous or not letter.signatory else letter.signatory,
        role="",
        contact=tuple(filter(None, letter.contact.splitlines())) or (council,),
        footer=council if letter.sent_on is not None else f"{council} · draft, not sent",
        large_print_points=letter.large_print_points,
    )


def _about(policy: Enclosed) -> str:
    """What a letter says of the policy that goes with it."""
    said = f"Our policy “{policy.name}” comes with this letter." if policy.sha256 else ""
    read = f"You can read our policy “{policy.name}” at {policy.web_address}." if policy.web_address else ""
    return " ".join(filter(None, (said, read)))


def letter_file(desk: Desk, letter_id: int, form: str) -> tuple[str, bytes]:
    """A letter as PDF or Word, with a name for it: the file it went out as, or a draft made anew [lgsco:5.8].

    Raises NotFound for no letter that this person sees or another kind of file, BadInput when no file can be made.
    """
    if form not in (PDF, WORD):
        raise NotFound("A letter is had as PDF or as Word. Open it from its page.")
    letter = desk.ask(letter_view, letter_id)
    desk.do(desk.form(OpenLetter, {"letter_id": letter_id, "form": form}))
    kept = letter.pdf_sha256 if form == PDF else letter.word_sha256
    name = f"{letter.reference} {letter.kind.title}.{'pdf' if form == PDF else 'docx'}"
    if kept:
        with file_store(desk.office.settings).open(kept) as file:
            return name, file.read()
    return name, _made(desk, letter, letter.sent_on or desk.office.today(desk.office.now()), form)


def _made(desk: Desk, letter: LetterView, on: date, form: str) -> bytes:
    document = letter_document(letter, council=desk.office.settings.council, on=on)
    return as_pdf(document) if form == PDF else as_word(document, template_in_use(desk))


def letters_to_print(desk: Desk, letter_ids: tuple[int, ...]) -> bytes:
    """Several letters as one PDF, each on a new sheet. Raises as `letter_file` does."""
    documents = []
    for letter_id in letter_ids:
        letter = desk.ask(letter_view, letter_id)
        desk.do(desk.form(OpenLetter, {"letter_id": letter_id, "form": PDF}))
        on = letter.sent_on or desk.office.today(desk.office.now())
        documents.append(letter_document(letter, council=desk.office.settings.council, on=on))
    return as_one_pdf(documents)


def send_with_files(desk: Desk, command: Command) -> Done:
    """Take a step with the letter that goes out with it; its PDF and its Word file are kept as they went [lgsco:5.8].

    Raises BadInput, before anything changes, when a file cannot be made; and whatever the desk refuses.
    """
    if not isinstance(command, LetterStep) or command.letter_id is None or not desk.may(command.needs):
        return desk.do(command)
    return desk.do(command.model_copy(update=files_kept(desk, command.letter_id, on=command.left_on)))


def files_kept(desk: Desk, letter_id: int, *, on: date) -> dict[str, str]:
    """Make a letter's files as it goes out on a day and keep them; their digests by the name a step has for them.

    Raises BadInput when a file cannot be made.
    """
    sent = desk.ask(letter_view, letter_id).as_sent_on(on)
    store, digests = file_store(desk.office.settings), {}
    for form, column in ((PDF, "pdf_sha256"), (WORD, "word_sha256")):
        content = _made(desk, sent, on, form)
        digests[column] = hashlib.sha256(content).hexdigest()
        # Before the letter names it: bytes that no letter names do no harm, a name without its bytes is a record lost.
        store.put(content, digests[column])
    return digests


def template_in_use(desk: Desk) -> bytes | None:
    """The council's own template; None for the one that comes along."""
    held = desk.ask(letter_template)
    if not held.sha256:
        return None
    with file_store(desk.office.settings).open(held.sha256) as file:
        return file.read()


def hand_in_template(desk: Desk, *, name: str, content: bytes) -> Done:
    """Take a Word template of the council into use for its letters.

    Raises BadInput with what is wrong with it, and then nothing changes; and whatever the desk refuses.
    """
    checked = check_file(name, content, limit=LARGEST_TEMPLATE)
    report = check_template(content)
    if report.problems:
        raise BadInput(" ".join(report.problems))
    adopting = desk.form(AdoptTemplate, {"name": checked.name, "sha256": checked.sha256})
    if desk.may(adopting.needs):
        file_store(desk.office.settings).put(content, checked.sha256)
    return desk.do(adopting)
