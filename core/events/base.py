"""What an event is: a tag that never changes, a sentence, and which of its fields are personal."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, ConfigDict


class Private:
    """Marks a field of an event as personal data."""


PRIVATE = Private()
ERASED = "(erased)"
_TAGS: dict[str, type[Event]] = {}

PersonalText = Annotated[str, PRIVATE]


class Event(BaseModel):
    """One thing that happened, in the past tense. Subclasses declare a tag, a sentence and their clauses."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    tag: ClassVar[str] = ""
    clauses: ClassVar[tuple[str, ...]] = ()
    private: ClassVar[frozenset[str]] = frozenset()

    complaint_id: int | None = None

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        """Register the tag and the personal fields."""
        super().__pydantic_init_subclass__(**kwargs)
        if not cls.tag or cls.tag in _TAGS:
            raise RuntimeError(f"{cls.__name__} needs a tag of its own.")
        cls.private = frozenset(
            name for name, field in cls.model_fields.items() if any(isinstance(m, Private) for m in field.metadata)
        )
        _TAGS[cls.tag] = cls

    def sentence(self) -> str:
        """What happened, as the history shows it."""
        raise NotImplementedError

    def split(self) -> tuple[str, str]:
        """The event as two JSON texts: what may stay for good, and what is personal ("" when nothing is)."""
        values = self.model_dump(mode="json", exclude={"complaint_id"})
        personal = {name: values.pop(name) for name in self.private}
        return _canonical(values), _canonical(personal) if personal else ""


def _canonical(values: Mapping[str, Any]) -> str:
    return json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def restore(tag: str, data: str, personal: str | None) -> Event:
    """The event of a ledger entry; its personal fields read "(erased)" once they have been erased."""
    kind = _TAGS[tag]
    values = json.loads(data)
    values.update(json.loads(personal) if personal else dict.fromkeys(kind.private, ERASED))
    return kind.model_validate(values)


def known_tags() -> Mapping[str, type[Event]]:
    """Every event there is, by tag."""
    return dict(_TAGS)
