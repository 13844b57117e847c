"""What readers are told of figures: made from what was taken, and honest about what is missed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench import proof, prove
from core.settings import ROOT


def test_readers_are_told_the_figures_that_were_taken() -> None:
    """README and docs/proof.md are made from one document, and nobody wrote a better number into them."""
    taken = json.loads((ROOT / proof.PLACE).read_text(encoding="utf-8"))
    readme = (ROOT / proof.README).read_text(encoding="utf-8")
    assert (ROOT / proof.PAGE).read_text(encoding="utf-8") == proof.page(taken, prove.about())
    assert proof.told_in(readme, taken) == readme
    figures = proof.figures(taken)
    assert [name for name, figure in figures.items() if figure["value"] is None] == []


def test_figures_come_from_campaigns_and_benches_alike(tmp_path: Path) -> None:
    """A campaign's document and a bench's lines become one; a row of README stands only where all its figures do."""
    told = {"name": "sqlite.kills", "value": 1200, "unit": "kills", "target": "= 1200", "ok": True}
    missed = {"name": "load.two", "value": 1.5, "unit": "times", "target": ">= 1.8", "ok": False}
    shared = {"name": "load.most", "value": 1.7, "unit": "times", "target": None, "ok": True}
    campaign, bench, other = tmp_path / "kills.json", tmp_path / "load.txt", tmp_path / "other.txt"
    found = {"seconds": 3.0, "figures": [told], "details": {"long": "story"}}
    campaign.write_text(json.dumps({"fast": False, "campaigns": {"kills": found}}, indent=2), encoding="utf-8")
    bench.write_text(f"Machine load 0.2\n{json.dumps(missed)}\n{json.dumps(shared)}\n", encoding="utf-8")
    taken = proof.collect([campaign, bench])
    said = proof.page(taken, {"kills": "Killing."})
    assert "| `sqlite.kills` | 1,200 | kills | = 1200 | met |" in said and "Killing. It took 3.0 s." in said
    assert "| `load.two` | 1.5 | times | >= 1.8 | **missed** |" in said and "story" not in json.dumps(taken)
    readme = proof.told_in(f"a {proof.BEGINS} old {proof.ENDS} z", taken)
    assert readme.startswith("a ") and readme.endswith(" z") and "old" not in readme
    assert "| 1.7 times; 1.5 times |" in readme and "steps lost" not in readme
    other.write_text("no figure", encoding="utf-8")
    with pytest.raises(ValueError, match="holds no figures"):
        proof.collect([other])
    with pytest.raises(ValueError, match="no place"):
        proof.told_in("# A README", taken)


def test_a_target_that_is_missed_is_told_and_fails_the_command(tmp_path: Path) -> None:
    figure = {"name": "torn.wrong", "value": 0, "unit": "logs", "target": "= 0", "ok": True}
    figures = tmp_path / "torn.json"
    (tmp_path / "docs").mkdir()
    (tmp_path / "README.md").write_text(f"{proof.BEGINS}{proof.ENDS}", encoding="utf-8")
    for changed, status in (({}, 0), ({"value": 3, "ok": False}, 1)):
        campaigns = {"torn": {"seconds": 61.5, "figures": [figure | changed], "details": {}}}
        figures.write_text(json.dumps({"fast": False, "campaigns": campaigns}, indent=2), encoding="utf-8")
        assert proof.write([figures], {}, root=tmp_path) == status
    assert "| `torn.wrong` | 3 | logs | = 0 | **missed** |" in (tmp_path / proof.PAGE).read_text(encoding="utf-8")
