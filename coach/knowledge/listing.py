"""What is in the library: lists, documents and the export."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from coach.errors import CoachError
from coach.knowledge.documents import CurationState, DocumentKind, DocumentText, Header
from coach.knowledge.header import state_of
from coach.knowledge.stored import PASSAGES, header_from, list_passages
from coach.storage import tables
from coach.storage.database import Db


class DocumentNotFound(CoachError):
    """No document has this id."""

    status = 404
    title = "The library has no document with this id."


@dataclass(frozen=True, slots=True)
class Listed:
    """A document as the list of the library shows it; `published_number` is what pairs read."""

    id: str
    title: str
    kind: DocumentKind
    state: CurationState
    number: int
    published_number: int | None
    header: Header
    passages: int
    changed_at: datetime


def load_document(db: Db, document_id: str, today: date) -> tuple[Listed, DocumentText]:
    """A document with its newest text."""
    listed = list_documents(db, today, document_id)
    if not listed:
        raise DocumentNotFound(f"The library has no document {document_id!r}.")
    version = db.scalars(
        sa.select(tables.DocumentVersion)
        .join(tables.Document, tables.Document.current_version_id == tables.DocumentVersion.id)
        .where(tables.Document.id == document_id)
    ).one()
    rows = sa.select(*PASSAGES.c).where(PASSAGES.c.version_id == version.id)
    passages = list_passages(db, rows.order_by(PASSAGES.c.ordinal), today)
    text = DocumentText(
        header_from(version.header),
        version.source,
        version.text,
        tuple(passage for _, passage in passages),
        version.content_hash,
    )
    return listed[0], text


def list_documents(db: Db, today: date, document_id: str | None = None) -> tuple[Listed, ...]:
    """Every document, or the one with this id, by id; needs check once its review date is over."""
    document, version = tables.Document, tables.DocumentVersion
    read = aliased(version)
    counted = (
        sa.select(sa.func.count()).where(tables.Passage.version_id == version.id).scalar_subquery()
    )
    select = (
        sa.select(document, version.number, version.header, read.number, counted)
        .join(version, version.id == document.current_version_id)
        .outerjoin(read, read.id == document.published_version_id)
        .order_by(document.id)
    )
    if document_id is not None:
        select = select.where(document.id == document_id)
    return tuple(_listed(today, *row) for row in db.execute(select))


def _listed(
    today: date,
    document: tables.Document,
    number: int,
    header: dict[str, object],
    published_number: int | None,
    passages: int,
) -> Listed:
    head = header_from(header)
    return Listed(
        id=document.id,
        title=head.title,
        kind=head.kind,
        state=state_now(document, head, today),
        number=number,
        published_number=published_number,
        header=head,
        passages=passages,
        changed_at=document.changed_at,
    )


def export_library(db: Db, today: date) -> list[dict[str, object]]:
    """Every document with the passages pairs read, or the newest ones while none are published."""
    documents = {listed.id: listed for listed in list_documents(db, today)}
    shown = sa.func.coalesce(
        tables.Document.published_version_id, tables.Document.current_version_id
    )
    select = (
        sa.select(*PASSAGES.c)
        .join(tables.Document, shown == PASSAGES.c.version_id)
        .order_by(PASSAGES.c.document_id, PASSAGES.c.ordinal)
    )
    by_document: dict[str, list[dict[str, object]]] = {name: [] for name in documents}
    for _, passage in list_passages(db, select, today):
        by_document[passage.document_id].append(
            {
                "passage_id": passage.id,
                "heading_path": list(passage.heading_path),
                "text": passage.text,
                "kind": passage.kind,
            }
        )
    return [
        {
            "document_id": listed.id,
            "title": listed.title,
            "kind": listed.kind,
            "state": listed.state,
            "passages": by_document[listed.id],
        }
        for listed in documents.values()
    ]


def state_now(document: tables.Document, header: Header, today: date) -> CurationState:
    """The state of a document today; one past its review date needs a check."""
    if document.state == "published":
        return state_of(header.review_by, today)
    return cast(CurationState, document.state)
