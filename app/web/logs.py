"""The log: JSON lines for whoever runs the console. It holds no word of any complaint, no name and no address typed.

A fault is told by its kind and the lines of code it came through, never by its message: messages quote what was typed.
"""

from __future__ import annotations

import json
import logging
import sys
import traceback
from secrets import token_hex
from typing import Any

import structlog

from app.web.metrics import FAULTS

log = structlog.get_logger("complaints")
_DEEPEST = 12


def begin() -> None:
    """Write JSON lines to the error stream, each with its time in UTC."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    # Streamlit and the server log each fault with its message, and a message quotes what was typed.
    logging.setLogRecordFactory(_without_messages)
    # An address may hold the words somebody searched for; no log is to keep them.
    logging.getLogger("uvicorn.access").disabled = True


def fault(error: BaseException) -> str:
    """Log a fault of ours; the reference that a person can give to whoever reads the log."""
    reference = token_hex(4).upper()
    FAULTS.inc()
    log.error("fault", reference=reference, **_told(error))
    return reference


def _told(error: BaseException) -> dict[str, list[str]]:
    """What may be said of a fault: its kinds, the first cause last, and the lines of code it came through."""
    frames = traceback.extract_tb(error.__traceback__)
    kinds: list[str] = []
    cause: BaseException | None = error
    while cause is not None and len(kinds) < _DEEPEST:
        kinds.append(type(cause).__name__)
        cause = cause.__cause__ or cause.__context__
    places = [f"{frame.filename.rpartition('/site-packages/')[2]}:{frame.lineno} {frame.name}" for frame in frames]
    return {"kinds": kinds, "places": places[-_DEEPEST:]}


def _without_messages(*given: Any, **named: Any) -> logging.LogRecord:
    """A line of a library's own log: where it tells of a fault, it says no more than ours would."""
    record = logging.LogRecord(*given, **named)
    error = record.exc_info[1] if record.exc_info else None
    if error is not None:
        told = {"event": "fault in a library", "logger": record.name, **_told(error)}
        record.msg, record.args, record.exc_info = json.dumps(told), None, None
    return record
