"""The mentee's own cards as API and page show them: each with its question and its day."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from coach.coaching.composer.cards import ask_card
from coach.pairs.memory import KnownItem, list_items, load_item, save_recall
from coach.pairs.spacing import RecallAnswer
from coach.people.permissions import Viewer
from coach.storage.database import Db, Save
from coach.web.clock import today
from coach.web.service import Front


@dataclass(frozen=True, slots=True)
class Card:
    """One thing taught, as a question with its answer; `is_due` says whether it is time."""

    id: UUID
    session_number: int
    question: str
    answer: str
    due_on: date
    is_due: bool
    last_answer: RecallAnswer | None
    language: str


async def list_cards(front: Front, viewer: Viewer, pair_id: UUID) -> tuple[Card, ...]:
    """The viewer's own cards, the first due first; NotFound for anyone but the mentee."""
    found = await front.resources.read(list_items, viewer, pair_id)
    cues = await _cues(front) if found else ()
    return tuple(_build_card(front, item, cues) for item in found)


async def load_card(front: Front, viewer: Viewer, item_id: UUID) -> Card:
    """One of the viewer's own cards, or NotFound."""
    item = await front.resources.read(load_item, viewer, item_id)
    return _build_card(front, item, await _cues(front))


async def answer_card(
    front: Front, viewer: Viewer, item_id: UUID, answer: RecallAnswer, seen: date | None = None
) -> Save[Card]:
    """What answers one of the viewer's own cards today; it then comes back on another day."""
    cues = await _cues(front)

    def save(db: Db) -> Card:
        item = save_recall(db, viewer, item_id, answer, today(), seen)
        return _build_card(front, item, cues)

    return save


async def _cues(front: Front) -> tuple[str, ...]:
    headwords = await front.resources.library.headwords()
    return tuple(headword.word for headword in headwords.values())


def _build_card(front: Front, item: KnownItem, cues: tuple[str, ...]) -> Card:
    shelf = front.coach.shelves.of(item.language)
    return Card(
        id=item.id,
        session_number=item.session_number,
        question=ask_card(shelf.recap, item.concept, item.session_number, cues),
        answer=item.concept,
        due_on=item.due_on,
        is_due=item.due_on <= today(),
        last_answer=item.last_answer,
        language=shelf.language,
    )
