"""One document for its admins: what it says, what publishing it would change, and its text."""

from dataclasses import dataclass, replace
from typing import Annotated, ClassVar

from fastapi import APIRouter, Form
from starlette.responses import RedirectResponse, Response

from coach.errors import CoachError
from coach.jobs.rows import Job
from coach.knowledge.article import UNWRITTEN
from coach.knowledge.listing import Listed, load_document
from coach.knowledge.trials import KeptTrial, load_trial
from coach.knowledge.trying import find_trial
from coach.knowledge.versions import load_source
from coach.people.people import KnownPerson
from coach.storage.database import Db
from coach.web.api.library import AtDocument, load_newest, save_archived
from coach.web.api.library_versions import save_written
from coach.web.clock import today
from coach.web.fields import LONGEST_SOURCE, Filled, Source, Typed
from coach.web.front import AtAdminPerson, AtResources
from coach.web.pages.library import KINDS, PartView, show_parts
from coach.web.rendering import Page, greet, render
from coach.web.trying import save_publication, save_trial_job

router = APIRouter(prefix="/admin/library")
# Seconds after which the page looks how far a trial is.
AGAIN = 3
STATES = {
    "draft": "Draft",
    "in_review": "In review",
    "published": "Published",
    "needs_check": "Needs a check",
    "archived": "Archived",
}


@dataclass(frozen=True, slots=True)
class TrialView:
    """What publishing would change, in words."""

    told: str
    lost: tuple[str, ...]
    won: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Curated:
    """A document with its newest text and what was found when it was tried out."""

    document: Listed
    parts: tuple[PartView, ...]
    unwritten: bool
    trial: TrialView | None
    job: Job | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CuratePage(Page):
    """Everything admin/document.html may mention."""

    template: ClassVar[str] = "admin/document.html"
    document: Listed
    state: str
    kind: str
    parts: tuple[PartView, ...]
    unwritten: bool
    trial: TrialView | None
    job: Job | None
    refreshes: bool
    reason: str
    fault: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WritePage(Page):
    """Everything admin/write.html may mention."""

    template: ClassVar[str] = "admin/write.html"
    document: Listed
    typed: "WriteForm"
    longest: int
    moved: bool
    fault: str | None


class PublishForm(Filled):
    """The form that publishes a version; untried or over a loss it asks for a reason."""

    reason: Typed = ""


class WriteForm(Filled):
    """The form that holds a document's whole Markdown."""

    source: Source = ""
    seen: int = 0
    reason: Typed = ""


@router.get("/{document_id}")
async def curate(
    document_id: AtDocument, admin: AtAdminPerson, resources: AtResources, still: bool = False
) -> Response:
    """Show a document's newest text, and look again by itself while it is tried out."""
    found = await resources.read(load_curated, document_id)
    refreshes = found.job is not None and found.job.is_open and not still
    page = replace(_page(admin, found, "", None), refreshes=refreshes)
    return render(page, again_after=AGAIN if refreshes else None)


@router.post("/{document_id}/publish")
async def publish(
    document_id: AtDocument,
    filled: Annotated[PublishForm, Form()],
    admin: AtAdminPerson,
    resources: AtResources,
) -> Response:
    """Let pairs read the newest version; untried or over a loss, with a reason."""
    try:
        await resources.transact(save_publication, admin.viewer, document_id, filled.reason)
    except CoachError as error:
        if error.status not in (409, 422):
            raise
        found = await resources.read(load_curated, document_id)
        return render(_page(admin, found, filled.reason, error.detail), error.status)
    return _to(document_id)


@router.post("/{document_id}/try")
async def try_out(
    document_id: AtDocument, admin: AtAdminPerson, resources: AtResources
) -> Response:
    """Have it tried out in the background what publishing would change."""
    await resources.transact(save_trial_job, admin.viewer, document_id)
    return _to(document_id)  # not to a place in it, for then a browser would not look again


@router.post("/{document_id}/archive")
async def archive(
    document_id: AtDocument, admin: AtAdminPerson, resources: AtResources
) -> Response:
    """Take the document out of search."""
    await resources.transact(save_archived, document_id)
    return _to(document_id)


@router.get("/{document_id}/edit")
async def edit(document_id: AtDocument, admin: AtAdminPerson, resources: AtResources) -> Response:
    """Show the Markdown of the newest version, to be written on."""
    document, source = await resources.read(load_written, document_id)
    typed = WriteForm(source=source, seen=document.number)
    return render(_write_page(admin, document, typed, None))


@router.post("/{document_id}/edit")
async def write(
    document_id: AtDocument,
    filled: Annotated[WriteForm, Form()],
    admin: AtAdminPerson,
    resources: AtResources,
) -> Response:
    """Keep the text as the newest version; pairs read it once it is published."""
    said = (filled.source, filled.seen, filled.reason)
    try:
        await resources.transact(save_written, admin.viewer, document_id, *said)
    except CoachError as error:
        if error.status not in (409, 413, 422):
            raise
        document, _ = await resources.read(load_written, document_id)
        moved = error.status == 409
        if moved:
            filled = filled.model_copy(update={"seen": document.number})
        page = _write_page(admin, document, filled, error.detail)
        return render(replace(page, moved=moved), error.status)
    return _to(document_id)


def load_curated(db: Db, document_id: str) -> Curated:
    """A document with its newest text, its last trial and the job of one."""
    listed, passages = load_newest(db, document_id)
    kept, job = load_trial(db, document_id), find_trial(db, document_id)
    # A job that ended well told all it had to tell in the trial it kept.
    is_over = job is None or job.state == "done" or listed.published_number == listed.number
    shown = None if job is None or (is_over and not job.is_open) else job
    return Curated(
        listed,
        show_parts(passages),
        any(UNWRITTEN in passage.text for passage in passages),
        _show_trial(kept) if kept is not None else None,
        shown,
    )


def load_written(db: Db, document_id: str) -> tuple[Listed, str]:
    """A document and the Markdown of its newest version."""
    listed, _ = load_document(db, document_id, today())
    return listed, load_source(db, document_id, listed.number)


def _to(document_id: str) -> Response:
    return RedirectResponse(f"/admin/library/{document_id}", 303)


def _page(admin: KnownPerson, found: Curated, reason: str, fault: str | None) -> CuratePage:
    return CuratePage(
        you=greet(admin),
        document=found.document,
        state=STATES[found.document.state],
        kind=KINDS[found.document.kind],
        parts=found.parts,
        unwritten=found.unwritten,
        trial=found.trial,
        job=found.job,
        refreshes=False,
        reason=reason,
        fault=fault,
    )


def _write_page(
    admin: KnownPerson, document: Listed, typed: WriteForm, fault: str | None
) -> WritePage:
    return WritePage(
        you=greet(admin),
        document=document,
        typed=typed,
        longest=LONGEST_SOURCE,
        moved=False,
        fault=fault,
    )


def _show_trial(kept: KeptTrial) -> TrialView:
    found = f"{kept.before:.1%} find their document now, and {kept.after:.1%} then"
    told = f"Of {kept.asked} golden questions {found}." if kept.asked else "No golden question."
    return TrialView(told, kept.lost, kept.won)
