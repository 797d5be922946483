"""Loses the power after any system call: rebuilds the files from what was synced, and looks.

`python -m tests.security.powerloss FOLDER` is the writer whose system calls are traced: it sends
notes through HTTP, and tells every answer in a file of its own.
"""

import os
import pathlib
import random
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field

from starlette.testclient import TestClient

from coach.app import create_app
from coach.settings import Settings
from coach.storage.database import open_database
from coach.storage.migrate import migrate
from tests.web.conftest import seed

FILES = ("coach.db", "coach.db-wal")
CALLS = "pwrite64,write,ftruncate,fsync,fdatasync"
SECTOR = 512
_CALL = re.compile(
    r'^(\d+) +(\w+)\(\d+<([^>]*)>(?:, (?:"((?:\\x[0-9a-f]{2})*)", )?(\d+)(?:, (\d+))?)?'
)
_RESUMED = re.compile(r"^(\d+) +<\.\.\. (fsync|fdatasync) resumed>")


@dataclass(frozen=True, slots=True)
class Event:
    """One system call: bytes written, a file cut or synced, or an answer told."""

    call: str
    file: str
    data: bytes = b""
    place: int = 0


@dataclass
class Disk:
    """What would be there after the power came back: what was synced, and a part of the rest."""

    synced: dict[str, bytearray]
    pending: dict[str, list[Event]] = field(default_factory=dict)

    def take(self, event: Event, syncs: bool = True) -> None:
        """Let one event happen."""
        if event.call == "sync":
            if syncs:
                for one in self.pending.pop(event.file, []):
                    apply(self.synced[event.file], one)
        else:
            self.pending.setdefault(event.file, []).append(event)

    def lose_power(self, chance: random.Random) -> dict[str, bytes]:
        """The files as they may be found: of what was not synced, any part at all."""
        found = {}
        for name, kept in self.synced.items():
            content = bytearray(kept)
            share = chance.random()
            for event in self.pending.get(name, []):
                if chance.random() < share:
                    apply(content, tear(event, chance))
            found[name] = bytes(content)
        return found


@dataclass(slots=True)
class Found:
    """What came of looking at many states."""

    states: int = 0
    acknowledged: int = 0
    lost: list[str] = field(default_factory=list)
    damaged: int = 0


def apply(content: bytearray, event: Event) -> None:
    """Write these bytes, or cut the file."""
    if event.call == "ftruncate":
        del content[event.place :]
        content.extend(b"\0" * (event.place - len(content)))
        return
    end = event.place + len(event.data)
    content.extend(b"\0" * (end - len(content)))
    content[event.place : end] = event.data


