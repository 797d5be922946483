"""A chat model for langchain-core over any server that speaks chat completions."""

from collections.abc import AsyncIterator
from typing import Any

from langchain_core.callbacks import (
    AsyncCallbackManagerForLLMRun,
    CallbackManagerForLLMRun,
)
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage, UsageMetadata
from langchain_core.messages.utils import convert_to_openai_messages
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from pydantic import ConfigDict, Field

from coach.llm.client import LONGEST_REPLY, Deadlines, Piece, stream
from coach.llm.faults import LLMFault


class CoachChat(BaseChatModel):
    """Replies of one model at one address; async only, without tools."""

    model_config = ConfigDict(arbitrary_types_allowed=True)
    client: Any = Field(exclude=True, repr=False)
    name_of_model: str
    base_url: str
    deadlines: Deadlines = Deadlines()
    temperature: float = 0.3

    @property
    def _llm_type(self) -> str:
        return "coach-chat"

    @property
    def _identifying_params(self) -> dict[str, Any]:
        return {"model": self.name_of_model, "base_url": self.base_url}

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,  # noqa: ANN401  as langchain-core has it
    ) -> ChatResult:
        raise NotImplementedError("this chat model is async only: use ainvoke or astream")

    async def _agenerate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,  # noqa: ANN401  as langchain-core has it
    ) -> ChatResult:
        told: list[str] = []
        counted = Piece()
        async for piece in self._pieces(messages, kwargs):
            told.append(piece.text)
            if piece.refused:
                raise LLMFault("refused")
            if sum(map(len, told)) > LONGEST_REPLY:
                raise LLMFault("unreadable")
            if piece.input_tokens or piece.output_tokens:
                counted = piece
        message = AIMessage("".join(told), usage_metadata=_usage(counted))
        return ChatResult(generations=[ChatGeneration(message=message)])

    async def _astream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,  # noqa: ANN401  as langchain-core has it
    ) -> AsyncIterator[ChatGenerationChunk]:
        async for piece in self._pieces(messages, kwargs):
            if piece.refused:
                raise LLMFault("refused")
            usage = _usage(piece) if piece.output_tokens else None
            yield ChatGenerationChunk(
                message=AIMessageChunk(content=piece.text, usage_metadata=usage)
            )

    def _pieces(self, messages: list[BaseMessage], extra: dict[str, Any]) -> AsyncIterator[Piece]:
        return stream(
            self.client,
            self.deadlines,
            model=self.name_of_model,
            messages=convert_to_openai_messages(messages),
            temperature=self.temperature,
            **extra,
        )


def _usage(piece: Piece) -> UsageMetadata:
    return UsageMetadata(
        input_tokens=piece.input_tokens,
        output_tokens=piece.output_tokens,
        total_tokens=piece.input_tokens + piece.output_tokens,
    )
