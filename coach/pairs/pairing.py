"""How a pair comes to be, who belongs to it, and what it says about itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from coach.errors import CoachError, NotFound
from coach.pairs.exchange import PairFile, read_pair
from coach.pairs.imports import save_new_pair
from coach.pairs.loading import SHARED, build_export
from coach.pairs.rows import build_goals, build_profile, language_of
from coach.people.permissions import Role, Viewer, find_pair, is_theirs, role_of
from coach.storage.database import Db
from coach.storage.tables import Goal, MemoryItem, MentoringSession, Note, Pair, Person, Recap

PairState = Literal["active", "paused", "ended"]
Known = sa.Select[Pair, Person, Person]


class PairTaken(CoachError):
    """The id of a new pair is in use."""

    status = 409
    title = "There is already a pair with this id in the programme."


class PairEnded(CoachError):
    """The pair has ended, so nothing new is written."""

    status = 409
    title = "This pair has ended: what it wrote can be read, and nothing can be added."


class PairPaused(CoachError):
    """The pair has paused, so nothing new is written until it goes on."""

    status = 409
    title = "This pair is paused: what it wrote can be read. Resume it, and you can go on writing."


class SeatTaken(CoachError):
    """A person already stands in this place of the pair."""

    status = 409
    title = "This place in the pair is taken by a person, so nobody else can be put there."


@dataclass(frozen=True, slots=True)
class KnownPair:
    """A pair as its own two people see it in a list; `role` is the viewer's."""

    id: UUID
    external_id: str
    title: str
    state: PairState
    role: Role
    mentor_id: UUID
    mentor_name: str
    mentee_id: UUID
    mentee_name: str
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Pairing:
    """Who is paired with whom, as an admin may know it: nothing the two wrote."""

    id: UUID
    external_id: str
    state: PairState
    mentor_id: UUID
    mentor_name: str
    mentee_id: UUID
    mentee_name: str


def save_pair(db: Db, viewer: Viewer, file: PairFile, mentor_id: UUID, mentee_id: UUID) -> UUID:
    """Form a pair of two people of the admin's programme; raises NotFound or PairTaken."""
    people = sa.select(sa.func.count()).where(
        Person.programme_id == viewer.programme_id, Person.id.in_((mentor_id, mentee_id))
    )
    if not viewer.is_admin or db.scalar(people) != 2:
        raise NotFound
    taken = sa.select(Pair.id).where(
        Pair.programme_id == viewer.programme_id, Pair.external_id == file.record.id
    )
    if db.scalar(taken) is not None:
        raise PairTaken
    return save_new_pair(db, viewer.programme_id, file, mentor_id, mentee_id).id


def list_pairs(db: Db, viewer: Viewer) -> tuple[KnownPair, ...]:
    """The viewer's own pairs, by id in the file."""
    found = db.execute(_with_people().where(is_theirs(viewer)).order_by(Pair.external_id, Pair.id))
    return tuple(_build_pair(viewer, pair, mentor, mentee) for pair, mentor, mentee in found)


def load_pair(db: Db, viewer: Viewer, pair_id: UUID) -> KnownPair:
    """One of the viewer's own pairs, or NotFound."""
    query = _with_people().where(is_theirs(viewer), Pair.id == pair_id)
    found = db.execute(query).one_or_none()
    if found is None:
        raise NotFound
    return _build_pair(viewer, *found)


def list_pairings(db: Db, viewer: Viewer) -> tuple[Pairing, ...]:
    """Who is paired with whom in the admin's programme; NotFound for anyone else."""
    if not viewer.is_admin:
        raise NotFound
    here = Pair.programme_id == viewer.programme_id
    found = db.execute(_with_people().where(here).order_by(Pair.external_id, Pair.id))
    return tuple(
        Pairing(
            id=pair.id,
            external_id=pair.external_id,
            state=_state(pair),
            mentor_id=mentor.id,
            mentor_name=mentor.name,
            mentee_id=mentee.id,
            mentee_name=mentee.name,
        )
        for pair, mentor, mentee in found
    )


def save_pair_state(db: Db, viewer: Viewer, pair_id: UUID, state: PairState) -> None:
    """Pause, resume or end a pair, as one of the two or as admin of their programme."""
    mine = Pair.programme_id == viewer.programme_id if viewer.is_admin else is_theirs(viewer)
    changed = sa.update(Pair).where(Pair.id == pair_id, mine).values(state=state)
    if db.execute(changed.returning(Pair.id)).one_or_none() is None:
        raise NotFound


