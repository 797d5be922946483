"""Tries out what publishing versions would change for the golden questions, and undoes it.

On SQLite that is done in a copy of the library, for there an open transaction keeps all others from
writing. On PostgreSQL it is a transaction that is never kept; only who writes in the library waits.
"""

import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

import anyio
import numpy as np
import sqlalchemy as sa
from anyio import to_thread

from coach.knowledge.comparing import NOTHING_ASKED, Answer, Comparison, Gate, ask, compare
from coach.knowledge.library import find_document, library_version, publish_versions
from coach.knowledge.pins import list_gate
from coach.knowledge.sql_library import SqlLibrary
from coach.knowledge.vectors import BATCH, list_unembedded, save_vectors
from coach.llm.embeddings import Encoder, EncoderFault, Vectors, encode_checked
from coach.storage import tables
from coach.storage.aside import open_aside
from coach.storage.database import Database, Db, P, T, Work

# What is read of a library, and so all that a copy of it needs.
READ = ("library_state", "documents", "document_versions", "passages", "vectors")
HELD, TOLD_EVERY = 5.0, 0.5
# Others get their turn with the library between two looks.
REST = 0.15
Tell = Callable[[str, int, int], Awaitable[None]]


class _Undone(Exception):
    """Ends a transaction of which nothing is kept."""


class _Known:
    """An encoder that remembers what it encoded; once closed it encodes nothing new."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._vectors: dict[str, Vectors] = {}
        self.model = encoder.model
        self.dimension = encoder.dimension
        self.closed = False

    async def encode(self, texts: Sequence[str]) -> Vectors:
        """One row for each text, or EncoderFault for a new text once this is closed."""
        new = [text for text in texts if text not in self._vectors]
        if new and self.closed:
            raise EncoderFault
        if new:
            rows = await encode_checked(self._encoder, new)
            self.dimension = self._encoder.dimension
            self._vectors.update(zip(new, rows, strict=True))
        return np.vstack([self._vectors[text] for text in texts])


class _Inside:
    """The database as it looks inside one open transaction."""

    db: Db

    async def read(self, work: Work[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do this work in the transaction."""
        return work(self.db, *args, **kwargs)


@dataclass(frozen=True, slots=True)
class Tried:
    """The same questions asked before and after; `version` is the library they were asked of."""

    befores: Sequence[Answer]
    afters: Sequence[Answer]
    version: str


@dataclass(slots=True)
class _Told:
    """Tells how far a trial is, each question counted before and after, and not too often."""

    questions: int
    tell: Tell | None
    last: float = 0.0

    async def now(self, before: int, after: int) -> None:
        """So many were asked before the publication, and so many after."""
        await self.of("asking", before + after, 2 * self.questions)

    async def of(self, stage: str, done: int, total: int) -> None:
        """So far is this stage."""
        moment = time.monotonic()
        if self.tell is not None and (moment - self.last >= TOLD_EVERY or done == total):
            self.last = moment
            await self.tell(stage, done, total)


@dataclass(frozen=True, slots=True)
class _Trial:
    """What is tried: these versions, against these questions."""

    encoder: Encoder | None
    versions: Mapping[str, int]
    gate: Gate
    now: datetime
    told: _Told

    def publish(self, db: Db) -> None:
        """Let it be as if they were published."""
        publish_versions(db, self.versions, self.now)


async def try_publishing(
    database: Database,
    encoder: Encoder | None,
    document_id: str,
    gate: Gate,
    now: datetime,
    tell: Tell | None = None,
) -> Comparison:
    """What publishing the newest version would change; raises DocumentNotFound."""
    if await database.read(is_published, document_id):
        return NOTHING_ASKED
    versions = {document_id: await database.read(newest_number, document_id)}
    tried = await try_versions(database, encoder, versions, gate, now, tell)
    return compare(tried.befores, tried.afters)


async def try_versions(
    database: Database,
    encoder: Encoder | None,
    versions: Mapping[str, int],
    gate: Gate,
    now: datetime,
    tell: Tell | None = None,
) -> Tried:
    """The golden questions asked as things are, and as they are once all of these are published."""
    wanted = await database.read(list_gate, gate.questions, *versions)
    if not wanted:
        return Tried((), (), await database.read(library_version))
    asked = Gate(wanted, gate.refuses)
    trial = _Trial(encoder, versions, asked, now, _Told(len(wanted), tell))
    if database.writer.dialect.name == "sqlite":
        return await _try_aside(database, trial)
    return await _try_inside(database, trial)


