"""The one place that builds a client for a chat model, with our own deadlines around each call."""

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, TypeVar

import httpx2
import openai

from coach.llm.faults import FaultKind, LLMFault, SchemaRefused

T = TypeVar("T")
RETRIES = 2
CONNECT_SECONDS = 5.0
LONGEST_REPLY = 200_000
# Local servers take any key, and the client refuses to be built without one.
NO_KEY = "not-needed"


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Seconds to the first byte, between bytes, and for the whole call with all its tries."""

    first: float = 15.0
    idle: float = 20.0
    total: float = 90.0


def make_client(
    base_url: str, key: str | None, transport: httpx2.AsyncBaseTransport | None = None
) -> openai.AsyncOpenAI:
    """A client that follows no redirect and reads no proxy from the environment."""
    http = httpx2.AsyncClient(
        transport=transport,
        follow_redirects=False,
        trust_env=False,
        timeout=httpx2.Timeout(120.0, connect=CONNECT_SECONDS),
    )
    return openai.AsyncOpenAI(
        base_url=base_url, api_key=key or NO_KEY, max_retries=RETRIES, http_client=http
    )


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a reply: its text, why it ended, and the tokens counted, as far as known."""

    text: str = ""
    finish: str | None = None
    refused: bool = False
    input_tokens: int = 0
    output_tokens: int = 0


async def stream(
    client: openai.AsyncOpenAI,
    deadlines: Deadlines,
    **request: Any,  # noqa: ANN401  the API's own
) -> AsyncIterator[Piece]:
    """The pieces of a reply as they come; raises LLMFault or SchemaRefused, whatever happens."""
    clock = _Clock(deadlines)
    finish = None
    async with aclosing(_chunks(client, clock, request)) as chunks:
        async for chunk in chunks:
            piece = _piece(chunk)
            finish = piece.finish or finish
            yield piece
    if finish is None:
        raise LLMFault("cut")


async def _chunks(
    client: openai.AsyncOpenAI, clock: "_Clock", request: dict[str, Any]
) -> AsyncGenerator[Any, None]:
    opened = await clock.wait(
        lambda: client.chat.completions.create(stream=True, **request), clock.deadlines.first
    )
    if not isinstance(opened, openai.AsyncStream):
        raise LLMFault("unreadable")
    try:
        chunks = aiter(opened)
        wait = clock.deadlines.first
        while True:
            chunk = await clock.wait(lambda: anext(chunks, None), wait)
            if chunk is None:
                return
            wait = clock.deadlines.idle
            yield chunk
    finally:
        await opened.close()


class _Clock:
    """Our own time: what is left of the whole call, whatever the client believes."""

    def __init__(self, deadlines: Deadlines) -> None:
        self.deadlines = deadlines
        self._end = time.monotonic() + deadlines.total

    async def wait(self, work: Callable[[], Awaitable[T]], seconds: float) -> T:
        """The result of this work, or a fault once either time is over."""
        left = min(seconds, self._end - time.monotonic())
        if left <= 0:
            raise LLMFault("deadline")
        try:
            async with asyncio.timeout(left):
                return await work()
        except TimeoutError as error:
            raise LLMFault("deadline") from error
        except (LLMFault, asyncio.CancelledError):
            raise
        except Exception as error:  # the client lets errors of many kinds through
            raise _explain(error) from error


def _explain(error: Exception) -> LLMFault:
    """The fault behind an error of the client, whose words may repeat what was sent."""
    if isinstance(error, openai.BadRequestError) and _names_the_form(error):
        return SchemaRefused()
    kinds: tuple[tuple[type[Exception], FaultKind], ...] = (
        (openai.APITimeoutError, "deadline"),
        (openai.AuthenticationError, "forbidden"),
        (openai.PermissionDeniedError, "forbidden"),
        (openai.NotFoundError, "forbidden"),
        (openai.ContentFilterFinishReasonError, "refused"),
        (openai.RateLimitError, "down"),
        (openai.InternalServerError, "down"),
        (openai.APIConnectionError, "down"),
        (httpx2.HTTPError, "cut"),
    )
    for cause, kind in kinds:
        if isinstance(error, cause):
            return LLMFault(kind)
    return LLMFault("unreadable")


def _names_the_form(error: openai.BadRequestError) -> bool:
    told = str(error.body or error.message).lower()
    return any(
        word in told for word in ("response_format", "json_schema", "json_object", "grammar")
    )


def _piece(chunk: Any) -> Piece:  # noqa: ANN401  a server may send anything
    """A chunk as we read it; one of another form is a fault and not a crash."""
    try:
        usage = chunk.usage
        counted = (
            (int(usage.prompt_tokens or 0), int(usage.completion_tokens or 0)) if usage else ()
        )
        if not chunk.choices:
            return Piece("", None, False, *counted)
        choice = chunk.choices[0]
        if choice.finish_reason in ("length", "tool_calls", "function_call"):
            raise LLMFault("cut" if choice.finish_reason == "length" else "unreadable")
        if choice.delta.tool_calls:
            raise LLMFault("unreadable")
        refused = bool(choice.delta.refusal) or choice.finish_reason == "content_filter"
        return Piece(choice.delta.content or "", choice.finish_reason, refused, *counted)
    except (AttributeError, TypeError, ValueError, IndexError) as error:
        raise LLMFault("unreadable") from error
