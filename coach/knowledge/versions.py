"""The versions of a document: listed, compared, brought back; and the way through a review."""

import difflib
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import sqlalchemy as sa

from coach.errors import CoachError
from coach.knowledge.article import check_written
from coach.knowledge.library import Saved, find_document, save_document
from coach.knowledge.listing import DocumentNotFound
from coach.knowledge.markdown import read_document
from coach.storage import tables
from coach.storage.database import Db

CONTEXT = 3
LONGEST_REASON = 500


class VersionNotFound(CoachError):
    """The document has no version of this number."""

    status = 404
    title = "This document has no version of that number."


class VersionMoved(CoachError):
    """Somebody else saved the document while this text was written."""

    status = 409
    title = (
        "Somebody saved another version of this document meanwhile: compare it with yours, "
        "and save again."
    )


class OtherDocument(CoachError):
    """The header of the text names another document."""

    status = 422
    title = "The header names another id: a document keeps its id."


class ReviewFault(CoachError):
    """The document is not where this step of a review begins."""

    status = 409
    title = "Only a draft can be handed in for review, and only a document in review handed back."


class ReasonFault(CoachError):
    """The reason for a change is too long to be read."""

    status = 422
    title = f"A reason has at most {LONGEST_REASON} characters."


@dataclass(frozen=True, slots=True)
class PublishedOver:
    """That a version was published with a reason: over the loss of golden questions, or untried.

    `asked` tells how many golden questions a trial asked; none were when nobody tried it.
    """

    version: int
    asked: int
    lost: tuple[str, ...]
    reason: str
    author: str | None

    @property
    def told(self) -> str:
        """What the reason was given for."""
        if self.lost:
            return "Published over a loss"
        return "Published after a trial" if self.asked else "Published untried"


@dataclass(frozen=True, slots=True)
class Version:
    """One version in the history of a document; the text never changes.

    `author` wrote it, `published_by` let pairs read it, where they gave their names.
    """

    number: int
    title: str
    author: str | None
    reason: str | None
    created_at: datetime
    is_newest: bool
    is_published: bool
    published_over: PublishedOver | None = None
    published_by: str | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """A whole new text of a document; `seen` is the version that its author had before them."""

    source: str
    seen: int
    author: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class DiffLine:
    """A line of a comparison; `gap` stands for lines that are the same in both."""

    change: Literal["same", "added", "removed", "gap"]
    text: str


def list_versions(db: Db, document_id: str) -> tuple[Version, ...]:
    """Every version, the newest first; raises DocumentNotFound."""
    document = find_document(db, document_id)
    row = tables.DocumentVersion
    found = db.scalars(
        sa.select(row).where(row.document_id == document_id).order_by(row.number.desc())
    )
    over, by = list_published_over(db, document_id), _list_publishers(db, document_id)
    return tuple(
        Version(
            number=one.number,
            title=str(one.header["title"]),
            author=one.author,
            reason=one.reason,
            created_at=one.created_at,
            is_newest=one.id == document.current_version_id,
            is_published=one.id == document.published_version_id,
            published_over=over.get(one.number),
            published_by=by.get(one.number),
        )
        for one in found
    )


def list_published_over(db: Db, document_id: str) -> dict[int, PublishedOver]:
    """The versions of a document that were published with a reason, by number."""
    row = tables.PublicationTrial
    found = db.scalars(
        sa.select(row)
        .where(row.document_id == document_id, row.reason.is_not(None))
        .order_by(row.created_at)
    )
    return {
        one.version: PublishedOver(
            one.version, one.asked, tuple(one.lost), str(one.reason), one.author
        )
        for one in found
    }


def _list_publishers(db: Db, document_id: str) -> dict[int, str]:
    """Who published each version last, where they gave their name, by number."""
    row = tables.PublicationTrial
    wanted = sa.select(row.version, row.author).where(row.document_id == document_id)
    found = db.execute(wanted.where(row.author.is_not(None)).order_by(row.created_at))
    return {number: str(author) for number, author in found}


