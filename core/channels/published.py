"""“You said, we did” as files: completed improvements in the words written for publication, and nothing besides."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from core.channels.safe_export import to_csv

COLUMNS = ("Service", "You said", "We did", "Done")
Told = Sequence[str]
"""A service, what people said, what was done, and the day in words."""


def as_csv(told: Iterable[Told]) -> bytes:
    """The improvements as CSV in which no cell acts as a formula [lgsco:9.3]."""
    return to_csv(list(told), COLUMNS)


def as_html(told: Iterable[Told], *, council: str) -> str:
    """The improvements as a page that stands by itself: headings, paragraphs, and no style of ours [lgsco:9.3]."""
    title = f"You said, we did: {escape(council)}"
    parts = [f"<h1>{title}</h1>"]
    for service, said, did, day in told:
        parts += [
            f"<h2>{escape(service or council)}</h2>",
            f"<p><strong>You said:</strong> {_lines(said)}</p>",
            f"<p><strong>We did:</strong> {_lines(did)} <em>({escape(day)})</em></p>",
        ]
    body = "\n".join(parts)
    head = f'<meta charset="utf-8"><title>{title}</title>'
    return f'<!doctype html>\n<html lang="en-GB">\n<head>{head}</head>\n<body>\n{body}\n</body>\n</html>\n'


def _lines(text: str) -> str:
    return "<br>".join(escape(text).splitlines())
