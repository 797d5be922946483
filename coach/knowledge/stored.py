"""Passages and documents as rows, and back as values."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import TypeVar, cast
from uuid import UUID

import sqlalchemy as sa

from coach.knowledge.documents import (
    DocumentKind,
    Header,
    Level,
    Passage,
    PassageKind,
    Span,
)
from coach.knowledge.header import state_of
from coach.storage import tables
from coach.storage.database import Db

T = TypeVar("T")
IN_CHUNKS = 500


def searched_text(passage: Passage) -> str:
    """What search by meaning compares: title and headings in front of the words."""
    return headed(passage.document_title, passage.heading_path, passage.text)


def headed(title: str, heading_path: Sequence[str], text: str) -> str:
    """The words under their title and headings."""
    above = " > ".join(part for part in (title, *heading_path) if part)
    return f"{above}\n{text}" if above else text


def text_hash(text: str) -> str:
    """The key under which the vector of a text is kept."""
    return hashlib.sha256(text.encode()).hexdigest()


def passage_values(passage: Passage, version_id: UUID) -> dict[str, object]:
    """The row of a passage."""
    return {
        "id": passage.id,
        "document_id": passage.document_id,
        "version_id": version_id,
        "ordinal": passage.ordinal,
        "kind": passage.kind,
        "heading_path": list(passage.heading_path),
        "start": passage.start,
        "end": passage.end,
        "text": passage.text,
        "sentences": [[span.start, span.end] for span in passage.sentences],
        "content_hash": text_hash(searched_text(passage)),
    }


def header_from(values: Mapping[str, object]) -> Header:
    """The header that `header_values` wrote."""
    review_by = values.get("review_by")
    return Header(
        id=str(values["id"]),
        title=str(values["title"]),
        kind=cast(DocumentKind, values["kind"]),
        topics=tuple(cast(list[str], values["topics"])),
        level=cast(Level, values["level"]),
        licence=str(values["licence"]),
        review_by=date.fromisoformat(str(review_by)) if review_by else None,
        language=str(values["language"]),
        owner=cast(str | None, values.get("owner")),
        asked_as=tuple(cast(list[str], values.get("asked_as", []))),
    )


def passage_from(row: sa.Row[tuple[object, ...]], header: Header, today: date) -> Passage:
    """The passage in this row of `passages`, under the header of its version."""
    return Passage(
        id=row.id,
        document_id=row.document_id,
        document_title=header.title,
        document_kind=header.kind,
        kind=cast(PassageKind, row.kind),
        heading_path=tuple(row.heading_path),
        ordinal=row.ordinal,
        start=row.start,
        end=row.end,
        text=row.text,
        sentences=tuple(Span(start, end) for start, end in row.sentences),
        topics=header.topics,
        asked_as=header.asked_as,
        level=header.level,
        state=state_of(header.review_by, today),
        review_by=header.review_by,
    )


PASSAGES = tables.Passage.__table__
# Every search asks this, so it is put together once.
_BY_KEY: sa.Select[tuple[object, ...]] = (
    sa.select(*PASSAGES.c, tables.DocumentVersion.header)
    .join(tables.DocumentVersion, tables.DocumentVersion.id == PASSAGES.c.version_id)
    .where(PASSAGES.c.key.in_(sa.bindparam("keys", expanding=True)))
)


def published() -> sa.Select[tuple[object, ...]]:
    """Every passage of every published version."""
    return (
        sa.select(*PASSAGES.c)
        .join(tables.Document, tables.Document.published_version_id == PASSAGES.c.version_id)
        .where(tables.Document.state == "published")
    )


def list_passages(
    db: Db, select: sa.Select[tuple[object, ...]], today: date
) -> tuple[tuple[int, Passage], ...]:
    """The passages that this select over `passages` finds, each with its key, in its order."""
    rows = db.execute(select).all()
    headers = _headers(db, {row.version_id for row in rows})
    return tuple((row.key, passage_from(row, headers[row.version_id], today)) for row in rows)


def list_texts(db: Db, limit: int) -> Iterator[str]:
    """The plain text of so many published passages, and what their headers say."""
    texts = published().with_only_columns(PASSAGES.c.text).limit(limit)
    # Read in parts: all of them at once would take a large library's memory for good.
    yield from db.scalars(texts.execution_options(yield_per=IN_CHUNKS))
    version, document = tables.DocumentVersion, tables.Document
    heads = sa.select(version.header).join(document, document.published_version_id == version.id)
    heads = heads.where(document.state == "published").limit(limit)
    for values in db.scalars(heads.execution_options(yield_per=IN_CHUNKS)):
        header = header_from(values)
        yield from (header.title, *header.topics, *header.asked_as)


def load_passages(db: Db, keys: Sequence[int], today: date) -> dict[int, Passage]:
    """The passages with these keys."""
    found: dict[int, Passage] = {}
    headers: dict[UUID, Header] = {}
    for chunk in chunks(keys, IN_CHUNKS):
        for row in db.execute(_BY_KEY, {"keys": chunk}):
            if row.version_id not in headers:
                headers[row.version_id] = header_from(row.header)
            found[row.key] = passage_from(row, headers[row.version_id], today)
    return found


def chunks(items: Sequence[T], size: int) -> Iterable[Sequence[T]]:
    """The items in runs of this size."""
    return (items[start : start + size] for start in range(0, len(items), size))


def _headers(db: Db, version_ids: set[UUID]) -> dict[UUID, Header]:
    """The header of each version."""
    found: dict[UUID, Header] = {}
    version = tables.DocumentVersion
    for chunk in chunks(list(version_ids), IN_CHUNKS):
        select = sa.select(version.id, version.header).where(version.id.in_(chunk))
        found.update((row.id, header_from(row.header)) for row in db.execute(select))
    return found
