"""The mentee's own page of cards: what was taught, asked again on its day, in private."""

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from fastapi import APIRouter, Form
from starlette.responses import RedirectResponse, Response

from coach.pairs.memory import AnsweredAlready, forget_item
from coach.pairs.pairing import KnownPair, load_pair
from coach.people.people import KnownPerson
from coach.web.fields import Day, Filled
from coach.web.front import AtFront, AtPerson
from coach.web.remembering import Card, answer_card, list_cards
from coach.web.rendering import Page, greet, render
from coach.web.service import Front

router = APIRouter()


@dataclass(frozen=True, slots=True, kw_only=True)
class CardsPage(Page):
    """Everything cards/cards.html may mention."""

    template: ClassVar[str] = "cards/cards.html"
    pair: KnownPair
    due: tuple[Card, ...]
    later: tuple[Card, ...]
    said: str | None


class AnswerForm(Filled):
    """The form that answers a card as it was shown."""

    answer: Literal["knew_it", "partly", "not"]
    due_on: Day


@router.get("/pairs/{pair_id}/cards")
async def cards(pair_id: UUID, person: AtPerson, front: AtFront) -> Response:
    """Show the mentee's own cards, those due today first."""
    return render(await _page(front, person, pair_id))


@router.post("/pairs/{pair_id}/cards/{item_id}")
async def answer(
    pair_id: UUID,
    item_id: UUID,
    filled: Annotated[AnswerForm, Form()],
    person: AtPerson,
    front: AtFront,
) -> Response:
    """Answer a card."""
    try:
        save = await answer_card(front, person.viewer, item_id, filled.answer, filled.due_on)
        await front.resources.transact(save)
    except AnsweredAlready as error:
        return render(await _page(front, person, pair_id, error.detail), error.status)
    return RedirectResponse(f"/pairs/{pair_id}/cards", 303)


@router.post("/pairs/{pair_id}/cards/{item_id}/delete")
async def forget(pair_id: UUID, item_id: UUID, person: AtPerson, front: AtFront) -> Response:
    """Delete a card."""
    await front.resources.transact(forget_item, person.viewer, item_id)
    return RedirectResponse(f"/pairs/{pair_id}/cards", 303)


async def _page(
    front: Front, person: KnownPerson, pair_id: UUID, said: str | None = None
) -> CardsPage:
    found = await list_cards(front, person.viewer, pair_id)
    return CardsPage(
        you=greet(person),
        pair=await front.resources.read(load_pair, person.viewer, pair_id),
        due=tuple(card for card in found if card.is_due),
        later=tuple(card for card in found if not card.is_due),
        said=said,
    )
