"""What speaks to each clause of a self-assessment: the same as the figures, and only ever a suggestion."""

from __future__ import annotations

import pytest

from core.code.self_assessment import FORM
from core.commands.importing import ImportBatch
from core.errors import BadInput, NotFound, NotPermitted
from core.queries.assessment_evidence import assessment_evidence, evidence_cases, figure_words
from core.queries.figures import Period, figures
from core.queries.self_assessment import assessment_view
from core.rules.s8_reporting import Follows
from tests.assessing import opened
from tests.builders import Story, day
from tests.commands.test_faults import past_complaint
from tests.conftest import Desks
from tests.queries.test_departures import INBOX, two_departures

PERIOD = (day("2026-04-01"), day("2027-03-31"))


def test_8_1a_each_figure_shown_is_the_one_of_the_figures(story: Story, desks: Desks) -> None:
    """Counts, shares, money and days alike, and the duties and departures beside them [lgsco:8.1a]."""
    late, old = two_departures(story)
    story.answered()
    number = opened(story, period=PERIOD)
    told = desks.manager.ask(assessment_evidence, number)
    counted = desks.manager.ask(figures, Period(*PERIOD))
    shown = {each.key: each.words for spoken in told.values() for each in spoken.evidence if each.kind == "figure"}
    assert len(shown) > 20
    assert shown == {key: figure_words(counted[key]) for key in shown}
    assert shown["acknowledged_in_time_one"] == "50.0 % (1 of 2)"
    spoken = {each.key: each for each in told["lgsco:6.2"].evidence}
    assert (spoken["acknowledge_stage_one"].kept, spoken["acknowledge_stage_one"].judged) == (1, 2)
    assert spoken["lgsco:6.2"].words == "1 departure, each with the reason that was given."
    assert told["lgsco:6.2"].suggested is Follows.PARTLY
    assert told["lgsco:6.15"].suggested is None
    assert desks.manager.ask(assessment_view, number).answers == {}, "a suggestion is never an answer by itself"
    ((reference, said),) = desks.manager.ask(evidence_cases, number, "departures", "lgsco:6.2")
    assert reference == late
    assert INBOX in said
    assert [row[0] for row in desks.manager.ask(evidence_cases, number, "missed", "acknowledge_stage_one")] == [late]
    assert [row[0] for row in desks.manager.ask(evidence_cases, number, "departures", "2")] == [old]


def test_8_1a_cases_behind_it_are_for_those_who_may_open_them(story: Story, desks: Desks) -> None:
    two_departures(story)
    number = opened(story, period=PERIOD)
    assert desks.member.ask(assessment_evidence, number).keys() == {*FORM.rows, *FORM.clauses}
    with pytest.raises(NotPermitted):
        desks.member.ask(evidence_cases, number, "departures", "lgsco:6.2")
    with pytest.raises(BadInput):
        desks.manager.ask(evidence_cases, number, "anything", "lgsco:6.2")  # type: ignore[arg-type]
    with pytest.raises(NotFound):
        desks.manager.ask(assessment_evidence, 99)


def test_Intro_5_the_single_policy_stands_beside_its_clause(story: Story, desks: Desks) -> None:
    told = desks.member.ask(assessment_evidence, opened(story, period=PERIOD))
    (policy,) = [each for each in told["lgsco:5.1"].evidence if each.key == "policy"]
    assert policy.words == "The Code, in force since Mon 1 April 2024."


def test_Intro_6_each_code_is_assessed_by_its_own_complaints(story: Story, desks: Desks) -> None:
    """A complaint under our Ombudsman's Code is in no number of an assessment under the Housing Ombudsman's."""
    two_departures(story)
    told = desks.manager.ask(assessment_evidence, opened(story, period=PERIOD, scheme="hos"))
    spoken = {each.key: each for each in told["lgsco:6.2"].evidence}
    assert (spoken["acknowledge_stage_one"].judged, spoken["lgsco:6.2"].behind) == (0, "")


def test_Using_1_and_2_departures_have_their_reasons_and_what_has_none_is_counted_apart(
    story: Story, desks: Desks
) -> None:
    """What was departed from with a reason stands by its clause; what was missed without one in rows 5 and 8."""
    late, _old = two_departures(story)
    number = opened(story, period=PERIOD)
    told = desks.manager.ask(assessment_evidence, number)
    counted = desks.manager.ask(figures, Period(*PERIOD))
    for row in ("5", "8"):
        words = {each.key: each.words for each in told[row].evidence}
        assert words["breaches_unexplained"] == figure_words(counted["breaches_unexplained"])
    assert desks.manager.ask(evidence_cases, number, "departures", "lgsco:6.2")[0][1].endswith(INBOX)
    assert desks.manager.ask(evidence_cases, number, "departures", "6-1")[0][0] == late


def test_A_5_timeliness_and_outcomes_stand_before_how_many_there_were(story: Story, desks: Desks) -> None:
    told = desks.manager.ask(assessment_evidence, opened(story, period=PERIOD))
    for key, spoken in told.items():
        volumes = [each.key in FORM.volumes for each in spoken.evidence if each.kind == "figure"]
        assert volumes == sorted(volumes), key


def test_8_1a_an_import_speaks_to_its_clocks_and_is_silent_on_the_rest(story: Story, desks: Desks) -> None:
    """The gap report's counts fill section 6 and its paragraph section 8; of the rest it says so [lgsco:8.1a]."""
    desks.manager.do(ImportBatch(source="old system", complaints=(past_complaint(),)))
    number = opened(story, period=PERIOD, source="old system")
    told = desks.manager.ask(assessment_evidence, number)
    clock = told["lgsco:6.2"].evidence[0]
    assert (clock.kind, clock.judged) == ("duty", 1)
    assert [each.kind for each in told["lgsco:7.1"].evidence] == ["silent"]
    assert "1 complaint" in told["lgsco:8.1"].evidence[0].words
    assert [each.kind for each in told["5"].evidence] == ["silent"]
    assert told["6-1"].suggested is told["lgsco:6.2"].suggested
