"""The door to Chroma: an index of vectors in a folder of ours, or on a server.

The only module that knows Chroma, and it is imported there no sooner than an index is opened.
Chroma loses data without a word when two processes share a folder or a file is damaged; so a
folder has one owner, and a child process tries each index before it is used. A server has one
collection for each generation; whoever uses it asks it the same questions over the network.
"""

import shutil
from asyncio import CancelledError
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar, cast
from urllib.parse import urlsplit

from coach.errors import CoachError
from coach.knowledge.canary import CANARY_SECONDS, sings
from coach.knowledge.nearest import IndexBroken
from coach.knowledge.ownership import own
from coach.knowledge.shelf import Shelf
from coach.llm.embeddings import Vectors

T = TypeVar("T")
COLLECTION = "passages"
OURS = "coach-"
BATCH = 5_000
PROBES = 12


@dataclass(frozen=True, slots=True)
class Place:
    """Where the index lies: on a server, in a folder, or nowhere."""

    folder: Path | None = None
    url: str | None = None

    @property
    def anywhere(self) -> bool:
        """Whether there is an index at all; without one all vectors are compared."""
        return self.folder is not None or self.url is not None


class _Collection(Protocol):
    """The part of a Chroma collection that is used here."""

    def count(self) -> int: ...
    def get(self, *, include: list[str]) -> dict[str, list[str]]: ...
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
    def delete_collection(self, name: str) -> None: ...
    def list_collections(self) -> Sequence[object]: ...
    def close(self) -> None: ...


Connection = tuple[_Client, _Collection]


class Home(Protocol):
    """A place that holds generations of the index, each under its name."""

    shared: bool  # whether other processes write there too
    folder: Path | None  # where they lie, unless a server keeps them

    def connect(self, name: str) -> Connection:
        """The generation of this name, to be asked."""

    def build(self, name: str, shelf: Shelf) -> None:
        """Put all of a shelf into a new generation."""

    def healthy(self, name: str, shelf: Shelf) -> bool:
        """Whether this generation holds what the shelf holds, and finds it."""

    def drop_but(self, names: Iterable[str]) -> None:
        """Let go of all generations but these."""


@contextmanager
def open_home(place: Place) -> Iterator[Home]:
    """The server where one is named, else the folder, which is then ours alone."""
    if place.url is not None:
        yield ServerHome(place.url)
        return
    if place.folder is None:
        raise IndexBroken("No place for an index is set.")
    with own(place.folder) as path:
        yield FolderHome(path)


class FolderHome:
    """A folder with a folder for each generation: Chroma never gives back the room of one."""

    shared = False

    def __init__(self, path: Path) -> None:
        self.folder: Path | None = path
        self._path = path

    def connect(self, name: str) -> Connection:
        """The generation of this name, to be asked."""
        client = _open_folder(self._path / name)
        return client, client.get_collection(COLLECTION, embedding_function=None)

    def build(self, name: str, shelf: Shelf) -> None:
        """Put all of a shelf into a new generation."""
        client = _open_folder(self._path / name)
        try:
            fill(_create(client, COLLECTION), shelf)
        finally:
            close(client)

    def healthy(self, name: str, shelf: Shelf) -> bool:
        """Whether a child process finds there what the database holds: a bad file can kill it."""
        return healthy(self._path / name, shelf)

    def drop_but(self, names: Iterable[str]) -> None:
        """Let go of all generations but these."""
        kept = set(names)
        for folder in self._path.iterdir():
            if folder.is_dir() and folder.name not in kept:
                shutil.rmtree(folder, ignore_errors=True)


class ServerHome:
    """A Chroma server on a private network, with a collection for each generation."""

    shared = True
    folder: Path | None = None

    def __init__(self, url: str) -> None:
        self._url = url

    def connect(self, name: str) -> Connection:
        """The generation of this name, to be asked."""
        client = _open_server(self._url)
        try:
            return client, client.get_collection(OURS + name, embedding_function=None)
        except BaseException:  # whatever it was, it is raised again
            close(client)
            raise

    def build(self, name: str, shelf: Shelf) -> None:
        """Put all of a shelf into a new generation."""
        client = _open_server(self._url)
        try:
            fill(_create(client, OURS + name), shelf)
        finally:
            close(client)

    def healthy(self, name: str, shelf: Shelf) -> bool:
        """Whether the server finds there what the database holds."""
        try:
            client, collection = self.connect(name)
        except Exception:  # noqa: BLE001  not there, or no server: told apart when it is built
            return False
        try:
            return sound(collection, shelf)
        finally:
            close(client)

    def drop_but(self, names: Iterable[str]) -> None:
        """Let go of all our generations but these; collections of others are not ours."""
        kept = {OURS + name for name in names}
        client = _open_server(self._url)
        try:
            for one in client.list_collections():
                name = str(getattr(one, "name", one))
                if name.startswith(OURS) and name not in kept:
                    client.delete_collection(name)
        finally:
            close(client)


