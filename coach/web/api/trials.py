"""What publishing a document would change for the golden questions, before anybody decides."""

from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel

from coach.knowledge.trials import load_trial
from coach.knowledge.trying import find_trial
from coach.storage.database import Db
from coach.web.api.jobs import JobRead, read_job
from coach.web.api.library import AtDocument
from coach.web.front import AtAdmin, AtResources
from coach.web.trying import save_trial_job

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


class TrialState(BaseModel):
    """The last trial of the newest version, and the last job that tried this document out."""

    trial: TrialRead | None
    job: JobRead | None


@router.post("/library/documents/{document_id}/try", status_code=202)
async def try_out(document_id: AtDocument, admin: AtAdmin, resources: AtResources) -> TrialState:
    """Have it tried out what publishing the newest version would change; nothing is published.

    It is done in the background; `GET …/trial` tells how far it is, and what was found.
    """
    await resources.transact(save_trial_job, admin, document_id)
    return await resources.read(load_state, document_id)


@router.get("/library/documents/{document_id}/trial")
async def trial(document_id: AtDocument, admin: AtAdmin, resources: AtResources) -> TrialState:
    """What was found when the newest version was tried out, and how far a trial is."""
    return await resources.read(load_state, document_id)


def load_state(db: Db, document_id: str) -> TrialState:
    """The last trial and the last job of a document; raises DocumentNotFound."""
    kept, job = load_trial(db, document_id), find_trial(db, document_id)
    return TrialState(
        trial=TrialRead.model_validate(kept, from_attributes=True) if kept else None,
        job=read_job(job) if job else None,
    )
