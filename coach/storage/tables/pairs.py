"""Pairs and what they write: goals, sessions, notes, promises and what was taught."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from coach.storage.columns import AS_WRITTEN, Table, belongs, key, moment, one_of

# `keys` lists the keys an imported object had, in its order, and `extra` the values of those
# that have no column; both give the same JSON back on export. `position` is the place in the file.


class Pair(Table):
    """One mentor with one mentee; `profile` holds coach.pair/1 without goals and history."""

    __tablename__ = "pairs"
    __table_args__ = (
        sa.UniqueConstraint("programme_id", "external_id"),
        sa.CheckConstraint("mentor_id <> mentee_id", name="two_people"),
        one_of("state", "active", "paused", "ended"),
    )
    id: Mapped[UUID] = key()
    programme_id: Mapped[UUID] = belongs("programmes.id", index=False)
    external_id: Mapped[str]
    mentor_id: Mapped[UUID] = mapped_column(sa.ForeignKey("people.id"), index=True)
    mentee_id: Mapped[UUID] = mapped_column(sa.ForeignKey("people.id"), index=True)
    title: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default="active")
    profile: Mapped[dict[str, object]] = mapped_column(AS_WRITTEN, default=dict)
    keys: Mapped[list[str] | None]
    file_hash: Mapped[str | None]
    created_at: Mapped[datetime] = moment()


class Goal(Table):
    """What a person wants from the pair."""

    __tablename__ = "goals"
    __table_args__ = (one_of("kind", "tech", "career"),)
    id: Mapped[UUID] = key()
    pair_id: Mapped[UUID] = belongs("pairs.id")
    external_id: Mapped[str]
    text: Mapped[str]
    kind: Mapped[str]
    priority: Mapped[int] = mapped_column(sa.BigInteger)
    terms: Mapped[list[str]] = mapped_column(default=list)
    position: Mapped[int] = mapped_column(default=0)
    keys: Mapped[list[str] | None]
    extra: Mapped[dict[str, object]] = mapped_column(AS_WRITTEN, default=dict)


class MentoringSession(Table):
    """One meeting of a pair."""

    __tablename__ = "sessions"
    __table_args__ = (
        sa.UniqueConstraint("pair_id", "number"),
        one_of("state", "planned", "held", "cancelled"),
    )
    id: Mapped[UUID] = key()
    pair_id: Mapped[UUID] = belongs("pairs.id", index=False)
    number: Mapped[int]
    date: Mapped[date]
    minutes: Mapped[int]
    state: Mapped[str] = mapped_column(default="planned")
    wish: Mapped[str | None]
    topics: Mapped[list[str]] = mapped_column(default=list)
    notes_language: Mapped[str | None]
    mentee_led_minutes: Mapped[int | None]
    position: Mapped[int] = mapped_column(default=0)
    keys: Mapped[list[str] | None]
    extra: Mapped[dict[str, object]] = mapped_column(AS_WRITTEN, default=dict)
    created_at: Mapped[datetime] = moment()


class Note(Table):
    """What someone wrote down in a session; `form` says how the file wrote it."""

    __tablename__ = "notes"
    __table_args__ = (
        one_of("visibility", "mine", "pair"),
        one_of("author_role", "mentor", "mentee"),
        one_of("form", "string", "item"),
    )
    id: Mapped[UUID] = key()
    session_id: Mapped[UUID] = belongs("sessions.id")
    author_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("people.id"), index=True)
    author_role: Mapped[str | None]
    visibility: Mapped[str]
    form: Mapped[str] = mapped_column(default="item")
    external_id: Mapped[str]
    text: Mapped[str]
    position: Mapped[int] = mapped_column(default=0)
    keys: Mapped[list[str] | None]
    extra: Mapped[dict[str, object]] = mapped_column(AS_WRITTEN, default=dict)
    created_at: Mapped[datetime] = moment()


class Commitment(Table):
    """What a person promised; `due` is a day or the pair's own words for it."""

    __tablename__ = "commitments"
    __table_args__ = (
        one_of("owner", "mentor", "mentee"),
        one_of("status", "open", "done", "blocked", "dropped"),
        sa.CheckConstraint("length(text) <= 300", name="text"),
    )
    id: Mapped[UUID] = key()
    session_id: Mapped[UUID] = belongs("sessions.id")
    external_id: Mapped[str]
    owner: Mapped[str]
    text: Mapped[str]
    due: Mapped[str | None]
    status: Mapped[str] = mapped_column(default="open")
    position: Mapped[int] = mapped_column(default=0)
    keys: Mapped[list[str] | None]
    extra: Mapped[dict[str, object]] = mapped_column(AS_WRITTEN, default=dict)
    created_at: Mapped[datetime] = moment()


class PromiseOffer(Table):
    """A promise one wrote down for the other; it counts once its owner accepts it."""

    __tablename__ = "promise_offers"
    __table_args__ = (
        one_of("owner", "mentor", "mentee"),
        one_of("state", "offered", "accepted", "declined"),
    )
    id: Mapped[UUID] = key()
    session_id: Mapped[UUID] = belongs("sessions.id")
    owner: Mapped[str]
    text: Mapped[str]
    due: Mapped[str]
    state: Mapped[str] = mapped_column(default="offered")
    commitment_id: Mapped[UUID | None]
    created_at: Mapped[datetime] = moment()
    decided_at: Mapped[datetime | None]


class CommitmentChange(Table):
    """Who said what of a promise, and when; `external_id` is the promise's own in its pair."""

    __tablename__ = "commitment_changes"
    __table_args__ = (
        one_of("change", "made", "accepted", "done", "kept_open", "opened", "blocked", "dropped"),
    )
    id: Mapped[UUID] = key()
    pair_id: Mapped[UUID] = belongs("pairs.id")
    external_id: Mapped[str]
    person_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("people.id", ondelete="SET NULL"))
    change: Mapped[str]
    created_at: Mapped[datetime] = moment()


class Concept(Table):
    """One thing taught in a session and how its last recall went."""

    __tablename__ = "concepts"
    id: Mapped[UUID] = key()
    session_id: Mapped[UUID] = belongs("sessions.id")
    external_id: Mapped[str | None]
    concept: Mapped[str | None]
    last_result: Mapped[str | None]
    position: Mapped[int] = mapped_column(default=0)
    keys: Mapped[list[str] | None]
    extra: Mapped[dict[str, object]] = mapped_column(AS_WRITTEN, default=dict)


class QuestionAsked(Table):
    """A question that was put in a session."""

    __tablename__ = "questions_asked"
    id: Mapped[UUID] = key()
    session_id: Mapped[UUID] = belongs("sessions.id")
    text: Mapped[str]
    position: Mapped[int] = mapped_column(default=0)
