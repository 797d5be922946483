"""Kills the very service again and again while notes are being written, and looks at what is there.

Every kill is a SIGKILL to the process of `coach serve`. The database server, when there is one,
lives on: what it was not told before the kill was never written.
"""

import itertools
import json
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

WRITERS = 4
AT_ONCE = 8
PATIENCE = 60.0
SOONEST, LATEST = 0.3, 1.2


@dataclass(frozen=True, slots=True)
class House:
    """A data folder with its database, and where and as whom notes are written there."""

    folder: pathlib.Path
    url: str
    path: str
    token: str

    @contextmanager
    def served(self) -> Iterator[tuple[subprocess.Popen[bytes], httpx2.Client]]:
        """The service as a process of its own, ready, and a client of it; killed at the end."""
        port = free_port()
        told = {**environment(self.folder), "COACH_DATABASE_URL": self.url}
        with (self.folder / "log").open("ab") as log:
            process = subprocess.Popen(
                (*COACH, "serve", "--port", str(port)), env=told, cwd=ROOT, stdout=log, stderr=log
            )
        headers = {"authorization": f"Bearer {self.token}"}
        base = f"http://127.0.0.1:{port}"
        try:
            with httpx2.Client(base_url=base, headers=headers, timeout=PATIENCE) as client:
                wait_until_ready(client, process)
                yield process, client
        finally:
            kill(process)


@dataclass(slots=True)
class Sent:
    """What was sent under which key, and which answers came before a kill."""

    texts: dict[str, str] = field(default_factory=dict)
    answers: dict[str, bytes] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)

    @property
    def unanswered(self) -> list[str]:
        """The keys that got no answer."""
        return [key for key in self.texts if key not in self.answers]


@dataclass(slots=True)
class Found:
    """What came of all the kills."""

    kills: int = 0
    acknowledged: int = 0
    unanswered: int = 0
    unanswered_there: int = 0
    slowest_start: float = 0.0
    faults: list[str] = field(default_factory=list)


def kill_often(folder: pathlib.Path, url: str, kills: int) -> Found:
    """Write notes, kill the service, start it again and look; so many times on one database."""
    house = open_house(folder, url)
    chance, found, sent = random.Random(16), Found(), Sent()
    for number in range(kills):
        with house.served() as (process, client):
            write_until_killed(
                client, process, house, sent, (number, chance.uniform(SOONEST, LATEST))
            )
        found.kills += 1
        began = time.perf_counter()
        with house.served() as (_, client):
            found.slowest_start = max(found.slowest_start, time.perf_counter() - began)
            look(client, house, sent, found)
        found.faults += look_at_file(house)
    found.faults += sent.refused
    return found


def open_house(folder: pathlib.Path, url: str) -> House:
    """A fresh database with a pair whose planned session holds no note yet."""
    migrate(url)
    database = open_database(url)
    try:
        with database.transaction() as db:
            tokens, _, _, planned_id, _ = seed_people(db)
    finally:
        database.close()
    return House(folder, url, f"/api/v1/sessions/{planned_id}/notes", tokens["mentor"])


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
    sent: Sent,
    pause: tuple[int, float],
) -> None:
    """Let several people write at once, and kill the service this long after it began."""
    number, seconds = pause
    with ThreadPoolExecutor(WRITERS) as crowd:
        begun = [
            crowd.submit(write, client, house, sent, f"{number}.{one}") for one in range(WRITERS)
        ]
        time.sleep(seconds)
        kill(process)
    for one in begun:
        one.result()


def write(client: httpx2.Client, house: House, sent: Sent, name: str) -> None:
    """Write one note after the other under a new key each, until nobody answers any more."""
    for count in itertools.count():
        key = f"{name}.{count}"
        sent.texts[key] = f"note {key} " * 40 + "end"
        try:
            answer = send(client, house, sent, key)
        except httpx2.TransportError:
            return
        if answer.status_code == 201:
            sent.answers[key] = answer.content
        else:
            sent.refused.append(f"{key} was answered with {answer.status_code}")


def send(client: httpx2.Client, house: House, sent: Sent, key: str) -> httpx2.Response:
    """The answer to one note under its key."""
    body = {"text": sent.texts[key], "visibility": "pair"}
    return client.post(house.path, json=body, headers={"idempotency-key": key})


def look(client: httpx2.Client, house: House, sent: Sent, found: Found) -> None:
    """Compare what is there with what was answered, and send again what was not."""
    open_keys = sent.unanswered
    found.unanswered += len(open_keys)
    there = count_notes(client, house, sent, found)
    found.unanswered_there += sum(there[sent.texts[key]] for key in open_keys)
    for key in [*list(sent.answers)[-AT_ONCE:], *open_keys]:
        send_again(client, house, sent, found, key)
    again = count_notes(client, house, sent, found)
    found.faults += [
        f"{key} was not written" for key, text in sent.texts.items() if not again[text]
    ]
    found.acknowledged = len(sent.answers)


def count_notes(client: httpx2.Client, house: House, sent: Sent, found: Found) -> Counter[str]:
    """How often each text is there; what is missing, doubled or torn is a fault."""
    notes = {note["id"]: note["text"] for note in client.get(house.path).json()["items"]}
    for key, answer in sent.answers.items():
        if notes.get(json.loads(answer)["id"]) != sent.texts[key]:
            found.faults.append(f"{key} was answered and is not there")
    times = Counter(notes.values())
    found.faults += [f"twice: {text[:20]}" for text, count in times.items() if count > 1]
    torn = set(times) - set(sent.texts.values())
    found.faults += [f"half-written: {text[:20]}" for text in torn]
    return times


def send_again(client: httpx2.Client, house: House, sent: Sent, found: Found, key: str) -> None:
    """Send a note again under its key, also after the key of a dead attempt has run out."""
    answer = send(client, house, sent, key)
    if answer.status_code == 409:
        let_keys_run_out(house)
        answer = send(client, house, sent, key)
    if answer.status_code != 201:
        found.faults.append(f"{key}, sent again, was answered with {answer.status_code}")
    elif sent.answers.setdefault(key, answer.content) != answer.content:
        found.faults.append(f"{key}, sent again, was answered differently")


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
