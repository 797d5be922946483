"""The mentee's own memory items: seen, answered and deleted by nobody else."""

from datetime import date
from typing import Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel
from starlette.responses import Response

from coach.pairs.memory import forget_item
from coach.storage.database import Db, Save
from coach.web.fields import Asked, Day, Items
from coach.web.front import AtFront, AtResources, AtViewer
from coach.web.idempotency import Answer, AtAttempt, answer_once
from coach.web.remembering import Card, answer_card, list_cards

router = APIRouter(tags=["memory"])


class Item(BaseModel):
    """Something taught, with the day on which it is asked again."""

    id: UUID
    session_number: int
    question: str
    answer: str
    due_on: date
    is_due: bool
    last_answer: Literal["knew_it", "partly", "not"] | None


class Recalled(Asked):
    """How well it was known; with `due_on` as you saw it, a card answered meanwhile is left."""

    answer: Literal["knew_it", "partly", "not"]
    due_on: Day | None = None


@router.get("/pairs/{pair_id}/memory")
async def items(pair_id: UUID, viewer: AtViewer, front: AtFront) -> Items[Item]:
    """List your own memory items with this pair, the first due first."""
    return Items(items=[_build_item(one) for one in await list_cards(front, viewer, pair_id)])


@router.post("/memory/{item_id}/answers", responses={200: {"model": Item}})
async def answer(
    item_id: UUID, asked: Recalled, viewer: AtViewer, front: AtFront, attempt: AtAttempt
) -> Response:
    """Say how well you knew one of your memory items; it then comes back on another day."""

    async def think() -> Save[Answer]:
        save = await answer_card(front, viewer, item_id, asked.answer, asked.due_on)

        def write(db: Db) -> Answer:
            return Answer(200, _build_item(save(db)).model_dump(mode="json"))

        return write

    return await answer_once(front.resources, attempt, think)


@router.delete("/memory/{item_id}", status_code=204)
async def forget(item_id: UUID, viewer: AtViewer, resources: AtResources) -> None:
    """Delete one of your own memory items; it is not asked again."""
    await resources.transact(forget_item, viewer, item_id)


def _build_item(card: Card) -> Item:
    return Item(
        id=card.id,
        session_number=card.session_number,
        question=card.question,
        answer=card.answer,
        due_on=card.due_on,
        is_due=card.is_due,
        last_answer=card.last_answer,
    )
