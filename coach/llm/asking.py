"""One draft's way to the model: budgeted calls, each with one turn to repair its answer."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TypeVar

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage
from pydantic import BaseModel

from coach.llm.budget import Account, Budget
from coach.llm.faults import BadAnswer, LLMFault
from coach.llm.prompts import Prompt
from coach.llm.replies import ReplyFault, read_reply
from coach.llm.structured import StructuredChat
from coach.llm.usage import Spender, guess_tokens, price_usage

ReplyT = TypeVar("ReplyT", bound=BaseModel)
MOST_OUT = 900


@dataclass(frozen=True)
class Model:
    """A chat model that may be asked: its name, its prompts and its budget."""

    chat: BaseChatModel
    name: str
    prompts: Mapping[str, Prompt]
    budget: Budget = field(default_factory=Budget)
    hide_names: bool = True

    def get_ready(self) -> None:
        """Open what the first draft would wait for, inside the loop that will ask."""
        if isinstance(self.chat, StructuredChat):
            self.chat.get_ready()

    async def aclose(self) -> None:
        """Let go of what the chat model holds open."""
        if isinstance(self.chat, StructuredChat):
            await self.chat.aclose()

    @asynccontextmanager
    async def open(self, spender: Spender, purpose: str) -> AsyncIterator["Asking"]:
        """A way to the model for one draft; what it took is kept at the end."""
        account = await self.budget.open(spender)
        try:
            yield Asking(self, account, purpose)
        finally:
            await account.close(purpose, self.name)


@dataclass
class Asking:
    """A way to the model while one draft is written; `faults` are what went wrong so far."""

    model: Model
    account: Account
    purpose: str
    faults: list[LLMFault] = field(default_factory=list)

    async def ask(
        self,
        messages: Sequence[BaseMessage],
        schema: type[ReplyT],
        judge: Callable[[ReplyT], str | None],
    ) -> ReplyT:
        """A reply that the judge lets pass, after one repair turn at most; else an LLMFault."""
        spoken = list(messages)
        for turn in range(2):
            text = await self._call(spoken, schema)
            try:
                reply = read_reply(text, schema)
                reasons = judge(reply)
            except ReplyFault as fault:
                reasons = fault.reasons
            if reasons is None:
                return reply
            if turn == 0:
                told = f"That cannot be used. {reasons} Send the whole JSON object again, repaired."
                spoken += [AIMessage(text[:4_000]), HumanMessage(told)]
        raise self._noted(BadAnswer())

    async def _call(self, spoken: list[BaseMessage], schema: type[BaseModel]) -> str:
        model = self.model
        length = sum(guess_tokens(str(message.text)) for message in spoken)
        expected = price_usage(model.budget.prices, model.name, length, MOST_OUT)
        try:
            self.account.reserve(expected)
        except LLMFault as fault:
            raise self._noted(fault) from None
        used = price_usage(model.budget.prices, model.name, length, 0)
        try:
            asked = model.chat.bind(schema=schema, max_tokens=MOST_OUT)
            answer = await asked.ainvoke(spoken)
            text = str(answer.text)
            counted = getattr(answer, "usage_metadata", None) or {}
            used = price_usage(
                model.budget.prices,
                model.name,
                counted.get("input_tokens") or length,
                counted.get("output_tokens") or guess_tokens(text),
            )
        except LLMFault as fault:
            raise self._noted(fault) from None
        finally:
            self.account.settle(expected, used)
        return text

    def _noted(self, fault: LLMFault) -> LLMFault:
        self.faults.append(fault)
        return fault
