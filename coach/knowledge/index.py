"""The index of vectors in Chroma: a cache of what the database holds, which nobody need trust.

The only module that knows Chroma, and it is imported there no sooner than a folder is opened.
Chroma loses data without a word when two processes share a folder or a file is damaged; so a
folder has one owner, a child process tries each index before it is used, and a damaged one is
put aside and built again from the vectors in the database, without one call to a model.
"""

import hashlib
import json
import shutil
import subprocess
import sys
from asyncio import CancelledError
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar, cast
from uuid import uuid4

import anyio
import sqlalchemy as sa
from anyio import to_thread

from coach.errors import CoachError
from coach.knowledge.library import library_version
from coach.knowledge.ownership import own
from coach.knowledge.sql_library import IndexBroken
from coach.knowledge.vectors import Shelf, load_shelf
from coach.llm.embeddings import Vectors
from coach.storage import tables
from coach.storage.database import Database, Db

T = TypeVar("T")
COLLECTION = "passages"
BATCH = 5_000
PROBES = 12
CANARY_SECONDS = 60.0
# What a vector is made from; another text in front or another cut is another generation.
RECIPE = "cosine, length 1, title > headings > text, passages of 1,000 characters"
REBUILT = "The search index was missing or damaged and has been built again from the database."
CANARY = """
import sys, json, chromadb
from chromadb.config import Settings
path, name, want, probes = json.load(sys.stdin)
client = chromadb.PersistentClient(path, Settings(anonymized_telemetry=False, allow_reset=False))
found = client.get_collection(name, embedding_function=None)
assert found.count() == want, "count"
for key, vector in probes:
    assert found.query(query_embeddings=[vector], n_results=1)["ids"][0] == [key], "recall"
"""


class _Collection(Protocol):
    """The part of a Chroma collection that is used here."""

    def add(self, *, ids: list[str], embeddings: list[list[float]]) -> None: ...
    def delete(self, *, ids: list[str]) -> object: ...
    def query(
        self, *, query_embeddings: list[list[float]], n_results: int, include: list[str]
    ) -> dict[str, list[list[str]]]: ...


class _Client(Protocol):
    """The part of a Chroma client that is used here."""

    def create_collection(
        self, name: str, *, embedding_function: None, configuration: dict[str, object]
    ) -> _Collection: ...
    def get_collection(self, name: str, *, embedding_function: None) -> _Collection: ...
    def close(self) -> None: ...


class ChromaIndex:
    """An open index. It answers for one version of the library and can follow to the next."""

    def __init__(self, path: Path, shelf: Shelf, version: str, note: str | None) -> None:
        self.version = version
        self.note = note
        self._path = path
        self._known = {int(key) for key in shelf.keys}
        self._sample = _one(shelf)
        self._limiter = anyio.CapacityLimiter(4)
        self._client = _guarded(lambda: _open(path))
        self._collection = _guarded(lambda: _collection(self._client))

    async def nearest(self, vector: Vectors, limit: int) -> dict[int, float]:
        """Key and cosine of the nearest passages, or IndexBroken."""

        def ask() -> dict[int, float]:
            found = self._collection.query(
                query_embeddings=[vector.tolist()], n_results=limit, include=["distances"]
            )
            pairs = zip(found["ids"][0], found["distances"][0], strict=True)
            return {int(key): 1.0 - float(distance) for key, distance in pairs}

        if not self._known:
            return {}
        return await to_thread.run_sync(_guarded, ask, limiter=self._limiter)

    async def probe(self) -> None:
        """See that a passage still finds itself, or raise IndexBroken."""
        if self._sample is None:
            return
        key, vector = self._sample
        if (await self.nearest(vector, 1)).keys() != {key}:
            raise IndexBroken("The search index no longer finds what was put into it.")

    async def follow(self, database: Database, model: str, dimension: int) -> None:
        """Take in what was published since, and let go of what was withdrawn."""
        version, shelf = await database.read(_state, model, dimension)

        def change() -> None:
            wanted = {int(key) for key in shelf.keys}
            for gone in _runs(sorted(self._known - wanted)):
                self._collection.delete(ids=[str(key) for key in gone])
            _add(self._collection, shelf, wanted - self._known)
            self._known = wanted
            self._sample = _one(shelf)

        if version != self.version or len(shelf.keys) != len(self._known):
            await to_thread.run_sync(_guarded, change, limiter=self._limiter)
            self.version = version

    def close(self) -> None:
        """Let go of the files."""
        _guarded(self._client.close)


@contextmanager
def open_index(
    folder: Path, database: Database, model: str, dimension: int
) -> Iterator[ChromaIndex]:
    """The index of this model, tried first and built again when it is missing or damaged."""
    with own(folder) as path:
        with database.reading() as db:
            version, shelf = _state(db, model, dimension)
            name = _live(db, model, dimension)
        note = None
        if name is None or not healthy(path / name, shelf):
            note = REBUILT if name is not None else None
            name = _replace(path, database, shelf, model, dimension)
        index = ChromaIndex(path / name, shelf, version, note)
        try:
            yield index
        finally:
            index.close()


