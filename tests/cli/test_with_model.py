"""The commands with a chat model at hand, and with one that does not answer."""

import asyncio
import base64
import json
import threading
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
import respx

from tests.command_line import PAIRS, call
from tests.llm.provider import Provider


def saying(text: str) -> dict[str, Any]:
    """A scenario in which the model says this."""
    parts = [
        {"choices": [{"index": 0, "delta": {"content": text}, "finish_reason": None}]},
        {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]},
    ]
    events = [f"data: {json.dumps(one)}\n\n".encode() for one in parts]
    return {"stream": [base64.b64encode(one).decode() for one in (*events, b"data: [DONE]\n\n")]}


@pytest.fixture
def answering(monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    """A chat model on loopback that the settings name; it answers with an empty object."""
    started, stop = threading.Event(), threading.Event()
    provider = Provider(saying('{"answer": "yes", "lines": [], "questions": []}'))
    found: list[str] = []

    async def serve() -> None:
        async with provider.serving() as address:
            found.append(address)
            started.set()
            await asyncio.to_thread(stop.wait)

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    started.wait(10)
    monkeypatch.setenv("COACH_LLM_BASE_URL", found[0])
    monkeypatch.setenv("COACH_LLM_MODEL", "small")
    yield provider
    stop.set()
    thread.join()


def test_a_draft_asks_the_model_and_says_who_wrote_it(answering: Provider) -> None:
    drafted = call("agenda", PAIRS, "--pair", "P01", "--format", "json")
    assert drafted.code == 0, drafted.err
    assert drafted.json["provenance"]["origin"] == "extractive"  # nothing was worded otherwise
    assert answering.requests >= 3


@pytest.mark.parametrize("model", ["small", ""])
def test_a_model_that_cannot_be_used_is_wrong_and_drafts_come_all_the_same(
    model: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COACH_LLM_BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("COACH_LLM_MODEL", model)
    done = call("doctor")
    assert done.code == 2
    assert "WRONG model: " in done.out
    drafted = call("agenda", PAIRS, "--pair", "P01", "--minutes", "15", "--format", "json")
    assert drafted.code == 0, drafted.err
    notice = drafted.json["provenance"]["notice"] or ""
    assert ("cannot be reached, so the coach wrote this by itself" in notice) is bool(model)


@pytest.mark.parametrize(
    ("refused", "told"),
    [
        pytest.param((), "replies held to a schema (rung 1 of 3: json_schema)", id="the strictest"),
        pytest.param(
            ("json_schema",), "replies in JSON (rung 2 of 3: json_object)", id="one lower"
        ),
        pytest.param(
            ("json_schema", "json_object"),
            "replies as text, read with care (rung 3 of 3: text)",
            id="the lowest",
        ),
    ],
)
def test_the_doctor_says_which_rung_works(
    refused: tuple[str, ...],
    told: str,
    respx_mock: respx.MockRouter,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def reply(request: httpx2.Request) -> respx.MockResponse:
        kind = json.loads(request.content).get("response_format", {}).get("type", "text")
        if kind in refused:
            fault = {"error": {"message": f"response_format {kind} is not supported"}}
            return respx.MockResponse(400, json=fault)
        said = {"role": "assistant", "content": '{"ok": true}'}
        choice = {"index": 0, "message": said, "finish_reason": "stop"}
        return respx.MockResponse(200, json={"id": "1", "choices": [choice]})

    respx_mock.post("http://model.test/v1/chat/completions").side_effect = reply
    monkeypatch.setenv("COACH_LLM_BASE_URL", "http://model.test/v1")
    monkeypatch.setenv("COACH_LLM_MODEL", "small")
    monkeypatch.setenv("COACH_LLM_API_KEY", "sk-never-shown")
    done = call("doctor")
    assert told in done.out
    assert "sk-never-shown" not in done.out + done.err
