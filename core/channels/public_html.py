"""Pages for the council's website: static, accessible, each by itself, with one style sheet and no script."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from core.channels.report_html import page_template

STYLE = "style.css"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of a page: paragraphs, a list, links to files beside it, or one table with its caption."""

    title: str = ""
    paragraphs: tuple[str, ...] = ()
    listed: tuple[str, ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    caption: str = ""
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicPage:
    """One page: the name of its file, its title, and its parts."""

    file: str
    title: str
    parts: tuple[Part, ...]


def rendered(pages: Sequence[PublicPage], *, council: str, made: str) -> dict[str, bytes]:
    """Every page and the style sheet, by the names of their files [lgsco:3.4]."""
    template = page_template("public.html")
    told = {"pages": pages, "council": council, "made": made}
    files = {page.file: template.render(page=page, **told).encode() for page in pages}
    return {**files, STYLE: Path(__file__).with_name("pages").joinpath(STYLE).read_bytes()}
