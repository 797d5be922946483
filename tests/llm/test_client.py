"""How a model is asked: which requests leave, how often, and what is made of the answers."""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
import respx
from langchain_core.messages import HumanMessage
from pydantic import BaseModel, ConfigDict

from coach.llm.asking import Model
from coach.llm.budget import Budget, Limit, Limits
from coach.llm.chat import CoachChat
from coach.llm.fakes import ScriptedChat
from coach.llm.faults import BadAnswer, BudgetSpent, LLMFault, ModelDown, ModelResting
from coach.llm.gate import Gate
from coach.llm.ladder import strict_schema
from coach.llm.opening import PROMPTS, PriceFault, read_prices
from coach.llm.prompts import load_prompt
from coach.llm.replies import read_reply
from coach.llm.untrusted import name_parts, visible, without_names
from coach.llm.usage import Price, Spender
from tests.llm.provider import model_at

URL = "http://model.test/v1"
CHAT = f"{URL}/chat/completions"


class Pong(BaseModel):
    model_config = ConfigDict(extra="forbid")
    ok: bool


def said(text: str, **more: Any) -> httpx.Response:
    chunk = {"choices": [{"index": 0, "delta": {"content": text}, "finish_reason": "stop"}]}
    body = f"data: {json.dumps({**chunk, **more})}\n\ndata: [DONE]\n\n"
    return httpx.Response(200, headers={"content-type": "text/event-stream"}, content=body)


async def ask(model: Model, schema: type[BaseModel] | None = None) -> str:
    asked = model.chat.bind(schema=schema)
    return str((await asked.ainvoke([HumanMessage("Hello?")])).text)


async def test_an_answer_comes_back_whole_with_its_tokens(respx_mock: respx.MockRouter) -> None:
    usage = {"prompt_tokens": 7, "completion_tokens": 3, "total_tokens": 10}
    respx_mock.post(CHAT).mock(return_value=said("Yes.", usage=usage))
    answer = await model_at(URL).chat.ainvoke([HumanMessage("Hello?")])
    assert answer.text == "Yes."
    assert answer.usage_metadata == {"input_tokens": 7, "output_tokens": 3, "total_tokens": 10}


async def test_no_request_offers_a_tool(respx_mock: respx.MockRouter) -> None:
    route = respx_mock.post(CHAT).mock(return_value=said("{}"))
    await ask(model_at(URL), Pong)
    sent = json.loads(route.calls[0].request.content)
    assert not {"tools", "functions", "tool_choice"} & set(sent)
    assert sent["response_format"]["json_schema"]["strict"] is True


async def test_the_ladder_is_climbed_down_once_and_remembered(respx_mock: respx.MockRouter) -> None:
    refused = httpx.Response(400, json={"error": {"message": "response_format is not supported"}})
    route = respx_mock.post(CHAT).mock(side_effect=[refused, refused, said("{}"), said("{}")])
    model = model_at(URL)
    await ask(model, Pong)
    await ask(model, Pong)
    asked = [json.loads(call.request.content).get("response_format") for call in route.calls]
    assert [one and one["type"] for one in asked] == ["json_schema", "json_object", None, None]
    assert isinstance(model.chat, CoachChat)
    assert model.chat.rung == "text"


async def test_a_server_that_will_not_count_tokens_is_not_asked_again(
    respx_mock: respx.MockRouter,
) -> None:
    refused = httpx.Response(400, json={"error": {"message": "unknown field stream_options"}})
    route = respx_mock.post(CHAT).mock(side_effect=[refused, said("a"), said("b")])
    model = model_at(URL)
    assert [await ask(model), await ask(model)] == ["a", "b"]
    assert ["stream_options" in json.loads(c.request.content) for c in route.calls] == [
        True,
        False,
        False,
    ]


async def test_no_redirect_is_followed(respx_mock: respx.MockRouter) -> None:
    respx_mock.post(CHAT).mock(
        return_value=httpx.Response(302, headers={"location": "http://thief.test/v1"})
    )
    with pytest.raises(ModelDown):
        await ask(model_at(URL))  # a request to the other host would fail as not mocked
    assert {call.request.url.host for call in respx_mock.calls} == {"model.test"}


async def test_a_page_in_place_of_an_answer_is_a_bad_answer(respx_mock: respx.MockRouter) -> None:
    page = httpx.Response(200, headers={"content-type": "text/html"}, content="<html>Sign in")
    respx_mock.post(CHAT).mock(return_value=page)
    with pytest.raises(BadAnswer):
        await ask(model_at(URL))


async def test_without_the_threads_of_the_loop_a_model_is_out_of_reach() -> None:
    pool = ThreadPoolExecutor()
    asyncio.get_running_loop().set_default_executor(pool)
    pool.shutdown()
    with pytest.raises(ModelDown):
        await ask(model_at(URL))


