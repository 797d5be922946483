"""The one place that builds a model's client and speaks to it, inside deadlines of our own."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import httpx2
import openai
from openai.types.chat import ChatCompletion, ChatCompletionChunk
from pydantic import SecretStr, ValidationError

from coach.llm.faults import BadAnswer, LLMFault, ModelCut, ModelDown, ModelRefused, ModelTooSlow

Messages = Sequence[Mapping[str, Any]]
RETRIES = 2
LONGEST_ANSWER = 40_000


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


async def ask_once(
    client: openai.AsyncOpenAI,
    deadlines: Deadlines,
    **request: Any,  # noqa: ANN401  the API's own
) -> Answer:
    """One whole answer, or an LLMFault; BadRequestError passes, so that another rung is tried."""
    heard = _Heard()
    try:
        async for chunk in _chunks(client, deadlines, request):
            _take(heard, chunk)
    except (LLMFault, openai.BadRequestError, openai.UnprocessableEntityError):
        raise
    except (TimeoutError, openai.APITimeoutError) as fault:
        raise ModelTooSlow from fault
    except openai.APIStatusError as fault:
        raise ModelDown(f"The model's server answered with HTTP {fault.status_code}.") from None
    except (openai.APIConnectionError, OSError, httpx2.HTTPError) as fault:
        raise (ModelCut if heard.parts else ModelDown) from fault
    except Exception as fault:
        raise BadAnswer from fault
    return _finish(heard)


def _finish(heard: _Heard) -> Answer:
    if heard.done == "content_filter":
        raise ModelRefused
    if heard.done is None or heard.done == "length":
        raise ModelCut
    text = "".join(heard.parts).encode("utf-8", "replace").decode("utf-8").replace("\x00", "")
    return Answer(text, heard.input_tokens, heard.output_tokens)


async def _chunks(
    client: openai.AsyncOpenAI, deadlines: Deadlines, request: dict[str, Any]
) -> AsyncIterator[ChatCompletionChunk | ChatCompletion]:
    now = asyncio.get_running_loop().time
    end = now() + deadlines.total
    async with asyncio.timeout_at(min(end, now() + deadlines.first)):
        stream = await client.chat.completions.create(stream=True, **request)
    try:
        if "text/event-stream" not in stream.response.headers.get("content-type", ""):
            async with asyncio.timeout_at(min(end, now() + deadlines.idle)):
                whole = await _body(stream.response)
            yield whole
            return
        pieces, wait = aiter(stream), deadlines.first
        while True:
            async with asyncio.timeout_at(min(end, now() + wait)):  # never across a yield
                chunk = await anext(pieces, None)
            if chunk is None:
                return
            wait = deadlines.idle
            yield chunk
    finally:
        with suppress(RuntimeError, httpx2.HTTPError):
            await stream.response.aclose()


async def _body(response: Any) -> ChatCompletion:  # noqa: ANN401  httpx2's, as openai hands it on
    """A completion sent whole, though a stream was asked for; BadAnswer for any other page."""
    raw = bytearray()
    async for piece in response.aiter_bytes():
        raw += piece
        if len(raw) > 4 * LONGEST_ANSWER:
            raise ModelCut
    try:
        found = json.loads(raw)
        if found["choices"][0]["message"]["role"] != "assistant":
            raise BadAnswer
        missing = {"id": "", "created": 0, "model": "", "object": "chat.completion"}
        found["choices"][0].setdefault("index", 0)
        return ChatCompletion.model_validate({**missing, **found})
    except (ValueError, LookupError, TypeError, ValidationError, RecursionError) as fault:
        raise BadAnswer from fault


def _take(heard: _Heard, piece: ChatCompletionChunk | ChatCompletion) -> None:
    if usage := getattr(piece, "usage", None):
        heard.input_tokens = usage.prompt_tokens or 0
        heard.output_tokens = usage.completion_tokens or 0
    choices = getattr(piece, "choices", None)
    if not choices:  # the chunk that counts tokens has none
        return
    choice = choices[0]
    said = choice.message if isinstance(piece, ChatCompletion) else choice.delta
    if getattr(said, "tool_calls", None) or getattr(said, "function_call", None):
        raise BadAnswer("The model asked for a tool, and there are none.")
    if getattr(said, "refusal", None):
        raise ModelRefused
    heard.done = choice.finish_reason or heard.done
    if said is not None and said.content:
        heard.add(said.content)
