"""Where the real files lie that nobody on the project wrote; tests that need them are skipped when they are absent."""

from __future__ import annotations

import lzma
import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def real_data() -> Path:
    """The folder of real files, from SHARED_DATA or beside the project; skips the test when there is none."""
    folder = Path(os.environ.get("SHARED_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"the folder of real files is not here ({folder.name}); set SHARED_DATA to run this test")
    return folder


def real_file(name: str) -> Path:
    """One real file; skips the test when it is absent."""
    path = real_data() / name
    if not path.exists():
        pytest.skip(f"the real file {name} is not here; set SHARED_DATA to run this test")
    return path


def council_casework(rows: int) -> bytes:
    """The heading and first rows of the large casework file, unpacked."""
    with lzma.open(real_file("complaints/nyc_council_casework.csv.xz"), "rb") as packed:
        return b"".join(line for line, _ in zip(packed, range(rows + 1), strict=False))
