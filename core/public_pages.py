"""What the council's website says about complaints: the policy as it stands in the settings, and the reports."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from core.channels.public_html import Part, PublicPage, rendered
from core.code.catalogue import SCHEMES, Timescale
from core.code.policy import Policy
from core.desk import Desk
from core.errors import BadInput
from core.letters.reports import paragraphs
from core.queries.in_force import policy_today
from core.queries.letters import shared_wording
from core.queries.refusals import refusal_reasons
from core.queries.reports import ReportLine, reports
from core.report_files import HTML, PDF, report_file
from core.words import counted, day_words, letter_day

_SAME_MOMENT = (1980, 1, 1, 0, 0, 0)  # the first a zip can hold, so that the same pages give the same bytes
_OURS = {
    "how_to_complain": "Ways to complain",
    "publicity": "How the policy is made known",
    "contact": "How to reach the complaints team",
}
_STEPS = (
    ("acknowledge_stage_one", "We tell you that we have your complaint and what we understand it to be"),
    ("respond_stage_one", "We answer at stage 1"),
    ("extend_stage_one", "Where stage 1 needs longer, at most this much more, and we tell you why"),
    ("acknowledge_stage_two", "If you ask for stage 2, we tell you that we have your request"),
    ("respond_stage_two", "We send our final response at stage 2"),
    ("extend_stage_two", "Where stage 2 needs longer, at most this much more, and we tell you why"),
)
_FROM = {
    "received": "the day it reaches us",
    "acknowledged": "the day we acknowledge it",
    "requested": "the day you ask",
    "respond_by": "the day first given",
}


def public_files(desk: Desk) -> Mapping[str, bytes]:
    """Every file of the pages for the website, by name; whatever the council has not written is left out [lgsco:3.4].

    A report stands there with the response of the governing body beside it, and not before there is one, unless it
    was published without for a recorded reason [lgsco:8.2].
    """
    found = _shown(desk)
    pages = (_how(desk), _policy(desk), _ombudsman(), _reports(found))
    made = letter_day(desk.office.today(desk.office.now()))
    files = rendered(pages, council=desk.office.settings.council, made=made)
    for line in found:
        for form in (HTML, PDF):
            files[_file(line, form)] = report_file(desk, line.id, form)[1]
    return files


def public_gaps(desk: Desk) -> tuple[str, ...]:
    """What the pages still lack, each a sentence with the next step [lgsco:3.5]."""
    written = _wording(desk)
    missing = [
        f"“{title}” is not written yet. Publish it on the page Letter wording."
        for key, title in _OURS.items()
        if not written.get(key)
    ]
    waiting = [each for each in desk.ask(reports) if each.missing and not each.unsigned and each.responses == ()]
    yearly = [each for each in waiting if each.kind.key == "yearly"]
    if yearly:
        missing.append(
            f"Report {yearly[0].id} waits for the governing body's response. Record it, then save the pages."
        )
    if not _shown(desk):
        missing.append("No yearly report can be published yet. Make one and record the governing body's response.")
    return tuple(missing)


def public_zip(desk: Desk) -> bytes:
    """The pages as one zip."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in public_files(desk).items():
            archive.writestr(zipfile.ZipInfo(name, date_time=_SAME_MOMENT), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def publish_into(desk: Desk, folder: Path) -> Sequence[str]:
    """Write the pages into a folder and answer with the names of their files.

    Raises BadInput for a folder that cannot be written, or that holds other things.
    """
    files = public_files(desk)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        strange = sorted(each.name for each in folder.iterdir() if each.suffix not in {".html", ".css", ".pdf"})
        if strange:
            raise BadInput(f"{folder} holds other things, such as {strange[0]}. Name a folder of its own.")
        for name, content in files.items():
            (folder / name).write_bytes(content)
    except OSError as error:
        raise BadInput(f"{folder} cannot be written. Check the name, and that you may write there.") from error
    return tuple(files)


def _wording(desk: Desk) -> dict[str, str]:
    """The council's wording and ours, by name; only what is in force today."""
    return {each.block.name: each.text for each in desk.ask(shared_wording)}


def _written(desk: Desk, *keys: str) -> tuple[Part, ...]:
    """The parts that the council wrote, without those it has not written yet."""
    said = _wording(desk)
    return tuple(Part(title=_OURS[key], paragraphs=paragraphs(said[key])) for key in keys if said.get(key))


def _how(desk: Desk) -> PublicPage:
    """How to complain."""
    said = _wording(desk)
    begin = Part(
        paragraphs=(
            "You can complain when you are not satisfied with a service, with how we acted, or with what we did not "
            "do. You need not use the word complaint, and you can complain in any way that suits you.",
            "Somebody else can complain for you. Tell us if you need something done differently, such as large print.",
        )
    )
    after = Part(title="If you are not satisfied with our answer", paragraphs=paragraphs(said["how_to_escalate"]))
    parts = (begin, *_written(desk, "how_to_complain", "contact"), after)
    return PublicPage(file="index.html", title="How to complain", parts=parts)


def _policy(desk: Desk) -> PublicPage:
    """The policy as it is in force today: its stages, how long each takes, and what is not taken."""
    policy: Policy = desk.ask(policy_today)
    rows = tuple((what, *_time(policy.period(key))) for key, what in _STEPS)
    stages = Part(
        title="The two stages and how long they take",
        paragraphs=("There are two stages. After stage 2 you can go to the Ombudsman.",),
        caption="Stages and times",
        columns=("What happens", "Within", "Counted from"),
        rows=rows,
    )
    accept = policy.period("accept_within")
    reasons = tuple(each.title for each in desk.ask(refusal_reasons) if each.in_force)
    taken = Part(
        title="What we take",
        paragraphs=(
            f"We take a complaint within {_long(accept)} of what happened, or of when you came to know of it. We look "
            "at later ones too where there is a good reason. Each complaint is judged by itself. Reasons for which we "
            "may not take one are:",
        ),
        listed=reasons,
    )
    code = Part(
        title="The Ombudsman and the Code",
        paragraphs=(
            f"This policy follows the {SCHEMES['lgsco'].title}. You can contact the Ombudsman at any time.",
            f"It is in force from {letter_day(policy.in_force_from)}.",
        ),
        listed=tuple(each.sentence for each in policy.departures()),
    )
    parts = (stages, taken, code, *_written(desk, "publicity"))
    return PublicPage(file="policy.html", title="Our complaints policy", parts=parts)


def _time(period: Timescale) -> tuple[str, str]:
    return _long(period), _FROM[period.anchor]


def _long(period: Timescale) -> str:
    return counted(period.value, period.unit.removesuffix("s").replace("_", " "))


def _ombudsman() -> PublicPage:
    """Whom to go to outside the council."""
    parts = []
    for key in ("lgsco", "hos"):
        scheme = SCHEMES[key]
        body = scheme.ombudsman
        if body is None:
            raise RuntimeError(f"{key} names no Ombudsman.")
        reached = (f"Post: {body.post}", f"Phone: {body.phone}", f"Web: {body.web}")
        who = (scheme.applies, "The service is free and independent of us.")
        parts.append(Part(title=body.name, paragraphs=who, listed=reached))
    return PublicPage(file="ombudsman.html", title="The Ombudsman", parts=tuple(parts))


def _shown(desk: Desk) -> tuple[ReportLine, ...]:
    """The yearly reports that may stand on the website: no drafts, and the newest of each year."""
    newest: dict[object, ReportLine] = {}
    for line in desk.ask(reports):
        if line.kind.key == "yearly" and not line.unsigned and (line.responses or line.published):
            newest.setdefault(line.period, line)
    return tuple(newest.values())


def _reports(found: Sequence[ReportLine]) -> PublicPage:
    """The reports, each with what the governing body said to it."""
    parts = []
    for line in found:
        said = [
            f"{each.body}, {day_words(each.met_on)}, minute {each.minute}:\n{each.words}" for each in line.responses
        ]
        without = "The governing body's response is not published yet."
        links = (("The report as a web page", _file(line, HTML)), ("The report as a PDF", _file(line, PDF)))
        parts.append(Part(title=line.period.words, links=links, paragraphs=tuple(said) or (without,)))
    empty = Part(paragraphs=("No report has been published yet.",))
    return PublicPage(file="reports.html", title="Reports on complaints", parts=tuple(parts) or (empty,))


def _file(line: ReportLine, form: str) -> str:
    return f"report-{line.period.start:%Y}-{line.period.end:%Y}.{form}"
