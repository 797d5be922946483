"""The library: searched and read by anyone signed in, curated by admins."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field

from coach.errors import NotFound
from coach.knowledge.documents import CurationState, DocumentKind, Hit, Leg, LibraryQuery, Passage
from coach.knowledge.library import archive_document
from coach.knowledge.listing import DocumentNotFound, Listed, list_documents, load_document
from coach.knowledge.versions import LONGEST_REASON
from coach.storage.database import Db
from coach.web.clock import now, today
from coach.web.fields import Asked, DocumentId, Items, Text
from coach.web.front import AtAdmin, AtResources, AtViewer
from coach.web.trying import save_publication

router = APIRouter(tags=["library"])
AtDocument = Annotated[DocumentId, Path()]


class PassageFound(BaseModel):
    """A passage that answers a search; `legs` says which searches found it."""

    document_id: str
    document_title: str
    passage_id: str
    heading_path: tuple[str, ...]
    kind: str
    text: str
    legs: tuple[Leg, ...]


class SearchAnswer(BaseModel):
    """Passages best first; `missing_legs` names searches that could not take part."""

    items: list[PassageFound]
    missing_legs: tuple[Leg, ...]


class DocumentLine(BaseModel):
    """A document in a list."""

    id: str
    title: str
    kind: DocumentKind
    state: CurationState
    topics: tuple[str, ...]
    review_by: Any = None


class PassageRead(BaseModel):
    """A passage of a document."""

    passage_id: str
    heading_path: tuple[str, ...]
    kind: str
    text: str


class DocumentRead(BaseModel):
    """A document with its passages in order."""

    id: str
    title: str
    kind: DocumentKind
    state: CurationState
    passages: list[PassageRead]


class Publishing(Asked):
    """Why a version is published although golden questions lose their answer."""

    reason: Annotated[Text, Field(max_length=LONGEST_REASON)] = ""


@router.get("/library/search")
async def search(
    q: Annotated[Text, Query(min_length=1)],
    viewer: AtViewer,
    resources: AtResources,
    kind: DocumentKind | None = None,
    limit: Annotated[int, Query(ge=1, le=30)] = 8,
) -> SearchAnswer:
    """Search what is published."""
    found = await resources.library.search(LibraryQuery(q, kind, limit))
    return SearchAnswer(items=[_found(hit) for hit in found.hits], missing_legs=found.missing_legs)


@router.get("/library/documents")
async def documents(viewer: AtViewer, resources: AtResources) -> Items[DocumentLine]:
    """List the published documents; an admin sees all of them with their state."""
    listed = await resources.read(list_documents, today())
    shown = [one for one in listed if viewer.is_admin or one.published_number is not None]
    return Items(items=[_line(one) for one in shown])


@router.get("/library/documents/{document_id}")
async def document(
    document_id: AtDocument, viewer: AtViewer, resources: AtResources
) -> DocumentRead:
    """Read a document: what is published of it, for an admin its newest text."""
    if viewer.is_admin:
        listed, passages = await resources.read(load_newest, document_id)
        return _read(listed.id, listed.title, listed.kind, listed.state, passages)
    published = await resources.library.passages_of(document_id)
    if not published:
        raise NotFound
    first = published[0]
    return _read(
        first.document_id, first.document_title, first.document_kind, first.state, published
    )


@router.post("/library/documents/{document_id}/publish", status_code=204)
async def publish(
    document_id: AtDocument,
    admin: AtAdmin,
    resources: AtResources,
    asked: Publishing | None = None,
) -> None:
    """Let pairs read the newest version of a document.

    When a trial showed that golden questions lose their answer, or nobody tried this version, a
    reason has to be given.
    """
    reason = asked.reason if asked else ""
    await resources.transact(save_publication, admin, document_id, reason)


@router.post("/library/documents/{document_id}/archive", status_code=204)
async def archive(document_id: AtDocument, admin: AtAdmin, resources: AtResources) -> None:
    """Take a document out of search."""
    await resources.transact(save_archived, document_id)


def load_newest(db: Db, document_id: str) -> tuple[Listed, tuple[Passage, ...]]:
    """A document with the passages of its newest version, or NotFound."""
    try:
        listed, text = load_document(db, document_id, today())
    except DocumentNotFound:
        raise NotFound from None
    return listed, text.passages


def save_archived(db: Db, document_id: str) -> None:
    """Archive a document, or NotFound."""
    try:
        archive_document(db, document_id, now())
    except DocumentNotFound:
        raise NotFound from None


def _found(hit: Hit) -> PassageFound:
    passage = hit.passage
    return PassageFound(
        document_id=passage.document_id,
        document_title=passage.document_title,
        passage_id=passage.id,
        heading_path=passage.heading_path,
        kind=passage.kind,
        text=passage.text,
        legs=hit.legs,
    )


def _line(listed: Listed) -> DocumentLine:
    return DocumentLine(
        id=listed.id,
        title=listed.title,
        kind=listed.kind,
        state=listed.state,
        topics=listed.header.topics,
        review_by=listed.header.review_by,
    )


def _read(
    document_id: str,
    title: str,
    kind: DocumentKind,
    state: CurationState,
    passages: tuple[Passage, ...],
) -> DocumentRead:
    return DocumentRead(
        id=document_id,
        title=title,
        kind=kind,
        state=state,
        passages=[
            PassageRead(
                passage_id=one.id, heading_path=one.heading_path, kind=one.kind, text=one.text
            )
            for one in passages
        ],
    )
