"""What publishing a document would change for the golden questions, before anybody decides."""

from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel

from coach.web.api.library import AtDocument
from coach.web.front import AtAdmin, AtResources
from coach.web.trying import try_document

router = APIRouter(tags=["library"])


class TrialRead(BaseModel):
    """Recall@5 before and after, and the golden questions that flip.

    With `lost` ones, publishing this version asks for a reason.
    """

    version: int
    asked: int
    before: float
    after: float
    lost: tuple[str, ...]
    won: tuple[str, ...]
    created_at: datetime


@router.post("/library/documents/{document_id}/try", status_code=201)
async def try_out(document_id: AtDocument, admin: AtAdmin, resources: AtResources) -> TrialRead:
    """Try out what publishing the newest version would change; nothing is published."""
    kept = await try_document(resources, document_id)
    return TrialRead(
        version=kept.version,
        asked=kept.asked,
        before=kept.before,
        after=kept.after,
        lost=kept.lost,
        won=kept.won,
        created_at=kept.created_at,
    )
