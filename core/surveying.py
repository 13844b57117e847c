"""The feedback survey by a link: what it says, and what becomes of what is sent. Nobody signs in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.channels.secrets import new_token, token_hash
from core.code.survey import SURVEY
from core.commands.survey import AnswerSurvey, MakeSurveyLink, survey_over
from core.desk import Desk, Done, Office
from core.errors import LinkOver, NotFound
from core.permissions import SYSTEM
from core.queries.letters import shared_wording
from core.store.answer_links import survey_behind

PATH = "/survey/"
"""Where these links lead, below the console's own address."""
_CONTACT = "contact"


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyLink:
    """The address of a new link, shown once and kept nowhere, and until when it works."""

    address: str
    ends_at: datetime


def make_link(desk: Desk, reference: str) -> SurveyLink:
    """Make a link to the survey that was offered; an earlier one stops. Raises whatever the desk refuses."""
    office = desk.office
    token, hashed = new_token()
    ends_at = office.now() + timedelta(days=SURVEY.limits.link_days)
    desk.do(MakeSurveyLink(reference=reference, link_id=hashed, ends_at=ends_at))
    return SurveyLink(address=f"{office.settings.base_url.rstrip('/')}{PATH}{token}", ends_at=ends_at)


def stage_of(office: Office, token: str) -> int:
    """The stage a link's survey is about, the only thing it tells of the complaint.

    Raises NotFound for a link that never was, LinkOver for one that works no longer.
    """
    with office.database.reading() as connection:
        row = survey_behind(connection, token_hash(token))
    if row is None:
        raise NotFound("This link is not known here. Check that the whole address was copied.")
    over = survey_over(row, now=office.now())
    if over:
        raise LinkOver(over)
    return int(row.stage_number)


def how_to_complain(office: Office) -> tuple[str, str]:
    """How to complain about a service or about how a complaint was dealt with, and how to reach us [lgsco:3.8].

    The second is the council's own published wording, "" while there is none.
    """
    wording = Desk(office, SYSTEM).ask(shared_wording)
    contact = next((each.text for each in wording if each.block.key == _CONTACT and not each.block.moment), "")
    return SURVEY.limits.how_to_complain, contact


def answer(office: Office, token: str, *, answers: Mapping[str, str], comment: str) -> Done:
    """Count what somebody answered, apart from the complaint; the link has then been used [lgsco:3.8].

    Raises BadInput for what cannot be counted, LinkOver when the link stopped meanwhile, NotFound.
    """
    desk = Desk(office, SYSTEM)
    told = {"link_id": token_hash(token), "answers": tuple(answers.items()), "comment": comment}
    return desk.do(desk.form(AnswerSurvey, told))