def load_source(db: Db, document_id: str, number: int) -> str:
    """The Markdown of one version; raises DocumentNotFound or VersionNotFound."""
    find_document(db, document_id)
    row = tables.DocumentVersion
    source = db.scalar(
        sa.select(row.source).where(row.document_id == document_id, row.number == number)
    )
    if source is None:
        raise VersionNotFound(f"The document {document_id!r} has no version {number}.")
    return source


def compare_versions(db: Db, document_id: str, before: int, after: int) -> tuple[DiffLine, ...]:
    """What changed from one version to another, with a few lines around each change."""
    old = load_source(db, document_id, before).splitlines()
    new = load_source(db, document_id, after).splitlines()
    lines: list[DiffLine] = []
    for line in difflib.unified_diff(old, new, lineterm="", n=CONTEXT):
        if line.startswith(("---", "+++")) and not lines:
            continue
        if line.startswith("@@"):
            lines += [DiffLine("gap", "")] if lines else []
            continue
        change = {"+": "added", "-": "removed"}.get(line[:1], "same")
        lines.append(DiffLine(change, line[1:]))  # type: ignore[arg-type]
    return tuple(lines)


def restore_version(
    db: Db, document_id: str, number: int, author: str | None, reason: str, now: datetime
) -> Saved:
    """Add a new version with the text of an old one; nothing in between is lost.

    Pairs go on reading what is published until the new version is published.
    """
    check_reason(reason)
    source = load_source(db, document_id, number)
    text = read_document(source, f"{document_id}.md")
    said = reason.strip() or f"Back to version {number}"
    return save_document(db, text, author=author, reason=said, now=now)


def write_version(db: Db, document_id: str, written: Written, now: datetime) -> Saved:
    """Keep a whole new text as the newest version, unless another was saved meanwhile."""
    check_reason(written.reason)
    if db.get(tables.Document, document_id, with_for_update=True) is None:
        raise DocumentNotFound(f"The library has no document {document_id!r}.")
    text = read_document(written.source, f"{document_id}.md")
    if text.header.id != document_id:
        raise OtherDocument
    newest = sa.select(sa.func.max(tables.DocumentVersion.number))
    if db.scalar(newest.where(tables.DocumentVersion.document_id == document_id)) != written.seen:
        raise VersionMoved
    reason = written.reason.strip() or None
    return save_document(db, text, author=written.author, now=now, reason=reason)


def submit_document(db: Db, document_id: str, now: datetime) -> None:
    """Hand a draft in for review; one that nobody has written yet stays a draft."""
    check_newest_written(db, document_id)
    _move(db, document_id, "draft", "in_review", now)


def return_document(db: Db, document_id: str, now: datetime) -> None:
    """Hand a document in review back to its author."""
    _move(db, document_id, "in_review", "draft", now)


def check_newest_written(db: Db, document_id: str) -> None:
    """Raise ArticleUnwritten while the newest version waits for its sentences."""
    document, version = find_document(db, document_id), tables.DocumentVersion
    text = db.scalar(sa.select(version.text).where(version.id == document.current_version_id))
    check_written(text or "")


def check_reason(reason: str | None) -> None:
    """Raise ReasonFault for a reason nobody would read."""
    if reason is not None and len(reason) > LONGEST_REASON:
        raise ReasonFault


def _move(db: Db, document_id: str, before: str, after: str, now: datetime) -> None:
    found = db.execute(
        sa.update(tables.Document)
        .where(tables.Document.id == document_id, tables.Document.state == before)
        .values(state=after, changed_at=now)
    )
    if found.rowcount:  # type: ignore[attr-defined]
        return
    if db.get(tables.Document, document_id) is None:
        raise DocumentNotFound(f"The library has no document {document_id!r}.")
    raise ReviewFault
