"""Self-assessments as files: what is frozen of one, and a frozen text as web page, Word, PDF or CSV."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from core.channels.assessment_document import AssessmentDocument, Chosen, assessment_document
from core.channels.assessment_html import as_csv, as_html
from core.channels.assessment_pdf import as_pdf
from core.channels.assessment_word import as_word
from core.commands.self_assessment import FreezeAssessment
from core.desk import LONDON, Desk, Done
from core.errors import NotFound
from core.queries.assessment_evidence import Spoken, assessment_evidence
from core.queries.self_assessment import AnswerView, AssessmentView, SignatureView, assessment_view, frozen_text
from core.words import letter_day

FORMS: Mapping[str, tuple[str, Callable[[AssessmentDocument], bytes | str]]] = {
    "html": ("text/html; charset=utf-8", as_html),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", as_word),
    "pdf": ("application/pdf", as_pdf),
    "csv": ("text/csv; charset=utf-8", as_csv),
}
"""The kinds of file, each with its media type."""


def freeze(desk: Desk, command: FreezeAssessment) -> Done:
    """Freeze answers and evidence as they stand in one view of the record [lgsco:8.1a]."""
    return desk.do(command.model_copy(update={"contents": text_to_freeze(desk, command.assessment_id)}))


def text_to_freeze(desk: Desk, assessment_id: int) -> str:
    """What would be frozen of an assessment now, from one view of the record; NotFound for none."""
    with desk.one_view():
        view = desk.ask(assessment_view, assessment_id)
        evidence = desk.ask(assessment_evidence, assessment_id)
    return contents(view, evidence, council=desk.office.settings.council)


def contents(view: AssessmentView, evidence: Mapping[str, Spoken], *, council: str) -> str:
    """What is frozen of an assessment, as JSON that is always written the same way."""
    line = view.line
    period = f"It covers {letter_day(line.starts_on)} to {letter_day(line.ends_on)}."
    told = {
        "council": council,
        "scheme": line.scheme,
        "facts": [period, f"Why it was made: {line.why}.", f"{line.owner} answers for it.", line.about],
        "answers": {key: _answer(each) for key, each in view.answers.items()},
        "evidence": {key: [(each.title, each.words) for each in spoken.evidence] for key, spoken in evidence.items()},
    }
    return json.dumps(told, sort_keys=True, ensure_ascii=False)


def _answer(answer: AnswerView) -> dict[str, object]:
    return {
        **{name: getattr(answer, name) for name in ("version", "commentary", "action", "owner", "answered_by")},
        "follows": answer.follows.value,
        "services": list(answer.services),
        "due_on": answer.due_on.isoformat() if answer.due_on else None,
        "answered_on": answer.answered_at.astimezone(LONDON).date().isoformat(),
    }


def assessment_file(desk: Desk, text_id: int, form: str, chosen: Chosen) -> tuple[str, str, bytes]:
    """A frozen text as a file: its name, its media type and its bytes [lgsco:8.1a].

    Raises NotFound for a text or a kind of file that does not exist, BadInput when it cannot be made.
    """
    if form not in FORMS:
        raise NotFound("A self-assessment is had as a web page, Word, PDF or CSV. Choose one on its page.")
    found = desk.ask(frozen_text, text_id)
    document = assessment_document(
        found.contents,
        signatures=[_signed(each) for each in found.text.signatures],
        signed=found.text.next is None,
        chosen=chosen,
    )
    media, made = FORMS[form]
    content = made(document)
    standing = "draft" if document.draft else "signed"
    name = f"self-assessment text {found.text.number} {standing}.{form}"
    return name, media, content if isinstance(content, bytes) else content.encode()


def _signed(signature: SignatureView) -> str:
    who = signature.committee or f"{signature.signed_by} ({signature.step.value})"
    minute = f", minute {signature.minute}" if signature.minute else ""
    response = f" The response: {signature.response}" if signature.response else ""
    return f"Signed by {who} on {letter_day(signature.signed_on)}{minute}.{response}"
