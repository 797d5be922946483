"""The one place that builds a model's client and speaks to it, inside deadlines of our own."""

import asyncio
import json
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import httpx2
import openai
from pydantic import SecretStr
from pydantic_core import from_json

from coach.llm.faults import BadAnswer, LLMFault, ModelCut, ModelDown, ModelRefused, ModelTooSlow

RETRIES = 2
LONGEST_ANSWER = 40_000
_WAITED, _PAUSE, _SMALL = 0.002, 0.05, 2_000
# The gate bounds how many calls are under way; a smaller pool would let them wait unseen.
_CONNECTIONS = httpx2.Limits(max_connections=1_000, max_keepalive_connections=100)


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Seconds until the first byte, between two bytes, and for the whole answer."""

    first: float = 15.0
    idle: float = 20.0
    total: float = 90.0


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a model is served, and how long it may take."""

    base_url: str
    model: str
    key: SecretStr | None = None
    deadlines: Deadlines = Deadlines()


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer with the tokens it took; zero where the server does not count."""

    text: str
    input_tokens: int = 0
    output_tokens: int = 0


@dataclass(slots=True)
class _Heard:
    """What has come in of an answer so far."""

    parts: list[str] = field(default_factory=list)
    length: int = 0
    done: str | None = None
    input_tokens: int = 0
    output_tokens: int = 0

    def add(self, text: str) -> None:
        """Keep a piece of the text, or ModelCut when the answer grows past its bound."""
        self.length += len(text)
        if self.length > LONGEST_ANSWER:
            raise ModelCut
        self.parts.append(text)


def make_client(
    endpoint: Endpoint, transport: httpx2.AsyncBaseTransport | None = None
) -> openai.AsyncOpenAI:
    """A client that follows no redirect and asks no proxy of the environment."""
    http = httpx2.AsyncClient(
        transport=transport,
        follow_redirects=False,
        trust_env=False,
        limits=_CONNECTIONS,
        timeout=httpx2.Timeout(endpoint.deadlines.idle, connect=min(5.0, endpoint.deadlines.first)),
    )
    key = endpoint.key.get_secret_value() if endpoint.key else ""
    return openai.AsyncOpenAI(
        base_url=endpoint.base_url,
        api_key=key or "not-needed",
        organization="",
        project="",
        max_retries=RETRIES,
        http_client=http,
    )


_NO_SENSE = (ValueError, TypeError, AttributeError, LookupError)


async def ask_once(
    client: openai.AsyncOpenAI,
    deadlines: Deadlines,
    **request: Any,  # noqa: ANN401  the API's own
) -> Answer:
    """One whole answer, or an LLMFault; BadRequestError passes, so that another rung is tried."""
    heard = _Heard()
    try:
        await _hear(heard, client, deadlines, request)
    except (LLMFault, openai.BadRequestError, openai.UnprocessableEntityError):
        raise
    except (TimeoutError, openai.APITimeoutError) as fault:
        raise ModelTooSlow from fault
    except openai.APIStatusError as fault:
        raise ModelDown(f"The model's server answered with HTTP {fault.status_code}.") from None
    except (openai.APIConnectionError, OSError, httpx2.HTTPError) as fault:
        raise (ModelCut if heard.parts else ModelDown) from fault
    except (openai.OpenAIError, RecursionError, *_NO_SENSE) as fault:
        raise BadAnswer from fault
    except RuntimeError as fault:  # such as threads that are gone while the service stops
        raise ModelDown from fault
    return _finish(heard)


def _finish(heard: _Heard) -> Answer:
    if heard.done == "content_filter":
        raise ModelRefused
    if heard.done is None or heard.done == "length":
        raise ModelCut
    text = "".join(heard.parts).encode("utf-8", "replace").decode("utf-8").replace("\x00", "")
    return Answer(text, heard.input_tokens, heard.output_tokens)


async def _hear(
    heard: _Heard, client: openai.AsyncOpenAI, deadlines: Deadlines, request: dict[str, Any]
) -> None:
    """Take in a whole answer before its deadlines."""
    now = asyncio.get_running_loop().time
    end = now() + deadlines.total
    async with asyncio.timeout_at(min(end, now() + deadlines.first)) as timer:
        stream = await client.chat.completions.create(stream=True, **request)
        timer.reschedule(min(end, now() + deadlines.first))
        try:
            if "text/event-stream" in stream.response.headers.get("content-type", ""):
                # The client's own reader stumbles over events without data, so this one reads.
                await _read_events(heard, stream.response, _Patience(timer, end, deadlines.idle))
            else:
                timer.reschedule(min(end, now() + deadlines.idle))
                _take(heard, await _body(stream.response))
        finally:
            with suppress(RuntimeError, httpx2.HTTPError):
                await stream.response.aclose()


@dataclass(slots=True)
class _Patience:
    """Waits for each piece of an answer for a while, and for the last one until the end."""

    timer: asyncio.Timeout
    end: float
    idle: float
    heard_at: float = float("inf")
    set_at: float = float("-inf")

    async def renew(self, length: int) -> None:
        """Wait anew: a piece has come. Setting a timer for each of many would cost more."""
        now = asyncio.get_running_loop().time()
        if now - self.set_at > self.idle / 20:
            self.set_at = now
            self.timer.reschedule(min(self.end, now + self.idle))
        if now - self.heard_at > _WAITED and length < _SMALL:
            # Nobody reads single words here, and to be woken once for several costs less.
            await asyncio.sleep(_PAUSE)
            now = asyncio.get_running_loop().time()
        self.heard_at = now


async def _read_events(heard: _Heard, response: httpx2.Response, patience: _Patience) -> None:
    """Take in an event stream up to its end; comments and other fields are skipped."""
    left, named = b"", b""
    async for piece in response.aiter_bytes():
        await patience.renew(len(piece))
        *lines, left = (left + piece).split(b"\n")
        if max(map(len, (left, *lines))) > 4 * LONGEST_ANSWER:
            raise ModelCut
        for line in lines:
            name, _, value = line.partition(b":")
            if not line.rstrip(b"\r"):
                named = b""
            elif name == b"event":
                named = value.strip()
            elif name == b"data" and named in (b"", b"message"):
                if value.strip() == b"[DONE]":
                    return
                _take(heard, _object(value))


def _object(raw: bytes | bytearray) -> dict[str, Any]:
    try:
        found = _read_json(raw)
    except (ValueError, RecursionError) as fault:
        raise BadAnswer from fault
    if not isinstance(found, dict):
        raise BadAnswer
    return found


def _read_json(raw: bytes | bytearray) -> object:
    try:
        return from_json(raw)
    except ValueError:
        return json.loads(raw)  # slower; knows halves of characters, which some servers send


async def _body(response: httpx2.Response) -> dict[str, Any]:
    """A completion sent whole, though a stream was asked for; BadAnswer for any other page."""
    raw = bytearray()
    async for piece in response.aiter_bytes():
        raw += piece
        if len(raw) > 4 * LONGEST_ANSWER:
            raise ModelCut
    found = _object(raw)
    if not found.get("choices") or found["choices"][0]["message"]["role"] != "assistant":
        raise BadAnswer
    return found


def _take(heard: _Heard, piece: dict[str, Any]) -> None:
    if isinstance(usage := piece.get("usage"), dict):
        heard.input_tokens = int(usage.get("prompt_tokens") or 0)
        heard.output_tokens = int(usage.get("completion_tokens") or 0)
    if piece.get("error"):
        raise ModelDown("The model's server reported an error.")
    choices = piece.get("choices")
    if not choices:  # the chunk that counts tokens has none
        return
    said = choices[0].get("delta") or choices[0].get("message") or {}
    if said.get("tool_calls") or said.get("function_call"):
        raise BadAnswer("The model asked for a tool, and there are none.")
    if said.get("refusal"):
        raise ModelRefused
    heard.done = choices[0].get("finish_reason") or heard.done
    if said.get("content"):
        heard.add(str(said["content"]))
