"""How a library grows: search, building the index, memory and disk at 10k, 100k, 300k passages.

`python -m benchmarks.library_sizes [SIZE…]` fills each library in one process and asks it in
another, so that the memory is that of a service. Texts are those of the shipped library,
recombined; vectors are those of its passages, moved a little and brought back to length 1: random
ones would make every graph index look bad.
"""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import psutil

from benchmarks.collections import NOW, KeepingEncoder, local_encoder
from benchmarks.peers import PEER_NAME, ask_peer
from benchmarks.processes import ROOT, quantile
from benchmarks.record import record
from coach.knowledge.documents import DocumentText, LibraryQuery
from coach.knowledge.generations import Recipe, rebuild_index
from coach.knowledge.index import Place
from coach.knowledge.markdown import read_document
from coach.knowledge.meanings import Meanings
from coach.knowledge.passages import Block, build_passages
from coach.knowledge.shelf import load_shelf
from coach.knowledge.sql_library import SqlLibrary
from coach.knowledge.stocking import stock_library
from coach.knowledge.stored import PASSAGES, list_passages, published, searched_text
from coach.knowledge.vectors import list_unembedded, save_vectors
from coach.knowledge.warming import read_for_searches
from coach.llm.embeddings import Encoder, Vectors
from coach.shipped import shipped
from coach.storage.database import Database, open_database
from coach.storage.fresh import create_tables

COMMAND = "python -m benchmarks.library_sizes"
SIZES = (10_000, 100_000, 300_000)
OF_ONE = 10
QUESTIONS = 200
MOVED = 0.35
SEED_TEXTS = 2_000
# At this size the peer is asked too, every so many of the questions: it takes its time.
PEERED, PEER_ASKED = 100_000, 4
AT_ONCE = 5_000
# Of a library of this size, median and 95th percentile of a search, in milliseconds.
GOALS = {100_000: (15.0, 40.0)}


