"""How figures are written: in full, and with small numbers held back so that none is the total less the others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import product
from random import Random
from typing import Any

import pytest

from core.code.figures import FIGURES
from core.rules.showing import TOGETHER, by_month, headline, per_thousand, written
from core.rules.together import OF_NOBODY

FEWEST = 5


@dataclass(frozen=True, slots=True)
class Number:
    """The numbers of one figure."""

    numerator: int | None
    denominator: int | None = None
    value: Decimal | None = None


def of(**given: Any) -> dict[str, Number]:
    """Every figure of the catalogue: nothing at all, but for those given."""
    nothing = {key: Number(0, 0 if text.denominator else None) for key, text in FIGURES.items()}
    return nothing | {key: value if isinstance(value, Number) else Number(*value) for key, value in given.items()}


def answered(in_time: int, extended: int, late: int) -> dict[str, Number]:
    """How stage 1 was answered, with as many findings, all of them not upheld."""
    total = in_time + extended + late
    names = dict(zip(TOGETHER[0], (in_time, extended, late), strict=True))
    found = {"upheld_one": 0, "partially_upheld_one": 0, "not_upheld_one": total, "resolved_one": 0}
    return {name: Number(count, total) for name, count in (names | found).items()}


def test_in_full_each_kind_reads_as_it_is() -> None:
    days = Number(210, 21, Decimal("10.0"))
    told = written(of(received=(1214,), late_one=(2, 21), pence_paid=(12345,), days_mean_one=days), fewest=None)
    assert told["received"] == "1,214"
    assert told["late_one"] == "9.5 % (2 of 21)"
    assert told["pence_paid"] == "£123.45"
    assert (told["days_mean_one"], told["days_median_one"]) == ("10.0 working days", "n/a")


def test_small_numbers_of_one_total_are_held_back_together() -> None:
    """Two late of twenty-one: one more has to go, or the total would tell."""
    told = written(of(**answered(19, 0, 2)), fewest=FEWEST)
    assert told["late_one"] == "fewer than 5"
    assert told["in_target_one"] == "not shown"
    assert told["in_extension_one"] == "0.0 % (0 of 21)"
    told = written(of(**answered(19, 6, 7)), fewest=FEWEST)
    assert [told[name] for name in TOGETHER[0]] == ["59.4 % (19 of 32)", "18.8 % (6 of 32)", "21.9 % (7 of 32)"]


def test_a_total_that_is_held_back_stands_behind_no_other_share() -> None:
    """Four answers: their number would come out of any other share of the same four."""
    told = written(of(**answered(2, 0, 2), escalated=(9, 4)), fewest=FEWEST)
    assert {told[name] for name in (*TOGETHER[0], *TOGETHER[1], "escalated")} == {"not shown"}


@pytest.mark.parametrize(
    ("key", "given", "said"),
    [
        ("received", (4,), "fewer than 5"),
        ("received", (0,), "0"),
        ("escalated", (3, 40), "fewer than 5 of 40"),
        ("escalated", (0, 40), "0.0 % (0 of 40)"),
        ("escalated", (1, 4), "not shown"),
        ("days_mean_one", (30, 3, Decimal("10.0")), "not shown"),
        ("days_mean_one", (300, 30, Decimal("10.0")), "10.0 working days"),
    ],
)
def test_a_figure_by_itself_is_held_back_where_it_is_small(key: str, given: tuple[Any, ...], said: str) -> None:
    assert written(of(**{key: given}), fewest=FEWEST)[key] == said


def test_refusals_do_not_tell_their_parts() -> None:
    told = written(of(refused=(8, 90), refused_start=(6,), refused_escalation=(2,)), fewest=FEWEST)
    assert told["refused_escalation"] == "fewer than 5"
    assert not (told["refused"].startswith("8.9") and told["refused_start"] == "6")


def test_the_headline_says_how_many_came_and_how_they_were_answered() -> None:
    now, before = of(received=(214,), **answered(170, 23, 21)), of(received=(191,))
    assert headline(now, before, than="April to June 2026", fewest=FEWEST) == (
        "214 complaints received, 12.0 % more than in April to June 2026 (191). Answered at stage 1: "
        "in time 79.4 % (170 of 214), within an extension 10.7 % (23 of 214), late 9.8 % (21 of 214)."
    )


def test_the_headline_does_not_recite_what_is_not_shown() -> None:
    said = headline(of(received=(12,), **answered(2, 0, 1)), of(), than="spring", fewest=FEWEST)
    assert said == "12 complaints received. Too few were answered at stage 1 to show how."


@pytest.mark.parametrize(
    ("now", "before", "fewest", "begins"),
    [
        (191, 214, 5, "191 complaints received, 10.7 % fewer than in spring (214)."),
        (20, 20, 5, "20 complaints received, as many as in spring."),
        (20, 5, 5, "20 complaints received, 300.0 % more than in spring (5)."),
        (5, 20, 5, "5 complaints received, 75.0 % fewer than in spring (20)."),
        (20, 4, 5, "20 complaints received."),
        (0, 20, None, "0 complaints received, 100.0 % fewer than in spring (20)."),
        (3, 20, 5, "Fewer than 5 complaints received."),
        (1, 0, None, "1 complaint received."),
        (3, 2, None, "3 complaints received, 50.0 % more than in spring (2)."),
    ],
)
def test_the_headline_compares_no_small_number(now: int, before: int, fewest: int | None, begins: str) -> None:
    said = headline(of(received=(now,)), of(received=(before,)), than="spring", fewest=fewest)
    assert said == f"{begins} No complaint was answered at stage 1."


def test_residents_are_counted_by_the_thousand() -> None:
    assert per_thousand(214, 98_000) == "2.18 for every 1,000 residents"
    assert per_thousand(1, 200_000) == "0.01 for every 1,000 residents"
    assert per_thousand(100_000, 100_000) == "1000.00 for every 1,000 residents"


# ------------------------------------------------------------------------------------------- a year beside its quarters


def year_of(*quarters: dict[str, Number]) -> dict[str, Number]:
    """The year that these quarters add up to; what is no count is that of the last."""

    def added(key: str, name: str) -> int | None:
        of_each = [getattr(each[key], name) for each in quarters]
        return None if None in of_each else sum(of_each)

    return {key: Number(added(key, "numerator"), added(key, "denominator")) for key in FIGURES}


@pytest.mark.parametrize(
    ("key", "quarters", "said"),
    [
        ("received", [(10,), (12,), (9,), (3,)], "not shown"),
        ("received", [(10,), (12,), (9,), (0,)], "31"),
        ("received", [(10,), (3,), (3,), (1,)], "17"),
        ("received", [(0,), (0,), (0,), (3,)], "fewer than 5"),
        ("escalated", [(6, 40), (7, 40), (8, 40), (2, 40)], "not shown"),
        ("escalated", [(6, 40), (7, 40), (8, 40), (0, 4)], "not shown"),
        ("escalated", [(6, 40), (7, 40), (8, 40), (9, 40)], "18.8 % (30 of 160)"),
    ],
)
def test_9_6_a_year_is_held_back_where_it_would_tell_a_quarter(
    key: str, quarters: list[tuple[int, ...]], said: str
) -> None:
    of_each = [of(**{key: given}) for given in quarters]
    assert written(year_of(*of_each), fewest=FEWEST, quarters=of_each)[key] == said


def test_9_6_how_a_year_was_answered_gives_way_to_the_one_quarter_with_few_late() -> None:
    """Late: none, none, none and two. The year would say two; with it go the others that would."""
    quarters = [of(**answered(20, 6, 0)), of(**answered(21, 7, 0)), of(**answered(22, 8, 0)), of(**answered(19, 9, 2))]
    told = written(year_of(*quarters), fewest=FEWEST, quarters=quarters)
    assert told["late_one"] == "fewer than 5"
    assert "not shown" in (told["in_target_one"], told["in_extension_one"])
    none = [of(**answered(20, 6, 0))] * 4
    assert written(year_of(*none), fewest=FEWEST, quarters=none)["in_target_one"] == "76.9 % (80 of 104)"


def test_9_6_the_headline_of_a_year_tells_no_number_that_its_table_holds_back() -> None:
    """Three in the last quarter: neither the year's number nor a comparison with it may stand there."""
    small = [of(received=(count,)) for count in (10, 12, 9, 3)]
    large = [of(received=(count,)) for count in (10, 12, 9, 9)]

    def said(now: list[dict[str, Number]], before: list[dict[str, Number]], fewest: int | None = FEWEST) -> str:
        sentence = headline(
            year_of(*now), year_of(*before), than="the year before", fewest=fewest, quarters=(now, before)
        )
        return sentence.removesuffix(" No complaint was answered at stage 1.")

    assert said(large, large) == "40 complaints received, as many as in the year before."
    assert said(small, large) == "How many complaints were received is not shown."
    assert said(large, small) == "40 complaints received."
    assert said(large, small, None) == "40 complaints received, 17.6 % more than in the year before (34)."


