"""What the library could not answer, counted for the admin; no pair's words but those shared."""

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from coach.errors import NotFound
from coach.pairs.sessions import check_words
from coach.people.permissions import Viewer
from coach.storage.database import Db
from coach.storage.tables import Gap, now

MOST_QUESTIONS = 20


@dataclass(frozen=True, slots=True)
class KnownGap:
    """What the library lacks, as an admin may know it; `questions` are those people shared."""

    reason: str
    topic: str
    questions: tuple[str, ...]
    count: int


def save_gap(
    db: Db, programme_id: UUID, reason: str, topic: str, question: str | None = None
) -> None:
    """Count something the library could not answer; pass `question` only when a person shares it.

    A question that is shared was counted when it was asked. `topic` is what an admin will read,
    so it must come from the library's words or the caller's own list, never from a pair's notes.
    """
    check_words("gap", reason, topic, question)
    insert = sqlite.insert if db.get_bind().dialect.name == "sqlite" else postgresql.insert
    new = insert(Gap).values(programme_id=programme_id, reason=reason, topic=topic[:200])
    again = {"count": Gap.count + int(question is None), "last_at": now()}
    columns = (Gap.programme_id, Gap.reason, Gap.topic)
    db.execute(new.on_conflict_do_update(index_elements=columns, set_=again))
    if question is not None:
        _add_question(db, programme_id, reason, topic[:200], " ".join(question.split()))


def _add_question(db: Db, programme_id: UUID, reason: str, topic: str, question: str) -> None:
    """Set the question below those shared before; the row is locked since it was counted."""
    gap = db.scalars(
        sa.select(Gap)
        .where(Gap.programme_id == programme_id, Gap.reason == reason, Gap.topic == topic)
        .execution_options(populate_existing=True)
    ).one()
    shared = (gap.question or "").splitlines()
    if question not in shared:
        gap.question = "\n".join((*shared, question)[-MOST_QUESTIONS:])


def list_gaps(db: Db, viewer: Viewer) -> tuple[KnownGap, ...]:
    """The gaps of an admin's programme, the most frequent first; NotFound for anyone else."""
    if not viewer.is_admin:
        raise NotFound
    query = sa.select(Gap.reason, Gap.topic, Gap.question, Gap.count).where(
        Gap.programme_id == viewer.programme_id
    )
    found = db.execute(query.order_by(Gap.count.desc(), Gap.topic, Gap.reason))
    return tuple(
        KnownGap(reason, topic, tuple((question or "").splitlines()), count)
        for reason, topic, question, count in found
    )
