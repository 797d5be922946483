"""Files for the library: handed in, looked at as they would be read, then kept as drafts."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field

from coach.knowledge.documents import DocumentKind, Level
from coach.knowledge.library import Saved
from coach.knowledge.reading.heading import Head
from coach.knowledge.uploads import Preview, load_preview, save_draft
from coach.knowledge.versions import LONGEST_REASON
from coach.people.permissions import Viewer
from coach.storage.database import Db
from coach.web.api.library import PassageRead
from coach.web.api.library_versions import SavedRead, name_of, read_saved
from coach.web.clock import now
from coach.web.fields import Asked, Day, Text
from coach.web.front import AtAdmin, AtFront, AtResources
from coach.web.limits import LARGEST_UPLOAD
from coach.web.uploading import UNTOLD, take_upload

router = APIRouter(tags=["library"])
Short = Annotated[Text, Field(max_length=300)]
TELLS = {
    "hidden": "Hidden text found and left out: {why}.",
    "cut": "Cut: {why}. {text}",
}
BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/octet-stream": {"schema": {"type": "string", "format": "binary"}},
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": {"type": "string", "format": "binary"}},
                }
            },
        },
    }
}


class HiddenText(BaseModel):
    """Something an admin should see: text that was hidden and left out, or text that was cut."""

    kind: Literal["hidden", "cut"]
    why: str
    text: str


class NearCopy(BaseModel):
    """A document that says much the same, and the share of runs of words they have in common."""

    document_id: str
    share: float


class UploadRead(BaseModel):
    """What was read of a file, and what it would become.

    `newest_version` is that of the document it would be added to, 0 for a new document; send it
    back as `seen`. `is_same` says that this version has the very same text. With `has_header` the
    file says itself what it is. `warnings` are sentences for the admin.
    """

    id: UUID
    name: str
    format: str
    has_header: bool
    document_id: str
    title: str
    kind: DocumentKind
    passages: list[PassageRead]
    findings: list[HiddenText]
    near_copy: NearCopy | None
    newest_version: int
    is_same: bool
    warnings: list[str]


class NewDraft(Asked):
    """What is said about a file; of one with a header of its own, only `reason` counts."""

    kind: DocumentKind = "tutorial"
    id: Short = ""
    title: Short = ""
    topics: Annotated[list[Short], Field(max_length=50)] = Field(default_factory=list)
    level: Level = "basic"
    licence: Short = ""
    review_by: Day | None = None
    language: Short = ""
    owner: Short = ""
    reason: Annotated[Text, Field(max_length=LONGEST_REASON)] = ""
    seen: int | None = None


@router.post("/library/uploads", status_code=201, max_body_size=LARGEST_UPLOAD, openapi_extra=BODY)
async def upload(
    request: Request, admin: AtAdmin, front: AtFront, name: Annotated[Text, Query()] = ""
) -> UploadRead:
    """Hand in a file: Markdown, text, HTML, PDF, Word or PowerPoint, as the body or in a form.

    Its content decides what it is, not its name. Nothing stands in the library yet.
    """
    upload_id = await take_upload(front, request, name)
    return read_preview(await front.resources.read(load_preview, upload_id, UNTOLD))


@router.get("/library/uploads/{upload_id}")
async def preview(upload_id: UUID, admin: AtAdmin, resources: AtResources) -> UploadRead:
    """Look at what was read of a file; it is kept for a day."""
    return read_preview(await resources.read(load_preview, upload_id, UNTOLD))


@router.post("/library/uploads/{upload_id}/draft", status_code=201)
async def keep(
    upload_id: UUID, asked: NewDraft, admin: AtAdmin, resources: AtResources
) -> SavedRead:
    """Keep what was read as a draft: a new document, or a new version of the one of this id."""
    head = Head(
        kind=asked.kind,
        id=asked.id,
        title=asked.title,
        topics=tuple(asked.topics),
        level=asked.level,
        licence=asked.licence,
        review_by=asked.review_by.isoformat() if asked.review_by else "",
        language=asked.language,
        owner=asked.owner,
    )
    said = (head, asked.reason, asked.seen)
    return read_saved(await resources.transact(save_kept, admin, upload_id, *said))


def save_kept(
    db: Db, admin: Viewer, upload_id: UUID, head: Head, reason: str, seen: int | None
) -> Saved:
    """Keep an upload as a draft in this admin's name."""
    return save_draft(db, upload_id, head, (name_of(db, admin), reason), seen, now())


def read_preview(found: Preview) -> UploadRead:
    """What was read of a file, as the API tells it."""
    header, upload = found.text.header, found.upload
    alike = found.alike
    return UploadRead(
        id=upload.id,
        name=upload.name,
        format=upload.format,
        has_header=upload.is_headed,
        document_id=header.id,
        title=header.title,
        kind=header.kind,
        passages=[
            PassageRead(
                passage_id=one.id, heading_path=one.heading_path, kind=one.kind, text=one.text
            )
            for one in found.text.passages
        ],
        findings=[HiddenText(kind=one.kind, why=one.why, text=one.text) for one in upload.findings],
        near_copy=NearCopy(document_id=alike.document_id, share=alike.share) if alike else None,
        newest_version=found.seen,
        is_same=found.is_same,
        warnings=list(warnings_of(found)),
    )


def warnings_of(found: Preview) -> tuple[str, ...]:
    """What an admin should know before this becomes a draft, a sentence each."""
    told = [TELLS[one.kind].format(why=one.why, text=one.text) for one in found.upload.findings]
    name, alike = found.text.header.id, found.alike
    if found.is_same:
        told.append(f"The newest version of {name!r} has this very text: there is nothing to keep.")
    elif found.seen:
        told.append(
            f"There is a document {name!r}: this would become its version {found.seen + 1}."
        )
    if alike is not None:
        told.append(
            f"It says much the same as {alike.document_id!r} ({alike.share:.0%} of its runs of "
            "words): keep one of them."
        )
    return tuple(told)
