"""Section 5: lateness is explained, and a refusal carries its reasons."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest

from core.rules.s5_process import late_answer_explained, refusal_reasons_given

DUE = date(2026, 9, 14)


@pytest.mark.parametrize("sent", [date(2026, 9, 1), date(2026, 9, 13), DUE], ids=["early", "day before", "on the day"])
def test_what_goes_out_by_its_date_explains_nothing(sent: date) -> None:
    """On the day is in time [lgsco:5.5]."""
    assert late_answer_explained(sent, due_on=DUE, what="The answer", clause="lgsco:6.3") == ()


def test_what_goes_out_a_day_late_says_why_under_its_own_clause() -> None:
    """The individual is told when and why [lgsco:5.5]."""
    (finding,) = late_answer_explained(date(2026, 9, 15), due_on=DUE, what="The answer", clause="lgsco:6.3")
    assert (finding.clause, finding.force) == ("lgsco:6.3", "should")
    assert finding.sentence == (
        "The answer was due by Mon 14 September 2026 and is dated Tue 15 September 2026. "
        "Record why it is late and what the individual was told."
    )


OWED = {
    "reasons": ("lgsco:5.7", "structure", "Say why stage 2 is refused, in words the individual will read."),
    "circumstances": (
        "lgsco:2.5",
        "should",
        "Say what was weighed in this individual's own circumstances. A blanket rule is not enough.",
    ),
    "ombudsman_told": (
        "lgsco:2.4",
        "structure",
        "Tell the individual that they can take this refusal to the Ombudsman.",
    ),
}


@pytest.mark.parametrize(
    ("reasons", "circumstances", "told"),
    list(product(["", "  ", "A court has it."], ["", " ", "A hearing is set."], [False, True])),
)
def test_a_refusal_owes_reasons_the_persons_own_circumstances_and_the_ombudsman(
    reasons: str, circumstances: str, told: bool
) -> None:
    """Each is found missing by itself and together [lgsco:5.7, 2.4, 2.5]."""
    lacking = [
        name
        for name, given in (("reasons", reasons), ("circumstances", circumstances), ("ombudsman_told", told))
        if not (given.strip() if isinstance(given, str) else given)
    ]
    findings = refusal_reasons_given(reasons=reasons, circumstances=circumstances, ombudsman_told=told)
    assert [(each.clause, each.force, each.sentence) for each in findings] == [OWED[name] for name in lacking]
