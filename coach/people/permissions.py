"""Who is asking, and the where-clauses that limit every read to what they may see.

An admin runs the programme and curates the library; being one opens no way to what a pair writes.
"""

from dataclasses import dataclass
from typing import Literal, TypeVar
from uuid import UUID

import sqlalchemy as sa

from coach.errors import NotFound
from coach.storage.database import Db
from coach.storage.tables import (
    FollowUps,
    MemoryItem,
    MentoringSession,
    Note,
    Pair,
    Person,
    PrepBrief,
    Recap,
)

Role = Literal["mentor", "mentee"]
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Viewer:
    """The person making this request."""

    person_id: UUID
    programme_id: UUID
    is_admin: bool = False


def is_theirs(viewer: Viewer) -> sa.ColumnElement[bool]:
    """The clause that leaves only the pairs this person belongs to."""
    return sa.and_(
        Pair.programme_id == viewer.programme_id,
        sa.or_(Pair.mentor_id == viewer.person_id, Pair.mentee_id == viewer.person_id),
    )


def pairs_of(viewer: Viewer) -> sa.Select[Pair]:
    """The pairs this person belongs to."""
    return sa.select(Pair).where(is_theirs(viewer))


def sessions_of(viewer: Viewer) -> sa.Select[MentoringSession]:
    """The sessions of those pairs."""
    return sa.select(MentoringSession).join(Pair).where(is_theirs(viewer))


def notes_visible_to(viewer: Viewer) -> sa.Select[Note]:
    """The shared notes of those pairs, and this person's own private ones."""
    readable = sa.or_(Note.visibility == "pair", Note.author_id == viewer.person_id)
    return sa.select(Note).join(MentoringSession).join(Pair).where(is_theirs(viewer), readable)


def follow_ups_of(viewer: Viewer) -> sa.Select[FollowUps]:
    """The follow-up questions of those pairs."""
    return sa.select(FollowUps).join(MentoringSession).join(Pair).where(is_theirs(viewer))


def recaps_of(viewer: Viewer) -> sa.Select[Recap]:
    """The recaps this person asked for; nobody else reads them."""
    mine = Recap.reader_id == viewer.person_id
    return sa.select(Recap).join(MentoringSession).join(Pair).where(is_theirs(viewer), mine)


def preps_of(viewer: Viewer) -> sa.Select[PrepBrief]:
    """The prep briefs written for this person; nobody else reads them."""
    mine = PrepBrief.reader_id == viewer.person_id
    return sa.select(PrepBrief).join(MentoringSession).join(Pair).where(is_theirs(viewer), mine)


def memory_of(viewer: Viewer) -> sa.Select[MemoryItem]:
    """What this person keeps of what was taught, or wants no more; nobody else sees it."""
    mine = MemoryItem.person_id == viewer.person_id
    return sa.select(MemoryItem).join(MentoringSession).join(Pair).where(is_theirs(viewer), mine)


def people_of(viewer: Viewer) -> sa.Select[Person]:
    """The people of the viewer's programme for an admin; for others, only themselves."""
    everyone = sa.select(Person).where(Person.programme_id == viewer.programme_id)
    return everyone if viewer.is_admin else everyone.where(Person.id == viewer.person_id)


def find_pair(db: Db, viewer: Viewer, pair_id: UUID, lock: bool = False) -> Pair:
    """One of the viewer's pairs as a row, or NotFound; locked when it is about to change."""
    return one(db, pairs_of(viewer).where(Pair.id == pair_id), lock)


def find_session(
    db: Db, viewer: Viewer, session_id: UUID, lock: bool = False
) -> tuple[Pair, MentoringSession]:
    """A session of one of the viewer's pairs with its pair, or NotFound; locked pair first."""
    known = sessions_of(viewer).where(MentoringSession.id == session_id)
    session = one(db, known)
    pair = find_pair(db, viewer, session.pair_id, lock)
    return (pair, one(db, known, lock)) if lock else (pair, session)


def role_of(viewer: Viewer, pair: Pair) -> Role:
    """Whether the viewer is mentor or mentee of this pair."""
    return "mentor" if pair.mentor_id == viewer.person_id else "mentee"


def one(db: Db, query: sa.Select[Row], lock: bool = False) -> Row:
    """The row of this query, or NotFound; a lock waits for others and reads anew."""
    if lock:
        table = query.column_descriptions[0]["entity"]
        query = query.with_for_update(of=table).execution_options(populate_existing=True)
    row = db.scalars(query).one_or_none()
    if row is None:
        raise NotFound
    return row
