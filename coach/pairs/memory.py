"""What a mentee keeps of what was taught, each thing due on its day; nobody else sees these."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from coach.errors import CoachError, NotFound
from coach.pairs.records import PairRecord, RecallResult
from coach.pairs.rows import language_of
from coach.pairs.spacing import RecallAnswer, Spacing, begin, move, replay
from coach.people.permissions import Viewer, find_pair, find_session, memory_of, one, role_of
from coach.storage.database import Db
from coach.storage.tables import MemoryItem, MentoringSession, Pair, now


class AnsweredAlready(CoachError):
    """The card was answered in between, so its day has moved."""

    status = 409
    title = "This card was answered already and comes back on another day."


@dataclass(frozen=True, slots=True)
class KnownItem:
    """Something taught as its mentee may see it; `due_on` is the day it is asked again.

    `language` is what the pair speaks when it is read, so that old cards follow a change.
    """

    id: UUID
    pair_id: UUID
    session_number: int
    concept: str
    due_on: date
    last_answer: RecallAnswer | None
    language: str


def save_taught(
    db: Db, pair: Pair, session: MentoringSession, taught: Iterable[tuple[str, str]]
) -> None:
    """Keep what a held session taught the mentee, as (id, words); what is kept already stays.

    A lesson taken up again says the same words, and one card for them is enough.
    """
    kept = _items_of(pair).with_only_columns(MemoryItem.external_id, MemoryItem.concept)
    ids, texts = set(), set()
    for concept_id, words in db.execute(kept):
        ids.add(concept_id)
        texts.add(words)
    spacing = begin(session.date)
    for concept_id, words in dict(taught).items():
        if concept_id not in ids and words not in texts and words.strip():
            db.add(_build_row(pair, session.id, concept_id, words, spacing))
            texts.add(words)
    db.flush()


def save_history(db: Db, pair: Pair, record: PairRecord, sessions: Mapping[int, UUID]) -> None:
    """Keep what the history of a file taught the mentee, spaced as its recalls went."""
    met: dict[str, list[tuple[date, RecallResult]]] = {}
    told: dict[str, tuple[str, int]] = {}
    for session in record.sessions:
        for concept in session.concepts if session.state == "held" else ():
            met.setdefault(concept.id, []).append((session.date, concept.last_result))
            told[concept.id] = (concept.concept, session.number)
    for concept_id, results in met.items():
        words, number = told[concept_id]
        spacing = replay(results)
        if spacing is not None and words.strip():
            db.add(_build_row(pair, sessions[number], concept_id, words, spacing))
    db.flush()


def save_asked(db: Db, viewer: Viewer, session_id: UUID, concept_ids: Iterable[str]) -> None:
    """Let what the warm-up of a held session asked rest, as far as nobody said how it went.

    It moves as if partly known, so that the next warm-up has room for something else.
    """
    pair, session = find_session(db, viewer, session_id)
    query = (
        sa.select(MemoryItem)
        .join(MentoringSession)
        .where(
            MentoringSession.pair_id == pair.id,
            MemoryItem.person_id == pair.mentee_id,
            MemoryItem.external_id.in_(tuple(concept_ids)),
            MemoryItem.due_on <= session.date,
        )
    )
    for item in db.scalars(query):
        spacing = move(item.card or {}, "partly", session.date)
        item.card, item.due_on = spacing.card, spacing.due_on
    db.flush()


def load_due_days(db: Db, pair: Pair) -> dict[str, date] | None:
    """Concept id → the day it is due for the pair's mentee; None when nothing was ever kept."""
    query = sa.select(MemoryItem.external_id, MemoryItem.due_on).join(MentoringSession)
    found = db.execute(
        query.where(MentoringSession.pair_id == pair.id, MemoryItem.person_id == pair.mentee_id)
    ).all()
    return {concept_id: due for concept_id, due in found if due is not None} if found else None


def list_items(db: Db, viewer: Viewer, pair_id: UUID) -> tuple[KnownItem, ...]:
    """The viewer's own items with this pair, the first due first; NotFound unless the mentee."""
    pair = find_pair(db, viewer, pair_id)
    if role_of(viewer, pair) != "mentee":
        raise NotFound
    query = _wanted(viewer).where(MentoringSession.pair_id == pair_id)
    order = (MemoryItem.due_on, MentoringSession.number, MemoryItem.external_id)
    found = db.execute(query.add_columns(MentoringSession).order_by(*order))
    return tuple(_build_item(item, session, pair) for item, session in found)


def load_item(db: Db, viewer: Viewer, item_id: UUID) -> KnownItem:
    """One of the viewer's own items, or NotFound."""
    item = one(db, _wanted(viewer).where(MemoryItem.id == item_id))
    session = db.get_one(MentoringSession, item.session_id)
    return _build_item(item, session, db.get_one(Pair, session.pair_id))


def save_recall(
    db: Db,
    viewer: Viewer,
    item_id: UUID,
    answer: RecallAnswer,
    on: date,
    seen: date | None = None,
) -> KnownItem:
    """Move one of the viewer's own items to its next day; `seen` is the day the card was due.

    Raises AnsweredAlready when the card is due on another day by now.
    """
    item = one(db, _wanted(viewer).where(MemoryItem.id == item_id), lock=True)
    if seen is not None and seen != item.due_on:
        raise AnsweredAlready
    spacing = move(item.card or {}, answer, on)
    item.card, item.due_on = spacing.card, spacing.due_on
    item.last_answer, item.answered_at = answer, now()
    db.flush()
    return load_item(db, viewer, item_id)


def forget_item(db: Db, viewer: Viewer, item_id: UUID) -> None:
    """Delete one of the viewer's own items for good; that it is not wanted is all that stays."""
    item = one(db, memory_of(viewer).where(MemoryItem.id == item_id), lock=True)
    item.concept = item.card = item.due_on = item.last_answer = item.answered_at = None
    db.flush()


def _wanted(viewer: Viewer) -> sa.Select[MemoryItem]:
    return memory_of(viewer).where(MemoryItem.due_on.is_not(None))


def _items_of(pair: Pair) -> sa.Select[Any]:
    """The items kept for the pair's mentee, those no longer wanted too."""
    query = sa.select(MemoryItem).join(MentoringSession)
    return query.where(MentoringSession.pair_id == pair.id, MemoryItem.person_id == pair.mentee_id)


def _build_row(
    pair: Pair, session_id: UUID, concept_id: str, words: str, spacing: Spacing
) -> MemoryItem:
    return MemoryItem(
        session_id=session_id,
        person_id=pair.mentee_id,
        external_id=concept_id,
        concept=words,
        card=spacing.card,
        due_on=spacing.due_on,
    )


def _build_item(item: MemoryItem, session: MentoringSession, pair: Pair) -> KnownItem:
    answer: Any = item.last_answer
    due: Any = item.due_on
    return KnownItem(
        id=item.id,
        pair_id=session.pair_id,
        session_number=session.number,
        concept=item.concept or "",
        due_on=due,
        last_answer=answer,
        language=language_of(pair),
    )
