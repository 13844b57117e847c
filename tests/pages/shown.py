"""What a page shows, as one text, for tests that read it."""

from __future__ import annotations

import html
from typing import Any

from streamlit.testing.v1 import AppTest


def words(at: AppTest) -> str:
    """Everything the page says: headings, text, messages and links, with character references read."""
    said: list[str] = []
    for element in at.main:
        _collect(element, said)
    return html.unescape("\n".join(said)).replace("\u2060", "")


def _collect(node: Any, said: list[str]) -> None:
    proto = getattr(node, "proto", None)
    for name in ("body", "label"):
        value = getattr(proto, name, None)
        if isinstance(value, str):
            said.append(value)
    link = getattr(proto, "page_link", None)
    if link is not None and getattr(link, "label", ""):
        said.append(link.label)
    value = getattr(node, "value", None)
    if isinstance(value, str):
        said.append(value)
    children = getattr(node, "children", None)
    if children:
        for child in children.values():
            _collect(child, said)


def button(at: AppTest, label: str) -> Any:
    """The button with this label; the test fails when there is none or more than one."""
    found = [each for each in at.button if each.label == label]
    assert len(found) == 1, [each.label for each in at.button]
    return found[0]


def field(at: AppTest, kind: str, title: str) -> Any:
    """The field of a form whose label begins with this title."""
    found = [each for each in getattr(at, kind) if each.label.split("  \n")[0].removesuffix(" (optional)") == title]
    assert len(found) == 1, [each.label for each in getattr(at, kind)]
    return found[0]
