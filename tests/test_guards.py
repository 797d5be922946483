"""The guards of these tests hold: no network, and mocks that catch what really is sent."""

import asyncio
import os
import pathlib
import socket

import httpx2
import openai
import psycopg
import pytest
import respx
from sqlalchemy import create_engine, text

OUTSIDE = "192.0.2.1"  # a documentation address: no machine has it


def test_a_connection_to_the_outside_fails_the_test() -> None:
    with pytest.raises(pytest.fail.Exception, match=OUTSIDE):
        socket.create_connection((OUTSIDE, 80), timeout=1)


def test_connect_ex_is_no_way_out() -> None:
    with socket.socket() as door, pytest.raises(pytest.fail.Exception, match=OUTSIDE):
        door.connect_ex((OUTSIDE, 80))


def test_a_name_is_not_looked_up() -> None:
    with pytest.raises(pytest.fail.Exception, match=r"model\.example"):
        socket.getaddrinfo("model.example", 443)


def test_code_that_swallows_exceptions_cannot_hide_the_attempt() -> None:
    def swallow() -> None:
        try:
            socket.create_connection((OUTSIDE, 80), timeout=1)
        except Exception:  # noqa: BLE001  the point of the test
            return

    with pytest.raises(pytest.fail.Exception):
        swallow()


async def test_an_async_client_fails_the_test_too() -> None:
    async with httpx2.AsyncClient(trust_env=False) as http:
        with pytest.raises(BaseExceptionGroup) as group:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(http.get("http://model.example/"))
    assert group.group_contains(pytest.fail.Exception)


def test_loopback_stays_open() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        with socket.create_connection(server.getsockname(), timeout=2) as caller:
            heard, caller_s_address = server.accept()
            heard.close()
            assert caller.getsockname() == caller_s_address


async def test_the_mocker_catches_what_openai_sends(respx_mock: respx.MockRouter) -> None:
    route = respx_mock.post("https://model.example/v1/chat/completions")
    route.side_effect = [
        respx.MockResponse(429),
        respx.MockResponse(json={"id": "1", "choices": [], "object": "chat.completion"}),
    ]
    async with httpx2.AsyncClient(trust_env=False) as http:
        client = openai.AsyncOpenAI(
            base_url="https://model.example/v1", api_key="k", http_client=http, max_retries=1
        )
        await client.chat.completions.create(
            model="m", messages=[{"role": "user", "content": "hello"}]
        )
    assert route.call_count == 2
    assert b"hello" in route.calls.last.request.content


async def test_a_request_nobody_mocked_is_refused(respx_mock: respx.MockRouter) -> None:
    async with httpx2.AsyncClient(trust_env=False) as http:
        with pytest.raises(AssertionError, match="not mocked"):
            await http.get("https://model.example/")
    assert respx_mock.calls.call_count == 0


def test_each_database_is_empty_and_works(database_url: str) -> None:
    engine = create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE note (id INTEGER PRIMARY KEY)"))
        connection.execute(text("INSERT INTO note VALUES (1)"))
        assert connection.execute(text("SELECT count(*) FROM note")).scalar() == 1
    engine.dispose()


def test_a_postgresql_database_is_this_test_s_own(postgres_url: str, postgres_server: str) -> None:
    assert postgres_url != postgres_server
    with psycopg.connect(postgres_url.replace("+psycopg", "")) as connection:
        rows = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
        assert rows.fetchone() == (0,)


def test_the_settings_of_this_machine_are_out_of_reach() -> None:
    left = {name for name in os.environ if name.startswith("COACH_")}
    # Embeddings are off unless a test asks for them: a draft of a test never waits for a model.
    ours = {"COACH_DATA", "COACH_EMBEDDINGS", "COACH_TEST_POSTGRES", "COACH_SHARED_DATA"}
    assert left <= ours
    assert os.environ["COACH_EMBEDDINGS"] == "off"
    assert not pathlib.Path(os.environ["COACH_DATA"]).exists()
