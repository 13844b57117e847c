"""A self-assessment as a page that stands by itself, and as CSV in which no cell acts as a formula."""

from __future__ import annotations

from html import escape

from core.channels.assessment_document import UNSIGNED, AssessmentDocument
from core.channels.safe_export import to_csv

_STYLE = (
    "body{font:1rem/1.5 Arial,sans-serif;margin:2rem;color:#0b0c0c}table{border-collapse:collapse;width:100%}"
    "th,td{border:1px solid #505a5f;padding:.5rem;text-align:left;vertical-align:top}"
    "caption{text-align:left;font-weight:bold;padding:.5rem 0}"
)


def as_csv(document: AssessmentDocument) -> bytes:
    """The table as CSV; a draft says so in a column of its own [lgsco:8.1a]."""
    if not document.draft:
        return to_csv(list(document.rows), document.header)
    return to_csv([(*row, UNSIGNED) for row in document.rows], (*document.header, "Standing"))


def as_html(document: AssessmentDocument) -> str:
    """The document with headings, one table with a caption, and the first cell of each row as its heading."""
    title = f"{document.title}: {document.council}"
    head = "".join(f'<th scope="col">{escape(each)}</th>' for each in document.header)
    rows = "\n".join(_row(row) for row in document.rows)
    lines = [f"<strong>{UNSIGNED}</strong>"] if document.draft else []
    lines += [escape(each) for each in document.facts]
    return (
        f'<!doctype html>\n<html lang="en-GB">\n<head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{escape(title)}</title>'
        f"<style>{_STYLE}</style></head>\n<body>\n<main>\n<h1>{escape(title)}</h1>\n"
        + "\n".join(f"<p>{line}</p>" for line in lines)
        + f"\n<table><caption>{escape(document.title)}</caption>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n"
        "</tbody></table>\n</main>\n</body>\n</html>\n"
    )


def _row(row: tuple[str, ...]) -> str:
    first, *others = ("<br>".join(escape(cell).splitlines()) for cell in row)
    cells = "".join(f"<td>{cell}</td>" for cell in others)
    return f'<tr><th scope="row">{first}</th>{cells}</tr>'
