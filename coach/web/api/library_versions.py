"""The life of a document for admins: versions, what changed, back to one, and the review."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field

from coach.knowledge.documents import CurationState
from coach.knowledge.library import Saved
from coach.knowledge.versions import (
    LONGEST_REASON,
    DiffLine,
    PublishedOver,
    Version,
    Written,
    compare_versions,
    list_versions,
    load_source,
    restore_version,
    return_document,
    submit_document,
    write_version,
)
from coach.people.people import load_person
from coach.people.permissions import Viewer
from coach.storage.database import Db
from coach.web.api.library import AtDocument
from coach.web.clock import now
from coach.web.fields import Asked, Items, Source, Text
from coach.web.front import AtAdmin, AtResources

router = APIRouter(tags=["library"])
LARGEST_NUMBER = 2**31 - 1
Number = Annotated[int, Field(ge=1, le=LARGEST_NUMBER)]
AtNumber = Annotated[int, Path(ge=1, le=LARGEST_NUMBER)]


class PublishedOverRead(BaseModel):
    """Why a version was published untried (`asked` is 0), or although these questions are lost."""

    asked: int
    lost: tuple[str, ...]
    reason: str
    author: str | None


class VersionRead(BaseModel):
    """One version of a document: who wrote it, when and why, who published it and over what."""

    number: int
    title: str
    author: str | None
    reason: str | None
    created_at: datetime
    is_newest: bool
    is_published: bool
    published_over: PublishedOverRead | None
    published_by: str | None


class VersionSource(BaseModel):
    """One version with its Markdown."""

    number: int
    source: str


class ChangedLine(BaseModel):
    """A line of a comparison; `gap` stands for lines that are the same in both."""

    change: Literal["same", "added", "removed", "gap"]
    text: str


class Restoring(Asked):
    """Why an old version is brought back."""

    reason: Annotated[Text, Field(max_length=LONGEST_REASON)] = ""


class Writing(Asked):
    """A document's whole Markdown with its header; `seen` is the version it was written from."""

    source: Source
    seen: Number
    reason: Annotated[Text, Field(max_length=LONGEST_REASON)] = ""


class SavedRead(BaseModel):
    """What became of a document; `unchanged` when its newest version has this very text."""

    document_id: str
    title: str
    outcome: Literal["added", "new version", "unchanged"]
    number: int
    state: CurationState
    passages: int


@router.get("/library/documents/{document_id}/versions")
async def versions(
    document_id: AtDocument, admin: AtAdmin, resources: AtResources
) -> Items[VersionRead]:
    """List the versions of a document, the newest first."""
    found = await resources.read(list_versions, document_id)
    return Items(items=[_version(one) for one in found])


@router.post("/library/documents/{document_id}/versions", status_code=201)
async def write(
    document_id: AtDocument, asked: Writing, admin: AtAdmin, resources: AtResources
) -> SavedRead:
    """Keep a new text as the newest version; pairs read it once it is published."""
    said = (asked.source, asked.seen, asked.reason)
    return read_saved(await resources.transact(save_written, admin, document_id, *said))


@router.get("/library/documents/{document_id}/versions/{number}")
async def version(
    document_id: AtDocument, number: AtNumber, admin: AtAdmin, resources: AtResources
) -> VersionSource:
    """Read the Markdown of one version."""
    source = await resources.read(load_source, document_id, number)
    return VersionSource(number=number, source=source)


@router.get("/library/documents/{document_id}/diff")
async def diff(
    document_id: AtDocument,
    before: Annotated[Number, Query()],
    after: Annotated[Number, Query()],
    admin: AtAdmin,
    resources: AtResources,
) -> Items[ChangedLine]:
    """Show what changed from one version to another; nothing when they are the same."""
    lines = await resources.read(compare_versions, document_id, before, after)
    return Items(items=[_line(one) for one in lines])


@router.post("/library/documents/{document_id}/versions/{number}/restore", status_code=201)
async def restore(
    document_id: AtDocument,
    number: AtNumber,
    admin: AtAdmin,
    resources: AtResources,
    asked: Restoring | None = None,
) -> SavedRead:
    """Bring an old version back as a new one; pairs read it once it is published."""
    reason = asked.reason if asked else ""
    saved = await resources.transact(save_restored, admin, document_id, number, reason)
    return read_saved(saved)


@router.post("/library/documents/{document_id}/submit", status_code=204)
async def submit(document_id: AtDocument, admin: AtAdmin, resources: AtResources) -> None:
    """Hand a draft in for review."""
    await resources.transact(submit_document, document_id, now())


@router.post("/library/documents/{document_id}/return", status_code=204)
async def give_back(document_id: AtDocument, admin: AtAdmin, resources: AtResources) -> None:
    """Hand a document in review back to its author."""
    await resources.transact(return_document, document_id, now())


def save_restored(db: Db, admin: Viewer, document_id: str, number: int, reason: str) -> Saved:
    """Bring an old version back in this admin's name."""
    return restore_version(db, document_id, number, name_of(db, admin), reason, now())


def save_written(
    db: Db, admin: Viewer, document_id: str, source: str, seen: int, reason: str
) -> Saved:
    """Keep a new text in this admin's name."""
    return write_version(db, document_id, Written(source, seen, name_of(db, admin), reason), now())


def name_of(db: Db, viewer: Viewer) -> str:
    """The name under which a person's versions stand."""
    return load_person(db, viewer, viewer.person_id).name


def read_saved(saved: Saved) -> SavedRead:
    """What became of a document, as the API tells it."""
    return SavedRead(
        document_id=saved.document_id,
        title=saved.title,
        outcome=saved.outcome,
        number=saved.number,
        state=saved.state,
        passages=saved.passages,
    )


def _version(one: Version) -> VersionRead:
    return VersionRead(
        number=one.number,
        title=one.title,
        author=one.author,
        reason=one.reason,
        created_at=one.created_at,
        is_newest=one.is_newest,
        is_published=one.is_published,
        published_over=_over(one.published_over),
        published_by=one.published_by,
    )


def _over(one: PublishedOver | None) -> PublishedOverRead | None:
    return PublishedOverRead.model_validate(one, from_attributes=True) if one else None


def _line(one: DiffLine) -> ChangedLine:
    return ChangedLine(change=one.change, text=one.text)
