"""What trials of publishing found, kept with the reason for publishing all the same."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from coach.errors import CoachError
from coach.knowledge.comparing import NOTHING_ASKED, Comparison
from coach.knowledge.golden import load_shipped
from coach.knowledge.library import publish_document
from coach.knowledge.pins import list_gate
from coach.knowledge.trial import is_published, newest_number
from coach.knowledge.versions import check_newest_written, check_reason
from coach.storage import tables
from coach.storage.database import Db


class LossUnexplained(CoachError):
    """A trial showed that golden questions lose their answer, and nobody said why that is right."""

    status = 409
    title = (
        "With this version some golden questions no longer find their document: "
        "give a reason to publish it all the same."
    )


class PublicationUntried(CoachError):
    """Nobody knows what a publication does to the golden questions, or said why that is right."""

    status = 409
    title = "Nobody has tried what this version changes: try it first, or give a reason."


@dataclass(frozen=True, slots=True)
class KeptTrial:
    """The last trial of a document's newest version; lost and won are golden questions."""

    version: int
    asked: int
    before: float
    after: float
    lost: tuple[str, ...]
    won: tuple[str, ...]
    created_at: datetime


class DocumentMovedOn(CoachError):
    """A newer version was saved while the one before was tried."""

    status = 409
    title = "A newer version of this document was saved meanwhile: try that one."


def save_trial(
    db: Db,
    document_id: str,
    trial: Comparison,
    now: datetime,
    said: tuple[str | None, str | None] = (None, None),
    number: int | None = None,
) -> KeptTrial:
    """Keep what a trial of a version found, else of the newest.

    `said` is who published it at once, and why.
    """
    author, reason = said
    row = tables.PublicationTrial(
        document_id=document_id,
        version=number or newest_number(db, document_id),
        asked=trial.asked,
        before=trial.before,
        after=trial.after,
        lost=list(trial.lost),
        won=list(trial.won),
        author=author,
        reason=reason,
        created_at=now,
    )
    db.add(row)
    db.flush()
    return _kept(row)


def load_trial(db: Db, document_id: str) -> KeptTrial | None:
    """The last trial of the newest version, if there was one; raises DocumentNotFound."""
    row = _last(db, document_id)
    # A row without questions that has a reason says only why this was published untried.
    return _kept(row) if row is not None and (row.asked or row.reason is None) else None


def publish_tried(db: Db, document_id: str, author: str | None, reason: str, now: datetime) -> None:
    """Publish the newest version; untried, or over a loss that a trial showed, with a reason."""
    check_reason(reason)
    check_newest_written(db, document_id)
    said, row = reason.strip() or None, _last(db, document_id)
    if row is None and _needs_trial(db, document_id):
        _check_explained(db, document_id, said)
        save_trial(db, document_id, NOTHING_ASKED, now)
        row = _last(db, document_id)
    if row is not None:
        if row.lost and not said:
            raise LossUnexplained
        row.reason, row.author = said, author
    publish_document(db, document_id, now)


def _needs_trial(db: Db, document_id: str) -> bool:
    """Whether publishing changes what is read, and a golden question could tell the difference."""
    if is_published(db, document_id):
        return False
    return bool(list_gate(db, load_shipped(), document_id))


def _check_explained(db: Db, document_id: str, reason: str | None) -> None:
    if reason is None:
        raise PublicationUntried(
            f"Nobody has tried what version {newest_number(db, document_id)} of {document_id} "
            "changes for the golden questions: try it first (“See what publishing would change” "
            f"on its page, `coach library try {document_id}`, POST …/try), "
            "or give a reason to publish it untried."
        )


def _last(db: Db, document_id: str) -> tables.PublicationTrial | None:
    row = tables.PublicationTrial
    return db.scalars(
        sa.select(row)
        .where(row.document_id == document_id, row.version == newest_number(db, document_id))
        .order_by(row.created_at.desc())
        .limit(1)
    ).first()


def _kept(row: tables.PublicationTrial) -> KeptTrial:
    return KeptTrial(
        row.version,
        row.asked,
        row.before,
        row.after,
        tuple(row.lost),
        tuple(row.won),
        row.created_at,
    )
