"""An embedding server that answers badly is one sentence in its job, and hurts nothing else."""

import asyncio
import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

import httpx
import pytest
import respx
import sqlalchemy as sa

from coach.jobs.rows import add_job, load_job
from coach.jobs.runner import Runner
from coach.knowledge.documents import LibraryQuery
from coach.knowledge.index import Place
from coach.knowledge.meanings import Meanings
from coach.knowledge.sql_library import SqlLibrary
from coach.knowledge.work import LibraryWork
from coach.llm import embeddings_http
from coach.llm.encoders import HttpEncoder
from coach.storage import tables
from coach.storage.database import Database
from tests.knowledge.writing import add, written

BASE = "http://127.0.0.1:9/v1"
JSON = {"Content-Type": "application/json"}
AGAIN = "It is tried again by itself, five times in all."


def answered(request: httpx.Request, *numbers: str, fewer: int = 0) -> httpx.Response:
    """As many vectors of these numbers as there are texts, or fewer."""
    count = len(json.loads(request.content)["input"]) - fewer
    items = ",".join(
        f'{{"index": {place}, "embedding": [{",".join(numbers)}]}}' for place in range(count)
    )
    return httpx.Response(200, content=f'{{"data": [{items}]}}'.encode(), headers=JSON)


async def silence(_: httpx.Request) -> httpx.Response:
    await asyncio.Event().wait()
    raise AssertionError


FAULTS: dict[str, tuple[Callable[[httpx.Request], Any], str]] = {
    "another dimension": (lambda one: answered(one, "1", "2", "3"), "array of (10, 3) for 10"),
    "NaN": (lambda one: answered(one, "NaN", "1"), "m gave a vector that is not a number."),
    "fewer": (lambda one: answered(one, "1", "2", fewer=1), "m gave 9 vectors for 10 texts."),
    "HTML": (
        lambda _: httpx.Response(200, html="<html>Sign in</html>"),
        "What answers for m is no embedding server.",
    ),
    "silence": (silence, "The embedding model m cannot be reached (TimeoutError)."),
}


async def perform(database: Database, meanings: Meanings, job_id: UUID, turn: int) -> None:
    library = LibraryWork(database, meanings)
    await Runner(database, "one", library.stages, library.look, "").perform(job_id, turn)


@pytest.mark.parametrize("name", FAULTS)
async def test_a_bad_answer_is_told_and_the_job_goes_on_when_the_server_is_well(
    database: Database, respx_mock: respx.MockRouter, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    bad, told = FAULTS[name]
    for number in range(5):
        add(database, written(f"Lesson {number}"), f"d{number}.md")
    monkeypatch.setattr(embeddings_http, "SECONDS", 0.5 if bad is silence else 30)
    encoder = HttpEncoder(BASE, None, "m")
    route = respx_mock.post(f"{BASE}/embeddings")
    route.mock(side_effect=lambda one: answered(one, "3", "4"))
    await encoder.encode(["how long a vector is"])
    route.mock(side_effect=bad)
    meanings = Meanings(database, encoder, Place(), by_job=True)
    job_id = await database.transact(add_job, "index")
    assert job_id is not None
    await perform(database, meanings, job_id, 1)
    job = await database.read(load_job, job_id)
    assert (job.state, job.hint) == ("waiting", AGAIN)
    assert job.error is not None
    assert told in job.error
    with database.reading() as db:
        assert db.scalar(sa.select(sa.func.count()).select_from(tables.Vector)) == 0
    found = await SqlLibrary(database, encoder, meanings).search(LibraryQuery("lesson"))
    assert (len(found.hits), found.missing_legs) == (5, ("dense",))
    route.mock(side_effect=lambda one: answered(one, "3", "4"))
    await perform(database, meanings, job_id, 2)
    assert (await database.read(load_job, job_id)).told == "ok: 5 passages by m (exact)"
