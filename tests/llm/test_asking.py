"""Values are asked for by a ladder of ways, with one repair turn, through a door that can shut."""

import asyncio
import json
from typing import Any

import pytest
from pydantic import BaseModel, Field

from coach.llm.asking import LADDER, Door, Model
from coach.llm.fakes import ScriptedChat, scripted
from coach.llm.faults import LLMFault, SchemaRefused
from coach.llm.prompts import Rendered
from coach.llm.replies import ReplyFault, first_object, read_reply, strict_schema

ASKED = Rendered("You help.", "What is it?", "p@1:abc")
GOOD = '{"word": "yes"}'


class Part(BaseModel):
    text: str = Field(default="", max_length=9)


class Form(BaseModel):
    word: str
    parts: tuple[Part, ...] = ()


def model(*answers: Any) -> tuple[Model, ScriptedChat]:
    chat = scripted(*answers)
    return Model(chat, "m"), chat


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(GOOD, id="plain"),
        pytest.param(f"```json\n{GOOD}\n```", id="fenced"),
        pytest.param(f"Sure! Here it is: {GOOD} Anything else?", id="prose around"),
        pytest.param(f'<think>{{"word": "no"}} hm</think>{GOOD}', id="thinking before"),
        pytest.param('{"word": "yes", "minutes": 90}', id="a key too many"),
        pytest.param('{broken {"word": "yes"}', id="something broken before"),
        pytest.param('{"word": "y\x00es"}'.replace("\x00", ""), id="no NUL"),
    ],
)
def test_the_first_object_is_read_whatever_stands_around_it(text: str) -> None:
    assert read_reply(text, Form).word == "yes"


@pytest.mark.parametrize(
    "text",
    ["", "null", "[]", "no", "<think>never ends", '{"wrong": 1}', '{"word": 3}', "[" * 9_999],
)
def test_what_has_no_such_object_is_said_to_have_none(text: str) -> None:
    with pytest.raises(ReplyFault):
        read_reply(text, Form)


def test_deep_nesting_is_no_crash() -> None:
    assert first_object('{"a":' * 50_000) is None


def test_the_schema_is_strict_and_flat() -> None:
    schema: dict[str, Any] = strict_schema(Form)
    assert (schema["additionalProperties"], schema["required"]) == (False, ["word", "parts"])
    part = schema["$defs"]["Part"]
    assert part == {
        "type": "object",
        "properties": {"text": {"type": "string"}},
        "additionalProperties": False,
        "required": ["text"],
        "description": part.get("description"),
    } or part.keys() <= {"type", "properties", "additionalProperties", "required"}


async def test_a_reply_of_the_wrong_form_goes_back_once_with_the_reason() -> None:
    asked, chat = model('{"word": 3}', GOOD)
    assert (await asked.ask(ASKED, Form)).words.word == "yes"
    assert "word: " in str(chat.asked[1][-1].text)
    lost, _ = model("no", "never")
    with pytest.raises(LLMFault) as fault:
        await lost.ask(ASKED, Form)
    assert fault.value.kind == "unreadable"


async def test_the_ladder_goes_down_as_far_as_the_server_needs_and_remembers() -> None:
    asked, chat = model(SchemaRefused(), SchemaRefused(), GOOD)
    await asked.ask(ASKED, Form)
    await asked.ask(ASKED, Form)
    formats = [one and one["type"] for one in chat.formats]
    assert formats == ["json_schema", "json_object", None, None]
    assert asked.rung == LADDER[-1]
    none, _ = model(SchemaRefused())
    with pytest.raises(LLMFault):
        await none.ask(ASKED, Form)


async def test_the_door_shuts_after_faults_and_opens_again() -> None:
    moment = [0.0]
    door = Door(faults=2, shut_seconds=60, clock=lambda: moment[0])
    chat = scripted(LLMFault("down"), LLMFault("down"), GOOD)
    asked = Model(chat, "m", door)
    for _ in range(3):
        with pytest.raises(LLMFault):
            await asked.ask(ASKED, Form)
    assert door.is_shut
    assert len(chat.asked) == 2
    moment[0] = 61
    assert (await asked.ask(ASKED, Form)).words.word == "yes"


async def test_a_refusal_does_not_shut_the_door() -> None:
    asked, _ = model(LLMFault("refused"))
    for _ in range(5):
        with pytest.raises(LLMFault) as fault:
            await asked.ask(ASKED, Form)
        assert fault.value.kind == "refused"


async def test_only_so_many_pass_and_wait_at_once() -> None:
    door, inside, most = Door(at_once=2, waiting=1), [0], [0]
    held = asyncio.Event()

    async def work() -> str:
        async with door.passing():
            inside[0] += 1
            most[0] = max(most[0], inside[0])
            await held.wait()
            inside[0] -= 1
            return "done"

    tasks = [asyncio.create_task(work()) for _ in range(3)]
    await asyncio.sleep(0.01)
    with pytest.raises(LLMFault) as fault:
        await work()
    assert fault.value.kind == "busy"
    held.set()
    assert await asyncio.gather(*tasks) == ["done"] * 3
    assert most[0] == 2


def test_a_reply_may_be_long_but_json_stays_json() -> None:
    assert read_reply(json.dumps({"word": "y" * 100_000}), Form).word.startswith("yy")
