"""Follow-up questions for the pair, and recaps for the mentee alone."""

from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel
from starlette.responses import Response

from coach.pairs.drafts import Body, KeptDraft, list_follow_ups, list_recaps
from coach.storage.database import Db, Save
from coach.web.drafting import Style, draft_session_follow_ups, draft_session_recap, load_for_recap
from coach.web.fields import Asked, Items, Text
from coach.web.front import AtFront, AtResources, AtViewer
from coach.web.gaps import share_question
from coach.web.idempotency import Answer, AtAttempt, answer_once

router = APIRouter(tags=["follow-ups and recaps"])


class Drafted(BaseModel):
    """A draft as it was kept."""

    id: UUID
    draft: dict[str, Any]


class Kept(Drafted):
    """A draft with the moment it was kept."""

    created_at: datetime


class Question(Asked):
    """What the mentee asks; without a question the whole session is recapped."""

    question: Text | None = None
    style: Style | None = None


@router.post(
    "/sessions/{session_id}/follow-ups", status_code=201, responses={201: {"model": Drafted}}
)
async def ask_follow_ups(
    session_id: UUID, viewer: AtViewer, front: AtFront, attempt: AtAttempt
) -> Response:
    """Draft questions to ask next, from what the pair shared."""

    async def think() -> Save[Answer]:
        return tell_draft(await draft_session_follow_ups(front, viewer, session_id))

    return await answer_once(front.resources, attempt, think)


@router.get("/sessions/{session_id}/follow-ups")
async def follow_ups(session_id: UUID, viewer: AtViewer, resources: AtResources) -> Items[Kept]:
    """List the follow-up questions of a session, the latest first."""
    found = await resources.read(list_follow_ups, viewer, session_id)
    return Items(items=[_build_kept(draft) for draft in found])


@router.post("/sessions/{session_id}/recaps", status_code=201, responses={201: {"model": Drafted}})
async def ask_recap(
    session_id: UUID, asked: Question, viewer: AtViewer, front: AtFront, attempt: AtAttempt
) -> Response:
    """Draft a recap for you, the mentee; nobody else reads it."""

    async def think() -> Save[Answer]:
        question, style = asked.question, asked.style
        return tell_draft(await draft_session_recap(front, viewer, session_id, question, style))

    return await answer_once(front.resources, attempt, think)


@router.get("/sessions/{session_id}/recaps")
async def recaps(session_id: UUID, viewer: AtViewer, resources: AtResources) -> Items[Kept]:
    """List your own recaps of a session, the latest first."""
    await resources.read(load_for_recap, viewer, session_id)
    found = await resources.read(list_recaps, viewer, session_id)
    return Items(items=[_build_kept(draft) for draft in found])


@router.post("/sessions/{session_id}/recaps/{recap_id}/share", status_code=204)
async def share(session_id: UUID, recap_id: UUID, viewer: AtViewer, resources: AtResources) -> None:
    """Hand the words of a question the library could not answer to its admins, without a name."""
    await share_question(resources, viewer, session_id, recap_id)


def tell_draft(save: Save[tuple[UUID, Body]]) -> Save[Answer]:
    """What keeps a draft and tells it as it was kept."""

    def write(db: Db) -> Answer:
        draft_id, body = save(db)
        return Answer(201, {"id": str(draft_id), "draft": body})

    return write


def _build_kept(draft: KeptDraft) -> Kept:
    return Kept(id=draft.id, draft=draft.body, created_at=draft.created_at)
