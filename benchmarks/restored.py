"""Restores the shipped library into new places, and asks every golden question of each.

`python -m benchmarks.restored [--url POSTGRESQL] [--every N]` is a part of `benchmarks.backups`.
The index of a restored place comes back without a call to the model; SQLite answers as before, and
PostgreSQL as .github/decisions/0013 promises.
"""

import argparse
import asyncio
import os
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg

from benchmarks.collections import KeepingEncoder, local_encoder
from benchmarks.places import SERVER, place
from benchmarks.record import record
from coach.knowledge.adding import read_files
from coach.knowledge.documents import LibraryQuery
from coach.knowledge.golden import GoldenQuestion, load_shipped
from coach.knowledge.index import Place
from coach.knowledge.meanings import Meanings
from coach.knowledge.sql_library import SqlLibrary
from coach.knowledge.stocking import stock_library
from coach.llm.embeddings import Encoder, Vectors
from coach.shipped import shipped
from coach.storage.backup import restore_backup, save_backup
from coach.storage.database import open_database
from coach.storage.migrate import migrate

COMMAND = "python -m benchmarks.restored"
TOP = 5
LEAST_ALIKE = 0.95
Answers = list[tuple[str, ...]]
Golden = Sequence[GoldenQuestion]


class Counting:
    """An encoder that counts the texts it was given."""

    def __init__(self, encoder: Encoder) -> None:
        self.model, self.dimension = encoder.model, encoder.dimension
        self._encoder = encoder
        self.texts = 0

    async def encode(self, texts: Sequence[str]) -> Vectors:
        """One row for each text, in order."""
        self.texts += len(texts)
        return await self._encoder.encode(texts)


async def silent(_stage: str, _done: int, _total: int) -> None:
    """Where nobody is told how far it is."""


def stock(url: str) -> None:
    """Put the shipped library into this empty database."""
    migrate(url)
    database = open_database(url)
    try:
        with database.transaction() as db:
            texts = [file.text for file in read_files([shipped("knowledge")])]
            stock_library(db, texts, datetime.now(UTC))
    finally:
        database.close()


async def answer(url: str, encoder: Counting, index: Path, golden: Golden) -> tuple[Answers, int]:
    """The first five documents for each golden question, and the texts embedded before."""
    database, before = open_database(url), encoder.texts
    meanings = Meanings(database, encoder, Place(index))
    try:
        print(f"   {await meanings.bring(silent)}", flush=True)
        embedded = encoder.texts - before
        library = SqlLibrary(database, encoder, meanings)
        found = []
        for one in golden:
            hits = (await library.search(LibraryQuery(one.question, None, TOP, most=1))).hits
            found.append(tuple(hit.passage.document_id for hit in hits[:TOP]))
        return found, embedded
    finally:
        meanings._close()
        database.close()


async def measure(kinds: Sequence[str], server: str, encoder: Encoder, golden: Golden) -> bool:
    """Ask before a backup, and in a place of each kind after it; whether all holds."""
    counting = Counting(encoder)
    with TemporaryDirectory() as home, ExitStack() as stack:
        folder = Path(home)
        url = stack.enter_context(place("sqlite", folder, server))
        stock(url)
        before, _ = await answer(url, counting, folder / "index", golden)
        save_backup(url, folder / "kept.zip", datetime.now(UTC))
        good = True
        for kind in kinds:
            fresh = stack.enter_context(place(kind, folder, server))
            restore_backup(folder / "kept.zip", fresh)
            after, embedded = await answer(fresh, counting, folder / f"index-{kind}", golden)
            name = f"b.restored_embedded_{kind}"
            record(name, embedded, "", 0, not embedded, COMMAND)
            good &= tell(kind, golden, before, after) and not embedded
        return good


def tell(kind: str, golden: Golden, before: Answers, after: Answers) -> bool:
    """Record how much alike the answers are; whether they are alike enough."""
    pairs = list(zip(before, after, strict=True))
    least = 1.0 if kind == "sqlite" else LEAST_ALIKE
    same_first = sum(old[:1] == new[:1] for old, new in pairs) / len(pairs)
    shared = sum(len(set(old) & set(new)) / (len(set(old)) or 1) for old, new in pairs)
    found = [hits(golden, one) for one in (before, after)]
    kept = len(found[0] & found[1]) / len(found[0])
    record(f"b.restored_same_first_{kind}", same_first, "", least, same_first >= least, COMMAND)
    record(f"b.restored_found_{kind}", kept, "", least, kept >= least, COMMAND)
    overlap = shared / len(pairs)
    goal, holds = (1.0, overlap >= 1.0) if kind == "sqlite" else (None, None)
    record(f"b.restored_same_five_{kind}", overlap, "", goal, holds, COMMAND)
    return same_first >= least and kept >= least


def hits(golden: Golden, answers: Answers) -> set[str]:
    """The questions of which an expected document is among the first five."""
    pairs = zip(golden, answers, strict=True)
    return {one.question for one, found in pairs if set(one.expected).intersection(found)}


def main(words: list[str]) -> int:
    """Measure both kinds of place, SQLite alone without a server; 1 when something is not alike."""
    parser = argparse.ArgumentParser(prog=COMMAND)
    parser.add_argument("--url", default=os.environ.get("COACH_TEST_POSTGRES") or SERVER)
    parser.add_argument("--every", type=int, default=1, help="Ask each Nth question.")
    asked = parser.parse_args(words)
    model = local_encoder()
    if model is None:
        print("skipped: no embedding model is here (make model)")
        return 0
    kinds, golden = ["sqlite"], load_shipped()[:: asked.every]
    try:
        psycopg.connect(asked.url.replace("+psycopg", "", 1)).close()
        kinds.append("postgresql")
    except psycopg.OperationalError:
        print("   no PostgreSQL server answers, so SQLite is measured alone")
    return int(not asyncio.run(measure(kinds, asked.url, KeepingEncoder(model), golden)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