def rebuild_index(folder: Path, database: Database, model: str, dimension: int) -> int:
    """Build the index anew from the vectors in the database; how many passages it holds."""
    with own(folder) as path:
        with database.reading() as db:
            _, shelf = _state(db, model, dimension)
        _replace(path, database, shelf, model, dimension)
    return len(shelf.keys)


def healthy(path: Path, shelf: Shelf, seconds: float = CANARY_SECONDS) -> bool:
    """Whether a child process finds in this index what the database holds, within this time."""
    if not path.is_dir():
        return False
    probes = [[str(shelf.keys[row]), shelf.vectors[row].tolist()] for row in _sample(shelf)]
    case = json.dumps([str(path), COLLECTION, len(shelf.keys), probes])
    try:
        child = subprocess.run(  # noqa: S603  our own program, nothing from outside
            [sys.executable, "-c", CANARY],
            input=case.encode(),
            timeout=seconds,
            capture_output=True,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return False
    return child.returncode == 0


def _one(shelf: Shelf) -> tuple[int, Vectors] | None:
    """A passage with its vector that an index must find."""
    for row in _sample(shelf)[:1]:
        return int(shelf.keys[row]), shelf.vectors[row]
    return None


def _sample(shelf: Shelf) -> list[int]:
    """Rows spread over the shelf whose vectors are unlike all others: equal ones swap places."""
    count = len(shelf.keys)
    step = max(1, count // (4 * PROBES))
    rows = []
    for row in range(0, count, step):
        if (shelf.vectors @ shelf.vectors[row] > 0.9999).sum() == 1:
            rows.append(row)
    return rows[:: max(1, len(rows) // PROBES)][:PROBES]


# --- Building ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Recipe:
    """What one generation is made with."""

    model: str
    dimension: int

    @property
    def prefix(self) -> str:
        """The beginning of the names of all folders made this way."""
        text = f"{self.model}\n{self.dimension}\n{RECIPE}"
        return hashlib.sha256(text.encode()).hexdigest()[:8]


def _state(db: Db, model: str, dimension: int) -> tuple[str, Shelf]:
    return library_version(db), load_shelf(db, model, dimension)


def _live(db: Db, model: str, dimension: int) -> str | None:
    """The folder of the generation in use, if it was made the way we make them."""
    row = tables.IndexGeneration
    prefix = _Recipe(model, dimension).prefix
    return db.scalar(sa.select(row.name).where(row.state == "live", row.name.startswith(prefix)))


def _replace(path: Path, database: Database, shelf: Shelf, model: str, dimension: int) -> str:
    """Build a generation beside the others, try it, and only then let it be the live one."""
    name = f"{_Recipe(model, dimension).prefix}-{uuid4().hex[:8]}"
    _guarded(lambda: _build(path / name, shelf))
    if not healthy(path / name, shelf):
        shutil.rmtree(path / name, ignore_errors=True)
        raise IndexBroken("A fresh search index did not find what was put into it.")
    with database.transaction() as db:
        old = _swap(db, name, model, dimension)
    for folder in path.iterdir():
        if folder.is_dir() and folder.name not in {name, old}:
            shutil.rmtree(folder, ignore_errors=True)
    return name


def _swap(db: Db, name: str, model: str, dimension: int) -> str | None:
    """Make this generation the live one; the name of the one before, kept until the next."""
    row = tables.IndexGeneration
    old = db.scalar(sa.select(row.name).where(row.state == "live"))
    db.execute(sa.delete(row).where(row.state != "live"))
    db.execute(sa.update(row).values(state="retired"))
    db.add(row(name=name, model=model, dimension=dimension, state="live"))
    return old


def _build(path: Path, shelf: Shelf) -> None:
    client = _open(path)
    try:
        collection = client.create_collection(
            COLLECTION, embedding_function=None, configuration={"hnsw": {"space": "cosine"}}
        )
        _add(collection, shelf, {int(key) for key in shelf.keys})
    finally:
        client.close()


# --- The door to Chroma -----------------------------------------------------------------------


def _open(path: Path) -> _Client:
    # Importing Chroma takes a second, which a command without an index does not have.
    import chromadb  # noqa: PLC0415
    from chromadb.config import Settings  # noqa: PLC0415

    settings = Settings(anonymized_telemetry=False, allow_reset=False)
    return cast(_Client, chromadb.PersistentClient(str(path), settings))


def _collection(client: _Client) -> _Collection:
    return client.get_collection(COLLECTION, embedding_function=None)


def _add(collection: _Collection, shelf: Shelf, wanted: set[int]) -> None:
    rows = [row for row, key in enumerate(shelf.keys) if int(key) in wanted]
    for run in _runs(rows):
        collection.add(
            ids=[str(shelf.keys[row]) for row in run],
            embeddings=[shelf.vectors[row].tolist() for row in run],
        )


def _runs(items: Sequence[int]) -> Iterator[Sequence[int]]:
    return (items[start : start + BATCH] for start in range(0, len(items), BATCH))


def _guarded(work: Callable[[], T]) -> T:
    """The work's result; whatever Chroma throws, its panics too, becomes IndexBroken."""
    try:
        return work()
    except (KeyboardInterrupt, SystemExit, CancelledError, CoachError):
        raise
    except BaseException as fault:  # a panic of Chroma's is no Exception
        raise IndexBroken(f"The search index cannot be used ({type(fault).__name__}).") from fault
