"""Backs up and restores again and again while others write, and counts what was lost.

`python -m benchmarks.backups [--megabytes N] [--rounds N] [--url POSTGRESQL]` is a part of `make
soak`. Everything acknowledged before a backup began must be in what it restores, row by row. Then
the golden questions are asked of what was restored: see benchmarks.restored.
"""

import argparse
import os
import secrets
import sys
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import sqlalchemy as sa

from benchmarks import restored
from benchmarks.places import SERVER, place
from benchmarks.record import record
from coach.knowledge.library import save_document
from coach.knowledge.markdown import read_document
from coach.storage import tables
from coach.storage.backup import load_backup, restore_backup, save_backup
from coach.storage.database import Database, open_database
from coach.storage.migrate import migrate

COMMAND = "python -m benchmarks.backups"
GOAL_SECONDS = 300.0
MEGABYTE = 1 << 20


@dataclass
class Writer:
    """Somebody who adds one document after the other, and knows which were acknowledged."""

    database: Database
    acknowledged: list[str] = field(default_factory=list)
    enough: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Write until it is enough."""
        while not self.enough.is_set():
            name = f"d{uuid4().hex[:12]}"
            source = f"---\ntitle: T {name}\nkind: tutorial\n---\n\n## Part\n\nWord {name}.\n"
            with self.database.transaction() as db:
                text = read_document(source, f"{name}.md")
                save_document(db, text, author=None, publish=True, now=datetime.now(UTC))
            self.acknowledged.append(name)


def fill(database: Database, megabytes: int) -> None:
    """So much of what people hand in, which no packing makes smaller."""
    with database.transaction() as db:
        job = tables.Job(kind="import", state="done")
        db.add(job)
        db.flush()
        job_id = job.id
    for number in range(megabytes):
        with database.transaction() as db:
            row = tables.JobFile(job_id=job_id, position=number, name=f"f{number}.pdf")
            row.data = secrets.token_bytes(MEGABYTE)
            db.add(row)


def count_lost(url: str, wanted: list[str]) -> int:
    """How many of these documents are not there, or everything when the database is damaged."""
    database = open_database(url)
    try:
        with database.reading() as db:
            if url.startswith("sqlite"):
                if db.scalar(sa.text("PRAGMA integrity_check")) != "ok":
                    return len(wanted) + 1
            found = set(db.scalars(sa.select(tables.Document.id)))
        return len(set(wanted) - found)
    finally:
        database.close()


@dataclass(frozen=True, slots=True)
class Round:
    """What one round lost, and how many seconds each way took."""

    lost: int
    saved: float
    restored: float

    @property
    def told(self) -> str:
        """The round in words, for who waits an hour for all of them."""
        return f"{self.lost} lost, saved in {self.saved:.0f} s, restored in {self.restored:.0f} s"


def run_round(writer: Writer, url: str, folder: Path, kinds: tuple[str, str], server: str) -> Round:
    """Back up while the writer writes, restore into a new place of the second kind, compare."""
    file = folder / f"{uuid4().hex}.zip"
    before = list(writer.acknowledged)
    begun = time.monotonic()
    save_backup(url, file, datetime.now(UTC))
    load_backup(file)
    saved = time.monotonic() - begun
    try:
        with place(kinds[1], folder, server) as fresh:
            begun = time.monotonic()
            restore_backup(file, fresh)
            restored = time.monotonic() - begun
            return Round(count_lost(fresh, before), saved, restored)
    finally:
        file.unlink()
        for left in folder.glob("*.db*"):
            if str(left).split(".db")[0] not in url:
                left.unlink()


def measure(kinds: tuple[str, str], megabytes: int, rounds: int, server: str) -> list[Round]:
    """So many rounds from one kind of database into the other."""
    with TemporaryDirectory() as home, place(kinds[0], Path(home), server) as url:
        migrate(url)
        database = open_database(url)
        fill(database, megabytes)
        writer = Writer(database)
        thread = threading.Thread(target=writer.run)
        thread.start()
        try:
            found = []
            for number in range(1, rounds + 1):
                found.append(run_round(writer, url, Path(home), kinds, server))
                print(f"{kinds[0]}, round {number} of {rounds}: {found[-1].told}", flush=True)
            return found
        finally:
            writer.enough.set()
            thread.join()
            database.close()


def main(words: list[str]) -> int:
    """Measure both databases, or SQLite alone where there is no server; 1 when a row was lost."""
    parser = argparse.ArgumentParser(prog=COMMAND)
    parser.add_argument("--megabytes", type=int, default=1_000)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--url", default=os.environ.get("COACH_TEST_POSTGRES") or SERVER)
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    parser.add_argument("--rows-alone", action="store_true", help="Ask no golden questions.")
    asked = parser.parse_args(words)
    wrong = 0
    for kind in ("sqlite", "postgresql"):
        if asked.only in (None, kind):
            found = measure((kind, kind), asked.megabytes, asked.rounds, asked.url)
            wrong += tell(kind, found)
    if not asked.rows_alone:
        wrong += restored.main(["--url", asked.url])
    return int(wrong > 0)


def tell(kind: str, found: list[Round]) -> int:
    """Record what the rounds on one kind of database came to; how many lost something."""
    good = sum(not one.lost for one in found)
    record(f"b.backups_whole_{kind}", good, "", len(found), good == len(found), COMMAND)
    for name in ("saved", "restored"):
        longest = max(getattr(one, name) for one in found)
        holds = longest <= GOAL_SECONDS
        record(f"b.backup_{name}_s_{kind}", longest, "s", GOAL_SECONDS, holds, COMMAND)
    return len(found) - good


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
