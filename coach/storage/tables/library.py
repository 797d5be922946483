"""The library: documents, passages, their index, and what the library lacks."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from coach.storage.columns import Table, belongs, key, moment, now, one_of

# Beside these stand the lexical tables of coach.storage.lexical: `passages_fts` on both databases
# and `passages_trigram_fts` on SQLite, filled by code in the transaction that writes the passages.


class Document(Table):
    """A source file in the library; without a programme it belongs to all of them.

    The version ids are plain ids, for a foreign key would close a circle of tables.
    """

    __tablename__ = "documents"
    __table_args__ = (
        one_of("state", "draft", "in_review", "published", "needs_check", "archived"),
    )
    id: Mapped[str] = mapped_column(primary_key=True)
    programme_id: Mapped[UUID | None] = mapped_column(
        sa.ForeignKey("programmes.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[str]
    owner: Mapped[str | None]
    state: Mapped[str] = mapped_column(default="draft", index=True)
    current_version_id: Mapped[UUID | None]
    published_version_id: Mapped[UUID | None] = mapped_column(index=True)
    created_at: Mapped[datetime] = moment()
    changed_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)


class DocumentVersion(Table):
    """One version of a document; it never changes."""

    __tablename__ = "document_versions"
    __table_args__ = (sa.UniqueConstraint("document_id", "number"),)
    id: Mapped[UUID] = key()
    document_id: Mapped[str] = mapped_column(sa.ForeignKey("documents.id", ondelete="CASCADE"))
    number: Mapped[int]
    source: Mapped[str]
    text: Mapped[str]
    header: Mapped[dict[str, object]]
    content_hash: Mapped[str] = mapped_column(index=True)
    author: Mapped[str | None]
    reason: Mapped[str | None]
    created_at: Mapped[datetime] = moment()


class Passage(Table):
    """A stretch of one version: whole sentences under one heading.

    The same words keep their `id` from version to version; `key` is their full-text row.
    """

    __tablename__ = "passages"
    __table_args__ = (sa.UniqueConstraint("version_id", "ordinal"),)
    key: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(index=True)
    document_id: Mapped[str] = mapped_column(
        sa.ForeignKey("documents.id", ondelete="CASCADE"), index=True
    )
    version_id: Mapped[UUID] = belongs("document_versions.id", index=False)
    ordinal: Mapped[int]
    kind: Mapped[str]
    heading_path: Mapped[list[str]]
    start: Mapped[int]
    end: Mapped[int]
    text: Mapped[str]
    sentences: Mapped[list[object]]
    content_hash: Mapped[str] = mapped_column(index=True)


class LibraryState(Table):
    """One row: the digest of everything published, changed with it in the same transaction."""

    __tablename__ = "library_state"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[str]


class Vector(Table):
    """The vector of a text under one model, as little-endian float32: the truth of the index."""

    __tablename__ = "vectors"
    content_hash: Mapped[str] = mapped_column(primary_key=True)
    model: Mapped[str] = mapped_column(primary_key=True)
    dimension: Mapped[int]
    values: Mapped[bytes]


class IndexGeneration(Table):
    """One build of the dense index in its own path."""

    __tablename__ = "index_generations"
    __table_args__ = (one_of("state", "building", "live", "retired", "broken"),)
    id: Mapped[UUID] = key()
    name: Mapped[str] = mapped_column(unique=True)
    model: Mapped[str]
    dimension: Mapped[int]
    state: Mapped[str] = mapped_column(default="building")
    created_at: Mapped[datetime] = moment()


class Upload(Table):
    """A file handed in, as it was read, until it is a draft or a day has passed."""

    __tablename__ = "uploads"
    id: Mapped[UUID] = key()
    name: Mapped[str]
    format: Mapped[str]
    markdown: Mapped[str]
    findings: Mapped[list[object]]
    created_at: Mapped[datetime] = moment()


class PassageReport(Table):
    """A reader's word that a quotation is wrong; nothing says who or which pair it was."""

    __tablename__ = "passage_reports"
    __table_args__ = (sa.CheckConstraint("length(reason) <= 500", name="reason"),)
    id: Mapped[UUID] = key()
    programme_id: Mapped[UUID] = belongs("programmes.id")
    document_id: Mapped[str] = mapped_column(
        sa.ForeignKey("documents.id", ondelete="CASCADE"), index=True
    )
    passage_id: Mapped[str]
    version: Mapped[int]
    reason: Mapped[str]
    answer: Mapped[str | None]
    settled_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = moment()


class PublicationTrial(Table):
    """What publishing a version would change, tried before; and why it was published then."""

    __tablename__ = "publication_trials"
    id: Mapped[UUID] = key()
    document_id: Mapped[str] = mapped_column(
        sa.ForeignKey("documents.id", ondelete="CASCADE"), index=True
    )
    version: Mapped[int]
    asked: Mapped[int]
    before: Mapped[float]
    after: Mapped[float]
    lost: Mapped[list[str]]
    won: Mapped[list[str]]
    author: Mapped[str | None]
    reason: Mapped[str | None]
    created_at: Mapped[datetime] = moment()


class GoldenPin(Table):
    """A question an admin pinned: the documents that are to be found for it, or none."""

    __tablename__ = "golden_pins"
    id: Mapped[UUID] = key()
    question: Mapped[str]
    digest: Mapped[str] = mapped_column(unique=True)
    expected: Mapped[list[str]]
    owner: Mapped[str | None]
    reason: Mapped[str | None]
    created_at: Mapped[datetime] = moment()


class ModelChange(Table):
    """What another embedding model changes for the golden questions, and what was decided."""

    __tablename__ = "model_changes"
    __table_args__ = (one_of("state", "asks", "taken", "back"),)
    id: Mapped[UUID] = key()
    old: Mapped[str]
    new: Mapped[str]
    state: Mapped[str]
    figures: Mapped[dict[str, object]] = mapped_column(default=dict)
    author: Mapped[str | None]
    reason: Mapped[str | None]
    created_at: Mapped[datetime] = moment()


class IndexAnswer(Table):
    """The version of the library that a generation was last read back as."""

    __tablename__ = "index_answers"
    name: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[str]


class Gap(Table):
    """Something the library could not answer; `question` is empty unless a person shared it.

    `version` is of the library when it was asked last, `asked_again` what came of that.
    """

    __tablename__ = "gaps"
    __table_args__ = (sa.UniqueConstraint("programme_id", "reason", "topic", "digest"),)
    id: Mapped[UUID] = key()
    programme_id: Mapped[UUID] = belongs("programmes.id", index=False)
    reason: Mapped[str]
    topic: Mapped[str]
    question: Mapped[str] = mapped_column(default="")
    digest: Mapped[str] = mapped_column(default="")
    count: Mapped[int] = mapped_column(default=1)
    last_at: Mapped[datetime] = mapped_column(default=now)
    version: Mapped[str | None]
    asked_again: Mapped[dict[str, object] | None]
    article: Mapped[str | None]
    closed_at: Mapped[datetime | None]
