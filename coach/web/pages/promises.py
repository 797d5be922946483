"""Answers to promises that one wrote down for the other, and how their story is told."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Form
from starlette.responses import RedirectResponse, Response

from coach.pairs.promises import CHANGE_WORDS, KnownChange, decide_offer
from coach.web.fields import Filled
from coach.web.front import AtPerson, AtResources
from coach.web.rendering import short_day

router = APIRouter()


class WordForm(Filled):
    """The form with which the owner answers; it names the way back."""

    accept: Literal["yes", "no"]
    pair_id: UUID
    session_id: UUID | None = None


@router.post("/offers/{offer_id}")
async def answer(
    offer_id: UUID,
    filled: Annotated[WordForm, Form()],
    person: AtPerson,
    resources: AtResources,
) -> Response:
    """Accept a promise that was written down for you, or decline it."""
    await resources.transact(decide_offer, person.viewer, offer_id, filled.accept == "yes")
    back = f"/sessions/{filled.session_id}" if filled.session_id else f"/pairs/{filled.pair_id}"
    return RedirectResponse(f"{back}#promises", 303)


def tell_stories(changes: Iterable[KnownChange]) -> dict[str, tuple[str, ...]]:
    """What became of each promise, by its id in the pair: “done, Amal, 3 Dec 2026”."""
    told: dict[str, list[str]] = defaultdict(list)
    for one in changes:
        who = f"{one.who}, " if one.who else ""
        told[one.external_id].append(
            f"{CHANGE_WORDS[one.change]}, {who}{short_day(one.at.astimezone())}"
        )
    return {promise: tuple(lines) for promise, lines in told.items()}