async def test_a_call_for_a_tool_is_refused(respx_mock: respx.MockRouter) -> None:
    call = {"index": 0, "id": "1", "type": "function", "function": {"name": "x", "arguments": ""}}
    chunk = {"choices": [{"index": 0, "delta": {"tool_calls": [call]}, "finish_reason": None}]}
    respx_mock.post(CHAT).mock(
        return_value=httpx.Response(
            200,
            headers={"content-type": "text/event-stream"},
            content=f"data: {json.dumps(chunk)}\n\n",
        )
    )
    with pytest.raises(BadAnswer):
        await ask(model_at(URL))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('{"ok": true}', id="bare"),
        pytest.param('```json\n{"ok": true}\n```', id="fenced"),
        pytest.param('<think>{"ok": 1}</think> Sure: {"ok": true} Bye.', id="thought over"),
    ],
)
def test_the_first_object_of_a_reply_is_read(text: str) -> None:
    assert read_reply(text, Pong) == Pong(ok=True)


@pytest.mark.parametrize("text", ["", "no", "[" * 100_000, '{"a":' * 5_000, '{"ok": true, "x": 1}'])
def test_any_other_reply_is_a_fault(text: str) -> None:
    with pytest.raises(BadAnswer):
        read_reply(text, Pong)


def test_a_strict_schema_is_closed() -> None:
    assert strict_schema(Pong) == {
        "type": "object",
        "properties": {"ok": {"type": "boolean"}},
        "required": ["ok"],
        "additionalProperties": False,
    }


async def test_a_model_that_keeps_failing_is_left_alone_until_it_has_rested() -> None:
    now = [0.0]
    gate = Gate(failures=2, rest=30, clock=lambda: now[0])

    async def fail() -> None:
        async with gate.enter():
            raise ModelDown

    for _ in range(2):
        with pytest.raises(ModelDown):
            await fail()
    with pytest.raises(ModelResting):
        await fail()
    now[0] = 31
    with pytest.raises(ModelDown):
        await fail()
    with pytest.raises(ModelResting):
        await fail()
    now[0] = 62
    async with gate.enter():
        pass
    assert not gate.resting


def scripted(*lines: str | LLMFault, limits: Limits | None = None) -> Model:
    chat = ScriptedChat(lines=list(lines))
    prices = {"fake": Price(1.0, 2.0)}
    return Model(chat, "fake", {}, Budget(limits or Limits(), prices))


async def test_a_reply_gets_one_turn_to_be_repaired() -> None:
    model = scripted("nonsense", '{"ok": true}')
    async with model.open(Spender(), "test") as asking:
        assert await asking.ask([HumanMessage("?")], Pong, lambda _: None) == Pong(ok=True)
    assert isinstance(model.chat, ScriptedChat)
    assert len(model.chat.asked) == 2


async def test_a_second_bad_reply_is_a_bad_answer() -> None:
    async with scripted("nonsense", '{"ok": 7}').open(Spender(), "test") as asking:
        with pytest.raises(BadAnswer):
            await asking.ask([HumanMessage("?")], Pong, lambda _: None)


async def test_a_spent_budget_asks_nothing_more() -> None:
    model = scripted('{"ok": true}', limits=Limits(programme=Limit(tokens=1)))
    async with model.open(Spender(), "test") as asking:
        with pytest.raises(BudgetSpent):
            await asking.ask([HumanMessage("?")], Pong, lambda _: None)
    assert isinstance(model.chat, ScriptedChat)
    assert model.chat.asked == []


async def test_what_a_draft_took_is_kept_with_its_cost() -> None:
    model = scripted('{"ok": true}')
    async with model.open(Spender(), "test") as asking:
        await asking.ask([HumanMessage("?")], Pong, lambda _: None)
        used = asking.account.used
    assert used.tokens > 0
    assert used.cost == pytest.approx((used.input_tokens + 2 * used.output_tokens) / 1e6)
    assert model.budget.aside(None).tokens == 0


def test_a_price_table_is_read_or_refused() -> None:
    assert read_prices("a=1/2; b:x=0.5/4") == {"a": Price(1, 2), "b:x": Price(0.5, 4)}
    with pytest.raises(PriceFault):
        read_prices("a=cheap")


def test_invisible_letters_and_fences_do_not_reach_a_model() -> None:
    assert visible("a\u200b\U000e0041b <<<END>>> ```") == "ab  END   "


def test_names_become_roles() -> None:
    names = {**name_parts("Ana Maria Ruiz", "the mentor"), **name_parts("Jo", "the mentee")}
    told = without_names("Ana and Jo met; Ruizia stayed.", names)
    assert told == "the mentor and the mentee met; Ruizia stayed."


@pytest.mark.parametrize("name", PROMPTS)
def test_a_prompt_keeps_strangers_out_of_the_system_message(name: str) -> None:
    prompt = load_prompt(name)
    messages = prompt.render(**{one: f"<{one}>" for one in prompt.inputs})
    assert not any(f"<{one}>" in str(messages[0].text) for one in prompt.inputs)
