"""The history of a document for its admins: what changed, back to a version, and the review."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from fastapi import APIRouter, Form, Query
from starlette.responses import RedirectResponse, Response

from coach.errors import CoachError
from coach.knowledge.listing import Listed, load_document
from coach.knowledge.versions import (
    DiffLine,
    Version,
    compare_versions,
    list_versions,
    return_document,
    submit_document,
)
from coach.people.people import KnownPerson
from coach.storage.database import Db
from coach.web.api.library import AtDocument
from coach.web.api.library_versions import AtNumber, Number, save_restored
from coach.web.clock import now, today
from coach.web.fields import Filled, Typed
from coach.web.front import AtAdminPerson, AtResources
from coach.web.rendering import Page, greet, render

router = APIRouter(prefix="/admin/library")


@dataclass(frozen=True, slots=True)
class History:
    """A document with its versions and what changed between two of them."""

    document: Listed
    versions: tuple[Version, ...]
    before: int
    after: int
    lines: tuple[DiffLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryPage(Page):
    """Everything admin/history.html may mention."""

    template: ClassVar[str] = "admin/history.html"
    document: Listed
    versions: tuple[Version, ...]
    before: int
    after: int
    lines: tuple[DiffLine, ...]
    fault: str | None


class RestoreForm(Filled):
    """The form that brings an old version back."""

    reason: Typed = ""


@router.get("/{document_id}/versions")
async def history(
    document_id: AtDocument,
    admin: AtAdminPerson,
    resources: AtResources,
    before: Annotated[Number | None, Query()] = None,
    after: Annotated[Number | None, Query()] = None,
) -> Response:
    """Show every version, and what changed since the one that pairs read."""
    found = await resources.read(load_history, document_id, before, after)
    return render(_page(admin, found, None))


@router.post("/{document_id}/versions/{number}/restore")
async def restore(
    document_id: AtDocument,
    number: AtNumber,
    filled: Annotated[RestoreForm, Form()],
    admin: AtAdminPerson,
    resources: AtResources,
) -> Response:
    """Take the document back to a version, as a new one."""
    try:
        await resources.transact(save_restored, admin.viewer, document_id, number, filled.reason)
    except CoachError as error:
        if error.status != 422:
            raise
        found = await resources.read(load_history, document_id, None, None)
        return render(_page(admin, found, error.detail), error.status)
    return RedirectResponse(f"/admin/library/{document_id}", 303)


@router.post("/{document_id}/submit")
async def submit(document_id: AtDocument, admin: AtAdminPerson, resources: AtResources) -> Response:
    """Hand a draft in for review."""
    await resources.transact(submit_document, document_id, now())
    return RedirectResponse(f"/admin/library/{document_id}", 303)


@router.post("/{document_id}/return")
async def give_back(
    document_id: AtDocument, admin: AtAdminPerson, resources: AtResources
) -> Response:
    """Hand a document in review back to its author."""
    await resources.transact(return_document, document_id, now())
    return RedirectResponse(f"/admin/library/{document_id}", 303)


def load_history(db: Db, document_id: str, before: int | None, after: int | None) -> History:
    """A document with its versions, compared from what pairs read to the newest unless told."""
    listed, _ = load_document(db, document_id, today())
    newest = listed.number
    known = listed.published_number
    first = before or (known if known and known != newest else max(newest - 1, 1))
    last = after or newest
    lines = compare_versions(db, document_id, first, last)
    return History(listed, list_versions(db, document_id), first, last, lines)


def _page(admin: KnownPerson, found: History, fault: str | None) -> HistoryPage:
    return HistoryPage(
        you=greet(admin),
        document=found.document,
        versions=found.versions,
        before=found.before,
        after=found.after,
        lines=found.lines,
        fault=fault,
    )
