"""The life of a document: added, published, changed, archived. Each function is one transaction."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID, uuid4

import sqlalchemy as sa

from coach.knowledge.documents import CurationState, DocumentText
from coach.knowledge.header import header_values
from coach.knowledge.lexical import forget_words, save_words
from coach.knowledge.likeness import Alike
from coach.knowledge.listing import DocumentNotFound, state_now
from coach.knowledge.reading.found import Finding
from coach.knowledge.stored import PASSAGES, header_from, list_passages, passage_values
from coach.storage import tables
from coach.storage.database import Db

Outcome = Literal["added", "new version", "unchanged"]
EMPTY = hashlib.sha256(b"").hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Said:
    """Who changes the library, and why: both stand in the history of the document."""

    author: str | None = None
    reason: str | None = None


UNSAID = Said()


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of a document that was handed in.

    `alike` is another that says much the same; `findings` tells what its file had hidden; `waits`
    says that an older version is what pairs read.
    """

    document_id: str
    title: str
    outcome: Outcome
    number: int
    state: CurationState
    passages: int
    alike: Alike | None = None
    findings: tuple[Finding, ...] = ()
    waits: bool = False

    @property
    def standing(self) -> str:
        """The state of the document, and that pairs do not read this version while it waits."""
        return f"{self.state}, this version not yet" if self.waits else self.state


@dataclass(frozen=True, slots=True)
class Past:
    """A version as it was kept elsewhere."""

    text: DocumentText
    author: str | None
    reason: str | None
    created_at: datetime


def save_document(
    db: Db,
    text: DocumentText,
    *,
    author: str | None,
    publish: bool = False,
    now: datetime,
    reason: str | None = None,
) -> Saved:
    """Keep this text as the newest version of its document, unless it is that already."""
    lock_library(db)
    saved = _save(db, text, Said(author, reason), publish, now)
    if publish:
        save_library_version(db)
    return saved


def _save(
    db: Db,
    text: DocumentText,
    said: Said,
    publish: bool,
    now: datetime,
) -> Saved:
    document = db.get(tables.Document, text.header.id)
    outcome: Outcome = "added" if document is None else "new version"
    if document is None:
        document = tables.Document(
            id=text.header.id, kind=text.header.kind, owner=text.header.owner, created_at=now
        )
        db.add(document)
        db.flush()
    version = _current(db, document)
    if version is not None and version.content_hash == text.content_hash:
        outcome = "unchanged"
    else:
        version = _add_version(db, document, text, said, now)
    if publish:
        _publish(db, document, version, now)
    return Saved(
        document.id,
        text.header.title,
        outcome,
        version.number,
        state_now(document, header_from(version.header), now.date()),
        len(text.passages),
        waits=document.published_version_id not in (None, version.id),
    )


def keep_history(
    db: Db, document_id: str, past: Sequence[Past], published: int | None
) -> tables.Document:
    """Keep a document that is new here with all its versions, the oldest first."""
    lock_library(db)
    header = past[-1].text.header
    begun, changed = past[0].created_at, past[-1].created_at
    document = tables.Document(
        id=document_id, kind=header.kind, owner=header.owner, created_at=begun
    )
    db.add(document)
    db.flush()
    kept = [
        _add_version(db, document, one.text, Said(one.author, one.reason), one.created_at)
        for one in past
    ]
    if published is not None:
        _publish(db, document, kept[published - 1], changed)
    save_library_version(db)
    return document


def publish_document(db: Db, document_id: str, now: datetime) -> None:
    """Let pairs read the newest version of this document."""
    lock_library(db)
    document = find_document(db, document_id)
    version = _current(db, document)
    if version is not None:
        _publish(db, document, version, now)
        save_library_version(db)


def publish_versions(db: Db, versions: Mapping[str, int], now: datetime) -> None:
    """Let pairs read these versions, each by the id of its document and its number."""
    lock_library(db)
    row = tables.DocumentVersion
    for document_id, number in versions.items():
        wanted = sa.select(row).where(row.document_id == document_id, row.number == number)
        _publish(db, find_document(db, document_id), db.scalars(wanted).one(), now)
    save_library_version(db)


