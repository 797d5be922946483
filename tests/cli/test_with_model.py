"""The commands with a chat model at hand, and with one that does not answer."""

import asyncio
import base64
import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest

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
