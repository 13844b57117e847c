"""Events of learning: causes, what a decision taught, improvements, and themes."""

from __future__ import annotations

from datetime import date

from core.events.base import Event, PersonalText
from core.words import counted, day_words


class CausesAdopted(Event):
    """The list of causes began."""

    tag = "causes.adopted"
    clauses = ("lgsco:9.2",)

    titles: tuple[str, ...]

    def sentence(self) -> str:
        return f"Adopted {counted(len(self.titles), 'cause')} that can lie behind a complaint."


class CauseAdded(Event):
    """A cause came onto the list."""

    tag = "cause.added"
    clauses = ("lgsco:9.2",)

    title: str
    in_force_from: date

    def sentence(self) -> str:
        return f"Added “{self.title}” to the causes, from {day_words(self.in_force_from)}."


class CauseWithdrawn(Event):
    """A cause left the list; what named it keeps it."""

    tag = "cause.withdrawn"
    clauses = ("lgsco:9.2",)

    title: str
    why: PersonalText

    def sentence(self) -> str:
        return f"Withdrew “{self.title}” from the causes. Why: {self.why}"


class LearningRecorded(Event):
    """It was said what a decision teaches, or why nothing can be learned."""

    tag = "learning.recorded"
    clauses = ("lgsco:9.1",)

    stage: int
    learned: str
    cause: str
    lesson: PersonalText

    def sentence(self) -> str:
        cause = f" Cause: {self.cause}." if self.cause else ""
        return f"Looked at what stage {self.stage} teaches: {self.learned}.{cause} {self.lesson}".rstrip()


class ImprovementProposed(Event):
    """An improvement was planned."""

    tag = "improvement.proposed"
    clauses = ("lgsco:9.2", "lgsco:9.4")

    number: int
    owner: str
    due_on: date
    risk: str
    what: PersonalText

    def sentence(self) -> str:
        return (
            f"Planned improvement {self.number}, {self.risk} risk, for {self.owner} by {day_words(self.due_on)}: "
            f"{self.what}"
        )


class ImprovementLinked(Event):
    """A complaint was named as one that an improvement was learned from."""

    tag = "improvement.linked"
    clauses = ("lgsco:9.2",)

    number: int

    def sentence(self) -> str:
        return f"Named as one of the complaints behind improvement {self.number}."


class ImprovementStarted(Event):
    """Work on an improvement began, and how things stood before it was written down."""

    tag = "improvement.started"
    clauses = ("lgsco:9.4",)

    number: int
    started_on: date
    before: PersonalText

    def sentence(self) -> str:
        return f"Began improvement {self.number} on {day_words(self.started_on)}. Before it: {self.before}"


class ImprovementCompleted(Event):
    """An improvement was made, with evidence that it made a difference."""

    tag = "improvement.completed"
    clauses = ("lgsco:8.1", "lgsco:9.3")

    number: int
    done_on: date
    after: PersonalText
    you_said: PersonalText
    we_did: PersonalText

    def sentence(self) -> str:
        return f"Completed improvement {self.number} on {day_words(self.done_on)}. After it: {self.after}"


class ImprovementDropped(Event):
    """An improvement will not be made."""

    tag = "improvement.dropped"
    clauses = ("lgsco:9.4",)

    number: int
    why: PersonalText

    def sentence(self) -> str:
        return f"Dropped improvement {self.number}. Why: {self.why}"


class ThemesFound(Event):
    """It was looked for themes among the complaints."""

    tag = "themes.found"
    clauses = ("lgsco:9.2",)

    looked_at: int
    fresh: int

    def sentence(self) -> str:
        looked = counted(self.looked_at, "series of complaints", "series of complaints")
        return f"Looked for themes in {looked}; {counted(self.fresh, 'candidate')} came up or came back."


class ThemeAccepted(Event):
    """A candidate became a theme, with its risk and whoever answers for it."""

    tag = "theme.accepted"
    clauses = ("lgsco:9.4",)

    number: int
    title: str
    risk: str
    owner: str
    why: PersonalText

    def sentence(self) -> str:
        return (
            f"Accepted theme {self.number}, “{self.title}”: {self.risk} risk, {self.owner} answers for it. {self.why}"
        )


class ThemeDismissed(Event):
    """A candidate is no theme."""

    tag = "theme.dismissed"
    clauses = ("lgsco:9.4",)

    number: int
    title: str
    why: PersonalText

    def sentence(self) -> str:
        return f"Dismissed theme {self.number}, “{self.title}”. Why: {self.why}"


class ThemeClosed(Event):
    """A theme is dealt with."""

    tag = "theme.closed"
    clauses = ("lgsco:9.4",)

    number: int
    title: str
    outcome: PersonalText

    def sentence(self) -> str:
        return f"Closed theme {self.number}, “{self.title}”. What came of it: {self.outcome}"
