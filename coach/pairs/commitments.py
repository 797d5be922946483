"""What the two promised each other, and what became of it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from coach.errors import CoachError, NotFound
from coach.pairs.checking import LONGEST_COMMITMENT
from coach.pairs.pairing import find_open_pair
from coach.pairs.records import CommitmentStatus
from coach.pairs.sessions import check_words, find_open_session, next_position
from coach.people.permissions import Role, Viewer, find_pair, is_theirs
from coach.storage.database import Db
from coach.storage.tables import Commitment, MentoringSession, Pair


class CommitmentFault(CoachError):
    """A commitment cannot be kept as written."""

    status = 422
    title = f"A commitment needs 1 to {LONGEST_COMMITMENT} characters."


@dataclass(frozen=True, slots=True)
class KnownCommitment:
    """A commitment as its pair sees it in a list."""

    id: UUID
    session_id: UUID
    session_number: int
    external_id: str
    owner: Role
    text: str
    due: str | None
    status: CommitmentStatus


def save_commitment(
    db: Db, viewer: Viewer, session_id: UUID, owner: Role, text: str, due: str | None = None
) -> UUID:
    """Write down what one of the two promised in a session."""
    check_words("commitment", text, due)
    if not text.strip() or len(text) > LONGEST_COMMITMENT or len(due or "") > LONGEST_COMMITMENT:
        raise CommitmentFault
    pair, session = find_open_session(db, viewer, session_id)
    commitment = Commitment(
        session_id=session.id,
        external_id=_next_id(db, pair),
        owner=owner,
        text=text,
        due=due or None,
        position=next_position(db, Commitment, session.id),
    )
    db.add(commitment)
    db.flush()
    return commitment.id


def mark_commitment(db: Db, viewer: Viewer, commitment_id: UUID, status: CommitmentStatus) -> None:
    """Say that a promise is done, open, blocked or dropped, wherever its pair lists it."""
    promise = sa.select(Commitment.external_id, MentoringSession.pair_id).join(MentoringSession)
    mine = promise.join(Pair).where(is_theirs(viewer), Commitment.id == commitment_id)
    found = db.execute(mine).one_or_none()
    if found is None:
        raise NotFound
    pair = find_open_pair(db, viewer, found.pair_id)
    sessions = sa.select(MentoringSession.id).where(MentoringSession.pair_id == pair.id)
    # A promise carried over stands in several sessions under one id; all of them tell the same.
    db.execute(
        sa.update(Commitment)
        .where(Commitment.session_id.in_(sessions), Commitment.external_id == found.external_id)
        .values(status=status)
    )


def list_commitments(db: Db, viewer: Viewer, pair_id: UUID) -> tuple[KnownCommitment, ...]:
    """Every commitment of one of the viewer's pairs, in the order they were made; or NotFound."""
    find_pair(db, viewer, pair_id)
    query = (
        sa.select(Commitment, MentoringSession.number)
        .join(MentoringSession)
        .where(MentoringSession.pair_id == pair_id)
        .order_by(MentoringSession.number, Commitment.position)
    )
    return tuple(_build_commitment(row, number) for row, number in db.execute(query))


def latest_promises(promises: tuple[KnownCommitment, ...]) -> tuple[KnownCommitment, ...]:
    """Each promise once; one carried over counts where it stands last."""
    return tuple({one.external_id: one for one in promises}.values())


def _next_id(db: Db, pair: Pair) -> str:
    """An id no commitment of the pair has; the pair is locked, so nobody else takes it."""
    query = sa.select(Commitment.external_id).join(MentoringSession)
    taken = set(db.scalars(query.where(MentoringSession.pair_id == pair.id)))
    number = len(taken) + 1
    while f"{pair.external_id}-c{number}" in taken:
        number += 1
    return f"{pair.external_id}-c{number}"


def _build_commitment(row: Commitment, number: int) -> KnownCommitment:
    owner: Any = row.owner
    status: Any = row.status
    return KnownCommitment(
        id=row.id,
        session_id=row.session_id,
        session_number=number,
        external_id=row.external_id,
        owner=owner,
        text=row.text,
        due=row.due,
        status=status,
    )
