"""Saves the answer of a request under its key, so that the same request twice has one effect."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from coach.errors import CoachError
from coach.people.permissions import Viewer
from coach.storage.database import Db
from coach.storage.tables import IdempotencyKey

KEPT = timedelta(hours=24)
RUNNING = timedelta(minutes=5)
LONGEST_KEY = 200


class KeyReused(CoachError):
    """The key came back with another payload."""

    status = 422
    title = "This Idempotency-Key was used for another request: choose a new one."


class StillRunning(CoachError):
    """The first request of this key has not been answered yet."""

    status = 409
    title = "The first request with this Idempotency-Key is still running: ask again in a moment."


@dataclass(frozen=True, slots=True)
class Attempt:
    """One request as idempotency knows it: who asks for what, under which key."""

    viewer: Viewer
    route: str
    key: str
    payload: bytes

    @property
    def place(self) -> tuple[UUID, str, str]:
        """Where its key is kept: everybody has keys of their own for each route."""
        return self.viewer.person_id, self.route, self.key

    @property
    def payload_hash(self) -> str:
        """What tells this payload from another."""
        return hashlib.sha256(self.payload).hexdigest()


@dataclass(frozen=True, slots=True)
class Answer:
    """A saved answer, of a failure too."""

    status: int
    body: str


def save_attempt(db: Db, attempt: Attempt, now: datetime) -> Answer | None:
    """Take the key, None = go on; or the saved answer. Raises KeyReused or StillRunning.

    Run it in a transaction of its own before the work begins, so that a second request sees it.
    """
    if not 0 < len(attempt.key) <= LONGEST_KEY:
        raise KeyReused(f"An Idempotency-Key has 1 to {LONGEST_KEY} characters.")
    db.execute(sa.delete(IdempotencyKey).where(IdempotencyKey.expires_at <= now))
    known = db.get(IdempotencyKey, attempt.place)
    if known is None:
        # Who died on the way leaves the key free again soon.
        _take(db, attempt, now + RUNNING)
        return None
    if known.payload_hash != attempt.payload_hash:
        raise KeyReused
    if known.status is None or known.body is None:
        raise StillRunning
    return Answer(known.status, known.body)


def save_answer(db: Db, attempt: Attempt, answer: Answer, now: datetime) -> None:
    """Keep the answer for whoever asks again, in the transaction that writes what it tells.

    Raises StillRunning when this took so long that the key ran out and another request took it:
    one of the two writes, and the other leaves everything as it was.
    """
    kept = db.get(IdempotencyKey, attempt.place, with_for_update=True, populate_existing=True)
    if kept is None:
        kept = _take(db, attempt, now + KEPT)
    elif kept.status is not None or kept.payload_hash != attempt.payload_hash:
        raise StillRunning
    kept.status, kept.body, kept.expires_at = answer.status, answer.body, now + KEPT
    db.flush()


def delete_attempt(db: Db, attempt: Attempt) -> None:
    """Give the key back after work that was broken off, so that it may be tried again."""
    same = sa.and_(
        IdempotencyKey.person_id == attempt.viewer.person_id,
        IdempotencyKey.route == attempt.route,
        IdempotencyKey.key == attempt.key,
    )
    db.execute(sa.delete(IdempotencyKey).where(same, IdempotencyKey.status.is_(None)))


def _take(db: Db, attempt: Attempt, until: datetime) -> IdempotencyKey:
    person_id, route, key = attempt.place
    taken = IdempotencyKey(
        person_id=person_id,
        route=route,
        key=key,
        payload_hash=attempt.payload_hash,
        expires_at=until,
    )
    db.add(taken)
    try:
        db.flush()
    except sa.exc.IntegrityError as twin:  # on PostgreSQL both may get this far
        raise StillRunning from twin
    return taken
