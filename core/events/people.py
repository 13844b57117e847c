"""Events about people on a complaint: who acts for the individual, adjustments, restrictions, risk and conflicts."""

from __future__ import annotations

from datetime import date

from core.events.base import Event, PersonalText
from core.words import day_words


class PartyAdded(Event):
    """Somebody beside the individual was put on the complaint."""

    tag = "party.added"
    clauses = ("lgsco:1.5", "lgsco:3.6")

    role: str
    name: PersonalText
    contact: PersonalText

    def sentence(self) -> str:
        return f"Added {self.name} as {self.role}."


class AuthorityRecorded(Event):
    """What lets somebody act for the individual was recorded."""

    tag = "authority.recorded"
    clauses = ("lgsco:3.6",)

    authority: str
    recorded_on: date
    expires_on: date | None
    name: PersonalText
    scope: PersonalText

    def sentence(self) -> str:
        until = f", until {day_words(self.expires_on)}" if self.expires_on else ""
        about = f" For: {self.scope}" if self.scope else ""
        return (
            f"Recorded what lets {self.name} act: {self.authority}, from {day_words(self.recorded_on)}{until}.{about}"
        )


class CorrespondentChosen(Event):
    """Who is written to was decided."""

    tag = "correspondent.chosen"
    clauses = ("lgsco:3.6",)

    name: PersonalText

    def sentence(self) -> str:
        return f"Letters go to {self.name or 'the individual'} from now on."


class PartyRemoved(Event):
    """Somebody is on the complaint no longer."""

    tag = "party.removed"
    clauses = ("lgsco:3.6",)

    name: PersonalText
    why: PersonalText

    def sentence(self) -> str:
        return f"{self.name} is on this complaint no longer. {self.why}"


class AdjustmentAgreed(Event):
    """A reasonable adjustment was agreed."""

    tag = "adjustment.agreed"
    clauses = ("lgsco:5.6",)

    starts_on: date
    review_on: date
    what: PersonalText
    agreed_format: PersonalText

    def sentence(self) -> str:
        form = f" ({self.agreed_format})" if self.agreed_format else ""
        days = f"from {day_words(self.starts_on)}, to be reviewed by {day_words(self.review_on)}"
        return f"Agreed an adjustment{form}, {days}: {self.what}"


class AdjustmentReviewed(Event):
    """An adjustment was looked at again."""

    tag = "adjustment.reviewed"
    clauses = ("lgsco:5.6",)

    due_on: date
    reviewed_on: date
    review_on: date
    what: PersonalText
    found: PersonalText

    def sentence(self) -> str:
        return _reviewed("adjustment", self.what, self.due_on, self.reviewed_on, self.review_on, self.found)


class AdjustmentEnded(Event):
    """An adjustment is needed no longer."""

    tag = "adjustment.ended"
    clauses = ("lgsco:5.6",)

    ended_on: date
    what: PersonalText
    why: PersonalText

    def sentence(self) -> str:
        return f"Ended the adjustment “{self.what}” on {day_words(self.ended_on)}. {self.why}"


class PreferenceKept(Event):
    """How the individual wants to be reached was noted."""

    tag = "preference.kept"
    clauses = ("lgsco:3.1",)

    preference: PersonalText

    def sentence(self) -> str:
        return f"How they want to be reached: {self.preference or 'nothing in particular'}."


class RiskFlagged(Event):
    """Somebody vulnerable or at risk is behind the complaint, so it comes first."""

    tag = "risk.flagged"
    clauses = ("lgsco:6.1",)

    reason: PersonalText

    def sentence(self) -> str:
        return f"Vulnerable or at risk, so this comes first. {self.reason}"


class RiskLifted(Event):
    """A complaint comes first no longer."""

    tag = "risk.lifted"
    clauses = ("lgsco:6.1",)

    reason: PersonalText

    def sentence(self) -> str:
        return f"No longer marked as vulnerable or at risk. {self.reason}"


class ContactRestricted(Event):
    """Somebody's contact with the council was restricted."""

    tag = "contact.restricted"
    clauses = ("lgsco:5.10", "lgsco:5.11")

    starts_on: date
    review_on: date
    challenge_told: bool
    what: PersonalText
    evidence: PersonalText
    lesser_measures: PersonalText
    equality: PersonalText
    way_to_complain: PersonalText

    def sentence(self) -> str:
        days = f"from {day_words(self.starts_on)}, to be reviewed by {day_words(self.review_on)}"
        return f"Restricted contact {days}: {self.what} A new complaint can still be made: {self.way_to_complain}"


class RestrictionReviewed(Event):
    """A restriction was looked at again."""

    tag = "restriction.reviewed"
    clauses = ("lgsco:5.10",)

    due_on: date
    reviewed_on: date
    review_on: date
    what: PersonalText
    found: PersonalText

    def sentence(self) -> str:
        return _reviewed("restriction", self.what, self.due_on, self.reviewed_on, self.review_on, self.found)


class RestrictionLifted(Event):
    """Contact is restricted no longer."""

    tag = "restriction.lifted"
    clauses = ("lgsco:5.10", "lgsco:5.11")

    ended_on: date
    what: PersonalText
    why: PersonalText

    def sentence(self) -> str:
        return f"Lifted the restriction “{self.what}” on {day_words(self.ended_on)}. {self.why}"


class OfficersNamed(Event):
    """The colleagues a complaint is about were written down."""

    tag = "officers.named"
    clauses = ("lgsco:5.4",)

    named: tuple[str, ...]

    def sentence(self) -> str:
        if not self.named:
            return "No colleague is named in this complaint."
        return f"Named in this complaint, and not to consider it: {', '.join(self.named)}."


class ConflictDeclared(Event):
    """A colleague said whether they have a conflict of interest."""

    tag = "conflict.declared"
    clauses = ("lgsco:5.4",)

    colleague: str
    kind: str
    detail: PersonalText

    def sentence(self) -> str:
        if self.kind == "none":
            return f"{self.colleague} declares no conflict of interest."
        return f"{self.colleague} declares a conflict of interest, {self.kind}, and answers nothing here. {self.detail}"


class StageFreed(Event):
    """A stage was taken from the colleague whom the complaint is about."""

    tag = "stage.freed"
    clauses = ("lgsco:5.4", "lgsco:4.1")

    stage: int
    before: str

    def sentence(self) -> str:
        return f"Nobody has stage {self.stage} now: {self.before} is named in this complaint. It needs someone."


def _reviewed(thing: str, what: str, due_on: date, reviewed_on: date, review_on: date, found: str) -> str:
    when = f"on {day_words(reviewed_on)}, due by {day_words(due_on)}"
    return f"Reviewed the {thing} “{what}” {when}; next by {day_words(review_on)}. {found}"


class TreatmentCarried(Event):
    """What holds for the people on a complaint was carried over to one made of a point of it."""

    tag = "treatment.carried"
    clauses = ("lgsco:5.4", "lgsco:5.6", "lgsco:5.10")

    barred: tuple[str, ...]
    people: PersonalText
    needs: PersonalText
    limits: PersonalText

    def sentence(self) -> str:
        told = {
            "Not to consider it": ", ".join(self.barred),
            "People": self.people,
            "Needs": self.needs,
            "Restrictions": self.limits,
        }
        lines = (f"{title}: {text.rstrip('.')}." for title, text in told.items() if text)
        return " ".join(["As on the complaint it came from.", *lines])
