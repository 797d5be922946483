"""The log: what happened, with ids and sizes. Knows nothing of what people wrote, on purpose."""

import logging
import re
import sys
import traceback
import unicodedata
from collections.abc import MutableMapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TextIO
from uuid import UUID

import structlog

# A name, an id, a path or an address: no spaces, not long enough for a sentence.
IDENTIFIER = re.compile(r"[\w.:/@+=,*\[\]-]{1,200}")
PLAIN = (bool, int, float, UUID, date, timedelta, Path, type(None))
BY_THE_LOG = frozenset({"event", "level", "timestamp", "raised", "at"})

Event = MutableMapping[str, Any]


def configure_log(level: str = "info", stream: TextIO | None = None) -> None:
    """Write events of this level and above as lines: JSON, or readable where a person watches."""
    target = stream or sys.stderr
    readable = target.isatty()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            name_the_exception,
            only_ids_and_sizes,
            structlog.dev.ConsoleRenderer(colors=False)
            if readable
            else structlog.processors.JSONRenderer(default=str),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level.upper())),
        logger_factory=structlog.PrintLoggerFactory(target),
        cache_logger_on_first_use=False,
    )


def name_the_exception(_logger: object, _method: str, event: Event) -> Event:
    """The exception's type and place; its message may carry what a pair wrote."""
    told = event.pop("exc_info", None)
    fault = sys.exc_info()[1] if told is True else told
    if isinstance(fault, tuple):
        fault = fault[1]
    if isinstance(fault, BaseException):
        event["raised"] = type(fault).__qualname__
        frames = traceback.extract_tb(fault.__traceback__)[-3:]
        event["at"] = [f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames]
    return event


def only_ids_and_sizes(_logger: object, _method: str, event: Event) -> Event:
    """Numbers and identifiers pass; of any other text and collection only the size is kept."""
    for key, value in event.items():
        event[key] = value if key in BY_THE_LOG else told_value(value)
    event["event"] = neutral(str(event.get("event", "")))
    return event


def told_value(value: object) -> object:
    """The value if it is a number or an identifier, else how large it is."""
    if isinstance(value, PLAIN):
        return str(value) if isinstance(value, Path | UUID | date | timedelta) else value
    if isinstance(value, str):
        return value if IDENTIFIER.fullmatch(value) else f"<{len(value)} characters>"
    if isinstance(value, list | tuple | set | frozenset | dict):
        return f"<{len(value)} items>"
    return f"<{type(value).__name__}>"


def neutral(text: str, limit: int = 200) -> str:
    """The text on one line, without control or invisible characters, cut at a limit."""
    return "".join(
        "\N{REPLACEMENT CHARACTER}"
        if unicodedata.category(letter) in {"Cc", "Cf", "Cs", "Zl", "Zp"}
        else letter
        for letter in text[:limit]
    )
