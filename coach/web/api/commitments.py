"""Commitments: what the two promised each other, who accepted it, and what became of it."""

from typing import Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel
from starlette.responses import Response

from coach.pairs.commitments import KnownCommitment, list_commitments
from coach.pairs.promises import (
    KnownChange,
    KnownOffer,
    MadePromise,
    decide_offer,
    list_changes,
    list_offers,
    make_promise,
    mark_promise,
)
from coach.storage.database import Db
from coach.web.fields import Asked, Items, Text
from coach.web.front import AtResources, AtViewer
from coach.web.idempotency import Answer, AtAttempt, write_once

router = APIRouter(tags=["commitments"])


class NewCommitment(Asked):
    """What one of the two promises, and by when: a day, or words for it."""

    owner: Literal["mentor", "mentee"]
    text: Text
    due: Text = ""


class Mark(Asked):
    """What became of a promise."""

    status: Literal["open", "done", "blocked", "dropped"]


class Word(Asked):
    """The owner's answer to a promise that the other one wrote down."""

    accept: bool


class Decided(BaseModel):
    """The promise that counts now, None when it was declined."""

    commitment_id: UUID | None


@router.get("/pairs/{pair_id}/commitments")
async def commitments(
    pair_id: UUID, viewer: AtViewer, resources: AtResources
) -> Items[KnownCommitment]:
    """List what the two of a pair promised."""
    return Items(items=list(await resources.read(list_commitments, viewer, pair_id)))


@router.get("/pairs/{pair_id}/commitments/changes")
async def changes(pair_id: UUID, viewer: AtViewer, resources: AtResources) -> Items[KnownChange]:
    """List what became of the promises of a pair: who said so, and when."""
    return Items(items=list(await resources.read(list_changes, viewer, pair_id)))


@router.get("/pairs/{pair_id}/offers")
async def offers(pair_id: UUID, viewer: AtViewer, resources: AtResources) -> Items[KnownOffer]:
    """List promises that wait for their owner's word."""
    return Items(items=list(await resources.read(list_offers, viewer, pair_id)))


@router.post("/offers/{offer_id}")
async def answer_offer(
    offer_id: UUID, asked: Word, viewer: AtViewer, resources: AtResources
) -> Decided:
    """Accept a promise that was written down for you, or decline it."""
    made = await resources.transact(decide_offer, viewer, offer_id, asked.accept)
    return Decided(commitment_id=made)


@router.post(
    "/sessions/{session_id}/commitments", status_code=201, responses={201: {"model": MadePromise}}
)
async def promise(
    session_id: UUID,
    asked: NewCommitment,
    viewer: AtViewer,
    resources: AtResources,
    attempt: AtAttempt,
) -> Response:
    """Write down a promise; one for the other person counts when that person accepts it."""

    def write(db: Db) -> Answer:
        made = make_promise(db, viewer, session_id, asked.owner, asked.text, asked.due)
        return Answer(201, {"id": str(made.id), "counts": made.counts})

    return await write_once(resources, attempt, write)


@router.patch("/commitments/{commitment_id}", status_code=204)
async def mark(commitment_id: UUID, asked: Mark, viewer: AtViewer, resources: AtResources) -> None:
    """Say that a promise is done, kept open, blocked or dropped."""
    await resources.transact(mark_promise, viewer, commitment_id, asked.status)
