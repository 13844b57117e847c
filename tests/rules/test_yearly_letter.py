"""The figures of a yearly letter: they add up, or the sentence names the figure that does not."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from core.code.ombudsmen import BODIES, DECISIONS, YEARLY_LETTERS, load_ombudsmen
from core.code.reading_files import CatalogueBroken
from core.rules.yearly_letter import COHORT, Kpi, kpis_of, not_adding_up, read_figures
from tests.ombudsman import LETTER

LGSCO = YEARLY_LETTERS["lgsco"]
COUNTS = {
    "dealt_with": 76, "not_for_us": 25, "assessed_and_closed": 35, "investigated": 16, "upheld": 13,
    "population": 770_000, "due": 10, "complied": 9, "late": 2, "remedied": 2,
}  # fmt: skip


def wrong(**changed: str) -> dict[str, str]:
    """What is wrong with the made-up council's letter once something in it is changed; "" takes a figure out."""
    figures, unreadable = read_figures(LGSCO, LETTER | changed)
    return unreadable or not_adding_up(LGSCO, figures)


def test_E23_a_letter_that_adds_up_is_taken() -> None:
    """25 + 35 + 16 = 76, as in a letter that was published."""
    assert wrong() == {}


def test_E23_the_total_that_is_not_the_sum_of_its_parts_is_named() -> None:
    assert wrong(dealt_with="77") == {
        "dealt_with": "“Dealt with in the year” is 77, but “Not for the Ombudsman, or not ready for it”, “Assessed and "
        "closed” and “Investigated” add up to 25 + 35 + 16 = 76. Check them against the letter."
    }


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        (
            {"upheld_rate": "82"},
            "“{title}” is given as 82, but 13 out of 16 comes to 81. Check them against the letter.",
        ),
        (
            {"population": "0"},
            "“{title}” is given as 1.7, but 13 out of 0 cannot be counted. Check them against the letter.",
        ),
    ],
)
def test_E23_the_sentence_says_what_the_figure_comes_to(changed: dict[str, str], sentence: str) -> None:
    [(key, said)] = wrong(**changed).items()
    assert said == sentence.format(title=LGSCO.figures[key].title)


def test_E23_a_rate_is_judged_in_a_letter_that_gives_nothing_else() -> None:
    given = {"upheld": Decimal(13), "investigated": Decimal(16), "upheld_rate": Decimal(82)}
    assert list(not_adding_up(LGSCO, given)) == ["upheld_rate"]


def test_E23_a_rate_is_a_hundred_at_most_and_has_two_decimals_at_most() -> None:
    assert read_figures(LGSCO, {**LETTER, "upheld_rate": "100"})[1] == {}
    assert wrong(upheld_rate="100.01") == {
        "upheld_rate": f"“{LGSCO.figures['upheld_rate'].title}” cannot be more than 100 per cent. "
        "Copy it from the letter again."
    }
    assert wrong(upheld_rate="81.255") == {
        "upheld_rate": f"“{LGSCO.figures['upheld_rate'].title}” must be a number with two decimals at most. "
        "Copy it from the letter."
    }


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"not_upheld": "4"}, "investigated"),
        ({"upheld_rate": "82"}, "upheld_rate"),
        ({"per_hundred_thousand": "1.6"}, "per_hundred_thousand"),
        ({"complied_rate": "100"}, "complied_rate"),
        ({"remedied_rate": "16"}, "remedied_rate"),
        ({"complied": "11", "complied_rate": ""}, "complied"),
        ({"late": "10"}, "late"),
        ({"remedied": "14", "remedied_rate": ""}, "remedied"),
        ({"population": "0"}, "per_hundred_thousand"),
    ],
)
def test_E23_a_figure_that_does_not_follow_is_named(changed: dict[str, str], named: str) -> None:
    assert list(wrong(**changed)) == [named]


@pytest.mark.parametrize(
    ("upheld", "investigated", "rate"),
    [("13", "16", "81"), ("13", "16", "81.3"), ("13", "16", "81.25"), ("1", "8", "12.5"), ("1", "8", "13")],
)
def test_E23_a_percentage_is_counted_again_and_rounded_half_up(upheld: str, investigated: str, rate: str) -> None:
    """To as many decimals as the letter prints: 12.5 % is 13 %, and never 12 %."""
    given = {
        "upheld": upheld, "investigated": investigated, "not_upheld": "", "upheld_rate": rate, "remedied": "",
        "remedied_rate": "", "per_hundred_thousand": "", "dealt_with": str(60 + int(investigated)),
    }  # fmt: skip
    assert wrong(**given) == {}


def test_E23_what_a_letter_leaves_out_is_not_judged_and_what_is_needed_is_asked_for() -> None:
    assert wrong(not_upheld="", upheld_rate="", due="", population="") == {}
    assert wrong(upheld="") == {"upheld": "“Upheld” is not filled in yet. Copy it from the letter."}


@pytest.mark.parametrize("text", ["-1", "1.5", "about 13", "1e3", "٣", "13 of 16", "9999999999"])
def test_E23_what_is_no_count_is_refused_by_name(text: str) -> None:
    assert wrong(upheld=text) == {"upheld": "“Upheld” must be a whole number. Copy it from the letter."}


def test_E23_numbers_are_taken_as_letters_print_them() -> None:
    figures, unreadable = read_figures(LGSCO, {**LETTER, "population": " 770,000 ", "upheld_rate": "81 %"})
    assert not unreadable
    assert (figures["population"], figures["upheld_rate"]) == (Decimal(770_000), Decimal(81))
    assert "cannot be more than 100" in wrong(upheld_rate="101")["upheld_rate"]
    assert "has no figure “bins”" in wrong(bins="1")["bins"]


