"""Charts as pictures drawn from numbers: bars with their labels and values in words, so that no colour tells anything.

Used inside the bounded processes as well, so it knows nothing of the rest of the project.
"""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

_WIDTH, _ROW, _LABELS, _VALUES = 640, 30, 190, 70  # of the drawing's own units
_FONT = "Libertinus Serif, Georgia, serif"
_INK, _BAR = "#1a1a1a", "#1d5f8a"


def bars(labels: Sequence[str], values: Sequence[int], *, alt: str) -> str:
    """Horizontal bars as SVG, one for each label, its value beside it; `alt` says the same to whoever sees none."""
    height = _ROW * max(len(labels), 1) + 10
    most = max([*values, 1])
    room = _WIDTH - _LABELS - _VALUES
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" height="{height}" '
        f'role="img" aria-label={quoteattr(alt)} font-family="{_FONT}" font-size="14">'
    ]
    for at, (label, value) in enumerate(zip(labels, values, strict=True)):
        top, long = 5 + at * _ROW, room * value / most
        middle = top + _ROW * 0.62
        parts.append(f'<text x="{_LABELS - 8}" y="{middle:.1f}" text-anchor="end" fill="{_INK}">{escape(label)}</text>')
        parts.append(f'<rect x="{_LABELS}" y="{top + 4}" width="{long:.1f}" height="{_ROW - 8}" fill="{_BAR}"/>')
        parts.append(f'<text x="{_LABELS + long + 6:.1f}" y="{middle:.1f}" fill="{_INK}">{value:,}</text>')
    return "".join([*parts, "</svg>"])
