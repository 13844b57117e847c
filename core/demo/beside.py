"""What stands beside the complaints' own courses: service requests, files on a case, a confidential one, and such."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from core.channels.file_stores import file_store
from core.channels.files import CheckedFile, check_file
from core.commands.adjusting import AgreeAdjustment
from core.commands.confidence import KeepConfidential
from core.commands.evidence import AddFile
from core.commands.information import AskForInformation
from core.commands.requests import (
    AnswerServiceRequest,
    AssignServiceRequest,
    CloseServiceRequest,
    OfferComplaint,
    RecordServiceRequest,
)
from core.commands.restricting import RestrictContact
from core.demo.courses import Course, Start, back
from core.demo.story import Council, Story, StoryEnds
from core.demo.texts import read
from core.model.complaints import Channel
from core.model.requests import OfferReply, RequestOutcome
from core.settings import Settings

_LARGEST = 10_000  # bytes; these files are a few lines


@cache
def _beside() -> Mapping[str, Any]:
    return read("beside.toml")


@cache
def evidence() -> tuple[tuple[CheckedFile, bytes, str], ...]:
    """The sample files, each checked as an officer's would be, with its content and what is said of it."""
    found = []
    for one in _beside()["evidence"]:
        content = one["text"].lstrip("\n").encode()
        found.append((check_file(one["name"], content, limit=_LARGEST), content, one["about"]))
    return tuple(found)


def keep_files(settings: Settings) -> None:
    """Put the files' content where cases look for it."""
    store = file_store(settings)
    for checked, content, _about in evidence():
        store.put(content, checked.sha256)


def tell_beside(story: Story) -> None:
    """What a course names beside its own steps, on the day of the latest of them."""
    for name in story.course.beside:
        if name == "confidential":
            named = (story.cast.colleague_ids[story.handler],)
            story.act(
                story.day, story.cast.manager, KeepConfidential, named=named, reason=_beside()["confidential"]["reason"]
            )
        elif name == "evidence":
            _add_files(story)
        elif name == "question":
            asked = _beside()["question"]
            due_on = story.shift(story.day, asked["due"])
            said = {part: asked[part] for part in ("name", "organisation", "email", "what", "documents")}
            story.act(story.day, story.handler, AskForInformation, due_on=due_on, **said)
        elif name == "adjustment":
            story.act(story.day, story.handler, AgreeAdjustment, **_reviewed(story, name))
        elif name == "restriction":
            story.act(story.day, story.cast.manager, RestrictContact, challenge_told=True, **_reviewed(story, name))
        else:
            raise RuntimeError(f"No story has “{name}” beside it. Look at stories.toml.")


def _reviewed(story: Story, name: str) -> dict[str, Any]:
    """What is laid out for something that begins today and is owed a look later."""
    told = dict(_beside()[name])
    return {"starts_on": story.day, "review_on": story.shift(story.day, told.pop("review")), **told}


def _add_files(story: Story) -> None:
    for checked, _content, about in evidence():
        told = {part: getattr(checked, part) for part in ("name", "media_type", "sha256", "size")}
        story.act(story.day, story.handler, AddFile, about=about, **told)


# ----------------------------------------------------------------------------------------------------- service requests


def request_stories(first: int, council: Council, *, seed: str) -> Iterator[Story]:
    """The service requests, each told up to the demo's today and numbered from `first` on."""
    for number, request in enumerate(_beside()["request"], start=first):
        received_on = back(council.calendar, council.today, request["received"])
        story = Story(Start(number=number, received_on=received_on, course=Course()), council, seed=seed)
        with contextlib.suppress(StoryEnds):
            _tell(story, request)
        yield story


def _tell(story: Story, request: Mapping[str, Any]) -> None:
    """Taken in, given to a colleague, offered a complaint, answered and closed, as far as it has come."""
    cast, received = story.cast, story.received_on
    due_on = story.shift(received, request["due"])
    story.act(
        received, story.random.choice(cast.recorders), RecordServiceRequest, due_on=due_on, **_said(story, request)
    )
    if "assigned" in request:
        chosen = cast.colleague_ids[story.handler]
        story.act(story.shift(received, request["assigned"]), story.handler, AssignServiceRequest, colleague_id=chosen)
    if "offered" in request:
        day = story.shift(received, request["offered"])
        reply = OfferReply(request["reply"])
        story.act(day, story.handler, OfferComplaint, offered_on=day, reply=reply, note=request["note"])
    if "answered" in request:
        day = story.shift(received, request["answered"])
        story.act(day, story.handler, AnswerServiceRequest, answered_on=day, answer=request["answer"])
    if "closed" in request:
        day = story.shift(received, request["closed"])
        story.act(day, story.handler, CloseServiceRequest, closed_on=day, outcome=RequestOutcome(request["outcome"]))


def _said(story: Story, request: Mapping[str, Any]) -> dict[str, Any]:
    one = story.writer.individual()
    return {
        "individual": one.name,
        "contact_email": one.contact_email,
        "contact_phone": one.contact_phone,
        "address": one.address,
        "postcode": one.postcode,
        "words": request["words"],
        "matter": request["matter"],
        "why": request["why"],
        "channel": Channel(request["channel"]),
        "received_on": story.received_on,
        "service_id": story.cast.service_ids[request["service"]],
    }
