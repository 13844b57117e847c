"""What a page shows, as one text, for tests that read it."""

from __future__ import annotations

import html
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Picked:
    """One choice of a menu, clicked as a button is."""

    menu: Any
    at: int

    def click(self) -> Any:
        """Open the menu and pick it."""
        return self.menu.click_index(self.at)


def button(at: AppTest, label: str) -> Any:
    """The button with this label, or the choice in a menu; the test fails when there is none or more than one."""
    found = [each for each in at.button if each.label == label]
    found += [Picked(each, each.options.index(label)) for each in at.menu_button if label in each.options]
    assert len(found) == 1, offered(at)
    return found[0]


def offered(at: AppTest) -> list[str]:
    """Every button's label and every choice of a menu."""
    return [*(each.label for each in at.button), *(label for each in at.menu_button for label in each.options)]


def field(at: AppTest, kind: str, title: str) -> Any:
    """The field of a form whose label begins with this title."""
    found = [each for each in getattr(at, kind) if each.label.split("  \n")[0].removesuffix(" (optional)") == title]
    assert len(found) == 1, [each.label for each in getattr(at, kind)]
    return found[0]
