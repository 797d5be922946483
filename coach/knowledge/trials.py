"""What trials of publishing found, kept with the reason for publishing all the same."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from coach.errors import CoachError
from coach.knowledge.comparing import NOTHING_ASKED, Comparison
from coach.knowledge.golden import load_shipped
from coach.knowledge.library import UNSAID, Said, publish_document
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
    said: Said = UNSAID,
    number: int | None = None,
) -> KeptTrial:
    """Keep what a trial of a version found, else of the newest.

    `said` is who published it at once, and why.
    """
    row = tables.PublicationTrial(
        document_id=document_id,
        version=number or newest_number(db, document_id),
        asked=trial.asked,
        before=trial.before,
        after=trial.after,
        lost=list(trial.lost),
        won=list(trial.won),
        author=said.author,
        reason=said.reason,
        created_at=now,
    )
    db.add(row)
    db.flush()
    return _kept(row)


def load_trial(db: Db, document_id: str) -> KeptTrial | None:
    """The last trial of the newest version, while it tells something; raises DocumentNotFound."""
    row = _last(db, document_id)
    if row is None:
        return None
    # Once signed, a trial belongs to that publication: it is shown while pairs read what it let in.
    stands = row.asked and is_published(db, document_id)
    return _kept(row) if stands or not _is_signed(row) else None


def publish_tried(db: Db, document_id: str, author: str | None, reason: str, now: datetime) -> None:
    """Publish the newest version; untried, or over a loss that a trial showed, with a reason.

    Who did it and why stays in the history; what pairs read already stays as it is. A trial serves
    one publication: afterwards, or elsewhere, the library is another.
    """
    check_reason(reason)
    check_newest_written(db, document_id)
    if is_published(db, document_id):
        return
    said, row = Said(author, reason.strip() or None), _unspent(db, document_id)
    if row is None and list_gate(db, load_shipped(), document_id):
        _check_explained(db, document_id, said.reason)
    if row is not None and row.lost and not said.reason:
        raise LossUnexplained
    sign_publication(db, document_id, said, now)
    publish_document(db, document_id, now)


def sign_publication(db: Db, document_id: str, said: Said, now: datetime) -> None:
    """Keep who publishes the newest version and why, beside what was said of it before."""
    row = _unspent(db, document_id)
    if row is not None:
        row.author, row.reason = said.author, said.reason
    elif said != UNSAID:
        save_trial(db, document_id, NOTHING_ASKED, now, said)


def _unspent(db: Db, document_id: str) -> tables.PublicationTrial | None:
    """The last trial of the newest version, unless somebody has published on it already."""
    row = _last(db, document_id)
    return row if row is not None and not _is_signed(row) else None


def _is_signed(row: tables.PublicationTrial) -> bool:
    return row.author is not None or row.reason is not None


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
