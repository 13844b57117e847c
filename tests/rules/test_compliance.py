"""The Code on one case: which clauses apply, how each stands, and what proves it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from core.code.catalogue import cited
from core.code.policy import CODE_POLICY
from core.rules.compliance import ClauseLine, Evidence, How, clauses_on
from core.rules.duties import duties_of
from core.rules.facts import (
    CaseFacts,
    Ending,
    ExtensionFacts,
    ReviewFacts,
    ReviewKind,
    StageFacts,
    StageNumber,
)
from tests.rules.calendars import published

RECEIVED, ACKNOWLEDGED, DUE = date(2026, 9, 7), date(2026, 9, 14), date(2026, 9, 28)
LIMIT = date(2026, 10, 12)
MORE_TIME = (ExtensionFacts(new_date=date(2026, 10, 6), told_on=DUE),)
LATER = (ExtensionFacts(new_date=date(2026, 11, 9), told_on=date(2026, 11, 2)),)
ONE = StageFacts(number=StageNumber.ONE, received_on=RECEIVED, acknowledged_on=ACKNOWLEDGED)
TWO = StageFacts(number=StageNumber.TWO, received_on=DUE, acknowledged_on=date(2026, 10, 5))
ANSWERED = replace(ONE, responded_on=DUE)
FINAL = replace(TWO, responded_on=date(2026, 11, 2))
WHOLE = CaseFacts(one=ANSWERED, two=FINAL, ending=Ending.FINAL_RESPONSE, ended_on=date(2026, 11, 2))
FAIRLY = "Considered without a conflict, the individual heard, the evidence weighed"
RECORD = Evidence(
    points=1,
    unanswered={1: 0, 2: 0},
    tags=frozenset({"complaint.recorded", "stage.acknowledged", "stage.assigned", "stage.answered", "stage.extended",
                    "stage_two.opened", "conflict.declared", "position.recorded"}),
    departed=frozenset(),
    told_how_to_escalate=True,
    ombudsman_told={1: True, 2: True},
    someone_new=True,
    time_limit_known=True,
)  # fmt: skip


def lines(case: CaseFacts, **evidence: Any) -> dict[str, ClauseLine]:
    duties = duties_of(case, policy=CODE_POLICY, calendar=published())
    found = clauses_on(case, duties, replace(RECORD, **evidence))
    assert len({line.clause for line in found}) == len(found)
    return {line.clause: line for line in found}


def test_a_case_that_went_well_shows_every_clause_met_with_its_proof_in_the_codes_order() -> None:
    """From the original kept to the seven parts of the letter [lgsco:5.8]."""
    found = lines(WHOLE)
    assert [(line.clause, line.what, line.proof, line.due_on) for line in found.values()] == [
        ("lgsco:2.2", "Taken within its time limit, or discretion considered", "complaint.recorded", None),
        ("lgsco:5.4", FAIRLY, "position.recorded", None),
        ("lgsco:5.8", "The original and its date are kept", "complaint.recorded", None),
        ("lgsco:6.2", "Acknowledged and logged in time", "stage.acknowledged", ACKNOWLEDGED),
        ("lgsco:6.3", "Answered in time", "stage.answered", DUE),
        ("lgsco:6.7", "Every point answered with reasons", "stage.answered", None),
        ("lgsco:6.8", "Told how to ask for stage 2", "stage.answered", None),
        ("lgsco:6.11", "Progressed to stage 2 when asked", "stage_two.opened", None),
        ("lgsco:6.12", "Acknowledged and logged in time", "stage.acknowledged", date(2026, 10, 5)),
        ("lgsco:6.13", "Efforts made to understand why", "stage.answered", None),
        ("lgsco:6.14", "Considered by someone new", "stage.assigned", None),
        ("lgsco:6.15", "Answered in time", "stage.answered", date(2026, 11, 2)),
        ("lgsco:6.18", "The final response carries its seven parts", "stage.answered", None),
    ]
    assert {line.how for line in found.values()} == {How.MET}
    assert all(cited(clause) for clause in found)


def test_a_new_case_shows_what_is_open_and_its_dates() -> None:
    """Nothing is claimed that nobody has done yet [lgsco:6.2, 6.3]."""
    found = lines(
        CaseFacts(one=replace(ONE, acknowledged_on=None)),
        tags=frozenset({"complaint.recorded"}),
        time_limit_known=False,
    )
    assert list(found.values()) == [
        ClauseLine(clause="lgsco:5.4", how=How.OPEN, what=FAIRLY),
        ClauseLine(
            clause="lgsco:5.8", how=How.MET, what="The original and its date are kept", proof="complaint.recorded"
        ),
        ClauseLine(clause="lgsco:6.2", how=How.OPEN, what="Acknowledged and logged in time", due_on=ACKNOWLEDGED),
        ClauseLine(clause="lgsco:6.3", how=How.OPEN, what="Answered in time", due_on=DUE),
        ClauseLine(clause="lgsco:6.7", how=How.OPEN, what="Every point answered with reasons"),
        ClauseLine(clause="lgsco:6.8", how=How.OPEN, what="Told how to ask for stage 2"),
    ]


@pytest.mark.parametrize(
    ("tags", "departed", "shown"),
    [
        ({"position.recorded"}, set(), (How.MET, "position.recorded")),
        ({"conflict.declared"}, set(), (How.MET, "conflict.declared")),
        (set(), {"lgsco:5.4"}, (How.DEPARTED, "code.departed")),
        ({"position.recorded"}, {"lgsco:5.4"}, (How.DEPARTED, "code.departed")),
        (set(), set(), None),
    ],
    ids=["heard", "anonymous", "departed", "departed in part", "from before this was asked"],
)
def test_5_4_what_is_said_of_fairness_once_a_case_is_answered(
    tags: set[str], departed: set[str], shown: tuple[How, str] | None
) -> None:
    """Nothing is claimed of answers that were given before it was asked [lgsco:5.4]."""
    held = RECORD.tags - {"position.recorded", "conflict.declared"} | tags
    line = lines(WHOLE, tags=frozenset(held), departed=frozenset(departed)).get("lgsco:5.4")
    assert ((line.how, line.proof) if line else None) == shown


def test_5_4_nothing_is_said_of_the_fairness_of_what_an_old_list_does_not_hold() -> None:
    unknown = replace(ONE, response_recorded=False)
    assert "lgsco:5.4" not in lines(CaseFacts(one=unknown))


def test_a_case_at_stage_two_shows_its_extension_met_and_what_the_final_response_still_owes() -> None:
    """What stage 2 asks, from the request to the seven parts [lgsco:6.11–6.18]."""
    found = lines(CaseFacts(one=ANSWERED, two=replace(TWO, extensions=LATER)), someone_new=None)
    assert [line for line in found.values() if line.clause not in lines(CaseFacts(one=ANSWERED))] == [
        ClauseLine(clause="lgsco:6.11", how=How.MET, what="Progressed to stage 2 when asked", proof="stage_two.opened"),
        ClauseLine(
            clause="lgsco:6.12",
            how=How.MET,
            what="Acknowledged and logged in time",
            proof="stage.acknowledged",
            due_on=date(2026, 10, 5),
        ),
        ClauseLine(clause="lgsco:6.13", how=How.OPEN, what="Efforts made to understand why"),
        ClauseLine(clause="lgsco:6.14", how=How.OPEN, what="Considered by someone new"),
        ClauseLine(clause="lgsco:6.15", how=How.OPEN, what="Answered in time", due_on=date(2026, 11, 9)),
        ClauseLine(
            clause="lgsco:6.16", how=How.MET, what="Extended within the limit, reason explained", proof="stage.extended"
        ),
        ClauseLine(
            clause="lgsco:6.17",
            how=How.MET,
            what="Given the Ombudsman's details with the extension",
            proof="stage.extended",
        ),
        ClauseLine(clause="lgsco:6.18", how=How.OPEN, what="The final response carries its seven parts"),
    ]


@pytest.mark.parametrize(
    ("said", "how", "proof"),
    [(frozenset(), How.UNEXPLAINED, ""), (frozenset({"lgsco:6.7"}), How.DEPARTED, "code.departed")],
    ids=["nothing said", "explained"],
)
def test_a_clause_not_met_is_told_in_the_same_words_as_one_that_is(said: frozenset[str], how: How, proof: str) -> None:
    """Only how it stands differs, so two cases can be read side by side [lgsco:6.7]."""
    missed = lines(CaseFacts(one=ANSWERED), unanswered={1: 1}, departed=said)["lgsco:6.7"]
    assert missed == ClauseLine(clause="lgsco:6.7", how=how, what="Every point answered with reasons", proof=proof)


@pytest.mark.parametrize(
    ("departed", "how"),
    [
        (frozenset(), How.UNEXPLAINED),
        (frozenset({"lgsco:6.3"}), How.DEPARTED),
        (frozenset({"lgsco:5.5"}), How.DEPARTED),
        (frozenset({"lgsco:6.2"}), How.UNEXPLAINED),
    ],
    ids=["nothing said", "explained", "told why", "something else explained"],
)
def test_a_late_answer_is_a_departure_only_when_it_was_explained(departed: frozenset[str], how: How) -> None:
    """A standard missed without a reason on the record [lgsco:5.5, 6.3]."""
    late = CaseFacts(one=replace(ONE, responded_on=date(2026, 9, 29)))
    assert lines(late, departed=departed)["lgsco:6.3"].how is how


def test_an_answer_inside_its_extension_is_said_to_be_so() -> None:
    """Extended is neither met nor late [lgsco:6.3, 6.4]; reading R12."""
    found = lines(CaseFacts(one=replace(ONE, extensions=MORE_TIME, responded_on=date(2026, 10, 1))))
    assert (found["lgsco:6.3"].how, found["lgsco:6.3"].due_on) == (How.EXTENDED, date(2026, 10, 6))
    assert (found["lgsco:6.4"].how, found["lgsco:6.4"].proof) == (How.MET, "stage.extended")
    assert (found["lgsco:6.5"].how, found["lgsco:6.5"].proof) == (How.MET, "stage.extended")


@pytest.mark.parametrize(("number", "limit", "named"), [(1, "lgsco:6.4", "lgsco:6.5"), (2, "lgsco:6.16", "lgsco:6.17")])
def test_an_extension_answers_for_its_limit_and_for_the_ombudsman(number: int, limit: str, named: str) -> None:
    """At each stage under its own clauses [lgsco:6.4, 6.5, 6.16, 6.17]."""
    one = replace(ANSWERED, extensions=MORE_TIME if number == 1 else ())
    two = replace(TWO, extensions=MORE_TIME if number == 2 else ())
    case = CaseFacts(one=one, two=two)
    other = {1: True, 2: True, number: False}
    assert lines(case, ombudsman_told=other)[named].how is How.UNEXPLAINED
    assert lines(case, ombudsman_told={})[named].how is How.UNEXPLAINED
    assert lines(case, ombudsman_told=other, departed=frozenset({named}))[named].how is How.DEPARTED
    over = lines(case, departed=frozenset({limit}))[limit]
    assert (over.how, over.proof) == (How.DEPARTED, "code.departed")
    gone = {"lgsco:6.4", "lgsco:6.5", "lgsco:6.16", "lgsco:6.17"} - {limit, named}
    assert not gone & set(lines(case))


@pytest.mark.parametrize(
    ("evidence", "clause", "how", "proof"),
    [
        ({"unanswered": {1: 1}}, "lgsco:6.7", How.UNEXPLAINED, ""),
        ({"unanswered": {1: 1}, "departed": frozenset({"lgsco:6.7"})}, "lgsco:6.7", How.DEPARTED, "code.departed"),
        ({"unanswered": {2: 1}}, "lgsco:6.7", How.MET, "stage.answered"),
        ({"unanswered": {}}, "lgsco:6.7", How.MET, "stage.answered"),
        ({"told_how_to_escalate": False}, "lgsco:6.8", How.UNEXPLAINED, ""),
        ({"told_how_to_escalate": False, "departed": frozenset({"lgsco:6.8"})}, "lgsco:6.8", How.DEPARTED,
         "code.departed"),
        ({"departed": frozenset({"lgsco:2.2"})}, "lgsco:2.2", How.DEPARTED, "code.departed"),
        ({"points": 2}, "lgsco:6.9", How.MET, "point.added"),
        ({"points": 2, "departed": frozenset({"lgsco:6.9"})}, "lgsco:6.9", How.DEPARTED, "code.departed"),
        ({"tags": frozenset({"complaint.imported"})}, "lgsco:5.8", How.MET, "complaint.imported"),
        ({"tags": frozenset()}, "lgsco:5.8", How.MET, ""),
    ],
)  # fmt: skip
def test_what_the_record_holds_decides(evidence: dict[str, Any], clause: str, how: How, proof: str) -> None:
    """Met with its proof, departed with a reason, or not met and nothing said [lgsco:5.8]."""
    line = lines(CaseFacts(one=ANSWERED), **evidence)[clause]
    assert (line.how, line.proof) == (how, proof)


def test_a_second_point_asks_how_it_came_to_belong_here_and_one_point_does_not() -> None:
    """Joined, or kept apart as a new complaint [lgsco:6.9]."""
    two_points = lines(CaseFacts(one=ANSWERED), points=2)["lgsco:6.9"]
    assert two_points.what == "New points joined or kept apart by the three questions"
    assert "lgsco:6.9" not in lines(CaseFacts(one=ANSWERED))


@pytest.mark.parametrize(
    ("evidence", "clause", "how", "proof"),
    [
        ({"someone_new": None}, "lgsco:6.14", How.OPEN, ""),
        ({"someone_new": False}, "lgsco:6.14", How.UNEXPLAINED, ""),
        ({"someone_new": False, "departed": frozenset({"lgsco:6.14"})}, "lgsco:6.14", How.DEPARTED, "code.departed"),
        ({"departed": frozenset({"lgsco:6.11"})}, "lgsco:6.11", How.DEPARTED, "code.departed"),
        ({"tags": frozenset({"complaint.recorded"})}, "lgsco:6.11", How.MET, ""),
        ({}, "lgsco:6.18", How.OPEN, ""),
        ({}, "lgsco:6.13", How.OPEN, ""),
    ],
)
def test_stage_two_shows_its_own_clauses(evidence: dict[str, Any], clause: str, how: How, proof: str) -> None:
    """Opened when asked, someone new, understood, and seven parts [lgsco:6.11, 6.13, 6.14, 6.18]."""
    line = lines(CaseFacts(one=ANSWERED, two=TWO), **evidence)[clause]
    assert (line.how, line.proof) == (how, proof)


def test_efforts_left_out_with_a_reason_are_a_departure() -> None:
    """Understanding why is ours to try [lgsco:6.13]."""
    assert lines(WHOLE, departed=frozenset({"lgsco:6.13"}))["lgsco:6.13"].how is How.DEPARTED


def test_a_refusal_shows_what_it_rests_on() -> None:
    """Valid reasons, and the Ombudsman named [lgsco:5.7, 2.4]."""
    refused = CaseFacts(one=ANSWERED, ending=Ending.ESCALATION_REFUSED, ended_on=DUE)
    found = lines(refused)
    for clause, what in (
        ("lgsco:5.7", "Refusing stage 2 has valid reasons, clearly set out"),
        ("lgsco:2.4", "Told of the right to go to the Ombudsman"),
    ):
        assert found[clause] == ClauseLine(clause=clause, how=How.MET, what=what, proof="stage_two.refused")
        assert clause not in lines(CaseFacts(one=ANSWERED))
        assert lines(refused, departed=frozenset({clause}))[clause].how is How.DEPARTED


def test_a_refusal_at_the_start_shows_its_own_clauses_and_no_answer() -> None:
    """T28: reason, evidence, circumstances, when it was told; never acknowledged or answered [lgsco:2.1, 2.4]."""
    refused = CaseFacts(one=replace(ONE, acknowledged_on=None), ending=Ending.REFUSED, ended_on=date(2026, 9, 14))
    found = lines(refused, tags=frozenset({"complaint.recorded", "complaint.refused"}))
    for clause in ("lgsco:2.1", "lgsco:2.3", "lgsco:2.4", "lgsco:2.5"):
        assert (found[clause].how, found[clause].proof) == (How.MET, "complaint.refused")
    assert not {"lgsco:6.2", "lgsco:6.3", "lgsco:6.7", "lgsco:6.8", "lgsco:5.7"} & set(found)
    late = lines(replace(refused, ended_on=date(2026, 9, 15)))
    assert late["lgsco:2.4"].how is How.UNEXPLAINED
    assert lines(refused, departed=frozenset({"lgsco:2.5"}))["lgsco:2.5"].how is How.DEPARTED


def test_each_line_of_a_refusal_says_what_it_rests_on() -> None:
    """In words that a reader of the case understands without the Code at hand [lgsco:2.1, 2.3–2.5]."""
    refused = CaseFacts(one=replace(ONE, acknowledged_on=None), ending=Ending.REFUSED, ended_on=date(2026, 9, 14))
    found = lines(refused)
    assert {clause: line.what for clause, line in found.items() if clause[:8] == "lgsco:2." and clause[8] != "2"} == {
        "lgsco:2.1": "Evidence that the reason holds",
        "lgsco:2.3": "Refused for a reason on the list, another route told",
        "lgsco:2.4": "Told why it is refused, and of the Ombudsman, in time",
        "lgsco:2.5": "Weighed in the individual's own circumstances",
    }


def test_5_4_fairness_is_met_by_an_answer_and_nothing_is_open_once_a_case_is_over() -> None:
    """An answer may still go to stage 2; a complaint withdrawn before any answer owes no fairness."""
    assert lines(CaseFacts(one=ANSWERED))["lgsco:5.4"].how is How.MET
    withdrawn = CaseFacts(one=ONE, ending=Ending.WITHDRAWN, ended_on=date(2026, 9, 22))
    assert lines(CaseFacts(one=ONE), tags=frozenset())["lgsco:5.4"].how is How.OPEN
    assert "lgsco:5.4" not in lines(withdrawn, tags=frozenset())


def test_an_old_record_is_asked_only_what_it_can_tell() -> None:
    """No answers in the source, none claimed [lgsco:6.7]."""
    imported = frozenset({"complaint.imported"})
    silent = lines(CaseFacts(one=replace(ONE, response_recorded=False)), tags=imported)
    assert silent["lgsco:6.3"].how is How.UNKNOWN
    assert not {"lgsco:6.7", "lgsco:6.8"} & set(silent)
    answered = lines(CaseFacts(one=ANSWERED, two=FINAL), tags=imported)
    assert not {"lgsco:6.7", "lgsco:6.8", "lgsco:6.18", "lgsco:6.13"} & set(answered)
    assert (answered["lgsco:6.3"].how, answered["lgsco:6.3"].proof) == (How.MET, "")


def test_what_can_no_longer_come_is_not_shown_as_open() -> None:
    """Withdrawn, or overtaken by stage 2: an answer that never was owes no contents [lgsco:6.7, 6.18]."""
    later = {"lgsco:6.7", "lgsco:6.8", "lgsco:6.13", "lgsco:6.14", "lgsco:6.18"}
    withdrawn = CaseFacts(one=ONE, ending=Ending.WITHDRAWN, ended_on=date(2026, 9, 22))
    assert not later & set(lines(withdrawn))
    assert "lgsco:6.3" not in lines(withdrawn)  # void: nothing more is owed
    overtaken = lines(CaseFacts(one=ONE, two=TWO))
    assert not {"lgsco:6.7", "lgsco:6.8"} & set(overtaken)
    assert overtaken["lgsco:6.18"].how is How.OPEN
    at_two = CaseFacts(one=ANSWERED, two=TWO, ending=Ending.WITHDRAWN, ended_on=date(2026, 10, 6))
    found = lines(at_two, someone_new=None)
    assert not {"lgsco:6.13", "lgsco:6.14", "lgsco:6.18"} & set(found)
    assert found["lgsco:6.7"].how is How.MET


def test_answering_again_is_no_clause_of_its_own() -> None:
    """The figures use the first full answer [lgsco:6.7]; reading R20."""
    again = CaseFacts(one=ANSWERED, reopened_on=date(2026, 10, 20))
    assert lines(again) == lines(CaseFacts(one=ANSWERED))


def test_an_anonymous_complaint_owes_no_acknowledgement() -> None:
    """What cannot be done is not shown, and the answer is owed all the same [lgsco:6.2, 6.3]; reading R29."""
    found = lines(CaseFacts(one=replace(ONE, acknowledgement_possible=False)))
    assert "lgsco:6.2" not in found
    assert found["lgsco:6.3"].how is How.OPEN


@pytest.mark.parametrize(
    ("held_on", "departed", "how"),
    [(None, (), How.OPEN), (DUE, (), How.MET), (LIMIT, (), How.UNEXPLAINED), (LIMIT, ("lgsco:5.6",), How.DEPARTED)],
)
def test_the_review_of_an_adjustment_stands_among_the_clauses(
    held_on: date | None, departed: tuple[str, ...], how: How
) -> None:
    """As its duty stands [lgsco:5.6]."""
    review = ReviewFacts(kind=ReviewKind.ADJUSTMENT, number=1, set_on=RECEIVED, due_on=DUE, reviewed_on=held_on)
    tags = RECORD.tags | {"adjustment.reviewed"}
    line = lines(replace(WHOLE, reviews=(review,)), tags=tags, departed=frozenset(departed))["lgsco:5.6"]
    proof = "adjustment.reviewed" if held_on else ""
    assert line == ClauseLine(
        clause="lgsco:5.6", how=how, what="The adjustment reviewed by its day", proof=proof, due_on=DUE
    )