def seed_texts() -> list[str]:
    """Passages of the shipped library, which stand for all others."""
    paths = sorted(shipped("knowledge").rglob("*.md"))
    found = [
        passage.text
        for path in paths
        if path.stem.casefold() != "readme"
        for passage in read_document(path.read_text(encoding="utf-8"), path.name).passages
        if len(passage.text) > 100
    ]
    return found[:: max(1, len(found) // SEED_TEXTS)][:SEED_TEXTS]


def documents(texts: list[str], size: int) -> Iterator[DocumentText]:
    """Documents of ten passages each, every passage made of two halves of others."""
    template = read_document("---\ntitle: t\nkind: tutorial\n---\nText.", "t.md").header
    dice = np.random.default_rng(11)
    for number in range(size // OF_ONE):
        blocks = []
        for part, (one, two) in enumerate(dice.integers(len(texts), size=(OF_ONE, 2))):
            first, second = texts[one].split(), texts[two].split()
            words = first[: len(first) // 2] + [f"n{number}x{part}"] + second[len(second) // 2 :]
            blocks += [Block("heading", f"Part {part}", 2), Block("paragraph", " ".join(words))]
        header = replace(template, id=f"d{number}", title=f"{' '.join(words[:5])} {number}")
        plain, passages = build_passages(header, blocks)
        yield DocumentText(header, plain, plain, passages, f"{number}")


def moved(seeds: Vectors, count: int, dice: np.random.Generator) -> Vectors:
    """So many vectors, each near one of the real ones."""
    rows = seeds[dice.integers(len(seeds), size=count)]
    shift = dice.standard_normal(rows.shape).astype(np.float32) / np.sqrt(rows.shape[1])
    rows = rows + MOVED * shift
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


def stock(database: Database, texts: list[str], size: int, seeds: Vectors, encoder: Encoder) -> int:
    """Fill the library and give every passage a vector; how many passages there are."""
    given = list(documents(texts, size))
    with database.transaction() as db:
        stock_library(db, given, NOW)
    dice = np.random.default_rng(12)
    with database.reading() as db:
        wanted = [digest for digest, _ in list_unembedded(db, encoder)]
    for start in range(0, len(wanted), AT_ONCE):
        chunk = wanted[start : start + AT_ONCE]
        with database.transaction() as db:
            save_vectors(db, encoder.model, chunk, moved(seeds, len(chunk), dice))
    return sum(len(one.passages) for one in given)


async def ask(library: SqlLibrary, asked: list[str], limit: int) -> list[float]:
    """Milliseconds of each question; with another limit none is answered from memory."""
    times = []
    for question in asked:
        before = time.perf_counter()
        await library.search(LibraryQuery(question, limit=limit))
        times.append((time.perf_counter() - before) * 1000)
    return times


def disk_mb(folder: Path) -> float:
    """What a folder takes on the disk."""
    return sum(one.stat().st_size for one in folder.rglob("*") if one.is_file()) / 1e6


async def fill(folder: Path, size: int) -> dict[str, float]:
    """A library of one size with its index, and how long that took to build."""
    encoder = local_encoder()
    assert encoder is not None  # noqa: S101  looked at before this process was started
    texts = seed_texts()
    seeds = await KeepingEncoder(encoder).encode(texts)
    create_tables(address(folder))
    database = open_database(address(folder))
    count = stock(database, texts, size, seeds, encoder)
    recipe, home = Recipe(encoder.model, encoder.dimension), Place(folder / "index")
    before = time.perf_counter()
    await asyncio.to_thread(rebuild_index, home, database, recipe)
    built = time.perf_counter() - before
    database.close()
    return {"passages": float(count), "build_s": built}


def questions() -> list[str]:
    """Twelve words of a passage each."""
    texts = seed_texts()
    return [" ".join(text.split()[3:15]) for text in texts[:: len(texts) // QUESTIONS]]


async def serve(folder: Path) -> dict[str, float]:
    """Search times and memory of a process that only answers, and what lies on the disk.

    It has read ahead, as the service does after it has started and after each publishing. Every
    question is asked once for the first time and once more, as the peer is asked.
    """
    encoder = local_encoder()
    assert encoder is not None  # noqa: S101  looked at before this process was started
    asked = questions()
    database = open_database(address(folder))
    meanings = Meanings(database, encoder, Place(folder / "index"))
    await meanings.step()
    library = SqlLibrary(database, encoder, meanings)
    await ask(library, asked[:5], 7)
    before = time.perf_counter()
    await library.read_ahead()
    await read_for_searches(library)
    read = time.perf_counter() - before
    first = await ask(library, asked, 8)
    times = await ask(library, asked, 9)
    figures = {
        "reading_ahead_s": read,
        "again_p50_ms": quantile(times, 50),
        "again_p95_ms": quantile(times, 95),
        "first_p50_ms": quantile(first, 50),
        "first_p95_ms": quantile(first, 95),
        "memory_mb": psutil.Process().memory_info().rss / 1e6,
        "database_mb": (folder / "library.db").stat().st_size / 1e6,
        "index_mb": disk_mb(folder / "index"),
    }
    database.close()
    return figures


async def serve_at_once(folder: Path) -> dict[str, float]:
    """Search times of a process that is asked before it has read ahead."""
    encoder = local_encoder()
    assert encoder is not None  # noqa: S101  looked at before this process was started
    database = open_database(address(folder))
    meanings = Meanings(database, encoder, Place(folder / "index"))
    await meanings.step()
    library = SqlLibrary(database, encoder, meanings)
    await ask(library, questions()[:5], 7)
    times = await ask(library, questions(), 8)
    database.close()
    return {"unread_p50_ms": quantile(times, 50), "unread_p95_ms": quantile(times, 95)}


def measure_peer(folder: Path, ours: dict[str, float]) -> None:
    """By how much a search is faster than the peer's on the same texts, vectors and questions.

    The peer keeps nothing of a question, so both of ours are compared with it.
    """
    database = open_database(address(folder))
    with database.reading() as db:
        rows = list_passages(db, published().order_by(PASSAGES.c.key), NOW.date())
        encoder = local_encoder()
        assert encoder is not None  # noqa: S101  as above
        shelf = load_shelf(db, encoder.model, encoder.dimension)
    database.close()
    texts = [searched_text(passage) for _, passage in rows]
    theirs = ask_peer(folder, texts, shelf.vectors, questions()[::PEER_ASKED])
    if theirs is None:
        return
    size = f"{len(texts) // 1000}k"
    record(f"b.sizes_peer_p50_ms_{size}", theirs, "ms", None, None, COMMAND, PEER_NAME)
    for when in ("again", "first"):
        ratio = theirs / ours[f"{when}_p50_ms"]
        name = f"b.sizes_{when}_times_faster_{size}"
        record(name, ratio, "x", 10, ratio >= 10, COMMAND, PEER_NAME, round(ratio, 1))


def address(folder: Path) -> str:
    """Where the database of a folder is found."""
    return f"sqlite:///{folder}/library.db"


def in_process(*words: str) -> dict[str, float]:
    """What another process of this module found."""
    command = [sys.executable, "-m", "benchmarks.library_sizes", *words]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, cwd=ROOT)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def main(words: list[str]) -> None:
    """Measure each size in a process of its own, and record what it found."""
    if words[:1] == ["--fill"]:
        print(json.dumps(asyncio.run(fill(Path(words[1]), int(words[2])))))
        return
    if words and (asking := {"--serve": serve, "--serve-at-once": serve_at_once}.get(words[0])):
        print(json.dumps(asyncio.run(asking(Path(words[1])))))
        return
    if local_encoder() is None:
        print("skipped: no embedding model is here (make model)")
        return
    for size in [int(word) for word in words] or SIZES:
        with TemporaryDirectory() as place:
            figures = in_process("--fill", place, str(size))
            figures |= in_process("--serve", place) | in_process("--serve-at-once", place)
            if size == PEERED:
                measure_peer(Path(place), figures)
        goals = {
            f"{when}_{name}": goal
            for when in ("again", "first")
            for name, goal in zip(("p50_ms", "p95_ms"), GOALS.get(size, (None, None)), strict=True)
        }
        if size == 100_000:
            goals["memory_mb"] = 900.0
        for name, value in figures.items():
            goal = goals.get(name)
            unit = name.rpartition("_")[2] if "_" in name else ""
            holds = value <= goal if goal is not None else None
            record(f"b.sizes_{name}_{size // 1000}k", value, unit, goal, holds, COMMAND)


if __name__ == "__main__":
    main(sys.argv[1:])
