"""A row of an old record as the complaint it tells of: what it says, and what it cannot say."""

from __future__ import annotations

from collections.abc import Container, Mapping
from datetime import date

from core.channels.history_rows import HistoryRow
from core.channels.sheet_dates import SheetDate
from core.model.complaints import Channel
from core.store.history import PastComplaint, PastPoint, PastStage

_MATTER_LIMIT = 200
_KEPT_AS_WORDS = (
    ("state", "State"), ("on_time", "On time"), ("remedy", "Remedy"), ("learning", "Learning"),
    ("refusal_reason", "Reason for refusing"), ("representative_name", "Representative"),
    ("adjustments", "Adjustments"), ("area", "Area"),
)  # fmt: skip
_CHANNELS = {
    Channel.WEB: ("web", "online", "form", "portal", "self service", "website", "app"),
    Channel.EMAIL: ("email", "e-mail", "mail to"),
    Channel.PHONE: ("phone", "telephone", "call", "voicemail", "hotline"),
    Channel.IN_PERSON: ("in person", "face to face", "visit", "reception", "counter"),
    Channel.LETTER: ("letter", "post", "written"),
    Channel.SOCIAL_MEDIA: ("social", "twitter", "facebook", "whatsapp"),
    Channel.COUNCILLOR: ("councillor", "member", "mp "),
    Channel.SURVEY: ("survey", "feedback"),
    Channel.CONTRACTOR: ("contractor", "partner"),
}


def past_complaint(
    row: HistoryRow,
    columns: Container[str],
    *,
    services: Mapping[str, int],
    colleagues: Mapping[str, int],
    channels: dict[str, str],
) -> PastComplaint:
    """One old complaint. `columns` are the fields the file has at all; what it lacks is marked as not recorded.

    `services` and `colleagues` map names in lower case to ids; `channels` remembers how this file's words for a
    channel were read.
    """
    matter = _matter(row)
    if row.channel not in channels:
        channels[row.channel] = channel_of(row.channel)
    return PastComplaint(
        old_reference=row.key,
        digest=row.digest,
        row=row.source_row,
        one=_stage_one(row, columns, colleagues),
        two=_stage_two(row, columns, colleagues),
        points=_points(row, matter),
        matter=matter,
        words=row.text or row.matter or matter,
        category=row.category,
        channel=channels[row.channel],
        service_id=services.get(row.service.casefold()) if row.service else None,
        person=_person(row),
        issue_on=_on(row.happened_on),
        withdrawn_on=_on(row.withdrawn_on),
        note=_note(row),
    )


def channel_of(given: str) -> str:
    """Their word for how a complaint came as one of ours."""
    if not given:
        return Channel.NOT_RECORDED.value
    text = f"{given.casefold()} "
    for channel, words in _CHANNELS.items():
        if any(word in text for word in words):
            return channel.value
    return Channel.OTHER.value


def _note(row: HistoryRow) -> str:
    """What the record says that has no place of its own here yet, in its own words: nothing mapped is dropped."""
    told = [f"{title}: {value}" for name, title in _KEPT_AS_WORDS if (value := getattr(row, name))]
    return "\n".join([*([row.closing_note] if row.closing_note else []), *told])


def _on(cell: SheetDate | None) -> date | None:
    return cell.on if cell is not None else None


def _matter(row: HistoryRow) -> str:
    text = row.matter or row.category or row.text or f"Imported complaint {row.key}"
    first = " ".join(text.split())
    return first if len(first) <= _MATTER_LIMIT else first[: _MATTER_LIMIT - 1] + "…"


def _person(row: HistoryRow) -> dict[str, str]:
    given = {"name": row.individual_name, "email": row.email, "phone": row.phone, "address": row.address}
    # Letters that no postcode has stay as they are: in capitals they may be longer than the record holds.
    given["postcode"] = "".join(letter.upper() if letter.isascii() else letter for letter in row.postcode)
    return {name: value for name, value in given.items() if value}


