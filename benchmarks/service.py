"""How fast the running service drafts agendas over HTTP, how soon it answers, what it holds."""

import asyncio
import copy
import json
import os
import re
import socket
import statistics
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

import psutil

from benchmarks.processes import COACH, PAIRS, ROOT, environment, quantile
from benchmarks.record import record
from coach.coaching.agenda import draft_agenda
from coach.coaching.brief import AgendaRequest
from coach.coaching.drafts import build_json
from coach.coaching.pipeline import open_coach
from coach.knowledge.adding import read_files
from coach.knowledge.documents import DocumentText
from coach.knowledge.library import save_document
from coach.knowledge.markdown import read_document
from coach.knowledge.retrieval import open_starter_library
from coach.pairs.exchange import read_pairs
from coach.pairs.imports import save_new_pair
from coach.pairs.sessions import SessionPlan, save_session
from coach.people.people import save_person, save_programme
from coach.people.tokens import save_token
from coach.shipped import shipped
from coach.storage.database import Db, open_database
from coach.storage.migrate import migrate

COMMAND = "python -m benchmarks.service"
DOCUMENTS = 1_000
WARM_UP, DRAFTS = 20, 120
LENGTHS = (15, 30, 45, 60, 90)
PATIENCE_S = 60.0
NOW = datetime.now(UTC)
TERM = re.compile(r"^- \*\*([^*]+)\*\*", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Running:
    """A service that answers, with the seconds it took until then."""

    process: subprocess.Popen[bytes]
    door: HTTPConnection
    token: str
    seconds: float

    def draft(self, session_id: UUID) -> dict[str, Any]:
        """The agenda the service writes for this session."""
        headers = {"authorization": f"Bearer {self.token}", "accept": "application/json"}
        self.door.request("POST", f"/api/v1/sessions/{session_id}/agenda", headers=headers)
        answer = self.door.getresponse()
        body = answer.read()
        if answer.status != 201:
            raise SystemExit(f"The service answered {answer.status}: {body[:500]!r}")
        agenda: dict[str, Any] = json.loads(body)
        return agenda


def vary(count: int) -> Iterator[DocumentText]:
    """The shipped documents, then copies with a title, terms and a word of their own."""
    files = read_files([shipped("knowledge")])
    for number in range(count):
        file, turn = files[number % len(files)], number // len(files)
        source = file.text.source
        if turn:
            source = source.replace("title: ", f"title: Case {number}, ", 1)
            source = source.replace("\n### Idea\n", f"\n### Idea\n\nCase word{number}.\n")
            source = TERM.sub(rf"- **\1 number {number}**", source)
        yield read_document(source, f"{file.path.stem}{f'-{number}' if turn else ''}.md")


async def build_pair() -> dict[str, Any]:
    """A pair with four past sessions, the last two of which followed an agenda of ours."""
    raw: dict[str, Any] = json.loads(PAIRS.read_text(encoding="utf-8"))["pairs"][0]
    latest = copy.deepcopy(raw["history"][-1])
    latest["session_number"] += 1
    latest["date"] = (date.fromisoformat(latest["date"]) + timedelta(days=14)).isoformat()
    for promise in latest["commitments"]:
        promise["id"] += "-again"
    raw["history"].append(latest)
    for past in (2, 3):
        before = {**raw, "history": raw["history"][:past]}
        (pair,) = read_pairs(json.dumps(before), "pair.json")
        with open_starter_library() as library:
            day = date.fromisoformat(raw["history"][past]["date"])
            agenda = await draft_agenda(open_coach(library), pair.record, AgendaRequest(day, 60))
        raw["history"][past]["agenda"] = build_json(agenda)
    return raw


def seed(db: Db, raw: dict[str, Any], wishes: list[str]) -> tuple[str, list[UUID]]:
    """Fill the database: the library, two people, and a pair for each draft to come."""
    for text in vary(DOCUMENTS):
        save_document(db, text, author=None, publish=True, now=NOW)
    programme = save_programme(db, "Measured")
    mentor = save_person(db, programme, "Amal", "amal@example.org")
    mentee = save_person(db, programme, "Greta", "greta@example.org")
    sessions = []
    for number in range(WARM_UP + DRAFTS):
        (file,) = read_pairs(json.dumps({**raw, "id": f"M{number}"}), "pair.json")
        pair = save_new_pair(db, programme, file, mentor.id, mentee.id)
        minutes, wish = LENGTHS[number % len(LENGTHS)], wishes[number % len(wishes)]
        plan = SessionPlan(NOW.date() + timedelta(days=3), minutes, f"Show me how to {wish}")
        sessions.append(save_session(db, mentee.viewer, pair.id, plan))
    return save_token(db, mentor.id, "benchmark"), sessions


def prepare(folder: Path) -> tuple[str, list[UUID]]:
    """A data folder as it is after months of use; a token and the sessions to plan."""
    raw = asyncio.run(build_pair())
    files = read_files([shipped("knowledge")])
    lessons = {p.lesson for file in files for p in file.text.passages if p.lesson}
    wishes = sorted(lesson[:1].lower() + lesson[1:] for lesson in lessons)
    url = f"sqlite:///{folder}/coach.db"
    migrate(url)
    database = open_database(url)
    try:
        with database.transaction() as db:
            return seed(db, raw, wishes)
    finally:
        database.close()


@contextmanager
def serve(folder: Path, token: str) -> Iterator[Running]:
    """The service on this folder, from the start of its process to its first answer and on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    before = time.perf_counter()
    process = subprocess.Popen(
        [*COACH, "serve", "--port", str(port)],
        cwd=ROOT,
        env=environment(folder),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        door = HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
        while not answers(door):
            if process.poll() is not None or time.perf_counter() - before > PATIENCE_S:
                raise SystemExit("The service did not start.")
            time.sleep(0.02)
        yield Running(process, door, token, time.perf_counter() - before)
        door.close()
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE_S)


def answers(door: HTTPConnection) -> bool:
    """Whether the service says that it lives."""
    try:
        door.request("GET", "/healthz")
        answer = door.getresponse()
        answer.read()
    except OSError:
        door.close()
        return False
    return answer.status == 200


def measure_start(folder: Path, token: str, session_id: UUID) -> None:
    """The second start in this folder, with the bytecode at hand: to an answer, to an agenda."""
    with serve(folder, token):
        pass
    with serve(folder, token) as service:
        before = time.perf_counter()
        service.draft(session_id)
        drafted = service.seconds + time.perf_counter() - before
    record("a.start_to_first_answer_s", service.seconds, "s", 4, service.seconds <= 4, COMMAND)
    record("a.start_to_first_agenda_s", drafted, "s", None, None, COMMAND)


def measure_drafts(folder: Path, token: str, sessions: list[UUID]) -> None:
    """Each draft is of a pair and a wish the service has not seen, after a warm-up."""
    with serve(folder, token) as service:
        times, used = [], 0.0
        watched = psutil.Process(service.process.pid)
        for turn, session_id in enumerate(sessions):
            if turn == WARM_UP:
                used = sum(watched.cpu_times()[:2])
            before = time.perf_counter()
            service.draft(session_id)
            times.append((time.perf_counter() - before) * 1000)
            if turn == 99:
                memory = watched.memory_info().rss / 1e6
        used = sum(watched.cpu_times()[:2]) - used
    measured = times[WARM_UP:]
    middle, high = statistics.median(measured), quantile(measured, 95)
    record("a.agenda_p50_ms", middle, "ms", 60, middle <= 60, COMMAND)
    record("a.agenda_p95_ms", high, "ms", 150, high <= 150, COMMAND)
    record("a.agenda_cpu_ms", used / len(measured) * 1000, "ms", None, None, COMMAND)
    record("a.agenda_slowest_ms", max(measured), "ms", None, None, COMMAND)
    record("a.rss_after_100_drafts_mb", memory, "MB", 350, memory <= 350, COMMAND)
    print(f"   {len(measured)} drafts; load {os.getloadavg()[0]:.1f}")


def main() -> None:
    """Fill a folder, then measure starts and drafts on it."""
    with TemporaryDirectory() as place:
        folder = Path(place)
        token, sessions = prepare(folder)
        measure_start(folder, token, sessions[0])
        measure_drafts(folder, token, sessions)


if __name__ == "__main__":
    main()
