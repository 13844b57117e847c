"""A letter as plain text, for the body of an e-mail: everything that its file says, without the file."""

from __future__ import annotations

from core.letters.documents import LetterDocument, printable

ALONG = "The same letter is attached as a PDF file."


def as_plain_text(document: LetterDocument) -> str:
    """The letter from its greeting to who signs it, headings on lines of their own, with its reference and day."""
    parts: list[str] = []
    for section in document.sections:
        parts += [section.heading.upper()] if section.heading else []
        parts += [paragraph.strip() for paragraph in section.paragraphs if paragraph.strip()]
    signed = "\n".join(filter(None, (document.signatory, document.role, document.council, *document.contact)))
    head = f"{document.subject}\nOur reference: {document.reference}\n{document.date}"
    return printable("\n\n".join([head, *parts, "Yours sincerely", signed, ALONG])) + "\n"
