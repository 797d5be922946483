"""Keeps pairs that came from files; the same file again changes nothing."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID, uuid4

import sqlalchemy as sa

from coach.errors import CoachError
from coach.pairs.exchange import PairFile
from coach.pairs.loading import build_export
from coach.pairs.memory import save_history
from coach.pairs.rows import build_goals, build_profile, build_session_rows
from coach.storage.database import Db
from coach.storage.tables import Agenda, FollowUps, Goal, MentoringSession, Pair, Person, Recap

ROLES: tuple[Literal["mentor", "mentee"], ...] = ("mentor", "mentee")


class PairDiffers(CoachError):
    """A pair of this id is there with other content."""

    status = 409
    title = "A pair of this id is there already with other content."


class PairInUse(CoachError):
    """The two have worked with the pair since its import."""

    status = 409
    title = "This pair has been worked with since its import, so a file cannot replace it."


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of one pair of a file."""

    pair_id: UUID
    external_id: str
    outcome: Literal["added", "unchanged", "replaced"]


def save_pairs(
    db: Db, programme_id: UUID, files: Iterable[PairFile], replace: bool = False
) -> tuple[Imported, ...]:
    """Keep these pairs with placeholders for their people, all of them or none.

    The same content again changes nothing. Other content under a known id is refused
    (PairDiffers) unless `replace` is set; it then takes the place of what the last file brought,
    as long as nobody has written anything here since (else PairInUse).
    """
    return tuple(_save_pair_file(db, programme_id, file, replace) for file in files)


def save_new_pair(
    db: Db, programme_id: UUID, file: PairFile, mentor_id: UUID, mentee_id: UUID
) -> Pair:
    """Keep a new pair of these two people, with the history of its file."""
    pair = Pair(
        id=uuid4(),
        programme_id=programme_id,
        external_id=file.record.id,
        mentor_id=mentor_id,
        mentee_id=mentee_id,
    )
    _fill(pair, file)
    db.add(pair)
    db.flush()
    _save_rows(db, pair, file)
    return pair


def file_hash(raw: dict[str, Any]) -> str:
    """One hash for equal JSON, whatever the order of its keys."""
    return hashlib.sha256(json.dumps(raw, sort_keys=True).encode()).hexdigest()


def _save_pair_file(db: Db, programme_id: UUID, file: PairFile, replace: bool) -> Imported:
    external_id = file.record.id
    known = sa.select(Pair).where(
        Pair.programme_id == programme_id, Pair.external_id == external_id
    )
    pair = db.scalars(known.with_for_update()).one_or_none()
    if pair is None:
        mentor, mentee = (_save_placeholder(db, programme_id, file, role) for role in ROLES)
        pair = save_new_pair(db, programme_id, file, mentor, mentee)
        return Imported(pair.id, external_id, "added")
    if pair.file_hash == file_hash(file.raw):
        return Imported(pair.id, external_id, "unchanged")
    if not replace:
        raise PairDiffers(
            f"The pair {external_id} is there already with other content: ask for it to be "
            "replaced, or give the new one another id."
        )
    _replace(db, pair, file)
    return Imported(pair.id, external_id, "replaced")


def _save_placeholder(
    db: Db, programme_id: UUID, file: PairFile, role: Literal["mentor", "mentee"]
) -> UUID:
    """Someone to hold the place until an invitation names who it is."""
    said = file.record.mentor.name if role == "mentor" else file.record.mentee.name
    person = Person(
        id=uuid4(),
        programme_id=programme_id,
        name=said or f"{role.capitalize()} of {file.record.id}",
        is_placeholder=True,
    )
    db.add(person)
    db.flush()
    return person.id


def _replace(db: Db, pair: Pair, file: PairFile) -> None:
    """Put the file in the place of the last one, when nothing here would be lost."""
    as_imported = file_hash(build_export(db, pair, sa.true())) == pair.file_hash
    if not as_imported or _has_drafts(db, pair):
        raise PairInUse(
            f"The pair {pair.external_id} has been worked with since its import, so a file cannot "
            "replace it."
        )
    db.execute(sa.delete(MentoringSession).where(MentoringSession.pair_id == pair.id))
    db.execute(sa.delete(Goal).where(Goal.pair_id == pair.id))
    _fill(pair, file)
    db.flush()
    _save_rows(db, pair, file)


def _has_drafts(db: Db, pair: Pair) -> bool:
    """Whether an agenda, follow-up questions or a recap were drafted here."""
    sessions = sa.select(MentoringSession.id).where(MentoringSession.pair_id == pair.id)
    drafts = (
        sa.exists().where(Agenda.session_id.in_(sessions), Agenda.state != "settled"),
        sa.exists().where(FollowUps.session_id.in_(sessions)),
        sa.exists().where(Recap.session_id.in_(sessions)),
    )
    return bool(db.scalar(sa.select(sa.or_(*drafts))))


def _fill(pair: Pair, file: PairFile) -> None:
    pair.title = file.record.title
    pair.profile = build_profile(file.raw)
    pair.keys = list(file.raw)
    pair.file_hash = file_hash(file.raw)


def _save_rows(db: Db, pair: Pair, file: PairFile) -> None:
    """Add goals, sessions and what hangs on them; owners are written first."""
    raw: dict[str, Any] = file.raw
    db.add_all(build_goals(pair.id, raw["goals"]))
    rows = [build_session_rows(pair, place, item) for place, item in enumerate(raw["history"])]
    db.add_all(session for session, _ in rows)
    db.flush()
    db.add_all(row for _, hanging in rows for row in hanging)
    db.flush()
    save_history(db, pair, file.record, {session.number: session.id for session, _ in rows})
