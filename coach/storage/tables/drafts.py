"""What is drafted for a session, and what became of it."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from coach.storage.columns import AS_WRITTEN, JSON, Table, belongs, key, moment, now, one_of


class Agenda(Table):
    """The plan of one session as coach.agenda/1; each change raises `version`."""

    __tablename__ = "agendas"
    __table_args__ = (one_of("state", "draft", "edited", "settled"),)
    id: Mapped[UUID] = key()
    session_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("sessions.id", ondelete="CASCADE"), unique=True
    )
    body: Mapped[dict[str, object]] = mapped_column(AS_WRITTEN)
    state: Mapped[str] = mapped_column(default="draft")
    version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)


class SessionRun(Table):
    """A session as it goes: its agenda with the minutes that blocks really took.

    The settled agenda stays the plan; `anchor_at` is when the part now under way began.
    """

    __tablename__ = "session_runs"
    id: Mapped[UUID] = key()
    session_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("sessions.id", ondelete="CASCADE"), unique=True
    )
    body: Mapped[dict[str, object]] = mapped_column(AS_WRITTEN)
    version: Mapped[int] = mapped_column(default=1)
    started_at: Mapped[datetime] = moment()
    anchor_at: Mapped[datetime]
    ends_at: Mapped[datetime]


class FollowUps(Table):
    """Follow-up questions for a pair as coach.follow_ups/1."""

    __tablename__ = "follow_ups"
    id: Mapped[UUID] = key()
    session_id: Mapped[UUID] = belongs("sessions.id")
    body: Mapped[dict[str, object]] = mapped_column(AS_WRITTEN)
    created_at: Mapped[datetime] = moment()


class Recap(Table):
    """A recap as coach.recap/1, for the one person who asked."""

    __tablename__ = "recaps"
    id: Mapped[UUID] = key()
    session_id: Mapped[UUID] = belongs("sessions.id")
    reader_id: Mapped[UUID] = belongs("people.id")
    body: Mapped[dict[str, object]] = mapped_column(AS_WRITTEN)
    created_at: Mapped[datetime] = moment()


class RecapShare(Table):
    """That a recap may be read by the mentor too, as its mentee wants it."""

    __tablename__ = "recap_shares"
    recap_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("recaps.id", ondelete="CASCADE"), primary_key=True
    )
    created_at: Mapped[datetime] = moment()


class PrepBrief(Table):
    """A prep brief as coach.prep/1, for the one person who reads it."""

    __tablename__ = "prep_briefs"
    id: Mapped[UUID] = key()
    session_id: Mapped[UUID] = belongs("sessions.id")
    reader_id: Mapped[UUID] = belongs("people.id")
    body: Mapped[dict[str, object]] = mapped_column(AS_WRITTEN)
    created_at: Mapped[datetime] = moment()


class QuestionTurn(Table):
    """What became of one follow-up question, for both to see."""

    __tablename__ = "question_turns"
    __table_args__ = (
        sa.UniqueConstraint("follow_ups_id", "question_id"),
        one_of("state", "for_next", "asked", "skipped"),
    )
    id: Mapped[UUID] = key()
    follow_ups_id: Mapped[UUID] = belongs("follow_ups.id", index=False)
    question_id: Mapped[str]
    state: Mapped[str]
    changed_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)


class QuestionAnswer(Table):
    """Which note answers a follow-up question; who may read it is the note's to say."""

    __tablename__ = "question_answers"
    id: Mapped[UUID] = key()
    follow_ups_id: Mapped[UUID] = belongs("follow_ups.id")
    question_id: Mapped[str]
    note_id: Mapped[UUID] = belongs("notes.id")


class MemoryItem(Table):
    """Something taught, as its mentee alone keeps it; once deleted, without words and day."""

    __tablename__ = "memory_items"
    __table_args__ = (
        sa.UniqueConstraint("person_id", "session_id", "external_id"),
        one_of("last_answer", "knew_it", "partly", "not"),
    )
    id: Mapped[UUID] = key()
    session_id: Mapped[UUID] = belongs("sessions.id")
    person_id: Mapped[UUID] = belongs("people.id", index=False)
    external_id: Mapped[str]
    concept: Mapped[str | None]
    card: Mapped[dict[str, object] | None] = mapped_column(JSON)
    due_on: Mapped[date | None]
    last_answer: Mapped[str | None]
    answered_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = moment()
