"""How fast the running service explains again over HTTP: questions, whole sessions, each style."""

import json
import os
import statistics
import time
from http.client import HTTPConnection
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from benchmarks.processes import quantile
from benchmarks.record import record
from benchmarks.service import prepare, serve
from coach.knowledge.adding import read_files
from coach.people.tokens import save_token
from coach.shipped import shipped
from coach.storage.database import open_database
from coach.storage.tables import Person

COMMAND = "python -m benchmarks.recap_service"
GOAL_MS = 150
WARM_UP, RECAPS = 20, 200
STYLES = (None, "another_way", "example", "shorter")


def token_of_mentee(folder: Path) -> str:
    """A token of the person who may ask for recaps here."""
    database = open_database(f"sqlite:///{folder}/coach.db")
    try:
        with database.transaction() as db:
            query = sa.select(Person.id).where(Person.email == "greta@example.org")
            return save_token(db, db.scalars(query).one(), "benchmark")
    finally:
        database.close()


def requests() -> list[dict[str, Any]]:
    """What is asked: of every lesson in turn, every fifth time the whole session."""
    files = read_files([shipped("knowledge")])
    lessons = sorted({p.lesson for file in files for p in file.text.passages if p.lesson})
    asked: list[dict[str, Any]] = []
    for number, lesson in enumerate(islice(cycle(lessons), WARM_UP + RECAPS)):
        question = None if number % 5 == 4 else f"How do I {lesson[:1].lower()}{lesson[1:]}?"
        asked.append({"question": question, "style": STYLES[number % len(STYLES)]})
    return asked


def ask(door: HTTPConnection, token: str, session_id: UUID, asked: dict[str, Any]) -> float:
    """The milliseconds until a recap is there."""
    headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
    before = time.perf_counter()
    door.request("POST", f"/api/v1/sessions/{session_id}/recaps", json.dumps(asked), headers)
    answer = door.getresponse()
    body = answer.read()
    took = (time.perf_counter() - before) * 1000
    if answer.status != 201:
        raise SystemExit(f"The service answered {answer.status}: {body[:500]!r}")
    return took


def main() -> None:
    """Fill a folder, then measure recaps on it."""
    with TemporaryDirectory() as place:
        folder = Path(place)
        _, sessions = prepare(folder)
        token = token_of_mentee(folder)
        with serve(folder, token) as service:
            turns = zip(cycle(sessions), requests(), strict=False)
            times = [ask(service.door, token, one, asked) for one, asked in turns]
    measured = times[WARM_UP:]
    middle, high = statistics.median(measured), quantile(measured, 95)
    record("d.recap_p50_ms", middle, "ms", None, None, COMMAND)
    record("d.recap_p95_ms", high, "ms", GOAL_MS, high <= GOAL_MS, COMMAND)
    print(f"   {len(measured)} recaps; load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
