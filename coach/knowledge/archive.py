"""The whole library as files: every version with author, time, reason and state, and back again."""

import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast

import sqlalchemy as sa
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from coach.errors import CoachError
from coach.knowledge.documents import DocumentText
from coach.knowledge.library import Past, keep_history
from coach.knowledge.markdown import MAX_BYTES, read_document, read_text
from coach.storage import tables
from coach.storage.database import Db

INDEX = "library.json"
FORMAT: Literal["coach.library/1"] = "coach.library/1"


class ArchiveFault(CoachError):
    """The exported library is not whole, or not one at all."""

    status = 422
    title = "This is no library that `coach library export` wrote."


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class VersionKept(_Strict):
    """One version of a document: its file, and who wrote it, when and why."""

    number: int = Field(ge=1)
    file: str
    author: str | None
    reason: str | None
    created_at: AwareDatetime


class PublicationKept(_Strict):
    """That a version was published, by whom and why, and what a trial had shown before."""

    version: int = Field(ge=1)
    author: str | None
    reason: str | None
    asked: int = Field(ge=0)
    before: float
    after: float
    lost: list[str]
    won: list[str]
    created_at: AwareDatetime


class DocumentKept(_Strict):
    """One document with its state, all its versions and publications, the oldest first."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,99}$")
    state: Literal["draft", "in_review", "published", "needs_check", "archived"]
    published_version: int | None
    created_at: AwareDatetime
    changed_at: AwareDatetime
    versions: list[VersionKept] = Field(min_length=1)
    publications: list[PublicationKept] = []


class LibraryKept(_Strict):
    """The list of all that was exported."""

    format: Literal["coach.library/1"]
    documents: list[DocumentKept]


@dataclass(frozen=True, slots=True)
class History:
    """A document read from an export, not yet in a library."""

    kept: DocumentKept
    texts: tuple[DocumentText, ...]


def export_files(db: Db) -> Iterator[tuple[str, bytes]]:
    """The files of an export, by name; the same library always gives the same bytes."""
    documents: list[DocumentKept] = []
    for document in db.scalars(sa.select(tables.Document).order_by(tables.Document.id)):
        row = tables.DocumentVersion
        versions = db.scalars(
            sa.select(row).where(row.document_id == document.id).order_by(row.number)
        ).all()
        yield from ((_file(one), one.source.encode()) for one in versions)
        kept = _kept(document, versions)
        documents.append(kept.model_copy(update={"publications": _publications(db, document.id)}))
    library = LibraryKept(format=FORMAT, documents=documents)
    whole = library.model_dump(mode="json", exclude_defaults=True)
    yield INDEX, (json.dumps(whole, indent=1, ensure_ascii=False) + "\n").encode()


def read_archive(files: Mapping[str, bytes]) -> Iterator[History]:
    """Every document of an export, checked; raises ArchiveFault at the first that is not whole."""
    try:
        whole = LibraryKept.model_validate_json(files[INDEX])
    except (KeyError, ValidationError):
        raise ArchiveFault from None
    for kept in whole.documents:
        numbers = [one.number for one in kept.versions]
        if numbers != list(range(1, len(numbers) + 1)):
            raise ArchiveFault(f"{INDEX}: versions of {kept.id} are missing.")
        if kept.published_version not in (None, *numbers):
            raise ArchiveFault(f"{INDEX}: the published version of {kept.id} is missing.")
        if not {one.version for one in kept.publications} <= set(numbers):
            raise ArchiveFault(f"{INDEX}: a version of {kept.id} that was published is missing.")
        yield History(kept, tuple(_text(files, kept.id, one) for one in kept.versions))


def save_history(db: Db, history: History, in_review: bool = False) -> str:
    """Bring one document back with all its versions; what is here already stays as it is.

    With `in_review` what was published elsewhere waits for somebody to publish it here.
    """
    kept = history.kept
    row = tables.DocumentVersion
    known = db.scalars(
        sa.select(row.content_hash).where(row.document_id == kept.id).order_by(row.number)
    ).all()
    if known:
        same = list(known) == [text.content_hash for text in history.texts]
        return "unchanged" if same else "kept as it is here, for it has versions of its own"
    past = [
        Past(text, one.author, one.reason, one.created_at)
        for text, one in zip(history.texts, kept.versions, strict=True)
    ]
    waits = in_review and kept.published_version is not None
    document = keep_history(db, kept.id, past, None if waits else kept.published_version)
    document.state = "in_review" if waits else kept.state
    document.created_at, document.changed_at = kept.created_at, kept.changed_at
    db.add_all(
        tables.PublicationTrial(document_id=kept.id, **one.model_dump())
        for one in kept.publications
    )
    return "restored"


def _kept(document: tables.Document, versions: Sequence[tables.DocumentVersion]) -> DocumentKept:
    numbers = {one.id: one.number for one in versions}
    published = document.published_version_id
    return DocumentKept(
        id=document.id,
        state=cast(Any, document.state),
        published_version=numbers[published] if published else None,
        created_at=document.created_at,
        changed_at=document.changed_at,
        versions=[
            VersionKept(
                number=one.number,
                file=_file(one),
                author=one.author,
                reason=one.reason,
                created_at=one.created_at,
            )
            for one in versions
        ],
    )


def _publications(db: Db, document_id: str) -> list[PublicationKept]:
    row = tables.PublicationTrial
    signed = sa.or_(row.author.is_not(None), row.reason.is_not(None))
    found = db.scalars(
        sa.select(row).where(row.document_id == document_id, signed).order_by(row.created_at)
    )
    return [
        PublicationKept(**{name: getattr(one, name) for name in PublicationKept.model_fields})
        for one in found
    ]


def _file(version: tables.DocumentVersion) -> str:
    return f"documents/{version.document_id}/{version.number:04}.md"


def _text(files: Mapping[str, bytes], document_id: str, version: VersionKept) -> DocumentText:
    try:
        data = files[version.file]
    except KeyError:
        raise ArchiveFault(f"{version.file} is missing.") from None
    # Without an id in the header the name of the file gives it.
    name = f"{document_id}.md"
    text = read_document(read_text(data[: MAX_BYTES + 1], name, len(data)), name)
    if text.header.id != document_id:
        raise ArchiveFault(f"{version.file} is not a version of {document_id}.")
    return text


def write_archive(path: Path, files: Mapping[str, bytes]) -> None:
    """Write an export into a new or empty folder, or as a ZIP that appears when it is whole."""
    if path.suffix.lower() != ".zip":
        if path.exists() and (not path.is_dir() or any(path.iterdir())):
            raise ArchiveFault(f"{path} is there already: name a new or empty folder.")
        for name, data in files.items():
            place = path / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(data)
        return
    if path.exists():
        raise ArchiveFault(f"{path} is there already: name a new file.")
    begun = path.with_name(f"{path.name}.part")
    with zipfile.ZipFile(begun, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in files.items():
            # One date for all, so that the same library gives the same bytes.
            packed.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    begun.rename(path)
