"""What every chat model of ours shares, whoever stands behind it."""

from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel, LanguageModelInput
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatResult
from langchain_core.runnables import Runnable, RunnableLambda
from pydantic import BaseModel

from coach.llm.replies import read_reply


class StructuredChat(BaseChatModel):
    """What every chat model of ours shares: it is asked asynchronously, for replies of a schema."""

    @property
    def _llm_type(self) -> str:
        return "coach"

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,  # noqa: ANN401  langchain's
    ) -> ChatResult:
        raise NotImplementedError("ask this model with ainvoke")

    def get_ready(self) -> None:
        """Open what the first question would wait for: nothing, unless a subclass has a client."""

    async def aclose(self) -> None:
        """Let go of what is held open: nothing, unless a subclass holds connections."""

    def with_structured_output(
        self,
        schema: Any,  # noqa: ANN401  langchain's
        *,
        include_raw: bool = False,
        **kwargs: Any,  # noqa: ANN401  langchain's
    ) -> Runnable[LanguageModelInput, Any]:
        """The model with its answers read as this schema; BadAnswer when they are not."""

        async def read(message: AIMessage) -> BaseModel:
            found: BaseModel = read_reply(str(message.text), schema)
            return found

        return self.bind(schema=schema) | RunnableLambda(read)