def _stage_one(row: HistoryRow, columns: Container[str], colleagues: Mapping[str, int]) -> PastStage:
    acknowledged, responded = _on(row.acknowledged_on), _stage_one_answered(row, columns)
    received = _on(row.received_on)
    known = [day for day in (received, _on(row.logged_on), acknowledged, responded, _two_asked(row)) if day is not None]
    closed_one_way_or_other = responded is not None or row.withdrawn_on is not None
    return PastStage(
        received_on=received or min(known, default=_earliest(row)),
        logged_on=_on(row.logged_on),
        acknowledged_on=acknowledged,
        responded_on=responded,
        extended_to=_on(row.extended_to),
        extension_told_on=_on(row.extension_told_on),
        extension_reason=row.extension_reason,
        outcome=row.outcome,
        handler_id=colleagues.get(row.handler.casefold()) if row.handler else None,
        receipt_recorded=received is not None,
        # A blank in a finished complaint proves nothing either way; in an open one it is still owed.
        acknowledgement_recorded=acknowledged is not None
        or ("acknowledged_on" in columns and not closed_one_way_or_other),
        response_recorded=responded is not None or "responded_on" in columns or "closed_on" in columns,
    )


def _stage_one_answered(row: HistoryRow, columns: Container[str]) -> date | None:
    """The day stage 1 was answered; the day of closing stands in when the file has no other date of an answer."""
    if row.responded_on is not None:
        return row.responded_on.on
    at_stage_two = row.stage == 2 or row.stage_two_requested_on is not None or row.stage_two_responded_on is not None
    if "responded_on" in columns or at_stage_two or row.withdrawn_on is not None:
        return None
    return _on(row.closed_on)


def _two_asked(row: HistoryRow) -> date | None:
    return _on(row.stage_two_requested_on)


def _earliest(row: HistoryRow) -> date:
    """The earliest date a row has; a row without any was refused when it was read."""
    names = ("closed_on", "withdrawn_on", "target_on", "extended_to", "stage_two_responded_on", "happened_on")
    cells = [getattr(row, name) for name in (*names, "stage_two_acknowledged_on", "extension_told_on")]
    found: list[date] = [cell.on for cell in cells if cell is not None]
    return min(found)


def _stage_two(row: HistoryRow, columns: Container[str], colleagues: Mapping[str, int]) -> PastStage | None:
    asked, acknowledged = _two_asked(row), _on(row.stage_two_acknowledged_on)
    answered = _on(row.stage_two_responded_on)
    if answered is None and row.stage == 2 and "stage_two_responded_on" not in columns:
        answered = _on(row.closed_on)
    if asked is None and acknowledged is None and answered is None and row.stage != 2:
        return None
    earliest = [day for day in (acknowledged, answered) if day is not None]
    return PastStage(
        received_on=asked or min(earliest, default=_on(row.responded_on) or _on(row.received_on) or _earliest(row)),
        acknowledged_on=acknowledged,
        responded_on=answered,
        extended_to=_on(row.stage_two_extended_to),
        extension_told_on=_on(row.stage_two_extension_told_on),
        outcome=row.stage_two_outcome,
        handler_id=colleagues.get(row.stage_two_handler.casefold()) if row.stage_two_handler else None,
        receipt_recorded=asked is not None,
        acknowledgement_recorded=acknowledged is not None
        or ("stage_two_acknowledged_on" in columns and answered is None),
        response_recorded=answered is not None or "stage_two_responded_on" in columns or "closed_on" in columns,
    )


def _points(row: HistoryRow, matter: str) -> tuple[PastPoint, ...]:
    if not row.points:
        return (PastPoint(text=row.matter or matter, outcome=row.outcome),)
    return tuple(
        PastPoint(text=point.text or point.matter or point.category or matter, outcome=point.outcome)
        for point in row.points
    )
