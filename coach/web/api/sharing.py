"""Recaps a mentee shares with the mentor, and takes back."""

from uuid import UUID

from fastapi import APIRouter

from coach.pairs.sharing import list_shared_recaps, share_recap, unshare_recap
from coach.web.api.recaps import Kept
from coach.web.fields import Items
from coach.web.front import AtResources, AtViewer

router = APIRouter(tags=["follow-ups and recaps"])


@router.get("/sessions/{session_id}/shared-recaps")
async def shared(session_id: UUID, viewer: AtViewer, resources: AtResources) -> Items[Kept]:
    """List the recaps of a session that its mentee shared with the mentor, the latest first."""
    found = await resources.read(list_shared_recaps, viewer, session_id)
    items = [Kept(id=one.id, draft=one.body, created_at=one.created_at) for one in found]
    return Items(items=items)


@router.put("/sessions/{session_id}/recaps/{recap_id}/partner", status_code=204)
async def share(session_id: UUID, recap_id: UUID, viewer: AtViewer, resources: AtResources) -> None:
    """Let your mentor read one of your recaps."""
    await resources.transact(share_recap, viewer, session_id, recap_id)


@router.delete("/sessions/{session_id}/recaps/{recap_id}/partner", status_code=204)
async def unshare(
    session_id: UUID, recap_id: UUID, viewer: AtViewer, resources: AtResources
) -> None:
    """Take one of your recaps back from your mentor."""
    await resources.transact(unshare_recap, viewer, session_id, recap_id)