def archive_document(db: Db, document_id: str, now: datetime) -> None:
    """Take this document out of search; it and its versions are kept."""
    lock_library(db)
    document = find_document(db, document_id)
    _withdraw(db, document)
    document.state, document.changed_at = "archived", now
    save_library_version(db)


def find_document(db: Db, document_id: str) -> tables.Document:
    """The row of a document, or DocumentNotFound."""
    document = db.get(tables.Document, document_id)
    if document is None:
        raise DocumentNotFound(f"The library has no document {document_id!r}.")
    return document


def library_version(db: Db) -> str:
    """A digest that is the same exactly when the same versions are published."""
    # Asked before every search, so without the mapping of rows to objects.
    return db.connection().exec_driver_sql("SELECT version FROM library_state").scalar() or EMPTY


def save_library_version(db: Db) -> None:
    """Note the digest of what is published now."""
    db.flush()
    document, version = tables.Document, tables.DocumentVersion
    rows = db.execute(
        sa.select(document.id, version.number, version.content_hash)
        .join(version, version.id == document.published_version_id)
        .where(document.state == "published")
        .order_by(document.id)
    )
    # With its number: a later version of the same text has other keys, and these are kept in mind.
    lines = "".join(f"{row.id} {row.number} {row.content_hash}\n" for row in rows)
    digest = hashlib.sha256(lines.encode()).hexdigest()[:16]
    db.execute(sa.update(tables.LibraryState).values(version=digest))


def lock_library(db: Db) -> None:
    """Let one writer of the library work at a time, so that its digest is of what is there."""
    if db.get(tables.LibraryState, 1, with_for_update=True) is None:
        if db.get_bind().dialect.name == "postgresql":
            db.execute(sa.text("LOCK TABLE library_state IN EXCLUSIVE MODE"))
        if db.get(tables.LibraryState, 1, with_for_update=True) is None:
            db.add(tables.LibraryState(id=1, version=EMPTY))
            db.flush()


# --- Below the table --------------------------------------------------------------------------


def _current(db: Db, document: tables.Document) -> tables.DocumentVersion | None:
    return (
        db.get(tables.DocumentVersion, document.current_version_id)
        if (document.current_version_id)
        else None
    )


def _add_version(
    db: Db,
    document: tables.Document,
    text: DocumentText,
    said: Said,
    now: datetime,
) -> tables.DocumentVersion:
    last = db.scalar(
        sa.select(sa.func.max(tables.DocumentVersion.number)).where(
            tables.DocumentVersion.document_id == document.id
        )
    )
    version = tables.DocumentVersion(
        id=uuid4(),
        document_id=document.id,
        number=(last or 0) + 1,
        source=text.source,
        text=text.text,
        header=header_values(text.header),
        content_hash=text.content_hash,
        author=said.author,
        reason=said.reason,
        created_at=now,
    )
    db.add(version)
    db.flush()
    db.execute(
        sa.insert(tables.Passage), [passage_values(one, version.id) for one in text.passages]
    )
    document.current_version_id = version.id
    document.kind, document.owner, document.changed_at = text.header.kind, text.header.owner, now
    if document.state in ("archived", "in_review"):
        document.state = "draft"
    return version


def _publish(
    db: Db, document: tables.Document, version: tables.DocumentVersion, now: datetime
) -> None:
    if document.state == "published" and document.published_version_id == version.id:
        return
    _withdraw(db, document)
    document.state, document.published_version_id = "published", version.id
    document.changed_at = now
    rows = sa.select(*PASSAGES.c).where(PASSAGES.c.version_id == version.id)
    save_words(db, dict(list_passages(db, rows, now.date())))


def _withdraw(db: Db, document: tables.Document) -> None:
    """Take what pairs read of this document out of search."""
    if document.published_version_id is not None:
        forget_words(db, _keys(db, document.published_version_id))
    document.published_version_id = None


def _keys(db: Db, version_id: UUID) -> Sequence[int]:
    return db.scalars(sa.select(PASSAGES.c.key).where(PASSAGES.c.version_id == version_id)).all()