def healthy(path: Path, shelf: Shelf) -> bool:
    """Whether a child process finds in this index what the database holds, in good time."""
    seconds = CANARY_SECONDS + len(shelf.keys) / 5_000  # a damaged one may hang its reader
    probes = [(str(shelf.keys[row]), shelf.vectors[row].tolist()) for row in sample(shelf)]
    return path.is_dir() and sings(path, COLLECTION, len(shelf.keys), probes, seconds)


def sound(collection: _Collection, shelf: Shelf) -> bool:
    """Whether a collection holds as many as the shelf, and passages find themselves in it."""
    return collection.count() == len(shelf.keys) and all(
        nearest(collection, shelf.vectors[row], 1).keys() == {int(shelf.keys[row])}
        for row in sample(shelf)
    )


def list_keys(collection: _Collection) -> set[int]:
    """The passages a collection really holds."""
    return {int(key) for key in collection.get(include=[])["ids"]}


def one_of(shelf: Shelf) -> tuple[int, Vectors] | None:
    """A passage with its vector that an index must find."""
    for row in sample(shelf)[:1]:
        return int(shelf.keys[row]), shelf.vectors[row]
    return None


def sample(shelf: Shelf) -> list[int]:
    """Rows spread over the shelf whose vectors are unlike all others: equal ones swap places."""
    count = len(shelf.keys)
    step = max(1, count // (4 * PROBES))
    rows = []
    for row in range(0, count, step):
        if (shelf.vectors @ shelf.vectors[row] > 0.9999).sum() == 1:
            rows.append(row)
    return rows[:: max(1, len(rows) // PROBES)][:PROBES]


def nearest(collection: _Collection, vector: Vectors, limit: int) -> dict[int, float]:
    """Key and cosine of the nearest passages."""
    found = collection.query(
        query_embeddings=[vector.tolist()], n_results=limit, include=["distances"]
    )
    pairs = zip(found["ids"][0], found["distances"][0], strict=True)
    return {int(key): 1.0 - float(distance) for key, distance in pairs}


def fill(collection: _Collection, shelf: Shelf, wanted: set[int] | None = None) -> None:
    """Put these passages of a shelf into a collection, or all of them."""
    rows = [row for row, key in enumerate(shelf.keys) if wanted is None or int(key) in wanted]
    for run in runs(rows):
        collection.add(
            ids=[str(shelf.keys[row]) for row in run],
            embeddings=[shelf.vectors[row].tolist() for row in run],
        )


def runs(items: Sequence[int]) -> Iterator[Sequence[int]]:
    """The items in portions that Chroma takes at once."""
    return (items[start : start + BATCH] for start in range(0, len(items), BATCH))


def guarded(work: Callable[[], T]) -> T:
    """The work's result; whatever Chroma throws, its panics too, becomes IndexBroken."""
    try:
        return work()
    except (KeyboardInterrupt, SystemExit, CancelledError, CoachError):
        raise
    except BaseException as fault:  # a panic of Chroma's is no Exception
        raise IndexBroken(f"The search index cannot be used ({type(fault).__name__}).") from fault


def close(client: _Client) -> None:
    """Let go of files and connections."""
    # Chroma leaves its connections to a server open, and has two sets of them.
    servers = [
        getattr(one, "_server", None) for one in (client, getattr(client, "_admin_client", 0))
    ]
    client.close()
    for session in [getattr(server, "_session", None) for server in servers]:
        if session is not None:
            session.close()


def _create(client: _Client, name: str) -> _Collection:
    return client.create_collection(
        name, embedding_function=None, configuration={"hnsw": {"space": "cosine"}}
    )


def _open_folder(path: Path) -> _Client:
    # Importing Chroma takes a second, which a command without an index does not have.
    import chromadb  # noqa: PLC0415
    from chromadb.config import Settings  # noqa: PLC0415

    settings = Settings(anonymized_telemetry=False, allow_reset=False)
    return cast(_Client, chromadb.PersistentClient(str(path), settings))


def _open_server(url: str) -> _Client:
    import chromadb  # noqa: PLC0415  as above
    from chromadb.config import Settings  # noqa: PLC0415

    parts = urlsplit(url)
    ssl = parts.scheme == "https"
    settings = Settings(anonymized_telemetry=False, allow_reset=False)
    port = parts.port or (443 if ssl else 8000)
    try:
        client = chromadb.HttpClient(parts.hostname or "localhost", port, ssl, settings=settings)
    except ValueError as fault:  # so it says that nobody answers
        raise IndexBroken("The Chroma server does not answer; see COACH_CHROMA_URL.") from fault
    return cast(_Client, client)
