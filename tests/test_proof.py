"""The page of proof: made from the figures of the campaigns, and honest about what they miss."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from bench.proof import page, write

FIGURE = {"name": "torn.wrong", "value": 0, "unit": "logs", "target": "= 0", "ok": True}


def document(**changed: Any) -> dict[str, Any]:
    figures = [FIGURE | changed, {"name": "torn.opened", "value": 2000, "unit": "logs", "target": None, "ok": True}]
    campaigns = {"torn": {"seconds": 61.5, "figures": figures, "details": {}}}
    return {"python": "3.11.7", "sqlite": "3.50", "fast": False, "campaigns": campaigns}


def test_the_page_tells_each_figure_with_its_target() -> None:
    told = page(document(), {"torn": "Logs torn at random places."})
    assert "## torn" in told
    assert "Logs torn at random places. It took 61.5 s." in told
    assert "| `torn.wrong` | 0 | logs | = 0 | met |" in told
    assert "| `torn.opened` | 2,000 | logs |  |  |" in told


def test_a_target_that_is_missed_is_told_and_fails_the_command(tmp_path: Path) -> None:
    figures, place = tmp_path / "figures.json", tmp_path / "proof.md"
    for changed, status in (({}, 0), ({"value": 3, "ok": False}, 1)):
        figures.write_text(json.dumps(document(**changed)), encoding="utf-8")
        assert write(figures, {}, place=place) == status
    assert "| `torn.wrong` | 3 | logs | = 0 | **missed** |" in place.read_text(encoding="utf-8")
