"""The admin hands in a file, looks at what was read of it, and keeps it as a draft."""

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from coach.errors import CoachError
from coach.knowledge.documents import DOCUMENT_KINDS, LEVELS, DocumentKind, Level
from coach.knowledge.reading.found import Finding
from coach.knowledge.reading.heading import Head
from coach.knowledge.reading.process import MAX_FILE
from coach.knowledge.uploads import KEPT, DocumentMoved, Preview, load_preview
from coach.people.people import KnownPerson
from coach.resources import Resources
from coach.web.api.uploads import save_kept, warnings_of
from coach.web.fields import Filled, Typed
from coach.web.front import AtAdminPerson, AtFront, AtResources
from coach.web.limits import LARGEST_UPLOAD
from coach.web.pages.library import KINDS, PartView, show_parts
from coach.web.rendering import Page, greet, render
from coach.web.uploading import UNTOLD, take_upload

router = APIRouter(prefix="/admin")


class DraftForm(Filled):
    """What an admin says about a file; one with a header of its own says it itself."""

    id: Typed = ""
    title: Typed = ""
    kind: DocumentKind = "tutorial"
    topics: Typed = ""
    level: Level = "basic"
    licence: Typed = ""
    review_by: Typed = ""
    owner: Typed = ""
    reason: Typed = ""
    seen: int = 0

    @property
    def head(self) -> Head:
        """The header that these words make."""
        topics = (topic.strip() for topic in self.topics.split(","))
        return Head(
            kind=self.kind,
            id=self.id.strip(),
            title=self.title.strip(),
            topics=tuple(topic for topic in topics if topic),
            level=self.level,
            licence=self.licence.strip(),
            review_by=self.review_by.strip(),
            owner=self.owner.strip(),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadPage(Page):
    """Everything admin/upload.html may mention."""

    template: ClassVar[str] = "admin/upload.html"
    fault: str | None
    megabytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewPage(Page):
    """Everything admin/preview.html may mention."""

    template: ClassVar[str] = "admin/preview.html"
    upload_id: UUID
    name: str
    format: str
    title: str
    headed: bool
    same: str
    warnings: tuple[str, ...]
    findings: tuple[Finding, ...]
    near: str
    parts: tuple[PartView, ...]
    typed: DraftForm
    kinds: dict[str, str]
    levels: dict[str, str]
    hours: int
    fault: str | None


@router.get("/upload")
async def choose(admin: AtAdminPerson) -> Response:
    """Show the form that takes a file."""
    return render(_form(admin, None))


@router.post("/upload", max_body_size=LARGEST_UPLOAD)
async def upload(request: Request, admin: AtAdminPerson, front: AtFront) -> Response:
    """Read the file that was chosen, and go on to what was read."""
    try:
        upload_id = await take_upload(front, request)
    except CoachError as error:
        if error.status != 422:
            raise
        return render(_form(admin, error.detail), error.status)
    return RedirectResponse(f"/admin/uploads/{upload_id}", 303)


@router.get("/uploads/{upload_id}")
async def preview(upload_id: UUID, admin: AtAdminPerson, resources: AtResources) -> Response:
    """Show what was read of a file, passage by passage."""
    found = await resources.read(load_preview, upload_id, UNTOLD)
    header = found.text.header
    typed = DraftForm(id=header.id, title=header.title, owner=admin.name, seen=found.seen)
    return render(_preview(admin, found, typed, None))


@router.post("/uploads/{upload_id}/draft")
async def keep(
    upload_id: UUID,
    filled: Annotated[DraftForm, Form()],
    admin: AtAdminPerson,
    resources: AtResources,
) -> Response:
    """Keep what was read as a draft."""
    said = (filled.head, filled.reason, filled.seen)
    try:
        saved = await resources.transact(save_kept, admin.viewer, upload_id, *said)
    except CoachError as error:
        if error.status not in (409, 422):
            raise
        return await _again(resources, admin, upload_id, filled, error)
    return RedirectResponse(f"/admin/library/{saved.document_id}", 303)


async def _again(
    resources: Resources, admin: KnownPerson, upload_id: UUID, typed: DraftForm, error: CoachError
) -> Response:
    """The preview once more, with what was typed and what is wrong with it."""
    head = typed.head if isinstance(error, DocumentMoved) else UNTOLD
    found = await resources.read(load_preview, upload_id, head)
    if isinstance(error, DocumentMoved):
        typed = typed.model_copy(update={"seen": found.seen})
    return render(_preview(admin, found, typed, error.detail), error.status)


def _form(admin: KnownPerson, fault: str | None) -> UploadPage:
    return UploadPage(you=greet(admin), fault=fault, megabytes=MAX_FILE // 1_000_000)


def _preview(
    admin: KnownPerson, found: Preview, typed: DraftForm, fault: str | None
) -> PreviewPage:
    upload, header = found.upload, found.text.header
    return PreviewPage(
        you=greet(admin),
        upload_id=upload.id,
        name=upload.name,
        format=FORMATS[upload.format],
        title=header.title,
        headed=upload.is_headed,
        same=header.id if found.is_same else "",
        warnings=warnings_of(found),
        findings=upload.findings,
        near=found.alike.document_id if found.alike else "",
        parts=show_parts(found.text.passages),
        typed=typed,
        kinds={kind: KINDS[kind] for kind in DOCUMENT_KINDS},
        levels={level: level.capitalize() for level in LEVELS},
        hours=int(KEPT.total_seconds() // 3600),
        fault=fault,
    )


FORMATS: dict[Literal["markdown", "text", "html", "pdf", "docx", "pptx"], str] = {
    "markdown": "Markdown",
    "text": "plain text",
    "html": "a web page",
    "pdf": "PDF",
    "docx": "a Word document",
    "pptx": "PowerPoint slides",
}
