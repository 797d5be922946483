"""What readers say is wrong in the library: the place, the version, the reason, and no more."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from coach.errors import CoachError, NotFound
from coach.storage import tables
from coach.storage.database import Db

LONGEST_REASON = 500


class ReportFault(CoachError):
    """There is no reason, or it is too long to be read."""

    status = 422
    title = f"Say in 1 to {LONGEST_REASON} characters what is wrong."


class AnswerFault(CoachError):
    """There is no answer, or it is too long to be read."""

    status = 422
    title = f"Answer in 1 to {LONGEST_REASON} characters."


class ReportNotFound(CoachError):
    """There is no such report, or it has its answer."""

    status = 404
    title = "There is no open report with this id."


@dataclass(frozen=True, slots=True)
class Report:
    """A quotation that a reader says is wrong; `text` is what stood there in that version."""

    id: UUID
    document_id: str
    owner: str | None
    passage_id: str
    version: int
    text: str
    reason: str
    created_at: datetime
    answer: str | None


def save_report(
    db: Db, programme_id: UUID, place: tuple[str, str], reason: str, now: datetime
) -> None:
    """Keep a reader's reason for a document's passage; the same reason stands there once.

    NotFound for what readers never could read.
    """
    document_id, passage_id = place
    said = check_words(reason, ReportFault)
    version, _ = load_quoted(db, document_id, passage_id)
    row = tables.PassageReport
    known = sa.select(row.id).where(
        row.programme_id == programme_id,
        row.passage_id == passage_id,
        row.reason == said,
        row.settled_at.is_(None),
    )
    if db.scalar(known) is None:
        db.add(
            row(
                programme_id=programme_id,
                document_id=document_id,
                passage_id=passage_id,
                version=version,
                reason=said,
                created_at=now,
            )
        )


def load_quoted(db: Db, document_id: str, passage_id: str) -> tuple[int, str]:
    """The version in which readers find or found this passage, and its text; or NotFound."""
    document = db.get(tables.Document, document_id)
    version, passage = tables.DocumentVersion, tables.Passage
    found = db.execute(
        sa.select(version.number, version.id, passage.text)
        .join(version, version.id == passage.version_id)
        .where(passage.document_id == document_id, passage.id == passage_id)
        .order_by(version.number.desc())
    ).all()
    if document is None or not found:
        raise NotFound
    if document.published_version_id is not None:
        last = db.get_one(version, document.published_version_id).number
        found = [one for one in found if one.number <= last]
    elif document.state != "archived":
        found = []  # nobody could read it yet
    if not found:
        raise NotFound
    return found[0].number, found[0].text


def list_reports(
    db: Db, programme_id: UUID | None = None, settled: bool = False
) -> tuple[Report, ...]:
    """The open reports, the oldest first, or those with an answer; of one programme or of all."""
    row, document = tables.PassageReport, tables.Document
    query = sa.select(row, document.owner).join(document, document.id == row.document_id)
    query = query.where(row.settled_at.is_not(None) if settled else row.settled_at.is_(None))
    if programme_id is not None:
        query = query.where(row.programme_id == programme_id)
    found = db.execute(query.order_by(row.created_at, row.id)).all()
    return tuple(_report(db, one, owner) for one, owner in found)


def list_answers(db: Db, programme_id: UUID, passage_id: str) -> tuple[str, ...]:
    """What was answered to those who said before that this passage is wrong."""
    row = tables.PassageReport
    found = db.scalars(
        sa.select(row.answer)
        .where(row.programme_id == programme_id, row.passage_id == passage_id)
        .where(row.answer.is_not(None))
        .order_by(row.settled_at)
    )
    return tuple(dict.fromkeys(str(one) for one in found))


def settle_report(
    db: Db, programme_id: UUID | None, report_id: UUID, answer: str, now: datetime
) -> None:
    """Close a report with an answer, or ReportNotFound."""
    said = check_words(answer, AnswerFault)
    row = tables.PassageReport
    change = sa.update(row).where(row.id == report_id, row.settled_at.is_(None))
    if programme_id is not None:
        change = change.where(row.programme_id == programme_id)
    done = db.execute(change.values(answer=said, settled_at=now))
    if not done.rowcount:  # type: ignore[attr-defined]
        raise ReportNotFound


def check_words(text: str, fault: type[CoachError]) -> str:
    """The words in one line, or this fault."""
    said = " ".join(text.split())
    if not 0 < len(said) <= LONGEST_REASON:
        raise fault
    return said


def _report(db: Db, row: tables.PassageReport, owner: str | None) -> Report:
    passage, version = tables.Passage, tables.DocumentVersion
    text = db.scalar(
        sa.select(passage.text)
        .join(version, version.id == passage.version_id)
        .where(
            passage.id == row.passage_id,
            version.document_id == row.document_id,
            version.number == row.version,
        )
    )
    return Report(
        id=row.id,
        document_id=row.document_id,
        owner=owner,
        passage_id=row.passage_id,
        version=row.version,
        text=text or "",
        reason=row.reason,
        created_at=row.created_at,
        answer=row.answer,
    )
