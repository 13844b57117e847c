"""Which column of which table holds personal data, and what stands there once a record is anonymised.

Every text column of every table is named here once, as erased or as kept; a test holds the lists against the schema,
so a new column cannot be forgotten. What stays are dates, keys of our lists, outcomes and money: every figure is the
same afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from core.events.base import ERASED

WORD = ERASED
"""What stands where something was written. What was empty stays empty, so that nothing counted changes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one table holds about a complaint.

    `via` is the column that leads to it: to the complaint itself, or to a row of the table `of`. `texts` become the
    fixed word, `emptied` become "", `nulled` become NULL; with `rows` the rows themselves go.
    """

    table: str
    via: str = "complaint_id"
    of: str = ""
    texts: tuple[str, ...] = ()
    emptied: tuple[str, ...] = ()
    nulled: tuple[str, ...] = ()
    rows: bool = False

    @property
    def columns(self) -> frozenset[str]:
        """Every column of it that is erased."""
        return frozenset((*self.texts, *self.emptied, *self.nulled))


def _part(
    table: str,
    texts: str = "",
    *,
    via: str = "complaint_id",
    of: str = "",
    emptied: tuple[str, ...] = (),
    nulled: tuple[str, ...] = (),
) -> Part:
    return Part(table=table, via=via, of=of, texts=tuple(texts.split()), emptied=emptied, nulled=nulled)


def _gone(table: str, *, via: str = "complaint_id", of: str = "") -> Part:
    return Part(table=table, via=via, of=of, rows=True)


PARTS: tuple[Part, ...] = (
    # What hangs on other rows of a complaint first, then what hangs on the complaint.
    _gone("answer_link", via="request_id", of="information_request"),
    _part("information_chase", "note", via="request_id", of="information_request"),
    _part("answer", "reasons", via="point_id", of="point"),
    _part("extension", "reason good_reason", via="stage_id", of="stage"),
    _part(
        "response",
        "understanding decision reasons remedy outstanding_actions signposting efforts_to_understand",
        via="stage_id",
        of="stage",
    ),
    _part("route_step", "note", via="route_id", of="route"),
    _part("bounce", "why settled", via="letter_id", of="letter"),
    _gone("letter_part", via="letter_id", of="letter"),
    _gone("outbox", via="letter_id", of="letter"),
    _part("payment", "how", via="remedy_id", of="remedy"),
    _part("quality_item", "words", via="check_id", of="quality_check"),
    _part("quality_check", "words reply", via="sampled_id", of="sampled_case"),
    _part("stage", "request_words understanding outcomes_sought"),
    _part("point", "text"),
    _part("note", "text"),
    _part("departure", "finding reason"),
    _part("discretion", "note"),
    _part("refusal", "reasons circumstances other_route evidence"),
    _part("route", "why told taken_by link"),
    _part("party", "name contact scope"),
    _part("adjustment", "what agreed_format"),
    _part("restriction", "what evidence lesser_measures equality way_to_complain"),
    _part("review", "found"),
    _part("care", "preference risk"),
    _part("conflict", "detail"),
    _gone("officer_named"),
    _part("assessment", "why"),
    _part("clarification", "question answer"),
    _part("stated_position", "said"),
    _part("meeting", "place attended accompanied adjustments notes"),
    _part("evidence_item", "what source weight", nulled=("file_id",)),
    _part("contact", "name what"),
    _part("update_agreement", "name"),
    _part(
        "information_request",
        "name organisation email what documents escalated_to why_escalated answered_by answer why_withdrawn",
    ),
    _part("letter", "addressee sha256", emptied=("pdf_sha256", "word_sha256")),
    _part("learning", "lesson"),
    _part("survey_offer", nulled=("link_id", "link_ends_at")),
    _part(
        "remedy", "what impact circumstances guidance_note evidence why_not alternative", nulled=("evidence_file_id",)
    ),
    _part("sum_asked", "why note"),
    _part("rectification_request", "name what why_extended answer passed_on"),
    _part("recommendation", "what why_not evidence", nulled=("evidence_file_id",)),
    _part("ombudsman_case", "investigator subject answer draft comments decision closing_note"),
    _part("handling_complaint", "words answer referral findings"),
    _part("taken_in", "why lead_contact"),
    _part("case_match", "why", via="first_id"),
    _part("case_match", "why", via="second_id"),
    _part("confidential_case", "reason"),
    _part("kept_longer", "reason"),
    _part("legal_hold", "reason found why_lifted"),
    _part("erasure", "why_dropped"),
    _gone("case_file"),
    _part("case_bundle", "name why", emptied=("sha256",)),
    _part(
        "complaint",
        "matter words outcomes_sought received_by ending_note",
        via="id",
        nulled=("old_reference", "source_digest", "person_id"),
    ),
)
"""What is erased with a complaint, in the order in which it is done."""

REQUEST_PARTS: tuple[Part, ...] = (
    _part("kept_longer", "reason", via="request_id"),
    _part("legal_hold", "reason found why_lifted", via="request_id"),
    _part("erasure", "why_dropped", via="request_id"),
    _part("service_request", "matter words received_by why answer", via="id"),
)
"""What is erased with a service request."""

BY_HAND = MappingProxyType(
    {
        "person": "name email phone address postcode",
        "search_doc": "words pairs",
        "case_doc": "words pairs",
        "request_doc": "words pairs",
        "ledger_personal": "salt payload",
        "arrived_mail": "identity sha256 name sender subject problem why",
        "import_problem": "value what_to_do",
        "draft": "form data",
        "theme": "key title why outcome",
        "erasure_file": "name",
        "subject_access_request": "name contact asked identity_how extended_why why_withdrawn sha256",
        "subject_case": "why",
        "subject_service_request": "why",
        "subject_clarification": "what why answer",
        "subject_ruling": "piece digest whose ruling exemption reason passages pages",
    }
)
"""What a complaint shares with others, or what is found by its words: `core.store.erasing` sees to each of these.