@pytest.mark.parametrize(
    ("key", "each_month", "shown"),
    [
        ("in_target_one", (20, 6, 0), True),
        ("in_target_one", (20, 1, 0), False),  # one was not in time
        ("in_target_one", (4, 6, 0), False),
        ("in_target_one", (40, 5, 1), True),  # three late in the quarter take the extended with them
        ("in_target_one", (6, 40, 1), False),  # and here those in time
        ("in_target_one", (20, 2, 0), False),  # two a month were not in time, though six in the quarter
        ("in_target_one", (0, 0, 0), True),
        ("received", (0, 0, 0), True),
    ],
)
def test_9_6_months_are_shown_where_they_tell_nothing_of_their_quarter(
    key: str, each_month: tuple[int, int, int], shown: bool
) -> None:
    months = {date(2026, month, 1): of(**answered(*each_month)) for month in (4, 5, 6)}
    assert by_month(key, months, fewest=FEWEST) is shown


def test_9_6_months_give_way_to_the_quarter_they_add_up_to_and_to_no_other() -> None:
    """Three late in the first quarter take those in time with them, whatever the second one shows."""
    first = {date(2026, month, 1): of(**answered(6, 40, 1)) for month in (4, 5, 6)}
    second = {date(2026, month, 1): of(**answered(6, 40, 2)) for month in (7, 8, 9)}
    assert by_month("in_target_one", second, fewest=FEWEST)
    assert not by_month("in_target_one", first | second, fewest=FEWEST)


