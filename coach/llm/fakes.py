"""Chat models without a model: one replies from a script, one does whatever it is told."""

import json
import re
from collections.abc import Callable
from typing import Any

from langchain_core.callbacks import (
    AsyncCallbackManagerForLLMRun,
    CallbackManagerForLLMRun,
)
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult

from coach.llm.faults import LLMFault, SchemaRefused

Answer = str | LLMFault | SchemaRefused
Asked = list[BaseMessage]


class ScriptedChat(BaseChatModel):
    """Replies with what `answer` makes of each request, and remembers what it was asked."""

    answer: Callable[[Asked], Answer]
    asked: list[Asked] = []
    formats: list[Any] = []

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,  # noqa: ANN401  as langchain-core has it
    ) -> ChatResult:
        self.asked.append(messages)
        self.formats.append(kwargs.get("response_format"))
        said = self.answer(messages)
        if isinstance(said, LLMFault):
            raise said
        return ChatResult(generations=[ChatGeneration(message=AIMessage(said))])

    async def _agenerate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,  # noqa: ANN401  as langchain-core has it
    ) -> ChatResult:
        return self._generate(messages, stop, None, **kwargs)


def scripted(*answers: Answer) -> ScriptedChat:
    """A chat that gives these answers one after the other, and the last one for ever."""
    left = list(answers)

    def following(_messages: Asked) -> Answer:
        return left.pop(0) if len(left) > 1 else left[0]

    return ScriptedChat(answer=following)


def obedient() -> ScriptedChat:
    """A chat that repeats all it was shown in every place it may fill: the worst a model can do."""

    def obey(messages: Asked) -> str:
        shown = "\n".join(str(message.text) for message in messages)
        numbers = [int(one) for one in re.findall(r"(?m)^(\d+)\.? ", shown)] or [1]
        pieces = [line.strip()[:390] for line in shown.splitlines() if len(line.strip()) > 2]
        steps = [
            {"number": number, "text": pieces[at % len(pieces)]}
            for at, number in enumerate(numbers * max(1, len(pieces) // len(numbers)))
        ]
        return json.dumps({"title": pieces[-1][:90], "steps": steps, "sentences": numbers})

    return ScriptedChat(answer=obey)
