"""Whoever sends without an end or without haste is shown the door, and nobody else waits."""

import http.client
from collections.abc import Iterator

import pytest
from fastapi import FastAPI, Request

from coach.web.guards import Guards
from coach.web.limits import LARGEST_BODY
from coach.web.problems import explain_errors
from tests.security.senders import HEAD, drip, listening, send_endlessly

WITHIN = 0.3


def said_app() -> Guards:
    """A service with one route that reads whatever comes."""
    app = FastAPI(max_body_size=LARGEST_BODY)
    explain_errors(app)

    @app.post("/said")
    async def said(request: Request) -> int:
        return len(await request.body())

    return Guards(app, "http://x", WITHIN)


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with listening(said_app()) as opened:
        yield opened


def test_a_body_without_an_end_is_refused_while_it_comes(port: int) -> None:
    answer, sent = send_endlessly(port, 1_000_000_000)
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"connection: close" in answer.lower()
    assert sent < LARGEST_BODY + 20_000_000  # what systems keep between the two


def test_a_body_that_nobody_asked_for_is_not_taken(port: int) -> None:
    answer, sent = send_endlessly(port, 1_000_000_000, b"POST /nowhere HTTP/1.1\r\nhost: x\r\n")
    assert answer.startswith(b"HTTP/1.1 404 ")
    assert sent < 20_000_000


def test_a_body_that_says_how_large_it_is_is_refused_before_it_is_read(port: int) -> None:
    answer, _ = drip(port, HEAD + b"content-length: 1000000000\r\n\r\n", most=3)
    assert answer.startswith(b"HTTP/1.1 413 ")


def test_a_slow_body_ends_with_a_sentence(port: int) -> None:
    answer, took = drip(port, HEAD + b"content-length: 1000000\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b"did not arrive in time" in answer
    assert took < 5


@pytest.mark.parametrize("first", [b"POST /", HEAD + b"a: "], ids=["half a line", "half a head"])
def test_a_slow_head_is_cut_off(port: int, first: bytes) -> None:
    answer, took = drip(port, first)
    assert answer == b""
    assert took < 5


def test_a_second_request_on_the_same_connection_may_not_be_slow_either(port: int) -> None:
    whole = HEAD + b"content-length: 2\r\n\r\nhi"
    answer, took = drip(port, whole + HEAD)
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert took < 5


def test_whoever_sends_as_people_do_is_answered(port: int) -> None:
    there = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    for _ in range(2):
        there.request("POST", "/said", b"hello")
        assert there.getresponse().read() == b"5"
    there.close()