def test_9_6_shares_of_the_answers_give_way_where_their_quarter_does_not_tell_how_many_there_were() -> None:
    """Four in time and four extended: eight would say four and four. Complaints received are no share of them."""
    april = of(received=(20,), escalated=(0, 8), **answered(4, 4, 0))
    months = {date(2026, 4, 1): april, date(2026, 5, 1): of(received=(20,)), date(2026, 6, 1): of(received=(20,))}
    assert not by_month("escalated", months, fewest=FEWEST)
    assert by_month("received", months, fewest=FEWEST)


def test_9_6_days_are_no_part_of_the_answers_they_were_taken_for() -> None:
    """Thirty days for thirty-three answers leave no three of anything."""
    months = {date(2026, 4, 1): of(days_mean_one=(30, 33, Decimal("0.9")), **answered(33, 0, 0))}
    assert by_month("days_mean_one", months, fewest=FEWEST)


# ------------------------------------------------------------------------------- what two figures tell of one another


@pytest.mark.parametrize(
    ("given", "held"),
    [
        ({"acknowledged_in_time_one": (19, 21)}, "acknowledged_in_time_one"),  # two were late
        ({"acknowledged_in_time_one": (3, 7)}, "acknowledged_in_time_one"),  # three or four: the rest is small, too
        ({"extended": (9, 43), "upheld_one": (40, 40), "upheld_two": (3, 3)}, "extended"),  # three at stage 2
        ({"in_target_one": (40, 40), "upheld_one": (43, 43)}, "in_target_one"),  # three old ones nobody can judge
        ({"overturned": (8, 20), "upheld_two": (9, 20), "not_upheld_two": (11, 20)}, "overturned"),
        ({"extended_beyond": (6, 40), "extended": (8, 40)}, "extended_beyond"),
        ({"breaches": (9,), "acknowledged_in_time_one": (20, 27)}, "breaches"),  # two dates beside seven late ones
        ({"ombudsman_investigated": (17, 20), "ombudsman_upheld": (9, 17)}, "ombudsman_upheld"),  # three were not
        ({"over_eight_weeks": (9,), "over_twelve_weeks": (6,)}, "over_twelve_weeks"),
        ({"pence_paid": (120000, 2)}, "pence_paid"),  # money of two
        ({"requests": (3,), "requests_unhappy": (0, 3)}, "requests_unhappy"),
    ],
)
def test_9_6_no_two_figures_of_a_period_tell_a_small_number(given: dict[str, tuple[int, ...]], held: str) -> None:
    assert written(of(**given), fewest=FEWEST)[held] == "not shown"


def test_nobody_over_twelve_weeks_is_said_and_improvements_are_counted_in_full() -> None:
    told = written(of(over_eight_weeks=(3,), over_twelve_weeks=(0,), learning_implemented=(2,)), fewest=FEWEST)
    assert (told["over_twelve_weeks"], told["learning_implemented"]) == ("0", "2")


