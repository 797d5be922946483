"""The admin's pages of the background work: how far it is, what went wrong, and the way on."""

from dataclasses import dataclass, replace
from typing import Annotated, ClassVar
from uuid import UUID

from fastapi import APIRouter, Form
from starlette.responses import RedirectResponse, Response

from coach.errors import CoachError, NotFound
from coach.jobs.faults import JobNotFound
from coach.jobs.rows import (
    Job,
    cancel_job,
    list_jobs,
    load_job,
    retry_job,
)
from coach.knowledge.batches import BatchTrial, Flip, say_trial
from coach.knowledge.handed_in import list_told
from coach.knowledge.importing import load_found
from coach.people.people import KnownPerson
from coach.resources import Resources
from coach.storage.database import Db
from coach.web.api.jobs import save_loss
from coach.web.fields import Filled, Typed
from coach.web.front import AtAdminPerson, AtResources
from coach.web.rendering import Page, greet, render

router = APIRouter(prefix="/admin/jobs")
JOB_KINDS = {
    "import": "Files taken in",
    "index": "Index brought up to date",
    "re-embed": "Vectors of another model",
    "freshness": "Look at review dates",
    "trial": "Publication tried out",
    "re-ask": "Gaps asked again",
}
JOB_STATES = {
    "waiting": "Waiting",
    "running": "Running",
    "done": "Done",
    "failed": "Failed",
    "cancelled": "Stopped",
}
# Seconds after which a page looks again.
AGAIN, LIST_AGAIN = 4, 10
FileLine = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class TrialView:
    """What publishing all that an import brought changes, in words."""

    told: str
    asked: int
    lost: tuple[Flip, ...]
    won: tuple[Flip, ...]
    reason: str | None


@dataclass(frozen=True, slots=True)
class SeenJob:
    """A job with what became of its files, and what was found when they were tried."""

    job: Job
    files: tuple[FileLine, ...]
    trial: BatchTrial | None


@dataclass(frozen=True, slots=True, kw_only=True)
class JobsPage(Page):
    """Everything admin/jobs.html may mention."""

    template: ClassVar[str] = "admin/jobs.html"
    jobs: tuple[Job, ...]
    kinds: dict[str, str]
    states: dict[str, str]
    is_open: bool
    refreshes: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class JobPage(Page):
    """Everything admin/job.html may mention."""

    template: ClassVar[str] = "admin/job.html"
    job: Job
    kind: str
    state: str
    files: tuple[FileLine, ...]
    trial: TrialView | None
    refreshes: bool
    fault: str | None
    is_held: bool
    reason: str = ""


class LossForm(Filled):
    """The form that publishes over a loss."""

    reason: Typed = ""


@router.get("")
async def jobs(admin: AtAdminPerson, resources: AtResources, still: bool = False) -> Response:
    """Show the newest jobs, and look again by itself while one is open."""
    found = await resources.read(list_jobs)
    is_open = any(job.is_open for job in found)
    refreshes = is_open and not still
    page = JobsPage(
        you=greet(admin),
        jobs=found,
        kinds=JOB_KINDS,
        states=JOB_STATES,
        is_open=is_open,
        refreshes=refreshes,
    )
    return render(page, again_after=LIST_AGAIN if refreshes else None)


@router.get("/{job_id}")
async def job(
    job_id: UUID, admin: AtAdminPerson, resources: AtResources, still: bool = False
) -> Response:
    """Show one job with what became of each of its files."""
    page = _page(admin, await resources.read(load_seen, job_id), None, still)
    return render(page, again_after=AGAIN if page.refreshes else None)


@router.post("/{job_id}/cancel")
async def cancel(job_id: UUID, admin: AtAdminPerson, resources: AtResources) -> Response:
    """Stop a job; what it finished stays."""
    return await _change(resources, admin, job_id, stop=True)


@router.post("/{job_id}/retry")
async def retry(job_id: UUID, admin: AtAdminPerson, resources: AtResources) -> Response:
    """Let a failed or stopped job go on from where it was."""
    return await _change(resources, admin, job_id, stop=False)


@router.post("/{job_id}/publish")
async def publish(
    job_id: UUID,
    filled: Annotated[LossForm, Form()],
    admin: AtAdminPerson,
    resources: AtResources,
) -> Response:
    """Publish what an import held back, with the reason why its loss is right."""
    try:
        await resources.transact(save_loss, admin.viewer, job_id, filled.reason)
    except CoachError as error:
        if error.status not in (409, 422):
            raise
        found = await resources.read(load_seen, job_id)
        page = replace(_page(admin, found, error.detail), reason=filled.reason)
        return render(page, error.status)
    return RedirectResponse(f"/admin/jobs/{job_id}", 303)


async def _change(resources: Resources, admin: KnownPerson, job_id: UUID, stop: bool) -> Response:
    try:
        await resources.transact(cancel_job if stop else retry_job, job_id)
    except JobNotFound:
        raise NotFound from None
    except CoachError as error:
        found = await resources.read(load_seen, job_id)
        return render(_page(admin, found, error.detail), error.status)
    return RedirectResponse(f"/admin/jobs/{job_id}", 303)


def load_seen(db: Db, job_id: UUID) -> SeenJob:
    """A job and its files, or NotFound."""
    try:
        files = tuple(list_told(db, job_id))
        return SeenJob(load_job(db, job_id), files, load_found(db, job_id))
    except JobNotFound:
        raise NotFound from None


def _page(
    admin: KnownPerson,
    seen: SeenJob,
    fault: str | None,
    still: bool = True,
) -> JobPage:
    job = seen.job
    return JobPage(
        you=greet(admin),
        job=job,
        kind=JOB_KINDS[job.kind],
        state=JOB_STATES[job.state],
        files=seen.files,
        trial=show_found(seen.trial, job) if seen.trial else None,
        refreshes=job.is_open and not still,
        fault=fault,
        is_held=job.state == "done" and seen.trial is not None and seen.trial.fate == "in_review",
    )


def show_found(found: BatchTrial, job: Job) -> TrialView:
    """What was found; a job that ended has said so in its own sentence."""
    told = "What publishing them changes for the golden questions:"
    if job.is_open or job.told is None:
        told = say_trial(found)
    return TrialView(told, found.asked, found.lost, found.won, found.reason)
