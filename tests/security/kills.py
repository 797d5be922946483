"""Kills the very service again and again while people write, and looks at what is there.

Every kill is a SIGKILL to the process of `coach serve`. The database server, when there is one,
lives on: what it was not told before the kill was never written.
"""

import itertools
import pathlib
import random
import sqlite3
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import httpx2
import sqlalchemy as sa

from benchmarks.processes import COACH, ROOT, environment, free_port
from coach.storage import tables
from coach.storage.database import open_database
from coach.storage.migrate import migrate
from tests.security.stage import seed_people
from tests.security.written import Writing, writings

AGAIN = 8
PATIENCE = 60.0
SOONEST, LATEST = 0.3, 2.4


@dataclass(frozen=True, slots=True)
class House:
    """A data folder with its database, and what is written there by whom."""

    folder: pathlib.Path
    url: str
    agenda: str
    writings: list[Writing]

    @contextmanager
    def served(self) -> Iterator[tuple[subprocess.Popen[bytes], httpx2.Client]]:
        """The service as a process of its own, ready, and a client of it; killed at the end."""
        port = free_port()
        told = {**environment(self.folder), "COACH_DATABASE_URL": self.url}
        with (self.folder / "log").open("ab") as log:
            process = subprocess.Popen(
                (*COACH, "serve", "--port", str(port)), env=told, cwd=ROOT, stdout=log, stderr=log
            )
        base = f"http://127.0.0.1:{port}"
        try:
            with httpx2.Client(base_url=base, timeout=PATIENCE) as client:
                wait_until_ready(client, process)
                yield process, client
        finally:
            kill(process)


@dataclass(slots=True)
class Found:
    """What came of all the kills."""

    kills: int = 0
    acknowledged: Counter[str] = field(default_factory=Counter)
    unanswered: Counter[str] = field(default_factory=Counter)
    unanswered_there: Counter[str] = field(default_factory=Counter)
    slowest_start: float = 0.0
    faults: list[str] = field(default_factory=list)


def kill_often(folder: pathlib.Path, url: str, kills: int) -> Found:
    """Write, kill the service, start it again and look; so many times on one database."""
    house, chance, found = open_house(folder, url), random.Random(16), Found()
    for number in range(kills):
        with house.served() as (process, client):
            if not number:
                draft = client.post(house.agenda, headers=house.writings[0].headers("first"))
                found.faults += [] if draft.status_code == 201 else ["no agenda was drafted"]
            seconds = chance.uniform(SOONEST, LATEST)
            found.faults += write_until_killed(client, process, house, (number, seconds))
        found.kills += 1
        began = time.perf_counter()
        with house.served() as (_, client):
            found.slowest_start = max(found.slowest_start, time.perf_counter() - began)
            for writing in house.writings:
                look(client, house, writing, found)
        found.faults += look_at_file(house)
    return found


def open_house(folder: pathlib.Path, url: str) -> House:
    """A fresh database with a pair whose planned session holds nothing yet."""
    migrate(url)
    database = open_database(url)
    try:
        with database.transaction() as db:
            tokens, _, pair_id, planned_id, _ = seed_people(db, library=True)
    finally:
        database.close()
    session, pair = f"/api/v1/sessions/{planned_id}", f"/api/v1/pairs/{pair_id}"
    return House(folder, url, f"{session}/agenda", writings(tokens, session, pair))


def wait_until_ready(client: httpx2.Client, process: subprocess.Popen[bytes]) -> None:
    """Wait until the service says that it is ready, or raise when it never does."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        with suppress(httpx2.TransportError):
            if client.get("/readyz").status_code == 200:
                return
        time.sleep(0.05)
    raise TimeoutError("the service did not start again")


def kill(process: subprocess.Popen[bytes]) -> None:
    """End the process with SIGKILL and see it gone."""
    process.kill()
    process.wait()


def write_until_killed(
    client: httpx2.Client,
    process: subprocess.Popen[bytes],
    house: House,
    pause: tuple[int, float],
) -> list[str]:
    """Let people write at once, and kill the service this long after it began; what was refused."""
    number, seconds = pause
    with ThreadPoolExecutor(len(house.writings)) as crowd:
        begun = [crowd.submit(write, client, one, str(number)) for one in house.writings]
        time.sleep(seconds)
        kill(process)
    return [fault for one in begun for fault in one.result()]


def write(client: httpx2.Client, writing: Writing, name: str) -> list[str]:
    """Write one after the other under a new key each, until nobody answers any more."""
    refused: list[str] = []
    for count in itertools.count():
        key = f"{name}.{count}"
        try:
            answer = writing.send(client, key)
        except httpx2.TransportError:
            return refused
        if answer.is_success:
            writing.sent.answers[key] = answer.content
        else:
            refused.append(f"{writing.name} {key} was answered with {answer.status_code}")
    raise AssertionError  # it counts without end


def look(client: httpx2.Client, house: House, writing: Writing, found: Found) -> None:
    """Compare what is there with what was answered, and send again what was not."""
    sent = writing.sent
    open_keys = sent.unanswered
    there = writing.find(client, found.faults)
    found.unanswered[writing.name] += len(open_keys)
    found.unanswered_there[writing.name] += sum(there[sent.texts[key]] for key in open_keys)
    for key in [*list(sent.answers)[-AGAIN:], *open_keys]:
        send_again(client, house, writing, found, key)
    again = writing.find(client, found.faults)
    found.faults += [
        f"{writing.name} {key} was not written"
        for key, text in sent.texts.items()
        if not again[text]
    ]
    found.acknowledged[writing.name] = len(sent.answers)


def send_again(
    client: httpx2.Client, house: House, writing: Writing, found: Found, key: str
) -> None:
    """Send something again under its key, also after the key of a dead attempt has run out."""
    answer, name = writing.send(client, key), f"{writing.name} {key}, sent again,"
    if answer.status_code == 409:
        let_keys_run_out(house)
        answer = writing.send(client, key)
    if not answer.is_success:
        found.faults.append(f"{name} was answered with {answer.status_code}")
    elif writing.sent.answers.setdefault(key, answer.content) != answer.content:
        found.faults.append(f"{name} was answered differently")


def let_keys_run_out(house: House) -> None:
    """Do to the keys of attempts that died what the minutes would do."""
    database = open_database(house.url)
    try:
        with database.transaction() as db:
            dead = tables.IdempotencyKey.status.is_(None)
            past = datetime.now(UTC) - timedelta(seconds=1)
            db.execute(sa.update(tables.IdempotencyKey).where(dead).values(expires_at=past))
    finally:
        database.close()


def look_at_file(house: House) -> list[str]:
    """What SQLite finds wrong in its own file; nothing on another database."""
    if not house.url.startswith("sqlite"):
        return []
    with closing(sqlite3.connect(house.folder / "coach.db")) as database:
        (health,) = database.execute("PRAGMA integrity_check").fetchone()
    return [] if health == "ok" else [f"the file is damaged: {health}"]
