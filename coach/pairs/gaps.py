"""What the library could not answer, counted for the admin; no pair's words but those shared.

A question that a person shares is a gap of its own beside those counted under the same topic.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from coach.errors import CoachError, NotFound
from coach.knowledge.words import digest_of_words
from coach.pairs.sessions import check_words
from coach.people.permissions import Viewer
from coach.storage.database import Db
from coach.storage.tables import Gap, LibraryState, now

LONGEST_TOPIC = 200
# Under this topic nothing is near, so there is nothing to ask again by.
UNHEARD = "something the library does not speak of at all"
Before = Literal["refused", "partly", "answered"]


class GapNotFound(CoachError):
    """There is no such gap in this programme."""

    status = 404
    title = "There is no gap with this id."


class GapUnchosen(CoachError):
    """An article has to answer something."""

    status = 422
    title = "Choose the gaps that the article is to answer."


@dataclass(frozen=True, slots=True)
class AskedAgain:
    """What came of asking again after a publication.

    `before` is what was said until then. When it is answered now, the document and the passage
    tell from what; `relevance` is to reach `threshold`.
    """

    before: Before
    answered: bool
    relevance: float
    threshold: float
    at: str
    document_id: str | None = None
    title: str | None = None
    passage_id: str | None = None
    heading: str | None = None
    text: str | None = None
    told: str | None = None


@dataclass(frozen=True, slots=True)
class KnownGap:
    """What the library lacks, as an admin may know it; `question` is empty unless shared."""

    id: UUID
    reason: str
    topic: str
    question: str
    count: int
    last_at: datetime
    article: str | None = None
    closed_at: datetime | None = None
    asked_again: AskedAgain | None = None
    before: Before = "refused"

    @property
    def asked(self) -> str | None:
        """What can be asked again: the words that were shared, else the topic if there is one."""
        return self.question or (self.topic if self.topic != UNHEARD else None)


def save_gap(
    db: Db,
    programme_id: UUID,
    reason: str,
    topic: str,
    question: str | None = None,
    before: Before = "refused",
) -> None:
    """Count something the library could not answer; pass `question` only when a person shares it.

    A question that is shared was counted when it was asked, so it moves one of that count to a gap
    of its own. `topic` is what an admin will read, so it must come from the library's words or the
    caller's own list, never from a pair's notes. A gap that was closed is open again.
    """
    check_words("gap", reason, topic, question)
    topic = topic[:LONGEST_TOPIC]
    said = " ".join((question or "").split())
    place = (programme_id, reason, topic)
    moved = bool(said) and _give_one(db, place)
    told = {"before": before} if before != "refused" else None
    # A question that somebody shared before may have found its answer meanwhile: ask at once.
    version = library_asked(db)
    again: dict[str, Any] = {"last_at": now(), "closed_at": None, "asked_again": told}
    again["version"] = None if said else version
    if moved or not said:
        again["count"] = Gap.count + 1
    insert = sqlite.insert if db.get_bind().dialect.name == "sqlite" else postgresql.insert
    digest = digest_of_words(said) if said else ""
    new = insert(Gap).values(
        programme_id=programme_id,
        reason=reason,
        topic=topic,
        question=said,
        digest=digest,
        version=version,
        asked_again=told,
    )
    columns = (Gap.programme_id, Gap.reason, Gap.topic, Gap.digest)
    db.execute(new.on_conflict_do_update(index_elements=columns, set_=again))


def _give_one(db: Db, place: tuple[UUID, str, str]) -> bool:
    """Take one off what is counted without words here; whether there was one."""
    programme_id, reason, topic = place
    here = sa.and_(
        Gap.programme_id == programme_id,
        Gap.reason == reason,
        Gap.topic == topic,
        Gap.digest == "",
    )
    last = db.execute(sa.delete(Gap).where(here, Gap.count <= 1))
    if last.rowcount:  # type: ignore[attr-defined]
        return True
    taken = db.execute(sa.update(Gap).where(here).values(count=Gap.count - 1))
    return bool(taken.rowcount)  # type: ignore[attr-defined]


def list_gaps(db: Db, viewer: Viewer, closed: bool = False) -> tuple[KnownGap, ...]:
    """The open gaps of an admin's programme, the most frequent first, or the closed ones."""
    if not viewer.is_admin:
        raise NotFound
    return list_gaps_of(db, viewer.programme_id, closed)


