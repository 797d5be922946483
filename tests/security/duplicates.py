"""Sends the same request again and again, all at once, to the service on a real database."""

import asyncio
import pathlib
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx2
import sqlalchemy as sa
from fastapi import FastAPI

from benchmarks.simulated_model import good_script
from coach.app import create_app
from coach.settings import Settings
from coach.storage import tables
from coach.storage.database import open_database
from coach.storage.migrate import migrate
from coach.web.turns import Turns
from tests.security.obedient import serving
from tests.security.outbound import Recorder
from tests.security.stage import seed_people

TIMES, AT_ONCE = 20, 5  # fewer at once than a person may have waiting
QUESTION = {"question": "How do I check that a total is right?"}


@dataclass
class Slow(Recorder):
    """A model that answers when it is let; until then the request is under way."""

    may_answer: threading.Event = field(default_factory=threading.Event)
    was_asked: threading.Event = field(default_factory=threading.Event)

    def answer(self, body: Any) -> dict[str, Any]:
        """A careful model's answer, as soon as it may come."""
        self.requests.append(body)
        self.was_asked.set()
        self.may_answer.wait(20)
        return {"content": good_script(body["messages"])}


@dataclass(frozen=True)
class Crowd:
    """The service with its model, not open yet, and who asks about what."""

    settings: Settings
    model: Slow
    token: str
    other: str
    planned_id: Any
    held_id: Any

    @asynccontextmanager
    async def client(self) -> AsyncIterator[tuple[FastAPI, httpx2.AsyncClient]]:
        """The service, open in this loop, and a client of it in the mentee's name."""
        app = create_app(self.settings)
        async with app.router.lifespan_context(app), client_of(app, self.token) as client:
            yield app, client


def client_of(app: FastAPI, token: str) -> httpx2.AsyncClient:
    """A client of this open service in the name of whose token this is."""
    return httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app), base_url="http://testserver", timeout=60,
        headers={"authorization": f"Bearer {token}"},
    )  # fmt: skip


@dataclass
class Sent:
    """What came of sending every key many times at once."""

    sent: int = 0
    effects: int = 0
    model_calls: int = 0
    faults: list[str] = field(default_factory=list)


@contextmanager
def open_crowd(folder: pathlib.Path, url: str | None = None) -> Iterator[Crowd]:
    """A service in this folder, or on this database, with a pair in it."""
    url = url or f"sqlite:///{folder}/coach.db"
    migrate(url)
    database = open_database(url)
    try:
        with database.transaction() as db:
            seeded = seed_people(db, library=True)
    finally:
        database.close()
    model = Slow()
    with serving(model) as address:
        settings = Settings(
            data=folder, database_url=url, base_url="http://testserver", llm_base_url=address,
            llm_model="slow", llm_person_tokens=None, llm_programme_tokens=None,
            log_level="error", embeddings="off",
        )  # fmt: skip
        yield Crowd(settings, model, seeded[0]["mentee"], seeded[0]["mentor"], seeded[3], seeded[4])


async def send_twenty(crowd: Crowd, keys: int) -> Sent:
    """Send each of so many keys twenty times at once; ask again while the first is under way."""
    found = Sent()
    crowd.model.may_answer.set()
    async with crowd.client() as (app, client):
        app.state.front.turns = Turns(rest=0.0)  # nobody else is there to rest for
        before = len(crowd.model.requests)
        for start in range(0, keys, AT_ONCE):
            numbers = range(start, min(keys, start + AT_ONCE))
            await asyncio.gather(*(_send_one(client, crowd, one, found) for one in numbers))
        # A repair turn goes on with a call; it is not another one.
        calls = [one for one in crowd.model.requests[before:] if len(one["messages"]) == 2]
        found.model_calls = len(calls)
        found.effects = await app.state.front.resources.read(_count_recaps)
    return found


async def _send_one(client: httpx2.AsyncClient, crowd: Crowd, number: int, found: Sent) -> None:
    answers = await asyncio.gather(*(_patient(client, crowd, number) for _ in range(TIMES)))
    found.sent += len(answers)
    bodies = {answer.content for answer in answers}
    statuses = {answer.status_code for answer in answers}
    if len(bodies) != 1 or statuses != {201}:
        found.faults.append(f"key {number}: {sorted(statuses)}, {len(bodies)} bodies")


async def _patient(client: httpx2.AsyncClient, crowd: Crowd, number: int) -> httpx2.Response:
    """The answer to one request, asked for again as long as the first is still running."""
    while True:
        answer = await _ask(client, crowd, f"key-{number}")
        if answer.status_code != 409:
            return answer
        await asyncio.sleep(0.5)


async def _ask(
    client: httpx2.AsyncClient, crowd: Crowd, key: str, body: dict[str, str] | None = None
) -> httpx2.Response:
    path = f"/api/v1/sessions/{crowd.planned_id}/recaps"
    return await client.post(path, json=body or QUESTION, headers={"idempotency-key": key})


def _count_recaps(db: Any) -> int:
    return int(db.scalar(sa.select(sa.func.count()).select_from(tables.Recap)) or 0)


async def send_while_running(crowd: Crowd) -> dict[str, int]:
    """The statuses of the same request while it is under way, and of another under its key."""
    async with crowd.client() as (_, client):
        first = asyncio.create_task(_ask(client, crowd, "k"))
        await asyncio.to_thread(crowd.model.was_asked.wait, 20)
        running = await _ask(client, crowd, "k")
        other = await _ask(client, crowd, "k", {"question": "What is a filter?"})
        crowd.model.may_answer.set()
        done = await first
        again = await _ask(client, crowd, "k")
        assert done.content == again.content
    statuses = (("while running", running), ("another payload", other), ("first", done),
                ("again", again))  # fmt: skip
    return {name: answer.status_code for name, answer in statuses}