def tear(event: Event, chance: random.Random) -> Event:
    """The same write, or only its first sectors."""
    if event.call != "pwrite64" or chance.random() < 0.7:
        return event
    sectors = chance.randrange(len(event.data) // SECTOR + 1)
    return Event(event.call, event.file, event.data[: sectors * SECTOR], event.place)


def write_notes(folder: pathlib.Path, path: str, token: str, count: int) -> None:
    """Send notes and take two of them back, telling each answer; the process ends unannounced."""
    told = os.open(folder / "acks", os.O_CREAT | os.O_WRONLY | os.O_APPEND)
    made = Settings(data=folder, base_url="http://testserver", embeddings="off", log_level="error")
    bearer = {"authorization": f"Bearer {token}"}
    with TestClient(create_app(made), headers=bearer) as client:
        for number in range(count):
            body = {"text": f"note {number} " * 40, "visibility": "pair"}
            made_id = client.post(path, json=body).json()["id"]
            os.write(told, f"+{made_id}\n".encode())
            if number % 8 == 5:
                os.write(told, f"?{made_id}\n".encode())  # from now on it may be gone
                assert client.delete(f"/api/v1/notes/{made_id}").status_code == 204
                os.write(told, f"-{made_id}\n".encode())
        os._exit(0)


def trace_writer(folder: pathlib.Path, path: str, token: str, count: int) -> list[Event]:
    """The system calls of a writer on this folder; none when the machine allows no tracing."""
    log = folder / "calls"
    command = [
        "strace",
        "-f",
        "--seccomp-bpf",
        "-y",
        "-xx",
        "-s",
        "200000",
        "-e",
        f"trace={CALLS}",
        "-o",
        str(log),
    ]
    writer = [sys.executable, "-m", "tests.security.powerloss", str(folder), path, token]
    done = subprocess.run([*command, *writer, str(count)], capture_output=True, text=True)
    if done.returncode and "ptrace" in done.stderr.casefold():
        return []
    assert done.returncode == 0, done.stderr[-2000:]
    return list(read_calls(log.read_text(encoding="utf-8"), folder))


def watch_writer(place: pathlib.Path, count: int) -> tuple[dict[str, bytes], list[Event]]:
    """A fresh service in this place: its files before a writer came, and what the writer did."""
    folder = place / "data"
    folder.mkdir()
    url = f"sqlite:///{folder}/coach.db"
    migrate(url)
    database = open_database(url)
    with database.transaction() as db:
        seeded = seed(db, folder)
    database.close()
    before = {name: (folder / name).read_bytes() for name in FILES if (folder / name).exists()}
    path = f"/api/v1/sessions/{seeded.session_id}/notes"
    return before, trace_writer(folder, path, seeded.tokens["mentor"], count)


def read_calls(text: str, folder: pathlib.Path) -> Iterator[Event]:
    """The events of a trace that touch our files, a sync when it has come back."""
    under_way: dict[str, str] = {}
    for line in text.splitlines():
        if resumed := _RESUMED.match(line):
            if synced := under_way.pop(resumed[1], ""):
                yield Event("sync", synced)
            continue
        call = _CALL.match(line)
        if call is None or (name := name_of(call[3], folder)) is None:
            continue
        if call[2] in ("fsync", "fdatasync") and "<unfinished" in line:
            under_way[call[1]] = name
        else:
            yield build_event(call, name)


def build_event(call: re.Match[str], name: str) -> Event:
    """One whole call on one of our files."""
    if call[2] in ("fsync", "fdatasync"):
        return Event("sync", name)
    data = bytes.fromhex((call[4] or "").replace("\\x", ""))
    if name == "acks":
        return Event("ack", name, data)
    return Event(call[2], name, data, int((call[6] if call[2] == "pwrite64" else call[5]) or 0))


def name_of(path: str, folder: pathlib.Path) -> str | None:
    """The name of one of our files, None for any other."""
    found = pathlib.Path(unescaped(path))
    known = found.parent == folder and found.name in (*FILES, "acks")
    return found.name if known else None


def unescaped(path: str) -> str:
    """A path as it was, where the trace writes it byte by byte."""
    return bytes.fromhex(path.replace("\\x", "")).decode() if path.startswith("\\x") else path


def look_at_states(
    before: dict[str, bytes],
    events: list[Event],
    states: int,
    folder: pathlib.Path,
    syncs: bool = True,
) -> Found:
    """Lose the power at so many moments, and look for everything acknowledged until then."""
    chance, found = random.Random(1), Found()
    moments = [n for n, event in enumerate(events) if event.call != "ack"]
    chosen = sorted(chance.choices(moments, k=states))
    disk = Disk({name: bytearray(before.get(name, b"")) for name in FILES})
    there: set[str] = set()
    gone: set[str] = set()
    for number, event in enumerate(events):
        if event.call == "ack":
            hear(event.data.decode().strip(), there, gone)
            continue
        disk.take(event, syncs)
        for _ in range(chosen.count(number)):
            look(disk.lose_power(chance), there, gone, (folder, found))
    found.acknowledged = len(there) + len(gone)
    return found


def hear(told: str, there: set[str], gone: set[str]) -> None:
    """Take in one answer: a note is kept, may be going, or is gone."""
    note = told[1:].replace("-", "")
    if told[0] == "+":
        there.add(note)
    elif told[0] == "?":
        there.discard(note)
    else:
        gone.add(note)


def look(
    files: dict[str, bytes], there: set[str], gone: set[str], into: tuple[pathlib.Path, Found]
) -> None:
    """Open the files as the next start would, and compare."""
    folder, found = into
    for old in folder.glob("coach.db*"):
        old.unlink()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    found.states += 1
    try:
        with closing(sqlite3.connect(folder / "coach.db")) as database:
            (health,) = database.execute("PRAGMA integrity_check").fetchone()
            kept = {row[0] for row in database.execute("SELECT id FROM notes")}
    except sqlite3.DatabaseError:
        found.damaged += 1
        return
    found.damaged += health != "ok"
    found.lost += sorted(there - kept) + sorted(gone & kept)


if __name__ == "__main__":
    write_notes(pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4]))
