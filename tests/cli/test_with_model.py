"""The commands with a chat model at hand, and with one that does not answer."""

import asyncio
import threading
from collections.abc import Iterator

import pytest

from tests.command_line import PAIRS, call
from tests.llm.provider import Provider, provider, saying


@pytest.fixture
def answering(monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    """A chat model on loopback that the settings name; it answers with an empty object."""
    started, stop = threading.Event(), threading.Event()
    found: list[Provider] = []

    async def serve() -> None:
        async with provider(saying('{"answer": "yes", "steps": [], "sentences": []}')) as made:
            found.append(made)
            started.set()
            await asyncio.to_thread(stop.wait)

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    started.wait(10)
    monkeypatch.setenv("COACH_LLM_BASE_URL", found[0].url)
    monkeypatch.setenv("COACH_LLM_MODEL", "small")
    yield found[0]
    stop.set()
    thread.join()


def test_the_doctor_says_which_way_of_asking_works(answering: Provider) -> None:
    told = call("doctor").out
    assert "ok    model: small answers; structured replies by json_schema." in told


def test_a_draft_asks_the_model_and_says_who_wrote_it(answering: Provider) -> None:
    drafted = call("agenda", PAIRS, "--pair", "P01", "--format", "json")
    assert drafted.code == 0, drafted.err
    assert drafted.json["provenance"]["origin"] == "extractive"  # nothing was worded otherwise
    assert len(answering.requests) >= 3


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
    said = [gap["text"] for gap in drafted.json["gaps"]]
    assert any("cannot be reached" in text for text in said) is bool(model)
