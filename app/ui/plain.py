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
_BLANKS = re.compile(r"\s+")


def plain(text: object) -> str:
    """User text as Markdown that shows exactly that text, its line breaks included."""
    return "  \n".join(_inert(line) for line in _lines(text))


def one_line(text: object, *, longest: int | None = None, empty: str = "") -> str:
    """User text as Markdown in one line, for labels; `empty` stands in where there is none."""
    flat = _BLANKS.sub(" ", str(text)).strip()
    if longest is not None and len(flat) > longest:
        flat = f"{flat[: longest - 1].rstrip()}…"
    return _inert(flat) or empty


def _lines(text: object) -> list[str]:
    return str(text).replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _inert(line: str) -> str:
    joined = _AUTOLINK.sub(lambda found: found.group(0) + _JOINER, line)
    return "".join(map(_character, joined))


def _character(sign: str) -> str:
    if sign.isalnum() or sign in _HARMLESS or ord(sign) >= _FIRST_NON_ASCII:
        return sign
    return f"&#{ord(sign)};"
