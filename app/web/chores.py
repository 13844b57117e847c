"""What the server does by itself, in a thread of its own: mail, what is left over, and themes.

A mailbox that is away is asked again after a while that doubles, up to an hour; its state is in `/healthz` and the log.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from time import monotonic

from app.ui.desk import office
from app.web import logs
from core import leftovers, mail_polling, theme_finding
from core.errors import ComplaintsError

MINUTE, HOUR = 60.0, 3600.0
FIRST_LOOK = 5.0  # seconds after the start, so that people come first
TIDY_EVERY = 24 * HOUR


@dataclass(slots=True)
class Mailbox:
    """How the mailbox is: what the last look came to, and how many looks have failed since one did not."""

    said: str = "not looked into yet"
    failures: int = 0

    def wait(self) -> float:
        """Seconds until the next look."""
        usual = office().settings.imap_every_minutes * MINUTE
        return min(usual * 2**self.failures, max(usual, HOUR))

    def look(self) -> None:
        """Look once, and note what came of it; nothing that goes wrong here ends the thread."""
        try:
            done = mail_polling.poll(office())
        except Exception as fault:  # whatever it is, the next look comes, and the log says what it was
            self.failures = min(self.failures + 1, 16)
            sentence = str(fault) if isinstance(fault, ComplaintsError) else f"See {logs.fault(fault)} in the log."
            self.said = f"away: {sentence}"
            logs.log.warning("the mailbox is away", said=sentence, failures=self.failures, again_in=self.wait())
            return
        self.failures, self.said = 0, "ok"
        if done.kept or done.too_large:
            logs.log.info("mail arrived", kept=done.kept, known=done.known, too_large=done.too_large)


@dataclass(slots=True)
class Chores:
    """The thread, from the server's start to its end."""

    mailbox: Mailbox = field(default_factory=Mailbox)
    ended: threading.Event = field(default_factory=threading.Event)
    thread: threading.Thread | None = None

    def begin(self) -> None:
        """Start the thread."""
        self.ended.clear()
        self.thread = threading.Thread(target=self._run, name="chores", daemon=True)
        self.thread.start()

    def end(self) -> None:
        """Let the thread finish what it is at, for a moment."""
        self.ended.set()
        if self.thread is not None:
            self.thread.join(timeout=5)
            self.thread = None

    def _run(self) -> None:
        look = tidy = monotonic() + FIRST_LOOK
        while not self.ended.wait(max(0.1, min(look, tidy) - monotonic())):
            if monotonic() >= tidy:
                tidy = monotonic() + TIDY_EVERY
                tidy_up()
                look_for_themes()
            if monotonic() >= look:
                if office().settings.imap_host:
                    self.mailbox.look()
                look = monotonic() + self.mailbox.wait()


def tidy_up() -> None:
    """Remove what is left over; a disk that refuses is tried again a day later."""
    try:
        gone = leftovers.remove_leftovers(office())
    except Exception as fault:  # files stay where they are; nobody's work depends on it
        logs.fault(fault)
        return
    if gone:
        logs.log.info("left-over files removed", files=gone)


def look_for_themes() -> None:
    """Look for themes once a week; what goes wrong is in the log and tried again a day later."""
    try:
        done = theme_finding.find_when_due(office())
    except Exception as fault:  # nobody's work depends on it, and anybody may look at once on the page
        logs.fault(fault)
        return
    if done is not None:
        logs.log.info("looked for themes")


AT_WORK = Chores()
"""The one thread of this process."""


def mailbox_said() -> str:
    """How the mailbox is, for `/healthz`; empty where none is set. It names no server, person or message."""
    return AT_WORK.mailbox.said if office().settings.imap_host else ""
