"""Asks a chat model for values of a form: a ladder of ways, one repair turn, a door that closes."""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, TypeVar

import anyio
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage
from langchain_core.runnables import Runnable
from pydantic import BaseModel

from coach.llm.faults import LLMFault, SchemaRefused
from coach.llm.prompts import Rendered
from coach.llm.replies import ReplyFault, read_reply, strict_schema

Words = TypeVar("Words", bound=BaseModel)
Rung = Literal["json_schema", "json_object", "text"]
LADDER: tuple[Rung, ...] = ("json_schema", "json_object", "text")
# Faults that another draft would meet again; a refusal or an odd answer says nothing of the next.
CLOSING = frozenset({"down", "deadline", "forbidden"})


@dataclass(frozen=True, slots=True)
class Reply(Generic[Words]):
    """The values a model gave, and the tokens that all turns took."""

    words: Words
    input_tokens: int
    output_tokens: int


@dataclass(slots=True)
class Door:
    """Lets so many calls through at once, so many more wait, and shuts for a while after faults."""

    at_once: int = 8
    waiting: int = 64
    faults: int = 3
    shut_seconds: float = 60.0
    clock: Callable[[], float] = time.monotonic
    _inside: int = 0
    _failed: int = 0
    _shut_until: float = 0.0
    _places: anyio.Semaphore | None = None

    @property
    def is_shut(self) -> bool:
        """Whether no call is tried for now."""
        return self.clock() < self._shut_until

    @asynccontextmanager
    async def passing(self) -> AsyncIterator[None]:
        """One call's way through; raises LLMFault when it is shut or too many wait."""
        if self.is_shut:
            raise LLMFault("down")
        if self._inside >= self.at_once + self.waiting:
            raise LLMFault("busy")
        self._places = self._places or anyio.Semaphore(self.at_once)
        self._inside += 1
        try:
            async with self._places:
                yield
            self._failed = 0
        except LLMFault as fault:
            self._count(fault)
            raise
        finally:
            self._inside -= 1

    def _count(self, fault: LLMFault) -> None:
        if fault.kind not in CLOSING:
            return
        self._failed += 1
        if self._failed >= self.faults:
            self._failed, self._shut_until = 0, self.clock() + self.shut_seconds


Chat = Runnable[Any, BaseMessage]


@dataclass(slots=True)
class Model:
    """A chat model as drafting asks it; `rung` is the way of structured output that worked last."""

    chat: Chat
    name: str
    door: Door = field(default_factory=Door)
    rung: Rung = "json_schema"

    async def ask(self, prompt: Rendered, form: type[Words]) -> Reply[Words]:
        """The values of this form, after one repair turn at most; raises LLMFault."""
        messages: list[BaseMessage] = [SystemMessage(prompt.system), HumanMessage(prompt.request)]
        async with self.door.passing():
            first = await self._say(messages, form)
            try:
                return Reply(read_reply(_text(first), form), *_tokens(first))
            except ReplyFault as fault:
                told = HumanMessage(
                    f"That cannot be used: {fault.detail}. Answer again with the JSON object alone."
                )
            again = await self._say([*messages, AIMessage(_text(first)), told], form)
            used = [one + other for one, other in zip(_tokens(first), _tokens(again), strict=True)]
            try:
                return Reply(read_reply(_text(again), form), *used)
            except ReplyFault as fault:
                raise LLMFault("unreadable") from fault

    async def _say(self, messages: list[BaseMessage], form: type[BaseModel]) -> BaseMessage:
        """The next message, by the highest rung of the ladder that this server knows."""
        for rung in LADDER[LADDER.index(self.rung) :]:
            try:
                reply = await self.chat.ainvoke(messages, **_format(rung, form))
            except SchemaRefused:
                continue
            except LLMFault:
                raise
            self.rung = rung
            return reply
        raise LLMFault("unreadable")


def _format(rung: Rung, form: type[BaseModel]) -> dict[str, Any]:
    if rung == "text":
        return {}
    if rung == "json_object":
        return {"response_format": {"type": "json_object"}}
    schema = {"name": form.__name__, "schema": strict_schema(form), "strict": True}
    return {"response_format": {"type": "json_schema", "json_schema": schema}}


def _text(message: BaseMessage) -> str:
    """The words of a message."""
    return str(message.text)


def _tokens(message: BaseMessage) -> tuple[int, int]:
    """The tokens a message took; a quarter of its characters where the server does not count."""
    usage = getattr(message, "usage_metadata", None)
    if usage and usage["output_tokens"]:
        return int(usage["input_tokens"]), int(usage["output_tokens"])
    return 0, len(_text(message)) // 4


class _Yes(BaseModel):
    """The smallest form there is."""

    answer: str


async def try_model(model: Model) -> None:
    """Ask for next to nothing, so that `rung` tells what this server knows; raises LLMFault."""
    asked = 'Answer with the JSON object {"answer": "yes"} and nothing else.'
    await model.ask(Rendered("You test a connection.", asked, "trial"), _Yes)
