"""Fills an empty library at once: one statement for each table, not some for each document."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID, uuid4

import sqlalchemy as sa

from coach.knowledge.documents import DocumentText
from coach.knowledge.header import header_values
from coach.knowledge.lexical import save_words
from coach.knowledge.library import EMPTY, save_library_version
from coach.knowledge.stored import passage_values
from coach.storage import tables
from coach.storage.database import Db

_Numbered = tuple[UUID, DocumentText]


def stock_library(db: Db, texts: Iterable[DocumentText], now: datetime) -> None:
    """Publish these documents in a library that holds none yet."""
    versions = [(uuid4(), text) for text in texts]
    db.execute(sa.insert(tables.Document), [_document(one, now) for one in versions])
    db.execute(sa.insert(tables.DocumentVersion), [_version(one, now) for one in versions])
    _save_passages(db, versions)
    db.add(tables.LibraryState(id=1, version=EMPTY))
    save_library_version(db)


def _document(numbered: _Numbered, now: datetime) -> dict[str, object]:
    version_id, text = numbered
    return {
        "id": text.header.id,
        "kind": text.header.kind,
        "owner": text.header.owner,
        "state": "published",
        "current_version_id": version_id,
        "published_version_id": version_id,
        "created_at": now,
        "changed_at": now,
    }


def _version(numbered: _Numbered, now: datetime) -> dict[str, object]:
    version_id, text = numbered
    return {
        "id": version_id,
        "document_id": text.header.id,
        "number": 1,
        "source": text.source,
        "text": text.text,
        "header": header_values(text.header),
        "content_hash": text.content_hash,
        "created_at": now,
    }


def _save_passages(db: Db, versions: Sequence[_Numbered]) -> None:
    placed = [(version_id, passage) for version_id, text in versions for passage in text.passages]
    rows = [
        passage_values(passage, version_id) | {"key": key}
        for key, (version_id, passage) in enumerate(placed, start=1)
    ]
    db.execute(sa.insert(tables.Passage), rows)
    save_words(db, {key: passage for key, (_, passage) in enumerate(placed, start=1)})
