"""Golden questions that admins pinned, kept beside those that ship; both guard a publication."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
import yaml

from coach.errors import CoachError
from coach.knowledge.golden import LONGEST, GoldenKind, GoldenQuestion
from coach.knowledge.listing import DocumentNotFound
from coach.knowledge.versions import check_reason
from coach.knowledge.words import digest_of_words, normalise
from coach.storage import tables
from coach.storage.database import Db

MOST_EXPECTED = 20
PIN = tables.GoldenPin


class PinFault(CoachError):
    """The question cannot be pinned."""

    status = 422
    title = f"A golden question has 1 to {LONGEST} characters and names documents, or none."


class PinnedAlready(CoachError):
    """The question is pinned already."""

    status = 409
    title = "This question is pinned already: unpin it first to expect something else of it."


class PinNotFound(CoachError):
    """There is no such pin."""

    status = 404
    title = "There is no pinned question with this id."


@dataclass(frozen=True, slots=True)
class Pin:
    """A pinned question with the documents that are to be found for it; none: it is refused."""

    id: UUID
    question: str
    expected: tuple[str, ...]
    owner: str | None
    reason: str | None
    created_at: datetime

    @property
    def golden(self) -> GoldenQuestion:
        """The question as the golden file writes it."""
        kind: GoldenKind = "covered" if self.expected else "uncovered"
        return GoldenQuestion(self.question, self.expected, kind, "mentee", "plain")


def save_pin(
    db: Db,
    question: str,
    expected: Sequence[str],
    owner: str | None,
    reason: str,
    now: datetime,
) -> Pin:
    """Pin a question; without documents it is one that the library is not to answer."""
    said = " ".join(question.split())
    wanted = tuple(dict.fromkeys(expected))
    if not 0 < len(said) <= LONGEST or not any(map(str.isalnum, said)):
        raise PinFault
    if len(wanted) > MOST_EXPECTED:
        raise PinFault(f"At most {MOST_EXPECTED} documents can be expected of one question.")
    check_reason(reason)
    check_known(db, wanted)
    digest = digest_of_words(said)
    if db.scalar(sa.select(PIN.id).where(PIN.digest == digest)) is not None:
        raise PinnedAlready
    row = PIN(
        question=said,
        digest=digest,
        expected=list(wanted),
        owner=owner,
        reason=" ".join(reason.split()) or None,
        created_at=now,
    )
    try:
        with db.begin_nested():
            db.add(row)
    except sa.exc.IntegrityError:
        raise PinnedAlready from None  # by another admin, a moment ago
    return _pin(row)


def list_pins(db: Db) -> tuple[Pin, ...]:
    """The pinned questions, the newest first."""
    return tuple(map(_pin, db.scalars(sa.select(PIN).order_by(PIN.created_at.desc(), PIN.digest))))


def delete_pin(db: Db, pin_id: UUID) -> None:
    """Unpin a question, or PinNotFound."""
    done = db.execute(sa.delete(PIN).where(PIN.id == pin_id))
    if not done.rowcount:  # type: ignore[attr-defined]
        raise PinNotFound


def list_gate(
    db: Db, shipped: Sequence[GoldenQuestion], *document_ids: str
) -> tuple[GoldenQuestion, ...]:
    """The golden questions that this library, or it with these documents, answers or should refuse.

    A pin stands in the place of a shipped question in the same words. What ships as uncovered is
    asked only where something shipped is answered; and never about documents, for those may be
    written to cover it.
    """
    row = tables.Document
    here = {
        *document_ids,
        *db.scalars(sa.select(row.id).where(row.published_version_id.is_not(None))),
    }
    pinned = {normalise(one.question): one.golden for one in list_pins(db)}
    kept = [one for one in shipped if normalise(one.question) not in pinned]
    answered = [one for one in kept if here.intersection(one.expected)]
    if answered and not document_ids:
        answered += [one for one in kept if not one.expected]
    pins = [one for one in pinned.values() if not one.expected or here.intersection(one.expected)]
    return (*answered, *pins)


def export_pins(pins: Sequence[Pin]) -> str:
    """The pins in the form of knowledge/golden.yaml, who pinned each and why as a remark."""
    return "".join(_entry(one) for one in reversed(pins)) or "[]\n"


def check_known(db: Db, document_ids: Sequence[str]) -> None:
    """Raise DocumentNotFound for the first of these that the library does not hold."""
    row = tables.Document.id
    known = set(db.scalars(sa.select(row).where(row.in_(document_ids))))
    for one in document_ids:
        if one not in known:
            raise DocumentNotFound(f"The library has no document {one!r}.")


def _entry(pin: Pin) -> str:
    told = [f"Pinned on {pin.created_at.date().isoformat()}"]
    told += [f"by {pin.owner}"] if pin.owner else []
    remark = " ".join(" ".join(told).split()) + (f": {pin.reason}" if pin.reason else "")
    golden = pin.golden
    values = {
        "question": golden.question,
        "expected": list(golden.expected),
        "kind": golden.kind,
        "asked_by": golden.asked_by,
        "style": golden.style,
    }
    lines = yaml.safe_dump(
        [values], sort_keys=False, allow_unicode=True, width=1_000_000, default_flow_style=None
    )
    # A remark of several lines, by whatever sign breaks them, would end as a value.
    return f"# {' '.join(remark.split())}\n{lines}"


def _pin(row: tables.GoldenPin) -> Pin:
    return Pin(row.id, row.question, tuple(row.expected), row.owner, row.reason, row.created_at)
