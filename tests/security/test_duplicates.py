"""The same draft asked for many times at once is written once, and everybody gets it."""

import asyncio
import pathlib
from collections.abc import Iterator

import pytest

from tests.security.duplicates import Crowd, open_crowd, send_twenty, send_while_running

KEYS = 6  # 1,000 in `make soak`


@pytest.fixture
def crowd(tmp_path: pathlib.Path, database_url: str) -> Iterator[Crowd]:
    with open_crowd(tmp_path, database_url) as opened:
        yield opened


def test_a_key_has_one_effect_however_often_it_is_sent(crowd: Crowd) -> None:
    found = asyncio.run(send_twenty(crowd, KEYS))
    assert found.faults == []
    assert found.sent == KEYS * 20
    assert found.effects == KEYS
    assert found.model_calls == KEYS


def test_a_request_under_way_answers_409_and_another_payload_422(crowd: Crowd) -> None:
    statuses = asyncio.run(send_while_running(crowd))
    assert statuses == {"while running": 409, "another payload": 422, "first": 201, "again": 201}
