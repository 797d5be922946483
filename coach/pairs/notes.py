"""What the two write down: shared with the partner, or for the author alone."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from coach.errors import CoachError
from coach.pairs.records import Visibility
from coach.pairs.sessions import check_words, find_open_session, next_position
from coach.people.permissions import Role, Viewer, find_session, notes_visible_to, one, role_of
from coach.storage.database import Db
from coach.storage.tables import Note


class NoteFault(CoachError):
    """A note cannot be kept as written."""

    status = 422
    title = "A note needs some words."


@dataclass(frozen=True, slots=True)
class KnownNote:
    """A note as the viewer may read it; `author` is None when a file did not say."""

    id: UUID
    session_id: UUID
    text: str
    visibility: Visibility
    author: Role | None
    is_mine: bool
    created_at: datetime


def save_note(db: Db, viewer: Viewer, session_id: UUID, text: str, visibility: Visibility) -> UUID:
    """Write a note in a session, for oneself (mine) or for both (pair)."""
    check_words("note", text)
    if not text.strip():
        raise NoteFault
    pair, session = find_open_session(db, viewer, session_id)
    note_id = uuid4()
    db.add(
        Note(
            id=note_id,
            session_id=session.id,
            author_id=viewer.person_id,
            author_role=role_of(viewer, pair),
            visibility=visibility,
            external_id=str(note_id),
            text=text,
            position=next_position(db, Note, session.id),
        )
    )
    db.flush()
    return note_id


def list_notes(db: Db, viewer: Viewer, session_id: UUID) -> tuple[KnownNote, ...]:
    """The session's notes the viewer may read, in their order; NotFound for a foreign session."""
    find_session(db, viewer, session_id)
    known = notes_visible_to(viewer).where(Note.session_id == session_id)
    found = db.scalars(known.order_by(Note.position, Note.id))
    return tuple(_build_note(viewer, note) for note in found)


def save_visibility(db: Db, viewer: Viewer, note_id: UUID, visibility: Visibility) -> None:
    """Share one's own note, or take it back; NotFound for anybody else's."""
    note = one(db, notes_visible_to(viewer).where(Note.id == note_id, _own(viewer)), lock=True)
    note.visibility = visibility
    db.flush()


def delete_note(db: Db, viewer: Viewer, note_id: UUID) -> None:
    """Delete one's own note; NotFound for anybody else's."""
    db.delete(one(db, notes_visible_to(viewer).where(Note.id == note_id, _own(viewer)), lock=True))
    db.flush()


def _own(viewer: Viewer) -> Any:  # noqa: ANN401  a clause of SQLAlchemy
    return Note.author_id == viewer.person_id


def _build_note(viewer: Viewer, note: Note) -> KnownNote:
    visibility: Any = note.visibility
    author: Any = note.author_role if note.author_id else None
    return KnownNote(
        id=note.id,
        session_id=note.session_id,
        text=note.text,
        visibility=visibility,
        author=author,
        is_mine=note.author_id == viewer.person_id,
        created_at=note.created_at,
    )
