"""What becomes of follow-up questions: kept for next time, asked, answered, or skipped."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from coach.errors import NotFound
from coach.pairs.notes import save_note
from coach.pairs.records import Role, Visibility
from coach.pairs.sessions import find_open_session, next_position
from coach.pairs.turns import TurnState, find_turns, questions_of
from coach.people.permissions import Viewer, find_session, follow_ups_of, one
from coach.storage.database import Db
from coach.storage.tables import (
    FollowUps,
    MentoringSession,
    Note,
    Pair,
    QuestionAnswer,
    QuestionAsked,
    QuestionTurn,
)


@dataclass(frozen=True, slots=True)
class KnownAnswer:
    """An answer the viewer may read."""

    text: str
    visibility: Visibility
    is_mine: bool


@dataclass(frozen=True, slots=True)
class KnownQuestion:
    """A follow-up question with what became of it; `state` is None while nobody said anything."""

    draft_id: UUID
    id: str
    text: str
    asked_by: Role
    why: str
    state: TurnState | None
    answers: tuple[KnownAnswer, ...]


def list_questions(db: Db, viewer: Viewer, session_id: UUID) -> tuple[KnownQuestion, ...]:
    """The session's latest follow-up questions, or NotFound; private answers of the viewer only."""
    find_session(db, viewer, session_id)
    query = follow_ups_of(viewer).where(FollowUps.session_id == session_id)
    draft = db.scalars(query.order_by(FollowUps.created_at.desc(), FollowUps.id)).first()
    if draft is None:
        return ()
    turns = sa.select(QuestionTurn).where(QuestionTurn.follow_ups_id == draft.id)
    states: dict[str, Any] = {turn.question_id: turn.state for turn in db.scalars(turns)}
    readable = sa.or_(Note.visibility == "pair", Note.author_id == viewer.person_id)
    answers = sa.select(QuestionAnswer.question_id, Note).join(
        Note, Note.id == QuestionAnswer.note_id
    )
    found = db.execute(answers.where(QuestionAnswer.follow_ups_id == draft.id, readable)).all()
    return tuple(
        KnownQuestion(
            draft_id=draft.id,
            id=said["id"],
            text=said["text"],
            asked_by=said["asked_by"],
            why=said["why"],
            state=states.get(said["id"]),
            answers=tuple(
                _build_answer(viewer, note) for name, note in found if name == said["id"]
            ),
        )
        for said in questions_of(draft)
    )


def save_turn(db: Db, viewer: Viewer, draft_id: UUID, question_id: str, state: TurnState) -> None:
    """Say for both that a question waits for the next agenda, was asked, or is skipped."""
    pair, session, said = _find(db, viewer, draft_id, question_id)
    known = sa.select(QuestionTurn).where(
        QuestionTurn.follow_ups_id == draft_id, QuestionTurn.question_id == question_id
    )
    turn = db.scalars(known).one_or_none()
    if turn is None:
        turn = QuestionTurn(follow_ups_id=draft_id, question_id=question_id, state=state)
        db.add(turn)
    turn.state = state
    if state == "asked":
        _save_asked(db, session, [said["text"]])
    db.flush()


def save_question_answer(
    db: Db, viewer: Viewer, draft_id: UUID, question_id: str, text: str, visibility: Visibility
) -> UUID:
    """Answer a question in a note, for oneself or for both; the question then counts as asked.

    Of a private answer the partner learns nothing, not even that there is one.
    """
    _, session, _ = _find(db, viewer, draft_id, question_id)
    note_id = save_note(db, viewer, session.id, text, visibility)
    db.add(QuestionAnswer(follow_ups_id=draft_id, question_id=question_id, note_id=note_id))
    if visibility == "pair":
        save_turn(db, viewer, draft_id, question_id, "asked")
    db.flush()
    return note_id


def mark_put(db: Db, viewer: Viewer, session_id: UUID, lines: Collection[str]) -> None:
    """Say of the kept questions that stood in these lines of a held session that they were asked.

    The others wait on: an agenda has room for a few, and nobody has asked what it did not show.
    """
    pair, session = find_session(db, viewer, session_id)
    if session.state != "held":
        return
    put = [
        (turn, said)
        for turn, origin, said in find_turns(db, pair, "for_next")
        if origin.number < session.number and any(said["text"] in line for line in lines)
    ]
    for turn, _ in put:
        turn.state = "asked"
    _save_asked(db, session, [said["text"] for _, said in put])


def _find(
    db: Db, viewer: Viewer, draft_id: UUID, question_id: str
) -> tuple[Pair, MentoringSession, dict[str, Any]]:
    """A question of one of the viewer's pairs with its session, locked; NotFound or PairEnded."""
    draft = one(db, follow_ups_of(viewer).where(FollowUps.id == draft_id))
    pair, session = find_open_session(db, viewer, draft.session_id)
    for said in questions_of(draft):
        if said["id"] == question_id:
            return pair, session, said
    raise NotFound


def _save_asked(db: Db, session: MentoringSession, texts: Iterable[str]) -> None:
    """Set questions among those the session asked, each once."""
    query = sa.select(QuestionAsked.text).where(QuestionAsked.session_id == session.id)
    known, place = set(db.scalars(query)), next_position(db, QuestionAsked, session.id)
    db.add_all(
        QuestionAsked(session_id=session.id, text=text, position=place + number)
        for number, text in enumerate(dict.fromkeys(texts))
        if text not in known
    )
    db.flush()


def _build_answer(viewer: Viewer, note: Note) -> KnownAnswer:
    visibility: Any = note.visibility
    return KnownAnswer(note.text, visibility, note.author_id == viewer.person_id)
