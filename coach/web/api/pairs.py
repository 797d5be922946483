"""Pairs: one's own to read, and an admin's to form."""

from typing import Any, Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import JsonValue

from coach.pairs.exchange import read_pair
from coach.pairs.loading import export_pair
from coach.pairs.pairing import (
    KnownPair,
    Pairing,
    list_pairings,
    list_pairs,
    load_pair,
    save_own_state,
    save_pair,
)
from coach.web.fields import Asked, Id, Items
from coach.web.front import AtAdmin, AtResources, AtViewer

router = APIRouter(tags=["pairs"])


class NewPair(Asked):
    """Two people, and what is known of them in the form coach.pair/1; history may be left out."""

    mentor_id: Id
    mentee_id: Id
    pair: dict[str, JsonValue]


class NewState(Asked):
    """Whether the two go on, pause, or have ended."""

    state: Literal["active", "paused", "ended"]


class Formed(Asked):
    """The id of something new."""

    id: UUID


@router.get("/pairs")
async def pairs_of_mine(viewer: AtViewer, resources: AtResources) -> Items[KnownPair]:
    """List the pairs you belong to."""
    return Items(items=list(await resources.read(list_pairs, viewer)))


@router.get("/pairings")
async def pairings(admin: AtAdmin, resources: AtResources) -> Items[Pairing]:
    """List who is paired with whom, for an admin: nothing that pairs write."""
    return Items(items=list(await resources.read(list_pairings, admin)))


@router.post("/pairs", status_code=201)
async def form_pair(asked: NewPair, admin: AtAdmin, resources: AtResources) -> Formed:
    """Form a pair of two people of your programme."""
    file = read_pair({"history": [], **asked.pair})
    pair_id = await resources.transact(save_pair, admin, file, asked.mentor_id, asked.mentee_id)
    return Formed(id=pair_id)


@router.get("/pairs/{pair_id}")
async def pair(pair_id: UUID, viewer: AtViewer, resources: AtResources) -> KnownPair:
    """Show one of your pairs."""
    return await resources.read(load_pair, viewer, pair_id)


@router.patch("/pairs/{pair_id}")
async def change_state(
    pair_id: UUID, asked: NewState, viewer: AtViewer, resources: AtResources
) -> KnownPair:
    """Pause a pair of yours, resume it or end it; what it wrote stays readable by its two."""
    await resources.transact(save_own_state, viewer, pair_id, asked.state)
    return await resources.read(load_pair, viewer, pair_id)


@router.get("/pairs/{pair_id}/export")
async def export(
    pair_id: UUID, viewer: AtViewer, resources: AtResources, own: bool = False
) -> dict[str, Any]:
    """Export a pair as coach.pair/1: what both may read, with `own` your private notes too."""
    return await resources.read(export_pair, viewer, pair_id, own)