def newest_number(db: Db, document_id: str) -> int:
    """The number of the newest version; raises DocumentNotFound."""
    document = find_document(db, document_id)
    version = tables.DocumentVersion
    return db.scalars(
        sa.select(version.number).where(version.id == document.current_version_id)
    ).one()


def is_published(db: Db, document_id: str) -> bool:
    """Whether pairs read the newest version already."""
    document = find_document(db, document_id)
    return (
        document.state == "published"
        and document.published_version_id == document.current_version_id
    )


# --- In a copy --------------------------------------------------------------------------------


async def _try_aside(database: Database, trial: _Trial) -> Tried:
    opening = open_aside(database, READ)
    aside = await to_thread.run_sync(opening.__enter__)
    try:
        version = await aside.read(library_version)
        await _embed(aside, database, trial)
        befores = await _ask_all(aside, trial, 0)
        await aside.transact(trial.publish)
        await _embed(aside, database, trial)
        return Tried(befores, await _ask_all(aside, trial, len(befores)), version)
    finally:
        with anyio.CancelScope(shield=True):
            await to_thread.run_sync(opening.__exit__, None, None, None)


async def _ask_all(aside: Database, trial: _Trial, done: int) -> list[Answer]:
    library, found = SqlLibrary(aside, trial.encoder), list[Answer]()
    for one in trial.gate.questions:
        found.append(await ask(library, one, trial.gate.refuses))
        await trial.told.now(done, len(found))
    return found


async def _embed(aside: Database, database: Database, trial: _Trial) -> None:
    """Give what is published in the copy its vectors, which stay for when it is in truth."""
    encoder = trial.encoder
    if encoder is None:
        return
    await _fill(await aside.read(list_unembedded, encoder), trial, (database, aside))


async def _fill(
    wanted: Sequence[tuple[str, str]], trial: _Trial, databases: Sequence[Database]
) -> None:
    encoder = cast(Encoder, trial.encoder)
    for start in range(0, len(wanted), BATCH):
        chunk = wanted[start : start + BATCH]
        try:
            vectors = await encode_checked(encoder, [text for _, text in chunk])
        except EncoderFault:
            return  # the trial compares words, as search would
        hashes = [digest for digest, _ in chunk]
        for one in databases:
            await one.transact(save_vectors, encoder.model, hashes, vectors)
        await trial.told.of("embedding", start + len(chunk), len(wanted))


# --- Inside a transaction ---------------------------------------------------------------------


async def _try_inside(database: Database, trial: _Trial) -> Tried:
    version = await database.read(library_version)
    known = _Known(trial.encoder) if trial.encoder is not None else None
    if known is not None:
        wanted = await to_thread.run_sync(_missing, database, trial, limiter=database.lanes)
        await _fill(wanted, trial, (database,))
    library = SqlLibrary(database, known)
    befores: list[Answer] = []
    for one in trial.gate.questions:
        befores.append(await ask(library, one, trial.gate.refuses))
        await trial.told.now(len(befores), 0)
    if known is not None:
        known.closed = True
    return Tried(befores, await _after(database, known, trial), version)


async def _after(database: Database, encoder: _Known | None, trial: _Trial) -> list[Answer]:
    """What the library makes of the questions once these versions are published."""
    inside, wanted = _Inside(), trial.gate.questions
    library = SqlLibrary(cast(Database, inside), encoder)
    found: list[Answer] = []

    async def ask_on() -> None:
        until = time.monotonic() + HELD
        for one in wanted[len(found) :]:
            found.append(await ask(library, one, trial.gate.refuses))
            if time.monotonic() > until:
                return

    def hold() -> None:
        try:
            with database.transaction() as db:
                inside.db = db
                trial.publish(db)
                anyio.run(ask_on)
                raise _Undone
        except _Undone:
            pass

    while len(found) < len(wanted):
        await to_thread.run_sync(hold, limiter=database.lanes)
        await anyio.sleep(REST)
        await trial.told.now(len(wanted), len(found))
    return found


def _missing(database: Database, trial: _Trial) -> list[tuple[str, str]]:
    """What would be published and has no vector yet."""
    found: list[tuple[str, str]] = []
    try:
        with database.transaction() as db:
            trial.publish(db)
            db.flush()
            found = list_unembedded(db, cast(Encoder, trial.encoder))
            raise _Undone
    except _Undone:
        return found