def list_gaps_of(
    db: Db, programme_id: UUID | None = None, closed: bool = False
) -> tuple[KnownGap, ...]:
    """The open or the closed gaps of one programme, or of all."""
    query = sa.select(Gap).where(Gap.closed_at.is_not(None) if closed else Gap.closed_at.is_(None))
    if programme_id is not None:
        query = query.where(Gap.programme_id == programme_id)
    order = (Gap.closed_at.desc(),) if closed else ()
    found = db.scalars(query.order_by(*order, Gap.count.desc(), Gap.topic, Gap.reason, Gap.digest))
    return tuple(map(_known, found))


def list_behind(db: Db) -> tuple[KnownGap, ...]:
    """The open gaps of all programmes that were not asked of the library as it is now."""
    found = db.scalars(sa.select(Gap).where(*_behind(db)).order_by(Gap.last_at, Gap.id))
    return tuple(map(_known, found))


def is_behind(db: Db) -> bool:
    """Whether there is such a gap."""
    return db.scalar(sa.select(Gap.id).where(*_behind(db)).limit(1)) is not None


def choose_gaps(db: Db, programme_id: UUID | None, ids: Sequence[UUID]) -> tuple[KnownGap, ...]:
    """These gaps in the order given, locked; GapNotFound when one is not there."""
    if not ids:
        raise GapUnchosen
    found = db.scalars(sa.select(Gap).where(Gap.id.in_(ids)).order_by(Gap.id).with_for_update())
    rows = {row.id: row for row in found}
    chosen = [rows[one] for one in dict.fromkeys(ids) if one in rows]
    here = [row for row in chosen if programme_id in (None, row.programme_id)]
    if len(here) != len(set(ids)):
        raise GapNotFound
    return tuple(map(_known, here))


def save_article(db: Db, ids: Sequence[UUID], document_id: str) -> None:
    """Note which document is to answer these gaps."""
    db.execute(sa.update(Gap).where(Gap.id.in_(ids)).values(article=document_id))


def save_asked_again(db: Db, gap_id: UUID, found: AskedAgain, version: str, closes: bool) -> None:
    """Keep what came of asking again; a gap that is answered closes."""
    values: dict[str, Any] = {"asked_again": asdict(found), "version": version}
    if closes:
        values["closed_at"] = now()
    db.execute(sa.update(Gap).where(Gap.id == gap_id, Gap.closed_at.is_(None)).values(values))


def close_gap(db: Db, programme_id: UUID | None, gap_id: UUID) -> None:
    """Close a gap by hand."""
    _change(db, programme_id, gap_id, now())


def reopen_gap(db: Db, programme_id: UUID | None, gap_id: UUID) -> None:
    """Open a gap again; it is asked anew after the next publication."""
    _change(db, programme_id, gap_id, None)


def _change(db: Db, programme_id: UUID | None, gap_id: UUID, closed_at: datetime | None) -> None:
    change = sa.update(Gap).where(Gap.id == gap_id)
    if programme_id is not None:
        change = change.where(Gap.programme_id == programme_id)
    done = db.execute(change.values(closed_at=closed_at, version=library_asked(db)))
    if not done.rowcount:  # type: ignore[attr-defined]
        raise GapNotFound


def _behind(db: Db) -> tuple[sa.ColumnElement[bool], ...]:
    return Gap.closed_at.is_(None), sa.func.coalesce(Gap.version, "") != library_asked(db)


def library_asked(db: Db) -> str:
    """The version of the library that a question asked now is asked of."""
    return db.scalar(sa.select(LibraryState.version)) or ""


def _known(row: Gap) -> KnownGap:
    told: dict[str, Any] = row.asked_again or {}
    return KnownGap(
        id=row.id,
        reason=row.reason,
        topic=row.topic,
        question=row.question,
        count=row.count,
        last_at=row.last_at,
        article=row.article,
        closed_at=row.closed_at,
        asked_again=AskedAgain(**told) if "at" in told else None,
        before=_before(told),
    )


def _before(told: dict[str, Any]) -> Before:
    """What is said until it is asked again; an answer that closed nothing does not count."""
    if told.get("answered") and not told.get("told"):
        return "answered"
    before: Before = told.get("before", "refused")
    return before
