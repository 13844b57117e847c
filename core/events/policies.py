"""Events of the policy: where a version departs from the Code, what its text says, a breach explained afterwards."""

from __future__ import annotations

from datetime import date

from core.events.base import Event, PersonalText
from core.words import day_words


class PolicyDeparted(Event):
    """A version of the policy departs from the Code in one thing."""

    tag = "policy.departed"
    clauses = ("lgsco:5.1",)

    name: str
    clause: str
    difference: str
    reason: PersonalText

    def sentence(self) -> str:
        return f"{self.difference} {f'Reason: {self.reason}' if self.reason else 'Nobody waits longer for it.'}"


class PolicyPaperKept(Event):
    """The policy's own words were kept with the version."""

    tag = "policy_paper.kept"
    clauses = ("lgsco:3.4", "lgsco:5.1")

    name: str
    text_sha256: str
    web_address: str

    def sentence(self) -> str:
        where = f", published at {self.web_address}" if self.web_address else ""
        return f"Kept the words of “{self.name}”{where}."


class PolicyWithdrawn(Event):
    """A version of the policy was taken back before it began."""

    tag = "policy.withdrawn"
    clauses = ("lgsco:5.1",)

    name: str
    in_force_from: date
    why: PersonalText

    def sentence(self) -> str:
        return f"Withdrew “{self.name}”, which was to begin on {day_words(self.in_force_from)}: {self.why}"


class PolicyFileKept(Event):
    """A version of the policy was kept as a file."""

    tag = "policy_file.kept"
    clauses = ("lgsco:3.4", "lgsco:5.1")

    policy: str
    name: str
    sha256: str
    held: bool

    def sentence(self) -> str:
        held = " It is held back until it is known to be clean." if self.held else ""
        return f"Kept “{self.policy}” as the file “{self.name}”.{held}"


class PolicyItemChecked(Event):
    """Somebody read in the policy's text whether it says one thing it has to say."""

    tag = "policy_item.checked"
    clauses = ("lgsco:3.5",)

    item: str
    title: str
    said: bool
    where: PersonalText

    def sentence(self) -> str:
        found = "said" if self.said else "not said"
        return f"Read the policy for “{self.title}”: {found}. {self.where}".rstrip()


class BreachExplained(Event):
    """The reason for something done late was recorded afterwards; it stays late."""

    tag = "breach.explained"
    clauses = ("lgsco:8.1c",)

    stage: int
    kind: str
    clause: str
    due_on: date
    finding: PersonalText
    reason: PersonalText

    def sentence(self) -> str:
        return f"Explained afterwards what was due by {day_words(self.due_on)}: {self.finding} Reason: {self.reason}"
