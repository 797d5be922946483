"""Tries out what publishing a document would change for the golden questions, and undoes it.

The trial is a transaction that is never kept. It holds the database for a moment at a time, so
that nobody who writes meanwhile has to wait for long.
"""

import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

import anyio
import numpy as np
from anyio import to_thread

from coach.knowledge.comparing import NOTHING_ASKED, Answer, Comparison, Gate, ask, compare
from coach.knowledge.library import find_document, publish_document
from coach.knowledge.pins import list_gate
from coach.knowledge.sql_library import SqlLibrary
from coach.knowledge.vectors import BATCH, list_unembedded, save_vectors
from coach.llm.embeddings import Encoder, EncoderFault, Vectors, encode_checked
from coach.storage.database import Database, Db, P, T, Work

HELD, TOLD_EVERY = 0.5, 0.5
# Others get their turn with the database; SQLite asks again after up to a tenth of a second.
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
    wanted = await database.read(list_gate, gate.questions, document_id)
    told = _Told(len(wanted), tell)
    known = _Known(encoder) if encoder is not None else None
    if encoder is not None:
        await _embed(database, encoder, (document_id, now), told)
    library = SqlLibrary(database, known)
    before: list[Answer] = []
    for one in wanted:
        before.append(await ask(library, one, gate.refuses))
        await told.now(len(before), 0)
    if known is not None:
        known.closed = True
    after = await _after(database, known, (document_id, now), Gate(wanted, gate.refuses), told)
    return compare(before, after)


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


async def _after(
    database: Database,
    encoder: _Known | None,
    published: tuple[str, datetime],
    gate: Gate,
    told: _Told,
) -> list[Answer]:
    """What the library makes of the questions once this document is published."""
    inside, wanted = _Inside(), gate.questions
    library = SqlLibrary(cast(Database, inside), encoder)
    found: list[Answer] = []

    async def ask_on() -> None:
        until = time.monotonic() + HELD
        for one in wanted[len(found) :]:
            found.append(await ask(library, one, gate.refuses))
            if time.monotonic() > until:
                return

    def hold() -> None:
        try:
            with database.transaction() as db:
                inside.db = db
                publish_document(db, *published)
                anyio.run(ask_on)
                raise _Undone
        except _Undone:
            pass

    while len(found) < len(wanted):
        await to_thread.run_sync(hold, limiter=database.lanes)
        await anyio.sleep(REST)
        await told.now(len(wanted), len(found))
    return found


async def _embed(
    database: Database, encoder: Encoder, published: tuple[str, datetime], told: _Told
) -> None:
    """Give the passages that would be published their vectors, which stay for when they are."""

    def missing() -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = []
        try:
            with database.transaction() as db:
                publish_document(db, *published)
                db.flush()
                found = list_unembedded(db, encoder)
                raise _Undone
        except _Undone:
            return found

    wanted = await to_thread.run_sync(missing, limiter=database.lanes)
    for start in range(0, len(wanted), BATCH):
        chunk = wanted[start : start + BATCH]
        try:
            vectors = await encode_checked(encoder, [text for _, text in chunk])
        except EncoderFault:
            return  # the trial compares words, as search would
        hashes = [digest for digest, _ in chunk]
        await database.transact(save_vectors, encoder.model, hashes, vectors)
        await told.of("embedding", start + len(chunk), len(wanted))


def is_published(db: Db, document_id: str) -> bool:
    """Whether pairs read the newest version already."""
    document = find_document(db, document_id)
    return (
        document.state == "published"
        and document.published_version_id == document.current_version_id
    )
