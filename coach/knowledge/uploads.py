"""Files handed in, kept as text under an id of our own until they are drafts or a day has passed.

The name a file came with is only shown; nothing on any disk is ever called so.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

import sqlalchemy as sa

from coach.errors import CoachError
from coach.knowledge.documents import DocumentText
from coach.knowledge.library import Saved, save_document
from coach.knowledge.likeness import Alike, load_likeness
from coach.knowledge.markdown import read_document
from coach.knowledge.reading.found import Extracted, Finding, Format
from coach.knowledge.reading.heading import Head, add_header, has_header
from coach.knowledge.versions import check_reason
from coach.storage import tables
from coach.storage.database import Db

KEPT = timedelta(days=1)
LONGEST_NAME = 200
NAMELESS = "This file"


class UploadNotFound(CoachError):
    """The upload became a draft, or a day has passed."""

    status = 404
    title = "This file is no longer kept here: hand it in again."


class DocumentMoved(CoachError):
    """Somebody else saved the document between the preview and the draft."""

    status = 409
    title = "Somebody saved another version of this document meanwhile: look at the preview again."


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was read; `name` is what it was called elsewhere."""

    id: UUID
    name: str
    format: Format
    markdown: str
    findings: tuple[Finding, ...]

    @property
    def is_headed(self) -> bool:
        """Whether the file brings a header of its own."""
        return self.format == "markdown" and has_header(self.markdown.encode())


@dataclass(frozen=True, slots=True)
class Preview:
    """What an upload would become.

    `seen` is the newest version of the document it would be added to, 0 for a new document;
    `is_same` says that this version has the very same text.
    """

    upload: Upload
    text: DocumentText
    seen: int
    is_same: bool
    alike: Alike | None


def name_shown(name: str) -> str:
    """The name of a file as it may stand in a sentence: one line, nothing unseen, not too long."""
    return "".join(sign for sign in name if sign.isprintable()).strip()[-LONGEST_NAME:] or NAMELESS


def save_upload(db: Db, name: str, found: Extracted, now: datetime) -> UUID:
    """Keep what was read of a file; those kept longer than a day go."""
    db.execute(sa.delete(tables.Upload).where(tables.Upload.created_at < now - KEPT))
    upload = tables.Upload(
        name=name,
        format=found.format,
        markdown=found.markdown,
        findings=[asdict(one) for one in found.findings],
        created_at=now,
    )
    db.add(upload)
    db.flush()
    return upload.id


def load_upload(db: Db, upload_id: UUID) -> Upload:
    """A file that was handed in, or UploadNotFound."""
    row = db.get(tables.Upload, upload_id)
    if row is None:
        raise UploadNotFound
    findings = cast(Sequence[dict[str, str]], row.findings)
    return Upload(
        row.id,
        row.name,
        cast(Format, row.format),
        row.markdown,
        tuple(Finding(**one) for one in findings),  # type: ignore[arg-type]
    )


def load_preview(db: Db, upload_id: UUID, head: Head) -> Preview:
    """What this upload would become under this header; nothing is changed."""
    upload = load_upload(db, upload_id)
    text = read_upload_as(upload, head)
    newest = _newest(db, text.header.id)
    return Preview(
        upload,
        text,
        newest.number if newest else 0,
        newest is not None and newest.content_hash == text.content_hash,
        load_likeness(db).find(text.header.id, text.text),
    )


def read_upload_as(upload: Upload, head: Head) -> DocumentText:
    """The document in an upload; a header of its own counts more than this one."""
    source = upload.markdown
    if not upload.is_headed:
        source = add_header(source, upload.name, head)
    return read_document(source, upload.name)


def save_draft(
    db: Db,
    upload_id: UUID,
    head: Head,
    said: tuple[str | None, str],
    seen: int | None,
    now: datetime,
) -> Saved:
    """Keep an upload as the newest version of its document and let the upload go.

    `said` is who hands it in and why. When `seen` is not the newest version any more,
    DocumentMoved is raised, unless what was saved meanwhile is this very text.
    """
    author, reason = said
    check_reason(reason)
    upload = load_upload(db, upload_id)
    text = read_upload_as(upload, head)
    why = reason.strip() or f"Handed in as {upload.name}"
    saved = save_document(db, text, author=author, reason=why, now=now)
    before = saved.number - (saved.outcome != "unchanged")
    if seen is not None and saved.outcome != "unchanged" and before != seen:
        raise DocumentMoved  # the transaction is undone
    db.execute(sa.delete(tables.Upload).where(tables.Upload.id == upload_id))
    return saved


def _newest(db: Db, document_id: str) -> tables.DocumentVersion | None:
    document = db.get(tables.Document, document_id)
    if document is None or document.current_version_id is None:
        return None
    return db.get(tables.DocumentVersion, document.current_version_id)
