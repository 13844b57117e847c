"""The council's record of processing and a draft of its impact assessment, filled in from the settings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from sqlalchemy.engine import make_url

from core.code.processing import PROCESSING, Category
from core.code.retention import RECORD_KINDS
from core.settings import Settings
from core.words import counted, day_words

OPEN = "**[the council fills this in]**"
"""What only the council knows."""
AT_FIRST = {kind.title: kind.years for kind in RECORD_KINDS.values()}
"""Years that each kind of record is kept before the council has set its own."""


def record_of_processing(settings: Settings, *, today: date, kept: Mapping[str, int] = AT_FIRST) -> str:
    """The record (UK GDPR, Article 30) and the draft assessment (Article 35), as Markdown.

    It says what this installation does, by its settings and by the years that each kind of record is `kept`; what only
    the council knows is marked as open.
    """
    return "\n".join([*_head(settings, today), *_record(settings, kept), *_assessment(settings)]) + "\n"


def _head(settings: Settings, today: date) -> Iterator[str]:
    yield f"# Complaints: record of processing and impact assessment of {_cell(settings.council)}"
    yield ""
    yield (
        f"Made by the complaints console on {day_words(today)} from its settings. Make it again when they change. "
        f"{OPEN} marks what only the council knows; a data protection officer reads it before it counts."
    )
    yield ""


# -------------------------------------------------------------------------------------------------- Article 30: record


def _record(settings: Settings, kept: Mapping[str, int]) -> Iterator[str]:
    yield "## Record of processing"
    yield ""
    yield from _table(
        ("what", "answer"),
        [
            ("Controller", settings.council),
            ("Contact of the controller", OPEN),
            ("Data protection officer", OPEN),
            ("Address of the console", settings.base_url),
            ("Transfers to other countries", OPEN),
        ],
    )
    for category in PROCESSING.categories:
        yield from _category(category)
    yield "### Who receives it"
    yield ""
    yield from _table(("recipient", "what"), recipients(settings))
    yield "### How long it is kept"
    yield ""
    yield from _table(("what", "how long"), periods(settings, kept))


def _category(category: Category) -> Iterator[str]:
    yield f"### {category.whose}"
    yield ""
    tables = ", ".join(f"`{name}`" for name in category.tables)
    yield from _table(
        ("what", "answer"),
        [
            ("Data", category.what),
            ("Special categories", category.special),
            ("Purpose", category.why),
            ("Legal basis", f"{category.basis} {OPEN} confirms it."),
            ("Where it lies", tables),
        ],
    )


def recipients(settings: Settings) -> Iterator[tuple[str, str]]:
    """Whoever gets data from this installation, by the channels that are switched on."""
    yield "Services, contractors and partners of the council", "what somebody asks them for one complaint"
    yield "The Ombudsman", "the file of a complaint that is investigated there"
    if settings.sends_by_smtp:
        yield f"The council's mail server ({settings.smtp_host})", "letters and reminders"
    elif settings.sends_by_notify:
        yield "GOV.UK Notify, a processor", "addresses, words and files of letters; reminders"
    else:
        yield "Nobody by e-mail", "no mail server and no Notify are set: letters are posted by hand"
    if settings.imap_host:
        yield f"The mailbox at {settings.imap_host}", "what people write to it; the console reads it"
    if settings.single_sign_on:
        yield f"The identity provider ({settings.sso_name})", "that a colleague signs in"
    if settings.clamd:
        yield "The virus scanner", "every file of evidence, while it is looked at"
    kind = make_url(settings.url)
    if kind.get_backend_name() == "postgresql":
        yield f"The database server ({kind.host or 'on this machine'})", "the records"


def periods(settings: Settings, kept: Mapping[str, int] = AT_FIRST) -> Iterator[tuple[str, str]]:
    """How long each kind of data stays, as this installation is set."""
    for title, years in kept.items():
        yield title, f"{counted(years, 'year')} after the last thing that happened; then two people decide"
    left = counted(settings.leftover_days, "day")
    yield "Files no record refers to; e-mails put aside; reminders", left
    yield "Sessions of colleagues", f"work for {counted(settings.session_hours, 'hour')} at most"
    yield "One-time links", f"work for {counted(settings.link_hours, 'hour')}"
    yield "Wrong sign-ins", "a day"
    yield "The history", "as long as the records; its personal fields can be erased"


# ---------------------------------------------------------------------------------------------- Article 35: assessment


def _assessment(settings: Settings) -> Iterator[str]:
    yield "## Impact assessment (draft)"
    yield ""
    yield "**Why one is made.** Complaints hold special categories and data of people in difficult circumstances."
    yield ""
    yield f"**Who was asked** (people who complain, colleagues, the data protection officer): {OPEN}"
    yield ""
    yield "**Need and proportion.** No decision about anybody is made by the console alone; no field is asked that a"
    yield "step of the Code does not need; equality and survey answers are counts that lead back to nobody."
    yield ""
    yield from _table(("in this installation", "answer"), measures(settings))
    rows = [(each.risk, each.measures, OPEN) for each in PROCESSING.dangers]
    yield from _table(("risk", "what the console does", "what remains, and who accepts it"), rows)
    yield f"**Outcome, with date and signature:** {OPEN}"


def measures(settings: Settings) -> Iterator[tuple[str, str]]:
    """Safeguards that depend on the settings, as they are."""
    yield "Encrypted on the way", "yes, by the web server in front" if settings.https else "no: COMPLAINTS_HTTPS is off"
    yield "Second factor", "required of everybody" if settings.second_factor_required else "each may switch it on"
    yield "Single sign-on", "yes" if settings.single_sign_on else "no: passwords of the console's own"
    yield "Files scanned for viruses", "yes" if settings.clamd else "no: COMPLAINTS_CLAMD is not set"
    yield "Ends without activity", f"after {counted(settings.idle_minutes, 'minute')}"


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(heads)} |"
    yield "|" + "---|" * len(heads)
    for row in rows:
        yield f"| {' | '.join(map(_cell, row))} |"
    yield ""


def _cell(text: str) -> str:
    """Text that stays within its cell."""
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")
