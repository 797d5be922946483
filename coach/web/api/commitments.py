"""Commitments: what the two promised each other, and what became of it."""

from typing import Literal
from uuid import UUID

from fastapi import APIRouter

from coach.pairs.commitments import (
    KnownCommitment,
    list_commitments,
    mark_commitment,
    save_commitment,
)
from coach.web.api.pairs import Formed
from coach.web.fields import Asked, Items, Text
from coach.web.front import AtResources, AtViewer

router = APIRouter(tags=["commitments"])


class NewCommitment(Asked):
    """What one of the two promises; `due` is a day or words for it."""

    owner: Literal["mentor", "mentee"]
    text: Text
    due: Text | None = None


class Mark(Asked):
    """What became of a promise."""

    status: Literal["open", "done", "blocked", "dropped"]


@router.get("/pairs/{pair_id}/commitments")
async def commitments(
    pair_id: UUID, viewer: AtViewer, resources: AtResources
) -> Items[KnownCommitment]:
    """List what the two of a pair promised."""
    return Items(items=list(await resources.read(list_commitments, viewer, pair_id)))


@router.post("/sessions/{session_id}/commitments", status_code=201)
async def promise(
    session_id: UUID, asked: NewCommitment, viewer: AtViewer, resources: AtResources
) -> Formed:
    """Write down what one of the two promised in a session."""
    commitment_id = await resources.transact(
        save_commitment, viewer, session_id, asked.owner, asked.text, asked.due
    )
    return Formed(id=commitment_id)


@router.patch("/commitments/{commitment_id}", status_code=204)
async def mark(commitment_id: UUID, asked: Mark, viewer: AtViewer, resources: AtResources) -> None:
    """Say that a promise is done, open, blocked or dropped."""
    await resources.transact(mark_commitment, viewer, commitment_id, asked.status)
