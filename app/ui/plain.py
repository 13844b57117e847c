"""User text made inert wherever Streamlit reads Markdown: labels, links, headings, messages.

Everything that is not a letter, a digit or a harmless sign becomes a character reference, so no link, image, formula,
icon, colour or tag can come of it. An invisible joiner stops the links that Markdown makes of bare addresses.
"""

from __future__ import annotations

import re

_JOINER = "\u2060"
_AUTOLINK = re.compile(r"(?i)(https?:|www|:streamlit)(?=//|\.|:)|(?<=[\w.+-])(?=@[\w-])")
_HARMLESS = frozenset(" ,;'\"%?")
_FIRST_NON_ASCII = 128
_REFERENCES = {
    sign: f"&#{sign};" for sign in range(_FIRST_NON_ASCII) if not chr(sign).isalnum() and chr(sign) not in _HARMLESS
}


def plain(text: object) -> str:
    """User text as Markdown that shows exactly that text, its line breaks included."""
    return "  \n".join(_inert(line) for line in _lines(text))


def one_line(text: object, *, longest: int | None = None, empty: str = "") -> str:
    """User text as Markdown in one line, for labels; `empty` stands in where there is none."""
    flat = " ".join(str(text).split())
    if longest is not None and len(flat) > longest:
        flat = f"{flat[: longest - 1].rstrip()}…"
    return _inert(flat) or empty


def _lines(text: object) -> list[str]:
    return str(text).replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _inert(line: str) -> str:
    return _AUTOLINK.sub(lambda found: found.group(0) + _JOINER, line).translate(_REFERENCES)
