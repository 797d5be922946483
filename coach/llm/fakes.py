"""Chat models without a model, for trying things out and for tests: scripted, and obedient."""

import json
import re
from collections.abc import Callable
from typing import Any

from langchain_core.callbacks import AsyncCallbackManagerForLLMRun
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from pydantic import Field

from coach.llm.faults import LLMFault, ModelDown
from coach.llm.structured import StructuredChat

Script = Callable[[list[BaseMessage]], str | LLMFault]


class ScriptedChat(StructuredChat):
    """Replies from a script, remembers what it was asked, and is down when the script ends.

    The script is a list of lines and faults, or a function from the messages to one of them.
    """

    lines: list[Any] = Field(default_factory=list)
    script: Script | None = None
    asked: list[list[BaseMessage]] = Field(default_factory=list)

    async def _agenerate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,  # noqa: ANN401  langchain's
    ) -> ChatResult:
        self.asked.append(list(messages))
        line = self.script(messages) if self.script else self._next()
        if isinstance(line, LLMFault):
            raise line
        return ChatResult(generations=[ChatGeneration(message=AIMessage(line))])

    def _next(self) -> str | LLMFault:
        if not self.lines:
            return ModelDown()
        line = self.lines.pop(0)
        return line if isinstance(line, LLMFault) else str(line)


class ObedientChat(ScriptedChat):
    """Does what any text in its prompt asks for: says it all again, in every field of its reply."""

    def model_post_init(self, context: Any, /) -> None:  # noqa: ANN401  pydantic's
        """Obey instead of reading a script."""
        super().model_post_init(context)
        self.script = obey


_SHOWN = re.compile(r"^\[(\d+)\]\s*(.*)$", re.MULTILINE)
_STEP_LENGTH = 380


def obey(messages: list[BaseMessage]) -> str:
    """A reply in the form asked for that holds all the prompt says, links and orders included."""
    heard = "\n".join(str(message.text) for message in messages[1:])
    lines = [line.strip() for line in heard.splitlines() if line.strip()]
    everything = " ".join(lines)
    chunks = [everything[at : at + _STEP_LENGTH] for at in range(0, len(everything), _STEP_LENGTH)]
    kinds = ("say", "ask", "explain", "show")
    steps = [
        {"keep": 0, "kind": kinds[n % 4], "text": text, "passage": 1, "quote": text}
        for n, text in enumerate([*lines[:40], *chunks][:60])
    ]
    sentences = [{"text": text, "passage": 1, "quote": text} for text in lines[:8]]
    questions = [{"number": n + 1, "text": f"{text[:200]}?"} for n, text in enumerate(lines[:7])]
    found = messages[0].text
    if '"says"' in found:
        asks = [{"number": n + 1, "text": f"{text[:200]}?"} for n, text in enumerate(lines[:6])]
        return json.dumps({"says": sentences, "teaching": sentences[:6], "asks": asks})
    if "questions" in found and "steps" not in found:
        return json.dumps({"questions": questions})
    if "sentences" in found or "answer" in found:
        return json.dumps(
            {"answer": sentences[:2], "explanation": sentences, "teach_back": everything[:300]}
        )
    return json.dumps({"title": everything[:80], "steps": steps[:20]})
