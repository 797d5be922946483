"""Takes the words of a note out of everything that was drafted from it, wherever it is kept."""

import json
import re
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from coach.storage.database import Db
from coach.storage.tables import (
    Agenda,
    FollowUps,
    IdempotencyKey,
    MentoringSession,
    Note,
    Pair,
    PrepBrief,
    QuestionAsked,
    Recap,
    SessionRun,
)

TAKEN_OUT = "Taken out: its note was deleted."
# Any: mypy cannot say that each of these tables has a body.
_DRAFTS: tuple[Any, ...] = (Agenda, SessionRun, FollowUps, Recap, PrepBrief)
SHORTEST = 12  # a shorter sentence, such as “Yes, thank you”, is nobody's own
_SENTENCES = re.compile(r"(?<=[.!?…])\s+|\n+")
_ENDS = " \t.!?…“”\"'"


def forget_note(db: Db, pair: Pair, note: Note, still: str = "") -> None:
    """Take what this note said out of every draft of its pair; words in `still` may stay."""
    sentences = list_sentences(note.text, still)
    sessions = sa.select(MentoringSession.id).where(MentoringSession.pair_id == pair.id)
    for kind in _DRAFTS:
        for row in db.scalars(sa.select(kind).where(kind.session_id.in_(sessions))):
            body = forget_in(row.body, note.external_id, sentences)
            if body != row.body:
                row.body = body
    asked = sa.select(QuestionAsked).where(QuestionAsked.session_id.in_(sessions))
    for question in db.scalars(asked):
        if holds(question.text, sentences):
            db.delete(question)
    _forget_answers(db, (pair.mentor_id, pair.mentee_id), note.external_id, sentences)
    db.flush()


def list_sentences(text: str, still: str = "") -> tuple[str, ...]:
    """The sentences of a note that are its own, as they would be found in a draft."""
    parts = [part.strip(_ENDS) for part in (*_SENTENCES.split(text), text)]
    kept = still.casefold()
    own = [part.casefold() for part in parts if len(part) >= SHORTEST]
    return tuple(part for part in dict.fromkeys(own) if part not in kept)


def forget_in(value: Any, note_id: str, sentences: Sequence[str]) -> Any:  # noqa: ANN401  JSON
    """The JSON without citations of this note, and without any text that says its words."""
    if isinstance(value, dict):
        return {key: forget_in(item, note_id, sentences) for key, item in value.items()}
    if isinstance(value, list):
        kept = [one for one in value if not _cites(one, note_id)]
        return [forget_in(one, note_id, sentences) for one in kept]
    if isinstance(value, str) and holds(value, sentences):
        return TAKEN_OUT
    return value


def holds(text: str, sentences: Sequence[str]) -> bool:
    """Whether a text says one of these sentences."""
    folded = text.casefold()
    return any(sentence in folded for sentence in sentences)


def _cites(value: object, note_id: str) -> bool:
    return isinstance(value, dict) and value.get("note_id") == note_id


def _forget_answers(
    db: Db, people: tuple[UUID, UUID], note_id: str, sentences: Sequence[str]
) -> None:
    """Take the words out of saved answers too; a request sent again still has no second effect."""
    saved = sa.select(IdempotencyKey).where(
        IdempotencyKey.person_id.in_(people), IdempotencyKey.body.is_not(None)
    )
    for row in db.scalars(saved):
        before = json.loads(row.body or "null")
        after = forget_in(before, note_id, sentences)
        if after != before:
            row.body = json.dumps(after)