@pytest.mark.parametrize(
    ("given", "key", "said"),
    [
        ({"over_eight_weeks": (5,), "over_twelve_weeks": (0,)}, "over_twelve_weeks", "0"),
        ({"over_eight_weeks": (10,), "over_twelve_weeks": (5,)}, "over_twelve_weeks", "5"),  # five between the two
        ({"upheld_one": (5, 5)}, "in_target_one", "n/a (0 of 0)"),
        ({"requests": (40,), "requests_unhappy": (9, 40)}, "requests_unhappy", "22.5 % (9 of 40)"),
        ({"extended": (5, 10), **answered(10, 0, 0)}, "extended", "50.0 % (5 of 10)"),  # nobody at stage 2
        ({"extended": (5, 15), "upheld_two": (5, 5), **answered(10, 0, 0)}, "extended", "33.3 % (5 of 15)"),
        ({"extended": (5, 14), "upheld_two": (4, 4), **answered(10, 0, 0)}, "extended", "not shown"),
        ({"not_judged_one": (0,), **answered(10, 0, 0)}, "not_judged_one", "0"),
        ({"not_judged_one": (7,), "in_target_one": (3, 3), "upheld_one": (10, 10)}, "not_judged_one", "not shown"),
        # Eight were judged, four in time and four extended: fifteen less seven would tell both.
        (
            answered(4, 4, 0) | {"upheld_one": (15, 15), "not_upheld_one": (0, 15), "not_judged_one": (7,)},
            "not_judged_one",
            "not shown",
        ),
    ],
)
def test_9_6_a_figure_gives_way_only_where_another_one_would_tell(given: dict[str, Any], key: str, said: str) -> None:
    """What leaves nobody, or five and more, stays as it is; ten less seven would tell three."""
    assert written(of(**given), fewest=FEWEST)[key] == said


def test_clauses_that_reports_name_are_not_called_few() -> None:
    """Four dates under four clauses would be one each."""
    assert written(of(breaches=(4,), departures=(2,)), fewest=FEWEST)["breaches"] == "not shown"


WHOLES = (0, 3, 5, 6, 8, 9, 12, 20)


def believed(told: str, number: int, whole: int) -> set[tuple[int, int]]:
    """What part and whole can be for whoever knows the rules and reads this."""
    if " % " in told or told.startswith("n/a"):
        return {(number, whole)}
    if told.startswith("fewer"):
        return {(part, whole) for part in range(1, FEWEST)}
    # Not shown: of few altogether, or of a whole that other figures tell.
    if 0 < whole < FEWEST:
        return {(part, each) for each in range(1, FEWEST) for part in range(each + 1)}
    return {(part, whole) for part in range(whole + 1) if 0 < part < FEWEST or 0 < whole - part < FEWEST}


@pytest.mark.parametrize("seed", range(3))
def test_9_6_shares_of_quarters_and_of_their_year_leave_every_small_part_and_rest_open(seed: int) -> None:
    """All that a reader of four packs, the yearly report and both pages can believe."""
    random = Random(seed)
    for _ in range(60):
        pairs = [(random.randint(0, whole), whole) for whole in random.choices(WHOLES, k=4)]
        quarters = [of(acknowledged_in_time_one=pair) for pair in pairs]
        year = written(year_of(*quarters), fewest=FEWEST, quarters=quarters)["acknowledged_in_time_one"]
        of_each = [written(each, fewest=FEWEST)["acknowledged_in_time_one"] for each in quarters]
        tried = [believed(told, *pair) for told, pair in zip(of_each, pairs, strict=True)]
        part, whole = map(sum, zip(*pairs, strict=True))
        sums = believed(year, part, whole) if year != "not shown" else None
        left: list[set[tuple[int, int]]] = [set() for _ in pairs]
        for guess in product(*tried):
            total = tuple(map(sum, zip(*guess, strict=True)))
            if sums is None or total in sums:
                for found, each in zip(left, guess, strict=True):
                    found.add(each)
        for (small, of_all), found in zip(pairs, left, strict=True):
            if of_all >= FEWEST and 0 < small < FEWEST:
                assert {each for each, _whole in found} >= {*range(1, FEWEST)}, (pairs, of_each, year)
            if of_all >= FEWEST and 0 < of_all - small < FEWEST:
                assert {one - each for each, one in found} >= {*range(1, FEWEST)}, (pairs, of_each, year)


def test_KPI27_what_people_said_without_their_names_is_held_back_from_everybody() -> None:
    """Three of twenty are few for whoever opens cases, too, and a year tells no quarter."""
    few = of(feedback_fair=(3, 20), received=(3,))
    told = written(few, fewest=None)
    assert (told["feedback_fair"], told["received"]) == ("fewer than 5 of 20", "3")
    quarters = [{key: each[key] for key in OF_NOBODY} for each in (few, *[of(feedback_fair=(9, 20))] * 3)]
    year = of(feedback_fair=(30, 80))
    assert written(year, fewest=None)["feedback_fair"] == "37.5 % (30 of 80)"
    assert written(year, fewest=None, quarters=quarters)["feedback_fair"] == "not shown"
