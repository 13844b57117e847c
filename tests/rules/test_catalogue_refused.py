"""Malformed data of the Code is refused at import, with a sentence naming the file and the entry."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

import core.code
from core.code.catalogue import CLAUSES, CatalogueBroken, load_catalogue

FOLDER = Path(core.code.__file__).parent


def altered(folder: Path, file: str, old: str, new: str) -> Path:
    """A copy of the Code's data with one change in one file; the text changed must be there."""
    for source in FOLDER.glob("*.toml"):
        shutil.copy(source, folder / source.name)
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text, f"{old!r} is not in {file}"
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder


CLAUSE_8_3 = re.search(
    r'\[\[clause\]\]\nkey = "lgsco:8\.3".*?(?=\n\n)', (FOLDER / "clauses.toml").read_text(encoding="utf-8"), re.DOTALL
)
assert CLAUSE_8_3 is not None
LAST_OF_SECTION_8 = CLAUSE_8_3.group()

MALFORMED = {
    "unknown force": (
        "clauses.toml", 'force = "must"', 'force = "may"',
        r"clauses\.toml, lgsco:3\.1: `force` cannot be 'may': input should be 'must', 'should' or 'states'\.",
    ),
    "unknown way of meeting": (
        "clauses.toml", 'met_by = "clock"', 'met_by = "luck"', r"clauses\.toml, lgsco:2\.2: `met_by` cannot be 'luck'",
    ),
    "missing clause": (
        "clauses.toml", LAST_OF_SECTION_8, "", r"clauses\.toml, lgsco:8\.3: is missing.*73 clauses",
    ),
    "duplicate clause": (
        "clauses.toml", LAST_OF_SECTION_8, f"{LAST_OF_SECTION_8}\n\n{LAST_OF_SECTION_8}",
        r"clauses\.toml, lgsco:8\.3: stands twice",
    ),
    "clause the Code does not have": (
        "clauses.toml", 'number = 8\ntitle = "The yearly report and self-assessment"\nclauses = 3',
        'number = 8\ntitle = "The yearly report and self-assessment"\nclauses = 2',
        r"clauses\.toml, lgsco:8\.3: is not a clause of the Code",
    ),
    "section gap": ("clauses.toml", "number = 4", "number = 14", r"clauses\.toml, section 14: stands where section 4"),
    "bare clause number": ("clauses.toml", 'key = "lgsco:6.14"', 'key = "6.14"', r"clauses\.toml, 6\.14: `key` cannot"),
    "both where and not_yet": (
        "clauses.toml", 'where = "core.store.ledger.append"',
        'where = "core.store.ledger.append"\nnot_yet = "Not so."', r"lgsco:5\.8: it has both `where` and `not_yet`",
    ),
    "neither where nor not_yet": (
        "clauses.toml", 'where = "core.store.ledger.append"', "", r"lgsco:5\.8: it has neither `where` nor `not_yet`",
    ),
    "where without how": (
        "clauses.toml",
        'how = "Each step adds an entry to a history that the database will not let anyone rewrite. '
        'Letters, calls and messages stand in one list."\n', "",
        r"lgsco:5\.8: `how` and `where` go together",
    ),
    "where outside the core": (
        "clauses.toml", 'where = "core.store.ledger.append"', 'where = "app.pages.case"',
        r"lgsco:5\.8: `where` cannot be",
    ),
    "missing gist": (
        "clauses.toml", 'gist = "Which stage this was."', "", r"lgsco:6\.18: `parts\.0\.gist` is missing",
    ),
    "misspelt field": (
        "clauses.toml", "structure = true", "structured = true", r"lgsco:5\.2: `structured` is not a field",
    ),
    "switch that is no switch": (
        "clauses.toml", "structure = true", 'structure = "yes"', r"lgsco:5\.2: `structure` cannot be 'yes'",
    ),
    "title too long": (
        "clauses.toml", 'title = "Write a yearly report"',
        'title = "Write a report about complaints once in each year"', r"lgsco:8\.1: `title` cannot be",
    ),
    "part out of order": (
        "clauses.toml", 'key = "lgsco:6.18c"', 'key = "lgsco:6.18d"', r"part lgsco:6\.18d stands where lgsco:6\.18c",
    ),
    "using out of order": (
        "clauses.toml", 'key = "lgsco:using.2"', 'key = "lgsco:using.6"',
        r"lgsco:using\.6: stands where lgsco:using\.2",
    ),
    "table nobody reads": ("clauses.toml", "[[section]]", "[[sections]]", r"clauses\.toml has a table `sections`"),
    "not TOML": ("letters.toml", "[[letter]]", "[[letter]", r"letters\.toml cannot be read as TOML: .*line"),
    "period of an unknown clause": (
        "timescales.toml", 'clause = "lgsco:6.15"', 'clause = "lgsco:6.25"',
        r"timescales\.toml, respond_stage_two: cites clause lgsco:6\.25, which does not exist",
    ),
    "period without length": (
        "timescales.toml", "value = 20", "value = 0", r"respond_stage_two: `values\.0\.value` cannot be 0",
    ),
    "period in words": (
        "timescales.toml", "value = 20", 'value = "20"', r"respond_stage_two: `values\.0\.value` cannot be '20'",
    ),
    "period from a text": (
        "timescales.toml", "from = 2024-04-01", 'from = "2024-04-01"', r"accept_within: `values\.0\.from` cannot be",
    ),
    "period without value": (
        "timescales.toml",
        'values = [{ from = 2024-04-01, value = 12, source = "Complaint Handling Code, February 2024, clause 2.2" }]',
        "values = []", r"accept_within: it has no value",
    ),
    "values out of order": (
        "timescales.toml", "values = [{ from = 2024-04-01, value = 12",
        'values = [{ from = 2030-01-01, value = 6, source = "S" }, { from = 2024-04-01, value = 12',
        r"accept_within: its values are not in the order of their dates",
    ),
    "period renamed": (
        "timescales.toml", 'key = "respond_stage_two"', 'key = "answer_stage_two"',
        r"schemes\.toml, lgsco: its timescales and timescales\.toml differ in answer_stage_two, respond_stage_two",
    ),
    "flag without a reading": (
        "timescales.toml", 'source = "reading R33"', 'source = "reading R330"',
        r"timescales\.toml, whole_case_amber: cites reading R330",
    ),
    "letter citing an unknown clause": (
        "letters.toml", 'clause = "lgsco:6.18g"', 'clause = "lgsco:6.18h"',
        r"letters\.toml, final_response\.ombudsman: cites clause lgsco:6\.18h",
    ),
    "letter citing an unknown reading": (
        "letters.toml", 'reading = "R13"', 'reading = "R113"', r"clarification\.clock_runs_on: cites reading R113",
    ),
    "content citing nothing": ("letters.toml", 'reading = "R13"\n', "", r"clarification: it cites neither a clause"),
    "content twice": (
        "letters.toml", 'key = "outstanding_actions"', 'key = "remedy"', r"final_response: content remedy stands twice",
    ),
    "third stage of a letter": ("letters.toml", "stage = 2", "stage = 3", r"extension_stage_two: `stage` cannot be 3"),
    "reading missing": ("readings.toml", 'key = "R7"', 'key = "R70"', r"readings\.toml, R70: stands where R7 belongs"),
    "reading of an unknown clause": (
        "readings.toml", 'clauses = ["lgsco:6.13"]', 'clauses = ["lgsco:5.12"]', r"R16: cites clause lgsco:5\.12",
    ),
    "reading with an unknown example": (
        "readings.toml", 'example = "V6"', 'example = "V66"', r"R6: cites example V66, which does not exist",
    ),
    "reading with an unknown setting": (
        "readings.toml", 'setting = "closure_days_skip"', 'setting = "count_sundays"', r"R22: `setting` cannot be",
    ),
    "third stage": ("schemes.toml", "stages = 2", "stages = 3", r"lgsco: it has 3 stages; a Code has exactly two"),
    "single stage": ("schemes.toml", "stages = 2", "stages = 1", r"lgsco: it has 1 stages; a Code has exactly two"),
    "pause": ("schemes.toml", "pause_allowed = false", "pause_allowed = true", r"lgsco: neither Code knows a pause"),
    "Code without its Ombudsman": (
        "schemes.toml", "[scheme.ombudsman]", "[[scheme]]", r"schemes\.toml, lgsco: a Code names its Ombudsman",
    ),
    "route with the Code's periods": (
        "schemes.toml", "stages = 3", 'stages = 3\ntimescales = ["accept_within"]', r"only a Code has `timescales`",
    ),
    "renumbering an unknown clause": (
        "schemes.toml", '"lgsco:6.15" = "hos:6.14"', '"lgsco:6.29" = "hos:6.14"', r"hos: cites clause lgsco:6\.29",
    ),
    "renumbered without its scheme": (
        "schemes.toml", '"lgsco:6.15" = "hos:6.14"', '"lgsco:6.15" = "6.14"',
        r"lgsco:6\.15 becomes 6\.14; write hos:N\.M",
    ),
    "example with an unknown fact": (
        "worked_examples.toml", "acknowledged = 2026-09-14 }", "acknowledge = 2026-09-14 }",
        r"worked_examples\.toml, V1: `given\.acknowledge` is not a field",
    ),
    "example that expects nothing": (
        "worked_examples.toml", "expect = { acknowledge_by = 2026-09-21 }", "expect = {}",
        r"V2-lenient: it expects nothing",
    ),
    "example without a receipt": (
        "worked_examples.toml", "received = 2026-09-12, weekend_receipt", "weekend_receipt",
        r"V2-lenient: it needs either `received` or `received_at`",
    ),
    "example with a local moment": (
        "worked_examples.toml", "2026-06-30T23:30:00Z", "2026-06-30T23:30:00",
        r"T34: `received_at` is a moment in universal",
    ),
    "example with an unknown verdict": (
        "worked_examples.toml", 'met = "void"', 'met = "excused"', r"T18: `expect\.met` cannot be 'excused'",
    ),
    "example of an unknown reading": (
        "worked_examples.toml", 'readings = ["R25"]', 'readings = ["R250"]', r"T25: cites reading R250",
    ),
    "example twice": ("worked_examples.toml", 'id = "V5"', 'id = "V4"', r"worked_examples\.toml, V4: stands twice"),
}  # fmt: skip
MALFORMED["clauses out of order"] = (
    "clauses.toml",
    (FOLDER / "clauses.toml").read_text(encoding="utf-8"),
    (FOLDER / "clauses.toml").read_text(encoding="utf-8").replace(LAST_OF_SECTION_8 + "\n", "").replace(
        "# Using the Code: unnumbered", LAST_OF_SECTION_8 + "\n\n# Using the Code: unnumbered"
    ),
    r"clauses\.toml, lgsco:9\.1: stands where lgsco:8\.3 belongs",
)  # fmt: skip
MALFORMED["flags as a list"] = (
    "timescales.toml",
    (FOLDER / "timescales.toml").read_text(encoding="utf-8"),
    re.sub(r"\[watch\..*", "", (FOLDER / "timescales.toml").read_text(encoding="utf-8"), flags=re.DOTALL)
    + "[watch]\nwhole_case_amber = 8\n",
    r"timescales\.toml, entry 1 of \[\[watch\]\]",
)
MALFORMED["flags as a number"] = (
    "timescales.toml",
    (FOLDER / "timescales.toml").read_text(encoding="utf-8"),
    "watch = 8\n"
    + re.sub(r"\[watch\..*", "", (FOLDER / "timescales.toml").read_text(encoding="utf-8"), flags=re.DOTALL),
    r"timescales\.toml: `watch` holds no entries\. Write each one under \[\[watch\]\]",
)


