"""Server-sent events: whole, checked pieces in order; a stream that ends early says so."""

import asyncio
import threading
from collections.abc import AsyncIterator
from dataclasses import dataclass
from json import dumps
from typing import Any, Literal

from fastapi.sse import KEEPALIVE_COMMENT, EventSourceResponse, format_sse_event

from coach.errors import CoachError
from coach.web.problems import problem_body

Name = Literal["block", "progress", "done", "interrupted"]
PING = 15.0
LOOK_UP = 0.25


class Stopping(CoachError):
    """The service is about to stop, so the stream ends before it is done."""

    status = 503
    title = "The service is restarting, so the draft stopped here. Ask again in a minute."


@dataclass(frozen=True, slots=True)
class Event:
    """One event of a stream."""

    name: Name
    data: dict[str, Any]


def stream(events: AsyncIterator[Event], closing: threading.Event) -> EventSourceResponse:
    """These events as an answer; a known error, or a stop of the service, becomes `interrupted`."""
    headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
    return EventSourceResponse(_encoded(events, closing), headers=headers)


async def _encoded(events: AsyncIterator[Event], closing: threading.Event) -> AsyncIterator[bytes]:
    try:
        while True:
            following = asyncio.ensure_future(anext(events, None))
            try:
                async for ping in _pings(following, closing):
                    yield ping
                if not following.done():
                    raise Stopping
            finally:
                following.cancel()
            event = following.result()
            if event is None:
                return
            yield _encode(event)
    except CoachError as error:
        yield _encode(Event("interrupted", problem_body(error)))


async def _pings(
    following: asyncio.Future[Event | None], closing: threading.Event
) -> AsyncIterator[bytes]:
    """A sign of life now and then, until the next event is there or the service stops."""
    waited = 0.0
    while not closing.is_set():
        await asyncio.wait({following}, timeout=LOOK_UP)
        if following.done():
            return
        waited += LOOK_UP
        if waited >= PING:
            waited = 0.0
            yield KEEPALIVE_COMMENT


def _encode(event: Event) -> bytes:
    # JSON has no line ends of its own, so no content can end an event.
    return format_sse_event(event=event.name, data_str=dumps(event.data, ensure_ascii=True))
