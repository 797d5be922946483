"""The chat model of the coach for langchain-core: deadlines, ladder and gate are inside."""

import asyncio
from typing import Any

import openai
from langchain_core.callbacks import AsyncCallbackManagerForLLMRun
from langchain_core.messages import AIMessage, BaseMessage, convert_to_openai_messages
from langchain_core.outputs import ChatGeneration, ChatResult
from pydantic import BaseModel, PrivateAttr

from coach.llm.client import Answer, Endpoint, ask_once, make_client
from coach.llm.faults import ModelDown
from coach.llm.gate import Gate
from coach.llm.ladder import Ladder, Rung, format_request
from coach.llm.structured import StructuredChat


class CoachChat(StructuredChat):
    """A model behind an OpenAI-compatible address."""

    endpoint: Endpoint
    _gate: Gate = PrivateAttr(default_factory=Gate)
    _ladder: Ladder = PrivateAttr(default_factory=Ladder)
    _client: openai.AsyncOpenAI | None = PrivateAttr(default=None)
    _loop: Any = PrivateAttr(default=None)

    @classmethod
    def open(cls, endpoint: Endpoint, gate: Gate | None = None) -> "CoachChat":
        """The model at this endpoint behind this gate."""
        chat = cls(endpoint=endpoint)
        chat._gate = gate or Gate()
        return chat

    @property
    def rung(self) -> Rung:
        """The way of structured output that works with this server, as far as is known."""
        return self._ladder.rung(self.endpoint.base_url, self.endpoint.model)

    async def _agenerate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,  # noqa: ANN401  langchain's
    ) -> ChatResult:
        spoken = convert_to_openai_messages(messages)
        async with self._gate.enter():
            answer = await self._climb(
                spoken, kwargs.get("schema"), int(kwargs.get("max_tokens") or 1_200)
            )
        message = AIMessage(
            answer.text,
            usage_metadata={
                "input_tokens": answer.input_tokens,
                "output_tokens": answer.output_tokens,
                "total_tokens": answer.input_tokens + answer.output_tokens,
            },
        )
        return ChatResult(generations=[ChatGeneration(message=message)])

    async def _climb(
        self,
        spoken: Any,  # noqa: ANN401  langchain's
        schema: type[BaseModel] | None,
        most: int,
    ) -> Answer:
        at = (self.endpoint.base_url, self.endpoint.model)
        for _ in range(4):
            extra: dict[str, Any] = format_request(self._ladder.rung(*at), schema)
            if self._ladder.counts(*at):
                extra["stream_options"] = {"include_usage": True}
            try:
                return await ask_once(
                    self.client(),
                    self.endpoint.deadlines,
                    model=self.endpoint.model,
                    messages=spoken,
                    max_tokens=most,
                    extra_body=extra,  # as it is: the client need not walk through the schema
                )
            except (openai.BadRequestError, openai.UnprocessableEntityError) as fault:
                if not self._ladder.learn(*at, str(fault.body or fault.message)):
                    raise ModelDown(
                        f"The model's server refused the request (HTTP {fault.status_code})."
                    ) from None
        raise ModelDown

    def client(self) -> openai.AsyncOpenAI:
        """The open client; each event loop has its own."""
        loop = asyncio.get_running_loop()
        if self._client is None or self._loop is not loop:
            self._client, self._loop = make_client(self.endpoint), loop
        return self._client

    def get_ready(self) -> None:
        """Open the client of this loop now, so that the first draft need not wait for it."""
        self.client()

    async def aclose(self) -> None:
        """Let go of the connections."""
        if self._client is not None and self._loop is asyncio.get_running_loop():
            await self._client.close()
        self._client = None