def said(number: int, title: str, **changed: int) -> str:
    return next(
        each.words for each in kpis_of(COUNTS | changed, stage_one=950) if (each.number, each.title) == (number, title)
    )


def test_KPI20_is_three_parts_of_what_was_dealt_with() -> None:
    assert said(20, "Dealt with by the Ombudsman") == "76"
    assert said(20, "Not for the Ombudsman") == "32.9 % (25 of 76)"
    assert said(20, "Assessed and closed") == "46.1 % (35 of 76)"
    assert said(20, "Investigated") == "21.1 % (16 of 76)"


def test_KPI21_is_upheld_of_investigated_and_for_each_hundred_thousand_people() -> None:
    assert said(21, "Upheld of those investigated") == "81.3 % (13 of 16)"
    assert said(21, "Upheld for every 100,000 people") == "1.7 (13 for 770,000 people)"


def test_KPI22_is_complied_of_due_and_those_on_time_apart() -> None:
    assert said(22, "Recommendations complied with") == "90.0 % (9 of 10)"
    assert said(22, "Complied with on time") == "70.0 % (7 of 10)"


def test_KPI23_is_satisfactory_remedies_of_those_upheld() -> None:
    assert said(23, "Satisfactory remedy offered before") == "15.4 % (2 of 13)"


def test_KPI24_compares_two_totals_and_says_so() -> None:
    line = next(each for each in kpis_of(COUNTS, stage_one=950) if each.number == 24)
    assert (line.words, line.note) == ("8.0 % (76 of 950)", COHORT)
    assert "follows no complaint from one to the other" in COHORT


def kpi(title: str, *without: str, stage_one: int | None = 950) -> Kpi:
    """One line of the set, from a letter that leaves some figures out."""
    known = {key: count for key, count in COUNTS.items() if key not in without}
    return next(each for each in kpis_of(known, stage_one=stage_one) if each.title == title)


@pytest.mark.parametrize(
    ("title", "whole"),
    [
        ("Upheld for every 100,000 people", "population"),
        ("Recommendations complied with", "due"),
        ("Satisfactory remedy offered before", "upheld"),
        ("Complied with on time", "due"),
        ("Complied with on time", "late"),
        ("Complied with on time", "complied"),
    ],
)
def test_a_kpi_is_not_known_where_either_of_its_counts_was_left_out(title: str, whole: str) -> None:
    """Nine complied with, of nobody knows how many, is no figure."""
    assert kpi(title, whole).words == "not known"
    assert kpi(title).words != "not known"


def test_KPI24_is_not_known_where_nobody_counted_the_answers_at_stage_1() -> None:
    title = "Ombudsman decisions to stage 1 answers"
    assert (kpi(title).words, kpi(title, stage_one=None).words) == ("8.0 % (76 of 950)", "not known")


def test_KPI21_is_for_a_hundred_thousand_people_exactly() -> None:
    """One upheld for every one of the people is 100,000 for every 100,000 of them."""
    everybody = said(21, "Upheld for every 100,000 people", upheld=1_000, population=1_000)
    assert everybody == "100,000.0 (1,000 for 1,000 people)"


def test_KPI21_stands_beside_the_average_of_similar_authorities() -> None:
    """And no other figure does; where the average is not known, nothing is said."""
    told = [each.number for each in kpis_of(COUNTS, similar="84 % in similar authorities") if "84 %" in each.note]
    assert told == [21]
    assert {each.note for each in kpis_of(COUNTS)} == {"", COHORT}


def test_a_kpi_without_its_counts_is_not_known_and_never_nought() -> None:
    assert {each.words for each in kpis_of({})} == {"not known"}
    assert said(21, "Upheld of those investigated", investigated=0, upheld=0) == "n/a (0 of 0)"


def test_each_decision_belongs_to_an_ombudsman_and_counts_in_one_of_three_groups() -> None:
    """Both vocabularies stand beside each other; only what was investigated can be upheld."""
    assert {each.of for each in DECISIONS.values()} == set(BODIES)
    back = DECISIONS["lgsco_referred_back"]
    assert (back.group, back.upheld) == ("not_for_us", False)
    assert back.words == "Not for us, or not ready for us (earlier: Referred back for local resolution)"
    assert {each.key for each in DECISIONS.values() if each.of == "lgsco" and each.upheld} == {"lgsco_upheld"}


@pytest.mark.parametrize(
    ("was", "becomes", "sentence"),
    [
        ('of = "phso"', 'of = "nobody"', "there is no Ombudsman nobody"),
        ('parts = ["upheld", "partly_upheld", "not_upheld"]', 'parts = ["bins"]', "counts with bins"),
        ('key = "assessor"', 'key = "council"', "this letter is nobody's"),
        ('group = "assessed_and_closed"\nupheld = false', 'group = "not_for_us"\nupheld = true', "can be upheld"),
    ],
)
def test_a_broken_entry_stops_the_start_by_name(tmp_path: Path, was: str, becomes: str, sentence: str) -> None:
    source = Path("core/code/ombudsmen.toml").read_text(encoding="utf-8")
    assert was in source
    (tmp_path / "ombudsmen.toml").write_text(source.replace(was, becomes, 1), encoding="utf-8")
    with pytest.raises(CatalogueBroken, match=sentence):
        load_ombudsmen(tmp_path)