@pytest.mark.parametrize("case", MALFORMED)
def test_malformed_data_is_refused_with_a_sentence_naming_file_and_entry(case: str, tmp_path: Path) -> None:
    file, old, new, sentence = MALFORMED[case]
    with pytest.raises(CatalogueBroken, match=sentence) as refused:
        load_catalogue(altered(tmp_path, file, old, new))
    assert str(refused.value).endswith(".")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    altered(tmp_path, "schemes.toml", "stages", "stages")
    (tmp_path / "schemes.toml").unlink()
    with pytest.raises(CatalogueBroken, match=r"schemes\.toml is missing"):
        load_catalogue(tmp_path)


def test_a_missing_table_and_an_empty_one_are_named(tmp_path: Path) -> None:
    altered(tmp_path, "letters.toml", "[[letter]]", "[[letter]]")
    (tmp_path / "letters.toml").write_text("", encoding="utf-8")
    with pytest.raises(CatalogueBroken, match=r"letters\.toml has no `letter` table"):
        load_catalogue(tmp_path)
    (tmp_path / "letters.toml").write_text("letter = []\n", encoding="utf-8")
    with pytest.raises(CatalogueBroken, match=r"letters\.toml: `letter` holds no entries"):
        load_catalogue(tmp_path)


def test_an_untouched_copy_loads(tmp_path: Path) -> None:
    assert load_catalogue(altered(tmp_path, "clauses.toml", "force", "force")).clauses == dict(CLAUSES)