A person goes with the last record about them; a theme's words, with the last of its complaints; an answer to a person
who asked for their data, with the first of its complaints, because it holds copies of them all."""

KEPT: Mapping[str, str] = MappingProxyType(
    {
        # Keys of our lists, marks and digests on a complaint: what figures are counted from.
        "complaint": "reference scheme category channel ending source position",
        "stage": "channel outcome",
        "answer": "outcome",
        "departure": "clause step",
        "explained_breach": "kind",
        "duty": "kind clause standing",
        "route": "scheme before",
        "route_step": "step",
        "point_route": "scheme",
        "party": "role authority",
        "review": "kind",
        "conflict": "kind",
        "assessment": "complexity handler_fit",
        "clarification": "reached_by",
        "stated_position": "reached_by",
        "evidence_item": "considered",
        "contact": "direction with_whom reached_by at_time",
        "update_agreement": "with_whom",
        "information_request": "answered_how",
        "information_chase": "reached_by",
        "letter": "kind how",
        "letter_part": "content",
        "outbox": "",
        "survey_offer": "way reply",
        "remedy": "moment kind sub_kind signatory",
        "recommendation": "kind",
        "ombudsman_case": "ombudsman their_reference comment_grounds outcome",
        "handling_complaint": "outcome",
        "taken_in": "respondent respondent_name",
        "case_match": "kind",
        "monitoring_asked": "reply",
        "notice_draft": "kind",
        "request_link": "kind",
        "quality_item": "item mark",
        "retention": "kind",
        "case_bundle": "made_for",
        "rectification_request": "asks outcome",
        # The ledger's chain: an entry's own part names no individual, and its text is in `ledger_personal`.
        "ledger_entry": "actor tag command_id data digest mac",
        # Of a service request: what figures and reviews are counted from.
        "service_request": "reference channel offer_reply outcome",
        "request_step": "command_id",
        "request_review": "note",
        # Counts without a person, and comments that nobody signs.
        "equality_count": "question answer",
        "survey_count": "outcome question answer",
        "survey_comment": "id words",
        # What the council decides, publishes and learns: written about services and not about one complaint.
        "cause": "key title help",
        "refusal_reason": "key title other_route equality_note",
        "theme": "kind decision risk",
        "improvement": "what risk policy_to_revise before after you_said we_did dropped_why",
        "large_change": "kind what",
        "policy_version": "name resolution chosen",
        "policy_paper": "approved_by minute complaint_definition request_definition words web_address",
        "policy_item": "item where",
        "policy_departure": "key clause finding reason",
        "policy_file": "name media_type sha256 why_held",
        "behaviour_policy": "name approved_by web_address file_name media_type sha256 why_held",
        "policy_sent": "sha256",
        "authority_limit": "role why",
        "letter_template": "name sha256",
        "shared_wording": "block text approved_by",
        "guidance": "title publisher kind address edition suggested found why_withdrawn",
        "guidance_file": "name media_type sha256 why_held",
        "guidance_question": "question",
        "guidance_step": "step",
        "retention_rule": "kind source reason",
        # Reports and signed assessments: what was published stays as it was published.
        "report_snapshot": "kind content sha256 pdf_sha256 word_sha256 html_sha256",
        "report_narrative": "kind box text",
        "report_difference": "figure now reason",
        "report_publication": "address reason",
        "report_receipt": "receiver",
        "governing_response": "body minute words",
        "member_report": "name sha256 about",
        "annual_letter": "body figures file_name sha256 why",
        "ombudsman_publication": "title kind address concerns",
        "self_assessment": "scheme why about source",
        "self_assessment_answer": "item follows commentary action",
        "self_assessment_text": "contents sha256",
        "self_assessment_sign_off": "step committee minute response",
        # People who work for the council, and how they come in: not part of any complaint.
        "colleague": "name role",
        "account": "sign_in_name password_hash totp_secret issuer subject",
        "calendar_feed": "token_hash",
        "login_session": "id how address",
        "one_time_link": "id",
        "sign_in_failure": "name_hash address",
        "post_held": "post name title appointed_by contact why_ended",
        "training": "name kind topic given_by evidence",
        "objective_acknowledged": "contractor signed_by evidence",
        "reminder": "kind message_id state leased_by",
        "reminder_choice": "address",
        # The machinery: counters, leases, mappings, the calendar, and the proof of what was erased.
        "counter": "name",
        "job_lease": "job held_by",
        "month_count": "made_by whole services categories",
        "month_slice": "counts",
        "intake_client": "name key_hash",
        "import_problem": "column_name",
        "import_run": "token source file_name sha256 mapping",
        "saved_mapping": "name fingerprint mapping",
        # A colleague's own, and theirs to remove.
        "saved_search": "name looks_for",
        "holiday": "name layer source",
        "service": "name",
        "erasure_run": "certificate sha256",
    }
)
"""What stays, table by table: every other text column."""


def erased_columns() -> dict[str, set[str]]:
    """Every column that anonymising changes or takes away, by table; a table whose rows go, with all it has."""
    found: dict[str, set[str]] = {}
    for part in (*PARTS, *REQUEST_PARTS):
        found.setdefault(part.table, set()).update({"*"} if part.rows else part.columns)
    for table, columns in BY_HAND.items():
        found.setdefault(table, set()).update(columns.split())
    return found
