"""The people on the case's page: banners at its head, the band that lists them, and the steps about them."""

from __future__ import annotations

from datetime import timedelta

from core.commands.people import AddRepresentative
from core.permissions import Role
from core.queries.people import case_people
from core.rules.parties import AuthorityKind, ConflictKind, PartyRole
from tests.pages.conftest import Open
from tests.pages.council import WHO, Council
from tests.pages.shown import button, field, offered, words

CASE = "C-2026-000001"
HOSTILE = "![x](https://example.org/p.png) <b>$x$ :red[a] `b`"
PEOPLE_STEPS = {"Add a representative", "Agree an adjustment", "Name the officers it is about"}


def labels(at: object) -> set[str]:
    return set(offered(at))  # type: ignore[attr-defined]


def represented(council: Council, name: str = "Rowan Representative") -> int:
    here = council.desk(Role.HANDLER)
    here.do(AddRepresentative(reference=CASE, name=name, role=PartyRole.REPRESENTATIVE, written_to=True))
    return here.ask(case_people, CASE).parties[-1].id


def test_a_case_with_nobody_else_says_so_and_offers_only_what_can_be_done(council: Council, open_page: Open) -> None:
    at = open_page("case", ref=CASE)
    said = words(at)
    assert "People: the individual alone" in said
    assert "Nothing is recorded about anybody but the individual." in said
    assert labels(at) >= PEOPLE_STEPS
    assert not labels(at) & {"Record authority", "Review an adjustment", "Lift the risk flag", "Restrict contact"}
    assert "Restrict contact" in labels(open_page("case", Role.MANAGER, ref=CASE))
    assert not labels(open_page("case", Role.QUALITY, ref=CASE)) & PEOPLE_STEPS


def test_a_representative_is_added_and_their_authority_recorded(council: Council, open_page: Open) -> None:
    """The banner says to send nothing until it stands [lgsco:3.6]."""
    at = open_page("case", ref=CASE)
    button(at, "Add a representative").click().run()
    field(at, "text_input", "Their name").set_value("Rowan Representative").run()
    field(at, "selectbox", "What they are here").select_index(0).run()
    field(at, "checkbox", "Letters go to them from now on").check().run()
    next(each for each in at.button if each.label == "Add a representative" and "send" in str(each.key)).click().run()
    assert not at.exception, at.exception
    said = words(at)
    assert "Added Rowan Representative as representative." in said
    assert "Send nothing to Rowan Representative yet." in said
    assert "no authority recorded" in said
    button(at, "Record authority").click().run()
    field(at, "selectbox", "What lets them act").select_index(1).run()
    next(each for each in at.button if each.label == "Record authority" and "send" in str(each.key)).click().run()
    assert not at.exception, at.exception
    said = words(at)
    assert "consent since Tue 24 November 2026" in said
    assert "Letters go to Rowan Representative, representative." in said.replace("**", "")
    assert "Send nothing" not in said


def test_answering_to_a_representative_without_authority_shows_the_reason_box(
    council: Council, open_page: Open
) -> None:
    """The way round is a reason on the record, or the individual [lgsco:3.6]."""
    represented(council)
    at = open_page("case", ref=CASE, step="Extend")
    field(at, "date_input", "The new date for the answer").set_value(council.today + timedelta(days=9)).run()
    field(at, "text_area", "The reason they were given").set_value("A crew is away.").run()
    field(at, "checkbox", "They were given the Ombudsman's details").check().run()
    next(each for each in at.button if each.label == "Extend" and "send" in str(each.key)).click().run()
    assert not at.exception, at.exception
    said = words(at)
    assert "This departs from the Code." in said
    assert "Nothing recorded yet lets Rowan Representative act for the individual." in said


def test_what_holds_for_somebody_stands_at_the_head_in_words(council: Council, open_page: Open) -> None:
    """Adjustment, preference, risk, restriction, conflict and officers named [lgsco:5.6, 5.10, 5.4]."""
    today, later = council.today, council.today + timedelta(days=3)
    for role, step, told in (
        (Role.HANDLER, "AgreeAdjustment", {"what": "All letters", "agreed_format": "large print", "starts_on": today}),
        (Role.HANDLER, "KeepPreference", {"preference": "By text in the evening"}),
        (Role.HANDLER, "FlagRisk", {"reason": "Lives alone."}),
        (Role.HANDLER, "NameOfficers", {"officers_named": (WHO[Role.QUALITY],)}),
        (Role.REVIEWER, "DeclareConflict", {"kind": ConflictKind.PERCEIVED, "detail": "A neighbour."}),
        (
            Role.MANAGER,
            "RestrictContact",
            {
                "what": "Letters only.", "evidence": "Forty calls.", "lesser_measures": "One colleague.",
                "equality": "Considered.", "way_to_complain": "By letter.", "challenge_told": True, "starts_on": today,
            },
        ),
    ):  # fmt: skip
        more = {"review_on": later} if "starts_on" in told else {}
        council.take(role, step, reference=CASE, **{**told, **more})
    at = open_page("case", Role.MANAGER, ref=CASE)
    said = words(at).replace("**", "")
    for line in (
        "Adjustment agreed (large print): All letters",
        "How they want to be reached: By text in the evening",
        "Vulnerable or at risk: this comes first. Lives alone.",
        "Contact is restricted since Tue 24 November 2026: Letters only. A new complaint: By letter.",
        "Ann Reviewer has a conflict of interest and answers nothing here.",
        "Named in this complaint, and not to consider it: Quin Quality.",
        "Review an adjustment",
        "review by Fri 27 November 2026",
        "Set on Tue 24 November 2026, for a day chosen then.",
        "The contact restriction reviewed by its day",
    ):
        assert line in said, line
    assert labels(at) >= {"Review an adjustment", "End an adjustment", "Review a contact restriction"}
    assert "vulnerable or at risk" in words(open_page("my_cases", Role.MANAGER, whose="all"))


def test_the_only_adjustment_is_chosen_already_and_its_review_goes_through(council: Council, open_page: Open) -> None:
    told = {"what": "All letters", "starts_on": council.today, "review_on": council.today + timedelta(days=3)}
    council.take(Role.HANDLER, "AgreeAdjustment", reference=CASE, **told)
    at = open_page("case", ref=CASE, step="ReviewAdjustment")
    assert field(at, "selectbox", "Which adjustment").value is not None
    field(at, "text_area", "What the review found").set_value("It fits.").run()
    field(at, "date_input", "To be reviewed again by").set_value(council.today + timedelta(days=30)).run()
    sending = [each for each in at.button if each.label == "Review an adjustment" and "send" in str(each.key)]
    sending[0].click().run()
    assert not at.exception, at.exception
    assert "review by Thu 24 December 2026" in words(at)


def test_names_and_words_of_people_stay_inert(council: Council, open_page: Open) -> None:
    party_id = represented(council, name=HOSTILE)
    told = {"party_id": party_id, "authority": AuthorityKind.CONSENT, "recorded_on": council.today, "scope": HOSTILE}
    council.take(Role.HANDLER, "RecordAuthority", reference=CASE, **told)
    council.take(Role.HANDLER, "FlagRisk", reference=CASE, reason=HOSTILE)
    at = open_page("case", ref=CASE)
    assert words(at).count(HOSTILE) >= 3
    assert not any(HOSTILE in str(each.value) for each in at.markdown)
