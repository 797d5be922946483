"""Prep briefs: what each of the two reads alone before a session."""

from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel
from starlette.responses import Response

from coach.pairs.drafts import list_preps
from coach.storage.database import Save
from coach.web.api.recaps import tell_draft
from coach.web.fields import Items
from coach.web.front import AtFront, AtResources, AtViewer
from coach.web.idempotency import Answer, AtAttempt, answer_once
from coach.web.preparing import draft_session_prep

router = APIRouter(tags=["prep briefs"])


class DraftedPrep(BaseModel):
    """A prep brief as it was kept."""

    id: UUID
    draft: dict[str, Any]


class KeptPrep(DraftedPrep):
    """A prep brief with the moment it was kept."""

    created_at: datetime


@router.post(
    "/sessions/{session_id}/prep", status_code=201, responses={201: {"model": DraftedPrep}}
)
async def ask_prep(
    session_id: UUID, viewer: AtViewer, front: AtFront, attempt: AtAttempt
) -> Response:
    """Draft a prep brief for you from the session's agenda; nobody else reads it."""

    async def think() -> Save[Answer]:
        return tell_draft(await draft_session_prep(front, viewer, session_id))

    return await answer_once(front.resources, attempt, think)


@router.get("/sessions/{session_id}/prep")
async def preps(session_id: UUID, viewer: AtViewer, resources: AtResources) -> Items[KeptPrep]:
    """List your own prep briefs of a session, the latest first."""
    found = await resources.read(list_preps, viewer, session_id)
    items = [KeptPrep(id=one.id, draft=one.body, created_at=one.created_at) for one in found]
    return Items(items=items)
