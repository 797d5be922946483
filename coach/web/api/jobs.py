"""The background work of the library, for admins: seen, stopped and tried again."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from coach.errors import NotFound
from coach.jobs.faults import JobNotFound
from coach.jobs.rows import (
    Job,
    Kind,
    State,
    cancel_job,
    list_jobs,
    load_job,
    retry_job,
)
from coach.knowledge.batches import Fate
from coach.knowledge.handed_in import list_told
from coach.knowledge.importing import accept_loss, load_found
from coach.knowledge.versions import LONGEST_REASON
from coach.people.people import load_person
from coach.people.permissions import Viewer
from coach.storage.database import Db
from coach.web.fields import Id, Items, Text
from coach.web.front import AtAdmin, AtResources

router = APIRouter(tags=["jobs"])


class JobRead(BaseModel):
    """A job: how far it is, how often it was begun, and what went wrong."""

    id: UUID
    kind: Kind
    state: State
    stage: str
    done: int
    total: int
    attempts: int
    worker: str | None
    told: str | None
    error: str | None
    hint: str | None
    created_at: datetime
    changed_at: datetime
    document_id: str | None


class FileRead(BaseModel):
    """What became of one file of an import."""

    name: str
    outcome: str
    told: str


class FlipRead(BaseModel):
    """A golden question that goes wrong, or comes right, and the documents that make it so."""

    question: str
    documents: tuple[str, ...]


class BatchRead(BaseModel):
    """Recall@5 before and after all that an import brought, and what became of its documents.

    With `lost` questions and no reason they stay `in_review`.
    """

    documents: int
    asked: int
    before: float
    after: float
    lost: tuple[FlipRead, ...]
    won: tuple[FlipRead, ...]
    reason: str | None
    fate: Fate


class LossAccepted(BaseModel):
    """Why it is right to publish although golden questions go wrong."""

    accept_loss: Annotated[Text, Field(max_length=LONGEST_REASON)]


class JobWithFiles(JobRead):
    """A job with a line for each of its files; `trial` is that of an import that publishes."""

    files: list[FileRead]
    trial: BatchRead | None


@router.get("/jobs")
async def jobs(admin: AtAdmin, resources: AtResources) -> Items[JobRead]:
    """List the newest jobs."""
    found = await resources.read(list_jobs)
    return Items(items=[read_job(job) for job in found])


@router.get("/jobs/{job_id}")
async def job(job_id: Id, admin: AtAdmin, resources: AtResources) -> JobWithFiles:
    """Show a job with a line for each of its files."""
    return await resources.read(load_with_files, job_id)


@router.post("/jobs/{job_id}/cancel")
async def cancel(job_id: Id, admin: AtAdmin, resources: AtResources) -> JobRead:
    """Stop a job; what it finished stays."""
    try:
        return read_job(await resources.transact(cancel_job, job_id))
    except JobNotFound:
        raise NotFound from None


@router.post("/jobs/{job_id}/retry")
async def retry(job_id: Id, admin: AtAdmin, resources: AtResources) -> JobRead:
    """Let a failed or cancelled job go on from where it was."""
    try:
        return read_job(await resources.transact(retry_job, job_id))
    except JobNotFound:
        raise NotFound from None


@router.post("/jobs/{job_id}/publish")
async def publish(
    job_id: Id, admin: AtAdmin, resources: AtResources, asked: LossAccepted
) -> JobRead:
    """Publish what an import held back for golden questions that go wrong, with the reason why."""
    return read_job(await resources.transact(save_loss, admin, job_id, asked.accept_loss))


def save_loss(db: Db, viewer: Viewer, job_id: UUID, reason: str) -> Job:
    """Let an import publish over a loss, in this admin's name; NotFound for an unknown job."""
    try:
        return accept_loss(db, job_id, reason, load_person(db, viewer, viewer.person_id).name)
    except JobNotFound:
        raise NotFound from None


def load_with_files(db: Db, job_id: UUID) -> JobWithFiles:
    """A job and its files, or NotFound."""
    try:
        found, files = load_job(db, job_id), list_told(db, job_id)
        trial = load_found(db, job_id)
    except JobNotFound:
        raise NotFound from None
    lines = [FileRead(name=name, outcome=one, told=told) for name, one, told in files]
    kept = BatchRead.model_validate(trial, from_attributes=True) if trial else None
    return JobWithFiles(**read_job(found).model_dump(), files=lines, trial=kept)


def read_job(job: Job) -> JobRead:
    """A job as the API tells it."""
    return JobRead.model_validate(job, from_attributes=True)
