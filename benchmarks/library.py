"""How fast the library is searched and opened, and how well it finds."""

import asyncio
import json
import math
import os
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.record import record
from coach.knowledge.adding import FileRead, read_files
from coach.knowledge.documents import DocumentText, LibraryQuery, Passage, Span
from coach.knowledge.library import save_document
from coach.knowledge.markdown import read_document
from coach.knowledge.retrieval import SqlLibrary, open_starter_library
from coach.shipped import shipped
from coach.storage.database import Database, open_database
from coach.storage.fresh import create_tables

COMMAND = "python -m benchmarks.library"
DOCUMENTS = 1_000
ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("COACH_SHARED_DATA") or ROOT.parent / "shared" / "data")
NOW = datetime.now(UTC)


@contextmanager
def scratch(url: str | None = None) -> Iterator[Database]:
    """An empty library that goes away; on SQLite unless an address is given."""
    with TemporaryDirectory() as folder:
        url = url or f"sqlite:///{folder}/library.db"
        create_tables(url)
        database = open_database(url)
        yield database
        database.close()


def quantiles(times: list[float]) -> tuple[float, float]:
    """Median and 95th percentile."""
    return statistics.median(times), statistics.quantiles(times, n=20)[18]


def copies(files: tuple[FileRead, ...], count: int) -> Iterator[DocumentText]:
    """The shipped documents again and again, each with a word of its own in every lesson."""
    for number in range(count):
        file = files[number % len(files)]
        source = file.text.source.replace("\n### Idea\n", f"\n### Idea\n\nCase word{number}.\n")
        yield read_document(source, f"{file.path.stem}-{number}.md")


async def measure_speed(url: str | None, label: str) -> None:
    """Search among 1,000 documents with the titles of all lessons as queries."""
    files = read_files([shipped("knowledge")])
    queries = sorted({p.lesson for file in files for p in file.text.passages})
    with scratch(url) as database:
        before = time.perf_counter()
        with database.transaction() as db:
            for text in copies(files, DOCUMENTS):
                save_document(db, text, author=None, publish=True, now=NOW)
        seconds = time.perf_counter() - before
        record(f"a.library_add_1000{label}", seconds, "s", None, None, COMMAND)
        library = SqlLibrary(database)
        times: list[float] = []
        for turn in range(4):
            for query in queries:
                before = time.perf_counter()
                await library.search(LibraryQuery(query, limit=8))
                if turn:
                    times.append((time.perf_counter() - before) * 1000)
        middle, high = quantiles(times)
        record(f"a.library_search_p50{label}", middle, "ms", 5, middle <= 5, COMMAND)
        record(f"a.library_search_p95{label}", high, "ms", 25, high <= 25, COMMAND)


def measure_opening() -> None:
    """Build the starter library, in this process and as a whole new one."""
    times = []
    for _ in range(5):
        before = time.perf_counter()
        with open_starter_library():
            times.append(time.perf_counter() - before)
    value = statistics.median(times)
    record("a.starter_library_open", value, "s", 1, value < 1, COMMAND)
    program = (
        "from coach.knowledge.retrieval import open_starter_library\n"
        "with open_starter_library(): pass"
    )
    before = time.perf_counter()
    subprocess.run([sys.executable, "-c", program], check=True, cwd=ROOT)
    record("a.starter_library_process", time.perf_counter() - before, "s", None, None, COMMAND)


def lines(path: Path) -> Iterator[dict[str, str]]:
    """The objects in a file of JSON lines."""
    with path.open(encoding="utf-8") as file:
        yield from map(json.loads, file)


def as_document(row: dict[str, str], template: DocumentText) -> DocumentText:
    """One text of a collection as a document of one passage."""
    name, text = row["_id"].replace("_", "-").lower(), row["text"].strip() or row["title"]
    header = replace(template.header, id=name, title=row["title"] or "-")
    passage = Passage(
        id=f"{name}#0",
        document_id=name,
        document_title=header.title,
        document_kind=header.kind,
        kind="text",
        heading_path=(),
        ordinal=0,
        start=0,
        end=len(text),
        text=text,
        sentences=(Span(0, len(text)),),
    )
    return DocumentText(header, text, text, (passage,), name)


async def measure_finding(folder: Path, url: str | None, label: str) -> None:
    """nDCG@10 and recall@10 of the search for words on one collection."""
    template = read_document("---\ntitle: t\nkind: tutorial\n---\nText.", "t.md")
    grades: dict[str, dict[str, int]] = defaultdict(dict)
    for line in (folder / "qrels.tsv").read_text().splitlines()[1:]:
        query, document, grade = line.split("\t")
        grades[query][document.replace("_", "-").lower()] = int(grade)
    with scratch(url) as database:
        with database.transaction() as db:
            for row in lines(folder / "corpus.jsonl"):
                text = as_document(row, template)
                save_document(db, text, author=None, publish=True, now=NOW)
        library = SqlLibrary(database)
        gains, recalls = [], []
        for row in lines(folder / "queries.jsonl"):
            wanted = grades[row["_id"]]
            found = await library.search(LibraryQuery(row["text"], limit=10))
            ranked = [wanted.get(hit.passage.document_id, 0) for hit in found.hits]
            gains.append(gain(ranked) / (gain(sorted(wanted.values(), reverse=True)[:10]) or 1))
            recalls.append(sum(map(bool, ranked)) / min(10, len(wanted) or 1))
    name = f"a.lexical_{{}}_{folder.name}{label}"
    record(name.format("ndcg10"), statistics.mean(gains), "", None, None, COMMAND)
    record(name.format("recall10"), statistics.mean(recalls), "", None, None, COMMAND)


def gain(ranked: list[int]) -> float:
    """Discounted gain of these grades in this order."""
    return sum((2.0**grade - 1) / math.log2(place + 2) for place, grade in enumerate(ranked))


async def main(url: str | None) -> None:
    """Measure everything, on SQLite or on the empty PostgreSQL database of this address."""
    label = "_postgresql" if url else ""
    collection = SHARED / "retrieval" / "stackfaq"
    if sys.argv[-1] == "finding":
        await measure_finding(collection, url, label)
        return
    if not url:
        measure_opening()
    await measure_speed(url, label)
    if collection.is_dir() and not url:
        await measure_finding(collection, url, label)
    elif not url:
        print(f"no collection in {collection}: name its folder in COACH_SHARED_DATA")


if __name__ == "__main__":
    asyncio.run(main(next((word for word in sys.argv[1:] if ":" in word), None)))