def save_own_state(db: Db, viewer: Viewer, pair_id: UUID, state: PairState) -> None:
    """Pause, resume or end one of the viewer's own pairs; one that ended is resumed by an admin."""
    pair = find_pair(db, viewer, pair_id, lock=True)
    if pair.state == "ended" and state != "ended":
        raise PairEnded
    pair.state = state
    db.flush()


def save_seat(db: Db, viewer: Viewer, pair_id: UUID, role: Role, person_id: UUID) -> None:
    """Put a person of the admin's programme in the place of a placeholder, with all its notes."""
    query = sa.select(Pair).where(Pair.id == pair_id, Pair.programme_id == viewer.programme_id)
    pair = db.scalars(query.with_for_update()).one_or_none() if viewer.is_admin else None
    known = sa.select(Person.id).where(
        Person.id == person_id, Person.programme_id == viewer.programme_id
    )
    if pair is None or db.scalar(known) is None:
        raise NotFound
    before = pair.mentor_id if role == "mentor" else pair.mentee_id
    other = pair.mentee_id if role == "mentor" else pair.mentor_id
    if not db.get_one(Person, before).is_placeholder or other == person_id:
        raise SeatTaken
    setattr(pair, f"{role}_id", person_id)
    sessions = sa.select(MentoringSession.id).where(MentoringSession.pair_id == pair.id)
    mine = sa.and_(Note.session_id.in_(sessions), Note.author_id == before)
    db.execute(sa.update(Note).where(mine).values(author_id=person_id))
    asked = sa.and_(Recap.session_id.in_(sessions), Recap.reader_id == before)
    db.execute(sa.update(Recap).where(asked).values(reader_id=person_id))
    cards = sa.and_(MemoryItem.session_id.in_(sessions), MemoryItem.person_id == before)
    db.execute(sa.update(MemoryItem).where(cards).values(person_id=person_id))
    db.flush()


def load_profile(db: Db, viewer: Viewer, pair_id: UUID) -> dict[str, Any]:
    """What the pair says about itself: coach.pair/1 with its goals and without its history."""
    raw = build_export(db, find_pair(db, viewer, pair_id), SHARED)
    return {key: value for key, value in raw.items() if key != "history"}


def save_profile(db: Db, viewer: Viewer, pair_id: UUID, changes: Mapping[str, object]) -> None:
    """Change parts of the profile (mentor, mentee, goals, constraints, off_limits, agreement,
    wish, request, title); the whole must stay a pair in the form coach.pair/1, else PairFault.
    """
    pair = find_open_pair(db, viewer, pair_id)
    kept = {key: value for key, value in changes.items() if key not in ("id", "history", "schema")}
    raw = build_export(db, pair, SHARED) | kept
    file = read_pair(raw)
    pair.title = file.record.title
    pair.profile = build_profile(raw)
    if pair.keys is not None:
        pair.keys = [*pair.keys, *(key for key in kept if key not in pair.keys)]
    if "goals" in kept:
        goals: Any = raw["goals"]
        db.execute(sa.delete(Goal).where(Goal.pair_id == pair.id))
        db.add_all(build_goals(pair.id, goals))
    db.flush()


def find_open_pair(db: Db, viewer: Viewer, pair_id: UUID) -> Pair:
    """One of the viewer's pairs, locked to be written to; NotFound, PairEnded or PairPaused."""
    pair = find_pair(db, viewer, pair_id, lock=True)
    refuse_closed(pair.state)
    return pair


def refuse_closed(state: str) -> None:
    """Raise PairEnded or PairPaused for a state in which nothing new is written."""
    if state == "ended":
        raise PairEnded
    if state == "paused":
        raise PairPaused


def _with_people() -> Known:
    mentor, mentee = aliased(Person), aliased(Person)
    return (
        sa.select(Pair, mentor, mentee)
        .join(mentor, mentor.id == Pair.mentor_id)
        .join(mentee, mentee.id == Pair.mentee_id)
    )


def _build_pair(viewer: Viewer, pair: Pair, mentor: Person, mentee: Person) -> KnownPair:
    return KnownPair(
        id=pair.id,
        external_id=pair.external_id,
        title=pair.title,
        state=_state(pair),
        role=role_of(viewer, pair),
        mentor_id=mentor.id,
        mentor_name=mentor.name,
        mentee_id=mentee.id,
        mentee_name=mentee.name,
        language=language_of(pair),
    )


def _state(pair: Pair) -> PairState:
    state: Any = pair.state
    return state  # type: ignore[no-any-return]
