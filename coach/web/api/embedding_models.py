"""The embedding model of the library: which one serves, a change of it, and the way back."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from coach.knowledge.model_changes import Change, NothingAsked, go_back
from coach.knowledge.model_jobs import Models, accept_loss, add_change, load_models
from coach.knowledge.serving import Serving
from coach.people.people import load_person
from coach.people.permissions import Viewer
from coach.resources import Resources
from coach.storage.database import Db
from coach.web.clock import now
from coach.web.front import AtAdmin, AtResources

router = APIRouter(tags=["library"])


class ComparedRead(BaseModel):
    """The golden questions under the old model and under the new one."""

    asked: int
    before: float
    after: float
    refused_before: int
    refused_after: int
    lost: tuple[str, ...]
    won: tuple[str, ...]


class ChangeRead(BaseModel):
    """One change; `asks` waits for a word, for golden questions are lost."""

    old: str
    new: str
    state: Literal["asks", "taken", "back"]
    compared: ComparedRead | None
    author: str | None
    reason: str | None
    created_at: datetime


class ModelRead(BaseModel):
    """Which model serves, which one the settings name, and the newest change."""

    serving: str | None
    configured: str | None
    change: ChangeRead | None


class ChangeAsked(BaseModel):
    """`anew` makes all vectors again; a reason lets a model serve that loses golden questions."""

    model_config = ConfigDict(extra="forbid")
    anew: bool = False
    accept_loss: str | None = Field(default=None, min_length=1, max_length=500)


class BackAsked(BaseModel):
    """Why the model before should serve again."""

    model_config = ConfigDict(extra="forbid")
    reason: str = Field(default="", max_length=500)


class JobAdded(BaseModel):
    """The job that does it; /jobs/{id} tells how far it is."""

    job_id: UUID


@router.get("/library/embedding-model")
async def model(admin: AtAdmin, resources: AtResources) -> ModelRead:
    """Show which embedding model serves, and what the last change did to golden questions."""
    return _read(await resources.read(load_models, configured_in(resources)))


@router.post("/library/embedding-model/change", status_code=202)
async def change(asked: ChangeAsked, admin: AtAdmin, resources: AtResources) -> JobAdded:
    """Bring in the model the settings name, or decide about the one that waits."""
    configured = configured_in(resources)
    return JobAdded(job_id=await resources.transact(begin, admin, configured, asked))


@router.post("/library/embedding-model/back")
async def back(asked: BackAsked, admin: AtAdmin, resources: AtResources) -> ModelRead:
    """Let the model before serve again; its vectors are kept until the next change."""
    await resources.transact(return_to, admin, asked.reason)
    return _read(await resources.read(load_models, configured_in(resources)))


def configured_in(resources: Resources) -> str | None:
    """The model that the settings name, if there is one."""
    encoder = resources.meanings.encoder if resources.meanings is not None else None
    return encoder.configured.model if isinstance(encoder, Serving) else None


def begin(db: Db, admin: Viewer, configured: str | None, asked: ChangeAsked) -> UUID:
    """Add the job in this admin's name."""
    author = load_person(db, admin, admin.person_id).name
    if asked.accept_loss is not None:
        return accept_loss(db, asked.accept_loss, author)
    if configured is None:
        raise NothingAsked("There is no embedding model here: see COACH_EMBEDDINGS.")
    return add_change(db, configured, asked.anew, author)


def return_to(db: Db, admin: Viewer, reason: str) -> Change:
    """Go back in this admin's name."""
    return go_back(db, load_person(db, admin, admin.person_id).name, reason, now())


def _read(models: Models) -> ModelRead:
    return ModelRead.model_validate(models, from_attributes=True)
