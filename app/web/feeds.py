"""A colleague's duties as a calendar, under a secret address that needs no session and opens nothing else.

The same duties are the same bytes, so that a program that asks each hour is told that nothing has changed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, time, timedelta

from icalendar import Alarm, Calendar, Event
from limits import RateLimitItemPerMinute
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from app.ui.desk import office
from app.web import places
from app.web.intake import rates
from app.web.metrics import REFUSED
from core.channels.secrets import token_hash
from core.desk import Desk
from core.entrance import feed_of
from core.errors import NotFound, NotPermitted
from core.queries.feeds import FeedEntry, feed_entries

_MEDIA = "text/calendar; charset=utf-8"
_NAME = "Complaints: my next steps"
_NONE = "There is no such calendar. Make its address anew under “My account”."
_AT = time(9)
"""When a calendar program reminds of a duty on its day."""


def calendar(request: Request) -> Response:
    """The calendar of whoever the address belongs to; one answer for every address that is nobody's.

    An address from which too many wrong ones came is asked to wait, before anything is looked up.
    """
    wrong = RateLimitItemPerMinute(office().settings.intake_wrong_keys)
    address = request.client.host if request.client else ""
    if not rates().test(wrong, "feed", address):
        return _refused("Too many wrong addresses were asked for from here. Wait a minute.", 429)
    try:
        # By the hash of a long random token: how long the look-up takes tells nothing about the token.
        owner = feed_of(office(), token_hash(request.path_params["token"]))
        entries = Desk(office(), owner).ask(feed_entries)
    except (NotFound, NotPermitted):
        rates().hit(wrong, "feed", address)
        return _refused(_NONE, 404)
    return _unless_known(request, as_calendar(entries))


def _refused(sentence: str, status: int) -> Response:
    REFUSED.labels("feed").inc()
    headers = {"Retry-After": "60"} if status == 429 else {}
    return PlainTextResponse(sentence, status_code=status, headers=headers)


def _unless_known(request: Request, content: bytes) -> Response:
    """The calendar, or the word that whoever asks has it as it is."""
    tag = f'"{hashlib.sha256(content).hexdigest()}"'
    known = {each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")}
    if tag in known or "*" in known:
        return Response(status_code=304, headers={"ETag": tag})
    return Response(content, media_type=_MEDIA, headers={"ETag": tag})


def as_calendar(entries: Sequence[FeedEntry]) -> bytes:
    """Duties as whole days of a calendar; the same duties give the same bytes."""
    made = Calendar()
    made.add("prodid", "-//The complaints console//EN")
    made.add("version", "2.0")
    made.add("x-wr-calname", _NAME)
    for each in entries:
        made.add_component(_event(each))
    return made.to_ical()


def _event(entry: FeedEntry) -> Event:
    event = Event()
    event.add("uid", f"{entry.key}@complaints")
    event.add("dtstamp", entry.changed_at)
    event.add("dtstart", entry.act_by)
    event.add("dtend", entry.act_by + timedelta(days=1))
    event.add("summary", f"{entry.title}: {entry.reference}" + (f" ({entry.cited})" if entry.cited else ""))
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", f"{entry.title}: {entry.reference}")
    alarm.add("trigger", datetime.combine(entry.act_by, _AT) - datetime.combine(entry.act_by, time()))
    event.add_component(alarm)
    return event


ROUTES = [Route(places.FEED, calendar)]
