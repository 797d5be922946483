"""Asks the model that is set one small question, to see whether and how it answers."""

import time

from langchain_core.messages import HumanMessage, SystemMessage
from pydantic import BaseModel, ConfigDict

from coach.llm.chat import CoachChat
from coach.llm.faults import BadAnswer, ModelDown
from coach.llm.ladder import RUNGS
from coach.llm.opening import open_model
from coach.llm.replies import read_reply
from coach.settings import Settings

_WORDS = {
    "json_schema": "replies held to a schema",
    "json_object": "replies in JSON",
    "text": "replies as text, read with care",
}


class Pong(BaseModel):
    """The answer to the one small question."""

    model_config = ConfigDict(extra="forbid")
    ok: bool


async def try_model(settings: Settings) -> str:
    """Which model answers, how strictly and how fast; raises an LLMFault with what is wrong."""
    model = open_model(settings)
    if model is None or not isinstance(model.chat, CoachChat):
        raise ModelDown("No model is set.")
    asked = [
        SystemMessage('Answer with one JSON object and nothing else, like {"ok": true}.'),
        HumanMessage("Are you there?"),
    ]
    before = time.monotonic()
    try:
        answer = await model.chat.bind(schema=Pong, max_tokens=400).ainvoke(asked)
        read_reply(str(answer.text), Pong)
    except BadAnswer:
        raise BadAnswer(
            f"{model.name} answers, but not with what was asked for; drafts may fall back."
        ) from None
    finally:
        await model.aclose()
    took = time.monotonic() - before
    rung = model.chat.rung
    place = f"rung {RUNGS.index(rung) + 1} of {len(RUNGS)}: {rung}"
    return f"{model.name} answered in {took:.1f} s, with {_WORDS[rung]} ({place})."
