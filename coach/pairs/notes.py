"""What the two write down: what happened, an insight, a question, a worry; shared, or private."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID, uuid4

from coach.errors import CoachError
from coach.pairs.checking import check_text
from coach.pairs.forgetting import forget_note
from coach.pairs.pairing import refuse_closed
from coach.pairs.records import Visibility
from coach.pairs.sessions import LONGEST_TEXT, find_open_session, next_position
from coach.people.permissions import Role, Viewer, find_session, notes_visible_to, one, role_of
from coach.storage.database import Db
from coach.storage.tables import Note, Pair

NoteKind = Literal["happened", "insight", "question", "worry"]
KINDS: tuple[NoteKind, ...] = ("happened", "insight", "question", "worry")


class NoteFault(CoachError):
    """A note cannot be kept as written."""

    status = 422
    title = "A note needs some words."


class NoteChanged(CoachError):
    """The note was changed in between, in another window; carries both texts."""

    status = 409
    title = "This note was changed in between. Look at both texts and save again."

    def __init__(self, kept: str, offered: str, seen: str) -> None:
        super().__init__()
        self.kept, self.offered, self.seen = kept, offered, seen


@dataclass(frozen=True, slots=True)
class KnownNote:
    """A note as the viewer may read it; `author` is None when a file did not say.

    `seen` is the mark of its words, which an edit must name.
    """

    id: UUID
    session_id: UUID
    text: str
    visibility: Visibility
    author: Role | None
    is_mine: bool
    created_at: datetime
    kind: NoteKind | None
    seen: str


def save_note(
    db: Db,
    viewer: Viewer,
    session_id: UUID,
    text: str,
    visibility: Visibility,
    kind: NoteKind | None = None,
) -> UUID:
    """Write a note in a session, for oneself (mine) or for both (pair)."""
    check_note(text)
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
            extra={"kind": kind} if kind else {},
        )
    )
    db.flush()
    return note_id


def save_words(
    db: Db, viewer: Viewer, note_id: UUID, text: str, kind: NoteKind | None, seen: str
) -> KnownNote:
    """Say one's own note in other words; NoteChanged when it is not the one that was seen.

    What the old words left in drafts goes with them.
    """
    check_note(text)
    pair, note = _find_own(db, viewer, note_id)
    refuse_closed(pair.state)
    if mark_of(note) != seen:
        raise NoteChanged(note.text, text, mark_of(note))
    if note.text != text:
        forget_note(db, pair, note, text)
    note.text = text
    rest = {key: value for key, value in note.extra.items() if key != "kind"}
    note.extra = {**rest, "kind": kind} if kind else rest
    db.flush()
    return _build_note(viewer, note)


def list_notes(db: Db, viewer: Viewer, session_id: UUID) -> tuple[KnownNote, ...]:
    """The session's notes the viewer may read, in their order; NotFound for a foreign session."""
    find_session(db, viewer, session_id)
    known = notes_visible_to(viewer).where(Note.session_id == session_id)
    found = db.scalars(known.order_by(Note.position, Note.id))
    return tuple(_build_note(viewer, note) for note in found)


def load_note(db: Db, viewer: Viewer, note_id: UUID) -> KnownNote:
    """One of the viewer's own notes, or NotFound."""
    mine = notes_visible_to(viewer).where(Note.id == note_id, _own(viewer))
    return _build_note(viewer, one(db, mine))


def save_visibility(db: Db, viewer: Viewer, note_id: UUID, visibility: Visibility) -> None:
    """Share one's own note, or take it back with what it left; NotFound for anybody else's."""
    pair, note = _find_own(db, viewer, note_id)
    if visibility == "pair":
        refuse_closed(pair.state)
    elif note.visibility == "pair":
        forget_note(db, pair, note)
    note.visibility = visibility
    db.flush()


def delete_note(db: Db, viewer: Viewer, note_id: UUID) -> None:
    """Delete one's own note and what it left in drafts; NotFound for anybody else's."""
    pair, note = _find_own(db, viewer, note_id)
    forget_note(db, pair, note)
    db.delete(note)
    db.flush()


def check_note(text: str) -> None:
    """Raise NoteFault for a note without words or too long, PairFault for what cannot be kept."""
    check_text(text, "note")
    if not text.strip():
        raise NoteFault
    if len(text) > LONGEST_TEXT:
        raise NoteFault(
            f"A note holds at most {LONGEST_TEXT:,} characters, and this one has {len(text):,}. "
            "Save it in parts, or note what matters and keep the rest where it is."
        )


def mark_of(note: Note) -> str:
    """What tells these words and this kind from others."""
    told = f"{note.text}\x00{note.extra.get('kind', '')}"
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def _find_own(db: Db, viewer: Viewer, note_id: UUID) -> tuple[Pair, Note]:
    """One of the viewer's own notes with its pair, both locked, pair first; or NotFound."""
    mine = notes_visible_to(viewer).where(Note.id == note_id, _own(viewer))
    session_id = one(db, mine).session_id
    pair, _ = find_session(db, viewer, session_id, lock=True)
    return pair, one(db, mine, lock=True)


def _own(viewer: Viewer) -> Any:  # noqa: ANN401  a clause of SQLAlchemy
    return Note.author_id == viewer.person_id


def _build_note(viewer: Viewer, note: Note) -> KnownNote:
    visibility: Any = note.visibility
    author: Any = note.author_role if note.author_id else None
    kind: Any = note.extra.get("kind")
    return KnownNote(
        id=note.id,
        session_id=note.session_id,
        text=note.text,
        visibility=visibility,
        author=author,
        is_mine=note.author_id == viewer.person_id,
        created_at=note.created_at,
        kind=kind if kind in KINDS else None,
        seen=mark_of(note),
    )
