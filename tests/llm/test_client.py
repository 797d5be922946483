"""Each call has its own deadlines, few tries and one sentence for every way it can fail."""

import json
import time
from typing import Any

import httpx2
import pytest
import respx
from langchain_core.messages import HumanMessage

from coach.llm.chat import CoachChat
from coach.llm.client import RETRIES, Deadlines, make_client
from coach.llm.faults import LLMFault
from coach.llm.models import open_model
from coach.settings import load_settings
from tests.llm.provider import chunk, provider, saying

SHORT = Deadlines(0.6, 0.6, 1.5)
KEY = "sk-very-secret-key"


def chat(url: str, deadlines: Deadlines = SHORT) -> CoachChat:
    client = make_client(url, KEY)
    return CoachChat(client=client, name_of_model="m", base_url=url, deadlines=deadlines)


async def say(url: str, deadlines: Deadlines = SHORT) -> str:
    message = await chat(url, deadlines).ainvoke([HumanMessage("Private words of a pair.")])
    return str(message.text)


async def test_the_words_and_the_tokens_of_a_stream_are_read() -> None:
    usage = b'data: {"id":"c","choices":[],"usage":{"prompt_tokens":7,"completion_tokens":3}}\n\n'
    pieces = [
        b": ping\n\n",
        chunk("Hel"),
        chunk("lo"),
        chunk("", "stop"),
        usage,
        b"data: [DONE]\n\n",
    ]
    async with provider({"stream": pieces}) as made:
        message = await chat(made.url).ainvoke([HumanMessage("Hi")])
        parts = [str(one.text) async for one in chat(made.url).astream([HumanMessage("Hi")])]
    assert message.text == "Hello"
    assert message.usage_metadata == {"input_tokens": 7, "output_tokens": 3, "total_tokens": 10}
    assert "".join(parts) == "Hello"


async def test_the_request_names_the_model_and_carries_no_tools() -> None:
    async with provider(saying("ok")) as made:
        await say(made.url)
    sent = json.loads(made.requests[0])
    assert (sent["model"], sent["stream"]) == ("m", True)
    assert not sent.keys() & {"tools", "functions", "tool_choice"}


@pytest.mark.parametrize(
    ("scenario", "kind"),
    [
        pytest.param({"stream": [chunk("Hel")]}, "cut", id="ends without a reason"),
        pytest.param({"stream": [chunk("Hel", "length")]}, "cut", id="too long"),
        pytest.param({"stream": [chunk("x", "tool_calls")]}, "unreadable", id="wants a tool"),
        pytest.param({"stream": [chunk("x", "content_filter")]}, "refused", id="filtered"),
        pytest.param({"stream": [chunk("Hel")], "end": "hang"}, "deadline", id="falls silent"),
        pytest.param({"stream": [chunk("a")] * 40, "delay_s": 0.1}, "deadline", id="a slow drip"),
        pytest.param({"stream": [b"data: {broken\n\n"]}, "unreadable", id="broken JSON"),
        pytest.param(
            {"http_status": 200, "headers": {"content-type": "text/html"}, "body": "<p>Sign in"},
            "cut",
            id="a page",
        ),
        pytest.param(
            {"http_status": 401, "headers": {}, "body": f'{{"error": "{KEY}"}}'},
            "forbidden",
            id="a wrong key, repeated back",
        ),
    ],
)
async def test_every_fault_is_one_sentence_within_the_deadline(
    scenario: dict[str, Any], kind: str
) -> None:
    start = time.monotonic()
    async with provider(scenario) as made:
        with pytest.raises(LLMFault) as fault:
            await say(made.url)
    assert fault.value.kind == kind
    assert time.monotonic() - start < 4
    for told in (str(fault.value), repr(fault.value)):
        assert KEY not in told
        assert "Private words" not in told


async def test_a_redirect_is_not_followed() -> None:
    async with provider(saying("stolen")) as other:
        moved = {"http_status": 302, "headers": {"location": other.url}, "body": ""}
        async with provider(moved) as made:
            with pytest.raises(LLMFault):
                await say(made.url)
    assert other.requests == []


async def test_a_fault_before_the_first_byte_is_tried_again_and_after_it_never() -> None:
    busy = {"http_status": 500, "headers": {"retry-after-ms": "1"}, "body": "{}"}
    async with provider(busy) as made:
        with pytest.raises(LLMFault):
            await say(made.url, Deadlines(5, 5, 10))
    assert len(made.requests) == 1 + RETRIES
    async with provider({"stream": [chunk("Hel")], "end": "rst"}) as cut:
        with pytest.raises(LLMFault):
            await say(cut.url)
    assert len(cut.requests) == 1


async def test_what_the_client_sends_is_caught_by_the_mocker(respx_mock: respx.MockRouter) -> None:
    route = respx_mock.post("http://model.test/v1/chat/completions").mock(
        side_effect=httpx2.ConnectError("no")
    )
    with pytest.raises(LLMFault) as fault:
        await say("http://model.test/v1", Deadlines(5, 5, 10))
    assert fault.value.kind == "down"
    assert route.call_count == 1 + RETRIES


def test_the_settings_name_a_model_or_none() -> None:
    assert open_model(load_settings()) is None
    assert open_model(load_settings(llm_base_url="http://127.0.0.1:1/v1")) is None
    model = open_model(
        load_settings(
            llm_base_url="http://127.0.0.1:1/v1", llm_model="m", llm_api_key=KEY, llm_seconds=10
        )
    )
    assert model is not None
    assert model.name == "m"
    assert isinstance(model.chat, CoachChat)
    assert model.chat.deadlines == Deadlines(10, 10, 10)
    assert KEY not in repr(model)


def test_the_chat_is_async_only() -> None:
    with pytest.raises(NotImplementedError):
        chat("http://127.0.0.1:1/v1").invoke([HumanMessage("Hi")])
